"""From text to the tokens that the search index holds; overrides/assets/js/search/tokens.js is the twin of `tokens`.

    agents          a word of a-z and 0-9
    F对 对齐 L齐    what is not written with these (Chinese above all): a run's first character, every two that stand
                    together, its last one; so that any part of a run, with any words around it, is a phrase of tokens,
                    and a single character is all pairs that begin with it, and the last ones
    I2601.06212     an arXiv id
    Ccs.ro          an arXiv category
    Azhang,w        the names of Wei Zhang and of every other W. Zhang
    S17             a form of the 17th group of synonyms

Folded text has no capitals, so that no text can be taken for a mark.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from operator import add


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNINDEXED_WORDS = _words(
    "a an and are as at be by can for from has have in is it its not of on or our that the their these this to we which"
    " with"
)
"""Words that the index of abstracts leaves out: nearly every abstract holds them, and they would be a third of it."""

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Latin letters that no decomposition takes apart."""

_PLAIN = re.compile("[\x00-\x7f\u2010-\u2027\u3001-\u301b\u4e00-\u9fff]*")
"""Text that neither has accents nor letters to take apart: ASCII, Chinese, punctuation."""

_OTHER = re.compile("[^\x00-\x7f\u2010-\u2027\u3001-\u3003\u3008-\u3011]")
"""What is more than ASCII, dashes, quotes and brackets."""

_WORD = re.compile(r"[a-z0-9]+")
_PART = re.compile(r"[a-z0-9]+|[^\sa-z0-9]+")


def fold(text: str) -> str:
    """TEXT as it is compared: full-width signs narrow, small letters, no accents."""
    small = unicodedata.normalize("NFKC", text).lower()
    if _PLAIN.fullmatch(small):
        return small
    small = small.translate(_LETTERS)
    bare = unicodedata.normalize("NFD", small)
    marks = set(filter(_is_mark, set(bare)))
    return unicodedata.normalize("NFKC", "".join(sign for sign in bare if sign not in marks) if marks else bare)


@functools.cache
def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"


_PUNCTUATION = frozenset("-,.()'/:;?!")
"""What most often stands between words."""


def _is_text(run: str) -> bool:
    """Whether RUN holds a letter, mark or digit, and not only punctuation."""
    return run[0].isalpha() or any(unicodedata.category(sign)[0] in "LMN" for sign in run)


def tokens(text: str) -> list[str]:
    """The tokens of TEXT in their order."""
    if text.isascii():
        return _WORD.findall(text.lower())
    folded = fold(text)
    if not _OTHER.search(folded):
        return _WORD.findall(folded)
    found: list[str] = []
    for part in _PART.findall(folded):
        if part.isascii() and part.isalnum():
            found.append(part)
        elif part not in _PUNCTUATION and _is_text(part):
            found += ["F" + part[0], *map(add, part, part[1:]), "L" + part[-1]]
    return found


def inner_tokens(text: str) -> list[str]:
    """The tokens of TEXT as a part of a longer text: without the marks of where its first and last run end."""
    found = tokens(text)
    first, last = (1 if found[0][0] == "F" else 0), (len(found) - 1 if found[-1][0] == "L" else len(found))
    return found[first:last] or found


def concept_token(number: int) -> str:
    """The token of the NUMBERth group of synonyms."""
    return f"S{number}"


def id_token(arxiv_id: str) -> str:
    """The token of an arXiv id."""
    return "I" + arxiv_id.lower()


def category_token(category: str) -> str:
    """The token of an arXiv category."""
    return "C" + category.lower()


def name_forms(name: str) -> Iterator[list[str]]:
    """The words of an author's NAME; where there are several given names, also with these as one.

    >>> list(name_forms("Xiao-Ming Li"))
    [['xiao', 'ming', 'li'], ['xiaoming', 'li']]
    """
    words = tokens(name)
    if words:
        yield words
    if len(words) > 2 and all(len(word) > 1 for word in words):
        yield ["".join(words[:-1]), words[-1]]


def initials_token(name: Sequence[str]) -> str:
    """The token of a NAME, its words with the family name last, by its initials.

    >>> initials_token(["wei", "zhang"])
    'Azhang,w'
    """
    return f"A{name[-1]},{''.join(word[0] for word in name[:-1])}"
