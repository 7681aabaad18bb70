"""A day of a hundred picks on a phone: nothing jumps while it loads."""

from collections.abc import Callable

from playwright.sync_api import Page
from support.browser_days import LONG_DAY

OpenPage = Callable[..., Page]
SHIFTS = """
window.shift = 0;
new PerformanceObserver(list => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;
}).observe({type: "layout-shift", buffered: true});
"""


def test_nothing_jumps_while_a_page_loads(open_page: OpenPage) -> None:
    """Not for a new reader, and not for one who filters."""
    page = open_page(LONG_DAY, width=360, before=SHIFTS)
    assert page.evaluate("window.shift") < 0.05
    page.goto(page.url + "?min=9")
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.05
