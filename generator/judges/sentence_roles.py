"""What each sentence of an abstract does: background, problem, task, idea, result, detail or outlook.

A linear model over a sentence's place, length, words and pairs of words. Its weights, some 10 kB, lie beside this file;
tests/bench/train_sentence_roles.py makes them from labelled abstracts of computer science, physics and mathematics and
measures them on papers that they were not made from.
"""

import functools
import json
import math
import re
from collections.abc import Sequence
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from generator.core.words import sentences

ROLES = "bptirdo"
"""background, problem, task, idea, result, detail, outlook (what it is good for, where the code is, bibliography)."""

WEIGHTS = "sentence_roles.json"
UNIT = 10  # weights are stored in tenths
_WORDS_READ = 60
_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_TITLE_WORD = re.compile(r"[a-z]{4,}")
_OWN = re.compile(r"\b(?:we|our|this (?:paper|work|study|article)|here)\b")

_BIBLIOGRAPHY = re.compile(
    r"\b(?:submitted (?:to|for)|accepted (?:to|at|for (?:publication|presentation|\w+))|published in|presented at"
    r"|(?:will |to )appear(?:ed|s)? (?:in|at|elsewhere))\b"
    r"|\b(?:full|extended|revised|updated|preliminary|journal|previous|final|shorter|longer) version\b"
    r"|\bproceedings of\b|\bcomments? (?:is|are)? ?welcome\b|\berrat(?:um|a)\b|\b\d+ (?:pages|figures)\b|\(abridged\)"
    r"|\bth(?:is|e) (?:paper|article|note|report|chapter) (?:is (?:a reply|an? (?:erratum|addendum|summary|translation)"
    r"|organi[sz]ed|divided|dedicated|based on a)|replaces|supersedes|has been withdrawn)"
    r"|\b(?:arxiv|astro-ph|cond-mat|gr-qc|hep-\w{2,3}|math|quant-ph)[:/.]\S*\d{4}",
    re.IGNORECASE,
)


class RatedSentence(NamedTuple):
    """A sentence's place in its text, in characters, and how likely it plays each of ROLES, in their order."""

    start: int
    end: int
    chances: tuple[float, ...]

    def chance(self, roles: str) -> float:
        """How likely the sentence plays one of ROLES."""
        return math.fsum(self.chances[ROLES.index(role)] for role in roles)


def read_roles(title: str, abstract: str) -> list[RatedSentence]:
    """The sentences of ABSTRACT in order, each with its chances."""
    places = sentences(abstract)
    weights = _weights()
    found = []
    for place, features in zip(
        places, sentence_features(title, [abstract[place.start : place.end] for place in places]), strict=True
    ):
        rows = [weights[feature] for feature in features if feature in weights]
        sums = [sum(column) / UNIT for column in zip(*rows, strict=True)] if rows else [0.0] * len(ROLES)
        highest = max(sums)
        parts = [math.exp(value - highest) for value in sums]
        whole = math.fsum(parts)
        found.append(RatedSentence(place.start, place.end, tuple(round(part / whole, 6) for part in parts)))
    return found


def is_bibliographic(sentence: str) -> bool:
    """Whether SENTENCE speaks of the publication (where it was submitted, which version) rather than of its subject."""
    return bool(_BIBLIOGRAPHY.search(sentence))


def sentence_features(title: str, texts: Sequence[str]) -> list[list[str]]:
    """What the model sees of each of an abstract's sentences, as names, sorted."""
    title_words = frozenset(_TITLE_WORD.findall(title.lower()))
    lower = [text.lower() for text in texts]
    own = next((number for number, text in enumerate(lower) if _OWN.search(text)), len(texts))
    return [sorted(_places(number, len(texts), own) | _features(title_words, low)) for number, low in enumerate(lower)]


def _places(number: int, count: int, own: int) -> set[str]:
    return {
        f"place {min(number, 4)}",
        f"from the end {min(count - 1 - number, 3)}",
        f"fifth {5 * number // count}",
        f"after own work {max(-2, min(3, number - own))}",
    }


def _features(title_words: frozenset[str], low: str) -> set[str]:
    words = ["#" if word[0].isdigit() else word for word in _WORD.findall(low)]
    found = {
        f"length {min(5, len(words) // 8)}",
        f"title words {min(4, len(title_words.intersection(words)))}",
        *(f"w:{word}" for word in words[:_WORDS_READ]),
        *(f"w:{first} {two}" for first, two in pairwise(words)),
        *(f"first:{' '.join(words[:length])}" for length in (1, 2) if len(words) >= length),
    }
    return found | {"%"} if "%" in low else found


@functools.cache
def _weights() -> dict[str, list[int]]:
    text = (resources.files("generator.judges") / WEIGHTS).read_text(encoding="utf-8")
    return {str(name): list(map(int, row)) for name, row in json.loads(text).items()}
