"""A day's papers through the paid judge: no paper vanishes, nothing is paid for twice."""

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fakes.llm import Answer, Asked, FakeLlm, error
from pydantic import SecretStr
from support.project import PROJECT

from generator.core.errors import RecordError
from generator.core.model import Paper, Spending, Usage, Verdict
from generator.judges.llm.budget import Budget, Estimator
from generator.judges.llm.calls import Scored, forecast, score_papers
from generator.judges.llm.client import Model
from generator.judges.llm.grouping import day_seed, plan
from generator.judges.llm.ledger import Ledger, LedgerLine
from generator.judges.llm.provider_errors import Failure
from generator.judges.llm.reply import Reply, Tokens
from generator.settings.config import Config

DAY = dt.date(2026, 1, 14)
NOW = dt.datetime(2026, 1, 14, 6, tzinfo=dt.UTC)
FIELD = "大模型新技术"
PAPERS = [
    Paper(id=f"2601.{n:05}", title=f"T{n}", authors=(), abstract="A. " * 50, categories=("cs.LG",), submitted=None)
    for n in range(1, 41)
]
IDS = {paper.id for paper in PAPERS}
ODD = PAPERS[16].id


def said(paper: str) -> tuple[float, str, str | None]:
    """Every third paper is a pick."""
    number = int(paper[-5:])
    return (7 + number % 4, FIELD, f"新 {number}") if number % 3 == 0 else (number % 7, FIELD, None)


WANTED = {paper: Verdict(score=said(paper)[0], raw=said(paper)[0], field="new", reason=said(paper)[2]) for paper in IDS}


@pytest.fixture
def fake() -> Iterator[FakeLlm]:
    with FakeLlm(said) as server:
        yield server


def config(fake: FakeLlm, **tables: Any) -> Config:
    llm = {"base_url": fake.url, "model": "asked", "retries": 2, "timeout_seconds": 30.0, **tables.pop("llm", {})}
    fields = [{"slug": "new", "name": FIELD, "description": "x"}]
    return Config.model_validate({"fields": fields, "llm": llm, **tables})


class Job:
    """One run after another over the same ledger."""

    def __init__(self, path: Path) -> None:
        self.path = path / "ledger.jsonl"
        self.steps: list[tuple[int, int]] = []

    def run(self, config: Config, papers: Sequence[Paper] = PAPERS, now: dt.datetime = NOW, **options: Any) -> Scored:
        ledger = Ledger(self.path)
        month = ledger.account.month("2026-01", {}, "USD")
        price = config.price(config.llm.model)
        try:
            with Model(config, SecretStr("test-key-12345")) as model:
                scored = score_papers(
                    papers,
                    DAY,
                    config,
                    ask=model.ask,
                    ledger=ledger,
                    budget=Budget(config.budget, price, config.llm.model, month),
                    now=now,
                    progress=lambda done, total: self.steps.append((done, total)),
                    **options,
                )
        finally:
            ledger.close()
        assert scored.verdicts.keys() | scored.unscored.keys() == {paper.id for paper in papers}
        assert not scored.verdicts.keys() & scored.unscored.keys()
        return scored

    @property
    def usage(self) -> Usage:
        return Ledger(self.path).account.usage(DAY, Usage(), "USD")


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def every(number: int, answer: Answer) -> Any:
    return lambda asked: answer if asked.number % number == 0 else None


def whole(asked: Asked) -> bool:
    return len(asked.papers) > 1


def test_every_paper_gets_its_verdict(fake: FakeLlm, job: Job) -> None:
    """As the model said it, with the model that answered, in as many calls as there are batches."""
    scored = job.run(config(fake))
    assert scored.verdicts == WANTED and scored.unscored == {} and scored.error is None and scored.details == ()
    assert scored.model == "fake-1"
    assert len(fake.requests) == 4 and Counter(fake.papers_asked) == Counter(IDS)
    assert job.steps[-1] == (40, 40)
    assert [len(call.scores) for call in scored.calls] == [10] * 4


def test_nothing_is_asked_twice(fake: FakeLlm, job: Job) -> None:
    """The second run takes all from the ledger and comes to the same."""
    first = job.run(config(fake))
    assert job.run(config(fake)) == first
    assert len(fake.requests) == 4


def test_usage_is_what_the_endpoint_counted(fake: FakeLlm, job: Job) -> None:
    """Calls and tokens as billed, cost at the configured price."""
    job.run(config(fake, prices=[{"model": "asked", "input": 1.0, "output": 10.0}]))
    usage = job.usage
    assert usage.calls == 4 and usage.cached_tokens > 0 and usage.cost is not None
    assert usage.cost == pytest.approx((usage.input_tokens + 10 * usage.output_tokens) / 1e6)


