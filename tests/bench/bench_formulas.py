"""Formulas of real titles and abstracts in Chromium and Firefox: torn, copied, found, and how they look.

    python tests/bench/bench_formulas.py FOLDER_OF_DAYS [--pictures FOLDER]

Sets 200 formulas with what touches them, with the site's own styles, in frames of 320 to 1366 px, and counts those that
a line's end tears from a sign that they touch. Copies a title with a formula by key, and reads the clipboard. Looks for
words across a formula as find-in-page does, and follows a text fragment across one.
"""

import argparse
import base64
import http.server
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench_tex import texts
from playwright.sync_api import sync_playwright
from support.firefox import firefox

from generator.core.tex import formula_spans, math_html, title_text

ROOT = Path(__file__).parents[2]
WIDTHS = range(320, 1367, 61)
_LONGEST, _TITLE = 60, 250
TORN = r"""
const width = arguments[0];
const frame = document.querySelector("iframe");
frame.style.width = width + "px";
const inner = frame.contentDocument;
const torn = [];
for (const formula of inner.querySelectorAll("math")) {
  for (const [sibling, side] of [[formula.previousSibling, "before"], [formula.nextSibling, "after"]]) {
    if (sibling?.nodeType !== 3 || !sibling.data) continue;
    const at = side === "before" ? sibling.data.length - 1 : 0;
    if (/\s/.test(sibling.data[at])) continue;
    const range = inner.createRange();
    range.setStart(sibling, at);
    range.setEnd(sibling, at + 1);
    const sign = range.getBoundingClientRect();
    const box = formula.getBoundingClientRect();
    if (sign.bottom < box.top || sign.top > box.bottom) torn.push(formula.parentElement.textContent);
  }
}
return [inner.querySelectorAll("math").length, torn];
"""
COPIED_TITLE = r"A made-up $\beta$-VAE with $O(n^2)$ steps, $\mathbb{R}^{2k}$ and $x_{1}$ of 95\%"
COPIED = "A made-up β-VAE with O(n²) steps, ℝ²ᵏ and x₁ of 95%"
Run = Callable[..., Any]


def sample(folder: Path) -> list[str]:
    """Texts with formulas, 200 formulas together, each no longer than what stays on one line."""
    found, count = [], 0
    for _, text in texts([folder]):
        source = title_text(text)
        spans = formula_spans(source)
        if spans and all(len(span.source) < _LONGEST for span in spans):
            found.append(source)
            count += len(spans)
        if count >= 200:
            break
    return found


def page(body: str) -> str:
    return f'<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/css/site.css">{body}'


