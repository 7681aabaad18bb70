"""Settings that fit a model on one's own machine, from how long it took over one paper. Pure.

Such a server shares its speed among the calls under way: a call of n papers beside c others takes about n * c times as
long as one paper alone. (The prompt's fixed part is then counted n times: the figure is on the high side.)
"""

import ipaddress
import math
from typing import NamedTuple
from urllib.parse import urlsplit

from generator.settings.config import LOOPBACK, Llm

SHARE_OF_TIMEOUT = 0.5  # of the time limit that a call is to take: answers differ in length
SLOW = 3.0  # seconds for one paper; what is faster keeps its settings, whatever else the machine does meanwhile
OUTPUT = 120  # tokens of the answer on one paper, at most


class Fit(NamedTuple):
    """What to set in [llm]."""

    papers_per_call: int
    concurrency: int
    timeout_seconds: int
    max_output_tokens: int

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self._asdict().items())


def is_own_machine(url: str) -> bool:
    """Whether URL is on this machine or in a private network."""
    host = urlsplit(url).hostname or ""
    try:
        return host in LOOPBACK or ipaddress.ip_address(host).is_private
    except ValueError:
        return host.endswith(".local")


def expected_seconds(seconds: float, settings: Llm) -> float:
    """How long a full call takes with SETTINGS if one paper alone took SECONDS."""
    return seconds * settings.papers_per_call * settings.concurrency


def fitting(seconds: float, settings: Llm) -> Fit | None:
    """What fits better than SETTINGS where one paper took SECONDS; None where they fit."""
    if seconds < SLOW or expected_seconds(seconds, settings) <= settings.timeout_seconds:
        return None
    timeout = max(settings.timeout_seconds, math.ceil(seconds / SHARE_OF_TIMEOUT / 60) * 60, 600)
    papers = max(1, min(settings.papers_per_call, math.floor(SHARE_OF_TIMEOUT * timeout / seconds)))
    return Fit(papers, 1, math.ceil(timeout), max(512, OUTPUT * papers))
