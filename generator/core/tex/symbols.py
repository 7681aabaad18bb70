r"""What TeX's commands mean: characters, their class in a formula, and the commands that take arguments.

One table for every reader and writer: `\sim` is the relation ∼ in MathML, in Unicode, in a search token and, the other
way round, `$\sim$` where a title with ∼ is written as BibTeX.
"""

import re

from generator.core.tex.tree import Kind


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def names(text: str) -> frozenset[str]:
    """The words of TEXT."""
    return frozenset(text.split())


LETTERS = _pairs(
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ "
    "varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ "
    "upsilon υ phi φ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon "
    "Υ Phi Φ Psi Ψ Omega Ω varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varPhi Φ "
    "varPsi Ψ varOmega Ω digamma ϝ ell ℓ hbar ℏ hslash ℏ imath ı jmath ȷ wp ℘ Re ℜ Im ℑ aleph ℵ beth ℶ gimel "
    "ℷ eth ð mho ℧ partial ∂ nabla ∇"
)
ORDINARY = _pairs(
    r"infty ∞ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ degree ° prime ′ backprime ‵ top ⊤ bot ⊥ "
    r"angle ∠ measuredangle ∡ neg ¬ lnot ¬ Box □ square □ Diamond ◇ lozenge ◊ triangle △ triangledown ▽ "
    r"blacksquare ■ blacktriangle ▲ blacktriangledown ▼ checkmark ✓ clubsuit ♣ diamondsuit ♢ heartsuit ♡ "
    r"spadesuit ♠ flat ♭ sharp ♯ natural ♮ S § P ¶ pounds £ euro € texteuro € yen ¥ copyright © textcopyright "
    r"© textregistered ® circledR ® texttrademark ™ backslash \ textbackslash \ lbrace { rbrace } "
    r"textbraceleft { textbraceright } slash / textendash – textemdash — textquoteright ’ textquoteleft ‘ "
    r"textquotedblleft “ textquotedblright ” textquotesingle ' textasciitilde ~ textasciicircum ^ "
    r"textunderscore _ textdollar $ textdegree ° textmu μ textbar | textless < textgreater > textpm ± "
    r"texttimes × textbullet • textperiodcentered · textohm Ω bigstar ★ blacklozenge ⧫ complement ∁ vdots ⋮ "
    r"surd √ AA Å percent % micron μm cent ¢ textcent ¢ textonehalf ½ textsection § textellipsis … dag † ddag "
    r"‡ ldots … dots … dotsc … dotso … cdots ⋯ dotsb ⋯ dotsm ⋯ dotsi ⋯ ddots ⋱ LaTeX LaTeX TeX TeX msun M☉ "
    r"odotsun ☉ textordfeminine ª textordmasculine º textmultiply × maltese ✠ ulcorner ⌜ urcorner ⌝"
)
BINARY = _pairs(
    "pm ± mp ∓ times × div ÷ cdot · centerdot · ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash "
    "⊘ odot ⊙ cup ∪ cap ∩ uplus ⊎ sqcup ⊔ sqcap ⊓ setminus ∖ smallsetminus ∖ wedge ∧ land ∧ vee ∨ lor ∨ "
    "dagger † ddagger ‡ amalg ⨿ wr ≀ diamond ⋄ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ ltimes ⋉ rtimes ⋊ "
    "bigtriangleup △ bigtriangledown ▽ triangleleft ◃ triangleright ▹ dotplus ∔ curlywedge ⋏ curlyvee ⋎ "
    "bigcirc ◯ circledast ⊛"
)
RELATIONS = _pairs(
    "leq ≤ le ≤ leqslant ⩽ geq ≥ ge ≥ geqslant ⩾ neq ≠ ne ≠ ll ≪ gg ≫ lll ⋘ ggg ⋙ lt < gt > approx ≈ sim ∼ "
    "simeq ≃ cong ≅ equiv ≡ doteq ≐ triangleq ≜ coloneqq ≔ eqqcolon ≕ coloneq ≔ propto ∝ varpropto ∝ thicksim "
    "∼ thickapprox ≈ asymp ≍ lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ nleq ≰ ngeq ≱ "
    "nless ≮ ngtr ≯ nsim ≁ ncong ≇ in ∈ notin ∉ ni ∋ owns ∋ subset ⊂ subseteq ⊆ subsetneq ⊊ nsubseteq ⊈ "
    "supset ⊃ supseteq ⊇ supsetneq ⊋ sqsubset ⊏ sqsubseteq ⊑ sqsupseteq ⊒ prec ≺ preceq ⪯ preccurlyeq ≼ succ "
    "≻ succeq ⪰ succcurlyeq ≽ perp ⊥ parallel ∥ nparallel ∦ mid ∣ nmid ∤ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ "
    "Vdash ⊩ bowtie ⋈ Join ⋈ to → rightarrow → longrightarrow ⟶ leftarrow ← gets ← longleftarrow ⟵ "
    "leftrightarrow ↔ longleftrightarrow ⟷ Rightarrow ⇒ Longrightarrow ⟹ implies ⇒ Leftarrow ⇐ impliedby ⇐ "
    "Leftrightarrow ⇔ Longleftrightarrow ⟺ iff ⇔ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ "
    "uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ "
    "rightharpoonup ⇀ leftharpoonup ↼ rightleftharpoons ⇌ leftrightharpoons ⇋ leftrightarrows ⇆ "
    "rightleftarrows ⇄ rightrightarrows ⇉ rightsquigarrow ⇝ leadsto ⇝ twoheadrightarrow ↠ rightarrowtail ↣ "
    "nrightarrow ↛ therefore ∴ because ∵ trianglelefteq ⊴ trianglerighteq ⊵ lhd ⊲ rhd ⊳ smile ⌣ frown ⌢ colon "
    ":"
)
LARGE = _pairs(
    "sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀ "
    "bigoplus ⨁ bigotimes ⨂ bigodot ⨀ biguplus ⨄"
)
OPENING = _pairs("langle ⟨ lceil ⌈ lfloor ⌊ lVert ‖ lvert | lbrack [ llbracket ⟦ lgroup ⟮")
CLOSING = _pairs("rangle ⟩ rceil ⌉ rfloor ⌋ rVert ‖ rvert | rbrack ] rrbracket ⟧ rgroup ⟯")
FENCES = _pairs("vert | Vert ‖")
SYMBOLS = {**LETTERS, **ORDINARY, **BINARY, **RELATIONS, **LARGE, **OPENING, **CLOSING, **FENCES}
KINDS: dict[str, Kind] = {
    **dict.fromkeys(LETTERS, "letter"),
    **dict.fromkeys(ORDINARY, "ordinary"),
    **dict.fromkeys(BINARY, "binary"),
    **dict.fromkeys(RELATIONS, "relation"),
    **dict.fromkeys(LARGE, "large"),
    **dict.fromkeys(OPENING, "open"),
    **dict.fromkeys(CLOSING, "close"),
    **dict.fromkeys(FENCES, "fence"),
}
"""The class of each symbol, after which TeX spaces it."""
KINDS["colon"] = "punctuation"
SIGN_KINDS: dict[str, Kind] = {
    **dict.fromkeys("+-−±∓×÷·∗⋆∘⊕⊗⊙∪∩∧∨*", "binary"),
    **dict.fromkeys("=<>≤≥≠≪≫≈∼~≃≅≡∝∈∉⊂⊆⊃⊇→←↔⇒⇐⇔↦⟂⊥∥∣:", "relation"),
    **dict.fromkeys("([{⟨⌈⌊", "open"),
    **dict.fromkeys(")]}⟩⌉⌋", "close"),
    **dict.fromkeys(",;", "punctuation"),
    **dict.fromkeys("∑∏∫⋃⋂", "large"),
    **dict.fromkeys("|‖", "fence"),
}
"""The class of what needs no command."""