def test_the_model_that_answered_has_its_own_price(fake: FakeLlm, job: Job) -> None:
    """Where a gateway chose another model than was asked for, and config.toml knows it."""
    prices = [{"model": "asked", "input": 1.0, "output": 1.0}, {"model": "fake-1", "input": 0.0, "output": 0.0}]
    job.run(config(fake, prices=prices))
    assert job.usage.cost == 0.0


def test_a_model_whose_name_changes_within_a_day_is_told(fake: FakeLlm, job: Job) -> None:
    """The one that answered for most is the day's, every other one is named."""

    def rename(asked: Asked) -> None:
        fake.model = "fake-2" if asked.number > 3 else "fake-1"

    fake.fault = rename
    scored = job.run(config(fake, llm={"concurrency": 1}))
    assert scored.model == "fake-1" and scored.other_models == ("fake-2",)


def test_batches_are_planned_by_the_day_alone() -> None:
    """Shuffled by the seed, whatever the order of the papers; no batch is much smaller than the others."""
    batches = plan(PAPERS, (), 12, 5)
    assert batches == plan(PAPERS[::-1], (), 12, 5) and batches != plan(PAPERS, (), 12, 6)
    assert [len(batch) for batch in batches] == [10, 10, 10, 10]
    assert {paper.id for batch in batches for paper in batch} == IDS
    assert day_seed(DAY, "a") == day_seed(DAY, "a") != day_seed(DAY, "b")


def test_what_is_left_of_begun_batches_is_put_together() -> None:
    """Untouched batches keep their company; two papers of two batches make one call."""
    batches = plan(PAPERS, (), 10, 5)
    answered = {paper.id for paper in (*batches[0][1:], *batches[2][1:])}
    assert plan(PAPERS, answered, 10, 5) == [batches[1], batches[3], (batches[0][0], batches[2][0])]
    assert plan(PAPERS, IDS, 10, 5) == []


def test_some_papers_are_judged_alone(fake: FakeLlm, job: Job) -> None:
    """What speaks to the model is kept away from its neighbours."""
    assert job.run(config(fake), alone={ODD}).verdicts == WANTED
    assert [asked.papers for asked in fake.requests if ODD in asked.papers] == [[ODD]]


def test_who_is_judged_alone_leaves_the_others_where_they_were() -> None:
    """Batches are made of all papers and lose it then: what it says puts nobody into other company."""
    batches = plan(PAPERS, (), 10, 5)
    without = [tuple(paper for paper in batch if paper.id != ODD) for batch in batches]
    assert plan(PAPERS, (), 10, 5, {ODD}) == [*without, (PAPERS[16],)]
    assert plan(PAPERS[:1], (), 10, 5, {PAPERS[0].id}) == [(PAPERS[0],)]


