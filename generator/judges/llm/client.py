"""One call to an OpenAI-compatible endpoint: some papers in, a reply that was paid for or a failure out.

The openai client speaks, but neither retries nor parses: what may be asked again is decided by the caller, who keeps
the books, and the body is read here, bounded in size, depth and time.
"""

import json
import re
import threading
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Self
from urllib.parse import urlsplit

import httpx2
import openai
from pydantic import SecretStr

from generator.core import escape
from generator.core.errors import ConfigError
from generator.core.http import open_client
from generator.core.model import Paper
from generator.judges.llm.provider_errors import ERROR_LIMIT, Failure, error_in, error_message, read_refusal
from generator.judges.llm.reply import Reply, read_bounded_json, read_completion
from generator.judges.llm.request import FORMATS, chat_request
from generator.judges.llm.secret import hide, redact
from generator.settings.config import LOOPBACK, Config

OPENAI_URL = "https://api.openai.com/v1"
BODY_LIMIT = 4_000_000  # bytes; an answer about 50 papers has some 20,000
FILE_LIMIT = 400_000_000


class Model:
    """The endpoint of CONFIG, asked with KEY.

    A context manager, thread-safe; it remembers the response format that worked.
    """

    def __init__(self, config: Config, key: SecretStr) -> None:
        self._config = config
        self._key = key
        self._rung = 0
        self._tried = False
        self._lock = threading.Lock()
        timeout = config.llm.timeout_seconds
        secret = key.get_secret_value()
        if not re.fullmatch(r"[!-~]+", secret, re.ASCII):  # the client would put the key into its error
            raise ConfigError("OPENAI_API_KEY is empty or holds spaces or characters that no key has; copy it again")
        speaker = open_client(lambda: openai.DefaultHttpxClient(timeout=timeout), timeout, _most_bytes)
        try:
            self._client = openai.OpenAI(
                api_key=secret,
                base_url=config.llm.base_url or OPENAI_URL,  # the client itself would take an empty OPENAI_BASE_URL
                max_retries=0,
                timeout=timeout,
                http_client=speaker,
                default_headers={"Accept-Encoding": "identity"},
            )
        except httpx2.InvalidURL:
            speaker.close()
            raise ConfigError(f"llm.base_url {escape.address(config.llm.base_url)} is not a URL") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    @property
    def client(self) -> openai.OpenAI:
        """The client, for what is no question about papers."""
        return self._client

    @property
    def tried(self) -> bool:
        """Whether a call has shown which response format works."""
        return self._tried

    def request_body(self, papers: Sequence[Paper]) -> dict[str, Any]:
        """What would be sent about PAPERS, in the form that works."""
        body = chat_request(self._config, papers, FORMATS[self._rung])
        extra: dict[str, Any] = body.pop("extra_body", {})
        return body | extra

    def read_body(self, body: object, asked: Sequence[str], told: Config | None = None) -> Reply | Failure:
        """What BODY, an answer as parsed JSON, says of the papers ASKED, by the configuration TOLD if it is another."""
        return self._read(json.dumps(body).encode(), asked, told)

    def redacted(self, text: str) -> str:
        """TEXT on one line, without the key."""
        return self._clean(text)

    @property
    def form(self) -> str:
        """The response format that worked, or the one that is tried first."""
        return FORMATS[self._rung]

    def ask(self, papers: Sequence[Paper], again: bool = False) -> Reply | Failure:
        """Ask about PAPERS once, stepping down the ladder where a response format is refused.

        AGAIN: with a reminder that reasons are needed, and in which language.
        Raises RefusedError where no question can succeed: wrong key, no credit, unknown model.
        """
        rung = self._rung
        while True:
            outcome = self._ask(papers, FORMATS[rung], again)
            if isinstance(outcome, Reply):
                with self._lock:  # only what worked is remembered: a 400 may have had another reason
                    self._rung = max(self._rung, rung)
                    self._tried = True
                return outcome
            if outcome.kind != "rejected" or rung + 1 == len(FORMATS):
                return outcome
            rung += 1

    def _ask(self, papers: Sequence[Paper], form: str, again: bool) -> Reply | Failure:
        request = chat_request(self._config, papers, form, again)
        try:
            with self._client.chat.completions.with_streaming_response.create(**request) as answer:
                data = b"".join(answer.iter_bytes())
        except openai.APIStatusError as error:
            return self._refused(error.status_code, _error_of(error.response), error.response.headers)
        except (openai.APIConnectionError, httpx2.RequestError) as error:
            return _silent(error.__cause__ or error, self._timed_out(), self._key)
        return self._read(_unpack(data), [paper.id for paper in papers])

    def _read(self, data: bytes, asked: Sequence[str], told: Config | None = None) -> Reply | Failure:
        try:
            text = hide(data.decode("utf-8", errors="replace"), self._key) if len(data) <= BODY_LIMIT else ""
            body = read_bounded_json(text)
        except (ValueError, RecursionError):
            body = None
        if (error := error_in(body)) is not None:
            return self._refused(*error, {})
        return _without_key(body, asked, told or self._config, self._key)

    def _refused(self, status: int, body: object, headers: Mapping[str, str]) -> Failure:
        said = self._clean(body if isinstance(body, str) else error_message(body))
        return read_refusal(status, said, body, headers, self._config.llm)

    def _timed_out(self) -> str:
        """That there was no answer, with the settings that help: a model on one's own machine needs minutes."""
        settings = self._config.llm
        host = urlsplit(settings.base_url).hostname or ""
        lower = "concurrency to 1" if host in LOOPBACK and settings.concurrency > 1 else "papers_per_call"
        return f"no answer within {settings.timeout_seconds:g} s: raise timeout_seconds in [llm], or lower {lower}"

    def _clean(self, text: str) -> str:
        for secret in escape.secrets_in(self._config.llm.base_url):
            text = text.replace(secret, "[secret]")
        return redact(text, self._key)


