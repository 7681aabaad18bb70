"""One paper: its abstract in place, saving, citing, linking, marking as read; by click, by key, by touch."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support.browser_days import DAY, LONG_DAY, ODD_DAY, kept

OpenPage = Callable[..., Page]
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def card(page: Page, number: int) -> Any:
    return page.locator(f"[id='2601.{number:05}']")


def do(page: Page, number: int, name: str) -> Any:
    return card(page, number).locator(f"[data-do={name}]")


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_an_abstract_opens_in_place(open_page: OpenPage) -> None:
    """TeX as mathematics, the rest as text; closed again by the same button; it counts as read."""
    page = open_page()
    do(page, 1, "abstract").click()
    abstract = card(page, 1).locator(".abstract")
    expect(abstract).to_have_text("We prove that x2 < y and R&D <b>matters</b>.")
    expect(abstract.locator("math msup")).to_have_count(1)
    expect(do(page, 1, "abstract")).to_have_attribute("aria-expanded", "true")
    do(page, 1, "abstract").click()
    expect(abstract).to_be_hidden()
    assert kept(page, "read") == ["2601.00001"]
    do(page, 2, "abstract").click()
    expect(card(page, 2).locator(".abstract")).to_contain_text("<script>alert(1)</script>")
    assert card(page, 2).locator(".abstract :not(math, math *)").count() == 0


def test_an_abstract_that_is_not_there_is_said(open_page: OpenPage) -> None:
    """The day keeps none of this paper."""
    page = open_page()
    do(page, 7, "abstract").click()
    expect(card(page, 7).locator(".abstract")).to_have_text("没有读到摘要，请看 arXiv 页面。")


def test_abstracts_open_at_home_and_on_a_fields_page(open_page: OpenPage) -> None:
    """The card knows its day."""
    page = open_page("fields/dl-theory/", language="en")
    do(page, 5, "abstract").click()
    expect(card(page, 5).locator(".abstract")).to_have_text("Abstract 5.")


def test_offline_after_load_the_page_goes_on(open_page: OpenPage) -> None:
    """What was fetched stays, what was not is said to be missing and comes with the network."""
    page = open_page(forgive="ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    do(page, 3, "abstract").click()
    expect(card(page, 3).locator(".abstract")).to_have_text("没有读到摘要，请看 arXiv 页面。")
    do(page, 3, "save").click()
    page.locator(".tools__open").click()
    page.locator("#f-mute").fill("Paper 3")
    expect(card(page, 3)).to_be_hidden()
    page.locator("#f-mute").fill("")
    page.context.set_offline(False)
    do(page, 3, "abstract").click()
    do(page, 3, "abstract").click()
    expect(card(page, 3).locator(".abstract")).to_have_text("Abstract 3.")


def test_bibtex_is_copied(open_page: OpenPage) -> None:
    """With the title's TeX, all authors and the month."""
    page = open_page(**CLIPBOARD)
    do(page, 1, "bibtex").click()
    expect(page.locator(".toast")).to_have_text("已复制")
    assert clipboard(page) == (
        "@misc{lee2026learning,\n"
        "  title = {{Learning $\\mathcal{O}(n^2)$ faster: 40\\% less}},\n"
        "  author = {Ann Lee and Bo Wu},\n"
        "  year = {2026},\n  month = jan,\n  eprint = {2601.00001},\n  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.LG},\n  doi = {10.48550/arXiv.2601.00001},\n  keywords = {cs.LG, cs.AI},\n  url = {https://arxiv.org/abs/2601.00001}\n}\n"
    )
    do(page, 2, "bibtex").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('Author 14'))")
    assert " and ".join(f"Author {number}" for number in range(1, 15)) in clipboard(page)


def test_bibtex_of_odd_papers_does_not_break_a_file(open_page: OpenPage) -> None:
    """Braces balance, signs that TeX reads are escaped, a comma in a name parts nobody."""
    page = open_page(ODD_DAY, **CLIPBOARD)
    for number in (202, 204, 205):
        page.evaluate("navigator.clipboard.writeText('')")
        do(page, number, "bibtex").click()
        page.wait_for_function("navigator.clipboard.readText().then(text => text.length > 0)")
        entry = clipboard(page).replace("\\{", "").replace("\\}", "")
        assert entry.count("{") == entry.count("}"), entry
    assert "author = {{Smith, Jr.} and 李 明}" in clipboard(page)


def test_a_link_is_copied_that_leads_to_the_paper(open_page: OpenPage) -> None:
    """With its title and the reason, as one pastes them into a chat; the promise of the site: day and id."""
    page = open_page("", **CLIPBOARD)
    page = open_page("fields/dl-theory/", **CLIPBOARD)
    do(page, 5, "link").click()
    expect(page.locator(".toast")).to_have_text("已复制")
    title, reason, link = clipboard(page).split("\n")
    assert (title, reason) == ("Paper 5", "很有用。")
    assert link == page.url.replace("fields/dl-theory/", DAY) + "#2601.00005"


