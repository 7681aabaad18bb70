"""The model's reply, read tolerantly and believed in nothing but id, score, field and reason. Pure.

What providers send instead of the JSON that was asked for: fences, prose around it, thoughts before it, a list in place
of the object, half of it. Everything is bounded in size and depth, so that no reply can make reading it costly.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from generator.core.model import base_id
from generator.core.text import clean
from generator.judges.llm.tex_escapes import with_tex
from generator.settings.config import Config, ResearchField

REASON_LIMIT = 400
CONTENT_LIMIT = 1_000_000
DEPTH_LIMIT = 60
_TOKENS_LIMIT = 10**9

Problem = Literal["length", "refused", "filtered", "omitted", "invalid", "misplaced"]
"""Why papers have no answer: cut off, refused, stopped by a filter, left out of a list that is whole, unreadable, or
given to other papers of the call."""


class Answer(NamedTuple):
    """What the model says of one paper. field: slug, None only below the threshold; reason: None below it."""

    score: float
    field: str | None
    reason: str | None


class Tokens(NamedTuple):
    """As billed: input includes cached, output includes reasoning. written: into the cache; 0: none, or not told."""

    input: int = 0
    cached: int = 0
    output: int = 0
    reasoning: int = 0
    written: int = 0


class Reply(NamedTuple):
    """One answer of the endpoint that was paid for; tokens: None where the provider does not say."""

    answers: dict[str, Answer]
    tokens: Tokens | None
    model: str | None
    problem: Problem | None = None


def read_bounded_json(data: bytes | str) -> Any:
    """DATA as JSON. Raises ValueError for what is no JSON, too large or too deep."""
    text = data.decode("utf-8", errors="replace") if isinstance(data, bytes) else data
    depth = deepest = 0
    for sign in _NESTING.findall(text):  # of a string nothing but its quotes counts
        depth += 1 if sign in "[{" else -1 if sign in "]}" else 0
        deepest = max(deepest, depth)
    if deepest > DEPTH_LIMIT:
        raise ValueError(f"nested {deepest} deep")
    return json.loads(text, strict=False)


_NESTING = re.compile(r'[\[\]{}]|"(?:[^"\\]|\\.)*+"?', re.DOTALL)


def read_completion(body: Any, asked: Sequence[str], config: Config) -> Reply:
    """The reply in BODY, a chat completion as parsed JSON, to a question about the papers ASKED."""
    root = body if isinstance(body, dict) else {}
    choices = root.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    said = choice.get("message")
    message = said if isinstance(said, dict) else {}
    content = _said(message, choice.get("finish_reason"))
    answers = read_answers(content, asked, config)
    name = root.get("model")
    model = model_name(name) if isinstance(name, str) else ""
    problem: Problem | None = None
    if len(answers) < len(asked):
        problem = "omitted" if _is_whole(content, answers) else "invalid"
        problem = _problem(choice.get("finish_reason"), message.get("refusal")) or problem
    return Reply(answers, read_tokens(root.get("usage")), model or None, problem)


def model_name(name: str) -> str:
    """The name of the model that answered, to be published: of a local server's file path only the file.

    >>> model_name("/home/me/models/qwen3-8b.gguf"), model_name("deepseek-ai/DeepSeek-V3")
    ('qwen3-8b.gguf', 'deepseek-ai/DeepSeek-V3')
    """
    is_path = name.startswith(("/", "~", ".")) or re.match(r"[A-Za-z]:\\", name)
    return clean(re.split(r"[/\\]", name)[-1] if is_path else name, 100)


_FILTERED = ("content_filter", "sensitive", "safety", "prohibited_content", "blocklist", "recitation")
"""OpenAI, Zhipu, Gemini."""


def _said(message: Mapping[str, Any], finish: object) -> str:
    """The text of MESSAGE. Some builds of vLLM put a whole answer where its thoughts belong, and leave it empty.

    What was cut off in the middle of the thoughts is no answer.
    """
    content = _content(message.get("content"))
    if content.strip() or finish == "length":
        return content
    return _content(message.get("reasoning_content")) or _content(message.get("reasoning"))


def _problem(finish: object, refusal: object) -> Problem | None:
    if finish == "length":
        return "length"
    if str(finish).lower().replace("-", "_") in _FILTERED:
        return "filtered"
    return "refused" if refusal else None


def _is_whole(content: str, answers: Mapping[str, Answer]) -> bool:
    """Whether CONTENT is a list in which every item gave one of ANSWERS: what is missing was left out of it."""
    try:
        body = read_bounded_json(with_tex(content))
    except (ValueError, RecursionError):
        return False
    items = body.get("papers") if isinstance(body, dict) else None
    return isinstance(items, list) and all(isinstance(item, dict) and str(item.get("id")) in answers for item in items)


def _content(content: object) -> str:
    """The text of a message: a string, or a list of parts that hold text."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    return content[:CONTENT_LIMIT] if isinstance(content, str) else ""


