"""Receivers of messages on loopback: a real SMTP server (aiosmtpd) and a chat service that takes a JSON POST."""

import asyncio
import email
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


class Mailbox:
    """What arrived, oldest first.

    answer: what DATA is answered with; refused: receivers that are not known; closed: only for who has logged in.
    """

    def __init__(self) -> None:
        self.arrived: list[Envelope] = []
        self.answer = "250 taken"
        self.refused: set[str] = set()
        self.closed = False
        self.url = ""

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.closed and not session.authenticated:
            return "530 log in first"
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("2"):
            self.arrived.append(envelope)
        return self.answer

    @property
    def messages(self) -> list[Message]:
        """The messages that arrived, parsed."""
        return [email.message_from_bytes(envelope.original_content or b"") for envelope in self.arrived]


@contextmanager
def smtp_server(password: str = "") -> Iterator[Mailbox]:
    """A mail server; PASSWORD: the one that it wants of the user ada@example.org."""
    mailbox = Mailbox()
    mailbox.closed = bool(password)

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, told: Any) -> AuthResult:
        right = isinstance(told, LoginPassword) and (told.login, told.password) == (
            b"ada@example.org",
            password.encode(),
        )
        return AuthResult(success=right, handled=False)

    options: dict[str, Any] = {"authenticator": check, "auth_require_tls": False}
    loop = asyncio.new_event_loop()

    def session() -> SMTP:
        return SMTP(mailbox, hostname="127.0.0.1", loop=loop, **(options if password else {}))

    server = loop.run_until_complete(loop.create_server(session, "127.0.0.1", 0))
    mailbox.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield mailbox
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.close()


class Chat:
    """What was posted.

    answers: status and body of the next answers, then `usual`; hold: seconds before an answer; begun: messages of which
    all but the last byte came.
    """

    def __init__(self) -> None:
        self.posted: list[Any] = []
        self.answers: list[tuple[int, str]] = []
        self.usual = (200, '{"code":0,"msg":"success"}')
        self.hold = 0.0
        self.begun = 0
        self.url = ""


@contextmanager
def chat_server() -> Iterator[Chat]:
    """A chat service."""
    chat = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            content = self.rfile.read(length - 1)
            chat.begun += len(content) == length - 1
            content += self.rfile.read(1)
            if len(content) < length:  # the sender died: half a message is none
                return
            status, body = chat.answers.pop(0) if chat.answers else chat.usual
            if 200 <= status < 300 and '"code":9' not in body:
                chat.posted.append(json.loads(content))
            time.sleep(chat.hold)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    chat.url = f"http://127.0.0.1:{server.server_port}/hook/secret-token-0123"
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()
