"""Trends: what the last weeks brought, as plots that are bars and nothing else, each with its numbers in a table.

A plot holds no text: its SVG is stretched to the width of the page, and words around it keep their size on a phone.
"""

import datetime as dt
import functools
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.core.files import digest
from generator.core.i18n import date_label
from generator.publish.labels import money
from generator.publish.manifest import Output
from generator.publish.pages.base import PageMaker
from generator.publish.pages.ordering import field_label, field_order
from generator.records.summaries import Summary
from generator.records.title_terms import Rising, rising, total_terms

WEEKS = 26
WEEKS_LATELY = 4
DAYS_BEFORE = 10
"""Days that a comparison with the time before needs; with fewer the commonest terms are shown."""
MOST_TERMS = 15
HEIGHT = 100
"""Of a plot, in its own units; a bar is 8 wide and stands 10 from the next."""
FEWEST = 10
"""Bars for which a plot has room at least: the first weeks of a site stand at its right end, and are no blocks."""


class TrendBar(NamedTuple):
    """A bar of a plot; kind: which class its colour has."""

    x: int
    y: int
    height: int
    kind: str


class TrendPlot(NamedTuple):
    """Bars, and what a reader needs to read them: what it shows, its highest value, the names of its ends."""

    label: str
    width: int
    bars: list[TrendBar]
    top: str
    first: str
    last: str


class Week(NamedTuple):
    """The days of one week, added up."""

    start: dt.date
    label: str
    days: int
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


class FieldLine(NamedTuple):
    label: str
    total: int
    plot: TrendPlot


def weeks_of(days: Sequence[Summary], language: str) -> list[Week]:
    """The last WEEKS weeks in which there was a day, oldest first."""
    parts = itertools.groupby(days, key=lambda day: day.date - dt.timedelta(days=day.date.weekday()))
    return [_week(start, list(part), language) for start, part in parts][-WEEKS:]


def _week(start: dt.date, days: Sequence[Summary], language: str) -> Week:
    fields: Counter[str] = Counter()
    for day in days:
        fields.update(day.fields)
    told = [part for day in days for part in day.coverage.values() if part.expected]
    costs: dict[str | None, float] = {}
    for day in days:
        if day.cost:
            costs[day.currency] = costs.get(day.currency, 0.0) + day.cost
    return Week(
        start=start,
        label=date_label(start, language, "date_short"),
        days=len(days),
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
    label: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[float]]], top: str | None = None
) -> TrendPlot:
    """ROWS (kind, a value per name) as bars over NAMES, the later rows in front; all from zero, on one scale."""
    most = max((value for _, values in rows for value in values), default=0)
    room = max(len(names), FEWEST)
    bars = [
        TrendBar(10 * place + 1, HEIGHT - height, height, kind)
        for kind, values in rows
        for place, value in enumerate(values, room - len(values))
        if value and (height := max(1, round(HEIGHT * value / most)))
    ]
    shown = f"{most:,.0f}" if top is None else top
    first = names[0] if len(names) == room else ""
    return TrendPlot(label, 10 * room, bars, shown, first, names[-1] if names else "")


def score_counts(days: Sequence[Summary]) -> list[int]:
    """Papers that a model has judged by score, 0 to 10, rounded down; an estimate's score is its place in the day."""
    total: Counter[int] = Counter()
    for day in days:
        if day.judge == "llm":
            total.update(day.scores)
    return [total[score] for score in range(11)]


def share(part: int, whole: int) -> str:
    """PART of WHOLE in percent; never 100 % where something is missing."""
    if not whole:
        return "–"
    return f"{min(100 * part / whole, 100.0 if part >= whole else 99.9):.1f} %"


