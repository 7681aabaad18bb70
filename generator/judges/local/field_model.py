"""What the verdicts teach of the fields: which of them a pick belongs to.

A softmax over TF-IDF of the words and over how each field's words match, by Adagrad. A word that stands twice counts
more (1 + ln n) than one in passing; pairs of words add time and nothing else. A field of which nothing was learned
stands by its own words.
"""

import math
import operator
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.core.vectors import unit
from generator.judges.local.features import Features
from generator.judges.local.sparse import SETTLED, SparseRow, dot, row_of, step

LEAST_OF_A_FIELD = 3  # picks that a field needs before its words are learned
LEAST_PICKS = 3  # a word of fewer picks is not learned
PASSES = 8
RATE = 1.0
BIAS_RATE = 0.05
MATCH_UNIT = 0.05  # brings matches to the size of words
MATCH_START = 5.0  # weight of a field's own match before anything is learned

LabelledPick = tuple[Features, str]
"""A paper that was picked, and the slug of its field."""


class Fields(NamedTuple):
    """A model of fields. biases: of those that were learned; matches: a weight for every field's match, by slug.

    terms: term -> its IDF, then a weight for each of `biases`.
    """

    biases: dict[str, float]
    matches: dict[str, tuple[float, ...]]
    terms: dict[str, tuple[float, ...]]

    def scores(self, slugs: Sequence[str], features: Features) -> dict[str, float]:
        """How well each of SLUGS fits, for order."""
        common = math.fsum(self.biases.values()) / len(self.biases) if self.biases else 0.0
        found = {slug: self.biases.get(slug, common) for slug in slugs}
        known = [(self.terms[term], value) for term, value in _log_counts(features) if term in self.terms]
        words = unit([weights[0] * value for weights, value in known])
        for place, slug in enumerate(self.biases, 1):
            found[slug] += math.fsum(weights[place] * value for (weights, _), value in zip(known, words, strict=True))
        for number, slug in enumerate(slugs):
            weights = self.matches.get(slug) or _own_match(number, len(slugs))
            found[slug] += MATCH_UNIT * math.fsum(map(operator.mul, weights, features.matches))
        return found


def _own_match(number: int, fields: int) -> tuple[float, ...]:
    return tuple(MATCH_START if other == number else 0.0 for other in range(fields))


def _log_counts(features: Features) -> Iterable[tuple[str, float]]:
    """The words of a paper, each with what its count is worth."""
    pairs = zip(features.terms, features.counts, strict=True)
    return ((term, 1.0 + math.log(count)) for term, count in pairs if " " not in term)


def fit_fields(picks: Sequence[LabelledPick], slugs: Sequence[str]) -> Fields:
    """The model of PICKS for the fields SLUGS; empty where fewer than two have enough of them."""
    counts = Counter(slug for _, slug in picks)
    known = [slug for slug in slugs if counts[slug] >= LEAST_OF_A_FIELD]
    if len(known) < 2:
        return Fields({}, {}, {})
    picks = [(features, slug) for features, slug in picks if slug in known]
    idf = _idf([features for features, _ in picks])
    number = {term: place for place, term in enumerate(idf)}
    rows = [(_row(features, idf, number), known.index(slug)) for features, slug in picks]
    starts = [(len(number) + slugs.index(slug), MATCH_START) for slug in known]
    weights, biases = _descend(rows, len(number) + len(slugs), starts)
    rounded = [[round(value, 4) for value in row] for row in weights]
    terms = {term: (round(idf[term], 4), *(row[place] for row in rounded)) for term, place in number.items()}
    matches = {slug: tuple(row[len(number) :]) for slug, row in zip(known, rounded, strict=True)}
    return Fields({slug: round(bias, 4) for slug, bias in zip(known, biases, strict=True)}, matches, terms)


def _idf(picks: Sequence[Features]) -> dict[str, float]:
    papers = Counter(term for features in picks for term in features.terms if " " not in term)
    known = sorted(term for term, count in papers.items() if count >= LEAST_PICKS)
    return {term: 1 + math.log((1 + len(picks)) / (1 + papers[term])) for term in known}


def _row(features: Features, idf: Mapping[str, float], number: Mapping[str, int]) -> SparseRow:
    known = [(term, value) for term, value in _log_counts(features) if term in idf]
    words = unit([idf[term] * value for term, value in known])
    places = [*(number[term] for term, _ in known), *range(len(number), len(number) + len(features.matches))]
    return row_of(places, [*words, *(MATCH_UNIT * value for value in features.matches)])


def _descend(
    rows: Sequence[tuple[SparseRow, int]], width: int, starts: Sequence[tuple[int, float]]
) -> tuple[list[list[float]], list[float]]:
    """Weights (a row of WIDTH for each field) and biases of ROWS, each with its field's number; Adagrad.

    STARTS: for each field which of its weights does not start at 0, and where.
    """
    weights = [[0.0] * width for _ in starts]
    for own, (place, start) in zip(weights, starts, strict=True):
        own[place] = start
    seen = [[1.0] * width for _ in starts]
    biases = [0.0] * len(starts)
    order = list(range(len(rows)))
    chance = random.Random(PASSES)  # noqa: S311 - an order that is the same every time, no secret
    for _ in range(PASSES):
        chance.shuffle(order)
        for number in order:
            row, right = rows[number]
            for field, odds in enumerate(_odds(row, weights, biases)):
                slope = odds - (field == right)
                if not -SETTLED < slope < SETTLED:
                    biases[field] -= BIAS_RATE * slope
                    step(row, slope, weights[field], seen[field], RATE)
    return weights, biases


def _odds(row: SparseRow, weights: Sequence[list[float]], biases: Sequence[float]) -> list[float]:
    """How likely each field is."""
    sums = [dot(row, own) + bias for own, bias in zip(weights, biases, strict=True)]
    highest = max(sums)
    parts = [math.exp(value - highest) for value in sums]
    whole = sum(parts)
    return [part / whole for part in parts]
