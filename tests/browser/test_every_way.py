"""Every tool of a reader, three ways: by mouse, by keys, by finger; at three widths, in both languages and lights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, Page, expect
from support.browser_days import DAY, kept

OpenPage = Callable[..., Page]
Way = Literal["click", "key", "touch"]
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
TOUCH = {"has_touch": True, "is_mobile": True}
READERS = [
    ("click", "zh", "light", 1440),
    ("click", "en", "dark", 820),
    ("key", "en", "light", 820),
    ("key", "zh", "dark", 1440),
    ("touch", "zh", "dark", 360),
    ("touch", "en", "light", 360),
]


class Reader:
    """Somebody who uses a page in one way."""

    def __init__(self, page: Page, way: Way) -> None:
        self.page = page
        self.way = way

    def act(self, what: Locator) -> None:
        """Use a button, a link, a box to tick."""
        if self.way == "click":
            what.click()
        elif self.way == "touch":
            what.tap()
        else:
            what.focus()
            what.press("Space" if what.get_attribute("type") == "checkbox" else "Enter")

    def choose(self, box: Locator, value: str, steps: int) -> None:
        """Set a list to VALUE, which is STEPS below what it shows."""
        if self.way == "key":
            box.focus()
            for _ in range(steps):
                box.press("ArrowDown")
        else:
            self.act(box)
            box.select_option(value)
        expect(box).to_have_value(value)

    def write(self, box: Locator, text: str) -> None:
        self.act(box) if self.way != "key" else box.focus()
        self.page.keyboard.insert_text(text)

    def brings_up_files(self, label: Locator, box: Locator) -> Any:
        with self.page.expect_file_chooser() as found:
            self.act(box if self.way == "key" else label)
        return found.value

    def downloads(self, button: Locator) -> str:
        with self.page.expect_download() as found:
            self.act(button)
        return Path(found.value.path()).read_bytes().decode()


def shown(page: Page) -> list[str]:
    return list(page.eval_on_selector_all("article.paper:visible", "all => all.map(one => one.id)"))


@pytest.fixture(params=READERS, ids=lambda row: " ".join(map(str, row)))
def start(request: pytest.FixtureRequest, open_page: OpenPage) -> Callable[[str], Reader]:
    """Opens a page for the reader of the test."""
    way, language, scheme, width = request.param
    more = TOUCH if way == "touch" else {}

    def opened(path: str) -> Reader:
        page = open_page(path, language=language, color_scheme=scheme, width=width, **CLIPBOARD, **more)
        view = page.locator(".tools__view")
        if way == "touch" and view.count():  # phones begin with the compact view, which hides the buttons of a card
            view.tap()
        return Reader(page, way)

    return opened


def test_the_filter(start: Callable[[str], Reader]) -> None:
    """Opened, every control used, reset, closed."""
    reader = start(DAY)
    page = reader.page
    opener = page.locator(".tools__open")
    reader.act(opener)
    expect(page.locator("#f-panel")).to_be_visible()
    reader.act(page.locator(".tools fieldset input").first)
    assert len(shown(page)) == 5
    reader.act(page.locator(".tools fieldset input").first)
    reader.choose(page.locator("#f-sort"), "newest", 2)
    assert shown(page)[0] == "2601.00007"
    reader.write(page.locator("#f-mute"), "faster")
    expect(page.locator("[id='2601.00001']")).to_be_hidden()
    reader.act(page.locator("[id='2601.00003'] [data-do=read]"))
    reader.act(page.locator(".tools__check input"))
    page.reload()
    assert "2601.00003" not in shown(page) and "2601.00001" not in shown(page)
    reader.act(page.locator(".tools__bar button").last)
    assert len(shown(page)) == 7
    reader.act(opener)
    reader.act(opener)
    expect(page.locator("#f-panel")).to_be_hidden()


def test_a_paper(start: Callable[[str], Reader]) -> None:
    """Abstract, save, read, BibTeX, link, the folded authors."""
    reader = start(DAY)
    page = reader.page

    def button(number: int, name: str) -> Locator:
        return page.locator(f"[id='2601.{number:05}'] [data-do={name}]")

    reader.act(button(1, "abstract"))
    expect(page.locator("[id='2601.00001'] .abstract math")).to_be_visible()
    for name in ("save", "read"):
        reader.act(button(3, name))
        expect(button(3, name)).to_have_attribute("aria-pressed", "true")
    for name, copied in (("bibtex", "eprint = {2601.00003}"), ("link", f"{DAY}#2601.00003")):
        reader.act(button(3, name))
        page.wait_for_function(
            "wanted => navigator.clipboard.readText().then(text => text.includes(wanted))", arg=copied
        )
    reader.act(page.locator("[id='2601.00002'] summary"))
    expect(page.locator("[id='2601.00002'] .by")).to_contain_text("Author 14")


def test_the_frame(start: Callable[[str], Reader]) -> None:
    """The row of fields, the colours, the search, the days around."""
    reader = start(DAY)
    page = reader.page
    reader.act(page.locator(".chips a[href='#llm-frontier']"))
    expect(page.locator("#llm-frontier")).to_be_in_viewport()
    ground = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(ground)
    for _ in range(2):
        reader.act(page.locator(".top__tools button").last)
        if page.evaluate(ground) != before:
            break
    assert page.evaluate(ground) != before
    page.evaluate("scrollTo(0, 0)")
    reader.act(page.locator(".turn a[rel=next]").first)
    page.wait_for_url("**/2026-01-15/**")
    if page.locator(".find__go").is_visible():
        reader.act(page.locator(".find__go"))
        page.wait_for_url("**/search/")
    reader.write(page.locator("[data-search]:visible"), "2601.00005")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=2601.00005*")
    reader.act(page.locator(".search__results h2 a").first)
    page.wait_for_url(f"**/{DAY}#2601.00005")


def test_the_list_of_saved_papers(start: Callable[[str], Reader], tmp_path: Path) -> None:
    """Exports, taking away, the backup out and in again, clearing."""
    reader = start(DAY)
    page = reader.page
    for number in (1, 3):
        reader.act(page.locator(f"[id='2601.{number:05}'] [data-do=save]"))
    page.goto(page.url.replace(DAY, "saved/"))
    bars = page.locator(".saved__bar")
    exports = bars.first.locator("button")
    assert reader.downloads(exports.nth(0)).startswith("@misc{")
    assert reader.downloads(exports.nth(1)).startswith("TY  - ")
    for number in (2, 3):
        assert len(json.loads(reader.downloads(exports.nth(number)))) == 2
    backup = tmp_path / "backup.json"
    backup.write_text(reader.downloads(bars.last.locator("button").first), encoding="utf-8")
    reader.act(page.locator("article button").first)
    assert [card["id"] for card in kept(page, "saved")] == ["2601.00001"]
    reader.act(bars.last.locator("button").last)
    reader.act(bars.last.locator("button").last)
    assert kept(page, "saved") == []
    reader.brings_up_files(page.locator("label[for=import]"), page.locator("#import")).set_files(backup)
    expect(page.locator("article")).to_have_count(2)


def test_an_address_of_a_feed(start: Callable[[str], Reader]) -> None:
    """Copied by its button."""
    reader = start("subscribe/")
    reader.act(reader.page.locator(".copy").first)
    reader.page.wait_for_function("navigator.clipboard.readText().then(text => text.endsWith('feed.xml'))")


def test_the_list_of_keys(start: Callable[[str], Reader]) -> None:
    """Opened by its sign where there are keys, and closed."""
    reader = start(DAY)
    sign = reader.page.locator(".icon--keys")
    if reader.way == "touch":
        expect(sign).to_be_hidden()
        return
    reader.act(sign)
    expect(reader.page.locator("dialog kbd")).to_have_count(11)
    reader.act(reader.page.locator("dialog button"))
    expect(reader.page.locator("dialog")).to_have_count(0)
