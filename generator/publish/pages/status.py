"""How it stands with the last announcements: a page, status.json for programs, and a badge. Made from records alone.

There is no clock here: what is expected next follows from the newest record. Whoever reads this after that moment
knows that the site is late.
"""

import datetime as dt
import functools
import json
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from generator.core.calendar import NEW_YORK, announcement_days, next_announcement_day
from generator.core.escape import xml
from generator.core.files import digest
from generator.core.i18n import date_label
from generator.core.model import Spending
from generator.publish.manifest import Output
from generator.publish.pages.base import PageMaker
from generator.publish.pages.reliability import Reliability, reliability_figures, reliability_json
from generator.publish.pages.weekly_coverage import weekly_coverage
from generator.records.costs import Outlook, by_month, outlook
from generator.records.summaries import Summary, first_expected_day
from generator.settings.config import Config

SHOWN = 30
MOST_MONTHS = 12
STATUS = "status/"
STATUS_JSON = "status.json"
BADGE = "badge.svg"

AnnouncementStatus = Literal["complete", "incomplete", "no announcement", "missing"]


class AnnouncementState(NamedTuple):
    """How it stands with one announcement; `summary` is None where no run has made a record of it."""

    date: dt.date
    state: AnnouncementStatus
    summary: Summary | None
    given_up: bool = False
    """Whether it is not complete and so old that no run comes back to it by itself."""

    @property
    def expected(self) -> int | None:
        """The papers that arXiv announced in all categories; None where no channel told it of one of them."""
        parts = [part.expected for part in self.summary.coverage.values()] if self.summary else [None]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    @property
    def gaps(self) -> dict[str, str]:
        """Categories that were not read in full, and why."""
        parts = self.summary.coverage.items() if self.summary else ()
        return {name: part.state for name, part in parts if part.state not in ("complete", "no announcement")}


def announcement_states(found: Sequence[Summary], catchup_days: int) -> list[AnnouncementState]:
    """The last announcements, newest first, up to the newest of FOUND; before what the site owes there are no gaps."""
    by_date = {summary.date: summary for summary in found}
    if not found:
        return []
    newest = max(by_date)
    first = first_expected_day(found, catchup_days) or newest
    dates = {*announcement_days(first, newest), *by_date}
    since = newest - dt.timedelta(days=catchup_days)
    return [_standing(date, by_date.get(date), since) for date in sorted(dates)[::-1][:SHOWN]]


def _standing(date: dt.date, summary: Summary | None, since: dt.date) -> AnnouncementState:
    """How it stands with DATE if runs come back to what is SINCE then."""
    state = _state(summary)
    return AnnouncementState(date, state, summary, date < since and state in ("incomplete", "missing"))


def _state(summary: Summary | None) -> AnnouncementStatus:
    if summary is None:
        return "missing"
    if not summary.announced:
        return "no announcement"
    return "complete" if summary.complete or not summary.is_real else "incomplete"


class Expected(NamedTuple):
    """The next announcement of arXiv's weekly schedule, and the moment from which it can be read."""

    date: dt.date
    readable: dt.datetime


def next_expected(newest: dt.date) -> Expected:
    """What comes after NEWEST. A holiday cannot be foreseen: arXiv's list of them is not read."""
    date = next_announcement_day(newest)
    return Expected(date, dt.datetime.combine(date, dt.time(), NEW_YORK).astimezone(dt.UTC))


def late_from(found: Sequence[Summary], config: Config) -> dt.datetime | None:
    """The moment from which a site with the records FOUND is late; None while it has no day of its own.

    Pages know no clock: a script in the reader's browser compares.
    """
    newest = max((summary.date for summary in found if summary.is_real), default=None)
    return next_expected(newest).readable + dt.timedelta(hours=config.alarm.after_hours) if newest else None


def status_outputs(maker: PageMaker, found: Sequence[Summary]) -> Iterator[Output]:
    """Page, JSON and badge of the summaries FOUND, oldest first."""
    catchup_days = maker.config.arxiv.catchup_days
    rows = announcement_states(found, catchup_days)
    held = reliability_figures(found)
    data = dump_status(rows, held)
    late = late_from(found, maker.config)
    costs = _costs(maker, found)
    inputs = (data.decode(), str(late), str(catchup_days), repr(costs), *(day.digest for day in maker.days))
    yield maker.output(STATUS, functools.partial(make_page, maker, rows, late, held, costs=costs), *inputs)
    yield Output(STATUS_JSON, digest(data), lambda: data)
    badge = make_badge(rows)
    yield Output(BADGE, digest(badge), lambda: badge)


