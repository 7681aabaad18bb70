"""The page of a day, and home, which is the newest day's best."""

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from typing import Any

from generator.core.code import code_digest
from generator.core.files import digest
from generator.core.i18n import date_label
from generator.core.model import Day
from generator.core.tex import to_unicode
from generator.core.text import clean
from generator.core.urls import day_path
from generator.publish import labels, unjudged
from generator.publish.citations import ENDINGS, packed_citations
from generator.publish.manifest import Output
from generator.publish.pages.abstract_patches import packed_patches
from generator.publish.pages.base import PageMaker
from generator.publish.pages.ordering import (
    BEST_OF_DAY,
    FieldGroup,
    best_below,
    best_first,
    best_listed,
    best_of_each,
    group,
    ranks,
)
from generator.records.store import Store

BEST_ON_HOME = 3
LAST_DAYS = 10
DESCRIPTION_LENGTH = 200
JUDGES = {"offline_judge": "offline", "unknown": "unknown", "none": "none"}
"""What the front matter calls those who are no model."""


def day_outputs(maker: PageMaker) -> Iterator[Output]:
    """A page for each day that had an announcement."""
    dates: list[dt.date | None] = [None, *(day.date for day in maker.days), None]
    for number, summary in enumerate(maker.days):
        around = (dates[number], dates[number + 2])
        make = functools.partial(day_page, maker, summary.date, *around)
        yield maker.output(day_path(summary.date), make, summary.digest, repr(around))
        make = functools.partial(make_citations, maker, summary.date)
        yield Output(
            citations_path(summary.date), digest(code_digest("generator.publish.citations"), summary.digest), make
        )
        kept = maker.store.abstracts_path(summary.date)
        if kept.is_file():
            make = functools.partial(make_formulas, maker.store, summary.date)
            yield Output(
                formulas_path(summary.date),
                digest(
                    code_digest("generator.publish.pages.abstract_patches"), summary.digest, str(kept.stat().st_size)
                ),
                make,
            )


def day_page(maker: PageMaker, date: dt.date, previous: dt.date | None, following: dt.date | None) -> bytes:
    """The page of DATE, which links the days around it."""
    day = maker.record(date)
    url = day_path(date)
    groups = group(day.picks, maker.config, day.names)
    return maker.render(
        "day.md.j2",
        url,
        day_meta(maker, day, groups),
        day=day,
        groups=groups,
        ranks=ranks(day.picks),
        listed=best_listed(day.picks, maker.config, {pick.paper.id for pick in day.picks}),
        below=best_below(day),
        citation_files=ENDINGS.items(),
        previous=previous,
        next=following,
        currency=maker.config.budget.currency,
        zone=maker.config.site.timezone,
    )


def formulas_path(date: dt.date) -> str:
    """Where it lies what a browser shows in place of the TeX in the abstracts of DATE's picks, below docs/."""
    return f"data/{date.year:04}/{date}.formulas.json.gz"


def make_formulas(store: Store, date: dt.date) -> bytes:
    """By id, what stands in the place of TeX in the abstracts of DATE's picks."""
    return packed_patches(store.abstracts(date))


def citations_path(date: dt.date) -> str:
    """Where the citations of DATE's picks lie, below docs/."""
    return f"data/{date.year:04}/{date}.citations.json.gz"


def make_citations(maker: PageMaker, date: dt.date) -> bytes:
    """By id, how DATE's picks are cited."""
    return packed_citations(pick.paper for pick in maker.record(date).picks)


def day_meta(maker: PageMaker, day: Day, groups: Sequence[FieldGroup]) -> dict[str, Any]:
    """The front matter of a day, which tells a program all that the page's head tells a reader."""
    title = date_label(day.date, maker.language, "date_weekday")
    usage = day.usage
    return {
        "title": title,
        "date": day.date,
        "description": day_description(maker, day),
        "share": share_title(maker, title, day),
        "kind": "day",
        "tags": [part.label for part in groups],
        "papers_read": day.papers_read,
        "picks": len(day.picks),
        "judge": day.judge,
        "model": unjudged.judged_by(day, JUDGES),
        "tokens": day.tokens,
        "cost": 0 if not (usage.calls or day.tokens) else "unknown" if usage.cost is None else usage.cost,
        "currency": usage.currency or maker.config.budget.currency,
        "coverage": {name: text for name, _, text in labels.coverage(day, maker.w)},
        "complete": day.complete,
        "updated": f"{day.updated:%Y-%m-%dT%H:%M:%SZ}",
    } | ({"sample": True} if day.sample else {})


def share_title(maker: PageMaker, title: str, day: Day) -> str:
    """What a link to DAY is called in a chat: its TITLE and its best paper."""
    best = [to_unicode(pick.paper.title) for pick in best_first(day.picks)[:1]]
    return clean(maker.w["colon"].join([title, *best]), DESCRIPTION_LENGTH)


def day_description(maker: PageMaker, day: Day) -> str:
    """One line about DAY for search engines and previews: its figures and best titles."""
    best = best_of_each(group(day.picks, maker.config, day.names), BEST_OF_DAY)
    titles = maker.w["semicolon"].join(to_unicode(pick.paper.title) for pick in best)
    titles = titles or unjudged.not_judged(day, maker.w)
    line = maker.w["day_description"].format(
        date=date_label(day.date, maker.language), read=day.papers_read, picks=len(day.picks), titles=titles
    )
    return clean(line, DESCRIPTION_LENGTH)


def home_output(maker: PageMaker, late: dt.datetime | None) -> Output:
    """The first page; LATE: the moment from which the site is late."""
    told = (day.digest for day in maker.days[-LAST_DAYS:])
    return maker.output("", functools.partial(make_home, maker, late), *told, str(late))


def make_home(maker: PageMaker, late: dt.datetime | None) -> bytes:
    """The newest day's best of each field, the last days, how to subscribe."""
    meta: dict[str, Any] = {
        "title": maker.w["home_title"],
        "description": maker.w["site_description"],
        "kind": "home",
    }
    if not maker.days:
        return maker.render("home.md.j2", "", meta, day=None)
    day = maker.record(maker.days[-1].date)
    meta |= {"title": date_label(day.date, maker.language, "date_weekday"), "date": day.date, "picks": len(day.picks)}
    meta |= {"description": day_description(maker, day), "share": share_title(maker, meta["title"], day)}
    groups = group(day.picks, maker.config, day.names)
    cards = {pick.paper.id for part in groups for pick in part.picks[:BEST_ON_HOME]}
    return maker.render(
        "home.md.j2",
        "",
        meta,
        day=day,
        groups=groups,
        ranks=ranks(day.picks),
        listed=best_listed(day.picks, maker.config, cards),
        below=best_below(day),
        best=BEST_ON_HOME,
        late=late,
        rows=[maker.row(day) for day in maker.days[: -LAST_DAYS - 1 : -1]],
        currency=maker.config.budget.currency,
        zone=maker.config.site.timezone,
    )
