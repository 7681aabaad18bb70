"""Asking arXiv for the papers of an announcement: no paper in two windows, and what cannot be read is said."""

import datetime as dt

import pytest

from generator.core.calendar import announcement
from generator.core.errors import SourceError
from generator.core.model import Paper
from generator.settings.config import Arxiv
from generator.sources.api import ApiAnswer, ArxivClient
from generator.sources.gather import ArxivSource

WED, THU = dt.date(2026, 1, 7), dt.date(2026, 1, 8)
NOW = dt.datetime(2026, 1, 8, 6, tzinfo=dt.UTC)


def paper(number: int, submitted: dt.datetime) -> Paper:
    return Paper(id=f"2601.{number:05}", title="T", authors=("A",), categories=("cs.AI",), submitted=submitted)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def source(said: list[str]) -> ArxivSource:
    return ArxivSource(Arxiv(categories=("cs.AI",)), "agent", NOW, said.append)


def test_a_window_ends_before_the_moment_at_which_the_next_begins(
    source: ArxivSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are asked for at once; a paper of that moment is in the later one alone, and nothing is asked for twice."""
    windows = [announcement(WED), announcement(THU)]
    first, second = windows
    assert first.end == second.start
    papers = tuple(
        paper(number, at)
        for number, at in enumerate((first.start, first.end - dt.timedelta(seconds=1), first.end, second.end))
    )
    asked: list[tuple[object, ...]] = []

    def answer(_self: ArxivClient, *question: object) -> ApiAnswer:
        asked.append(question)
        return ApiAnswer(papers, ())

    monkeypatch.setattr(ArxivClient, "papers_in_window", answer)
    for _ in range(2):
        found = source._windows.read(windows)
        assert [[row.id for row in part.papers] for part in found] == [["2601.00000", "2601.00001"], ["2601.00002"]]
    assert asked == [(("cs.AI",), first.start, second.end)]


def test_an_api_that_cannot_be_read_is_warned_of(
    source: ArxivSource, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the day, and why."""

    def fail(*_question: object) -> ApiAnswer:
        raise SourceError("no answer")

    monkeypatch.setattr(ArxivClient, "papers_in_window", fail)
    assert source._read_windows(THU, {}).papers is None and said == ["2026-01-08: no answer"]
