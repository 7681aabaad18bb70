"""What the offline judge has learned after 0, 3, 14 and 45 days of verdicts, on days that chose nothing.

    python tests/bench/bench_judge.py --data DIR [--config config.toml] [--tests 9] [--windows 3 14 45]

DIR holds DATE.jsonl.gz: a line per paper with id, title, abstract, category, recommended, score and field (its name).
Split by time: each of the last TESTS days is judged by a model of the WINDOW days before it. What linear.py does was
chosen on the days before those. Exits with 1 where a target of the project is missed.
"""

import argparse
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import NamedTuple

from verdicts import Day, auc, examples, read_days

from generator.judges.local.learned import judge_learned
from generator.judges.local.linear import train
from generator.settings.config import Config, load

TARGETS = {3: (0.84, 0.62), 14: (0.865, 0.74), 45: (0.875, 0.78)}
TRAINING_SECONDS = 10.0  # for 10,000 papers
MEGABYTES = 300


class Found(NamedTuple):
    auc: float
    pooled: float
    field: float
    f1: float
    training: float
    milliseconds: float


def measure(days: list[Day], tests: list[int], window: int, config: Config) -> Found:
    slugs = [field.slug for field in config.fields]
    aucs, seconds, judging = [], [], []
    pooled: list[tuple[float, bool]] = []
    right = picks = given = common = papers = 0
    for test in tests:
        begin = time.process_time()
        model = train([examples(day) for day in days[test - window : test]], slugs)
        seconds.append((time.process_time() - begin) / sum(len(day.papers) for day in days[test - window : test]))
        day = days[test]
        begin = time.process_time()
        verdicts = judge_learned(day.papers, config, model, day.features)
        judging.append(time.process_time() - begin)
        rows = [(model.score(day.features[paper.id]), day.picked[paper.id]) for paper in day.papers]
        aucs.append(auc(rows))
        pooled += [(model.probability(day.features[paper.id]), day.picked[paper.id]) for paper in day.papers]
        for paper in day.papers:
            verdict, picked = verdicts[paper.id], day.picked[paper.id]
            pick = verdict.score >= config.judge.threshold
            papers, picks, given, common = papers + 1, picks + picked, given + pick, common + (pick and picked)
            right += picked and verdict.field == day.fields[paper.id]
    return Found(
        statistics.fmean(aucs), auc(pooled), right / picks, 2 * common / (picks + given),
        1e4 * statistics.fmean(seconds), 1e3 * sum(judging) / papers,
    )  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of DATE.jsonl.gz")
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    parser.add_argument("--tests", type=int, default=9, help="held-out days at the end")
    parser.add_argument("--windows", type=int, nargs="+", default=sorted(TARGETS))
    parser.add_argument("--until", type=int, default=None, help="leave out the days from this number on")
    options = parser.parse_args()
    config = load(options.config, {})
    begin = time.process_time()
    days = read_days(options.data, config)[: options.until]
    reading = time.process_time() - begin
    papers = sum(len(day.papers) for day in days)
    print(f"{len(days)} days, {papers:,} papers; features in {1e3 * reading / papers:.2f} ms a paper")
    print(" days  AUC a day   pooled    field       F1  s/10,000  ms a paper")
    missed = []
    if short := [window for window in options.windows if window >= len(days)]:
        parser.error(f"{len(days)} days hold none with {short[0]} days before it; give smaller --windows")
    for window in options.windows:
        tests = [number for number in range(len(days) - options.tests, len(days)) if number >= window]
        found = measure(days, tests, window, config)
        print(
            f"{window:5} {found.auc:10.3f} {found.pooled:8.3f} {found.field:8.3f} {found.f1:8.3f}"
            f" {found.training:9.1f} {found.milliseconds:11.2f}",
            flush=True,
        )
        least, least_field = TARGETS.get(window, (0.0, 0.0))
        if found.auc < least or found.field < least_field:
            missed.append(f"{window} days: AUC >= {least}, field >= {least_field}")
        if found.training + 1e4 * reading / papers > TRAINING_SECONDS:
            missed.append(f"{window} days: training with features in {TRAINING_SECONDS:.0f} s for 10,000 papers")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"memory {memory:.0f} MB with all {papers:,} papers and their features")
    if memory > MEGABYTES * max(1.0, papers / 10_000):
        missed.append(f"memory <= {MEGABYTES} MB for 10,000 papers")
    print("missed: " + "; ".join(missed) if missed else "all targets reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
