"""What the learned judge sees of a paper: its words, pairs of words and category, and how the fields' words match it.

Words are told apart where they stand in the title. The matches of offline.py come along, so that a model that has seen
three days knows at least what the description of the fields says.
"""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from generator.config import Config
from generator.evidence import STOP_WORDS, plain_words
from generator.model import Paper
from generator.offline import standings

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
    by_id = {paper.id: paper for paper in papers}
    for paper_id, standing in standings(papers, config).items():
        matches = [_bounded(value) for value in standing.matches]
        best = sorted(matches, reverse=True)
        paper = by_id[paper_id]
        terms, counts, length = _terms(paper)
        dense = (
            _bounded(standing.relevance),
            best[0],
            best[1] if len(best) > 1 else 0.0,
            -_bounded(standing.low),
            length / 200,
            *matches,
        )
        found[paper_id] = Features(terms, counts, dense, standing.field)
    return found


def _bounded(value: float) -> float:
    return max(-MATCH_LIMIT, min(MATCH_LIMIT, value))


def _terms(paper: Paper) -> tuple[tuple[str, ...], bytes, int]:
    """The terms of PAPER, how often each stands there, and how many words of the abstract were read."""
    title = plain_words(paper.title)[:WORDS_READ]
    abstract = plain_words(paper.abstract)[:WORDS_READ]
    counts: dict[str, int] = {}
    for text in (title, abstract):
        before = ""
        for word in text:
            if word in STOP_WORDS:
                before = ""
                continue
            counts[word] = counts.get(word, 0) + 1
            if before:
                counts[f"{before} {word}"] = 1
            before = word
    counts.update({f"t:{word}": 1 for word in title if word not in STOP_WORDS})
    counts[f"c:{paper.primary}"] = 1
    terms = sorted(counts)
    found = tuple(map(sys.intern, terms))  # thousands of papers share their words
    return found, bytes(min(counts[term], 255) for term in terms), len(abstract)
