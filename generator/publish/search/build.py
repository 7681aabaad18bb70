"""The search of the site: an index a year, one entry a pick, made from the records and kept by content digest.

A new day makes its own year again, a closed year is kept as it is.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from generator.core.code import code_digest
from generator.core.files import digest, write_if_changed
from generator.core.i18n import words
from generator.publish import build_cache
from generator.publish.search.index import make_year
from generator.records.store import Store
from generator.records.summaries import NO_FIELD, Summary
from generator.settings.config import Config

FOLDER = "search-index"
"""Where the indexes lie in the site."""

ABOUT = "search.json"
"""Which indexes there are, newest first; the fields and the words that the search shows."""


class Built(NamedTuple):
    """What the indexes of a site hold, and which years had to be made."""

    years: list[str]
    papers: int
    made: list[str]


class _Year(NamedTuple):
    """A year's days, and the name of its index, with a digest of all that it is made of: no name means two things."""

    year: str
    days: list[Summary]
    name: str


def _years(found: Iterable[Summary]) -> list[_Year]:
    """What there is to be searched, oldest year first."""
    told = (one for one in found if one.announced and one.picks)
    code = code_digest("generator.publish.search.index")
    by_year = [(year, list(days)) for year, days in groupby(told, key=lambda one: one.month[:4])]
    return [
        _Year(
            year,
            days,
            f"{year}-{digest(code, *(f'{one.date} {one.digest}' for one in days))}",
        )
        for year, days in by_year
    ]


def build(store: Store, config: Config, found: Iterable[Summary], site: Path, cache: Path) -> Built:
    """Put the indexes of FOUND, oldest day first, into SITE, those of an earlier build from CACHE."""
    years = _years(found)
    build_cache.make_folder(cache)
    there = {year.name: build_cache.sealed(cache / year.name) for year in years}
    for old in cache.iterdir():
        if old not in there.values():
            build_cache.remove(old)
    lacking = [year for year in years if there[year.name] is None]
    for year in lacking:
        records = (store.read(one.date) for one in year.days)
        make_year((day for day in records if day is not None), cache / year.name)
    for year in years:
        _link_tree(there[year.name] or build_cache.seal(cache / year.name), site / FOLDER / year.name)
    write_if_changed(site / FOLDER / ABOUT, _describe(years, config))
    return Built([year.year for year in years], sum(map(_papers, years)), [year.year for year in lacking])


def _papers(year: _Year) -> int:
    return sum(one.picks for one in year.days)


def _describe(years: Sequence[_Year], config: Config) -> bytes:
    w = words(config.site.language)
    rows = [
        {
            "year": year.year,
            "folder": year.name,
            "papers": _papers(year),
            "months": sorted({one.month for one in year.days}),
        }
        for year in reversed(years)
    ]
    own = ("score", "estimate")
    about: Mapping[str, object] = {
        "years": rows,
        "fields": {field.slug: field.label(config.site.language) for field in config.fields}
        | {NO_FIELD: w["no_field"]},
        "words": {key.removeprefix("find_"): text for key, text in w.items() if key.startswith("find_") or key in own},
    }
    return (json.dumps(about, ensure_ascii=False, indent=0) + "\n").encode()


def _link_tree(source: Path, target: Path) -> None:
    """TARGET as SOURCE, file by file the same inode where the file system can: a year has 3,500 of them."""
    if target.exists():
        shutil.rmtree(target)
    try:
        shutil.copytree(source, target, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
