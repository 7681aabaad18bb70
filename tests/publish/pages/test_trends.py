"""Trends: weeks added up, bars on one scale, never a hundred percent where something is missing."""

import datetime as dt
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from support import archive

from generator.core.i18n import LANGUAGES, words
from generator.core.model import Coverage, Usage
from generator.publish.pages.base import PageMaker
from generator.publish.pages.trends import make_trends, plot, score_counts, share, terms_of, weeks_of
from generator.records.store import Store
from generator.records.summaries import Summary

MONDAY = dt.date(2026, 1, 12)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def summary(date: dt.date, **more: object) -> Summary:
    values = {
        "digest": "d",
        "judge": "llm",
        "updated": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "read": 100,
        "picks": 10,
    }
    return Summary.model_validate({**values, "date": date, **more})


def test_days_are_added_up_by_week() -> None:
    """Monday to Sunday; a cost that is unknown on one day is unknown for the week."""
    days = [
        summary(MONDAY - dt.timedelta(days=1), tokens=5, cost=1.0),
        summary(MONDAY, fields={"agents": 4}, tokens=5, cost=1.5),
        summary(MONDAY + dt.timedelta(days=4), fields={"agents": 6}, tokens=7, cost=None, unscored=2),
    ]
    first, second = weeks_of(days, "en")
    assert (first.read, first.picks, first.costs, first.label) == (100, 10, {None: 1.0}, "5 Jan")
    assert (second.days, second.read, second.fields["agents"], second.tokens, second.unscored) == (2, 200, 10, 12, 2)
    assert second.costs is None


def test_coverage_counts_what_was_announced() -> None:
    """What no channel counted counts neither way; what was read twice does not make up for what is missing."""
    parts = {
        "cs.AI": Coverage(expected=10, read=12, state="complete"),
        "cs.CV": Coverage(expected=90, read=88, state="stale"),
        "cs.LG": Coverage(expected=None, read=50, state="failed"),
    }
    (week,) = weeks_of([summary(MONDAY, coverage=parts)], "en")
    assert (week.expected, week.got) == (100, 98)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(98, 100, "98.0 %"), (9999, 10000, "99.9 %"), (7, 7, "100.0 %"), (0, 0, "–"), (0, 9, "0.0 %")],
)
def test_a_share_is_whole_only_if_nothing_is_missing(part: int, whole: int, text: str) -> None:
    """99.99 percent is not 100."""
    assert share(part, whole) == text


def test_bars_stand_on_one_scale() -> None:
    """The highest is as high as the plot, none that stands for something is invisible, nothing is drawn for nothing."""
    made = plot("Papers", ["a", "b", "c"], [("all", [1000, 1, 0]), ("pick", [500, 0, 0])])
    assert [(bar.x, bar.height, bar.kind) for bar in made.bars] == [(71, 100, "all"), (81, 1, "all"), (71, 50, "pick")]
    assert (made.top, made.first, made.last, made.width) == ("1,000", "", "c", 100)
    assert plot("None", [], []).bars == []
    full = plot("Papers", [str(week) for week in range(12)], [("all", [1] * 12)])
    assert (full.first, full.last, full.width, full.bars[0].x) == ("0", "11", 120, 1)


def test_terms_are_compared_once_there_is_something_to_compare_with() -> None:
    """Two more weeks of days; before that the commonest are shown."""
    days = [summary(MONDAY + dt.timedelta(days=number), terms={"old habit": 5}) for number in range(12)]
    compared, rows = terms_of(days)
    assert not compared and [(row.term, row.papers) for row in rows] == [("old habit", 60)]
    later = [summary(MONDAY + dt.timedelta(days=60 + number), terms={"new hope": 5}) for number in range(3)]
    compared, rows = terms_of([*days, *later])
    assert compared and [row.term for row in rows] == ["new hope"]
    assert terms_of([]) == (False, [])


def test_scores_are_counted_from_zero_to_ten() -> None:
    """Over all days that a model has judged: an estimate's score is but a place."""
    days = [summary(MONDAY, scores={0: 2, 10: 1}), summary(MONDAY, scores={0: 1})]
    assert score_counts([*days, summary(MONDAY, judge="offline", scores={7: 9})]) == [3, *[0] * 9, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plot_of_scores_says_that_estimates_are_left_out(store: Store, language: str) -> None:
    """Where there are none but estimates, that sentence stands alone."""
    for judge, plots in (("llm", 1), ("offline", 0)):
        found = archive.fill(store, [archive.day(judge=judge)])
        text = make_trends(PageMaker(store, archive.config(language), found)).decode()
        w = words(language)
        assert w["trends_scores_text"] in text and text.count(f'aria-label="{w["trends_scores"]}"') == plots


def test_every_plot_has_its_numbers_and_a_name(store: Store) -> None:
    """For readers who see no bars: a label each, and every figure in a table."""
    usage = Usage(calls=1, input_tokens=900, output_tokens=99, cost=0.5)
    found = archive.fill(store, [archive.day(archive.WEDNESDAY + dt.timedelta(weeks=n), usage=usage) for n in range(3)])
    text = make_trends(PageMaker(store, archive.config("en"), found)).decode()
    page: Any = lxml.html.fromstring(f"<div>{text}</div>")
    assert all(plot.get("aria-label") for plot in page.xpath("//svg[@role='img']"))
    assert len(page.xpath("//svg[@role='img']")) == 4 + 4
    assert page.xpath("(//table)[1]//tr[2]/*/text()") == ["2026-01-26", "10", "7", "1"]
    assert "USD 0.5000" in text and "84.6 %" in text


def test_what_was_not_judged_is_kept_apart_from_what_was_not_picked(store: Store) -> None:
    """Spared papers are counted by week under a head of their own, which is not there where there are none."""
    head = "Set aside by the prefilter"
    with_spared = make_trends(PageMaker(store, archive.config("en"), archive.fill(store, [archive.day()]))).decode()
    without = archive.fill(store, [archive.day(spared=())])
    assert head in with_spared and head not in make_trends(PageMaker(store, archive.config("en"), without)).decode()
    days = [summary(MONDAY, spared=20), summary(MONDAY + dt.timedelta(days=1), spared=5)]
    assert [(week.read, week.picks, week.spared) for week in weeks_of(days, "en")] == [(200, 20, 25)]
    assert sum(score_counts(days)) == 0, "what has no score stands in no plot of scores"
