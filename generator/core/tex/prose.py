r"""Prose with TeX in it as plain Unicode: what `\textbf{x}`, `\cite{y}`, `{\deg}`, `--` and the like mean to a reader.

No word is lost: a command that nobody knows shows its arguments, and itself where it has none. `%` is a percent sign.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from generator.core.tex.symbols import (
    ABBREVIATIONS,
    ACCENTS,
    ALPHABETS,
    CITES,
    DINGS,
    FUNCTIONS,
    NO_MEANING,
    SILENT,
    SPACES,
    STYLES,
    SYMBOLS,
    TEXT_STYLES,
    UNITS,
    found_again,
)
from generator.core.tex.unicode_signs import lettered, marked, script
from generator.core.text import unaccent_tex

DEPTH = 12
"""Groups within groups that are understood; deeper ones are read as if their braces were not there."""

_PART = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}^_]|[^\\{}^_]+|\\", re.DOTALL)
_SPECIAL = re.compile(r"\\|\{|~|--|``|''")
_ADDRESS = re.compile(r"(https?://[^\s{}]+|www\.[^\s{}]+)")
_TIE = re.compile(
    r"(?<!\b[A-Za-z](?=~[\d\U000f0000-\U000fffff]))(?<=[A-Za-z.,:;)\]\U000f0000-\U000fffff])"
    r"~(?=[\w\\({\[‘“\U000f0000-\U000fffff])"
    r"|(?<=[0-9%])~(?=[^\W\d_]|[\\({\[\U000f0000-\U000fffff])|(?<=[\w.,:;)])~ | ~(?=\[)"
)
"""A tie of TeX: not the ~ of "about", of a range or of a relation."""
_LOST_TILDE = re.compile(r"\{~([naoNAO])\}")
_VERBATIM = re.compile(r"\\verb\*?([^\w\s*{])([^\\{}]*?)\1")
_SET = re.compile(r"[\"|=:]|,\S|^[\w.]+(?:, ?[\w.]+)+$")
"""What stands within braces that are no grouping: a list, a set, an object of JSON."""
_EM_DASH = re.compile(r"(?<![-<!])---(?![->])")
_EN_DASH = re.compile(r"(?<=[^\s<!(\[\"'-])--(?=[^\s>-])|(?<= )--(?= )|(?<=[^\s<!-])--(?= )")
_ESCAPES = {",": " ", ";": " ", ":": " ", " ": " ", "\\": " ", "\n": " ", "-": "-", "@": "", "/": "/"}


class _Read(NamedTuple):
    text: str
    after: int


def plain_prose(text: str) -> str:
    """TEXT, which holds no formula, as readers see it."""
    if not _SPECIAL.search(text):
        return text
    if "{~" in text:
        text = _LOST_TILDE.sub(r"\\~\1", text)
    if "\\verb" in text:
        text = _VERBATIM.sub(r"\2", text)
    if "\\" in text or "{" in text:
        text = _Reader(unaccent_tex(found_again(text))).whole()
    if "~" in text or "--" in text or "``" in text:
        parts = _ADDRESS.split(text)
        text = "".join(part if number % 2 else _typeset(part) for number, part in enumerate(parts))
    return text


def _typeset(text: str) -> str:
    """TEXT with TeX's ties, dashes and quotation marks."""
    if "~" in text:
        text = _TIE.sub(" ", text)
    if "--" in text:
        text = _EN_DASH.sub("–", _EM_DASH.sub("—", text))
    if "``" in text and "''" in text:
        text = text.replace("``", "“").replace("''", "”")
    return text


