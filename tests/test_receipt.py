"""The receipt of a run and the state of the archive in words: what was read, picked, spared and left."""

import datetime as dt
import html
from pathlib import Path

import archive

from generator.model import Recall, Spending, Usage
from generator.receipt import day_line, job_summary, status_lines, tell
from generator.store import Store

RECALL = Recall(recall=0.986, low=0.95, high=0.999, audited=61, days=20)


def test_the_receipt_tells_what_was_spared_and_what_that_costs() -> None:
    """A column of its own beside picked and unscored, and what the audit says."""
    day = archive.day(recall=RECALL)
    told = [tell(day.date, day, "USD"), tell(day.date, None, "USD"), tell(day.date, archive.holiday(day.date), "USD")]
    text = job_summary(told, Spending(), "USD")
    heads, line, row, *more = [[cell.strip() for cell in one.split("|")] for one in text.splitlines() if one[:1] == "|"]
    assert row[heads.index("spared")] == "1" and row[heads.index("unscored")] == "1"
    assert {len(one) for one in (heads, line, row, *more)} == {len(heads)}
    assert "estimated recall 98.6%, 95 % interval 95.0% to 99.9%, from 61 audited papers" in html.unescape(text)


def test_a_day_without_an_audit_claims_no_recall() -> None:
    """And one of which nothing was spared says nothing of it."""
    day = archive.day()
    assert "recall" not in job_summary([tell(day.date, day, "USD")], Spending(), "USD")
    day = archive.day(recall=RECALL, spared=())
    assert "recall" not in job_summary([tell(day.date, day, "USD")], Spending(), "USD")


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
    text = job_summary([tell(quiet.date, quiet, "USD")], Spending(cost=None), "USD")
    assert "cost unknown" not in text and "This run: 0 calls, 0 tokens, USD 0.0000." in text
