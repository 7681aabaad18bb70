"""The papers of one announcement: arXiv's API and RSS are asked here, what they mean is decided in announcement.py."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from generator.core.calendar import (
    Announcement,
    announcement,
    announcement_days,
    is_next_listed,
    newest_announcement_day,
)
from generator.core.errors import SourceError
from generator.core.model import Day, Paper
from generator.settings.config import Arxiv
from generator.sources.announcement import (
    DayQuery,
    Gathered,
    covered,
    decide,
    missing_from_api,
    spans,
    windows_to_read,
)
from generator.sources.api import ApiAnswer, ArxivClient
from generator.sources.http import Wire
from generator.sources.rss import RssFeed, read_feed

LOOKED_AHEAD = 5  # announcements after a day without papers: theirs show that the API does not stand still
LONG_AGO = dt.timedelta(days=14)  # no API stands still for so long
LONGEST_WINDOW_DAYS = 7  # from the start of a submission window to its announcement, holidays counted in


class OtherDays(NamedTuple):
    """What is known of other days: all their dates, and how to read one."""

    dates: tuple[dt.date, ...]
    read: Callable[[dt.date], Day | None]


class Api(NamedTuple):
    """What the API gave for one day; `papers` is None if it could not be read."""

    papers: tuple[Paper, ...] | None
    damaged: tuple[str, ...] = ()


class _Windows:
    """The submission windows that were read in this run: none is asked for twice."""

    def __init__(self, client: ArxivClient, categories: Sequence[str]) -> None:
        self._client = client
        self._categories = categories
        self._answers: dict[dt.date, ApiAnswer] = {}

    def read(self, windows: Sequence[Announcement]) -> list[ApiAnswer]:
        """What the API gives for each of WINDOWS. Raises SourceError; what was read until then is kept."""
        for start, end in spans([window for window in windows if window.day not in self._answers]):
            answer = self._client.papers_in_window(self._categories, start, end)
            for window in windows:
                if start <= window.start and window.end <= end:
                    inside = (
                        paper
                        for paper in answer.papers
                        if paper.submitted is not None and window.start <= paper.submitted < window.end
                    )
                    self._answers[window.day] = ApiAnswer(tuple(inside), answer.damaged)
        return [self._answers[window.day] for window in windows]

    def evict(self, before: dt.date) -> None:
        self._answers = {day: answer for day, answer in self._answers.items() if day >= before}


class ArxivSource:
    """arXiv during one run: one connection, the RSS read once."""

    def __init__(self, settings: Arxiv, agent: str, now: dt.datetime, warn: Callable[[str], None]) -> None:
        self._settings = settings
        self._newest = newest_announcement_day(now)
        self._next_listed = is_next_listed(now)
        self._open_since = self._newest - dt.timedelta(days=settings.catchup_days)
        self._wire = Wire(settings, agent)
        self._client = ArxivClient(settings, self._wire)
        self._warn = warn
        self._rss: RssFeed | None = None
        self._rss_asked = False
        self._windows = _Windows(self._client, settings.categories)

    def gather(
        self, day: dt.date, previous: Day | None, archive: OtherDays, claimed: Set[str] = frozenset()
    ) -> Gathered:
        """The papers of announcement DAY, of which PREVIOUS is the record so far; failures go to `warn`.

        CLAIMED: papers that older days have taken and no record holds yet.
        """
        others = self._others(day, archive)
        cover = covered(others.values(), self._open_since)
        api = self._read_windows(day, cover)
        question = DayQuery(
            day=day,
            newest=self._newest,
            categories=self._settings.categories,
            cross_lists=self._settings.cross_lists,
            lookback_days=self._settings.lookback_days,
            covered=cover,
            seen=frozenset(claimed).union(*(record.ids for record in others.values())),
            previous=previous,
            api=api.papers,
            rss=self._read_rss(),
            damaged=api.damaged,
            next_listed=self._next_listed,
            later=self._has_later(day, api),
            holidays=frozenset(date for date, record in others.items() if not record.announced),
        )
        return decide(self._complete(question))

    def evict(self, before: dt.date) -> None:
        """Let go of the papers of announcements BEFORE a date."""
        self._windows.evict(before)

    def by_id(self, ids: Iterable[str]) -> tuple[Paper, ...]:
        """The papers with IDS as the API has them now; none, and a warning, if arXiv cannot be read."""
        try:
            return self._client.papers_by_id(sorted(ids)).papers
        except SourceError as error:
            self._warn(f"papers by id: {error}")
            return ()

    def _others(self, day: dt.date, archive: OtherDays) -> Mapping[dt.date, Day]:
        """The records that may hold a paper of the windows read for DAY: none from before the oldest of them."""
        oldest = day - dt.timedelta(days=self._settings.lookback_days + LONGEST_WINDOW_DAYS)
        near = (date for date in archive.dates if date >= oldest and date != day)
        found = {date: archive.read(date) for date in near}
        return {date: record for date, record in found.items() if record and (record.is_real or record.imported)}

    def _read_windows(self, day: dt.date, cover: Mapping[dt.date, frozenset[str]]) -> Api:
        """The papers of the windows that DAY needs; one that was read for an earlier day is not asked for again."""
        needed = windows_to_read(day, cover, self._settings.lookback_days)
        try:
            read = self._windows.read(needed)
        except SourceError as error:
            self._warn(f"{day}: {error}")
            return Api(None)
        papers = tuple(paper for answer in read for paper in answer.papers)
        return Api(papers, tuple(dict.fromkeys(note for answer in read for note in answer.damaged)))

    def _has_later(self, day: dt.date, api: Api) -> bool:
        """Whether the API has papers that were submitted after DAY's window; asked only where it has none of that."""
        own = announcement(day)
        found = any(paper.submitted and own.start <= paper.submitted < own.end for paper in api.papers or ())
        if found or api.papers is None or day == self._newest or self._newest - day > LONG_AGO:
            return True
        after = list(announcement_days(day + dt.timedelta(days=1), self._newest))[:LOOKED_AHEAD]
        windows = [announcement(date) for date in after]
        try:
            return any(answer.papers for answer in self._windows.read(windows))
        except SourceError as error:
            self._warn(f"{day}: {error}")
            return False

    def _read_rss(self) -> RssFeed | None:
        if not self._rss_asked:
            self._rss_asked = True
            try:
                self._rss = read_feed(self._wire, self._settings.rss_url, self._settings.categories)
            except SourceError as error:
                self._warn(f"RSS: {error}")
        return self._rss

    def _complete(self, question: DayQuery) -> DayQuery:
        """QUESTION with the papers that the API gives by id only."""
        missing = missing_from_api(question) if question.api is not None else []
        if not missing:
            return question
        try:
            found = self._client.papers_by_id(missing)
        except SourceError as error:
            self._warn(f"{question.day}: {error}")
            return question
        return question._replace(
            api=(*(question.api or ()), *found.papers),
            damaged=(*question.damaged, *found.damaged),
            unservable=found.unservable,
        )
