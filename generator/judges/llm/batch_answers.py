"""The answers of a batch: its output and error files read, and what they say booked in the ledger."""

import datetime as dt
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from generator.core.errors import JudgeError
from generator.judges.llm.batch_states import BatchGroup, BatchState
from generator.judges.llm.budget import Budget, believable, cost_of
from generator.judges.llm.client import Model
from generator.judges.llm.ledger import Ledger, LedgerLine, LedgerRow
from generator.judges.llm.misplaced import in_place
from generator.judges.llm.prompt import ledger_key
from generator.judges.llm.reply import Reply, read_bounded_json
from generator.settings.config import Config

DISCOUNT = 0.5
"""A batch costs half of what its calls would."""
REASONS_TOLD = 3


class Patience(NamedTuple):
    """Until when a command waits for all its batches, as the clock of its desk tells; seconds between two looks."""

    until: float
    pause_seconds: float


class Dependencies(NamedTuple):
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


class Collector:
    """Books the answers of batches that have ended."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._with = dependencies

    def collect(self, state: BatchState, data: bytes, whys: Counter[str]) -> int:
        """Book the answers in DATA, the file of a batch that ended, partly or in full; return their number.

        WHYS takes what is said of requests that failed.
        """
        booked = 0
        seen: set[str] = set()
        for line in data.splitlines():
            name, body = read_line(line)
            group = state.groups.get(name)
            if group is None or body is None:
                whys.update([self._with.model.redacted(why)] if (why := read_why(line)) else [])
                continue
            if name in seen:
                continue
            seen.add(name)
            request = f"{state.mark}/{name}"
            if not self._with.ledger.holds(request):  # else a run that was killed while it collected has booked it
                reply = self._reply(state, group, body)
                if isinstance(reply, str):
                    whys[reply] += 1
                    continue
                self.book(state, group, reply, share=DISCOUNT, request=request)
            booked += 1
        return booked

    def _reply(self, state: BatchState, group: BatchGroup, body: object) -> Reply | str:
        """What BODY says of the papers of GROUP, by what they were asked; else why it says nothing."""
        config = self._with.config
        if state.measure is not None:
            judge = config.judge.model_copy(update={"threshold": state.measure.threshold})
            config = config.model_copy(update={"fields": state.measure.fields, "judge": judge})
        try:
            reply = self._with.model.read_body(body, group.papers, config)
        except JudgeError as error:  # an error in place of an answer; the others' answers are paid for
            return str(error)
        known = dict(zip(group.papers, group.marks, strict=False))  # a state of an earlier version holds none
        return in_place(reply, known) if isinstance(reply, Reply) else reply.detail

    def book(
        self, state: BatchState, group: BatchGroup, reply: Reply, *, share: float, request: str | None = None
    ) -> None:
        """Write REPLY about GROUP into the ledger, at SHARE of the price of a call, by what STATE asked.

        What was answered otherwise meanwhile stands; the money is counted all the same.
        """
        config = self._with.config
        model = reply.model or state.model
        price = config.price(model) or config.price(state.model)
        reply = reply._replace(tokens=believable(reply.tokens, group.expected / 2, len(reply.answers)))
        cost = None if reply.tokens is None else cost_of(reply.tokens, price, self._with.now)
        keys = {paper: ledger_key(paper, state.profile, state.model) for paper in group.papers}
        rows = {keys[paper]: LedgerRow(id=paper, **answer._asdict()) for paper, answer in reply.answers.items()}
        self._with.ledger.append(
            LedgerLine(
                n=0,
                at=self._with.now,
                day=group.day,
                model=model,
                tokens=reply.tokens,
                estimate=group.expected if reply.tokens is None else 0,
                cost=None if cost is None else round(cost * share, 9),
                currency=config.budget.currency,
                problem=reply.problem,
                verdicts={key: row for key, row in rows.items() if not self._with.ledger.lookup(key)},
                vain=tuple(keys.values()) if len(keys) == 1 and not rows else (),
                request=request,
            )
        )


def read_line(line: bytes) -> tuple[str, Any]:
    """custom_id and completion of one line of an output file; None for a request that failed or a torn line."""
    try:
        row = read_bounded_json(line)
    except (ValueError, RecursionError):
        return "", None
    response = row.get("response") if isinstance(row, dict) else None
    if not isinstance(response, dict) or response.get("status_code") != 200:
        return "", None
    return str(row.get("custom_id")), response.get("body")


def read_why(line: bytes) -> str:
    """Why a request failed, by its line in an output or error file; nothing where it was answered."""
    try:
        row = read_bounded_json(line)
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


def reasons(errors: object) -> Iterator[str]:
    """What is said of a batch that failed as a whole, of what the client made of it."""
    found = getattr(errors, "data", None)
    for error in found if isinstance(found, list) else []:
        parts = (getattr(error, "code", None), getattr(error, "message", None))
        yield " ".join(part for part in parts if isinstance(part, str)) or "no reason given"


def problem_in_words(whys: Counter[str]) -> str:
    """WHYS for people: the first few, and how often each was said."""
    first = [
        f"{why} ({times} times)" if times > 1 else why for why, times in itertools.islice(whys.items(), REASONS_TOLD)
    ]
    more = f"; and {len(whys) - REASONS_TOLD} other reasons" if len(whys) > REASONS_TOLD else ""
    return f": {'; '.join(first)}{more}" if first else ""
