"""Papers through a provider's Batch API: half the price, an answer within a day.

The answers go into the ledger like any others; what judges then finds them there. What is under way is kept on disk, so
that whichever run comes next, with batches or without, pays for none of it again. Limits and states are those of
OpenAI's Batch API, which others copy.
"""

import datetime as dt
import itertools
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Literal, NamedTuple

import httpx2
import openai
from pydantic import Field, ValidationError

from generator.core.errors import JudgeError, RecordError
from generator.core.escape import log
from generator.core.files import write_if_changed
from generator.core.model import ArxivId, Frozen, Paper
from generator.judges.injection import is_flagged
from generator.judges.llm.budget import Budget, Estimator, believable, cost_of
from generator.judges.llm.client import Model
from generator.judges.llm.grouping import day_seed, plan
from generator.judges.llm.ledger import Ledger, Line, Row
from generator.judges.llm.prompt import ledger_key, profile_digest
from generator.judges.llm.reply import Reply, read_json
from generator.settings.config import Config, ResearchField

FOLDER = "batches"
DISCOUNT = 0.5
"""A batch costs half of what its calls would."""
MOST_REQUESTS = 20_000  # OpenAI allows 50,000
MOST_BYTES = 90_000_000  # OpenAI allows 200 MB, others 100
ENDPOINT: Literal["/v1/chat/completions"] = "/v1/chat/completions"
MARK = "arxiv-daily"
ERRORS_READ = 16  # pieces of 64 KB of the file of errors, of which only some are told
REASONS_TOLD = 3
ENDED = ("completed", "failed", "expired", "cancelled")
ROUNDS = 2
"""How often a paper is put into a batch in one run: what fails once may have been bad luck."""

_NO_BATCHES = (404, 405, 501)
_LATER = (408, 409, 425, 429)

Todo = Mapping[dt.date, Sequence[Paper]]


class Group(Frozen):
    """The papers of one request."""

    day: dt.date
    papers: tuple[ArxivId, ...]
    expected: int = Field(ge=0, description="tokens that count for the budget where the answer does not say")


class Measure(Frozen):
    """What an answer is read by: the configuration may be another one when it comes."""

    threshold: float
    fields: tuple[ResearchField, ...]


class State(Frozen):
    """One batch under way: a file in .arxiv-daily/batches/. id: None until the provider has named it."""

    mark: str = Field(pattern=r"^[0-9a-f]{16}$")  # part of a file's name
    id: str | None = None
    profile: str
    model: str
    measure: Measure | None = None
    groups: dict[str, Group]


class Patience(NamedTuple):
    """Until when a command waits for all its batches, as the clock of its desk tells; seconds between two looks."""

    until: float
    pause_seconds: float


class Desk(NamedTuple):
    """What the batches of a run work with."""

    folder: Path
    config: Config
    model: Model
    ledger: Ledger
    budget: Budget
    now: dt.datetime
    say: Callable[[str], None]
    warn: Callable[[str], None]
    patience: Patience
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic


def judge(todo: Todo, desk: Desk) -> None:
    """Let the ledger hold verdicts on the papers of TODO, as far as batches give them in time.

    A state that is damaged is set aside. Raises JudgeError where no batch can succeed, RecordError for a state that
    cannot be read.
    """
    _Batches(desk).run(todo)


def collect(desk: Desk) -> None:
    """Let the ledger hold what batches of earlier runs have answered by now, and wait for none. Raises as JUDGE."""
    _Batches(desk).collect()


def count(folder: Path) -> int:
    """How many batches are under way."""
    return len(list(folder.glob("*.json")))


def under_way(folder: Path, config: Config) -> frozenset[str]:
    """The papers about which batches ask what CONFIG asks. Raises RecordError for a state that cannot be read."""
    asked = (profile_digest(config), config.llm.model)
    states = (state for _, state in _states(folder) if state is not None)
    return _papers(state for state in states if (state.profile, state.model) == asked)


def damaged(folder: Path) -> list[Path]:
    """The states that the next run sets aside. Raises RecordError for one that cannot be read."""
    return [path for path, state in _states(folder) if state is None]


