"""What the site's own verdicts teach: a linear model of picks and of their fields, in plain Python.

TF-IDF of words and pairs of words, logistic regression and a softmax over the fields, both by Adagrad: some five
seconds for 10,000 papers, a tenth of a millisecond to judge one. tests/bench/bench_judge.py measures it on days that
chose nothing here.

A probability is calibrated on every third day, by a model that has not seen it: a prefilter adds probabilities up.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.core.vectors import unit
from generator.judges.local.features import Features
from generator.judges.local.field_model import Fields, fit_fields
from generator.judges.local.sparse import SETTLED, SparseRow, dot, row_of, step

VERSION = 4
"""Of what is learned and how; weights of another version are made again."""

SHUFFLE = 2  # seed of the order in which papers teach

PASSES_OF_TRAINING = 3
LEARNING_RATE = 0.5
LEAST_EXAMPLES = 3  # a word of fewer papers is not learned
LEAST_PAPERS_PAIR = 5  # a pair of words
LEAST_OF_A_KIND = 10  # picks, and papers that are none: a model of fewer would be made of chance
DECIMALS = 6
_EVERY = 3  # every third day calibrates


class Example(NamedTuple):
    """One paper with its verdict. field: slug, None where it is no pick or its field is gone."""

    features: Features
    picked: bool
    field: str | None = None
    weight: float = 1.0


class Calibration(NamedTuple):
    """probability = logistic(slope * score + offset)"""

    slope: float = 1.0
    offset: float = 0.0


class Learned(NamedTuple):
    """A model. terms: term -> (idf, weight); dense: a weight per dense feature; slugs: the fields, as configured.

    young: those of them that were told so, as they are now, on fewer than three days of what was learned from.
    """

    slugs: tuple[str, ...]
    bias: float
    terms: dict[str, tuple[float, float]]
    dense: tuple[float, ...]
    fields: Fields
    line: Calibration = Calibration()
    papers: int = 0
    young: tuple[str, ...] = ()

    def score(self, features: Features) -> float:
        """Log-odds of a pick before calibration; good for order."""
        known = [self.terms[term] for term in features.terms if term in self.terms]
        parts = unit([idf for idf, _ in known])
        words = math.fsum(part * weight for part, (_, weight) in zip(parts, known, strict=True))
        matches = math.fsum(weight * value for weight, value in zip(self.dense, features.dense, strict=True))
        return round(self.bias + words + matches, DECIMALS)

    def probability(self, features: Features) -> float:
        """Calibrated probability of a pick."""
        return round(_logistic(self.line.slope * self.score(features) + self.line.offset), DECIMALS)

    def field(self, features: Features) -> str:
        """The field that fits best."""
        sums = self.fields.scores(self.slugs, features)
        return max(self.slugs, key=lambda slug: (round(sums[slug], DECIMALS), -self.slugs.index(slug)))

    def positive_terms(self, features: Features) -> dict[str, float]:
        """What each word or pair of words of the paper adds to its score; those that speak for it only."""
        found = {}
        for term in features.terms:
            if term in self.terms and not term.startswith(("t:", "c:")):
                idf, weight = self.terms[term]
                if weight > 0:
                    found[term] = idf * weight
        return found


def is_enough(days: Iterable[Sequence[Example]]) -> bool:
    """Whether DAYS show enough picks, and enough that are none, to learn from."""
    picked = Counter(example.picked for day in days for example in day)
    return min(picked[True], picked[False]) >= LEAST_OF_A_KIND


def train(days: Sequence[Sequence[Example]], slugs: Sequence[str]) -> Learned:
    """The model of DAYS, which `is_enough`, for the fields SLUGS; the same days give the same model."""
    held = days[_EVERY - 1 :: _EVERY]
    rest = [day for number, day in enumerate(days) if (number + 1) % _EVERY]
    line = Calibration()
    if is_enough(held) and is_enough(rest):
        trial = _fit(_joined(rest), slugs, with_fields=False)
        line = _calibrated(
            [(trial.score(example.features), example.picked, example.weight) for day in held for example in day]
        )
    return _fit(_joined(days), slugs)._replace(line=line)


def _joined(days: Iterable[Sequence[Example]]) -> list[Example]:
    return [example for day in days for example in day]


def _fit(examples: Sequence[Example], slugs: Sequence[str], *, with_fields: bool = True) -> Learned:
    idf = _idf([example.features for example in examples])
    number = {term: place for place, term in enumerate(idf)}
    scale = list(idf.values())
    rows = []
    for example in examples:
        places = [number[term] for term in example.features.terms if term in number]
        words = unit([scale[place] for place in places])
        dense = example.features.dense
        places += range(len(scale), len(scale) + len(dense))
        rows.append((row_of(places, [*words, *dense]), example.picked, example.weight))
    bias, weights = _fit_picks(rows, len(scale) + len(examples[0].features.dense))
    picks = [(example.features, example.field) for example in examples if example.picked and example.field is not None]
    fields = fit_fields(picks if with_fields else [], slugs)
    terms = {term: (round(idf[term], 4), round(weights[place], 4)) for term, place in number.items() if weights[place]}
    dense = tuple(round(weight, 4) for weight in weights[len(scale) :])
    return Learned(tuple(slugs), round(bias, 4), terms, dense, fields, papers=len(examples))


def _idf(papers: Sequence[Features]) -> dict[str, float]:
    """The IDF of every term that enough of PAPERS hold, in the order of the terms."""
    counts: Counter[str] = Counter()
    for features in papers:
        counts.update(features.terms)
    least = {True: LEAST_PAPERS_PAIR, False: LEAST_EXAMPLES}
    known = sorted(term for term, count in counts.items() if count >= LEAST_EXAMPLES and count >= least[" " in term])
    return {term: math.log(1 + len(papers) / counts[term]) for term in known}


def _fit_picks(rows: Sequence[tuple[SparseRow, bool, float]], width: int) -> tuple[float, list[float]]:
    """Bias and weights of papers that were picked or not, each with its own weight: logistic regression by Adagrad."""
    weights, seen = [0.0] * width, [1.0] * width
    share = sum(picked for _, picked, _ in rows) / len(rows)
    bias, bias_seen = math.log(share / (1 - share)), 1.0
    order = list(range(len(rows)))
    chance = random.Random(SHUFFLE)  # noqa: S311 - an order that is the same every time, no secret
    for _ in range(PASSES_OF_TRAINING):
        chance.shuffle(order)
        for place in order:
            row, picked, weight = rows[place]
            slope = (_logistic(bias + dot(row, weights)) - picked) * weight
            if -SETTLED < slope < SETTLED:
                continue
            bias_seen += slope * slope
            bias -= LEARNING_RATE * slope / math.sqrt(bias_seen)
            step(row, slope, weights, seen, LEARNING_RATE)
    return bias, weights


def _calibrated(scored: Sequence[tuple[float, bool, float]]) -> Calibration:
    """Platt's line through (score, picked, weight), by Newton's method; his targets keep it from certainty."""
    positive = math.fsum(weight for _, picked, weight in scored if picked)
    negative = math.fsum(weight for _, picked, weight in scored if not picked)
    high, low = (positive + 1) / (positive + 2), 1 / (negative + 2)
    slope, offset = 1.0, 0.0
    for _ in range(30):
        g0 = g1 = 0.0
        h00 = h11 = 1e-6
        h01 = 0.0
        for score, picked, weight in scored:
            p = _logistic(slope * score + offset)
            miss = weight * (p - (high if picked else low))
            curve = weight * p * (1 - p)
            g0, g1 = g0 + miss * score, g1 + miss
            h00, h01, h11 = h00 + curve * score * score, h01 + curve * score, h11 + curve
        determinant = h00 * h11 - h01 * h01
        step0, step1 = (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant
        slope, offset = slope - max(-1.0, min(1.0, step0)), offset - max(-1.0, min(1.0, step1))
        if abs(step0) + abs(step1) < 1e-7:
            break
    return Calibration(round(max(slope, 0.05), 4), round(offset, 4))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
