"""Summaries: right, remembered by the digest of the record, and summed without guessing."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from support import archive

from generator.core.errors import RecordError
from generator.records.store import Store
from generator.records.summaries import dump_index, first_expected_day, given_up, indexes, summaries


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def test_a_summary_counts_what_the_record_holds(store: Store) -> None:
    """Read, picked, by field and by score; holes in the coverage make it incomplete."""
    (summary,) = archive.fill(store, [archive.day()])
    assert (summary.read, summary.picks, summary.unscored, summary.spared) == (10, 7, 1, 1)
    assert summary.fields == {"dl-theory": 2, "left-over-field": 1, "llm-frontier": 3, "no_field": 1}
    assert summary.scores == {3: 1, 7: 3, 8: 2, 9: 1, 10: 1}
    assert (summary.tokens, summary.cost, summary.complete, summary.announced, summary.month) == (
        1234,
        0.0123,
        False,
        True,
        "2026-01",
    )


def test_a_holiday_is_no_announcement(store: Store) -> None:
    """It has a record, so that nobody asks for it again, and is told apart."""
    (summary,) = archive.fill(store, [archive.holiday(archive.WEDNESDAY)])
    assert not summary.announced and summary.complete and summary.picks == 0


def test_an_unchanged_record_is_not_parsed_again(store: Store, tmp_path: Path) -> None:
    """What the index says of a record with the same digest is taken from it."""
    index = tmp_path / "index.json"
    known = archive.fill(store, [archive.day()])
    index.write_bytes(dump_index([known[0].model_copy(update={"picks": 77})]))
    assert summaries(store, index)[0].picks == 77


def test_a_changed_record_is_counted_again(store: Store, tmp_path: Path) -> None:
    """The digest in the index no longer fits."""
    index = tmp_path / "index.json"
    index.write_bytes(dump_index(archive.fill(store, [archive.day()])))
    store.write(archive.day(picks=archive.PICKS[:2]), {})
    assert summaries(store, index)[0].picks == 2


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"schema_version": 2, "days": []}', b'{"days": [{"date": 1}]}']
)
def test_a_damaged_index_is_made_anew(store: Store, tmp_path: Path, content: bytes) -> None:
    """It is made from the records, so nothing is lost with it."""
    index = tmp_path / "index.json"
    known = archive.fill(store, [archive.day()])
    index.write_bytes(content)
    assert summaries(store, index) == known


def test_a_damaged_record_is_an_error(store: Store, tmp_path: Path) -> None:
    """It is named, never left out."""
    archive.fill(store, [archive.day()])
    store.path(archive.WEDNESDAY).write_text("{}")
    with pytest.raises(RecordError, match=r"2026-01-14\.json"):
        summaries(store, tmp_path / "index.json")


def test_the_index_has_a_line_a_day_and_comes_back(store: Store, tmp_path: Path) -> None:
    """A new day is one more line of a diff; the same days are the same bytes."""
    days = [archive.day(archive.WEDNESDAY + dt.timedelta(days=number)) for number in (0, 1, 2)]
    found = archive.fill(store, days)
    content = dump_index(found)
    assert len(content.splitlines()) == 3 + len(days)
    assert [row["date"] for row in json.loads(content)["days"]] == [str(summary.date) for summary in found]
    (tmp_path / "index.json").write_bytes(content)
    assert dump_index(summaries(store, tmp_path / "index.json")) == content


def test_an_earlier_year_has_an_index_of_its_own(store: Store, tmp_path: Path) -> None:
    """A new day does not write it again; what it says is taken from it, and the newest index names it."""
    days = [archive.day(dt.date(year, *day)) for year in (2024, 2025, 2026) for day in ((1, 8), (2, 5))]
    found = archive.fill(store, days)
    files = indexes(found)
    assert list(files) == ["data/index.json", "data/index-2024.json", "data/index-2025.json"]
    assert json.loads(files["data/index.json"])["years"] == [2024, 2025]
    last = [json.loads(content)["days"][-1]["date"] for content in files.values()]
    assert last == ["2026-02-05", "2024-02-05", "2025-02-05"]
    more = indexes([*found, found[-1].model_copy(update={"date": dt.date(2026, 3, 5)})])
    assert {path for path, content in more.items() if files[path] != content} == {"data/index.json"}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content.replace(b'"picks": 7', b'"picks": 77'))
    assert [summary.picks for summary in summaries(store, tmp_path / "data" / "index.json")] == [77] * 6


def test_no_day_has_an_index_too() -> None:
    """It is there from the start, and empty."""
    assert json.loads(indexes([])["data/index.json"])["days"] == []


LATER = dt.datetime(2026, 1, 16, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("in_time", "backfilled", "first"),
    [
        ([], [], None),
        (["2026-01-15", "2026-01-16"], [], "2026-01-15"),
        (["2026-01-15"], ["2025-03-03", "2025-03-04"], "2026-01-15"),
        (["2026-01-15"], ["2025-03-03", "2025-11-03"], "2026-01-15"),
        ([], ["2025-03-03"], None),
        (["2025-12-01", "2026-01-15"], [], "2025-12-01"),
        (["2025-11-03", "2025-11-04", "2026-01-15"], ["2025-03-03", "2025-12-10"], "2025-11-03"),
        (["2026-01-15"], ["2026-01-02", "2026-01-07"], "2026-01-02"),
    ],
    ids=["nothing", "site", "backfill", "backfills", "nothing else", "outage", "both", "adjoining"],
)
def test_days_before_the_sites_own_are_owed_to_nobody(
    store: Store, in_time: list[str], backfilled: list[str], first: str | None
) -> None:
    """A backfill of the past promises no day around it; a site that was down for weeks owes all that it missed."""
    days = [archive.day(dt.date.fromisoformat(date)) for date in in_time]
    days += [archive.day(dt.date.fromisoformat(date), updated=LATER) for date in backfilled]
    days.append(archive.day(dt.date(2024, 1, 3), imported=True))
    found = first_expected_day(archive.fill(store, days), 7)
    assert str(found) == str(first)


def test_what_is_owed_and_too_old_for_a_run_is_given_up(store: Store) -> None:
    """Missing or incomplete; neither a holiday that was seen, nor what a predecessor kept, nor a past of its own."""
    first = dt.date(2026, 1, 5)
    whole: dict[str, Any] = {"coverage": {}, "unscored": ()}
    days = [archive.day(first + dt.timedelta(days=number), **whole) for number in (0, 3)]
    days += [archive.holiday(first + dt.timedelta(days=1)), archive.day(first + dt.timedelta(days=2), imported=True)]
    days += [archive.day(first + dt.timedelta(days=7)), archive.day(dt.date(2025, 3, 3), updated=LATER)]
    found = archive.fill(store, days)
    for newest, until in ((dt.date(2026, 1, 21), 4), (dt.date(2026, 1, 20), 3), (dt.date(2026, 1, 16), 1)):
        dates = [str(day) for day in given_up(found, 7, newest)]
        assert dates == ["2026-01-09", "2026-01-12", "2026-01-13"][: until - 1], newest
    assert given_up(archive.fill(Store(store.folder / "b"), [archive.day(sample=True)]), 7, dt.date(2026, 6, 1)) == []
