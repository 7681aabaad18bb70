"""Which verdicts are picks: by the threshold, and by what a field sets for itself."""

import pytest
from pydantic import ValidationError

from generator.core.model import Verdict
from generator.judges.choice import chosen
from generator.settings.config import Config, ResearchField


def config(**bounds: object) -> Config:
    fields = [
        ResearchField(slug="a", name="A", description="words", **bounds),  # type: ignore[arg-type]
        ResearchField(slug="b", name="B", description="words"),
    ]
    return Config(fields=tuple(fields))


def said(field: str | None, *scores: float) -> dict[str, Verdict]:
    return {f"{field} {score}": Verdict(score=score, field=field, reason=None) for score in scores}


VERDICTS = {**said("a", 9, 7, 6.5, 5), **said("b", 8, 6.5)}


@pytest.mark.parametrize(
    ("bounds", "of_a"),
    [
        ({}, {"a 9", "a 7"}),
        ({"threshold": 6.0}, {"a 9", "a 7", "a 6.5"}),
        ({"threshold": 8.0}, {"a 9"}),
        ({"at_most": 1}, {"a 9"}),
        ({"at_least": 3}, {"a 9", "a 7", "a 6.5"}),
        ({"at_least": 9}, {"a 9", "a 7", "a 6.5", "a 5"}),
        ({"threshold": 5.0, "at_most": 2}, {"a 9", "a 7"}),
    ],
)
def test_a_field_has_bounds_of_its_own(bounds: dict[str, object], of_a: set[str]) -> None:
    """The best come first; another field is not touched."""
    assert chosen(VERDICTS, config(**bounds)) == of_a | {"b 8"}


def test_picks_that_the_day_has_already_count() -> None:
    """A later run of the day adds no more than the bound leaves."""
    assert chosen(said("a", 9, 8), config(at_most=2), {"a": 1}) == {"a 9"}
    assert chosen(said("a", 6), config(at_least=1), {"a": 1}) == set()


def test_what_has_no_field_goes_by_the_threshold() -> None:
    """And what scores nothing is never a pick."""
    assert chosen({**said(None, 8, 3), **said("a", 0)}, config(at_least=5)) == {"None 8"}


def test_bounds_that_contradict_each_other_are_refused() -> None:
    """At least more than at most is a slip."""
    with pytest.raises(ValidationError, match="more than at_most"):
        config(at_least=3, at_most=2)
