"""Terms: what titles speak of, and what is on the rise."""

from generator.records.title_terms import all_terms, day_terms, rising, without_parts


def test_a_term_is_counted_once_a_paper() -> None:
    """Phrases in the singular, names as they are written; a word alone is no term."""
    titles = ["Language Models and language models", "A Language Model with LoRAs", "GRPO for LLMs", "Is GRPO an LLM?"]
    assert day_terms(titles) == {"GRPO": 2, "LLM": 2, "language model": 2}


def test_the_longer_phrase_stands_for_its_parts() -> None:
    """Unless a part is much commoner by itself."""
    assert day_terms(["Time series forecasting"] * 3) == {"time series forecasting": 3}
    assert day_terms(["Large language models"] * 2 + ["Language models"] * 3) == {
        "language model": 5,
        "large language model": 2,
    }


def test_a_long_day_keeps_its_commonest_terms() -> None:
    """So that the index of ten years stays small."""
    assert len(day_terms([f"Alpha{n % 99} beta" for n in range(990)])) == 30
    assert day_terms(["Odd pair"] * 2 + ["Plain"] * 98) == {}


def test_terms_rise_by_share_and_not_by_count() -> None:
    """What kept its share has not risen, what is new has, what fell is not there, nor what two papers have."""
    before = {"old habit": 40, "steady thing": 40}
    lately = {"steady thing": 20, "new hope": 6, "old habit": 1, "pair": 2}
    found = rising(lately, before, (200, 400), 5)
    assert [(row.term, row.papers, row.lately, row.before) for row in found] == [("new hope", 6, 30.0, 0.0)]
    assert rising({}, {}, (0, 0), 5) == []


def test_no_term_is_left_out_of_sums() -> None:
    """A term of one paper counts as well; a rising phrase stands for its parts."""
    assert all_terms(["Time series forecasting", "GRPO"]) == {
        "GRPO": 1,
        "time series": 1,
        "series forecasting": 1,
        "time series forecasting": 1,
    }
    found = rising(all_terms(["Time series forecasting"] * 6), {}, (10, 100), 5)
    assert [row.term for row in found] == ["time series forecasting"]
    assert without_parts(["a b", "a b c"], {"a b": 9, "a b c": 2}) == ["a b", "a b c"]
