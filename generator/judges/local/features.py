"""What the learned judge sees of a paper: its words, pairs of words and category, and how the fields' words match it.

Words are told apart where they stand in the title. The matches of keywords.py come along, so that a model that has seen
three days knows at least what the description of the fields says.
"""

import itertools
import sys
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from generator.core.model import Paper
from generator.core.words import STOP_WORDS
from generator.judges.local.keywords import PaperWords, ranked_papers
from generator.settings.config import Config

WORDS_READ = 400  # of an abstract; arXiv's longest have some 300
MATCH_LIMIT = 12.0  # a match beyond this says no more, and would outweigh all else


class Features(NamedTuple):
    """A paper as numbers.

    terms: each once, sorted; `t:` marks a word of the title, `c:` the category, a space a pair. counts: how often each
    of them stands there. dense: as DENSE names them, then a match for every configured field, in the order of the
    configuration.
    """

    terms: tuple[str, ...]
    counts: bytes
    dense: tuple[float, ...]
    field: str | None
    """Slug of the field whose words match best; None where none does."""

    @property
    def matches(self) -> tuple[float, ...]:
        return self.dense[len(DENSE) :]


DENSE = ("relevance", "best match", "second match", "low interest", "length")


def day_features(papers: Sequence[Paper], config: Config) -> dict[str, Features]:
    """The features of a day's PAPERS by id; of two papers with one id the last counts."""
    found = {}
    for paper, reading, standing in ranked_papers(papers, config):
        matches = [_bounded(value) for value in standing.matches]
        best = sorted(matches, reverse=True)
        terms, counts, length = _terms(reading, paper.primary)
        dense = (
            _bounded(standing.relevance),
            best[0],
            best[1] if len(best) > 1 else 0.0,
            -_bounded(standing.low),
            length / 200,
            *matches,
        )
        found[paper.id] = Features(terms, counts, dense, standing.field)
    return found


def _bounded(value: float) -> float:
    return max(-MATCH_LIMIT, min(MATCH_LIMIT, value))


def _terms(reading: PaperWords, primary: str) -> tuple[tuple[str, ...], bytes, int]:
    """The terms of a paper, how often each stands there, and how many words of the abstract were read."""
    title = reading.title.split()[:WORDS_READ]
    abstract = reading.abstract.split()[:WORDS_READ]
    counts = dict(Counter(word for word in (*title, *abstract) if word not in STOP_WORDS))
    once = [f"t:{word}" for word in title if word not in STOP_WORDS]
    once.append(f"c:{primary}")
    for text in (title, abstract):
        pairs = itertools.pairwise(text)
        once += [f"{first} {two}" for first, two in pairs if first not in STOP_WORDS and two not in STOP_WORDS]
    counts.update(dict.fromkeys(once, 1))
    terms = sorted(counts)
    found = tuple(map(sys.intern, terms))  # thousands of papers share their words
    return found, bytes(map(min, map(counts.__getitem__, terms), itertools.repeat(255))), len(abstract)
