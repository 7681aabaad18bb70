"""What a call may cost, and the stop before the one that would exceed a budget."""

import datetime as dt
import math
import threading
from typing import Any

import pytest

from generator.core.errors import ConfigError
from generator.core.model import Paper, Spending
from generator.judges.llm.budget import OUTPUT_PER_PAPER, Budget, Estimator, cost_of, estimate_tokens
from generator.judges.llm.reply import Tokens
from generator.settings.config import BudgetLimits as Limits
from generator.settings.config import Config, Price

PRICE = Price(model="m", input=2.0, cached_input=0.2, output=8.0)
FREE = {"tokens_per_run": None, "tokens_per_month": None}


def budget(price: Price | None = PRICE, month: Spending | None = None, **limits: Any) -> Budget:
    return Budget(Limits.model_validate({**FREE, **limits}), price, "m", month or Spending())


def paper(number: int, abstract: str = "words " * 200) -> Paper:
    return Paper(
        id=f"2601.{number:05}", title="Title", authors=(), abstract=abstract, categories=("cs.LG",), submitted=None
    )


def config(**llm: Any) -> Config:
    return Config.model_validate({"fields": [{"slug": "a", "name": "甲", "description": "x"}], "llm": llm})


def test_tokens_are_estimated_from_the_text() -> None:
    """A token for four characters, one for each Chinese character."""
    assert estimate_tokens("a" * 40) == 10
    assert estimate_tokens("大模型") == 3
    assert estimate_tokens("") == 0


def test_a_call_is_expected_to_cost_more_than_its_text() -> None:
    """The static part, every paper and room for the answer, with a margin; at most what the answer may take."""
    small, two = (Estimator(config()).expect([paper(n) for n in range(count)]) for count in (1, 2))
    assert two.input - small.input >= 300 and small.input > 300
    assert (small.output, two.output) == (OUTPUT_PER_PAPER, 2 * OUTPUT_PER_PAPER)
    assert Estimator(config(max_output_tokens=256)).expect([paper(n) for n in range(9)]).output == 256


def test_a_model_that_thinks_is_expected_to_think_again() -> None:
    """The longest answer so far is what the next one is expected to take."""
    estimator = Estimator(config())
    estimator.learn(2, 9000)
    estimator.learn(2, 10)
    assert estimator.expect([paper(1), paper(2), paper(3)]).output == 13_500


@pytest.mark.parametrize(
    ("price", "cost"),
    [
        (PRICE, (600 * 2 + 400 * 0.2 + 100 * 8) / 1e6),
        (Price(model="m", input=2.0, output=8.0), (1000 * 2 + 100 * 8) / 1e6),
        (None, None),
    ],
)
def test_cost_takes_cached_input_at_its_own_price(price: Price | None, cost: float | None) -> None:
    """As all input where no such price is known; unknown, never 0, where there is none at all."""
    assert cost_of(Tokens(1000, 400, 100, 50), price) == (None if cost is None else pytest.approx(cost))


@pytest.mark.parametrize(
    ("limits", "month", "allowed"),
    [
        ({}, Spending(), True),
        ({"tokens_per_run": 1100}, Spending(), True),
        ({"tokens_per_run": 1099}, Spending(), False),
        ({"tokens_per_run": 0}, Spending(), False),
        ({"tokens_per_month": 2000}, Spending(tokens=900), True),
        ({"tokens_per_month": 2000}, Spending(tokens=901), False),
        ({"money_per_run": 0.0028}, Spending(), True),
        ({"money_per_run": 0.0027}, Spending(), False),
        ({"money_per_month": 1.0}, Spending(cost=0.9972), True),
        ({"money_per_month": 1.0}, Spending(cost=0.9973), False),
        ({"money_per_month": 1.0}, Spending(tokens=125_000, cost=None), False),
        ({"money_per_month": 1.1}, Spending(tokens=125_000, cost=None), True),
        ({"money_per_run": 0.0028}, Spending(tokens=9_999_999, cost=None), True),
    ],
)
def test_the_call_that_would_exceed_a_budget_is_not_made(
    limits: dict[str, Any], month: Spending, allowed: bool
) -> None:
    """Tokens and money, of the run and of the month; what was spent at unknown prices counts at the dearest."""
    assert (budget(month=month, **limits).reserve(Tokens(1000, output=100)) is not None) == allowed


