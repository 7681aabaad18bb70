r"""What the commands of a formula mean: each takes its arguments from the parser and gives nodes of the tree."""

import re
import unicodedata
from collections.abc import Callable, Mapping

from generator.core.tex import tree
from generator.core.tex.parser import EMPTY, Parser, sign_atom
from generator.core.tex.prose import DEPTH
from generator.core.tex.symbols import (
    ABBREVIATIONS,
    ACCENTS,
    CITES,
    FUNCTIONS,
    FUNCTIONS_OF_LATEX,
    KINDS,
    LATEX_OF_SIGNS,
    NO_MEANING,
    SILENT,
    SPACES,
    STYLES,
    SYMBOLS,
    TEXT_ACCENTS,
    TEXT_STYLES,
    names,
)

Command = Callable[[Parser, str, int], list[tree.Node]]
_FENCED_TABLES = {
    "pmatrix": "()",
    "bmatrix": "[]",
    "Bmatrix": "{}",
    "vmatrix": "||",
    "Vmatrix": "‖‖",
    "cases": "{ ",
}
_PAIRS = {
    "abs": "||",
    "norm": "‖‖",
    "ket": "|⟩",
    "bra": "⟨|",
    "braket": "⟨⟩",
    "ceil": "⌈⌉",
    "floor": "⌊⌋",
    "set": "{}",
    "paren": "()",
}
"""Commands of common packages that put their argument between two signs."""


def read_command(parser: Parser, part: str, depth: int) -> list[tree.Node]:
    """The nodes of the command PART, which PARSER has just passed."""
    name = part[1:].rstrip("*")
    if not name[:1].isalpha():
        return _escape(parser, name, depth)
    if name.startswith(("begin{", "end{")):
        return _environment(parser, name, depth)
    if name in SPACES:
        return [tree.Space(SPACES[name], part + " ")]
    if name == "deg" and _follows_number(parser):
        return [tree.Atom("°", "ordinary", r"{}^\circ")]
    known = _COMMANDS.get(name)
    if known:
        return known(parser, name, depth)
    if name in FUNCTIONS:
        _skip_blanks_before_script(parser)
        return [_function(name)]
    if name in SILENT:
        return []
    if name in SYMBOLS:
        return [_symbol(name), *_gap(parser, KINDS[name])]
    return _unknown(parser, name, depth)


def _symbol(name: str) -> tree.Atom:
    return tree.Atom(SYMBOLS[name], KINDS[name], {"degree": r"{}^\circ"}.get(name, rf"\{name}"))


def _function(name: str) -> tree.Atom:
    shown = {"limsup": "lim sup", "liminf": "lim inf"}.get(name, name)
    return tree.Atom(shown, "function", _named(name))


def _named(name: str) -> str:
    """The name of a function as LaTeX sets it."""
    if name in FUNCTIONS_OF_LATEX:
        return rf"\{name}"
    apart = name.replace(" ", r"\,")
    return rf"\operatorname{{{apart}}}"


def _follows_number(parser: Parser) -> bool:
    before = [part for part in parser.parts[max(0, parser.place - 4) : parser.place - 1] if part not in ("{", " ")]
    return bool(before) and (before[-1][0].isdigit() or before[-1] == "^")


def _skip_blanks_before_script(parser: Parser) -> None:
    place = parser.place
    parser.skip_blanks()
    if parser.here not in ("^", "_"):
        parser.place = place


def _gap(parser: Parser, kind: str) -> list[tree.Node]:
    """The blank after a symbol: TeX's own only ends the command's name, but around a relation authors mean it."""
    if not (parser.here and parser.here.isspace()):
        return []
    before = parser.parts[parser.place - 2] if parser.place > 1 else " "
    parser.place += 1
    is_meant = kind in ("relation", "binary") and before.isspace()
    return [tree.Space(0)] if is_meant or (len(parser.here) > 1 and parser.here.isalpha()) else []


