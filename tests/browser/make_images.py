"""Draws the card, the icons and the READMEs' picture again: `make screenshots` (needs Chromium).

Run by hand when the look changes; what it draws is committed. Card and icons hold no word of the site's, so that a
fork under another name can keep them; the picture is a day of the embedded sample.
"""

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from playwright.sync_api import Browser, sync_playwright
from support.sample_site import build_sample, served

PROJECT = Path(__file__).parents[2]
FOLDER = PROJECT / "overrides" / "assets" / "images"
PICTURE = PROJECT / "docs" / "assets" / "screenshot.png"
SHOWN_DAY = "days/2026/2026-01-08/"
MARK = '<path d="M6.5 8h11M6.5 12h7.5M6.5 16h4.5" stroke="#fff" stroke-width="2" stroke-linecap="round"/>'
MARK += '<circle cx="17" cy="16" r="2.2" fill="#ffce6b"/>'
SQUARE = '<rect width="24" height="24" fill="#1f5fae"/>'
ICON = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{SQUARE}{MARK}</svg>'
SCORES = ((96, 600), (92, 560), (88, 650), (81, 540), (76, 580), (71, 500))


def _row(number: int, score: int, width: int) -> str:
    y = 90 + number * 78
    strong = number < 2
    fill, ink = ("#1f5fae", "#fff") if strong else ("#e7eff9", "#184f93")
    badge = f'<rect x="420" y="{y}" width="78" height="50" rx="10" fill="{fill}"/>'
    style = 'font-size="26" font-weight="700" text-anchor="middle"'
    text = f'<text x="459" y="{y + 34}" {style} fill="{ink}">{score / 10}</text>'
    lines = f'<rect x="522" y="{y + 4}" width="{width}" height="16" rx="8" fill="#1b1d21" opacity=".82"/>'
    lines += (
        f'<rect x="522" y="{y + 30}" width="{round(width * 0.7)}" height="12" rx="6" fill="#666b74" opacity=".45"/>'
    )
    return badge + text + lines


CARD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630" font-family="DejaVu Sans, sans-serif">'
    '<rect width="1200" height="630" fill="#fbfaf8"/><rect width="340" height="630" fill="#1f5fae"/>'
    f'<svg x="62" y="170" width="216" height="216" viewBox="2 3 20 18" fill="none">{MARK}</svg>'
    + "".join(_row(number, *row) for number, row in enumerate(SCORES))
    + "</svg>"
)


def draw_day(browser: Browser) -> None:
    """A day of the sample as a laptop shows it."""
    with tempfile.TemporaryDirectory() as folder, served(build_sample(Path(folder))) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}/{SHOWN_DAY}")
        page.screenshot(path=PICTURE)
        page.close()


def main() -> None:
    """Write the four images."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, drawing, width, height in (
            ("card.png", CARD, 1200, 630),
            ("icon-180.png", ICON, 180, 180),
            ("icon-512.png", ICON, 512, 512),
        ):
            page = browser.new_page(viewport={"width": width, "height": height})
            page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{drawing}")
            page.screenshot(path=FOLDER / name)
            page.close()
        draw_day(browser)
        browser.close()


if __name__ == "__main__":
    main()