@pytest.mark.parametrize(
    ("limits", "month", "says"),
    [
        ({"tokens_per_run": 1099}, Spending(), "budget.tokens_per_run = 1,099 is less than one call may take (1,100"),
        ({"money_per_run": 0.0027}, Spending(), "= 0.0027 is less than one call may take (USD 0.0028)"),
        (
            {"tokens_per_month": 2000},
            Spending(tokens=901),
            "budget.tokens_per_month = 2,000 leaves no room for a further call",
        ),
        ({"tokens_per_month": 2000, "money_per_run": 0}, Spending(tokens=901), "budget.money_per_run = 0.0 is less"),
        (
            {"money_per_month": 1.0},
            Spending(cost=0.9973),
            "= 1.0 leaves no room for a further call; the next month continues",
        ),
    ],
)
def test_a_call_that_is_refused_names_the_limit(limits: dict[str, Any], month: Spending, says: str) -> None:
    """Which option, and whether waiting helps: a limit below one call never lets a paper through."""
    purse = budget(month=month, **limits)
    assert purse.reserve(Tokens(1000, output=100)) is None
    assert says in str(purse.refused)


def test_calls_under_way_are_set_aside() -> None:
    """What they leave when they are settled is there for the next."""
    purse = budget(tokens_per_run=2500)
    first, second = purse.reserve(Tokens(1000)), purse.reserve(Tokens(1000))
    assert first and second
    purse.settle(first, Tokens(100))
    third = purse.reserve(Tokens(1000))
    assert third
    purse.settle(second, Tokens(1000))
    purse.settle(third, None)  # unknown: all that was set aside counts
    assert purse.reserve(Tokens(401)) is None
    assert "tokens_per_run = 2,500 leaves no room for a further call; a later run continues" in str(purse.refused)
    assert purse.reserve(Tokens(400)) is not None


def test_a_call_waits_for_those_under_way_before_it_is_refused() -> None:
    """They may cost less than was set aside for them."""
    purse = budget(tokens_per_run=1500)
    first = purse.reserve(Tokens(1000))
    assert first
    threading.Timer(0.05, purse.settle, [first, Tokens(100)]).start()
    assert purse.reserve(Tokens(1000)) is not None


def test_many_threads_never_exceed_a_budget() -> None:
    """Eight at once, each call at the full price that was set aside for it."""
    purse = budget(tokens_per_run=10_000)
    spent = []

    def work() -> None:
        while hold := purse.reserve(Tokens(700)):
            spent.append(hold.tokens)
            purse.settle(hold, Tokens(700))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(spent) == math.floor(10_000 / 700) * 700


def test_a_money_budget_without_a_price_is_an_error() -> None:
    """It says what to add, and to which table."""
    with pytest.raises(ConfigError, match=r"\[\[prices\]\] table with model, input and output"):
        budget(price=None, money_per_month=5.0)
    assert budget(price=None, tokens_per_run=2000).reserve(Tokens(1000)) is not None


def test_what_is_written_into_the_cache_has_its_own_price() -> None:
    """As much as the provider tells; all that did not come from the cache where it does not."""
    price = Price(model="m", input=0.20, cached_input=0.02, cache_write=0.25, output=1.20)
    told = Tokens(input=1_000_000, cached=400_000, output=0, written=100_000)
    assert cost_of(told, price) == pytest.approx(0.5 * 0.20 + 0.1 * 0.25 + 0.4 * 0.02)
    assert cost_of(told._replace(written=0), price) == pytest.approx(0.6 * 0.25 + 0.4 * 0.02)


@pytest.mark.parametrize(
    ("at", "factor"),
    [
        ("2026-12-01T00:59:00", 1), ("2026-12-01T01:00:00", 2), ("2026-12-01T03:59:00", 2), ("2026-12-01T04:00:00", 1),
        ("2026-12-01T09:30:00", 2), ("2026-12-05T09:30:00", 1), ("2026-12-04T09:30:00", 2),
    ],
)  # fmt: skip
def test_a_call_costs_what_its_hour_costs(at: str, factor: float) -> None:
    """As DeepSeek has it: twice the price on weekdays, 01 to 04 and 06 to 10 UTC. A forecast is on the high side."""
    peak = [{"days": "Mon-Fri", "hours": hours, "factor": 2} for hours in ("01:00-04:00", "06:00-10:00")]
    price = Price.model_validate({"model": "m", "input": 1.0, "output": 1.0, "peak": peak})
    moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
    assert cost_of(Tokens(input=1_000_000), price, moment) == factor
    assert cost_of(Tokens(input=1_000_000), price) == 2


@pytest.mark.parametrize("peak", [{"hours": "1-4", "factor": 2}, {"hours": "01:00-04:00", "days": "Mo", "factor": 2}])
def test_a_peak_that_is_none_is_refused(peak: dict[str, Any]) -> None:
    """Days and hours have one form."""
    with pytest.raises(ValueError, match="String should match pattern"):
        Price.model_validate({"model": "m", "input": 1.0, "output": 1.0, "peak": [peak]})