def read_tokens(usage: object) -> Tokens | None:
    """What was billed; None where the provider says nothing usable of it."""
    if not isinstance(usage, dict):
        return None
    read, written = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if read is None or written is None:
        return None
    cached = _detail(usage, "prompt_tokens_details", "cached_tokens")
    if cached is None:
        cached = _count(usage.get("prompt_cache_hit_tokens"))  # DeepSeek
    if cached is None:
        cached = _count(usage.get("cached_tokens"))  # Kimi
    reasoning = _detail(usage, "completion_tokens_details", "reasoning_tokens") or 0
    if reasoning and _count(usage.get("total_tokens")) == read + written + reasoning:
        written += reasoning  # xAI and Gemini bill the reasoning beside the completion
    into_cache = _detail(usage, "prompt_tokens_details", "cache_write_tokens") or 0
    return Tokens(read, min(cached or 0, read), written, min(reasoning, written), into_cache)


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _TOKENS_LIMIT else None


def _detail(usage: dict[str, Any], group: str, name: str) -> int | None:
    details = usage.get(group)
    return _count(details.get(name)) if isinstance(details, dict) else None


def read_answers(content: str, asked: Sequence[str], config: Config) -> dict[str, Answer]:
    """The valid answers in CONTENT to the papers ASKED; one that is answered twice, differently, has no answer."""
    found: dict[str, Answer | None] = {}
    for paper, item in _items(_values(content), asked):
        answer = _answer(item, config)
        if answer is None:
            continue
        before = found.setdefault(paper, answer)
        if before is None or before[:2] != answer[:2]:
            found[paper] = None
    return {paper: answer for paper, answer in found.items() if answer is not None}


_OBJECT = re.compile(r'\{\s{0,99}"')


def _values(content: str) -> Iterator[Any]:
    """The JSON values in CONTENT: the whole of it, else each one that stands somewhere in it, even in a torn list."""
    text = with_tex(content).strip()
    for candidate in (text, text := _after_thoughts(text)):
        try:
            whole = read_bounded_json(candidate)
        except (ValueError, RecursionError):
            continue
        yield whole
        return
    decoder, position, work = json.JSONDecoder(strict=False), 0, 20 * len(text)
    while work > 0 and (match := _OBJECT.search(text, position)):
        position = match.start() + 1
        try:
            value, position = decoder.raw_decode(text, match.start())
        except RecursionError:
            work -= 10_000
        except ValueError as error:  # a torn object may have been read up to the end: this bounds how often
            work -= error.pos - match.start() + 1 if isinstance(error, json.JSONDecodeError) else len(text)
        else:
            yield value


def _after_thoughts(text: str) -> str:
    """TEXT after the last tag that ends thoughts; within an answer `</think>` is text."""
    ends = [match.end() for match in _THOUGHTS_END.finditer(text)]
    return text[ends[-1] :].strip() if ends else text


_THOUGHTS_END = re.compile(r"</think>(?:[ \t]*(?=[\r\n\[{`])|\Z)")


