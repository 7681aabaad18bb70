r"""TeX as plain Unicode text, for where no mathematics can be set: feed readers, page titles, terminals.

What has a character gets it ($W_2$ becomes W₂, 360$^\circ$ becomes 360°), what has none stays readable (ℓ_∞, x^(a/b)),
and a command that is not known stays as its author wrote it. Any text comes back, in time linear in its length.
"""

import re
import unicodedata
from typing import NamedTuple

from generator.core.text import unaccent_tex

DEPTH = 12
"""Groups within groups that are understood; deeper ones are read as if their braces were not there."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "φ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ",
    "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "hbar": "ℏ",
    "infty": "∞", "partial": "∂", "nabla": "∇", "forall": "∀", "exists": "∃", "emptyset": "∅", "varnothing": "∅",
    "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "deg": "°", "circ": "∘", "degree": "°", "prime": "′", "dagger": "†", "dag": "†",
    "ddagger": "‡", "star": "⋆", "ast": "∗", "bullet": "•", "cdot": "·", "cdots": "⋯", "ldots": "…", "dots": "…",
    "dotsc": "…", "dotsb": "⋯", "vdots": "⋮", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "oplus": "⊕",
    "otimes": "⊗", "odot": "⊙", "sum": "∑", "prod": "∏", "int": "∫", "cup": "∪", "cap": "∩", "bigcup": "⋃",
    "bigcap": "⋂", "setminus": "∖", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "in": "∈",
    "notin": "∉", "ni": "∋", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "ll": "≪", "gg": "≫",
    "approx": "≈", "sim": "∼", "simeq": "≃", "cong": "≅", "equiv": "≡", "propto": "∝", "perp": "⊥", "bot": "⊥",
    "top": "⊤", "parallel": "∥", "mid": "∣", "vert": "|", "Vert": "‖", "lVert": "‖", "rVert": "‖", "lvert": "|",
    "rvert": "|", "langle": "⟨", "rangle": "⟩", "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "to": "→",
    "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐",
    "Leftrightarrow": "⇔", "implies": "⇒", "iff": "⇔", "mapsto": "↦", "longrightarrow": "⟶", "uparrow": "↑",
    "downarrow": "↓", "nearrow": "↗", "searrow": "↘", "rightleftharpoons": "⇌", "neg": "¬", "lnot": "¬", "land": "∧",
    "wedge": "∧", "lor": "∨", "vee": "∨", "Box": "□", "square": "□", "Diamond": "◇", "diamond": "⋄", "triangle": "△",
    "blacksquare": "■", "checkmark": "✓", "clubsuit": "♣", "diamondsuit": "♢", "heartsuit": "♡", "spadesuit": "♠",
    "flat": "♭", "sharp": "♯", "natural": "♮", "vdash": "⊢", "models": "⊨", "angle": "∠", "S": "§", "P": "¶",
    "pounds": "£", "euro": "€", "copyright": "©", "textregistered": "®", "texttrademark": "™", "backslash": "\\",
    "lbrace": "{", "rbrace": "}", "colon": ":", "quad": " ", "qquad": " ", "textendash": "–", "textemdash": "—",
    "textquoteright": "’", "textquoteleft": "‘", "textbackslash": "\\", "textasciitilde": "~", "textdegree": "°",
    "slash": "/", "LaTeX": "LaTeX", "TeX": "TeX", "bigstar": "★", "textmu": "μ", "lesssim": "≲", "gtrsim": "≳",
    "ominus": "⊖", "boxplus": "⊞", "ltimes": "⋉", "rtimes": "⋊", "wp": "℘", "complement": "∁", "hookrightarrow": "↪",
}  # fmt: skip
_WORDS = _names(
    "ln log exp sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan min max inf sup lim limsup liminf arg"
    " argmin argmax det dim ker rank Pr gcd hom tr Tr diag poly polylog sign mod"
)
_PLAIN = _names(
    "text textbf textit textsc texttt textrm textsf textnormal textmd textup textsl emph mbox hbox mathrm mathbf mathit"
    " mathsf mathtt mathnormal boldsymbol bm pmb operatorname underline ensuremath uppercase lowercase"
    " boldmath mathop mathbin mathrel mathord smash url"
)
_SILENT = _names(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr displaystyle textstyle scriptstyle limits nolimits"
    " bf it rm sc tt sf sl em cal bfseries itshape rmfamily ttfamily scshape sffamily upshape mdseries protect relax"
    " xspace noindent centering small large Large scriptsize tiny normalsize"
)
_OVER = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0305", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7", "check": "\u030c", "breve": "\u0306",
    "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip
_CHARACTERS = {",": " ", ";": " ", ":": " ", ">": " ", "!": "", "/": "", "-": "", "@": "", "(": "", ")": "", "\\": " "}
_ALPHABETS = {"mathbb": "DOUBLE-STRUCK", "mathcal": "SCRIPT", "mathscr": "SCRIPT", "mathfrak": "FRAKTUR"}
_UPPER = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ ",
        strict=True,
    )
)
_RAISED = {"°": "°", "∘": "°", "′": "′", "†": "†", "‡": "‡", "*": "*", "∗": "*", "⋆": "⋆", "™": "™", "®": "®"}
_LOWER = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ ",
        strict=True,
    )
)
_TOKEN = re.compile(r"\\[A-Za-z]+\*?[ \t]*|\\.|[{}^_~']|[^\\{}^_~']+|\\", re.DOTALL)
# Mathematics has no space inside the dollars and holds a command or has no digit right after: "$5 and $10" is money.
_MATHS = re.compile(
    r"(?<!\\)\$\$(?P<display>[^$]+)\$\$"
    r"|(?<!\\)\$(?=[^\s$])(?P<command>[^$\\]*\\.(?:[^$\\]|\\.)*(?<=\S))\$"
    r"|(?<!\\)\$(?=[^\s$])(?P<inline>[^$\\]*(?<=\S))\$(?!\d)"
    r"|\\\((?P<round>(?:[^\\]|\\[^()])*)\\\)",
    re.DOTALL,
)


class _Read(NamedTuple):
    """What was read, and the place of the token after it."""

    text: str
    after: int


def to_unicode(text: str) -> str:
    r"""TEXT with its TeX as Unicode.

    >>> to_unicode(r"Learning in $\mathbb{R}^{2k}$ with 360$^\circ$ cameras, $O(\sqrt{d})$ and \textbf{B\'ezier}")
    'Learning in ℝ²ᵏ with 360° cameras, O(√d) and Bézier'
    """
    if not any(sign in text for sign in "\\$"):
        return text
    parts, start = [], 0
    for match in _MATHS.finditer(text):
        parts += [
            _prose(text[start : match.start()]),
            _maths(match["display"] or match["command"] or match["inline"] or match["round"]),
        ]
        start = match.end()
    return re.sub(r" {2,}", " ", "".join([*parts, _prose(text[start:])])).strip()


def _prose(text: str) -> str:
    """TEXT outside of mathematics, where ^, _ and ' mean themselves."""
    if "\\" not in text:
        return text
    return _Reader(unaccent_tex(text), maths=False).whole()


