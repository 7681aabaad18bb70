"""`notify`: a message on each announcement, once to every channel of `[[notify]]`, whatever is killed or down.

What was sent stands in a journal below .arxiv-daily: append-only JSON lines, on the disk before the last byte of a
message leaves. A channel that is new is told of the newest announcement only.
"""

import argparse
import datetime as dt
import hashlib
import html
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from generator.commands import messages
from generator.commands.channels import DeliveryError, Message, deliver
from generator.core.errors import ConfigError, RecordError
from generator.core.files import write_if_changed
from generator.judges.llm.ledger import locked
from generator.records.store import Store, store_of
from generator.records.summaries import Summary, summaries_of
from generator.run.report import horizon, is_final
from generator.settings.config import Channel
from generator.settings.context import DONE, INCOMPLETE, Context

MESSAGES_FOLDER = "notify"
"""Below .arxiv-daily: the journal and its lock."""
JOURNAL = "sent.jsonl"
MOST_LINES, KEPT_LINES = 4_000, 2_000
"""Lines of the journal from which on it is shortened, and to how many: years of them are never looked at again."""

MessageState = Literal["sending", "sent", "nothing", "failed", "unknown"]
"""sending: the last byte leaves next. nothing: no paper of interest. unknown: no answer to the last byte.

Only a message that failed is sent again.
"""


class SentMessage(NamedTuple):
    """The newest line on one message."""

    state: MessageState
    why: str = ""


