"""From text to the tokens that the search index holds; overrides/assets/js/search-text.js is the twin of `tokens`.

    agents          a word of a-z and 0-9
    F对 对齐 L齐    what is not written with these (Chinese above all): a run's first character, every two that stand
                    together, its last one; so that any part of a run, with any words around it, is a phrase of tokens,
                    and a single character is all pairs that begin with it, and the last ones
    I2601.06212     an arXiv id

Folded text has no capitals, so that no text can be taken for a mark.
"""

import re
import unicodedata
from itertools import pairwise

BREAK = "B"
"""Stands between what is not read as one text: between names, and between authors and reason."""

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Latin letters that no decomposition takes apart."""

_PART = re.compile(r"[a-z0-9]+|[^\sa-z0-9]+")


def fold(text: str) -> str:
    """TEXT as it is compared: full-width signs narrow, small letters, no accents."""
    small = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
    if small.isascii():
        return small
    bare = "".join(sign for sign in unicodedata.normalize("NFD", small) if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFKC", bare)


def _is_text(run: str) -> bool:
    """Whether RUN holds a letter, mark or digit, and not only punctuation."""
    return any(unicodedata.category(sign)[0] in "LMN" for sign in run)


def tokens(text: str) -> list[str]:
    """The tokens of TEXT in their order."""
    found: list[str] = []
    for part in _PART.findall(fold(text)):
        if part.isascii() and part.isalnum():
            found.append(part)
        elif _is_text(part):
            found += ["F" + part[0], *map("".join, pairwise(part)), "L" + part[-1]]
    return found


def id_token(arxiv_id: str) -> str:
    """The token of an arXiv id."""
    return "I" + arxiv_id.lower()
