"""What belongs to an announcement and how much of it was read: decisions, as tables."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from generator.core.calendar import announcement, announcement_days, announcement_of, next_announcement_day
from generator.core.model import Coverage, Day, Paper, Unscored, Window
from generator.sources.announcement import (
    DayQuery,
    Gathered,
    covered,
    days_to_do,
    decide,
    missing_from_api,
    spans,
    windows_to_read,
)
from generator.sources.rss import Announced, AnnounceType, RssFeed

MON, TUE, WED, THU, FRI, NEXT_MON = (dt.date(2026, 1, number) for number in (5, 6, 7, 8, 9, 12))
SATURDAY = dt.date(2026, 1, 10)
CATEGORIES = ("cs.AI", "cs.CL")
BOTH = frozenset(CATEGORIES)


def paper(paper_id: str, *categories: str, day: dt.date | None = THU) -> Paper:
    """A paper of the window of DAY; day=None: as the RSS gives it, without a submission time."""
    submitted = announcement(day).start + dt.timedelta(hours=1) if day else None
    title = "by the API" if day else "by the RSS"
    return Paper(
        id=f"2601.{paper_id:0>5}", title=title, authors=("A",), categories=categories or ("cs.AI",), submitted=submitted
    )


A, B, C = paper("1"), paper("2"), paper("3", "cs.CL")
OLD = paper("90", day=WED)


def rss(*papers: Paper, built: dt.date = THU, kind: AnnounceType = "new") -> RssFeed:
    """A feed of PAPERS, without their submission times."""
    bare = (made.model_copy(update={"submitted": None, "title": "by the RSS"}) for made in papers)
    return RssFeed(built, tuple(Announced(made, kind) for made in bare))


def record(day: dt.date, *papers: Paper, state: Any = "complete", unscored: bool = False, **more: Any) -> Day:
    _, start, end = announcement(day)
    if unscored:
        more["unscored"] = tuple(Unscored(id=p.id, title=p.title, primary=p.primary, why="busy") for p in papers)
    else:
        more["rest"] = tuple({"id": p.id, "title": p.title, "primary": p.primary, "score": 1} for p in papers)
    more.setdefault("coverage", {name: Coverage(expected=1, read=1, state=state) for name in CATEGORIES})
    defaults = {"generator": "0", "judge": "offline", "model": None, "profile": "", "updated": end}
    return Day.model_validate({"date": day, "window": Window(start=start, end=end), **defaults, **more})


def ask(
    day: dt.date = THU,
    *,
    api: Sequence[Paper] | None = (),
    feed: RssFeed | None = None,
    newest: dt.date | None = None,
    seen: Iterable[str] = (),
    before: Iterable[dt.date] = (WED,),
    previous: Day | None = None,
    cross_lists: bool = False,
    lookback_days: int = 7,
) -> DayQuery:
    return DayQuery(
        day=day,
        newest=newest or day,
        categories=CATEGORIES,
        cross_lists=cross_lists,
        lookback_days=lookback_days,
        covered=dict.fromkeys(before, BOTH),
        seen=frozenset(seen),
        previous=previous,
        api=api,
        rss=feed,
    )


def ids(gathered: Gathered) -> list[str]:
    return [got.id for got in gathered.papers]


def brief(gathered: Gathered, category: str = "cs.AI") -> tuple[str, int | None, int, str | None]:
    part = gathered.coverage[category]
    return part.state, part.expected, part.read, part.source


# Which papers


def test_the_unseen_papers_of_the_own_window() -> None:
    """Neither those of other days, nor of other categories, nor of windows whose announcement was never read."""
    other = paper("4", "cs.RO", "cs.AI")
    unread = paper("5", day=TUE)
    question = ask(api=[B, A, C, other, unread, OLD], seen=[B.id, OLD.id], feed=rss(A, C))
    assert ids(decide(question)) == [A.id, C.id]


def test_a_late_paper_lands_on_the_open_announcement() -> None:
    """Its own announcement has a record already; the look-back reaches it."""
    late = paper("91", day=WED)
    assert ids(decide(ask(api=[A, late], feed=rss(A)))) == [A.id, late.id]


def test_a_late_paper_beyond_the_look_back_stays_away() -> None:
    """Unless the RSS says that it is new today."""
    late = paper("91", day=MON)
    assert ids(decide(ask(api=[A, late], feed=rss(A), before=[MON, WED], lookback_days=1))) == [A.id]
    assert ids(decide(ask(api=[A, late], feed=rss(A, late), before=[MON, WED], lookback_days=1))) == [A.id, late.id]


def test_a_category_that_an_earlier_run_did_not_read_is_not_late() -> None:
    """A category that is new in config.toml, or still to be read on its own day, does not flood the next day."""
    late, other = paper("91", day=WED), paper("92", "cs.CL", day=WED)
    question = ask(api=[A, late, other], feed=rss(A))._replace(covered={WED: frozenset(["cs.AI"])})
    assert ids(decide(question)) == [A.id, late.id]


def test_cross_lists_on_wish() -> None:
    """A paper whose primary category is another one comes only where cross-lists are wanted."""
    cross = paper("4", "cs.RO", "cs.AI")
    assert ids(decide(ask(api=[A, cross], feed=rss(A)))) == [A.id]
    assert ids(decide(ask(api=[A, cross], feed=rss(A), cross_lists=True))) == [A.id, cross.id]


@pytest.mark.parametrize("kind", ["cross", "replace", "replace-cross"])
def test_only_what_is_new_in_the_feed_counts(kind: AnnounceType) -> None:
    """A new version and a late cross-list are no new papers."""
    feed = RssFeed(THU, (*rss(A).items, *rss(paper("70"), kind=kind).items))
    question = ask(api=[A], feed=feed, cross_lists=True)
    assert missing_from_api(question) == []
    assert ids(decide(question)) == [A.id]


def test_the_papers_of_the_own_record_are_read_again() -> None:
    """They are asked for by id where the windows do not hold them, and stay papers of the day."""
    held = paper("60", day=dt.date(2025, 12, 1))
    question = ask(api=[A], feed=None, newest=FRI, previous=record(THU, A, held, unscored=True))
    assert missing_from_api(question) == [held.id]
    assert ids(decide(question._replace(api=(A, held)))) == [A.id, held.id]


def test_what_the_api_does_not_find_is_asked_for_by_id() -> None:
    """New in the RSS, not in the API's windows, not on another day."""
    question = ask(api=[A], feed=rss(A, B, OLD), seen=[OLD.id])
    assert missing_from_api(question) == [B.id]