def _papers(states: Iterable[State]) -> frozenset[str]:
    return frozenset(paper for state in states for group in state.groups.values() for paper in group.papers)


class _Batches:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._profile = profile_digest(desk.config)
        self._estimator = Estimator(desk.config)

    def run(self, todo: Todo) -> None:
        """Hand in what is not under way, then wait for everything; once more for what came to nothing."""
        waiting = list(self._adopt())
        for _ in range(ROUNDS):
            waiting += self._hand_in(todo, _papers(self._mine(waiting)))
            if not self._mine(waiting):
                return
            waiting = self._wait(waiting)
            if self._mine(waiting):
                return

    def collect(self) -> None:
        for state in list(self._adopt()):
            self._look(state)

    def _mine(self, states: Iterable[State]) -> list[State]:
        """Those of STATES that ask what is now configured; the answers of others are of use only if that comes back."""
        asked = (self._profile, self._desk.config.llm.model)
        return [state for state in states if (state.profile, state.model) == asked]

    # What is to be asked

    def _open(self, papers: Sequence[Paper], flying: Set[str]) -> list[Paper]:
        """Those of PAPERS without a verdict that are not FLYING, in a batch, and were not asked alone in vain today."""
        ledger, today = self._desk.ledger, self._desk.now.date()
        keys = {paper.id: self._key(paper.id) for paper in papers if paper.id not in flying}
        wanted = {one for one, key in keys.items() if not ledger.lookup(key) and ledger.vain(key, today) is None}
        return [paper for paper in papers if paper.id in wanted]

    def _key(self, paper: str) -> str:
        return ledger_key(paper, self._profile, self._desk.config.llm.model)

    def _hand_in(self, todo: Todo, flying: Set[str]) -> list[State]:
        """Batches of the papers of TODO that are open."""
        self._probe(todo, flying)
        groups = self._groups(todo, flying)
        return [self._submit(chunk) for chunk in self._chunks(groups)] if groups else []

    def _groups(self, todo: Todo, flying: Set[str]) -> list[tuple[Group, tuple[Paper, ...]]]:
        """The requests for all papers of TODO that are open, while the budget lasts."""
        found: list[tuple[Group, tuple[Paper, ...]]] = []
        for day, papers in todo.items():
            settled = {paper.id for paper in papers} - {paper.id for paper in self._open(papers, flying)}
            seed = day_seed(day, self._profile)
            alone = {paper.id for paper in papers if is_flagged(paper)}
            for batch in plan(papers, settled, self._desk.config.llm.papers_per_call, seed, alone):
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

    def _probe(self, todo: Todo, flying: Set[str]) -> None:
        """Ask about one paper directly: which form of answer the endpoint takes, a batch would tell too late."""
        if self._desk.model.tried:
            return
        open_papers = ((day, paper) for day, papers in todo.items() for paper in self._open(papers, flying))
        day, paper = next(open_papers, (None, None))
        if day is None or paper is None:
            return
        hold = self._desk.budget.reserve(self._estimator.expect([paper]))
        if hold is None:
            return
        reply = self._desk.model.ask([paper])
        self._desk.budget.settle(hold, reply.tokens if isinstance(reply, Reply) else None)
        if isinstance(reply, Reply):
            group = Group(day=day, papers=(paper.id,), expected=0)
            self._book(self._state({}), group, reply, share=1.0)

    def _state(self, groups: dict[str, Group]) -> State:
        config = self._desk.config
        measure = Measure(threshold=config.judge.threshold, fields=config.fields)
        mark = secrets.token_hex(8)
        return State(mark=mark, profile=self._profile, model=config.llm.model, measure=measure, groups=groups)

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
            if error.status_code in _NO_BATCHES:
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
        states: list[State] = []
        for path, state in _states(self._desk.folder):
            if state is not None:
                states.append(state)
            else:
                self._desk.warn(
                    f"{path} is damaged, and set aside as {_set_aside(path).name}: the answers of its batch cannot be"
                    " read, and its papers may be asked about, and paid for, again"
                )
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
        except openai.APIStatusError as error:
            if error.status_code in _NO_BATCHES:
                return {}
            raise JudgeError(f"the provider does not list its batches: {self._said(error)}; run again") from None
        except (openai.APIConnectionError, httpx2.RequestError) as error:
            raise JudgeError(f"the provider does not list its batches: {self._said(error)}; run again") from None
        return {batch.metadata[MARK]: batch.id for batch in page.data if batch.metadata and MARK in batch.metadata}

    def _wait(self, states: Sequence[State]) -> list[State]:
        """Collect STATES as they end, while those that matter have not and the patience lasts; return what is left."""
        waiting = list(states)
        while True:
            waiting = [state for state in waiting if not self._look(state)]
            if (
                not self._mine(waiting)
                or self._desk.clock() + self._desk.patience.pause_seconds > self._desk.patience.until
            ):
                return waiting
            self._desk.sleep(self._desk.patience.pause_seconds)

    def _look(self, state: State) -> bool:
        """Whether STATE has ended, and was collected then. An endpoint that is away is asked again later."""
        client = self._desk.model.client
        try:
            batch = client.batches.retrieve(str(state.id))
            if batch.status not in ENDED:
                return False
            data = client.files.content(batch.output_file_id).read() if batch.output_file_id else b""
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise JudgeError(f"the model's provider refuses the key ({self._said(error)}); check it") from None
        except openai.APIStatusError as error:
            if error.status_code in _LATER or (error.status_code >= 500 and error.status_code not in _NO_BATCHES):
                return False
            self._desk.warn(
                f"batch {log(str(state.id), 80)} is not known to the provider any more; {self._said(error)}"
            )
            self._path(state).unlink(missing_ok=True)
            return True
        except (openai.OpenAIError, httpx2.RequestError):
            return False
        whys = Counter(map(self._desk.model.redacted, _reasons(batch.errors)))
        booked = self._collect(state, data, whys)
        if batch.error_file_id:
            errors = self._first_of(batch.error_file_id)
            whys.update(self._desk.model.redacted(why) for line in errors.splitlines() if (why := _read_why(line)))
        ended = f"batch {log(batch.id, 80)}: {log(batch.status, 40)}, {booked} of {len(state.groups)} requests answered"
        if booked < len(state.groups):
            self._desk.warn(ended + _told(whys))
        else:
            self._desk.say(ended)
        self._path(state).unlink(missing_ok=True)
        return True

    def _first_of(self, file: str) -> bytes:
        """The beginning of FILE, which only says why; nothing where it cannot be read."""
        try:
            with self._desk.model.client.files.with_streaming_response.content(file) as answer:
                return b"".join(itertools.islice(answer.iter_bytes(65536), ERRORS_READ))
        except (openai.OpenAIError, httpx2.RequestError):
            return b""

    def _said(self, error: Exception) -> str:
        return self._desk.model.redacted(str(error))

    # Collected

    def _collect(self, state: State, data: bytes, whys: Counter[str]) -> int:
        """Book the answers in DATA, the file of a batch that ended, partly or in full; return their number.

        WHYS takes what is said of requests that failed.
        """
        booked = 0
        seen: set[str] = set()
        for line in data.splitlines():
            name, body = _read_line(line)
            group = state.groups.get(name)
            if group is None or body is None:
                whys.update([self._desk.model.redacted(why)] if (why := _read_why(line)) else [])
                continue
            if name in seen:
                continue
            seen.add(name)
            request = f"{state.mark}/{name}"
            if not self._desk.ledger.holds(request):  # else a run that was killed while it collected has booked it
                reply = self._reply(state, group, body)
                if isinstance(reply, str):
                    whys[reply] += 1
                    continue
                self._book(state, group, reply, share=DISCOUNT, request=request)
            booked += 1
        return booked

    def _reply(self, state: State, group: Group, body: object) -> Reply | str:
        """What BODY says of the papers of GROUP, by what they were asked; else why it says nothing."""
        config = self._desk.config
        if state.measure is not None:
            judge = config.judge.model_copy(update={"threshold": state.measure.threshold})
            config = config.model_copy(update={"fields": state.measure.fields, "judge": judge})
        try:
            reply = self._desk.model.read_body(body, group.papers, config)
        except JudgeError as error:  # an error in place of an answer; the others' answers are paid for
            return str(error)
        return reply if isinstance(reply, Reply) else reply.detail

    def _book(self, state: State, group: Group, reply: Reply, *, share: float, request: str | None = None) -> None:
        """Write REPLY about GROUP into the ledger, at SHARE of the price of a call, by what STATE asked.

        What was answered otherwise meanwhile stands; the money is counted all the same.
        """
        config = self._desk.config
        model = reply.model or state.model
        price = config.price(model) or config.price(state.model)
        reply = reply._replace(tokens=believable(reply.tokens, group.expected / 2, len(reply.answers)))
        cost = None if reply.tokens is None else cost_of(reply.tokens, price, self._desk.now)
        keys = {paper: ledger_key(paper, state.profile, state.model) for paper in group.papers}
        rows = {keys[paper]: Row(id=paper, **one._asdict()) for paper, one in reply.answers.items()}
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
                verdicts={key: row for key, row in rows.items() if not self._desk.ledger.lookup(key)},
                vain=tuple(keys.values()) if len(keys) == 1 and not rows else (),
                request=request,
            )
        )