def test_a_browser_that_refuses_to_copy_shows_the_text(open_page: OpenPage) -> None:
    """Selected, in a window that Escape closes."""
    page = open_page(before="navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    do(page, 1, "bibtex").click()
    assert page.locator("dialog textarea").input_value().startswith("@misc{lee2026learning")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_saving_and_reading_are_toggles_that_last(open_page: OpenPage) -> None:
    """Told by a word and not by colour alone, on every page."""
    page = open_page(language="en")
    do(page, 5, "save").click()
    do(page, 5, "read").click()
    expect(do(page, 5, "save")).to_have_text("Saved")
    page.goto(page.url.replace(DAY, "fields/dl-theory/"))
    expect(do(page, 5, "save")).to_have_attribute("aria-pressed", "true")
    expect(do(page, 5, "read")).to_have_text("Read")
    do(page, 5, "save").click()
    do(page, 5, "read").click()
    assert kept(page, "saved") == [] and kept(page, "read") == []


def test_opening_a_paper_marks_it_read(open_page: OpenPage) -> None:
    """Its page, its PDF or its HTML."""
    page = open_page()
    page.evaluate("document.addEventListener('click', event => event.preventDefault())")
    card(page, 1).locator("h3 a").click()
    card(page, 3).get_by_text("PDF").click()
    assert kept(page, "read") == ["2601.00001", "2601.00003"]


def test_keys_do_what_clicks_do(open_page: OpenPage) -> None:
    """j and k walk, a opens the abstract, s saves, m marks, c copies, o opens; what is hidden is skipped."""
    page = open_page(LONG_DAY, **CLIPBOARD)
    focused = "document.activeElement.id"
    page.keyboard.press("j")
    assert page.evaluate(focused) == "2601.00100"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate(focused) == "2601.00107"
    for key in "asmc":
        page.keyboard.press(key)
    expect(card(page, 107).locator(".abstract")).to_have_text("Abstract 107.")
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('2601.00107'))")
    assert [kept_paper["id"] for kept_paper in kept(page, "saved")] == ["2601.00107"]
    page.evaluate("document.getElementById('2601.00114').hidden = true")
    page.keyboard.press("j")
    assert page.evaluate(focused) == "2601.00121"
    page.evaluate(
        "document.addEventListener('click', event => { event.preventDefault(); window.opened = event.target.href })"
    )
    page.keyboard.press("o")
    assert page.evaluate("window.opened") == "https://arxiv.org/abs/2601.00121"


def test_keys_wait_while_somebody_types(open_page: OpenPage) -> None:
    """And can be switched off in their own list, which ? opens and Escape closes."""
    page = open_page(language="en")
    page.locator(".tools__open").click()
    page.locator("#f-mute").press_sequentially("jas?")
    expect(page.locator("#f-mute")).to_have_value("jas?")
    page.locator("#f-mute").fill("")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("dialog kbd").first).to_have_text("j / k")
    page.locator("dialog input").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") != "ARTICLE"
    page.locator(".icon--keys").click()
    page.locator("dialog input").check()
    page.locator("dialog button").click()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.tagName") == "ARTICLE"


def test_fingers_do_what_clicks_do(open_page: OpenPage) -> None:
    """On a phone; every button is wide enough to be hit."""
    page = open_page(width=360, has_touch=True, is_mobile=True)
    card(page, 1).tap()
    do(page, 1, "save").tap()
    do(page, 1, "abstract").tap()
    expect(card(page, 1).locator(".abstract math")).to_be_visible()
    assert [kept_paper["id"] for kept_paper in kept(page, "saved")] == ["2601.00001"]
    sizes = page.eval_on_selector_all(
        ".act button", "all => all.filter((one) => one.offsetParent).map(one => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 24


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_speaks_one_language(open_page: OpenPage, language: str) -> None:
    """No word of the other one among the site's own buttons."""
    page = open_page(language=language)
    page.locator(".tools__open").click()
    words = " ".join(page.locator("button, label, legend").all_inner_texts())
    assert any("\u4e00" <= sign <= "\u9fff" for sign in words.replace("深度学习理论", "")) == (language == "zh")


@pytest.mark.parametrize("path", ["", "status/"])
def test_a_site_that_has_stopped_says_so_itself(open_page: OpenPage, path: str) -> None:
    """Nobody is there to write it any more: the reader's clock is past the moment at which the next day was due."""
    clock = "const Now = Date; Date.now = () => Now.parse('{}')"
    for now, late in (("2026-01-16T22:59:00Z", False), ("2026-01-16T23:01:00Z", True)):
        notice = open_page(path, before=clock.format(now)).locator("[data-late]")
        expect(notice).to_be_visible(visible=late)


def test_a_formula_is_copied_as_one_line_and_its_tex_on_demand(open_page: OpenPage) -> None:
    """Selected with what stands around it: readable text; copied again: its TeX."""
    page = open_page(**CLIPBOARD)
    title = card(page, 1).locator("h3")
    title.evaluate("node => getSelection().selectAllChildren(node)")
    page.keyboard.press("Control+c")
    assert clipboard(page) == "Learning 𝒪(n²) faster: 40% less"
    expect(page.locator(".toast")).to_have_text("已复制；再复制一次得到 TeX")
    page.keyboard.press("Control+c")
    expect(page.locator(".toast")).to_have_text("已复制，公式为 TeX")
    assert clipboard(page) == r"Learning $\mathcal{O}(n^2)$ faster: 40% less"
