"""Verdicts steadier than the model: how lenient each call was is measured and taken out of its scores.

Nearly all of a model's disagreement with itself is leniency per call: some calls give every paper half a point more.
A local model knows roughly what a call's papers deserve, so that what is left of a call's mean is its leniency:

    score = line(local score) + the paper's own part + the call's leniency + noise

The parts are told apart by their variances (best linear unbiased prediction): where calls differ no more than chance
would have it, nothing is corrected. The correction moves calls against each other, never the day as a whole.
"""

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

NOISE = 0.5  # standard deviation of one paper's score within a call, in points; measured of the predecessor's model
LEFT = 1.2
"""Variance for which the order takes a vote whose call's leniency was taken out. What is left of noise and estimate is
0.4; three times that makes two runs agree more, and none worse against what papers deserve (days before the last nine).
"""
DIFFER = 0.25  # standard deviation of the leniency from which on calls differ by more than chance
LEAST_PAPERS_TO_CORRECT = 30  # of a day: fewer do not show what a call's papers deserve
LEAST_CALLS = 3
UNCERTAIN = 1.0  # points from the threshold within which a second vote may change what is picked
_ROUNDS = 100
_DECIMALS = 2


class Vote(NamedTuple):
    """One score of one paper. call: any number that tells the calls apart."""

    paper: str
    call: int
    score: float


def correct_leniency(votes: Sequence[Vote], local: Mapping[str, float]) -> dict[str, float]:
    """The mean of each paper's VOTES without their calls' leniency. LOCAL: log-odds of a pick, by id.

    What is left of the noise is taken out of the order: the day keeps its scores, but they go to the papers in the
    order of what they deserve by vote and local score together. Where there are too few papers or calls to tell, or
    calls do not differ, votes count as they are.
    """
    leniency = _leniency([vote for vote in votes if vote.paper in local], local)
    scores: dict[str, list[float]] = {}
    for vote in votes:
        scores.setdefault(vote.paper, []).append(vote.score - leniency.get(vote.call, 0.0))
    means = {paper: _score(statistics.fmean(found)) for paper, found in scores.items()}
    if not leniency or statistics.pstdev(leniency.values()) < DIFFER:
        return means
    return _in_order(means, {paper: len(found) for paper, found in scores.items()}, local)


def _in_order(scores: Mapping[str, float], votes: Mapping[str, int], local: Mapping[str, float]) -> dict[str, float]:
    """The values of SCORES, given anew in the order of their expectation; the more VOTES, the less LOCAL counts."""
    known = sorted(scores.keys() & local.keys())
    line = _line([(local[paper], scores[paper]) for paper in known])
    rests = {paper: scores[paper] - line(local[paper]) for paper in known}
    spread = max(statistics.pvariance(rests.values()), 1e-9)
    deserved = {
        paper: line(local[paper]) + max(1 - LEFT / votes[paper] / spread, 0.1) * rests[paper] for paper in known
    }
    order = sorted(known, key=lambda paper: (-round(deserved[paper], _DECIMALS), -scores[paper], paper))
    values = sorted((scores[paper] for paper in known), reverse=True)
    return {**scores, **dict(zip(order, values, strict=True))}


def _score(value: float) -> float:
    return round(min(10.0, max(0.0, value)), _DECIMALS)


def _leniency(votes: Sequence[Vote], local: Mapping[str, float]) -> dict[int, float]:
    """By how much each call was too lenient, drawn towards 0 as far as chance explains it."""
    papers = {vote.paper for vote in votes}
    calls = sorted({vote.call for vote in votes})
    if len(papers) < LEAST_PAPERS_TO_CORRECT or len(calls) < LEAST_CALLS:
        return {}
    line = _line([(local[vote.paper], vote.score) for vote in votes])
    rests = [(vote.paper, vote.call, vote.score - line(local[vote.paper])) for vote in votes]
    between, within = _variances((call, rest) for _, call, rest in rests)
    if between <= 0:
        return {}
    noise = NOISE**2
    own_doubt, call_doubt = noise / max(within - noise, 0.05), noise / between
    own = dict.fromkeys(papers, 0.0)
    leniency = dict.fromkeys(calls, 0.0)
    of_paper = Counter(paper for paper, _, _ in rests)
    of_call = Counter(call for _, call, _ in rests)
    for _ in range(_ROUNDS):
        left = dict.fromkeys(papers, 0.0)
        for paper, call, rest in rests:
            left[paper] += rest - leniency[call]
        own = {paper: value / (of_paper[paper] + own_doubt) for paper, value in left.items()}
        surplus = dict.fromkeys(calls, 0.0)
        for paper, call, rest in rests:
            surplus[call] += rest - own[paper]
        leniency = {call: value / (of_call[call] + call_doubt) for call, value in surplus.items()}
    return leniency


def _line(points: Sequence[tuple[float, float]]) -> Callable[[float], float]:
    """Least squares through (local, score)."""
    middle = statistics.fmean(x for x, _ in points)
    mean = statistics.fmean(y for _, y in points)
    spread = math.fsum((x - middle) ** 2 for x, _ in points)
    slope = math.fsum((x - middle) * (y - mean) for x, y in points) / spread if spread > 1e-9 else 0.0
    return lambda x: mean + slope * (x - middle)


def _variances(rests: Iterable[tuple[int, float]]) -> tuple[float, float]:
    """Variance between calls beyond what chance gives, and within calls, of (call, residual)."""
    groups: dict[int, list[float]] = {}
    for call, rest in rests:
        groups.setdefault(call, []).append(rest)
    several = [group for group in groups.values() if len(group) > 1]
    free = sum(len(group) - 1 for group in several)
    if not free or len(several) < 2:
        return 0.0, 1.0
    within = math.fsum(statistics.variance(group) * (len(group) - 1) for group in several) / free
    chance = within * statistics.fmean(1 / len(group) for group in several)
    return statistics.variance([statistics.fmean(group) for group in several]) - chance, within


def uncertain(scores: Mapping[str, float], threshold: float, most: int) -> list[str]:
    """At most MOST ids within UNCERTAIN of THRESHOLD, the closest first."""
    near = [paper for paper in scores if abs(scores[paper] - threshold) <= UNCERTAIN]
    return sorted(near, key=lambda paper: (round(abs(scores[paper] - threshold), _DECIMALS), paper))[:most]
