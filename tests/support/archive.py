"""A small archive for the tests of what is made from records: made-up papers, a few of them awkward."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from generator.core.calendar import announcement
from generator.core.model import Coverage, Day, Paper, Pick, Related, Rest, Spared, Unscored, Usage, Verdict, Window
from generator.records.store import Store
from generator.records.summaries import Summary, summaries
from generator.settings.config import Config, load
from support.project import CONFIG

WEDNESDAY = dt.date(2026, 1, 14)
HOSTILE = (
    "</article></div><script>alert(1)</script>\"' onload=x [a](javascript:b) `c` {#d} **e** <!-- $\\href{x}{y}$ &#60;"
)


def config(language: str = "zh", **site: Any) -> Config:
    """The configuration that a fork starts with, in LANGUAGE."""
    found = load(CONFIG, {})
    return found.model_copy(update={"site": found.site.model_copy(update={"language": language, **site})})


def paper(number: int, title: str = "", authors: Iterable[str] = ("Ann Lee", "Bo Wu"), **more: Any) -> Paper:
    """Paper NUMBER of January 2026."""
    values: dict[str, Any] = {
        "id": f"2601.{number:05}",
        "title": title or f"Paper {number}",
        "authors": tuple(authors),
        "categories": ("cs.LG", "cs.AI"),
        "submitted": dt.datetime(2026, 1, 13, 9, tzinfo=dt.UTC),
    }
    return Paper(**{**values, **more})


def pick(number: int, score: float, field: str | None, reason: str | None = "很有用。", **more: Any) -> Pick:
    """Paper NUMBER, picked."""
    estimate = more.pop("estimate", False)
    kept = {key: more.pop(key) for key in ("related", "notes") if key in more}
    verdict = Verdict(score=score, raw=score, field=field, reason=reason, estimate=estimate)
    return Pick(paper=paper(number, **more), verdict=verdict, **kept)


PICKS = (
    pick(1, 9.0, "llm-frontier", title="Learning $\\mathcal{O}(n^2)$ faster: 40\\% less"),
    pick(2, 8.5, "dl-theory", authors=[f"Author {number}" for number in range(1, 15)]),
    pick(3, 8.5, "llm-frontier"),
    pick(4, 7.0, "llm-frontier", reason=None, notes=("withdrawn",)),
    pick(
        5,
        10.0,
        "dl-theory",
        related=(Related(id="2601.00001", title="Earlier", date=WEDNESDAY - dt.timedelta(days=1)),),
    ),
    pick(6, 7.5, None),
    pick(7, 7.0, "left-over-field"),
)


def day(date: dt.date = WEDNESDAY, **changes: Any) -> Day:
    """The record of DATE with picks in known and unknown fields, rest, unscored and spared papers."""
    window = announcement(date)
    values: dict[str, Any] = {
        "date": date,
        "window": Window(start=window.start, end=window.end),
        "generator": "0",
        "judge": "llm",
        "model": "some-model",
        "profile": "p",
        "updated": dt.datetime.combine(date, dt.time(5, 17), dt.UTC),
        "coverage": {
            "cs.AI": Coverage(expected=4, read=4, state="complete", source="rss"),
            "cs.LG": Coverage(expected=9, read=7, state="stale", source="rss"),
        },
        "picks": PICKS,
        "rest": (Rest(id="2601.00010", title="Rest", primary="cs.LG", score=3.5),),
        "unscored": (Unscored(id="2601.00011", title="Open <b>", primary="cs.AI", why="refused"),),
        "spared": (Spared(id="2601.00012", title="Spared", primary="cs.LG", estimate=0.01),),
        "usage": Usage(calls=2, input_tokens=1000, output_tokens=234, cost=0.0123),
    }
    return Day(**{**values, **changes})


def holiday(date: dt.date) -> Day:
    """The record of a day without an announcement."""
    none = {"cs.LG": Coverage(expected=0, read=0, state="no announcement")}
    return day(date, coverage=none, picks=(), rest=(), unscored=(), spared=(), usage=Usage())


def fill(store: Store, days: Iterable[Day]) -> list[Summary]:
    """Keep DAYS in STORE; return the summaries of all that is in it."""
    for made in days:
        store.write(made, {})
    return summaries(store, store.folder / "index.json")
