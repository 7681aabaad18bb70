"""What a browser keeps: saved papers, their exports, the backup; and storage that is refused, full or damaged."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.browser_days import DAY, ODD_DAY, kept

OpenPage = Callable[..., Page]
REFUSED = """
for (const name of ["getItem", "setItem", "removeItem"])
  Storage.prototype[name] = () => { throw new DOMException("no", "SecurityError"); };
"""
FULL = """
Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


def save(page: Page, *numbers: int) -> None:
    for number in numbers:
        page.locator(f"[id='2601.{number:05}'] [data-do=save]").click()


def downloaded(page: Page, name: str) -> str:
    with page.expect_download() as found:
        page.get_by_role("button", name=re.compile(f"^{name}")).click()
    return Path(found.value.path()).read_bytes().decode()


def saved_page(page: Page) -> Page:
    page.goto(page.url.split("/days/")[0] + "/saved/")
    return page


def test_saved_papers_are_listed_and_exported(open_page: OpenPage) -> None:
    """Newest first, with mathematics; as BibTeX and CSL-JSON with keys of their own, as RIS, as JSON."""
    page = open_page(language="en")
    save(page, 3, 1, 4)
    saved_page(page)
    titles = page.locator("article h3")
    expect(titles).to_have_count(3)
    expect(titles.first).to_have_text("Paper 4")
    expect(titles.last).to_have_text("Paper 3")
    expect(page.locator("article math")).to_have_count(1)
    bib = downloaded(page, "BibTeX")
    assert [line for line in bib.splitlines() if line.startswith("@")] == [
        "@misc{lee2026paper,",
        "@misc{lee2026learning,",
        "@misc{lee2026paperb,",
    ]
    ris = downloaded(page, "RIS")
    assert ris.count("TY  - UNPB\r\n") == ris.count("ER  - \r\n") == 3 and "AU  - Lee, Ann\r\n" in ris
    items = json.loads(downloaded(page, "CSL-JSON"))
    assert [item["id"] for item in items] == ["lee2026paper", "lee2026learning", "lee2026paperb"]
    assert items[1]["title"] == "Learning 𝒪(n²) faster: 40% less" and items[1]["author"][0]["family"] == "Lee"
    assert [card["id"] for card in json.loads(downloaded(page, "JSON"))] == ["2601.00003", "2601.00001", "2601.00004"]


def test_a_paper_that_was_removed_can_be_taken_back(open_page: OpenPage) -> None:
    """It stays in sight until the page is left; the link leads to its day."""
    page = open_page(language="en")
    save(page, 3)
    saved_page(page)
    assert (page.locator("article .at a").first.get_attribute("href") or "").endswith(DAY + "#2601.00003")
    page.get_by_role("button", name="Remove").click()
    assert kept(page, "saved") == []
    page.get_by_role("button", name="Save", exact=True).click()
    assert [card["id"] for card in kept(page, "saved")] == ["2601.00003"]


def test_everything_can_be_carried_to_another_browser(open_page: OpenPage, tmp_path: Path) -> None:
    """Saved papers, what was read, settings; added to what is there; and cleared after a second click."""
    page = open_page(language="en")
    save(page, 1)
    page.locator("[id='2601.00002'] [data-do=read]").click()
    page.locator(".tools__open").click()
    page.locator("#f-mute").fill("survey")
    saved_page(page)
    backup = tmp_path / "backup.json"
    backup.write_text(downloaded(page, "Export everything"), encoding="utf-8")
    other = open_page(language="en")
    save(other, 3)
    saved_page(other).locator("#import").set_input_files(backup)
    expect(other.locator(".toast")).to_have_text("Imported: 1 saved paper and the settings.")
    assert [card["id"] for card in kept(other, "saved")] == ["2601.00003", "2601.00001"]
    assert kept(other, "read") == ["2601.00002"] and kept(other, "settings")["mute"] == "survey"
    other.get_by_role("button", name="Clear everything").click()
    assert len(kept(other, "saved")) == 2
    other.get_by_role("button", name="Click again").click()
    expect(other.get_by_text("Nothing saved yet")).to_be_visible()
    assert kept(other, "read") == [] and kept(other, "settings")["mute"] == ""