def test_calls_go_side_by_side_within_a_bound(
    fake: FakeLlm, job: Job, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    """As many as configured, and no more: none is answered before so many are under way."""
    fake.delay_seconds = 0.05
    fake.fault = lambda _asked: wait_until(lambda: fake.busiest >= 5)
    job.run(config(fake, llm={"papers_per_call": 2, "concurrency": 5}))
    assert fake.busiest == 5


@pytest.mark.parametrize(
    "fault",
    [
        every(2, error(429, "rate_limit_exceeded", "slow down", **{"Retry-After": "0"})),
        every(2, error(503, "overloaded", "busy")),
        lambda asked: error(400, "x", "unknown response_format") if asked.format == "json_schema" else None,
    ],
    ids=["429", "503", "noschema"],
)
def test_faults_that_pass_leave_no_trace(fake: FakeLlm, job: Job, fault: Any) -> None:
    """Every verdict arrives, and only the replies are counted."""
    fake.fault = fault
    assert job.run(config(fake, llm={"concurrency": 1})).verdicts == WANTED
    assert job.usage.calls == 4 < len(fake.requests)


def mangled(fake: FakeLlm, asked: Asked, kind: str) -> Answer:
    items: list[dict[str, object]] = [fake.item(paper) for paper in asked.papers]
    content = fake.content(asked.papers)
    finish = "stop"
    match kind:
        case "cut":
            content, finish = content[: len(content) // 2], "length"
        case "garbage":
            content = "抱歉"
        case "blank":
            content = ""
        case "swapped":
            content = json.dumps([*items[:-1], {**items[-1], "id": "2512.00001"}])
        case "out of range":
            content = json.dumps([{**item, "score": 42} for item in items])
        case "wrong field":
            content = json.dumps([{**item, "field": "?", "score": 9} for item in items])
        case "fenced":
            content = f"好的：\n```json\n{content}\n```"
    return Answer(body=fake.completion(asked, content, finish))


@pytest.mark.parametrize("kind", ["cut", "garbage", "blank", "swapped", "out of range", "wrong field", "fenced"])
def test_what_is_missing_in_a_reply_is_asked_in_smaller_groups(fake: FakeLlm, job: Job, kind: str) -> None:
    """Two of four batches come back broken; in the end every paper has its verdict, none is asked a third time."""
    broken = {2, 3}
    fake.fault = lambda asked: mangled(fake, asked, kind) if asked.number in broken else None
    assert job.run(config(fake, llm={"concurrency": 1})).verdicts == WANTED
    assert max(len(asked.papers) for asked in fake.requests[4:]) <= 5 if kind != "fenced" else len(fake.requests) == 4
    assert max(Counter(fake.papers_asked).values()) <= 2


METHODS = ["GraphLoRA", "VoxFormer", "TinyMoE", "SafeRank", "DeltaKV", "RoboCLIP", "MathTree", "LongSpec", "OmniAudio"]


@pytest.fixture
def named(fake: FakeLlm) -> list[Paper]:
    """Papers with methods of their own, which the reasons of FAKE name."""
    papers = [paper.model_copy(update={"title": name}) for paper, name in zip(PAPERS, METHODS, strict=False)]
    titles = {paper.id: paper.title for paper in papers}
    fake.verdict = lambda paper: (8, FIELD, f"提出{titles[paper]}框架")
    return papers


@pytest.mark.parametrize("calls", [1, 3])
def test_misplaced_answers_are_asked_again_in_smaller_groups(
    fake: FakeLlm, job: Job, named: list[Paper], calls: int
) -> None:
    """In the end every reason stands beside its own paper; what was answered wrongly is paid for and told."""
    fake.fault = lambda asked: fake.misplaced(asked) if asked.number <= calls else None
    scored = job.run(config(fake, llm={"concurrency": 1}), named)
    assert not scored.unscored
    assert all(paper.title in str(scored.verdicts[paper.id].reason) for paper in named)
    assert job.usage.calls == len(fake.requests) > calls
    problems = [json.loads(line).get("problem") for line in job.path.read_text().splitlines()[1:]]
    assert problems.count("misplaced") == calls


def test_a_model_that_always_misplaces_is_asked_paper_by_paper(fake: FakeLlm, job: Job, named: list[Paper]) -> None:
    """Alone no paper has a neighbour: the day is judged all the same."""
    fake.fault = lambda asked: fake.misplaced(asked) if whole(asked) else None
    scored = job.run(config(fake), named)
    assert not scored.unscored
    assert all(paper.title in str(scored.verdicts[paper.id].reason) for paper in named)


def test_a_paper_without_a_valid_answer_is_unscored(fake: FakeLlm, job: Job) -> None:
    """It is asked in its batch, alone, and once more alone; a later run asks again, but on another day."""
    fake.verdict = lambda paper: ("42" if paper == ODD else said(paper)[0], *said(paper)[1:])
    scored = job.run(config(fake))
    assert scored.unscored == {ODD: "no valid answer"} and len(scored.verdicts) == 39
    assert Counter(fake.papers_asked) == {**dict.fromkeys(IDS, 1), ODD: 3}
    again = job.run(config(fake))
    assert again.unscored == {ODD: "no valid answer"} and len(fake.papers_asked) == 42
    fake.verdict = said
    assert job.run(config(fake), now=NOW + dt.timedelta(days=1)).verdicts == WANTED and len(fake.papers_asked) == 43


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (error(400, "data_inspection_failed", "Input data may contain inappropriate content."), "content filter"),
        (error(400, "strange", "no"), "model error: request rejected"),
        (error(400, "exceed_context_size_error", "the request exceeds the available context size"), "too long"),
        ("refusal", "refused"),
        ("content_filter", "content filter"),
    ],
)
def test_one_paper_that_spoils_a_call_is_found(fake: FakeLlm, job: Job, answer: Answer | str, why: str) -> None:
    """By halving; it alone has no verdict. A run of the next day asks for it alone."""

    def fault(asked: Asked) -> Answer | None:
        if ODD not in asked.papers:
            return None
        if isinstance(answer, Answer):
            return answer
        body = fake.completion(
            asked, None, "stop" if answer == "refusal" else answer, refusal="I can't" if answer == "refusal" else None
        )
        return Answer(body=body)

    fake.fault = fault
    scored = job.run(config(fake))
    assert scored.unscored == {ODD: why} and len(scored.verdicts) == 39 and scored.error is None
    before = len(fake.requests)
    fake.fault = lambda _asked: None
    assert job.run(config(fake), now=NOW + dt.timedelta(days=1)).verdicts == WANTED
    assert [asked.papers for asked in fake.requests[before:]] == [[ODD]]


