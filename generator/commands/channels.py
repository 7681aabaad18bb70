"""How a message leaves: by SMTP, or as one JSON POST. A message is handed over at most once.

Only between the last byte of a message and the answer to it can nobody tell whether it was taken. So everything but
the last byte is sent first: the other side throws half a message away. Then `commit` writes down that the message goes
out, and only then the last byte is sent. What was committed and has no answer is never sent again.
"""

import datetime as dt
import json
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import httpx2

from generator import __version__
from generator.core.errors import ArxivDailyError, ConfigError
from generator.core.escape import log
from generator.core.files import read_json
from generator.core.http import open_client
from generator.settings.config import LOOPBACK, SLOT, Channel

CHANNEL_TIMEOUT_SECONDS = 30.0
ANSWER_LIMIT = 4_000
"""Bytes of an answer that are read."""
UNDECIDED = (408, 502, 504)
"""A gateway's word that it has no answer: whoever stands behind it may have taken the message."""

Commit = Callable[[], None]
"""Writes down, for good, that the message goes out now."""


class Message(NamedTuple):
    """One message. id: the same however often it is tried; parts: what a template in `body` can name."""

    id: str
    subject: str
    text: str
    html: str
    parts: Mapping[str, str]


class DeliveryError(ArxivDailyError):
    """The message did not go out and is tried again by the next run, unless `uncertain`: then it may have arrived."""

    def __init__(self, message: str, *, uncertain: bool = False) -> None:
        super().__init__(message)
        self.uncertain = uncertain


def deliver(channel: Channel, secret: str, message: Message, now: dt.datetime, commit: Commit) -> list[str]:
    """Hand MESSAGE over to CHANNEL, whose SECRET is its address; return the receivers that were refused.

    Raises ConfigError for a secret that is no such address, and DeliveryError. Neither tells the secret.
    """
    try:
        if channel.kind == "mail":
            return _deliver_mail(channel, secret, message, now, commit)
        _deliver_post(channel, secret, message, commit)
    except DeliveryError as error:
        raise DeliveryError(_without(secret, str(error)), uncertain=error.uncertain) from None
    return []


def _without(secret: str, text: str) -> str:
    """TEXT on one line, without SECRET and without the parts of it that give access."""
    parts = urlsplit(secret)
    tails = [parts.path, parts.query, parts.username or "", parts.password or ""]
    hidden = {secret, *tails, *map(unquote, tails)}
    for part in sorted((part for part in hidden if len(part) > 3), key=len, reverse=True):
        text = text.replace(part, "[secret]")
    return log(text, 300)


# Mail


class _Server(NamedTuple):
    """Where mail is handed in. tls: encrypted from the first byte; else by STARTTLS, which only loopback may lack."""

    host: str
    port: int
    tls: bool
    user: str
    password: str


def _server(channel: Channel, secret: str) -> _Server:
    parts = urlsplit(secret)
    tls = parts.scheme == "smtps"
    try:
        port = parts.port or (465 if tls else 587)
    except ValueError:
        port = 0
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or not port:
        raise ConfigError(
            f"{channel.variable} is not a mail server URL such as smtps://USER:PASSWORD@smtp.example.org:465 (smtp://"
            " for STARTTLS; write @, : and / in name and password as %40, %3A and %2F)"
        )
    return _Server(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


def _deliver_mail(channel: Channel, secret: str, message: Message, now: dt.datetime, commit: Commit) -> list[str]:
    server = _server(channel, secret)
    sender = channel.sender or server.user
    if "@" not in sender:
        raise ConfigError(
            f"notify.{channel.name}: set `sender`; the user name of the mail server is not a mail address"
        )
    committed = False
    try:
        with _session(server) as smtp:
            refused = _envelope(smtp, sender, channel.to)
            smtp.send(_dotted(mail(channel, sender, message, now)))
            commit()
            committed = True
            smtp.send(b".\r\n")
            code, answer = smtp.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(_explained(error), uncertain=committed) from None
    if code != 250:
        raise DeliveryError(f"the mail server rejected the message: {code} {_text(answer)}")
    return refused


@contextmanager
def _session(server: _Server) -> Iterator[smtplib.SMTP]:
    """A session with SERVER, encrypted and logged in; it ends without a word, since what counts has been said."""
    context = ssl.create_default_context()
    if server.tls:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=CHANNEL_TIMEOUT_SECONDS, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=CHANNEL_TIMEOUT_SECONDS)
    try:
        smtp.ehlo()
        if not server.tls and (server.host not in LOOPBACK or smtp.has_extn("starttls")):
            smtp.starttls(context=context)
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
    finally:
        smtp.close()


