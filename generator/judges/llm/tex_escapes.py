r"""A model's JSON in which TeX stands with single backslashes, read as it was meant.

`"\beta"` is valid JSON for a backspace and "eta", `"\alpha"` is no JSON at all. A backslash that begins a command of
TeX is doubled; one that is an escape of JSON, a line break above all, stays.
"""

import re

from generator.core.tex.symbols import is_command

_ESCAPE = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|([A-Za-z]+)|(.)|\Z)", re.DOTALL)
_CONTROLS = "nrt"
"""Escapes that a model may mean: a line break, a tab. Nobody means a backspace or a form feed."""
_BEGUN = re.compile(r"""(?:(?:\A|[\s"(\u2e80-\uffef])\$|[{^_])\Z""")
"""After the dollar that begins a formula, and within one, even what nobody knows is a command: no line ends there."""


def with_tex(content: str) -> str:
    r"""CONTENT, JSON or text that holds some, with the backslashes of TeX doubled.

    >>> with_tex(r'{"reason": "a $\beta$-VAE,\nnew \\alpha"}')
    '{"reason": "a $\\\\beta$-VAE,\\nnew \\\\alpha"}'
    """
    if "\\" not in content:
        return content
    return _ESCAPE.sub(_mended, content)


def _mended(match: re.Match[str]) -> str:
    word, sign = match[1], match[2]
    if word:
        before = match.string[max(0, match.start() - 2) : match.start()]
        following = match.string[match.end() : match.end() + 2]
        is_escape = word[0] in _CONTROLS and not _BEGUN.search(before) and not _is_tex(word, following)
    else:
        is_escape = len(match[0]) > 2 or (sign is not None and sign in '"\\/')  # a code point has no group
    return match[0] if is_escape else "\\" + match[0]


def _is_tex(word: str, following: str) -> bool:
    r"""Whether WORD, whose first letter could be an escape, is a command: "\ne.g." is a line break and "e.g."."""
    is_abbreviation = re.match(r"\.[A-Za-z]", following) or (word == "neg" and following[:1] == ".")
    return following[:1] == "{" or (is_command(word) and not is_abbreviation)
