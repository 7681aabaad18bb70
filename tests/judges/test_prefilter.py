"""The prefilter keeps the share of picks that was asked for, audits itself, and says what it does not know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import archive

from generator.core.model import Rest, Spared
from generator.judges.prefilter import AUDIT_SHARE, audit, prefilter

chances = st.dictionaries(
    st.integers(0, 99_999).map(lambda n: f"2601.{n:05}"), st.floats(0, 1, allow_subnormal=False), max_size=60
)


@given(chances, st.floats(0.5, 1))
def test_the_kept_probabilities_reach_the_share(probabilities: dict[str, float], recall: float) -> None:
    """What is sent holds the share asked for of all probability, and nothing that was spared is likelier than it."""
    sifted = prefilter(probabilities, recall, 1)
    sent = {paper_id: chance for paper_id, chance in probabilities.items() if paper_id not in sifted.spared}
    assert sum(sent.values()) >= recall * sum(probabilities.values()) - 1e-9
    least = min((chance for paper_id, chance in sent.items() if paper_id not in sifted.audited), default=0.0)
    assert all(probabilities[paper_id] <= least for paper_id in sifted.spared)


def test_the_smallest_set_is_sent() -> None:
    """A day with clear cases spares nearly all of the clear ones."""
    day = {f"2601.{n:05}": 0.9 if n < 10 else 0.001 for n in range(100)}
    sifted = prefilter(day, 0.98, 1)
    assert len(sifted.spared) + len(sifted.audited) == 90


def test_what_is_spared_is_kept_with_four_decimals() -> None:
    """They stand in the record of each day, a thousand a day."""
    sifted = prefilter({"2601.00001": 0.9, "2601.00002": 0.01234567}, 0.5, 3)
    assert sifted.spared == {"2601.00002": 0.0123}


def test_the_audit_is_a_small_seeded_share() -> None:
    """About three in a hundred of the spared are sent; the same seed chooses the same."""
    day = {f"2601.{n:05}": 0.5 if n < 10 else 0.0 for n in range(5000)}
    first, again, other = prefilter(day, 0.9, 1), prefilter(day, 0.9, 1), prefilter(day, 0.9, 2)
    assert first == again != other
    assert len(first.audited) / 5000 == pytest.approx(AUDIT_SHARE, abs=0.01)
    assert not first.audited & first.spared.keys()


def test_the_audit_gives_an_interval() -> None:
    """One pick among ten audited papers, ninety spared, seven found: the estimate and how little it is worth."""
    rest = tuple(Rest(id=f"2601.{100 + n:05}", title="R", primary="cs.LG", score=3) for n in range(9))
    spared = tuple(Spared(id=f"2601.{200 + n:05}", title="S", primary="cs.LG", estimate=0.01) for n in range(90))
    audited = (archive.PICKS[0].paper.id, *(row.id for row in rest))
    found = audit([archive.day(rest=rest, spared=spared, audited=audited), archive.day(spared=())])
    assert found is not None
    assert found.recall == pytest.approx(7 / (7 + 9), abs=1e-4) and found.audited == 10 and found.days == 1
    assert pytest.approx(found.low, abs=0.002) == 7 / (7 + 90 * 0.4451)  # Clopper and Pearson: 0.0025 to 0.4450
    assert found.high == pytest.approx(7 / (7 + 90 * 0.0025), abs=0.002)


def test_no_audit_no_claim() -> None:
    """Days without a prefilter, or with nothing audited, say nothing."""
    assert audit([]) is None
    assert audit([archive.day(spared=())]) is None
    assert audit([archive.day()]) is None
