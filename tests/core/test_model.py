"""What a record says where nothing is said."""

from typing import Any

import pytest
from support import archive

from generator.core.model import Coverage, Origin, Spending, Usage


def test_a_day_that_asked_nothing_has_used_nothing() -> None:
    """Zero of everything; the cost is not known, and nothing is counted in from a ledger."""
    usage = Usage().model_dump(exclude={"months", "through", "currency", "cost"})
    assert usage and set(usage.values()) == {0}
    assert (Usage().cost, Usage().months, Usage().through) == (None, {}, None)
    assert Spending() == Spending(calls=0, tokens=0, cost=0.0)


def test_every_paper_that_was_read_is_counted_once() -> None:
    """Picks, rest, unscored and spared, and those of an imported day of which the number alone is known."""
    day = archive.day()
    parts = [len(part) for part in (day.picks, day.rest, day.unscored, day.spared)]
    assert min(parts) > 0 and day.papers_read == sum(parts)
    origins = (Origin(page="old.md", date=day.date, read=340),)
    imported = archive.day(imported=True, origins=origins)
    assert imported.papers_read == sum(parts) - len(day.picks) + 340
    assert imported.model_copy(update={"imported": False}).papers_read == sum(parts)


COMPLETE: dict[str, Any] = {
    "coverage": {"cs.LG": Coverage(expected=8, read=8, state="complete", source="rss")}, "unscored": (),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "complete"),
    [
        ({}, True),
        ({"facts": "rss"}, False),
        ({"pending": "no credit"}, False),
        ({"unscored": archive.day().unscored}, False),
        ({"coverage": archive.day().coverage}, False),
    ],
)
def test_a_day_is_complete_when_no_later_run_has_anything_to_do(changes: dict[str, Any], complete: bool) -> None:
    """Everything read and judged, with the facts of the API."""
    assert archive.day(**{**COMPLETE, **changes}).complete is complete


def test_a_sum_of_money_is_unknown_where_a_part_is() -> None:
    """Sums and differences; calls and tokens are known all the same."""
    first, other = Spending(calls=2, tokens=10, cost=0.1), Spending(calls=1, tokens=5, cost=0.2)
    unknown = Spending(calls=1, tokens=7, cost=None)
    assert first + other == Spending(calls=3, tokens=15, cost=0.3) and first + other - first == other
    assert first + unknown == unknown + first == Spending(calls=3, tokens=17, cost=None)
    assert first - unknown == Spending(calls=1, tokens=3, cost=None)
