"""Settings that fit a slow model on one's own machine."""

import pytest

from generator.judges.llm.probe import expected_seconds, fitting, is_own_machine
from generator.settings.config import Llm


@pytest.mark.parametrize("seconds", [4.0, 8.0, 40.0, 250.0])
def test_what_is_proposed_fits(seconds: float) -> None:
    """A call takes half of its time at most, however slow the model is; a second look changes nothing."""
    fit = fitting(seconds, Llm())
    assert fit is not None
    settings = Llm(**fit._asdict())
    assert expected_seconds(seconds, settings) <= settings.timeout_seconds / 2
    assert fitting(seconds, settings) is None
    assert 1 <= fit.papers_per_call <= Llm().papers_per_call and fit.max_output_tokens >= 512


def test_settings_that_fit_are_left() -> None:
    """A model that is fast enough for calls side by side."""
    assert fitting(1.0, Llm()) is None
    assert str(fitting(40.0, Llm())) == (
        "papers_per_call = 7, concurrency = 1, timeout_seconds = 600, max_output_tokens = 840"
    )


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:8080/v1", True), ("http://localhost:11434/v1", True), ("http://192.168.1.5:8000/v1", True),
        ("http://studio.local:1234/v1", True), ("https://api.deepseek.com", False), ("", False),
    ],
)  # fmt: skip
def test_a_providers_endpoint_is_not_measured(url: str, own: bool) -> None:
    """It answers calls side by side: what one paper takes says nothing of twelve."""
    assert is_own_machine(url) is own