def test_what_the_api_does_not_know_is_taken_from_the_rss() -> None:
    """No paper is lost; the day is not finished before the API has told its facts."""
    gathered = decide(ask(api=[A], feed=rss(A, B)))
    assert [got.title for got in gathered.papers] == ["by the API", "by the RSS"]
    assert gathered.facts == "rss"
    assert brief(gathered) == ("complete", 2, 2, "rss")
    assert B.id in gathered.notes[0]


def test_the_apis_facts_replace_those_of_the_rss() -> None:
    """A later run finds the paper in the API: the day's facts are the API's."""
    previous = record(THU, A, B, facts="rss")
    assert decide(ask(api=[A, B], newest=FRI, previous=previous)).facts == "api"


def test_facts_stay_the_rss_s_as_long_as_the_api_does_not_know_a_paper() -> None:
    """The day stays open."""
    previous = record(THU, A, B, facts="rss")
    assert decide(ask(api=[A], newest=FRI, previous=previous)).facts == "rss"


# How much was read


COMPLETE_BY_RSS = ("complete", 1, 1, "rss")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        pytest.param(ask(api=[A, C], feed=rss(A, C)), COMPLETE_BY_RSS, id="both channels agree"),
        pytest.param(ask(api=[C], feed=rss(C)), ("complete", 0, 0, "rss"), id="nothing new, the feed is fresh"),
        pytest.param(ask(api=[A, C], feed=rss(C)), ("complete", 1, 1, "api"), id="the feed lacks the category"),
        pytest.param(ask(api=[A, B], feed=None), ("complete", 2, 2, "api"), id="no feed"),
        pytest.param(ask(api=[A], feed=rss(OLD, C), seen=[OLD.id]), ("complete", 1, 1, "api"), id="stale, api has it"),
        pytest.param(ask(api=[C], feed=rss(OLD, C), seen=[OLD.id]), ("stale", 0, 0, "api"), id="stale, api has none"),
        pytest.param(ask(api=[A], feed=rss(OLD, built=WED)), ("complete", 1, 1, "api"), id="feed of yesterday"),
        pytest.param(ask(api=[C], feed=rss(OLD, built=WED)), ("stale", 0, 0, "api"), id="feed of yesterday, api none"),
        pytest.param(ask(api=[], feed=rss(OLD, built=WED)), ("stale", 0, 0, "api"), id="feed of yesterday, no papers"),
        pytest.param(ask(api=[C], feed=None), ("stale", 0, 0, "api"), id="no feed, others have papers"),
        pytest.param(ask(api=[C], feed=rss()), ("stale", 0, 0, "api"), id="the feed is empty although api has papers"),
        pytest.param(ask(api=[C], feed=None, newest=FRI), ("complete", 0, 0, "api"), id="a newer one is out"),
        pytest.param(ask(FRI, api=[paper("7", "cs.CL", day=FRI)], feed=rss(built=SATURDAY)), ("complete", 0, 0, "api"),
                     id="the weekend has come"),
        pytest.param(ask(api=[], feed=None), ("failed", 0, 0, "api"), id="nothing from nobody"),
        pytest.param(ask(api=None, feed=rss(A, C)), COMPLETE_BY_RSS, id="api down"),
        pytest.param(ask(api=None, feed=rss(C)), ("complete", 0, 0, "rss"), id="api down, nothing new"),
        pytest.param(ask(api=None, feed=rss(OLD), seen=[OLD.id]), ("stale", None, 0, None), id="api down, stale"),
        pytest.param(ask(api=None, feed=rss(OLD, built=WED)), ("stale", None, 0, None), id="api down, yesterday's"),
        pytest.param(ask(api=None, feed=rss()), ("failed", None, 0, None), id="api down, empty feed"),
        pytest.param(ask(api=None, feed=None), ("failed", None, 0, None), id="both down"),
        pytest.param(ask(api=None, feed=rss(built=FRI), newest=FRI), ("failed", None, 0, None), id="api down, older"),
    ],
)  # fmt: skip
def test_the_state_of_a_category(question: DayQuery, expected: tuple[str, int | None, int, str | None]) -> None:
    """What cs.AI's line in the record says."""
    assert brief(decide(question)) == expected


