"""Abstracts as a browser shows them: what stands in the place of their TeX.

An abstract and its HTML differ in a few formulas. Second copies would weigh twelve kilobytes a day of a hundred picks,
their differences weigh half of that.
"""

import gzip
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence

from generator.core import escape
from generator.core.tex_mathml import math_html, pieces
from generator.core.tex_unicode import to_unicode
from generator.core.text import clean

Patch = tuple[int, int, str]
"""Where it begins and ends in the abstract, in UTF-16 units as JavaScript counts, and the HTML that stands there."""


def packed_patches(abstracts: Mapping[str, str]) -> bytes:
    """The patches of ABSTRACTS by id as gzipped JSON; an abstract that needs none is not named."""
    found = {paper_id: list(patches(text)) for paper_id, text in sorted(abstracts.items())}
    kept = {paper_id: rows for paper_id, rows in found.items() if rows}
    content = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(content, compresslevel=9, mtime=0)


def patches(text: str) -> Iterator[Patch]:
    """What is shown in place of parts of TEXT, in their order."""
    if text != clean(text):
        yield 0, _units(text), math_html(text)
        return
    at = 0
    for piece in pieces(text):
        end = at + _units(piece.source)
        if piece.formula:
            yield at, end, piece.html
        elif "\\" in piece.source or "$" in piece.source:
            yield from _words(piece.source, at)
        at = end


def _words(source: str, at: int) -> Iterator[Patch]:
    """The words of SOURCE, which stands at AT, from the first to the last that holds TeX."""
    inner = source.strip(" ")
    before, after = inner.split(" "), to_unicode(inner).split(" ")
    if before == after:
        return
    first, last = _same(before, after), _same(before[::-1], after[::-1])
    shortest = min(len(before), len(after)) - 1  # one word at least is left on both sides
    first = min(first, shortest)
    last = min(last, shortest - first)
    start = at + _units(source[: source.index(inner)]) + _units(" ".join([*before[:first], ""]))
    old, new = (" ".join(words[first : len(words) - last]) for words in (before, after))
    yield start, start + _units(old), escape.html(new)


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many of the first words of ONE and OTHER are the same."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
