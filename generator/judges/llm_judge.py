"""The judge that is paid, during one run: what a day asks of the model, at once or in batches, within the budget."""

import datetime as dt
import functools
import time
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from generator.core.console import Talk
from generator.core.errors import JudgeError, RefusedError
from generator.core.model import Day, Paper, Spending
from generator.core.why import MODEL_ERROR, NO_BUDGET, WAITING
from generator.judges.judged import Judged
from generator.judges.llm import batch_answers, batch_api, batch_states
from generator.judges.llm.budget import Budget
from generator.judges.llm.calls import Scored, answered, score_papers
from generator.judges.llm.client import Model
from generator.judges.llm.grouping import day_seed
from generator.judges.llm.ledger import Ledger
from generator.judges.llm.prompt import profile_digest
from generator.judges.pipeline import TITLE, Judgement, Local, Plan, judge_steadily, plan_day
from generator.judges.prefilter import PrefilterResult
from generator.settings.config import Config

MOST_BOUNDED = 10
"""Papers with a bounded score of which a run tells by name."""


class JudgeInput(NamedTuple):
    """What a day's verdicts hang on: its record so far, all of its papers, and what the local judge holds of them."""

    day: dt.date
    previous: Day | None
    papers: Sequence[Paper]
    local: Local


class _Resources:
    """What the paid judge asks with, each opened when it is first needed: the endpoint, the budget, the batches."""

    def __init__(
        self, folder: Path, config: Config, key: SecretStr, *,
        ledger: Ledger, now: dt.datetime, talk: Talk, spent: Callable[[], Spending],
    ) -> None:  # fmt: skip
        self._folder, self._config, self._key, self._ledger = folder, config, key, ledger
        self._now, self._talk, self._spent = now, talk, spent
        self.opened = ExitStack()
        self._model: Model | None = None
        self.budget: Budget | None = None
        self._batch_dependencies: batch_answers.Dependencies | None = None

    def endpoint(self) -> Model:
        """The model's endpoint."""
        if self._model is None:
            self._model = self.opened.enter_context(Model(self._config, self._key))
        return self._model

    def open_budget(self) -> Budget:
        """The budget. Raises ConfigError for one in money without a price of the model."""
        if self.budget is None:
            model = self._config.llm.model
            self.budget = Budget(self._config.budget, self._config.price(model), model, self._spent())
        return self.budget

    def batches(self) -> batch_answers.Dependencies:
        """What batches work with; their patience begins with the first call and is one for the whole command."""
        if self._batch_dependencies is None:
            settings = self._config.llm
            patience = batch_answers.Patience(
                time.monotonic() + settings.batch_minutes * 60, settings.batch_pause_seconds
            )
            self._batch_dependencies = batch_answers.Dependencies(
                self._folder, self._config, self.endpoint(), self._ledger, self.open_budget(), self._now,
                self._talk.say, self._talk.warn, patience,
            )  # fmt: skip
        return self._batch_dependencies

    def forget_budget(self) -> None:
        """Open the budget anew when it is needed next."""
        self._batch_dependencies = self.budget = None


