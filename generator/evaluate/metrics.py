"""How far two judges agree, in the figures of the field: F1, Cohen's kappa, Spearman, ROC-AUC, recall at k. Pure.

A figure that is not defined is None, never 0: no AUC where all papers are picks, no kappa where none is.
The definitions are those of scikit-learn and SciPy, and give the numbers of their published examples
(tests/evaluate/test_metrics.py).
"""

import math
import random
import statistics
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

SAMPLES, SAMPLES_OF_MANY, MANY = 500, 200, 4000
LEAST_GROUPS = 8
"""Days from which on whole days are drawn: papers of one day were judged in the same calls."""
_TAIL = 0.025  # of a 95 % interval
_Z = 1.959964
_DEFINED = 0.9  # share of the samples in which a figure must be defined to have an interval


class Label(NamedTuple):
    """What a judge says of a paper. score: 0 to 10, None where it gave none. field: slug, None where it named none."""

    picked: bool
    score: float | None = None
    field: str | None = None

    @property
    def order(self) -> float:
        """What the paper is ranked by: without a score it stands below all others."""
        return -1.0 if self.score is None else self.score


class Pair(NamedTuple):
    """One paper as the reference and the judge see it. group: the list that it stands in, such as its day."""

    group: str
    reference: Label
    judge: Label


class Figures(NamedTuple):
    """Agreement of a judge with a reference.

    reference, judge, both: numbers of picks. spearman: of the scores of papers to which both give one. auc: how well
    the judge's score tells the reference's picks from the other papers. recall: see `recall_at`. field: share of the
    common picks that have the same field.
    """

    papers: int
    reference: int
    judge: int
    both: int
    f1: float | None
    kappa: float | None
    spearman: float | None
    auc: float | None
    recall: float | None
    field: float | None


class ReliabilityBin(NamedTuple):
    """Of PAPERS with one SCORE (rounded down), the share that is picked, with its 95 % interval (Wilson)."""

    score: int
    papers: int
    share: float
    low: float
    high: float


def figures(pairs: Sequence[Pair], k: int) -> Figures:
    """All figures of PAIRS; K: of the recall."""
    reference = sum(pair.reference.picked for pair in pairs)
    judge = sum(pair.judge.picked for pair in pairs)
    common = [pair for pair in pairs if pair.reference.picked and pair.judge.picked]
    same = sum(pair.reference.field == pair.judge.field for pair in common)
    return Figures(
        papers=len(pairs),
        reference=reference,
        judge=judge,
        both=len(common),
        f1=f1(reference, judge, len(common)),
        kappa=kappa(len(pairs), reference, judge, len(common)),
        spearman=_spearman(pairs),
        auc=_auc(pairs),
        recall=recall_at(pairs, k),
        field=same / len(common) if common else None,
    )


def field_figures(pairs: Sequence[Pair], field: str | None, k: int) -> Figures:
    """The figures of one FIELD: a pick is a pick with this field.

    For the AUC, the reference's picks with other fields are left out: a judge that puts them on top is right. Spearman
    is that of the reference's picks with this field; recall is that of the judge's papers with this field.
    """
    own = [Pair(pair.group, _only(pair.reference, field), _only(pair.judge, field)) for pair in pairs]
    others = {number for number, pair in enumerate(pairs) if pair.reference.picked and not own[number].reference.picked}
    return figures(own, k)._replace(
        auc=_auc([pair for number, pair in enumerate(own) if number not in others]),
        spearman=_spearman([pair for pair in own if pair.reference.picked]),
        recall=recall_at([pair if pair.judge.field == field else _last(pair) for pair in own], k),
        field=None,
    )


def _only(opinion: Label, field: str | None) -> Label:
    return opinion._replace(picked=opinion.picked and opinion.field == field)


def _last(pair: Pair) -> Pair:
    """PAIR, where the judge puts the paper below all others."""
    return pair._replace(judge=pair.judge._replace(score=None))


def _auc(pairs: Iterable[Pair]) -> float | None:
    return auc([(pair.judge.order, pair.reference.picked) for pair in pairs])


def _spearman(pairs: Iterable[Pair]) -> float | None:
    scores = [(pair.reference.score, pair.judge.score) for pair in pairs]
    return spearman([(own, other) for own, other in scores if own is not None and other is not None])


def f1(reference: int, judge: int, both: int) -> float | None:
    """Twice the common picks by the picks of either."""
    return 2 * both / (reference + judge) if reference + judge else None


def kappa(papers: int, reference: int, judge: int, both: int) -> float | None:
    """Cohen's kappa of picked or not: agreement beyond what chance gives two judges that pick as many."""
    if not papers:
        return None
    agreed = (papers - reference - judge + 2 * both) / papers
    chance = (reference * judge + (papers - reference) * (papers - judge)) / papers**2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def auc(rows: Sequence[tuple[float, bool]]) -> float | None:
    """Area under the ROC curve of (score, picked), by ranks; ties count a half. None where only one kind is there."""
    positive = sum(picked for _, picked in rows)
    if not 0 < positive < len(rows):
        return None
    total = math.fsum(
        rank for rank, (_, picked) in zip(average_ranks([score for score, _ in rows]), rows, strict=True) if picked
    )
    return (total - positive * (positive + 1) / 2) / (positive * (len(rows) - positive))


