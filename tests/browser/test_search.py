"""The search in real Chromium: below a path, under a content security policy, by keyboard, with parts that fail."""

import functools
import http.server
import json
import random
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect
from support import recall
from support.project import CONFIG, PROJECT, copy_project
from support.site_files import site_folder

from generator import cli
from generator.commands.demo import make_days
from generator.publish.search import build as search
from generator.publish.search import tokens
from generator.publish.site.serve import Handler
from generator.records.store import store_of
from generator.records.summaries import summaries
from generator.settings.config import Config, load

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))
import make_archive

URL = "https://reader.example/arxiv-daily/"
POLICY = "default-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; object-src 'none'"


class _Strict(Handler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """FOLDER below /arxiv-daily/, under a policy that allows no inline script and no eval."""
    handler = functools.partial(_Strict, site=folder, base="/arxiv-daily/")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/arxiv-daily/"
        server.shutdown()


def build(folder: Path, language: str) -> Path:
    """The sample, of 2026, and three generated days of each of the two years before, as a site."""
    copy_project(folder)
    text = (folder / "config.toml").read_text()
    (folder / "config.toml").write_text(
        text.replace('language = "zh"', f'language = "{language}"').replace('url = ""', f'url = "{URL}"')
    )
    list(make_days(folder, load(folder / "config.toml", {})))
    make_archive.make_archive(folder, 2, days=3, picks=8, rest=0, last=2025)
    assert cli.main(["--root", str(folder), "--quiet", "build"]) == 0
    return folder


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """The address of the site in a language, built when it is first asked for."""
    with ExitStack() as servers:

        @functools.cache
        def address(language: str) -> str:
            folder = build(tmp_path_factory.mktemp("search") / "project", language)
            return servers.enter_context(served(folder / "site"))

        yield address


@pytest.fixture
def base(request: pytest.FixtureRequest, addresses: Callable[[str], str]) -> str:
    """The Chinese site, or that of the language which a test names."""
    return addresses(getattr(request, "param", "zh"))


IN_BOTH_LANGUAGES = pytest.mark.parametrize("base", ["zh", "en"], indirect=True)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which an error of a script or a breach of the policy fails the test."""
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    def heard(message: ConsoleMessage) -> None:
        if (
            "Content Security" in message.text and "inline" not in message.text
        ):  # the theme's own, which needs no answer
            faults.append(message.text)

    page.on("console", heard)
    yield page
    page.close()
    assert faults == []


def ask(page: Page, base: str, **query: str) -> None:
    page.goto(f"{base}search/?{urlencode(query)}")


def search_for(page: Page, query: str) -> None:
    """Ask for QUERY on the page of the search, and wait for its answer."""
    page.locator("main [name=q]").fill(query)
    page.locator("main [name=q]").press("Enter")
    expect(page.locator("[aria-busy]")).to_have_count(0)


RESULTS = ".search__results article"


def test_a_search_can_be_linked(page: Page, base: str) -> None:
    """Words, filters and order stand in the address; what was found is marked, and leads to the paper's anchor."""
    ask(page, base, q="agents", sort="date")
    expect(page.locator(f"{RESULTS} mark").first).to_be_visible()
    assert page.locator("[name=sort]").input_value() == "date"
    page.locator(f"{RESULTS} h2 a").first.click()
    page.wait_for_url("**/days/2026/2026-*/#*")
    anchor = page.url.partition("#")[2]
    expect(page.locator(f"[id='{anchor}']")).to_be_visible()


def test_an_id_finds_its_paper(page: Page, base: str) -> None:
    """As it is, with a version, pasted as an address, in full-width digits."""
    ask(page, base)
    for query in ("2601.02201", "https://arxiv.org/abs/2601.02201v2", "arXiv:2601.02201", "２６０１．０２２０１"):
        search_for(page, query)
        expect(page.locator(RESULTS)).to_have_count(1)
        expect(page.locator(".at a")).to_have_text("2601.02201")


def test_full_width_letters_are_found_as_half_width(page: Page, base: str) -> None:
    """An input method left them behind."""
    ask(page, base, q="ａｇｅｎｔｓ")
    expect(page.locator(f"{RESULTS} mark").first).to_be_visible()


ODD = (
    '"multimodal agents',
    "<b>agents</b>",
    "agents " * 290,
    "的" * 2000,
    'agents "',
    "'agents'",
    "“agents",
    '"agents "and "video""',
    "“「agents」”",
    '""',
    "agents\x00\u202e",
    "e\u0301" * 90,
    "👩\u200d🔬 agents",
    "((",
    "author:",
    "author:,",
    "title: cat: field:",
    "year:20x6",
    "before:2019 agents",
    "after:2031 agents",
    "score:>=",
    "before:2026-13-45",
    "-video",
    "-author:Li -video",
    "OR",
    "OR OR -",
    "agents OR",
    "constructor",
    "__proto__",
)


def test_odd_input_is_searched_as_text(page: Page, base: str) -> None:
    """Quotes, HTML, length, signs, operators without a value, exclusions alone: an answer in words, and no element."""
    ask(page, base)
    for query in ODD:
        search_for(page, "model")
        expect(page.locator(RESULTS).first).to_be_visible()
        search_for(page, query)
        expect(page.locator("[data-find-status]")).to_have_text(re.compile(r"\S"))
        expect(page.locator(".search__status b")).to_have_count(0)


def test_what_is_too_long_is_cut_and_that_is_told(page: Page, base: str) -> None:
    """Two thousand characters that somebody pasted: the first words are looked for."""
    ask(page, base, q="agents " * 290)
    expect(page.locator("[data-find-status]")).to_contain_text(re.compile("太长|too long"))
    expect(page.locator(f"{RESULTS} mark").first).to_be_visible()


def test_traditional_characters_find_what_is_written_in_simplified_ones(page: Page, base: str) -> None:
    """Reasons are written in simplified characters; the page says what it looked for instead."""
    ask(page, base, q="投機解碼")
    status = page.locator("[data-find-status]")
    expect(status).to_contain_text(re.compile("繁体|traditional"))
    expect(status).to_contain_text("投机解码")
    expect(page.locator(f"{RESULTS} mark").first).to_have_text("投机解码")


def test_a_phrase_is_found_as_it_stands(page: Page, base: str) -> None:
    """In quotes of any kind nothing is inflected and nothing is completed."""
    counts = []
    ask(page, base)
    for query in ("learning", '"learning"', "“reinforcement learning”", '"learnin"'):
        search_for(page, query)
        expect(page.locator("[data-find-status]")).to_have_text(re.compile("摘要|abstracts"))
        number = re.search(r"找到 (\d+)|(\d+) found", page.locator("[data-find-status]").inner_text())
        counts.append(int(number[1] or number[2]) if number else 0)
    assert counts[0] >= counts[1] > counts[3] == 0


def test_a_whole_word_stands_before_one_that_only_begins_so(page: Page, base: str) -> None:
    """As one types, both are found."""
    ask(page, base, q="model")
    first = page.locator(f"{RESULTS} mark").first
    expect(first).to_have_text(re.compile("^models?$", re.IGNORECASE))


def test_the_search_is_accessible(page: Page, base: str) -> None:
    """axe finds nothing on the page with results, with an error, and in the header while it shows what it found."""
    found = {}
    ask(page, base, q="agents")
    expect(page.locator(RESULTS).first).to_be_visible()
    found["results"] = Axe().run(page)
    page.goto(base)
    page.keyboard.press("/")
    page.keyboard.insert_text("agents")
    expect(page.locator("[role=option]").first).to_be_visible()
    found["header"] = Axe().run(page)
    page.route("**/search-index/2026-*/words/*", lambda route: route.abort())
    ask(page, base, q="agents")
    expect(page.locator("[data-find-status] .notice")).to_be_visible()
    found["error"] = Axe().run(page)
    assert {
        name: [violation["id"] for violation in answer.response["violations"]] for name, answer in found.items()
    } == {
        "results": [],
        "header": [],
        "error": [],
    }


def test_punctuation_alone_is_told(page: Page, base: str) -> None:
    """There is no word to look for, and the page says so."""
    ask(page, base, q="，。！")
    expect(page.locator("[data-find-status]")).to_contain_text(re.compile("标点|punctuation"))
    expect(page.locator(RESULTS)).to_have_count(0)


def test_filters_stand_alone_too(page: Page, base: str) -> None:
    """Without a word they list what fits, the newest first."""
    ask(page, base, score="9", sort="date")
    expect(page.locator(RESULTS).first).to_be_visible()
    scores = page.locator(f"{RESULTS}").evaluate_all("all => all.map((one) => Number(one.dataset.score))")
    assert scores and min(scores) >= 9
    dates = page.locator(f"{RESULTS} time").evaluate_all("all => all.map((time) => time.dateTime)")
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize("where", ["search/", ""])
def test_chinese_is_searched_once_the_input_method_has_it(page: Page, base: str, where: str) -> None:
    """Letters on the way to a character are not searched; what was chosen from them is, without another key."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(base + where)
    page.locator("main [name=q]" if where else "[data-find] input").focus()
    results = page.locator(RESULTS if where else "[role=option]")
    composer = page.context.new_cdp_session(page)
    composer.send("Input.imeSetComposition", {"text": "moxing", "selectionStart": 6, "selectionEnd": 6})
    page.wait_for_timeout(400)
    expect(results).to_have_count(0)
    composer.send("Input.insertText", {"text": "模型"})
    expect(results.first).to_be_visible()
    expect(page.locator("mark", has_text="模型").first).to_be_visible()


def test_the_header_searches_by_keyboard(page: Page, base: str) -> None:
    """/ leads there, arrows choose, Enter goes, Escape closes."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(base)
    page.keyboard.press("/")
    page.keyboard.insert_text("agents")
    option = page.locator("[role=option]")
    expect(option.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option.first).to_have_attribute("aria-selected", "true")
    assert page.locator("[data-find] input").get_attribute("aria-activedescendant") == "find-0"
    page.keyboard.press("Escape")
    expect(page.locator(".find__drop")).to_be_hidden()
    page.keyboard.press("ArrowUp")
    page.keyboard.insert_text(" ")
    expect(option.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/days/2026/2026-*/#*")


def test_the_readers_marks_are_shown(page: Page, base: str) -> None:
    """What was saved or read carries a badge; damaged storage is none."""
    page.goto(base)
    page.evaluate("localStorage.setItem('arxiv-daily.saved', JSON.stringify([{id: '2601.02201'}]))")
    page.evaluate("localStorage.setItem('arxiv-daily.read', '{broken')")
    ask(page, base, q="2601.02201")
    expect(page.locator(f"{RESULTS} .at em")).to_have_count(1)


def test_an_index_that_does_not_load_is_told(page: Page, base: str) -> None:
    """By its year, beside the results of the others; with a way to try again, which works once it is there."""
    page.route("**/search-index/2026-*/words/*", lambda route: route.abort())
    ask(page, base, q="agents")
    expect(page.locator("[data-find-status] .notice")).to_contain_text("2026")
    expect(page.locator(f"{RESULTS} time").first).to_have_text(re.compile("^202[45]-"))
    page.unroute("**/search-index/2026-*/words/*")
    page.locator("[data-find-status] button").click()
    expect(page.locator(f"{RESULTS} mark").first).to_be_visible()


@pytest.mark.parametrize("what", ["table.gz", "cards/*"])
def test_no_part_of_an_index_is_missed_in_silence(page: Page, base: str, what: str) -> None:
    """Neither the table of a year nor what is shown of its papers."""
    page.route(f"**/search-index/2026-*/{what}", lambda route: route.fulfill(status=404))
    ask(page, base, q="agents")
    expect(page.locator("[data-find-status] .notice")).to_contain_text("2026")


def test_after_a_new_build_an_open_page_finds_the_new_index(page: Page, base: str) -> None:
    """The folders have other names then; trying again reads them anew."""
    page.route(
        "**/search-index/search.json",
        lambda route: route.fulfill(body=route.fetch().text().replace('"folder": "2026-', '"folder": "2026-old')),
        times=1,
    )
    ask(page, base, q="2601.02201")
    page.locator("[data-find-status] .notice button").click()
    expect(page.locator(RESULTS)).to_have_count(1)


@IN_BOTH_LANGUAGES
def test_the_header_tells_what_it_cannot_load(page: Page, base: str) -> None:
    """In the language of the site."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.route("**/search-index/search.json", lambda route: route.abort())
    page.goto(base)
    page.keyboard.press("/")
    page.keyboard.insert_text("agents")
    words = "搜索索引没有读到" if page.locator("html").get_attribute("lang") != "en" else "could not be loaded"
    expect(page.locator(".find__drop [role=status]")).to_contain_text(words)


def test_a_period_finds_its_papers_only(page: Page, base: str) -> None:
    """A year or a month, by address or by choice."""
    ask(page, base, q="model", period="2025")
    expect(page.locator(f"{RESULTS} time").first).to_contain_text("2025-01")
    page.locator("[name=period]").select_option("2026-01")
    expect(page.locator(f"{RESULTS} time").first).to_contain_text("2026-01")
    expect(page.locator(f"{RESULTS} time", has_not_text="2026-01")).to_have_count(0)


def test_earlier_years_are_searched_when_they_are_asked_for(page: Page, base: str) -> None:
    """The two newest answer first; nothing of the others is loaded until then."""
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    ask(page, base, q="model")
    status, button = page.locator("[data-find-status]"), page.locator("[data-find-more] button", has_text="2024")
    expect(status).to_contain_text("2025–2026")
    expect(button).to_be_visible()
    assert not any("/search-index/2024-" in url for url in loaded)
    button.click()
    expect(status).to_contain_text("2024–2026")
    expect(page.locator("[data-find-more] button", has_text="2024")).to_have_count(0)


def test_results_come_in_the_order_that_is_asked_for(page: Page, base: str) -> None:
    """By score, papers of the same score by date, over the borders of years."""
    ask(page, base, q="model", sort="score")
    expect(page.locator(RESULTS).first).to_be_visible()
    rows = page.locator(RESULTS).evaluate_all(
        "all => all.map((one) => [Number(one.dataset.score), one.querySelector('time').dateTime])"
    )
    assert rows == sorted(rows, reverse=True) and len(rows) == 10


def test_no_index_at_all_is_told(page: Page, base: str) -> None:
    """An error says what to do, and trying again works."""
    page.route("**/search-index/search.json", lambda route: route.abort())
    ask(page, base, q="agents")
    button = page.locator("[data-find-status] button")
    expect(button).to_be_visible()
    page.unroute("**/search-index/search.json")
    button.click()
    expect(page.locator(f"{RESULTS} mark").first).to_be_visible()


class Held:
    """What a page asks for at PATTERN, unanswered until it is let go."""

    def __init__(self, page: Page, pattern: str) -> None:
        self.page, self.pattern = page, pattern
        self.routes: list[Route] = []
        page.route(pattern, self.hold)

    def hold(self, route: Route) -> None:
        self.routes.append(route)

    def let_go(self) -> None:
        for route in self.routes:
            route.continue_()
        self.page.unroute(self.pattern)


def test_what_is_typed_and_chosen_while_the_page_loads_is_kept(page: Page, base: str) -> None:
    """The index comes late; what only the address asked for stands too, and each filter has its choices once."""
    index = Held(page, "**/search-index/search.json")
    ask(page, base, period="2026", sort="score")
    field = page.locator("main [name=q]")
    for word in ("mod", "model"):
        field.fill(word)
        page.wait_for_url(f"**/search/?q={word}&*")
    page.locator("[name=sort]").select_option("date")
    index.let_go()
    expect(page.locator(RESULTS).first).to_be_visible()
    assert page.locator("[name=period]").input_value() == "2026"
    assert page.locator("[name=sort]").input_value() == "date"
    assert page.url.endswith("?q=model&period=2026&sort=date")
    expect(field).to_have_value("model")
    expect(page.locator("[name=period] optgroup")).to_have_count(3)


def test_whoever_types_at_once_is_heard(page: Page, base: str) -> None:
    """The field is ready before the script that searches, and Enter waits for it."""
    script = Held(page, "**/assets/js/search/page.js")
    page.goto(f"{base}search/")
    page.keyboard.type("model")
    page.keyboard.press("Enter")
    script.let_go()
    expect(page.locator(f"{RESULTS} mark").first).to_be_visible()
    expect(page.locator("main [name=q]")).to_have_value("model")
    page.wait_for_url("**/search/?q=model")


def test_an_input_method_is_not_disturbed_by_what_loads(page: Page, base: str) -> None:
    """The letters on the way to a character stay where they are."""
    index = Held(page, "**/search-index/search.json")
    page.goto(f"{base}search/")
    field = page.locator("main [name=q]")
    expect(field).to_be_focused()
    composer = page.context.new_cdp_session(page)
    composer.send("Input.imeSetComposition", {"text": "moxing", "selectionStart": 6, "selectionEnd": 6})
    index.let_go()
    expect(page.locator("[name=period] optgroup")).to_have_count(3)
    expect(field).to_have_value("moxing")
    composer.send("Input.insertText", {"text": "模型"})
    expect(page.locator("main mark", has_text="模型").first).to_be_visible()


def test_a_page_that_went_offline_can_try_again_and_again(page: Page, base: str) -> None:
    """No word of searching covers the trouble; the keyboard stays at what tries again, and leads to what it brought."""
    page.clock.install()
    ask(page, base)
    expect(page.locator("[name=period] optgroup")).to_have_count(3)
    page.route("**/search-index/**", lambda route: route.abort())
    page.locator("main [name=q]").fill("model")
    again = page.locator("[data-find-status] button")
    again.click()
    expect(page.locator("[data-find-status]")).to_contain_text(re.compile("没有读到。请|could not be loaded"))
    page.clock.run_for(1000)
    expect(again).to_be_focused()
    page.unroute("**/search-index/**")
    again.press("Enter")
    expect(page.locator(f"{RESULTS} h2 a").first).to_be_focused()


def test_nothing_found_is_not_said_where_nothing_was_searched(page: Page, base: str) -> None:
    """Every year failed: only that is told."""
    page.route("**/search-index/*/words/*", lambda route: route.abort())
    ask(page, base, q="model")
    expect(page.locator("[data-find-status] .notice")).to_contain_text("2026")
    expect(page.locator("[data-find-status]")).to_have_text(re.compile("^(2026|The index)"))


def test_results_whose_cards_do_not_load_are_missed_aloud(page: Page, base: str) -> None:
    """Under More as on the first page; trying again brings them, and what comes after them is still offered."""
    ask(page, base, q="model", years="all")
    more = page.locator("[data-find-more] button")
    expect(page.locator(RESULTS)).to_have_count(10)
    page.route("**/search-index/*/cards/*", lambda route: route.abort())
    page.reload()
    notice = page.locator("[data-find-status] .notice")
    expect(notice).to_contain_text("2026")
    expect(more).to_be_visible()
    more.click()
    expect(page.locator("[aria-busy]")).to_have_count(0)
    expect(notice).to_contain_text("2026")
    page.unroute("**/search-index/*/cards/*")
    notice.locator("button").click()
    expect(page.locator(RESULTS)).to_have_count(20)


def asked(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("q", [""])[0]


def test_back_leads_through_every_search_that_was_made(page: Page, base: str) -> None:
    """Enter, a filter and opening a result make an entry each, typing one for all its letters, an empty field none."""
    page.goto(base)
    page.goto(f"{base}search/")
    field = page.locator("main [name=q]")
    before = page.evaluate("history.length")
    for _ in range(2):
        field.press("Enter")
    for word in ("agents", "model"):
        for part in (word[:3], word):
            field.fill(part)
            page.wait_for_url(f"**/search/?q={part}")
        field.press("Enter")
    page.locator("[name=sort]").select_option("date")
    field.fill("learning")
    page.wait_for_url("**/search/?q=learning&sort=date")
    expect(page.locator(f"{RESULTS} mark").first).to_have_text(re.compile("^learn", re.IGNORECASE))
    assert page.evaluate("history.length") == before + 3
    page.locator(f"{RESULTS} h2 a").first.click()
    page.wait_for_url("**/days/**")
    for word in ("learning", "model", "model", "agents"):
        page.go_back()
        expect(field).to_have_value(word)
        assert asked(page) == word
    expect(page.locator(f"{RESULTS} mark").first).to_have_text(re.compile("^agents?$", re.IGNORECASE))
    page.go_back()
    assert page.url == base


def test_back_is_heard_before_the_script_is_there(page: Page, base: str) -> None:
    """What is asked then is what stands in the address."""
    ask(page, base, q="agents")
    page.locator("main [name=q]").fill("model")
    page.wait_for_url("**/search/?q=model")
    script = Held(page, "**/assets/js/search/page.js")
    page.reload()
    page.go_back()
    expect(page.locator("main [name=q]")).to_have_value("agents")
    script.let_go()
    expect(page.locator(f"{RESULTS} mark").first).to_have_text(re.compile("^agents?$", re.IGNORECASE))
    assert asked(page) == "agents"


def test_how_far_one_had_read_is_kept(page: Page, base: str) -> None:
    """Earlier years and further results are there again after a reload, and at its place after a paper was opened."""
    page.set_viewport_size({"width": 1280, "height": 600})
    ask(page, base, q="model")
    page.locator("[data-find-more] button", has_text="2024").click()
    expect(page.locator("[data-find-status]")).to_contain_text("2024–2026")
    expect(page.locator(f"{RESULTS} h2 a").first).to_be_focused()
    results = page.locator(f"{RESULTS} h2 a")
    page.locator("[data-find-more] button").click()
    expect(results).to_have_count(20)
    expect(results.nth(10)).to_be_focused()
    page.reload()
    expect(results).to_have_count(20)
    expect(results.nth(10)).to_be_in_viewport()
    expect(page.locator("[data-find-status]")).to_contain_text("2024–2026")
    results.nth(15).click()
    page.wait_for_url("**/days/**")
    page.go_back()
    expect(results).to_have_count(20)
    expect(results.nth(15)).to_be_in_viewport()
    page.go_back()
    expect(page.locator("[data-find-status]")).to_contain_text("2025–2026")


def test_what_is_listed_for_other_words_is_not_chosen(page: Page, base: str) -> None:
    """Whoever types on and presses the arrow and Enter at once gets what was typed, in the header as on the page."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(base)
    page.keyboard.press("/")
    page.keyboard.insert_text("agents")
    expect(page.locator("[role=option]").first).to_be_visible()
    Held(page, "**/search-index/*/words/*")
    page.keyboard.insert_text(" zebra")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=agents+zebra")
    page.unroute("**/search-index/*/words/*")
    ask(page, base, q="agents")
    expect(page.locator(RESULTS).first).to_be_visible()
    Held(page, "**/search-index/*/words/*")
    field = page.locator("main [name=q]")
    field.fill("model zebra")
    field.press("ArrowDown")
    expect(field).to_be_focused()


def test_single_keys_open_what_was_found(page: Page, base: str) -> None:
    """j and o do; those for which a result has no tools do nothing and are not listed, also where scripts come late."""
    scripts = Held(page, "**/assets/js/site.js")
    page.goto(f"{base}search/?q=model", wait_until="commit")
    expect(page.locator(RESULTS).first).to_be_visible()
    scripts.let_go()
    expect(page.locator("html.has-actions")).to_have_count(1)
    expect(page.locator(".search__results .act")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("dialog kbd")).to_have_text(["j / k", "o", "/", "?"])
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    for key in "jsmacj":
        page.keyboard.press(key)
    expect(page.locator(RESULTS).nth(1)).to_be_focused()
    page.keyboard.press("o")
    page.wait_for_url("**/days/**")


def test_the_slash_is_switched_off_with_the_other_keys(page: Page, base: str) -> None:
    """No single character does anything then."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(base)
    page.evaluate("localStorage.setItem('arxiv-daily.settings', JSON.stringify({keys: false}))")
    page.keyboard.press("/")
    expect(page.locator("[data-find] input")).not_to_be_focused()
    page.evaluate("localStorage.clear()")
    page.keyboard.press("/")
    expect(page.locator("[data-find] input")).to_be_focused()


@IN_BOTH_LANGUAGES
def test_the_header_says_what_it_searched(page: Page, base: str) -> None:
    """Which years, what was left out of long words, what was looked for instead; and that there may be more."""
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(base)
    page.keyboard.press("/")
    field, status = page.locator("[data-find] input"), page.locator(".find__drop [role=status]")
    field.fill("model")
    expect(status).to_contain_text("2025–2026")
    expect(page.locator(".find__all")).to_have_text(re.compile("2025–2026.*(更早|earlier)"))
    field.fill("投機解碼")
    expect(status).to_contain_text("投机解码")
    field.fill("agents " * 200)
    expect(status).to_contain_text(re.compile("太长|too long"))


def test_the_list_of_the_header_leaves_and_comes_back(page: Page, base: str) -> None:
    """It goes where a paper of the same page is chosen; the arrow brings it back after Escape."""
    page.set_viewport_size({"width": 1280, "height": 800})
    ask(page, base, q="2601.02201")
    page.locator(f"{RESULTS} h2 a").click()
    page.wait_for_url("**/days/**")
    page.goto(page.url.partition("#")[0])
    page.keyboard.press("/")
    page.keyboard.insert_text("2601.02201")
    drop = page.locator(".find__drop")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(drop).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[role=option]").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url("**#2601.02201")
    expect(drop).to_be_hidden()


def test_a_search_page_whose_script_does_not_come_says_so(page: Page, base: str) -> None:
    """Trying again keeps what was typed meanwhile."""
    page.route("**/assets/js/search/page.js", lambda route: route.abort())
    ask(page, base, sort="date")
    button = page.locator("[data-find-status] button")
    expect(button).to_be_visible()
    page.locator("main [name=q]").fill("agents")
    page.unroute("**/assets/js/search/page.js")
    button.click()
    expect(page.locator(f"{RESULTS} mark").first).to_be_visible()
    assert page.url.endswith("?sort=date&q=agents")


def test_the_marks_follow_what_the_reader_does(page: Page, base: str) -> None:
    """A result whose page at arXiv was opened is read; what was saved elsewhere is, when one comes back."""
    ask(page, base, q="2601.02201")
    page.evaluate("document.addEventListener('click', (event) => event.preventDefault())")
    page.locator(f"{RESULTS} .at a").click(modifiers=["Control"])
    expect(page.locator(f"{RESULTS} .at em")).to_have_count(1)
    page.evaluate("localStorage.setItem('arxiv-daily.saved', JSON.stringify([{id: '2601.02201'}]))")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(page.locator(f"{RESULTS} .at em")).to_have_count(2)


def test_an_abstract_that_holds_the_words_is_shown_with_its_sentence(page: Page, base: str) -> None:
    """The first answer does not wait for it: it comes with the abstracts' own shards, marked."""
    abstracts = Held(page, "**/search-index/*/abstracts/*")
    ask(page, base, q="rosenbrock")
    expect(page.locator("[data-find-status]")).not_to_be_empty()
    expect(page.locator(RESULTS)).to_have_count(0)
    abstracts.let_go()
    expect(page.locator(f"{RESULTS} .from mark")).to_have_text(re.compile("rosenbrock", re.IGNORECASE))
    expect(page.locator("[data-find-status]")).to_contain_text(re.compile("摘要|abstracts were searched"))


def test_abstracts_that_do_not_load_are_told(page: Page, base: str) -> None:
    """What titles, reasons and authors hold is there all the same."""
    page.route("**/search-index/*/abstracts/*", lambda route: route.abort())
    ask(page, base, q="reinforcement")
    expect(page.locator(RESULTS).first).to_be_visible()
    expect(page.locator("[data-find-status]")).to_contain_text(re.compile("2026 年的摘要没有读到|abstracts of 2026"))


def test_operators_are_chips_that_can_be_removed(page: Page, base: str) -> None:
    """Removing one asks again without it; Back brings it back."""
    ask(page, base, q="agents -video score:>=8")
    chips = page.locator("[data-find-told] .chips li")
    expect(chips).to_have_text([re.compile("-video"), re.compile("score:>=8")])
    chips.first.locator("button").click()
    expect(page.locator("main [name=q]")).to_have_value("agents score:>=8")
    expect(chips).to_have_count(1)
    assert asked(page) == "agents score:>=8"
    page.go_back()
    expect(chips).to_have_count(2)


def test_a_typo_finds_what_was_meant(page: Page, base: str) -> None:
    """Nothing holds it: the nearest word is looked for, and that is told; in the header, too."""
    page.set_viewport_size({"width": 1280, "height": 800})
    ask(page, base, q="reinforcemnt")
    expect(page.locator("[data-find-told]")).to_contain_text("reinforcement")
    expect(page.locator(f"{RESULTS} mark").first).to_have_text(re.compile("^reinforce", re.IGNORECASE))
    page.goto(base)
    page.keyboard.press("/")
    page.keyboard.insert_text("reinforcemnt")
    expect(page.locator("[role=option]").first).to_contain_text("reinforcement")


def test_other_forms_of_a_term_are_told_and_can_be_switched_off(page: Page, base: str) -> None:
    """The choice stands in the address."""
    ask(page, base, q="强化学习")
    told = page.locator("[data-find-told]")
    expect(told).to_contain_text("reinforcement learning")
    told.locator("button").first.click()
    expect(told).not_to_contain_text("reinforcement learning")
    page.wait_for_url("**/search/?q=*&exact=1")
    told.locator("button").first.click()
    expect(told).to_contain_text("reinforcement learning")


def test_a_persons_address_tells_of_the_person(page: Page, base: str) -> None:
    """Years, fields and co-authors; an author of a result leads there."""
    ask(page, base, q="Longtian Qiu")
    person = page.locator("[data-find-told] .person")
    expect(person.locator("h2")).to_contain_text("Longtian Qiu")
    expect(person).to_contain_text("2026")
    other = person.locator("a").first
    name = other.inner_text()
    other.click()
    expect(person.locator("h2")).to_contain_text(name)
    assert asked(page) == f'author:"{name}"'


def test_words_that_no_paper_holds_together_find_what_holds_some(page: Page, base: str) -> None:
    """Rather than nothing; the page says so."""
    ask(page, base, q="rosenbrock optimizers planted")
    expect(page.locator(RESULTS).first).to_be_visible()
    expect(page.locator("[data-find-status]")).to_contain_text(re.compile("没有论文含全部的词|No paper holds all"))


def test_a_search_can_be_kept_and_tells_what_is_new(page: Page, base: str) -> None:
    """In the browser alone: how many papers came since it was last opened; opening it makes them seen."""
    ask(page, base, q="model")
    told = page.locator("[data-find-told]")
    told.get_by_role("button", name=re.compile("收藏这次|Keep this")).click()
    expect(told.locator("[aria-pressed=true]")).to_be_visible()
    page.evaluate(
        "localStorage.setItem('arxiv-daily:/arxiv-daily/:searches',"
        " JSON.stringify([{id: 'model', seen: '2026-01-06'}, {id: 3}]))"
    )
    ask(page, base)
    kept = page.locator(".kept li")
    expect(kept).to_have_count(1)
    expect(kept.locator("small")).to_have_text(re.compile(r"\d"))
    kept.locator("a").click()
    expect(told).to_contain_text(re.compile("2026-01-06 以来有|New since 2026-01-06"))
    page.reload()
    expect(told.locator("[aria-pressed=true]")).to_be_visible()
    expect(told).not_to_contain_text("2026-01-06")


@IN_BOTH_LANGUAGES
def test_what_was_not_picked_is_found_where_it_is_asked_for(page: Page, base: str) -> None:
    """Titles and scores, of which nothing loads before; the choice stands in the address; a failure is told."""
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    ask(page, base, q="learning -video")
    others = page.locator(".unpicked")
    expect(others.get_by_role("button")).to_have_count(1)
    assert not any("search-index/unpicked" in url for url in loaded)
    page.route("**/search-index/unpicked-*", lambda route: route.abort())
    others.get_by_role("button").click()
    page.wait_for_url("**/search/?q=*&unpicked=1")
    expect(others.get_by_role("status")).to_have_text(re.compile("没有读到|could not be loaded"))
    page.unroute("**/search-index/unpicked-*")
    others.locator("p button").last.click()
    expect(others.get_by_role("status")).to_have_text(re.compile("个标题|titles were searched"))
    expect(others.locator("li mark").first).to_have_text(re.compile("^learn", re.IGNORECASE))
    expect(others.locator("li", has_text=re.compile("video", re.IGNORECASE))).to_have_count(0)
    first = others.locator("li").first
    expect(first.locator("b")).to_have_text(re.compile(r"^\d\.\d$"))
    expect(first.locator("a").first).to_have_attribute("href", re.compile(r"^https://arxiv\.org/abs/\d{4}\.\d{5}$"))
    assert Axe().run(page).response["violations"] == []
    first.locator("a").last.click()
    page.wait_for_url("**/days/2026/2026-*/")
    page.go_back()
    others.get_by_role("button").first.click()
    expect(others.locator("li")).to_have_count(0)


def test_an_unknown_operator_is_told(page: Page, base: str) -> None:
    """It was searched as words."""
    ask(page, base, q="auther:wei")
    expect(page.locator("[data-find-status]")).to_contain_text("auther:")


def test_both_sides_make_the_same_tokens(page: Page, base: str) -> None:
    """What is indexed in Python is asked for in JavaScript."""
    chance = random.Random(3)
    alphabet = "aeiou ssedingyzqQZ09-.,（）。“”·Ａ１éøßİıǅﬁ①한글対齊对模型𠮷😀αΣς\u0301\u200d/"
    texts = ["".join(chance.choices(alphabet, k=chance.randint(1, 12))) for _ in range(3000)]
    page.goto(base)
    found = page.evaluate(
        "async ([base, texts]) => { const m = await import(`${base}assets/js/search/tokens.js`);"
        " return texts.map((text) => [m.fold(text), m.tokens(text)]); }",
        [base, texts],
    )
    assert [[tokens.fold(text), tokens.tokens(text)] for text in texts] == found


def test_everything_that_holds_the_query_is_found(browser: Browser, tmp_path: Path) -> None:
    """The sample and a generated year: all that hold it, and in Chinese no others."""
    config: Config = load(CONFIG, {})
    shutil.copy(CONFIG, tmp_path / "config.toml")
    list(make_days(tmp_path, config))
    make_archive.make_archive(tmp_path, 1, days=250, picks=4, rest=0, last=2025)
    store = store_of(tmp_path)
    target = tmp_path / "site"
    shutil.copytree(PROJECT / "overrides" / "assets", target / "assets")
    (target / "index.html").write_text("<!doctype html><html lang=zh><title>x</title>")
    search.build(store, config, summaries(store, tmp_path / "none"), site_folder(target), tmp_path / "kept")
    asked = recall.queries(recall.held(store.read_all()))
    with served(target) as base:
        page = browser.new_page()
        page.goto(base)
        answers: list[dict[str, Any]] = page.evaluate(recall.FOUND, [base, [query.text for query in asked]])
        page.close()
    measured = recall.measure(asked, answers)
    assert {kind: figures.missed for kind, figures in measured.items() if figures.recall < 1} == {}
    assert measured["chinese"].precision >= 0.99 and measured["single"].precision >= 0.99
    assert json.loads((target / search.FOLDER / search.ABOUT).read_text())["segments"][0]["year"] == "2026"
