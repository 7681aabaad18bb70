"""The status page, status.json and the badge: what is there, what is missing, what a holiday is, what comes next."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest
from support import archive

from generator.core.model import Coverage, Day, Spending, Usage
from generator.publish.manifest import Output
from generator.publish.pages.all_pages import page_outputs
from generator.publish.pages.status import SHOWN, announcement_states, next_expected
from generator.records.store import Store

MON, TUE, WED, THU, FRI = (dt.date(2026, 1, day) for day in range(12, 17))
WEEK = dt.timedelta(days=7)
FULL = {"cs.AI": Coverage(expected=9, read=9, state="complete", source="rss")}


def whole(date: dt.date, **changes: Any) -> Day:
    return archive.day(date, coverage=FULL, unscored=(), **changes)


def outputs(folder: Path, *days: Day, language: str = "zh") -> dict[str, Output]:
    store = Store(folder / "data")
    found = archive.fill(store, days)
    return {output.path: output for output in page_outputs(store, archive.config(language), found)}


def status_of(made: dict[str, Output]) -> Any:
    return json.loads(made["status.json"].make())


def test_every_announcement_has_a_state(tmp_path: Path) -> None:
    """Complete, incomplete with its gaps, a holiday, and a day of which no run could read anything are told apart."""
    made = outputs(tmp_path, whole(MON), archive.holiday(TUE), archive.day(THU))
    told = status_of(made)
    states = {row["date"]: row["state"] for row in told["announcements"]}
    assert states == {
        str(THU): "incomplete",
        str(WED): "missing",
        str(TUE): "no announcement",
        str(MON): "complete",
    }
    newest = told["announcements"][0]
    assert newest["gaps"] == {"cs.LG": "stale"} and newest["unscored"] == 1 and newest["expected"] == 13
    assert told["announcements"][3]["expected"] == 9 and "gaps" not in told["announcements"][3]
    assert told["newest"] == str(THU)
    assert told["next_expected"] == {"date": str(FRI), "readable_from": "2026-01-16T05:00:00Z"}


def test_a_page_knows_from_when_on_the_site_is_late(tmp_path: Path) -> None:
    """Eighteen hours after midnight in New York on the next announcement's date; a holiday has its turn, too."""
    for name, days in (("workday", [whole(MON), whole(WED)]), ("holiday", [whole(MON), archive.holiday(WED)])):
        made = outputs(tmp_path / name, *days)
        for path in ("index.md", "status.md"):
            assert b'data-late="2026-01-15T23:00:00+00:00" hidden' in made[path].make()
    sample = outputs(tmp_path / "sample", whole(MON, sample=True))
    assert b"data-late" not in sample["index.md"].make() + sample["status.md"].make(), "it waits for nothing"


@pytest.mark.parametrize(("language", "words"), [("zh", "预筛略过 1 篇"), ("en", "1 set aside by the prefilter")])
def test_what_the_prefilter_spared_is_told_and_opens_nothing(tmp_path: Path, language: str, words: str) -> None:
    """A day of which papers were spared is complete, and says how many; a day without says nothing of it."""
    made = outputs(tmp_path, whole(MON, spared=()), whole(TUE), language=language)
    newest, older = status_of(made)["announcements"]
    assert (newest["state"], newest["spared"], older["spared"]) == ("complete", 1, 0)
    page: Any = lxml.html.fromstring(made["status.md"].make().decode())
    assert [cell.text_content() for cell in page.xpath("//table//small")] == [words]


@pytest.mark.parametrize(
    ("language", "word", "holiday"), [("zh", "不完整", "无公告"), ("en", "incomplete", "no announ")]
)
def test_the_page_says_it_in_the_sites_language(tmp_path: Path, language: str, word: str, holiday: str) -> None:
    """Days lead to their pages, a holiday has none; the next announcement is in the site's own time zone."""
    made = outputs(tmp_path, whole(MON), archive.holiday(TUE), archive.day(WED), language=language)
    text = made["status.md"].make().decode()
    assert word in text and holiday in text and "2026-01-15 13:00 UTC+8" in text
    links = lxml.html.fromstring(text).xpath("//table//a/@href")
    assert links == ["../days/2026/2026-01-14/", "../days/2026/2026-01-12/"]


