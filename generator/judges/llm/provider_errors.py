"""What a provider's refusal means: wait, ask otherwise, ask without a paper, or stop. Providers' quirks are here."""

import json
import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.core import escape
from generator.core.errors import JudgeError
from generator.core.http import retry_after

ERROR_LIMIT = 64_000  # bytes of an error's body that are read
RETRY_AFTER_LIMIT = 120.0  # seconds; who asks for more is not waited for in this run

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


def read_refusal(status: int, said: str, headers: Mapping[str, str], model: str) -> Failure:
    """What the error STATUS means, of which the provider SAID something, asked for MODEL.

    Raises JudgeError for one that every call would get.
    """
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
        raise JudgeError(
            f"no model {escape.log(model)!r} at this address, or no more ({told}); check OPENAI_MODEL and"
            " OPENAI_BASE_URL"
        )
    if status in _RETRYABLE or (status >= 500 and "response_format" not in said):
        wait = retry_after(headers)
        return Failure("busy", told, wait if wait <= RETRY_AFTER_LIMIT else None)
    return Failure("rejected", told)


def error_message(body: object) -> str:
    """What an error's JSON says: message, code and type, wherever the provider puts them."""
    root = body if isinstance(body, dict) else {}
    error = root.get("error")
    parts = error if isinstance(error, dict) else root
    said = [error] if isinstance(error, str) else []
    said += [str(parts[name]) for name in ("message", "code", "type") if isinstance(parts.get(name), str | int)]
    return " ".join(dict.fromkeys(said)) or json.dumps(body)[:ERROR_LIMIT]
