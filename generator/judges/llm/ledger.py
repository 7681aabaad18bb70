"""The ledger: every reply that was paid for, kept before it is used, so that nothing is paid for twice or lost.

Append-only JSON lines outside of docs/. The first line names the ledger; every further one is one reply, numbered, with
its verdicts, tokens and cost, synced to disk before `append` returns. Records say up to which number they hold a
ledger's replies (`Usage.through`): a run that was killed is counted once, and a ledger that is lost resets no budget.
What records hold for more than a year is dropped, so that a run of the tenth year begins as fast as one of the first.
"""

import datetime as dt
import fcntl
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from generator.core import escape
from generator.core.errors import BusyError, RecordError
from generator.core.i18n import in_language
from generator.core.model import ArxivId, Frozen, Moment, Slug, Spending
from generator.judges.llm.account import Account, BookedReply
from generator.judges.llm.append_only import AppendOnlyFile
from generator.judges.llm.reply import Answer, Tokens

LEDGER = "ledger.jsonl"
EVALUATIONS = "eval.jsonl"
"""The ledger of `eval`: its replies are no verdicts of the site and stand in no record, but their money is spent."""
LOCK = "lock"

Count = Annotated[int, Field(ge=0)]


class _Head(Frozen):
    """The first line."""

    ledger: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class LedgerRow(Frozen):
    """One verdict in a reply; its key in the line is the digest of paper, profile and model."""

    id: ArxivId
    score: float = Field(ge=0, le=10)
    field: Slug | None
    reason: str | None


def _known_parts(tokens: Tokens) -> Tokens:
    if min(tokens) < 0:
        raise ValueError("tokens below 0")
    return tokens


class LedgerLine(Frozen):
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
    verdicts: dict[str, LedgerRow]
    again: tuple[str, ...] = Field(default=(), description="keys of verdicts that were asked again for their reason")
    vain: tuple[str, ...] = Field(default=(), description="key of the paper that was asked about alone, in vain")
    request: str | None = Field(default=None, description="the request of a batch that this answers")

    @property
    def month(self) -> str:
        return f"{self.at:%Y-%m}"


class LedgerVerdict(NamedTuple):
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


