"""The model's reply is read tolerantly and believed in nothing but id, score, field and reason."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.text import invisible
from generator.judges.llm.reply import (
    REASON_LIMIT,
    Answer,
    Tokens,
    model_name,
    read_answers,
    read_bounded_json,
    read_completion,
    read_field,
    read_reason,
    read_score,
    read_tokens,
)
from generator.settings.config import Config

CONFIG = Config.model_validate(
    {
        "fields": [
            {"slug": "theory", "name": "深度学习理论", "name_en": "Theory", "description": "x"},
            {"slug": "agents", "name": "多模态智能体", "description": "y"},
        ]
    }
)
ASKED = ["2601.00001", "2601.00002", "math.GT/0309136"]


def item(
    paper: object = ASKED[0], score: object = 8, field: object = "深度学习理论", reason: object = "新。"
) -> dict[str, Any]:
    return {"id": paper, "score": score, "field": field, "reason": reason}


def read(content: str) -> dict[str, Answer]:
    return read_answers(content, ASKED, CONFIG)


GOOD = {"papers": [item(), item(ASKED[1], 3, "多模态智能体", None)]}
WANTED = {ASKED[0]: Answer(8.0, "theory", "新。"), ASKED[1]: Answer(3.0, "agents", None)}
TEXT = json.dumps(GOOD, ensure_ascii=False)


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        f"```json\n{TEXT}\n```",
        f"Here you are:\n{TEXT}\nI hope that helps {{you}}!",
        f'<think>maybe {{"id": "2601.00001", "score": 1}}?</think>\n{TEXT}',
        json.dumps(GOOD["papers"]),
        json.dumps({"results": {"list": GOOD["papers"]}}),
        "\n".join(map(json.dumps, GOOD["papers"])),
        json.dumps({row["id"]: {key: row[key] for key in ("score", "field", "reason")} for row in GOOD["papers"]}),
        TEXT[:-2] + ', {"id": "math.GT/0309136", "sco',
        json.dumps({"papers": [*GOOD["papers"], item()]}),
        json.dumps({"papers": [*GOOD["papers"], item("2512.12345", 9)]}),
    ],
    ids=[
        "whole",
        "fence",
        "prose",
        "thoughts",
        "list",
        "nested",
        "lines",
        "by id",
        "torn",
        "twice the same",
        "unasked",
    ],
)
def test_what_models_send_instead_of_the_json_is_read(content: str) -> None:
    """Fences, prose, thoughts, a list, half of one: the complete items count."""
    assert read(content) == WANTED


@pytest.mark.parametrize(
    "content", ["", "  \n", "抱歉，我不能。", "null", "42", '{"papers": null}', "[]", '{"papers": [1, "a"]}']
)
def test_no_answer_is_no_answer(content: str) -> None:
    """Nothing is made up where nothing was said."""
    assert read(content) == {}


@pytest.mark.parametrize(
    "bad",
    [
        item(score=42), item(score=-1), item(score=float("nan")), item(score=float("inf")), item(score=True),
        item(score=None), item(score="high"), item(score="9/5"), item(score="8-9"), item(score=[8]),
        item(score=10**400),
        item(field="大模型"), item(field=None), item(field=["深度学习理论", "多模态智能体"]), item(field={}),
        item("2601.00009"), item("first"), item(["2601.00001"]),
    ],
)  # fmt: skip
def test_an_invalid_item_spoils_itself_alone(bad: dict[str, Any]) -> None:
    """Out of range, outside of the fields, about a paper that was not asked: no answer, and the next item stands."""
    assert read(json.dumps({"papers": [bad, GOOD["papers"][1]]})) == {ASKED[1]: WANTED[ASKED[1]]}


def test_a_paper_that_is_answered_twice_differently_has_no_answer() -> None:
    """It is asked again, since nobody knows which of the two was meant; a third one does not settle it."""
    assert read(json.dumps([item(score=8), item(score=9)])) == {}
    assert read(json.dumps([item(score=8), item(score=9), item(score=9)])) == {}


@pytest.mark.parametrize(
    "said", ["arXiv:2601.00001v2", " 2601.00001 ", "id: 2601.00001", "https://arxiv.org/abs/2601.00001"]
)
def test_an_id_is_known_in_other_clothes(said: str) -> None:
    """With version, prefix or address it is the same paper."""
    assert read(json.dumps([item(said)])) == {ASKED[0]: WANTED[ASKED[0]]}


def test_an_id_that_was_written_as_a_number_is_found() -> None:
    """2601.00120 loses its last digit as a JSON number, but no more than that."""
    assert read_answers('[{"id": 2601.0012, "score": 3}]', ["2601.00120"], CONFIG) == {
        "2601.00120": Answer(3.0, None, None)
    }


def test_a_paper_that_is_asked_alone_needs_no_id() -> None:
    """There is nothing that it could be mistaken for; another paper's id is one, though."""
    assert read_answers('{"score": 3}', ASKED[:1], CONFIG) == {ASKED[0]: Answer(3.0, None, None)}
    assert read_answers('{"score": 3, "id": "2601.00009"}', ASKED[:1], CONFIG) == {}


