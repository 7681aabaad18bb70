"""The ledger: every reply that was paid for, kept before it is used, so that nothing is paid for twice or lost.

Append-only JSON lines outside of docs/. The first line names the ledger; every further one is one reply, numbered, with
its verdicts, tokens and cost, synced to disk before `append` returns. Records say up to which number they hold a
ledger's replies (`Usage.through`): a run that was killed is counted once, and a ledger that is lost resets no budget.
What records hold for more than a year is dropped, so that a run of the tenth year begins as fast as one of the first.
"""

import datetime as dt
import fcntl
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from generator.core import escape
from generator.core.errors import BusyError, RecordError
from generator.core.files import write_if_changed
from generator.core.i18n import in_language
from generator.core.model import ArxivId, Frozen, Moment, Slug, Spending, Usage
from generator.judges.llm.reply import Answer, Tokens

LEDGER = "ledger.jsonl"
EVALUATIONS = "eval.jsonl"
"""The ledger of `eval`: its replies are no verdicts of the site and stand in no record, but their money is spent."""
LOCK = "lock"

Count = Annotated[int, Field(ge=0)]


class _Head(Frozen):
    """The first line."""

    ledger: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class Row(Frozen):
    """One verdict in a reply; its key in the line is the digest of paper, profile and model."""

    id: ArxivId
    score: float = Field(ge=0, le=10)
    field: Slug | None
    reason: str | None


def _known_parts(tokens: Tokens) -> Tokens:
    if min(tokens) < 0:
        raise ValueError("tokens below 0")
    return tokens


class Line(Frozen):
    """One reply."""

    n: Count
    at: Moment
    day: dt.date = Field(description="the announcement whose papers were asked about")
    model: str = Field(description="the model that answered, as the endpoint names it")
    tokens: Annotated[Tokens, AfterValidator(_known_parts)] | None = Field(description="null: the endpoint did not say")
    estimate: Count = Field(description="tokens that count for the month's budget where `tokens` is null")
    cost: float | None = Field(ge=0)
    currency: str
    problem: str | None = Field(default=None, description="why papers that were asked have no verdict here")
    verdicts: dict[str, Row]
    again: tuple[str, ...] = Field(default=(), description="keys of verdicts that were asked again for their reason")
    vain: tuple[str, ...] = Field(default=(), description="key of the paper that was asked about alone, in vain")
    request: str | None = Field(default=None, description="the request of a batch that this answers")

    @property
    def month(self) -> str:
        return f"{self.at:%Y-%m}"


class Kept(NamedTuple):
    """The verdict of a paper in the ledger.

    call: number of the reply that counts. times: how often it was asked and paid for; again: the reason that the second
    time gave.
    """

    answer: Answer
    model: str
    call: int
    times: int = 1
    again: str | None = None

    def reason(self, language: str) -> str | None:
        """The reason in LANGUAGE, the first one else."""
        given = [reason for reason in (self.answer.reason, self.again) if reason]
        return next((reason for reason in given if in_language(reason, language)), given[0] if given else None)


class _Booked(NamedTuple):
    """What the sums need of a line; the verdicts are kept once, by key."""

    n: int
    month: str
    tokens: Tokens | None
    estimate: int
    cost: float | None
    currency: str
    keys: tuple[str, ...]


