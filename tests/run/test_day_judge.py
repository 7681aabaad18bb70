"""Who judges a day when the model refuses: what is there stays, what is new is ranked, and it is said that it waits."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from support import archive

from generator.core.errors import JudgeError
from generator.core.model import Day
from generator.judges.judged import Judged
from generator.run.day_judge import DayJudge

PAPERS = [archive.paper(number) for number in range(1, 5)]


@pytest.fixture
def judge() -> DayJudge:
    """With a model that refuses every call."""
    refusal = JudgeError("the key is refused")
    paid: Any = SimpleNamespace(refused=SimpleNamespace(why="key"), judge=lambda *_asked: Judged("llm", error=refusal))
    learning: Any = SimpleNamespace(learned=lambda _day: None, window=lambda _day: [])
    nothing: Any = None
    return DayJudge("llm", paid, learning, nothing, nothing, archive.config(), nothing, nothing)


def judged(judge: DayJudge, previous: Day | None, papers: Sequence[Any] = PAPERS) -> Judged:
    return judge.judge(archive.WEDNESDAY, previous, papers, None)


def ranked(pending: str | None) -> Day:
    """A day in the offline judge's order, of which the first two papers were read."""
    picks = tuple(archive.pick(number, 8, "agents") for number in (1, 2))
    return archive.day(judge="offline", pending=pending, picks=picks, rest=(), unscored=(), spared=())


def test_a_new_day_is_ranked_and_waits_for_the_model(judge: DayJudge) -> None:
    """As is one of which there is nothing but papers without a verdict."""
    for previous in (None, archive.day(picks=(), rest=(), spared=())):
        found = judged(judge, previous)
        assert (found.judge, found.pending) == ("offline", "key") and found.error is not None
        assert found.verdicts.keys() == {paper.id for paper in PAPERS}


def test_a_day_that_waits_is_ranked_again_only_for_papers_that_are_new(judge: DayJudge) -> None:
    """All of them then, because a rank is one among others."""
    assert not judged(judge, ranked("key"), PAPERS[:2]).verdicts
    assert judged(judge, ranked("key")).verdicts.keys() == {paper.id for paper in PAPERS}
    assert judged(judge, ranked("key"), PAPERS[:2]).pending == judged(judge, ranked("key")).pending == "key"


def test_a_day_that_was_ranked_by_choice_does_not_wait(judge: DayJudge) -> None:
    """It stays as it is."""
    found = judged(judge, ranked(None))
    assert (found.judge, found.verdicts, found.pending) == ("offline", {}, None)


def test_a_day_with_verdicts_of_a_model_keeps_them(judge: DayJudge) -> None:
    """No rank stands beside them."""
    assert judged(judge, archive.day()).judge == "llm"