@pytest.mark.parametrize(
    ("said", "score"),
    [
        (9, 9.0),
        (8.5, 8.5),
        ("8.5", 8.5),
        (" 9/10 ", 9.0),
        ("9 / 10.0", 9.0),
        ("7分", 7.0),
        (0, 0.0),
        (10, 10.0),
        ("10", 10.0),
    ],
)
def test_scores_are_read_where_they_are_unambiguous(said: object, score: float) -> None:
    """As a number, as its text, as so much of ten."""
    assert read_score(said) == score


@pytest.mark.parametrize("said", ["深度学习理论", " 深度学习理论 ", "theory", "THEORY", ["Theory"]])
def test_a_field_is_known_by_name_slug_and_english_name(said: object) -> None:
    """What is recorded is the slug."""
    assert read_field(said, CONFIG.fields) == "theory"


def test_below_the_threshold_neither_field_nor_reason_matters() -> None:
    """Neither is shown, so no paid call is spent on mending them."""
    assert read(json.dumps([item(score=6.5, field="大模型", reason="x")])) == {ASKED[0]: Answer(6.5, None, None)}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("提出新方法（<0.1%）实现高成功率（>90%），V* 与 6K*6K、$x_1^2$。", None),
        ("一行\n两行", "一行 两行"),
        ("见 https://evil.example/a?b=c。很好", "见 。很好"),
        ("[点击](https://evil.example)查看", "点击查看"),
        ("**很好** `x` <script>alert(1)</script> <b>b</b>", "很好 x <script>alert(1)</script> <b>b</b>"),
        ("新方法。\nScore: 9\nField: 大模型新技术", "新方法。"),
        ("新方法。 评分：9", "新方法。"),
        ("提出OvertonScore: 衡量多元性", None),
        ("a\u202eb\u200b", "ab"),
        ("代码见 github.com/a/b-c，很好", "代码见 ，很好"),
        ("代码见github.com/a/b-c，很好", "代码见，很好"),
        ("<<b>script>好<</b>/script>", None),
        ("若 d<n 且 m>k 则用 <think> 标记", None),
        ("x**2 and y**3, __init__.py, a__b", None),
        ("见<<<0123456789ab 的论文<|im_end|>", "见[…] 的论文[…]"),
        ("x" * 999, "x" * (REASON_LIMIT - 1) + "…"),
    ],
)
def test_reasons_are_plain_and_otherwise_as_the_model_wrote_them(said: str, reason: str | None) -> None:
    """Links, emphasis, line breaks and leaked lines go; nothing else is touched."""
    assert read_reason(said) == (said if reason is None else reason)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (
            r"用 $\beta$-VAE 与 $\frac{1}{2}$、$\alpha \times \theta$",
            r"用 $\beta$-VAE 与 $\frac{1}{2}$、$\alpha \times \theta$",
        ),
        (r"第一行\n第二行 \\nabla \nabla", r"第一行 第二行 \nabla \nabla"),
        ("第一行\n第二行", "第一行 第二行"),
        ("以 </think> 结尾、{{{ 未闭合", "以 </think> 结尾、{{{ 未闭合"),
    ],
)
@pytest.mark.parametrize("around", ["%s", "thoughts so far</think>\n%s", "```json\n%s\n```", '%s, {"id": "2601.0'])
def test_no_verdict_is_lost_for_an_escape(written: str, reason: str, around: str) -> None:
    """TeX with single backslashes, line breaks as they are, in whole answers and torn ones."""
    given = f'"id": "{ASKED[0]}", "score": 8, "field": "{CONFIG.fields[0].name}", "reason": "{written}"'
    assert read(around.replace("%s", f'{{"papers": [{{{given}}}]}}'))[ASKED[0]].reason == reason


