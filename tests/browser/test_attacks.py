"""A site made of every attack string, in Chromium: nothing runs, nothing is fetched from elsewhere, no page breaks."""

import datetime as dt
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Error, Page, Request, Route
from support import archive
from support.attacks import FAMILIES, PLACES, Attack, attacks, is_live, switch_gate_off

from generator.core.calendar import announcement_days
from generator.core.console import Talk
from generator.core.errors import HostileTextError
from generator.core.model import Day, Pick, Related, Unscored, Verdict
from generator.judges.llm.reply import model_name, read_reason
from generator.publish.build import publish
from generator.publish.render import render
from generator.publish.site import build as site
from generator.publish.site.serve import make_server
from generator.records.store import Store
from generator.settings.config import Config
from generator.sources.xml import make_paper

URL = "https://reader.example/arxiv-daily/"
A_DAY = 60
"""Attacks on one day's page."""

WATCH = """
window.pwn = number => { note("ran", number); };
document.addEventListener("securitypolicyviolation", event => { note("violation", event.violatedDirective); });
"""


class Seen(NamedTuple):
    """What happened while pages were open."""

    ran: list[int]
    foreign: list[str]
    violations: list[str]
    errors: list[str]


def pick(attack: Attack, config: Config, before: Attack | None) -> Pick:
    """A paper that brings ATTACK wherever a stranger or the model can write, through the readers of both."""
    text = attack.text
    paper = make_paper(
        paper_id=f"2601.{attack.number:05}",
        title=text,
        authors=[text, f"Ann {text}", *([text] * 9 if attack.number % 5 == 0 else [])],
        abstract=text,
        categories=["cs.LG", text],
        submitted=dt.datetime(2026, 1, 13, 9, tzinfo=dt.UTC),
        comment=text,
    )
    field = config.fields[attack.number % len(config.fields)].slug
    score = 7 + attack.number % 7 / 2
    related = (Related(id=f"2601.{before.number:05}", title=before.text, date=archive.WEDNESDAY),) if before else ()
    verdict = Verdict(score=score, raw=score, field=field, reason=read_reason(f"新。{text}"))
    return Pick(paper=paper, verdict=verdict, related=related, notes=("flagged",) if attack.number % 9 == 0 else ())


def hostile_days(config: Config, chosen: Sequence[Attack]) -> list[Day]:
    """The CHOSEN attacks, some a day, and a day's model and unscored papers of the same kind."""
    days = []
    parts = [chosen[start : start + A_DAY] for start in range(0, len(chosen), A_DAY)]
    dates = announcement_days(archive.WEDNESDAY, archive.WEDNESDAY + dt.timedelta(days=60))
    for date, some in zip(dates, parts, strict=False):
        first = some[0] if date == archive.WEDNESDAY else None
        picks = [pick(attack, config, first if attack is not first else None) for attack in some]
        rows = tuple(
            Unscored(
                id=f"2602.{attack.number:05}",
                title=pick(attack, config, None).paper.title,
                primary="cs.LG",
                why="refused",
            )
            for attack in some[::3]
        )
        model = model_name(some[-1].text) or "x"
        days.append(archive.day(date, picks=tuple(picks), unscored=rows, model=model, rest=(), spared=()))
    return days


def filled(root: Path, config: Config, chosen: Sequence[Attack]) -> list[Day]:
    days = hostile_days(config, chosen)
    archive.fill(Store(root / "docs" / "data"), days)
    return days


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of FOLDER on a server of this machine."""
    with make_server(folder, URL, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/arxiv-daily/"
        finally:
            server.shutdown()
            thread.join()


def visit(browser: Browser, folder: Path, look: Callable[[str, Page], None]) -> Seen:
    """Open every page of FOLDER, call LOOK on each, and return what happened."""
    seen = Seen([], [], [], [])
    context = browser.new_context()
    context.add_init_script(WATCH)

    def note(source: Any, kind: str, what: Any) -> None:
        if kind == "ran":
            seen.ran.append(what)
        else:
            seen.violations.append(f"{source['page'].url}: {what}")

    context.expose_binding("note", note)
    with served(folder) as address:

        def route(request: Request) -> bool:
            if request.url.startswith((address, "data:", "about:", "blob:")):
                return False
            seen.foreign.append(request.url)
            return True

        context.route("**/*", lambda way: way.abort() if route(way.request) else way.continue_())
        for path in sorted(folder.rglob("*.html")):
            name = path.relative_to(folder).as_posix()
            if name.startswith("ops/") and name != "ops/index.html":
                continue  # written by hand
            page = context.new_page()
            page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: seen.errors.append(str(error)))
            page.goto(address + name, wait_until="load")
            page.wait_for_timeout(50)
            look(name, page)
            page.close()
    context.close()
    return seen


CARDS = """
() => {
  const known = "h3 a p i em small div details summary time span b button svg path math".split(" ");
  const inside = part => part.closest("math") || known.includes(part.localName);
  return [...document.querySelectorAll("article.paper")].map(card => [
    card.id,
    [...card.children].map(part => part.localName + "." + part.className).join(" "),
    [...card.querySelectorAll("*")].filter(part => !inside(part)).map(part => part.localName).join(" "),
  ]);
}
"""


@pytest.mark.parametrize(("language", "half"), [("zh", 0), ("en", 1)])
def test_nothing_of_an_attack_gets_in(root: Path, browser: Browser, language: str, half: int) -> None:
    """No script, no foreign request, no violation of the policy, no card out of shape, on no page of the site.

    Each attack is tried in one language; the templates of both are the same.
    """
    config = archive.config(language, url=URL)
    days = filled(root, config, [attack for attack in attacks() if attack.number // 2 % 2 == half])
    published = publish(root, config, Talk(quiet=True), "2026-03")
    assert published.withheld == frozenset()
    pages: dict[str, list[list[str]]] = {}

    def look(name: str, page: Page) -> None:
        assert page.locator("footer.foot").count() == 1 and page.locator("header.top").count() == 1
        pages[name] = page.evaluate(CARDS)

    seen = visit(browser, root / "site", look)
    assert seen == Seen([], [], [], [])
    for day in days:
        cards = pages[f"days/{day.date.year}/{day.date}/index.html"]
        assert sorted(card[0] for card in cards) == sorted(shown.paper.id for shown in day.picks)
    strange = {
        card[0]: card for cards in pages.values() for card in cards if card[2] or not card[1].startswith("h3. p.score")
    }
    assert strange == {}


def test_without_the_gate_the_scan_sees_the_attacks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with the gate off the scan finds papers by the hundred, and nothing is published."""
    config = archive.config(url=URL)
    switch_gate_off(monkeypatch.setattr)
    filled(root, config, attacks())
    render(root, config)
    with pytest.raises(HostileTextError) as caught:
        site.build_site(root, config)
    assert len(caught.value.papers) > 100


