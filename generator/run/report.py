"""What a run says of itself in words: a line a day, the state of the archive, a forecast, the summary of its job."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from generator.core.calendar import announcement_days, newest_announcement_day, stretches
from generator.core.escape import log
from generator.core.model import Coverage, Day, Recall, Spending, Usage
from generator.core.text import amount, counted
from generator.core.why import FINAL
from generator.judges.judged import Forecast
from generator.judges.llm.ledger import LEDGER, Ledger, evaluated
from generator.records.costs import Outlook, outlook
from generator.records.store import Store
from generator.records.summaries import Summary, first_expected_day, given_up, summaries_of
from generator.settings.config import Config
from generator.settings.context import STATE
from generator.sources.announcement import Gathered

SPOKEN_OF = dt.timedelta(weeks=6)
"""How long an announcement that was given up is spoken of unasked: 30 announcements."""
MOST_STRETCHES = 15
"""Stretches of days in one notice: as many as 30 announcements can make."""


def cost_in_words(cost: float | None, currency: str, unknown: str = "cost unknown") -> str:
    """A cost for people, as the pages write it: never 0 where it is UNKNOWN."""
    return unknown if cost is None else amount(cost, currency)


def _spent(spent: Usage | Spending, currency: str) -> str:
    """What was SPENT in money; without a call that is nothing, price or no price."""
    return cost_in_words(spent.cost if spent.calls else 0.0, currency)


def day_line(day: Day, currency: str) -> str:
    """What became of one announcement."""
    if not day.announced:
        return f"{day.date}: no announcement"
    parts = [f"{day.papers_read} read", f"{len(day.picks)} picked", f"{len(day.unscored)} unscored"]
    if day.hidden:
        parts.append(f"{len(day.hidden)} hidden ([never])")
    if day.set_aside:
        parts.append(f"{len(day.set_aside)} not judged (spared by the prefilter{_kept(day)})")
    if day.judge == "llm":
        usage = day.usage
        told = f"{counted(usage.calls, 'call')}, {usage.tokens:,} tokens, {_spent(usage, usage.currency or currency)}"
        parts.append(told + (f", and {usage.estimated_tokens:,} by estimate" if usage.estimated_tokens else ""))
    else:
        parts.append("estimated offline")
    gaps = list(missing(day))
    return f"{day.date}: {', '.join(parts)}" + (f"; incomplete: {'; '.join(gaps)}" if gaps else "")


def _kept(day: Day) -> str:
    """What the prefilter's audit says."""
    return "" if day.recall is None else f"; {_recall(day.recall)}"


def _recall(found: Recall) -> str:
    return (
        f"estimated recall {found.recall:.1%}, 95 % interval {found.low:.1%} to {found.high:.1%},"
        f" from {found.audited} audited papers on {found.days} days"
    )


def missing(day: Day) -> Iterator[str]:
    """What a later run has to do for DAY, a line each."""
    for category, part in day.coverage.items():
        if part.state not in ("complete", "no announcement"):
            yield f"{category} {part.state}"
    for why, count in sorted(Counter(row.why for row in day.unscored).items()):
        yield f"{count} unscored ({log(why, 160)})"
    if day.pending:
        yield f"no model has judged it: {log(day.pending, 160)}; shown in the offline order until one does"
    if day.facts == "rss":
        yield "facts from the RSS, the API was down"


def forecast_line(day: dt.date, gathered: Gathered, papers: int, expected: Forecast | None, config: Config) -> str:
    """What judging one announcement would take."""
    if not gathered.announced:
        return f"{day}: no announcement"
    if not gathered.papers:
        return f"{day}: nothing could be read"
    read = counted(len(gathered.papers), "paper")
    if expected is None:
        return f"{day}: {read}, {papers} to be ranked offline at no cost"
    if not expected.calls:
        return f"{day}: {read}, 0 to be judged: each has a verdict, is paid for or in a batch; no cost"
    cost = cost_in_words(expected.cost, config.budget.currency)
    tokens = expected.tokens.input + expected.tokens.output
    return (
        f"{day}: {read}, {expected.papers} to be judged by {config.llm.model}"
        f" in {counted(expected.calls, 'call')}, up to {tokens:,} tokens, {cost}"
    )


def status_lines(
    found: Sequence[Summary],
    spent: Spending,
    config: Config,
    now: dt.datetime,
    read: Callable[[dt.date], Day | None] = lambda _date: None,
) -> Iterator[str]:
    """The state of the archive: totals, the last announcements, what is missing, what the month has cost.

    READ gives the record of an incomplete day, for the reasons.
    """
    shown = [summary for summary in found if summary.announced]
    total = sum(summary.read for summary in shown)
    picks = sum(summary.picks for summary in shown)
    what = " of the sample" if shown and all(summary.sample for summary in shown) else ""
    spared = sum(summary.spared for summary in shown)
    not_judged = f", {spared} not judged (spared)" if spared else ""
    yield f"{counted(len(shown), 'day')}{what}, {counted(total, 'paper')} read, {picks} picked{not_judged}"
    by_date = {summary.date: summary for summary in found if not summary.sample}
    if by_date:
        yield from _recent(by_date, read, config, now)
    yield from _given_up_lines(found, config, now)
    cost = _spent(spent, config.budget.currency)
    yield f"spent in {now:%Y-%m}: {counted(spent.calls, 'call')}, {spent.tokens:,} tokens, {cost}"
    newest = max((date for date in by_date if f"{date:%Y-%m}" == f"{now:%Y-%m}"), default=now.date())
    if (ahead := outlook(found, spent, newest, config.budget.currency)) is not None:
        told = f"{ahead.tokens:,} tokens, {cost_in_words(ahead.cost, config.budget.currency)}"
        yield f"expected for all of {ahead.month}: about {told} ({counted(ahead.days, 'announcement')} to come)"
        yield from _over_budget(ahead, config)