def test_a_stale_feed_is_found_out_without_a_record_of_yesterday() -> None:
    """A first run: what the feed lists was submitted before the day's window opened."""
    question = ask(api=[A, C, OLD], feed=rss(OLD, C), before=[])
    assert ids(decide(question)) == [A.id, C.id]
    assert "cs.AI: the RSS still holds" in decide(question).notes[0]


def test_a_first_run_after_a_holiday_is_not_taken_for_stale() -> None:
    """The feed holds two windows then, and something of the day's own."""
    many = [paper(str(100 + number), day=WED) for number in range(8)]
    gathered = decide(ask(api=[A, C, *many], feed=rss(A, C, *many), before=[]))
    assert len(gathered.papers) == 10 and brief(gathered) == ("complete", 9, 9, "rss")


def test_a_stale_feed_may_hold_a_paper_that_was_missed() -> None:
    """One unseen paper among ten old ones does not make the feed fresh; the paper is kept."""
    old = [paper(str(100 + number), day=WED) for number in range(10)]
    missed = paper("99", day=dt.date(2025, 12, 1))
    gathered = decide(ask(api=[C, missed], feed=rss(C, missed, *old), seen=[got.id for got in old]))
    assert brief(gathered)[0] == "stale"
    assert ids(gathered) == [C.id, missed.id]


def test_the_number_that_the_rss_told_is_kept() -> None:
    """A later run, when the feed has moved on, still measures by it."""
    told = {name: Coverage(expected=2, read=2, state="complete", source="rss") for name in CATEGORIES}
    previous = record(THU, A, B, unscored=True, coverage=told)
    assert brief(decide(ask(api=[A, B, paper("5")], newest=FRI, previous=previous))) == ("complete", 2, 3, "rss")


