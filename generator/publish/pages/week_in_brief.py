"""The last seven days in a paragraph, made from the records without a model.

Fields whose share of the picks moved by more than chance would move it, the picks that are most alike to the others,
and terms that no title had in the half year before.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.core.i18n import date_label
from generator.core.model import Pick
from generator.publish.day_counts import DayCounts, total
from generator.publish.pages.base import PageMaker
from generator.publish.pages.ordering import field_label
from generator.records.related import CLOSE, Vector, counts_of, unit_of, weights_of
from generator.records.summaries import Summary
from generator.records.title_terms import without_parts

DAYS = 7
DAYS_COMPARED = 28
FEWEST_DAYS = 5
"""Days before that a comparison needs."""
STANDARD_ERRORS = 2.0
"""Standard errors by which a share has to differ."""
MOST_FIELDS = 2
CENTRAL = 3
NEW_TERMS = 5
PAPERS_OF_NEW = 3
"""Papers that a new term needs."""
DAYS_FOR_NEW = 20
"""Days before that have to be known before a term is called new."""


class Moved(NamedTuple):
    """A field whose share of the picks changed; shares in percent."""

    label: str
    now: int
    before: int


class Brief(NamedTuple):
    date: str
    """The last of the days, in words."""
    read: int
    picks: int
    compared: bool
    up: list[Moved]
    down: list[Moved]
    central: list[tuple[Pick, dt.date]]
    new: list[str]


def week_in_brief(maker: PageMaker, counted: Mapping[dt.date, DayCounts]) -> Brief | None:
    """The paragraph's facts, None where nothing was picked; COUNTED: titles of the last half year by date."""
    if not maker.days:
        return None
    newest = maker.days[-1].date
    week = [day for day in maker.days if (newest - day.date).days < DAYS]
    before = [day for day in maker.days if DAYS <= (newest - day.date).days < DAYS + DAYS_COMPARED]
    if not any(day.picks for day in week):
        return None
    moved = fields_moved(week, before) if len(before) >= FEWEST_DAYS else []
    named = [(change, Moved(field_label(slug, maker.config), *shares)) for change, slug, shares in moved]
    return Brief(
        date=date_label(newest, maker.language),
        read=sum(day.read for day in week),
        picks=sum(day.picks for day in week),
        compared=len(before) >= FEWEST_DAYS,
        up=[row for change, row in named[::-1] if change > 0][:MOST_FIELDS],
        down=[row for change, row in named if change < 0][:MOST_FIELDS],
        central=_central(maker, week),
        new=new_terms(
            [counts for date, counts in counted.items() if (newest - date).days < DAYS],
            [counts for date, counts in counted.items() if (newest - date).days >= DAYS],
        ),
    )


def fields_moved(week: Sequence[Summary], before: Sequence[Summary]) -> list[tuple[float, str, tuple[int, int]]]:
    """(change, slug, shares in percent now and before) of the fields that moved, from the most fallen on."""
    now, then = (_field_counts(days) for days in (week, before))
    picks_now, picks_then = max(now.total(), 1), max(then.total(), 1)
    rows = []
    for slug in {**now, **then}:
        share, usual = now[slug] / picks_now, then[slug] / picks_then
        pooled = (now[slug] + then[slug]) / (picks_now + picks_then)
        error = math.sqrt(pooled * (1 - pooled) * (1 / picks_now + 1 / picks_then))
        if abs(share - usual) > STANDARD_ERRORS * error:
            rows.append((share - usual, slug, (round(100 * share), round(100 * usual))))
    return sorted(rows)


def _field_counts(days: Sequence[Summary]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for day in days:
        counts.update(day.fields)
    return counts


def new_terms(week: Sequence[DayCounts], before: Sequence[DayCounts]) -> list[str]:
    """Terms of several titles of WEEK that no title BEFORE has, most papers first."""
    if len(before) < DAYS_FOR_NEW:
        return []
    now = total(week).terms
    known = {term for day in before for term in day.terms}
    fresh = [term for term, papers in now.items() if papers >= PAPERS_OF_NEW and term not in known]
    return without_parts(sorted(fresh, key=lambda term: (-now[term], term)), now)[:NEW_TERMS]


def _central(maker: PageMaker, week: Sequence[Summary]) -> list[tuple[Pick, dt.date]]:
    """The picks of WEEK that are most alike to its others, each of another subject."""
    picks = [(pick, day.date) for day in week for pick in maker.record(day.date).picks]
    abstracts = {paper: text for day in week for paper, text in maker.store.abstracts(day.date).items()}
    counts = [counts_of(pick.paper.title, abstracts.get(pick.paper.id, "")) for pick, _ in picks]
    papers = Counter(word for row in counts for word in row)
    weight = weights_of(papers, len(counts))
    return [picks[number] for number in most_alike([unit_of(row, weight) for row in counts])]


def most_alike(units: Sequence[Vector]) -> list[int]:
    """The places of the rows of UNITS that are closest to all others together, without two that are close."""
    whole: dict[str, float] = {}
    for unit in units:
        for word, value in unit.items():
            whole[word] = whole.get(word, 0.0) + value
    alike = [_likeness(unit, whole) - 1 for unit in units]
    chosen: list[int] = []
    for number in sorted(range(len(units)), key=lambda place: (-round(alike[place], 6), place)):
        if len(chosen) < CENTRAL and all(_likeness(units[number], units[other]) < CLOSE for other in chosen):
            chosen.append(number)
    return chosen


def _likeness(unit: Vector, other: Mapping[str, float]) -> float:
    return math.fsum(value * other.get(word, 0.0) for word, value in unit.items())
