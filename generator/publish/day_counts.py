"""What each day's titles and picks count, kept in .cache, so that sums over months read no old record.

All terms are counted, the rare ones too: what a daily cut-off leaves out would count as zero in sums of weeks.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from generator.core.code import code_digest
from generator.core.files import digest
from generator.core.model import Day
from generator.publish import build_cache
from generator.records.summaries import Summary
from generator.records.title_terms import all_terms

COUNTS_FOLDER = "day-counts"


class DayCounts(NamedTuple):
    """The counts of one day, or of several added up."""

    titles: int
    """Papers whose title is known."""
    terms: Counter[str]
    """Of these, by term."""
    authors: Counter[str]
    """Picks by author."""


def day_counts_of(day: Day) -> DayCounts:
    """The counts of DAY."""
    authors = Counter(name for pick in day.picks for name in dict.fromkeys(pick.paper.authors))
    return DayCounts(len(day.titles), all_terms(day.titles), authors)


def total(days: Iterable[DayCounts]) -> DayCounts:
    """DAYS added up."""
    titles, terms, authors = 0, Counter[str](), Counter[str]()
    for day in days:
        titles += day.titles
        terms.update(day.terms)
        authors.update(day.authors)
    return DayCounts(titles, terms, authors)


class KeptCounts:
    """The counts of days by their summaries; kept below CACHE, or nowhere where that is None."""

    def __init__(self, read: Callable[[Summary], Day], cache: Path | None) -> None:
        self._read = read
        self._folder = cache / COUNTS_FOLDER if cache else None
        self._code = code_digest("generator.publish.day_counts")

    def of(self, days: Sequence[Summary]) -> list[DayCounts]:
        """The counts of each of DAYS; those of other days are not kept any longer."""
        names = [f"{day.date}.{digest(self._code, day.digest)}" for day in days]
        if self._folder:
            build_cache.make_folder(self._folder)
            for path in self._folder.iterdir():
                if path.name not in names:
                    build_cache.remove(path)
        return [self._one(day, name) for day, name in zip(days, names, strict=True)]

    def _one(self, day: Summary, name: str) -> DayCounts:
        path = self._folder / name if self._folder else None
        if path and (content := build_cache.take(path)) is not None:
            titles, terms, authors = json.loads(content)
            return DayCounts(titles, Counter(terms), Counter(authors))
        counts = day_counts_of(self._read(day))
        if path:
            build_cache.put(path, json.dumps(counts, ensure_ascii=False, separators=(",", ":")).encode())
        return counts
