"""Citations, read by the tools of those who cite: LaTeX, biber, pandoc, rispy, whichever are at hand."""

from pathlib import Path

import pytest
from support.bibliographies import distinct, faults, installed
from support.made_up_papers import made_up_papers

from generator.publish.citations import bibtex, facts_of

PAPERS = {"biber + lualatex": 100}
"""LuaLaTeX takes a second for twenty papers: the bench gives it all."""


def test_the_braces_of_an_entry_are_balanced() -> None:
    """Whatever stands in a title, a name, a DOI or a journal."""
    for _, facts in distinct(made_up_papers(300)):
        depth = 0
        for sign in bibtex(facts).replace(r"\{", "").replace(r"\}", ""):
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0, facts.title
        assert depth == 0, facts.title


def test_pandoc_keeps_capitals_beside_digits() -> None:
    """It makes "3d" of "3D" where all words of a title begin with capitals."""
    (paper,) = made_up_papers(1)
    titles = {"S23DR, $A4$ and 3D": "S23DR, $A4$ and 3D", "LFM2: $A4$ 3D": "LFM{2}: $A4$ {3}D"}
    for title, written in titles.items():
        assert f"{{{{{written}}}}}" in bibtex(facts_of(paper.model_copy(update={"title": title})))


if installed():

    @pytest.mark.slow
    @pytest.mark.parametrize("tool", installed())
    def test_no_tool_fails_or_loses_a_sign(tool: str, tmp_path: Path) -> None:
        """Over a seeded five hundred, which hold every command that we know."""
        entries = distinct(made_up_papers(PAPERS.get(tool, 500)))
        assert faults(tool, entries, tmp_path) == ([], [])
