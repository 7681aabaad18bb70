"""All papers of a day through the paid judge: asked side by side, booked before use, asked again in smaller groups.

Every paper ends with a verdict or a recorded reason for having none (core/why.py); what a provider says changes
with every call and stands in `Scored.details`.
"""

import datetime as dt
import math
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple, assert_never

from generator.core.errors import ArxivDailyError, JudgeError
from generator.core.i18n import in_language
from generator.core.model import Paper, Verdict
from generator.core.why import (
    CUT_OFF,
    FILTERED,
    MODEL_BUSY,
    MODEL_ERROR,
    MODEL_REJECTS,
    MODEL_SILENT,
    NO_ANSWER,
    NO_BUDGET,
    REFUSED,
    TOO_LONG,
)
from generator.judges.injection import is_flagged
from generator.judges.judged import Forecast
from generator.judges.llm.budget import Budget, Estimator, believable, cost_of
from generator.judges.llm.grouping import Batch, day_seed, plan, split
from generator.judges.llm.ledger import Ledger, LedgerLine, LedgerRow, LedgerVerdict
from generator.judges.llm.misplaced import in_place, marks
from generator.judges.llm.prompt import ledger_key, profile_digest, titles_only
from generator.judges.llm.provider_errors import Failure
from generator.judges.llm.reply import Reply, Tokens
from generator.settings.config import Config

_OF_PROBLEMS = {"refused": REFUSED, "filtered": FILTERED, "length": CUT_OFF}
"""What a reply's problem is called there; any other one: NO_ANSWER."""

_TOO_LONG = re.compile(
    r"context[ _-](?:size|length|window)|maximum context|too many tokens|(?:prompt|input) is too long", re.IGNORECASE
)
"""What endpoints say of a question that does not fit, in their own words."""

Ask = Callable[[Sequence[Paper], bool], Reply | Failure]
"""Asks about some papers; True: again, because a reason was missing or in another language."""
CallResult = Reply | Failure | str
Progress = Callable[[int, int], None]
"""Told how many of how many papers have a verdict."""

_TITLES_A_CALL = 4  # times as many as papers: a title is an eighth of a paper, and the rubric is paid once a call
_ROUNDS = 4  # asked in the batch, in half of it, alone, alone again
_PATIENCE = 3  # groups without anything useful, before the asking stops
_BACKOFF_LIMIT = 60.0  # seconds


class Call(NamedTuple):
    """What counts of one reply, for whoever wants to know how lenient it was."""

    number: int
    scores: dict[str, float]


class Scored(NamedTuple):
    """What became of a day's papers.

    unscored: id -> why. model: the one that answered for most papers, None if none did. calls: those whose verdicts
    count, earlier runs' included. error: what stopped the asking early. details: what the endpoint said of failures.
    other_models: those that answered for the other papers.
    """

    verdicts: dict[str, Verdict]
    unscored: dict[str, str]
    model: str | None
    seed: int
    calls: tuple[Call, ...]
    error: JudgeError | None
    details: tuple[str, ...] = ()
    other_models: tuple[str, ...] = ()


class _Group(NamedTuple):
    """Papers that are asked about in one call, for the ROUND-th time. again: for their reasons only."""

    papers: Batch
    round: int = 1
    again: bool = False


def forecast(papers: Sequence[Paper], day: dt.date, config: Config, ledger: Ledger, vote: int = 1) -> Forecast:
    """What `score_papers` would ask and what that would cost, calling no model."""
    keys = _keys(papers, config, vote)
    known = [paper for paper, key in keys.items() if ledger.lookup(key)]
    alone = {paper.id for paper in papers if is_flagged(paper)}
    batches = plan(papers, known, _size(papers, config), day_seed(day, profile_digest(config)), alone)
    estimator = Estimator(config)
    each = [estimator.expect(batch) for batch in batches]
    tokens = Tokens(sum(part.input for part in each), output=sum(part.output for part in each))
    return Forecast(len(papers) - len(known), len(batches), tokens, cost_of(tokens, config.price(config.llm.model)))


