"""Puts the terms of all months into the site; a closed month is made once and kept by content digest."""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from generator.core.code import code_digest
from generator.core.files import digest, write_if_changed
from generator.publish import build_cache
from generator.publish.interests.terms import PickText, month_file
from generator.records.store import Store
from generator.records.summaries import NO_FIELD, Summary

INTERESTS_FOLDER = "interests"
INTERESTS_INDEX = "index.json"


def build_interests(store: Store, found: Iterable[Summary], site: Path, cache: Path) -> list[str]:
    """Write the terms of the picks of FOUND, oldest day first, into SITE; return the months that CACHE did not hold."""
    build_cache.make_folder(cache)
    code = code_digest("generator.publish.interests.terms")
    made = []
    files = {}
    told = (summary for summary in found if summary.announced and summary.picks)
    for month, group in groupby(told, key=lambda summary: summary.month):
        days = list(group)
        name = f"{month}.{digest(code, *(f'{day.date} {day.digest}' for day in days))}.json.gz"
        content = build_cache.take(cache / name)
        if content is None:
            content = gzip.compress(month_file(list(_texts(store, days))), mtime=0)
            build_cache.put(cache / name, content)
            made.append(month)
        files[month] = name
        write_if_changed(site / INTERESTS_FOLDER / name, content, sync=False)
    for old in cache.iterdir():
        if old.name not in files.values():
            build_cache.remove(old)
    if files:
        write_if_changed(
            site / INTERESTS_FOLDER / INTERESTS_INDEX, json.dumps(files, indent=0).encode() + b"\n", sync=False
        )
    return made


def _texts(store: Store, days: Sequence[Summary]) -> Iterator[PickText]:
    """The picks of DAYS; one without an abstract brings its reason."""
    for day in days:
        record = store.read(day.date)
        abstracts = store.abstracts(day.date)
        for pick in record.picks if record else ():
            paper = pick.paper
            abstract = abstracts.get(paper.id, pick.verdict.reason or "")
            yield PickText(paper.id, pick.verdict.field or NO_FIELD, paper.title, abstract)
