"""`run`: every announcement that is not complete, in order: gathered, judged, kept; then all pages rendered.

Run once or ten times a day, late or after a kill: the files end the same, and nothing is paid for twice.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from generator import __version__
from generator.core.calendar import newest_announcement_day
from generator.core.errors import ConfigError, RecordError, SourceError
from generator.core.files import sweep
from generator.core.model import Day, Paper, Spending, Usage
from generator.core.text import counted
from generator.core.why import NO_KEY
from generator.judges.judged import Forecast, Judged, JudgeName
from generator.judges.llm.batch_api import DISCOUNT
from generator.judges.llm.calls import forecast
from generator.judges.llm.ledger import LEDGER, Ledger, evaluated, locked, together
from generator.judges.llm.reply import Tokens
from generator.judges.llm_judge import Gist, PaidJudge
from generator.judges.local.keywords import mute_fields
from generator.judges.local.training_data import FOLDER, Learning
from generator.judges.pipeline import local_view, offline_verdicts
from generator.judges.prefilter import Sifted, audit
from generator.publish.render import render
from generator.records.changes import WATCHED_DAYS, is_withdrawn, mark, watched, with_changes
from generator.records.related import WINDOW_DAYS, Earlier, earlier_picks, in_window, new_picks, relate
from generator.records.store import docs_of, store_of
from generator.records.summaries import first_owed, summaries_of
from generator.run.record_day import begun, lost_papers, make_day, still_open, to_judge
from generator.run.report import (
    Told,
    add_summary,
    day_line,
    forecast_line,
    job_summary,
    left,
    lost,
    spent_between,
    tell,
)
from generator.settings.context import DONE, INCOMPLETE, NOTHING, STATE, Context
from generator.settings.providers import warning as ending
from generator.sources.announcement import Gathered, days_to_do, is_real
from generator.sources.gather import LONGEST_WINDOW_DAYS, Archive, Source
from generator.sources.http import user_agent

DAYS_AT_ONCE = 20
"""Announcements whose papers go into batches together: some 7,000 papers, which are held in memory meanwhile."""
MONTH_DAYS = 30
"""Days whose audited papers tell what the prefilter misses."""


class Options(NamedTuple):
    """What the command line asks for. days: None means every announcement that is not complete."""

    days: Sequence[dt.date] | None = None
    judge: JudgeName | None = None
    dry_run: bool = False
    batch: bool = False
    """Through the provider's Batch API."""
    summary: Path | None = None
    """The file to which the receipt of the run is added, such as GitHub's job summary."""


def run(context: Context, options: Options) -> int:
    """Do the days of OPTIONS and return the exit code.

    Raises ConfigError for a judge that cannot work, RecordError, and BusyError if another run is at work.
    """
    judge = chosen_judge(options, context.key)
    with locked(context.root / STATE), _Run(context, judge) as work:
        days = work.days(options.days, again=options.judge is not None)
        if options.dry_run:
            return work.forecast(days, options)
        for folder in (context.root / STATE, docs_of(context.root)):
            sweep(folder)
        if work.paid and (told := ending(context.config, context.now.date())):
            context.talk.warn(told)
        if work.paid and options.days is None and f"{context.now:%H:%M}" < context.config.llm.not_before:
            context.talk.result(f"the model is asked from {context.config.llm.not_before} UTC on (not_before in [llm])")
            return DONE
        newest = newest_announcement_day(context.now)
        looks = options.days is None and not work.has_api_facts(newest)
        done = work.do_all(days, options)
        if looks and work.has_api_facts(newest):  # once an announcement is enough, as soon as the API answers
            work.mark_withdrawn(newest)
        render(context.root, context.config)
        if not days:
            context.talk.result(f"nothing to do; the newest announcement is that of {newest}")
        refused = work.paid is not None and work.paid.refused is not None
    return NOTHING if refused else exit_code(done)


class Estimate(NamedTuple):
    """What doing `days` announcements would take, by those of them that were looked at; cost: None where unknown."""

    days: int
    looked_at: int
    papers: int
    calls: int
    tokens: int
    cost: float | None


