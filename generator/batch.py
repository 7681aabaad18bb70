"""Papers through a provider's Batch API: half the price, an answer within a day.

The answers go into the ledger like any others; what judges then finds them there. What is under way is kept on disk, so
that a run that was killed waits for its batches instead of paying for new ones. Limits and states are those of OpenAI's
Batch API, which others copy.
"""

import datetime as dt
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import httpx2
import openai
from pydantic import Field, ValidationError

from generator.batches import day_seed, plan
from generator.budget import Budget, Estimator, cost_of
from generator.config import Config
from generator.errors import JudgeError, RecordError
from generator.files import write_if_changed
from generator.gate import log
from generator.injection import is_flagged
from generator.ledger import Ledger, Line, Row
from generator.llm import Model
from generator.model import ArxivId, Frozen, Paper
from generator.prompt import ledger_key, profile_digest
from generator.reply import Reply, read_json

FOLDER = "batches"
DISCOUNT = 0.5
"""A batch costs half of what its calls would."""
MOST_REQUESTS = 20_000  # OpenAI allows 50,000
MOST_BYTES = 90_000_000  # OpenAI allows 200 MB, others 100
ENDPOINT: Literal["/v1/chat/completions"] = "/v1/chat/completions"
MARK = "arxiv-daily"
ENDED = ("completed", "failed", "expired", "cancelled")
ROUNDS = 2
"""How often a paper is put into a batch in one run: what fails once may have been bad luck."""

Todo = Mapping[dt.date, Sequence[Paper]]


class Group(Frozen):
    """The papers of one request."""

    day: dt.date
    papers: tuple[ArxivId, ...]
    expected: int = Field(ge=0, description="tokens that count for the budget where the answer does not say")


class State(Frozen):
    """One batch under way: a file in .arxiv-daily/batches/. id: None until the provider has named it."""

    mark: str = Field(pattern=r"^[0-9a-f]{16}$")  # part of a file's name
    id: str | None = None
    profile: str
    model: str
    groups: dict[str, Group]


class Patience(NamedTuple):
    """How long to wait for batches, and how long between two looks, in seconds."""

    wait_seconds: float = 24 * 3600
    pause_seconds: float = 30


class Desk(NamedTuple):
    """What the batches of a run work with."""

    folder: Path
    config: Config
    model: Model
    ledger: Ledger
    budget: Budget
    now: dt.datetime
    say: Callable[[str], None]
    patience: Patience = Patience()
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic


def judge(todo: Todo, desk: Desk) -> None:
    """Let the ledger hold verdicts on the papers of TODO, as far as batches give them in time.

    Raises JudgeError where no batch can succeed, RecordError for a state that cannot be read.
    """
    _Batches(desk).run(todo)


