"""How heavy a day of a hundred picks is: its page, what a first visit loads, all that is published for it.

Twenty days are published as a closed month is: records, abstracts, pages, search, the download of the month. Real texts
are longer than made-up ones, so that the papers are those of real days where shared data lies beside the project
(argument: a folder of DATE.jsonl.gz with verdicts), else made up to the same lengths.
"""

import datetime as dt
import gzip
import itertools
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from support import archive
from support.project import copy_project

from generator.core.calendar import announcement_days
from generator.core.console import Talk
from generator.core.model import Pick, Rest
from generator.core.names import author_name
from generator.publish.build import publish
from generator.records.related import Earlier, earlier_picks, relate
from generator.records.store import Store

DAYS = 20
PICKS = 100
REST = 250
"""Read and not picked: the example of the issue has 96 picks of 343 papers, real days have 100 of 390."""
PAGE_LIMIT = 130_000
VISIT_LIMIT = 160_000
DAY_LIMIT = 350_000
SEARCH = "search-index"
BOUNDED = (
    *("feed", "papers.xml", "atom.xml", "opml", "fields", "index.html", "trends", "status", "about", "ops", "assets"),
    *("saved", "subscribe", "search/", "404", "badge", "site.webmanifest", "data/paper.schema", "data/day.schema"),
    *("data/index.schema", "archive/index.html", "archive/2026/", f"{SEARCH}/search.json"),
)
"""Where paths begin of what holds the last days only, or none: after some weeks it grows no more."""
LETTERS = "etaoinshrdlucmfwypvbgk"
WORDS = 3000
FIRST_DAY = dt.date(2026, 3, 2)


