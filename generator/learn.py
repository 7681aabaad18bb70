"""What the site's own verdicts teach: a linear model of picks and of their fields, in plain Python.

TF-IDF of words and pairs of words, logistic regression and a softmax over the fields, both by Adagrad: some five
seconds for 10,000 papers, a tenth of a millisecond to judge one. tests/bench/bench_judge.py measures it on days that
chose nothing here.

A probability is calibrated on every third day, by a model that has not seen it: a prefilter adds probabilities up.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.features import Features

VERSION = 1
"""Of what is learned and how; weights of another version are made again."""

PASSES = 3
RATE = 0.5
SETTLED = 0.02  # a paper that is judged right within this moves no weight: a third of the time
LEAST_PAPERS = 3  # a word of fewer papers is not learned
LEAST_PAPERS_PAIR = 5  # a pair of words
FIELD_PASSES = 4
FIELD_RATE = 1.0
FIELD_SEEN = 0.1  # where Adagrad starts from: fields are learned from a fifth of the papers, in bigger steps
MATCH_UNIT = 0.3  # brings matches to the size of a row of words
LEAST_OF_A_FIELD = 3  # picks that a field needs before its words are learned
LEAST_OF_A_KIND = 10  # picks, and papers that are none: a model of fewer would be made of chance
DECIMALS = 6
_EVERY = 3  # every third day calibrates


class Example(NamedTuple):
    """One paper with its verdict. field: slug, None where it is no pick or its field is gone."""

    features: Features
    picked: bool
    field: str | None = None
    weight: float = 1.0


class Line(NamedTuple):
    """probability = logistic(slope * score + offset)"""

    slope: float = 1.0
    offset: float = 0.0


class Fields(NamedTuple):
    """Softmax over the fields: a bias and a weight per term and field.

    pull: what a match of the field's words counts; a field with too few picks stands by it alone.
    """

    pull: float
    biases: dict[str, float]
    weights: dict[str, dict[str, float]]


class Learned(NamedTuple):
    """A model. terms: term -> (idf, weight); dense: a weight per dense feature; slugs: the fields, as configured."""

    slugs: tuple[str, ...]
    bias: float
    terms: dict[str, tuple[float, float]]
    dense: tuple[float, ...]
    fields: Fields
    line: Line = Line()
    papers: int = 0

    def score(self, features: Features) -> float:
        """Log-odds of a pick before calibration; good for order."""
        known = [self.terms[term] for term in features.terms if term in self.terms]
        norm = math.sqrt(math.fsum(idf * idf for idf, _ in known)) or 1.0
        words = math.fsum(idf * weight for idf, weight in known) / norm
        matches = math.fsum(weight * value for weight, value in zip(self.dense, features.dense, strict=True))
        return round(self.bias + words + matches, DECIMALS)

    def probability(self, features: Features) -> float:
        """Calibrated probability of a pick."""
        return round(_logistic(self.line.slope * self.score(features) + self.line.offset), DECIMALS)

    def field(self, features: Features) -> str:
        """The field that fits best."""
        sums = _field_scores(self.fields, self.slugs, features)
        return max(self.slugs, key=lambda slug: (round(sums[slug], DECIMALS), -self.slugs.index(slug)))

    def telling(self, features: Features) -> dict[str, float]:
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
    line = Line()
    if is_enough(held) and is_enough(rest):
        trial = _fit(_joined(rest), slugs, with_fields=False)
        line = _calibrated([(trial.score(one.features), one.picked, one.weight) for day in held for one in day])
    return _fit(_joined(days), slugs)._replace(line=line)


def _joined(days: Iterable[Sequence[Example]]) -> list[Example]:
    return [example for day in days for example in day]


def _fit(examples: Sequence[Example], slugs: Sequence[str], *, with_fields: bool = True) -> Learned:
    papers = Counter(term for example in examples for term in example.features.terms)
    least = {True: LEAST_PAPERS_PAIR, False: LEAST_PAPERS}
    idf = {term: math.log(1 + len(examples) / n) for term, n in sorted(papers.items()) if n >= least[" " in term]}
    number = {term: place for place, term in enumerate(idf)}
    scale = list(idf.values())
    rows = []
    for example in examples:
        places = [number[term] for term in example.features.terms if term in number]
        norm = math.sqrt(math.fsum(scale[place] ** 2 for place in places)) or 1.0
        words = [(place, scale[place] / norm) for place in places]
        rows.append((words + list(enumerate(example.features.dense, len(scale))), example.picked, example.weight))
    bias, weights = _fit_picks(rows, len(scale) + len(examples[0].features.dense))
    fields = _fit_fields(examples, slugs, idf) if with_fields else Fields(1.0, {}, {})
    terms = {term: (round(idf[term], 4), round(weights[place], 4)) for term, place in number.items() if weights[place]}
    dense = tuple(round(weight, 4) for weight in weights[len(scale) :])
    return Learned(tuple(slugs), round(bias, 4), terms, dense, fields, papers=len(examples))


Row = tuple[list[tuple[int, float]], bool, float]
"""The features of a paper that are not 0, by their number; whether it was picked; its weight."""


def _fit_picks(rows: Sequence[Row], width: int) -> tuple[float, list[float]]:
    """Bias and weights: logistic regression by Adagrad."""
    weights, seen = [0.0] * width, [1.0] * width
    share = sum(picked for _, picked, _ in rows) / len(rows)
    bias, bias_seen = math.log(share / (1 - share)), 1.0
    order = list(range(len(rows)))
    chance = random.Random(VERSION)  # noqa: S311 - an order that is the same every time, no secret
    root = math.sqrt
    for _ in range(PASSES):
        chance.shuffle(order)
        for place in order:
            row, picked, weight = rows[place]
            total = bias
            for at, value in row:
                total += weights[at] * value
            slope = (_logistic(total) - picked) * weight
            if -SETTLED < slope < SETTLED:
                continue
            bias_seen += slope * slope
            bias -= RATE * slope / root(bias_seen)
            for at, value in row:
                step = slope * value
                seen[at] += step * step
                weights[at] -= RATE * step / root(seen[at])
    return bias, weights


def _fit_fields(examples: Sequence[Example], slugs: Sequence[str], idf: Mapping[str, float]) -> Fields:
    """The softmax over the fields of the picks; pairs of words are left out, they add time and nothing else."""
    counts = Counter(example.field for example in examples if example.picked)
    known = [slug for slug in slugs if counts[slug] >= LEAST_OF_A_FIELD]
    if len(known) < 2:
        return Fields(1.0, {}, {})
    fields = Fields(1.0, dict.fromkeys(known, 0.0), {slug: {} for slug in known})
    seen: dict[str, dict[str, float]] = {slug: {} for slug in known}
    pull, pull_seen = fields.pull, 1.0
    rows = [example for example in examples if example.picked and example.field in fields.biases]
    kept = [[term for term in row.features.terms if " " not in term and term in idf] for row in rows]
    chance = random.Random(VERSION)  # noqa: S311 - as above
    order = list(range(len(rows)))
    for _ in range(FIELD_PASSES):
        chance.shuffle(order)
        for place in order:
            example, terms = rows[place], kept[place]
            unit = 1 / math.sqrt(len(terms) or 1)
            matches = {slug: MATCH_UNIT * value for slug, value in zip(slugs, example.features.matches, strict=True)}
            sums = {}
            for slug in known:
                get = fields.weights[slug].get
                words = sum(get(term, 0.0) for term in terms)
                sums[slug] = fields.biases[slug] + pull * matches[slug] + unit * words
            highest = max(sums.values())
            odds = {slug: math.exp(value - highest) for slug, value in sums.items()}
            whole = sum(odds.values())
            drag = 0.0
            for slug in known:
                slope = odds[slug] / whole - (slug == example.field)
                drag += slope * matches[slug]
                if -SETTLED < slope < SETTLED:
                    continue  # settled: nearly all of the time goes into these
                fields.biases[slug] -= 0.05 * slope
                weights, past = fields.weights[slug], seen[slug]
                step = slope * unit
                for term in terms:
                    past[term] = past.get(term, FIELD_SEEN) + step * step
                    weights[term] = weights.get(term, 0.0) - FIELD_RATE * step / math.sqrt(past[term])
            pull_seen += drag * drag
            pull -= FIELD_RATE * drag / math.sqrt(pull_seen)
    weights_kept = {
        slug: {term: round(value, 4) for term, value in sorted(row.items())} for slug, row in fields.weights.items()
    }
    return Fields(round(pull, 4), {slug: round(value, 4) for slug, value in fields.biases.items()}, weights_kept)


def _field_scores(fields: Fields, slugs: Sequence[str], features: Features) -> dict[str, float]:
    terms = [term for term in features.terms if " " not in term]
    unit = 1 / math.sqrt(len(terms) or 1)
    common = math.fsum(fields.biases.values()) / len(fields.biases) if fields.biases else 0.0
    sums = {}
    for slug, match in zip(slugs, features.matches, strict=True):
        weights = fields.weights.get(slug, {})
        words = math.fsum(weights[term] for term in terms if term in weights)
        sums[slug] = fields.biases.get(slug, common) + fields.pull * MATCH_UNIT * match + unit * words
    return sums


def _calibrated(scored: Sequence[tuple[float, bool, float]]) -> Line:
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
    return Line(round(max(slope, 0.05), 4), round(offset, 4))


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))
