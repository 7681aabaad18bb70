"""One call to an OpenAI-compatible endpoint: some papers in, a reply that was paid for or a failure out.

The openai client speaks, but neither retries nor parses: what may be asked again is decided by the caller, who keeps
the books, and the body is read here, bounded in size, depth and time.
"""

import base64
import functools
import json
import re
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple, Self

import httpx2
import openai
from pydantic import SecretStr

from generator.core import escape
from generator.core.errors import ConfigError, JudgeError
from generator.core.model import Paper
from generator.judges.llm.prompt import answer_schema, reminder, schema_in_words, system_message, user_message
from generator.judges.llm.reply import Reply, read_completion, read_json
from generator.settings.config import Config

OPENAI_URL = "https://api.openai.com/v1"
BODY_LIMIT = 4_000_000  # bytes; an answer about 50 papers has some 20,000
FILE_LIMIT = 400_000_000
ERROR_LIMIT = 64_000
RETRY_AFTER_LIMIT = 120.0  # seconds; who asks for more is not waited for in this run
_DETAIL_LIMIT = 200

FORMATS: tuple[Literal["json_schema", "json_object", "text"], ...] = ("json_schema", "json_object", "text")
"""The ladder of response formats, the strictest first; a provider that refuses one is asked with the next."""

# What content filters say, by provider: Azure and OpenAI, Alibaba, DeepSeek, Zhipu, Ark.
_FILTER = re.compile(
    r"data_?inspection_?failed|content_?filter|content[ _]exists[ _]risk|responsible_?ai_?policy"
    r"|content_policy_violation|inappropriate content"
    r"|sensitive_?(?: ?content|word| ?information)|requires moderation|不安全|敏感",
    re.IGNORECASE,
)
# OpenAI, Alibaba, Ark, Zhipu, Kimi. "Exceeded your current quota" alone is none: Gemini says so of calls in a minute.
_NO_CREDIT = re.compile(
    r"insufficient[_ ](?:quota|balance|credit)|billing_(?:hard_limit|not_active)|exceeded_current_quota_error"
    r"|arrearage|account_?overdue|余额不足|欠费",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model_?(?:not_?(?:found|exist)|decommissioned)|模型(?:不存在|已下线)"
    r"|model\b.{0,80}(?:not (?:exist|found)|decommissioned|been (?:retired|deprecated)|(?:is|been) shut ?down)"
    r"|not a valid model",
    re.IGNORECASE,
)
_RETRYABLE = {408, 409, 425, 429}


class Failure(NamedTuple):
    """A call without a usable reply.

    wait_seconds: None if the same question would fail again, else how long the endpoint asks to wait (0: it does not
    say). uncertain: whether it may have been billed all the same.
    """

    kind: Literal["filtered", "rejected", "busy", "silent"]
    detail: str
    wait_seconds: float | None = None
    uncertain: bool = False


