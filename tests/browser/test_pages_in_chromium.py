"""Every kind of page: accessible, within its width, whole without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from browser_days import DAY, EMPTY_DAY, LONG_DAY, ODD_DAY
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]

KINDS = (
    *("", DAY, ODD_DAY, EMPTY_DAY, "archive/", "archive/2026/", "archive/2026-01/", "fields/", "fields/agents/"),
    *("trends/", "saved/", "subscribe/", "about/", "ops/", "404.html"),
)
SIGHTS = (("zh", "light", 360), ("en", "dark", 1440))


@pytest.mark.parametrize(("language", "scheme", "width"), SIGHTS)
def test_every_kind_of_page_is_accessible(open_page: OpenPage, language: str, scheme: Any, width: int) -> None:
    """axe finds nothing, with the filter, an abstract and every table open."""
    found = {}
    page = open_page(language=language, width=width, color_scheme=scheme)
    base = page.url.removesuffix(DAY)
    for kind in KINDS:
        page.goto(base + kind)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        for button in page.locator(".tools__open, article:first-of-type [data-do=abstract], [data-do=save]").all()[:3]:
            button.click()
        answer = Axe().run(page)
        if answer.violations_count:
            found[kind] = [(one["id"], one["nodes"][0]["html"][:200]) for one in answer.response["violations"]]
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
    assert page.evaluate(ground) == dark and page.evaluate("localStorage.length") == 0


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
