"""Citations: what is told of a paper of which little is known, and the keys."""

import pytest
from support import archive

from generator.publish.citations import bibtex, facts_of, ris


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"title": "The Way of the Tokens"}, "lee2026way"),
        ({"title": "Äpfel & $x^2$ birds"}, "lee2026apfel"),
        ({"title": "On A"}, "lee2026"),
        ({"title": "Tokens", "authors": ()}, "anonymous2026tokens"),
    ],
)
def test_a_key_is_family_name_year_and_the_first_word_that_says_something(changes: dict[str, object], key: str) -> None:
    """In ASCII, as BibTeX wants it."""
    facts = facts_of(archive.paper(2, authors=("Ann Lee",)).model_copy(update=changes))
    assert facts.key == key and bibtex(facts).startswith(f"@misc{{{key},\n")


@pytest.mark.parametrize(
    ("arxiv_id", "year"), [("2601.00002", 2026), ("0704.0001", 2007), ("hep-th/9108001", 1991), ("math/0012345", 2000)]
)
def test_without_a_date_the_id_tells_the_year(arxiv_id: str, year: int) -> None:
    """Where only RSS or a predecessor's page was read: no month and no day are invented."""
    facts = facts_of(archive.paper(2).model_copy(update={"id": arxiv_id, "submitted": None}))
    assert (facts.year, facts.month, facts.day) == (year, None, None)
    assert f"year = {{{year}}}" in bibtex(facts) and "month" not in bibtex(facts)
    assert f"PY  - {year}" in ris(facts) and "DA  -" not in ris(facts)


def test_letters_of_mathematics_are_commands_of_latex() -> None:
    """As the alphabets of amssymb, which any LaTeX can set."""
    entry = bibtex(facts_of(archive.paper(2, title="In ℝ, 𝐱 and 𝒢")))
    assert all(command in entry for command in (r"\mathbb{R}", r"\mathbf{x}", r"\mathcal{G}")), entry