@pytest.mark.parametrize(("status", "code"), [(401, "invalid_api_key"), (402, "payment"), (404, "model_not_found")])
def test_what_every_call_would_get_stops_the_asking(fake: FakeLlm, job: Job, status: int, code: str) -> None:
    """What was judged before stays, all else is unscored, and the caller learns why."""
    fake.fault = lambda asked: error(status, code, "no") if asked.number > 2 else None
    scored = job.run(config(fake, llm={"concurrency": 1}))
    assert len(scored.verdicts) == 20 and set(scored.unscored.values()) == {"model error"}
    assert scored.error is not None and len(fake.requests) == 3


@pytest.mark.parametrize(
    ("answer", "calls"),
    [(error(500, "x", "down"), 2), (error(400, "x", "bad"), 3), (Answer(body=b"<html>"), 1)],
    ids=["busy", "rejected", "garbage"],
)
def test_an_endpoint_of_which_nothing_useful_comes_is_left(fake: FakeLlm, job: Job, answer: Answer, calls: int) -> None:
    """After three groups, instead of paying for the useless calls of all ten."""
    fake.fault = lambda _asked: answer
    scored = job.run(config(fake, llm={"concurrency": 1, "papers_per_call": 4, "retries": 1}))
    assert scored.verdicts == {} and scored.error is not None and "in a row" in str(scored.error)
    assert len(fake.requests) == 3 * calls


def test_a_hanging_endpoint_is_tried_twice_and_counts_as_paid(fake: FakeLlm, job: Job) -> None:
    """Nobody knows whether it was billed: the month's budget takes the estimate, the day shows no tokens."""
    fake.fault = lambda _asked: Answer(body={}, hang_seconds=2)
    scored = job.run(config(fake, llm={"timeout_seconds": 0.5}), PAPERS[:3])
    assert set(scored.unscored.values()) == {"model error: no answer"} and scored.details
    assert (job.usage.calls, job.usage.tokens, job.usage.cost) == (2, 0, None)
    assert job.usage.months["2026-01"].tokens > 500


@pytest.mark.parametrize("budget", [{"tokens_per_run": 4000}, {"tokens_per_month": 4000}, {"money_per_run": 0.004}])
def test_a_budget_stops_before_the_call_that_would_exceed_it(fake: FakeLlm, job: Job, budget: dict[str, Any]) -> None:
    """What is not judged is unscored for that reason; what was spent stays within."""
    prices = [{"model": "asked", "input": 1.0, "output": 1.0}]
    scored = job.run(config(fake, budget=budget, prices=prices))
    assert set(scored.unscored.values()) == {"budget"} and scored.verdicts and scored.error is None
    assert job.usage.tokens <= 4000


def test_the_month_is_summed_over_runs(fake: FakeLlm, job: Job) -> None:
    """A second run finds the month's budget spent by the first."""
    settings = config(fake, budget={"tokens_per_month": 4000})
    first = job.run(settings)
    assert job.run(settings).unscored.keys() <= first.unscored.keys()
    assert job.usage.tokens <= 4000


def test_no_budget_no_call(fake: FakeLlm, job: Job) -> None:
    """A budget of 0 forbids any."""
    assert set(job.run(config(fake, budget={"tokens_per_run": 0})).unscored.values()) == {"budget"}
    assert fake.requests == []


def test_a_pick_without_a_reason_is_asked_for_it_once(fake: FakeLlm, job: Job) -> None:
    """The reason is taken, the score is not; where none comes again, the pick stands without."""
    picks = {paper for paper in IDS if said(paper)[0] >= 7}
    again: Counter[str] = Counter()

    def verdict(paper: str) -> tuple[object, object, object]:
        again[paper] += 1
        score, field, reason = said(paper)
        return (score, field, None) if again[paper] == 1 or paper == min(picks) else (10, field, reason)

    fake.verdict = verdict
    scored = job.run(config(fake))
    assert {paper: verdict.score for paper, verdict in scored.verdicts.items()} == {
        paper: said(paper)[0] for paper in IDS
    }
    assert {paper for paper, verdict in scored.verdicts.items() if verdict.reason} == picks - {min(picks)}
    before = len(fake.requests)
    assert job.run(config(fake)) == scored and len(fake.requests) == before


