r"""TeX in titles, reasons and abstracts, shown as mathematics: MathML, made here and not in the browser.

latex2mathml turns \href, \class and \style into attributes and does not escape text, so that its strings are never
used: its tree is written out again with the elements and attributes that are known to be harmless, and nothing else.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element

from latex2mathml import exceptions
from latex2mathml.converter import convert_to_element

from generator.core import escape
from generator.core.tex_unicode import to_unicode
from generator.core.text import clean

MAX_FORMULA = 400
"""Characters of a formula that is still converted: the longest of 28,000 real titles has 96."""

_FAILURES: tuple[type[Exception], ...] = (
    *(kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)),
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What latex2mathml raises on broken TeX: its own errors share no base, and some of Python's leak."""

# A formula opens before and closes after something other than a space; one without a command is not followed by a
# digit, so that "$5 and $10" is no formula and "256$\times$256" is one.
_LENGTH = f"{{1,{MAX_FORMULA}}}"
_FORMULA = re.compile(rf"(?<!\\)\$(?! )([^$\\]{_LENGTH}(?<! )(?=\$(?!\d))|(?=[^$]*\\)[^$]{_LENGTH}(?<![ \\])(?=\$))\$")
_ELEMENTS = frozenset({
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt", "mroot", "mover",
    "munder", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom", "menclose", "mmultiscripts",
    "mprescripts", "none",
})  # fmt: skip
_ATTRIBUTES = {
    "accent": ("true", "false"),
    "displaystyle": ("true", "false"),
    "fence": ("true", "false"),
    "largeop": ("true", "false"),
    "stretchy": ("true", "false"),
    "separator": ("true", "false"),
    "linethickness": ("0", "0pt"),
}
_BOLD = {ord(letter): 0x1D400 + number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_BOLD |= {ord(letter): 0x1D41A + number for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
_BOLD |= {ord(letter): 0x1D7CE + number for number, letter in enumerate("0123456789")}


class Piece(NamedTuple):
    """A part of a text: as it was, as HTML, and whether it is a formula."""

    source: str
    html: str
    formula: bool


class _UnknownError(ValueError):
    """A formula that holds something which we cannot show as mathematics."""


def math_html(text: str) -> str:
    """TEXT as HTML with its formulas ($...$) as MathML; all else escaped, and a formula that fails as Unicode."""
    return "".join(piece.html for piece in pieces(text))


def marked_html(text: str, terms: Iterable[str]) -> str:
    """TEXT as `math_html` writes it, with every one of TERMS that stands outside of its formulas within <mark>."""
    shown = sorted({clean(term) for term in terms} - {""}, key=lambda term: (-len(term), term))
    if not shown:
        return math_html(text)
    either = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, shown))})(?!\w)")
    return "".join(piece.html if piece.formula else _marked(piece.source, either) for piece in pieces(text))


def _marked(text: str, term: re.Pattern[str]) -> str:
    parts = [_literal(part) for part in term.split(text)]
    return "".join(f"<mark>{part}</mark>" if number % 2 else part for number, part in enumerate(parts))


def pieces(text: str) -> Iterator[Piece]:
    """TEXT, cleaned, cut into its formulas and what stands between them."""
    for number, part in enumerate(_FORMULA.split(clean(text))):
        yield Piece(f"${part}$", _formula(part), True) if number % 2 else Piece(part, _literal(part), False)


def _literal(text: str) -> str:
    """TEXT escaped, with the spaces around it, which the gate takes away."""
    inner = text.strip(" ")
    if not inner:
        return text
    return f"{' ' * text.startswith(' ')}{escape.html(to_unicode(inner))}{' ' * text.endswith(' ')}"


def _formula(source: str) -> str:
    try:
        return "".join(_write(convert_to_element(source)))
    except _FAILURES:
        return escape.html(to_unicode(f"${source}$") or source)


def _write(element: Element) -> Iterator[str]:
    tag = element.tag
    text = html.unescape(element.text or "")
    if tag not in _ELEMENTS or "\\" in text:
        raise _UnknownError(tag)
    if tag == "mrow" and len(element) == 1 and not text:
        yield from _write(element[0])
        return
    if "bold" in element.get("mathvariant", ""):
        text = text.translate(_BOLD)
    yield f"<{tag}{''.join(_attributes(element))}>"
    yield escape.html(text) if text.strip() else text
    for child in element:
        yield from _write(child)
    yield f"</{tag}>"


def _attributes(element: Element) -> Iterator[str]:
    for name, allowed in _ATTRIBUTES.items():
        if (value := element.get(name)) in allowed:
            yield f' {name}="{value}"'
    if element.tag == "mi" and element.get("mathvariant") == "normal":
        yield ' mathvariant="normal"'
