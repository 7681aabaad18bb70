"""What months cost and will cost: of records alone, unknown where a price is, and no currency renamed."""

import datetime as dt
from typing import Any

import pytest
from support import archive

from generator.core.model import Day, Spending, Usage
from generator.records.costs import by_month, outlook
from generator.records.summaries import Summary, summarize

FIRST = dt.date(2026, 1, 5)


def day(number: int, cost: float | None, tokens: int = 1000, currency: str = "USD", **more: Any) -> Summary:
    date = FIRST + dt.timedelta(days=number)
    months = {f"{date:%Y-%m}": Spending(calls=2, tokens=tokens, cost=cost)}
    usage = Usage(calls=2, input_tokens=tokens, cost=cost, currency=currency, months=months)
    found: Day = archive.day(date).model_copy(update={"usage": usage, **more})
    return summarize(found, f"{number:020}")


def test_the_month_goes_on_as_its_last_days_were() -> None:
    """Monday to Wednesday cost 0.1, 0.2, 0.3; of January 2026 17 days of the weekly schedule are to come."""
    found = [day(0, 0.1), day(1, 0.2), day(2, 0.3, 4000)]
    spent = by_month(found, "USD")["2026-01"]
    ahead = outlook(found, spent, dt.date(2026, 1, 7), "USD")
    assert ahead is not None and (ahead.month, ahead.days) == ("2026-01", 17)
    assert ahead.cost == pytest.approx(0.6 + 17 * 0.2) and ahead.tokens == 6000 + 17 * 2000


@pytest.mark.parametrize("odd", [day(2, None), day(2, 0.3, currency="CNY")])
def test_what_is_not_known_is_not_reckoned(odd: Summary) -> None:
    """A model without a price, and money of another currency; the tokens are known all the same."""
    found = [day(0, 0.1), day(1, 0.2), odd]
    spent = by_month(found, "USD")["2026-01"]
    ahead = outlook(found, spent, dt.date(2026, 1, 7), "USD")
    assert ahead is not None and ahead.cost is None and ahead.tokens == 20_000


def test_what_is_spent_counts_in_the_month_of_its_spending() -> None:
    """A day that is finished in the next month counts in both; an unknown cost is not taken for nothing."""
    january, february = Spending(calls=2, tokens=10, cost=0.5), Spending(calls=1, tokens=5, cost=0.25)
    unknown = Spending(calls=1, tokens=7, cost=None)
    first = day(0, 0.0).model_copy(update={"months": {"2026-01": january, "2026-02": february}})
    second = day(1, 0.0).model_copy(update={"months": {"2026-02": unknown}})
    spent = by_month([first, second], "USD")
    assert list(spent.items()) == [("2026-02", Spending(calls=2, tokens=12, cost=None)), ("2026-01", january)]


def test_the_tenth_day_before_counts_and_no_older_one() -> None:
    """A change of the model or of the categories shows within two weeks."""
    weekdays = [number for number in range(19) if number % 7 < 5]
    found = [day(number, 9.0 if number < 5 else 0.1) for number in weekdays]
    ahead = outlook(found, Spending(cost=0.0), dt.date(2026, 1, 23), "USD")
    assert ahead is not None and ahead.cost == pytest.approx(ahead.days * 0.1)


def test_without_a_model_there_is_nothing_to_tell() -> None:
    """Days judged offline cost nothing, the sample's and imported ones are none of this site's."""
    assert outlook([day(0, 0.0, 0), day(1, 0.5, sample=True)], Spending(), FIRST, "USD") is None
    assert by_month([summarize(archive.day(), "d").model_copy(update={"months": {}})], "USD") == {}
