"""What the operator always shows and what never: the words, authors and categories of [always] and [never].

What both name is shown. Texts are compared without case, accents and the difference between hyphen and space; a plural
counts as its singular. An author is found under initials if the list has initials, and with further given names.
"""

import functools
import re
import unicodedata

from generator.core.model import Paper
from generator.core.names import parse_name
from generator.core.tex import to_unicode
from generator.settings.config import Config, PaperList


def always(paper: Paper, config: Config) -> str | None:
    """The entry of [always] by which PAPER is a pick whatever its score, as config.toml has it."""
    return _matched(paper, config.always)


def never(paper: Paper, config: Config) -> str | None:
    """The entry of [never] by which PAPER is not shown, as config.toml has it."""
    found = _matched(paper, config.never)
    return None if found is None or always(paper, config) else found


def _matched(paper: Paper, listed: PaperList) -> str | None:
    if not listed:
        return None
    text = folded(f"{paper.title}\n{paper.abstract}") if listed.words else ""
    if word := next((word for word in listed.words if _holds(text, _entry(word))), None):
        return word
    for name in listed.authors:
        if any(is_same_person(name, author) for author in paper.authors):
            return name
    return next((category for category in listed.categories if category in paper.categories), None)


def _holds(text: str, word: str) -> bool:
    """Whether TEXT holds WORD, or its plural, as a word of its own; both are folded."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        ends = [end, *(end + len(plural) for plural in ("s", "es") if text.startswith(plural, end))]
        if not _is_letter(text[at - 1 : at]) and not all(_is_letter(text[end : end + 1]) for end in ends):
            return True
        at = text.find(word, at + 1)
    return False


def _is_letter(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


@functools.lru_cache(maxsize=1024)
def _entry(word: str) -> str:
    return folded(word)


def folded(text: str) -> str:
    """TEXT without TeX, case and accents, a single space for whitespace and hyphens."""
    letters = unicodedata.normalize("NFKD", to_unicode(text).casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[\s\u2010-\u2015_-]+", " ", plain).strip()


def is_same_person(listed: str, author: str) -> bool:
    """Whether AUTHOR is the person that is LISTED, as far as names tell."""
    wanted, found = _name(listed), _name(author)
    if sorted([*wanted[0], wanted[1]]) == sorted([*found[0], found[1]]):  # the family name may come first
        return True
    given, there = wanted[0], found[0]
    if wanted[1] != found[1] or not given or not there:
        return False
    return _is_name(given[0], there[0]) and all(any(_is_name(part, other) for other in there) for part in given[1:])


@functools.lru_cache(maxsize=4096)
def _name(text: str) -> tuple[tuple[str, ...], str]:
    """The given names and the family name in TEXT."""
    name = parse_name(text)
    given = folded(name.given.replace("-", "")).replace(".", " ")
    return tuple(given.split()), folded(f"{name.particle} {name.family}")


def _is_name(listed: str, found: str) -> bool:
    return listed == found or (len(listed) == 1 and found.startswith(listed))
