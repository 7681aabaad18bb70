"""Coverage and usage of the last weeks, for the page of status."""

from collections.abc import Mapping
from typing import NamedTuple

from generator.publish.labels import money
from generator.publish.pages.base import PageMaker
from generator.publish.pages.weeks import Plot, Week, plot, share, weeks_of


class WeeklyCoverage(NamedTuple):
    """A row a week, newest first, and plots of them all."""

    coverage: Plot
    tokens: Plot | None
    """None where no model was asked."""
    rows: list[tuple[Week, str, str]]
    """With coverage and costs in words."""


def weekly_coverage(maker: PageMaker) -> WeeklyCoverage:
    """Of the days of MAKER."""
    w, currency = maker.w, maker.config.budget.currency
    weeks = weeks_of(maker.days, maker.language)
    names = [week.label for week in weeks]
    tokens = [week.tokens for week in weeks]
    read = [100 * week.got / max(week.expected, 1) for week in weeks]
    return WeeklyCoverage(
        coverage=plot(w["trends_coverage"], names, [("all", [100] * len(weeks)), ("pick", read)], "100 %"),
        tokens=plot(w["tokens"], names, [("pick", tokens)], partial=weeks[-1].partial) if any(tokens) else None,
        rows=[(week, share(week.got, week.expected), _costs(week, currency, w)) for week in weeks[::-1]],
    )


def _costs(week: Week, currency: str, w: Mapping[str, str]) -> str:
    """What WEEK has cost, in each currency; CURRENCY is that of records that name none."""
    if not week.tokens:
        return "–"
    if week.costs is None:
        return money(None, currency, w)
    return " + ".join(money(cost, name or currency, w) for name, cost in week.costs.items())
