"""The page of feeds in Chromium: its buttons copy addresses, and pages announce their feeds."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from support.sample_site import build_sample, served

CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(build_sample(tmp_path_factory.mktemp("subscribe"))) as there:
        yield there


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[tuple[Page, bool]]:
    context = browser.new_context(permissions=CLIPBOARD if request.param else [])
    yield context.new_page(), request.param
    context.close()


@pytest.mark.parametrize("page", [True, False], ids=["with a clipboard", "without"], indirect=True)
def test_a_button_copies_its_address(page: tuple[Page, bool], address: str) -> None:
    """Every feed has one, with a name of its own; without the right to copy the address is selected."""
    tab, may = page
    tab.goto(f"{address}/subscribe/")
    tab.wait_for_selector(".copy")
    buttons = tab.locator(".copy")
    names = [button.get_attribute("aria-label") for button in buttons.all()]
    assert len(names) == len(set(names)) == 14
    if not may:
        tab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    buttons.first.click()
    if may:
        expect(buttons.first).to_have_text("已复制")
        assert tab.evaluate("navigator.clipboard.readText()") == f"{address}/feed.xml"
    else:
        tab.wait_for_function("() => String(getSelection()).includes('/feed.xml')")
        assert buttons.first.inner_text() == "复制"
    expect(buttons.first).to_have_text("复制")


@pytest.mark.parametrize("page", [False], indirect=True)
def test_pages_announce_their_feeds(page: tuple[Page, bool], address: str) -> None:
    """The digest in three forms, papers and the top on every page; that of the field beside them on its page."""
    tab, _ = page
    found = {}
    for path in ("", "days/2026/2026-01-08/", "fields/agents/", "archive/"):
        tab.goto(f"{address}/{path}")
        links = tab.eval_on_selector_all("link[rel=alternate][title]", "all => all.map(one => one.href)")
        found[path] = [link.removeprefix(f"{address}/") for link in links]
    everywhere = ["feed.xml", "atom.xml", "feed.json", "feeds/weekly.xml", "papers.xml", "feeds/top.xml"]
    assert found.pop("fields/agents/") == [*everywhere, "feeds/agents.xml"]
    assert all(links == everywhere for links in found.values())