def _maths(text: str | None) -> str:
    return _Reader(text or "", maths=True).whole().strip()


class _Reader:
    """Reads one stretch of TeX, token by token; no token is read twice."""

    def __init__(self, text: str, *, maths: bool) -> None:
        self.pieces = _TOKEN.findall(text)
        self.is_maths = maths

    def whole(self) -> str:
        parts, place = [], 0
        while place < len(self.pieces):
            if self.pieces[place] == "}":  # closes nothing
                parts.append("" if self.is_maths else "}")
                place += 1
                continue
            text, place = self.sequence(place, 0)
            parts.append(text)
        return "".join(parts)

    def sequence(self, place: int, depth: int) -> _Read:
        """What stands from PLACE to the end or to a closing brace, which is left to the caller."""
        parts: list[str] = []
        while place < len(self.pieces) and self.pieces[place] != "}":
            text, place = self.element(place, depth)
            if parts and parts[-1][-1:].isalpha() and text[:1].isalpha() and self.is_word(parts[-1], text):
                parts.append(" ")
            parts.append(text)
        return _Read("".join(parts), place)

    def is_word(self, before: str, after: str) -> bool:
        """Whether an operator's name needs a space to stand apart: ln T, not lnT."""
        return self.is_maths and (before in _WORDS or after in _WORDS)

    def element(self, place: int, depth: int) -> _Read:
        """One token, with the arguments that it takes."""
        piece = self.pieces[place]
        if piece == "{":
            return self.group(place, depth)
        if piece.startswith("\\"):
            return self.command(place, depth)
        if self.is_maths and piece in ("^", "_"):
            inner, after = self.argument(place + 1, depth)
            return _Read(_script(inner.strip(), piece), after)
        if self.is_maths and piece == "'":
            return _Read("′", place + 1)
        return _Read(" " if piece == "~" and self.is_maths else piece, place + 1)

    def group(self, place: int, depth: int) -> _Read:
        """The braces that open at PLACE; too deep inside, the opening one is skipped and the rest read in a row."""
        if depth >= DEPTH:
            return _Read("", place + 1)
        text, after = self.sequence(place + 1, depth + 1)
        if after >= len(self.pieces) and not self.is_maths:
            return _Read("{" + text, after)
        return _Read(text, after + 1)

    def argument(self, place: int, depth: int) -> _Read:
        """What a command or a ^ applies to: a group, a command, or one character."""
        while place < len(self.pieces) and self.pieces[place].isspace():
            place += 1
        if place >= len(self.pieces) or self.pieces[place] in ("}", "^", "_") or depth >= DEPTH:
            return _Read("", place)
        piece = self.pieces[place]
        if piece == "{" or piece.startswith("\\"):
            return self.element(place, depth + 1)
        piece = piece.lstrip()
        if len(piece) > 1:  # x^23 raises the 2 alone
            self.pieces[place] = piece[1:]
            return _Read(piece[0], place)
        return _Read(piece, place + 1)

    def command(self, place: int, depth: int) -> _Read:
        piece = self.pieces[place]
        name, after = piece[1:].rstrip(" \t").rstrip("*"), place + 1
        if len(piece) == 2 and not piece[1].isalpha():
            plain = piece[1] if piece[1] != "\\" else " "
            return _Read(_CHARACTERS.get(piece[1], plain) if self.is_maths else plain, after)
        if not name:
            return _Read(piece, after)
        if name in _SYMBOLS:
            return _Read(_SYMBOLS[name] + self.gap(piece, after), after)
        if name in _WORDS and self.is_maths:
            return _Read(name, after)
        if name in _SILENT:
            return _Read("", after)
        return self.function(piece, name, after, depth)

    def gap(self, piece: str, after: int) -> str:
        """The space after a symbol: TeX's own only ends the command's name, but a relation or prose means it."""
        if not piece.endswith(" ") or after >= len(self.pieces):
            return ""
        return " " if not self.is_maths or piece.strip()[1:] in _RELATIONS else ""

    def function(self, piece: str, name: str, after: int, depth: int) -> _Read:
        """A command that takes arguments; an unknown one stays as it was written."""
        if name in ("frac", "dfrac", "tfrac", "nicefrac"):
            above, after = self.argument(after, depth)
            below, after = self.argument(after, depth)
            return _Read(f"{_one(above)}/{_one(below)}", after)
        if name == "sqrt":
            inner, after = self.argument(after, depth)
            return _Read("√" + _one(inner), after)
        if name in ("textsuperscript", "textsubscript"):
            inner, after = self.argument(after, depth)
            return _Read(_script(inner, "^" if name == "textsuperscript" else "_"), after)
        if name in _PLAIN:
            return self.argument(after, depth)
        if name in _ALPHABETS:
            inner, after = self.argument(after, depth)
            return _Read("".join(_lettered(sign, _ALPHABETS[name]) for sign in inner), after)
        if name in _OVER:
            inner, after = self.argument(after, depth)
            return _Read(_overset(inner, _OVER[name]), after)
        return _Read(piece, after)


