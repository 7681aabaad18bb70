"""Related papers: the closest earlier picks, decided once."""

import datetime as dt
import random

import pytest
from support import archive

from generator.core.model import Related
from generator.records import related
from generator.records.related import Earlier, closest, earlier_picks, in_window, relate

TUESDAY = archive.WEDNESDAY - dt.timedelta(days=1)
TITLES = (
    "Flow Matching for Protein Backbones",
    "Sparse Attention in Long Contexts",
    "Tokenizers for Low-Resource Languages",
    "Grasping with Tactile Sensors",
)


def earlier(number: int, title: str, abstract: str = "", date: dt.date = TUESDAY) -> Earlier:
    return Earlier(Related(id=f"2601.{number:05}", title=title, date=date), abstract)


def test_the_closest_earlier_picks_are_found_closest_first() -> None:
    """By the words of title and abstract; what shares nothing is no relative."""
    rows = [earlier(number, title) for number, title in enumerate(TITLES)]
    rows.append(earlier(9, "Guidance", "We guide flow matching of protein backbones."))
    found = closest({"2601.00099": ("Protein backbones by flow matching", "")}, rows)
    assert [row.id for row in found["2601.00099"]] == ["2601.00000", "2601.00009"]


def test_there_are_three_relatives_at_most_the_newest_among_equals_and_none_twice() -> None:
    """A paper is no relative of itself, and one that two days hold counts once."""
    dates = [archive.WEDNESDAY - dt.timedelta(days=days) for days in range(1, 7)]
    rows = [earlier(number, TITLES[0], date=date) for number, date in enumerate(dates)]
    rows += [earlier(number + 10, title) for number, title in enumerate(TITLES[1:])] + [rows[0]]
    found = closest({"2601.00001": (TITLES[0], "")}, rows)["2601.00001"]
    assert [row.id for row in found] == ["2601.00000", "2601.00002", "2601.00003"]


def test_a_word_in_another_form_and_a_pair_of_words_count() -> None:
    """Quantized and quantization are one; what shares a subject in passing is no relative: none is fine."""
    rows = [
        earlier(1, "Quantization of language models", "We quantize the weights of language models to four bits."),
        earlier(2, "Weights of evidence", "Language is a model of thought."),
        earlier(3, "Bird songs", "We record birds."),
    ]
    new = {"2601.00009": ("Quantized language models", "Quantizing weights to four bits keeps language models good.")}
    assert [row.id for row in closest(new, rows)["2601.00009"]] == ["2601.00001"]
    assert closest({"2601.00009": ("Cooking soup", "We boil water.")}, rows)["2601.00009"] == ()


def test_nothing_earlier_means_no_relatives() -> None:
    """The first day of an archive, and papers without a Latin word."""
    assert closest({"2601.00001": ("x y z", "")}, []) == {"2601.00001": ()}
    assert closest({"2601.00001": ("无", "")}, [earlier(1, "无")]) == {"2601.00001": ()}


def test_common_words_are_left_for_last_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers of words of every frequency: the same relatives as when each word is looked up for each paper."""
    dice = random.Random(1)
    words = [f"w{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(200)]
    heavy = [1 / (place + 1) for place in range(200)]
    texts = [" ".join(dice.choices(words, heavy, k=20)) for _ in range(300)]
    rows = [earlier(number, text[:60], text) for number, text in enumerate(texts[:250])]
    new = {f"2601.{number:05}": (text[:60], text) for number, text in enumerate(texts[250:], 1000)}
    monkeypatch.setattr(related, "CLOSE", 0.12)
    monkeypatch.setattr(related, "COMMON", 0.06)
    found = closest(new, rows)
    assert sum(map(len, found.values())) > 50
    monkeypatch.setattr(related, "COMMON", 0.0)
    assert closest(new, rows) == found


def test_what_is_decided_stays_decided() -> None:
    """A day that is completed later: new picks get relatives, the others keep theirs, even if there are none."""
    first = archive.pick(1, 9, "agents", title=TITLES[0])
    late = archive.pick(2, 8, "agents", title=TITLES[0])
    rows = [earlier(number + 50, title) for number, title in enumerate(TITLES)]
    before = archive.day(picks=(first,))
    after = relate(archive.day(picks=(first, late)), {}, rows, before)
    assert after.picks[0].related == () and [row.id for row in after.picks[1].related] == ["2601.00050"]
    assert relate(after, {}, [], after) == after


def test_sample_days_have_relatives_among_sample_days_only() -> None:
    """A made-up day is never the relative of a real one."""
    days = [(archive.day(sample=True), {}), (archive.day(TUESDAY), {"2601.00001": "An abstract"})]
    assert {pick.related.date for pick in earlier_picks(days)} == {TUESDAY}
    assert {pick.related.date for pick in earlier_picks(days, sample=True)} == {archive.WEDNESDAY}
    assert earlier_picks(days)[0].abstract == "An abstract"


def test_relatives_are_looked_for_in_the_ninety_days_before() -> None:
    """Not on the day itself, nor after it: a day that was caught up late has no relatives in its future."""
    dates = [archive.WEDNESDAY + dt.timedelta(days=days) for days in (-91, -90, -1, 0, 1)]
    assert in_window(dates, archive.WEDNESDAY) == dates[1:3]
