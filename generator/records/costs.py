"""What months have cost, and what the current one will: by the days of a schedule that are still to come."""

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.core.calendar import announcement_days
from generator.core.model import Spending
from generator.records.summaries import Summary

TYPICAL_DAYS = 10
"""Newest announcements whose mean tells what a further one costs."""


class Outlook(NamedTuple):
    """What a month will have cost at its end: what is spent, and as much for each of `days` to come as of late."""

    month: str
    days: int
    tokens: int
    cost: float | None
    """None where what one of the days cost is unknown."""


def by_month(found: Iterable[Summary], currency: str) -> dict[str, Spending]:
    """What each month (YYYY-MM, of spending) has cost in CURRENCY, by the records; the newest first."""
    spent: dict[str, Spending] = {}
    for summary in found:
        for month, part in summary.months.items():
            known = summary.currency in (None, currency) or not part.calls
            spent[month] = spent.get(month, Spending()) + (part if known else part.model_copy(update={"cost": None}))
    return dict(sorted(spent.items(), reverse=True))


def outlook(found: Sequence[Summary], spent: Spending, after: dt.date, currency: str) -> Outlook | None:
    """What the month of AFTER will have cost, of which SPENT is what it has cost up to and with that day.

    None where no model has judged a day. FOUND: the summaries of all days.
    """
    judged = [summary for summary in found if summary.is_real and summary.announced and summary.tokens]
    typical = sorted(judged, key=lambda summary: summary.date)[-TYPICAL_DAYS:]
    if not typical:
        return None
    last = after.replace(day=calendar.monthrange(after.year, after.month)[1])
    days = len(list(announcement_days(after + dt.timedelta(days=1), last)))
    costs = [summary.cost if summary.currency in (None, currency) else None for summary in typical]
    known = [cost for cost in costs if cost is not None]
    cost = None
    if spent.cost is not None and len(known) == len(costs):
        cost = spent.cost + days * sum(known) / len(known)
    tokens = spent.tokens + round(days * sum(summary.tokens for summary in typical) / len(typical))
    return Outlook(f"{after:%Y-%m}", days, tokens, cost)