def _escape(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    """A command of one sign."""
    if name == "\\" or (name.isspace() and name != " "):
        return [tree.Space(1 / 3, " ")]
    if name in SPACES:
        return [tree.Space(SPACES[name], f"\\{name}")]
    if name in TEXT_ACCENTS and parser.here.strip():
        inner = parser.argument(depth)
        while len(inner.items) == 1 and isinstance(group := inner.items[0], tree.Row):
            inner = group
        letter, *rest = inner.items or (None,)
        if isinstance(letter, tree.Atom):
            whole = unicodedata.normalize("NFC", letter.text + TEXT_ACCENTS[name])
            return [tree.Atom(whole, "letter", rf"\text{{\{name}{{{letter.text}}}}}"), *rest]
        return list(inner.items)
    if name == "|":
        return [tree.Atom("‖", "fence", r"\Vert")]
    return [] if name in "/-@()[]" else [sign_atom(name)]


def _environment(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    kind, _, rest = name.partition("{")
    inner = rest.rstrip("}").rstrip("*")
    if kind == "end" or depth >= DEPTH:
        return []
    if inner == "array" and parser.here == "{":
        parser.argument(depth)
    rows = _table_rows(parser, inner, depth)
    if len(rows) == 1 and len(rows[0]) == 1:
        return list(rows[0][0].items)
    table = tree.Table(inner, rows)
    signs = _FENCED_TABLES.get(inner)
    if not signs:
        return [table]
    opening = _fence(signs[0], "open", stretch=True)
    closing = [_fence(signs[1], "close", stretch=True)] if signs[1] != " " else []
    return [tree.Row((opening, table, *closing))]


def _table_rows(parser: Parser, name: str, depth: int) -> tuple[tuple[tree.Row, ...], ...]:
    rows: list[tuple[tree.Row, ...]] = []
    cells: list[tree.Row] = []
    ends = (rf"\end{{{name}}}", rf"\end{{{name}*}}")
    while parser.here and parser.here != "}":
        cells.append(parser.row(depth + 1, "&", r"\\", *ends))
        stop = parser.here
        parser.place += 1
        if stop != "&":
            rows.append(tuple(cells))
            cells = []
        if stop in ends or stop == "}":
            break
    rows.append(tuple(cells))
    return tuple(row for row in rows if any(cell.items for cell in row))


def _fence(sign: str, kind: tree.Kind, *, stretch: bool = False) -> tree.Atom:
    return tree.Atom(sign, kind, LATEX_OF_SIGNS.get(sign, sign), stretch)


def _growing_fence(parser: Parser, name: str, _depth: int) -> list[tree.Node]:
    r"""What \left and \right stand before: a sign that grows with what it holds."""
    parser.skip_blanks()
    part = parser.here
    parser.place += 1
    if part == "." or not part:
        return []
    command = part[1:] if part[0] == "\\" else ""
    atom = _symbol(command) if command in SYMBOLS else sign_atom({"|": "‖"}.get(command, command) or part[0])
    if len(part) > 1 and not command:
        parser.place -= 1
        parser.parts[parser.place] = part[1:]
    return [tree.Atom(atom.text, "open" if name == "left" else "close", atom.tex, stretch=True)]


def _negated(parser: Parser, _name: str, depth: int) -> list[tree.Node]:
    items = parser.argument(depth).items
    if not items or not isinstance(atom := items[0], tree.Atom):
        return list(items)
    return [tree.Atom(unicodedata.normalize("NFC", atom.text + "\u0338"), "relation", rf"\not{atom.tex} "), *items[1:]]


def _fraction(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    above = parser.argument(depth)
    return [tree.Fraction(above, parser.argument(depth), line="binom" not in name)]


def _root(parser: Parser, _name: str, depth: int) -> list[tree.Node]:
    index = parser.option(depth)
    return [tree.Root(parser.argument(depth), index)]


def _paired(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    opening, closing = tuple(_PAIRS[name])
    return [_fence(opening, "open"), *parser.argument(depth).items, _fence(closing, "close")]


def _accent(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    return [tree.Accent(name, parser.argument(depth))]


def _stacked(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    small, base = parser.argument(depth), parser.argument(depth)
    return [tree.Stack(base, None, small) if name == "underset" else tree.Stack(base, small, None)]


def _arrow(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    below, above = parser.option(depth), parser.argument(depth)
    arrow = tree.Atom("→" if name == "xrightarrow" else "←", "relation", rf"\{name[1:]}")
    return [tree.Stack(tree.Row((arrow,)), above if above.items else None, below)]


def _operator(parser: Parser, _name: str, depth: int) -> list[tree.Node]:
    inner = parser.argument(depth)
    text = plain_letters(inner)
    return list(inner.items) if text is None else [_function(text)]


def _raised(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    inner = parser.argument(depth)
    return [tree.Scripts(EMPTY, None, inner) if name == "textsuperscript" else tree.Scripts(EMPTY, inner, None)]


def _modulo(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    modulo = tree.Atom("mod", "function", r"\bmod")
    if name == "bmod":
        return [tree.Space(0), modulo, tree.Space(0)]
    return [tree.Space(1 / 3), sign_atom("("), modulo, tree.Space(0), *parser.argument(depth).items, sign_atom(")")]


def _coloured(parser: Parser, _name: str, depth: int) -> list[tree.Node]:
    parser.argument(depth)
    return [parser.argument(depth)]


def _layout(parser: Parser, _name: str, depth: int) -> list[tree.Node]:
    parser.argument(depth)
    return []


def _group(parser: Parser, _name: str, depth: int) -> list[tree.Node]:
    return list(parser.argument(depth).items)


def _prose(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    """A command of prose with its groups, read as prose."""
    source = f"\\{name}"
    parser.skip_blanks()
    while parser.here == "{":
        source += parser.source_of_group()
        parser.skip_group()
    inner = depth + parser.outer_depth + 1
    if inner > DEPTH:
        return [tree.Prose((tree.Text(source.replace("{", " ").replace("}", "")),))]
    return [tree.Prose(parser.read_prose(source, inner))]


def _styled(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    parser.skip_blanks()
    group = parser.source_of_group() if parser.here == "{" else ""
    are_words = name in ("mathrm", "textbf") and " " in group and not re.search(r"[\\^_{}]|\d", group[1:-1])
    if "$" in group or are_words:
        return _prose(parser, "text" if name == "mathrm" else name, depth)
    inner = parser.argument(depth)
    return list(inner.items) if name in ("ensuremath", "smash") else [tree.Styled(name, inner)]


def _unknown(parser: Parser, name: str, depth: int) -> list[tree.Node]:
    arguments = []
    while parser.here == "{" and depth < DEPTH:
        arguments.append(parser.argument(depth))
    return [tree.Unknown(name, tuple(part for part in arguments if part.items))]


def plain_letters(row: tree.Row) -> str | None:
    """ROW as a name, if it holds nothing but letters, digits and small gaps."""
    parts = []
    for item in row.items:
        match item:
            case tree.Space():
                parts.append(" ")
            case tree.Atom(kind="letter" | "number" | "binary" | "ordinary" | "function"):
                parts.append("-" if item.text == "−" else item.text)
            case tree.Prose(pieces) if all(isinstance(piece, tree.Text) for piece in pieces):
                parts += [piece.text for piece in pieces if isinstance(piece, tree.Text)]
            case tree.Styled(body=tree.Row() as body) | (tree.Row() as body) if inner := plain_letters(body):
                parts.append(inner)
            case _:
                return None
    return "".join(parts).strip() or None


_PROSE = (
    TEXT_STYLES - {"textbf", "ensuremath", "textsuperscript", "textsubscript"}
    | CITES
    | ABBREVIATIONS.keys()
    | names("href hyperlink SI si num qty unit footnote ding unicode ion ref eqref")
)
_COMMANDS: Mapping[str, Command] = {
    **dict.fromkeys(STYLES, _styled),
    **dict.fromkeys(_PROSE, _prose),
    **dict.fromkeys(NO_MEANING, _layout),
    **dict.fromkeys(ACCENTS, _accent),
    **dict.fromkeys(_PAIRS, _paired),
    **dict.fromkeys(names("frac dfrac tfrac cfrac nicefrac sfrac binom tbinom dbinom"), _fraction),
    **dict.fromkeys(names("left right middle"), _growing_fence),
    **dict.fromkeys(names("overset underset stackrel"), _stacked),
    **dict.fromkeys(names("xrightarrow xleftarrow"), _arrow),
    **dict.fromkeys(names("overbrace underbrace"), _group),
    **dict.fromkeys(names("operatorname mathop"), _operator),
    **dict.fromkeys(names("textsuperscript textsubscript"), _raised),
    **dict.fromkeys(names("pmod bmod"), _modulo),
    **dict.fromkeys(names("textcolor colorbox"), _coloured),
    "sqrt": _root,
    "not": _negated,
}
