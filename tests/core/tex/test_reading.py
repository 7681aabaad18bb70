r"""TeX is read as arXiv's page and its authors mean it, once, for every form that a text is shown in."""

import html
import re
import string
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tex_rules import lost, run_together

from generator.core.tex import formula_spans, math_html, to_latex, to_unicode

REAL = {
    r"M$^2$OE$^2$-GL: A Family of Load Forecasters": "M²OE²-GL: A Family of Load Forecasters",
    r"Endo-G$^{2}$T": "Endo-G²T",
    r"$\mathbb{R}^{2k}$ is Large Enough for Top-$k$ Retrieval": "ℝ²ᵏ is Large Enough for Top-k Retrieval",
    r"Why Adam Works Better with $\beta_1 = \beta_2$": "Why Adam Works Better with β₁ = β₂",
    r"Pathway to $O(\sqrt{d})$ Complexity": "Pathway to O(√d) Complexity",
    r"Regret of $\ln\ln T$": "Regret of ln ln T",
    r"$5\deg$ apart, $\deg f$": "5° apart, deg f",
    r"360{\deg} Panoramas and 360$^\circ$ Cameras": "360° Panoramas and 360° Cameras",
    r"Strongly Polynomial for $L_\infty$ Robust MDPs": "Strongly Polynomial for L_∞ Robust MDPs",
    r"$\pi^{*}_{0.6}$: a VLA": "π*_(0.6): a VLA",
    r"On $\exists^*\forall^*$ Hyperproperties": "On ∃*∀* Hyperproperties",
    r"\textsc{CR-Seg} and \texttt{function\_graph} for S\&P 500": "CR-Seg and function_graph for S&P 500",
    r"P\textsuperscript{2}-DPO": "P²-DPO",
    r"B\'ezierFlow by M\"uller, Schr{\"o}dinger Bridge": "BézierFlow by Müller, Schrödinger Bridge",
    r"Data Insights in N \times M Table": "Data Insights in N × M Table",
    r"PCBA \\ via Reconstruction": "PCBA via Reconstruction",
    r"In \textcolor[rgb]{1,0,0}{red}": "In red",
    r"256$\times$256 patches": "256×256 patches",
    r"$\mathbf{M^3A}$ Policy, $\mathcal{L}$-Lipschitz": "M³A Policy, ℒ-Lipschitz",
    r"发现$p\in[1.3,1.5]$时攻击效果最优": "发现p∈[1.3,1.5]时攻击效果最优",
    r"$\varepsilon^{-2}$ Dependence, $\hat{\theta}_n$, $\frac{a+b}{2}$": "ε⁻² Dependence, θ̂ₙ, (a+b)/2",
    r"$\mathcal{P}, \mathfrak{CA}, \mathbb{1}, \mathscr{e}$": "𝒫, ℭ𝔄, 1, ℯ",
    r"$x^{2*}$, $\widehat{ab}$, $y_{a,b}$, $\mathrm{d}x \, \to \infty$": "x²*, ab, y_(a,b), dx → ∞",
    r"\(x^2\) and $$y_1$$ and $f'$": "x² and y₁ and f′",
}
DOLLARS = {
    "yields $<$5% gain, which confirms a ceiling (r $= 0.81$)": "yields <5% gain, which confirms a ceiling (r = 0.81)",
    r"a model ($<$300M parameters) that runs 20$\times$ faster": "a model (<300M parameters) that runs 20× faster",
    "a share of $95%$ and of $<3%$": "a share of 95% and of <3%",
    "J1713.4$-$3949": "J1713.4-3949",
    "of $ f(R) $ gravity": "of f(R) gravity",
    r"$\textbf{AGT$^{AO}$}$ and ${D}^{3}${ETOR}": "AGTᴬᴼ and D³ETOR",
    "$~$5 and $+$6.25pp": "∼5 and +6.25pp",
    "From $5 to $10": "From $5 to $10",
    "$5M-$10M for $x$, US$5 billion and US$10": "$5M-$10M for x, US$5 billion and US$10",
    r"costs \$5, or $<$$5 per task": "costs $5, or <$5 per task",
    "costs $12, and then $k$-NN at $0.30/M tokens": "costs $12, and then k-NN at $0.30/M tokens",
    "one $ alone, then $x$": "one $ alone, then x",
    "$HOME and $PATH": "$HOME and $PATH",
    "$": "$",
    "$$": "$$",
    "": "",
}
MEANT = {
    r"$50{,}000$ and 11{,}133": "50,000 and 11,133",
    r"line at $6301.5\mathrm{\AA}$ and H\b{eta}, $\t{au}$": "line at 6301.5Å and Hβ, τ",
    r"\ion{He}{i} and \role{user}, $\foo{x}$, \method{} works": "He i and user, \\foo x, \\method works",
    r"5\,km, 1.34~ms, Fig.~3, ~5%, 5~10, r~0": "5 km, 1.34 ms, Fig. 3, ~5%, 5~10, r~0",
    r"5~$\mu$m, 10~\AA{}, mass~$M$, T~$10^5$, z~$3$": "5 μm, 10 Å, mass M, T~10⁵, z~3",
    "Kolmogorov--Arnold -- a net---with --flag and a --> b": "Kolmogorov–Arnold – a net—with --flag and a --> b",
    "``all'' is `well'": "“all” is `well'",
    r"\href{https://x.org/a~b}{code}, \cite{foo2020}": "code (https://x.org/a~b), [foo2020]",
    r"x\footnote{y}, \textcolor{red}{z}": "x (y), z",
    r"\emph{a} {\it b c} \underline{S}upport {W}e {BERT} log^{3/2}k": "a b c Support We BERT log^(3/2)k",
    r"\textbf{5$\times$ lower} cost": "5× lower cost",
    r"$\text{with $k$ heads}$, ${n \choose k}$, $a \over b$": "with k heads, (n choose k), a/b",
    r"$\begin{pmatrix} a & b \\ c & d \end{pmatrix}$": "(a, b; c, d)",
    "snake_case, x^2, {braces}, {a, b} and 50% off": "snake_case, x^2, {braces}, {a, b} and 50% off",
    r"$\lambda=5\,$\AA, 5$\,$km": "λ=5 Å, 5 km",
    r"\verb|x_y| of $\cal{O}(1)$, $\mathop{\rm arg\,max}_x$": "x_y of 𝒪(1), arg maxₓ",
    r"C:\temp": r"C:\temp",
    "a lone \\": "a lone \\",
}


