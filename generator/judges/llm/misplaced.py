"""Whether a model gave its answers to the wrong papers of a call: each stands beside the id of a neighbour.

A model that loses count answers paper 5 with what it has to say of paper 4, and every id is one that was asked. Reasons
show it: they name methods and data by their own names, which the other papers of the call do not hold.

On 54 real days, of calls of 12 in order 0.2 % are taken for misplaced, and asked again in halves; of those moved on by
one 92 % are found, of those moved on from their middle 48 %; of calls of 20, 0.3, 98 and 66 %.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from generator.core.model import Paper
from generator.judges.llm.reply import Reply

Marks = Mapping[str, frozenset[str]]
"""By id, in the order in which the papers stand in the call: the words that no other paper of the call holds."""

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{2,60}|\d{2,9}(?:\.\d{1,9})?")
_NAME = re.compile(r"[A-Za-z0-9][a-z0-9]{0,30}[A-Z0-9][A-Za-z0-9]{0,30}")
_MOVED = 1
"""Words by which all reasons of a call together fit the next papers better than their own."""
_MOVED_IN_PART = 2
"""Words by which the reasons of a run of papers within the call do."""


def marks(papers: Sequence[Paper]) -> dict[str, frozenset[str]]:
    """The marks of PAPERS, one call: of titles all words, of abstracts the names (GRPO, LoRA, GSM8K)."""
    words = {paper.id: _words(paper.title, _WORD) | _words(paper.abstract, _NAME) for paper in papers}
    holders = Counter(word for held in words.values() for word in held)
    return {paper: frozenset(word for word in held if holders[word] == 1) for paper, held in words.items()}


def in_place(reply: Reply, known: Marks) -> Reply:
    """REPLY, without its answers where they are misplaced: they are paid for, and asked anew."""
    reasons = {paper: answer.reason for paper, answer in reply.answers.items()}
    return reply._replace(answers={}, problem="misplaced") if is_misplaced(reasons, known) else reply


def is_misplaced(reasons: Mapping[str, str | None], known: Marks) -> bool:
    """Whether REASONS, by id, or a run of them, fit the papers beside theirs better; a call of one has no others."""
    order = list(known)
    if len(order) < 2:
        return False
    words = {paper: _words(reasons.get(paper) or "", _WORD) for paper in order}
    times = Counter(word for held in words.values() for word in held)
    said = {paper: {word for word in held if times[word] == 1} for paper, held in words.items()}  # no empty phrases
    gains = []  # words that a reason shares more with the paper before its own, and with the one after it
    for place, paper in enumerate(order):
        neighbours = (order[place - 1], order[(place + 1) % len(order)])
        gains.append(
            [len(said[paper] & known[neighbour]) - len(said[paper] & known[paper]) for neighbour in neighbours]
        )
    if any(sum(gain[side] for gain in gains) >= _MOVED for side in (0, 1)):
        return True
    return _most_of_a_run([max(gain) for gain in gains]) >= _MOVED_IN_PART


def _most_of_a_run(gains: Sequence[int]) -> int:
    """The largest sum of neighbours among GAINS."""
    most = run = 0
    for gain in gains:
        run = max(run + gain, 0)
        most = max(most, run)
    return most


def _words(text: str, pattern: re.Pattern[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in pattern.findall(text))
