"""What a judge says of the papers of a day."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.core.errors import JudgeError
from generator.core.model import Recall, SecondVote, Verdict
from generator.judges.llm.reply import Tokens

JudgeName = Literal["llm", "offline"]


class Bounded(NamedTuple):
    """A score that was bounded: what it would have been, and what the title alone earned; None: it was not asked."""

    score: float
    title: float | None


class Judged(NamedTuple):
    """What a judge said of papers: a verdict each, or why there is none.

    foreign, lifted, bounded: see `pipeline.Outcome`; pending, other_models: see `Day`.
    """

    judge: JudgeName
    verdicts: Mapping[str, Verdict] = {}
    unscored: Mapping[str, str] = {}
    model: str | None = None
    seed: int | None = None
    error: JudgeError | None = None
    spared: Mapping[str, float] = {}
    audited: frozenset[str] = frozenset()
    recall: Recall | None = None
    foreign: frozenset[str] = frozenset()
    lifted: frozenset[str] = frozenset()
    bounded: Mapping[str, Bounded] = {}
    pending: str | None = None
    second_votes: tuple[SecondVote, ...] = ()
    other_models: tuple[str, ...] = ()


class Forecast(NamedTuple):
    """What judging would take, on the high side; cost: None where the price is unknown."""

    papers: int
    calls: int
    tokens: Tokens
    cost: float | None
