"""From text to the tokens that the search index holds; overrides/assets/js/search-text.js is the twin of `tokens`.

Pagefind cuts Chinese differently when it indexes and when it is asked, splits words at digits and stems them. So it is
given none of this to decide: every text becomes tokens of small letters here, and every query becomes the same tokens
in the browser. Each begins or ends with a q, which no word has inside, and none is changed by its stemmer:

    agentsq                     a word as it is written; digits, z and q are written with a z
    qi...q                      an arXiv id
    qf.. qb.... ql..            what is not written with a-z and 0-9 (Chinese above all): a run's first character, every
                                two that stand together, its last one; so that any part of a run, with any words around
                                it, is a phrase of tokens, and a single character is all pairs that begin with it,
                                and the last ones
    qx                          between names, and between authors and reason: no phrase runs from one into the next
"""

import re
import unicodedata
from itertools import pairwise

BREAK = "qx"
"""Stands between what is not read as one text."""

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Latin letters that no decomposition takes apart."""

_DIGITS = str.maketrans({**{str(n): "z" + "bcdfghjklm"[n] for n in range(10)}, "z": "zz", "q": "zq"})
_MARKS = str.maketrans({".": "zv", "/": "zw", "-": "zx"})
_NIBBLES = "bcdfghjklmnprtvw"
"""Sixteen consonants: nothing in them is a suffix to a stemmer."""

_PART = re.compile(r"[a-z0-9]+|[^\sa-z0-9]+")


def fold(text: str) -> str:
    """TEXT as it is compared: full-width signs narrow, small letters, no accents."""
    small = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
    if small.isascii():
        return small
    bare = "".join(sign for sign in unicodedata.normalize("NFD", small) if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFKC", bare)


def _units(run: str) -> list[str]:
    """Each UTF-16 unit of RUN as four consonants."""
    data = run.encode("utf-16-be").hex()
    return [
        "".join(_NIBBLES[int(nibble, 16)] for nibble in data[place : place + 4]) for place in range(0, len(data), 4)
    ]


def _is_text(run: str) -> bool:
    """Whether RUN holds a letter, mark or digit, and not only punctuation."""
    return any(unicodedata.category(sign)[0] in "LMN" for sign in run)


def tokens(text: str) -> list[str]:
    """The tokens of TEXT in their order."""
    found: list[str] = []
    for part in _PART.findall(fold(text)):
        if part.isascii() and part.isalnum():
            found.append(part.translate(_DIGITS) + "q")
        elif _is_text(part):
            units = _units(part)
            pairs = ["qb" + one + other for one, other in pairwise(units)]
            found += ["qf" + units[0], *pairs, "ql" + units[-1]]
    return found


def id_token(arxiv_id: str) -> str:
    """The token of an arXiv id."""
    return "qi" + arxiv_id.lower().translate(_DIGITS).translate(_MARKS) + "q"
