"""Days added up by week, and plots that are bars and nothing else: for the pages of trends and of status.

A plot holds no text: its SVG is stretched to the width of the page, and words around it keep their size on a phone.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from generator.core.calendar import announcement_days
from generator.core.i18n import date_label
from generator.records.summaries import Summary

WEEKS = 26
HEIGHT = 100
"""Of a plot, in its own units; a bar is 8 wide and stands 10 from the next."""
FEWEST = 10
"""Bars for which a plot has room at least: the first weeks of a site stand at its right end, and are no blocks."""


class Bar(NamedTuple):
    """A bar of a plot; kind: which class its colour has."""

    x: int
    y: int
    height: int
    kind: str


class Plot(NamedTuple):
    """Bars, and what a reader needs to read them: what it shows, its highest value, the names of its ends."""

    label: str
    width: int
    bars: list[Bar]
    top: str
    first: str
    last: str


class Week(NamedTuple):
    """The days of one week, added up."""

    start: dt.date
    label: str
    days: int
    partial: bool
    """Whether announcements of this week are still to come."""
    read: int
    picks: int
    fields: Counter[str]
    expected: int
    """Papers that arXiv announced, where it told."""
    got: int
    """Of these, those that were read."""
    unscored: int
    spared: int
    tokens: int
    costs: dict[str | None, float] | None
    """By currency; None where one is unknown."""


def monday_of(date: dt.date) -> dt.date:
    """The first day of DATE's week."""
    return date - dt.timedelta(days=date.weekday())


def weeks_of(days: Sequence[Summary], language: str) -> list[Week]:
    """The last WEEKS weeks in which there was a day, oldest first."""
    parts = [(start, list(part)) for start, part in itertools.groupby(days, key=lambda day: monday_of(day.date))]
    return [_week(start, part, language, newest=part is parts[-1][1]) for start, part in parts[-WEEKS:]]


def _week(start: dt.date, days: Sequence[Summary], language: str, *, newest: bool) -> Week:
    fields: Counter[str] = Counter()
    for day in days:
        fields.update(day.fields)
    told = [part for day in days for part in day.coverage.values() if part.expected]
    costs: dict[str | None, float] = {}
    for day in days:
        if day.cost:
            costs[day.currency] = costs.get(day.currency, 0.0) + day.cost
    to_come = announcement_days(days[-1].date + dt.timedelta(days=1), start + dt.timedelta(days=6))
    return Week(
        start=start,
        label=date_label(start, language, "date_short"),
        days=len(days),
        partial=newest and any(to_come),
        read=sum(day.read for day in days),
        picks=sum(day.picks for day in days),
        fields=fields,
        expected=sum(part.expected or 0 for part in told),
        got=sum(min(part.read, part.expected or 0) for part in told),
        unscored=sum(day.unscored for day in days),
        spared=sum(day.spared for day in days),
        tokens=sum(day.tokens for day in days),
        costs=None if any(day.tokens and day.cost is None for day in days) else costs or {None: 0.0},
    )


def plot(
    label: str,
    names: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float]]],
    top: str | None = None,
    *,
    most: float | None = None,
    partial: bool = False,
) -> Plot:
    """ROWS (kind, a value per name) as bars over NAMES, the later rows in front; all from zero, on one scale.

    TOP: the highest value in words; MOST: the value of a bar of full height (default: the highest of ROWS); PARTIAL:
    whether the last bars will grow, which is shown.
    """
    most = most or max((value for _, values in rows for value in values), default=0)
    room = max(len(names), FEWEST)
    bars = [
        Bar(10 * place + 1, HEIGHT - height, height, f"{kind} partial" if partial and place == room - 1 else kind)
        for kind, values in rows
        for place, value in enumerate(values, room - len(values))
        if value and (height := max(1, round(HEIGHT * value / most)))
    ]
    shown = f"{most:,.0f}" if top is None else top
    first = names[0] if len(names) == room else ""
    return Plot(label, 10 * room, bars, shown, first, names[-1] if names else "")


def share(part: int, whole: int) -> str:
    """PART of WHOLE in percent; never 100 % where something is missing."""
    if not whole:
        return "–"
    return f"{min(100 * part / whole, 100.0 if part >= whole else 99.9):.1f} %"
