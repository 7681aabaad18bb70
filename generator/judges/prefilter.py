"""Which papers need not be paid for: the day's least likely picks, so few that the share of picks asked for is kept.

Sent is the smallest set whose probabilities of a pick sum to RECALL of the day's sum. (A threshold that was fixed on
earlier days overshoots and, fed by its own omissions, erodes.) A few of the spared are sent all the same: of those it
is known what the prefilter loses. A spared paper is not judged, which is not the same as not picked.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from generator.core.model import Day, Recall

AUDIT_SHARE = 0.03
_CONFIDENCE = 0.95
_DECIMALS = 4


class PrefilterResult(NamedTuple):
    """spared: id -> estimated probability of a pick. audited: those sent though they would have been spared."""

    spared: dict[str, float]
    audited: frozenset[str]


def prefilter(probabilities: Mapping[str, float], recall: float, seed: int) -> PrefilterResult:
    """The papers of a day that are spared where RECALL of its picks is to be kept; the same SEED audits the same."""
    order = sorted(probabilities, key=lambda paper_id: (-probabilities[paper_id], paper_id))
    wanted = recall * math.fsum(probabilities.values())
    kept = 0.0
    sent = 0
    while sent < len(order) and kept < wanted:
        kept += probabilities[order[sent]]
        sent += 1
    audited = frozenset(paper_id for paper_id in order[sent:] if _chance(seed, paper_id) < AUDIT_SHARE)
    spared = {
        paper_id: round(probabilities[paper_id], _DECIMALS) for paper_id in order[sent:] if paper_id not in audited
    }
    return PrefilterResult(spared, audited)


def _chance(seed: int, paper_id: str) -> float:
    """A number from 0 to 1 that is the paper's own."""
    return int(hashlib.sha256(f"audit {seed} {paper_id}".encode()).hexdigest()[:8], 16) / 2**32


def audit(days: Iterable[Day]) -> Recall | None:
    """What the audited papers of DAYS say; None where none was audited and judged."""
    found = missed = looked = spared = used = 0
    for day in days:
        if not (day.set_aside or day.audited):
            continue
        used += 1
        audited = set(day.audited)
        picks = {pick.paper.id for pick in day.picks}
        looked += len(audited & (picks | {row.id for row in day.rest}))
        missed += len(audited & picks)
        found += len(picks)
        spared += len(day.set_aside)
    if not looked or not found:
        return None
    low, high = _interval(missed, looked)
    recall, least, most = (found / (found + spared * share) for share in (missed / looked, high, low))
    return Recall(recall=round(recall, 4), low=round(least, 4), high=round(most, 4), audited=looked, days=used)


def _interval(hits: int, trials: int) -> tuple[float, float]:
    """Clopper and Pearson's interval for a share of which HITS of TRIALS were seen."""
    tail = (1 - _CONFIDENCE) / 2
    low = 0.0 if not hits else _solve(lambda share: 1 - _at_most(hits - 1, trials, share), tail)
    high = 1.0 if hits == trials else _solve(lambda share: 1 - _at_most(hits, trials, share), 1 - tail)
    return low, high


def _solve(rising: Callable[[float], float], value: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < value else (low, middle)
    return (low + high) / 2


def _at_most(hits: int, trials: int, share: float) -> float:
    """The binomial probability of at most HITS."""
    terms = (math.comb(trials, n) * share**n * (1 - share) ** (trials - n) for n in range(hits + 1))
    return min(1.0, math.fsum(terms))
