r"""TeX that LaTeX, BibTeX, biber and pandoc take: for what a bibliography holds.

What a paper says is written anew from its tree: nothing of it but known commands of LaTeX, amsmath and amssymb reaches
the file, braces are balanced, and signs that mean something to TeX are escaped.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable

from generator.core.tex import tree
from generator.core.tex.reader import read
from generator.core.tex.symbols import ALPHABETS, BINARY, BOLD, LARGE, LETTERS, ORDINARY, RELATIONS, TEXT_ACCENTS, names
from generator.core.tex.unicode_signs import LOWERED, RAISED

_ESCAPED = {
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "$": r"\$", "&": r"\&",
    "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"$\sim$", "^": r"{\textasciicircum}", "<": r"$<$", ">": r"$>$", "|": r"$|$",
    "\u00a0": "~", "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "…": r"{\ldots}", "ß": r"{\ss}",
    "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}", "Ø": r"{\O}", "ł": r"{\l}",
    "Ł": r"{\L}",
    "ı": r"{\i}", "ȷ": r"{\j}", "§": r"{\S}", "¶": r"{\P}", "£": r"{\pounds}", "©": r"{\copyright}",
    "®": r"{\textregistered}",
    "™": r"{\texttrademark}", "€": r"{\texteuro}", "°": r"$^{\circ}$", "¿": "?`", "¡": "!`", "«": r"{\guillemotleft}",
    "»": r"{\guillemotright}", "†": r"$\dagger$", "‡": r"$\ddagger$", "•": r"{\textbullet}", "·": r"$\cdot$",
    "Å": r"{\AA}",
    "å": r"{\aa}", "‐": "-", "‑": "-", "−": "$-$",
}  # fmt: skip
_AS_THEY_ARE = frozenset("đĐðÐþÞŋŊ")
"""Letters that LaTeX takes in UTF-8; pandoc drops their commands."""
_COMPOSED_BY_TEX = frozenset(
    "ǢǣǨǩǸǹȞȟȦȧȮȯȲȳḂḃḄḅḆḇḊḋḞḟḠḡḢḣḰḱḲḳḴḵḺḻḾḿṀṁṈṉṔṕṖṗṞṟṠṡṪṫṼṽṾṿẆẇẈẉẊẋẌẍẎẏẐẑẔẕẖẘẙǕǖǞǟǠǡǬǭȪȫȬȭȰȱḈḉḔḕḖḗṌṍṎṏṐṑṒṓṤṥṦṧṨṩṸṹṺṻ"
)
"""Letters that Latin Modern, LaTeX's font, lacks; biber makes one sign of them, unless their braces are double."""
_OGONEK = {"ȩ": "ę", "Ȩ": "Ę"}
"""Where TeX's first fonts had no ogonek, authors typed a cedilla, which Latin Modern in turn has for no "e"."""
_COMMAND_OF_MARK = {mark: name for name, mark in TEXT_ACCENTS.items()}
_NOT_OF_LATEX = frozenset(
    [
        "omicron",
        "degree",
        "percent",
        "micron",
        "cent",
        "msun",
        "odotsun",
        "texteuro",
        "euro",
        "textmultiply",
        "centerdot",
        "llbracket",
        "rrbracket",
        "coloneq",
        "eqqcolon",
        "Tilde",
        "Bar",
        "Hat",
        "eth",
        "leftrightharpoons",
        "bigtriangledown",
        "textmath",
    ]
)
_SYMBOL_OF_SIGN: dict[str, str] = {}
for _table in (LETTERS, ORDINARY, BINARY, RELATIONS, LARGE):
    for _name, _sign in _table.items():
        if _name not in _NOT_OF_LATEX and not _name.startswith(("text", "var")) and not _sign.isascii():
            _SYMBOL_OF_SIGN.setdefault(_sign, _name)