@pytest.mark.parametrize(("tex", "shown"), [*REAL.items(), *DOLLARS.items(), *MEANT.items()])
def test_tex_becomes_what_a_reader_expects(tex: str, shown: str) -> None:
    """Formulas turn into characters; money stays money, and what nobody knows stays readable."""
    assert to_unicode(tex) == shown


PIECES = [
    *r"\{}^_$~'()%<>-ab2 ",
    r"\frac",
    r"\sqrt",
    r"\hat",
    r"\mathbb",
    r"\text",
    r"\left",
    r"\begin{cases}",
    r"\over",
    "é",
    "数",
]


@given(st.lists(st.sampled_from(PIECES), max_size=80).map("".join))
def test_any_text_comes_back_from_every_writer(tex: str) -> None:
    """Broken TeX raises nothing, grows no longer than a little, and its LaTeX has balanced braces."""
    assert len(to_unicode(tex)) <= 3 * len(tex) + 20
    assert isinstance(math_html(tex), str)
    depth = 0
    for sign in to_latex(tex):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0


TraceFunction = Callable[[FrameType, str, Any], Any]
_WORD = st.text(string.ascii_lowercase, min_size=2, max_size=8)
_FORMULA = st.sampled_from(
    [
        r"$x_1$",
        r"$\alpha$",
        r"$95%$",
        "$<$",
        r"$\frac{1}{2}$",
        r"$O(n \log n)$",
        r"$50{,}000$",
        r"$0.8\pm0.1$",
        r"\(k\)",
        r"$\text{max}$",
    ]
)
_PHRASE = st.one_of(
    _WORD,
    _FORMULA,
    _WORD.map(lambda word: rf"\textbf{{{word}}}"),
    _WORD.map(lambda word: rf"\unknown{{{word}}}"),
    _WORD.map(lambda word: f"{{{word}}}"),
    _WORD.map(lambda word: f"``{word}''"),
    st.integers(0, 9999).map(lambda number: f"{number}%"),
    st.integers(1, 99).map(lambda number: f"${number}"),
    st.integers(1, 99).map(lambda number: rf"\${number}"),
    st.tuples(_WORD, _WORD).map("--".join),
)


