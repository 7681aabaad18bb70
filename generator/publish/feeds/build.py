"""The files of the feeds, each made again only when a record has changed.

Git ignores them. Each holds every pick of half a dozen days once more, anew each day: of the 225 KB by which a
repository grew in a day they were 100 (tests/bench/bench_git.py).
"""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple

from generator.core.code import code_digest
from generator.core.files import digest
from generator.core.model import Day, Pick
from generator.publish.feeds.catalogue import catalogue
from generator.publish.feeds.formats import Feed, Form, assemble, opml, serialize
from generator.publish.feeds.items import Item, digest_item, paper_item, published_at, week_item
from generator.publish.manifest import Output
from generator.publish.pages.ordering import best_first
from generator.records.summaries import Summary
from generator.settings.config import Config

LIMIT_BYTES = 500_000
"""Where readers and their proxies begin to refuse or truncate a feed."""
DIGEST_DAYS = 50
PAPER_DAYS = 3
"""Announcements that a feed of papers holds at least, whatever its size: a daily poller must lose none."""
MOST_DAYS = 125
"""Half a year of announcements: a feed with few papers reaches no farther back: render need not read all years."""

_DAY_BYTES = LIMIT_BYTES // PAPER_DAYS - 2_000
_BARE_BYTES = 1_450
"""What the item of a paper weighs without its abstract. What is left of a day's share goes to abstracts, best first."""

SerializedItem = tuple[Item, bytes]
"""An item, and how it stands in a feed."""


class Records(NamedTuple):
    """How records are read: a day, and the abstracts of its picks by id."""

    day: Callable[[dt.date], Day | None]
    abstracts: Callable[[dt.date], Mapping[str, str]]


def feed_outputs(found: Sequence[Summary], records: Records, config: Config) -> list[Output]:
    """The files of all feeds, from the days FOUND (oldest first). A record is read only if a feed is made anew."""
    program = code_digest(__name__)
    held = held_days(found)
    items = _Items(held, records, config)
    settings = config.model_dump_json(include={"site", "feeds", "fields"})
    inputs = digest(program, settings, *(summary.digest for summary in held))
    outputs = [
        Output(feed.path, digest(inputs, feed.path), partial(_make, feed, items, config)) for feed in catalogue(config)
    ]
    return [*outputs, Output("feeds.opml", digest(program, settings), partial(opml, config, catalogue(config)))]


def held_days(found: Sequence[Summary]) -> list[Summary]:
    """Those of FOUND (oldest first) that feeds may speak of, newest first: half a year, none that was imported."""
    return [summary for summary in reversed(found) if summary.announced and not summary.imported][:MOST_DAYS]


def _updates(held: Iterable[Summary]) -> dict[dt.date, dt.datetime]:
    """When each day changed last: never the same moment for two, by which some readers tell entries apart."""
    found: dict[dt.date, dt.datetime] = {}
    taken: set[dt.datetime] = set()
    for summary in sorted(held, key=lambda summary: summary.date):
        moment = max(summary.updated, published_at(summary.date))
        while moment in taken:
            moment += dt.timedelta(seconds=1)
        taken.add(moment)
        found[summary.date] = moment
    return found


class _Items:
    """The items of the days HELD, written once for all feeds. A paper is an item of the oldest day that holds it."""

    def __init__(self, held: Sequence[Summary], records: Records, config: Config) -> None:
        self.held = held
        self.records = records
        self.config = config
        self.updates = _updates(held)
        self.digests: dict[dt.date, Item] = {}
        self.papers: dict[tuple[Form, str], SerializedItem] = {}
        self.abstracts: dict[dt.date, dict[str, str]] = {}

    @cached_property
    def days(self) -> list[Day]:
        """The records, newest first."""
        return [day for summary in self.held if (day := self.records.day(summary.date)) is not None]

    @cached_property
    def first_day_of_paper(self) -> dict[str, dt.date]:
        """The oldest day that holds a paper, by its id."""
        return {pick.paper.id: day.date for day in self.days for pick in day.picks}

    def of_days(self, form: Form) -> Iterator[list[SerializedItem]]:
        """Each day as one item, newest first."""
        for day in self.days[:DIGEST_DAYS]:
            if day.date not in self.digests:
                self.digests[day.date] = digest_item(day, self.updates[day.date], self.config)
            yield self._serialized(form, [self.digests[day.date]])

    def of_weeks(self, form: Form) -> Iterator[list[SerializedItem]]:
        """Each week that is over as one item, newest first: the newest record is of a later one."""
        weeks = [list(days) for _, days in itertools.groupby(self.days, key=lambda day: day.date.isocalendar()[:2])]
        for days in weeks[1:]:
            updated = max(self.updates[day.date] for day in days)
            yield self._serialized(form, [week_item(days[::-1], updated, self.config)])

    def of_papers(self, form: Form, holds: Callable[[Pick], bool]) -> Iterator[list[SerializedItem]]:
        """Those picks of each day that a feed HOLDS, best first; newest day first."""
        for day in self.days:
            wanted: dict[str, tuple[int, Pick]] = {}
            for place, pick in enumerate(best_first(day.picks), start=1):
                if holds(pick) and self.first_day_of_paper[pick.paper.id] == day.date:
                    wanted.setdefault(pick.paper.id, (place, pick))
            new = [row for paper, row in wanted.items() if (form, paper) not in self.papers]
            items = [paper_item(day, pick, place, self._abstract(day, pick), self.config) for place, pick in new]
            entries = self._serialized(form, items)
            self.papers |= {(form, pick.paper.id): entry for (_, pick), entry in zip(new, entries, strict=True)}
            yield [self.papers[form, paper] for paper in wanted]

    def _abstract(self, day: Day, pick: Pick) -> str:
        """The abstract of PICK, if the share of its DAY in a feed has room for it: the best picks come first."""
        if day.date not in self.abstracts:
            found = self.records.abstracts(day.date) if day.picks else {}
            left = _DAY_BYTES - _BARE_BYTES * len(day.picks)
            texts = self.abstracts[day.date] = {}
            for better in best_first(day.picks):
                text = found.get(better.paper.id, "")
                left -= len(text.encode())
                if left < 0:
                    break
                texts[better.paper.id] = text
        return self.abstracts[day.date].get(pick.paper.id, "")

    def _serialized(self, form: Form, items: Sequence[Item]) -> list[SerializedItem]:
        return list(zip(items, serialize(form, items, self.config), strict=True)) if items else []


def _make(feed: Feed, items: _Items, config: Config) -> bytes:
    if feed.period == "day":
        batches, at_least = items.of_days(feed.form), 1
    elif feed.period == "week":
        batches, at_least = items.of_weeks(feed.form), 1
    else:
        batches, at_least = items.of_papers(feed.form, feed.holds), PAPER_DAYS
    entries = fit_items(batches, len(assemble(feed, config, [], None)), at_least)
    updated = max((item.updated for item, _ in entries), default=None)
    return assemble(feed, config, [content for _, content in entries], updated)


def fit_items(batches: Iterable[Sequence[SerializedItem]], frame: int, at_least: int) -> list[SerializedItem]:
    """The first BATCHES, each whole, that LIMIT_BYTES hold beside a FRAME; AT_LEAST of them at any size."""
    size = frame
    entries: list[SerializedItem] = []
    for number, batch in enumerate(batches):
        size += sum(len(content) + 2 for _, content in batch)
        if size > LIMIT_BYTES and number >= at_least:
            break
        entries += batch
    return entries
