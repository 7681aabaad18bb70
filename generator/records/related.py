"""Which earlier picks are closest to a new one: by the words and pairs of words that they share, rare ones first.

Decided once, when the day is made, and kept in its record, so that an old page never changes. What is counted was
chosen on papers whose likeness people judged (tests/bench/bench_related.py): the logarithm of how often a word stands
there times its IDF, beginnings of words in place of words, pairs with half the weight, title and abstract alike.
"""

import datetime as dt
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.core.model import Day, Pick, Related
from generator.core.vectors import unit
from generator.core.words import EMPTY_WORDS, STOP_WORDS, plain_words

RELATED_WINDOW_DAYS = 90
MOST_RELATED = 3
CLOSE = 0.25
"""Likeness from which on a paper is shown. Of such links people called 55 % similar, without a floor 36 %."""
COMMON = CLOSE / 2
BEGINNING = 6  # letters of a word that count: quantize, quantized and quantization are one
PAIR = 0.5  # weight of a pair of words
IDF_POWER = 0.8  # power of the IDF: the whole of it lets one rare word outweigh a shared subject

Vector = Mapping[str, float]


class Earlier(NamedTuple):
    """A pick of an earlier day, with all of its words."""

    related: Related
    abstract: str


def earlier_picks(days: Iterable[tuple[Day, Mapping[str, str]]], *, sample: bool = False) -> list[Earlier]:
    """The picks of DAYS, each with its picks' abstracts by id; sample days only where SAMPLE is asked for."""
    return [
        Earlier(Related(id=pick.paper.id, title=pick.paper.title, date=day.date), abstracts.get(pick.paper.id, ""))
        for day, abstracts in days
        if day.sample == sample
        for pick in day.picks
    ]


def in_window(dates: Iterable[dt.date], date: dt.date) -> list[dt.date]:
    """Those of DATES in which DATE's picks look for relatives."""
    return [earlier for earlier in dates if 0 < (date - earlier).days <= RELATED_WINDOW_DAYS]


def new_picks(day: Day, before: Day | None) -> list[Pick]:
    """The picks of DAY that BEFORE, its former record, did not have."""
    known = {pick.paper.id for pick in before.picks} if before else set()
    return [pick for pick in day.picks if pick.paper.id not in known]


def relate(day: Day, abstracts: Mapping[str, str], earlier: Sequence[Earlier], before: Day | None) -> Day:
    """DAY with the relatives of its picks among EARLIER; what BEFORE, its former record, has decided stays decided."""
    decided = {pick.paper.id: pick.related for pick in before.picks} if before else {}
    new = new_picks(day, before)
    texts = {pick.paper.id: (pick.paper.title, abstracts.get(pick.paper.id, "")) for pick in new}
    found = decided | closest(texts, earlier)
    picks = tuple(pick.model_copy(update={"related": found[pick.paper.id]}) for pick in day.picks)
    return day.model_copy(update={"picks": picks})


def closest(texts: Mapping[str, tuple[str, str]], earlier: Sequence[Earlier]) -> dict[str, tuple[Related, ...]]:
    """For each of TEXTS (title and abstract by id) the closest of EARLIER, closest first, the newer among equals."""
    old = [counts_of(pick.related.title, pick.abstract) for pick in earlier]
    new = {paper_id: counts_of(*text) for paper_id, text in texts.items()}
    papers = Counter(word for counts in (*old, *new.values()) for word in counts)
    weight = weights_of(papers, len(old) + len(new))
    wanted = set().union(*new.values())
    holders: dict[str, dict[int, float]] = {word: {} for word in wanted}
    for number, counts in enumerate(old):
        for word, value in unit_of(counts, weight).items():
            if word in wanted:
                holders[word][number] = value
    result = {}
    for paper_id, counts in new.items():
        shared: dict[int, float] = {}
        telling, common = _heavy_and_light(unit_of(counts, weight))
        for word, value in telling:
            for number, other in holders[word].items():
                shared[number] = shared.get(number, 0.0) + value * other
        shared = {number: value for number, value in shared.items() if value >= CLOSE - COMMON}
        for word, value in common:
            for number in shared.keys() & holders[word].keys():
                shared[number] += value * holders[word][number]
        near = [(round(value, 4), number) for number, value in shared.items() if value >= CLOSE]
        near.sort(key=lambda row: (-row[0], -earlier[row[1]].related.date.toordinal(), earlier[row[1]].related.id))
        rows = (earlier[number].related for _, number in near)
        result[paper_id] = tuple({row.id: row for row in rows if row.id != paper_id}.values())[:MOST_RELATED]
    return result


def _heavy_and_light(vector: Vector) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    """The words of VECTOR, heaviest first, and apart the lightest, which together add COMMON at most to any likeness.

    They are the common ones, and most of the work: a paper of which no more than they is shared is not close.
    """
    rows = sorted(vector.items(), key=lambda row: (-row[1], row[0]))
    kept, left = len(rows), COMMON**2
    while kept and (left := left - rows[kept - 1][1] ** 2) >= 0:
        kept -= 1
    return rows[:kept], rows[kept:]


def weights_of(papers: Mapping[str, int], total: int) -> dict[str, float]:
    """The weight of every word or pair that PAPERS, of TOTAL, hold."""
    return {
        word: (PAIR if " " in word else 1.0) * math.log((total + 1) / count) ** IDF_POWER
        for word, count in papers.items()
    }


def counts_of(title: str, abstract: str) -> dict[str, float]:
    """What every word and every pair of words of a paper counts before its weight."""
    counts: Counter[str] = Counter()
    for text in (title, abstract):
        words = ["" if word in STOP_WORDS or word in EMPTY_WORDS else word[:BEGINNING] for word in plain_words(text)]
        counts.update(word for word in words if word)
        counts.update(f"{first} {two}" for first, two in itertools.pairwise(words) if first and two)
    return {word: 1 + math.log(count) for word, count in counts.items()}


def unit_of(counts: Vector, weight: Mapping[str, float]) -> Vector:
    """COUNTS weighted and of length 1."""
    return dict(zip(counts, unit([count * weight[word] for word, count in counts.items()]), strict=True))
