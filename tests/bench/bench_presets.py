"""How well the offline judge orders a day of each preset's discipline, against graded papers.

    python tests/bench/bench_presets.py --data DIR [--preset NAME]

DIR holds folders of DATE.jsonl.gz with id, title, abstract and categories: `physics` and `arxiv`. The grades, 0 to 3,
lie in tests/bench/labels/preset_days.json by "folder/id", two for each paper; their mean counts (guide: README.md
there). A day holds the papers of one date that are in or cross-listed to the preset's categories; for biology and
economics, of which there are few, the graded papers and 20 others; for the two of computer science 60 papers of a date.
Gains are 2**grade - 1. Exits with 1 where a preset's NDCG@10 misses the bound. With --preset the order is printed.
"""

import argparse
import gzip
import json
import math
import random
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.core.model import Paper
from generator.judges.local.keywords import rank_day, ranking
from generator.settings.config import Config
from generator.settings.presets import Preset, load_preset, preset_names

LABELS = Path(__file__).parent / "labels" / "preset_days.json"
BOUND = 0.75
DATES = {"astrophysics": "2026-06-09"}
PHYSICS, COMPUTING = "2026-06-08", "2026-06-10"
FEW = ("quantitative-biology", "economics-finance")
SAMPLED = ("machine-learning", "vision-robotics")

Rows = Mapping[str, dict[str, Any]]
"""Papers by "folder/id"."""


def read(data: Path, folder: str, date: str = "*") -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted((data / folder).glob(f"{date}.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                names = row["categories"]
                row["categories"] = names.split() if isinstance(names, str) else names
                if not row["title"].startswith(("Recovering GCP", "Fake paper")):  # planted in the data for other tests
                    found[f"{folder}/{row['id']}"] = row
    return found


def day_of(name: str, preset: Preset, graded: Mapping[str, float], data: Path) -> Rows:
    computing = read(data, "arxiv", COMPUTING)
    if name in SAMPLED:
        order = sorted(computing)
        random.Random(5).shuffle(order)
        return {key: computing[key] for key in order[:60]}
    if name in FEW:
        physics = read(data, "physics")
        others = sorted({*physics, *computing} - graded.keys())
        random.Random(7).shuffle(others)
        everything = {**physics, **read(data, "arxiv")}
        return {key: everything[key] for key in (*graded, *others[:20])}
    rows = read(data, "physics", DATES.get(name, PHYSICS))
    return {key: row for key, row in rows.items() if not set(row["categories"]).isdisjoint(preset.categories)}


def ordered(rows: Rows, preset: Preset) -> list[str]:
    """The keys of ROWS, best first."""
    config = Config(fields=preset.fields, low_interest=preset.low_interest)
    keys = {f"2601.{number:05}": key for number, key in enumerate(sorted(rows))}
    papers = [
        Paper(id=name, title=rows[key]["title"], authors=(), abstract=rows[key]["abstract"],
              categories=tuple(rows[key]["categories"]), submitted=None)
        for name, key in keys.items()
    ]  # fmt: skip
    return [keys[name] for name in ranking(rank_day(papers, config))]


def ndcg(grades: Sequence[float], best: Sequence[float]) -> float:
    def gain(row: Sequence[float]) -> float:
        return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(row[:10]))

    return gain(grades) / gain(sorted(best, reverse=True))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--preset", choices=preset_names())
    options = parser.parse_args()
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    pairs = [pair for rows in labels.values() for pair in rows.values()]
    same = statistics.fmean(first == two for first, two in pairs)
    print(f"{len(pairs)} grades given twice, {same:.2f} of them the same, the others one apart or, rarely, more")
    figures = []
    for name in [options.preset] if options.preset else preset_names():
        preset = load_preset(name)
        graded = {key: statistics.fmean(pair) for key, pair in labels[name].items()}
        rows = day_of(name, preset, graded, options.data)
        order = ordered(rows, preset)
        grades = [graded.get(key, 0.0) for key in order]
        figures.append(ndcg(grades, grades))
        print(
            f"{name:28}{len(rows):4} papers, NDCG@10 {figures[-1]:.3f}  {' '.join(f'{mean:g}' for mean in grades[:10])}"
        )
        if options.preset:
            for place, key in enumerate(order[:25], 1):
                print(f"{place:4} {graded.get(key, 0.0):3g} {rows[key]['title'][:100]}")
    print(f"mean {statistics.fmean(figures):.3f} (bound {BOUND} each)")
    return 0 if min(figures) >= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
