"""`eval`: judges against each other, or against themselves, on days whose verdicts are known.

    days of the archive or of files of labels --+
    judges: recorded offline learned llm steady -+-> what it would cost -> runs -> figures -> table, JSON, page

A judge that learns is only ever taught by days before the one that it judges. What a model is asked is booked in a
ledger of its own (see judges.py); the budgets of config.toml hold for it and count it.
"""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from generator import __version__
from generator.core.errors import ConfigError, JudgeError
from generator.core.files import write_if_changed
from generator.evaluate import page as eval_page
from generator.evaluate import table as eval_tables
from generator.evaluate.compare import ComparedPaper, Report, Run, compare
from generator.evaluate.days import JudgedDay, days_to_judge, read_archive, read_files
from generator.evaluate.judges import (
    PAID,
    TAUGHT,
    EvalTask,
    JudgeSpec,
    RunResources,
    Teacher,
    expected,
    free_run,
    judge_spec,
    local_digest,
    paid_run,
    teacher_of,
)
from generator.judges.llm.budget import Budget, known_cost
from generator.judges.llm.ledger import EVALUATIONS, Ledger, locked
from generator.judges.local.linear import Learned
from generator.judges.local.training_data import LEARNING_FOLDER, Learning
from generator.records.store import store_of
from generator.run.report import cost_in_words, spent_in_month
from generator.settings.config import Config
from generator.settings.context import DONE, INCOMPLETE, STATE, Context
from generator.sources.gather import ArxivSource
from generator.sources.http import user_agent

MOST_EVAL_DAYS = 10
"""Newest days of the archive that are taken where no option names some."""
MOST_REPEATS = 5
RECORDED, ITSELF = "recorded", "self"

Confirm = Callable[[], bool]
"""Whether to go on, once it was shown what that costs."""


class EvalOptions(NamedTuple):
    """What the command line asks for. since, until: None leaves that end open."""

    judges: Sequence[str]
    against: str = RECORDED
    files: Sequence[Path] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    repeat: int = 1
    sample: int | None = None
    seed: int = 1
    top: int = 10
    json: Path | None = None
    page: Path | None = None


class _Forecast(NamedTuple):
    papers: int
    calls: int
    tokens: int
    cost: float | None


def evaluate(context: Context, options: EvalOptions, confirm: Confirm) -> int:
    """Compare the judges of OPTIONS and return the exit code: INCOMPLETE where some judge left papers out.

    Raises ConfigError for what cannot be compared, JudgeError where a model gives no verdict at all, BusyError if a run
    is at work: budgets are one.
    """
    judges, reference = _judges(context, options)
    _check_outputs(options)
    with locked(context.root / STATE):
        ledger = Ledger(context.root / STATE / EVALUATIONS)
        try:
            report = _Work(_Evaluation(context, options, ledger, judges, reference)).report(confirm)
        finally:
            ledger.close()
    if report is None:
        return DONE
    _publish(context, options, report)
    return INCOMPLETE if any(run.unscored for run in report.runs) else DONE


def _judges(context: Context, options: EvalOptions) -> tuple[list[JudgeSpec], JudgeSpec | None]:
    """The judges, and what they are held against; None: themselves."""
    if not 1 <= options.repeat <= MOST_REPEATS:
        raise ConfigError(f"--repeat {options.repeat}: from 1 to {MOST_REPEATS}")
    if options.top < 1 or (options.sample is not None and options.sample < 1):
        raise ConfigError("--top and --sample are numbers of papers, 1 or more")
    judges = [judge_spec(text, context.config, context.environment) for text in options.judges]
    reference = None
    if options.against != ITSELF:
        reference = judge_spec(options.against, context.config, context.environment)
    elif options.repeat == 1:
        raise ConfigError("--against self compares runs of one judge: ask for two with --repeat 2")
    seen: dict[str, str] = {}
    for spec in [*judges, *([reference] if reference else [])]:
        if spec.settings in seen:
            raise ConfigError(
                f"{seen[spec.settings]!r} and {spec.name!r} are one judge with the same settings; to hold it against"
                " itself, name it once and add --repeat 2"
            )
        seen[spec.settings] = spec.name
    if reference is None and all(spec.kind not in PAID for spec in judges):
        raise ConfigError("--against self needs a judge that asks a model: the other judges are deterministic")
    return judges, reference


