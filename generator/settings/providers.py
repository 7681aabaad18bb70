"""Which models end and when, from providers.toml: told 60 days ahead, so that no day is published without verdicts."""

import datetime as dt
import functools
import re
import tomllib
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import urlsplit

from generator.settings.config import Config

WARNED_DAYS = 60
SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{4}|\d{6})$")
"""What the name of a model as it was on a date ends with."""
OPENAI_HOST = "api.openai.com"


class End(NamedTuple):
    """The end of a model, as its provider has announced it."""

    model: str
    host: str
    end: dt.date
    successor: str
    source: str


@functools.cache
def ends() -> tuple[End, ...]:
    """All ends that are known."""
    table = tomllib.loads(files("generator.settings").joinpath("providers.toml").read_text(encoding="utf-8"))
    return tuple(End(**row) for row in table["models"])


def end_of(model: str, base_url: str = "") -> End | None:
    """The announced end of MODEL, or of the model of which it is a dated snapshot, at the endpoint BASE_URL.

    >>> end_of("gpt-5-mini-2025-08-07").successor
    'gpt-5.6-luna'
    """
    host = urlsplit(base_url).hostname or OPENAI_HOST
    names = (model, SNAPSHOT.sub("", model))
    known = {row.model: row for row in ends() if host == row.host or host.endswith(f".{row.host}")}
    return next((known[name] for name in names if name in known), None)


def advice(end: End) -> str:
    """What to do about END."""
    return (
        f"its successor is {end.successor}: set `model` in [llm] of config.toml, or the variable OPENAI_MODEL, and look"
        f" up its price ({end.source})"
    )


def warning(config: Config, today: dt.date) -> str:
    """A line on the model of CONFIG if it ends within 60 days from TODAY or has ended; else empty."""
    end = end_of(config.llm.model, config.llm.base_url)
    if end is None or end.end > today + dt.timedelta(days=WARNED_DAYS):
        return ""
    days = (end.end - today).days
    when = f"ends on {end.end}, in {days} {'day' if days == 1 else 'days'}" if days > 0 else f"was to end on {end.end}"
    return f"the model {config.llm.model} {when}; {advice(end)}"
