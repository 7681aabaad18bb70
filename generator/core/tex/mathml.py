r"""TeX in titles, reasons and abstracts as HTML with MathML, made here and not in the browser.

Elements and attributes come from this module alone; what a paper says passes `escape`. The classes of signs give the
spacing that TeX gives: attributes are written where a browser's own operator dictionary differs.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape
from typing import NamedTuple

from generator.core import escape
from generator.core.tex import tree
from generator.core.tex.commands import plain_letters
from generator.core.tex.reader import read
from generator.core.tex.symbols import ACCENT_SIGNS, ALPHABETS, BOLD, UPRIGHT
from generator.core.tex.unicode import formula_text
from generator.core.tex.unicode_signs import lettered
from generator.core.text import clean

_BOLD = {ord(letter): 0x1D400 + number for number, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_BOLD |= {ord(letter): 0x1D41A + number for number, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
_BOLD |= {ord(letter): 0x1D7CE + number for number, letter in enumerate("0123456789")}
_MOST_TOUCHING = 60
_LONG = 26
"""Signs of a formula that may be too wide for a phone: it scrolls in a box of its own."""

# What is held on one line with a formula: the signs that touch it, to the first hyphen; of Chinese, which has no
# spaces, one letter or the signs that open, and those that close.
_EASTERN = r"\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_LATIN, _EASTERN_LETTER = rf"[^\s\-/{_EASTERN}]", r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_CLOSING, _OPENING = "[，。、；：！？）】》」』〉”’…％]", "[（【《「『〈“‘]"
_TOUCHING_AFTER = re.compile(rf"(?:{_EASTERN_LETTER}|{_LATIN}*(?:[-/]{_LATIN}*)?){_CLOSING}*")
_TOUCHING_BEFORE = re.compile(rf"(?:{_LATIN}{{0,40}}[-/])?{_LATIN}{{0,40}}$|{_EASTERN_LETTER}$|{_OPENING}{{1,9}}$")

# Operators that browsers space as TeX does, measured in Chromium: 4/18 em on both sides; relations all have 5/18.
_SPACED_AS_BINARY = frozenset("±∓÷⊕⊖⊘∪∩⊎⊔⊓∖∧∨⊞⊟∔⋏⋎+-−")
_PREFIX = frozenset("+-−±∓")
_UNSPACED_RELATIONS = frozenset("∴∵⌣⌢:")
_THIN, _MEDIUM, _THICK = 3, 4, 5


class _Style(NamedTuple):
    """What holds for a part of a formula: in a script nothing is spaced; letters may be bold or of an alphabet."""

    in_script: bool = False
    letters: str = ""
    displayed: bool = False


@functools.lru_cache(maxsize=4096)
def math_html(text: str) -> str:
    """TEXT as HTML, its formulas as MathML, all else escaped. A formula and the signs it touches stay on one line."""
    return pieces_html(read(text))


def pieces_html(pieces: Sequence[tree.Piece]) -> str:
    """PIECES of a text, in which no prose follows prose, as `math_html` writes the whole."""
    return "".join(_pieces(pieces, escape.html_kept))


def marked_html(text: str, terms: Iterable[str]) -> str:
    """TEXT as `math_html` writes it, with every one of TERMS that stands outside of its formulas within <mark>."""
    shown = sorted({clean(term) for term in terms} - {""}, key=lambda term: (-len(term), term))
    if not shown:
        return math_html(text)
    either = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, shown))})(?!\w)")
    return "".join(_pieces(read(text), functools.partial(_marked, either)))


def _marked(term: re.Pattern[str], text: str) -> str:
    parts = [escape.html_kept(part) for part in term.split(text)]
    return "".join(f"<mark>{part}</mark>" if number % 2 else part for number, part in enumerate(parts))


def _pieces(pieces: Sequence[tree.Piece], show: Callable[[str], str]) -> Iterator[str]:
    """PIECES as HTML, prose as SHOW writes it."""
    held: list[str] = []
    wide = False
    for place, piece in enumerate(pieces):
        if isinstance(piece, tree.Formula):
            held.append(_formula(piece))
            wide = wide or len(formula_text(piece.body)) > _LONG
            continue
        text = piece.text
        comes_formula = place + 1 < len(pieces)  # prose is never followed by prose
        if held:
            touching = _TOUCHING_AFTER.match(text)
            end = touching.end() if touching else 0
            held.append(show(text[:end]))
            if comes_formula and end == len(text):
                continue
            yield _on_one_line(held, wide=wide)
            held, wide, text = [], False, text[end:]
        if comes_formula:
            start = max(0, len(text) - _MOST_TOUCHING)
            before = _TOUCHING_BEFORE.search(text, start)
            start = before.start() if before else len(text)
            held, text = [show(text[start:])], text[:start]
        yield show(text)
    if held:
        yield _on_one_line(held, wide=wide)


def _on_one_line(held: Sequence[str], *, wide: bool) -> str:
    """Formulas and the signs that touch them; in a box that scrolls where they may be too WIDE for a phone."""
    parts = [part for part in held if part]
    if len(parts) == 1 and not wide:
        return parts[0]
    return f'<span class="tex{" tex--wide" if wide else ""}">{"".join(parts)}</span>'


def _formula(formula: tree.Formula) -> str:
    """FORMULA as MathML that names its source and, where its own text does not read so, how it reads on one line."""
    displayed = formula.source.startswith("\\begin")
    inner = "".join(_elements(formula.body, _Style(displayed=displayed)))
    shown = unescape(_TAG.sub("", inner)).translate(_ON_ONE_LINE).strip()
    source, text = formula.source.strip(), formula_text(formula.body)
    told = "" if source == shown else f' alttext="{escape.html_kept(source)}"'
    told += "" if text.strip() == shown else f' data-text="{escape.html_kept(text)}"'
    return f"<math{told}>{inner}</math>"


def _elements(row: tree.Row, style: _Style) -> list[str]:
    """The elements of ROW, each spaced after what stands beside it."""
    items = _flat(row)
    solid = [item for item in items if not (isinstance(item, tree.Space) and item.em <= 0)]
    kinds = _kinds(solid)
    made: list[str] = []
    place = 0
    blank = False
    for item in items:
        if isinstance(item, tree.Space) and item.em <= 0:
            blank = blank or (bool(made) and item.em == 0)
            continue
        before, after = (kinds[place - 1] if place else None), (kinds[place + 1] if place + 1 < len(kinds) else None)
        if isinstance(item, tree.Space):
            made += _space(item.em)
        else:
            if (blank and _parts_words(solid, place)) or _is_unknown(item, solid[place - 1] if place else None):
                made.append(' <mspace width="0.25em"></mspace>')
            elif kinds[place] == "function" and before in _OPERANDS:
                made.append(' <mspace width="0.167em"></mspace>')
            elif blank and not made[-1].startswith(" "):
                made.append(" ")
            made += _element(
                item, style, _spacing(kinds[place], before, after, style), alone=len(solid) == 1, first=place == 0
            )
            if kinds[place] == "function" and after in _AFTER_FUNCTION:
                made.append(' <mspace width="0.167em"></mspace>')
        blank = False
        place += 1
    return made


def _flat(row: tree.Row) -> list[tree.Node]:
    """The items of ROW with those of groups that stand in it alone or without a sign that could be spaced."""
    return list(row.items[0].items) if len(row.items) == 1 and isinstance(row.items[0], tree.Row) else list(row.items)


_OPERANDS = frozenset({"letter", "number", "ordinary", "close", "inner"})
_AFTER_FUNCTION = frozenset({"letter", "number", "ordinary", "inner", "function", "large"})


def _kinds(items: Sequence[tree.Node]) -> list[str]:
    """The class of each item: of | every second one closes; a sign such as - without a left operand is a prefix."""
    kinds: list[str] = []
    opened = False
    for item in items:
        kind = _kind(item)
        if kind == "fence":
            kind = "close" if opened else "open"
            opened = not opened
        if kind == "binary" and (not kinds or kinds[-1] not in _OPERANDS):
            kind = "prefix"
        kinds.append(kind)
    for place, kind in enumerate(kinds):
        if kind == "binary" and (place + 1 == len(kinds) or kinds[place + 1] in ("relation", "close", "punctuation")):
            kinds[place] = "prefix"
    return kinds


def _kind(item: tree.Node) -> str:
    match item:
        case tree.Atom():
            return item.kind
        case tree.Scripts(base=base):
            return _kind(base)
        case tree.Stack(base, _, _) | tree.Accent(_, base) | tree.Styled(_, base):
            return _kind(base.items[0]) if len(base.items) == 1 else "ordinary"
        case tree.Fraction() | tree.Table():
            return "inner"
        case tree.Space():
            return "space"
    return "ordinary"


def _spacing(kind: str, before: str | None, after: str | None, style: _Style) -> tuple[int, int]:
    """How much TeX sets on both sides of a sign of KIND, in 1/18 em."""
    if kind == "large":
        return (_THIN if before in _OPERANDS else 0), (_THIN if after in _AFTER_FUNCTION else 0)
    if style.in_script:
        return 0, 0
    if kind == "relation":
        left = 0 if before in (None, "relation", "open") else _THICK
        return left, (0 if after in (None, "relation", "close", "punctuation") else _THICK)
    if kind == "binary":
        return _MEDIUM, _MEDIUM
    return 0, (_THIN if kind == "punctuation" and after is not None else 0)


def _usual(sign: str, kind: str, *, alone: bool, first: bool) -> tuple[int, int]:
    """What a browser sets on both sides of SIGN by itself."""
    if kind == "large":
        return _THIN, _THIN
    if kind == "punctuation":
        return 0, _THIN
    if first and not alone and sign in _PREFIX:
        return 0, 0
    if sign in _SPACED_AS_BINARY:
        return _MEDIUM, _MEDIUM
    if kind == "relation" and sign not in _UNSPACED_RELATIONS:
        return _THICK, _THICK
    return -1, -1  # unlike what TeX sets


def _parts_words(items: Sequence[tree.Node], place: int) -> bool:
    """Whether the blank before the item at PLACE parts words or numbers, and not two factors."""
    if not place:
        return False
    left, right = items[place - 1], items[place]
    if _is_number(left) and _is_number(right):
        return True
    if not (_is_text(left) and _is_text(right)):
        return False
    return (
        _letters(items[place - 1 :: -1]) > 1
        or _letters(items[place:]) > 1
        or (isinstance(left, tree.Styled) and isinstance(right, tree.Styled))
    )


def _is_number(item: tree.Node) -> bool:
    return isinstance(item, tree.Atom) and item.kind == "number"


def _is_text(item: tree.Node) -> bool:
    return _kind(item) in ("letter", "number", "ordinary") and not isinstance(item, tree.Prose)


def _is_unknown(item: tree.Node, before: tree.Node | None) -> bool:
    return isinstance(before, tree.Unknown) or (isinstance(item, tree.Unknown) and before is not None)


def _letters(items: Sequence[tree.Node]) -> int:
    """How many letters ITEMS begin with."""
    count = 0
    for item in items:
        if not (isinstance(item, tree.Atom) and item.kind == "letter"):
            break
        count += 1
    return count


def _space(em: float) -> list[str]:
    return [f' <mspace width="{em:.3g}em"></mspace>']


def _row(row: tree.Row, style: _Style) -> str:
    """ROW as one element."""
    made = _elements(row, style)
    return made[0] if len(made) == 1 and made[0][:1] == "<" else f"<mrow>{''.join(made)}</mrow>"


def _element(  # noqa: C901, PLR0912 (one branch for each kind of node)
    node: tree.Node, style: _Style, spacing: tuple[int, int], *, alone: bool = False, first: bool = False
) -> Iterator[str]:
    match node:
        case tree.Atom():
            yield _atom(node, style, spacing, alone=alone, first=first)
        case tree.Row():
            yield _row(node, style)
        case tree.Scripts():
            yield _scripts(node, style, spacing)
        case tree.Fraction(above, below, line):
            thickness = "" if line else ' linethickness="0"'
            made = f"<mfrac{thickness}>{_row(above, style)} {_row(below, style)}</mfrac>"
            yield made if line else f"<mrow><mo>(</mo>{made}<mo>)</mo></mrow>"
        case tree.Root(body, None):
            yield f"<msqrt>{''.join(_elements(body, style))}</msqrt>"
        case tree.Root(body, tree.Row() as index):
            yield f"<mroot>{_row(body, style)}{_row(index, style._replace(in_script=True))}</mroot>"
        case tree.Accent(name, body):
            tag, over = ("munder", "") if name.startswith("under") else ("mover", ' accent="true"')
            stretchy = "" if name.startswith(("wide", "over", "under")) else ' stretchy="false"'
            yield f"<{tag}{over}>{_row(body, style)}<mo{stretchy}>{escape.html_kept(ACCENT_SIGNS[name])}</mo></{tag}>"
        case tree.Stack(base, above, below):
            yield _stack(base, above, below, style)
        case tree.Styled(name, body):
            yield _styled(name, body, style)
        case tree.Prose(pieces):
            for piece in pieces:
                yield _words(piece.text) if isinstance(piece, tree.Text) else _row(piece.body, style)
        case tree.Table(_, rows):
            cells = ("".join(f"<mtd>{''.join(_elements(cell, style))}</mtd>" for cell in row) for row in rows)
            yield f"<mtable>{''.join(f'<mtr>{row}</mtr>' for row in cells)}</mtable>"
        case tree.Unknown(name, arguments):
            parts = [_words(f"\\{name}"), *(_row(part, style) for part in arguments)]
            yield ' <mspace width="0.25em"></mspace>'.join(parts)


def _words(text: str) -> str:
    """TEXT within a formula; its outer blanks are kept, which mathematics would drop."""
    edges = "\u00a0" * (text[:1] == " "), "\u00a0" * (len(text) > 1 and text[-1:] == " ")
    return f"<mtext>{edges[0]}{escape.html_kept(text.strip(' '))}{edges[1]}</mtext>"


def _atom(atom: tree.Atom, style: _Style, spacing: tuple[int, int], *, alone: bool, first: bool) -> str:
    text = _lettered(atom.text, style)
    if atom.kind == "number":
        return f"<mn>{escape.html_kept(text)}</mn>"
    if atom.kind in ("letter", "function") or (atom.kind == "ordinary" and text not in ",.=−:;′"):
        upright = len(text) == 1 and style.letters in UPRIGHT and text.isalpha()
        return f"<mi{_NORMAL if upright else ''}>{escape.html_kept(text)}</mi>"
    if atom.kind in ("open", "close", "fence"):
        stretchy = "" if atom.stretch else ' stretchy="false"'
        unspaced = ' lspace="0" rspace="0"' if text in "|‖" else ""
        return f"<mo{stretchy}{unspaced}>{escape.html_kept(text)}</mo>"
    usual = (0, 0) if text == "′" else _usual(text, atom.kind, alone=alone, first=first)
    sides = zip(("lspace", "rspace"), spacing, usual, strict=True)
    told = "".join(f' {side}="{_em(wanted)}"' for side, wanted, given in sides if wanted != given)
    return f"<mo{told}>{escape.html_kept(text)}</mo>"


_ON_ONE_LINE = {ord("−"): "-", ord("\u00a0"): " "}
_NORMAL = ' mathvariant="normal"'
_TAG = re.compile(r"<[^<>]*>")


def _em(width: int) -> str:
    return f"{width / 18:.3g}em" if width else "0"


def _lettered(text: str, style: _Style) -> str:
    if style.letters in ALPHABETS:
        return "".join(lettered(sign, ALPHABETS[style.letters]) for sign in text)
    return text.translate(_BOLD) if style.letters in BOLD else text


def _scripts(node: tree.Scripts, style: _Style, spacing: tuple[int, int]) -> str:
    base = "".join(_element(node.base, style, spacing)) if node.base != tree.Row(()) else "<mrow></mrow>"
    if base.count("<mspace"):
        base = f"<mrow>{base}</mrow>"
    small = style._replace(in_script=True)
    parts = [_row(part, small) if part else "" for part in (node.sub, node.sup)]
    is_stacked = style.displayed and isinstance(node.base, tree.Atom) and node.base.kind == "large"
    names = ("munder", "mover", "munderover") if is_stacked else ("msub", "msup", "msubsup")
    tag = names[2 if all(parts) else 0 if parts[0] else 1]
    apart = " " if _kind(node.base) == "function" else ""
    scripts = " ".join(filter(None, parts))
    return f"<{tag}>{base}{apart}{scripts}</{tag}>" if scripts else base


def _stack(base: tree.Row, above: tree.Row | None, below: tree.Row | None, style: _Style) -> str:
    small = style._replace(in_script=True)
    parts = [_row(part, small) if part else "" for part in (below, above)]
    tag = "munderover" if all(parts) else "munder" if parts[0] else "mover"
    return f"<{tag}>{_row(base, style)}{''.join(parts)}</{tag}>"


def _styled(name: str, body: tree.Row, style: _Style) -> str:
    inner = style._replace(letters=name if name in UPRIGHT or name in ALPHABETS or name in BOLD else "mathrm")
    name_of = plain_letters(body)
    if name_of is None or len(name_of) < 2 or (name in ALPHABETS and name not in UPRIGHT):
        return _row(body, inner)
    if name_of.isdecimal():
        return f"<mn>{escape.html_kept(_lettered(name_of, inner))}</mn>"
    return (
        f"<mi>{escape.html_kept(_lettered(name_of, inner))}</mi>"
        if " " not in name_of
        else _words(_lettered(name_of, inner))
    )
