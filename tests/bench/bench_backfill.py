"""Memory of a backfill: 100,000 papers of the past through `arxiv-daily backfill`, at most 500 MB.

    python tests/bench/bench_backfill.py [--data FOLDER] [--papers 100000] [--a-day 340] [--judge offline|llm|batch]

arXiv and the model (tests/fakes/) are made up as they are asked, in a process of their own; what is measured is the
command's own process, by the kernel's high-water mark. FOLDER holds DATE.jsonl.gz with real papers and a model's
verdicts: their texts and verdicts are then used, over and over under new ids. Without it texts are words by chance,
of which far fewer pairs are different ones. Ends with 1 above the bound, or if a paper is missing.
"""

import argparse
import datetime as dt
import gzip
import json
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT), str(HERE.parent)]

BOUND_MB = 500.0
CATEGORIES = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO")
SPACING = 1000
"""Papers of a day have numbers from its day of the month times this on."""

COMMAND = """
import resource, sys
from generator.cli import main
code = main(sys.argv[2:])
status = open("/proc/self/status").read().split()
used = resource.getrusage(resource.RUSAGE_SELF)
with open(sys.argv[1], "w") as file:
    file.write(f"{code} {status[status.index('VmHWM:') + 1]} {used.ru_utime + used.ru_stime}")
"""


def day_of(paper: str) -> dt.date:
    """The announcement of a paper by its made-up id."""
    return dt.date(2000 + int(paper[:2]), int(paper[2:4]), int(paper[5:]) // SPACING)


def days_of(args: dict[str, str]) -> set[dt.date]:
    """The announcements whose papers a request to arXiv asks for."""
    from generator.core.calendar import announcement_of

    if "id_list" in args:
        return {day_of(name) for name in args["id_list"].split(",")}
    days: set[dt.date] = set()
    if found := re.search(r"\[(\d{12}) TO (\d{12})\]", args["search_query"]):
        low, high = (dt.datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=dt.UTC) for text in found.groups())
        while low <= high:
            days.add(announcement_of(low))
            low += dt.timedelta(hours=12)
    return days


class Told(NamedTuple):
    """What is told of a paper, and of it by the model."""

    title: str
    abstract: str
    authors: tuple[str, ...]
    verdict: tuple[object, object, object]


def by_chance(day: dt.date, a_day: int) -> list[Told]:
    """Words by chance; 29 of 100 are picks."""
    from make_archive import ENGLISH

    words, chance = ENGLISH.split(), random.Random(str(day))
    return [
        Told(
            " ".join(chance.choices(words, k=10)),
            " ".join(chance.choices(words, k=190)),
            ("Ann Author",),
            (8, "大模型新技术", "提出新的训练目标，" * 8) if number % 100 < 29 else (3, "大模型新技术", None),
        )
        for number in range(a_day)
    ]


def read_told(folder: Path) -> list[Told]:
    """The papers of the files in FOLDER."""
    found = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                verdict = (row["score"], row["field"], row["reason"]) if row["recommended"] else (3, row["field"], None)
                found.append(Told(row["title"], row["abstract"], tuple(row["authors"].split(", ")), verdict))
    return found


