"""A year in minutes: every tick of the schedule runs the real `run` against a loopback arXiv and a loopback model.

What goes wrong is drawn from a seed: ticks that GitHub drops or starts hours late, an API that is down, feeds that are
stale, papers that moderation holds back, holidays. The same papers are then read undisturbed, once a day, and the two
archives are compared.
"""

import datetime as dt
import io
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from fake_arxiv import FakeArxiv, FakePaper, fake_paper
from fake_llm import FakeLlm
from pydantic import SecretStr

from generator.announcement import is_real
from generator.config import Arxiv, Config, Llm, ResearchField, Site
from generator.daily import Context, Options, run
from generator.dates import announcement_days, newest_announcement_day
from generator.model import Day
from generator.receipt import missing
from generator.render import store_of
from generator.talk import Talk

CATEGORIES = ("cs.AI", "cs.CV", "cs.LG")
FIELDS = (
    ResearchField(slug="one", name="One", description="What the first field is about."),
    ResearchField(slug="two", name="Two", description="What the second field is about."),
)
TICKS = (dt.time(5, 17), dt.time(6, 43), dt.time(8, 26), dt.time(11, 38), dt.time(15, 52), dt.time(21, 9))
"""As .github/workflows/daily.yml has them; a test compares."""

FIRST = dt.date(2025, 9, 1)
HOLIDAYS_A_YEAR = 12
DROPPED, LATE, LATEST_HOURS = 0.1, 0.2, 13.0
API_DOWN, API_DOWN_HOURS = 0.05, 6.0
STALE = 0.05
HELD, HELD_DAYS = 0.02, 6


class Year(NamedTuple):
    """What happens: papers with the announcement that brings them, and what goes wrong when."""

    first: dt.date
    last: dt.date
    papers: list[FakePaper]
    held: frozenset[str]
    holidays: frozenset[dt.date]
    stale: Mapping[dt.date, str]
    down: list[tuple[dt.datetime, dt.datetime]]
    ticks: list[dt.datetime]


class Outcome(NamedTuple):
    """What came of it."""

    records: dict[dt.date, Day]
    asked: Counter[str]
    runs: int
    codes: Counter[int]
    unnamed: list[str]
    pages: int


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
    ticks = sorted(_ticks(chance, first, last))
    return Year(first, last, papers, frozenset(held), holidays, stale, down, ticks)


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
    count = (year.last - year.first).days + 1
    noon = dt.datetime.combine(year.first, dt.time(12), dt.UTC)
    return year._replace(stale={}, down=[], ticks=[noon + dt.timedelta(days=number) for number in range(count)])


def verdict(paper: str) -> tuple[object, object, object]:
    """A fixed verdict for each paper; a quarter are picks."""
    number = int(paper[-5:])
    return (8.0, "One" if number % 3 else "Two", f"理由 {paper}") if number % 4 == 0 else (3.5, "One", None)


def live_through(year: Year, root: Path) -> Outcome:
    """Run every tick of YEAR in ROOT, then twice more when all is calm, so that what was begun at the end is ended."""
    codes: Counter[int] = Counter()
    unnamed: list[str] = []
    with FakeArxiv() as arxiv, FakeLlm(verdict) as llm:
        arxiv.holidays = set(year.holidays)
        config = Config(
            site=Site(title="Simulated", url="https://example.org/papers/"),
            arxiv=Arxiv(
                categories=CATEGORIES, api_url=arxiv.api_url, rss_url=arxiv.rss_url, delay_seconds=0, patience_minutes=0
            ),
            llm=Llm(base_url=llm.url, model="fake-1", concurrency=2),
            fields=FIELDS,
        )
        calm = [dt.datetime.combine(year.last, dt.time(23, 30), dt.UTC) + dt.timedelta(minutes=n) for n in (0, 20)]
        for now in [*(tick for tick in year.ticks if tick < calm[0]), *calm]:
            _set_scene(arxiv, year, now, calm=now in calm)
            said = io.StringIO()
            talk = Talk(quiet=True, out=said, err=said)
            codes[run(Context(root, config, SecretStr("key"), now, talk), Options())] += 1
            unnamed += _unnamed(root, now, said.getvalue())
        asked = Counter(llm.papers_asked)
    store = store_of(root)
    records = {date: record for date in store.dates() if (record := store.read(date)) and is_real(record)}
    pages = len(list((root / "docs" / "days").rglob("*.md")))
    return Outcome(records, asked, sum(codes.values()), codes, unnamed, pages)


def _set_scene(arxiv: FakeArxiv, year: Year, now: dt.datetime, *, calm: bool) -> None:
    near = dt.timedelta(days=35)
    arxiv.papers = [paper for paper in year.papers if now - near < paper.submitted < now + near]
    arxiv.now = now
    arxiv.heal()
    category = year.stale.get(newest_announcement_day(now))
    arxiv.stale = {category} if category and not calm else set()
    if not calm and any(began <= now < ended for began, ended in year.down):
        arxiv.fail("503")


def _unnamed(root: Path, now: dt.datetime, said: str) -> list[str]:
    """Gaps of the newest announcement that neither its record nor the run's own words name."""
    newest = newest_announcement_day(now)
    record = store_of(root).read(newest)
    if record is None:
        return [] if str(newest) in said else [f"{now}: nothing of {newest}, and nothing said"]
    if record.complete or list(missing(record)):
        return []
    return [f"{now}: {newest} is incomplete and does not say why"]


class Comparison(NamedTuple):
    """The disturbed archive against the undisturbed one; every list is to be empty."""

    lost: list[str]
    twice: list[str]
    moved: list[str]  # papers that are not late, filed under another day
    incomplete: list[str]
    empty: list[str]
    different: list[str]  # days whose records differ by more than usage, time of update, and papers filed late
    late_moved: int  # late papers filed under another day: allowed
    paid_twice: list[str]


def compare(year: Year, disturbed: Outcome, calm: Outcome) -> Comparison:
    """What the disturbances have changed."""
    due = {paper.id for paper in year.papers if _announced(paper, year)}
    where = [{paper: date for date, day in one.records.items() for paper in day.ids} for one in (disturbed, calm)]
    count = Counter(paper for day in disturbed.records.values() for paper in day.ids)
    moved = [paper for paper in due if where[0].get(paper) != where[1].get(paper)]
    return Comparison(
        lost=sorted(due - count.keys()),
        twice=sorted(paper for paper, times in count.items() if times > 1),
        moved=sorted(paper for paper in moved if paper not in year.held),
        incomplete=[str(date) for date, day in disturbed.records.items() if not day.complete],
        empty=[str(date) for date, day in disturbed.records.items() if day.announced and not day.papers_read],
        different=_different(year, disturbed, calm),
        late_moved=sum(paper in year.held for paper in moved),
        paid_twice=sorted(paper for paper, times in disturbed.asked.items() if times > 1),
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
    return [str(date) for date, one, other in both if _essence(one, year.held) != _essence(other, year.held)]


def _essence(day: Day | None, held: frozenset[str]) -> Any:
    """All of a record but usage, time of update, the channel that told a count, and what concerns late papers."""
    if day is None:
        return None
    told = day.model_dump(mode="json", exclude={"usage", "updated", "coverage", "picks", "rest", "changes"})
    told["picks"] = [pick.model_dump(mode="json") for pick in day.picks if pick.paper.id not in held]
    told["rest"] = [row.model_dump(mode="json") for row in day.rest if row.id not in held]
    told["coverage"] = {name: part.state for name, part in day.coverage.items()}
    return told
