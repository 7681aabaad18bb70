"""offline.json: what a reader's browser keeps for the time without a network (overrides/sw.js), with digests.

In the order of need, as far as MOST_BYTES reach: the frame of the site, its newest days, the search of the newest
month.
"""

import datetime as dt
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence

from generator.core.files import digest
from generator.core.urls import day_path
from generator.publish.manifest import Output
from generator.publish.site.folder import SiteFolder

NAME = "offline.json"
DAYS = 7
MOST_BYTES = 10_000_000
_FRAME = ("index.html", "saved/index.html", "search/index.html", "503.html", "site.webmanifest")
_NOT_NEEDED = ("assets/js/setup/", "assets/images/card", "assets/screenshot")
_OF_DAY = ("abstracts.json.gz", "formulas.json.gz")
_SEARCH = "search-index/"


def offline_output(folder: SiteFolder, dates: Sequence[dt.date]) -> Output:
    """The list of what of FOLDER, the finished site, is kept; DATES: those of its days, oldest first."""
    days = [date for date in dates[-DAYS:][::-1] if _page_of(date) in folder.files]
    names = list(_within(folder, itertools.chain(_frame(folder), _of_days(folder, days), _of_search(folder, days))))
    version = digest(*(f"{name} {folder.files[name].content}" for name in names))
    return Output(NAME, version, lambda: _content(folder, version, names, days))


def _page_of(date: dt.date) -> str:
    return f"{day_path(date)}index.html"


def _frame(folder: SiteFolder) -> Iterator[str]:
    yield from (name for name in _FRAME if name in folder.files)
    yield from sorted(name for name in folder.files if name.startswith("assets/") and not name.startswith(_NOT_NEEDED))


def _of_days(folder: SiteFolder, days: Sequence[dt.date]) -> Iterator[str]:
    for date in days:
        files = (f"data/{date.year:04}/{date}.{kind}" for kind in _OF_DAY)
        yield from (name for name in (_page_of(date), *files) if name in folder.files)
    months = tuple(f"interests/{date:%Y-%m}." for date in days)
    yield from sorted(name for name in folder.files if name == "interests/index.json" or name.startswith(months))


def _of_search(folder: SiteFolder, days: Sequence[dt.date]) -> Iterator[str]:
    """The index of the newest month: the segments that hold it, and what every query asks for."""
    about = folder.path / _SEARCH / "search.json"
    if not days or not about.is_file():
        return
    newest = f"{days[0]:%Y-%m}"
    found = json.loads(about.read_bytes())
    held = tuple(f"{_SEARCH}{row['folder']}/" for row in found["segments"] if newest in row["months"])
    yield f"{_SEARCH}search.json"
    yield from sorted(name for name in folder.files if name.startswith((*held, f"{_SEARCH}synonyms")))


def _within(folder: SiteFolder, names: Iterable[str]) -> Iterator[str]:
    """NAMES as far as MOST_BYTES reach."""
    left = MOST_BYTES
    for name in names:
        left -= (folder.path / name).stat().st_size
        if left < 0:
            return
        yield name


def _content(folder: SiteFolder, version: str, names: Iterable[str], days: Sequence[dt.date]) -> bytes:
    """{version, days, files: {address below the root: the first 8 bytes of its SHA-256 in hexadecimal}}."""
    files = {
        name.removesuffix("index.html"): hashlib.sha256((folder.path / name).read_bytes()).hexdigest()[:16]
        for name in names
    }
    told = {"version": version, "days": list(map(str, days)), "files": files}
    return json.dumps(told, separators=(",", ":")).encode()
