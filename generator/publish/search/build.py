"""The search of the site: segments of the index, made from the records and kept by the digest of what they hold.

The newest month is a segment, the earlier months of its year are one, and so is each earlier year. A new day is added
to the newest month's segment of the build before; a month that is over is added to its year's. What is made so and what
is made at once is the same to the byte, for which days a segment holds follows from the days that there are.
"""

import datetime as dt
import functools
import gzip
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from generator.core.code import code_digest
from generator.core.files import digest
from generator.core.i18n import words
from generator.core.model import Day
from generator.publish import build_cache
from generator.publish.known_files import file_names
from generator.publish.manifest import Output
from generator.publish.search.index import DayInput, make_segment
from generator.publish.search.synonyms import Concepts, dump_groups, synonym_groups
from generator.publish.search.unpicked import Reader, build_unpicked
from generator.publish.site.folder import SiteFolder
from generator.records.store import Store
from generator.records.summaries import NO_FIELD, Summary
from generator.settings.config import Config

FOLDER = "search-index"
"""Where the indexes lie in the site."""

_DAYS_AT_HAND = 14
"""Records that are kept while both indexes read them: those of two weeks."""

ABOUT = "search.json"
"""Which segments there are, newest first; the fields, the words that the search shows, the name of the synonyms."""


class Built(NamedTuple):
    """What the indexes of a site hold, and which segments had to be made: the years or months of them."""

    years: list[str]
    papers: int
    made: list[str]


class _Segment(NamedTuple):
    """Days of one year, and the name of their index, a digest of all that it is made of: no name means two things."""

    label: str
    days: list[Summary]
    made_of: str

    @property
    def year(self) -> str:
        return self.label[:4]

    @property
    def papers(self) -> int:
        return sum(day.picks for day in self.days)

    def name(self, days: int | None = None) -> str:
        """The name of the index of the first DAYS of the days (default: all)."""
        return f"{self.label}-{digest(self.made_of, *(f'{day.date} {day.digest}' for day in self.days[:days]))}"


def _segments(found: Iterable[Summary], groups: bytes) -> list[_Segment]:
    """What there is to be searched, oldest first; GROUPS are the synonyms, which the index holds too."""
    days = [day for day in found if day.announced and day.picks]
    newest = days[-1].month if days else ""

    def label(day: Summary) -> str:
        return newest if day.month == newest else day.month[:4]

    made_of = digest(code_digest("generator.publish.search.index"), groups)
    return [_Segment(name, list(some), made_of) for name, some in groupby(days, key=label)]


def _kept(segment: _Segment, cache: Path) -> tuple[Path | None, int]:
    """The kept index of SEGMENT's first days, and how many days these are: None and 0 if there is none."""
    for days in range(len(segment.days), 0, -1):
        if found := build_cache.sealed(cache / segment.name(days)):
            return found, days
    return None, 0


def build(store: Store, config: Config, found: Iterable[Summary], site: SiteFolder, cache: Path) -> Built:
    """Put the indexes of FOUND, oldest day first, into SITE, those of an earlier build from CACHE."""
    found = list(found)
    read = functools.lru_cache(maxsize=_DAYS_AT_HAND)(store.read)
    weeks = build_unpicked(read, found, site, FOLDER, cache.with_name(f"{cache.name}-unpicked"))
    groups = synonym_groups(config)
    dumped = dump_groups(groups)
    segments, concepts = _segments(found, dumped), Concepts(groups)
    build_cache.make_folder(cache)
    kept = [_kept(segment, cache) for segment in segments]
    _remove_others(cache, [folder for folder, _ in kept])
    made, used = [], {}
    for segment, (folder, days) in zip(segments, kept, strict=True):
        if folder is not None and days == len(segment.days):
            used[segment.name()] = folder
            continue
        made.append(segment.label)
        target = cache / segment.name()
        inputs = (DayInput(day, store.abstracts(day.date)) for day in _days(read, segment.days[days:], weeks))
        make_segment(inputs, target, concepts, folder)
        used[segment.name()] = build_cache.seal(target)
    deque(weeks, maxlen=0)
    _remove_others(cache, list(used.values()))
    for name, folder in used.items():
        for file in file_names(folder):
            site.link(f"{FOLDER}/{name}/{file}", folder.name, folder / file)
    synonyms = f"synonyms-{digest(dumped)}.gz"
    site.put(Output(f"{FOLDER}/{synonyms}", synonyms, lambda: gzip.compress(dumped, mtime=0)))
    about = _describe(segments, config, synonyms)
    site.put(Output(f"{FOLDER}/{ABOUT}", digest(about), lambda: about))
    years = sorted({segment.year for segment in segments})
    return Built(years, sum(segment.papers for segment in segments), made)


def _remove_others(cache: Path, wanted: Sequence[Path | None]) -> None:
    for old in cache.iterdir():
        if old not in wanted:
            build_cache.remove(old)


def _days(read: Reader, days: Iterable[Summary], weeks: Iterator[dt.date]) -> Iterator[Day]:
    """The records of DAYS; the WEEKS before each are made while what they read is at hand."""
    made = dt.date.min
    for summary in days:
        if day := read(summary.date):
            yield day
        while made < summary.date - dt.timedelta(days=7):
            made = next(weeks, dt.date.max)


def _describe(segments: Sequence[_Segment], config: Config, synonyms: str) -> bytes:
    w = words(config.site.language)
    rows = [
        {
            "year": segment.year,
            "folder": segment.name(),
            "papers": segment.papers,
            "months": sorted({day.month for day in segment.days}),
        }
        for segment in reversed(segments)
    ]
    own = ("score", "estimate")
    about: Mapping[str, object] = {
        "segments": rows,
        "fields": {field.slug: field.label(config.site.language) for field in config.fields}
        | {NO_FIELD: w["no_field"]},
        "words": {key.removeprefix("find_"): text for key, text in w.items() if key.startswith("find_") or key in own},
        "synonyms": synonyms,
    }
    return (json.dumps(about, ensure_ascii=False, indent=0) + "\n").encode()
