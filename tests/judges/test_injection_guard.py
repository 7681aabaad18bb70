"""The cap on a paper that gives orders."""

import pytest

from generator.core.model import Verdict
from generator.judges.injection_guard import _capped

THRESHOLD = 7.0


@pytest.mark.parametrize(
    ("given", "supported", "score", "has_reason"),
    [(9, 8, 8, True), (9, 7, 7, True), (9, 6.9, 6.9, False), (7, 8, 7, True), (7, 7, 7, True)],
)
def test_the_reason_stays_while_the_capped_score_is_a_picks(
    given: float, supported: float, score: float, has_reason: bool
) -> None:
    """Up to the threshold and on it; what falls below it needs no reason, and what needs no cap keeps all it has."""
    verdict = Verdict(score=given, raw=given, field="agents", reason="New.")
    capped = _capped(verdict, Verdict(score=supported, raw=supported, field="agents"), THRESHOLD)
    assert (capped.score, capped.reason) == (score, "New." if has_reason else None)
