r"""TeX in what papers say: read once into a small tree, written as HTML with MathML, as Unicode and as LaTeX.

    read        a text as pieces of prose and formulas
    math_html   for pages: formulas as MathML
    to_unicode  for feeds, page titles, search, RIS, JSON-LD, terminals
    to_latex    for BibTeX
    title_text  as it is recorded: accents as Unicode, formulas as they were

Whatever an author wrote comes back from each of them without a lost word, number or sign; none of them raises.
"""

from generator.core.tex.dollars import formula_spans
from generator.core.tex.latex import to_latex
from generator.core.tex.mathml import marked_html, math_html, pieces_html
from generator.core.tex.reader import has_tex, read, title_text
from generator.core.tex.tree import Formula, Piece, Text
from generator.core.tex.unicode import to_unicode

__all__ = [
    "Formula",
    "Piece",
    "Text",
    "formula_spans",
    "has_tex",
    "marked_html",
    "math_html",
    "pieces_html",
    "read",
    "title_text",
    "to_latex",
    "to_unicode",
]