def test_an_api_that_is_down_takes_nothing_back() -> None:
    """A category that was complete stays so; its papers stay counted although they cannot be read again."""
    told = {name: Coverage(expected=2, read=2, state="complete", source="api") for name in CATEGORIES}
    previous = record(THU, A, B, unscored=True, coverage=told)
    gathered = decide(ask(api=None, newest=FRI, previous=previous))
    assert gathered.papers == ()
    assert brief(gathered) == ("complete", 2, 2, "api")
    assert gathered.facts == "api"


# Holidays


@pytest.mark.parametrize(
    ("question", "announced"),
    [
        pytest.param(ask(api=[OLD], seen=[OLD.id], feed=rss()), False, id="both channels are empty"),
        pytest.param(ask(api=[], feed=None), True, id="no feed: a failure"),
        pytest.param(ask(api=None, feed=rss()), True, id="no api: a failure"),
        pytest.param(ask(api=[], feed=rss(paper("7", "cs.RO"))), True, id="the feed has something"),
        pytest.param(ask(api=[], feed=rss(built=WED)), True, id="the feed is of the day before"),
        pytest.param(ask(api=[A], feed=rss()), True, id="the api has something"),
        pytest.param(ask(FRI, api=[], feed=rss(built=SATURDAY)), False, id="seen from Saturday"),
        pytest.param(ask(api=[], feed=None, newest=FRI), False, id="long ago, no papers"),
        pytest.param(ask(api=[A], feed=None, newest=FRI), True, id="long ago, papers"),
        pytest.param(ask(api=[A, C], feed=rss(A, C, paper("8", day=FRI), built=FRI), newest=FRI), False,
                     id="its papers came with the next one"),
        pytest.param(ask(api=[A, C], feed=rss(A, C, built=FRI), newest=FRI), True, id="the next feed is stale"),
        pytest.param(ask(api=[A, C], feed=rss(A, paper("8", "cs.CL", day=FRI), built=FRI), newest=FRI), True,
                     id="the next feed is stale in one category"),
        pytest.param(ask(api=[A, C], feed=rss(A, C, paper("8", day=FRI), built=THU), newest=FRI), True,
                     id="the feed is not of the newest day"),
        pytest.param(ask(api=[], newest=FRI, previous=record(THU, A, unscored=True)), True, id="it has papers already"),
    ],
)  # fmt: skip
def test_a_holiday_is_told_by_both_channels(question: DayQuery, announced: bool) -> None:
    """No list of holidays: what arXiv sends decides, and a failure is never taken for one."""
    gathered = decide(question)
    assert gathered.announced is announced
    if not announced:
        assert gathered.papers == ()
        assert {part.state for part in gathered.coverage.values()} == {"no announcement"}


@pytest.mark.parametrize(
    ("day", "feed"),
    [(THU, rss(built=THU)), (THU, rss(OLD, built=THU)), (FRI, rss(built=SATURDAY + dt.timedelta(days=1)))],
)
def test_what_comes_in_the_evening_and_is_not_in_the_feed_waits(day: dt.date, feed: RssFeed) -> None:
    """It may be the next announcement's: neither read nor a holiday, unless the day was seen to be one."""
    question = ask(day, api=[paper("7", day=day), OLD], feed=feed, seen=[OLD.id])._replace(next_listed=True)
    gathered = decide(question)
    assert gathered.papers == () and gathered.announced
    known = question._replace(previous=record(day, state="no announcement"), rss=rss(built=day))
    assert not decide(known).announced
    assert ids(decide(question._replace(next_listed=False))) == ["2601.00007"]
    assert ids(decide(question._replace(rss=None))) == ["2601.00007"]
    assert ids(decide(question._replace(rss=rss(paper("7", day=day), built=day)))) == ["2601.00007"]


def test_an_api_without_any_paper_is_out_of_order() -> None:
    """Last week's papers are on record, and it does not find them: a failure, not a holiday."""
    seen = [f"2601.{number:05}" for number in range(50)]
    gathered = decide(ask(api=[], newest=FRI, seen=seen))
    assert gathered.announced and brief(gathered)[0] == "failed"
    assert "does not find papers that are known" in gathered.notes[0]


