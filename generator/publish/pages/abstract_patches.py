"""Abstracts as a browser shows them: what stands in the place of their TeX.

An abstract and its HTML differ in a few formulas. Second copies would weigh twelve kilobytes a day of a hundred picks,
their differences weigh half of that.
"""

import gzip
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.core.tex import Formula, Piece, Text, formula_spans, has_tex, math_html, pieces_html, read
from generator.core.text import clean

Patch = tuple[int, int, str]
"""Where it begins and ends in the abstract, in UTF-16 units as JavaScript counts, and the HTML that stands there."""

_Part = tuple[int, int, Piece]
"""A piece, at most a word of prose, and where it stands in its text."""


def packed_patches(abstracts: Mapping[str, str]) -> bytes:
    """The patches of ABSTRACTS by id as gzipped JSON; an abstract that needs none is not named."""
    found = {paper_id: list(patches(text)) for paper_id, text in sorted(abstracts.items())}
    kept = {paper_id: rows for paper_id, rows in found.items() if rows}
    content = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
    return gzip.compress(content, compresslevel=9, mtime=0)


def patches(text: str) -> Iterator[Patch]:
    """What is shown in place of parts of TEXT, in their order: its words, to the next blanks, that hold TeX."""
    is_clean = text == clean(text)
    if is_clean and not has_tex(text):
        return
    rows = _patches(text, read(text)) if is_clean else None
    if rows is None:
        rows = [(0, len(text), math_html(text))]
    is_astral = not text.isascii() and max(text) > "\uffff"
    for start, end, shown in rows:
        yield (_units(text[:start]), _units(text[:end]), shown) if is_astral else (start, end, shown)


def _patches(text: str, pieces: Sequence[Piece]) -> list[Patch] | None:
    """The patches of TEXT, which reads as PIECES, counted in characters; None if a formula of it is not among them."""
    spans = formula_spans(text)
    formulas = [piece for piece in pieces if isinstance(piece, Formula)]
    if [span.source for span in spans] != [formula.source for formula in formulas]:
        return None
    prose = _between(pieces)
    rows: list[Patch] = []
    word: list[_Part] = []
    at = 0
    for number, shown in enumerate(prose):
        end = spans[number].start if number < len(spans) else len(text)
        for place, part in enumerate(_words(text[at:end], shown, at)):
            if place:
                rows += _patch(text, word)
                word = []
            word.append(part)
        if number < len(spans):
            word.append((end, spans[number].end, formulas[number]))
            at = spans[number].end
    return [*rows, *_patch(text, word)]


def _between(pieces: Sequence[Piece]) -> list[str]:
    """The prose of PIECES before, between and after its formulas."""
    prose = [""]
    for piece in pieces:
        if isinstance(piece, Text):
            prose[-1] = piece.text
        else:
            prose.append("")
    return prose


def _words(source: str, shown: str, at: int) -> list[_Part]:
    """The words of SOURCE, which begins AT, that are SHOWN otherwise, and its outer two, which may touch a formula.

    Many words are one where it cannot be told which became which.
    """
    if source == shown and " " in source:
        first, last = source.index(" "), source.rindex(" ") + 1
        return [(at, at + first, Text(source[:first])), (at + last, at + len(source), Text(source[last:]))]
    sources, words = source.split(" "), shown.split(" ")
    if len(sources) != len(words):
        shorter = min(len(sources), len(words))
        first = min(_shared(sources, words), shorter - 1)
        last = min(_shared(reversed(sources), reversed(words)), shorter - 1 - first)
        sources[first : len(sources) - last] = [" ".join(sources[first : len(sources) - last])]
        words[first : len(words) - last] = [" ".join(words[first : len(words) - last])]
    parts: list[_Part] = []
    edges = (0, len(words) - 1)
    for place, (written, word) in enumerate(zip(sources, words, strict=True)):
        if written != word or place in edges:
            parts.append((at, at + len(written), Text(word)))
        at += len(written) + 1
    return parts


def _shared(left: Iterable[str], right: Iterable[str]) -> int:
    """How many words LEFT and RIGHT begin with alike."""
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _patch(text: str, word: Sequence[_Part]) -> list[Patch]:
    """What is shown in place of WORD, if TEXT does not hold it as it is shown."""
    start, end = word[0][0], word[-1][1]
    if len(word) == 1 and text[start:end] == "".join(piece.text for _, _, piece in word if isinstance(piece, Text)):
        return []
    return [(start, end, pieces_html([piece for _, _, piece in word if piece != Text("")]))]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
