"""The authors of a card lead to the search, in real Chromium: by pointer, and once its abstract is open."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]


def query_of(page: Page, address: str) -> list[str]:
    """What the search at ADDRESS of a page is asked for."""
    parts = urlsplit(address)
    assert parts.path == f"{urlsplit(page.url).path.partition('/days/')[0]}/search/"
    return parse_qs(parts.query)["q"]


def test_the_pointer_makes_links_of_authors(open_page: OpenPage) -> None:
    """Each name is one, in its place; the text stays as it was, and so does what is saved of the paper."""
    page = open_page()
    card = page.locator("article.paper").first
    by = card.locator(".by")
    text = by.inner_text()
    expect(by.locator("a")).to_have_count(0)
    by.hover()
    link = by.locator("a").first
    expect(link).to_be_visible()
    assert by.inner_text() == text
    name = link.inner_text()
    assert query_of(page, link.evaluate("link => link.href")) == [f'author:"{name}"']
    card.locator("[data-do=save]").click()
    saved = page.evaluate("Object.entries(localStorage).find(([key]) => key.endsWith('saved'))[1]")
    assert all(other in saved for other in by.locator("a").all_inner_texts())
    link.click()
    page.wait_for_url("**/search/?q=*")
    expect(page.locator("main [name=q]")).to_have_value(f'author:"{name}"')


def test_the_keyboard_reaches_authors_once_the_abstract_is_open(open_page: OpenPage) -> None:
    """Until then they are no stops of the Tab key."""
    page = open_page()
    card = page.locator("article.paper").first
    expect(card.locator(".by a")).to_have_count(0)
    card.locator("[data-do=abstract]").press("Enter")
    expect(card.locator(".by a").first).to_be_visible()
