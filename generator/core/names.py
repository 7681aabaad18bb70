r"""The names of authors: read from what arXiv sends, and taken apart as bibliographies want them.

What arXiv sends is a list of names, or one line of them, typed by authors: with TeX's accents, affiliations, a team
among persons, and slips such as a colon, a leading "and" or one bracket too many. A slip damages one name at most.
"""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.core.tex import to_unicode
from generator.core.text import clean, unaccent_tex

_TOGETHER = re.compile(r"(.+?),? (et al\.?|(?:on behalf of|for) the .+)")
"""A person, and with whom or for whom: two names in one."""
_HALF_WIDTH = str.maketrans("（）【】，；", "()[],;")
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
    r"|foundation|workshop|council"
    r"|societ(?:y|ies)|authors|alliance|partnership|observatory|experiment|survey|investigators|members|developers"
    r"|deepmind|research(?=$)|(?-i:AI)(?=$)"
)
_COLLECTIVE = re.compile(rf"(?<![\w-])(?:{_TEAM_WORDS})\b\.?|^(?:for the|on behalf of)\s|^et al\.?$", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"\$?\s?\^\s?(?:\{[\d\s,*†‡§a-e\\]+\}|[\d*†‡§]|\{?\\(?:d?dagger|ast|star|sharp|S|P)\b\}?)\s?\$?|\\(?:textsuperscript|thanks|footnote\w*|orcid\w*|inst)\s?\{[^{}]*\}"
)
_NOTE = re.compile(
    r" ?(?:<[^<>@]{0,99}@[^<>@]{0,99}>|\((?:[^()@]{0,99}@[^()@]{0,99}|ORCID[^()]{0,99})\)|\[[\d, *]{1,40}\]"
    r"|(?<=\w)[ ,]{1,3}\d{1,3}(?: ?, ?\d{1,3}){1,9})$",
    re.IGNORECASE,
)
"""What authors put behind a name, beside affiliations: an address, an ORCID, numbers of institutes."""
# An accent comes with its backslash lost: Espa~na, Jo~ao. A tie between names stands before a capital letter.
_LOST_TILDE = re.compile(r"(?<=[a-z])~(?=n[aeiou]|a[eo]|oe)")
_SPACE_OR_DASH = re.compile(r"(?<!\\)~|\\[ ,;]|---?")
_PLAIN = re.compile(
    r"(?!.*[¹²³⁰⁴-⁹])(?!(?i:and)\b)(?!.*\b(?i:and)$)"
    r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+)*(?<=[\w.])(?<!\.\.)"
)
_EDGES = " \t\\,;:.&|/*+=-–—_\"'`()[]{}<>?!#$^~∗†‡§¶⋆★¹²³⁴⁵⁶⁷⁸⁹"
_AFFILIATION = re.compile(
    r"\b(?:Univ|Inst(?:it|\b)|Depart|Dept|College|School|Laborator|Hospital|Academ|Cent(?:er|re)|Facult|Inc|Ltd"
    r"|Polytechn|(?:MIT|ETH|CNRS|INRIA|USA|UK|China|Germany|France|Italy|India|Japan|Spain|Canada)\b)",
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
    text = _NOTE.sub("", _FOOTNOTE.sub("", text.translate(_HALF_WIDTH)))
    accented = unaccent_tex(_LOST_TILDE.sub(r"\\~", text))
    name = _SPACE_OR_DASH.sub(lambda match: "-" if "-" in match[0] else " ", accented)
    if re.search(r"\\[A-Za-z]|\$.*\$", name):  # a command that is no accent
        name = to_unicode(name)
    name = _without_affiliation(clean(name.replace("{", "").replace("}", "").replace("$", "")))
    name = re.sub(r"^(?:[Aa]nd|AND|&) | (?:and|AND)$", "", _trimmed(name))
    return "" if name.lower() == "and" else clean(name, MAX_NAME)


def _without_affiliation(name: str) -> str:
    """NAME without an institute that stands behind it: in parentheses, closed or not, or after a comma."""
    if name[:1] == "(" and name[-1:] == ")" and (_AFFILIATION.search(name) or name.isupper()):
        return ""
    found = re.search(r" ?\(([^()]*)\)?$", name)
    if found and (_AFFILIATION.search(found[1]) or (found[1].isascii() and found[1].isupper())):
        return name[: found.start()]
    person, comma, place = name.partition(",")
    if comma and " " in person and _AFFILIATION.search(place) and not _COLLECTIVE.search(person):
        return person
    return name


def _trimmed(name: str) -> str:
    """NAME without signs that begin or end no name; the full stop of an initial and closed brackets stay."""
    start = name.lstrip(_EDGES)
    if start[:2] in ("t ", "s ") and name.endswith("'" + start):  # 't Hooft
        start = "'" + start
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
    if colon and person and "(" not in team:
        yield team
        name = person
    if (found := _TOGETHER.fullmatch(name)) and not _COLLECTIVE.search(found[1]):
        yield from found.groups()
        return
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
    for part in _split_outside(_parted_by_affiliations(_closed(line.translate(_HALF_WIDTH)))):
        if names and _LEGEND.match(part):
            break
        name = _without_affiliations(part)
        if _SUFFIX.fullmatch(name) and names:
            names[-1] += f", {name}"
        elif name:
            names.append(name)
    return names


_LEGEND = re.compile(r"\(+\w{1,2}\)\s*\w")
"""Where the institutes are listed after the authors, by their numbers."""
_BEFORE_A_NAME = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)?)\)(?=\s+[^\W\d_])")
_DEPTH = 9  # brackets within brackets that are told apart
_CLOSING = {"(": ")", "{": "}", "[": "]"}