def _envelope(smtp: smtplib.SMTP, sender: str, receivers: tuple[str, ...]) -> list[str]:
    """Begin a message from SENDER; return those of RECEIVERS that were refused. Raises DeliveryError if all were."""
    code, answer = smtp.mail(sender)
    if code != 250:
        raise DeliveryError(f"the mail server rejected the sender {sender}: {code} {_text(answer)}")
    refused = {}
    for receiver in receivers:
        code, answer = smtp.rcpt(receiver)
        if code not in (250, 251):
            refused[receiver] = f"{receiver}: {code} {_text(answer)}"
    if len(refused) == len(receivers):
        raise DeliveryError(f"the mail server rejected every recipient: {'; '.join(refused.values())}")
    code, answer = smtp.docmd("DATA")
    if code != 354:
        raise DeliveryError(f"the mail server accepts no messages: {code} {_text(answer)}")
    return list(refused.values())


def mail(channel: Channel, sender: str, message: Message, now: dt.datetime) -> bytes:
    """MESSAGE as text and HTML, in seven-bit lines that every server takes."""
    whole = MIMEMultipart("alternative")
    whole["From"] = formataddr((message.parts["site"], sender), "utf-8")
    whole["To"] = ", ".join(channel.to)
    # Python's newer policy loses or doubles spaces between encoded words of a Chinese subject.
    whole["Subject"] = Header(message.subject, "utf-8").encode() if not message.subject.isascii() else message.subject
    whole["Date"] = format_datetime(now)
    whole["Message-ID"] = f"<{message.id}>"
    whole["Auto-Submitted"] = "auto-generated"
    whole.attach(MIMEText(message.text, "plain", "utf-8"))
    whole.attach(MIMEText(message.html, "html", "utf-8"))
    return whole.as_bytes()


def _dotted(content: bytes) -> bytes:
    """CONTENT as the lines of DATA, without the line that ends it."""
    lines = re.sub(rb"\r?\n", b"\r\n", content.rstrip(b"\r\n") + b"\n")
    return re.sub(rb"^\.", b"..", lines, flags=re.MULTILINE)


# POST


def _deliver_post(channel: Channel, secret: str, message: Message, commit: Commit) -> None:
    parts = urlsplit(secret)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{channel.variable} is not a URL such as https://hooks.example.org/services/...")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigError(f"{channel.variable} uses http://, which is not encrypted; use https://")
    body = json.dumps(filled(channel.body, message.parts), ensure_ascii=False).encode()
    committed = False

    def chunks() -> Iterator[bytes]:
        nonlocal committed
        yield body[:-1]
        commit()
        committed = True
        yield body[-1:]

    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "User-Agent": f"arxiv-daily/{__version__}",
    }
    try:
        with (
            open_client(
                lambda: httpx2.Client(timeout=CHANNEL_TIMEOUT_SECONDS), CHANNEL_TIMEOUT_SECONDS, lambda _: ANSWER_LIMIT
            ) as client,
            client.stream("POST", secret, content=chunks(), headers=headers) as answer,
        ):
            status, said = answer.status_code, answer.read().decode("utf-8", errors="replace")
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise DeliveryError(_explained(error), uncertain=committed) from None
    if status in UNDECIDED:
        raise DeliveryError(f"HTTP {status} {log(said, 120)}", uncertain=True)
    if not 200 <= status < 300:
        raise DeliveryError(f"HTTP {status} {log(said, 120)}")
    if refused(said):
        raise DeliveryError(f"refused: {log(said, 200)}")


def _most_bytes(_answer: httpx2.Response) -> int:
    return ANSWER_LIMIT


def refused(answer: str) -> bool:
    """Whether ANSWER, of status 200, says that the message was not taken, as chat services do in words of their own.

    Feishu: `code` (once `StatusCode`) is not 0; WeCom and DingTalk: `errcode` is not 0; Telegram: `ok` is false.
    """
    try:
        told = read_json(answer)
    except ValueError:  # Slack says "ok", others nothing
        return False
    if not isinstance(told, dict):
        return False
    codes = [told.get(name) for name in ("code", "StatusCode", "errcode")]
    return told.get("ok") is False or any(isinstance(code, int) and code != 0 for code in codes)


def filled(template: Any, parts: Mapping[str, str]) -> Any:
    """TEMPLATE, a value of JSON, with `{name}` in each of its strings replaced by what PARTS have under that name."""
    if isinstance(template, str):
        return SLOT.sub(lambda match: parts.get(match[1], match[0]), template)
    if isinstance(template, Mapping):
        return {key: filled(value, parts) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [filled(value, parts) for value in template]
    return template


def _text(answer: bytes) -> str:
    return log(answer.decode("utf-8", errors="replace"), 200)


def _explained(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the mail server refuses user name or password: {error.smtp_code}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"the mail server cannot do what is needed: {error}"
    if isinstance(error, TimeoutError | httpx2.TimeoutException):
        return f"no answer within {CHANNEL_TIMEOUT_SECONDS:g} s"
    return f"no connection: {error}"
