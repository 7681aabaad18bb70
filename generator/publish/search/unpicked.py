"""What was judged and not picked, for the search: title and score, a file a week, read when a reader asks for them.

    unpicked.json                     [{"file": name, "from": first day, "to": last day, "papers": number}, ...], the
                                      newest first
    unpicked-MONDAY-DIGEST.gz         of a week [[date, [{"i": id, "t": title, "s": score in tenths, "c": primary
                                      category}, ...]], ...]: the newest day first, in it the best paper

A day is added to the file of its week as the build before left it. Words are looked for in the titles themselves:
an index of them would be twice as large and cost a fifth of that of the picks.
"""

import datetime as dt
import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from generator.core.code import code_digest
from generator.core.files import digest
from generator.core.model import Day
from generator.core.tex import to_unicode
from generator.publish import build_cache
from generator.publish.manifest import Output
from generator.publish.site.folder import SiteFolder
from generator.records.summaries import Summary

Reader = Callable[[dt.date], Day | None]
"""Reads the record of a day."""

UNPICKED_FILE = "unpicked.json"
"""Which files there are."""

ROWS = "rows"
"""What the file above tells of each week, in the cache."""


def build_unpicked(
    read: Reader, found: Iterable[Summary], site: SiteFolder, under: str, cache: Path
) -> Iterator[dt.date]:
    """Put the files of FOUND, oldest day first, into the folder UNDER of SITE; CACHE: what earlier builds counted.

    Gives the last day of each week whose file is made: who reads the same records goes along, week by week.
    """
    build_cache.make_folder(cache)
    weeks = [list(days) for _, days in groupby((day for day in found if day.announced), key=_monday)]
    counted = json.loads(build_cache.take(cache / ROWS) or b"{}")
    rows = {}
    for week in weeks:
        name = _name(week)
        path = f"{under}/{name}.gz"
        rows[name] = counted.get(name)
        if rows[name] is None or (rows[name]["papers"] and not site.keep(path, name)):
            papers = _week(read, week, cache)
            number = sum(len(some) for _, some in papers)
            rows[name] = {"file": f"{name}.gz", "from": str(week[0].date), "to": str(week[-1].date), "papers": number}
            if number:
                site.put(Output(path, name, partial(gzip.compress, _dumps(papers), mtime=0)))
        yield week[-1].date
    build_cache.put(cache / ROWS, _dumps(rows))
    newest = _name(weeks[-1]) if weeks else ""  # the one to which days are added
    for old in cache.iterdir():
        if old.name not in (ROWS, newest):
            build_cache.remove(old)
    about = _dumps([row for row in reversed(rows.values()) if row["papers"]])
    site.put(Output(f"{under}/{UNPICKED_FILE}", digest(about), partial(bytes, about)))


def _monday(day: Summary) -> str:
    return (day.date - dt.timedelta(days=day.date.weekday())).isoformat()


def _name(days: Sequence[Summary]) -> str:
    """The name of what DAYS, the first of a week, come to: no name means two things."""
    made_of = (code_digest(__name__), *(f"{day.date} {day.digest}" for day in days))
    return f"unpicked-{_monday(days[0])}-{digest(*made_of)}"


def _week(read: Reader, days: Sequence[Summary], cache: Path) -> list[list[Any]]:
    """The papers of DAYS, the newest day first; those of its first days as CACHE keeps them."""
    number, papers = _kept(days, cache)
    for summary in days[number:]:
        if day := read(summary.date):
            papers.insert(0, [day.date.isoformat(), _papers(day)])
    build_cache.put(cache / _name(days), _dumps(papers))
    return papers


def _kept(days: Sequence[Summary], cache: Path) -> tuple[int, list[list[Any]]]:
    """Of how many of the first of DAYS the papers are kept, and these."""
    for number in range(len(days), 0, -1):
        if (kept := build_cache.take(cache / _name(days[:number]))) is not None:
            return number, json.loads(kept)
    return 0, []


def _papers(day: Day) -> list[dict[str, Any]]:
    dropped = day.dropped
    shown = sorted((row for row in day.rest if row.id not in dropped), key=lambda row: -row.score)
    return [
        {"i": row.id, "t": to_unicode(row.title), "s": round(row.score * 10), "c": row.primary.lower()} for row in shown
    ]


def _dumps(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
