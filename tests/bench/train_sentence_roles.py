"""Make the weights of generator/judges/sentence_roles.py from labelled sentences, and measure them.

    python tests/bench/train_sentence_roles.py --data DIR [--write]

DIR holds folders of DATE.jsonl.gz with id, title and abstract. tests/bench/labels/sentence_roles.json holds a letter of
ROLES for every sentence of every labelled paper, by "folder/id" (the guide is tests/bench/labels/README.md). Measured
by five folds over papers: how often the sentence that is most likely idea or result is one, beside the sentence that
chance takes. --write makes the weights of all papers. Exits with 1 where a bound of the project is missed.
"""

import argparse
import gzip
import json
import math
import random
import statistics
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from generator.core.words import sentences
from generator.judges import sentence_roles
from generator.judges.sentence_roles import ROLES, UNIT, WEIGHTS, sentence_features

LABELS = Path(__file__).parent / "labels"
BOUND = 0.60
KEPT = 300
LEAST = 5
RATE = 0.3
SHRINK = 0.01
POINT = "ir"

Weights = dict[str, list[float]]


class Labelled(NamedTuple):
    features: list[list[str]]
    roles: str


def read_papers(data: Path, wanted: Mapping[str, str]) -> dict[str, Labelled]:
    """The labelled papers that DATA holds, by their key; a paper whose sentences are cut otherwise is refused."""
    found = {}
    for folder in sorted({key.partition("/")[0] for key in wanted}):
        for path in sorted((data / folder).glob("*.jsonl.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    row = json.loads(line)
                    key = f"{folder}/{row['id']}"
                    if key in wanted:
                        text = " ".join(row["abstract"].split())
                        texts = [text[place.start : place.end] for place in sentences(text)]
                        if len(texts) != len(wanted[key]):
                            raise SystemExit(f"{key}: {len(texts)} sentences, {len(wanted[key])} labels")
                        found[key] = Labelled(sentence_features(row["title"], texts), wanted[key])
    return found


def fit(papers: Sequence[Labelled]) -> Weights:
    """Weights of the KEPT features that say most, by Adagrad over a softmax."""
    counts = Counter(name for paper in papers for features in paper.features for name in features)
    names = {name for name, count in counts.items() if count >= LEAST}
    trial = _descend(papers, names, 3)
    said = {name: sum(map(abs, row)) for name, row in trial.items()}
    best = set(sorted(names, key=lambda name: (-round(said[name], 6), name))[:KEPT])
    return _descend(papers, best, 6)


def _descend(papers: Sequence[Labelled], names: set[str], passes: int) -> Weights:
    rows = [
        ([name for name in features if name in names], ROLES.index(role))
        for paper in papers
        for features, role in zip(paper.features, paper.roles, strict=True)
    ]
    weights: Weights = {name: [0.0] * len(ROLES) for name in sorted(names)}
    seen: Weights = {name: [1.0] * len(ROLES) for name in names}
    chance = random.Random(1)
    for _ in range(passes):
        chance.shuffle(rows)
        for features, right in rows:
            for role, odds in enumerate(_odds(weights, features)):
                for name in features:
                    slope = odds - (role == right) + SHRINK * weights[name][role]
                    seen[name][role] += slope * slope
                    weights[name][role] -= RATE * slope / math.sqrt(seen[name][role])
    return weights


def _odds(weights: Weights, features: Sequence[str]) -> list[float]:
    sums = [sum(weights[name][role] for name in features if name in weights) for role in range(len(ROLES))]
    highest = max(sums)
    parts = [math.exp(value - highest) for value in sums]
    return [part / sum(parts) for part in parts]


def measure(papers: Sequence[Labelled], seed: int) -> tuple[float, float]:
    """Share of papers whose likeliest sentence is idea or result, and share of sentences whose role is right."""
    order = list(papers)
    random.Random(seed).shuffle(order)
    hits = right = 0
    for fold in range(5):
        weights = fit([paper for number, paper in enumerate(order) if number % 5 != fold])
        for paper in order[fold::5]:
            odds = [_odds(weights, features) for features in paper.features]
            points = [sum(row[ROLES.index(role)] for role in POINT) for row in odds]
            hits += paper.roles[points.index(max(points))] in POINT
            right += sum(ROLES[row.index(max(row))] == role for row, role in zip(odds, paper.roles, strict=True))
    return hits / len(order), right / sum(len(paper.roles) for paper in order)


def agreement(first: Mapping[str, str], second: Mapping[str, str]) -> str:
    """How far two labellings of the same sentences agree: share and Cohen's kappa, for all roles and for the point."""
    pairs = [(role, two) for key, roles in second.items() for role, two in zip(first[key], roles, strict=True)]
    points = [(str(role in POINT), str(two in POINT)) for role, two in pairs]
    return f"{len(pairs)} sentences labelled twice: {_kappa(pairs)}; idea or result against the rest: {_kappa(points)}"


def _kappa(pairs: Sequence[tuple[str, str]]) -> str:
    same = sum(role == two for role, two in pairs) / len(pairs)
    ones, twos = Counter(role for role, _ in pairs), Counter(two for _, two in pairs)
    by_chance = sum(ones[label] * twos[label] for label in ones) / len(pairs) ** 2
    return f"{same:.3f} the same, kappa {(same - by_chance) / (1 - by_chance):.3f}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of folders of DATE.jsonl.gz")
    parser.add_argument("--write", action="store_true", help="write the weights of all papers")
    options = parser.parse_args()
    labels = json.loads((LABELS / "sentence_roles.json").read_text(encoding="utf-8"))
    papers = list(read_papers(options.data, labels["first"]).values())
    chance = statistics.fmean(sum(role in POINT for role in paper.roles) / len(paper.roles) for paper in papers)
    print(f"{len(papers)} papers, {sum(len(paper.roles) for paper in papers)} sentences")
    print(agreement(labels["first"], labels["second"]))
    found = [measure(papers, seed) for seed in (3, 4, 5)]
    hit = statistics.fmean(rate for rate, _ in found)
    print(f"quoted: idea or result in {hit:.3f} (bound {BOUND}; by chance {chance:.3f}), in three splits by paper "
          + ", ".join(f"{rate:.3f}" for rate, _ in found))  # fmt: skip
    print(f"role right in {statistics.fmean(two for _, two in found):.3f}")
    if options.write:
        weights = {name: [round(UNIT * value) for value in row] for name, row in fit(papers).items()}
        lines = ",\n".join(
            f"{json.dumps(name)}: {json.dumps(row, separators=(',', ':'))}" for name, row in weights.items()
        )
        path = Path(sentence_roles.__file__).parent / WEIGHTS
        path.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
        print(f"{path.name}: {len(weights)} features, {path.stat().st_size:,} bytes")
    return 0 if hit >= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
