r"""The names of authors: read from what arXiv sends, and taken apart as bibliographies want them.

What arXiv sends is a list of names, or one line of them, typed by authors: with TeX's accents, affiliations, a team
among persons, and slips such as a colon, a leading "and" or one bracket too many. A slip damages one name at most.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.core.text import clean, unaccent_tex

MAX_NAME = 200
"""Characters of a name."""

_SUFFIX = re.compile(r"(?:[JS]r\.?|I{2,3}|IV|2nd|3rd|Ph\.? ?D\.?|M\.? ?D\.?)", re.ASCII)
_PARTICLES = frozenset(
    [
        "von",
        "van",
        "der",
        "den",
        "de",
        "del",
        "della",
        "dello",
        "di",
        "da",
        "das",
        "dos",
        "do",
        "du",
        "des",
        "la",
        "le",
        "les",
        "lo",
        "ten",
        "ter",
        "te",
        "zu",
        "zum",
        "zur",
        "af",
        "av",
        "al",
        "el",
        "bin",
        "ibn",
        "bint",
        "abu",
        "'t",
        "'s",
        "op",
        "in",
    ]
)
_TEAM_WORDS = (
    r"collaborations?|teams?|groups?|consorti(?:um|a)|projects?|committees?|initiatives?|networks?|task force"
    r"|inc|ltd|llc|gmbh"
    r"|corp(?:oration)?|labs?|laborator(?:y|ies)|institutes?|universit(?:y|ies)|communit(?:y|ies)|contributors"
    r"|foundation"
    r"|societ(?:y|ies)|authors|alliance|partnership|observatory|experiment|survey|investigators|members|developers"
    r"|deepmind|research(?=$)|(?-i:AI)(?=$)"
)
_COLLECTIVE = re.compile(rf"(?<![\w-])(?:{_TEAM_WORDS})\b\.?|^(?:for the|on behalf of)\s|^et al\.?$", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"\$?\s?\^\s?(?:\{[\d\s,*†‡§a-e\\]+\}|[\d*†‡§])\s?\$?|\\(?:textsuperscript|thanks|footnote\w*|orcid\w*|inst)\s?\{[^{}]*\}"
)
# An accent comes with its backslash lost: Espa~na, Jo~ao. A tie between names stands before a capital letter.
_LOST_TILDE = re.compile(r"(?<=[a-z])~(?=n[aeiou]|a[eo]|oe)")
_SPACE_OR_DASH = re.compile(r"(?<!\\)~|\\[ ,;]|---?")
_PLAIN = re.compile(r"(?!(?i:and)\b)(?!.*\b(?i:and)$)[^\W\d_][\w.'’-]*(?: [\w.'’-]+)*(?<=[\w.])(?<!\.\.)")
_EDGES = " \t\\,;:.&|/*+=-–—_\"'`()[]{}<>?!#$^~"
_AFFILIATION = re.compile(
    r"\b(?:Univ|Instit|Depart|Dept|College|School|Laborator|Hospital|Academ|Cent(?:er|re)|Facult|Inc|Ltd"
    r"|Polytechn|ETH|CNRS|INRIA"
    r"|USA|UK|China|Germany|France|Italy|India|Japan|Spain|Canada)",
)


class Name(NamedTuple):
    """A person's name in parts, as BibTeX has them; a collective is all family."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    collective: bool = False


def author_name(text: str) -> str:
    r"""One author's name as readers write it: accents as Unicode, no braces, no signs around it; empty if it is none.

    >>> author_name(r"Peter St\\\"utz"), author_name("and Alan~Turing,"), author_name(":")
    ('Peter Stütz', 'Alan Turing', '')
    """
    if _PLAIN.fullmatch(text) and len(text) <= MAX_NAME and "--" not in text:
        return clean(text)
    text = re.sub(r"\\{2,}(?=\S)", lambda _: "\\", clean(text))
    text = _FOOTNOTE.sub("", text)
    accented = unaccent_tex(_LOST_TILDE.sub(r"\\~", text))
    name = _SPACE_OR_DASH.sub(lambda match: "-" if "-" in match[0] else " ", accented)
    name = clean(name.replace("{", "").replace("}", "").replace("$", ""))
    if name[:1] == "(" and name[-1:] == ")" and (_AFFILIATION.search(name) or name.isupper()):
        return ""
    name = re.sub(r"^(?:and|&) | and$", "", _trimmed(name), flags=re.IGNORECASE)
    return "" if name.lower() == "and" else clean(name, MAX_NAME)


def _trimmed(name: str) -> str:
    """NAME without signs that begin or end no name; the full stop of an initial and closed brackets stay."""
    start = name.lstrip(_EDGES)
    if not any(sign.isalnum() for sign in start):
        return ""
    kept = start.rstrip(_EDGES)
    rest = start[len(kept) :]
    if rest[:1] == ".":
        return kept + "."
    if rest[:1] in (")", "]") and {")": "(", "]": "["}[rest[0]] in kept:
        return kept + rest[0]
    return kept + rest[:1] if rest[:1] == "'" else kept


def read_authors(names: Iterable[str]) -> list[str]:
    """NAMES, each as sent, as authors: slips are no authors, a suffix goes with its name, "A and B" are two.

    >>> read_authors(["Made-Up Team", ":", "Ada Lovelace and Alan Turing", "Jr."])
    ['Made-Up Team', 'Ada Lovelace', 'Alan Turing, Jr.']
    """
    found: list[str] = []
    for name in map(author_name, names):
        if found and _SUFFIX.fullmatch(name):
            found[-1] += f", {name}"
        elif name:
            found += _parted(name)
    return found