def _error_of(response: httpx2.Response) -> object:
    """The JSON of RESPONSE, an error; its text if it is none."""
    data = _unpack(response.content)[:ERROR_LIMIT]
    try:
        return read_bounded_json(data)
    except (ValueError, RecursionError):
        return data.decode("utf-8", errors="replace")


def _most_bytes(response: httpx2.Response) -> int:
    """How much of RESPONSE is read; it is left packed where it came packed though nobody asked for that."""
    response.headers.pop("content-encoding", None)
    is_file = response.request.url.path.endswith("/content")  # the answers of a batch, of many calls
    return ERROR_LIMIT if response.is_error else FILE_LIMIT if is_file else BODY_LIMIT + 1


def _unpack(data: bytes) -> bytes:
    """DATA, unpacked up to the limit if it is gzip."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, BODY_LIMIT + 1)
    except zlib.error:
        return b""


def _without_key(body: object, asked: Sequence[str], told: Config, key: SecretStr) -> Reply:
    """What BODY says, which will be published: an endpoint may echo what it was sent, also in JSON's code."""
    if isinstance(body, dict) and isinstance(body.get("model"), str):
        body = {**body, "model": hide(body["model"], key)}
    reply = read_completion(body, asked, told)
    answers = {
        paper_id: answer._replace(reason=hide(answer.reason, key)) if answer.reason else answer
        for paper_id, answer in reply.answers.items()
    }
    return reply._replace(answers=answers)


def _silent(cause: BaseException, timed_out: str, key: SecretStr) -> Failure:
    """No answer, or half of one; only what surely did not reach the endpoint surely costs nothing."""
    unsent = isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol)
    if isinstance(cause, httpx2.TimeoutException):
        return Failure("silent", timed_out, 0, not unsent)
    return Failure("silent", redact(f"no connection: {cause}", key), 0, not unsent)
