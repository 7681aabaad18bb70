"""What the replies of a ledger have cost: by day, by month, and by what the records hold already."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from generator.core.model import Spending, Usage
from generator.judges.llm.reply import Tokens


class BookedReply(NamedTuple):
    """What the sums need of a line; the verdicts are kept once, by key."""

    n: int
    month: str
    tokens: Tokens | None
    estimate: int
    cost: float | None
    currency: str
    keys: tuple[str, ...]


class Account:
    """The replies of the ledger that is named ID, without their verdicts."""

    def __init__(self, ledger_id: str) -> None:
        self.id = ledger_id
        self.booked: dict[dt.date, list[BookedReply]] = {}

    def book(self, day: dt.date, reply: BookedReply) -> None:
        """Count REPLY, which was about papers of DAY."""
        self.booked.setdefault(day, []).append(reply)

    def counted(self, through: str | None) -> int:
        """The number up to which THROUGH says that this ledger is counted in: 0 where it speaks of another one."""
        name, _, number = (through or "").partition(":")
        return int(number) if name == self.id and re.fullmatch(r"[0-9]{1,15}", number) else 0

    def old(self, throughs: Mapping[dt.date, str | None], before: str) -> set[tuple[dt.date, int]]:
        """Day and number of the replies of months BEFORE one (YYYY-MM) that the days' records count in."""
        counted = {day: self.counted(through) for day, through in throughs.items()}
        return {
            (day, booked.n)
            for day, of_day in self.booked.items()
            for booked in of_day
            if booked.month < before and booked.n <= counted.get(day, 0)
        }

    def usage(self, day: dt.date, before: Usage, currency: str) -> Usage:
        """What DAY has cost so far: BEFORE, as its record has it, and the replies that it does not hold yet."""
        return self._with(before, self._beyond(day, before), currency)

    def replies(self, keys: Set[str], after: int, currency: str) -> Usage:
        """What the replies with a verdict under one of KEYS have cost, and all replies AFTER a number."""
        all_of_them = (booked for day in self.booked.values() for booked in day)
        wanted = [booked for booked in all_of_them if booked.n > after or not keys.isdisjoint(booked.keys)]
        return self._with(Usage(), wanted, currency)

    def _with(self, before: Usage, new: Sequence[BookedReply], currency: str) -> Usage:
        """BEFORE and the replies NEW."""
        if not new:
            return before
        before = in_currency(before, currency)
        months = dict(before.months)
        for booked in new:
            months[booked.month] = months.get(booked.month, Spending()) + _spending(booked, currency)
        known = [booked.tokens for booked in new if booked.tokens is not None]
        costs = [_cost(booked, currency) for booked in new] + ([before.cost] if before.calls else [])
        return Usage(
            calls=before.calls + len(new),
            input_tokens=before.input_tokens + sum(tokens.input for tokens in known),
            cached_tokens=before.cached_tokens + sum(tokens.cached for tokens in known),
            output_tokens=before.output_tokens + sum(tokens.output for tokens in known),
            reasoning_tokens=before.reasoning_tokens + sum(tokens.reasoning for tokens in known),
            cost=_sum(costs),
            currency=currency,
            estimated_tokens=before.estimated_tokens + sum(hold.estimate for hold in new if hold.tokens is None),
            months=dict(sorted(months.items())),
            through=f"{self.id}:{max(booked.n for booked in new)}",
        )

    def month(self, month: str, records: Mapping[dt.date, Usage], currency: str) -> Spending:
        """What MONTH (YYYY-MM) has cost: as the RECORDS of all days have it, and the replies that none holds yet."""
        spent = Spending()
        for usage in records.values():
            spent += in_currency(usage, currency).months.get(month, Spending())
        for day in self.booked:
            for booked in self._beyond(day, records.get(day, Usage())):
                if booked.month == month:
                    spent += _spending(booked, currency)
        return spent

    def _beyond(self, day: dt.date, usage: Usage) -> list[BookedReply]:
        counted = self.counted(usage.through)
        return [booked for booked in self.booked.get(day, []) if booked.n > counted]


def in_currency(usage: Usage, currency: str) -> Usage:
    """USAGE with costs in CURRENCY: what was paid in another one is unknown in it, never renamed."""
    if usage.currency in (None, currency):
        return usage
    months = {
        month: part.model_copy(update={"cost": None}) if part.calls else part for month, part in usage.months.items()
    }
    return usage.model_copy(update={"cost": None, "months": months, "currency": currency})


def _spending(booked: BookedReply, currency: str) -> Spending:
    tokens = booked.estimate if booked.tokens is None else booked.tokens.input + booked.tokens.output
    return Spending(calls=1, tokens=tokens, cost=_cost(booked, currency))


def _cost(booked: BookedReply, currency: str) -> float | None:
    return booked.cost if booked.currency == currency else None


def _sum(costs: Iterable[float | None]) -> float | None:
    """The sum of COSTS, None as soon as one is unknown; rounded, so that the order of adding leaves no trace."""
    known = list(costs)
    return None if None in known else round(sum(cost for cost in known if cost is not None), 9)