class Ledger:
    """The ledger at PATH. Thread-safe. Reading it changes nothing; the first `append` creates or mends the file.

    warnings: one line for each damaged line, which is passed over.
    """

    def __init__(self, path: Path) -> None:
        """Raises RecordError if the file cannot be read, or its first line is damaged."""
        self.path = path
        self.id = secrets.token_hex(6)
        self.warnings: list[str] = []
        self._kept: dict[str, Kept] = {}
        self._booked: dict[dt.date, list[_Booked]] = {}
        self._requests: set[str] = set()
        self._vain: dict[str, tuple[dt.date, str]] = {}
        self._last = 0
        self._size = 0
        self._unended = False
        self._file: int | None = None
        self._broken: str | None = None
        self._lock = threading.Lock()
        self._load()

    def _load(self) -> None:
        try:
            with self.path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if self._read(number, line):
                        self._size += len(line)
                        self._unended = not line.endswith(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise RecordError(f"{self.path} cannot be read: {error.strerror or error}") from None

    def _read(self, number: int, line: bytes) -> bool:
        """Take LINE in; False if it is the torn end that a killed run left."""
        try:
            if number == 1:
                self.id = _Head.model_validate_json(line).ledger
            else:
                self._take(Line.model_validate_json(line))
        except ValidationError as error:
            if not line.endswith(b"\n"):
                return False
            where = f"{self.path}, line {number}"
            if number == 1:
                raise RecordError(
                    f"{where}: does not name the ledger; restore the file from a copy, or move it away"
                    " (what it holds is then asked and paid for again)"
                ) from None
            self.warnings.append(f"{where} is damaged and passed over ({escape.log(error.errors()[0]['msg'], 80)})")
        return True

    def _take(self, line: Line) -> None:
        self._last = max(self._last, line.n)
        booked = _Booked(line.n, line.month, line.tokens, line.estimate, line.cost, line.currency, tuple(line.verdicts))
        self._booked.setdefault(line.day, []).append(booked)
        if line.request is not None:
            self._requests.add(line.request)
        for key in line.vain:
            self._vain[key] = line.at.date(), line.problem or ""
        for key, row in line.verdicts.items():
            answer = Answer(row.score, row.field, row.reason)
            before = self._kept.get(key)
            self._kept[key] = Kept(answer, line.model, line.n) if before is None else _again(before, answer.reason)
        for key in line.again:  # asked in vain
            if key not in line.verdicts and key in self._kept:
                self._kept[key] = _again(self._kept[key], None)

    def lookup(self, key: str) -> Kept | None:
        """The verdict under KEY, if it was paid for."""
        return self._kept.get(key)

    def vain(self, key: str, date: dt.date) -> str | None:
        """Why the paper of KEY, asked about alone, had no answer on DATE; None where it was not asked alone in vain."""
        when, problem = self._vain.get(key, (None, ""))
        return problem if when == date else None

    def holds(self, request: str) -> bool:
        """Whether the answer to REQUEST, of a batch, is in the books."""
        return request in self._requests

    def append(self, line: Line) -> None:
        """Keep LINE for good, numbered here: when this returns it is on the disk.

        Raises RecordError if it cannot be written; the ledger is then as before and takes nothing more in this run.
        """
        with self._lock:
            if self._broken:
                raise RecordError(self._broken)
            numbered = line.model_copy(update={"n": self._last + 1})
            try:
                if self._file is None:
                    self._file = self._open()
                self._write(self._file, numbered.model_dump_json().encode() + b"\n")
            except OSError as error:
                self._broken = (
                    f"{self.path} cannot be written: {error.strerror or error}; nothing more is asked of the model."
                    " Free space or fix the permissions, then run again"
                )
                self._cut()
                raise RecordError(self._broken) from None
            self._take(numbered)

    def _open(self) -> int:
        """The file, open for appending, behind its last whole line."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        os.ftruncate(file, self._size)
        if self._size == 0:
            self._write(file, _Head(ledger=self.id).model_dump_json().encode() + b"\n")
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        if self._unended:
            self._write(file, b"\n")
        return file

    def _write(self, file: int, data: bytes) -> None:
        written = 0
        while written < len(data):
            written += os.write(file, data[written:])
        os.fsync(file)
        self._size += len(data)

    def _cut(self) -> None:
        """Drop the half line that a full disk left; if even that fails, the next reading passes over it."""
        try:
            if self._file is not None:
                os.ftruncate(self._file, self._size)
        except OSError as error:
            self.warnings.append(f"{self.path}: a half line could not be dropped: {error.strerror or error}")

    @property
    def last(self) -> int:
        """The number of the newest reply."""
        return self._last

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def continue_after(self, throughs: Iterable[str | None]) -> None:
        """Number on behind what the records hold of this ledger: it may have been restored from an older copy."""
        for through in throughs:
            self._last = max(self._last, self._counted(through))

    def _counted(self, through: str | None) -> int:
        """The number up to which THROUGH says that this ledger is counted in: 0 where it speaks of another one."""
        name, _, number = (through or "").partition(":")
        return int(number) if name == self.id and re.fullmatch(r"[0-9]{1,15}", number) else 0

    def shorten(self, throughs: Mapping[dt.date, str | None], now: dt.datetime) -> int:
        """Drop the replies of more than a year before NOW that the days' records count in; how many they were.

        THROUGHS: what those records say of it. The file is written anew only where a tenth of it can go, and only
        before the first `append`. Raises RecordError if it cannot be written; it is then as before.
        """
        year_ago = f"{now.year - 1}-{now:%m}"
        counted = {day: self._counted(through) for day, through in throughs.items()}
        old = {
            (day, booked.n)
            for day, of_day in self._booked.items()
            for booked in of_day
            if booked.month < year_ago and booked.n <= counted.get(day, 0)
        }
        if self._file is not None or not old or len(old) * 10 < sum(map(len, self._booked.values())):
            return 0
        head, *lines = self.path.read_bytes()[: self._size].removesuffix(b"\n").split(b"\n")
        kept = b"\n".join([head, *(line for line in lines if _name(line) not in old), b""])
        write_if_changed(self.path, kept)
        self._size, self._unended = len(kept), False
        return len(old)

    def usage(self, day: dt.date, before: Usage, currency: str) -> Usage:
        """What DAY has cost so far: BEFORE, as its record has it, and the replies that it does not hold yet."""
        return self._with(before, self._beyond(day, before), currency)

    def replies(self, keys: Set[str], after: int, currency: str) -> Usage:
        """What the replies with a verdict under one of KEYS have cost, and all replies AFTER a number."""
        all_of_them = (booked for day in self._booked.values() for booked in day)
        wanted = [booked for booked in all_of_them if booked.n > after or not keys.isdisjoint(booked.keys)]
        return self._with(Usage(), wanted, currency)

    def _with(self, before: Usage, new: Sequence[_Booked], currency: str) -> Usage:
        """BEFORE and the replies NEW."""
        if not new:
            return before
        before = in_currency(before, currency)
        months = dict(before.months)
        for booked in new:
            months[booked.month] = _plus(months.get(booked.month, Spending()), booked, currency)
        known = [booked.tokens for booked in new if booked.tokens is not None]
        costs = [_cost(booked, currency) for booked in new] + ([before.cost] if before.calls else [])
        return Usage(
            calls=before.calls + len(new),
            input_tokens=before.input_tokens + sum(tokens.input for tokens in known),
            cached_tokens=before.cached_tokens + sum(tokens.cached for tokens in known),
            output_tokens=before.output_tokens + sum(tokens.output for tokens in known),
            reasoning_tokens=before.reasoning_tokens + sum(tokens.reasoning for tokens in known),
            cost=_sum(costs),
            currency=currency,
            estimated_tokens=before.estimated_tokens + sum(one.estimate for one in new if one.tokens is None),
            months=dict(sorted(months.items())),
            through=f"{self.id}:{max(booked.n for booked in new)}",
        )

    def month(self, month: str, records: Mapping[dt.date, Usage], currency: str) -> Spending:
        """What MONTH (YYYY-MM) has cost: as the RECORDS of all days have it, and the replies that none holds yet."""
        spent = Spending()
        for usage in records.values():
            spent = together(spent, in_currency(usage, currency).months.get(month, Spending()))
        for day in self._booked:
            for booked in self._beyond(day, records.get(day, Usage())):
                if booked.month == month:
                    spent = _plus(spent, booked, currency)
        return spent

    def _beyond(self, day: dt.date, usage: Usage) -> list[_Booked]:
        counted = self._counted(usage.through)
        return [booked for booked in self._booked.get(day, []) if booked.n > counted]


def in_currency(usage: Usage, currency: str) -> Usage:
    """USAGE with costs in CURRENCY: what was paid in another one is unknown in it, never renamed."""
    if usage.currency in (None, currency):
        return usage
    months = {
        month: part.model_copy(update={"cost": None}) if part.calls else part for month, part in usage.months.items()
    }
    return usage.model_copy(update={"cost": None, "months": months, "currency": currency})


def evaluated(folder: Path, month: str, currency: str) -> Spending:
    """What evaluations have cost in MONTH, by their ledger in FOLDER (.arxiv-daily)."""
    return Ledger(folder / EVALUATIONS).month(month, {}, currency)


def _name(line: bytes) -> tuple[dt.date, int] | None:
    """Day and number of a reply; None for a damaged line, which stays."""
    try:
        found = Line.model_validate_json(line)
    except ValidationError:
        return None
    return found.day, found.n


def together(one: Spending, other: Spending) -> Spending:
    """The sum of two; its cost is unknown where one of them is."""
    cost = _sum([one.cost, other.cost])
    return Spending(calls=one.calls + other.calls, tokens=one.tokens + other.tokens, cost=cost)


def _again(before: Kept, reason: str | None) -> Kept:
    """A paper was asked about again: its first score counts for good, the REASON is kept beside the first."""
    return before._replace(again=before.again or reason, times=before.times + 1)


def _plus(spent: Spending, booked: _Booked, currency: str) -> Spending:
    tokens = booked.estimate if booked.tokens is None else booked.tokens.input + booked.tokens.output
    cost = _sum([spent.cost, _cost(booked, currency)])
    return Spending(calls=spent.calls + 1, tokens=spent.tokens + tokens, cost=cost)


def _cost(booked: _Booked, currency: str) -> float | None:
    return booked.cost if booked.currency == currency else None


def _sum(costs: Iterable[float | None]) -> float | None:
    """The sum of COSTS, None as soon as one is unknown; rounded, so that the order of adding leaves no trace."""
    known = list(costs)
    return None if None in known else round(sum(cost for cost in known if cost is not None), 9)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other runs out of FOLDER (.arxiv-daily).

    Raises BusyError if one is at work, RecordError if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("ab")
    except OSError as error:
        raise RecordError(f"{folder / LOCK} cannot be written: {error.strerror or error}") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(f"another run is at work in {folder.parent}; wait until it has ended") from None
        yield