def spearman(points: Sequence[tuple[float, float]]) -> float | None:
    """Spearman's rank correlation; None for less than three points, or where one side is constant."""
    if len(points) < 3 or any(len(set(values)) == 1 for values in zip(*points, strict=True)):
        return None
    return statistics.correlation(*(average_ranks(values) for values in zip(*points, strict=True)))


def average_ranks(values: Sequence[float]) -> list[float]:
    """The rank of each of VALUES from 1 on; equal ones share their mean. (statistics has it from Python 3.12 on.)"""
    order = sorted(range(len(values)), key=values.__getitem__)
    edges = [0, *(n for n, (a, b) in enumerate(pairwise(order), 1) if values[a] != values[b]), len(order)]
    found = [0.0] * len(values)
    for first, last in pairwise(edges):
        for place in order[first:last]:
            found[place] = (first + 1 + last) / 2
    return found


def recall_at(pairs: Sequence[Pair], k: int) -> float | None:
    """The share of the reference's picks in the K papers that the judge puts on top of each list, added up.

    Of a list with more than K picks no more than K count, so that 1 can be reached. Papers that tie for the last places
    count by the share of them that has room. Lists of K papers or fewer say nothing and are left out.
    """
    found, wanted = 0.0, 0
    for _, members in groupby(sorted(pairs, key=lambda pair: pair.group), key=lambda pair: pair.group):
        group = sorted(members, key=lambda pair: -pair.judge.order)
        picks = sum(pair.reference.picked for pair in group)
        if len(group) > k and picks:
            wanted += min(k, picks)
            found += _hits(group, k)
    return found / wanted if wanted else None


def _hits(group: Sequence[Pair], k: int) -> float:
    """The reference's picks among the first K of GROUP, expected where papers tie for the last places."""
    edge = group[k - 1].judge.order
    above = [pair for pair in group if pair.judge.order > edge]
    tied = [pair for pair in group if pair.judge.order == edge]
    room = (k - len(above)) / len(tied)
    return sum(pair.reference.picked for pair in above) + room * sum(pair.reference.picked for pair in tied)


def reliability(pairs: Iterable[Pair]) -> list[ReliabilityBin]:
    """The share of the reference's picks among papers by the judge's score."""
    counts: dict[int, list[bool]] = {}
    for pair in pairs:
        if pair.judge.score is not None:
            counts.setdefault(int(pair.judge.score), []).append(pair.reference.picked)
    return [
        ReliabilityBin(score, len(picked), sum(picked) / len(picked), *_wilson(sum(picked), len(picked)))
        for score, picked in sorted(counts.items())
    ]


def _wilson(hits: int, trials: int) -> tuple[float, float]:
    share, weight = hits / trials, _Z**2 / trials
    middle = (share + weight / 2) / (1 + weight)
    width = _Z * math.sqrt(share * (1 - share) / trials + weight / (4 * trials)) / (1 + weight)
    return max(0.0, middle - width), min(1.0, middle + width)


def units_of(pairs: Sequence[Pair]) -> tuple[str, list[list[int]]]:
    """What is drawn for an interval, "days" where there are enough or "papers", and the places of PAIRS in each."""
    groups: dict[str, list[int]] = {}
    for place, pair in enumerate(pairs):
        groups.setdefault(pair.group, []).append(place)
    if len(groups) >= LEAST_GROUPS:
        return "days", list(groups.values())
    return "papers", [[place] for place in range(len(pairs))]


def resampled(pairs: Sequence[Pair], seed: int) -> list[Figures]:
    """The figures of samples of PAIRS, drawn with replacement by SEED; two judges of the same papers draw the same.

    Recall is not among them: a list in which a paper stands twice is none.
    """
    _, units = units_of(pairs)
    chance = random.Random(seed)  # noqa: S311 (a sample, no secret)
    times = SAMPLES if len(pairs) <= MANY else SAMPLES_OF_MANY
    found = []
    for _ in range(times if pairs else 0):
        drawn = chance.choices(units, k=len(units))
        found.append(figures([pairs[place] for unit in drawn for place in unit], len(pairs)))
    return found


def interval(values: Sequence[float | None]) -> tuple[float, float] | None:
    """The 95 % interval of a figure from its VALUES in samples; None where it was often not defined."""
    known = sorted(value for value in values if value is not None)
    if not known or len(known) < _DEFINED * len(values):
        return None
    low, high = (known[round(share * (len(known) - 1))] for share in (_TAIL, 1 - _TAIL))
    return low, high