def _parted_by_affiliations(line: str) -> str:
    """LINE with the commas that authors forgot after an affiliation."""
    return _BEFORE_A_NAME.sub(lambda found: f"{found[0]}," if _AFFILIATION.search(found[1]) else found[0], line)


def _closed(line: str) -> str:
    """LINE with its brackets matched, affiliations in parentheses.

    A bracket that closes nothing is left out, one that closes another kind counts as that kind, and one that is not
    closed ends where a name ends.
    """
    if not any(sign in line for sign in "(){}[]"):
        return line
    signs = list(line)
    opened: list[int] = []
    for at, sign in enumerate(signs):
        if at and signs[at - 1] == "\\":
            continue
        if sign in _CLOSING:
            opened.append(at)
        elif sign in ")}]":
            _match(signs, opened, at)
    for at in opened:
        _close(signs, at)
    return "".join(signs)


def _match(signs: list[str], opened: list[int], at: int) -> None:
    """Match the bracket of SIGNS that closes AT with the last of those OPENED; braces hold letters, if no institute."""
    if not opened:
        signs[at] = ""
        return
    if any(_CLOSING[signs[start]] == signs[at] for start in opened[-_DEPTH:]):
        while _CLOSING[signs[opened[-1]]] != signs[at]:
            signs[opened.pop()] = ""
    start = opened.pop()
    if signs[start] != "{" or _is_affiliation(signs, start):
        signs[start], signs[at] = "()"
    elif signs[at] != "}":
        signs[start] = signs[at] = ""


def _is_affiliation(signs: list[str], start: int) -> bool:
    return signs[max(0, start - 1)] == " " and bool(_AFFILIATION.match("".join(signs[start + 1 : start + 14])))


def _close(signs: list[str], at: int) -> None:
    """Close the bracket of SIGNS that opens AT: after the last affiliation before the next bracket."""
    rest = "".join(signs[at + 1 : at + 9]).lstrip()
    if rest[:1] in ("", ",", ";") or (signs[at] == "{" and not _is_affiliation(signs, at)):
        signs[at] = ""
        return
    signs[at] = "("
    if re.match(r"\(\w{1,2}\)", rest):  # ((1) Univ X, (2) Univ Y
        signs.append(")")
        return
    place = at + 1
    end = next((later for later in range(at + 1, len(signs)) if signs[later] in _CLOSING), len(signs))
    start = place
    while start < end:
        comma = next((later for later in range(start, end) if signs[later] == ","), end)
        if place == at + 1 or _AFFILIATION.search("".join(signs[start:comma])):
            place = comma
        start = comma + 1
    if place < len(signs):
        signs[place] = ")" + signs[place]
    else:
        signs.append(")")


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
    if _COLLECTIVE.search(name):
        return Name(name, collective=True)
    if name.endswith(")") and (start := name.find(" (")) > 0:  # in another script, or for short
        found = parse_name(name[:start])
        return found._replace(family=f"{found.family} {name[start + 1 :]}")
    suffix = after if _SUFFIX.fullmatch(after) else ""
    if after and not suffix:
        return _turned(whole, after)
    words = whole.split()
    if len(words) > 1 and not suffix and _SUFFIX.fullmatch(words[-1]) and (len(words) > 2 or words[-1][-1] == "."):
        suffix = words.pop()
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


def _turned(family: str, after: str) -> Name:
    """The parts of a name that is typed as in a bibliography: `von Last, First` or `Last, Jr., First`."""
    suffix, _, given = after.rpartition(", ")
    if suffix and not _SUFFIX.fullmatch(suffix):
        return Name(f"{family}, {after}", collective=True)
    words = family.split()
    if not suffix and len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    start = next((place for place, word in enumerate(words[:-1]) if word not in _PARTICLES), len(words) - 1)
    return Name(" ".join(words[start:]), given, " ".join(words[:start]), suffix)
