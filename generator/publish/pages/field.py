"""A page for every research field: what it covers, its best, its days."""

import datetime as dt
import functools
import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.core.i18n import date_label, lines_in
from generator.core.model import Pick
from generator.core.urls import field_path
from generator.publish.manifest import Output
from generator.publish.pages.base import PageMaker
from generator.publish.pages.ordering import BEST_OF_DAY, within
from generator.records.summaries import Summary

WEEK_DAYS = 7
BEST_OF_WEEK = 10
BEST_OF_MONTH = 20
FIELD_MONTHS = 12


class FieldRow(NamedTuple):
    slug: str
    label: str
    description: str
    recent: int
    total: int
    best: list[tuple[dt.date, Pick]]


def field_outputs(maker: PageMaker) -> Iterator[Output]:
    """The list of fields and a page for each."""
    window = [summary.digest for summary in maker.recent]
    counts = [repr([(day.date, day.fields.get(field.slug)) for day in maker.days]) for field in maker.config.fields]
    yield maker.output("fields/", functools.partial(make_fields, maker), maker.field_texts, *counts, *window)
    for field, count in zip(maker.config.fields, counts, strict=True):
        make = functools.partial(make_field, maker, field.slug)
        yield maker.output(field_path(field.slug), make, maker.field_texts, count, *window)


def picks_of(maker: PageMaker, slug: str, days: Sequence[Summary]) -> list[tuple[dt.date, Pick]]:
    """The picks of a field within DAYS, best first, the newer first among equals."""
    found: dict[str, tuple[dt.date, Pick]] = {}  # by id: records mended by hand may hold a paper twice
    for day in reversed(days):
        for pick in maker.record(day.date).picks if day.fields.get(slug) else ():
            if pick.verdict.field == slug:
                found.setdefault(pick.paper.id, (day.date, pick))
    return sorted(found.values(), key=lambda row: -row[1].verdict.score)


def _count(days: Sequence[Summary], slug: str) -> int:
    """Picks of a field within DAYS."""
    return sum(day.fields.get(slug, 0) for day in days)


def make_fields(maker: PageMaker) -> bytes:
    """What each field covers, and its best of the week."""
    meta = {"title": maker.w["fields_title"], "description": maker.w["fields_text"], "kind": "fields"}
    rows = [
        FieldRow(
            field.slug,
            field.label(maker.language),
            lines_in(field.description, maker.language),
            _count(maker.recent, field.slug),
            _count(maker.days, field.slug),
            picks_of(maker, field.slug, within(maker.days, WEEK_DAYS))[:BEST_OF_DAY],
        )
        for field in maker.config.fields
    ]
    return maker.render("fields.md.j2", "fields/", meta, rows=rows)


def make_field(maker: PageMaker, slug: str) -> bytes:
    """The best of a field, of 7 and of 30 days, and its days."""
    field = next(field for field in maker.config.fields if field.slug == slug)
    label = field.label(maker.language)
    week = picks_of(maker, slug, within(maker.days, WEEK_DAYS))[:BEST_OF_WEEK]
    shown = {pick.paper.id for _, pick in week}
    month = [row for row in picks_of(maker, slug, maker.recent) if row[1].paper.id not in shown][:BEST_OF_MONTH]
    with_picks = [(day.date, day.fields[slug]) for day in maker.days if day.fields.get(slug)]
    months = [
        (date_label(dt.date.fromisoformat(f"{name}-01"), maker.language, "month"), list(part))
        for name, part in itertools.groupby(reversed(with_picks), key=lambda row: f"{row[0]:%Y-%m}")
    ][:FIELD_MONTHS]
    description = maker.w["field_description"].format(name=label)
    return maker.render(
        "field.md.j2",
        field_path(slug),
        {"title": label, "description": description, "kind": "field", "field": slug},
        field={"slug": slug, "description": lines_in(field.description, maker.language)},
        recent=_count(maker.recent, slug),
        total=_count(maker.days, slug),
        lists=[(maker.w["best_7"], "best_7", week), (maker.w["best_30"], "best_30", month)],
        months=months,
    )