class _Batches:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._profile = profile_digest(desk.config)
        self._estimator = Estimator(desk.config)
        self._until = desk.clock() + desk.patience.wait_seconds

    def run(self, todo: Todo) -> None:
        """Wait for what is under way, then submit what is left, and wait for that."""
        if not self._wait(list(self._adopt())):
            return
        for _ in range(ROUNDS):
            self._probe(todo)
            if not (groups := self._groups(todo)):
                return
            states = [self._submit(chunk) for chunk in self._chunks(groups)]
            if not states or not self._wait(states):
                return

    # What is to be asked

    def _key(self, paper: str) -> str:
        return ledger_key(paper, self._profile, self._desk.config.llm.model)

    def _answered(self, papers: Sequence[str]) -> set[str]:
        return {paper for paper in papers if self._desk.ledger.lookup(self._key(paper))}

    def _groups(self, todo: Todo) -> list[tuple[Group, tuple[Paper, ...]]]:
        """The requests for all papers of TODO without a verdict, while the budget lasts."""
        found: list[tuple[Group, tuple[Paper, ...]]] = []
        for day, papers in todo.items():
            answered = self._answered([paper.id for paper in papers])
            seed = day_seed(day, self._profile)
            alone = {paper.id for paper in papers if is_flagged(paper)}
            for batch in plan(papers, answered, self._desk.config.llm.papers_per_call, seed, alone):
                expected = self._estimator.expect(batch)
                hold = self._desk.budget.reserve(expected)
                if hold is None:
                    self._desk.say("the budget is used up; the papers that are left wait for a later run")
                    return found
                self._desk.budget.settle(hold, None)  # spent as far as this run is concerned; the ledger counts
                tokens = expected.input + expected.output
                group = Group(day=day, papers=tuple(paper.id for paper in batch), expected=tokens)
                found.append((group, batch))
        return found

    def _chunks(self, groups: Sequence[tuple[Group, tuple[Paper, ...]]]) -> Iterator[tuple[State, bytes]]:
        """States with the file of their requests, each within the provider's limits."""
        lines: list[bytes] = []
        named: dict[str, Group] = {}
        size = 0
        for number, (group, papers) in enumerate(groups):
            name = f"{group.day}-{number}"
            body = self._desk.model.request_body(papers)
            line = json.dumps({"custom_id": name, "method": "POST", "url": ENDPOINT, "body": body}, ensure_ascii=False)
            data = line.encode() + b"\n"
            if lines and (len(lines) >= MOST_REQUESTS or size + len(data) > MOST_BYTES):
                yield self._state(named), b"".join(lines)
                lines, named, size = [], {}, 0
            lines.append(data)
            named[name] = group
            size += len(data)
        yield self._state(named), b"".join(lines)

    def _probe(self, todo: Todo) -> None:
        """Ask about one paper directly: which form of answer the endpoint takes, a batch would tell too late."""
        open_papers = (
            (day, paper) for day, papers in todo.items() for paper in papers if not self._answered([paper.id])
        )
        day, paper = next(open_papers, (None, None))
        if day is None or paper is None or self._desk.model.tried:
            return
        hold = self._desk.budget.reserve(self._estimator.expect([paper]))
        if hold is None:
            return
        reply = self._desk.model.ask([paper])
        self._desk.budget.settle(hold, reply.tokens if isinstance(reply, Reply) else None)
        if isinstance(reply, Reply):
            self._book(Group(day=day, papers=(paper.id,), expected=0), reply, share=1.0)

    def _state(self, groups: dict[str, Group]) -> State:
        mark = secrets.token_hex(8)
        return State(mark=mark, profile=self._profile, model=self._desk.config.llm.model, groups=groups)

    # Under way

    def _path(self, state: State) -> Path:
        return self._desk.folder / f"{state.mark}.json"

    def _keep(self, state: State) -> None:
        write_if_changed(self._path(state), state.model_dump_json().encode())

    def _submit(self, made: tuple[State, bytes]) -> State:
        """Hand a file of requests in. The state is on disk before: a batch whose id was lost can be found again."""
        state, data = made
        self._keep(state)
        client = self._desk.model.client
        try:
            file = client.files.create(file=(f"{state.mark}.jsonl", data), purpose="batch")
            batch = client.batches.create(
                input_file_id=file.id, endpoint=ENDPOINT, completion_window="24h", metadata={MARK: state.mark}
            )
        except openai.APIStatusError as error:
            self._path(state).unlink()
            if error.status_code in (404, 405, 501):
                raise JudgeError("the model's provider has no Batch API at this address; run without --batch") from None
            raise JudgeError(f"the provider did not take the batch: {error.status_code} {self._said(error)}") from None
        except (openai.APIConnectionError, httpx2.RequestError) as error:
            raise JudgeError(f"the batch could not be handed in: {self._said(error)}; run again") from None
        if self._desk.model.redacted(batch.id) != batch.id:
            self._path(state).unlink()
            raise JudgeError("the provider named the batch in a way that cannot be kept; run without --batch")
        named = state.model_copy(update={"id": batch.id})
        self._keep(named)
        self._desk.say(f"batch {log(batch.id, 80)}: {len(state.groups)} requests handed in")
        return named

    def _adopt(self) -> Iterator[State]:
        """The batches that earlier runs have handed in and not collected."""
        states = [_read_state(path) for path in sorted(self._desk.folder.glob("*.json"))]
        if not states:
            return
        known = {} if all(state.id for state in states) else self._by_mark()
        for state in states:
            found = state if state.id else state.model_copy(update={"id": known.get(state.mark)})
            if found.id is None:
                self._path(state).unlink()  # killed before the provider had it
                continue
            self._keep(found)
            yield found

    def _by_mark(self) -> dict[str, str]:
        try:
            page = self._desk.model.client.batches.list(limit=100)
        except openai.OpenAIError as error:
            raise JudgeError(f"the provider does not list its batches: {self._said(error)}; run again") from None
        return {batch.metadata[MARK]: batch.id for batch in page.data if batch.metadata and MARK in batch.metadata}

    def _wait(self, states: Sequence[State]) -> bool:
        """Collect STATES as they end; False if the patience ended first."""
        waiting = list(states)
        while waiting:
            waiting = [state for state in waiting if not self._look(state)]
            if waiting and self._desk.clock() + self._desk.patience.pause_seconds > self._until:
                self._desk.say(f"{len(waiting)} batches are under way; run again with --batch to collect them")
                return False
            if waiting:
                self._desk.sleep(self._desk.patience.pause_seconds)
        return True

    def _look(self, state: State) -> bool:
        """Whether STATE has ended, and was collected then. An endpoint that is away is asked again later."""
        try:
            batch = self._desk.model.client.batches.retrieve(str(state.id))
            if batch.status not in ENDED:
                return False
            files = [name for name in (batch.output_file_id,) if name]
            data = b"".join(self._desk.model.client.files.content(name).read() for name in files)
        except openai.NotFoundError:
            self._desk.say(f"batch {log(str(state.id), 80)} is not known to the provider any more")
            self._path(state).unlink(missing_ok=True)
            return True
        except openai.AuthenticationError as error:
            raise JudgeError(f"the model's provider refuses the key ({self._said(error)}); check it") from None
        except (openai.OpenAIError, httpx2.RequestError):
            return False
        booked = self._collect(state, data)
        ended = f"batch {log(batch.id, 80)}: {log(batch.status, 40)}"
        self._desk.say(f"{ended}, {booked} of {len(state.groups)} requests answered")
        self._path(state).unlink(missing_ok=True)
        return True

    def _said(self, error: Exception) -> str:
        return self._desk.model.redacted(str(error))

    # Collected

    def _collect(self, state: State, data: bytes) -> int:
        """Book the answers in DATA, the file of a batch that ended, partly or in full; return their number."""
        booked = 0
        seen: set[str] = set()
        for line in data.splitlines():
            name, body = _read_line(line)
            group = state.groups.get(name)
            if group is None or body is None or name in seen:
                continue
            seen.add(name)
            if len(self._answered(group.papers)) == len(group.papers):
                booked += 1  # a run that was killed while it collected has booked this one
                continue
            reply = self._desk.model.read_body(body, group.papers)
            if isinstance(reply, Reply):
                self._book(group, reply, share=DISCOUNT)
                booked += 1
        return booked

    def _book(self, group: Group, reply: Reply, *, share: float) -> None:
        """Write REPLY about GROUP into the ledger, at SHARE of the price of a call."""
        config = self._desk.config
        model = reply.model or config.llm.model
        price = config.price(model) or config.price(config.llm.model)
        cost = None if reply.tokens is None else cost_of(reply.tokens, price)
        self._desk.ledger.append(
            Line(
                n=0,
                at=self._desk.now,
                day=group.day,
                model=model,
                tokens=reply.tokens,
                estimate=group.expected if reply.tokens is None else 0,
                cost=None if cost is None else round(cost * share, 9),
                currency=config.budget.currency,
                problem=reply.problem,
                verdicts={self._key(paper): Row(id=paper, **one._asdict()) for paper, one in reply.answers.items()},
            )
        )


def _read_state(path: Path) -> State:
    try:
        return State.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise RecordError(
            f"{path} cannot be read ({log(str(error), 80)}); delete it: its batch is then paid for again"
        ) from None


def _read_line(line: bytes) -> tuple[str, Any]:
    """custom_id and completion of one line of an output file; None for a request that failed or a torn line."""
    try:
        row = read_json(line)
    except (ValueError, RecursionError):
        return "", None
    response = row.get("response") if isinstance(row, dict) else None
    if not isinstance(response, dict) or response.get("status_code") != 200:
        return "", None
    return str(row.get("custom_id")), response.get("body")
