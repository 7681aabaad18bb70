r"""Reads a formula sign by sign into its tree: rows, groups, scripts. What a command means is said in `commands`."""

import re
from collections.abc import Callable, Sequence
from typing import TypeGuard

from generator.core.tex.prose import DEPTH
from generator.core.tex.symbols import ACCENTS, LATEX_OF_SIGNS, SIGN_KINDS, SWITCHES
from generator.core.tex.tree import Atom, Fraction, Kind, Node, Piece, Row, Scripts, Space, Styled

ReadProse = Callable[[str, int], tuple[Piece, ...]]
ReadCommand = Callable[["Parser", str, int], list[Node]]

EMPTY = Row(())
_PART = re.compile(
    r"\\(?:begin|end)\{[A-Za-z]+\*?\}|\\[A-Za-z]+\*?|\\.|\d+(?:,\d{3}(?!\d))*(?:\.\d+)?|\s+|[A-Za-z]+|.", re.DOTALL
)
_ABOUT = Atom("∼", "relation", r"\sim")
_INFIX = (r"\choose", r"\over", r"\atop")


def sign_atom(sign: str) -> Atom:
    """The atom of one character that stands for itself."""
    if sign == "-":
        return Atom("−", "binary", "-")
    kind: Kind = SIGN_KINDS.get(sign) or ("letter" if sign.isalpha() else "number" if sign.isdigit() else "ordinary")
    return Atom(sign, kind, LATEX_OF_SIGNS.get(sign, sign))


class Parser:
    """The parts of a formula and how far they are read; no part is read twice."""

    def __init__(self, source: str, depth: int, read_prose: ReadProse, read_command: ReadCommand) -> None:
        self.parts: list[str] = _PART.findall(source)
        self.place = 0
        self.outer_depth = depth
        self.read_prose = read_prose
        self.read_command = read_command

    def whole(self) -> Row:
        items: list[Node] = []
        while self.place < len(self.parts):
            items += self.row(0).items
            self.place += 1  # a brace that closes nothing
        return Row(tuple(items))

    @property
    def here(self) -> str:
        """The next part; empty at the end."""
        return self.parts[self.place] if self.place < len(self.parts) else ""

    def skip_blanks(self) -> None:
        while self.here and self.here.isspace():
            self.place += 1

    def row(self, depth: int, *closing: str) -> Row:
        """From here to a part that closes it, which is left to the caller."""
        items: list[Node] = []
        while self.here and self.here != "}" and self.here not in closing:
            part = self.here
            if part in _INFIX:
                self.place += 1
                return Row((Fraction(Row(tuple(items)), self.row(depth, *closing), line=part == r"\over"),))
            if part[0] == "\\" and part[1:] in SWITCHES and part[1:] not in ACCENTS:
                self.place += 1
                self.skip_blanks()
                # \cal{O}(1): authors mean the group alone
                inner = self.argument(depth) if self.here == "{" else self.row(depth, *closing)
                items.append(Styled(part[1:], inner))
            elif part in ("^", "_", "'"):
                items.append(self.scripts(EMPTY if not items or isinstance(items[-1], Space) else items.pop(), depth))
            else:
                items += self.element(depth)
        return Row(tuple(_whole_numbers(items)))

    def scripts(self, base: Node, depth: int) -> Node:
        sub: Row | None = None
        raised: list[Node] = []
        first = self.here
        while True:
            blanks = self.place
            self.skip_blanks()
            if self.here == "'":
                self.place += 1
                raised.append(Atom("′", "ordinary", r"\prime"))
            elif self.here == "^" and all(isinstance(item, Atom) and item.text == "′" for item in raised):
                self.place += 1
                raised += self.argument(depth).items
            elif self.here == "_" and sub is None:
                self.place += 1
                sub = self.argument(depth)
            else:
                self.place = blanks
                return Scripts(base, sub, Row(tuple(raised)) if raised else None, first == "^")

    def argument(self, depth: int) -> Row:
        """What a command or a ^ applies to: a group, a command, or one sign."""
        self.skip_blanks()
        part = self.here
        if not part or part in ("}", "^", "_", "&") or depth >= DEPTH:
            return EMPTY
        if len(part) > 1 and (part[0].isdigit() or part.isalpha()):  # x^23 raises the 2 alone
            self.parts[self.place] = part[1:]
            return Row((sign_atom(part[0]),))
        return Row(tuple(self.element(depth + 1)))

    def element(self, depth: int) -> list[Node]:
        """One part, with the arguments that it takes."""
        part = self.here
        self.place += 1
        if part == "{":
            return self.group(depth)
        if part[0] == "\\" and len(part) > 1:
            return self.read_command(self, part, depth)
        if part.isspace():
            return [Space(0)]
        if part[0].isdecimal() and part.isascii():
            return [Atom(part, "number", part.replace(",", "{,}"))]
        if part == "~":
            return [_tie(self.parts[max(0, self.place - 3) : self.place - 1], self.here)]
        return [sign_atom(sign) for sign in part]

    def group(self, depth: int) -> list[Node]:
        """What stands in braces; too deep inside, the opening one is skipped and the rest read in a row."""
        if depth >= DEPTH:
            return []
        inner = self.row(depth + 1)
        self.place += 1
        if len(inner.items) == 1 and isinstance(atom := inner.items[0], Atom) and atom.text in ",.=−:;":
            return [Atom(atom.text, "ordinary", f"{{{atom.tex}}}")]
        return [inner]

    def option(self, depth: int) -> Row | None:
        """What stands in brackets here, if something does."""
        self.skip_blanks()
        if self.here != "[" or "]" not in self.parts[self.place : self.place + 60] or depth >= DEPTH:
            return None
        self.place += 1
        inner = self.row(depth + 1, "]")
        self.place += self.here == "]"
        return inner

    def source_of_group(self) -> str:
        """The source of the group that opens here, with its braces; it is not read."""
        return "".join(self.parts[self.place : _end_of_group(self.parts, self.place)])

    def skip_group(self) -> None:
        self.place = _end_of_group(self.parts, self.place)


def _end_of_group(parts: Sequence[str], place: int) -> int:
    """Where the group of PARTS ends that opens at PLACE."""
    depth = 0
    while place < len(parts):
        depth += {"{": 1, "}": -1}.get(parts[place], 0)
        place += 1
        if depth <= 0:
            break
    return place


def _tie(before: Sequence[str], after: str) -> Node:
    """What ~ stands for: a blank to TeX, "about" to authors who begin a formula with it."""
    begins = all(part.isspace() for part in before)
    return _ABOUT if begins and (after[:1].isdigit() or not after.strip()) else Space(1 / 3, "~")


def _whole_numbers(items: list[Node]) -> list[Node]:
    """ITEMS with 50{,}000 as one number."""
    whole: list[Node] = []
    for item in items:
        before, comma = whole[-2:] if len(whole) > 1 else (None, None)
        if _is_number(item) and isinstance(comma, Atom) and comma.tex in ("{,}", "{.}") and _is_number(before):
            whole[-2:] = [Atom(before.text + comma.text + item.text, "number", before.tex + comma.tex + item.tex)]
        else:
            whole.append(item)
    return whole


def _is_number(item: Node | None) -> TypeGuard[Atom]:
    return isinstance(item, Atom) and item.kind == "number"