def test_the_papers_of_a_holiday_come_with_the_next_announcement() -> None:
    """Its window counts as read."""
    holiday = record(WED, state="no announcement")
    question = ask(api=[A, OLD], feed=rss(A, OLD))._replace(covered=covered([holiday], MON))
    assert ids(decide(question)) == [A.id, OLD.id]


# Which days, which windows


@pytest.mark.parametrize(
    ("now", "records", "days"),
    [
        ("2026-01-09T06:00Z", [], [FRI]),
        ("2026-01-10T06:00Z", [], [FRI]),
        ("2026-01-09T06:00Z", [record(FRI, A)], []),
        ("2026-01-09T06:00Z", [record(FRI, A, sample=True)], [FRI]),
        ("2026-01-09T06:00Z", [record(WED, A)], [THU, FRI]),
        ("2026-01-09T06:00Z", [record(TUE, A), record(THU, A)], [WED, FRI]),
        ("2026-01-09T06:00Z", [record(WED, A, unscored=True), record(FRI, A)], [WED, THU]),
        ("2026-01-09T06:00Z", [record(WED, A, state="failed"), record(FRI, A, facts="rss")], [WED, THU, FRI]),
        ("2026-01-09T06:00Z", [record(THU, A), record(FRI, state="no announcement")], [FRI]),
        ("2026-01-12T06:00Z", [record(THU, A), record(FRI, state="no announcement")], [FRI, NEXT_MON]),
        ("2026-01-09T06:00Z", [record(THU, A, imported=True)], [FRI]),
        ("2026-01-09T06:00Z", [record(TUE, A), record(WED, A, imported=True)], [THU, FRI]),
        ("2026-01-12T06:00Z", [record(MON, A)], [TUE, WED, THU, FRI, NEXT_MON]),
        ("2026-01-15T06:00Z", [record(MON, A)], [THU, FRI, NEXT_MON, dt.date(2026, 1, 13), dt.date(2026, 1, 14),
                                                dt.date(2026, 1, 15)]),
    ],
)  # fmt: skip
def test_the_days_that_a_run_looks_at(now: str, records: list[Day], days: list[dt.date]) -> None:
    """The gaps and what is incomplete, oldest first; before the first record there is no gap."""
    moment = dt.datetime.fromisoformat(now)
    assert days_to_do(moment, {kept.date: kept for kept in records}, 7) == days


def test_the_first_day_may_lie_outside_of_the_window() -> None:
    """An old site that missed a week catches up on the whole window."""
    moment = dt.datetime.fromisoformat("2026-01-09T06:00Z")
    assert days_to_do(moment, {}, 3, first=dt.date(2025, 1, 1)) == [TUE, WED, THU, FRI]


@pytest.mark.parametrize(
    ("recorded", "lookback_days", "days"),
    [
        ([], 7, [THU]),
        ([WED], 7, [WED, THU]),
        ([WED, TUE, MON], 0, [THU]),
        ([WED, TUE, MON], 1, [WED, THU]),
        ([WED, TUE, MON], 2, [TUE, WED, THU]),
        ([MON, THU, FRI], 7, [MON, THU]),
        ([dt.date(2025, 12, 1)], 60, [dt.date(2025, 12, 1), THU]),
    ],
)
def test_the_windows_that_are_read(recorded: list[dt.date], lookback_days: int, days: list[dt.date]) -> None:
    """The own one and, as far as the look-back reaches, those whose announcement has a record."""
    assert [window.day for window in windows_to_read(THU, recorded, lookback_days)] == days


def test_windows_that_touch_are_asked_for_at_once() -> None:
    """A gap makes a second question."""
    joined = spans(announcement(day) for day in (MON, WED, THU))
    assert joined == [
        (announcement(MON).start, announcement(MON).end),
        (announcement(WED).start, announcement(THU).end),
    ]


def test_what_counts_as_read() -> None:
    """Real records' finished categories, and unfinished ones to which no run comes back."""
    mixed = {
        "cs.AI": Coverage(expected=1, read=1, state="complete"),
        "cs.CL": Coverage(expected=None, read=0, state="failed"),
    }
    records = [
        record(MON, coverage=mixed),
        record(TUE, A, sample=True),
        record(WED, A, imported=True),
        record(THU, coverage=mixed),
    ]
    assert covered(records, TUE) == {MON: BOTH, THU: frozenset(["cs.AI"])}


