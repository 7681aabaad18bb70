"""What a provider's refusal means: wait, ask otherwise, ask without a paper, or stop. Providers' words are here.

Providers say the same thing with any status (Gemini refuses a key with 400, OpenAI an empty account with 429, gateways
everything with 200) and in any shape (an object, a list with one, text). So the words are read first, then the status.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, assert_never

from generator.core import escape
from generator.core.errors import RefusedError
from generator.core.http import retry_after
from generator.core.why import KEY_REFUSED, MODEL_ENDED, NO_CREDIT
from generator.settings.config import Llm
from generator.settings.providers import advice, end_of

ERROR_LIMIT = 64_000  # bytes of an error's body that are read
RETRY_AFTER_LIMIT = 120.0  # seconds; who asks for more is not waited for in this run
ERROR_DEPTH_LIMIT = 8
_FLAGS = re.IGNORECASE | re.DOTALL

# What content filters say, by provider: Azure and OpenAI, Alibaba, DeepSeek, Zhipu, Ark.
_FILTER = re.compile(
    r"data_?inspection_?failed|content_?filter|content[ _]exists[ _]risk|responsible_?ai_?policy"
    r"|content_policy_violation|inappropriate content"
    r"|sensitive_?(?: ?content|word| ?information)|requires moderation|不安全|敏感",
    _FLAGS,
)
# OpenAI, Anthropic, Alibaba, Ark, Zhipu, Kimi, new-api gateways. "Exceeded your current quota" alone is none: Gemini
# says so of the calls of a minute.
_SPENT = re.compile(
    r"insufficient[_ ](?:user[_ ])?(?:quota|balance|credit|fund)|billing_(?:hard_limit|not_active)"
    r"|exceeded_current_quota_error|credit balance|out of credit|no credits? (?:left|remaining)|payment required"
    r"|balance (?:is |was )?(?:insufficient|exhausted|depleted|too low)|credits? (?:are|is|was|were|have been|has been)"
    r" (?:depleted|exhausted|used up|too low)|free tier.{0,40}exhausted|billing to be enabled|billing_error"
    r"|budget_?(?: has been )?exceeded"
    r"|(?:spend(?:ing)?|budget|credit|key) limit (?:has been |was |is )?(?:exceeded|reached)"
    r"|(?:exceed|reach|hit).{0,40}(?:spend(?:ing)?|budget|credit|api usage) limit"
    r"|arrearage|account_?overdue|account.{0,40}(?:suspended|overdue|in arrears)"
    r"|余额(?:不足|已用|为)|额度(?:不足|已用)|欠费",
    _FLAGS,
)
_NO_MODEL = re.compile(
    r"model_?(?:not_?(?:found|exist|supported)|decommissioned|deprecated)|(?:unknown|unsupported|invalid) model\b"
    r"|模型.{0,40}(?:不存在|下线|下架|停用|停止服务)|not a valid model|supported (?:api )?model names? (?:are|is)"
    r"|(?:model|models/[\w.-]+)\b.{0,80}(?:not (?:exist|found)|decommissioned"
    r"|been (?:retired|deprecated|discontinued|sunset|removed)|(?:is|been) shut ?down"
    r"|no longer (?:available|supported|exists?|offered|served)|end[ -]of[ -]life)"
    r"|no such model",
    _FLAGS,
)
_KEY = r"(?:api[ _-]?key|access[ _-]?token|auth(?:entication|orization)?[ _-]?token|credentials?|authorization header)"
_NO_KEY = re.compile(
    rf"{_KEY}.{{0,60}}(?:not valid|invalid|incorrect|expired|missing|revoked|disabled|leaked|required)"
    rf"|{_KEY}.{{0,60}}not (?:found|provided|set)|(?:invalid|incorrect)_api_key|api_key_invalid"
    rf"|(?:invalid|incorrect|wrong|expired|missing|malformed|no) .{{0,20}}{_KEY}"
    r"|unauthenticated|unauthori[sz]ed|authentication_?(?: failed| failure|error|_error)|login fail"
    r"|invalid_authentication|(?:密钥|令牌|api ?key|token).{0,20}(?:无效|过期|错误|失效|不正确|不存在|非法)"
    r"|(?:身份|鉴权|认证|令牌)(?:验证)?失败|(?:location|country|region|territory)\b.{0,30}not supported",
    _FLAGS,
)
_ASKED_FORM = re.compile(r"response_format|json_schema|structured output", _FLAGS)
"""A refusal of the form of the answer is no word about the model."""
_PER_DAY = re.compile(r"per_?day", _FLAGS)
_REFUSES = (400, 401, 403, 404, 410, 422)
_BUSY = (408, 409, 425, 429)

RefusalKind = Literal["no credit", "key refused", "no model", "filtered", "busy", "rejected"]


class Refusal(NamedTuple):
    """What an error means. wait_seconds of `busy`: how long to wait (0: it does not say), None: longer than a run."""

    kind: RefusalKind
    wait_seconds: float | None = None


class Failure(NamedTuple):
    """A call without a usable reply.

    wait_seconds: None if the same question would fail again, else how long the endpoint asks to wait (0: it does not
    say). uncertain: whether it may have been billed all the same.
    """

    kind: Literal["filtered", "rejected", "busy", "silent"]
    detail: str
    wait_seconds: float | None = None
    uncertain: bool = False


def read_refusal(status: int, said: str, body: object, headers: Mapping[str, str], asked: Llm) -> Failure:
    """What an answer with STATUS means to a call of the model ASKED. SAID: what BODY says in words, redacted.

    Raises RefusedError for one that every call would get.
    """
    told = f"{status} {said}".strip()
    refusal = classify(status, said, body, headers)
    match refusal.kind:
        case "no credit":
            what = f"the model's provider says that there is no credit left ({told})"
            raise RefusedError(NO_CREDIT, f"{what}; top it up or look at its billing page, then run again")
        case "key refused":
            what = f"the model's provider refuses the key ({told})"
            raise RefusedError(KEY_REFUSED, f"{what}; check OPENAI_API_KEY and OPENAI_BASE_URL")
        case "no model":
            end = end_of(asked.model, asked.base_url)
            remedy = advice(end) if end else "check OPENAI_MODEL and OPENAI_BASE_URL"
            what = f"no model {escape.log(asked.model)!r} at this address, or no more ({told})"
            raise RefusedError(MODEL_ENDED, f"{what}; {remedy}")
        case "filtered" | "rejected" as kind:
            return Failure(kind, told)
        case "busy":
            return Failure("busy", told, refusal.wait_seconds)
        case _:
            assert_never(refusal.kind)


def classify(status: int, said: str, body: object, headers: Mapping[str, str]) -> Refusal:
    """What an answer with STATUS means. SAID: what BODY, its JSON, says in words."""
    if _SPENT.search(said) or status == 402:
        return Refusal("no credit")
    if _FILTER.search(said) and status in (400, 403, 422, 451):
        return Refusal("filtered")
    if status in _REFUSES and _NO_MODEL.search(said) and not _ASKED_FORM.search(said):
        return Refusal("no model")
    if status in (401, 403) or (status not in _BUSY and _NO_KEY.search(said)):
        return Refusal("key refused")
    if status in (404, 410):
        return Refusal("no model")
    if status in _BUSY or (status >= 500 and not _ASKED_FORM.search(said)):
        wait = retry_after(headers) or _retry_delay(body)
        too_long = wait > RETRY_AFTER_LIMIT or bool(_PER_DAY.search(json.dumps(body)))
        return Refusal("busy", None if too_long else wait)
    return Refusal("rejected")


def error_in(body: object) -> tuple[int, object] | None:
    """Status and error of BODY, an answer with status 200, if it is an error all the same, as gateways send them."""
    root = body[0] if isinstance(body, list) and body else body
    if not isinstance(root, dict) or "choices" in root:
        return None
    error = root.get("error") or root.get("errors") or (root if _status(root) else None)
    if not error:
        return None
    return _status(error) or _status(root) or 502, body


def _status(error: object) -> int:
    """The HTTP status that ERROR names; 0 if none."""
    found = error[0] if isinstance(error, list) and error else error
    code = found.get("code", found.get("status")) if isinstance(found, dict) else None
    if isinstance(code, str) and re.fullmatch(r"[45]\d\d", code, re.ASCII):
        code = int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) and 400 <= code < 600 else 0


_WORDS = ("message", "msg", "status_msg", "error_msg", "detail", "code", "type", "status", "reason", "error", "errors")


def error_message(body: object) -> str:
    """What an error's JSON says in words: message, code, type and reason, wherever the provider puts them."""
    return " ".join(dict.fromkeys(_words(body, 0))) or json.dumps(body)


def _words(value: object, depth: int) -> Iterator[str]:
    if depth > ERROR_DEPTH_LIMIT:
        return
    if isinstance(value, list):
        for inner in value[:20]:
            yield from _words(inner, depth + 1)
    elif isinstance(value, dict):
        for name in _WORDS:
            if name in value:
                yield from _words(value[name], depth + 1)
        for name, inner in value.items():
            if name.lower() not in _WORDS and isinstance(inner, dict | list):
                yield from _words(inner, depth + 1)
    elif isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
        yield str(value)


def _retry_delay(body: Any, depth: int = 0) -> float:
    """Seconds that Google's RetryInfo in BODY asks to wait ("34.07s"); 0 if there is none."""
    if depth > ERROR_DEPTH_LIMIT or not isinstance(body, dict | list):
        return 0.0
    if isinstance(body, dict) and isinstance(told := body.get("retryDelay"), str):
        found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)s", told.strip(), re.ASCII)
        return float(found[1]) if found else 0.0
    inner = body.values() if isinstance(body, dict) else body
    return max((_retry_delay(part, depth + 1) for part in inner), default=0.0)
