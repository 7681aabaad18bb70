"""The archive that the tests in Chromium look at, and what they ask of a page's memory."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from generator.core.model import Day, Pick
from generator.publish import render
from generator.publish.site import build as site
from generator.records.store import Store
from generator.settings.config import Config
from support import archive

DAY = "days/2026/2026-01-14/"
LONG_DAY = "days/2026/2026-01-15/"
EMPTY_DAY = "days/2026/2026-01-16/"
ODD_DAY = "days/2026/2026-01-13/"
KINDS = (
    *("", DAY, ODD_DAY, EMPTY_DAY, "archive/", "archive/2026/", "archive/2026-01/", "fields/", "fields/agents/"),
    *("trends/", "saved/", "subscribe/", "about/", "ops/", "ops/publish/", "search/", "status/", "404.html"),
)
"""A page of each kind."""
ABSTRACT = "We prove that $x^{2} < y$ and R&D <b>matters</b>."


def long_picks() -> tuple[Pick, ...]:
    """A hundred picks with titles, authors and reasons of the usual length, in seven fields."""
    slugs = [field.slug for field in archive.config().fields]
    reason = "针对某个常见的问题提出一种新的方法，在多个基准上显著优于现有的方法，并给出理论上的解释。"
    return tuple(
        archive.pick(
            100 + number,
            round(10 - number * 0.03, 1),
            slugs[number % len(slugs)],
            reason,
            title=f"A Study of Number {number} with a Title as Long as Titles Usually Are Nowadays",
            authors=[f"Firstname Lastname{number}" for number in range(6)],
            submitted=dt.datetime(2026, 1, 14, 9, tzinfo=dt.UTC) - dt.timedelta(days=number % 3),
        )
        for number in range(100)
    )


def odd_picks() -> tuple[Pick, ...]:
    """All that a stranger may put into a record."""
    return (
        archive.pick(201, 9, "agents", "理由" * 2500, title="A very long title " * 33),
        archive.pick(202, 9, "agents", archive.HOSTILE, title=archive.HOSTILE, authors=[archive.HOSTILE] * 3),
        archive.pick(203, 8, "agents", authors=[f"Author {number}" for number in range(3000)]),
        archive.pick(204, 8, None, None, title="Unbalanced $x^{2 and }{ \\frac{1 $$", authors=[]),
        archive.pick(205, 8, "agents", title="العربية مقابل English 🎉🏳️🌈 עברית.", authors=["Smith, Jr.", "李 明"]),
        archive.pick(206, 7, "agents", title="x" * 600, submitted=None, categories=("cs.LG",) * 30),
    )


def days() -> list[tuple[Day, dict[str, str]]]:
    """An odd day, a usual one, a long one and an empty one, with abstracts."""
    kept = {f"2601.{number:05}": f"Abstract {number}." for number in range(2, 300)} | {"2601.00001": ABSTRACT}
    kept["2601.00002"] = archive.HOSTILE
    del kept["2601.00007"]
    day = dt.timedelta(days=1)
    return [
        (archive.day(archive.WEDNESDAY - day, picks=odd_picks()), kept),
        (archive.day(), kept),
        (archive.day(archive.WEDNESDAY + day, picks=long_picks()), kept),
        (archive.day(archive.WEDNESDAY + 2 * day, picks=(), sample=True), {}),
    ]


def publish(root: Path, config: Config) -> None:
    """Records, pages and site of these days, in the project in ROOT."""
    store = Store(root / "docs" / "data")
    for day, abstracts in days():
        store.write(day, abstracts)
    render.render(root, config)
    site.build_site(root, config)


def kept(page: Page, key: str) -> Any:
    """What the page's browser keeps under KEY."""
    found = page.evaluate(f"localStorage.getItem(`arxiv-daily:${{location.pathname.match(/^\\/[^/]*\\//)}}:{key}`)")
    return None if found is None else json.loads(found)
