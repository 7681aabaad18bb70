"""The receipt of a run and the state of the archive in words: what was read, picked, spared and left."""

import datetime as dt
import html
from pathlib import Path

from support import archive

from generator.core.errors import ConfigError
from generator.core.model import Recall, Spending, Usage
from generator.records.store import Store
from generator.run.receipt import STOPPED, job_summary, pending_row, receipt_row, stopped_summary
from generator.run.report import MOST_STRETCHES, SPOKEN_OF, day_line, given_up_recently, horizon, status_lines

RECALL = Recall(recall=0.986, low=0.95, high=0.999, audited=61, days=20)


def test_the_receipt_tells_what_was_spared_and_what_that_costs() -> None:
    """A column of its own beside picked and unscored, and what the audit says."""
    day = archive.day(recall=RECALL)
    told = [
        receipt_row(day.date, day, "USD", "en"),
        receipt_row(day.date, None, "USD", "en"),
        receipt_row(day.date, archive.holiday(day.date), "USD", "en"),
        pending_row(day.date, "en"),
    ]
    text = job_summary(told, Spending(), "USD")
    heads, line, row, *more = [
        [cell.strip() for cell in text_line.split("|")] for text_line in text.splitlines() if text_line[:1] == "|"
    ]
    assert row[heads.index("spared")] == "1" and row[heads.index("unscored")] == "1"
    assert len(more) == 3 and {len(cells) for cells in (heads, line, row, *more)} == {len(heads)}
    assert "Estimated recall of the prefilter 98.6 %, 95 % interval 95.0 to 99.9 %" in html.unescape(text)


def test_the_receipt_is_in_the_language_of_the_site() -> None:
    """Headings, states, reasons and sums; the mark by which the workflow knows that a run was stopped is the same."""
    day = archive.day(recall=RECALL)
    told = [receipt_row(day.date, day, "USD", "zh"), receipt_row(day.date, None, "USD", "zh")]
    given_up = [archive.WEDNESDAY]
    text = job_summary(told, Spending(calls=3, cost=None), "USD", ["odd"], given_up, stopped="no key", language="zh")
    for words in (
        "公布",
        "不完整",
        "略过",
        "什么都没有读到",
        "本次运行：3 次调用",
        "费用未知",
        "已放弃",
        "警告",
        "预筛",
    ):
        assert words in html.unescape(text), words
    assert not {"announcement", "incomplete", "This run", "Warnings"} & set(text.replace("|", " ").split())
    assert STOPPED in text and STOPPED in stopped_summary(ConfigError("x"))
    assert STOPPED not in job_summary(told, Spending(), "USD", language="zh")


def test_a_day_without_an_audit_claims_no_recall() -> None:
    """And one of which nothing was spared says nothing of it."""
    day = archive.day()
    assert "recall" not in job_summary([receipt_row(day.date, day, "USD", "en")], Spending(), "USD")
    day = archive.day(recall=RECALL, spared=())
    assert "recall" not in job_summary([receipt_row(day.date, day, "USD", "en")], Spending(), "USD")


def test_the_state_of_the_archive_names_what_was_spared(tmp_path: Path) -> None:
    """In all, and day by day."""
    found = archive.fill(Store(tmp_path), [archive.day()])
    now = dt.datetime.combine(archive.WEDNESDAY, dt.time(6), dt.UTC)
    total, day, *_ = status_lines(found, Spending(), archive.config(), now)
    assert "1 not judged (spared)" in total and "1 unscored, 1 not judged (spared)" in day


def test_without_a_call_nothing_was_spent_though_no_price_is_known() -> None:
    """A model that did not answer cost nothing; one that did has an unknown cost."""
    quiet, asked = (archive.day(usage=Usage(calls=calls)) for calls in (0, 3))
    assert "0 calls, 0 tokens, USD 0.0000" in day_line(quiet, "USD")
    assert "3 calls, 0 tokens, cost unknown" in day_line(asked, "USD")
    text = job_summary([receipt_row(quiet.date, quiet, "USD", "en")], Spending(cost=None), "USD")
    assert "cost unknown" not in text and "This run: 0 calls, 0 tokens, USD 0.0000." in text


def test_what_was_given_up_is_spoken_of_for_thirty_announcements(tmp_path: Path) -> None:
    """Older ones only where they are named already; what the store has meanwhile is no more lost."""
    config, store = archive.config(), Store(tmp_path)
    found = archive.fill(store, [archive.day()])
    now = dt.datetime(2026, 5, 1, 6, tzinfo=dt.UTC)
    days = given_up_recently(found, store, config, now)
    assert len(days) == 30 and days[0] == horizon(config, now) - SPOKEN_OF
    after = archive.WEDNESDAY + dt.timedelta(days=1)
    assert given_up_recently(found, store, config, now, lambda day: day <= after) == [archive.WEDNESDAY, after, *days]
    store.write(archive.day(days[0], coverage={}, unscored=()), {})
    assert given_up_recently(found, store, config, now) == days[1:]


def test_no_notice_grows_without_bound(tmp_path: Path) -> None:
    """Of many stretches the newest are named, and how many there are before them."""
    mondays = [archive.WEDNESDAY + dt.timedelta(days=7 * number - 2) for number in range(40)]
    found = archive.fill(Store(tmp_path), [archive.day(day, coverage={}, unscored=()) for day in mondays])
    now = dt.datetime.combine(mondays[-1], dt.time(6), dt.UTC)
    lines = [line for line in status_lines(found, Spending(), archive.config(), now) if line.startswith("  ")]
    assert len(lines) == MOST_STRETCHES + 1
    assert lines[-1] == f"  and {38 - MOST_STRETCHES} more stretches before {lines[0][2:12]}"
    assert lines[-2] == "  2026-09-29 to 2026-10-02: arxiv-daily run --since 2026-09-29 --until 2026-10-02"