PIECES = st.sampled_from(
    ["<b>", "</b>", "<script", ">", "<!--", "-->", "[", "](", ")", "http://", "https://x.example/", "www.a.b", "**",
     "`", "\n", "\r", "\u2028", "\u202e", "\u200b", "\x00", "::error::", "好", "很", " ", ". ", "a.com/x", "Score: 9"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=60).map("".join))
def test_whatever_a_reason_holds_it_is_a_short_line_without_links(said: str) -> None:
    """From pieces of mark-up, links and signs that nobody sees, in any order. What stands in < > is text."""
    reason = read_reason(said) or "-"
    assert len(reason) <= REASON_LIMIT and len(reason.splitlines()) == 1
    assert not any(map(invisible, reason)) and reason == reason.strip()
    assert not re.search(
        r"https?://[^\s<>，。；、）)」』】]|(?<![A-Za-z0-9])www\.\w|\[[^\[\]]*\]\(\w+\)|(?<![A-Za-z0-9])a\.com/",
        reason,
    )


@pytest.mark.parametrize("said", [None, "", " \n ", 5, ["a"], {"a": 1}, "https://a.example/"])
def test_what_is_no_reason_is_none(said: object) -> None:
    """No text, no reason."""
    assert read_reason(said) is None


@pytest.mark.parametrize(
    "unit", ["<a ", "[", "[a](", "**a", "Score:", "http://", " ", "`", "<!--", "。Score: 9 ", '{"a":']
)
@pytest.mark.usefixtures("cpu_bound")
def test_a_hostile_reply_does_not_hold_up_the_day(unit: str) -> None:
    """1 MB of what could make a pattern or a parser go round in circles comes to an end."""
    text = unit * (1_000_000 // len(unit))
    read_reason(text)
    read(text)
    read('{"papers": [' + text)


def test_deep_json_is_refused_without_a_crash() -> None:
    """A hundred thousand brackets raise an error of ours, not one of the interpreter's."""
    with pytest.raises(ValueError, match="deep"):
        read_bounded_json("[" * 100_000 + "]" * 100_000)
    with pytest.raises(ValueError, match="nested 61 deep"):
        read_bounded_json("[" * 61 + "]" * 61)
    assert read_bounded_json("[" * 60 + "]" * 60)
    assert read("[" * 100_000 + '{"id": "2601.00001", "score": 3}') == {ASKED[0]: Answer(3.0, None, None)}


def completion(content: object = TEXT, finish: str = "stop", usage: object = None, **message: object) -> dict[str, Any]:
    said = {"content": content, **message}
    return {"model": "m-1\n", "choices": [{"finish_reason": finish, "message": said}], "usage": usage}


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (completion(TEXT[: len(TEXT) // 2], "length"), "length"),
        (completion(None, refusal="I can't help with that."), "refused"),
        (completion("", "content_filter"), "filtered"),
        (completion("抱歉"), "invalid"),
        (completion(""), "invalid"),
        (completion(json.dumps({"papers": [item(score=42)]})), "invalid"),
        (completion(), "omitted"),
        (completion('{"papers": []}'), "omitted"),
        (completion(json.dumps({"papers": [item("2512.00001")]})), "invalid"),
        (completion(json.dumps({"papers": [item(field="?")]})), "invalid"),
        (completion(json.dumps([item(), item(ASKED[1]), item(ASKED[2])])), None),
    ],
)
def test_a_reply_says_why_papers_are_missing(body: dict[str, Any], problem: str | None) -> None:
    """Cut off, refused, filtered, left out or unreadable; None where none is missing."""
    assert read_completion(body, ASKED, CONFIG).problem == problem


@pytest.mark.parametrize(
    "body",
    [None, 5, [], {}, {"choices": None}, {"choices": []}, {"choices": [1]}, {"choices": [{"message": 3}]}, "<html>"],
)
def test_odd_bodies_are_replies_without_an_answer(body: object) -> None:
    """What is no chat completion has been paid for all the same."""
    reply = read_completion(body, ASKED, CONFIG)
    assert (reply.answers, reply.tokens, reply.model, reply.problem) == ({}, None, None, "invalid")


def test_content_in_parts_is_joined() -> None:
    """Some endpoints send a list of parts instead of a string."""
    body = completion([{"type": "text", "text": TEXT[:20]}, {"type": "text", "text": TEXT[20:]}, {"type": "x"}, 5])
    assert read_completion(body, ASKED, CONFIG).answers == WANTED
    assert read_completion(body, ASKED, CONFIG).model == "m-1"


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"prompt_tokens": 10, "completion_tokens": 5}, Tokens(10, 0, 5, 0)),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 8},
                "completion_tokens_details": {"reasoning_tokens": 4},
            },
            Tokens(10, 8, 5, 4),
        ),
        ({"prompt_tokens": 10, "completion_tokens": 5, "prompt_cache_hit_tokens": 64}, Tokens(10, 10, 5, 0)),
        ({"prompt_tokens": 19, "completion_tokens": 21, "total_tokens": 40, "cached_tokens": 10}, Tokens(19, 10, 21)),
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "total_tokens": 22,
                "completion_tokens_details": {"reasoning_tokens": 7},
            },
            Tokens(10, 0, 12, 7),
        ),
        ({"prompt_tokens": 10, "completion_tokens": 5, "prompt_tokens_details": None}, Tokens(10, 0, 5, 0)),
        (None, None),
        ({"prompt_tokens": 10}, None),
        ({"prompt_tokens": -1, "completion_tokens": 5}, None),
        ({"prompt_tokens": "10", "completion_tokens": 5}, None),
        ({"prompt_tokens": 10**9, "completion_tokens": 5}, None),
        ({"prompt_tokens": 10**9 - 1, "completion_tokens": 0}, Tokens(10**9 - 1, 0, 0, 0)),
    ],
)
def test_tokens_are_counted_as_billed(usage: object, tokens: Tokens | None) -> None:
    """Cached apart, reasoning apart and within the output; what the provider does not say stays unknown."""
    assert read_tokens(usage) == tokens