def score_papers(
    papers: Sequence[Paper],
    day: dt.date,
    config: Config,
    *,
    ask: Ask,
    ledger: Ledger,
    budget: Budget,
    now: dt.datetime,
    progress: Progress = lambda _done, _total: None,
    seed: int | None = None,
    alone: Collection[str] = (),
    vote: int = 1,
    paid_only: bool = False,
) -> Scored:
    """A verdict for each of PAPERS, from LEDGER where it was paid for, else from ASK, unless PAID_ONLY.

    VOTE: 1, or another number for a further opinion; the ledger keeps them apart. Papers without abstracts are judged
    by their titles, more of them a call, and nobody asks for reasons. Those in ALONE, and those whose text
    gives orders, are never judged beside others. One that was asked alone in vain today waits for another day. Picks
    whose reason is missing or in another language are asked about once more, together, so that there is no more than
    one such call per batch; scores stay. Raises RecordError if the ledger cannot be written: nothing is paid then that
    would be lost. ASK's JudgeError stops the asking and comes back as `error`.
    """
    if len({paper.id for paper in papers}) != len(papers):
        raise ValueError("a paper is given twice")
    if seed is None:
        seed = day_seed(day, profile_digest(config))
    run = _Run(papers, _Dependencies(day, config, ask, ledger, budget, now, progress, vote))
    titles = titles_only(papers)
    size = _size(papers, config)
    alone = {*alone, *(paper.id for paper in papers if is_flagged(paper))}
    settled = {*run.papers.answered, *run.papers.unanswered_today()}
    if paid_only:
        run.papers.leave(settled)
    else:
        run.ask_all(_Group(batch) for batch in plan(papers, settled, size, seed, alone))
    if not titles:
        run.ask_all(
            _Group(batch, _ROUNDS, again=True) for batch in plan(run.papers.unexplained(), (), size, seed, alone)
        )
    return run.result(seed)


def _size(papers: Sequence[Paper], config: Config) -> int:
    """How many of PAPERS are asked about in one call."""
    return config.llm.papers_per_call * (_TITLES_A_CALL if titles_only(papers) else 1)


def answered(papers: Iterable[Paper], config: Config, ledger: Ledger) -> frozenset[str]:
    """Those of PAPERS whose first vote is paid for."""
    return frozenset(paper for paper, key in _keys(papers, config).items() if ledger.lookup(key))


def _keys(papers: Iterable[Paper], config: Config, vote: int = 1) -> dict[str, str]:
    """The key of each paper's verdict in the ledger, by id."""
    profile = profile_digest(config)
    return {paper.id: ledger_key(paper.id, profile, config.llm.model, vote) for paper in papers}


class _Dependencies(NamedTuple):
    """What a run works with, in the words of `score_papers`."""

    day: dt.date
    config: Config
    ask: Ask
    ledger: Ledger
    budget: Budget
    now: dt.datetime
    progress: Progress
    vote: int = 1


class _Papers:
    """The papers of a day and what is known of each: a verdict in the ledger, why it has none, or nothing yet."""

    def __init__(self, papers: Sequence[Paper], dependencies: _Dependencies) -> None:
        self.all = papers
        self._config, self._ledger, self._now = dependencies.config, dependencies.ledger, dependencies.now
        self.keys = _keys(papers, self._config, dependencies.vote)
        self._first = _keys(papers, self._config) if dependencies.vote > 1 else {}
        self._why: dict[str, str] = {}

    @property
    def answered(self) -> dict[str, LedgerVerdict]:
        """What the ledger holds of the day's papers, by id."""
        found = {paper: self._ledger.lookup(key) for paper, key in self.keys.items()}
        return {paper: kept for paper, kept in found.items() if kept is not None}

    def unexplained(self) -> list[Paper]:
        """Picks by this vote whose reason is missing or in another language, and that were not asked about again."""
        threshold, language = self._config.lowest_threshold, self._config.site.language
        explained = {
            paper
            for paper, key in self._first.items()
            if (first := self._ledger.lookup(key)) and first.answer.score >= threshold
        }
        picks = {
            paper: answer.reason(language) or ""
            for paper, answer in self.answered.items()
            if answer.answer.score >= threshold and answer.times == 1
        }
        bare = {paper for paper, reason in picks.items() if not in_language(reason, language)} - explained
        return [paper for paper in self.all if paper.id in bare]

    def unanswered_today(self) -> Collection[str]:
        """Give up the papers that had no valid answer today though they were asked about alone; they are named."""
        kept, today = self.answered, self._now.date()
        asked = {
            paper: self._ledger.why_unanswered(key, today) for paper, key in self.keys.items() if paper not in kept
        }
        self._why.update(
            {paper_id: _OF_PROBLEMS.get(why, NO_ANSWER) for paper_id, why in asked.items() if why is not None}
        )
        return self._why.keys()

    def leave(self, settled: Collection[str]) -> None:
        """Ask about none of the papers that are not SETTLED."""
        self.give_up([paper for paper in self.all if paper.id not in settled], NO_BUDGET)

    def give_up(self, papers: Iterable[Paper], why: str) -> None:
        """Note WHY none of PAPERS gets a verdict in this run."""
        self._why.update({paper.id: why for paper in papers})

    def result(self, seed: int, error: JudgeError | None, details: Iterable[str]) -> Scored:
        kept = self.answered
        language = self._config.site.language
        verdicts = {paper.id: _verdict(kept[paper.id], language) for paper in self.all if paper.id in kept}
        unscored = {paper.id: self._why[paper.id] for paper in self.all if paper.id not in kept}
        models = Counter(answer.model for answer in kept.values())
        names = sorted(models, key=lambda name: (-models[name], name))
        model, others = next(iter(names), None), tuple(names[1:])
        return Scored(verdicts, unscored, model, seed, _calls(kept), error, tuple(details), others)


