"""Trends: weeks added up, bars on one scale, never a hundred percent where something is missing."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from support import archive

from generator.core.i18n import LANGUAGES, words
from generator.core.model import Coverage, Day, Rest, Usage
from generator.publish.day_counts import DayCounts, KeptCounts, day_counts_of
from generator.publish.pages.base import PageMaker
from generator.publish.pages.status import announcement_states, make_page
from generator.publish.pages.trends import make_trends, score_counts, terms_of
from generator.publish.pages.week_in_brief import fields_moved, most_alike, new_terms, week_in_brief
from generator.publish.pages.weekly_coverage import weekly_coverage
from generator.publish.pages.weeks import plot, share, weeks_of
from generator.records.store import Store
from generator.records.summaries import Summary

MONDAY = dt.date(2026, 1, 12)
WHOLE = Coverage(expected=90, read=90, state="complete")


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


def counts(titles: int = 100, **terms: int) -> DayCounts:
    return DayCounts(titles, Counter({term.replace("_", " "): papers for term, papers in terms.items()}), Counter())


def test_terms_are_compared_once_there_is_something_to_compare_with() -> None:
    """Two more weeks of days; before that the commonest are shown."""
    old = [counts(old_habit=5) for _ in range(12)]
    compared, rows = terms_of(old, [])
    assert not compared and [(row.term, row.papers) for row in rows] == [("old habit", 60)]
    compared, rows = terms_of([counts(new_hope=5)] * 3 + [counts(rare=2)], old)
    assert compared and [row.term for row in rows] == ["new hope"], "what has two papers only has not risen"
    assert terms_of([], []) == (False, [])


def test_figures_of_terms_are_those_of_all_titles() -> None:
    """A term with one paper a day has been there before, although no day's list of the commonest holds it."""
    titles = [f"Subject {number}: word{number} method{number} alike" for number in range(40)]
    day = archive.day(picks=(), rest=tuple(rest(number, title) for number, title in enumerate([*titles, "GRPO now"])))
    before = [day_counts_of(day)] * 20
    assert day_counts_of(day).terms["GRPO"] == 1 and day_counts_of(day).titles == 43, (
        "with the unscored and the spared paper"
    )
    now = counts(43, GRPO=6)
    _, rows = terms_of([now], before)
    assert [(row.term, round(row.before, 1)) for row in rows] == [("GRPO", 23.3)]


def rest(number: int, title: str) -> Rest:
    return Rest(id=f"2601.{number:05}", title=title, primary="cs.LG", score=1.0)


def test_counts_are_kept_by_day(store: Store, tmp_path: Path) -> None:
    """A second render reads no record; a record that changed is counted anew, one that is damaged in the cache too."""
    (summary_of_day,) = archive.fill(store, [archive.day()])
    read: list[dt.date] = []

    def reader(summary: Summary) -> Day:
        read.append(summary.date)
        return archive.day()

    first = KeptCounts(reader, tmp_path / ".cache").of([summary_of_day])
    assert KeptCounts(reader, tmp_path / ".cache").of([summary_of_day]) == first and len(read) == 1
    changed = summary_of_day.model_copy(update={"digest": "other"})
    KeptCounts(reader, tmp_path / ".cache").of([changed])
    (kept,) = (tmp_path / ".cache" / "day-counts").iterdir()
    kept.write_text("damaged")
    assert KeptCounts(reader, tmp_path / ".cache").of([changed]) == first and len(read) == 3
    assert first[0].authors["Ann Lee"] == 6 and first[0].authors["Author 14"] == 1


def test_the_week_that_is_not_over_is_marked(store: Store) -> None:
    """In its bar, in words and in the table; not once Friday is there."""
    found = archive.fill(store, [archive.day(MONDAY), archive.day(MONDAY + dt.timedelta(days=1))])
    text = make_trends(PageMaker(store, archive.config("en"), found)).decode()
    assert "2 days so far" in text and 'class="pick partial"' in text and "<small>so far</small>" in text
    whole = archive.fill(store, [archive.day(MONDAY + dt.timedelta(days=4))])
    text = make_trends(PageMaker(store, archive.config("en"), whole)).decode()
    assert "so far" not in text and "partial" not in text


def test_a_field_has_moved_when_chance_does_not_explain_it() -> None:
    """30 of 100 after 40 of 400 is a rise; 3 of 10 after 8 of 40 is not."""
    week, before = [summary(MONDAY, fields={"a": 30, "b": 70})], [summary(MONDAY, fields={"a": 40, "b": 360})]
    assert [(slug, shares) for _, slug, shares in fields_moved(week, before)] == [("b", (70, 90)), ("a", (30, 10))]
    assert fields_moved([summary(MONDAY, fields={"a": 3, "b": 7})], [summary(MONDAY, fields={"a": 8, "b": 32})]) == []


def test_a_term_is_new_when_no_title_had_it() -> None:
    """Not one of half a year, and the longer phrase of two."""
    week = [counts(new_hope=3, hope=3, old=9, rare=2)]
    assert new_terms(week, [counts(old=1)] * 20) == ["new hope"]
    assert new_terms(week, [counts(old=1)] * 19) == [], "too little is known"