class Model:
    """The endpoint of CONFIG, asked with KEY.

    A context manager, thread-safe; it remembers the response format that worked.
    """

    def __init__(self, config: Config, key: SecretStr) -> None:
        self._config = config
        self._key = key
        self._system = system_message(config)
        self._rung = 0
        self._tried = False
        self._lock = threading.Lock()
        timeout = config.llm.timeout_seconds
        secret = key.get_secret_value()
        if not re.fullmatch(r"[!-~]+", secret, re.ASCII):  # the client would put the key into its error
            raise ConfigError("OPENAI_API_KEY is empty or holds spaces or characters that no key has; copy it again")
        try:
            self._client = openai.OpenAI(
                api_key=secret,
                base_url=config.llm.base_url or OPENAI_URL,  # the client itself would take an empty OPENAI_BASE_URL
                max_retries=0,
                timeout=timeout,
                http_client=openai.DefaultHttpxClient(
                    timeout=timeout, event_hooks={"response": [lambda response: _bound(response, timeout)]}
                ),
                default_headers={"Accept-Encoding": "identity"},
            )
        except httpx2.InvalidURL as error:
            raise ConfigError(f"llm.base_url {escape.log(config.llm.base_url)!r} is no address: {error}") from None

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
        body = self._request(papers, FORMATS[self._rung])
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
        Raises JudgeError where no question can succeed: wrong key, no credit, unknown model.
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
        request = self._request(papers, form, again)
        try:
            with self._client.chat.completions.with_streaming_response.create(**request) as answer:
                data = b"".join(answer.iter_bytes())
        except openai.APIStatusError as error:
            return self._refused(error.status_code, self._said(error.response), error.response.headers)
        except (openai.APIConnectionError, httpx2.RequestError) as error:
            return self._silent(error.__cause__ or error)
        return self._read(_unpack(data), [paper.id for paper in papers])

    def _silent(self, cause: BaseException) -> Failure:
        """No answer, or half of one; only what surely did not reach the endpoint surely costs nothing."""
        unsent = isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol)
        if isinstance(cause, httpx2.TimeoutException):
            return Failure("silent", f"no answer within {self._config.llm.timeout_seconds:g} s", 0, not unsent)
        return Failure("silent", self._clean(f"no connection: {cause}"), 0, not unsent)

    def _request(self, papers: Sequence[Paper], form: str, again: bool = False) -> dict[str, Any]:
        settings = self._config.llm
        system = self._system if form == "json_schema" else self._system + schema_in_words(self._config)
        request: dict[str, Any] = {
            "model": settings.model,
            "messages": [
                {"role": "system", "content": system},
                {
                    "role": "user",
                    "content": user_message(papers, background=self._config.llm.background)
                    + (reminder(self._config) if again else ""),
                },
            ],
        }
        if form == "json_schema":
            schema = {"name": "verdicts", "strict": True, "schema": answer_schema(self._config)}
            request["response_format"] = {"type": form, "json_schema": schema}
        elif form == "json_object":
            request["response_format"] = {"type": form}
        if settings.temperature is not None:
            request["temperature"] = settings.temperature
        if settings.max_output_tokens is not None:  # OpenAI's newer models refuse the name that all others know
            request["max_tokens" if settings.base_url else "max_completion_tokens"] = settings.max_output_tokens
        if settings.extra_body:
            request["extra_body"] = settings.extra_body
        return request

    def _read(self, data: bytes, asked: Sequence[str], told: Config | None = None) -> Reply | Failure:
        try:
            text = hide(data.decode("utf-8", errors="replace"), self._key) if len(data) <= BODY_LIMIT else ""
            body = read_json(text)
        except (ValueError, RecursionError):
            body = None
        if isinstance(body, dict) and "choices" not in body and isinstance(body.get("error"), dict):
            code = body["error"].get("code")  # a gateway's way to say 429 with a 200
            status = code if isinstance(code, int) and 400 <= code < 600 else 502
            return self._refused(status, self._clean(_message(body)), {})
        return self._without_key(body, asked, told or self._config)

    def _without_key(self, body: object, asked: Sequence[str], told: Config) -> Reply:
        """What BODY says, which will be published: an endpoint may echo what it was sent, also in JSON's code."""
        if isinstance(body, dict) and isinstance(body.get("model"), str):
            body = {**body, "model": hide(body["model"], self._key)}
        reply = read_completion(body, asked, told)
        answers = {
            one: answer._replace(reason=hide(answer.reason, self._key)) if answer.reason else answer
            for one, answer in reply.answers.items()
        }
        return reply._replace(answers=answers)

    def _refused(self, status: int, said: str, headers: Mapping[str, str]) -> Failure:
        """What an error status means. Raises JudgeError for one that every call would get."""
        told = f"{status} {said}".strip()
        if _NO_CREDIT.search(said) or status == 402:
            raise JudgeError(
                f"the model's provider says that there is no credit left ({told}); top it up or look at its billing"
                " page, then run again"
            )
        if _FILTER.search(said) and status in (400, 403, 422, 451):
            return Failure("filtered", told)
        if status in (401, 403):
            raise JudgeError(f"the model's provider refuses the key ({told}); check OPENAI_API_KEY and OPENAI_BASE_URL")
        gone = status in (400, 422) and _NO_MODEL.search(said) and "response_format" not in said
        if status in (404, 410) or gone:
            model = escape.log(self._config.llm.model)
            raise JudgeError(
                f"no model {model!r} at this address, or no more ({told}); check OPENAI_MODEL and OPENAI_BASE_URL"
            )
        if status in _RETRYABLE or (status >= 500 and "response_format" not in said):
            wait = _retry_after(headers)
            return Failure("busy", told, wait if wait <= RETRY_AFTER_LIMIT else None)
        return Failure("rejected", told)

    def _said(self, response: httpx2.Response) -> str:
        data = _unpack(response.content)[:ERROR_LIMIT]
        try:
            return self._clean(_message(read_json(data)))
        except (ValueError, RecursionError):
            return self._clean(data.decode("utf-8", errors="replace"))

    def _clean(self, text: str) -> str:
        return redact(text, self._key)


