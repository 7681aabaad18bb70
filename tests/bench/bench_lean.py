"""What of an abstract's worth is lost where its background is not sent: judged by what can be learned of either.

    python tests/bench/bench_lean.py --data DIR [--config config.toml] [--tests 8] [--window 14]

The learned judge is trained and tested on whole abstracts and on those that the prompt holds. It reads words, not
sense: a stand-in for a large model, which this cannot ask, and on the high side. `eval` asks yours.
"""

import argparse
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from verdicts import Day, auc, examples, read_days

from generator.judges.llm.prompt import lean_abstract
from generator.judges.local.features import day_features
from generator.judges.local.linear import train
from generator.settings.config import Config, load


def told(days: list[Day], config: Config, change: Callable[[str], str]) -> list[Day]:
    """DAYS with changed abstracts."""
    return [
        day._replace(
            features=day_features(
                [paper.model_copy(update={"abstract": change(paper.abstract)}) for paper in day.papers], config
            )
        )
        for day in days
    ]


def measure(days: list[Day], tests: int, window: int, config: Config) -> tuple[float, float]:
    """AUC a day and share of right fields over the last TESTS of DAYS."""
    slugs = [field.slug for field in config.fields]
    found, right = [], []
    for number in range(len(days) - tests, len(days)):
        model = train([examples(day) for day in days[number - window : number]], slugs)
        day = days[number]
        found.append(auc([(model.score(day.features[paper.id]), day.picked[paper.id]) for paper in day.papers]))
        right += [
            model.field(day.features[paper.id]) == day.fields[paper.id] for paper in day.papers if day.picked[paper.id]
        ]
    return statistics.fmean(found), sum(right) / len(right)


def main() -> int:
    """Compare whole abstracts with lean ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of DATE.jsonl.gz")
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    parser.add_argument("--tests", type=int, default=8)
    parser.add_argument("--window", type=int, default=14)
    options = parser.parse_args()
    config = load(options.config, {})
    days = read_days(options.data, config)[-options.tests - options.window :]
    papers = [paper for day in days for paper in day.papers]
    found = {}
    ways: dict[str, Callable[[str], str]] = {"whole": str, "as told": lean_abstract}
    for name, change in ways.items():
        length = statistics.fmean(len(change(paper.abstract)) for paper in papers) / 4
        found[name] = measure(told(days, config, change), options.tests, options.window, config)
        print(f"{name:8} {length:.0f} tokens, AUC {found[name][0]:.3f}, field {found[name][1]:.3f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
