"""How fast `.git` grows: days of real papers and verdicts through the pipeline, a commit a day, packed at the end.

    python tests/bench/bench_git.py --data FOLDER [--days 100] [--before YEARS]

FOLDER holds DATE.jsonl.gz with papers and a model's verdicts; they are put together to days of 100 picks. BEFORE: years
of an archive (made up) that is there already, so that what grows with it counts as well. Prints what a day adds to the
pack of an origin that receives a push a day, what a push sends, what all days packed in one go take (git looks for
likeness among files of one size then, not of neighbouring days), and which files weigh most. Ends with 1 above 300 KB
a day in either.
"""

import argparse
import datetime as dt
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]

import make_archive  # noqa: E402
from fakes.arxiv import FakeArxiv, FakePaper, fake_paper  # noqa: E402
from fakes.llm import FakeLlm  # noqa: E402
from pydantic import SecretStr  # noqa: E402
from support.project import PROJECT, copy_project  # noqa: E402

from generator.core.calendar import announcement_days  # noqa: E402
from generator.core.console import Talk  # noqa: E402
from generator.publish.render import render  # noqa: E402
from generator.run.daily import RunOptions, run  # noqa: E402
from generator.settings.config import Config, load  # noqa: E402
from generator.settings.context import Context  # noqa: E402

PICKS = 100
FIRST = dt.date(2026, 1, 5)
BOUND = 300_000
"""Bytes a day, packed."""


def read_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Every paper of the files, once."""
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["id"] not in seen:
                    seen.add(row["id"])
                    yield row


def days_of(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """ROWS in order, cut into days of PICKS picks."""
    day: list[dict[str, Any]] = []
    picks = 0
    for row in rows:
        day.append(row)
        picks += row["recommended"]
        if picks == PICKS:
            yield day
            day, picks = [], 0


def make_paper(row: dict[str, Any], day: dt.date, number: int) -> FakePaper:
    """A paper of ROW, announced on DAY."""
    made = fake_paper(row["id"], str(day), row["category"], title=row["title"], abstract=row["abstract"], minute=number)
    return replace(made, authors=tuple(row["authors"].split(", ")))


class Git:
    """A repository in FOLDER; bare: one that keeps every push as the pack that it was sent as."""

    def __init__(self, folder: Path, *, bare: bool = False) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self("init", "--quiet", "--initial-branch=main", *(["--bare"] if bare else []))
        self("config", "receive.unpackLimit", "1")
        self("config", "receive.autogc", "false")

    def __call__(self, *args: str, given: str = "") -> bytes:
        who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "gc.auto=0"]
        command = ["git", "-C", str(self.folder), *who, *args]
        return subprocess.run(command, check=True, capture_output=True, input=given.encode()).stdout

    def commit(self, subject: str) -> None:
        self("add", "--all")
        self("commit", "--quiet", "--allow-empty", "-m", subject)

    def packed(self) -> int:
        """Bytes of all that is committed, packed as `git gc` does."""
        self("gc", "--quiet")
        told = dict(line.split(b": ") for line in self("count-objects", "-v").splitlines())
        return int(told[b"size-pack"]) * 1024

    def pushed(self) -> int:
        """Bytes that a push of the last commit sends."""
        return len(
            self(
                "pack-objects",
                "--quiet",
                "--thin",
                "--stdout",
                "--revs",
                "--delta-base-offset",
                given="HEAD\n^HEAD~1\n",
            )
        )

    def by_kind(self) -> Counter[str]:
        """Bytes in the pack by kind of file."""
        listed = self("rev-list", "--objects", "HEAD").decode()
        sizes = self("cat-file", "--batch-check=%(objecttype) %(objectsize:disk) %(rest)", given=listed).decode()
        found: Counter[str] = Counter()
        for line in sizes.splitlines():
            kind, size, *path = line.split(" ", 2)
            found[_kind(path[0]) if kind == "blob" and path else f"({kind}s)"] += int(size)
        return found


def _kind(path: str) -> str:
    return re.sub(r"\d{4}(-\d\d)?(-\d\d)?", "*", path.removeprefix("docs/")).replace("*/*", "*")


def main() -> int:
    """Live through the days and weigh them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--days", type=int, default=100)
    parser.add_argument("--before", type=int, default=0, metavar="YEARS")
    args = parser.parse_args()
    days = [day for day, _ in zip(days_of(read_rows(args.data)), range(args.days), strict=False)]
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder) / "site", days, args.before)


