"""A source that stands still for days is no holiday: every paper ends on its day, whatever the channels show."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from fakes.arxiv import FakeArxiv, fake_paper, papers_of_day
from support.simulation import CONFIG

from generator.cli import main
from generator.core.model import Day
from generator.records.store import store_of

MON, TUE, WED, THU, FRI = (dt.date(2026, 1, day) for day in range(12, 17))
DAYS = (MON, TUE, WED, THU, FRI)
How = Literal["dated", "empty", "lives"]
CATEGORIES = ("cs.AI", "cs.CV", "cs.LG")


class Site:
    def __init__(self, root: Path, arxiv: FakeArxiv, patch: pytest.MonkeyPatch) -> None:
        self.root, self.arxiv, self._patch = root, arxiv, patch

    def run(self, day: dt.date, hour: int = 12, *more: str) -> int:
        moment = f"{day}T{hour:02}:00:00Z"
        self.arxiv.move_to(moment)
        self._patch.setenv("ARXIV_DAILY_NOW", moment)
        return main(["run", "--root", str(self.root), "--judge", "offline", *more])

    def day(self, date: dt.date) -> Day:
        record = store_of(self.root).read(date)
        assert record is not None, date
        return record

    def stand_still(self, since: dt.date, how: How) -> None:
        self.arxiv.frozen = dt.datetime.combine(since, dt.time(12), dt.UTC)
        self.arxiv.frozen_rss = how


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    (tmp_path / "config.toml").write_text(CONFIG)
    papers = [
        paper for n, day in enumerate(DAYS) for paper in papers_of_day(str(day), *CATEGORIES, each=4, first=20 * n + 1)
    ]
    with FakeArxiv(papers) as arxiv:
        for name, value in arxiv.env().items():
            monkeypatch.setenv(name, value)
        yield Site(tmp_path, arxiv, monkeypatch)


@pytest.mark.parametrize("how", ["dated", "empty", "lives"])
@pytest.mark.parametrize("until", [TUE, THU])
def test_what_stood_still_is_done_in_its_place(
    site: Site, how: Literal["dated", "empty", "lives"], until: dt.date
) -> None:
    """One day and three days: each is a gap or looks like a holiday; then it is complete."""
    site.run(MON)
    site.stand_still(MON, how)
    for day in DAYS[1 : DAYS.index(until) + 1]:
        site.run(day)
    site.arxiv.frozen = None
    site.run(DAYS[DAYS.index(until) + 1])
    for number, day in enumerate(DAYS[: DAYS.index(until) + 2]):
        record = site.day(day)
        assert record.announced and record.complete, day
        assert record.ids == {f"2601.{20 * number + n:05}" for n in range(1, 13)}, day
    assert site.run(DAYS[DAYS.index(until) + 1], 15) == 0, "and nothing is left to do"


def test_a_holiday_stays_one(site: Site) -> None:
    """Its papers come with the next announcement, whose feed lists them; runs after it change nothing."""
    site.arxiv.holidays = {TUE}
    for day in (MON, TUE, WED, THU):
        assert site.run(day) == 0
    assert not site.day(TUE).announced and len(site.day(WED).ids) == 24 and len(site.day(THU).ids) == 12
    assert site.run(FRI, 12, "--date", str(TUE)) == 0 and not site.day(TUE).announced


def test_a_late_paper_makes_no_announcement_of_a_holiday(site: Site) -> None:
    """A paper that moderation held back over a holiday comes on the day that is open."""
    site.arxiv.holidays = {TUE}
    site.arxiv.papers.append(fake_paper("2601.00099", str(TUE), "cs.AI", days_late=2))
    for day in (MON, TUE, WED, THU):
        site.run(day)
    assert not site.day(TUE).announced and "2601.00099" in site.day(THU).ids


def test_a_holiday_is_revised_by_date(site: Site) -> None:
    """Whoever asks for the day has its papers put there, where no other day reaches back to them any more."""
    site.run(MON)
    site.stand_still(MON, "empty")
    site.run(TUE)
    assert not site.day(TUE).announced
    site.arxiv.frozen = None
    site.run(dt.date(2026, 2, 6), 12, "--date", str(TUE))
    assert site.day(TUE).announced and len(site.day(TUE).ids) == 12
