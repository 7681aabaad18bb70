"""One call to an endpoint, with the real client against a server on loopback."""

import gzip
import json
import logging
import re
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest
from fakes.llm import Answer, Asked, FakeLlm, error
from pydantic import SecretStr

from generator.core.errors import ConfigError, JudgeError, RefusedError
from generator.core.model import Paper
from generator.judges.llm.client import BODY_LIMIT, Model
from generator.judges.llm.provider_errors import Failure
from generator.judges.llm.reply import Answer as Read
from generator.judges.llm.reply import Reply
from generator.judges.llm.secret import redact
from generator.settings.config import Config

CANARY = "sk-canary-0123456789abcdefSECRET"
FIELD = "大模型新技术"
PAPERS = [
    Paper(id=f"2601.0000{n}", title=f"T{n}", authors=(), abstract="A.", categories=("cs.LG",), submitted=None)
    for n in range(1, 5)
]


@pytest.fixture
def fake() -> Iterator[FakeLlm]:
    with FakeLlm(lambda paper: (8, FIELD, f"新 {paper}") if paper.endswith("1") else (3, FIELD, None)) as server:
        yield server


class Ask(Protocol):
    def __call__(self, fake: FakeLlm, key: str = CANARY, **llm: object) -> Model: ...


@pytest.fixture
def model() -> Iterator[Ask]:
    """Makes models of a fake endpoint and closes them in the end."""
    with ExitStack() as opened:

        def make(fake: FakeLlm, key: str = CANARY, **llm: object) -> Model:
            settings = {"base_url": fake.url, "model": "asked", "timeout_seconds": 30.0, **llm}
            fields = [{"slug": "new", "name": FIELD, "description": "x"}]
            config = Config.model_validate({"fields": fields, "llm": settings})
            return opened.enter_context(Model(config, SecretStr(key)))

        yield make


def reply(outcome: Reply | Failure) -> Reply:
    assert isinstance(outcome, Reply), outcome
    return outcome


def failure(outcome: Reply | Failure) -> Failure:
    assert isinstance(outcome, Failure), outcome
    return outcome


def test_a_call_asks_about_all_papers_and_reads_the_answer(fake: FakeLlm, model: Ask) -> None:
    """One request with the static message, the schema and the key; verdicts, tokens and the answering model out."""
    outcome = reply(model(fake).ask(PAPERS))
    asked = fake.requests[0]
    assert asked.papers == [paper.id for paper in PAPERS] and asked.format == "json_schema"
    assert asked.body["response_format"]["json_schema"]["strict"] is True
    assert asked.headers["authorization"] == f"Bearer {CANARY}"
    assert set(asked.body) == {"model", "messages", "response_format"}
    assert outcome.answers["2601.00001"] == Read(8.0, "new", "新 2601.00001")
    assert outcome.answers["2601.00002"] == Read(3.0, "new", None)
    assert outcome.model == "fake-1" and outcome.problem is None and outcome.tokens is not None
    assert outcome.tokens.input > 0 and outcome.tokens.cached == 0


def test_what_is_configured_is_sent(fake: FakeLlm, model: Ask) -> None:
    """Temperature, bound of the answer and further fields; a compatible endpoint knows max_tokens."""
    model(fake, temperature=0.5, max_output_tokens=1000, extra_body={"thinking": {"type": "disabled"}}).ask(PAPERS)
    body = fake.requests[0].body
    assert (body["temperature"], body["max_tokens"], body["thinking"]) == (0.5, 1000, {"type": "disabled"})


@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_refused_format_is_stepped_down_once_for_the_run(fake: FakeLlm, model: Ask, status: int) -> None:
    """json_schema, then json_object with the schema in the prompt, then plain; what worked is remembered."""
    unknown = error(status, "invalid_request_error", "This response_format type is unavailable now")
    fake.fault = lambda asked: unknown if asked.format != "text" else None
    judge = model(fake)
    assert len(reply(judge.ask(PAPERS)).answers) == len(PAPERS)
    assert len(reply(judge.ask(PAPERS)).answers) == len(PAPERS)
    assert [asked.format for asked in fake.requests] == ["json_schema", "json_object", "text", "text"]
    assert "JSON Schema" in fake.requests[1].system and "JSON Schema" not in fake.requests[0].system


