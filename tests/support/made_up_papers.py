"""Papers made up by a seed, with what is hard for bibliographies: formulas of every command, money, accents, teams."""

import random
from collections.abc import Iterator

from generator.core.model import Paper
from generator.core.tex import symbols

_WORDS = [
    *[
        "Learning",
        "Graphs",
        "with",
        "Fast",
        "Sparse",
        "Attention",
        "for",
        "3D",
        "Scenes",
        "and",
        "LFM2",
        "Agents",
        "of",
    ],
    *[
        "Agents",
        "Bézier",
        "on",
        "CIFAR-10",
        "via",
        "Café",
        "GPT-4o",
        "in",
        "Schrödinger",
        "naïve",
        "iPhone",
        "R&D",
        "C#",
    ],
    *["snake_case", "Q&A", "50%", "~10", "vs.", "{braces}", "10^{-3}", "x_i", "T5", "S23DR"],
]
_PIECES = [
    "$<$5% of costs", r"\$5 and $x$", "from $5 to $10", "$O(n \\log n)$", "$95%$", "``quoted'' words",
    "Kolmogorov--Arnold",
    r"\textbf{Bold$^{2}$}", r"360{\deg}", r"$\frac{a+b}{2}$", r"M$^2$OE", r"\emph{so} it is", r"P\textsuperscript{2}",
    r"$\begin{pmatrix} a & b \\ c & d \end{pmatrix}$", r"$\text{max $k$}$", r"\unknown{word}", r"$\unknown{w}$", "H_2O",
    r"$\sqrt[3]{x}$", r"$50{,}000$", "A--B---C", "don't", r"M\"obius", r"\'Etale", "5′ × 3″", "α-β ≥ γ", "x² → y₁",
]  # fmt: skip
_GIVEN = [
    *["Ada", "Jean-Luc", "Björn", "Łukasz", "Đorđe", "Þór", "José", "María", "A.", "J.-P.", "Nguyễn", "Zoë", "İlker"],
    *["Şule", "Þórdís", "O."],
]
_FAMILY = [
    *["Lovelace", "Erdős", "Gödel", "Çelik", "Wałęga", "Ångström", "Ørsted", "O'Brien", "Smith-Jones", "Müller"],
    *["Nguyễn", "Bērziņa", "Groß", "Ďurovič", "Ṡliwa"],
]
_PARTICLES = ["", "", "", "van der ", "de ", "von ", "al "]
_SUFFIXES = ["", "", "", "", " Jr.", " III"]
_TEAMS = ["The ABC Collaboration", "Huawei LLM Team", "for the X team", "Research and Development Group", "A & B Inc."]


def _formulas() -> list[str]:
    """Every command that we know, in a formula."""
    arguments = {**dict.fromkeys(symbols.ACCENTS, "{x}"), **dict.fromkeys(symbols.STYLES, "{ab}")}
    names = sorted({*symbols.SYMBOLS, *symbols.FUNCTIONS, *arguments} - {"digamma"})  # whose glyph PDFs call a "z"
    return [rf"$x \{name}{arguments.get(name, ' y')}$" for name in names]


def made_up_papers(count: int, seed: int = 1) -> Iterator[Paper]:
    """COUNT papers; the first ones hold every command once."""
    chance = random.Random(seed)
    formulas = _formulas()
    for number in range(count):
        formula = formulas[number % len(formulas)]
        parts = [*chance.choices(_WORDS, k=chance.randint(3, 9)), *chance.choices(_PIECES, k=chance.randint(0, 2))]
        parts.insert(chance.randint(1, len(parts)), formula)
        authors = [_author(chance) for _ in range(chance.randint(1, 5))]
        yield Paper(
            id=f"2601.{number + 1:05}",
            title=" ".join(parts),
            authors=tuple(dict.fromkeys(authors)),
            categories=("cs.LG", "math.AG"),
            submitted=None,
            journal_ref=chance.choice([None, r"J. of R\&D 5 (2025) 1--9, 50% off"]),
            doi=chance.choice([None, "10.1000/x_(y)<z>&#1"]),
        )


def _author(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(_TEAMS)
    family = f"{chance.choice(_PARTICLES)}{chance.choice(_FAMILY)}{chance.choice(_SUFFIXES)}"
    return f"{chance.choice(_GIVEN)} {family}"