class Costs(NamedTuple):
    """What the last months have cost, the newest first, and what the newest will; ahead: None where nobody knows."""

    months: Sequence[tuple[str, Spending]]
    ahead: Outlook | None


NO_COSTS = Costs((), None)


def _costs(maker: PageMaker, found: Sequence[Summary]) -> Costs:
    """The costs of the summaries FOUND; the month of the newest day is the one that is not over."""
    currency = maker.config.budget.currency
    months = by_month(found, currency)
    newest = max((summary.date for summary in found if summary.is_real), default=None)
    spent = months.get(f"{newest:%Y-%m}", Spending()) if newest else Spending()
    ahead = outlook(found, spent, newest, currency) if newest else None
    return Costs([*months.items()][:MOST_MONTHS], ahead)


def make_page(
    maker: PageMaker,
    rows: Sequence[AnnouncementState],
    late: dt.datetime | None,
    held: Reliability | None = None,
    *,
    costs: Costs = NO_COSTS,
) -> bytes:
    """The page: a row an announcement, and how scores HELD, coverage and usage by week; LATE: see late_from."""
    w = maker.w
    meta = {"title": w["status_title"], "description": w["status_description"], "kind": "status"}
    return maker.render(
        "status.md.j2",
        STATUS,
        meta,
        rows=[(row, date_label(row.date, maker.language, "date_weekday")) for row in rows],
        next=next_expected(rows[0].date) if rows else None,
        next_label=date_label(next_expected(rows[0].date).date, maker.language, "date_weekday") if rows else "",
        zone=maker.config.site.timezone,
        late=late,
        held=held,
        costs=costs,
        weekly=weekly_coverage(maker),
        currency=maker.config.budget.currency,
        given_up=any(row.given_up for row in rows),
        days=maker.config.arxiv.catchup_days,
    )


def dump_status(rows: Sequence[AnnouncementState], held: Reliability | None = None) -> bytes:
    """status.json: a line an announcement, newest first; HELD: how reliable scores are."""
    head: dict[str, object] = {"schema_version": 1, "newest": None, "next_expected": None}
    if rows:
        expected = next_expected(rows[0].date)
        readable = f"{expected.readable:%Y-%m-%dT%H:%M:%SZ}"
        head["newest"] = str(rows[0].date)
        head["next_expected"] = {"date": str(expected.date), "readable_from": readable}
    if (told := reliability_json(held)) is not None:
        head["reliability"] = told
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    listed = ",\n ".join(json.dumps(_row(row)) for row in rows)
    return ("{\n" + ",\n".join(lines) + ',\n"announcements": [\n ' + listed + "\n]\n}\n").encode()


def _row(row: AnnouncementState) -> dict[str, object]:
    summary = row.summary
    counts: dict[str, object] = {}
    if summary is not None and summary.announced:
        counts = {"read": summary.read, "expected": row.expected, "picks": summary.picks}
        counts |= {"unscored": summary.unscored, "spared": summary.spared}
        counts["updated"] = f"{summary.updated:%Y-%m-%dT%H:%M:%SZ}"
    marks: dict[str, object] = {"gaps": row.gaps} if row.gaps else {}
    if row.given_up:
        marks["given_up"] = True
    if summary is not None and summary.sample:
        marks["sample"] = True
    return {"date": str(row.date), "state": row.state, **counts, **marks}


_COLOURS = {"complete": "#2d7d46", "no announcement": "#2d7d46", "incomplete": "#a05a00", "missing": "#a05a00"}
_LETTER = 6.6  # pixels, of 11 px Verdana or what stands in for it


def make_badge(rows: Sequence[AnnouncementState]) -> bytes:
    """A badge with the newest announcement and whether it is complete, for a README elsewhere."""
    name = "arXiv Daily"
    said, colour = "no day yet", "#6a6a6a"
    if rows:
        said, colour = f"{rows[0].date} {rows[0].state}", _COLOURS[rows[0].state]
    left, right = (round(len(text) * _LETTER) + 12 for text in (name, said))
    width = left + right
    return xml(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{name}: {said}">'
        f"<title>{name}: {said}</title>"
        f'<clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath><g clip-path="url(#r)">'
        f'<rect width="{left}" height="20" fill="#444"/><rect x="{left}" width="{right}" height="20" fill="{colour}"/>'
        '</g><g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2:g}" y="14">{name}</text><text x="{left + right / 2:g}" y="14">{said}</text></g></svg>\n'
    ).encode()
