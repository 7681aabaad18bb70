"""Tokens, phrases, sentences and excerpts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.words import (
    content_runs,
    excerpt,
    index_of,
    named_phrases,
    normalised,
    phrase,
    phrase_hits,
    sentences,
    word_tokens,
)


def split(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in sentences(text)]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("Models", "model"), ("policies", "policy"), ("losses", "loss"), ("boxes", "box"), ("bias", "bia"),
        ("ties", "tie"), ("analysis", "analysis"), ("GPUs", "gpu"), ("Erdős", "erdo"), ("4", "4"), ("loss", "loss"),
        ("扩散", ""),
    ],
)  # fmt: skip
def test_a_word_is_compared_in_lower_case_and_in_the_singular(written: str, word: str) -> None:
    """What matters is that a word and its plural meet, not that the result is English."""
    assert normalised(written) == word


def test_tokens_stand_where_the_text_has_them() -> None:
    """TeX commands are no words, their arguments are; hyphens part words."""
    text = r"We train \textbf{Vision-Language} models"
    assert [(token.word, text[token.start : token.end]) for token in word_tokens(text)] == [
        ("we", "We"), ("train", "train"), ("vision", "Vision"), ("language", "Language"), ("model", "models"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("M-theory and D-branes", ["m-theory", "and", "d-brane"]),
        ("X-ray binaries: Cygnus X-1", ["x-ray", "binary", "cygnus", "x-1"]),
        ("L-functions, 3-manifolds, K-theory", ["l-function", "3-manifold", "k-theory"]),
        ("f(R) gravity, $f(R)$ and SU(2)", ["f(r)", "gravity", "f(r)", "and", "su(2)"]),
        ("C*-algebras, a C^*-algebra", ["c*-algebra", "a", "c*-algebra"]),
        ("multi-modal tele-parallel non-Gaussian", ["multimodal", "teleparallel", "nongaussian"]),
        ("GPT-4, 4-bit, self-supervised", ["gpt-4", "4-bit", "self", "supervised"]),
        ("Shor's $x^{2} + y_{max}$ vitamin D", ["shor", "vitamin"]),
        ("costs $5 and $10", ["cost", "and", "10"]),
    ],
)
def test_words_are_those_that_their_field_writes(text: str, found: list[str]) -> None:
    """A letter stands with what a hyphen joins to it and never alone; a formula is no word, but f(R) is one."""
    assert [token.word for token in word_tokens(text)] == found


def test_what_a_description_lists_or_quotes_is_a_phrase() -> None:
    """An item keeps the stop words within it; one word is a name only if it is written like one."""
    assert named_phrases("Gravity: black holes in AdS, entropy, M-theory, QCD, and “the swampland”") == [
        ("the", "swampland"), ("black", "hole", "in", "ads"), ("m-theory",), ("qcd",),
    ]  # fmt: skip


def test_a_month_or_a_country_ends_no_sentence() -> None:
    """Their full stops are of an abbreviation."""
    text = "We analyze indexes from Jun. 1983 to Mar. 2005 in the U.S. History repeats. So do prices."
    assert len(split(text)) == 2


def test_a_list_or_a_sentence_names_runs_of_content_words() -> None:
    """Stop words, punctuation and Chinese part them."""
    assert content_runs("量化与KV cache压缩, the pruning of large models; GUI-agents") == [
        ("kv", "cache"), ("pruning",), ("large", "model"), ("gui", "agent"),
    ]  # fmt: skip


def test_phrases_are_found_in_any_number_and_hyphenation() -> None:
    """And every one of two that overlap."""
    index = index_of([phrase("vision-language model"), phrase("language model"), ()])
    found = [hit.phrase for hit in phrase_hits(word_tokens("Vision language models and a language-model"), index)]
    assert found == [("vision", "language", "model"), ("language", "model"), ("language", "model")]


@pytest.mark.parametrize(
    "text",
    [
        "Models fail, e.g. GPT and i.e. LLaMA.",
        "As Smith et al. Showed before.",
        "See Fig. 3 and Eqs. 4 to 5 of Sec. 2.",
        "It gains 0.5 points vs. CNNs.",
        "For $x. Y$ and $f(a). B$ it holds.",
        "We follow J. S. Bach and Dr. No.",
        "We reach 3.14 at v1.2.3 of https://example.org/A.B.",
        r"With \textit{i.e.} Latin in it.",
    ],
)
def test_an_abbreviation_or_a_number_ends_no_sentence(text: str) -> None:
    """What follows it belongs to the same sentence."""
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We win. They lose! Why? 3 reasons.", ["We win.", "They lose!", "Why?", "3 reasons."]),
        (r"It holds. $x$ is one. \textbf{Two} follows.", ["It holds.", "$x$ is one.", r"\textbf{Two} follows."]),
        ('He said "no." (See below.) Then left.', ['He said "no."', "(See below.)", "Then left."]),
        (
            "It costs $5 a day. We show $x. Y$ here. It ends.",
            ["It costs $5 a day.", "We show $x. Y$ here.", "It ends."],
        ),
        ("It costs $5 a day. We pay less.", ["It costs $5 a day.", "We pay less."]),
        ("先看。再说！", ["先看。", "再说！"]),
        ("  \n ", []),
        ("", []),
        ("no stop at all", ["no stop at all"]),
    ],
)
def test_sentences_end_where_readers_end_them(text: str, parts: list[str]) -> None:
    """Mathematics and TeX may open the next one; a lone dollar sign is a price."""
    assert split(text) == parts


@given(st.text(alphabet="aA. $!?\\\n。e.g", max_size=200))
def test_no_character_of_a_text_is_lost_between_its_sentences(text: str) -> None:
    """Sentences follow one another and leave out nothing but spaces."""
    found = sentences(text)
    assert "".join("".join(text[sentence.start : sentence.end].split()) for sentence in found) == "".join(text.split())


def test_a_long_sentence_is_cut_between_words() -> None:
    """And says so with an ellipsis within the limit."""
    assert excerpt("one two three four", 12) == "one two…"
    assert excerpt("one two three", 13) == "one two three"
    assert len(excerpt("x" * 500)) == 300


def test_no_formula_is_cut_in_two() -> None:
    """The excerpt ends before the formula that does not fit; a price is none."""
    assert excerpt("It costs $5 if $a + b = c$ holds", 20) == "It costs $5 if…"
    assert excerpt("It costs $5 and no cent more", 20) == "It costs $5 and no…"
    assert excerpt("It is shown that $a + b = c$ holds", 25) == "It is shown that…"
