"""How well and how fast the offline judge ranks days whose verdicts by a large model are known.

    python tests/bench/bench_offline.py --data DIR [--config config.toml]

DIR holds DATE.jsonl.gz: a line per paper with id, title, abstract, category, recommended and field (the field's name).
The weights of the judge and the words of the default fields were chosen on the first half of the days; the second half
was held out. Exits with 1 where a target of the project is missed.
"""

import argparse
import gzip
import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from verdicts import auc

from generator.core.model import Paper
from generator.judges.local.keywords import judge_offline, rank_day
from generator.settings.config import Config, load

AUC_TARGET = 0.83
FIELD_TARGET = 0.60
MILLISECONDS_TARGET = 10.0


class Judged(NamedTuple):
    """One paper of one day: what the model said of it and where the offline judge put it."""

    recommended: bool
    relevance: float
    score: float
    pick: bool
    field_right: bool


class Day(NamedTuple):
    date: str
    papers: list[Judged]
    seconds: float


def ranked(papers: Sequence[Judged]) -> float:
    """Area under the ROC curve of relevance against recommended."""
    return auc([(paper.relevance, paper.recommended) for paper in papers])


def read_day(path: Path) -> list[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def judge_day(path: Path, config: Config) -> Day:
    rows = {str(row["id"]): row for row in read_day(path)}
    papers = [
        Paper(id=paper_id, title=str(row["title"]), authors=(), abstract=str(row["abstract"]),
              categories=(str(row["category"]),), submitted=None)
        for paper_id, row in rows.items()
    ]  # fmt: skip
    start = time.perf_counter()
    verdicts = judge_offline(papers, config)
    seconds = time.perf_counter() - start
    estimates = rank_day(papers, config)
    names = {field.slug: field.name for field in config.fields}
    judged = [
        Judged(
            bool(row["recommended"]),
            estimates[paper_id].relevance,
            verdicts[paper_id].score,
            verdicts[paper_id].score >= config.judge.threshold,
            names.get(verdicts[paper_id].field or "") == row["field"],
        )
        for paper_id, row in rows.items()
    ]
    return Day(path.name[:10], judged, seconds)


def figures(days: Sequence[Day]) -> dict[str, float]:
    everything = [paper for day in days for paper in day.papers]
    recommended = [paper for paper in everything if paper.recommended]
    common = sum(paper.pick for paper in recommended)
    return {
        "papers": len(everything),
        "AUC a day": statistics.fmean(ranked(day.papers) for day in days),
        "AUC worst": min(ranked(day.papers) for day in days),
        "AUC pooled": ranked(everything),
        "field": statistics.fmean(paper.field_right for paper in recommended),
        "F1": 2 * common / (len(recommended) + sum(paper.pick for paper in everything)),
        "ms a paper": 1000 * sum(day.seconds for day in days) / len(everything),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of DATE.jsonl.gz")
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    options = parser.parse_args()
    config = load(options.config, {})
    days = [judge_day(path, config) for path in sorted(options.data.glob("*.jsonl.gz"))]
    if not days:
        parser.error(f"no DATE.jsonl.gz in {options.data}")
    half = len(days) // 2
    table = {"chosen on": figures(days[:half]), "held out": figures(days[half:]), "all": figures(days)}
    print(" " * 12 + "".join(f"{name:>12}" for name in table["all"]))
    for part, row in table.items():
        cells = (f"{value:12,.0f}" if name == "papers" else f"{value:12.3f}" for name, value in row.items())
        print(f"{part:<12}" + "".join(cells))
    whole = table["all"]
    missed = [
        name
        for name, good in {
            f"AUC >= {AUC_TARGET} (a day and pooled)": min(whole["AUC a day"], whole["AUC pooled"]) >= AUC_TARGET,
            f"field >= {FIELD_TARGET}": whole["field"] >= FIELD_TARGET,
            f"<= {MILLISECONDS_TARGET} ms a paper": whole["ms a paper"] <= MILLISECONDS_TARGET,
        }.items()
        if not good
    ]
    print("missed: " + "; ".join(missed) if missed else "all targets reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