_RELATIONS = _names(
    "in notin leq le geq ge neq ne ll gg approx sim simeq cong equiv propto to rightarrow leftarrow leftrightarrow"
    " Rightarrow Leftarrow Leftrightarrow implies iff mapsto times pm mp oplus otimes cup cap subset subseteq"
    " supset supseteq wedge vee land lor cdot"
)


def _script(text: str, sign: str) -> str:
    """TEXT raised (^) or lowered (_): in characters where each has one, else behind its sign."""
    if sign == "^" and text in _RAISED:
        return _RAISED[text]
    table = _UPPER if sign == "^" else _LOWER
    if all(letter in table for letter in text):
        return "".join(table[letter] for letter in text)
    if sign == "^" and all(letter in table or letter in _RAISED for letter in text):
        return "".join(table.get(letter) or _RAISED[letter] for letter in text)
    return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"


def _one(text: str) -> str:
    """TEXT as one operand."""
    text = text.strip()
    return text if len(text) <= 1 or text.isalnum() or re.fullmatch(r"[^\W_]+\([^()]*\)", text) else f"({text})"


def _lettered(letter: str, style: str) -> str:
    """LETTER in a mathematical alphabet, where Unicode has it: R double-struck is ℝ."""
    if not (letter.isascii() and letter.isalpha()):
        return letter
    case = "CAPITAL" if letter.isupper() else "SMALL"
    # Unicode left out of its mathematical alphabets what it had before, such as ℝ and ℋ; its older ℘ is another letter.
    older = f"{'BLACK-LETTER' if style == 'FRAKTUR' else style} {case} {letter.upper()}"
    try:
        return unicodedata.lookup(f"MATHEMATICAL {style} {case} {letter.upper()}")
    except KeyError:
        return unicodedata.lookup(older)


def _overset(text: str, mark: str) -> str:
    """A combining MARK over TEXT, if it is one letter; over more it would be lost, so they stay bare."""
    return unicodedata.normalize("NFC", text + mark) if len(text) == 1 else text