class Journal:
    """What became of each message, by channel and subject (a date, or the digest of an alarm)."""

    def __init__(self, path: Path) -> None:
        """Raises RecordError if PATH cannot be read. A torn last line does not count: no last byte followed it."""
        self._path = path
        self._known: dict[str, dict[str, SentMessage]] = {}
        try:
            lines = path.read_bytes().splitlines() if path.exists() else []
        except OSError as error:
            raise RecordError(f"{path} cannot be read: {error.strerror or error}") from None
        for line in lines:
            self._read(line)
        self._torn = bool(lines) and not path.read_bytes().endswith(b"\n")
        if len(lines) > MOST_LINES:
            write_if_changed(path, b"\n".join([*lines[-KEPT_LINES:], b""]))

    def _read(self, line: bytes) -> None:
        try:
            told = json.loads(line)
            state, channel, about = told["state"], str(told["channel"]), str(told["about"])
        except (ValueError, KeyError, TypeError):
            return
        if state in get_args(MessageState):
            self._known.setdefault(channel, {})[about] = SentMessage(state, str(told.get("why", "")))

    def of(self, channel: str) -> Mapping[str, SentMessage]:
        """The messages to CHANNEL."""
        return self._known.get(channel, {})

    def write(self, channel: str, about: str, state: MessageState, at: dt.datetime, why: str = "") -> None:
        """Note a message's STATE; when this returns it is on the disk. Raises RecordError if it cannot be."""
        told = {"channel": channel, "about": about, "state": state, "at": f"{at:%Y-%m-%dT%H:%M:%SZ}", "why": why}
        line = ("\n" if self._torn else "") + json.dumps({name: value for name, value in told.items() if value}) + "\n"
        try:
            with self._path.open("ab") as file:
                file.write(line.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise RecordError(f"{self._path} cannot be written: {error.strerror or error}; nothing is sent") from None
        self._torn = False
        self._known.setdefault(channel, {})[about] = SentMessage(state, why)


def execute(context: Context, _args: argparse.Namespace) -> int:
    """Send what is due to every channel and return the exit code: 2 if something could not be sent.

    Raises ConfigError where there is no channel, or none has its address in the environment; RecordError; BusyError.
    """
    env = context.environment
    channels = context.config.notify
    if not channels:
        raise ConfigError("config.toml has no [[notify]]; docs/ops/notify.md has examples to copy")
    if not any(env.get(channel.variable, "").strip() for channel in channels):
        names = ", ".join(sorted({channel.variable for channel in channels}))
        raise ConfigError(f"no message can be sent: {names} is not set in the environment")
    found, store = summaries_of(context.root), store_of(context.root)
    with opened(context) as sender:
        for channel in channels:
            for date in announcements_due(found, store, channel, sender.journal.of(channel.name), context):
                day = store.read(date)
                if day is not None:
                    sender.send(channel, str(date), messages.of_day(day, channel, context.config))
    if not sender.tried:
        context.talk.result("nothing to send")
    return INCOMPLETE if sender.failed else DONE


def announcements_due(
    found: Sequence[Summary], store: Store, channel: Channel, known: Mapping[str, SentMessage], context: Context
) -> list[dt.date]:
    """The announcements that CHANNEL is to be told of now, oldest first; KNOWN: what became of its messages so far."""
    oldest = horizon(context.config, context.now)
    ripe = [day.date for day in found if day.is_real and day.announced and _is_ripe(day, store, channel)]
    ripe = [date for date in ripe if date >= oldest]
    first = min((about for about in known if about[:1].isdigit()), default=None)
    if first is None:  # a new channel: what was published before it is no news
        return ripe[-1:]
    return [date for date in ripe if str(date) >= first and not _is_settled(known.get(str(date)))]


def _is_ripe(summary: Summary, store: Store, channel: Channel) -> bool:
    """Whether the day is complete, or lacks only verdicts that no run will get, or CHANNEL takes it as it is."""
    if summary.complete or channel.incomplete:
        return True
    day = store.read(summary.date)
    return day is not None and is_final(day)


def _is_settled(entry: SentMessage | None) -> bool:
    return entry is not None and entry.state != "failed"


@contextmanager
def opened(context: Context) -> Iterator["Sender"]:
    """A sender that works alone. Raises BusyError if another one is at work, RecordError."""
    folder = context.state / MESSAGES_FOLDER
    with locked(folder):
        yield Sender(context, Journal(folder / JOURNAL))


class Sender:
    """Sends messages and keeps the journal. tried, failed: how many messages."""

    def __init__(self, context: Context, journal: Journal) -> None:
        self.journal = journal
        self.tried = self.failed = 0
        self._context = context

    def send(self, channel: Channel, about: str, message: Message | None) -> None:
        """Send MESSAGE ABOUT something to CHANNEL and note what became of it; None: there is nothing to say."""
        now, talk = self._context.now, self._context.talk
        secret = self._context.environment.get(channel.variable, "").strip()
        if not secret:
            talk.say(f"{channel.name}: {channel.variable} is not set, nothing is sent there")
            return
        if message is None:
            self.journal.write(channel.name, about, "nothing", now)
            return
        self.tried += 1
        try:
            left_out = deliver(
                channel, secret, message, now, lambda: self.journal.write(channel.name, about, "sending", now)
            )
        except DeliveryError as error:
            self.failed += 1
            self.journal.write(channel.name, about, "unknown" if error.uncertain else "failed", now, str(error))
            what = "it may have arrived and is not sent again" if error.uncertain else "the next run tries again"
            talk.warn(f"{channel.name}: {about} could not be sent: {error}; {what}")
            return
        self.journal.write(channel.name, about, "sent", now)
        for receiver in left_out:
            talk.warn(f"{channel.name}: the mail server rejected {receiver}")
        talk.result(f"{channel.name}: {about} sent")


def tell_of_alarm(lines: Sequence[str], where: str, context: Context) -> None:
    """Tell every channel with `alarms` of LINES (Markdown): once, and again when there is something new.

    WHERE: the address at which more is said.
    """
    channels = [channel for channel in context.config.notify if channel.alarms]
    texts = [html.unescape(line).replace("**", "") for line in lines]
    about = f"alarm-{hashlib.sha256(' '.join(texts).encode()).hexdigest()[:12]}"
    if not channels or not texts:
        return
    with opened(context) as sender:
        for channel in channels:
            message = messages.of_alarm(texts, f"{about}.{channel.name}", where, context.config)
            if not _is_settled(sender.journal.of(channel.name).get(about)):
                try:
                    sender.send(channel, about, message)
                except ConfigError as error:  # a wrong address keeps no issue from being opened
                    context.talk.warn(str(error))
