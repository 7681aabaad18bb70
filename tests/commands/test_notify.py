"""`notify`: each announcement once to every channel, over real SMTP and HTTP; kills, faults and wrong settings."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from fakes.mailbox import Chat, Mailbox, chat_server, smtp_server
from support import archive
from support.project import PROJECT

from generator import cli
from generator.commands import channels, notify
from generator.core.model import Coverage, Day, Unscored
from generator.records.store import store_of
from generator.settings.context import STATE

FRIDAY, MONDAY, TUESDAY = dt.date(2026, 1, 2), dt.date(2026, 1, 5), dt.date(2026, 1, 6)
MAIL = """
[[notify]]
name = "mail"
kind = "mail"
to = ["reader@example.org"]
sender = "site@example.org"
"""
POST = """
[[notify]]
name = "team"
kind = "post"
body = {msg_type = "text", content = {text = "{text}"}}
"""


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as server:
        yield server


@pytest.fixture
def chat() -> Iterator[Chat]:
    with chat_server() as server:
        yield server


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARXIV_DAILY_NOW", "2026-01-06T09:00:00Z")


def configured(root: Path, text: str) -> Path:
    with (root / "config.toml").open("a") as file:
        file.write(text)
    return root


COMPLETE = {"cs.LG": Coverage(expected=8, read=8, state="complete", source="rss")}
FILTERED = (Unscored(id="2601.00011", title="Held", primary="cs.LG", why="content filter"),)


def publish(root: Path, date: dt.date, **changes: object) -> Day:
    """A real, complete day of DATE in the records of ROOT."""
    day = archive.day(date, **{"coverage": COMPLETE, "unscored": (), **changes})
    store_of(root).write(day, {})
    return day


def run(root: Path) -> int:
    return cli.main(["notify", "--quiet", "--root", str(root)])


def parts(message: Message) -> list[str]:
    """The text and the HTML of MESSAGE."""
    inner: Any = message.get_payload()
    return [part.get_payload(decode=True).decode() for part in inner]


def texts(chat: Chat) -> list[str]:
    return [posted["content"]["text"] for posted in chat.posted]


def test_a_mail_says_what_the_day_holds(root: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The best seven with score, field, reason and link; the day's counts and page; text and HTML say the same."""
    monkeypatch.setenv("NOTIFY_SMTP", mailbox.url)
    day = publish(configured(root, MAIL), MONDAY)
    assert run(root) == 0
    [message] = mailbox.messages
    text, page = parts(message)
    for pick in day.picks:
        assert text.count(pick.paper.abs_url) == page.count(pick.paper.abs_url) == 1
        assert (pick.verdict.reason or "") in text
    assert text.index(day.picks[4].paper.abs_url) < text.index(day.picks[0].paper.abs_url), "the best comes first"
    assert f"读了 {day.papers_read} 篇，入选 {len(day.picks)} 篇" in text
    assert "/days/2026/2026-01-05/" in text
    assert str(make_header(decode_header(message["Subject"]))) == "arXiv Daily · 2026年1月5日"
    assert message["Auto-Submitted"] == "auto-generated"
    assert mailbox.arrived[0].rcpt_tos == ["reader@example.org"]