LATEX_OF_SIGNS = {
    "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_", "$": r"\$", "{": r"\lbrace", "}": r"\rbrace", "‖": r"\Vert",
    "⟨": r"\langle", "⟩": r"\rangle", "⌈": r"\lceil", "⌉": r"\rceil", "⌊": r"\lfloor", "⌋": r"\rfloor",
    "∣": r"\mid", "\\": r"\backslash", "^": r"\hat{}", "~": r"\sim",
}  # fmt: skip
"""How LaTeX writes signs in a formula that do not stand for themselves."""

FUNCTIONS = names(
    "ln log lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan min max inf sup lim "
    "limsup liminf arg argmin argmax det dim ker deg rank Pr gcd hom tr Tr diag poly polylog sign sgn softmax "
    "supp span erf vol Var Cov"
)
FUNCTIONS_OF_LATEX = names(
    "ln log lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan min max inf sup lim "
    "limsup liminf arg det dim ker deg Pr gcd hom"
)
SPACES = {",": 1 / 6, "thinspace": 1 / 6, ":": 2 / 9, ">": 2 / 9, "medspace": 2 / 9, ";": 5 / 18,
    "thickspace": 5 / 18,
    "!": -1 / 6, "negthinspace": -1 / 6, " ": 1 / 3, "space": 1 / 3, "nobreakspace": 1 / 3, "enspace": 0.5,
    "enskip": 0.5, "quad": 1.0, "qquad": 2.0, "hfill": 1.0}  # fmt: skip