def _parted(name: str) -> Iterator[str]:
    team, colon, person = name.partition(": ")
    if colon and person:
        yield team
        name = person
    parts = re.split(r",? (?:and|&) ", name)
    are_named = ", and " in name or all(" " in part for part in parts)
    persons = len(parts) > 1 and are_named and not any(map(_COLLECTIVE.search, parts))
    yield from parts if persons else [name]


def split_authors(line: str) -> list[str]:
    r"""The names in a line of names, as they stand there.

    Commas within braces or parentheses separate nothing; affiliations in parentheses after a name are left out; a
    suffix such as Jr. stays with its name.

    >>> split_authors(r"Jos\'e {van, der} Berg, Ada L. (MIT, Cambridge), Bob B, Jr.")
    ["Jos\\'e {van, der} Berg", 'Ada L.', 'Bob B, Jr.']
    """
    names: list[str] = []
    for part in _split_outside(_closed(line)):
        name = _without_affiliations(part)
        if _SUFFIX.fullmatch(name) and names:
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return names


def _closed(line: str) -> str:
    """LINE with its brackets matched: one that closes nothing is left out, one not closed ends where a name ends."""
    for opening, closing in ("()", "{}"):
        if opening not in line and closing not in line:
            continue
        signs = list(line)
        opened: list[int] = []
        for at, sign in enumerate(signs):
            if sign == opening and not (at and signs[at - 1] == "\\"):
                opened.append(at)
            elif sign == closing and not (at and signs[at - 1] == "\\"):
                if opened:
                    opened.pop()
                else:
                    signs[at] = ""
        for at in opened:
            _close(signs, at, opening, closing)
        line = "".join(signs)
    return line


def _close(signs: list[str], at: int, opening: str, closing: str) -> None:
    """Close the bracket of SIGNS that opens AT: after the last affiliation before the next bracket."""
    if opening == "{":
        signs[at] = ""
        return
    if re.match(r"\(\w{1,2}\)", "".join(signs[at + 1 : at + 5])):  # ((1) Univ X, (2) Univ Y
        signs.append(closing)
        return
    place = at + 1
    end = next((later for later in range(at + 1, len(signs)) if signs[later] == opening), len(signs))
    start = place
    while start < end:
        comma = next((later for later in range(start, end) if signs[later] == ","), end)
        if place == at + 1 or _AFFILIATION.search("".join(signs[start:comma])):
            place = comma
        start = comma + 1
    if place < len(signs):
        signs[place] = closing + signs[place]
    else:
        signs.append(closing)


def _split_outside(line: str) -> list[str]:
    """The parts of LINE between commas or semicolons outside of brackets."""
    if "(" not in line and "{" not in line:
        return [part.strip() for part in re.split("[,;]", line) if part.strip()]
    parts, depth, start = list[str](), 0, 0
    for at, sign in enumerate(line):
        if sign in "({":
            depth += 1
        elif sign in ")}":
            depth = max(0, depth - 1)
        elif sign in ",;" and depth == 0:
            parts.append(line[start:at])
            start = at + 1
    return [part.strip() for part in [*parts, line[start:]] if part.strip()]


def _without_affiliations(name: str) -> str:
    """NAME without what stands in parentheses at its end, unless nothing else is there."""
    end = len(name)
    while name.endswith(")", 0, end):
        depth, at = 0, end
        while at and (depth or at == end):
            at -= 1
            depth += {")": 1, "(": -1}.get(name[at], 0)
        end = at
        while end and name[end - 1].isspace():
            end -= 1
        if depth or not end:
            return name
    return name[:end]


@functools.lru_cache(maxsize=4096)
def parse_name(name: str) -> Name:
    """NAME in its parts.

    >>> parse_name("Alan M. Turing Jr.")
    Name(family='Turing', given='Alan M.', particle='', suffix='Jr.', collective=False)
    >>> parse_name("Ludwig van der Berg").particle, parse_name("The ABC Collaboration").collective
    ('van der', True)
    """
    whole, _, after = name.partition(", ")
    suffix = after if _SUFFIX.fullmatch(after) else ""
    if _COLLECTIVE.search(name) or after.count(", "):
        return Name(name, collective=True)
    if after and not suffix:  # typed as in a bibliography
        return Name(whole, after)
    words = whole.split()
    if len(words) > 1 and not suffix and _SUFFIX.fullmatch(words[-1]) and (len(words) > 2 or words[-1][-1] == "."):
        suffix = words.pop()
    while len(words) > 1 and words[-1][:1] == "(":
        words[-2:] = [" ".join(words[-2:])]
    if len(words) < 2:
        return Name(" ".join(words), suffix=suffix)
    start = len(words) - 1
    if len(words) > 3 and words[-2] in ("y", "e", "i"):
        return Name(" ".join(words[-3:]), " ".join(words[:-3]), suffix=suffix)
    first = next((place for place in range(start) if words[place] in _PARTICLES), start)
    last = max((place for place in range(first, start) if words[place] in _PARTICLES), default=first - 1)
    if 1 < first < start and words[first - 1] in ("Van", "Von", "De"):
        first -= 1
    return Name(" ".join(words[last + 1 :]), " ".join(words[:first]), " ".join(words[first : last + 1]), suffix)
