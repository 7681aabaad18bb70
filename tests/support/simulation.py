"""A year in minutes: every tick of the schedule runs the real `run` against a loopback arXiv and a loopback model.

What goes wrong is drawn from a seed: ticks that GitHub drops or starts hours late, an API that is down, feeds that are
stale, papers that moderation holds back, holidays. The same papers are then read undisturbed, once a day, and the two
archives are compared.
"""

import contextlib
import datetime as dt
import io
import itertools
import json
import os
import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, NamedTuple
from unittest import mock

from fakes.arxiv import FakeArxiv, FakePaper, fake_paper
from fakes.llm import FakeLlm

from generator.cli import main
from generator.commands.alarm import overdue
from generator.core.calendar import NEW_YORK, announcement_days, newest_announcement_day
from generator.core.model import Day
from generator.judges.llm.ledger import LEDGER
from generator.records.store import store_of
from generator.records.summaries import summaries_of
from generator.run.report import missing
from generator.settings.config import Config, load
from generator.settings.context import STATE
from support.delivery import CHANNELS, Delivery

CATEGORIES = ("cs.AI", "cs.CV", "cs.LG")
CONFIG = f"""
[site]
title = "Simulated"
url = "https://example.org/papers/"
[arxiv]
categories = [{", ".join(f'"{name}"' for name in CATEGORIES)}]
delay_seconds = 0
patience_minutes = 0
[llm]
model = "fake-1"
concurrency = 2
[[fields]]
slug = "one"
name = "One"
description = "What the first field is about."
[[fields]]
slug = "two"
name = "Two"
description = "What the second field is about."
"""
TICKS = (dt.time(5, 17), dt.time(6, 43), dt.time(8, 26), dt.time(11, 38), dt.time(15, 52), dt.time(21, 9))
"""As .github/workflows/daily.yml has them; a test compares."""

FIRST = dt.date(2025, 9, 1)
HOLIDAYS_A_YEAR = 12
DROPPED, LATE, LATEST_HOURS = 0.1, 0.2, 13.0
API_DOWN, API_DOWN_HOURS = 0.05, 6.0
STALE = 0.05
HELD, HELD_DAYS = 0.02, 6
STALLS, LONGEST_STALL = 10, 4
"""How often in 400 days the source stands still, for how many announcements at most."""

Stall = tuple[dt.datetime, dt.datetime, Literal["dated", "empty", "lives"]]
"""From when to when, and what the RSS does meanwhile: see FakeArxiv."""


class Year(NamedTuple):
    """What happens: papers with the announcement that brings them, and what goes wrong when."""

    first: dt.date
    last: dt.date
    papers: list[FakePaper]
    held: frozenset[str]
    holidays: frozenset[dt.date]
    stale: Mapping[dt.date, str]
    down: list[tuple[dt.datetime, dt.datetime]]
    stalls: list[Stall]
    ticks: list[dt.datetime]
    planned: int  # ticks, before some were dropped
    late: int  # ticks that came late

    @property
    def dates(self) -> list[dt.date]:
        """The announcements of arXiv's weekly schedule."""
        return list(announcement_days(self.first, self.last))

    @property
    def summer_time_changes(self) -> int:
        """How often New York's clocks were put forward or back."""
        noons = [
            dt.datetime.combine(self.first, dt.time(12), NEW_YORK) + dt.timedelta(days=n) for n in range(self.days)
        ]
        offsets = [noon.utcoffset() for noon in noons]
        return sum(offset != other for offset, other in itertools.pairwise(offsets))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


class Outcome(NamedTuple):
    """What came of it.

    asked, votes: how often each paper was asked about, and how many votes on it the ledger held (close ones get a
    second). shortened: how often the ledger lost what is old. met: runs during an outage of the API, and with a stale
    feed. rung: alarms by day.
    """

    records: dict[dt.date, Day]
    asked: Counter[str]
    votes: Counter[str]
    shortened: int
    runs: int
    codes: Counter[int]
    unnamed: list[str]
    pages: int
    met: Counter[str]
    rung: Counter[str]


