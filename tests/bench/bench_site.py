"""How heavy a day of a hundred picks is: its page, what a first visit loads, all that is published for it.

Real texts are longer than made-up ones, so that the papers are the picks of real days where shared data lies beside the
project (argument: a folder of DATE.jsonl.gz with verdicts), else made up to the same lengths.
"""

import datetime as dt
import gzip
import json
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import archive
from project import copy_project

from generator import render, site
from generator.model import Pick, Rest
from generator.store import Store
from generator.text import author_name

PICKS = 100
PAGE_LIMIT = 130_000
VISIT_LIMIT = 160_000
DAY_LIMIT = 350_000
BOUNDED = ("feed", "fields", "index.html", "trends", "atom.xml", "papers.xml", "status", "about", "ops")
"""Where paths begin of what holds the last days only, or none: after some weeks it grows no more."""
LETTERS = "etaoinshrdlucmfwypvbgk"


def real_picks(folder: Path) -> tuple[list[Pick], list[str]]:
    """A hundred picks of real days, and their abstracts."""
    paths = sorted(folder.glob("*.jsonl.gz"))
    rows = [json.loads(line) for path in paths for line in gzip.decompress(path.read_bytes()).splitlines()]
    chosen = random.Random(1).sample([row for row in rows if row["recommended"]], PICKS)
    slugs = {field.name: field.slug for field in archive.config().fields}
    picks = []
    for number, row in enumerate(chosen):
        more = {"title": row["title"], "authors": [author_name(name) for name in row["authors"].split(", ")]}
        picks.append(archive.pick(number, row["score"], slugs.get(row["field"]), row["reason"], **more))
    return picks, [row["abstract"] for row in chosen]


def made_up_picks() -> tuple[list[Pick], list[str]]:
    """A hundred picks whose texts are as long as real ones are in the mean, of random words."""
    chance = random.Random(1)

    def text(length: int) -> str:
        words = ("".join(chance.choices(LETTERS, k=chance.randint(2, 10))) for _ in range(length // 6))
        return " ".join(words)[:length]

    slugs = [field.slug for field in archive.config().fields]
    picks = []
    for number in range(PICKS):
        authors = [text(14).title() for _ in range(6)]
        reason = "".join(chr(chance.randint(0x4E00, 0x5E00)) for _ in range(75))
        picks.append(archive.pick(number, 8, slugs[number % 7], reason, title=text(85), authors=authors))
    return picks, [text(1300) for _ in range(PICKS)]


def packed(path: Path) -> int:
    """The bytes that a server sends: what is packed already stays as it is."""
    content = path.read_bytes()
    return len(content) if path.suffix in (".gz", ".png") else len(gzip.compress(content, 6))


def main() -> int:
    """Print sizes beside their limits; 1 if one is exceeded."""
    picks, abstracts = real_picks(Path(sys.argv[1])) if len(sys.argv) > 1 else made_up_picks()
    rest = tuple(
        Rest(
            id=f"2602.{number:05}",
            title="A title that is as long as titles are, about something " + str(number),
            primary="cs.LG",
            score=4.5,
        )
        for number in range(250)
    )
    with tempfile.TemporaryDirectory() as folder:
        root = copy_project(Path(folder) / "project")
        config = archive.config(url="https://reader.example/daily/")
        store = Store(root / "docs" / "data")
        sizes = []
        for number in range(2):
            date = archive.WEDNESDAY + dt.timedelta(days=number)
            kept = {pick.paper.id: text for pick, text in zip(picks, abstracts, strict=True)}
            store.write(archive.day(date, picks=tuple(picks), rest=rest), kept)
            render.render(root, config)
            site.build(root, config)
            sizes.append(
                {
                    path.relative_to(root / "site"): path.stat().st_size
                    for path in (root / "site").rglob("*")
                    if path.is_file()
                }
            )
        name = f"days/2026/{archive.WEDNESDAY}/index.html"
        page = root / "site" / name
        scripts = [path for path in (root / "site/assets/js").glob("*.js") if not path.name.startswith("search-page")]
        styles = [*(root / "site/assets/stylesheets").glob("main*.css"), *(root / "site/assets/css").glob("*.css")]
        visit = {path.name: packed(path) for path in (page, *scripts, *styles, root / "site/assets/favicon.svg")}
        growth = {
            path: sizes[1][path] - sizes[0].get(path, 0) for path in sizes[1] if not str(path).startswith(BOUNDED)
        }
        added = {path: size for path, size in growth.items() if size and "2026-01-15" in str(path)}
        other = sum(growth.values()) - sum(added.values())
        rows = [
            ("page", page.stat().st_size, PAGE_LIMIT),
            ("first visit, gzipped", sum(visit.values()), VISIT_LIMIT),
            ("published per day", sum(added.values()) + other, DAY_LIMIT),
        ]
        print(
            ", ".join(f"{path.name or path} {size:,}" for path, size in sorted(added.items())),
            f"; months, indexes, search {other:,}",
        )
        print(", ".join(f"{key} {size:,}" for key, size in sorted(visit.items(), key=lambda row: -row[1])))
        for label, size, limit in rows:
            print(f"{label:22} {size:>8,} of {limit:,} bytes" + ("" if size <= limit else "  TOO MUCH"))
        return int(any(size > limit for _, size, limit in rows))


if __name__ == "__main__":
    sys.exit(main())
