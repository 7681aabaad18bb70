"""Options that several commands share: which announcements they name, and what is said of those that are none."""

import argparse
import datetime as dt

import pytest

from generator.commands.options import FIRST_PAPERS, chosen_days
from generator.core.errors import ConfigError

NOW = dt.datetime(2026, 1, 9, 6, tzinfo=dt.UTC)
MONDAY, WEDNESDAY, SUNDAY = dt.date(2026, 1, 5), dt.date(2026, 1, 7), dt.date(2026, 1, 4)


def options(date: dt.date | None = None, **ends: dt.date) -> argparse.Namespace:
    return argparse.Namespace(**{"date": date, "since": None, "until": None, **ends})


def test_the_days_of_a_range_are_its_announcements() -> None:
    """Both ends with it, and no weekend; one date is a range of one day; no option names no day."""
    assert chosen_days(options(since=SUNDAY, until=WEDNESDAY), NOW) == [
        MONDAY + dt.timedelta(days=day) for day in range(3)
    ]
    assert chosen_days(options(date=MONDAY), NOW) == chosen_days(options(since=MONDAY, until=MONDAY), NOW) == [MONDAY]
    assert chosen_days(options(), NOW) is None
    first = dt.date(1991, 8, 14)
    assert chosen_days(options(since=first, until=first), NOW) == [first] == [FIRST_PAPERS]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (options(date=MONDAY, since=MONDAY), "cannot be combined"),
        (options(date=MONDAY, until=WEDNESDAY), "cannot be combined"),
        (options(since=MONDAY), "go together"),
        (options(until=MONDAY), "go together"),
        (options(since=WEDNESDAY, until=MONDAY), "is after --until 2026-01-05"),
        (options(date=FIRST_PAPERS - dt.timedelta(days=1)), "before arXiv's first papers"),
        (options(since=MONDAY, until=dt.date(9999, 12, 31)), "2026-01-12 has not been announced yet"),
        (options(date=SUNDAY), "2026-01-04 is a Sunday"),
        (options(since=SUNDAY - dt.timedelta(days=1), until=SUNDAY), "holds no weekday"),
    ],
)
def test_dates_that_name_no_announcement_are_refused(given: argparse.Namespace, told: str) -> None:
    """With a sentence that says which dates to give."""
    with pytest.raises(ConfigError, match=told):
        chosen_days(given, NOW)
