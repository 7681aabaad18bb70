"""What a record says where nothing is said."""

from generator.core.model import Spending, Usage


def test_a_day_that_asked_nothing_has_used_nothing() -> None:
    """Zero of everything; the cost is not known, and nothing is counted in from a ledger."""
    usage = Usage().model_dump(exclude={"months", "through", "currency", "cost"})
    assert usage and set(usage.values()) == {0}
    assert (Usage().cost, Usage().months, Usage().through) == (None, {}, None)
    assert Spending() == Spending(calls=0, tokens=0, cost=0.0)
