"""`run`: every announcement that is not complete, in order: gathered, judged, kept; then all pages rendered.

Run once or ten times a day, late or after a kill: the files end the same, and nothing is paid for twice.
"""

import datetime as dt
from collections.abc import Iterable, Sequence, Set
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from generator import __version__
from generator.core import damage
from generator.core.calendar import newest_announcement_day
from generator.core.errors import ConfigError, SourceError
from generator.core.files import sweep
from generator.core.model import Day, Spending, Usage
from generator.core.text import counted
from generator.judges.judged import Forecast, JudgeName
from generator.judges.llm.ledger import LEDGER, Ledger, evaluated, locked
from generator.judges.llm.reply import Tokens
from generator.judges.llm_judge import PaidJudge
from generator.judges.local.training_data import LEARNING_FOLDER, Learning
from generator.judges.prefilter import PrefilterResult
from generator.publish.render import render
from generator.records.changes import WATCHED_DAYS, is_withdrawn, mark_withdrawn, watched, with_changes
from generator.records.store import docs_of
from generator.records.summaries import first_expected_day
from generator.run.day_judge import DayJudge
from generator.run.open_records import OpenRecords
from generator.run.receipt import ReceiptRow, add_summary, job_summary, pending_row, receipt_row
from generator.run.record_day import make_day
from generator.run.report import day_line, forecast_line, given_up_recently
from generator.settings.context import DONE, INCOMPLETE, NOTHING, STATE, Context
from generator.settings.providers import warning as ending
from generator.sources.announcement import Gathered, days_to_do
from generator.sources.gather import LONGEST_WINDOW_DAYS, ArxivSource, OtherDays
from generator.sources.http import user_agent

DAYS_AT_ONCE = 20
"""Announcements whose papers go into batches together: some 7,000 papers, which are held in memory meanwhile."""


class RunOptions(NamedTuple):
    """What the command line asks for. days: None means every announcement that is not complete."""

    days: Sequence[dt.date] | None = None
    judge: JudgeName | None = None
    dry_run: bool = False
    batch: bool = False
    """Through the provider's Batch API."""
    summary: Path | None = None
    """The file to which the receipt of the run is added, such as GitHub's job summary."""


def run(context: Context, options: RunOptions) -> int:
    """Do the days of OPTIONS and return the exit code.

    Raises ConfigError for a judge that cannot work, RecordError, and BusyError if another run is at work.
    """
    judge = chosen_judge(options, context.key)
    with locked(context.root / STATE), _Run(context, judge) as work:
        days = _days(work, options.days, again=options.judge is not None)
        if options.dry_run:
            return _forecast(work, days, options)
        for folder in (context.state, docs_of(context.root)):
            sweep(folder)
        if work.judge.paid and (told := ending(context.config, context.now.date())):
            context.talk.warn(told)
        if work.judge.paid and options.days is None and f"{context.now:%H:%M}" < context.config.llm.not_before:
            context.talk.result(
                f"waiting: the model may be called from {context.config.llm.not_before} UTC (not_before in [llm])"
            )
            return DONE
        newest = newest_announcement_day(context.now)
        looks = options.days is None and not work.records.has_api_facts(newest)
        done = work.do_all(days, options)
        if looks and work.records.has_api_facts(newest):  # once an announcement is enough, as soon as the API answers
            _mark_withdrawn(work, newest)
        render(context.root, context.config)
        if not days:
            context.talk.result(f"nothing to do; the newest announcement is {newest}")
        refused = work.judge.paid is not None and work.judge.paid.refused is not None
    return NOTHING if refused else exit_code(done)


class BackfillEstimate(NamedTuple):
    """What doing `days` announcements would take, by those of them that were looked at; cost: None where unknown."""

    days: int
    looked_at: int
    papers: int
    calls: int
    tokens: int
    cost: float | None