def _check_outputs(options: EvalOptions) -> None:
    """Before anything is paid for: can the results be written?"""
    for option, path in (("--json", options.json), ("--page", options.page)):
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise ConfigError(f"{option} {path}: the folder of the file does not exist")


class _Evaluation(NamedTuple):
    """What one evaluation is given."""

    context: Context
    options: EvalOptions
    ledger: Ledger
    judges: Sequence[JudgeSpec]
    reference: JudgeSpec | None

    @property
    def everyone(self) -> list[JudgeSpec]:
        """The judges and the reference."""
        return [*self.judges, *([self.reference] if self.reference else [])]


class _Selection:
    """The days and papers that are compared. NOTE: told of what is left out."""

    def __init__(self, given: _Evaluation, note: Callable[[str], None]) -> None:
        self._context, self._options, self._everyone, self._note = given.context, given.options, given.everyone, note

    def question(self) -> tuple[EvalTask, list[ComparedPaper]]:
        """What is asked of every judge, and the papers of it that are compared."""
        days, teach = self._days()
        days = self._taught(days, teach)
        papers = self._papers(days)
        pooled = self._options.sample is not None
        return EvalTask(days, frozenset(listed.paper.id for listed in papers), pooled, teach), papers

    def _days(self) -> tuple[list[JudgedDay], Teacher]:
        """The days to judge, oldest first, and who teaches what the days before each teach."""
        options, context = self._options, self._context
        if options.files:
            known = read_files(options.files, context.config, self._note)
            days = [day for day in known if self._asked_for(day.date)]
            if not days:
                raise ConfigError(f"the files hold {known[0].date} to {known[-1].date}, and none of the days asked for")
            return days, teacher_of(known, context.talk)
        store = store_of(context.root)
        wanted = [date for date in store.dates() if self._asked_for(date)]
        verdicts = any(spec.kind == RECORDED for spec in self._everyone)
        named = options.since is not None or options.until is not None
        records = days_to_judge(
            store, wanted, self._note, verdicts=verdicts, most=len(wanted) if named else MOST_EVAL_DAYS
        )
        if not records:
            raise ConfigError(
                "no day of the archive that was asked for holds a model's verdicts; let `run` make some with a key,"
                " name other days, or give a file of labels with --file"
                if verdicts
                else "the archive holds no day that was asked for; make some with `run`, or give a file with --file"
            )
        agent = user_agent(__version__, context.config.site.url)
        source = ArxivSource(context.config.arxiv, agent, context.now, context.talk.warn)
        folder = context.root / STATE / LEARNING_FOLDER
        days = read_archive(store, folder, source.by_id, self._note, records)

        def learned(date: dt.date, config: Config) -> Learned | None:
            return Learning(folder, store, config, source.by_id, context.talk.warn).learned(date)

        return days, _once(learned)

    def _asked_for(self, date: dt.date) -> bool:
        since, until = self._options.since, self._options.until
        return (since is None or since <= date) and (until is None or date <= until)

    def _taught(self, days: Sequence[JudgedDay], teach: Teacher) -> list[JudgedDay]:
        """Those of DAYS that every judge can judge: one that learns needs days of verdicts before."""
        learners = [spec for spec in self._everyone if spec.kind in TAUGHT]
        found = [day for day in days if all(teach(day.date, learner.config) is not None for learner in learners)]
        if len(found) < len(days):
            early = [str(day.date) for day in days if day not in found]
            self._note(
                f"{len(early)} days are left out, {early[0]} to {early[-1]}: too few days of verdicts lie before them,"
                f" from which {learners[0].name} could learn"
            )
        if not found:
            raise ConfigError(f"{learners[0].name} has no training data: it needs three earlier days with verdicts")
        return found

    def _papers(self, days: Sequence[JudgedDay]) -> list[ComparedPaper]:
        """The papers to compare, or the sample of them that was asked for."""
        needs = any(spec.kind == RECORDED for spec in self._everyone)
        found = [
            ComparedPaper(paper, day.date, str(day.date))
            for day in days
            for paper in sorted(day.papers, key=lambda paper: paper.id)
            if not needs or paper.id in day.recorded
        ]
        if not found:
            raise ConfigError("no paper of these days has both a recorded verdict and an abstract")
        size = self._options.sample
        if size is None:
            return found
        if size > len(found):
            self._note(f"--sample {size}: there are no more than {len(found)} papers, and all are taken")
        drawn = random.Random(self._options.seed).sample(found, min(size, len(found)))  # noqa: S311 (no secret)
        return sorted((row._replace(group="sample") for row in drawn), key=lambda row: (row.date, row.paper.id))