def _items(values: Iterable[Any], asked: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects with a score in VALUES, each with the paper of ASKED that it is about."""
    stack = [(value, "", 0) for value in values][::-1]
    only = asked[0] if len(asked) == 1 else None
    while stack:
        value, key, depth = stack.pop()
        if depth > DEPTH_LIMIT:
            continue
        if isinstance(value, dict) and "score" in value:
            paper = _asked_id(value.get("id", key or None), asked, only)
            if paper is not None:
                yield paper, value
        elif isinstance(value, dict):
            stack.extend((part, name, depth + 1) for name, part in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((part, "", depth + 1) for part in reversed(value))


def _asked_id(value: object, asked: Sequence[str], only: str | None) -> str | None:
    """The paper of ASKED that VALUE names; ONLY where it names none at all."""
    if isinstance(value, float):  # an id that was written as a number
        value = next((paper for paper in asked if paper in (f"{value:.5f}", f"{value:.4f}")), "")
    if value is None or not isinstance(value, str):
        return only if value is None else None
    named = base_id(value[:100])
    if named is None:
        return only
    return named if named in asked else None


def _answer(item: dict[str, Any], config: Config) -> Answer | None:
    """The answer in ITEM, None if it is not a valid one."""
    score = read_score(item.get("score"))
    if score is None:
        return None
    field = read_field(item.get("field"), config.fields)
    if score < config.judge.threshold:
        return Answer(score, field, None)
    return None if field is None else Answer(score, field, read_reason(item.get("reason")))


_SCORE = re.compile(r"\s{0,9}(\d{1,2}(?:\.\d{1,6})?)\s{0,9}(?:/\s{0,9}10(?:\.0{1,2})?|分)?\s{0,9}", re.ASCII)


def read_score(value: object) -> float | None:
    """A score from 0 to 10, also as "8.5" or "9/10"; None for anything else."""
    if isinstance(value, str):
        match = _SCORE.fullmatch(value)
        value = float(match[1]) if match else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= 10 or math.isnan(value):
        return None
    return float(value)


def read_field(value: object, fields: Sequence[ResearchField]) -> str | None:
    """The slug of the field that VALUE names by name, slug or English name."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        return None
    said = clean(value[:300]).casefold()
    names = ((name, field.slug) for field in fields for name in (field.name, field.slug, field.name_en) if name)
    return next((slug for name, slug in names if clean(name).casefold() == said), None)


_MARKER = re.compile(
    r"<<<\s?[0-9a-f]{12}\b|\b[0-9a-f]{12}\s?>>>|<\|[^|<>\s]{1,40}\|>|\[/?INST\]|<</?SYS>>|<｜[^｜<>]{1,40}｜>"
)
"""What fences papers in our prompt, and turns in the templates of models."""
_REMOVED = "[…]"
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,500}\)")
_URL_END = r"[^\s<>，。；、）)」』】]"
_URL = re.compile(
    rf"[a-z][a-z0-9+.-]{{1,15}}://{_URL_END}{{1,500}}|(?<![a-z0-9])www\.{_URL_END}{{1,500}}"
    r"|(?<![a-z0-9])(?:[a-z0-9-]{1,60}\.){1,5}(?:com|org|net|io|ai|cn|dev|app|co|me|edu|gov|info|xyz|top|link)/"
    rf"{_URL_END}{{0,500}}",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"(?<![A-Za-z0-9*_`])(\*\*|``?)(?=\S)([^*`]{1,300})(?<=\S)\1(?![A-Za-z0-9*_`])"
    r"|(?<![A-Za-z0-9_])(__)(?=\S)(?=[^_]*[ \u0080-\uffff])([^_]{1,300})(?<=\S)__(?![A-Za-z0-9_])"
)
_LEAKED = re.compile(
    r"\s{0,9}(?:(?<=\s)|(?<=[.。!！?？;；]))\**(?:Score|Field|评分|分数|领域)\**\s{0,3}[:：][^.。\n]{0,60}$",
    re.IGNORECASE,
)


def read_reason(value: object) -> str | None:
    """A reason on one line, without links and emphasis; else as the model wrote it.

    What stands between < and > is text. Of what leaked into it, a score at its end is left out; a marker of a prompt
    leaves a mark.
    """
    if not isinstance(value, str):
        return None
    text = _MARKER.sub(_REMOVED, clean(value[: 10 * REASON_LIMIT]))
    for _ in range(3):  # what is left of one may make another
        before = text
        text = _URL.sub("", _MARKDOWN_LINK.sub(r"\1", text))
        text = _STRONG.sub(lambda match: match[2] or match[4], text)
        if text == before:
            break
    for _ in range(3):
        text = _LEAKED.sub("", text.rstrip())
    return clean(text, REASON_LIMIT) or None