def make_year(seed: int, days: int, papers_a_day: int, trouble: float = 1, first: dt.date = FIRST) -> Year:
    """DAYS days from FIRST on, drawn from SEED, with TROUBLE times what is usual."""
    chance = random.Random(seed)
    last = first + dt.timedelta(days=days - 1)
    dates = list(announcement_days(first, last))
    inner = dates[5:-7]  # at both ends a holiday could not be told from an outage
    holidays = frozenset(chance.sample(inner, min(len(inner) // 4, round(trouble * HOLIDAYS_A_YEAR * days / 365))))
    papers, held = _papers(chance, dates, papers_a_day)
    stale = {date: chance.choice(CATEGORIES) for date in dates if chance.random() < trouble * STALE}
    down = [_outage(chance, date) for date in dates if chance.random() < trouble * API_DOWN]
    stalls = _stalls(random.Random(f"stalls {seed}"), inner, holidays, round(trouble * STALLS * days / 400))
    ticks = sorted(_ticks(chance, first, last))
    late = sum(tick.time() not in TICKS for tick in ticks)
    return Year(first, last, papers, frozenset(held), holidays, stale, down, stalls, ticks, days * len(TICKS), late)


def _papers(chance: random.Random, dates: list[dt.date], papers_a_day: int) -> tuple[list[FakePaper], set[str]]:
    papers: list[FakePaper] = []
    held: set[str] = set()
    for date in dates:
        for number in range(max(3, round(chance.gauss(papers_a_day, papers_a_day / 5)))):
            late = chance.randint(1, HELD_DAYS) if chance.random() < HELD else 0
            name = f"{date:%y%m}.{date.day * 500 + number:05}"
            primary = chance.choice(CATEGORIES)
            papers.append(fake_paper(name, str(date), primary, days_late=late, minute=chance.randrange(1300)))
            held |= {name} if late else set()
    return papers, held


def _stalls(chance: random.Random, dates: Sequence[dt.date], holidays: Collection[dt.date], count: int) -> list[Stall]:
    """COUNT stretches of DATES during which the source stands still; no holiday in them, nor right behind."""
    found: list[Stall] = []
    taken = set(holidays)
    places = range(1, len(dates) - LONGEST_STALL - 1)  # none in a simulation of few days
    while places and len(found) < count:
        place, length = chance.choice(places), chance.randint(1, LONGEST_STALL)
        if not taken.isdisjoint(dates[place - 1 : place + length + 2]):
            continue
        taken.update(dates[place - 1 : place + length + 2])
        began = dt.datetime.combine(dates[place] - dt.timedelta(days=1), dt.time(19), NEW_YORK)
        ended = dt.datetime.combine(dates[place + length - 1], dt.time(chance.choice([13, 19]), 30), NEW_YORK)
        found.append((began, ended, (["dated", "empty", "lives"])[len(found) % 3]))  # type: ignore[arg-type]
    return found


def _outage(chance: random.Random, date: dt.date) -> tuple[dt.datetime, dt.datetime]:
    began = dt.datetime.combine(date, dt.time(chance.randrange(4, 20)), dt.UTC)
    return began, began + dt.timedelta(hours=API_DOWN_HOURS)


def _ticks(chance: random.Random, first: dt.date, last: dt.date) -> Iterator[dt.datetime]:
    for number in range((last - first).days + 1):
        for time in TICKS:
            if chance.random() >= DROPPED:
                late = chance.uniform(0, LATEST_HOURS) if chance.random() < LATE else 0
                yield dt.datetime.combine(first + dt.timedelta(days=number), time, dt.UTC) + dt.timedelta(hours=late)


def undisturbed(year: Year) -> Year:
    """YEAR with nothing going wrong but what moderation and holidays do, read once a day."""
    noon = dt.datetime.combine(year.first, dt.time(12), dt.UTC)
    ticks = [noon + dt.timedelta(days=number) for number in range(year.days)]
    return year._replace(stale={}, down=[], stalls=[], ticks=ticks, planned=len(ticks), late=0)


def verdict(paper: str) -> tuple[object, object, object]:
    """A fixed verdict for each paper; a quarter are picks."""
    number = int(paper[-5:])
    return (8.0, "One" if number % 3 else "Two", f"理由 {paper}") if number % 4 == 0 else (3.5, "One", None)


def live_through(year: Year, root: Path, messages: Delivery | None = None) -> Outcome:
    """Run every tick of YEAR in ROOT, then twice more when all is calm, so that what was begun at the end is ended.

    A run is what daily.yml calls: the command, with its configuration in config.toml and the rest in the environment;
    then, with MESSAGES, `notify`.
    """
    root.mkdir(parents=True)
    (root / "config.toml").write_text(CONFIG + (CHANNELS if messages else ""))
    codes: Counter[int] = Counter()
    met: Counter[str] = Counter()
    rung: Counter[str] = Counter()
    unnamed: list[str] = []
    ledger = [""]
    with FakeArxiv() as arxiv, FakeLlm(verdict) as llm:
        arxiv.holidays = set(year.holidays)
        env = {**arxiv.env(), "OPENAI_BASE_URL": llm.url, "OPENAI_API_KEY": "key"}
        config = load(root / "config.toml", env)
        calm = [dt.datetime.combine(year.last, dt.time(23, 30), dt.UTC) + dt.timedelta(minutes=n) for n in (0, 20)]
        for now in [*(tick for tick in year.ticks if tick < calm[0]), *calm]:
            met.update(_set_scene(arxiv, year, now, calm=now in calm))
            code, said = _run(root, {**env, "ARXIV_DAILY_NOW": now.isoformat()})
            if messages:
                messages.after_run(root, now, env, calm=now in calm)
            codes[code] += 1
            unnamed += _unnamed(root, now, said)
            rung.update(_rung(root, config, now))
            ledger = _grown(ledger, root / STATE / LEDGER)
        asked = Counter(llm.papers_asked)
    store = store_of(root)
    records = {date: record for date in store.dates() if (record := store.read(date)) and record.is_real}
    pages = len(list((root / "docs" / "days").rglob("*.md")))
    votes = _votes(ledger)
    return Outcome(records, asked, votes, len(ledger) - 1, sum(codes.values()), codes, unnamed, pages, met, rung)


def _grown(ledger: list[str], path: Path) -> list[str]:
    """LEDGER, what the file at PATH held before each time that it was shortened and holds now, after another run."""
    text = path.read_text() if path.exists() else ""
    return [*ledger[:-1], text] if text.startswith(ledger[-1]) else [*ledger, text]


def _votes(ledger: list[str]) -> Counter[str]:
    """How many different votes on each paper were in LEDGER."""
    replies = [json.loads(line).get("verdicts", {}) for text in ledger for line in text.splitlines()]
    return Counter({key: row["id"] for reply in replies for key, row in reply.items()}.values())


def _run(root: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Exit code and words of `arxiv-daily run`, as the workflow calls it."""
    said = io.StringIO()
    summary = root / "summary.md"
    summary.unlink(missing_ok=True)
    with mock.patch.dict(os.environ, env), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(["run", "--root", str(root), "--summary", str(summary)])
    return code, said.getvalue() + summary.read_text()


def _set_scene(arxiv: FakeArxiv, year: Year, now: dt.datetime, *, calm: bool) -> list[str]:
    """Let ARXIV be as YEAR has it at NOW; return what goes wrong."""
    near = dt.timedelta(days=35)
    arxiv.papers = [paper for paper in year.papers if now - near < paper.submitted < now + near]
    arxiv.now = now
    arxiv.heal()
    category = year.stale.get(newest_announcement_day(now))
    arxiv.stale = {category} if category and not calm else set()
    down = not calm and any(began <= now < ended for began, ended in year.down)
    if down:
        arxiv.fail("503")
    stall = next((stall for stall in year.stalls if stall[0] <= now < stall[1] and not calm), None)
    arxiv.frozen, arxiv.frozen_rss = (stall[0], stall[2]) if stall else (None, "dated")
    return ["stalled"] * bool(stall) + ["down"] * down + ["stale"] * bool(arxiv.stale)


def _unnamed(root: Path, now: dt.datetime, said: str) -> list[str]:
    """Gaps of the newest announcement that neither its record nor the run's own words and receipt name."""
    newest = newest_announcement_day(now)
    record = store_of(root).read(newest)
    if record is None:
        return [] if str(newest) in said else [f"{now}: nothing of {newest}, and nothing said"]
    if record.complete or list(missing(record)):
        return []
    return [f"{now}: {newest} is incomplete and does not say why"]


def _rung(root: Path, config: Config, now: dt.datetime) -> list[str]:
    """The days of which the alarm's issue would speak."""
    return [line[2:12] for line in overdue(summaries_of(root), store_of(root), config, now)]


class Comparison(NamedTuple):
    """The disturbed archive against the undisturbed one; every list is to be empty."""

    lost: list[str]
    twice: list[str]
    moved: list[str]  # papers that are not late, filed under another day
    incomplete: list[str]
    empty: list[str]
    different: list[
        str
    ]  # days whose records differ by more than usage, time of update, headline, and papers filed late
    channels: int  # days on which another channel told a category's count, which is the same count
    late_moved: int  # late papers filed under another day: allowed
    paid_twice: list[str]
    false_holidays: list[str]  # days on record as such that had an announcement


def compare(year: Year, disturbed: Outcome, calm: Outcome) -> Comparison:
    """What the disturbances have changed."""
    due = {paper.id for paper in year.papers if _announced(paper, year)}
    where = [{paper: date for date, day in world.records.items() for paper in day.ids} for world in (disturbed, calm)]
    count = Counter(paper for day in disturbed.records.values() for paper in day.ids)
    moved = [paper for paper in due if where[0].get(paper) != where[1].get(paper)]
    return Comparison(
        lost=sorted(due - count.keys()),
        twice=sorted(paper for paper, times in count.items() if times > 1),
        moved=sorted(paper for paper in moved if paper not in year.held),
        incomplete=[str(date) for date, day in disturbed.records.items() if not day.complete],
        empty=[str(date) for date, day in disturbed.records.items() if day.announced and not day.papers_read],
        different=_different(year, disturbed, calm),
        channels=sum(_channels(day) != _channels(calm.records.get(date)) for date, day in disturbed.records.items()),
        late_moved=sum(paper in year.held for paper in moved),
        false_holidays=[
            str(date) for date, day in disturbed.records.items() if not day.announced and date not in year.holidays
        ],
        paid_twice=sorted(paper for paper, times in disturbed.asked.items() if times > disturbed.votes[paper]),
    )


def _announced(paper: FakePaper, year: Year) -> bool:
    """Whether PAPER came out in time to be read: before the last day ends, holidays considered."""
    shifted = FakeArxiv.day_of(_Calendar(year.holidays), paper)  # type: ignore[arg-type]
    return replace(paper, day=shifted).day <= year.last


class _Calendar:
    def __init__(self, holidays: frozenset[dt.date]) -> None:
        self.holidays = holidays


def _different(year: Year, disturbed: Outcome, calm: Outcome) -> list[str]:
    dates = sorted(disturbed.records.keys() | calm.records.keys())
    both = [(date, disturbed.records.get(date), calm.records.get(date)) for date in dates]
    return [str(date) for date, mine, other in both if _essence(mine, year.held) != _essence(other, year.held)]


def _essence(day: Day | None, held: frozenset[str]) -> Any:
    """All of a record but usage, time of update, the channel that told a count, and what concerns late papers.

    The headline is left out, too: it is what the first publication knew, which may have been half of the day.
    """
    if day is None:
        return None
    told = day.model_dump(mode="json", exclude={"usage", "updated", "coverage", "picks", "rest", "changes", "headline"})
    told["picks"] = [pick.model_dump(mode="json") for pick in day.picks if pick.paper.id not in held]
    told["rest"] = [row.model_dump(mode="json") for row in day.rest if row.id not in held]
    primaries = [pick.paper.primary for pick in day.picks if pick.paper.id in held]
    late = Counter(primaries + [row.primary for row in day.rest if row.id in held])
    told["coverage"] = {
        name: (part.state, part.read - late[name], part.read - (part.expected or 0))
        for name, part in day.coverage.items()
    }
    return told


def _channels(day: Day | None) -> list[str | None]:
    return [part.source for part in day.coverage.values()] if day else []