class _Reader:
    """Reads prose part by part; no part is read twice."""

    def __init__(self, text: str) -> None:
        self.parts = _PART.findall(text)
        self.is_tex = "\\" in text

    def whole(self) -> str:
        parts, place = [], 0
        while place < len(self.parts):
            read = self.sequence(place, 0)
            parts.append(read.text)
            place = read.after
            if place < len(self.parts):  # closes nothing
                parts.append("}")
                place += 1
        return re.sub(r" {2,}", " ", "".join(parts))

    def sequence(self, place: int, depth: int) -> _Read:
        """From PLACE to the end or to a closing brace, which is left to the caller."""
        parts: list[str] = []
        while place < len(self.parts) and self.parts[place] != "}":
            read = self.element(place, depth, parts[-1][-1:] if parts else "")
            parts.append(read.text)
            place = read.after
        return _Read("".join(parts), place)

    def element(self, place: int, depth: int, before: str) -> _Read:
        part = self.parts[place]
        if part == "{":
            return self.group(place, depth, before)
        if part in ("^", "_") and self.parts[place + 1 : place + 2] == ["{"] and before.strip():
            inner = self.argument(place + 1, depth)
            return _Read(script(inner.text.strip(), part), inner.after)
        return self.command(place, depth) if part[0] == "\\" else _Read(part, place + 1)

    def group(self, place: int, depth: int, before: str) -> _Read:
        """The braces that open at PLACE: of TeX, and so not shown, where they hold a command or touch a word."""
        if depth >= DEPTH:
            return _Read("", place + 1)
        inner, after = self.sequence(place + 1, depth + 1)
        if after >= len(self.parts):
            return _Read("{" + inner, after)
        following = self.parts[after + 1][:1] if after + 1 < len(self.parts) else ""
        commands = any(part[0] == "\\" for part in self.parts[place + 1 : after])
        if commands or not inner or (self.is_tex and not _SET.search(inner)) or _is_grouping(inner, before, following):
            return _Read(inner, after + 1)
        return _Read("{" + inner + "}", after + 1)

    def argument(self, place: int, depth: int) -> _Read:
        """What a command applies to: a group, a command, or one sign."""
        while place < len(self.parts) and self.parts[place].isspace():
            place += 1
        if place >= len(self.parts) or self.parts[place] == "}" or depth >= DEPTH:
            return _Read("", place)
        part = self.parts[place]
        if part == "{":
            inner, after = self.sequence(place + 1, depth + 1)
            return _Read(inner, after + 1)
        if part[0] == "\\":
            return self.command(place, depth + 1)
        part = part.lstrip()
        if len(part) > 1:
            self.parts[place] = part[1:]
            return _Read(part[0], place)
        return _Read(part, place + 1)

    def arguments(self, place: int, depth: int) -> tuple[list[str], int]:
        """The groups that stand right at PLACE; what stands in brackets before them is an option, and no word."""
        found: list[str] = []
        while place < len(self.parts):
            part = self.parts[place]
            if part == "{" and depth < DEPTH:
                inner, place = self.sequence(place + 1, depth + 1)
                found.append(inner.strip())
                place += 1
            elif part[0] == "[" and part[-1] == "]" and not found and self.parts[place + 1 : place + 2] == ["{"]:
                self.parts[place] = part[part.index("]") + 1 :] or " "
                if self.parts[place] == " ":
                    place += 1
            else:
                break
        return found, place

    def command(self, place: int, depth: int) -> _Read:
        part = self.parts[place]
        name, after = part[1:].rstrip("*"), place + 1
        if not name:
            return _Read(part, after)
        if not name[0].isalpha():
            return _Read(_ESCAPES.get(name, name), after)
        if name in SILENT and part[1:] not in TEXT_STYLES:
            return _Read("", self.past_blank(after))
        if name in SYMBOLS or name in ABBREVIATIONS or name in SPACES or name in ("circ", "deg", "item"):
            return _Read(_sign(name), after + 2 if self.parts[after : after + 2] == ["{", "}"] else after)
        return self.function(part, name, after, depth)

    def past_blank(self, place: int) -> int:
        """The place after the blank that ends a command's name."""
        if place < len(self.parts) and self.parts[place][0].isspace():
            self.parts[place] = self.parts[place].lstrip()
            return place + (not self.parts[place])
        return place

    def function(self, part: str, name: str, after: int, depth: int) -> _Read:
        """A command that takes arguments."""
        if name in TEXT_STYLES or name in STYLES or name in ACCENTS:
            inner = self.argument(after, depth)
            bare = name in ACCENTS and not inner.text
            return _Read(part if bare else _styled(name, inner.text), inner.after)
        if name == "romannumeral" and (digits := re.match(r" ?\d+", "".join(self.parts[after : after + 1]))):
            self.parts[after] = self.parts[after][digits.end() :] or " "
            return _Read(_roman([digits[0].strip()]), after)
        found, after = self.arguments(after, depth)
        if name in NO_MEANING:
            return _Read(" " if name in ("begin", "end") else "", after)
        known = _FUNCTIONS.get(name)
        if known and found:
            return _Read(known(found), after)
        return _Read(_bare(part, found, "".join(self.parts[after : after + 1])), after)