def test_the_paper_most_like_the_others_is_found() -> None:
    """Two papers that are alike count as one subject."""
    units = [{"a": 1.0}, {"a": 0.8, "b": 0.6}, {"b": 1.0}, {"c": 1.0}]
    assert most_alike(units) == [1, 3]


def test_the_paragraph_names_the_papers_and_leads_to_them(store: Store) -> None:
    """A link to the card each; terms and authors lead to the search."""
    found = archive.fill(store, [archive.day(archive.WEDNESDAY + dt.timedelta(weeks=n)) for n in range(3)])
    page: Any = lxml.html.fromstring(
        f"<div>{make_trends(PageMaker(store, archive.config('en'), found)).decode()}</div>"
    )
    links = page.xpath("//p[contains(., 'Most alike')]/a/@href")
    assert len(links) == 3 and all("/days/2026/2026-01-28/#2601." in link for link in links)
    assert "../search/?q=author%3AAnn%20Lee" in page.xpath("//p[@class='names']//a/@href")


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
    """For readers who see no bars: a label each, and every figure in a table; coverage and usage are apart."""
    usage = Usage(calls=1, input_tokens=900, output_tokens=99, cost=0.5)
    found = archive.fill(store, [archive.day(archive.WEDNESDAY + dt.timedelta(weeks=n), usage=usage) for n in range(3)])
    maker = PageMaker(store, archive.config("en"), found)
    page: Any = lxml.html.fromstring(f"<div>{make_trends(maker).decode()}</div>")
    fields, terms = 4, len(page.xpath("//table[contains(@class, 'terms')]//tr[td]"))
    assert all(plot.get("aria-label") for plot in page.xpath("//svg[@role='img']"))
    assert len(page.xpath("//svg[@role='img']")) == 2 + fields + terms
    assert page.xpath("(//table)[1]//tr[2]/*/text()") == ["2026-01-26", "10", "7", "1"]
    status = make_page(maker, announcement_states(found, 7), None).decode()
    assert "USD 0.5000" in status and "84.6 %" in status and "USD" not in make_trends(maker).decode()


def test_what_was_not_judged_is_kept_apart_from_what_was_not_picked(store: Store) -> None:
    """Spared papers are counted by week under a head of their own, which is not there where there are none."""
    head = "Set aside by the prefilter"
    with_spared = make_trends(PageMaker(store, archive.config("en"), archive.fill(store, [archive.day()]))).decode()
    without = archive.fill(store, [archive.day(spared=())])
    assert head in with_spared and head not in make_trends(PageMaker(store, archive.config("en"), without)).decode()
    days = [summary(MONDAY, spared=20), summary(MONDAY + dt.timedelta(days=1), spared=5)]
    assert [(week.read, week.picks, week.spared) for week in weeks_of(days, "en")] == [(200, 20, 25)]
    assert sum(score_counts(days)) == 0, "what has no score stands in no plot of scores"


def test_the_paragraph_names_the_two_fields_that_moved_most_each_way(store: Store) -> None:
    """Against the four weeks before, of which five days are enough and four are not."""
    now, then = {"a": 50, "b": 40, "c": 30, "d": 2, "e": 3, "f": 4}, {"a": 2, "b": 3, "c": 4, "d": 50, "e": 40, "f": 30}
    before = [summary(MONDAY - dt.timedelta(days=7 + place), fields=then) for place in range(5)]
    week = summary(MONDAY, fields=now)
    empty = archive.fill(store, [archive.day(MONDAY, picks=())])
    assert week_in_brief(PageMaker(store, archive.config("en"), empty), {}) is None
    archive.fill(store, [archive.day(MONDAY)])
    told = week_in_brief(PageMaker(store, archive.config("en"), [*before[::-1], week]), {})
    assert told is not None and told.compared
    assert ([row.label for row in told.up], [row.label for row in told.down]) == (["a", "b"], ["d", "e"])
    young = week_in_brief(PageMaker(store, archive.config("en"), [*before[3::-1], week]), {})
    assert young is not None and not young.compared and not young.up and not young.down


def test_coverage_is_drawn_against_the_whole_and_told_newest_first(store: Store) -> None:
    """A week read by half is half as high as one read whole; without a model there is no plot of tokens."""
    half = {"cs.AI": Coverage(expected=90, read=45, state="stale")}
    days = [summary(MONDAY - dt.timedelta(days=7), coverage=half), summary(MONDAY, coverage={"cs.AI": WHOLE})]
    maker = PageMaker(store, archive.config("en"), days)
    found = weekly_coverage(maker)
    heights = {kind: [bar.height for bar in found.coverage.bars if bar.kind == kind] for kind in ("all", "pick")}
    assert heights == {"all": [100, 100], "pick": [50, 100]}
    assert [(week.label, told) for week, told, _ in found.rows] == [("12 Jan", "100.0 %"), ("5 Jan", "50.0 %")]
    assert found.tokens is None