ENGLISH = "Proposes a sparse attention that halves the memory of long contexts."


def in_english(fake: FakeLlm, number: int, mended: bool) -> set[str]:
    """Let NUMBER of the picks come with a reason in English; asked again they are MENDED, and score 10."""
    strange = {paper for paper in sorted(IDS)[-3 * number :] if said(paper)[2]}

    def verdict(paper: str) -> tuple[float, str, str | None]:
        if paper not in strange:
            return said(paper)
        again = fake.papers_asked.count(paper) > 1
        return (10, FIELD, "改好了。" if mended else "Still English.") if again else (said(paper)[0], FIELD, ENGLISH)

    fake.verdict = verdict
    return strange


def test_a_reason_in_another_language_is_asked_for_once_more(fake: FakeLlm, job: Job) -> None:
    """All of them in one call, with a reminder after the papers; the reason is taken, the score is not."""
    strange = in_english(fake, 5, mended=True)
    settings = config(fake, prices=[{"model": "asked", "input": 1.0, "output": 1.0}])
    scored = job.run(settings)
    assert {paper: verdict.reason for paper, verdict in scored.verdicts.items() if paper in strange} == dict.fromkeys(
        strange, "改好了。"
    )
    assert {paper: verdict.score for paper, verdict in scored.verdicts.items()} == {
        paper: said(paper)[0] for paper in IDS
    }
    assert len(fake.requests) == 5 and set(fake.requests[4].papers) == strange
    reminder = "\nEvery paper of 7 and more needs its reason, and that in Simplified Chinese."
    assert fake.requests[4].user.endswith(f">>>{reminder}")
    assert len({asked.system for asked in fake.requests}) == 1, "the static part stays cached"
    assert job.usage.calls == 5 and job.usage.cost is not None
    assert job.run(settings) == scored and len(fake.requests) == 5


def test_a_reason_that_stays_in_another_language_is_kept_as_it_was_first(fake: FakeLlm, job: Job) -> None:
    """The ledger knows that it was asked twice: no run pays a third time, not even where nothing came back."""
    strange = in_english(fake, 5, mended=False)
    scored = job.run(config(fake))
    assert {scored.verdicts[paper].reason for paper in strange} == {ENGLISH}
    assert job.run(config(fake)) == scored and len(fake.requests) == 5
    other = Job(job.path.parent / "other")
    in_english(fake, 5, mended=True)
    fake.requests.clear()
    fake.fault = lambda asked: Answer(body=b"{}") if asked.number == 5 else None
    assert other.run(config(fake)).verdicts == scored.verdicts and len(fake.requests) == 5
    assert other.usage.calls == 5
    assert other.run(config(fake)).verdicts == scored.verdicts and len(fake.requests) == 5


def test_there_is_at_most_one_more_call_per_batch(fake: FakeLlm, job: Job) -> None:
    """Even where every reason is in English; a budget that is used up ends it, and the reasons stay."""
    strange = in_english(fake, 40, mended=False)
    one_by_one = {"concurrency": 1}  # else the ledger's lines stand in the order in which the calls happen to end
    assert job.run(config(fake, llm=one_by_one)).verdicts.keys() == IDS and len(strange) == 13
    assert sorted(len(asked.papers) for asked in fake.requests[4:]) == [6, 7]
    paid = [LedgerLine.model_validate_json(line).tokens or Tokens() for line in job.path.read_text().splitlines()[1:4]]
    ahead = Estimator(config(fake)).expect(PAPERS[:10])
    limit = sum(tokens.input + tokens.output for tokens in (*paid, ahead))
    fake.requests.clear()
    other = Job(job.path.parent / "other")
    scored = other.run(config(fake, budget={"tokens_per_run": limit}, llm=one_by_one))
    assert not scored.unscored and len(fake.requests) == 4 and other.usage.tokens <= limit
    assert {scored.verdicts[paper].reason for paper in strange} == {ENGLISH}