def _over_budget(ahead: Outlook, config: Config) -> Iterator[str]:
    """A line for each bound of the month that will be met before its end."""
    budget = config.budget
    if budget.tokens_per_month is not None and ahead.tokens > budget.tokens_per_month:
        yield f"tokens_per_month is {budget.tokens_per_month:,}: the last days of {ahead.month} will be left unscored"
    if budget.money_per_month is not None and ahead.cost is not None and ahead.cost > budget.money_per_month:
        bound = cost_in_words(budget.money_per_month, budget.currency)
        yield f"money_per_month is {bound}: the last days of {ahead.month} will be left unscored"


def horizon(config: Config, now: dt.datetime) -> dt.date:
    """The oldest date to which runs come back."""
    return newest_announcement_day(now) - dt.timedelta(days=config.arxiv.catchup_days)


def _given_up_lines(found: Sequence[Summary], config: Config, now: dt.datetime) -> Iterator[str]:
    """What is missing or incomplete and too old for `run`, with what completes it; of a backfill what is incomplete."""
    since = horizon(config, now)
    older = {summary.date for summary in found if summary.is_real and summary.date < since and not summary.complete}
    older.update(given_up(found, config.arxiv.catchup_days, newest_announcement_day(now)))
    if not older:
        return
    yield "incomplete or a holiday, and older than catchup_days: no scheduled run will complete them; to do so by hand:"
    days = sorted(older)
    told = recovery_commands(days)
    yield from (f"  {name}: {command}" for name, command in told.items())
    if (more := len(stretches(days)) - len(told)) > 0:
        yield f"  and {more} more stretches before {next(iter(told))[:10]}"


def recovery_commands(days: Iterable[dt.date]) -> dict[str, str]:
    """The command that completes each stretch of DAYS, by its dates; of many the newest. DAYS are oldest first."""
    told = {}
    for first, last in stretches(days)[-MOST_STRETCHES:]:
        if first == last:
            told[f"{first}"] = f"arxiv-daily run --date {first}"
        else:
            told[f"{first} to {last}"] = f"arxiv-daily run --since {first} --until {last}"
    return told


def given_up_recently(
    found: Sequence[Summary],
    store: Store,
    config: Config,
    now: dt.datetime,
    named: Callable[[dt.date], bool] = lambda _day: False,
) -> list[dt.date]:
    """The last announcements that were given up, and older ones that are NAMED: those that a run by hand completes.

    FOUND may be older than what is in STORE.
    """
    days = given_up(found, config.arxiv.catchup_days, newest_announcement_day(now))
    since = horizon(config, now) - SPOKEN_OF
    return [day for day in days if (day >= since or named(day)) and not _is_settled(store.read(day))]


def _is_settled(day: Day | None) -> bool:
    return day is not None and (day.complete or is_final(day))


def is_final(day: Day) -> bool:
    """Whether all that DAY lacks are verdicts that no run will get."""
    return day.model_copy(update={"unscored": ()}).complete and {row.why for row in day.unscored} <= FINAL


def _recent(
    found: dict[dt.date, Summary], read: Callable[[dt.date], Day | None], config: Config, now: dt.datetime
) -> Iterator[str]:
    newest = newest_announcement_day(now)
    first = first_expected_day(found.values(), config.arxiv.catchup_days) or newest
    for date in announcement_days(max(first, horizon(config, now)), newest):
        summary = found.get(date)
        if summary is None:
            yield f"{date}: missing"
        elif not summary.announced:
            yield f"{date}: no announcement"
        else:
            state = "complete" if summary.complete else "incomplete"
            unscored = f", {summary.unscored} unscored" if summary.unscored else ""
            spared = f", {summary.spared} not judged (spared)" if summary.spared else ""
            counts = f"{summary.read} read, {summary.picks} picked{unscored}{spared}"
            yield f"{date}: {state}, {counts}; {coverage_line(summary.coverage)}"
            day = None if summary.complete else read(date)
            if day is not None:
                yield from (f"  {reason}" for reason in missing(day))


def coverage_line(parts: Mapping[str, Coverage], w: Mapping[str, str] | None = None) -> str:
    """`cs.AI 96/96 · cs.CV 40/41 stale`; W: the words of a language for the states."""
    told = []
    for category, part in parts.items():
        expected = "?" if part.expected is None else part.expected
        state = "" if part.state == "complete" else f" {w[f'coverage_{part.state}'] if w else part.state}"
        told.append(f"{category} {part.read}/{expected}{state}")
    return " · ".join(told)


def spent_in_month(root: Path, config: Config, now: dt.datetime) -> Spending:
    """What this month has cost: by the records, the ledger and that of `eval`."""
    recorded = {summary.date: summary.usage for summary in summaries_of(root)}
    month, currency = f"{now:%Y-%m}", config.budget.currency
    spent = Ledger(root / STATE / LEDGER).account.month(month, recorded, currency)
    return spent + evaluated(root / STATE, month, currency)