def test_a_400_of_another_kind_does_not_lower_the_format(fake: FakeLlm, model: Ask) -> None:
    """A paper that every format fails on says nothing of the formats."""
    judge = model(fake)
    fake.fault = lambda _asked: error(400, "bad", "context too long")
    assert failure(judge.ask(PAPERS)).kind == "rejected"
    fake.fault = lambda _asked: None
    judge.ask(PAPERS)
    assert fake.requests[-1].format == "json_schema"


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (400, "data_inspection_failed", "Input data may contain inappropriate content."),
        (400, "content_filter", "The response was filtered"),
        (400, "invalid_request_error", "Content Exists Risk"),
        (400, "1301", "系统检测到输入或生成内容可能包含不安全或敏感内容"),
        (400, "SensitiveContentDetected", "The request may contain sensitive information"),
        (403, "", "requires moderation and your input was flagged"),
    ],
)
def test_a_content_filter_is_known_by_its_words(
    fake: FakeLlm, model: Ask, status: int, code: str, message: str
) -> None:
    """It is not asked again in other formats: it would answer the same every time."""
    fake.fault = lambda _asked: error(status, code, message)
    assert failure(model(fake).ask(PAPERS)).kind == "filtered"
    assert len(fake.requests) == 1


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (401, "invalid_api_key", "OPENAI_API_KEY"),
        (402, "payment", "credit"),
        (403, "forbidden", "OPENAI_API_KEY"),
        (404, "model_not_found", "OPENAI_MODEL"),
        (410, "gone", "OPENAI_MODEL"),
        (400, "Model Not Exist", "OPENAI_MODEL"),
        (400, "model_decommissioned", "OPENAI_MODEL"),
        (400, "The model `x-1` has been deprecated", "OPENAI_MODEL"),
        (400, "1211 模型不存在", "OPENAI_MODEL"),
        (400, "UnsupportedModel The requested model doubao-1 is shutdown", "OPENAI_MODEL"),
        (400, "x/y is not a valid model ID", "OPENAI_MODEL"),
        (429, "insufficient_quota", "credit"),
        (429, "billing_not_active", "credit"),
        (429, "exceeded_current_quota_error", "credit"),
        (400, "Arrearage", "credit"),
    ],
)
def test_what_every_call_would_get_stops_the_run_without_the_key(
    fake: FakeLlm, model: Ask, caplog: pytest.LogCaptureFixture, *, status: int, code: str, says: str
) -> None:
    """The message says what to do; the key is not in it though the provider echoes it, nor in any log."""
    caplog.set_level(logging.DEBUG)
    fake.fault = lambda _asked: error(status, code, f"Incorrect key: {CANARY}, also {CANARY[:8]}****{CANARY[-4:]}")
    with pytest.raises(JudgeError, match=says) as raised:
        model(fake).ask(PAPERS)
    assert len(fake.requests) == 1
    told = str(raised.value) + caplog.text
    assert CANARY not in told and CANARY[:8] not in told and "SECRET" not in told and "CRET" not in told


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 529])
def test_a_busy_endpoint_may_be_asked_again(fake: FakeLlm, model: Ask, status: int) -> None:
    """Once per call: trying again is the caller's decision; Retry-After is handed on."""
    fake.fault = lambda _asked: error(status, "busy", "slow down", **{"Retry-After": "7"})
    assert failure(model(fake).ask(PAPERS))[2:] == (7.0, False)
    assert len(fake.requests) == 1


def test_a_quota_of_a_minute_is_waited_out(fake: FakeLlm, model: Ask) -> None:
    """Gemini speaks of plan and billing where calls come too fast: that is no lack of credit."""
    said = "You exceeded your current quota, please check your plan and billing details."
    fake.fault = lambda _asked: error(429, "RESOURCE_EXHAUSTED", said)
    assert failure(model(fake).ask(PAPERS)).kind == "busy"


@pytest.mark.parametrize(
    ("header", "wait"),
    [("1.5", 1.5), ("Tue, 13 Jan 2026 05:00:30 GMT", 30.0), ("soon", 0.0), ("-5", 0.0), ("600", None)],
)
def test_retry_after_is_read_in_both_forms(fake: FakeLlm, model: Ask, header: str, wait: float | None) -> None:
    """Seconds, or a date counted from the answer's own; an endpoint that asks for ten minutes is not waited for."""
    headers = {"Retry-After": header, "Date": "Tue, 13 Jan 2026 05:00:00 GMT"}
    fake.fault = lambda _asked: Answer(429, {"error": "slow down"}, headers)
    assert failure(model(fake).ask(PAPERS)).wait_seconds == wait


