"""What is sent to the model: one chat completion, in the form of answer that the endpoint takes."""

from collections.abc import Sequence
from typing import Any, Literal

from generator.core.model import Paper
from generator.judges.llm.prompt import (
    answer_schema,
    reminder,
    schema_in_words,
    system_message,
    titles_only,
    user_message,
)
from generator.settings.config import Config

FORMATS: tuple[Literal["json_schema", "json_object", "text"], ...] = ("json_schema", "json_object", "text")
"""The ladder of response formats, the strictest first; a provider that refuses one is asked with the next."""


def chat_request(config: Config, papers: Sequence[Paper], form: str, again: bool = False) -> dict[str, Any]:
    """The arguments of one chat completion about PAPERS, answered in FORM; AGAIN: with a reminder of the reasons."""
    settings = config.llm
    system = system_message(config) + ("" if form == "json_schema" else schema_in_words(config))
    request: dict[str, Any] = {
        "model": settings.model,
        "messages": [
            {"role": "system", "content": system},
            {
                "role": "user",
                "content": user_message(papers, background=settings.background) + (reminder(config) if again else ""),
            },
        ],
    }
    if form == "json_schema":
        schema = answer_schema(config, reasons=not titles_only(papers))
        named = {"name": "verdicts", "strict": True, "schema": schema}
        request["response_format"] = {"type": form, "json_schema": named}
    elif form == "json_object":
        request["response_format"] = {"type": form}
    if settings.temperature is not None:
        request["temperature"] = settings.temperature
    if settings.max_output_tokens is not None:  # OpenAI's newer models refuse the name that all others know
        request["max_tokens" if settings.base_url else "max_completion_tokens"] = settings.max_output_tokens
    if settings.extra_body:
        request["extra_body"] = settings.extra_body
    return request