@given(st.lists(_PHRASE, min_size=1, max_size=12).map(" ".join))
def test_no_word_is_lost_and_none_run_together(tex: str) -> None:
    """Whatever stands beside whatever: prices, formulas, commands, percent signs."""
    page = html.unescape(re.sub(r"<[^>]*>", "", math_html(tex)))
    for shown in (to_unicode(tex), page):
        assert not lost(tex, shown)
        assert not run_together(tex, shown)


HOSTILE = [
    "$" + "x^{" * 20_000 + "$",
    "$" + r"\frac" * 20_000 + "$",
    r"\textbf{" * 20_000,
    "${" * 20_000,
    "$a$" * 20_000,
    "$" + "a ^ " * 20_000 + "$",
    "\\" * 60_000,
    r"\(" * 20_000,
    "$a\\$" * 20_000,
    r"\text{$" * 10_000,
    "$$" * 30_000,
    "`" * 60_000,
    "-" * 60_000,
    r"\begin{cases}" * 5_000,
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_raises_nothing_in_any_form(hostile: str) -> None:
    """Sixty thousand characters of nesting take no recursion."""
    for write in (to_unicode, math_html, to_latex):
        assert isinstance(write(hostile), str)


def _lines_run(text: str) -> int:
    """How many lines of Python run while TEXT is written in all forms; each turn of a loop counts anew."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        for write in (to_unicode, math_html, to_latex):
            write(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_takes_linear_work(hostile: str) -> None:
    """Twice the text takes no more than about twice the work: no part is read again for each of the others."""
    short, long = hostile[: len(hostile) // 20], hostile[: len(hostile) // 10]
    assert _lines_run(long) <= 2.1 * _lines_run(short) + 1000


@pytest.mark.parametrize("alphabet", ["mathbb", "mathcal", "mathscr", "mathfrak"])
def test_every_letter_has_its_place_in_every_alphabet(alphabet: str) -> None:
    """52 letters become 52 others, whether Unicode keeps them together or among its older signs."""
    letters = string.ascii_letters
    shown = to_unicode(rf"$\{alphabet}{{{letters}}}$")
    assert len(set(shown)) == len(shown) == len(letters) and not set(shown) & set(letters)


def test_formulas_are_found_where_they_stand() -> None:
    """Their places are those in the text, dollars included."""
    text = r"a $x$ at $5, then \(y\)"
    assert [text[span.start : span.end] for span in formula_spans(text)] == ["$x$", r"\(y\)"]


def test_letters_whose_commands_pandoc_drops_stay_as_they_are() -> None:
    """LaTeX takes them in UTF-8; in a formula they are text."""
    assert to_latex("Đorđe, Þór Guðmundsson") == r"Đorđe, Þ{\'{o}}r Guðmundsson"
    assert to_latex("$đ$") == r"$\text{đ}$"


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("Waȩga, ṡ, ǖ", r"Wa{\k{e}}ga, {\.{{s}}}, {\={\"{{u}}}}"),
        (r"$x \textbullet\, \S\, \AA\, é$", r"$x \text{•}\, \text{§}\, \text{Å}\, \text{é}$"),
        ("a ≔ b ⟦c⟧ ⊏ ϰ ☉", r"a $:=$ b $[\![$c$]\!]$ $\sqsubset$ $\varkappa$ $\odot$"),
        (r"$\varGamma \thicksim \surd$", r"$\Gamma\sim \sqrt{}$"),
    ],
)
def test_every_tool_knows_the_commands(text: str, latex: str) -> None:
    """Latin Modern lacks some letters as one sign; pandoc takes no command within the words of a formula."""
    assert to_latex(text) == latex