@pytest.mark.parametrize(
    ("language", "soon", "never"),
    [
        ("zh", "不完整的日子会由之后的运行补上。", "手动补读"),
        ("en", "Later runs complete what is incomplete.", "by hand"),
    ],
)
def test_the_page_says_which_days_no_run_completes(tmp_path: Path, language: str, soon: str, never: str) -> None:
    """Missing or incomplete, and older than runs reach: the page promises nothing of them, status.json marks them."""
    made = outputs(tmp_path / "late", whole(MON), archive.day(TUE), whole(TUE + WEEK), language=language)
    page = made["status.md"].make().decode()
    assert soon in page and never not in page and "given_up" not in made["status.json"].make().decode()
    days = (whole(MON), archive.day(TUE), archive.holiday(WED), *(whole(THU + number * WEEK) for number in (1, 2)))
    made = outputs(tmp_path / "lost", *days, language=language)
    page = made["status.md"].make().decode()
    assert never in page and soon not in page
    rows = status_of(made)["announcements"]
    marked = [row["date"] for row in rows if row.get("given_up")]
    assert marked == [str(day) for day in (WED + WEEK, TUE + WEEK, MON + WEEK, FRI, THU, TUE)]
    assert {row["state"] for row in rows if row["date"] in marked} == {"missing", "incomplete"}


def test_weekends_and_summer_time_are_known() -> None:
    """Friday is followed by Monday; the hour of the reader changes with New York's."""
    assert next_expected(FRI) == (dt.date(2026, 1, 19), dt.datetime(2026, 1, 19, 5, tzinfo=dt.UTC))
    assert next_expected(dt.date(2026, 3, 6)) == (dt.date(2026, 3, 9), dt.datetime(2026, 3, 9, 4, tzinfo=dt.UTC))


def test_only_the_last_ones_are_shown(tmp_path: Path) -> None:
    """Thirty announcements; what a predecessor kept leaves no gaps behind."""
    days = [whole(dt.date(2026, 1, 5) + dt.timedelta(days=number)) for number in range(60) if number % 7 < 5]
    found = archive.fill(Store(tmp_path / "a"), days)
    assert len(announcement_states(found, 7)) == SHOWN
    old = [whole(dt.date(2025, 12, 1), imported=True), whole(MON)]
    assert [row.state for row in announcement_states(archive.fill(Store(tmp_path / "b"), old), 7)] == [
        "complete",
        "complete",
    ]


def test_before_the_first_day_there_is_a_page_too(tmp_path: Path) -> None:
    """Nothing is promised, and the badge says so."""
    made = outputs(tmp_path)
    assert status_of(made) == {"schema_version": 1, "newest": None, "next_expected": None, "announcements": []}
    assert "no day yet" in made["badge.svg"].make().decode() and "<table" not in made["status.md"].make().decode()


@pytest.mark.parametrize(
    ("day", "said"), [(whole(MON), "2026-01-12 complete"), (archive.day(MON), "2026-01-12 incomplete")]
)
def test_the_badge_is_an_image_that_says_it(tmp_path: Path, day: Day, said: str) -> None:
    """Well-formed, with a text for those who do not see it."""
    root = lxml.etree.fromstring(outputs(tmp_path, day)["badge.svg"].make())
    assert root.get("aria-label") == f"arXiv Daily: {said}"
    assert "".join(map(str, root.itertext())).count(said) == 2


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    """No clock has a part in it."""
    first, second = (outputs(tmp_path / name, whole(MON), archive.day(TUE)) for name in "ab")
    for path in ("status.md", "status.json", "badge.svg"):
        assert first[path].make() == second[path].make() and first[path].inputs == second[path].inputs


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "预计 2026-01 全月约"), ("en", "14 announcements are to come")],
)
def test_the_page_tells_what_months_cost(tmp_path: Path, language: str, words: str) -> None:
    """A row a month, and what the newest one will come to; a site without costs has no such part."""
    spent = {"2025-12": Spending(calls=9, tokens=77, cost=1.25), "2026-01": Spending(calls=2, tokens=1000, cost=0.05)}
    usage = Usage(calls=11, input_tokens=1000, cost=0.05, currency="USD", months=spent)
    page = outputs(tmp_path / "costs", whole(MON, usage=usage), language=language)["status.md"].make().decode()
    assert "2025-12" in page and "1.25" in page and words in page
    page = outputs(tmp_path / "none", whole(MON, usage=Usage()), language=language)["status.md"].make().decode()
    assert words not in page and "2026-01</th>" not in page
