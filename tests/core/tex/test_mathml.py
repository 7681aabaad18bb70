"""TeX as mathematics: what can be shown is, what cannot stays readable, nothing gets through."""

import lxml.html
import pytest

from generator.core.tex import math_html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain & <b>", "plain &amp; &lt;b&gt;"),
        ("an $x^2$ here", 'an <math alttext="x^2" data-text="x²"><msup><mi>x</mi><mn>2</mn></msup></math> here'),
        (r"$\mathbf{W}$", r'<math alttext="\mathbf{W}" data-text="W"><mi>𝐖</mi></math>'),
        ("from $5 to $10", "from $5 to $10"),
        (r"\textbf{DENSE}: 40\% less", "DENSE: 40% less"),
        (r"$x$ of 40\% $y$", "<math><mi>x</mi></math> of 40% <math><mi>y</mi></math>"),
        (r"$0.8\pm0.1$", r'<math alttext="0.8\pm0.1"><mn>0.8</mn><mo>±</mo><mn>0.1</mn></math>'),
        ("$x=-1$", '<math><mi>x</mi><mo>=</mo><mo lspace="0" rspace="0">−</mo><mn>1</mn></math>'),
        (r"$50{,}000$", '<math alttext="50{,}000"><mn>50,000</mn></math>'),
        (
            r"$\lfloor x\rfloor$",
            r'<math alttext="\lfloor x\rfloor"><mo stretchy="false">⌊</mo><mi>x</mi><mo stretchy="false">⌋</mo></math>',
        ),
        (r"$a\\ b$", r'<math alttext="a\\ b"><mi>a</mi> <mspace width="0.333em"></mspace><mi>b</mi></math>'),
        (r"$\'e$", r"""<math alttext="\&#x27;e"><mi>é</mi></math>"""),
        (r"$\'{ab}$", r"""<math alttext="\&#x27;{ab}"><mi>á</mi><mi>b</mi></math>"""),
        (
            r"$\'{\frac ab}$",
            r"""<math alttext="\&#x27;{\frac ab}" data-text="a/b"><mfrac><mi>a</mi> <mi>b</mi></mfrac></math>""",
        ),
        (r"$\~{n}$", r"""<math alttext="\~{n}"><mi>ñ</mi></math>"""),
        (
            r"$\left(a\right.$",
            r'<math alttext="\left(a\right."><mo>(</mo><mi>a</mi></math>',
        ),
        ("$x=$", '<math><mi>x</mi><mo rspace="0">=</mo></math>'),
        ("$x yz$", '<math><mi>x</mi> <mspace width="0.25em"></mspace><mi>y</mi><mi>z</mi></math>'),
        ("$x+ yz$", "<math><mi>x</mi><mo>+</mo> <mi>y</mi><mi>z</mi></math>"),
        (r"$n\log n$", None),
        ("$", "$"),
        ("", ""),
    ],
)
def test_a_title_is_shown_as_its_authors_meant_it(text: str, shown: str | None) -> None:
    """Formulas become MathML that says its source, text commands vanish, prices stay prices."""
    assert math_html(text) == shown or (shown is None and "0.167em" in math_html(text))


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Top-$k$ search", ["Top-", ""]),
        ("of ($x$), or", ["(", "),"]),
        ("a $D^2$-Bench, made up", ["", "-Bench,"]),
        ("256$\\times$256 patches", ["256", "256"]),
        ("用$x$，得到$y$的值", ["用", "，"]),
        ("证明的$(a, b)$认证，对", ["的", "认"]),
    ],
)
def test_a_formula_and_the_signs_it_touches_stay_on_one_line(text: str, held: list[str]) -> None:
    """Both browsers break a line between a formula and a comma: only a span that does not wrap holds them."""
    tree = lxml.html.fromstring(f"<p>{math_html(text)}</p>")
    span = tree.find("span")
    assert span is not None and span.get("class") == "tex"
    assert [span.text or "", span[-1].tail or ""] == held


@pytest.mark.parametrize("formula", [r"\frac{a}{", r"\left( a", r"\nosuchcommand{x}", r"x^2^3", r"\begin{matrix} a"])
def test_a_broken_formula_stays_readable(formula: str) -> None:
    """No error, and its signs are there."""
    tree = lxml.html.fromstring(f"<p>a {math_html(f'${formula}$')} b</p>")
    text = "".join(map(str, tree.itertext()))
    assert text.startswith("a ") and text.endswith(" b") and len(text) > 4


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
        r"\unicode{x3c}script\unicode{x3e}",
        r'x" onclick="alert(1)',
    ],
)
def test_a_formula_brings_no_markup_of_its_own(formula: str) -> None:
    """Of HTML's elements and attributes, only the harmless ones of MathML come out."""
    tree = lxml.html.fromstring(f"<p>{math_html(f'${formula}$')}</p>")
    names = {element.tag for element in tree.iter()}
    assert names <= {"p", "math", "mrow", "mi", "mn", "mo", "mtext", "mstyle", "mspace", "span"}
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert attributes <= {"mathvariant", "stretchy", "lspace", "rspace", "width", "alttext", "data-text", "class"}
