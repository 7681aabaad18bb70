"""arXiv's calendar, against the schedule that arXiv publishes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.calendar import (
    announcement,
    announcement_days,
    announcement_of,
    is_announcement_day,
    is_next_listed,
    newest_announcement_day,
    next_announcement_day,
    stretches,
)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("date", "start", "end"),
    [
        ("2026-01-06", "2026-01-02T19:00", "2026-01-05T19:00"),  # Tuesday: Friday to Monday
        ("2026-01-07", "2026-01-05T19:00", "2026-01-06T19:00"),
        ("2026-01-08", "2026-01-06T19:00", "2026-01-07T19:00"),
        ("2026-01-09", "2026-01-07T19:00", "2026-01-08T19:00"),
        ("2026-01-12", "2026-01-08T19:00", "2026-01-09T19:00"),  # Monday: Thursday to Friday
        ("2026-03-10", "2026-03-06T19:00", "2026-03-09T18:00"),  # 71 hours: summer time begins
        ("2025-11-04", "2025-10-31T18:00", "2025-11-03T19:00"),  # 73 hours: it ends
    ],
)
def test_the_submission_window(date: str, start: str, end: str) -> None:
    """From 14:00 to 14:00 in New York, by the weekly schedule."""
    assert announcement(day(date)) == (day(date), utc(start), utc(end))


@pytest.mark.parametrize("date", ["2026-01-10", "2026-01-11"])
def test_no_announcement_at_the_weekend(date: str) -> None:
    """Asking for one is a mistake of the caller."""
    assert not is_announcement_day(day(date))
    with pytest.raises(ValueError, match="announces nothing"):
        announcement(day(date))


def test_the_days_of_a_span() -> None:
    """Both ends included, weekends left out, nothing for a span that ends before it begins."""
    days = list(announcement_days(day("2026-01-08"), day("2026-01-13")))
    assert [window.day for window in days] == [8, 9, 12, 13]
    assert list(announcement_days(day("2026-01-08"), day("2026-01-07"))) == []


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-01-08T04:59", "2026-01-07"),
        ("2026-01-08T05:00", "2026-01-08"),  # midnight in New York, winter
        ("2026-07-08T03:59", "2026-07-07"),
        ("2026-07-08T04:00", "2026-07-08"),  # midnight in New York, summer
        ("2026-01-10T12:00", "2026-01-09"),  # Saturday
        ("2026-01-12T04:59", "2026-01-09"),
    ],
)
def test_the_newest_announcement(now: str, newest: str) -> None:
    """An announcement is out from midnight in New York on its date."""
    assert newest_announcement_day(utc(now)) == day(newest)


@pytest.mark.parametrize(("before", "after"), [("2026-01-08", "2026-01-09"), ("2026-01-09", "2026-01-12")])
def test_the_next_announcement(before: str, after: str) -> None:
    """The next weekday."""
    assert next_announcement_day(day(before)) == day(after)


@pytest.mark.parametrize(
    ("now", "listed"),
    [
        ("2026-01-08T00:59", False),  # Wednesday, a minute before 20:00 in New York
        ("2026-01-08T01:00", True),
        ("2026-01-08T04:59", True),
        ("2026-01-08T05:00", False),  # midnight: that announcement is the newest one now
        ("2026-01-10T02:00", False),  # Friday evening: the next one is Monday's
        ("2026-01-12T02:00", True),  # Sunday evening
        ("2026-07-08T00:00", True),  # summer time
    ],
)
def test_the_next_announcement_is_listed_in_the_evening_before_its_day(now: str, listed: bool) -> None:
    assert is_next_listed(utc(now)) is listed


@given(st.integers(0, 30 * 366 * 24 * 60).map(lambda minutes: utc("2010-01-01T00:00") + dt.timedelta(minutes=minutes)))
def test_every_moment_lies_in_exactly_one_window(moment: dt.datetime) -> None:
    """No paper falls between two announcements, and none belongs to two."""
    found = announcement_of(moment)
    nearby = announcement_days(found - dt.timedelta(days=9), found + dt.timedelta(days=9))
    holding = [window.day for window in map(announcement, nearby) if window.start <= moment < window.end]
    assert holding == [found]


def test_days_are_joined_over_weekends_and_parted_by_a_date_that_is_left_out() -> None:
    """Friday and Monday are neighbours, Monday and Wednesday are not."""
    dates = [day(f"2026-01-{number:02}") for number in (8, 9, 12, 14, 16)]
    assert stretches(dates) == [(dates[0], dates[2]), (dates[3], dates[3]), (dates[4], dates[4])]
    assert stretches([]) == []
