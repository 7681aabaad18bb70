"""What a call may cost, what it did cost, and the stop before the one that would exceed a budget."""

import datetime as dt
import math
import re
import threading
from collections.abc import Sequence
from typing import NamedTuple

from generator.core.errors import ConfigError
from generator.core.model import Paper, Spending
from generator.judges.llm.prompt import answer_schema, system_message
from generator.judges.llm.reply import Tokens
from generator.settings.config import BudgetLimits as Limits
from generator.settings.config import Config, Price

OUTPUT_PER_PAPER = 150  # tokens of one answer with a reason of 100 Chinese characters, and some air
_ID_AND_BREAKS = 20
_MARGIN = 1.25  # tokenizers differ; what is held back for a call is to be an upper bound
_TRUST = 4  # no tokenizer makes of a text a quarter of the tokens that are estimated
_LEAST_ANSWER = 4  # tokens of an id and a score
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


def estimate_tokens(text: str) -> int:
    """About what a tokenizer makes of TEXT: a token for a CJK character, else for four characters."""
    wide = len(_WIDE.findall(text))
    return wide + math.ceil((len(text) - wide) / 4)


class Estimator:
    """Expects the tokens of a call; learns what an answer takes where a model thinks before it answers. Thread-safe."""

    def __init__(self, config: Config) -> None:
        self._static = estimate_tokens(system_message(config)) + estimate_tokens(str(answer_schema(config)))
        self._cap = config.llm.max_output_tokens
        self._output_per_paper = float(OUTPUT_PER_PAPER)

    def expect(self, papers: Sequence[Paper]) -> Tokens:
        """The tokens of one call about PAPERS, on the high side."""
        texts = sum(estimate_tokens(paper.title) + estimate_tokens(paper.abstract) + _ID_AND_BREAKS for paper in papers)
        output = math.ceil(self._output_per_paper * len(papers))
        return Tokens(math.ceil(_MARGIN * (self._static + texts)), output=min(output, self._cap or output))

    def learn(self, papers: int, output: int) -> None:
        """An answer about PAPERS papers took OUTPUT tokens."""
        self._output_per_paper = max(self._output_per_paper, output / max(papers, 1))


def cost_of(tokens: Tokens, price: Price | None, at: dt.datetime | None = None) -> float | None:
    """What TOKENS cost AT a moment (None: at the dearest); None, never 0, where the price is unknown.

    Input that came from the provider's cache has its own price, and so has what was written into it.
    """
    if price is None:
        return None
    cached = price.input if price.cached_input is None else price.cached_input
    fresh = tokens.input - tokens.cached
    written = 0 if price.cache_write is None else min(tokens.written, fresh) or fresh
    paid = (fresh - written) * price.input + written * (price.cache_write or 0.0) + tokens.cached * cached
    return (paid + tokens.output * price.output) * price.factor(at) / 1e6


def believable(tokens: Tokens | None, expected_input: float, answers: int) -> Tokens | None:
    """TOKENS as billed, or None where they cannot be true: fewer than the text and its ANSWERS must take.

    EXPECTED_INPUT is on the high side (see `expect`). Servers that cache prompts may tell only what they read anew.
    """
    if tokens is None or tokens.input < expected_input / _MARGIN / _TRUST or tokens.output < _LEAST_ANSWER * answers:
        return None
    return tokens


OPTIONS = ("tokens_per_month", "money_per_month", "tokens_per_run", "money_per_run")
"""The limits of `[budget]`; what a later run cannot mend comes first."""


class Reservation(NamedTuple):
    """What is set aside for one call that is under way."""

    tokens: int
    cost: float

    def of(self, option: str) -> float:
        """The part of it that counts for OPTION."""
        return self.tokens if option.startswith("tokens") else self.cost


class Budget:
    """The budgets of one run and of its month. Thread-safe.

    A call is allowed only if all that was spent, all that is set aside for the calls under way, and what it may cost
    itself stay within every limit.
    """

    def __init__(self, limits: Limits, price: Price | None, model: str, month: Spending) -> None:
        """MONTH: what this month has cost before this run. Raises ConfigError for a money limit without a price."""
        money = limits.money_per_run is not None or limits.money_per_month is not None
        if money and price is None:
            raise ConfigError(
                f"config.toml has a money budget but no price of {model!r}; add a [[prices]] table with model, input"
                " and output (per million tokens), or remove money_per_run and money_per_month from [budget]"
            )
        self._price, self._limits = price, limits
        spent = Reservation(month.tokens, known_cost(month, price) if money else 0.0)
        self._left = {
            option: limit - (spent.of(option) if option.endswith("_month") else 0)
            for option in OPTIONS
            if (limit := getattr(limits, option)) is not None
        }
        self.refused: str | None = None
        """What stood in the way of the first call that was not allowed, and what to do."""
        self._held: list[Reservation] = []
        self._change = threading.Condition()

    def reserve(self, expected: Tokens) -> Reservation | None:
        """Set EXPECTED aside; None if the call might exceed a budget, also once the calls under way are settled."""
        hold = Reservation(expected.input + expected.output, cost_of(expected, self._price) or 0.0)
        with self._change:
            while exceeded := self._exceeded_by(hold):
                if not self._held:
                    self.refused = self.refused or self._refusal(hold, exceeded)
                    return None
                self._change.wait()  # a call under way may cost less than was set aside for it
            self._held.append(hold)
        return hold

    def _exceeded_by(self, hold: Reservation) -> list[str]:
        """The options whose limit the call of HOLD might exceed."""
        return [
            option
            for option, left in self._left.items()
            if sum(other.of(option) for other in self._held) + hold.of(option) > left
        ]

    def _refusal(self, hold: Reservation, exceeded: Sequence[str]) -> str:
        """A line on why the call of HOLD is not made: a limit that it would always exceed, else one that is spent."""
        too_low = [option for option in exceeded if hold.of(option) > getattr(self._limits, option)]
        option = (too_low or exceeded)[0]
        told = f"budget.{option} = {getattr(self._limits, option):,}"
        if too_low:
            needed = f"{hold.tokens:,} tokens" if "tokens" in option else f"{self._limits.currency} {hold.cost:.4f}"
            return (
                f"{told} is less than one call may take ({needed}): its papers stay unscored in every run; raise it,"
                " or lower papers_per_call in [llm]"
            )
        later = "the next month" if option.endswith("_month") else "a later run"
        return f"{told} leaves no room for a further call; {later} continues, or raise it"

    def settle(self, hold: Reservation, tokens: Tokens | None) -> None:
        """The call of HOLD took TOKENS; None: the provider does not say, so what was set aside counts as spent."""
        spent = hold
        if tokens is not None:
            spent = Reservation(tokens.input + tokens.output, cost_of(tokens, self._price) or 0.0)
        with self._change:
            self._held.remove(hold)
            self._left = {option: left - spent.of(option) for option, left in self._left.items()}
            self._change.notify_all()


def known_cost(month: Spending, price: Price | None) -> float:
    """What MONTH cost; its tokens at the dearest price where some of them had none."""
    if month.cost is not None:
        return month.cost
    return (
        month.tokens * max(price.input, price.output, price.cache_write or 0.0) * price.factor(None) / 1e6
        if price
        else 0.0
    )