# All of it together


class World:
    """An arXiv of random troubles, and a site that follows it by `decide` alone."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.days = list(announcement_days(dt.date(2026, 1, 5), dt.date(2026, 3, 27)))
        self.holidays = set(self.chance.sample(self.days[5:-5], 4))
        self.records: dict[dt.date, Day] = {}
        self.papers: list[tuple[Paper, dt.date]] = []  # with the day that announces it
        number = 0
        for day in self.days:
            for _ in range(self.chance.randint(20, 30)):
                number += 1
                out = day
                for _ in range(self.chance.choice([0] * 40 + [1, 4])):
                    out = next_announcement_day(out)
                while out in self.holidays:
                    out = next_announcement_day(out)
                self.papers.append((paper(str(number), self.chance.choice(CATEGORIES), day=day), out))

    def feed(self, today: dt.date) -> RssFeed | None:
        """Today's RSS: sometimes unreadable, sometimes stale in one category."""
        if self.chance.random() < 0.05:
            return None
        stale = self.chance.choice([None] * 15 + list(CATEGORIES))
        before = max((out for _, out in self.papers if out < today), default=today)
        listed = [made for made, out in self.papers if out == (before if made.primary == stale else today)]
        return rss(*listed, built=today)

    def tick(self, today: dt.date) -> None:
        """One run: every day that is to be done."""
        feed, down = self.feed(today), self.chance.random() < 0.1
        now = dt.datetime.combine(today, dt.time(6), dt.UTC)
        for day in days_to_do(now, self.records, 7):
            others = [kept for kept in self.records.values() if kept.date != day]
            out = [made for made, announced in self.papers if announced <= today]
            cover = covered(others, today - dt.timedelta(days=7))
            windows = windows_to_read(day, cover, 7)
            question = DayQuery(
                day=day,
                newest=today,
                categories=CATEGORIES,
                cross_lists=False,
                lookback_days=7,
                covered=cover,
                seen=frozenset().union(*(other.ids for other in others)),
                previous=self.records.get(day),
                api=None if down else [p for p in out if any(w.start <= _time(p) < w.end for w in windows)],
                rss=feed,
            )
            if question.api is not None:
                missing = set(missing_from_api(question))
                question = question._replace(api=[*question.api, *(made for made in out if made.id in missing)])
            self.keep(day, question)

    def keep(self, day: dt.date, question: DayQuery) -> None:
        gathered = decide(question)
        rows = {made.id: made for made in gathered.papers}
        if question.previous:
            known = {made.id: made for made, _ in self.papers}
            rows |= {paper_id: known[paper_id] for paper_id in question.previous.ids}
        self.records[day] = record(day, *rows.values(), coverage=gathered.coverage, facts=gathered.facts)


def _time(made: Paper) -> dt.datetime:
    assert made.submitted is not None
    return made.submitted


@pytest.mark.parametrize("seed", range(6))
def test_every_paper_exactly_once_through_all_troubles(seed: int) -> None:
    """Three months of holidays, held papers, dropped ticks, outages and stale feeds: nothing lost, nothing twice.

    No paper is filed under an earlier day than its window's, no announcement passes for a holiday, no finished day is
    empty.
    """
    world = World(seed)
    for today in world.days:
        if world.chance.random() < 0.9 or today == world.days[0]:
            world.tick(today)
    world.tick(world.days[-1])
    filed = [paper_id for kept in world.records.values() for paper_id in kept.ids]
    assert len(filed) == len(set(filed))
    due = {made.id for made, out in world.papers if out <= world.days[-3]}
    assert due <= set(filed)
    windows = {made.id: announcement_of(_time(made)) for made, _ in world.papers}
    assert all(day >= windows[paper_id] for day, kept in world.records.items() for paper_id in kept.ids)
    assert all(kept.announced for day, kept in world.records.items() if day not in world.holidays)
    assert all(kept.announced or not kept.ids for kept in world.records.values())
    assert all(kept.ids or not kept.announced or not kept.complete for kept in world.records.values())