_SYMBOL_OF_SIGN |= {"ϑ": "vartheta", "ϖ": "varpi", "ϱ": "varrho", "ς": "varsigma", "∅": "emptyset", "⇒": "Rightarrow",
    "⟹": "Longrightarrow", "⟸": "Longleftarrow", "⟺": "Longleftrightarrow", "→": "to", "∖": "setminus",
    "≤": "leq", "≥": "geq",
    "≠": "neq", "∋": "ni", "∧": "wedge", "∨": "vee", "∼": "sim", "≈": "approx", "∝": "propto", "…": "ldots",
    "⋯": "cdots",
    "⟨": "langle", "⟩": "rangle", "⌈": "lceil", "⌉": "rceil", "⌊": "lfloor", "⌋": "rfloor", "‖": "Vert",
    "′": "prime", "≕": "eqqcolon", "⟦": "llbracket", "⟧": "rrbracket", "⟮": "lgroup", "⟯": "rgroup", "☉": "odotsun",
    "ο": "omicron", "⇋": "leftrightharpoons", "ϰ": "varkappa", "″": "dprime"}  # fmt: skip
_IN_FORMULA = {
    "AA": r"\text{Å}", "S": r"\text{§}", "P": r"\text{¶}", "pounds": r"\text{£}",
    "copyright": r"\text{©}",
    "percent": r"\%", "micron": r"\mu\text{m}", "msun": r"M_{\odot}", "odotsun": r"\odot", "degree": r"^{\circ}",
    "euro": r"\text{€}", "cent": r"\text{¢}", "LaTeX": r"\text{LaTeX}", "TeX": r"\text{TeX}",
    "omicron": "o",
    "llbracket": r"[\![", "rrbracket": r"]\!]", "coloneqq": ":=", "coloneq": ":=", "eqqcolon": "=:",
    "centerdot": r"\cdot",
    "langle": r"\left<\right.", "rangle": r"\left.\right>",  # biber writes their commands as signs
    "dprime": "''", "lt": "<", "gt": ">", "dag": r"\dagger", "ddag": r"\ddagger", "slash": "/", "Join": r"\bowtie",
    "leqslant": r"\leqslant",
    "lgroup": "(", "rgroup": ")", "lbrack": "[", "rbrack": "]", "leadsto": r"\rightsquigarrow", "land": r"\wedge",
    "lor": r"\vee",
    "owns": r"\ni", "imath": r"\imath", "backprime": "'", "blacktriangle": r"\blacktriangle",
    "iff": r"\Longleftrightarrow",
    "lhd": r"\vartriangleleft", "rhd": r"\vartriangleright", "Box": r"\square", "Diamond": r"\lozenge",
    "mho": r"\mho",
    "coprod": r"\coprod", "bigtriangledown": r"\triangledown", "oiint": r"\oint", "preccurlyeq": r"\preccurlyeq",
    "hslash": r"\hbar", "textbar": "|", "textless": "<", "textgreater": ">", "textpm": r"\pm",
    "texttimes": r"\times", "textmultiply": r"\times", "textmu": r"\mu",
    "textdegree": r"^{\circ}", "textbraceleft": r"\lbrace", "textbraceright": r"\rbrace",
    "bigtriangleup": r"\triangle",
    "textunderscore": r"\_", "textdollar": r"\$",
    "textasciicircum": r"\hat{}", "thicksim": r"\sim", "thickapprox": r"\approx", "surd": r"\sqrt{}",
    **{f"var{name}": rf"\{name}" for name in names("Delta Gamma Lambda Omega Phi Pi Psi Sigma Theta Xi")},
    "textbackslash": r"\backslash", "textasciitilde": r"\sim",
    "textohm": r"\Omega",
}  # fmt: skip
_ACCENT_OF_LATEX = {"Hat": "hat", "Tilde": "tilde", "Bar": "bar", "widecheck": "check", "underbar": "underline"}
_STYLE_OF_LATEX = {
    **dict.fromkeys(BOLD, "mathbf"), **dict.fromkeys(("boldsymbol", "bm", "pmb"), "boldsymbol"),
    **dict.fromkeys([name for name in ALPHABETS if ALPHABETS[name] == "DOUBLE-STRUCK"], "mathbb"),
    **dict.fromkeys(("cal", "mathcal", "mathscr"), "mathcal"), **dict.fromkeys(("frak", "mathfrak"), "mathfrak"),
    **dict.fromkeys(("it", "mathit", "sl", "em"), "mathit"), **dict.fromkeys(("sf", "mathsf"), "mathsf"),
    **dict.fromkeys(("tt", "mathtt"), "mathtt"),
}  # fmt: skip
_POWER = re.compile(r"(?<=[\w)\]])\^(-?\d+|[A-Za-z](?![A-Za-z])|\([^()^$]{1,30}\))")
_SCRIPTED = re.compile(f"([{''.join(RAISED)}]+)|([{''.join(LOWERED)}]+)")
_PLAIN = re.compile(r"[A-Za-z0-9 .,:;!?()\[\]'/*+=@-]*")


