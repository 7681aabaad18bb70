"""Reasons of the local judge: the sentence that tells the point, word for word, and which words in it decided."""

import pytest

from generator.core.i18n import words
from generator.core.model import Paper
from generator.core.tex import marked_html
from generator.core.words import phrase
from generator.judges.local.reasons import reason
from generator.judges.sentence_roles import ROLES, is_bibliographic, read_roles


def paper(title: str = "A title", abstract: str = "") -> Paper:
    return Paper(id="2601.00001", title=title, authors=(), abstract=abstract, categories=("cs.LG",), submitted=None)


DIFFUSION = paper(
    "Fast diffusion",
    "Language models are large and slow. However, they decode one token after the other. We propose Diffusion Language"
    " Models that decode in parallel by a learned order. Experiments show that they are 3 times faster on five"
    " benchmarks. Code is available at https://example.org.",
)
WEIGHTS = {phrase("diffusion language model"): 3.0, phrase("parallel"): 2.0, phrase("language model"): 1.0}


def test_the_reason_quotes_the_point_and_names_the_words_that_decided() -> None:
    """Neither background nor problem, nor where the code is; each word as the paper writes it, the heaviest first."""
    told = reason(DIFFUSION, WEIGHTS, words("zh"))
    quoted = "We propose Diffusion Language Models that decode in parallel by a learned order."
    assert told.text == f"摘要：“{quoted}”"
    assert told.terms == ("Diffusion Language Models", "parallel")
    assert reason(DIFFUSION, WEIGHTS, words("en")).text == f"Abstract: “{quoted}”"


@pytest.mark.parametrize(
    "sentence",
    [
        "This paper has been submitted to Physical Review Letters.",
        "The full version of this article contains all proofs.",
        "This is an extended version of our contribution to the proceedings of the meeting.",
        "Accepted for publication in ApJ, 12 pages, 5 figures.",
        "This is a reply report to astro-ph/0604264.",
    ],
)
def test_bibliography_is_never_quoted(sentence: str) -> None:
    """It says nothing of the subject."""
    assert is_bibliographic(sentence)
    told = reason(paper(abstract=f"We prove that strings are stable. {sentence}"), {("string",): 1.0}, words("en"))
    assert told.text == "Abstract: “We prove that strings are stable.”"


@pytest.mark.parametrize(
    "sentence",
    ["The model is accepted by operators in most cases.", "We present in detail the version of Newton's law."],
)
def test_a_sentence_on_the_subject_is_no_bibliography(sentence: str) -> None:
    """Words such as version and accepted have other uses."""
    assert not is_bibliographic(sentence)


def test_without_an_abstract_the_title_is_quoted() -> None:
    """No sentence is made up."""
    told = reason(paper("KV cache pruning"), {("pruning",): 1.0}, words("en"))
    assert told == ("Title: “KV cache pruning”", ("pruning",))


def test_without_any_term_and_abstract_the_reason_says_so() -> None:
    """It claims nothing of the paper."""
    assert reason(paper(), {("pruning",): 1.0}, words("zh")) == (words("zh")["reason_nothing"], ())


def test_braces_in_an_abstract_are_text() -> None:
    """They are not taken for a place to fill in."""
    told = reason(paper(abstract=r"We study the {terms} of pruning."), {("pruning",): 1.0}, words("en"))
    assert told.text == "Abstract: “We study the {terms} of pruning.”"


def test_terms_of_little_weight_are_not_marked() -> None:
    """A common word beside a telling phrase decided nothing."""
    weights = {("speculative", "decoding"): 5.0, ("model",): 0.2}
    assert reason(paper(abstract="Speculative decoding of models"), weights, words("en")).terms == (
        "Speculative decoding",
    )


def test_marks_stand_on_the_page_and_nowhere_within_a_formula() -> None:
    """A term within another word or a formula is left; what would be HTML is escaped."""
    html = marked_html("Strings <b> and $x string$ in string theory, substring", ["string theory", "string", "<b>"])
    assert html.count("<mark>") == 2
    assert "<mark>string theory</mark>" in html and "substring" in html
    assert "<b>" not in html


def test_the_roles_of_sentences_are_chances() -> None:
    """Of every sentence, in order; the model knows a problem from a result."""
    found = read_roles(DIFFUSION.title, DIFFUSION.abstract)
    assert len(found) == 5
    assert all(abs(sum(sentence.chances) - 1) < 1e-4 for sentence in found)
    likeliest = [ROLES[sentence.chances.index(max(sentence.chances))] for sentence in found]
    assert likeliest[0] in "bp" and likeliest[1] == "p" and likeliest[3] == "r" and likeliest[4] == "o"
    assert read_roles("", "") == []
