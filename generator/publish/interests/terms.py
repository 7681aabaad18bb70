"""The terms of the picks of one month, as the browser reads them.

A term is a word or two words in a row. Which terms a pick keeps is decided by its month alone, so that a closed month
never changes. With MOST_TERMS, a simulated reader's picks are found about as well as with all terms, in less than 100
bytes a pick (tests/bench/bench_interests.py).
"""

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.core.words import EMPTY_WORDS, STOP_WORDS, plain_words

MOST_TERMS_OF_A_PICK = 60
MOST_SHARE = 0.25  # a term that more of the month's picks have tells them apart too little
LEAST_PICKS_OF_A_TERM = 5  # that have a term in a whole month; fewer in a short one, never less than two
PICKS_PER_LEAST = 60
TITLE_TIMES = 3  # a term of the title counts as if the abstract named it this often


class PickText(NamedTuple):
    """A pick as its terms are taken from. field: its slug."""

    paper: str
    field: str
    title: str
    abstract: str


class _Terms(NamedTuple):
    title: Counter[str]
    abstract: Counter[str]

    def all(self) -> set[str]:
        return {*self.title, *self.abstract}

    def times(self, term: str) -> int:
        return self.abstract[term] + TITLE_TIMES * (term in self.title)


def month_file(texts: Sequence[PickText]) -> bytes:
    """TEXTS as JSON: `terms` (separated by spaces, "_" between two words), `fields`, and `papers` by id.

    Of a paper: the place of its field, the places of its title's terms and those of the abstract's other terms, each as
    the distance to the place before.
    """
    terms = {text.paper: _Terms(_counted(text.title), _counted(text.abstract)) for text in texts}
    spread = Counter(term for found in terms.values() for term in found.all())
    kept = {paper: _telling(found, spread, len(terms)) for paper, found in terms.items()}
    listed = sorted({term for some in kept.values() for term in some})
    place = {term: number for number, term in enumerate(listed)}
    fields = sorted({text.field for text in texts})
    papers = {
        text.paper: [
            fields.index(text.field),
            _distances(place[term] for term in kept[text.paper] if term in terms[text.paper].title),
            _distances(place[term] for term in kept[text.paper] if term not in terms[text.paper].title),
        ]
        for text in texts
    }
    whole = {"terms": " ".join(term.replace(" ", "_") for term in listed), "fields": fields, "papers": papers}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def _counted(text: str) -> Counter[str]:
    """How often each term stands in TEXT."""
    words = [word for word in plain_words(text) if len(word) > 1]
    single = (word for word in words if word not in STOP_WORDS and word not in EMPTY_WORDS and not word.isdigit())
    pairs = itertools.pairwise(words)
    return Counter([*single, *(" ".join(pair) for pair in pairs if not STOP_WORDS.intersection(pair))])


def _telling(found: _Terms, spread: Counter[str], picks: int) -> list[str]:
    """The terms by which a pick is told from the PICKS of its month, most telling first."""
    least = max(2, min(LEAST_PICKS_OF_A_TERM, picks // PICKS_PER_LEAST))
    most = max(least, picks * MOST_SHARE)

    def weight(term: str) -> float:
        return (1 + math.log(found.times(term))) * math.log(picks / spread[term])

    known = (term for term in found.all() if least <= spread[term] <= most)
    return sorted(known, key=lambda term: (-weight(term), term))[:MOST_TERMS_OF_A_PICK]


def _distances(places: Iterable[int]) -> list[int]:
    ordered = sorted(places)
    return [after - before for before, after in zip([0, *ordered], ordered, strict=False)]