"""Widths in em."""
ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "Hat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "Tilde": "\u0303",
    "bar": "\u0304", "Bar": "\u0304", "overline": "\u0305", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
    "overrightarrow": "\u20d7", "check": "\u030c", "widecheck": "\u030c", "breve": "\u0306", "acute": "\u0301",
    "grave": "\u0300", "mathring": "\u030a", "underline": "\u0332", "underbar": "\u0332",
}  # fmt: skip
"""The combining mark of an accent over (or a line under) a formula."""
ACCENT_SIGNS = {
    "hat": "^", "widehat": "^", "Hat": "^", "tilde": "~", "widetilde": "~", "Tilde": "~", "bar": "¯", "Bar": "¯",
    "overline": "¯", "dot": "˙", "ddot": "¨", "vec": "→", "overrightarrow": "→", "check": "ˇ", "widecheck": "ˇ",
    "breve": "˘", "acute": "´", "grave": "`", "mathring": "˚", "underline": "_", "underbar": "_",
}  # fmt: skip
"""What MathML sets above (below) the accented."""
TEXT_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
ALPHABETS = {
    "mathbb": "DOUBLE-STRUCK", "Bbb": "DOUBLE-STRUCK", "mathbbm": "DOUBLE-STRUCK", "mathds": "DOUBLE-STRUCK",
    "mathcal": "SCRIPT", "cal": "SCRIPT", "mathscr": "SCRIPT", "mathfrak": "FRAKTUR", "frak": "FRAKTUR",
}  # fmt: skip
BOLD = names("mathbf boldsymbol bm pmb mathbfit boldmath textbf bf bfseries")
UPRIGHT = names("mathrm rm operatorname mathop mathbin mathrel mathord mathopen mathclose mathpunct mathnormal mathup")
STYLES = (
    BOLD | UPRIGHT | ALPHABETS.keys() | names("mathit mathsf mathtt mathsc mathbfsf ensuremath smash displaylimits")
)
"""Commands that set one argument in another type."""
SWITCHES = names("bf it rm sc tt sf sl em cal frak bfseries itshape rmfamily ttfamily scshape sffamily boldmath")
"""Commands that set the rest of their group in another type."""
TEXT_STYLES = names(
    "text textbf textit textsc texttt textrm textsf textnormal textmd textup textsl textmath emph underline "
    "uline ul mbox hbox fbox uppercase lowercase MakeUppercase MakeLowercase textulc uwave sout st hl url "
    "path nolinkurl enquote textls textlf ensuremath centerline textsubscript textsuperscript"
)
"""Commands of prose that show their argument as it is."""
SILENT = (
    names(
        "left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm displaystyle "
        "textstyle scriptstyle scriptscriptstyle limits nolimits protect relax xspace noindent centering small "
        "large Large LARGE footnotesize scriptsize tiny normalsize huge Huge mdseries upshape par newline "
        "linebreak noalign hline nonumber notag selectfont normalfont allowbreak nobreak expandafter null strut "
        "mathstrut smallskip medskip bigskip indent newpage clearpage indent unskip ignorespaces leavevmode "
        "raggedright sloppy maketitle toprule midrule bottomrule"
    )
    | SWITCHES
)
NO_MEANING = names(
    "label vspace hspace vspace* hspace* color cellcolor rowcolor phantom hphantom vphantom hypersetup begin "
    "end thanks* tag pagestyle thispagestyle bibliographystyle usepackage setlength looseness"
)  # fmt: skip
"""Commands whose argument is about the layout and no word of the text."""
CITES = names(
    "cite citep citet citealp citealt citeauthor citeyear parencite textcite autocite footcite supercite nocite"
)
ABBREVIATIONS = {
    "eg": "e.g.", "Eg": "E.g.", "ie": "i.e.", "Ie": "I.e.", "cf": "cf.", "Cf": "Cf.", "etc": "etc.", "vs": "vs.",
    "wrt": "w.r.t.", "etal": "et al.", "aka": "a.k.a.", "iid": "i.i.d.", "st": "s.t.", "resp": "resp.",
}  # fmt: skip
"""What authors' styles of computer vision call their abbreviations."""
UNITS = {
    "metre": "m", "meter": "m", "second": "s", "gram": "g", "kilogram": "kg", "hertz": "Hz", "watt": "W", "volt": "V",
    "ampere": "A", "joule": "J", "newton": "N", "kelvin": "K", "mole": "mol", "tesla": "T", "pascal": "Pa",
    "byte": "B",
    "bit": "bit", "electronvolt": "eV", "celsius": "°C", "degreeCelsius": "°C", "degree": "°", "percent": "%",
    "ohm": "Ω", "minute": "min", "hour": "h", "day": "d", "litre": "L", "liter": "L", "bar": "bar", "angstrom": "Å",
    "radian": "rad",
    "nano": "n", "micro": "μ", "milli": "m", "centi": "c", "deci": "d", "kilo": "k", "mega": "M", "giga": "G",
    "tera": "T",
    "pico": "p", "femto": "f", "per": "/", "squared": "²", "cubed": "³", "square": "", "cubic": "", "decibel": "dB",
    "parsec": "pc", "arcsecond": "″", "arcminute": "′", "of": " ", "dB": "dB",
}  # fmt: skip
DINGS = {"51": "✓", "52": "✔", "53": "✕", "54": "✖", "55": "✗", "56": "✘", "72": "★", "182": "❶", "183": "❷",
    "184": "❸", "185": "❹", "186": "❺", "172": "①", "173": "②", "174": "③", "175": "④", "192": "①", "193": "②",
    "194": "③"}  # fmt: skip
