"""The feeds: which there are, and what each holds; files that are made again only when a record has changed.

Git ignores them. Each holds every pick of half a dozen days once more, anew each day: of the 225 KB by which a
repository grew in a day they were 100 (tests/bench/bench_git.py).
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial

from generator.core.code import code_digest
from generator.core.files import digest
from generator.core.i18n import words
from generator.core.model import Day, Pick
from generator.publish.feeds.formats import BUILDERS, Feed, opml
from generator.publish.feeds.items import Item, digest_item, paper_item, ranked
from generator.publish.manifest import Output
from generator.records.summaries import Summary
from generator.settings.config import Config, ResearchField

LIMIT_BYTES = 500_000
"""Where readers and their proxies begin to refuse or truncate a feed."""
DIGEST_DAYS = 50
PAPER_DAYS = 3
"""Announcements that a feed of papers holds at least, whatever its size: a daily poller must lose none."""
MOST_DAYS = 125
"""Half a year of announcements: a feed with few papers reaches no farther back: render need not read all years."""

Build = Callable[[Sequence[Item]], bytes]


def catalogue(config: Config) -> list[Feed]:
    """All feeds of the site, the one for most readers first."""
    language = config.site.language
    word = words(language)
    title, top = config.site.title, config.feeds.top_score
    top_text = word["feeds_top"].format(score=f"{top:g}")
    digest_label, papers_label = word["feeds_digest_title"], word["feeds_papers_title"]
    return [
        Feed("feed.xml", "rss", title, word["feeds_digest"], None, digest_label),
        Feed("atom.xml", "atom", title, word["feeds_digest"], None, f"{digest_label} (Atom)"),
        Feed("feed.json", "json", title, word["feeds_digest"], None, f"{digest_label} (JSON Feed)"),
        Feed("papers.xml", "rss", f"{title} · {papers_label}", word["feeds_papers"], lambda _: True, papers_label),
        Feed(
            "feeds/top.xml", "rss", f"{title} · {top_text}", top_text, lambda pick: pick.verdict.score >= top, top_text
        ),
        *(_field_feed(field, config) for field in config.fields),
    ]


def _field_feed(field: ResearchField, config: Config) -> Feed:
    label = field.label(config.site.language)
    return Feed(
        path=f"feeds/{field.slug}.xml",
        form="rss",
        title=f"{config.site.title} · {label}",
        description=words(config.site.language)["feeds_field"].format(name=label),
        holds=partial(_in_field, slug=field.slug),
        label=label,
        field=field.slug,
    )


def _in_field(pick: Pick, slug: str) -> bool:
    return pick.verdict.field == slug


def feed_outputs(found: Sequence[Summary], read: Callable[[dt.date], Day | None], config: Config) -> list[Output]:
    """The files of all feeds, from the days FOUND (oldest first). A record is READ only if a feed is made anew."""
    program = code_digest(__name__)
    held = held_days(found)
    items = _Items(held, read, config)
    settings = config.model_dump_json(include={"site", "feeds", "fields"})
    inputs = digest(program, settings, *(one.digest for one in held))
    outputs = [
        Output(feed.path, digest(inputs, feed.path), partial(_make, feed, items, config)) for feed in catalogue(config)
    ]
    return [*outputs, Output("feeds.opml", digest(program, settings), partial(opml, config, catalogue(config)))]


def held_days(found: Sequence[Summary]) -> list[Summary]:
    """Those of FOUND (oldest first) that feeds may speak of, newest first: half a year, none that was imported."""
    return [one for one in reversed(found) if one.announced and not one.imported][:MOST_DAYS]


class _Items:
    """The items of the days HELD, written once for all feeds. A paper is an item of the oldest day that holds it."""

    def __init__(self, held: Sequence[Summary], read: Callable[[dt.date], Day | None], config: Config) -> None:
        self.held = held
        self.read = read
        self.config = config
        self.digests: dict[dt.date, Item] = {}
        self.papers: dict[str, Item] = {}

    @cached_property
    def days(self) -> list[Day]:
        """The records, newest first."""
        return [day for one in self.held if (day := self.read(one.date)) is not None]

    @cached_property
    def home(self) -> dict[str, dt.date]:
        """The oldest day that holds a paper, by its id."""
        return {pick.paper.id: day.date for day in self.days for pick in day.picks}

    def of_day(self, day: Day) -> Item:
        """DAY as one item of the digest."""
        if day.date not in self.digests:
            self.digests[day.date] = digest_item(day, self.config)
        return self.digests[day.date]

    def of_papers(self, day: Day, holds: Callable[[Pick], bool]) -> list[Item]:
        """Those picks of DAY that a feed HOLDS, best first."""
        if not any(map(holds, day.picks)):
            return []
        items: dict[str, Item] = {}
        for place, pick in enumerate(ranked(day), start=1):
            key = pick.paper.id
            if self.home[key] == day.date and key not in items and holds(pick):
                if key not in self.papers:
                    self.papers[key] = paper_item(day, pick, place, self.config)
                items[key] = self.papers[key]
        return list(items.values())


def _make(feed: Feed, items: _Items, config: Config) -> bytes:
    build = partial(BUILDERS[feed.form], feed, config)
    if feed.holds is None:
        return build(fill(([items.of_day(day)] for day in items.days[:DIGEST_DAYS]), build, at_least=1))
    return build(fill((items.of_papers(day, feed.holds) for day in items.days), build, at_least=PAPER_DAYS))


def fill(batches: Iterable[Sequence[Item]], build: Build, at_least: int) -> list[Item]:
    """The items of the first BATCHES, each whole, that BUILD makes LIMIT_BYTES of; AT_LEAST of them at any size."""
    frame = size = len(build([]))
    items: list[Item] = []
    for number, batch in enumerate(batches):
        size += len(build(batch)) - frame if batch else 0
        if size > LIMIT_BYTES and number >= at_least:
            break
        items += batch
    return items
