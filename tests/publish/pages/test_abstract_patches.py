"""Abstracts as changes: what a browser puts together is what the whole abstract would be."""

import gzip
import html
import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import archive

from generator.core.tex import Text, math_html
from generator.core.text import clean
from generator.publish.pages.abstract_patches import _words, packed_patches, patches

TEXTS = [
    "Plain words & 5 < 6.",
    "We show $x^2 < y$ & more.",
    r"$a$$b$ at both ends $\frac{1}{2}$",
    r"An accent in Erd\H{o}s, 40\% less, and \emph{two words} in the middle of a long line.",
    r"\textbf{First}",
    r"last \%",
    r"emoji 😀 before $x_1$ and 𝒳 after $y$, in \textit{any} script 对齐 $z$",
    "Unbalanced $x^{2 and }{ \\frac{1 $$",
    "costs $5 and $10",
    r"gone: \label{a} \cite{b} ~ \\ here",
    " two  spaces and a\nbreak around $x$ ",
    archive.HOSTILE,
    "",
]


def joined(text: str) -> str:
    """TEXT with its patches as HTML, put together as overrides/assets/js/reader/abstracts.js does: in UTF-16 units."""
    units = text.encode("utf-16-le")
    made, at = "", 0
    for start, end, shown in patches(text):
        made += html.escape(units[2 * at : 2 * start].decode("utf-16-le")) + shown
        at = end
    return made + html.escape(units[2 * at :].decode("utf-16-le"))


def seen(markup: str) -> str:
    """MARKUP as a reader sees it: spaces that follow each other are one."""
    return re.sub(r"\s+", " ", html.unescape(markup)).strip()


@pytest.mark.parametrize("text", TEXTS)
def test_an_abstract_and_its_patches_are_the_abstract_as_html(text: str) -> None:
    """Formulas as mathematics, TeX as Unicode, everything else as it was."""
    assert seen(joined(text)) == seen(math_html(text))


_WORDS = [
    *r"\{}^_$~'()-ab, ",
    "  ",
    r"\emph{a b}",
    r"\centering",
    "$x^2$",
    "``",
    "''",
    "--",
    r"\%",
    "😀",
    r"\label{$x$}",
]


@given(st.lists(st.sampled_from(_WORDS), max_size=40).map("".join))
def test_whatever_stands_beside_whatever(text: str) -> None:
    """Patches are found from what the whole reads as, and together they are the whole."""
    assert joined(clean(text)) == math_html(clean(text))


def test_a_patch_is_no_longer_than_it_must_be() -> None:
    """The formula alone, and the words alone that hold TeX."""
    text = r"A long beginning, then $x$, then 40\% and an end that is long as well."
    assert [(text[start:end], shown) for start, end, shown in patches(text)] == [
        ("$x$,", '<span class="tex"><math><mi>x</mi></math>,</span>'),
        (r"40\%", "40%"),
    ]


def test_what_needs_no_patch_is_not_named() -> None:
    """Same abstracts, same bytes; ids in order."""
    kept = {"2601.00002": "$y$", "2601.00001": "$x$", "2601.00003": "plain"}
    packed = packed_patches(kept)
    assert list(json.loads(gzip.decompress(packed))) == ["2601.00001", "2601.00002"]
    assert packed == packed_patches(dict(reversed(kept.items())))


@pytest.mark.parametrize(("source", "shown"), [("b b", "b b b"), ("b b b", "b b"), (r"a \\ b", "a b"), ("a~b", "a b")])
def test_words_that_are_more_or_fewer_than_before_are_all_there_once(source: str, shown: str) -> None:
    """Also where the same word follows itself, and each could be any of them."""
    parts = _words(source, shown, 10)
    assert " ".join(text.text for _, _, text in parts if isinstance(text, Text)) == shown
    assert (parts[0][0], parts[-1][1]) == (10, 10 + len(source))
    assert all(end < start for (_, end, _), (start, _, _) in pairwise(parts))