IN_PAGES = ("card", "heading", "formula", "head", "link", "shown", "feed", "json")
"""Places whose document a browser shows; in the others (front matter, logs) an attack forges keys and commands."""
ALONE, TOUCHED = 90, 130
"""Attacks that act, at least: a frame that is slow may be counted out."""
TOGETHER = 20
"""Attacks on one page, each in a frame of its own: one that hangs takes few others with it."""
TOUCH = """
async () => {
  const touch = frame => {
    const inside = frame.contentDocument;
    for (const part of inside ? [...inside.querySelectorAll("*")].slice(0, 200) : []) {
      for (const kind of ["mouseover", "mouseenter", "pointerenter", "mousedown", "focus", "toggle", "close"])
        part.dispatchEvent(new MouseEvent(kind));
      if (part.localName !== "form") part.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      if (part.localName === "form") part.requestSubmit?.();
    }
  };
  document.querySelectorAll("iframe").forEach(frame => { try { touch(frame); } catch {} });
  await new Promise(done => setTimeout(done, 300));
}
"""
FRAMES = """
async documents => {
  for (const one of documents) {
    const frame = document.createElement("iframe");
    frame.srcdoc = one;
    document.body.append(frame);
  }
  await new Promise(done => setTimeout(done, 700));
}
"""


def as_page(attack: Attack) -> str:
    """The document that a browser would show where the gate is left out."""
    made: str = PLACES[attack.place].naive(attack.text)
    return made if attack.place != "feed" else f"<!doctype html><html><body>{attack.text}</body></html>"


def acting(browser: Browser, some: list[Attack]) -> tuple[set[int], set[int]]:
    """Which of SOME run script or ask another host by themselves, and which when they are touched."""
    context = browser.new_context()
    context.set_default_timeout(20_000)
    context.add_init_script("window.pwn = number => { note(number); };")
    acted: set[int] = set()
    context.expose_binding("note", lambda _source, number: acted.add(number))

    def refuse(way: Route) -> None:
        acted.update(int(found) for found in re.findall(r"evil\.example/(\d+)", way.request.url))
        way.abort()

    context.route("**/*", refuse)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.set_content("<!doctype html><title>x</title>")
    page.evaluate(FRAMES, [as_page(attack) for attack in some])
    alone = set(acted)
    with suppress(Error):  # one of them has led the page away, or holds it: what it did until then counts
        page.evaluate(TOUCH)
    with suppress(Error):
        context.close()
    return alone, acted


def test_attacks_act_where_the_gate_is_left_out(browser: Browser) -> None:
    """Each on a page of its own: most run script or load something, by themselves or at a touch; the others forge."""
    shown = [attack for attack in attacks() if attack.place in IN_PAGES]
    alone: set[int] = set()
    touched: set[int] = set()
    for start in range(0, len(shown), TOGETHER):
        first, then = acting(browser, shown[start : start + TOGETHER])
        alone |= first
        touched |= then
    print(f"\n{'family':<14} strings  live  alone  touched")
    for family in FAMILIES:
        mine = [attack for attack in attacks() if attack.family == family]
        numbers = {attack.number for attack in mine}
        live = sum(map(is_live, mine))
        print(f"{family:<14} {len(mine):>7} {live:>5} {len(numbers & alone):>6} {len(numbers & touched):>8}")
        assert live == len(mine)
    print(f"{'all':<14} {len(attacks()):>7} {'':>5} {len(alone):>6} {len(touched):>8}")
    assert len(alone) >= ALONE and len(touched) >= TOUCHED
