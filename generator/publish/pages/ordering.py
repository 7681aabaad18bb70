"""Which picks come first: ordering and grouping for every page and list; no input, no output."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.core.i18n import words
from generator.core.model import Day, Pick, Rest
from generator.records.summaries import NO_FIELD, Summary
from generator.settings.config import Config

BEST_OF_DAY = 3
BEST_LISTED = 7
BEST_BELOW = 10
FEW_PICKS = 3


class FieldGroup(NamedTuple):
    """The picks of one day in one field, best first."""

    slug: str
    label: str
    known: bool
    picks: list[Pick]


class FieldCount(NamedTuple):
    slug: str
    label: str
    picks: int


class DayRow(NamedTuple):
    """One day in a list of days."""

    date: dt.date
    label: str
    read: int
    picks: int
    unscored: int
    best: list[Pick]
    groups: list[FieldCount]


def best_first(picks: Iterable[Pick]) -> list[Pick]:
    """PICKS by falling score; equals stay in the record's order, which the judge chose."""
    return sorted(picks, key=lambda pick: -pick.verdict.score)


def ranks(picks: Iterable[Pick]) -> dict[str, int]:
    """The place of each of PICKS within its day, by id; 1 is the best."""
    return {pick.paper.id: place for place, pick in enumerate(best_first(picks), 1)}


class BestPick(NamedTuple):
    """A pick in the list of a day's best: the name of its field, and whether its card is on the same page."""

    pick: Pick
    field: str
    here: bool


def best_listed(picks: Sequence[Pick], config: Config, cards: Collection[str]) -> list[BestPick]:
    """The best of PICKS over all fields, in order of rank; CARDS: ids of the papers with a card on the page.

    Empty for a day whose picks one sees at a glance.
    """
    return [
        BestPick(pick, field_label(pick.verdict.field, config), pick.paper.id in cards)
        for pick in best_first(picks)[: BEST_LISTED if len(picks) > FEW_PICKS else 0]
    ]


def best_below(day: Day) -> list[Rest]:
    """The best of what DAY did not pick, for a day without picks; empty for any other."""
    shown = [row for row in day.rest if row.id not in day.dropped]
    return [] if day.picks else sorted(shown, key=lambda row: -row.score)[:BEST_BELOW]


def field_order(slugs: Iterable[str], config: Config) -> list[str]:
    """SLUGS in the order of config.toml, then those that it does not know (any more), then what has no field."""
    order = {field.slug: number for number, field in enumerate(config.fields)}
    return sorted(slugs, key=lambda slug: (order.get(slug, len(order)), slug == NO_FIELD, slug))


def field_label(slug: str | None, config: Config, names: Mapping[str, str] | None = None) -> str:
    """The name of a field as readers see it, by NAMES (of a record) or config.toml; else the slug."""
    if name := (names or {}).get(slug or ""):
        return name
    if field := config.field(slug):
        return field.label(config.site.language)
    return words(config.site.language)["no_field"] if slug in (None, NO_FIELD) else slug


def group(picks: Iterable[Pick], config: Config, names: Mapping[str, str]) -> list[FieldGroup]:
    """PICKS by field, in the order of fields, best first inside each; NAMES: of fields, as the record has them."""
    by_field: dict[str, list[Pick]] = {}
    for pick in picks:
        by_field.setdefault(pick.verdict.field or NO_FIELD, []).append(pick)
    return [
        FieldGroup(
            slug,
            field_label(slug, config, names),
            config.field(slug) is not None,
            best_first(by_field[slug]),
        )
        for slug in field_order(by_field, config)
    ]


def best_of_each(groups: Iterable[FieldGroup], limit: int) -> list[Pick]:
    """The best of several fields: the first of each in turn, so that no field crowds out the others."""
    firsts = best_first(part.picks[0] for part in groups)
    return firsts[:limit]


def within(found: Sequence[Summary], days: int) -> list[Summary]:
    """Those of FOUND that lie within DAYS before the newest one."""
    return [pick for pick in found if (found[-1].date - pick.date).days < days] if found else []
