"""Models that end: the table, and who is told of it 60 days ahead."""

import datetime as dt

import pytest

from generator.settings.config import Config
from generator.settings.providers import end_of, ends, warning

END = dt.date(2026, 12, 10)


def config(model: str, base_url: str = "") -> Config:
    fields = [{"slug": "a", "name": "A", "description": "x"}]
    return Config.model_validate({"fields": fields, "llm": {"model": model, "base_url": base_url}})


def test_every_end_has_a_date_a_successor_and_a_source() -> None:
    """And no model is named twice at one provider; no successor has ended before the model that it succeeds."""
    table = ends()
    assert len({(end.model, end.host) for end in table}) == len(table) > 20
    known = {(end.model, end.host): end for end in table}
    for end in table:
        assert end.source.startswith("https://") and end.successor
        after = known.get((end.successor, end.host))
        assert after is None or after.end > end.end


@pytest.mark.parametrize("model", ["gpt-5-mini", "gpt-5-mini-2025-08-07"])
def test_an_end_is_told_sixty_days_ahead(model: str) -> None:
    """Also of a dated snapshot; with the successor, and what to set."""
    assert warning(config(model), END - dt.timedelta(days=61)) == ""
    told = warning(config(model), END - dt.timedelta(days=60))
    assert f"{model} ends on 2026-12-10, in 60 days; its successor is gpt-5.6-luna" in told and "OPENAI_MODEL" in told
    assert "in 1 day;" in warning(config(model), END - dt.timedelta(days=1))
    assert "was to end on 2026-12-10" in warning(config(model), END)


def test_another_endpoint_may_go_on() -> None:
    """A gateway serves a model for longer than its maker; the default model has no end."""
    assert end_of("gpt-5-mini", "https://gateway.example/v1") is None
    assert end_of("gpt-5-mini", "https://eu.api.openai.com/v1") is not None
    assert end_of(config("x").llm.__class__().model) is None
