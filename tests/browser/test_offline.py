"""Reading without a network, in real Chromium: what a browser keeps, what it shows of it, and when."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from support import archive
from support.browser_days import DAY, publish
from support.project import copy_project

from generator.publish.site import build as site
from generator.publish.site.serve import Handler, make_server

URL = "https://reader.example/daily/"
BACK = "localStorage.setItem('arxiv-daily:/daily/:first', '2026-01-01')"
"""The reader was here on an earlier day."""
WaitUntil = Callable[[Callable[[], bool]], None]
NEWER = re.compile("^A newer title")
KEPT = "async () => (await caches.match(new URL('/daily/offline.json', location.origin))) !== undefined"
WAS_HERE = "() => localStorage.getItem('arxiv-daily:/daily/:first') !== null"


class Host:
    """A host of the site in FOLDER: away, it ends every connection; it holds answers back until `go` is set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.away = False
        self.go = threading.Event()
        self.go.set()
        host = self

        class Held(Handler):
            def do_GET(self) -> None:  # noqa: N802 (its name in the base class)
                host.go.wait()
                if host.away:
                    self.close_connection = True
                else:
                    super().do_GET()

        self.server = make_server(folder / "site", URL, port=0, handler=Held)
        self.base = f"http://127.0.0.1:{self.server.server_port}/daily/"

    def publish(self, **settings: Any) -> None:
        site.build_site(self.folder, archive.config(url=URL, **settings))


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """A host that is there."""
    folder = copy_project(tmp_path / "project")
    publish(folder, archive.config(url=URL))
    found = Host(folder)
    threading.Thread(target=found.server.serve_forever, daemon=True).start()
    yield found
    found.go.set()
    found.server.shutdown()
    found.server.server_close()


@contextmanager
def reader(browser: Browser, before: str = BACK, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**options)
    context.set_default_timeout(60_000)
    context.add_init_script(before)
    yield context.new_page()
    context.close()


def test_what_is_kept_is_read_without_a_network(browser: Browser, host: Host, wait_until: WaitUntil) -> None:
    """Home, a day with its abstracts, the search and what was saved; of another page, what there is instead."""
    with reader(browser) as page:
        page.goto(host.base + DAY)
        page.locator("article").first.get_by_role("button", name="收藏").click()
        wait_until(lambda: page.evaluate(KEPT))
        host.away = True
        page.goto(host.base)
        expect(page.locator(".kind--home")).to_be_visible()
        page.goto(host.base + DAY)
        page.locator("[id='2601.00001']").get_by_role("button", name="摘要").click()
        expect(page.get_by_text("We prove that").first).to_be_visible()
        page.goto(host.base + "search/?q=Paper")
        expect(page.locator("[data-find-results] li").first).to_be_visible()
        page.goto(host.base + "saved/")
        expect(page.locator("article").first).to_be_visible()
        page.goto(host.base + "archive/")
        expect(page.get_by_role("heading", level=1)).to_have_text("没有网络，这一页也没有存下来")
        page.locator("[data-kept] a").last.click()
        expect(page.locator(".kind--day")).to_be_visible()
        host.away = False
        page.goto(host.base + "archive/")
        expect(page.locator(".kind--archive")).to_be_visible()
        names = page.evaluate("caches.keys()")
        assert len(names) == 1
        assert names[0].startswith("arxiv-daily:/daily/:"), "sites on one host keep apart"


def test_a_page_that_is_too_long_on_its_way_gives_way_to_its_copy(
    browser: Browser, host: Host, wait_until: WaitUntil
) -> None:
    """With the scripts of the same build, whatever else the host gives meanwhile."""
    with reader(browser) as page:
        page.goto(host.base + DAY)
        wait_until(lambda: page.evaluate(KEPT))
        host.go.clear()
        page.goto(host.base + DAY, wait_until="commit")
        expect(page.locator("article").first.get_by_role("button", name="摘要")).to_be_visible()
        host.go.set()


def test_a_newer_page_is_announced_and_shown_when_the_reader_asks(
    browser: Browser, host: Host, wait_until: WaitUntil
) -> None:
    """An open page stays as it is; nothing is loaded anew by itself."""
    with reader(browser) as page:
        page.goto(host.base)
        wait_until(lambda: page.evaluate(KEPT))
        version = "async () => (await (await caches.match('/daily/offline.json')).json()).version"
        before = page.evaluate(version)
        host.publish(title="A newer title")
        page.evaluate("window.open_before = true; Date.now = () => 9e15; dispatchEvent(new Event('visibilitychange'))")
        button = page.get_by_role("button", name="重新加载")
        expect(button).to_be_visible()
        assert page.evaluate("window.open_before")
        assert page.evaluate(version) != before
        button.click()
        expect(page).to_have_title(NEWER)


def test_a_build_that_is_half_there_is_not_kept(browser: Browser, host: Host, wait_until: WaitUntil) -> None:
    """A file that is not what the list says: the copy from before stays, whole."""
    with reader(browser) as page:
        page.goto(host.base)
        wait_until(lambda: page.evaluate(KEPT))
        before = page.evaluate("caches.keys()")
        host.publish(title="A newer title")
        home = host.folder / "site" / "index.html"
        home.write_bytes(home.read_bytes() + b"<!-- of the next build -->")
        page.reload()
        expect(page).to_have_title(NEWER)
        told = page.evaluate(
            "async () => { const { active } = await navigator.serviceWorker.ready; const { port1, port2 } ="
            " new MessageChannel(); return new Promise((tell) => { port1.onmessage = ({ data }) => tell(data);"
            " active.postMessage('refresh', [port2]); }); }"
        )
        assert told is None
        assert before[0] in page.evaluate("caches.keys()")
        host.away = True
        page.reload()
        expect(page).not_to_have_title(NEWER)
        expect(page.locator(".kind--home")).to_be_visible()


def test_switched_off_browsers_drop_what_they_kept(browser: Browser, host: Host, wait_until: WaitUntil) -> None:
    """The worker that is still there takes itself away."""
    with reader(browser) as page:
        page.goto(host.base)
        wait_until(lambda: page.evaluate(KEPT))
        host.publish(offline=False)
        page.goto(host.base + DAY)
        page.evaluate("navigator.serviceWorker.getRegistration('/daily/').then((found) => found?.update())")
        wait_until(lambda: page.evaluate("async () => (await caches.keys()).length === 0"))
        wait_until(lambda: page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length === 0"))
        assert not (host.folder / "site" / "offline.json").exists()


SAVES_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });"


@pytest.mark.parametrize("before", ["", BACK + ";" + SAVES_DATA], ids=["first visit", "saves data"])
def test_who_comes_for_the_first_time_or_saves_data_loads_nothing_for_it(
    browser: Browser, host: Host, wait_until: WaitUntil, before: str
) -> None:
    """No worker is there, none is asked for."""
    asked: list[str] = []
    with reader(browser, before) as page:
        page.on("request", lambda request: asked.append(request.url))
        page.goto(host.base, wait_until="networkidle")
        wait_until(lambda: page.evaluate(WAS_HERE))
        page.evaluate("() => new Promise((done) => requestIdleCallback(done))")
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0
    assert not [url for url in asked if url.endswith(("sw.js", "offline.json"))]


def test_the_page_for_what_is_not_kept_speaks_the_sites_language(browser: Browser, sites: Callable[[str], str]) -> None:
    """It stands in the site like the one for addresses that do not exist."""
    with reader(browser, "") as page:
        page.goto(sites("en") + "503.html")
        expect(page.get_by_role("heading", level=1)).to_have_text("You are offline, and this page is not kept")
