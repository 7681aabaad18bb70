"""The archive: a calendar for every year, a page for every month."""

import bisect
import calendar
import datetime as dt
import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.core.i18n import date_label, narrow_weekdays
from generator.core.urls import month_path
from generator.publish.manifest import Output
from generator.publish.pages.base import PageMaker
from generator.records.summaries import Summary


class Cell(NamedTuple):
    """One square of a calendar; number 0: outside of the month."""

    number: int
    day: Summary | None
    depth: int


class Month(NamedTuple):
    label: str
    url: str
    picks: int
    weeks: list[list[Cell]]


class Link(NamedTuple):
    label: str
    url: str
    picks: int
    current: bool


def quarters(days: Sequence[Summary]) -> list[int]:
    """The numbers of picks that part DAYS into four equal parts: one day of 300 does not make all others look empty."""
    picks = sorted(day.picks for day in days if day.picks)
    return [picks[len(picks) * part // 4] for part in (1, 2, 3)] if picks else []


def depth(picks: int, steps: Sequence[int]) -> int:
    """How strongly a day with PICKS is tinted: 0 (none), else 1 and one more for each of STEPS that it exceeds."""
    return 1 + bisect.bisect_left(steps, picks) if picks else 0


def weeks(year: int, month: int, days: Mapping[dt.date, Summary], steps: Sequence[int]) -> list[list[Cell]]:
    """The month as rows of seven squares, Monday first."""
    rows = []
    for week in calendar.Calendar().monthdatescalendar(year, month):
        inside = [date if date.month == month else None for date in week]
        rows.append([_cell(date, days.get(date) if date else None, steps) for date in inside])
    return rows


def _cell(date: dt.date | None, day: Summary | None, steps: Sequence[int]) -> Cell:
    return Cell(date.day if date else 0, day, depth(day.picks, steps) if day else 0)


def archive_outputs(maker: PageMaker) -> Iterator[Output]:
    """The calendars and the pages of months."""
    years = sorted({day.date.year for day in maker.days})
    yearly = {year: [day for day in maker.days if day.date.year == year] for year in years}
    facts = {year: repr([(day.date, day.picks) for day in days]) for year, days in yearly.items()}
    totals = repr([(year, sum(day.picks for day in days)) for year, days in yearly.items()])
    newest = years[-1] if years else None
    everything = repr((len(maker.days), sum(day.read for day in maker.days)))
    make = functools.partial(make_archive, maker, newest, yearly, "archive/")
    yield maker.output("archive/", make, facts[newest] if newest else "", totals, everything)
    for year in years:
        url = f"archive/{year:04}/"
        make = functools.partial(make_archive, maker, year, yearly, url)
        yield maker.output(url, make, facts[year], totals)
    yield from month_outputs(maker)


def make_archive(maker: PageMaker, year: int | None, yearly: Mapping[int, Sequence[Summary]], url: str) -> bytes:
    """The calendar of YEAR; at the archive's own address that of the newest year."""
    whole = url == "archive/"
    days = maker.days if whole or year is None else yearly[year]
    title = maker.w["archive_title"] if whole else date_label(days[0].date, maker.language, "year")
    meta = {"title": title, "description": maker.w["archive_description"], "kind": "archive"}
    return maker.render(
        "archive.md.j2",
        url,
        meta,
        intro=maker.total(days),
        years=[
            Link(str(other), f"archive/{other:04}/", sum(day.picks for day in yearly[other]), other == year)
            for other in sorted(yearly, reverse=True)
        ],
        months=months_of(maker, yearly[year]) if year is not None else [],
        weekdays=narrow_weekdays(maker.language),
    )


def months_of(maker: PageMaker, days: Sequence[Summary]) -> list[Month]:
    """The months of DAYS (of one year), newest first, each with its squares."""
    steps = quarters(days)
    by_date = {day.date: day for day in days}
    months = []
    for month, part in itertools.groupby(days, key=lambda day: day.month):
        first = dt.date.fromisoformat(f"{month}-01")
        label = date_label(first, maker.language, "month")
        picks = sum(day.picks for day in part)
        months.append(Month(label, month_path(month), picks, weeks(first.year, first.month, by_date, steps)))
    return months[::-1]


def month_outputs(maker: PageMaker) -> Iterator[Output]:
    """A page for each month that has a day."""
    months = [(month, list(part)) for month, part in itertools.groupby(maker.days, key=lambda day: day.month)]
    names = [None, *(month for month, _ in months), None]
    for number, (month, days) in enumerate(months):
        around = (names[number], names[number + 2])
        make = functools.partial(make_month, maker, month, days, *around)
        yield maker.output(month_path(month), make, repr(around), *(day.digest for day in days))


def make_month(
    maker: PageMaker, month: str, days: Sequence[Summary], previous: str | None, following: str | None
) -> bytes:
    """The days of MONTH (YYYY-MM), newest first, each with its best."""
    label = date_label(days[0].date, maker.language, "month")
    meta = {"title": label, "description": f"{label}: {maker.total(days)}", "kind": "month"}
    rows = [maker.row(day) for day in reversed(days)]
    return maker.render(
        "month.md.j2",
        month_path(month),
        meta,
        intro=maker.total(days),
        rows=rows,
        previous=previous,
        next=following,
    )