class PaidJudge:
    """The model, its budget and its batches. SPENT: what this month has cost so far.

    in_flight: papers about which batches under way ask what is now configured.
    """

    def __init__(
        self, state: Path, config: Config, key: SecretStr, *,
        ledger: Ledger, now: dt.datetime, talk: Talk, spent: Callable[[], Spending],
    ) -> None:  # fmt: skip
        """Raises RecordError for the state of a batch that cannot be read."""
        self._folder = state / batch_states.BATCHES_FOLDER
        self._config = config
        self._ledger = ledger
        self._now = now
        self._talk = talk
        self._means = _Resources(self._folder, config, key, ledger=ledger, now=now, talk=talk, spent=spent)
        self.in_flight = batch_states.in_flight(self._folder, config)
        self.refused: RefusedError | None = None
        """Why the endpoint is asked nothing more in this run: only the operator can help."""

    def close(self) -> None:
        self._means.opened.close()

    def check_budget(self) -> None:
        """Raises ConfigError for a budget in money without a price of the model."""
        self._means.open_budget()

    def collect(self) -> None:
        """Look once at the batches that earlier runs have submitted: what they have answered is not asked again."""
        if batch_states.states_count(self._folder):
            try:
                batch_api.collect(self._means.batches())
            except JudgeError as error:
                self._stumble(error)
            self.in_flight = batch_states.in_flight(self._folder, self._config)
            self._means.forget_budget()  # what was collected has cost money

    def hand_in(self, todo: Mapping[dt.date, Sequence[Paper]]) -> None:
        """Let the ledger hold verdicts on the papers of TODO, as far as batches give them in time."""
        if self.refused is not None:
            return
        try:
            batch_api.judge(todo, self._means.batches())
        except JudgeError as error:
            self._stumble(error)
        self.in_flight = batch_states.in_flight(self._folder, self._config)

    def _stumble(self, error: JudgeError) -> None:
        """Batches cannot be used: say why, and ask nothing more if that is what every call would get."""
        self._talk.warn(str(error))
        if isinstance(error, RefusedError):
            self.refused = error

    def tell(self) -> None:
        """Say, at the end, which batches are under way and whether the budget has refused anything."""
        if count := batch_states.states_count(self._folder):
            self._talk.warn(
                f"batches in progress: {count}; a later run collects their answers. To give up on them, delete"
                f" {self._folder}: their papers are then asked about, and paid for, again"
            )
        if self._means.budget and self._means.budget.refused:
            self._talk.warn(self._means.budget.refused)

    def waits(self, papers: Sequence[Paper], *, batched: bool) -> bool:
        """Whether nearly all PAPERS would be without a verdict: batches have them, or answered none of them."""
        paid = answered(papers, self._config, self._ledger)
        return bool(papers) and (
            (batched and not paid) or not self.in_flight.isdisjoint({paper.id for paper in papers} - paid)
        )

    def plan(self, gist: JudgeInput) -> Plan:
        """Which papers are sent; those that were before, that are paid for or in a batch are in any case."""
        known = gist.previous.ids if gist.previous and gist.previous.judge == "llm" else frozenset()
        paid = answered(gist.papers, self._config, self._ledger)
        seed = day_seed(gist.day, profile_digest(self._config))
        return plan_day(gist.papers, gist.local, self._config, seed, known | paid | self.in_flight)

    def judge(self, gist: JudgeInput, wanted: Set[str], sifted: PrefilterResult | None) -> Judged:
        """The model's verdicts on those papers that are WANTED, less what is spared.

        SIFTED: what was not submitted with the day's batches; what they have not answered yet waits for a later run.
        """
        paid = answered(gist.papers, self._config, self._ledger)
        in_flight = self.in_flight & wanted - paid
        if sifted is None:
            plan = self.plan(gist)
        else:
            spared = {paper_id: chance for paper_id, chance in sifted.spared.items() if paper_id not in paid}
            plan = Plan(tuple(paper for paper in gist.papers if paper.id not in spared), spared, sifted.audited)
        sent = [paper for paper in plan.sent if paper.id in paid or (paper.id in wanted and paper.id not in in_flight)]
        wait = sifted is not None or self.refused is not None
        score = functools.partial(self._score, gist.day, wait=wait)
        outcome = judge_steadily(sent, gist.local, self._config, score)
        first = outcome.first
        if isinstance(first.error, RefusedError):
            self.refused = first.error
        _tell_of_models(gist.day, first, self._talk)
        _tell_of_bounds(gist.day, outcome, wanted, self._talk)
        return Judged(
            "llm",
            {paper_id: verdict for paper_id, verdict in outcome.verdicts.items() if paper_id in wanted},
            {key: _why(why, self.refused, wait=wait) for key, why in first.unscored.items() if key in wanted}
            | dict.fromkeys(in_flight, WAITING),
            first.model, first.seed, first.error,
            plan.spared, plan.audited, None, outcome.foreign, outcome.lifted,
            {paper_id: bound for paper_id, bound in outcome.bounded.items() if paper_id in wanted},
            second_votes=outcome.votes, other_models=first.other_models,
        )  # fmt: skip

    def _score(self, day: dt.date, papers: Sequence[Paper], vote: int, *, wait: bool) -> Scored:
        def progress(done: int, total: int) -> None:
            if vote in (1, TITLE) or not wait:  # else nothing is asked: what was paid for before is looked up
                self._talk.progress(f"{day}: judged", done, total)

        return score_papers(
            papers, day, self._config,
            ask=self._means.endpoint().ask, ledger=self._ledger, budget=self._means.open_budget(), now=self._now,
            progress=progress, vote=vote, paid_only=wait and vote != TITLE,
        )  # fmt: skip


def _tell_of_models(day: dt.date, first: Scored, talk: Talk) -> None:
    """Name the models of DAY if more than one answered."""
    if first.other_models:
        names = ", ".join(filter(None, (first.model, *first.other_models)))
        talk.warn(f"{day}: several models answered: {names}; one may be more lenient than another")


def _tell_of_bounds(day: dt.date, outcome: Judgement, wanted: Set[str], talk: Talk) -> None:
    """Name the papers of DAY whose scores were bounded, with the figures, and count those without a title vote."""
    rows = [
        f"{paper_id} from {bound.score:g} to {outcome.verdicts[paper_id].score:g}"
        + ("" if bound.title is None else f" (its title earns {bound.title:g})")
        for paper_id, bound in sorted(outcome.bounded.items(), key=lambda row: (-row[1].score, row[0]))
        if paper_id in wanted
    ]
    if rows:
        more = f" and {len(rows) - MOST_BOUNDED} more" if len(rows) > MOST_BOUNDED else ""
        talk.warn(f"{day}: scores bounded by the title: {', '.join(rows[:MOST_BOUNDED])}{more}")
    if untitled := outcome.untitled & wanted:
        talk.warn(f"{day}: {len(untitled)} picks were not judged by their titles: their scores are not bounded")


def _why(why: str, refused: RefusedError | None, *, wait: bool) -> str:
    """WHY a paper has no verdict; a refusal explains what was not asked."""
    if refused is not None and why in (NO_BUDGET, MODEL_ERROR):
        return refused.why
    return WAITING if wait and why == NO_BUDGET else why