class _Caller:
    """Makes the calls, in threads, and books each before its answer is used. stop: no further call begins."""

    def __init__(self, papers: _Papers, dependencies: _Dependencies) -> None:
        self._with = dependencies
        self._keys = papers.keys
        self._estimator = Estimator(dependencies.config)
        self.stop = threading.Event()

    def call(self, papers: Batch, again: bool) -> CallResult:
        """Ask about PAPERS, anew where it helps; else why not, in a word for the record."""
        attempt = 0
        while not self.stop.is_set():
            hold = self._with.budget.reserve(expected := self._estimator.expect(papers))
            if hold is None:
                return NO_BUDGET
            spent: Tokens | None = Tokens()
            try:
                outcome = self._with.ask(papers, again)
                if isinstance(outcome, Reply):
                    tokens = believable(outcome.tokens, expected.input, len(outcome.answers))
                    outcome = in_place(outcome._replace(tokens=tokens), marks(papers))
                spent = outcome.tokens if isinstance(outcome, Reply) else None if outcome.uncertain else Tokens()
                self._book(papers, outcome, expected, again)
            except ArxivDailyError:  # no key, no disk: no other thread begins a call meanwhile
                self.stop.set()
                raise
            finally:
                self._with.budget.settle(hold, spent)
            if isinstance(outcome, Reply) or outcome.wait_seconds is None:
                return outcome
            if attempt >= min(self._with.config.llm.retries, (0 if again else 1) if outcome.uncertain else math.inf):
                return outcome  # what may be paid for in vain is tried twice at most, a reason once
            self.stop.wait(max(outcome.wait_seconds, min(0.5 * 2**attempt, _BACKOFF_LIMIT)))
            attempt += 1
        return MODEL_ERROR

    def _book(self, papers: Sequence[Paper], outcome: Reply | Failure, expected: Tokens, again: bool) -> None:
        """Write into the ledger what was, or may have been, paid for."""
        if isinstance(outcome, Failure) and not outcome.uncertain:
            return
        reply = outcome if isinstance(outcome, Reply) else Reply({}, None, None)
        model = reply.model or self._with.config.llm.model
        price = self._with.config.price(model) or self._with.config.price(self._with.config.llm.model)
        if reply.tokens is not None:
            self._estimator.learn(len(papers), reply.tokens.output)
        self._with.ledger.append(
            LedgerLine(
                n=0,
                at=self._with.now,
                day=self._with.day,
                model=model,
                tokens=reply.tokens,
                estimate=expected.input + expected.output if reply.tokens is None else 0,
                cost=None if reply.tokens is None else cost_of(reply.tokens, price, self._with.now),
                currency=self._with.config.budget.currency,
                problem=outcome.problem if isinstance(outcome, Reply) else outcome.kind,
                verdicts={
                    self._keys[paper]: LedgerRow(id=paper, **answer._asdict())
                    for paper, answer in reply.answers.items()
                },
                again=tuple(self._keys[paper.id] for paper in papers) if again else (),
                vain=() if again or reply.answers or isinstance(outcome, Failure) else self._alone(papers),
            )
        )

    def _alone(self, papers: Sequence[Paper]) -> tuple[str, ...]:
        """The key of the paper that is alone in PAPERS."""
        return (self._keys[papers[0].id],) if len(papers) == 1 else ()