def real_rows(folder: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Papers of real days that were recommended, and the others."""
    paths = sorted(folder.glob("*.jsonl.gz"))
    rows = [json.loads(line) for path in paths for line in gzip.decompress(path.read_bytes()).splitlines()]
    random.Random(1).shuffle(rows)
    return [row for row in rows if row["recommended"] and row["reason"]], [
        row for row in rows if not row["recommended"]
    ]


def made_up_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The same with texts as long as real ones are in the mean, of words that are as unequally frequent."""
    chance = random.Random(1)
    words = ["".join(chance.choices(LETTERS, k=chance.randint(2, 10))) for _ in range(WORDS)]
    signs = [chr(chance.randint(0x4E00, 0x9000)) for _ in range(WORDS // 3)]
    fields = [field.name for field in archive.config().fields]

    def some(parts: list[str], number: int) -> list[str]:
        return chance.choices(parts, weights=[1 / rank for rank in range(1, len(parts) + 1)], k=number)

    def text(length: int) -> str:
        return " ".join(some(words, length // 6))[:length].strip()

    def row(number: int) -> dict[str, Any]:
        reason = "".join(some(signs, 65))
        authors = ", ".join(text(14).title() for _ in range(6))
        more = {"score": 8, "field": fields[number % len(fields)], "reason": reason, "abstract": text(1300)}
        return {"title": text(85), "authors": authors, "category": "cs.LG", **more}

    return [row(number) for number in range(DAYS * PICKS)], [row(number) for number in range(DAYS * REST)]


def fill(store: Store, rows: tuple[list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """Keep DAYS days of ROWS in STORE, each with its picks' relatives in the days before."""
    slugs = {field.name: field.slug for field in archive.config().fields}
    picked, passed = map(iter, rows)
    dates = itertools.islice(announcement_days(FIRST_DAY, FIRST_DAY + dt.timedelta(days=2 * DAYS)), DAYS)
    earlier: list[Earlier] = []
    for date in dates:
        ids = (f"{date:%y%m}.{date.day * 400 + number:05}" for number in range(PICKS + REST))
        picks = [_pick(next(ids), next(picked), slugs) for _ in range(PICKS)]
        others = tuple(_rest(next(ids), next(passed)) for _ in range(REST))
        best = tuple(sorted((pick for pick, _ in picks), key=lambda pick: (-pick.verdict.score, pick.paper.id)))
        kept = {pick.paper.id: abstract for pick, abstract in picks}
        day = relate(archive.day(date, picks=best, rest=others, unscored=(), spared=()), kept, earlier, None)
        store.write(day, kept)
        earlier += earlier_picks([(day, kept)])


def _pick(paper_id: str, row: dict[str, Any], slugs: dict[str, str]) -> tuple[Pick, str]:
    names = [author_name(name) for name in row["authors"].split(", ")]
    facts = {"title": row["title"], "authors": names, "categories": (row["category"], "cs.AI")}
    return archive.pick(0, row["score"], slugs.get(row["field"]), row["reason"], id=paper_id, **facts), row["abstract"]


def _rest(paper_id: str, row: dict[str, Any]) -> Rest:
    return Rest(id=paper_id, title=row["title"], primary=row["category"], score=row["score"] or 3.0)


def packed(path: Path) -> int:
    """The bytes that a server sends: what is packed already stays as it is."""
    content = path.read_bytes()
    return len(content) if path.suffix in (".gz", ".png") else len(gzip.compress(content, 6))


def per_day(site: Path) -> Counter[str]:
    """What is published for a day, by kind: bytes of all files that grow with the days, divided by the days."""
    found: Counter[str] = Counter()
    for path in site.rglob("*"):
        name = path.relative_to(site).as_posix()
        if path.is_file() and not name.startswith(BOUNDED):
            found[_kind(name)] += path.stat().st_size
    return Counter({kind: round(size / DAYS) for kind, size in found.items()})


def _kind(name: str) -> str:
    if name.startswith(("days/", SEARCH)):
        return name.partition("/")[0]
    if name.startswith("data/papers-"):
        return "download of the month"
    if name.startswith("data/2"):
        return f"data, .{name.partition('.')[2]}"
    return "indexes and lists"


def first_visit(site: Path, page: Path) -> Iterator[int]:
    """The gzipped sizes of all that the first visit of PAGE loads."""
    later = ("search/page.js", "search/header.js")
    scripts = [path for path in (site / "assets/js").rglob("*.js") if not path.as_posix().endswith(later)]
    styles = [*(site / "assets/stylesheets").glob("main*.css"), *(site / "assets/css").glob("*.css")]
    return map(packed, (page, *scripts, *styles, site / "assets/favicon.svg"))


def main() -> int:
    """Print sizes beside their limits; 1 if one is exceeded."""
    rows = real_rows(Path(sys.argv[1])) if len(sys.argv) > 1 else made_up_rows()
    with tempfile.TemporaryDirectory() as folder:
        root = copy_project(Path(folder) / "project")
        fill(Store(root / "docs" / "data"), rows)
        config = archive.config(url="https://reader.example/daily/")
        publish(root, config, Talk(quiet=True), "2027-01")
        site = root / "site"
        pages = sorted((site / "days").rglob("index.html"), key=lambda path: path.stat().st_size)
        parts = per_day(site)
        rows_of_table = [
            ("largest day page", pages[-1].stat().st_size, PAGE_LIMIT),
            ("its first visit, gzipped", sum(first_visit(site, pages[-1])), VISIT_LIMIT),
            ("published per day", parts.total(), DAY_LIMIT),
        ]
    if missing := {"days", SEARCH, "download of the month"} - parts.keys():
        print(f"not found in the site, so not measured: {', '.join(sorted(missing))}")
        return 1
    print(", ".join(f"{kind} {size:,}" for kind, size in parts.most_common()))
    for label, size, limit in rows_of_table:
        print(f"{label:24} {size:>8,} of {limit:,} bytes" + ("" if size <= limit else "  TOO MUCH"))
    return int(any(size > limit for _, size, limit in rows_of_table))


if __name__ == "__main__":
    sys.exit(main())
