"""The table of `eval`: what a judge took."""

import pytest

from generator.core.model import Usage
from generator.evaluate.table import UNDEFINED, _tokens


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