def _states(folder: Path) -> Iterator[tuple[Path, State | None]]:
    """Every state in FOLDER, None for one that is damaged. Raises RecordError for one that cannot be read."""
    return ((path, _read_state(path)) for path in sorted(folder.glob("*.json")))


def _read_state(path: Path) -> State | None:
    try:
        return State.model_validate_json(path.read_bytes())
    except ValidationError:
        return None
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}; fix its permissions, or move it away: the papers of"
            " its batch may then be asked about, and paid for, again"
        ) from None


def _set_aside(path: Path) -> Path:
    """Rename PATH to what no run reads, over no other file; return it there. Raises RecordError if that fails."""
    ends = itertools.chain([".bad"], (f".{number}.bad" for number in itertools.count(2)))
    aside = next(there for end in ends if not (there := path.with_name(path.name + end)).exists())
    try:
        return path.rename(aside)
    except OSError as error:
        raise RecordError(
            f"{path} is damaged, and cannot be renamed: {error.strerror or error}; fix the permissions, then run again"
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


def _read_why(line: bytes) -> str:
    """Why a request failed, by its line in an output or error file; nothing where it was answered."""
    try:
        row = read_json(line)
    except (ValueError, RecursionError):
        return "a line that is no JSON" if line.strip() else ""
    row = row if isinstance(row, dict) else {}
    response = row.get("response")
    response = response if isinstance(response, dict) else {}
    status, body = response.get("status_code"), response.get("body")
    if status == 200:
        return ""
    error = body.get("error") if isinstance(body, dict) and body.get("error") else row.get("error")
    parts = [error.get("code"), error.get("message")] if isinstance(error, dict) else [error]
    return " ".join(str(part) for part in (status, *parts) if isinstance(part, str | int)) or "no reason given"


def _reasons(errors: object) -> Iterator[str]:
    """What is said of a batch that failed as a whole, of what the client made of it."""
    found = getattr(errors, "data", None)
    for error in found if isinstance(found, list) else []:
        parts = (getattr(error, "code", None), getattr(error, "message", None))
        yield " ".join(part for part in parts if isinstance(part, str)) or "no reason given"


def _told(whys: Counter[str]) -> str:
    """WHYS for people: the first few, and how often each was said."""
    first = [
        f"{why} ({times} times)" if times > 1 else why for why, times in itertools.islice(whys.items(), REASONS_TOLD)
    ]
    more = f"; and {len(whys) - REASONS_TOLD} other reasons" if len(whys) > REASONS_TOLD else ""
    return f": {'; '.join(first)}{more}" if first else ""