def test_a_kill_between_the_two_askings_loses_nothing(fake: FakeLlm, job: Job) -> None:
    """The first verdicts are there; the next run asks for the reasons alone."""
    strange = in_english(fake, 5, mended=True)

    settings = config(fake)
    ledger = Ledger(job.path)
    budget = Budget(settings.budget, None, "asked", Spending())

    def ask(papers: Sequence[Paper], again: bool) -> Reply | Failure:
        if again:
            raise KeyboardInterrupt
        return model.ask(papers)

    with Model(settings, SecretStr("k")) as model, pytest.raises(KeyboardInterrupt):
        score_papers(PAPERS, DAY, settings, ask=ask, ledger=ledger, budget=budget, now=NOW)
    ledger.close()
    scored = job.run(settings)
    assert {scored.verdicts[paper].reason for paper in strange} == {"改好了。"}
    assert len(fake.requests) == 5 and set(fake.requests[4].papers) == strange


def test_a_second_vote_explains_what_it_alone_made_a_pick(fake: FakeLlm, job: Job) -> None:
    """Its reason is asked for again as the first vote's are; where the first has a reason, none is needed."""
    picks = {paper for paper in IDS if said(paper)[2]}
    job.run(config(fake))
    fake.requests.clear()
    fake.verdict = lambda paper: (8, FIELD, "改好了。" if fake.papers_asked.count(paper) > 1 else ENGLISH)
    scored = job.run(config(fake), vote=2)
    assert sorted(fake.papers_asked[40:]) == sorted(IDS - picks)
    assert {verdict.reason for paper, verdict in scored.verdicts.items() if paper not in picks} == {"改好了。"}


def test_what_is_not_paid_for_can_wait(fake: FakeLlm, job: Job) -> None:
    """No call about a paper, but still the one about reasons."""
    strange = in_english(fake, 5, mended=True)
    settings = config(fake)
    with Model(settings, SecretStr("k")) as model:
        ledger = Ledger(job.path)
        budget = Budget(settings.budget, None, "asked", Spending())
        score_papers(
            PAPERS, DAY, settings, ask=lambda papers, again: Failure("busy", "", None) if again else model.ask(papers),
            ledger=ledger, budget=budget, now=NOW,
        )  # fmt: skip
        ledger.close()
    more = Paper(id="2601.00099", title="T", authors=(), abstract="A.", categories=("cs.LG",), submitted=None)
    scored = job.run(settings, [*PAPERS, more], paid_only=True)
    assert scored.unscored == {more.id: "budget"} and {scored.verdicts[paper_id].reason for paper_id in strange} == {
        "改好了。"
    }
    assert len(fake.requests) == 5


def test_a_profile_or_model_of_its_own_is_judged_anew(fake: FakeLlm, job: Job) -> None:
    """Verdicts of another threshold or model are no answer to this question."""
    job.run(config(fake))
    job.run(config(fake, judge={"threshold": 9.0}))
    job.run(config(fake, llm={"model": "other"}))
    assert len(fake.requests) == 12


def test_a_forecast_calls_nobody(fake: FakeLlm, job: Job) -> None:
    """It says how many papers and calls are left, and what they may cost; unknown without a price."""
    prices = [{"model": "asked", "input": 1.0, "output": 1.0}]
    ahead = forecast(PAPERS, DAY, config(fake, prices=prices), Ledger(job.path))
    assert (ahead.papers, ahead.calls) == (40, 4) and fake.requests == []
    job.run(config(fake))
    assert ahead.cost is not None and ahead.tokens.input + ahead.tokens.output > job.usage.tokens
    assert forecast(PAPERS, DAY, config(fake), Ledger(job.path))[:2] == (0, 0)
    assert forecast(PAPERS, DAY, config(fake), Ledger(job.path)).cost is None


def test_a_paper_that_is_given_twice_is_a_mistake_of_the_caller(fake: FakeLlm, job: Job) -> None:
    """In = out cannot be kept for it."""
    with pytest.raises(ValueError, match="twice"):
        job.run(config(fake), [PAPERS[0], PAPERS[0]])


def test_a_ledger_that_cannot_be_written_stops_the_paying(fake: FakeLlm, job: Job) -> None:
    """A folder stands where the ledger should be: at most the calls under way are paid for in vain."""
    ledger = Ledger(job.path)
    job.path.mkdir()
    settings = config(fake, llm={"papers_per_call": 1, "concurrency": 2})
    budget = Budget(settings.budget, None, "asked", Spending())
    with Model(settings, SecretStr("k")) as model, pytest.raises(RecordError, match="cannot be written"):
        score_papers(PAPERS, DAY, settings, ask=model.ask, ledger=ledger, budget=budget, now=NOW)
    assert len(fake.requests) <= 4