def test_a_hanging_endpoint_is_given_up_and_may_have_billed(fake: FakeLlm, model: Ask) -> None:
    """The whole answer has to be there within timeout_seconds."""
    fake.fault = lambda _asked: Answer(body={}, hang_seconds=2)
    outcome = failure(model(fake, timeout_seconds=0.5).ask(PAPERS))
    assert (outcome.kind, outcome.uncertain, outcome.detail) == (
        "silent",
        True,
        "no answer within 0.5 s: raise timeout_seconds in [llm], or lower concurrency to 1",
    )


def test_a_dripping_endpoint_is_given_up(fake: FakeLlm, model: Ask) -> None:
    """A byte now and then would keep a read timeout from ever striking: the whole would come in 10 s, as a reply."""
    fake.fault = lambda _asked: Answer(body=b" " * 200, drip_seconds=0.05)
    assert failure(model(fake, timeout_seconds=0.5).ask(PAPERS)).kind == "silent"


def test_an_endpoint_that_is_not_there_has_billed_nothing(fake: FakeLlm, model: Ask) -> None:
    """A refused connection is certain to be free."""
    judge = model(fake, base_url="http://127.0.0.1:9/v1")
    outcome = failure(judge.ask(PAPERS))
    assert (outcome.kind, outcome.uncertain, outcome.wait_seconds) == ("silent", False, 0)


@pytest.mark.parametrize("status", [200, 500])
def test_a_huge_body_is_not_read_to_its_end(fake: FakeLlm, model: Ask, status: int) -> None:
    """20 MB are cut at the limit, and what is left is no answer."""
    fake.fault = lambda _asked: Answer(status, b"[" * 20_000_000)
    outcome = model(fake).ask(PAPERS)
    assert outcome.problem == "invalid" if isinstance(outcome, Reply) else outcome.kind == "busy"


def test_a_packed_body_is_unpacked_within_the_limit(fake: FakeLlm, model: Ask) -> None:
    """gzip that nobody asked for is read; a bomb ends at the limit."""
    asked = Asked(1, [], {"messages": [{"content": "a"}, {"content": "b"}]}, {})
    body = fake.completion(asked, fake.content(["2601.00001"]))
    packed = {"Content-Encoding": "gzip"}
    fake.fault = lambda _asked: Answer(200, gzip.compress(json.dumps(body).encode()), packed)
    assert list(reply(model(fake).ask(PAPERS)).answers) == ["2601.00001"]
    fake.fault = lambda _asked: Answer(200, gzip.compress(b" " * (20 * BODY_LIMIT)), packed)
    assert reply(model(fake).ask(PAPERS)).problem == "invalid"


@pytest.mark.parametrize("body", [b"<html>captive portal</html>", b"", b"null", b"[" * 5000, b"\xff\xfe", b"{}"])
def test_an_odd_body_is_a_reply_without_an_answer(fake: FakeLlm, model: Ask, body: bytes) -> None:
    """It counts as paid for with unknown tokens, and nothing crashes."""
    fake.fault = lambda _asked: Answer(200, body)
    outcome = reply(model(fake).ask(PAPERS))
    assert (outcome.answers, outcome.tokens, outcome.problem) == ({}, None, "invalid")


def test_an_error_with_status_200_is_an_error(fake: FakeLlm, model: Ask) -> None:
    """Some gateways pack a 429 so."""
    fake.fault = lambda _asked: Answer(200, {"error": {"code": 429, "message": "slow down"}})
    assert failure(model(fake).ask(PAPERS)).kind == "busy"


