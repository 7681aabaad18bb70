"""The records that a run reads and writes: each read once, and let go of when no later day needs it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from generator.core.errors import RecordError
from generator.core.model import Day
from generator.judges.judged import JudgeName
from generator.records.related import RELATED_WINDOW_DAYS, Earlier, earlier_picks, in_window, new_picks, relate
from generator.records.store import store_of
from generator.records.summaries import summaries_of
from generator.run.record_day import begun, lost_papers
from generator.settings.config import Config

MONTH_DAYS = 30
"""Days whose audited papers tell what the prefilter misses."""


class OpenRecords:
    """The archive in ROOT, as one run of JUDGE sees it. WARN: told of what is wrong with a record, each thing once."""

    def __init__(self, root: Path, config: Config, judge: JudgeName, warn: Callable[[str], None]) -> None:
        self.store = store_of(root)
        self.summaries = {summary.date: summary for summary in summaries_of(root)}
        self._config, self._judge, self._warn = config, judge, warn
        self._records: dict[dt.date, Day | None] = {}
        self._earlier: dict[dt.date, list[Earlier]] = {}

    def read(self, day: dt.date) -> Day | None:
        if day not in self._records:
            self._records[day] = self.store.read(day)
        return self._records[day]

    def checked(self, day: dt.date) -> Day | None:
        """The record of DAY, by which papers count as seen; a warning where it lacks some that were read."""
        record = self.read(day)
        if record and record.is_real and (lost := lost_papers(record)):
            self._warn(
                f"{day}: {self.store.path(day)} lacks {lost} of the papers that its coverage says were read, as if it"
                " had been edited by hand; a paper that is in no record counts as unread and may come again with a"
                " later announcement: restore the file from git"
            )
        return record

    def real(self, day: dt.date) -> Day | None:
        """The record of DAY, unless it is of the sample or of a predecessor."""
        record = self.read(day)
        return record if record and record.is_real else None

    def begun(self, day: dt.date) -> Day | None:
        """What DAY goes on from: its real record, or an imported one, whose verdicts a model completes."""
        record = self.read(day)
        if record and record.imported and self._judge == "llm":
            return begun(record, self._config.arxiv.categories)
        return self.real(day)

    def has_api_facts(self, day: dt.date) -> bool:
        """Whether DAY has a record whose papers arXiv's API has all told of."""
        record = self.real(day)
        return record is not None and record.facts == "api"

    def month_before(self, day: dt.date) -> Iterator[Day]:
        """The real days of the month before DAY."""
        near = (date for date in self.store.dates() if 0 < (day - date).days <= MONTH_DAYS)
        return (record for date in near if (record := self.real(date)))

    def with_related(self, record: Day, abstracts: Mapping[str, str], previous: Day | None) -> Day:
        """RECORD with the relatives of its new picks."""
        if not new_picks(record, previous):
            return record
        dates = in_window(self.store.dates(), record.date)
        return relate(record, abstracts, [pick for date in dates for pick in self._picks(date)], previous)

    def _picks(self, date: dt.date) -> list[Earlier]:
        """The picks of DATE with their abstracts: a whole quarter of them is looked at for each new day."""
        if date not in self._earlier:
            day = self.read(date)
            self._earlier[date] = earlier_picks([(day, self._abstracts(date))]) if day is not None else []
        return self._earlier[date]

    def _abstracts(self, day: dt.date) -> dict[str, str]:
        """The abstracts of DAY's picks; a damaged file spoils no other day."""
        try:
            return self.store.abstracts(day)
        except RecordError as error:
            self._warn(str(error))
            return {}

    def keep(self, record: Day, abstracts: Mapping[str, str]) -> None:
        """Write RECORD; the first real day clears the sample days away."""
        before = self.read(record.date)
        kept = self.store.abstracts(record.date) if before and not before.sample else {}
        for summary in [known for known in self.summaries.values() if known.sample and not record.sample]:
            self.store.remove(summary.date)
            del self.summaries[summary.date]
        self.store.write(record, {**kept, **abstracts})
        self._records[record.date] = self.store.read(record.date)
        self._earlier.pop(record.date, None)

    def evict(self, before: dt.date, day: dt.date) -> None:
        """Let go of records BEFORE a date, and of what no day after DAY needs."""
        month = min(before, day - dt.timedelta(days=MONTH_DAYS))
        self._records = {date: record for date, record in self._records.items() if date >= month}
        related = day - dt.timedelta(days=RELATED_WINDOW_DAYS)
        self._earlier = {date: picks for date, picks in self._earlier.items() if date >= related}