def _message(body: object) -> str:
    """What an error's JSON says: message, code and type, wherever the provider puts them."""
    root = body if isinstance(body, dict) else {}
    error = root.get("error")
    parts = error if isinstance(error, dict) else root
    said = [error] if isinstance(error, str) else []
    said += [str(parts[name]) for name in ("message", "code", "type") if isinstance(parts.get(name), str | int)]
    return " ".join(dict.fromkeys(said)) or json.dumps(body)[:ERROR_LIMIT]


_KEY_LIKE = re.compile(r"\b(?:Bearer\s{1,9}|sk-|ak-)[\w.*~+/=-]{4,500}", re.IGNORECASE)


@functools.lru_cache(maxsize=4)
def _forms(secret: str) -> re.Pattern[str]:
    """What SECRET looks like in an echo: as it is, broken over lines, in a URL, in Base64 or in hexadecimal."""
    forms = [r"\s{0,3}".join(map(re.escape, secret)), re.escape(escape.url_part(secret)), secret.encode().hex()]
    for shift in range(3):  # where it begins within three bytes decides what Base64 makes of it
        packed = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        core = packed[(0, 2, 3)[shift] : len(packed) - len(packed) % 4 - 4]
        either = "".join({"+": "[+-]", "/": "[/_]"}.get(sign, sign) for sign in core)
        forms.append(rf"{either}[\w+/=-]{{0,200}}")
    return re.compile("|".join(forms), re.IGNORECASE)


def hide(text: str, key: SecretStr) -> str:
    """TEXT without KEY in any form that an echo gives it; keys of less than 8 characters are no secret."""
    secret = key.get_secret_value()
    return _forms(secret).sub("[key]", text) if len(secret) >= 8 else text


def redact(text: str, key: SecretStr) -> str:
    """TEXT on one bounded line without KEY, however a provider echoes it: whole, in code, or masked in the middle."""
    secret = key.get_secret_value()
    text = _KEY_LIKE.sub("[key]", hide(text[:4000], key))
    if len(secret) >= 8:
        ends = f"{re.escape(secret[:4])}[^\\s\"']{{0,500}}|[^\\s\"']{{0,500}}[*.…]{re.escape(secret[-4:])}"
        text = re.sub(ends, "[key]", text)
    elif secret:
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "[key]", text)
    return escape.log(text, _DETAIL_LIMIT)


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds that the endpoint asks to wait, 0 if it does not say. A date counts from the answer's own."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(headers["date"])).total_seconds())
    except (KeyError, ValueError, TypeError, OverflowError):
        return 0.0


def _bound(response: httpx2.Response, seconds: float) -> None:
    """Let RESPONSE end when it is too large or takes too long, and leave packed what came packed though unasked."""
    stream = response.stream
    if isinstance(stream, httpx2.SyncByteStream):
        is_file = response.request.url.path.endswith("/content")  # the answers of a batch, of many calls
        limit = ERROR_LIMIT if response.is_error else FILE_LIMIT if is_file else BODY_LIMIT + 1
        response.stream = _Ending(stream, limit, time.monotonic() + seconds)
    response.headers.pop("content-encoding", None)


def _unpack(data: bytes) -> bytes:
    """DATA, unpacked up to the limit if it is gzip."""
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return zlib.decompressobj(wbits=31).decompress(data, BODY_LIMIT + 1)
    except zlib.error:
        return b""


class _Ending(httpx2.SyncByteStream):
    """The first LIMIT bytes of STREAM; ReadTimeout at DEADLINE (monotonic seconds), however slowly it drips."""

    def __init__(self, stream: httpx2.SyncByteStream, limit: int, deadline: float) -> None:
        self._stream, self._limit, self._deadline = stream, limit, deadline

    def __iter__(self) -> Iterator[bytes]:
        left = self._limit
        for chunk in self._stream:
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("the answer drips too slowly")

    def close(self) -> None:
        self._stream.close()
