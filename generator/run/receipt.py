"""The receipt of a run: Markdown for the page of its job on GitHub, in the site's language.

Warnings and errors are those of the log, in English.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from generator.core.errors import ArxivDailyError, ConfigError
from generator.core.escape import log, markdown
from generator.core.i18n import words
from generator.core.model import Day, Spending
from generator.publish.unjudged import not_judged
from generator.run.report import cost_in_words, coverage_line, recovery_commands

STOPPED = "<!-- arxiv-daily stopped -->"
"""In the receipt of a run that only the operator can mend; daily.yml looks for it."""
COUNTS = ("read", "picked", "spared", "unscored", "tokens", "cost")
COLUMNS = ("announcement", "state", *COUNTS)
"""Of the receipt's table; each has its word in locale/."""
MOST_WARNINGS = 50
"""Warnings in one receipt; GitHub takes a megabyte of it."""


class ReceiptRow(NamedTuple):
    """What a receipt tells of one announcement, in place of its record: a backfill of years has a thousand of them."""

    read: bool
    """Whether its papers could be read."""
    complete: bool
    row: str
    more: tuple[str, ...] = ()
    """Lines of Markdown: coverage, what is missing, what the prefilter keeps of the picks."""


def receipt_row(date: dt.date, day: Day | None, currency: str, language: str) -> ReceiptRow:
    """What to tell of announcement DATE, of which DAY is the record; None: nothing could be read."""
    w = words(language)
    row = _row(date, day, currency, w)
    if day is None or not day.announced:
        return ReceiptRow(day is not None, day is not None and day.complete, row)
    gaps = [f"- {markdown(line)}" for line in _missing(day, w)]
    if day.set_aside and day.recall is not None:
        found = day.recall
        share = {"recall": found.recall, "low": found.low, "high": found.high}
        shares = {name: f"{100 * value:.1f}" for name, value in share.items()}
        gaps.append(f"- {markdown(w['recall_text'].format(**shares, audited=found.audited))}")
    more = ("", f"**{date}**: {markdown(coverage_line(day.coverage, w))}", *(["", *gaps] if gaps else []))
    return ReceiptRow(True, day.complete, row, more)


def pending_row(date: dt.date, language: str) -> ReceiptRow:
    """What to tell of announcement DATE, of which there is no page yet because its papers wait for a batch."""
    return ReceiptRow(True, False, _row_of(date, f"**{words(language)['receipt_waits']}**"))


def job_summary(
    done: Sequence[ReceiptRow],
    spent: Spending,
    currency: str,
    warned: Sequence[str] = (),
    given_up: Sequence[dt.date] = (),
    *,
    stopped: str = "",
    language: str = "en",
) -> str:
    """The receipt of one run.

    SPENT is what this run has cost, WARNED what it has warned of: why something is missing, in full; for GIVEN_UP see
    report.given_up_recently. STOPPED: why the model was asked nothing more, which only the operator can mend.
    """
    w = words(language)
    if not done:
        nothing = f"### {w['receipt_nothing']}\n\n{w['receipt_nothing_text']}\n"
        return nothing + "\n".join(_warnings(warned, w))
    lines = [*(_stopped(stopped, w) if stopped else []), f"### {w['receipt_title']}", ""]
    heads = " | ".join(w[f"receipt_{name}"] for name in COLUMNS)
    lines += [f"| {heads} |", f"| --- | --- |{' ---: |' * len(COUNTS)}", *(part.row for part in done)]
    lines += [line for part in done for line in part.more]
    cost = cost_in_words(spent.cost if spent.calls else 0.0, currency, w["receipt_unknown"])
    lines += ["", w["receipt_run"].format(n=f"{spent.calls:,}", tokens=f"{spent.tokens:,}", cost=cost)]
    if given_up:
        rows = (f"- **{name}**: `{command}`" for name, command in recovery_commands(given_up).items())
        lines += ["", f"### {w['receipt_given_up']}", "", *rows, "", w["receipt_given_up_text"]]
    lines += _warnings(warned, w)
    return "\n".join(lines) + "\n"


def _stopped(why: str, w: Mapping[str, str]) -> list[str]:
    return [STOPPED, "", f"### {w['receipt_stopped']}", "", markdown(why), ""]


def _warnings(warned: Sequence[str], w: Mapping[str, str]) -> Iterator[str]:
    told = list(dict.fromkeys(warned))
    if told:
        yield from ("", f"### {w['receipt_warnings']}", "")
        yield from (f"- {markdown(log(line, 1000))}" for line in told[:MOST_WARNINGS])
    if len(told) > MOST_WARNINGS:
        yield f"- {w['receipt_more'].format(n=len(told) - MOST_WARNINGS)}"


def _row(date: dt.date, day: Day | None, currency: str, w: Mapping[str, str]) -> str:
    if day is None:
        return _row_of(date, w["receipt_unread"])
    if not day.announced:
        return _row_of(date, w["status_no announcement"])
    state = w["status_complete"] if day.complete else f"**{w['status_incomplete']}**"
    usage = day.usage
    cost = cost_in_words(usage.cost if usage.calls else 0.0, usage.currency or currency, w["receipt_unknown"])
    cost = cost if day.judge == "llm" else w["receipt_offline"]
    counts = (day.papers_read, len(day.picks), len(day.set_aside), len(day.unscored), f"{usage.tokens:,}", cost)
    return _row_of(date, state, *map(str, counts))


def _row_of(date: dt.date, state: str, *counts: str) -> str:
    return f"| {' | '.join([str(date), state, *(counts or [''] * len(COUNTS))])} |"


def _missing(day: Day, w: Mapping[str, str]) -> Iterator[str]:
    """What a later run has to do for DAY, a line each."""
    for category, part in day.coverage.items():
        if part.state not in ("complete", "no announcement"):
            yield f"{category} {w[f'coverage_{part.state}']}"
    if day.unscored:
        yield not_judged(day, w)
    if day.pending:
        yield f"{w['pending_notice']} ({log(day.pending, 160)})"
    if day.facts == "rss":
        yield w["rss_notice"]


def add_summary(file: Path | None, text: str) -> None:
    """Add TEXT, which is Markdown, to FILE. Raises ConfigError if that is no file that can be written."""
    if file is None:
        return
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise ConfigError(f"--summary {file} cannot be written: {error.strerror or error}") from None


def stopped_summary(error: ArxivDailyError) -> str:
    """What the summary of a job says of ERROR, which ended it; in English, as nothing may be known of the site."""
    return "\n".join(_stopped(str(error), words("en")))