@contextmanager
def served(pages: dict[str, str]) -> Iterator[str]:
    """PAGES beside the site's scripts and styles on loopback; gives their address."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("css", "js"):
            shutil.copytree(ROOT / "overrides" / "assets" / part, folder / part)
        (folder / "js" / "common" / "i18n.js").write_text("export const say = (key) => key;", encoding="ascii")
        for file, text in pages.items():
            (folder / file).write_text(text, encoding="utf-8")
        handler = partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """A server of a bench says nothing."""


def report(name: str, run: Run, goto: Callable[[str], None], copy: Callable[[], str], address: str) -> int:
    """Prints what NAME does; the number of faults."""
    torn: list[str] = []
    for rule, frame in (("without our rule", "bare.html"), ("with it", "frame.html")):
        goto(f"{address}/{frame}")
        time.sleep(1)
        rows = [run(TORN, width) for width in WIDTHS]
        torn = [text for _, found in rows for text in found]
        print(f"{name}: {rows[0][0]} formulas at {len(WIDTHS)} widths, {rule}: {len(torn)} torn")
    goto(f"{address}/copy.html")
    time.sleep(1)
    copied = copy()
    print(f"{name}: copied {copied!r}")
    find = "const hit = window.find(arguments[0], false, false, true); getSelection().removeAllRanges(); return hit"
    for kind, text in (("words beside", "made-up"), ("across a formula", "with O(n2) steps"), ("within", "O(n2)")):
        print(f"{name}: find {kind}: {run(find, text)}")
    for kind, fragment in (("words", "the very end"), ("across a formula", "end of x1 here")):
        goto(f"{address}/long.html#:~:text={quote(fragment)}")
        time.sleep(1)
        print(f"{name}: text fragment, {kind}: {run('return scrollY') > 0}")
        goto("about:blank")
    return len(torn) + (copied != COPIED)


def chromium(address: str, pictures: Path | None) -> int:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        shown = context.new_page()

        def run(script: str, *arguments: Any) -> Any:
            return shown.evaluate(f"values => (function () {{ {script} }}).apply(null, values)", list(arguments))

        def copy() -> str:
            shown.keyboard.press("Control+a")
            shown.keyboard.press("Control+c")
            return str(shown.evaluate("navigator.clipboard.readText()"))

        faults = report("Chromium", run, lambda url: void(shown.goto(url)), copy, address)
        if pictures:
            shown.set_viewport_size({"width": 700, "height": 900})
            shown.goto(f"{address}/look.html")
            shown.screenshot(path=pictures / "chromium.png", full_page=True)
        browser.close()
    return faults


def gecko(address: str, pictures: Path | None) -> int:
    with firefox() as shown:

        def copy() -> str:
            pressed = [{"type": "keyDown", "value": "\ue009"}]
            for letter in "ac":
                pressed += [{"type": "keyDown", "value": letter}, {"type": "keyUp", "value": letter}]
            pressed.append({"type": "keyUp", "value": "\ue009"})
            keys = {"type": "key", "id": "keys", "actions": pressed}
            shown.command("WebDriver:PerformActions", {"actions": [keys]})
            time.sleep(0.5)
            return str(shown.run_as_browser(_CLIPBOARD))

        faults = report("Firefox", shown.run, shown.goto, copy, address)
        if pictures:
            shown.command("WebDriver:SetWindowRect", {"width": 700, "height": 900})
            shown.goto(f"{address}/look.html")
            (pictures / "firefox.png").write_bytes(base64.b64decode(shown.screenshot()))
    return faults


_CLIPBOARD = """
const transfer = Cc["@mozilla.org/widget/transferable;1"].createInstance(Ci.nsITransferable);
transfer.init(null);
transfer.addDataFlavor("text/plain");
Services.clipboard.getData(transfer, Services.clipboard.kGlobalClipboard);
const held = {};
transfer.getTransferData("text/plain", held);
return held.value.QueryInterface(Ci.nsISupportsString).data;
"""


def void(_value: object) -> None:
    """Nothing, of whatever a call gave."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    found = sample(options.folder)
    paragraphs = "".join(f"<p>{math_html(text)}</p>" for text in found)
    titles = [text for _, text in texts([options.folder]) if len(text) < _TITLE and re.search(r"\$.*\\[A-Za-z]", text)]
    script = (
        '<script type="module">import { copyFormulas } from "/js/reader/copy-formulas.js"; copyFormulas();</script>'
    )
    pages = {
        "frame.html": page('<iframe src="inner.html" height="900"></iframe>'),
        "inner.html": page(paragraphs),
        "bare.html": page('<iframe src="bare_inner.html" height="900"></iframe>'),
        "bare_inner.html": page(f"<style>.tex {{ white-space: normal }}</style>{paragraphs}"),
        "copy.html": page(f"<h3>{math_html(COPIED_TITLE)}</h3>{script}"),
        "long.html": page("<p>begin</p>" + "<p>fill</p>" * 300 + f"<p>the very {math_html('end of $x_1$ here')}</p>"),
        "look.html": page("".join(f"<p>{math_html(text)}</p>" for text in titles[:10])),
    }
    with served(pages) as address:
        faults = chromium(address, options.pictures) + gecko(address, options.pictures)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
