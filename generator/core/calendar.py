"""arXiv's calendar: which submissions an announcement holds, and which announcements are out.

Source: arXiv's availability schedule (info.arxiv.org/help/availability), in the time of New York. Holidays are not
here: they are recognised from what arXiv sends, never from a list.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
DEADLINE = dt.time(14)  # submissions up to 14:00 come with the next announcement
LISTED = dt.time(20)  # on the evening before its date an announcement is in the listings and in the API
MONDAY, TUESDAY, SATURDAY = 0, 1, 5


class Announcement(NamedTuple):
    """One announcement: its date on arXiv's listing pages and its submission window [start, end) in UTC."""

    day: dt.date
    start: dt.datetime
    end: dt.datetime


def is_announcement_day(day: dt.date) -> bool:
    """Whether arXiv's weekly schedule has an announcement dated DAY (Monday to Friday)."""
    return day.weekday() < SATURDAY


def announcement(day: dt.date) -> Announcement:
    """The announcement dated DAY.

    Raises ValueError at a weekend. The window is 24 hours, over a weekend 72, and an hour more or less over a change
    of summer time.
    """
    if not is_announcement_day(day):
        raise ValueError(f"{day} is a {day:%A}: arXiv announces nothing")
    days_before = {MONDAY: (4, 3), TUESDAY: (4, 1)}.get(day.weekday(), (2, 1))
    start, end = (
        dt.datetime.combine(day - dt.timedelta(days=back), DEADLINE, NEW_YORK).astimezone(dt.UTC)
        for back in days_before
    )
    return Announcement(day, start, end)


def announcement_days(since: dt.date, until: dt.date) -> Iterator[dt.date]:
    """The dates of the weekly schedule from SINCE to UNTIL, both included, oldest first."""
    for number in range((until - since).days + 1):
        day = since + dt.timedelta(days=number)
        if is_announcement_day(day):
            yield day


def stretches(days: Iterable[dt.date]) -> list[tuple[dt.date, dt.date]]:
    """First and last of each stretch of DAYS, oldest first, within which the weekly schedule has no other date."""
    joined: list[tuple[dt.date, dt.date]] = []
    for day in days:
        if joined and next_announcement_day(joined[-1][1]) == day:
            joined[-1] = (joined[-1][0], day)
        else:
            joined.append((day, day))
    return joined


def newest_announcement_day(now: dt.datetime) -> dt.date:
    """The newest date whose announcement is out at NOW.

    An announcement counts from midnight in New York on its date, when the RSS feeds turn over: before that the
    second channel could not confirm it, although the listings appear at 20:00 on the evening before.
    """
    day = now.astimezone(NEW_YORK).date()
    while not is_announcement_day(day):
        day -= dt.timedelta(days=1)
    return day


def is_next_listed(now: dt.datetime) -> bool:
    """Whether at NOW the API has the announcement of tomorrow, which `newest_announcement_day` does not count yet."""
    local = now.astimezone(NEW_YORK)
    return local.time() >= LISTED and is_announcement_day(local.date() + dt.timedelta(days=1))


def next_announcement_day(day: dt.date) -> dt.date:
    """The next date of the weekly schedule after DAY."""
    day += dt.timedelta(days=1)
    while not is_announcement_day(day):
        day += dt.timedelta(days=1)
    return day


def announcement_of(submitted: dt.datetime) -> dt.date:
    """The announcement whose submission window holds the moment SUBMITTED."""
    local = submitted.astimezone(NEW_YORK)
    day = local.date() + dt.timedelta(days=1 if local.time() < DEADLINE else 2)
    while not (is_announcement_day(day) and announcement(day).end > submitted):
        day += dt.timedelta(days=1)
    return day
