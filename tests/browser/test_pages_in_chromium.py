"""Every kind of page: accessible, within its width, whole without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect
from support.browser_days import DAY, KINDS, LONG_DAY, ODD_DAY

OpenPage = Callable[..., Page]

SIGHTS = (("zh", "light", 360), ("en", "dark", 1440))


@pytest.mark.parametrize(("language", "scheme", "width"), SIGHTS)
def test_every_kind_of_page_is_accessible(open_page: OpenPage, language: str, scheme: Any, width: int) -> None:
    """axe finds nothing, with the filter, an abstract and every table open."""
    found = {}
    page = open_page(language=language, width=width, color_scheme=scheme)
    base = page.url.removesuffix(DAY)
    if width < 600:
        page.keyboard.press("v")  # phones begin with the compact view, which hides the buttons of a card
    for kind in KINDS:
        page.goto(base + kind)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for button in page.locator(".tools__open, article:first-of-type [data-do=abstract], [data-do=save]").all()[:3]:
            button.click()
        answer = Axe().run(page)
        if answer.violations_count:
            found[kind] = [
                (violation["id"], violation["nodes"][0]["html"][:200]) for violation in answer.response["violations"]
            ]
    assert found == {}


@pytest.mark.parametrize("width", [360, 820, 1440])
def test_no_page_is_wider_than_the_window(open_page: OpenPage, width: int) -> None:
    """Whatever a record holds: 600 letters without a space, thirty categories, TeX that does not close."""
    page = open_page(width=width, language="en")
    base = page.url.removesuffix(DAY)
    for kind in (*KINDS, LONG_DAY):
        page.goto(base + kind)
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, (kind, width)


def test_a_page_is_whole_without_scripts(open_page: OpenPage) -> None:
    """Every paper is there, no tool promises what it cannot do, and the list of saved papers says what it needs."""
    page = open_page(java_script_enabled=False)
    expect(page.locator("article.paper:visible")).to_have_count(7)
    expect(page.locator("button:visible")).to_have_count(0)
    page.goto(page.url.replace(DAY, "saved/"))
    expect(page.get_by_text("这一页需要 JavaScript。")).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_page_is_whole_without_scripts(open_page: OpenPage, language: str) -> None:
    """A heading, text, a way on, what is folded can be opened, and no button or empty frame that waits for a script."""
    page = open_page(language=language, width=360, java_script_enabled=False)
    base = page.url.removesuffix(DAY)
    for kind in KINDS:
        page.goto(base + kind)
        expect(page.locator("h1")).to_be_visible()
        assert len(page.locator("main").inner_text()) > 30, kind
        assert page.locator("button:visible, [data-tools]:visible").count() == 0, kind
        assert page.locator(".menu a:visible").count() >= 7, kind
    page.goto(base + DAY)
    page.locator("[id='2601.00002'] summary").click()
    expect(page.get_by_text("Author 14")).to_be_visible()


def test_text_that_runs_from_right_to_left_does_so(open_page: OpenPage) -> None:
    """An Arabic title has its full stop at its left end, and stays at the left edge of its column."""
    page = open_page(ODD_DAY)
    place = """() => {
      const text = document.querySelector("[id='2601.00205'] h3 a").firstChild;
      const at = (from, to) => {
        const range = document.createRange();
        range.setStart(text, from);
        range.setEnd(text, to);
        return range.getBoundingClientRect().left;
      };
      return [at(0, 1), at(text.length - 1, text.length)];
    }"""
    first, last = page.evaluate(place)
    assert last < first


def test_an_address_that_is_not_there_leads_on(open_page: OpenPage) -> None:
    """The page for it offers to search the paper that the address names."""
    page = open_page("days/2025/2025-01-01/2601.00005", language="en", forgive="404")
    expect(page.locator("h1")).to_have_text("There is no such page")
    page.get_by_role("link", name="2601.00005").click()
    expect(page.locator(".search__results h2")).to_have_text("Paper 5")


def test_the_row_of_fields_follows_the_reader(open_page: OpenPage) -> None:
    """The field that is being read is marked, and on a phone its chip is in sight; a menu entry is so as well."""
    page = open_page(LONG_DAY, width=360, language="en")
    page.locator("#llm-frontier").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('llm-frontier').scrollIntoView()")
    here = page.locator(".chips a[aria-current]")
    expect(here).to_have_attribute("href", "#llm-frontier")
    expect(here).to_be_in_viewport(ratio=1)
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".chips a").first).to_be_in_viewport(ratio=1)
    page.goto(page.url.split("days/")[0] + "about/")
    expect(page.locator(".menu a[aria-current]")).to_be_in_viewport(ratio=1)


def test_strangers_text_stays_text(open_page: OpenPage) -> None:
    """On a page in a browser: nothing runs, nothing is missing."""
    page = open_page(ODD_DAY)
    expect(page.locator("article.paper")).to_have_count(6)
    expect(page.locator("[id='2601.00202'] h3")).to_contain_text("<script>alert(1)</script>")
    page.locator("[id='2601.00203'] summary").click()
    expect(page.locator("[id='2601.00203'] .by")).to_contain_text("Author 2999")


def test_printed_are_the_papers(open_page: OpenPage) -> None:
    """Without menu, tools and buttons, and with their addresses."""
    page = open_page(color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".act").first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    shown = page.evaluate("getComputedStyle(document.querySelector('.paper h3 a'), '::after').content")
    assert "https://arxiv.org/abs/" in shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_colours_follow_the_system_or_the_reader(open_page: OpenPage, language: str) -> None:
    """The button turns through three states, and the choice is there on the next page before the first paint."""
    page = open_page(language=language, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    button = page.locator(".top__tools button").last
    button.click()
    assert page.evaluate(ground) != dark
    page.reload()
    assert page.evaluate(ground) != dark
    button.click()
    button.click()
    assert page.evaluate(ground) == dark
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.endsWith('theme'))")
    assert {value for _, value in kept} <= {"system"}


def test_what_links_a_page_to_the_world_is_there(open_page: OpenPage) -> None:
    """Canonical address, card, manifest, icons, feeds: every file that the head names can be loaded."""
    page = open_page()
    links = page.eval_on_selector_all("head link[href]", "all => all.map(one => [one.rel, one.href])")
    own = [href for rel, href in links if rel not in ("canonical", "prev", "next")]
    card = page.locator("meta[property='og:image']").get_attribute("content") or ""
    own.append(card.replace("https://reader.example/daily/", page.url.removesuffix(DAY)))
    assert len(own) > 8
    for href in own:
        assert page.request.get(href).ok, href
    manifest = page.request.get(page.url.replace(DAY, "site.webmanifest")).json()
    assert manifest["name"] == "arXiv Daily" and len(manifest["icons"]) == 3
    assert page.locator("link[rel=canonical]").get_attribute("href") == "https://reader.example/daily/" + DAY
