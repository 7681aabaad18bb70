"""TeX as Unicode: what readers see of a formula where none can be set."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.tex_unicode import to_unicode

REAL = {
    r"M$^2$OE$^2$-GL: A Family of Load Forecasters": "M²OE²-GL: A Family of Load Forecasters",
    r"Endo-G$^{2}$T": "Endo-G²T",
    r"$\mathbb{R}^{2k}$ is Large Enough for Top-$k$ Retrieval": "ℝ²ᵏ is Large Enough for Top-k Retrieval",
    r"Why Adam Works Better with $\beta_1 = \beta_2$": "Why Adam Works Better with β₁ = β₂",
    r"Pathway to $O(\sqrt{d})$ Complexity": "Pathway to O(√d) Complexity",
    r"Regret of $\ln\ln T$": "Regret of ln ln T",
    r"360{\deg} Panoramas and 360$^\circ$ Cameras": "360° Panoramas and 360° Cameras",
    r"Strongly Polynomial for $L_\infty$ Robust MDPs": "Strongly Polynomial for L_∞ Robust MDPs",
    r"$\pi^{*}_{0.6}$: a VLA": "π*_(0.6): a VLA",
    r"On $\exists^*\forall^*$ Hyperproperties": "On ∃*∀* Hyperproperties",
    r"\textsc{CR-Seg} and \texttt{function\_graph} for S\&P 500": "CR-Seg and function_graph for S&P 500",
    r"P\textsuperscript{2}-DPO": "P²-DPO",
    r"B\'ezierFlow by M\"uller, Schr{\"o}dinger Bridge": "BézierFlow by Müller, Schrödinger Bridge",
    r"Data Insights in N \times M Table": "Data Insights in N × M Table",
    r"PCBA \\ via Reconstruction": "PCBA via Reconstruction",
    r"256$\times$256 patches": "256×256 patches",
    r"$\mathbf{M^3A}$ Policy, $\mathcal{L}$-Lipschitz": "M³A Policy, ℒ-Lipschitz",
    r"发现$p\in[1.3,1.5]$时攻击效果最优": "发现p∈[1.3,1.5]时攻击效果最优",
    r"$\varepsilon^{-2}$ Dependence, $\hat{\theta}_n$, $\frac{a+b}{2}$": "ε⁻² Dependence, θ̂ₙ, (a+b)/2",
    r"$\mathcal{P}, \mathfrak{CA}, \mathbb{1}, \mathscr{e}$": "𝒫, ℭ𝔄, 1, ℯ",
    r"$x^{2*}$, $\widehat{ab}$, $y_{a,b}$, $\mathrm{d}x \, \to \infty$": "x²*, ab, y_(a,b), dx → ∞",
    r"\(x^2\) and $$y_1$$ and $f'$": "x² and y₁ and f′",
}
OTHERWISE = {
    "From $5 to $10": "From $5 to $10",
    r"costs \$5 and \$6": "costs $5 and $6",
    "snake_case, x^2, {braces} and 50% off": "snake_case, x^2, {braces} and 50% off",
    r"$\unknown{x}$ stays": r"\unknownx stays",
    r"C:\temp": r"C:\temp",
    "a lone \\": "a lone \\",
    r"$\sqrt{\infty}$ and $\sqrt{a+b}$": "√∞ and √(a+b)",
    "$": "$",
    "": "",
}


@pytest.mark.parametrize(("tex", "shown"), [*REAL.items(), *OTHERWISE.items()])
def test_tex_becomes_what_a_reader_expects(tex: str, shown: str) -> None:
    """Formulas of real titles turn into characters; money, unknown commands and plain text stay."""
    assert to_unicode(tex) == shown


PIECES = [*r"\{}^_$~'()ab2 ", r"\frac", r"\sqrt", r"\hat", r"\mathbb", "é", "数"]


@given(st.lists(st.sampled_from(PIECES), max_size=80).map("".join))
def test_any_text_comes_back(tex: str) -> None:
    """Broken TeX raises nothing, and what is left grows no longer than a little over what was there."""
    assert len(to_unicode(tex)) <= 2 * len(tex) + 2


@pytest.mark.parametrize(
    "hostile",
    [
        "$" + "x^{" * 20_000 + "$",
        "$" + r"\frac" * 20_000 + "$",
        r"\textbf{" * 20_000,
        "${" * 20_000,
        "$a$" * 20_000,
        "$" + "a ^ " * 20_000 + "$",
        "\\" * 60_000,
        r"\(" * 20_000,
        "$a\\$" * 20_000,
    ],
)
def test_hostile_text_takes_linear_time(hostile: str) -> None:
    """Sixty thousand characters of nesting take no recursion and not a second (some 40 ms on a slow core)."""
    started = time.process_time()
    to_unicode(hostile)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("alphabet", ["mathbb", "mathcal", "mathscr", "mathfrak"])
def test_every_letter_has_its_place_in_every_alphabet(alphabet: str) -> None:
    """52 letters become 52 others, whether Unicode keeps them together or among its older signs."""
    letters = string.ascii_letters
    shown = to_unicode(rf"$\{alphabet}{{{letters}}}$")
    assert len(set(shown)) == len(shown) == len(letters) and not set(shown) & set(letters)