def test_an_empty_base_url_in_the_environment_changes_nothing(
    fake: FakeLlm, model: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unset Actions variable is an empty string, with which the client would ask nobody."""
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    assert len(reply(model(fake).ask(PAPERS)).answers) == len(PAPERS)


@pytest.mark.parametrize("key", ["", "two words", "schlüssel-123456", "line\nbreak-12345"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(fake: FakeLlm, model: Ask, key: str) -> None:
    """The client would put it into its own error."""
    with pytest.raises(ConfigError, match="OPENAI_API_KEY") as raised:
        model(fake, key)
    assert not key or key not in str(raised.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"bad key {CANARY}!", "bad key [key]!"),
        ("Bearer abcdefgh is wrong", "[key] is wrong"),
        ("you sent sk-canary-01**********CRET", "you sent [key]"),
        ("first\n::error::line", "first : :error: :line"),
        ("x" * 999, "x" * 199 + "…"),
    ],
)
def test_what_a_provider_says_is_redacted_and_bounded(said: str, told: str) -> None:
    """No key, no line of its own, no workflow command, 200 characters."""
    assert redact(said, SecretStr(CANARY)) == told


def test_a_short_key_is_redacted_as_a_word() -> None:
    """The key of a local server may be an x, and not every x is the key."""
    assert redact("x is wrong, example", SecretStr("x")) == "[key] is wrong, example"


@pytest.mark.parametrize("finish", ["stop", None])
@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_an_answer_among_the_thoughts_is_read(fake: FakeLlm, model: Ask, name: str, finish: str) -> None:
    """Builds of vLLM put the whole answer there and leave the content empty."""
    content = fake.content(["2601.00001", "2601.00002"])
    fake.fault = lambda asked: Answer(body=fake.completion(asked, "", finish, **{name: content}))
    assert set(reply(model(fake).ask(PAPERS[:2])).answers) == {"2601.00001", "2601.00002"}


def test_thoughts_that_were_cut_off_are_no_answer(fake: FakeLlm, model: Ask) -> None:
    """They may hold drafts of a score."""
    content = fake.content(["2601.00001"])
    fake.fault = lambda asked: Answer(body=fake.completion(asked, "", "length", reasoning_content=content))
    outcome = reply(model(fake).ask(PAPERS[:1]))
    assert (outcome.answers, outcome.problem) == ({}, "length")


def test_the_recipe_of_the_docs_switches_thinking_off(fake: FakeLlm, model: Ask) -> None:
    """Qwen thinks aloud in place of an answer unless `enable_thinking` is false, as providers.md has it."""

    def qwen(asked: Asked) -> Answer | None:
        template = asked.body.get("chat_template_kwargs") or {}
        if asked.body.get("enable_thinking", template.get("enable_thinking")) is False:
            return None
        return Answer(body=fake.completion(asked, "", "length", reasoning_content="Let me think about the first paper"))

    fake.fault = qwen
    assert not reply(model(fake).ask(PAPERS[:1])).answers
    text = (Path(__file__).parents[3] / "docs/ops/providers.md").read_text(encoding="utf-8")
    recipes = [tomllib.loads(line) for line in re.findall(r"`(extra_body = [^`]*enable_thinking[^`]*)`", text)]
    assert len(recipes) == 2
    for recipe in recipes:
        assert reply(model(fake, **recipe).ask(PAPERS[:1])).answers


def test_a_word_for_sensitive_content_is_a_filter(fake: FakeLlm, model: Ask) -> None:
    """Zhipu ends such an answer with `sensitive`."""
    fake.fault = lambda asked: Answer(body=fake.completion(asked, "", "sensitive"))
    assert reply(model(fake).ask(PAPERS[:2])).problem == "filtered"


def test_a_refusal_tells_no_secret_of_the_endpoint(fake: FakeLlm, model: Ask) -> None:
    """An error may hold the address that was asked; a successor is named where the model has an announced end."""
    secret = "path-of-a-gateway-0123456789"
    fake.fault = lambda _asked: error(404, "not_found", f"Cannot POST /{secret}/v1/chat/completions for ada:pass-word")
    address = fake.url.replace("://", "://ada:pass-word@").replace("/v1", f"/{secret}/v1")
    with pytest.raises(RefusedError) as refused:
        model(fake, base_url=address).ask(PAPERS[:1])
    assert refused.value.why == "model ended"
    assert secret not in str(refused.value) and "pass-word" not in str(refused.value)


def test_a_proxy_that_cannot_be_used_is_one_sentence(
    fake: FakeLlm, model: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any call, and it is not the endpoint's address that is blamed."""
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    with pytest.raises(ConfigError, match="SOCKS proxy"):
        model(fake)
