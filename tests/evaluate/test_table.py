"""The table of `eval`: what a judge took."""

import datetime as dt
import json

import pytest
from support import archive

from generator.core.model import Usage
from generator.evaluate.compare import Report, Run
from generator.evaluate.metrics import Label
from generator.evaluate.table import UNDEFINED, _tokens, as_json, rows_of


@pytest.mark.parametrize(
    ("usage", "papers", "told"),
    [
        (Usage(calls=2, input_tokens=900, output_tokens=100), 10, "100"),
        (Usage(calls=2, input_tokens=900, output_tokens=100, cached_tokens=600), 10, "100 (60 cached)"),
        (Usage(calls=2, input_tokens=900, output_tokens=100), 0, UNDEFINED),
        (Usage(), 10, UNDEFINED),
        (None, 10, UNDEFINED),
    ],
)
def test_tokens_are_told_by_the_paper(usage: Usage | None, papers: int, told: str) -> None:
    """And left open where nothing was asked."""
    assert _tokens(usage, papers) == told


@pytest.mark.parametrize(
    ("told", "model", "shown"),
    [
        (("m", "12 papers a call"), "m-2026", "m, 12 papers a call; answered by m-2026"),
        (("m", "12 papers a call"), "m", "m, 12 papers a call"),
        (("ranks words",), None, "ranks words"),
        ((), "m-2026", "m-2026"),
        ((), None, ""),
    ],
)
def test_a_judge_is_told_with_its_settings_and_what_answered(
    told: tuple[str, ...], model: str | None, shown: str
) -> None:
    """Without the name of the model twice."""
    opinions = {"2601.00001": Label(True, 8.0, "a"), "2601.00002": Label(False, 3.0, None)}
    run = Run("llm", told, 1, opinions, model=model, seconds=2.0)
    report = Report([dt.date(2026, 1, 7)], 2, False, 10, 1, "days", [run], [], [], [], [], [])
    assert rows_of([run], report, "USD") == [["llm", shown, "2", "1", UNDEFINED, UNDEFINED, "2.0 s"]]


def test_seconds_are_told_to_the_millisecond() -> None:
    """In the file for programs."""
    run = Run("llm", (), 1, {}, model=None, seconds=1.23456)
    report = Report([dt.date(2026, 1, 7)], 2, False, 10, 1, "days", [run], [], [], [], [], [])
    assert (
        json.loads(as_json(report, archive.config("en"), dt.datetime(2026, 1, 8, tzinfo=dt.UTC)))["judges"][0][
            "seconds"
        ]
        == 1.235
    )