class _Payment:
    """What the judges that are paid cost: told and agreed before, and bounded."""

    def __init__(self, given: _Evaluation) -> None:
        self._given, self._context = given, given.context
        self._month_before = spent_in_month(given.context.root, given.context.config, given.context.now)

    def numbers(self, spec: JudgeSpec) -> range:
        """Runs of a judge: a rank is the same every time, and a reference needs to be one."""
        repeated = spec.kind in PAID and spec is not self._given.reference
        return range(1, 1 + (self._given.options.repeat if repeated else 1))

    def agreed(self, question: EvalTask, papers: int, confirm: Confirm) -> bool:
        """Whether nothing more is to be paid, or what it costs is within the budgets and wanted."""
        talk, currency = self._context.talk, self._context.config.budget.currency
        talk.result(f"{_days_label(question.days)}, {papers:,} papers")
        looks = []
        for spec in self._given.everyone:
            if spec.kind not in PAID:
                continue
            self.budget(spec)  # a money budget without a price is an error before anything is paid
            look = self._forecast(spec, question)
            looks.append(look)
            talk.result(
                f"{spec.name}: {look.papers:,} verdicts to be paid for in {look.calls:,} calls, up to {look.tokens:,}"
                f" tokens, {cost_in_words(look.cost, currency)}"
                if look.papers
                else f"{spec.name}: all verdicts are paid for already"
            )
        if not any(look.papers for look in looks):
            return True
        self._refuse_too_much(papers, looks)
        return confirm()

    def _forecast(self, spec: JudgeSpec, question: EvalTask) -> _Forecast:
        """What all runs of SPEC would take."""
        twin = next(
            (other for other in self._given.everyone if other.kind == "llm" and other.config == spec.config), spec
        )
        shared = self.numbers(twin) if twin is not spec else range(0)
        parts = [
            expected(spec, number, question, self._given.ledger, first=number not in shared)
            for number in self.numbers(spec)
        ]
        costs = [part.cost for part in parts]
        return _Forecast(
            sum(part.papers for part in parts),
            sum(part.calls for part in parts),
            sum(part.tokens.input + part.tokens.output for part in parts),
            None if None in costs else sum(cost for cost in costs if cost is not None),
        )

    def _refuse_too_much(self, papers: int, looks: Sequence[_Forecast]) -> None:
        """Raise ConfigError where the budgets would stop the evaluation on its way."""
        limits, month = self._context.config.budget, self._month_before
        tokens, costs = sum(look.tokens for look in looks), [look.cost for look in looks]
        cost = None if None in costs else sum(cost for cost in costs if cost is not None)
        rows = [
            ("tokens", tokens, limits.tokens_per_run, limits.tokens_per_month, month.tokens),
            (limits.currency, cost, limits.money_per_run, limits.money_per_month, month.cost),
        ]
        for what, needed, of_run, of_month, spent in rows:
            left = min((limit for limit in (of_run, _less(of_month, spent or 0)) if limit is not None), default=None)
            if needed is None or left is None or needed <= left:
                continue
            fitting = int(papers * left / needed)
            sample = f"take --sample {fitting}, or " if fitting else ""
            name, digits = ("tokens", ",.0f") if what == "tokens" else ("money", ",.2f")
            raise ConfigError(
                f"that may take {needed:{digits}} {what}, and the budgets leave {max(0, left):{digits}};"
                f" {sample}raise {name}_per_run or {name}_per_month in [budget]"
            )

    def budget(self, spec: JudgeSpec) -> Budget:
        """What is left to SPEC of the month, and of the run that the whole command is."""
        limits, price = spec.config.budget, spec.config.price(spec.config.llm.model)
        month = spent_in_month(self._context.root, self._context.config, self._context.now)
        spent = month - self._month_before
        left = {
            "tokens_per_run": _less(limits.tokens_per_run, spent.tokens),
            "money_per_run": _less(limits.money_per_run, known_cost(spent, price)),
        }
        return Budget(limits.model_copy(update=left), price, spec.config.llm.model, month)