def test_an_interrupt_keeps_the_replies_under_way(fake: FakeLlm, job: Job) -> None:
    """Ctrl-C: no further call begins, and what comes back of the others is booked."""
    ledger = Ledger(job.path)
    settings = config(fake, llm={"papers_per_call": 1, "concurrency": 2})

    def progress(done: int, _total: int) -> None:
        if done >= 5:
            raise KeyboardInterrupt

    with Model(settings, SecretStr("k")) as model, pytest.raises(KeyboardInterrupt):
        score_papers(
            PAPERS,
            DAY,
            settings,
            ask=model.ask,
            ledger=ledger,
            budget=Budget(settings.budget, None, "asked", Spending()),
            now=NOW,
            progress=progress,
        )
    ledger.close()
    assert 5 <= len(fake.requests) < 40 and job.usage.calls == len(fake.requests)
    assert job.run(settings).verdicts == WANTED
    assert Counter(fake.papers_asked) == Counter(IDS)


KILLED = """
import sys
sys.path[:0] = sys.argv[1:3]
from pathlib import Path
from judges.llm.test_calls import Job, config
class Endpoint: url = sys.argv[3]
Job(Path(sys.argv[4])).run(config(Endpoint(), llm={"papers_per_call": 2, "concurrency": 4}))
"""


@pytest.mark.slow
def test_kill_9_loses_nothing_that_was_paid_for(fake: FakeLlm, job: Job) -> None:
    """Five kills at random moments: no paper whose reply is in the ledger is asked again, and the end is the same."""
    fake.delay_seconds = 0.05
    moments = random.Random(7)
    for _ in range(5):
        known = _in_ledger(job.path)
        before = len(fake.requests)
        arguments = [str(PROJECT), str(PROJECT / "tests"), fake.url, str(job.path.parent)]
        with subprocess.Popen([sys.executable, "-c", KILLED, *arguments]) as run:
            goal = before + moments.randint(1, 4)
            deadline = time.monotonic() + 20
            while len(fake.requests) < goal and run.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            time.sleep(moments.random() * 0.06)
            os.kill(run.pid, signal.SIGKILL)
        asked = {paper for request in fake.requests[before:] for paper in request.papers}
        assert not asked & known
    assert job.run(config(fake, llm={"papers_per_call": 2})).verdicts == WANTED
    assert Ledger(job.path).warnings == []


def _in_ledger(path: Path) -> set[str]:
    if not path.exists():
        return set()
    rows = [json.loads(line) for line in path.read_text().splitlines()[1:] if line.endswith("}")]
    return {verdict["id"] for row in rows for verdict in row["verdicts"].values()}


def test_the_key_is_nowhere_in_the_ledger(fake: FakeLlm, tmp_path: Path) -> None:
    """Though the endpoint echoes it in errors and in the model's own words."""
    secret = "sk-canary-0123456789abcdef"
    fake.fault = lambda asked: error(400, "bad", f"you sent {secret}") if asked.number < 3 else None
    settings = config(fake, llm={"concurrency": 1})
    ledger = Ledger(tmp_path / "ledger.jsonl")
    budget = Budget(settings.budget, None, "asked", Spending())
    with Model(settings, SecretStr(secret)) as model:
        scored = score_papers(PAPERS, DAY, settings, ask=model.ask, ledger=ledger, budget=budget, now=NOW)
    ledger.close()
    assert secret not in (tmp_path / "ledger.jsonl").read_text() + repr(scored)


