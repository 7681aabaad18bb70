"""Messages through a simulated year: `notify` after each run, at times killed; what arrived is counted.

It tells a real mail server and a chat service, both down at times.
"""

import contextlib
import datetime as dt
import email
import io
import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from fakes.mailbox import Chat, Mailbox, chat_server, smtp_server

from generator.cli import main
from generator.core.model import Day
from generator.records.store import store_of
from generator.run.report import is_final

CHANNELS = """
[[notify]]
name = "mail"
kind = "mail"
to = ["ada@example.org"]
sender = "papers@example.org"
[[notify]]
name = "chat"
kind = "post"
body = {text = "{link}"}
"""
DOWN, KILLED = 0.15, 0.3
"""Share of the runs in which a receiver is down, and of those with something to send that are killed."""
KILLS = {
    "at once": "Journal.write = lambda *_: os.kill(os.getpid(), 9)",
    "when it was sent": (
        "write = Journal.write; Journal.write = lambda *told: "
        "os.kill(os.getpid(), 9) if told[3] == 'sent' else write(*told)"
    ),
}
"""What a child does to die at its first word in the journal, or between a message's last byte and the word on it."""


class Delivered(NamedTuple):
    """The days of messages that arrived, by channel; each list is to be empty. kills: by place; down: by channel."""

    arrived: dict[str, Counter[str]]
    missed: list[str]
    twice: list[str]
    incomplete: list[str]
    kills: Counter[str]
    down: Counter[str]


class Delivery:
    """Calls `notify` as the workflow does, after each run; what goes wrong is drawn from a seed."""

    def __init__(self, seed: int, mailbox: Mailbox, chat: Chat) -> None:
        self._chance = random.Random(f"delivery {seed}")
        self._mailbox, self._chat = mailbox, chat
        self._kills: Counter[str] = Counter()
        self._down: Counter[str] = Counter()
        self._incomplete: list[str] = []
        self._looked_at: Counter[str] = Counter()
        self._days: dict[str, Counter[str]] = {"mail": Counter(), "chat": Counter()}

    def after_run(self, root: Path, now: dt.datetime, env: Mapping[str, str], *, calm: bool) -> None:
        """One call of `notify` at NOW; nothing goes wrong where it is CALM."""
        env = {
            **env,
            "ARXIV_DAILY_NOW": now.isoformat(),
            "NOTIFY_SMTP": self._mailbox.url,
            "NOTIFY_URL": self._chat.url,
        }
        failing = {name: not calm and self._chance.random() < DOWN for name in ("mail", "chat")}
        self._down.update(name for name, fails in failing.items() if fails)
        self._mailbox.answer = "451 try again" if failing["mail"] else "250 taken"
        self._chat.usual = (503, "{}") if failing["chat"] else (200, '{"code":0}')
        newest = max(_final_days(root), default="")
        told = all(newest in days for days in self._arrived().values())
        if not calm and newest and not told and self._chance.random() < KILLED:
            self._killed(root, env)
        else:
            said = io.StringIO()
            with mock.patch.dict(os.environ, env), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                main(["notify", "--root", str(root)])
        self._look(root)

    def _killed(self, root: Path, env: Mapping[str, str]) -> None:
        place = self._chance.choice(sorted(KILLS))
        known = "import os; from generator.cli import main; from generator.commands.notify import Journal"
        call = f"{known}; {KILLS[place]}; main(['notify', '--root', {str(root)!r}])"
        child = subprocess.run(
            [sys.executable, "-c", call], env={**os.environ, **env}, check=False, capture_output=True
        )
        self._kills[place if child.returncode == -signal.SIGKILL else "nothing to kill"] += 1

    def _look(self, root: Path) -> None:
        """Note what came about a day that was not complete then."""
        arrived = sum(self._arrived().values(), Counter[str]())
        if new := arrived - self._looked_at:
            self._looked_at = arrived
            self._incomplete += sorted(new.keys() - _final_days(root))

    def _arrived(self) -> dict[str, Counter[str]]:
        """The days of all messages so far, by channel; what was read before is not read again."""
        heads = [envelope.original_content or b"" for envelope in self._mailbox.arrived[self._days["mail"].total() :]]
        ids = [str(email.message_from_bytes(head)["Message-ID"]) for head in heads]
        links = [str(posted["text"]) for posted in self._chat.posted[self._days["chat"].total() :]]
        for name, texts in (("mail", ids), ("chat", links)):
            self._days[name].update(re.findall(r"\d{4}-\d\d-\d\d", text)[0] for text in texts)
        return self._days

    def delivered(self, records: Mapping[dt.date, Day]) -> Delivered:
        """What came of it, against the RECORDS of the end."""
        arrived = self._arrived()
        due = {str(date) for date, day in records.items() if day.announced and day.complete}
        first = {name: min(days, default="") for name, days in arrived.items()}
        missed = [
            f"{name}: {date}"
            for name, days in arrived.items()
            for date in sorted(due)
            if date >= first[name] and date not in days
        ]
        twice = [f"{name}: {date}" for name, days in arrived.items() for date, times in days.items() if times > 1]
        return Delivered(arrived, missed, twice, self._incomplete, self._kills, self._down)


def _final_days(root: Path) -> set[str]:
    """The newest announcements on record that no run will change, as dates."""
    store = store_of(root)
    newest = [(date, store.read(date)) for date in sorted(store.dates())[-12:]]
    return {str(date) for date, day in newest if day and day.announced and (day.complete or is_final(day))}


@contextlib.contextmanager
def delivery(seed: int) -> Iterator[Delivery]:
    """Both receivers, and who sends to them."""
    with smtp_server() as mailbox, chat_server() as chat:
        yield Delivery(seed, mailbox, chat)