class _Work:
    """One evaluation: what it is given, and its notes on what is left out."""

    def __init__(self, given: _Evaluation) -> None:
        self._given, self._context = given, given.context
        self._notes: list[str] = []
        self._selection = _Selection(given, self._note)
        self._payment = _Payment(given)
        for warning in given.ledger.warnings:
            self._context.talk.warn(warning)

    def _note(self, text: str) -> None:
        self._notes.append(text)
        self._context.talk.warn(text)

    def report(self, confirm: Confirm) -> Report | None:
        """What is found; None where nobody wanted to pay for it."""
        question, papers = self._selection.question()
        if not self._payment.agreed(question, len(papers), confirm):
            return None
        runs = [
            self._run(judge, number, question)
            for judge in self._given.judges
            for number in self._payment.numbers(judge)
        ]
        reference = self._run(self._given.reference, 1, question) if self._given.reference else None
        found = compare(
            papers, reference, runs,
            fields=[field.slug for field in self._context.config.fields],
            k=self._given.options.top, seed=self._given.options.seed, notes=self._notes,
        )  # fmt: skip
        if not found.papers:
            raise JudgeError(f"no paper has a verdict of every judge: {'; '.join(found.notes)}")
        return found

    def _run(self, judge: JudgeSpec, number: int, question: EvalTask) -> Run:
        if judge.kind not in PAID:
            return free_run(judge, question)
        talk = self._context.talk
        run = paid_run(
            judge,
            number,
            question,
            RunResources(self._given.ledger, self._payment.budget(judge), self._context.now, talk),
        )
        if run.error is not None:
            talk.warn(str(run.error))
        if not run.opinions:
            why = ", ".join(sorted(set(run.unscored.values())))
            raise run.error or JudgeError(f"{judge.name} gave no verdict at all ({why}); nothing can be compared")
        return run


def _less(limit: float | None, spent: float) -> float | None:
    """What is left of LIMIT; None: no limit."""
    return None if limit is None else max(0, limit - spent)


def _once(teach: Teacher) -> Teacher:
    """TEACH, asked once for each date and set of fields."""
    known: dict[tuple[dt.date, str], Learned | None] = {}

    def ask(date: dt.date, config: Config) -> Learned | None:
        key = (date, local_digest(config))
        if key not in known:
            known[key] = teach(date, config)
        return known[key]

    return ask


def _days_label(days: Sequence[JudgedDay]) -> str:
    first, last = days[0].date, days[-1].date
    return str(first) if len(days) == 1 else f"{len(days)} days, {first} to {last}"


def _publish(context: Context, options: EvalOptions, report: Report) -> None:
    """The table to stdout; JSON and page into their files."""
    config = context.config
    for line in eval_tables.lines(report, config):
        context.talk.result(line)
    if options.json:
        _write(options.json, eval_tables.as_json(report, config, context.now), context)
    if options.page:
        _write(options.page, eval_page.make(report, config, context.now), context)


def _write(path: Path, content: bytes, context: Context) -> None:
    try:
        write_if_changed(path, content)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}") from None
    context.talk.say(f"{path} written")