class Ledger:
    """The ledger at PATH. Thread-safe. Reading it changes nothing; the first `append` creates or mends the file.

    warnings: one line for each damaged line, which is passed over. account: what the replies have cost. last: the
    number of the newest reply.
    """

    def __init__(self, path: Path) -> None:
        """Raises RecordError if the file cannot be read, or its first line is damaged."""
        self.path = path
        self.warnings: list[str] = []
        self.account = Account(secrets.token_hex(6))
        self._file = AppendOnlyFile(path, b"")
        self._kept: dict[str, LedgerVerdict] = {}
        self._requests: set[str] = set()
        self._vain: dict[str, tuple[dt.date, str]] = {}
        self.last = 0
        self._broken: str | None = None
        self._lock = threading.Lock()
        for number, line in enumerate(self._file.lines(), 1):
            if self._read(number, line):
                self._file.accept(line)
        self._file.head = _Head(ledger=self.id).model_dump_json().encode() + b"\n"
        self._file.warnings = self.warnings

    @property
    def id(self) -> str:
        """The name of this ledger, by which records say up to where they count it in."""
        return self.account.id

    def _read(self, number: int, line: bytes) -> bool:
        """Take LINE in; False if it is the torn end that a killed run left."""
        try:
            if number == 1:
                self.account.id = _Head.model_validate_json(line).ledger
            else:
                self._take(LedgerLine.model_validate_json(line))
        except ValidationError as error:
            if not line.endswith(b"\n"):
                return False
            where = f"{self.path}, line {number}"
            if number == 1:
                raise RecordError(
                    f"{where}: the header is damaged; restore the file from a backup, or move it away"
                    " (what it holds is then asked and paid for again)"
                ) from None
            self.warnings.append(f"{where} is damaged and passed over ({escape.log(error.errors()[0]['msg'], 80)})")
        return True

    def _take(self, line: LedgerLine) -> None:
        self.last = max(self.last, line.n)
        keys = tuple(line.verdicts)
        booked = BookedReply(line.n, line.month, line.tokens, line.estimate, line.cost, line.currency, keys)
        self.account.book(line.day, booked)
        if line.request is not None:
            self._requests.add(line.request)
        for key in line.vain:
            self._vain[key] = line.at.date(), line.problem or ""
        for key, row in line.verdicts.items():
            before = self._kept.get(key)
            new = LedgerVerdict(Answer(row.score, row.field, row.reason), line.model, line.n)
            self._kept[key] = new if before is None else _again(before, row.reason)
        for key in line.again:  # asked in vain
            if key not in line.verdicts and key in self._kept:
                self._kept[key] = _again(self._kept[key], None)

    def lookup(self, key: str) -> LedgerVerdict | None:
        """The verdict under KEY, if it was paid for."""
        return self._kept.get(key)

    def why_unanswered(self, key: str, date: dt.date) -> str | None:
        """Why the paper of KEY, asked about alone, had no answer on DATE; None where it was not asked alone in vain."""
        when, problem = self._vain.get(key, (None, ""))
        return problem if when == date else None

    def holds(self, request: str) -> bool:
        """Whether the answer to REQUEST, of a batch, is in the books."""
        return request in self._requests

    def append(self, line: LedgerLine) -> None:
        """Keep LINE for good, numbered here: when this returns it is on the disk.

        Raises RecordError if it cannot be written; the ledger is then as before and takes nothing more in this run.
        """
        with self._lock:
            if self._broken:
                raise RecordError(self._broken)
            numbered = line.model_copy(update={"n": self.last + 1})
            try:
                self._file.append(numbered.model_dump_json().encode() + b"\n")
            except OSError as error:
                self._broken = (
                    f"{self.path} cannot be written: {error.strerror or error}; nothing more is asked of the model."
                    " Free space or fix the permissions, then run again"
                )
                raise RecordError(self._broken) from None
            self._take(numbered)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def continue_after(self, throughs: Iterable[str | None]) -> None:
        """Number on behind what the records hold of this ledger: it may have been restored from an older copy."""
        for through in throughs:
            self.last = max(self.last, self.account.counted(through))

    def shorten(self, throughs: Mapping[dt.date, str | None], now: dt.datetime) -> int:
        """Drop the replies of more than a year before NOW that the days' records count in; how many they were.

        THROUGHS: what those records say of it. The file is written anew only where a tenth of it can go, and only
        before the first `append`. Raises RecordError if it cannot be written; it is then as before.
        """
        old = self.account.old(throughs, before=f"{now.year - 1}-{now:%m}")
        if self._file.is_open or not old or len(old) * 10 < sum(map(len, self.account.booked.values())):
            return 0
        head, *lines = self._file.content().removesuffix(b"\n").split(b"\n")
        self._file.keep_only([head, *(line for line in lines if _name(line) not in old)])
        return len(old)


def evaluated(folder: Path, month: str, currency: str) -> Spending:
    """What evaluations have cost in MONTH, by their ledger in FOLDER (.arxiv-daily)."""
    return Ledger(folder / EVALUATIONS).account.month(month, {}, currency)


def _name(line: bytes) -> tuple[dt.date, int] | None:
    """Day and number of a reply; None for a damaged line, which stays."""
    try:
        found = LedgerLine.model_validate_json(line)
    except ValidationError:
        return None
    return found.day, found.n


def _again(before: LedgerVerdict, reason: str | None) -> LedgerVerdict:
    """A paper was asked about again: its first score counts for good, the REASON is kept beside the first."""
    return before._replace(again=before.again or reason, times=before.times + 1)


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