def _bare(part: str, found: Sequence[str], following: str) -> str:
    """The command PART that means nothing to us: its arguments FOUND, or itself, apart from what is FOLLOWING."""
    shown = " ".join(filter(None, found))
    if part[1:].rstrip("*") in FUNCTIONS and not shown:
        return part[1:].rstrip("*")
    return shown or part + " " * (bool(found) and following[:1].isalnum())


def _is_grouping(inner: str, before: str, following: str) -> bool:
    """Whether braces around INNER, between BEFORE and FOLLOWING, are there for TeX's sake."""
    if any(sign in inner for sign in ':"|=') or "," in inner.strip(","):
        return False
    touches = (
        (before.isupper() and len(inner) == 1)
        or following.isalnum()
        or before >= "\U000f0000"
        or (before + following) == "()"
    )
    protects = inner.isascii() and inner.replace("-", "").isalnum() and sum(map(str.isupper, inner)) > 1
    return touches or protects or (len(inner) == 1 and not inner.isalnum())


def _sign(name: str) -> str:
    if name in ("circ", "deg"):
        return "°"
    if name in SPACES:
        return " "
    return "• " if name == "item" else ABBREVIATIONS.get(name) or SYMBOLS[name]


def _styled(name: str, inner: str) -> str:
    if name in ("textsuperscript", "textsubscript"):
        return script(inner, "^" if name == "textsuperscript" else "_")
    if name in ALPHABETS:
        return "".join(lettered(sign, ALPHABETS[name]) for sign in inner)
    if name == "enquote":
        return f"“{inner}”"
    return marked(inner, ACCENTS[name]) if name in ACCENTS and name not in TEXT_STYLES else inner


def _linked(found: list[str]) -> str:
    """A link as its words and its address, each once."""
    address, shown = found[0], " ".join(found[1:])
    if not address or address in shown:
        return shown
    return address if shown in address and "." in shown else f"{shown} ({address})".strip()


def _unit(text: str) -> str:
    r"""TEXT such as \milli\second, whose commands nobody has read, as a sign of a unit."""
    return re.sub(r"\\([A-Za-z]+)\s*", lambda match: UNITS.get(match[1], match[0]), text)


def _roman(found: list[str]) -> str:
    number = int(found[0]) if found[0].isdecimal() and int(found[0]) < 40 else 0
    ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
    return "x" * (number // 10) + ones[number % 10] if number else " ".join(found)


def _codepoint(found: list[str]) -> str:
    code = found[-1].strip()
    try:
        sign = chr(int(code[1:], 16) if code[:1] in "xX" else int(code))
    except (ValueError, OverflowError):
        return code
    return sign if sign.isprintable() else code


_FUNCTIONS: dict[str, Callable[[list[str]], str]] = {
    **dict.fromkeys(CITES, lambda found: "[" + ", ".join(found) + "]"),
    **dict.fromkeys(("href", "hyperlink"), _linked),
    **dict.fromkeys(
        ("textcolor", "colorbox", "fcolorbox", "hyperref", "rule"), lambda found: " ".join(found[1:]) or found[0]
    ),
    **dict.fromkeys(("footnote", "thanks", "footnotetext"), lambda found: f" ({' '.join(found)})"),
    **dict.fromkeys(("SI", "qty"), lambda found: " ".join([found[0], *map(_unit, found[1:])]).strip()),
    **dict.fromkeys(("si", "unit", "num"), lambda found: _unit(" ".join(found))),
    **dict.fromkeys(("romannumeral",), _roman),
    "ding": lambda found: DINGS.get(found[0], f"[{found[0]}]"),
    "unicode": _codepoint,
    "frac": "/".join,
    "textquote": lambda found: f"“{' '.join(found)}”",
    "sqrt": lambda found: "√" + (found[0] if len(found[0]) == 1 else f"({found[0]})"),
}
