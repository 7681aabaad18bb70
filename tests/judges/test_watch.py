"""What the operator always shows and what never: found whatever the spelling, and nothing else."""

import pytest
from support import archive

from generator.judges.watch import always, is_same_person, never
from generator.settings.config import Always, Config, Never


def configured(always: Always | None = None, never: Never | None = None) -> Config:
    return archive.config().model_copy(update={"always": always or Always(), "never": never or Never()})


@pytest.mark.parametrize(
    ("word", "title", "is_found"),
    [
        ("diffusion model", "On Diffusion Models for All", True),
        ("diffusion-model", "A diffusion\n model", True),
        ("Kähler", "Kahler manifolds", True),
        ("kahler", r"K\"ahler manifolds", True),
        ("C++", "Faster C++ compilers", True),
        ("RAG", "Fragments of RAG-based search", True),
        ("RAG", "Fragments of a storage", False),
        ("state space", "statespace", False),
        ("gas", "Gases in galaxies", True),
    ],
)
def test_words_are_found_as_people_write_them(word: str, title: str, is_found: bool) -> None:
    """Case, accents, hyphens, line breaks and plurals do not count; a part of a word is no word."""
    config = configured(Always(words=("zebra", word)))
    for paper in (archive.paper(1, title=title), archive.paper(1, title="x", abstract=title)):
        assert always(paper, config) == (word if is_found else None)


@pytest.mark.parametrize(
    ("listed", "author", "is_same"),
    [
        ("Yann LeCun", "Yann LeCun", True),
        ("LeCun Yann", "Yann LeCun", True),
        ("Yann LeCun", "Yann A. LeCun", True),
        ("Y. LeCun", "Yann LeCun", True),
        ("Yann LeCun", "Y. LeCun", False),
        ("Wei Wang", "Wei-Ning Wang", False),
        ("Jose Garcia", "José García", True),
        ("Ludwig van Beethoven", "Ludwig van Beethoven", True),
        ("Kaiming He", "Kaiming Hu", False),
        ("ATLAS Collaboration", "ATLAS Collaboration", True),
    ],
)
def test_persons_are_found_by_name(listed: str, author: str, is_same: bool) -> None:
    """An initial stands for any name that begins so; who is listed in full is not found under an initial."""
    assert is_same_person(listed, author) == is_same


def test_always_goes_before_never() -> None:
    """Whoever names an author wants the paper, in whichever category."""
    paper = archive.paper(1, authors=("Ann Lee",), categories=("cs.RO", "cs.CR"))
    hidden = Never(categories=("cs.CR",))
    assert never(paper, configured(never=hidden)) == "cs.CR"
    both = configured(Always(authors=("Ann Lee",)), hidden)
    assert (always(paper, both), never(paper, both)) == ("Ann Lee", None)
