"""Formulas in Chromium: spaced as TeX spaces them, never torn from the signs that they touch."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser, Page

from generator.core.tex import math_html

CSS = ".tex { white-space: nowrap } .tex--wide { display: inline-block; max-width: 100%; overflow: auto hidden }"
WIDTH = "[...document.querySelectorAll('math')].map(formula => formula.getBoundingClientRect().width)"
EM = 100
THIN, MEDIUM, THICK = EM / 6, EM * 4 / 18, EM * 5 / 18


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Page:
    return browser.new_page()


def widths(page: Page, formulas: Sequence[str]) -> list[float]:
    shown = "".join(f"<div>{math_html(f'${formula}$')}</div>" for formula in formulas)
    page.set_content(f"<style>math {{ font-size: {EM}px }}</style>{shown}")
    return list(page.evaluate(WIDTH))


@pytest.mark.parametrize(
    ("formula", "parts", "gap"),
    [
        (r"a\pm b", ["a", r"\pm", "b"], 2 * MEDIUM),
        (r"a\times b", ["a", r"\times", "b"], 2 * MEDIUM),
        (r"a\sim b", ["a", r"\sim", "b"], 2 * THICK),
        (r"a\mid b", ["a", r"\mid", "b"], 2 * THICK),
        (r"a:b", ["a", ":", "b"], 2 * THICK),
        (r"\lfloor a\rfloor", [r"\lfloor", "a", r"\rfloor"], 0),
        (r"|a|", ["|", "a", "|"], 0),
        (r"\log n", [r"\log", "n"], THIN),
        (r"n\log n", ["n", r"\log", "n"], 2 * THIN),
        (r"\log(n)", [r"\log", "(", "n", ")"], 0),
        (r"a\,b", ["a", "b"], THIN),
        (r"a\;b", ["a", "b"], THICK),
        (r"a\quad b", ["a", "b"], EM),
        (r"(-a)", ["(", "-", "a", ")"], 0),
        (r"f(a,b)", ["f", "(", "a", ",", "b", ")"], THIN),
        (r"50{,}000", ["50", "{,}", "000"], 0),
    ],
)
def test_formulas_are_spaced_as_tex_spaces_them(blank: Page, formula: str, parts: list[str], gap: float) -> None:
    """The width of the whole is that of its parts and TeX's gaps, to a hundredth of an em."""
    whole, *alone = widths(blank, [formula, *parts])
    assert whole == pytest.approx(sum(alone) + gap, abs=0.02 * EM)


TORN = """() => [...document.querySelectorAll('.tex:not(.tex--wide)')].filter(span => {
  const lines = [...span.getClientRects()].map(box => Math.round(box.top / 8));
  return new Set(lines).size > 1;
}).map(span => span.textContent)"""
LOOSE = """() => [...document.querySelectorAll('math')].filter(formula => {
  const next = formula.nextSibling?.data?.[0] ?? formula.parentElement.nextSibling?.data?.[0] ?? ' ';
  return !formula.closest('.tex') && /[^\\s]/.test(next);
}).length"""


def test_no_formula_is_torn_from_the_signs_it_touches(blank: Page) -> None:
    """200 formulas at every width of a screen from a phone's to a laptop's."""
    forms = [
        "of ($x_{0}$), or",
        "Top-$k{0}$ accuracy",
        "$D^{0}$-Bench, and",
        "{0}$\\times$256 of",
        "for $n$'s $<${0}% of",
    ]
    text = " ".join(form.replace("{0}", str(number)) for number in range(40) for form in forms)
    blank.set_content(f"<style>{CSS}</style><p>{math_html(text)}</p>")
    assert blank.evaluate("document.querySelectorAll('math').length") >= 200
    for width in range(320, 1367, 61):
        blank.set_viewport_size({"width": width, "height": 800})
        assert blank.evaluate(TORN) == []
        assert blank.evaluate("document.documentElement.scrollWidth") <= width
    assert blank.evaluate(LOOSE) == 0
