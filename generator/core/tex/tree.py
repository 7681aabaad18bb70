"""What a text with TeX is once it is read: pieces of prose and formulas, and the small tree of a formula."""

from typing import Literal, NamedTuple, TypeAlias

Kind = Literal[
    "letter", "number", "ordinary", "binary", "relation", "open", "close", "punctuation", "large", "function", "fence"
]
"""The class of a sign, after which TeX spaces it; fence: | and ‖, which may open, close or stand between."""


class Text(NamedTuple):
    """Prose as plain Unicode: its commands are read."""

    text: str


class Formula(NamedTuple):
    """Mathematics: as its author wrote it between the dollars, and its tree."""

    source: str
    body: "Row"


Piece: TypeAlias = Text | Formula


class Atom(NamedTuple):
    """One sign, number or name; tex: how LaTeX with amsmath and amssymb writes it in a formula."""

    text: str
    kind: Kind
    tex: str
    stretch: bool = False


class Space(NamedTuple):
    """A gap of so many em; 0: a blank of the source, which mathematics ignores and readers of plain text do not."""

    em: float
    tex: str = " "


class Row(NamedTuple):
    items: tuple["Node", ...]


class Scripts(NamedTuple):
    base: "Node"
    sub: Row | None
    sup: Row | None
    raised_first: bool = False


class Fraction(NamedTuple):
    """above over below; line: whether a line parts them, else it is a binomial."""

    above: Row
    below: Row
    line: bool = True


class Root(NamedTuple):
    body: Row
    degree: Row | None


class Accent(NamedTuple):
    """name: the command, such as hat or underline."""

    name: str
    body: Row


class Stack(NamedTuple):
    """A sign with something small above or below it."""

    base: Row
    above: Row | None
    below: Row | None


class Styled(NamedTuple):
    """name: the command, such as mathbb."""

    name: str
    body: Row


class Prose(NamedTuple):
    """Words within a formula, which may hold formulas of their own."""

    pieces: tuple[Piece, ...]


class Table(NamedTuple):
    """name: its environment, such as matrix or cases."""

    name: str
    rows: tuple[tuple[Row, ...], ...]


class Unknown(NamedTuple):
    """A command that nobody knows, with the arguments that follow it."""

    name: str
    arguments: tuple[Row, ...]


Node: TypeAlias = Atom | Space | Row | Scripts | Fraction | Root | Accent | Stack | Styled | Prose | Table | Unknown
