"""Why the local judge picked a paper: the sentence of its abstract that tells its point, word for word.

The words that decided are marked in it. No word of a reason about the paper is ours.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.core.model import Paper
from generator.core.words import Phrase, PhraseHit, excerpt, index_of, phrase_hits, word_tokens
from generator.judges.sentence_roles import is_bibliographic, read_roles

TERMS_SHOWN = 4
LEAST_SHARE = 0.2  # a term that counts less than this share of the heaviest decided nothing and is not marked
# A sentence tells the point as far as it is the idea or a result, which tells a stranger a little less of what the
# paper is; where there is neither, the task. Chosen on the labels of tests/bench/labels by five folds: 75 % of the
# quoted are idea or result (37 % by chance), and 85 % in computer science hold a word that decided.
RESULT = 0.9
TASK = 0.3
TERMS_COUNT = 0.3  # what holding all the deciding words adds


class Reason(NamedTuple):
    """A reason as text, and the words in it that decided, as it writes them."""

    text: str
    terms: tuple[str, ...] = ()


def reason(paper: Paper, weights: Mapping[Phrase, float], words: Mapping[str, str]) -> Reason:
    """Why PAPER was picked, by the WEIGHTS of its terms, with the site's WORDS around what it says itself.

    Without an abstract it is the title that is quoted; without any term of a field the reason says so.
    """
    index = index_of(weights)
    found = list(phrase_hits(word_tokens(paper.abstract), index))
    quoted = _quoted(paper, found, weights)
    if quoted is None:
        terms = _decisive(paper.title, list(phrase_hits(word_tokens(paper.title), index)), weights)
        if not terms:
            return Reason(words["reason_nothing"])
        return Reason(words["reason_title"].format(title=excerpt(paper.title)), terms)
    start, end = quoted
    sentence = excerpt(paper.abstract[start:end])
    inside = list(phrase_hits(word_tokens(sentence), index))
    return Reason(words["reason_sentence"].format(sentence=sentence), _decisive(sentence, inside, weights))


def _quoted(paper: Paper, found: Sequence[PhraseHit], weights: Mapping[Phrase, float]) -> tuple[int, int] | None:
    """Where the sentence stands that tells the point; None where the abstract has none but bibliography."""
    whole = sum(weights[entry] for entry in {hit.phrase for hit in found}) or 1.0
    best: tuple[float, int, int] | None = None
    for sentence in read_roles(paper.title, paper.abstract):
        if is_bibliographic(paper.abstract[sentence.start : sentence.end]):
            continue
        held = {hit.phrase for hit in found if sentence.start <= hit.start and hit.end <= sentence.end}
        point = sentence.chance("i") + RESULT * sentence.chance("r") + TASK * sentence.chance("t")
        value = point + TERMS_COUNT * sum(weights[entry] for entry in sorted(held)) / whole
        if best is None or round(value, 6) > best[0]:
            best = round(value, 6), sentence.start, sentence.end
    return best and best[1:]


def _decisive(text: str, found: Sequence[PhraseHit], weights: Mapping[Phrase, float]) -> tuple[str, ...]:
    """The heaviest phrases FOUND in TEXT, as it writes them; none that overlaps with a heavier one in words."""
    written: dict[Phrase, str] = {}
    for hit in found:
        written.setdefault(hit.phrase, text[hit.start : hit.end])
    least = LEAST_SHARE * max((weights[entry] for entry in written), default=0.0)
    chosen: list[Phrase] = []
    for entry in sorted(written, key=lambda entry: (-round(weights[entry], 6), entry)):
        if weights[entry] < least or len(chosen) == TERMS_SHOWN:
            break
        if not any(_within(entry, other) or _within(other, entry) for other in chosen):
            chosen.append(entry)
    # A term across TeX or a formula cannot be marked: its ends lie in different pieces of the page.
    return tuple(written[entry] for entry in chosen if re.fullmatch(r"[\w\s()*^-]+", written[entry]))


def _within(inner: Phrase, outer: Phrase) -> bool:
    width = len(inner)
    return any(outer[place : place + width] == inner for place in range(len(outer) - width + 1))
