"""Real Chromium on a real site, served below a path as GitHub Pages does; every page is watched while it is used."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from support import archive
from support.browser_days import DAY, publish
from support.project import copy_project

from generator.publish.site.serve import make_server
from generator.settings.config import Config

FLAGS = (
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
OpenPage = Callable[..., Page]
expect.set_options(timeout=20_000)  # a busy machine is no fault of a page


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The address of the site in a language, built and served when it is first asked for."""
    servers: dict[str, Any] = {}

    def address(language: str) -> str:
        if language not in servers:
            folder = copy_project(tmp_path_factory.mktemp("site") / language)
            config = archive.config(language, url="https://reader.example/daily/")
            servers[language] = _serve(folder, config)
        return f"http://127.0.0.1:{servers[language].server_port}/daily/"

    yield address
    for server in servers.values():
        server.shutdown()
        server.server_close()


def _serve(folder: Path, config: Config) -> Any:
    publish(folder, config)
    server = make_server(folder / "site", config.site.url, port=0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each test has its own context in it."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, sites: Callable[[str], str]) -> Iterator[OpenPage]:
    """Open PATH of the site. No page may ask another host, fail to load a file or complain in the console."""
    faults: list[str] = []
    contexts = []

    def opened(
        path: str = DAY, *, language: str = "zh", width: int = 1440, before: str = "", forgive: str = "", **options: Any
    ) -> Page:
        base = sites(language)
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        if before:
            context.add_init_script(before)
        page = context.new_page()

        def complain(text: str, fault: bool = True) -> None:
            if fault and not (forgive and forgive in text):
                faults.append(text)

        page.on("request", lambda request: complain(request.url, not request.url.startswith((base, "blob:"))))
        page.on("console", lambda message: complain(message.text, message.type in ("error", "warning")))
        page.on("pageerror", lambda error: complain(str(error)))
        page.goto(base + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
