"""A phone in real Chromium: the best of a day on the first screens, the compact view, a header that makes room."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, expect
from support.browser_days import DAY, EMPTY_DAY, LONG_DAY, kept

OpenPage = Callable[..., Page]
PHONE: dict[str, Any] = {"width": 390, "has_touch": True, "is_mobile": True}
CLOSED = "2601.00103"


def card(page: Page, paper: str = CLOSED) -> str:
    return f"article[id='{paper}']"


def test_the_best_of_the_day_are_on_the_first_two_screens(open_page: OpenPage) -> None:
    """The title within 200 px, the five best within 1,500, each leading to its card or to the day's."""
    page = open_page("", **PHONE)
    page.goto(f"{page.url}{LONG_DAY}")
    assert page.locator("h1").bounding_box()["y"] < 200  # type: ignore[index]
    box = page.locator(".top-picks li").nth(4).bounding_box()
    assert box and box["y"] + box["height"] < 1500
    page.locator(".top-picks a").nth(1).tap()
    expect(page).to_have_url(re.compile("#2601.00101$"))
    expect(page.locator(f"{card(page, '2601.00101')} .act")).to_be_visible()


def test_a_phone_begins_with_the_compact_view(open_page: OpenPage) -> None:
    """A hundred picks in 100 px each; a tap opens one in place, without leaving or marking it; another closes it."""
    page = open_page(LONG_DAY, **PHONE)
    assert page.evaluate("document.documentElement.scrollHeight") < 100 * 100
    expect(page.locator(f"{card(page)} .by")).to_be_hidden()
    address = page.url
    page.locator(f"{card(page)} h3 a").tap()
    expect(page.locator(f"{card(page)} .act")).to_be_visible()
    expect(page.locator(f"{card(page)} h3 a")).to_have_attribute("aria-expanded", "true")
    assert page.url == address and not kept(page, "read")
    page.locator(f"{card(page)} .why").tap()
    expect(page.locator(f"{card(page)} .act")).to_be_hidden()


def test_the_view_is_chosen_by_a_button_or_a_key_and_remembered(open_page: OpenPage) -> None:
    """On any screen."""
    page = open_page(LONG_DAY)
    expect(page.locator(f"{card(page)} .by")).to_be_visible()
    page.keyboard.press("v")
    expect(page.locator(f"{card(page)} .by")).to_be_hidden()
    page.reload()
    expect(page.locator(f"{card(page)} .by")).to_be_hidden()
    page.locator(".tools__view").click()
    expect(page.locator(f"{card(page)} .by")).to_be_visible()
    assert kept(page, "settings")["view"] == "full"


def test_an_abstract_leaves_the_title_as_it_is_until_the_next_visit(open_page: OpenPage) -> None:
    """It counts as read; the card changes when the page is opened again."""
    page = open_page()
    shown = page.locator("article[id='2601.00001']")
    shown.locator("[data-do=abstract]").click()
    expect(shown.locator(".abstract math")).to_be_visible()
    assert kept(page, "read") == ["2601.00001"]
    expect(shown).not_to_have_class(re.compile("paper--read"))
    page.reload()
    expect(shown).to_have_class(re.compile("paper--read"))


def test_the_header_makes_room_while_one_reads_on(open_page: OpenPage) -> None:
    """Down it goes away and the fields stay at the very top; up it comes back; on a laptop it stays."""
    page = open_page(LONG_DAY, **PHONE)
    page.evaluate("scrollTo(0, 1500)")
    expect(page.locator(".top")).not_to_be_in_viewport()
    page.wait_for_timeout(300)
    assert page.locator(".chips").first.bounding_box()["y"] < 2  # type: ignore[index]
    page.evaluate("scrollTo(0, 1400)")
    expect(page.locator(".top")).to_be_in_viewport()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_not_picked_is_one_click_away(open_page: OpenPage, language: str) -> None:
    """Loaded when asked for, the highest score first; a day that cannot be loaded says so and can be asked again."""
    page = open_page(DAY, language=language, forgive="Failed to load resource")
    page.route("**/data/2026/2026-01-14.json", lambda route: route.abort())
    page.locator("details.rest summary").click()
    expect(page.locator("details.rest")).to_contain_text(re.compile("稍后重试|try again later"))
    page.unroute("**/data/2026/2026-01-14.json")
    page.locator("details.rest summary").click()
    page.locator("details.rest summary").click()
    expect(page.locator("details.rest li a").first).to_have_attribute("href", re.compile("^https://arxiv.org/abs/"))


def test_a_day_without_picks_shows_what_came_closest(open_page: OpenPage) -> None:
    """Marked as no picks."""
    page = open_page(EMPTY_DAY)
    expect(page.locator("#below-threshold")).to_be_visible()
    expect(page.locator("ul.best a").first).to_have_attribute("href", re.compile("^https://arxiv.org/abs/"))


def test_a_finger_shares_title_reason_and_link(open_page: OpenPage) -> None:
    """By the phone's own sheet."""
    before = "window.shared = []; navigator.share = async (what) => { window.shared.push(what); };"
    page = open_page(DAY, before=before, **PHONE)
    page.locator("[id='2601.00001']").tap()
    page.locator("[id='2601.00001'] [data-do=link]").tap()
    (shared,) = page.evaluate("window.shared")
    assert shared["title"] in shared["text"] and "很有用。" in shared["text"] and shared["url"].endswith("#2601.00001")


def test_a_whole_day_is_read_at_once_and_unread_again(open_page: OpenPage) -> None:
    """By a button at the foot, or all above by a key; the days around are at the foot, too, and at n and p."""
    page = open_page(LONG_DAY)
    page.get_by_role("button", name="这一天全部标为已读").click()
    expect(page.locator(".paper--read")).to_have_count(100)
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".paper--read")).to_have_count(0)
    page.evaluate("scrollTo(0, 0)")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Shift+M")
    assert 1 <= page.locator(".paper--read").count() <= 3
    assert page.locator(".after .turn a").count() == 2
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(DAY + "$"))
    expect(page.locator(".act").first).to_be_visible()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(LONG_DAY + "$"))


def test_home_leads_to_where_one_stopped(open_page: OpenPage) -> None:
    """Within a day that was not read to its end."""
    page = open_page(LONG_DAY)
    page.locator("[id='2601.00150']").scroll_into_view_if_needed()
    page.goto(page.url.replace(LONG_DAY, "subscribe/"))
    assert kept(page, "place")["day"] == "2026-01-15"


def test_every_paper_is_offered_to_reference_managers(open_page: OpenPage) -> None:
    """A COinS with title, authors, date and address."""
    page = open_page(DAY)
    told = page.locator("[id='2601.00001'] .Z3988").get_attribute("title") or ""
    fields = parse_qs(told)
    assert fields["rft.creator"] == ["Ann Lee", "Bo Wu"] and fields["rft.type"] == ["preprint"]
    assert fields["rft.identifier"] == ["https://arxiv.org/abs/2601.00001"]


def test_two_sites_on_one_host_keep_apart(open_page: OpenPage) -> None:
    """By their path; what was kept before is taken over, once."""
    page = open_page(DAY, before="localStorage['arxiv-daily.read'] ??= '[\"2601.00002\"]'")
    expect(page.locator(".paper--read")).to_have_count(1)
    page.locator("[id='2601.00001'] [data-do=read]").click()
    assert "arxiv-daily:/daily/:read" in page.evaluate("Object.keys(localStorage)")
    assert kept(page, "read") == ["2601.00002", "2601.00001"]
