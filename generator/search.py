"""The search of the site: an index a year, one entry a pick, made from the records and kept by content digest.

A month is what is made at once (search_index.py): a year of 27,500 picks in one go would take Pagefind 2.5 GB, and a
new day makes its own month again and no other. The year is joined of its months; a closed year is kept as it is.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from generator.config import Config
from generator.files import write_if_changed
from generator.outputs import digest
from generator.search_index import make_month, make_year
from generator.stats import NO_FIELD, Summary
from generator.store import Store
from generator.wording import words

FOLDER = "pagefind"
"""Where the indexes lie in the site."""

ABOUT = "search.json"
"""Which indexes there are, newest first; the fields and the words that the search shows."""

MAKERS = ("search.py", "search_index.py", "search_text.py", "text.py", "unicode_math.py")


class Built(NamedTuple):
    """What the indexes of a site hold, and which months and years had to be made."""

    years: list[str]
    papers: int
    made: list[str]


class _Year(NamedTuple):
    """A year's days by month (YYYY-MM), and the names of its index and of those of its months."""

    year: str
    months: dict[str, list[Summary]]
    name: str
    month_names: dict[str, str]


@cache
def maker_digest() -> str:
    """A digest of the code and the program that make an index: when they change, every year is made again."""
    folder = Path(__file__).parent
    return digest(version("pagefind-bin"), *((folder / name).read_bytes() for name in MAKERS))


def _name(period: str, days: Sequence[Summary]) -> str:
    """The name of the index of PERIOD: with a digest of all that it is made of, so that no name means two things."""
    return f"{period}-{digest(maker_digest(), *(f'{one.date} {one.digest}' for one in days))}"


def _years(found: Iterable[Summary]) -> list[_Year]:
    """What there is to be searched, oldest year first."""
    years = []
    told = (one for one in found if one.announced and one.picks)
    for year, days in groupby(told, key=lambda one: one.month[:4]):
        months = {month: list(group) for month, group in groupby(days, key=lambda one: one.month)}
        every = [one for group in months.values() for one in group]
        names = {month: _name(month, group) for month, group in months.items()}
        years.append(_Year(year, months, _name(year, every), names))
    return years


def build(store: Store, config: Config, found: Iterable[Summary], site: Path, kept: Path) -> Built:
    """Put the indexes of FOUND, oldest day first, into SITE; what KEPT holds from an earlier build is taken from there.

    Raises BuildError if Pagefind fails.
    """
    years = _years(found)
    kept.mkdir(parents=True, exist_ok=True)
    wanted = [year for year in years if not (kept / year.name).is_dir()]
    needed = ((year, month) for year in wanted for month in year.months)
    lacking = [(year, month) for year, month in needed if not (kept / year.month_names[month]).is_dir()]

    def make(one: tuple[_Year, str]) -> None:
        year, month = one
        records = (store.read(day.date) for day in year.months[month])
        make_month((day for day in records if day is not None), kept / year.month_names[month])

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # while Pagefind works on one month, the next is read
        list(pool.map(make, lacking))
    for year in wanted:
        make_year([kept / name for name in year.month_names.values()], kept / year.name)
    _forget_others(years, kept)
    for year in years:
        _link_tree(kept / year.name, site / FOLDER / year.name)
    write_if_changed(site / FOLDER / ABOUT, _describe(years, config))
    made = [*(month for _, month in lacking), *(year.year for year in wanted)]
    return Built([year.year for year in years], sum(_papers(year) for year in years), made)


def _forget_others(years: Sequence[_Year], kept: Path) -> None:
    """Delete from KEPT all but the YEARS, and the months of the last, which a new day joins."""
    names = {year.name for year in years} | {name for year in years[-1:] for name in year.month_names.values()}
    for old in kept.iterdir():
        if old.name not in names:
            shutil.rmtree(old)


def _papers(year: _Year) -> int:
    return sum(one.picks for days in year.months.values() for one in days)


def _describe(years: Sequence[_Year], config: Config) -> bytes:
    w = words(config.site.language)
    rows = [
        {"year": year.year, "folder": year.name, "papers": _papers(year), "months": sorted(year.months)}
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
