"""Who judges the days of a run: the paid judge, the local one, or nobody."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from generator.core.console import Talk
from generator.core.model import Day, Paper
from generator.core.why import NO_KEY
from generator.judges.judged import Forecast, Judged, JudgeName
from generator.judges.llm.batch_answers import DISCOUNT
from generator.judges.llm.calls import forecast
from generator.judges.llm.ledger import Ledger
from generator.judges.llm_judge import JudgeInput, PaidJudge
from generator.judges.local.keywords import fields_without_english
from generator.judges.local.training_data import Learning
from generator.judges.pipeline import local_view, offline_verdicts
from generator.judges.prefilter import PrefilterResult, audit
from generator.run.open_records import OpenRecords
from generator.run.record_day import still_open, to_judge
from generator.settings.config import Config
from generator.sources.announcement import Gathered


@dataclass
class DayJudge:
    """The judge of a run, and what it works with. paid: None where the local judge ranks."""

    name: JudgeName
    paid: PaidJudge | None
    learning: Learning
    records: OpenRecords
    ledger: Ledger
    config: Config
    talk: Talk
    warn_once: Callable[[str], None]

    def check_budget(self, days: Sequence[dt.date]) -> None:
        """Raises ConfigError for a budget that allows no call on DAYS, as there is no price to count by."""
        if days and self.paid:
            self.paid.check_budget()

    def hand_in(self, gathered: Mapping[dt.date, Gathered]) -> dict[dt.date, PrefilterResult]:
        """Let the ledger hold verdicts on what is new of several days; return what of each was not handed in."""
        wanted = {day: to_judge(part.papers, self.records.begun(day), self.name) for day, part in gathered.items()}
        if self.paid is None or not any(wanted.values()):
            return {}
        learned = self.learning.learned(min(gathered))
        todo: dict[dt.date, list[Paper]] = {}
        sifted: dict[dt.date, PrefilterResult] = {}
        for day, part in gathered.items():
            local = local_view(part.papers, self.config, learned)
            plan = self.paid.plan(JudgeInput(day, self.records.begun(day), part.papers, local))
            ids = {paper.id for paper in wanted[day]}
            todo[day] = [paper for paper in plan.sent if paper.id in ids]
            sifted[day] = PrefilterResult(plan.spared, plan.audited)
        self.paid.hand_in(todo)
        return sifted

    def waits(self, day: dt.date, gathered: Gathered, *, batched: bool) -> bool:
        """Whether a page of DAY would be new and nearly empty."""
        return (
            self.paid is not None
            and self.records.begun(day) is None
            and self.paid.waits(gathered.papers, batched=batched)
        )

    def judge(
        self, day: dt.date, previous: Day | None, gathered: Sequence[Paper], sifted: PrefilterResult | None
    ) -> Judged:
        """Verdicts on what is new of DAY. Estimates never take the place of a model's verdicts."""
        if previous and previous.judge == "llm" and self.name == "offline":
            self.talk.warn(f"{day} was started by {previous.model}; without OPENAI_API_KEY no more of it is judged")
            return Judged("llm", unscored=still_open(previous, gathered, NO_KEY))
        papers = to_judge(gathered, previous, self.name)
        if not papers:
            return Judged(previous.judge if previous else self.name)
        learned = self.learning.learned(day)
        if learned is not None:
            self.talk.say(f"{day}: the local judge learned from {learned.papers} papers")
        if self.paid is None:
            if learned is None and (mute := fields_without_english(self.config)):
                self.warn_once(mute)
            return Judged("offline", offline_verdicts(papers, self.config, learned, self.learning.window(day)))
        gist = JudgeInput(day, previous, gathered, local_view(gathered, self.config, learned))
        judged = self.paid.judge(gist, {paper.id for paper in papers}, sifted)
        if self.paid.refused is not None and not judged.verdicts and not _has_verdicts(previous):
            if previous is not None and previous.judge == "offline" and not previous.pending:
                return Judged("offline", error=judged.error)  # judged offline by choice: it stays so
            ranked = previous is not None and previous.pending and {paper.id for paper in gathered} <= previous.ids
            window = [] if ranked else self.learning.window(day)
            verdicts = {} if ranked else offline_verdicts(gathered, self.config, learned, window)
            return Judged("offline", verdicts, error=judged.error, pending=self.paid.refused.why)
        return judged._replace(recall=audit(self.records.month_before(day))) if judged.spared else judged

    def forecast(self, day: dt.date, gathered: Gathered, *, batch: bool) -> tuple[int, Forecast | None]:
        """How many papers of DAY there are to judge, and what asking about them takes; None for the local judge."""
        papers = to_judge(gathered.papers, self.records.begun(day), self.name)
        if self.paid is None:
            return len(papers), None
        asked = [paper for paper in papers if paper.id not in self.paid.in_flight]
        expected = forecast(asked, day, self.config, self.ledger)
        if batch and expected.cost is not None:
            expected = expected._replace(cost=expected.cost * DISCOUNT)
        return len(papers), expected


def _has_verdicts(previous: Day | None) -> bool:
    """Whether a model has judged papers of PREVIOUS."""
    return previous is not None and previous.judge == "llm" and bool(previous.picks or previous.rest)
