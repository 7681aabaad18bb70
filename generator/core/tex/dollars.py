r"""Where the formulas of a text stand: between dollars that pair in order, as on arXiv's own page, and not about money.

arXiv's page pairs a dollar with the next one that stands at the same depth of braces; so do we, unless what stands
between them reads as prose or as a price. `\(...\)`, `\[...\]`, `$$...$$` and environments of mathematics count too.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MAX_FORMULA = 1900
"""Characters of a formula: arXiv allows an abstract 1,920."""
_AHEAD = 24  # dollars within braces that may stand inside of a formula: bounds the work on "${${${"

_SIGNS_AHEAD = 960
_ENVIRONMENTS = r"(?:equation|align|gather|multline|eqnarray|displaymath|math|cases)\*?"
_SIGN = re.compile(rf"\\begin\{{{_ENVIRONMENTS}\}}|\\.|[${{}}]", re.DOTALL)


class Span(NamedTuple):
    """A formula: where it begins and ends in its text, and what stands between its dollars."""

    start: int
    end: int
    source: str


@functools.lru_cache(maxsize=64)
def formula_spans(text: str) -> tuple[Span, ...]:
    """The formulas of TEXT in their order. Linear in its length."""
    if "$" not in text and "\\" not in text:
        return ()
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[Span]:
    signs = [match for match in _SIGN.finditer(text) if match[0][0] != "\\" or match[0][1] in "([b"]
    after = 0
    for place, match in enumerate(signs):
        sign = match[0]
        if match.start() < after or sign in "{}":
            continue
        if sign == "$":
            span = _displayed(text, match) or _inline(text, signs, place)
        elif len(sign) == 2:
            span = _closed(text, match, {"\\(": "\\)", "\\[": "\\]"}.get(sign))
        else:
            span = _closed(text, match, sign.replace("begin", "end"), whole=True)
        if span:
            after = span.end
            yield span


def _inline(text: str, signs: Sequence[re.Match[str]], place: int) -> Span | None:
    """The formula between the dollar at PLACE among SIGNS and the next one that is no deeper in braces."""
    start = signs[place].start()
    depth = dollars = 0
    for later in range(place + 1, min(place + _SIGNS_AHEAD, len(signs))):
        match = signs[later]
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(0, depth - 1)
        elif sign == "$" and depth == 0:
            return _span(text, start, start + 1, match.start(), match.end())
        elif sign == "$":
            dollars += 1
            if dollars > _AHEAD:
                break
    return None


def _displayed(text: str, match: re.Match[str]) -> Span | None:
    if not text.startswith("$$", match.start()):
        return None
    inner = match.start() + 2
    end = text.find("$$", inner, inner + MAX_FORMULA + 2)
    return None if end < 0 else _span(text, match.start(), inner, end, end + 2)


def _closed(text: str, match: re.Match[str], closing: str | None, *, whole: bool = False) -> Span | None:
    end = text.find(closing, match.end(), match.end() + MAX_FORMULA) if closing else -1
    if end < 0 or closing is None:
        return None
    after = end + len(closing)
    return Span(match.start(), after, text[match.start() : after] if whole else text[match.end() : end])


def _span(text: str, start: int, inner: int, end: int, after: int) -> Span | None:
    source = text[inner:end]
    is_formula = source.strip() and len(source) <= MAX_FORMULA and not _is_prose(source, text[after : after + 1])
    return Span(start, after, source) if is_formula else None


_TEXT_GROUP = re.compile(r"\\(?:text[a-z]*|mbox|hbox|mathrm|operatorname|emph|href|url)\s*\{[^{}]*\}")
_COMMAND = re.compile(r"\\[A-Za-z(\[]|[=^<>]|_(?=\{|\w\b)")
_WORD = re.compile(r"(?<![^\s(\"'“])[A-Za-z][A-Za-z'’-]*[a-z](?=[,.;:)?!\"”]*(?:\s|$))")
_FUNCTION_WORDS = frozenset(
    [
        "and",
        "or",
        "of",
        "to",
        "in",
        "the",
        "with",
        "for",
        "is",
        "are",
        "was",
        "were",
        "by",
        "per",
        "from",
        "at",
        "on",
        "that",
        "which",
        "while",
        "versus",
        "vs",
        "but",
        "than",
        "a",
        "an",
        "we",
        "this",
        "as",
        "our",
        "into",
        "up",
        "only",
        "over",
        "under",
        "between",
        "compared",
        "about",
        "worth",
        "its",
        "their",
        "it",
        "can",
        "costs",
        "cost",
        "when",
        "where",
        "using",
        "plus",
        "until",
        "be",
        "has",
        "have",
    ]
)
_PRICE = re.compile(r"\s*[\d.,]*\d\s?(?:[kKMBT]|bn|[mb]illion|trillion|thousand)?(?![A-Za-z^_\\{])")


def _is_prose(source: str, after: str) -> bool:
    """Whether SOURCE, before the sign AFTER, is no formula: words between two, or a price and what follows."""
    plain = _TEXT_GROUP.sub(" ", source)
    words = _WORD.findall(plain)
    common = sum(word.lower() in _FUNCTION_WORDS for word in words)
    if _PRICE.match(source) and source[-1].isspace() and after and not (after.isspace() or after in ",.;:)%?!"):
        return True
    if _COMMAND.search(plain):
        return len(words) >= 6 and common >= 2
    if common or len(words) >= 4 or (len(words) > 1 and source != source.strip()):
        return True
    if not any(sign.isalnum() for sign in source):
        return source[-1].isspace() and source.strip() in (",", ".", ";", ":", "),", ").", "-")
    if _PRICE.match(source) and after:
        return after.isdigit()
    return source[-1].isspace() and not source[0].isspace() and after.isalnum() and len(source.strip()) > 1