def estimate_backfill(context: Context, options: RunOptions) -> BackfillEstimate:
    """Look at three of the announcements of OPTIONS and expect as much of the others; nothing is written.

    Raises SourceError where there is something to do and nothing can be read, ConfigError for what `run` would refuse.
    """
    judge = chosen_judge(options, context.key)
    with locked(context.root / STATE), _Run(context, judge) as work:
        days = _days(work, options.days, again=options.judge is not None)
        work.judge.check_budget(days)
        some = sorted({days[0], days[len(days) // 2], days[-1]}) if days else []
        found = [look for day in some if (look := _look(work, day, options)) is not None]
    if some and not found:
        raise SourceError("cannot estimate the cost because arXiv does not answer; try again later")
    share = len(days) / len(found) if found else 0
    costs = [look.cost for look in found]
    cost = None if None in costs else sum(known for known in costs if known is not None) * share
    tokens = sum(look.tokens.input + look.tokens.output for look in found)
    calls = sum(look.calls for look in found)
    papers = sum(look.papers for look in found)
    return BackfillEstimate(
        len(days), len(found), round(papers * share), round(calls * share), round(tokens * share), cost
    )


def chosen_judge(options: RunOptions, key: SecretStr | None) -> JudgeName:
    """What OPTIONS ask for, else `llm` where there is a key.

    Raises ConfigError for llm without one, and for batches that nobody would judge.
    """
    if options.judge == "llm" and key is None:
        raise ConfigError("--judge llm needs OPENAI_API_KEY (any word will do for a local endpoint that takes no key)")
    judge: JudgeName = options.judge or ("llm" if key else "offline")
    if options.batch and judge == "offline":
        what = "set OPENAI_API_KEY" if key is None else "leave out --judge offline"
        raise ConfigError(f"--batch is for a language model, and the judge is offline; {what}, or leave out --batch")
    return judge


def exit_code(done: Sequence[ReceiptRow]) -> int:
    """The exit code for days that were DONE."""
    if done and not any(row.read for row in done):
        return NOTHING
    return DONE if all(row.complete for row in done) else INCOMPLETE


class _Run:
    """One run: what it is given, what it has opened, and its days, one after the other."""

    def __init__(self, context: Context, judge: JudgeName) -> None:
        self.config, self.now, self.talk, self._state = context.config, context.now, context.talk, context.state
        self._opened = ExitStack()
        self.records = OpenRecords(context.root, self.config, judge, self._warn_once)
        self.store, self.summaries = self.records.store, self.records.summaries
        self.ledger = Ledger(self._state / LEDGER)
        self._opened.callback(self.ledger.close)
        self.ledger.continue_after(summary.through for summary in self.summaries.values())
        for warning in self.ledger.warnings:
            self.talk.warn(warning)
        agent = user_agent(__version__, self.config.site.url)
        self.source = ArxivSource(self.config.arxiv, agent, self.now, self.talk.warn)
        learning = Learning(self._state / LEARNING_FOLDER, self.store, self.config, self.source.by_id, self.talk.warn)
        self.judge = DayJudge(
            judge, self._paid_judge(judge, context.key), learning, self.records, self.ledger, self.config, self.talk,
            self._warn_once,
        )  # fmt: skip

    def _paid_judge(self, judge: JudgeName, key: SecretStr | None) -> PaidJudge | None:
        if judge != "llm" or key is None:
            return None
        paid = PaidJudge(
            self._state, self.config, key, ledger=self.ledger, now=self.now, talk=self.talk, spent=self._spent
        )
        self._opened.callback(paid.close)
        return paid

    def __enter__(self) -> "_Run":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def _warn_once(self, text: str) -> None:
        if text not in self.talk.warned:
            self.talk.warn(text)

    def gather(self, day: dt.date, claimed: Set[str] = frozenset()) -> Gathered:
        """What belongs to DAY, without the papers that are CLAIMED by days which have no record yet."""
        self.talk.say(f"{day}: reading arXiv")
        archive = OtherDays(tuple(self.store.dates()), self.records.checked)
        gathered = self.source.gather(day, self.records.begun(day), archive, claimed)
        for note in gathered.notes:
            self.talk.warn(f"{day}: {note}")
        return gathered

    def do_all(self, days: Sequence[dt.date], options: RunOptions) -> list[ReceiptRow]:
        """Do DAYS; what became of those that were done stands in the summary, also if one could not be."""
        before, currency = self._spent(), self.config.budget.currency
        language = self.config.site.language
        done: list[ReceiptRow] = []
        self.ledger.shorten({summary.date: summary.through for summary in self.summaries.values()}, self.now)
        try:
            if paid := self.judge.paid:
                paid.collect()
            size = DAYS_AT_ONCE if options.batch and self.judge.paid else 1
            for some in (days[first : first + size] for first in range(0, len(days), size)):
                gathered = _gather_all(self, some)
                sifted = self.judge.hand_in(gathered) if size > 1 else {}
                for day in some:
                    if options.days is not None and self.judge.waits(day, gathered[day], batched=size > 1):
                        self.talk.result(f"{day}: not published yet: its papers wait for a batch; run this again later")
                        done.append(pending_row(day, language))
                        continue
                    record = self.do(day, gathered[day], sifted.get(day))
                    done.append(receipt_row(day, record, currency, language))
                self._forget(some[-1])
        finally:
            if paid := self.judge.paid:
                paid.tell()
            spent = self._spent() - before
            given_up = given_up_recently([*self.summaries.values()], self.store, self.config, self.now)
            stopped = str(self.judge.paid.refused or "") if self.judge.paid else ""
            warned = [*self.talk.warned, *damage.messages()]
            receipt = job_summary(done, spent, currency, warned, given_up, stopped=stopped, language=language)
            add_summary(options.summary, receipt)
        return done

    def _spent(self) -> Spending:
        """What this month has cost, this run included."""
        recorded = {day: summary.usage for day, summary in self.summaries.items()}
        month, currency = f"{self.now:%Y-%m}", self.config.budget.currency
        return self.ledger.account.month(month, recorded, currency) + evaluated(self._state, month, currency)

    def _forget(self, day: dt.date) -> None:
        """Let go of what no day after DAY needs: a backfill of years stays small."""
        read_again = day - dt.timedelta(days=self.config.arxiv.lookback_days + 2 * LONGEST_WINDOW_DAYS)
        self.source.evict(read_again)
        self.records.evict(read_again, day)

    def do(self, day: dt.date, gathered: Gathered, sifted: PrefilterResult | None = None) -> Day | None:
        """Judge and keep DAY; None if nothing at all could be read, which leaves everything as it was.

        SIFTED: what was not handed in with the day's batches; what they have not answered yet waits for a later run.
        """
        previous = self.records.begun(day)
        if not gathered.papers and gathered.announced and self.records.real(day) is None:
            self.talk.result(f"{day}: nothing could be read; a later run tries again")
            return None
        judged = self.judge.judge(day, previous, gathered.papers, sifted)
        on_record = self.records.read(day)
        if on_record and on_record.imported and self.judge.paid and self.judge.paid.refused and not judged.verdicts:
            self.talk.result(f"{day}: left as imported, because the model refused the request")
            return on_record
        before = previous.usage if previous else Usage()
        usage = self.ledger.account.usage(day, before, self.config.budget.currency)
        record = make_day(
            day, self.config, previous=previous, gathered=gathered, judged=judged, usage=usage, now=self.now
        )
        abstracts = {paper.id: paper.abstract for paper in gathered.papers}
        record = with_changes(self.records.with_related(record, abstracts, previous), previous, self.now)
        self.records.keep(record, abstracts)
        self.judge.learning.keep(record, gathered.papers)
        if judged.error:
            self.talk.warn(f"{day}: {judged.error}")
        self.talk.result(day_line(record, self.config.budget.currency))
        return record


def _days(work: _Run, asked: Sequence[dt.date] | None, *, again: bool) -> list[dt.date]:
    """The announcements to do, oldest first; AGAIN: complete ones of another judge too."""
    newest = newest_announcement_day(work.now)
    if asked is None:
        real = [summary for summary in work.summaries.values() if summary.is_real]
        first = first_expected_day(real, work.config.arxiv.catchup_days) or newest
        horizon = newest - dt.timedelta(days=work.config.arxiv.catchup_days + 3)
        near = {
            summary.date: record
            for summary in real
            if summary.date >= horizon and (record := work.records.checked(summary.date))
        }
        return _intact(work, days_to_do(work.now, near, work.config.arxiv.catchup_days, first))
    return _intact(work, (day for day in asked if not _is_done(work, day, again)))


def _intact(work: _Run, days: Iterable[dt.date]) -> list[dt.date]:
    """DAYS without those whose records are damaged: what is in them is not read, judged and paid for again."""
    return [day for day in days if day in work.summaries or not work.store.is_damaged(day)]


def _is_done(work: _Run, day: dt.date, again: bool) -> bool:
    known = work.summaries.get(day)  # no record is read: a backfill that is gone on with has done hundreds
    if known is not None and known.imported:
        return _stays_imported(work, day, known.picks)
    if known is None or not (known.is_real and known.complete):
        return False
    if not known.announced:
        return False  # whoever names a holiday wants to know whether it was one
    if again and known.judge != work.judge.name:
        return False
    work.talk.say(f"{day} is complete already")
    return True


def _stays_imported(work: _Run, day: dt.date, picks: int) -> bool:
    """Whether the imported DAY is left alone: what the offline judge says does not go beside a model's verdicts."""
    if work.judge.name == "llm":
        work.talk.result(
            f"{day} was imported: its {counted(picks, 'verdict')} stay, the other papers of the day are added"
        )
        return False
    work.talk.result(f"{day} was imported and stays as it is; with OPENAI_API_KEY its other papers can be added")
    return True


def _mark_withdrawn(work: _Run, newest: dt.date) -> None:
    """Ask arXiv about the picks of the last days, and mark those that were withdrawn meanwhile."""
    since = newest - dt.timedelta(days=WATCHED_DAYS)
    days = [day for date in work.store.dates() if since <= date < newest and (day := work.records.real(date))]
    papers = work.source.by_id(watched(days)) if watched(days) else ()
    withdrawn = {paper.id for paper in papers if is_withdrawn(paper)}
    for day in days:
        if (marked := mark_withdrawn(day, withdrawn, work.now)) is not None:
            work.records.keep(marked, {})
            work.talk.result(f"{day.date}: {'; '.join(marked.changes[len(day.changes) :])}")


def _look(work: _Run, day: dt.date, options: RunOptions) -> Forecast | None:
    """What judging DAY would take; None if nothing of it could be read."""
    gathered = work.gather(day)
    if not gathered.papers and gathered.announced:
        return None
    papers, expected = work.judge.forecast(day, gathered, batch=options.batch)
    return expected or Forecast(papers, 0, Tokens(), 0.0)


def _forecast(work: _Run, days: Sequence[dt.date], options: RunOptions) -> int:
    """Say what judging DAYS would take; nothing is written and no model called."""
    work.judge.check_budget(days)
    complete = True
    for day in days:
        gathered = work.gather(day)
        complete = complete and bool(gathered.papers or not gathered.announced)
        papers, expected = work.judge.forecast(day, gathered, batch=options.batch)
        work.talk.result(forecast_line(day, gathered, papers, expected, work.config))
    return DONE if complete else INCOMPLETE


def _gather_all(work: _Run, days: Sequence[dt.date]) -> dict[dt.date, Gathered]:
    """What belongs to each of DAYS, oldest first; a paper that two of them could claim is the older one's."""
    found: dict[dt.date, Gathered] = {}
    claimed: set[str] = set()
    for day in days:
        found[day] = work.gather(day, claimed)
        claimed.update(paper.id for paper in found[day].papers)
    return found