@functools.lru_cache(maxsize=4096)
def to_latex(text: str) -> str:
    r"""TEXT as LaTeX that needs amsmath and amssymb at most.

    >>> to_latex(r"Costs \$5: R&D in O(n^2), 360{\deg} and $95%$")
    'Costs \\$5: R\\&D in O(n$^{2}$), 360$^{\\circ}$ and $95\\%$'
    """
    return _pieces(read(text))


def _pieces(pieces: Iterable[tree.Piece]) -> str:
    return "".join(
        _prose(piece.text) if isinstance(piece, tree.Text) else f"${_row(piece.body).strip()}$" for piece in pieces
    )


def _prose(text: str) -> str:
    if _PLAIN.fullmatch(text) and "--" not in text:
        return text
    parts: list[str] = []
    start = 0
    for match in _POWER.finditer(text):
        parts += [_signs(text[start : match.start()]), "$^{" + _row_of(match[1].strip("()")) + "}$"]
        start = match.end()
    return "".join([*parts, _signs(text[start:])])


def _row_of(text: str) -> str:
    return "".join(_sign_in_formula(sign) for sign in text)


def _signs(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("--", "-\u200b-")
    parts: list[str] = []
    start = 0
    for match in _SCRIPTED.finditer(text):
        parts += [_letters(text[start : match.start()])]
        table, mark = (RAISED, "^") if match[1] else (LOWERED, "_")
        parts.append(f"${mark}{{{_row_of(''.join(table[sign] for sign in match[0]))}}}$")
        start = match.end()
    return "".join([*parts, _letters(text[start:])]).replace("-\u200b-", "-{}-")


def _letters(text: str) -> str:
    return text if text.isascii() and _PLAIN.fullmatch(text) else "".join(map(_letter, text))


@functools.lru_cache(maxsize=4096)
def _letter(sign: str) -> str:
    """One sign of prose."""
    if sign in _ESCAPED:
        return _ESCAPED[sign]
    if sign.isascii() or sign in _AS_THEY_ARE:
        return sign
    accented = _accented(sign)
    if accented:
        return accented
    formula = _sign_in_formula(sign)
    return f"${formula.strip()}$" if formula != sign else sign


def _accented(sign: str) -> str:
    """A letter with accents as LaTeX's commands; empty where it is none of Latin."""
    base, *marks = list(unicodedata.normalize("NFD", _OGONEK.get(sign, sign)))
    if not marks or not (base.isascii() or base in _ESCAPED) or not all(mark in _COMMAND_OF_MARK for mark in marks):
        return ""
    shown = f"{{{base}}}" if sign in _COMPOSED_BY_TEX else base
    for mark in marks:
        shown = rf"\{_COMMAND_OF_MARK[mark]}{{{shown}}}"
    return f"{{{shown}}}"


def _sign_in_formula(sign: str) -> str:
    if sign.isascii():
        return {"%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$", "{": r"\lbrace ", "}": r"\rbrace ",
        "\\": r"\backslash ",
            "~": r"\sim ", "^": r"\hat{}", '"': r"\text{''}"}.get(sign, sign)  # fmt: skip
    if sign in _SYMBOL_OF_SIGN:
        name = _SYMBOL_OF_SIGN[sign]
        return _IN_FORMULA.get(name, rf"\{name} ")
    name = unicodedata.name(sign, "")
    letter = unicodedata.normalize("NFKD", sign)
    if len(letter) == 1 and letter.isascii() and letter != sign:
        style = (
            "mathbb" if "DOUBLE-STRUCK" in name else "mathfrak" if "FRAKTUR" in name or "BLACK-LETTER" in name else ""
        )
        style = style or ("mathbf" if "BOLD" in name else "mathcal" if "SCRIPT" in name else "")
        return rf"\{_with_letters(style, letter)}{{{letter}}}" if style else letter
    if sign == "−":
        return "-"
    if sign in _AS_THEY_ARE or sign in _ESCAPED or _accented(sign):
        return rf"\text{{{sign}}}"
    base, *marks = list(unicodedata.normalize("NFD", sign))
    if marks == ["\u0338"]:
        return rf"\not{_sign_in_formula(base)}"
    return sign


def _with_letters(style: str, latex: str) -> str:
    """STYLE, or one whose font has the letters of LATEX: two have capitals alone."""
    letters = re.sub(r"\\[A-Za-z]+", "", latex)
    are_capitals = letters.upper() == letters and not re.search(r"\d", letters)
    return style if are_capitals else {"mathbb": "mathbf", "mathcal": "mathit"}.get(style, style)


def _row(row: tree.Row) -> str:
    parts: list[str] = []
    for item in row.items:
        text = _node(item)
        if parts and re.search(r"\\[A-Za-z]+$", parts[-1]) and text[:1].isalpha():
            parts.append(" ")
        parts.append(text)
    return "".join(parts)


def _group(row: tree.Row) -> str:
    while len(row.items) == 1 and isinstance(row.items[0], tree.Row):
        row = row.items[0]
    return "{" + _row(row) + "}"


def _script(row: tree.Row) -> str:
    """ROW behind ^ or _: a letter or a figure needs no braces."""
    inner = _row(row)
    return inner if len(inner) == 1 and inner.isalnum() and inner.isascii() else _group(row)


def _node(node: tree.Node) -> str:  # noqa: C901 (one line for each kind of node)
    match node:
        case tree.Atom():
            return _atom(node)
        case tree.Space(em, tex):
            return " " if em == 0 else tex if tex[:1] in "\\~" and tex != "\\ " else r"\ "
        case tree.Row():
            return _group(node)
        case tree.Scripts(base, sub, sup):
            shown = _node(base)
            shown = (
                shown
                if isinstance(base, tree.Atom | tree.Row | tree.Styled | tree.Accent) and shown[:1] != "^"
                else f"{{{shown}}}"
            )
            return shown + (f"_{_script(sub)}" if sub else "") + (f"^{_script(sup)}" if sup else "")
        case tree.Fraction(above, below, line):
            return rf"\{'frac' if line else 'binom'}{_group(above)}{_group(below)}"
        case tree.Root(body, index):
            return rf"\sqrt{f'[{{{_row(index)}}}]' if index else ''}{_group(body)}"
        case tree.Accent(name, body):
            return rf"\{_ACCENT_OF_LATEX.get(name, name)}{_group(body)}"
        case tree.Stack(base, above, below):
            shown = rf"\overset{_group(above)}{_group(base)}" if above else _group(base)
            return rf"\underset{_group(below)}{{{shown}}}" if below else shown
        case tree.Styled(name, body):
            group = _group(body)
            return rf"\{_with_letters(_STYLE_OF_LATEX.get(name, 'mathrm'), group)}{group}"
        case tree.Prose(pieces):
            return rf"\text{{{_pieces(pieces)}}}"
        case tree.Table(_, rows):
            cells = r" \\ ".join(" & ".join(map(_row, row)) for row in rows)
            return rf"\begin{{matrix}}{cells}\end{{matrix}}"
        case tree.Unknown(name, arguments):
            return rf"\text{{{{\textbackslash}}{name}}}" + "".join(map(_group, arguments))


def _atom(atom: tree.Atom) -> str:
    name = atom.tex[1:] if atom.tex[:1] == "\\" else ""
    if name in _IN_FORMULA:
        return _IN_FORMULA[name]
    if name.startswith("text") and name.isalpha():
        return rf"\text{{{atom.text}}}"  # as a sign: pandoc knows no command in words of a formula
    if atom.tex.startswith((r"\operatorname", r"\text", r"\not", "{", "^")) or atom.kind == "number":
        return atom.tex
    return _row_of(atom.text) if not atom.tex.isascii() or len(atom.tex) == 1 else atom.tex
