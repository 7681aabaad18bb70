"""Every paper of a folder of days through the tools that read bibliographies: none fails, no sign is lost.

    python tests/bench/bench_cite.py ../shared/data/verdicts ../shared/data/arxiv [--papers 500] [--seed 1] [--part 1/9]

BibTeX with pdfLaTeX, biber with LuaLaTeX, pandoc --citeproc, and rispy; a tool that is not installed is named and left
out. Each entry is looked at by itself: words, numbers and signs of its title and of its authors' names. Prints a line
for each tool: papers, errors, papers with a lost word or sign, seconds.
"""

import argparse
import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.bibliographies import TOOLS, distinct, faults, installed

from generator.core.model import Paper
from generator.core.names import read_authors, split_authors
from generator.core.tex import title_text
from generator.core.text import clean

BATCH = 1000


def papers(folders: Sequence[Path]) -> Iterator[Paper]:
    """The papers of the days in FOLDERS, read as the program reads them; without abstracts."""
    for path in sorted(path for folder in folders for path in folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                names = row["authors"]
                title = clean(title_text(row["title"]))
                yield Paper(
                    id=row["id"],
                    title=title or row["id"],
                    authors=tuple(read_authors(split_authors(names) if isinstance(names, str) else names)),
                    categories=tuple(row.get("categories") or [row.get("category") or "cs.LG"]),
                    submitted=None,
                    journal_ref=row.get("journal_ref"),
                    doi=row.get("doi"),
                )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--papers", type=int, help="a seeded sample of so many")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="the K-th of N parts: a run of all takes an hour")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tool", choices=sorted(TOOLS))
    options = parser.parse_args()
    found = list(papers(options.folders))
    if options.papers:
        found = random.Random(options.seed).sample(found, min(options.papers, len(found)))
    place, parts = map(int, options.part.split("/"))
    entries = distinct(found)[place - 1 :: parts]
    failed = False
    for name in [options.tool] if options.tool else TOOLS:
        if name not in installed():
            print(f"{name}: not installed")
            continue
        errors: list[str] = []
        lost: list[str] = []
        started = time.perf_counter()
        for start in range(0, len(entries), BATCH):
            with tempfile.TemporaryDirectory() as folder:
                found_errors, found_lost = faults(name, entries[start : start + BATCH], Path(folder))
            errors += found_errors
            lost += found_lost
        print(
            f"{name}: {len(entries)} papers, {len(errors)} errors, {len(lost)} lost,"
            f" {time.perf_counter() - started:.0f} s"
        )
        for line in [*errors[:20], *lost[:20]]:
            print("   ", line)
        failed = failed or bool(errors or lost)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