def estimate(context: Context, options: Options) -> Estimate:
    """Look at three of the announcements of OPTIONS and reckon with as much for the others; nothing is written.

    Raises SourceError where there is something to do and nothing can be read, ConfigError for what `run` would refuse.
    """
    judge = chosen_judge(options, context.key)
    with locked(context.root / STATE), _Run(context, judge) as work:
        days = work.days(options.days, again=options.judge is not None)
        work.check_budget(days)
        some = sorted({days[0], days[len(days) // 2], days[-1]}) if days else []
        found = [look for day in some if (look := work.look(day, options)) is not None]
    if some and not found:
        raise SourceError("arXiv does not answer, so the cost cannot be estimated; try again later")
    share = len(days) / len(found) if found else 0
    costs = [look.cost for look in found]
    cost = None if None in costs else sum(one for one in costs if one is not None) * share
    tokens = sum(look.tokens.input + look.tokens.output for look in found)
    calls = sum(look.calls for look in found)
    papers = sum(look.papers for look in found)
    return Estimate(len(days), len(found), round(papers * share), round(calls * share), round(tokens * share), cost)


def chosen_judge(options: Options, key: SecretStr | None) -> JudgeName:
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


def exit_code(done: Sequence[Told]) -> int:
    """The exit code for days that were DONE."""
    if done and not any(one.read for one in done):
        return NOTHING
    return DONE if all(one.complete for one in done) else INCOMPLETE


def _has_verdicts(previous: Day | None) -> bool:
    """Whether a model has judged papers of PREVIOUS."""
    return previous is not None and previous.judge == "llm" and bool(previous.picks or previous.rest)


class _Run:
    """One run: what it is given, what it has opened, and the records that it has read."""

    def __init__(self, context: Context, judge: JudgeName) -> None:
        root, key = context.root, context.key
        self.config, self.now, self.talk = context.config, context.now, context.talk
        self.judge = judge
        self.store = store_of(root)
        self.summaries = {summary.date: summary for summary in summaries_of(root)}
        self._opened = ExitStack()
        self._state = root / STATE
        self.ledger = Ledger(self._state / LEDGER)
        self._opened.callback(self.ledger.close)
        self.ledger.continue_after(summary.through for summary in self.summaries.values())
        for warning in self.ledger.warnings:
            self.talk.warn(warning)
        agent = user_agent(__version__, self.config.site.url)
        self.source = Source(self.config.arxiv, agent, self.now, self.talk.warn)
        self.learning = Learning(root / STATE / FOLDER, self.store, self.config, self.source.by_id, self.talk.warn)
        self.paid: PaidJudge | None = None
        if judge == "llm" and key is not None:
            self.paid = PaidJudge(
                self._state, self.config, key, ledger=self.ledger, now=self.now, talk=self.talk, spent=self._spent
            )
            self._opened.callback(self.paid.close)
        self._records: dict[dt.date, Day | None] = {}
        self._earlier: dict[dt.date, list[Earlier]] = {}

    def __enter__(self) -> "_Run":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def days(self, asked: Sequence[dt.date] | None, *, again: bool) -> list[dt.date]:
        """The announcements to do, oldest first; AGAIN: complete ones of another judge too."""
        newest = newest_announcement_day(self.now)
        if asked is None:
            real = [one for one in self.summaries.values() if one.is_real]
            first = first_owed(real, self.config.arxiv.catchup_days) or newest
            horizon = newest - dt.timedelta(days=self.config.arxiv.catchup_days + 3)
            near = {one.date: record for one in real if one.date >= horizon and (record := self.checked(one.date))}
            return self._intact(days_to_do(self.now, near, self.config.arxiv.catchup_days, first))
        if late := [day for day in asked if day > newest]:
            raise ConfigError(f"{late[0]} has not been announced yet; the newest announcement is {newest}")
        return self._intact(day for day in asked if not self._is_done(day, again))

    def _intact(self, days: Iterable[dt.date]) -> list[dt.date]:
        """DAYS without those whose records are damaged: what is in them is not read, judged and paid for again."""
        return [day for day in days if day in self.summaries or not self.store.is_damaged(day)]

    def _is_done(self, day: dt.date, again: bool) -> bool:
        known = self.summaries.get(day)  # no record is read: a backfill that is gone on with has done hundreds
        if known is not None and known.imported:
            return self._stays_imported(day, known.picks)
        if known is None or not (known.is_real and known.complete):
            return False
        if not known.announced:
            return False  # whoever names a holiday wants to know whether it was one
        if again and known.judge != self.judge:
            return False
        self.talk.say(f"{day} is complete already")
        return True

    def _stays_imported(self, day: dt.date, picks: int) -> bool:
        """Whether the imported DAY is left alone: what the offline judge says does not go beside a model's verdicts."""
        if self.judge == "llm":
            self.talk.result(
                f"{day} was imported: its {counted(picks, 'verdict')} stay, the other papers of the day are added"
            )
            return False
        self.talk.result(f"{day} was imported and stays as it is; with OPENAI_API_KEY its other papers can be added")
        return True

    def read(self, day: dt.date) -> Day | None:
        if day not in self._records:
            self._records[day] = self.store.read(day)
        return self._records[day]

    def checked(self, day: dt.date) -> Day | None:
        """The record of DAY, by which papers count as seen; a warning where it lacks some that were read."""
        record = self.read(day)
        if record and is_real(record) and (lost := lost_papers(record)):
            self._warn_once(
                f"{day}: {self.store.path(day)} lacks {lost} of the papers that its coverage says were read, as if it"
                " had been edited by hand; a paper that is in no record counts as unread and may come again with a"
                " later announcement: restore the file from git"
            )
        return record

    def _warn_once(self, text: str) -> None:
        if text not in self.talk.warned:
            self.talk.warn(text)

    def real(self, day: dt.date) -> Day | None:
        """The record of DAY, unless it is of the sample or of a predecessor."""
        record = self.read(day)
        return record if record and is_real(record) else None

    def begun(self, day: dt.date) -> Day | None:
        """What DAY goes on from: its real record, or an imported one, whose verdicts a model completes."""
        record = self.read(day)
        if record and record.imported and self.judge == "llm":
            return begun(record, self.config.arxiv.categories)
        return self.real(day)

    def has_api_facts(self, day: dt.date) -> bool:
        """Whether DAY has a record whose papers arXiv's API has all told of."""
        record = self.real(day)
        return record is not None and record.facts == "api"

    def check_budget(self, days: Sequence[dt.date]) -> None:
        """Raises ConfigError for a budget that allows no call on DAYS, as there is no price to count by."""
        if days and self.paid:
            self.paid.check_budget()

    def gather(self, day: dt.date, claimed: Set[str] = frozenset()) -> Gathered:
        """What belongs to DAY, without the papers that are CLAIMED by days which have no record yet."""
        self.talk.say(f"{day}: reading arXiv")
        archive = Archive(tuple(self.store.dates()), self.checked)
        gathered = self.source.gather(day, self.begun(day), archive, claimed)
        for note in gathered.notes:
            self.talk.warn(f"{day}: {note}")
        return gathered

    def do_all(self, days: Sequence[dt.date], options: Options) -> list[Told]:
        """Do DAYS; what became of those that were done stands in the summary, also if one could not be."""
        before, currency = self._spent(), self.config.budget.currency
        done: list[Told] = []
        self.ledger.shorten({summary.date: summary.through for summary in self.summaries.values()}, self.now)
        try:
            if self.paid:
                self.paid.collect()
            size = DAYS_AT_ONCE if options.batch and self.paid else 1
            for some in (days[first : first + size] for first in range(0, len(days), size)):
                gathered = self._gather_all(some)
                sifted = self._hand_in(gathered) if size > 1 else {}
                for day in some:
                    if options.days is not None and self._waits(day, gathered[day], batched=size > 1):
                        self.talk.result(f"{day}: not published yet: its papers wait for a batch; run this again later")
                        done.append(left(day))
                        continue
                    record = self.do(day, gathered[day], sifted.get(day))
                    done.append(tell(day, record, currency))
                self.forget(some[-1])
        finally:
            if self.paid:
                self.paid.tell()
            spent = spent_between(before, self._spent())
            given_up = lost([*self.summaries.values()], self.store, self.config, self.now)
            stopped = str(self.paid.refused or "") if self.paid else ""
            add_summary(
                options.summary, job_summary(done, spent, currency, self.talk.warned, given_up, stopped=stopped)
            )
        return done

    def _spent(self) -> Spending:
        """What this month has cost, this run included."""
        recorded = {day: summary.usage for day, summary in self.summaries.items()}
        month, currency = f"{self.now:%Y-%m}", self.config.budget.currency
        return together(self.ledger.month(month, recorded, currency), evaluated(self._state, month, currency))

    def _gather_all(self, days: Sequence[dt.date]) -> dict[dt.date, Gathered]:
        """What belongs to each of DAYS, oldest first; a paper that two of them could claim is the older one's."""
        found: dict[dt.date, Gathered] = {}
        claimed: set[str] = set()
        for day in days:
            found[day] = self.gather(day, claimed)
            claimed.update(paper.id for paper in found[day].papers)
        return found

    def forget(self, day: dt.date) -> None:
        """Let go of what no day after DAY needs: a backfill of years stays small."""
        read_again = day - dt.timedelta(days=self.config.arxiv.lookback_days + 2 * LONGEST_WINDOW_DAYS)
        self.source.forget(read_again)
        month = min(read_again, day - dt.timedelta(days=MONTH_DAYS))
        self._records = {date: record for date, record in self._records.items() if date >= month}
        related = day - dt.timedelta(days=WINDOW_DAYS)
        self._earlier = {date: picks for date, picks in self._earlier.items() if date >= related}

    def _hand_in(self, gathered: Mapping[dt.date, Gathered]) -> dict[dt.date, Sifted]:
        """Let the ledger hold verdicts on what is new of several days; return what of each was not handed in."""
        wanted = {day: to_judge(one.papers, self.begun(day), self.judge) for day, one in gathered.items()}
        if self.paid is None or not any(wanted.values()):
            return {}
        learned = self.learning.learned(min(gathered))
        todo: dict[dt.date, list[Paper]] = {}
        sifted: dict[dt.date, Sifted] = {}
        for day, one in gathered.items():
            local = local_view(one.papers, self.config, learned)
            plan = self.paid.plan(Gist(day, self.begun(day), one.papers, local))
            ids = {paper.id for paper in wanted[day]}
            todo[day] = [paper for paper in plan.sent if paper.id in ids]
            sifted[day] = Sifted(plan.spared, plan.audited)
        self.paid.hand_in(todo)
        return sifted

    def _waits(self, day: dt.date, gathered: Gathered, *, batched: bool) -> bool:
        """Whether a page of DAY would be new and nearly empty."""
        return self.paid is not None and self.begun(day) is None and self.paid.waits(gathered.papers, batched=batched)

    def do(self, day: dt.date, gathered: Gathered, sifted: Sifted | None = None) -> Day | None:
        """Judge and keep DAY; None if nothing at all could be read, which leaves everything as it was.

        SIFTED: what was not handed in with the day's batches; what they have not answered yet waits for a later run.
        """
        previous = self.begun(day)
        if not gathered.papers and gathered.announced and self.real(day) is None:
            self.talk.result(f"{day}: nothing could be read; a later run tries again")
            return None
        judged = self._judge(day, previous, gathered.papers, sifted)
        on_record = self.read(day)
        if on_record and on_record.imported and self.paid and self.paid.refused and not judged.verdicts:
            self.talk.result(f"{day}: stays as it was imported, since the model is refused")
            return on_record
        before = previous.usage if previous else Usage()
        usage = self.ledger.usage(day, before, self.config.budget.currency)
        record = make_day(
            day, self.config, previous=previous, gathered=gathered, judged=judged, usage=usage, now=self.now
        )
        abstracts = {paper.id: paper.abstract for paper in gathered.papers}
        record = with_changes(self._related(record, abstracts, previous), previous, self.now)
        self._keep(record, abstracts)
        self.learning.keep(record, gathered.papers)
        if judged.error:
            self.talk.warn(f"{day}: {judged.error}")
        self.talk.result(day_line(record, self.config.budget.currency))
        return record

    def mark_withdrawn(self, newest: dt.date) -> None:
        """Ask arXiv about the picks of the last days, and mark those that were withdrawn meanwhile."""
        since = newest - dt.timedelta(days=WATCHED_DAYS)
        days = [day for date in self.store.dates() if since <= date < newest and (day := self.real(date))]
        papers = self.source.look_up(watched(days)) if watched(days) else ()
        withdrawn = {paper.id for paper in papers if is_withdrawn(paper)}
        for day in days:
            if (marked := mark(day, withdrawn, self.now)) is not None:
                self._keep(marked, {})
                self.talk.result(f"{day.date}: {'; '.join(marked.changes[len(day.changes) :])}")

    def _related(self, record: Day, abstracts: Mapping[str, str], previous: Day | None) -> Day:
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
            self.talk.warn(str(error))
            return {}

    def _judge(self, day: dt.date, previous: Day | None, gathered: Sequence[Paper], sifted: Sifted | None) -> Judged:
        """Verdicts on what is new of DAY. Estimates never take the place of a model's verdicts."""
        if previous and previous.judge == "llm" and self.judge == "offline":
            self.talk.warn(f"{day} was begun by {previous.model}; without OPENAI_API_KEY no more of it is judged")
            return Judged("llm", unscored=still_open(previous, gathered, NO_KEY))
        papers = to_judge(gathered, previous, self.judge)
        if not papers:
            return Judged(previous.judge if previous else self.judge)
        learned = self.learning.learned(day)
        if learned is not None:
            self.talk.say(f"{day}: the local judge has learned from {learned.papers} papers")
        if self.paid is None:
            if learned is None and (mute := mute_fields(self.config)):
                self._warn_once(mute)
            return Judged("offline", offline_verdicts(papers, self.config, learned, self.learning.window(day)))
        gist = Gist(day, previous, gathered, local_view(gathered, self.config, learned))
        judged = self.paid.judge(gist, {paper.id for paper in papers}, sifted)
        if self.paid.refused is not None and not judged.verdicts and not _has_verdicts(previous):
            if previous is not None and previous.judge == "offline" and not previous.pending:
                return Judged("offline", error=judged.error)  # judged offline by choice: it stays so
            ranked = previous is not None and previous.pending and {paper.id for paper in gathered} <= previous.ids
            window = [] if ranked else self.learning.window(day)
            verdicts = {} if ranked else offline_verdicts(gathered, self.config, learned, window)
            return Judged("offline", verdicts, error=judged.error, pending=self.paid.refused.why)
        return judged._replace(recall=audit(self._month_before(day))) if judged.spared else judged

    def _month_before(self, day: dt.date) -> Iterator[Day]:
        """The real days of the month before DAY."""
        near = (date for date in self.store.dates() if 0 < (day - date).days <= MONTH_DAYS)
        return (record for date in near if (record := self.real(date)))

    def _keep(self, record: Day, abstracts: Mapping[str, str]) -> None:
        """Write RECORD; the first real day clears the sample days away."""
        before = self.read(record.date)
        kept = self.store.abstracts(record.date) if before and not before.sample else {}
        for summary in [one for one in self.summaries.values() if one.sample]:
            self.store.remove(summary.date)
            del self.summaries[summary.date]
        self.store.write(record, {**kept, **abstracts})
        self._records[record.date] = self.store.read(record.date)
        self._earlier.pop(record.date, None)

    def look(self, day: dt.date, options: Options) -> Forecast | None:
        """What judging DAY would take; None if nothing of it could be read."""
        gathered = self.gather(day)
        if not gathered.papers and gathered.announced:
            return None
        papers = to_judge(gathered.papers, self.begun(day), self.judge)
        return self._expected(papers, day, options) or Forecast(len(papers), 0, Tokens(), 0.0)

    def _expected(self, papers: Sequence[Paper], day: dt.date, options: Options) -> Forecast | None:
        """What asking about PAPERS would take, less those of batches under way; None for the offline judge."""
        if self.paid is None:
            return None
        expected = forecast([one for one in papers if one.id not in self.paid.flying], day, self.config, self.ledger)
        cost = expected.cost
        return expected._replace(cost=cost * DISCOUNT) if cost is not None and options.batch else expected

    def forecast(self, days: Sequence[dt.date], options: Options) -> int:
        """Say what judging DAYS would take; nothing is written and no model called."""
        self.check_budget(days)
        complete = True
        for day in days:
            previous, gathered = self.begun(day), self.gather(day)
            complete = complete and bool(gathered.papers or not gathered.announced)
            papers = to_judge(gathered.papers, previous, self.judge)
            expected = self._expected(papers, day, options)
            self.talk.result(forecast_line(day, gathered, len(papers), expected, self.config))
        return DONE if complete else INCOMPLETE