class _Run:
    """The asking about one day: which groups, what becomes of each. All that decides runs in the caller's thread."""

    def __init__(self, papers: Sequence[Paper], dependencies: _Dependencies) -> None:
        self.papers = _Papers(papers, dependencies)
        self._caller = _Caller(self.papers, dependencies)
        self._config, self._progress = dependencies.config, dependencies.progress
        self._error: JudgeError | None = None
        self._fruitless = 0
        self._fruitful = False
        self._details: dict[str, None] = {}

    def ask_all(self, groups: Iterable[_Group]) -> None:
        """Ask about GROUPS and what becomes of them, until every paper is settled.

        No call begins before it is known what became of the earlier ones, but for those that are under way: a run that
        is to end makes no further one, however slowly it is looked at.
        """
        concurrency = self._config.llm.concurrency
        pool = ThreadPoolExecutor(concurrency, thread_name_prefix="judge")
        left = deque(groups)
        waiting: dict[Future[CallResult], _Group] = {}
        try:
            while left or waiting:
                while left and len(waiting) < concurrency:
                    group = left.popleft()
                    waiting[pool.submit(self._caller.call, group.papers, group.again)] = group
                self._progress(len(self.papers.answered), len(self.papers.all))
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    left += self._follow(waiting.pop(future), future)
        except BaseException:  # an interrupt or a full disk: calls under way end and are booked, no other begins
            self._caller.stop.set()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        self._progress(len(self.papers.answered), len(self.papers.all))

    def _follow(self, group: _Group, future: Future[CallResult]) -> list[_Group]:
        """The groups to ask about after GROUP; notes the papers that are given up."""
        try:
            outcome = future.result()
        except JudgeError as error:
            self._halt(error)
            return self._give_up(group.papers, MODEL_ERROR)
        kept = self.papers.answered
        left = tuple(paper for paper in group.papers if paper.id not in kept)
        self._fruitful = self._fruitful or len(left) < len(group.papers)
        if not left:
            self._fruitless = 0
            return []
        if isinstance(outcome, str):
            return self._give_up(left, outcome)
        if isinstance(outcome, Reply):
            self._count(group, len(left) == len(group.papers) and outcome.problem in ("invalid", "length"), NO_ANSWER)
            return self._after_reply(group, left, outcome)
        self._count(group, outcome.kind != "filtered", outcome.detail)
        return self._after_failure(group, left, outcome)

    def _after_reply(self, group: _Group, left: Batch, reply: Reply) -> list[_Group]:
        alone = len(group.papers) == 1
        if reply.problem in ("refused", "filtered") and len(left) == len(group.papers) and not alone:
            return _halves(left, group.round)
        if group.round == _ROUNDS or (alone and reply.problem == "omitted"):
            return self._give_up(left, _OF_PROBLEMS.get(str(reply.problem), NO_ANSWER))
        if alone:
            return [_Group(left, _ROUNDS)]
        size = len(group.papers) // 2 if group.round == 1 else 1
        return [_Group(part, group.round + 1) for part in split(left, size)]

    def _after_failure(self, group: _Group, left: Batch, failure: Failure) -> list[_Group]:
        self._details[failure.detail] = None
        match failure.kind:
            case "filtered" | "rejected":  # one paper spoils the call for all: halve until it stands alone
                if len(left) > 1:
                    return _halves(left, group.round)
                rejected = TOO_LONG if _TOO_LONG.search(failure.detail) else MODEL_REJECTS
                return self._give_up(left, FILTERED if failure.kind == "filtered" else rejected)
            case "busy":
                return self._give_up(left, MODEL_BUSY)
            case "silent":
                return self._give_up(left, MODEL_SILENT)
            case _:
                assert_never(failure.kind)

    def _count(self, group: _Group, fruitless: bool, detail: str) -> None:
        """Stop asking an endpoint of which nothing useful comes: calls that are paid for in vain are bounded."""
        if not fruitless:
            self._fruitless = 0
        elif group.round == 1 or not self._fruitful:
            self._fruitless += 1
        limit = max(_PATIENCE, self._config.llm.concurrency) if self._fruitful else _PATIENCE
        if self._fruitless >= limit and self._error is None:
            self._halt(
                JudgeError(
                    f"the model gave no usable answer to {self._fruitless} calls in a row ({detail});"
                    " check its address and name, then run again: what was paid for is kept"
                )
            )

    def _halt(self, error: JudgeError) -> None:
        self._error = self._error or error
        self._caller.stop.set()

    def _give_up(self, papers: Iterable[Paper], why: str) -> list[_Group]:
        self.papers.give_up(papers, why)
        return []

    def result(self, seed: int) -> Scored:
        """What became of the papers."""
        return self.papers.result(seed, self._error, self._details)


def _halves(papers: Batch, asked: int) -> list[_Group]:
    middle = (len(papers) + 1) // 2
    return [_Group(papers[:middle], asked), _Group(papers[middle:], asked)]


def _verdict(kept: LedgerVerdict, language: str) -> Verdict:
    score, field, _ = kept.answer
    return Verdict(score=score, raw=score, field=field, reason=kept.reason(language))


def _calls(kept: Mapping[str, LedgerVerdict]) -> tuple[Call, ...]:
    calls: dict[int, dict[str, float]] = {}
    for paper, verdict in sorted(kept.items()):
        calls.setdefault(verdict.call, {})[paper] = verdict.answer.score
    return tuple(Call(number, calls[number]) for number in sorted(calls))
