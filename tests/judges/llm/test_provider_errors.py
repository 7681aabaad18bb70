"""What providers say when they refuse: each in its own form, with the real client where the form is the wire's."""

import json
from typing import Any

import pytest

from generator.judges.llm.provider_errors import classify, error_in, error_message


def read(status: int, body: Any, **headers: str) -> tuple[str, float | None]:
    """What an answer means; one with status 200 by the error in it."""
    if status == 200:
        found = error_in(body)
        assert found is not None
        status, body = found
    return tuple(classify(status, error_message(body), body, headers))  # type: ignore[return-value]


def gemini(code: int, text: str, status: str, *details: dict[str, Any]) -> list[dict[str, Any]]:
    """Gemini's compatible endpoint answers errors as a list."""
    return [{"error": {"code": code, "message": text, "status": status, "details": list(details)}}]


RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.07s"}
QUOTA = "You exceeded your current quota, please check your plan and billing details."
BAD_KEY = "API key not valid. Please pass a valid API key."


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, gemini(400, BAD_KEY, "INVALID_ARGUMENT")),
        (
            400,
            gemini(
                400, "API key expired. Please renew the API key.", "INVALID_ARGUMENT", {"reason": "API_KEY_INVALID"}
            ),
        ),
        (200, gemini(400, BAD_KEY, "INVALID_ARGUMENT")),
        (401, {"error": {"message": "Incorrect API key provided: sk-x", "type": "invalid_request_error"}}),
        (401, {"error": {"message": "Authentication Fails (no such user)", "type": "authentication_error"}}),
        (403, {"error": {"message": "country not supported", "code": "unsupported_country_region_territory"}}),
        (400, {"code": "InvalidApiKey", "message": "Invalid API-key provided."}),
        (401, {"error": {"code": "1000", "message": "身份验证失败"}}),
        (400, {"error": {"code": "1002", "message": "令牌非法"}}),
        (200, {"error": {"code": 401, "message": "User not found."}}),
        (
            200,
            {
                "base_resp": {"status_code": 1004, "status_msg": "login fail: Please carry the API secret key"},
                "error": "x",
            },
        ),
        (500, {"error": {"message": "invalid api key", "type": "new_api_error"}}),
        (400, gemini(400, "User location is not supported for the API use.", "FAILED_PRECONDITION")),
        (401, {"detail": "Unauthorized"}),
        (401, "no JSON at all"),
    ],
)
def test_a_refused_key_is_known_in_every_form(status: int, body: Any) -> None:
    """By its words or its status, in an object, a list or text."""
    assert read(status, body)[0] == "key refused"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (402, {"error": {"message": "Insufficient Balance"}}),
        (429, {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}),
        (429, {"error": {"message": "suspended due to insufficient balance", "type": "exceeded_current_quota_error"}}),
        (400, {"code": "Arrearage", "message": "Access denied, please make sure your account is in good standing."}),
        (403, {"error": {"code": "AccountOverdueError", "message": "overdue"}}),
        (429, {"error": {"code": "1113", "message": "您的账户已欠费，请充值后重试。"}}),
        (403, {"error": {"message": "用户额度不足, 剩余额度: ＄0.00", "type": "new_api_error"}}),
        (400, {"error": {"message": "Your credit balance is too low to access the API."}}),
        (403, {"code": 30011, "message": "Sorry, your account balance is insufficient"}),
        (403, {"code": "AllocationQuota.FreeTierOnly", "message": "The free tier of the model has been exhausted."}),
        (429, gemini(429, "Your prepayment credits are depleted.", "RESOURCE_EXHAUSTED", RETRY)),
        (403, gemini(403, "This API method requires billing to be enabled.", "PERMISSION_DENIED")),
        (403, {"error": {"message": "Key limit exceeded (total limit).", "code": 403}}),
        (429, {"error": {"message": "You have reached your specified API usage limits.", "type": "rate_limit_error"}}),
        (429, {"error": {"message": "Organization has exceeded its monthly spending limit"}}),
        (400, {"error": {"message": "Budget has been exceeded! Current cost: 5.01", "type": "budget_exceeded"}}),
        (200, [{"error": {"code": 402, "message": "This request requires more credits"}}]),
    ],
)
def test_a_spent_account_is_no_rate_limit(status: int, body: Any) -> None:
    """Waiting does not help, whatever the status."""
    assert read(status, body)[0] == "no credit"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"error": {"message": "The model `gpt-5-mini` does not exist or you do not have access to it."}}),
        (404, gemini(404, "models/gemini-1.5-flash is not found for API version v1main", "NOT_FOUND")),
        (400, {"error": {"message": "The supported API model names are deepseek-flash, but you passed deepseek-chat"}}),
        (400, {"error": {"message": "Model Not Exist"}}),
        (400, {"error": {"code": "1211", "message": "模型不存在，请检查模型代码。"}}),
        (400, {"error": {"message": "The model `x` has been deprecated", "code": "model_decommissioned"}}),
        (403, {"error": {"message": "Project does not have access to model", "code": "model_not_found"}}),
        (400, {"error": {"message": "This model is no longer available."}}),
        (400, {"error": {"message": "The model gpt-5-mini has been sunset."}}),
        (410, {"error": {"message": "gone"}}),
        (200, {"error": {"code": 404, "message": "No endpoints found for x"}}),
    ],
)
def test_an_ended_model_is_known_in_every_form(status: int, body: Any) -> None:
    """Providers say so with 400, 403, 404 and 410."""
    assert read(status, body)[0] == "no model"


def test_a_quota_of_a_minute_is_waited_out_as_the_body_asks() -> None:
    """Google's RetryInfo stands in the body; a quota of a day is longer than a run."""
    assert read(429, gemini(429, QUOTA, "RESOURCE_EXHAUSTED", RETRY)) == ("busy", 34.07)
    assert read(200, gemini(429, QUOTA, "RESOURCE_EXHAUSTED", RETRY)) == ("busy", 34.07)
    per_day = {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}
    assert read(429, gemini(429, QUOTA, "RESOURCE_EXHAUSTED", per_day, RETRY)) == ("busy", None)
    assert read(503, {"error": "overloaded"}, **{"retry-after": "7"}) == ("busy", 7)
    assert read(429, {}, **{"retry-after": "3600"}) == ("busy", None)


@pytest.mark.parametrize(
    "body",
    [
        {
            "error": {
                "message": "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model"
            }
        },
        {"error": {"message": "max_tokens is too large"}},
        {"error": {"message": "Unsupported value: 'temperature' does not support 0.2 with this model."}},
        [],
        None,
    ],
)
def test_what_is_wrong_with_a_request_is_neither_key_nor_model(body: Any) -> None:
    """It is asked in another form."""
    assert read(400, body)[0] == "rejected"


@pytest.mark.parametrize(
    "body", [{"choices": []}, {"choices": None, "error": None}, {}, [], None, "x", {"error": None}]
)
def test_an_answer_is_no_error(body: Any) -> None:
    """Only what holds one, and no choices."""
    assert error_in(body) is None


def test_words_are_found_wherever_they_stand_and_bounded() -> None:
    """Deep bodies end; what holds no words is told as it is."""
    deep: Any = {"message": "deep"}
    for _ in range(50):
        deep = {"error": deep}
    assert error_message(deep) == json.dumps(deep)
    assert error_message({"error": {"message": "a", "code": "b"}}) == "a b"