HOSTILE: dict[str, Any] = {
    "429 for ever": lambda _fake, _asked: error(429, "busy", "slow down", **{"Retry-After": "0"}),
    "wait for years": lambda _fake, _asked: error(429, "busy", "slow down", **{"Retry-After": "999999999"}),
    "500 for ever": lambda _fake, _asked: error(500, "x", "x"),
    "drips": lambda _fake, _asked: Answer(body=b" " * 9_000, drip_seconds=0.2),
    "no usage": lambda fake, asked: Answer(
        body={**fake.completion(asked, fake.content(asked.papers)), "usage": {"prompt_tokens": "1e99"}}
    ),
    "absurd usage": lambda fake, asked: Answer(
        body={
            **fake.completion(asked, fake.content(asked.papers)),
            "usage": {"prompt_tokens": 999_999_999, "completion_tokens": 999_999_999},
        }
    ),
    "negative usage": lambda fake, asked: Answer(
        body={
            **fake.completion(asked, fake.content(asked.papers)),
            "usage": {"prompt_tokens": -9, "completion_tokens": -9},
        }
    ),
    "paid nonsense": lambda fake, asked: Answer(body=fake.completion(asked, "x" * 100_000)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_endpoint_spends_more_than_a_few_calls_in_vain(fake: FakeLlm, job: Job, kind: str) -> None:
    """Calls and what is booked are bounded, whatever it claims; what it claims to have cost ends the spending."""
    fake.fault = lambda asked: HOSTILE[kind](fake, asked)
    patience = {"timeout_seconds": 0.5} if kind == "drips" else {}
    settings = config(fake, llm={"concurrency": 2, **patience}, budget={"tokens_per_run": 200_000})
    job.run(settings)
    assert len(fake.requests) <= 12
    if kind == "absurd usage":  # two calls were under way
        assert len(fake.requests) <= 2
        before = len(fake.requests)
        month = {"tokens_per_run": 200_000, "tokens_per_month": 1_000_000}
        job.run(config(fake, llm={"concurrency": 2}, budget=month))
        assert len(fake.requests) == before, "the month's budget is spent as well"
    else:
        assert job.usage.months.get("2026-01", Spending()).tokens <= 400_000


def test_a_judge_may_be_any_callable(tmp_path: Path) -> None:
    """Here one that is always busy and may not be asked again."""
    fields = [{"slug": "new", "name": FIELD, "description": "x"}]
    settings = Config.model_validate({"fields": fields})

    def busy(_papers: Sequence[Paper], _again: bool) -> Reply | Failure:
        return Failure("busy", "429", None)

    budget = Budget(settings.budget, None, "m", Spending())
    scored = score_papers(
        PAPERS[:2], DAY, settings, ask=busy, ledger=Ledger(tmp_path / "l"), budget=budget, now=NOW, seed=3
    )
    assert set(scored.unscored.values()) == {"model error: busy"} and scored.details == ("429",)
    assert scored.model is None and scored.seed == 3 and threading.active_count() < 20


def test_a_busy_endpoint_is_left_alone_twice_as_long_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Up to a minute, or as long as it asks for where that is longer."""
    waits: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            if timeout is None:
                return super().wait()
            waits.append(timeout)
            return False

    monkeypatch.setattr(threading, "Event", Stop)
    settings = Config.model_validate(
        {"fields": [{"slug": "new", "name": FIELD, "description": "x"}], "llm": {"retries": 9}}
    )
    asked = [Failure("busy", "429", 0.0)] * 9 + [Failure("busy", "429", 99.0), Failure("busy", "429", None)]
    budget = Budget(settings.budget, None, "m", Spending())
    score_papers(
        PAPERS[:1], DAY, settings, ask=lambda _papers, _again: asked.pop(0), ledger=Ledger(tmp_path / "l"),
        budget=budget, now=NOW, seed=3,
    )  # fmt: skip
    assert waits == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        {"prompt_tokens": 3, "completion_tokens": 400},
        {"prompt_tokens": 4000, "completion_tokens": 1},
        {"prompt_tokens": "4000", "completion_tokens": "400"},
        {"prompt_tokens": -5, "completion_tokens": 10},
        {},
        None,
    ],
)
def test_usage_that_cannot_be_true_counts_as_an_estimate(fake: FakeLlm, tmp_path: Path, usage: object) -> None:
    """It is marked as one, its cost is unknown, and the budget holds as if it had been told."""

    def lie(asked: Asked) -> Answer:
        return Answer(body={**fake.completion(asked, fake.content(asked.papers)), "usage": usage})

    fake.fault = lie
    job = Job(tmp_path)
    settings = config(fake, llm={"papers_per_call": 10}, budget={"tokens_per_run": 10_000})
    scored = job.run(settings)
    assert 0 < len(scored.verdicts) < len(PAPERS), "the budget stops what costs nothing by its own account"
    used = Ledger(job.path).account.usage(DAY, Usage(), "USD")
    assert (used.cost, used.tokens) == (None, 0)
    assert 0 < used.estimated_tokens <= 10_000
    assert used.months["2026-01"].tokens == used.estimated_tokens


def test_money_in_another_currency_is_unknown_not_renamed(fake: FakeLlm, tmp_path: Path) -> None:
    """What was paid in dollars is neither 0 nor the same number of yuan."""
    before = Usage(calls=1, cost=2.0, currency="USD", months={"2026-01": Spending(calls=1, tokens=10, cost=2.0)})
    ledger = Ledger(tmp_path / "ledger.jsonl")
    assert ledger.account.month("2026-01", {DAY: before}, "USD").cost == 2.0
    assert ledger.account.month("2026-01", {DAY: before}, "CNY").cost is None
    assert ledger.account.month("2026-02", {DAY: before}, "CNY").cost == 0
    assert ledger.account.usage(DAY, before, "CNY") == before, "a record that nothing was added to stays as it is"