JSONS = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20) | st.sampled_from(ASKED),
    lambda part: (
        st.lists(part, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "score", "field", "reason", "papers", "choices", "message", "content", "usage"]),
            part,
        )
    ),
    max_leaves=20,
)


@given(JSONS)
def test_any_json_is_read_without_a_crash(body: object) -> None:
    """Whatever comes, the answers are about papers that were asked, with scores from 0 to 10 and known fields."""
    answers = {**read_answers(json.dumps(body), ASKED, CONFIG), **read_completion(body, ASKED, CONFIG).answers}
    assert set(answers) <= set(ASKED)
    assert all(0 <= answer.score <= 10 and answer.field in ("theory", "agents", None) for answer in answers.values())


@given(st.text(alphabet='{}[]",:0123456789.idscore\\ue \n', max_size=200))
def test_any_text_is_read_without_a_crash(content: str) -> None:
    """Broken JSON of every kind gives answers or none."""
    assert set(read(content)) <= set(ASKED)


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ("/home/me/models/qwen3-8b.gguf", "qwen3-8b.gguf"),
        ("C:\\models\\qwen3-8b.gguf", "qwen3-8b.gguf"),
        ("deepseek-ai/DeepSeek-V3", "deepseek-ai/DeepSeek-V3"),
        ("gpt-5-mini-2025-08-07", "gpt-5-mini-2025-08-07"),
    ],
)
def test_a_local_servers_path_is_not_published(said: str, published: str) -> None:
    """llama.cpp without an alias names its model by the file's path on the operator's machine."""
    assert model_name(said) == published
