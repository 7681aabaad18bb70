"""A text with TeX, read once into pieces of prose and formulas."""

import functools
import re

from generator.core.tex.dollars import formula_spans
from generator.core.tex.formula import read_formula
from generator.core.tex.prose import DEPTH, plain_prose
from generator.core.tex.tree import Formula, Piece, Text
from generator.core.text import clean, unaccent_tex

_SPECIAL = ("\\", "$", "{", "}", "~", "--", "``")
_FIRST_MARK = 0xF0000
"""Private characters stand for the formulas while the prose around them is read; `clean` leaves none in a text."""
_MARKS = re.compile("([\U000f0000-\U000fffff])")


def has_tex(text: str) -> bool:
    """Whether TEXT holds a sign that TeX reads."""
    return any(sign in text for sign in _SPECIAL)


@functools.lru_cache(maxsize=4096)
def read(text: str) -> tuple[Piece, ...]:
    """TEXT, cleaned, as its pieces; what holds no TeX is one piece."""
    text = clean(text)
    return _read(text, 0) if has_tex(text) else (Text(text),)


def _read(text: str, depth: int) -> tuple[Piece, ...]:
    parts: list[str] = []
    formulas: list[str] = []
    start = 0
    for span in formula_spans(text) if depth < DEPTH else ():
        parts += [text[start : span.start], chr(_FIRST_MARK + len(formulas))]
        formulas.append(span.source)
        start = span.end
    prose = plain_prose("".join([*parts, text[start:]]))
    pieces: list[Piece] = []
    for part in _MARKS.split(prose):
        if _MARKS.fullmatch(part):
            source = formulas[ord(part) - _FIRST_MARK]
            pieces.append(Formula(source, read_formula(source, _read, depth)))
        elif part:
            pieces.append(Text(part))
    return tuple(pieces)


def title_text(text: str) -> str:
    r"""A title or abstract on one line: TeX's accents outside of mathematics as Unicode, all other TeX as it was.

    >>> title_text(r'G\"odel and $\bar x$')
    'Gödel and $\\bar x$'
    """
    if "\\" not in text:
        return clean(text)
    parts: list[str] = []
    start = 0
    for span in formula_spans(text):
        parts += [unaccent_tex(text[start : span.start]), text[span.start : span.end]]
        start = span.end
    return clean("".join([*parts, unaccent_tex(text[start:])]))