def test_a_channel_hears_of_each_announcement_once(
    root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new channel hears of the newest day only; from then on each day once, however often the command runs."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    configured(root, POST)
    publish(root, FRIDAY)
    publish(root, MONDAY)
    assert [run(root), run(root)] == [0, 0]
    publish(root, TUESDAY)
    assert [run(root), run(root)] == [0, 0]
    heads = [text.splitlines()[0] for text in texts(chat)]
    assert heads == ["arXiv Daily · 2026年1月5日", "arXiv Daily · 2026年1月6日"]
    said = capsys.readouterr().out.splitlines()
    assert said == [f"team: {MONDAY} sent", "nothing to send", f"team: {TUESDAY} sent", "nothing to send"]


def test_an_incomplete_day_waits(root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told when it is complete, or as soon as all that it lacks are verdicts that no run will get."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    configured(root, POST)
    publish(root, FRIDAY)
    run(root)
    waiting = (Unscored(id="2601.00011", title="Open", primary="cs.LG", why="budget"),)
    publish(root, MONDAY, unscored=waiting)
    publish(root, TUESDAY, unscored=FILTERED)
    run(root)
    assert [text.splitlines()[0][-4:] for text in texts(chat)] == ["1月2日", "1月6日"]
    publish(root, MONDAY)
    run(root)
    assert texts(chat)[-1].startswith("arXiv Daily · 2026年1月5日")


def test_a_channel_may_ask_for_incomplete_days(root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says so, and the day is not told again when it is complete."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    configured(root, POST + "incomplete = true\n")
    publish(root, MONDAY, unscored=(Unscored(id="2601.00011", title="Open", primary="cs.LG", why="budget"),))
    run(root)
    publish(root, MONDAY)
    run(root)
    [text] = texts(chat)
    assert "尚未完整" in text


def test_neither_sample_nor_imported_days_nor_holidays_are_told(
    root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor what is older than `run` looks back."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    configured(root, POST)
    publish(root, MONDAY, sample=True)
    publish(root, FRIDAY, imported=True)
    publish(root, dt.date(2025, 12, 1))
    store_of(root).write(archive.holiday(TUESDAY), {})
    assert run(root) == 0
    assert chat.posted == []


@pytest.mark.parametrize(
    "answer",
    [(500, "down"), (429, "slow"), (200, '{"code":9499,"msg":"Bad Request"}'), (200, '{"errcode":9300}'), (404, "")],
)
def test_what_was_refused_is_sent_by_the_next_run(
    root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, str]
) -> None:
    """Whether the refusal is a status or, as chat services say it, a code in the answer."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    publish(configured(root, POST), MONDAY)
    chat.answers = [answer]
    assert run(root) == 2
    assert run(root) == 0
    assert len([text for text in texts(chat) if "1月5日" in text]) == 1 + ('"errcode"' in answer[1])


def test_a_mail_server_that_says_later_is_asked_again(
    root: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is one that is down, and one that knows none of the receivers; one that knows some has the message."""
    monkeypatch.setenv("NOTIFY_SMTP", "smtp://127.0.0.1:1")
    publish(configured(root, MAIL.replace('"]', '", "gone@example.org"]')), MONDAY)
    assert run(root) == 2
    monkeypatch.setenv("NOTIFY_SMTP", mailbox.url)
    mailbox.answer = "451 later"
    assert run(root) == 2
    mailbox.answer, mailbox.refused = "250 taken", {"reader@example.org", "gone@example.org"}
    assert run(root) == 2
    mailbox.refused = {"gone@example.org"}
    assert run(root) == 0
    assert [envelope.rcpt_tos for envelope in mailbox.arrived] == [["reader@example.org"]]


def test_a_wrong_password_is_one_sentence(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And is printed nowhere."""
    publish(configured(root, MAIL), MONDAY)
    with smtp_server("right-word") as mailbox:
        address = mailbox.url.replace("//", "//ada%40example.org:wrong-word@")
        monkeypatch.setenv("NOTIFY_SMTP", address)
        assert run(root) == 2
        told = capsys.readouterr().err
        assert "refuses user name or password" in told
        assert "wrong-word" not in told
        monkeypatch.setenv("NOTIFY_SMTP", address.replace("wrong", "right"))
        assert run(root) == 0
        assert len(mailbox.arrived) == 1


def start(root: Path, url: str, variable: str = "NOTIFY_URL") -> subprocess.Popen[bytes]:
    """`notify` in a process of its own."""
    command = [sys.executable, "-m", "generator", "notify", "--root", str(root)]
    env = {**os.environ, variable: url, "PYTHONPATH": str(PROJECT)}
    return subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def test_a_kill_after_the_last_byte_doubles_nothing(
    root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    """The service has the message, its answer is still out: the next run does not send it again."""
    publish(configured(root, POST), MONDAY)
    chat.hold = 60
    process = start(root, chat.url)
    wait_until(lambda: len(chat.posted) == 1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    chat.hold = 0
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    assert run(root) == 0
    assert len(chat.posted) == 1


def test_a_kill_before_the_last_byte_loses_nothing(
    root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    """Everything but the last byte is out: the service throws it away, and the next run sends the message."""
    publish(configured(root, POST), MONDAY)
    killed = (
        "import os; from generator.cli import main; from generator.commands.notify import Journal;"
        f"Journal.write = lambda *_: os.kill(os.getpid(), 9); main(['notify', '--root', {str(root)!r}])"
    )
    env = {**os.environ, "NOTIFY_URL": chat.url, "PYTHONPATH": str(PROJECT)}
    assert subprocess.run([sys.executable, "-c", killed], env=env, check=False).returncode == -signal.SIGKILL
    wait_until(lambda: chat.begun == 1)  # the service reads in a thread of its own, maybe after the sender's end
    assert chat.posted == []
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    assert run(root) == 0
    assert len(chat.posted) == 1


def test_an_answer_that_never_comes_is_no_reason_to_send_again(
    root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The operator is told that the message may have arrived."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    publish(configured(root, POST), MONDAY)
    chat.answers = [(504, "gateway timeout")]
    assert run(root) == 2
    assert "may have arrived and is not sent again" in capsys.readouterr().err
    assert run(root) == 0
    assert chat.posted == []


def test_a_torn_line_of_the_journal_says_nothing(root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its last byte was not on the disk, so that of the message was not sent."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    publish(configured(root, POST), MONDAY)
    journal = root / STATE / notify.MESSAGES_FOLDER / notify.JOURNAL
    journal.parent.mkdir(parents=True)
    journal.write_text('{"channel": "team", "about": "2026-01-05", "state": "sen')
    assert [run(root), run(root)] == [0, 0]
    assert len(chat.posted) == 1
    assert len(journal.read_text().splitlines()) == 3


def test_nothing_is_sent_that_cannot_be_noted(
    root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A journal that cannot be written would lead to a second message."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    publish(configured(root, POST), MONDAY)
    (root / STATE / notify.MESSAGES_FOLDER / notify.JOURNAL).mkdir(parents=True)
    assert run(root) == 1
    assert "cannot be" in capsys.readouterr().err
    assert chat.posted == []


def test_a_channel_chooses_among_the_picks(root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """By field and score, and as many as it wants; the message says how many there are of them."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    day = publish(configured(root, POST + 'fields = ["llm-frontier"]\nmin_score = 8\nmost = 1\n'), MONDAY)
    run(root)
    [text] = texts(chat)
    assert text.count("https://arxiv.org/abs/") == 1
    assert day.picks[0].paper.abs_url in text
    assert "其中符合条件的 2 篇" in text


def test_a_day_without_a_pick_for_a_channel_is_looked_at_once(
    root: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent, and the journal says so: picks that a later correction adds are no news any more."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    publish(configured(root, POST + "watched_only = true\n"), MONDAY)
    run(root)
    assert not chat.posted
    told = notify.Journal(root / STATE / notify.MESSAGES_FOLDER / notify.JOURNAL).of("team")
    assert told == {str(MONDAY): notify.SentMessage("nothing")}


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("ok", False), ("", False), ("[]", False), ('{"code": 0}', False), ('{"errcode": 0, "errmsg": "ok"}', False),
        ('{"ok": true}', False), ('{"code": "a1b2"}', False), ('{"code": 19001, "msg": "invalid"}', True),
        ('{"StatusCode": 9499}', True), ('{"errcode": 93000}', True), ('{"ok": false}', True),
    ],
)  # fmt: skip
def test_a_chat_service_refuses_in_its_own_words(answer: str, refused: bool) -> None:
    """With status 200: Feishu, WeCom, DingTalk and Telegram by a code, Slack and others take what they answer."""
    assert channels.refused(answer) is refused


def test_a_template_is_filled_wherever_it_has_text() -> None:
    """In lists and tables; numbers, truth values and names that are none stay."""
    template = {"a": ["{text}!", 1, True], "b": {"c": "{text} {other}"}, "d": 2.5}
    filled = channels.filled(template, {"text": "new"})
    assert filled == {"a": ["new!", 1, True], "b": {"c": "new {other}"}, "d": 2.5}


def test_no_title_breaks_out_of_a_message(
    root: Path, chat: Chat, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of mark-up of any service, of JSON, of the lines of a mail."""
    monkeypatch.setenv("NOTIFY_URL", chat.url)
    monkeypatch.setenv("NOTIFY_SMTP", mailbox.url)
    body = 'body = {text = "{text}", markdown = "{markdown}", slack = "{slack}", html = "{html}"}'
    configured(root, POST.replace(POST[POST.index("body") :], body + "\n") + MAIL)
    hostile = 'A "b" <script>x</script> [c](http://evil.example) <http://evil.example|d> *e* {link} \\ & '
    publish(root, MONDAY, picks=(archive.pick(1, 9.0, "llm-frontier", title=hostile, reason=".\r\n.\r\nQUIT"),))
    assert run(root) == 0
    [posted] = chat.posted
    assert "<script>" not in posted["html"]
    assert "](http://evil" not in posted["markdown"]
    assert "<http://evil" not in posted["slack"]
    [message] = mailbox.messages
    page = parts(message)[1]
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (POST.replace("{text}", "{txt}"), "{txt}; did you mean 'text'?"),
        (POST + 'fields = ["no-such"]\n', "there is no field 'no-such'"),
        (POST + POST, "notify.name: 'team' is used twice"),
        (MAIL.replace('to = ["reader@example.org"]\n', ""), "lacks `to`"),
        (MAIL.replace("reader@example.org", "reader"), "notify[0].to[0]"),
        (POST + "variable = 'HOME'\n", "notify[0].variable"),
        ("", "config.toml has no [[notify]]"),
        (POST, "NOTIFY_URL is not set"),
    ],
)
def test_wrong_settings_are_named(root: Path, capsys: pytest.CaptureFixture[str], text: str, told: str) -> None:
    """With the key and what would be right."""
    publish(configured(root, text), MONDAY)
    assert run(root) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("variable", "secret", "told"),
    [
        ("NOTIFY_SMTP", "https://hidden-1234@example.org/", "is not a mail server URL such as"),
        ("NOTIFY_SMTP", "smtp://hidden-1234:x@host:port", "is not a mail server URL such as"),
        ("NOTIFY_URL", "hooks.example.org/hidden-1234", "is not a URL such as"),
        ("NOTIFY_URL", "http://example.org/hidden-1234", "use https://"),
    ],
)
def test_a_wrong_secret_is_named_but_not_shown(
    root: Path, capsys: pytest.CaptureFixture[str], variable: str, secret: str, told: str
) -> None:
    """One sentence says what it should look like."""
    patch = pytest.MonkeyPatch()
    patch.setenv(variable, secret)
    publish(configured(root, MAIL if variable == "NOTIFY_SMTP" else POST), MONDAY)
    assert run(root) == 1
    patch.undo()
    err = capsys.readouterr().err
    assert told in err
    assert "hidden" not in err