def terms_of(days: Sequence[Summary]) -> tuple[bool, list[Rising]]:
    """Whether there is a time before to compare with, and the terms that rose since, or else the commonest ones."""
    edge = days[-1].date - dt.timedelta(weeks=WEEKS_LATELY) if days else dt.date.min
    lately = [day for day in days if day.date > edge]
    before = [day for day in days if edge - dt.timedelta(weeks=WEEKS) < day.date <= edge]
    read = (sum(day.read for day in lately), sum(day.read for day in before))
    if len(before) >= DAYS_BEFORE:
        return True, rising([day.terms for day in lately], [day.terms for day in before], read, MOST_TERMS)
    total = total_terms(day.terms for day in lately)
    ranked = sorted(total, key=lambda term: (-total[term], term))[:MOST_TERMS]
    return False, [Rising(term, total[term], 1e3 * total[term] / max(read[0], 1), 0) for term in ranked]


def trends_output(maker: PageMaker) -> Output:
    """The page of trends."""
    return maker.output("trends/", functools.partial(make_trends, maker), digest(*(day.digest for day in maker.days)))


def make_trends(maker: PageMaker) -> bytes:
    """Papers and picks per week and field, terms, scores, coverage and cost."""
    w, config = maker.w, maker.config
    weeks = weeks_of(maker.days, maker.language)
    names = [week.label for week in weeks]
    slugs = field_order({slug for week in weeks for slug in week.fields}, config)
    scores = score_counts(maker.days)
    lowest = int(config.judge.threshold)
    compared, terms = terms_of(maker.days)
    meta = {"title": w["trends_title"], "description": w["trends_description"], "kind": "trends"}
    return maker.render(
        "trends.md.j2",
        "trends/",
        meta,
        weeks=weeks,
        spared=any(week.spared for week in weeks),
        intro=maker.total(maker.days),
        labels=[field_label(slug, config) for slug in slugs],
        slugs=slugs,
        papers=plot(
            w["trends_papers"],
            names,
            [("all", [week.read for week in weeks]), ("pick", [week.picks for week in weeks])],
        ),
        lines=_lines(slugs, weeks, maker),
        scores=list(enumerate(scores)),
        score_plot=plot(
            w["trends_scores"],
            [str(score) for score in range(11)],
            [
                ("all", [count if score < lowest else 0 for score, count in enumerate(scores)]),
                ("pick", [count if score >= lowest else 0 for score, count in enumerate(scores)]),
            ],
        ),
        coverage_plot=plot(
            w["trends_coverage"],
            names,
            [("all", [100] * len(weeks)), ("pick", [100 * week.got / max(week.expected, 1) for week in weeks])],
            "100 %",
        ),
        coverage=[share(week.got, week.expected) for week in weeks],
        tokens=plot(w["tokens"], names, [("pick", [week.tokens for week in weeks])]) if _spent(weeks) else None,
        costs=[_money(week, config.budget.currency, w) for week in weeks],
        compared=compared,
        terms=[(row, round(100 * row.lately / max(term.lately for term in terms))) for row in terms],
    )


def _money(week: Week, currency: str, w: Mapping[str, str]) -> str:
    """What WEEK has cost, in each currency; CURRENCY is that of records that name none."""
    if not week.tokens:
        return "–"
    if week.costs is None:
        return money(None, currency, w)
    return " + ".join(money(cost, name or currency, w) for name, cost in week.costs.items())


def _lines(slugs: Sequence[str], weeks: Sequence[Week], maker: PageMaker) -> list[FieldLine]:
    """A small plot per field, all on one scale."""
    most = max((week.fields[slug] for week in weeks for slug in slugs), default=0)
    room = max(len(weeks), FEWEST)
    lines = []
    for slug in slugs:
        values = [week.fields[slug] for week in weeks]
        bars = [
            TrendBar(10 * place + 1, HEIGHT - height, height, "pick")
            for place, value in enumerate(values, room - len(values))
            if value and (height := max(1, round(HEIGHT * value / most)))
        ]
        label = field_label(slug, maker.config)
        lines.append(FieldLine(label, sum(values), TrendPlot(label, 10 * room, bars, str(most), "", "")))
    return lines


def _spent(weeks: Sequence[Week]) -> bool:
    return any(week.tokens for week in weeks)
