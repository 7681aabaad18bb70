"""Abstracts as a browser shows them: what stands in the place of their TeX.

An abstract and its HTML differ in a few formulas. Second copies would weigh twelve kilobytes a day of a hundred picks,
their differences weigh half of that.
"""

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from generator.core import escape
from generator.core.tex import formula_spans, has_tex, math_html
from generator.core.text import clean

Patch = tuple[int, int, str]
"""Where it begins and ends in the abstract, in UTF-16 units as JavaScript counts, and the HTML that stands there."""

_MARKS = re.compile(r" |\\.|[{}$~]|--|``|''")


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
    whole = math_html(text)
    rows = list(_patches(text)) if is_clean else []
    if _patched(text, rows) != whole:  # TeX that reaches over words
        rows = [(0, _units(text), whole)]
    yield from rows


def _patches(text: str) -> Iterator[Patch]:
    at = units = 0
    for start, end in _words_with_tex(text):
        shown = math_html(text[start:end])
        if shown != escape.html_kept(text[start:end]):
            begin = units + _units(text[at:start])
            at, units = end, begin + _units(text[start:end])
            yield begin, units, shown


def _words_with_tex(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of TEXT stand that hold TeX; a formula, a group in braces and a command's arguments are one."""
    spans = {span.start: span.end for span in formula_spans(text)}
    start, at, depth, is_tex = 0, 0, 0, False
    for match in _MARKS.finditer(text):
        if match.start() < at:
            continue
        at = spans.get(match.start(), match.end())
        sign = match[0]
        if sign == " " and depth == 0:
            if is_tex:
                yield start, match.start()
            start, is_tex = match.end(), False
        elif sign != " ":
            is_tex = True
            depth = max(0, depth + {"{": 1, "}": -1}.get(sign, 0)) if at == match.end() else depth
    if is_tex:
        yield start, len(text)


def _patched(text: str, rows: Sequence[Patch]) -> str:
    """TEXT as HTML with ROWS in it, as a browser puts it together."""
    encoded = text.encode("utf-16-le")
    parts, at = [], 0
    for start, end, shown in rows:
        parts += [escape.html_kept(encoded[2 * at : 2 * start].decode("utf-16-le")), shown]
        at = end
    return "".join([*parts, escape.html_kept(encoded[2 * at :].decode("utf-16-le"))])


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