@pytest.mark.parametrize("content", ["", "[]", "null", '{"format": "other"}', '{"format": "arxiv-daily", "saved": 3}'])
def test_a_file_that_is_no_export_changes_nothing(open_page: OpenPage, tmp_path: Path, content: str) -> None:
    """And is said to be none."""
    page = open_page(language="en")
    save(page, 1)
    file = tmp_path / "x.json"
    file.write_text(content)
    saved_page(page).locator("#import").set_input_files(file)
    expect(page.locator(".toast")).to_have_text("This file is no export of this site.")
    assert len(kept(page, "saved")) == 1


def test_odd_papers_are_saved_whole_and_harmless(open_page: OpenPage) -> None:
    """Three thousand authors, hostile text, a title of 600 letters: kept, listed, exported."""
    page = open_page(ODD_DAY, language="en")
    save(page, 201, 202, 203, 204, 205, 206)
    assert len(next(card for card in kept(page, "saved") if card["id"] == "2601.00203")["authors"]) == 3000
    saved_page(page)
    expect(page.locator("article")).to_have_count(6)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert len(downloaded(page, "BibTeX")) > 40_000


@pytest.mark.parametrize(
    ("before", "line"),
    [
        (REFUSED, "This browser keeps nothing"),
        (FULL, "storage is full"),
        ("localStorage.setItem('arxiv-daily.saved', '{nonsense')", "is damaged"),
        ("localStorage.setItem('arxiv-daily.settings', '[1]')", "is damaged"),
        ("localStorage.setItem('arxiv-daily.read', '7')", "is damaged"),
    ],
)
def test_storage_that_fails_is_said_once_and_the_page_works(open_page: OpenPage, before: str, line: str) -> None:
    """Every tool, on this page at least; a second failure is not news."""
    page = open_page(language="en", before=before)
    save(page, 1)
    expect(page.locator(".toast")).to_contain_text(line)
    page.evaluate("document.querySelector('.toast').textContent = ''")
    save(page, 3)
    expect(page.locator("[id='2601.00001'] [data-do=save]")).to_have_text("Saved")
    page.locator("[id='2601.00002'] [data-do=read]").click()
    page.locator(".tools__open").click()
    page.locator("#f-min").fill("9")
    expect(page.locator("article.paper:visible")).to_have_count(2)
    page.get_by_label("Hide what I have read").check()
    expect(page.locator(".toast")).to_have_text("")


HOSTILE_SAVED: list[Any] = [
    {
        "id": "2601.00001",
        "title": "<img src=x onerror=alert(1)>",
        "shown": "<img src=x onerror=alert(1)><math href='javascript:1'><mi>x</mi></math>",
    },
    {"id": "javascript:alert(1)", "title": "no id"},
    {"id": "2601.00002", "authors": "nobody", "day": "../../evil", "score": "9", "categories": None},
    None,
    7,
]


def test_what_a_browser_kept_is_not_trusted(open_page: OpenPage) -> None:
    """Somebody else's page at the same host, or a manipulated backup: shown as text, or not at all."""
    page = open_page(
        "saved/",
        before=f"localStorage.setItem('arxiv-daily.saved', {json.dumps(json.dumps(HOSTILE_SAVED))})",
        forgive="inline event handler",  # reported while the text is parsed, in a document that runs nothing
    )
    expect(page.locator("article")).to_have_count(2)
    expect(page.locator("article math")).to_be_visible()
    assert page.locator("article img").count() == 0 and page.locator("article math").get_attribute("href") is None
    hrefs = page.eval_on_selector_all("article a", "all => all.map(one => one.href)")
    assert all(href.startswith(("https://arxiv.org/", page.url.removesuffix("saved/") + "days/")) for href in hrefs)


def test_two_tabs_do_not_lose_each_others_papers(open_page: OpenPage) -> None:
    """Each change starts from what is kept now."""
    page = open_page(language="en")
    other = page.context.new_page()
    other.goto(page.url)
    save(page, 1)
    save(other, 3)
    save(page, 4)
    assert [card["id"] for card in kept(page, "saved")] == ["2601.00001", "2601.00003", "2601.00004"]
