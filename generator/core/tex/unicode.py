r"""TeX as plain Unicode text, for where no mathematics can be set: feeds, page titles, search, RIS, terminals.

What has a character gets it ($W_2$ becomes W₂, 360$^\circ$ becomes 360°), what has none stays readable (ℓ_∞, x^(a/b)).
"""

import functools
import re
import unicodedata
from collections.abc import Sequence

from generator.core.tex import tree
from generator.core.tex.reader import read
from generator.core.tex.symbols import ACCENTS, ALPHABETS
from generator.core.tex.unicode_signs import lettered, marked, operand, script


@functools.lru_cache(maxsize=4096)
def to_unicode(text: str) -> str:
    r"""TEXT with its TeX as Unicode.

    >>> to_unicode(r"Learning in $\mathbb{R}^{2k}$ with 360$^\circ$ cameras, $O(\sqrt{d})$ and \textbf{B\'ezier}")
    'Learning in ℝ²ᵏ with 360° cameras, O(√d) and Bézier'
    """
    shown = "".join(piece.text if isinstance(piece, tree.Text) else formula_text(piece.body) for piece in read(text))
    return re.sub(r" {2,}", " ", shown).strip() if "  " in shown or shown[:1] == " " or shown[-1:] == " " else shown


def formula_text(row: tree.Row) -> str:
    """The formula ROW as Unicode on one line; a gap that its author set at an end stays."""
    shown = re.sub(r"\s+", " ", _row(row)).strip()
    return " " * _is_gap(row.items[:1]) + shown + " " * (len(row.items) > 1 and _is_gap(row.items[-1:]))


def _is_gap(items: Sequence[tree.Node]) -> bool:
    return any(isinstance(item, tree.Space) and item.em > 0 for item in items)


def _row(row: tree.Row) -> str:
    parts: list[str] = []
    before: tree.Node | None = None
    for item in row.items:
        text = _node(item)
        if _needs_gap(next((part for part in reversed(parts) if part), ""), before, text, item):
            parts.append(" ")
        parts.append(text)
        before = item if text else before
    return "".join(parts)


def _needs_gap(left: str, before: tree.Node | None, right: str, item: tree.Node) -> bool:
    """Whether an operator's name or an unknown command needs a space to stand apart: ln T, not lnT."""
    if not (
        (left[-1:].isalnum() or (left and unicodedata.combining(left[-1])))
        and (right[:1].isalnum() or right[:1] == "\\")
    ):
        return False
    return _is_word(before) or _is_word(item)


def _is_word(node: tree.Node | None) -> bool:
    if isinstance(node, tree.Scripts):
        return _is_word(node.base)
    return isinstance(node, tree.Unknown) or (isinstance(node, tree.Atom) and node.kind == "function")


def _node(node: tree.Node) -> str:  # noqa: C901 (one line for each kind of node)
    match node:
        case tree.Atom():
            return "-" if node.text == "−" and node.tex == "-" else node.text
        case tree.Space():
            return " " if node.em >= 0 else ""
        case tree.Row():
            return _row(node)
        case tree.Scripts():
            return _scripts(node)
        case tree.Fraction(above, below, line):
            parts = operand(_row(above)), operand(_row(below))
            return "/".join(parts) if line else f"({' choose '.join(parts)})"
        case tree.Root(body, index):
            return (script(_row(index).strip(), "^") if index else "") + "√" + operand(_row(body))
        case tree.Accent(name, body):
            return _row(body) if name.startswith("under") else marked(_row(body).strip(), ACCENTS[name])
        case tree.Stack(base, above, below):
            raised = script(_row(above).strip(), "^") if above else ""
            return _row(base) + raised + (script(_row(below).strip(), "_") if below else "")
        case tree.Styled(name, body):
            text = _row(body)
            return "".join(lettered(sign, ALPHABETS[name]) for sign in text) if name in ALPHABETS else text
        case tree.Prose(pieces):
            return "".join(piece.text if isinstance(piece, tree.Text) else _row(piece.body) for piece in pieces)
        case tree.Table(_, rows):
            return "; ".join(", ".join(filter(None, (_row(cell).strip() for cell in row))) for row in rows)
        case tree.Unknown(name, arguments):
            return " ".join([f"\\{name}", *(_row(part).strip() for part in arguments)])


def _scripts(node: tree.Scripts) -> str:
    base = _node(node.base)
    sub, sup = (_row(part).strip() if part else "" for part in (node.sub, node.sup))
    if base == "" and sup == "∘":
        return "°"
    parts = [script(sub, "_") if sub else "", _raised(sup) if sup else ""]
    return base + "".join(reversed(parts) if node.raised_first else parts)


def _raised(text: str) -> str:
    primes = len(text) - len(text.lstrip("′"))
    return text[:primes] + (script(text[primes:].strip(), "^") if text[primes:].strip() else "")
