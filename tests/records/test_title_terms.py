"""Terms: what titles speak of, and what is on the rise."""

from generator.records.title_terms import day_terms, rising, total_terms


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
    """What kept its share has not risen, what is new has, what fell is not there."""
    before = [{"old habit": 10, "steady thing": 10}] * 4
    lately = [{"steady thing": 10, "new hope": 6}, {"steady thing": 10, "old habit": 1}]
    found = rising(lately, before, (200, 400), 5)
    assert [(row.term, row.papers, row.lately, row.before) for row in found] == [("new hope", 6, 30.0, 0.0)]
    assert total_terms(lately)["steady thing"] == 20
    assert rising([], [], (0, 0), 5) == []
