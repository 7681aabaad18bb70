"""TeX as mathematics: what can be shown is, what cannot stays readable, nothing gets through."""

import time

import lxml.html
import pytest

from generator.core.tex_mathml import math_html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain & <b>", "plain &amp; &lt;b&gt;"),
        ("an $x^2$ here", "an <math><msup><mi>x</mi><mn>2</mn></msup></math> here"),
        (r"256$\times$256", "256<math><mo>×</mo></math>256"),
        (r"$\mathbf{W}$", "<math><mi>𝐖</mi></math>"),
        ("from $5 to $10", "from $5 to $10"),
        (r"\textbf{DENSE}: 40\% less", "DENSE: 40% less"),
        (r"$x$ of 40\% $y$", "<math><mi>x</mi></math> of 40% <math><mi>y</mi></math>"),
        ("$", "$"),
        ("", ""),
    ],
)
def test_a_title_is_shown_as_its_authors_meant_it(text: str, shown: str) -> None:
    """Formulas become MathML, text commands vanish, prices stay prices."""
    assert math_html(text) == shown


@pytest.mark.parametrize("formula", [r"\frac{a}{", r"\left( a", r"\nosuchcommand{x}", r"x^2^3", r"\begin{matrix} a"])
def test_a_broken_formula_stays_readable(formula: str) -> None:
    """No error, no half an element: its text."""
    shown = math_html(f"a ${formula}$ b")
    assert "<" not in shown and shown.startswith("a ") and shown.endswith(" b")


@pytest.mark.parametrize(
    "formula",
    [
        r"\text{<script>alert(1)</script>}",
        r"\text{&lt;script&gt;}",
        r"\href{javascript:alert(1)}{x}",
        r"\class{x}{y}",
        r"\style{color:url(x)}{y}",
        r"\color{red}x",
        r"\mathrm{<img src=x onerror=alert(1)>}",
        r"\unicode{x3c}",
    ],
)
def test_a_formula_brings_no_markup_of_its_own(formula: str) -> None:
    """Of HTML's elements and attributes, only the harmless ones of MathML come out."""
    tree = lxml.html.fromstring(f"<p>{math_html(f'${formula}$')}</p>")
    names = {element.tag for element in tree.iter()}
    assert names <= {"p", "math", "mrow", "mi", "mn", "mo", "mtext", "mstyle", "mspace"}
    assert {name for element in tree.iter() for name in element.attrib} <= {"mathvariant", "stretchy"}


@pytest.mark.parametrize(
    "text", ["$" * 5000, "$\\" * 5000, "${" + "{" * 300 + "$", "$x" + "^x" * 190 + "$", "\\" * 9999]
)
def test_a_long_attack_costs_no_time(text: str) -> None:
    """Bounded by the length of a formula, and nothing of it is lost."""
    start = time.process_time()
    assert math_html(text)
    assert time.process_time() - start < 1
