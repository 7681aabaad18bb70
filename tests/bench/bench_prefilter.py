"""What the prefilter keeps and spares in a closed loop: what it spares is never learned from, but for its own audit.

    python tests/bench/bench_prefilter.py --data DIR [--recall 0.98 0.99] [--days 40] [--window 60] [--every N]

The first days are judged whole, the last DAYS one after the other with the prefilter on, each by a model of the WINDOW
days before it as the loop left them. Kept: the share of the large model's picks that was sent. What linear.py does was
chosen on days before the last nine; those are quoted apart. Exits with 1 where a target is missed.
"""

import argparse
import statistics
import sys
from pathlib import Path
from typing import NamedTuple

from verdicts import Day, examples, read_days

from generator.judges.local.linear import Example, train
from generator.judges.prefilter import prefilter
from generator.settings.config import Config, load

TARGETS = {0.98: (0.975, 0.93, 0.20), 0.99: (0.985, 0.0, 0.14)}
HELD_OUT = 9


class Outcome(NamedTuple):
    date: str
    papers: int
    spared: int
    picks: int
    lost: int
    audited: int
    audited_picks: int


def loop(days: list[Day], recall: float, tests: int, window: int, config: Config) -> list[Outcome]:
    slugs = [field.slug for field in config.fields]
    known: list[list[Example]] = [examples(day) for day in days[: len(days) - tests]]
    outcomes = []
    for number, day in enumerate(days[len(days) - tests :]):
        model = train(known[-window:], slugs)
        sifted = prefilter(
            {paper.id: model.probability(day.features[paper.id]) for paper in day.papers}, recall, number
        )
        found = zip(day.papers, examples(day), strict=True)
        known.append([example for paper, example in found if paper.id not in sifted.spared])
        outcomes.append(
            Outcome(
                day.date, len(day.papers), len(sifted.spared), sum(day.picked.values()),
                sum(day.picked[paper_id] for paper_id in sifted.spared), len(sifted.audited),
                sum(day.picked[paper_id] for paper_id in sifted.audited),
            )
        )  # fmt: skip
    return outcomes


def line(name: str, outcomes: list[Outcome]) -> tuple[float, float, float]:
    kept = 1 - sum(outcome.lost for outcome in outcomes) / sum(outcome.picks for outcome in outcomes)
    worst = min(1 - outcome.lost / outcome.picks for outcome in outcomes)
    spared = sum(outcome.spared for outcome in outcomes) / sum(outcome.papers for outcome in outcomes)
    mean = statistics.fmean(1 - outcome.lost / outcome.picks for outcome in outcomes)
    audited, hits = sum(outcome.audited for outcome in outcomes), sum(outcome.audited_picks for outcome in outcomes)
    print(
        f"{name:22} kept {kept:.4f} (mean of days {mean:.4f}, worst {worst:.4f}), spared {spared:.1%},"
        f" audited {audited} ({hits} picks)",
        flush=True,
    )
    return kept, worst, spared


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of DATE.jsonl.gz")
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    parser.add_argument("--recall", type=float, nargs="+", default=sorted(TARGETS))
    parser.add_argument("--days", type=int, default=40)
    parser.add_argument("--window", type=int, default=60)
    options = parser.parse_args()
    config = load(options.config, {})
    days = read_days(options.data, config)
    missed = []
    for recall in options.recall:
        outcomes = loop(days, recall, min(options.days, len(days) - 3), options.window, config)
        kept, worst, spared = line(f"asked {recall}, {len(outcomes)} days", outcomes)
        line(f"  the last {HELD_OUT}", outcomes[-HELD_OUT:])
        least, least_worst, least_spared = TARGETS.get(recall, (0.0, 0.0, 0.0))
        if kept < least or worst < least_worst or spared < least_spared:
            missed.append(f"asked {recall}: kept >= {least}, worst day >= {least_worst}, spared >= {least_spared}")
    print("missed: " + "; ".join(missed) if missed else "all targets reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