def _context(root: Path, config: Config, now: dt.datetime, said: io.StringIO) -> Context:
    talk = Talk(quiet=True, out=said, err=said)
    return Context(root, config, root / "config.toml", SecretStr("key"), now, talk, {})


def measure(root: Path, days: list[list[dict[str, Any]]], before: int) -> int:
    """Run DAYS in ROOT, a commit each, behind an archive of BEFORE years."""
    copy_project(root)
    dates = list(announcement_days(FIRST, FIRST + dt.timedelta(days=2 * len(days))))[: len(days)]
    rows = {row["id"]: row for day in days for row in day}

    def verdict(paper: str) -> tuple[object, object, object]:
        row = rows[paper]
        return (row["score"], row["field"], row["reason"]) if row["recommended"] else (3.0, row["field"], None)

    with FakeArxiv() as arxiv, FakeLlm(verdict) as llm:
        config = load(root / "config.toml", {**arxiv.env(), "OPENAI_BASE_URL": llm.url, "OPENAI_MODEL": "fake-1"})
        config = config.model_copy(update={"arxiv": config.arxiv.model_copy(update={"delay_seconds": 0.0})})
        if before:
            make_archive.make_archive(root, before, last=FIRST.year - 1)
            render(root, config)
        shutil.copy(PROJECT / ".gitignore", root / ".gitignore")
        git = Git(root)
        git.commit("before")
        size, kinds = git.packed(), git.by_kind()
        origin = Git(root.parent / "origin", bare=True)
        git("push", "--quiet", str(origin.folder), "main")
        size_there = origin.packed()
        pushes = []
        papers = [make_paper(row, date, n) for date, day in zip(dates, days, strict=True) for n, row in enumerate(day)]
        for date in dates:
            now = dt.datetime.combine(date, dt.time(6), dt.UTC)
            arxiv.now = now
            arxiv.papers = [paper for paper in papers if abs((paper.day - date).days) < 20]
            said = io.StringIO()
            if run(_context(root, config, now, said), RunOptions()):
                print(said.getvalue())
            git.commit(f"Papers of {date}")
            git("push", "--quiet", str(origin.folder), "main")
            pushes.append(git.pushed())
            print(f"{date}: push of {pushes[-1] / 1000:.0f} KB", file=sys.stderr, flush=True)
        grown, grown_there = git.packed() - size, origin.packed() - size_there
        more = git.by_kind()
        more.subtract(kinds)
    read = sum(map(len, days))
    a_day, in_one_go = grown_there / len(days), grown / len(days)
    print(f"{len(days)} days behind {before} years: {read / len(days):.0f} papers and {PICKS} picks a day")
    print(
        f"pack of an origin: {a_day / 1000:.0f} KB a day (bound {BOUND / 1000:.0f}); {size_there / 1e6:.1f} MB before;"
        f" all days packed in one go: {in_one_go / 1000:.0f} KB a day"
    )
    print(f"push: {sum(pushes) / len(pushes) / 1000:.0f} KB a day, {max(pushes) / 1000:.0f} KB at most")
    for name, weight in more.most_common(16):
        print(f"  {weight / len(days) / 1000:7.1f} KB a day  {name}")
    return int(max(a_day, in_one_go) > BOUND)


if __name__ == "__main__":
    sys.exit(main())