def serve(a_day: int, data: Path | None, pipe: Connection) -> None:
    """arXiv and a model, until something is sent through PIPE."""
    from fakes.arxiv import FakeArxiv, FakePaper, fake_paper
    from fakes.batch import FakeBatchLlm
    from fakes.llm import Answer

    known = read_told(data) if data else []

    @lru_cache(80)
    def told_of(day: dt.date) -> list[Told]:
        """The papers of DAY: as many as there are real ones later, the first come again."""
        if not known:
            return by_chance(day, a_day)
        first = (day.toordinal() // 7 * 5 + day.weekday()) * a_day
        return [known[(first + number) % len(known)] for number in range(a_day)]

    @lru_cache(80)
    def papers_of(day: dt.date) -> list[FakePaper]:
        chance = random.Random(str(day))
        found = []
        for number, told in enumerate(told_of(day)):
            name = f"{day:%y%m}.{day.day * SPACING + number:05}"
            paper = fake_paper(
                name, str(day), chance.choice(CATEGORIES), title=told.title, abstract=told.abstract, minute=1 + number
            )
            found.append(replace(paper, authors=told.authors))
        return found

    class Years(FakeArxiv):
        """Makes what is asked for."""

        def atom(self, args: dict[str, str], fault: str) -> str:
            days = days_of(args)
            self.papers = [paper for day in sorted(days) for paper in papers_of(day)]
            return super().atom(args, fault)

    class Model(FakeBatchLlm):
        """Keeps nothing of what it was asked."""

        def answer(self, body: dict[str, Any], headers: Any) -> Answer:
            made = super().answer(body, headers)
            del self.requests[:-1], self.batched[:]
            return made

    def verdict(paper: str) -> tuple[object, object, object]:
        return told_of(day_of(paper))[int(paper[5:]) % SPACING].verdict

    with Years(now="2026-11-02T06:00:00Z") as arxiv, Model(verdict, looks=1) as llm:
        pipe.send({**arxiv.env(), "OPENAI_BASE_URL": llm.url, "OPENAI_MODEL": "fake-1"})
        pipe.recv()


def prepare(root: Path) -> None:
    """A project without pauses and with as much budget as is wanted."""
    from support.project import copy_project

    copy_project(root)
    config = root / "config.toml"
    text = config.read_text().replace("[arxiv]\n", "[arxiv]\ndelay_seconds = 0\n")
    text = text.replace("[llm]\n", "[llm]\nbatch_pause_seconds = 0.05\n", 1)
    config.write_text(re.sub(r"(tokens_per_\w+) = [\d_]+", r"\1 = 10_000_000_000", text))


def main() -> int:
    """Backfill and weigh."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=100_000)
    parser.add_argument("--a-day", type=int, default=340)
    parser.add_argument("--judge", choices=("offline", "llm", "batch"), default="offline")
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--first", type=dt.date.fromisoformat, default=dt.date(2024, 1, 2))
    args = parser.parse_args()
    if args.data and not any(args.data.glob("*.jsonl.gz")):
        parser.error(f"{args.data} holds no DATE.jsonl.gz")
    from generator.core.calendar import announcement_days
    from generator.records.summaries import summaries_of

    count = -(-args.papers // args.a_day)
    days = list(islice(announcement_days(args.first, args.first + dt.timedelta(days=2 * count + 7)), count))
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(args.a_day, args.data, theirs))
    server.start()
    env = {**os.environ, **ours.recv(), "ARXIV_DAILY_NOW": "2026-11-02T06:00:00Z", "PYTHONPATH": str(PROJECT)}
    if args.judge != "offline":
        env["OPENAI_API_KEY"] = "bench"
    with tempfile.TemporaryDirectory() as name:
        root, told = Path(name) / "site", Path(name) / "told"
        prepare(root)
        command = [
            "backfill",
            "--root",
            str(root),
            "--since",
            str(days[0]),
            "--until",
            str(days[-1]),
            "--yes",
            "--quiet",
        ]
        command += ["--batch"] if args.judge == "batch" else []
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-c", COMMAND, str(told), *command], env=env, check=True, stdout=subprocess.DEVNULL
        )
        seconds = time.monotonic() - began
        code, peak, cpu = map(float, told.read_text().split())
        read = sum(summary.read for summary in summaries_of(root))
    ours.send("done")
    server.join()
    print(
        f"{read:,.0f} papers of {count} announcements, {args.judge}: exit code {code:.0f},"
        f" {cpu:.0f} CPU s, {seconds:.0f} s"
    )
    print(f"memory at most: {peak / 1024:.0f} MB (bound {BOUND_MB:.0f})")
    return int(peak / 1024 > BOUND_MB or code != 0 or read != count * args.a_day)


if __name__ == "__main__":
    sys.exit(main())
