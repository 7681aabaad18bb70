"""What the day's titles speak of: words and phrases, counted once a paper, and which of them are on the rise."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.core.words import content_runs, word_tokens

MOST_A_DAY = 30
LEAST_PAPERS_OF_A_TERM = 2
"""Papers of one day that a term needs; 3 from a hundred papers on, so that the index stays small."""
LONGEST_PHRASE = 3
LONGEST_TERM = 40
DOUBT = 3.0
"""Papers' worth of doubt about a term's share before: a term that nobody used yet has not risen infinitely."""
LEAST_RISE = 1.25
LEAST_LATELY = 5
"""Papers lately that a rising term needs."""
LOOKED_AT = 8
"""So many times the terms that are shown are looked at for parts of longer ones."""


_NOT_PLURAL = {"sery": "series", "specy": "species", "bia": "bias", "len": "lens"}
"""What folding plurals makes of words that are none."""


class Rising(NamedTuple):
    """A term's papers per thousand read, lately and before."""

    term: str
    papers: int
    lately: float
    before: float


def day_terms(titles: Iterable[str]) -> dict[str, int]:
    """The terms that most papers of a day share, with their number of papers; the longer phrase among equals."""
    papers: Counter[str] = Counter()
    total = 0
    for title in titles:
        papers.update(_terms(title))
        total += 1
    least = LEAST_PAPERS_OF_A_TERM + (total >= 100)
    counted = {term: count for term, count in papers.items() if count >= least}
    kept = {term: count for term, count in counted.items() if not _within_a_longer(term, count, counted)}
    ranked = sorted(kept, key=lambda term: (-kept[term], term))[:MOST_A_DAY]
    return {term: kept[term] for term in ranked}


def all_terms(titles: Iterable[str]) -> Counter[str]:
    """Every term of a day's titles with its number of papers: sums over days are true only if nothing is left out."""
    return Counter(term for title in titles for term in _terms(title))


def without_parts(terms: Iterable[str], counted: Mapping[str, int]) -> list[str]:
    """TERMS, in their order, but for those that stand for one of the others, a longer one; COUNTED: papers by term."""
    among = {term: counted[term] for term in terms}
    return [term for term in among if not _within_a_longer(term, among[term], among)]


def _terms(title: str) -> set[str]:
    """The phrases of TITLE, and the words that it writes as names are: GRPO, LoRA. A plain word alone says little."""
    written = (title[token.start : token.end] for token in word_tokens(title))
    found = {_singular(word) for word in written if sum(map(str.isupper, word)) > 1}
    for run in content_runs(title):
        for length in range(2, LONGEST_PHRASE + 1):
            words = (run[start : start + length] for start in range(len(run) - length + 1))
            found.update(" ".join(_NOT_PLURAL.get(word, word) for word in part) for part in words)
    return {term for term in found if 1 < len(term) <= LONGEST_TERM}


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("s") and name[:-1].isupper() and len(name) > 2 else name


def _within_a_longer(term: str, count: int, counted: Mapping[str, int]) -> bool:
    """Whether a phrase that holds TERM occurs in nearly as many papers: then the phrase is what is meant."""
    return any(f" {term} " in f" {other} " and counted[other] * 4 >= count * 3 for other in counted if other != term)


def rising(now: Mapping[str, int], then: Mapping[str, int], read: tuple[int, int], limit: int) -> list[Rising]:
    """The terms of NOW that have gained most on THEN; READ are the papers of both. Steepest first."""
    read_now, read_then = max(read[0], 1), max(read[1], 1)
    doubt = DOUBT * read_then / read_now
    rows: list[tuple[float, Rising]] = []
    for term, papers in now.items():
        if papers < LEAST_LATELY:
            continue
        before = then.get(term, 0)
        overall = (papers + before) / (read_now + read_then)
        usual = (before + doubt) / (read_then + doubt / overall)
        row = Rising(term, papers, 1e3 * papers / read_now, 1e3 * before / read_then)
        rows.append((papers / read_now / usual, row))
    rows.sort(key=lambda pair: (-pair[0], pair[1].term))
    steepest = {row.term: row for rise, row in rows if rise >= LEAST_RISE}
    kept = without_parts(list(steepest)[: LOOKED_AT * limit], now)
    return [steepest[term] for term in kept[:limit]]
