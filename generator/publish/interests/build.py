"""The terms of all months for the site; a month that is over does not change."""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby

from generator.core.code import code_digest
from generator.core.files import digest
from generator.publish.interests.terms import PickText, month_file
from generator.publish.manifest import Output
from generator.records.store import Store
from generator.records.summaries import NO_FIELD, Summary

INTERESTS_FOLDER = "interests"
INTERESTS_INDEX = "index.json"


def interest_outputs(store: Store, found: Iterable[Summary]) -> Iterator[Output]:
    """The terms of the picks of FOUND, oldest day first: a file a month, and which file is of which month."""
    code = code_digest("generator.publish.interests.terms")
    files = {}
    told = (summary for summary in found if summary.announced and summary.picks)
    for month, group in groupby(told, key=lambda summary: summary.month):
        days = list(group)
        inputs = digest(code, *(f"{day.date} {day.digest}" for day in days))
        files[month] = f"{month}.{inputs}.json.gz"
        yield Output(f"{INTERESTS_FOLDER}/{files[month]}", inputs, partial(_month, store, days))
    if files:
        index = json.dumps(files, indent=0).encode() + b"\n"
        yield Output(f"{INTERESTS_FOLDER}/{INTERESTS_INDEX}", digest(index), partial(bytes, index))


def _month(store: Store, days: Sequence[Summary]) -> bytes:
    return gzip.compress(month_file(list(_texts(store, days))), mtime=0)


def _texts(store: Store, days: Sequence[Summary]) -> Iterator[PickText]:
    """The picks of DAYS; one without an abstract brings its reason."""
    for day in days:
        record = store.read(day.date)
        abstracts = store.abstracts(day.date)
        for pick in record.picks if record else ():
            paper = pick.paper
            abstract = abstracts.get(paper.id, pick.verdict.reason or "")
            yield PickText(paper.id, pick.verdict.field or NO_FIELD, paper.title, abstract)