_ACCENT_LETTERS = "uvHtcdbrk"
LOST = re.compile(rf"\\([{_ACCENT_LETTERS}])\{{([a-z]{{2,20}})\}}")
r"""An accent over more than a letter: arXiv's own form of a command that lost its first letter, `\b{eta}` for"
r" `\beta`."""


def found_again(text: str) -> str:
    r"""TEXT with commands that arXiv took for accents as they were meant.

    >>> found_again(r"H\b{eta} lines")
    'H{\\beta} lines'
    """
    if "{" not in text:
        return text
    return LOST.sub(lambda match: _meant(match[0], match[1] + match[2]), text)


def _meant(written: str, name: str) -> str:
    known = name in SYMBOLS or name in FUNCTIONS or name in SPACES
    return rf"{{\{name}}}" if known else written


_COMMANDS = (
    SYMBOLS.keys() | FUNCTIONS | SPACES.keys() | ACCENTS.keys() | STYLES | TEXT_STYLES | SILENT | CITES
    | names(
    "frac dfrac tfrac binom sqrt not left right text rm ref footnote href tag textcolor norm nabla nonumber "
    "begin end"
)
)  # fmt: skip


def is_command(name: str) -> bool:
    """Whether NAME, without its backslash, is a command that we know."""
    return name in _COMMANDS
