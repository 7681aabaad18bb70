"""Answers that stand beside the wrong ids are found by what the reasons name."""

import pytest

from generator.core.model import Paper
from generator.judges.llm.misplaced import is_misplaced, marks

METHODS = ["GraphLoRA", "VoxFormer", "TinyMoE", "SafeRank", "DeltaKV", "RoboCLIP", "MathTree", "LongSpec", "OmniAudio"]
PAPERS = [
    Paper(
        id=f"2601.{number:05}", title=f"{name}: a study of models", authors=(),
        abstract=f"We propose {name} for models. It uses {name}-Net on a benchmark.",
        categories=("cs.LG",), submitted=None,
    )
    for number, name in enumerate(METHODS, 1)
]  # fmt: skip
KNOWN = marks(PAPERS)
IDS = [paper.id for paper in PAPERS]
REASONS = {paper.id: f"提出{name}框架" for paper, name in zip(PAPERS, METHODS, strict=True)}


def moved(first: int, last: int, step: int) -> dict[str, str | None]:
    """REASONS, of which those of the papers FIRST to LAST stand STEP papers further on, in a ring."""
    run = IDS[first : last + 1]
    return {**REASONS, **{paper: REASONS[run[(place - step) % len(run)]] for place, paper in enumerate(run)}}


def test_marks_are_the_words_of_one_paper_alone() -> None:
    """What all titles hold tells nothing; of abstracts the names count."""
    assert KNOWN[IDS[0]] == {"graphlora"}


@pytest.mark.parametrize("step", [-1, 1])
@pytest.mark.parametrize(("first", "last"), [(0, 8), (4, 8), (0, 4), (3, 5), (3, 4)])
def test_reasons_beside_the_wrong_papers_are_found(first: int, last: int, step: int) -> None:
    """All of a call moved on by one, those from its middle on, or two in between."""
    assert is_misplaced(moved(first, last, step), KNOWN)


@pytest.mark.parametrize(
    "reasons",
    [
        REASONS,
        {},
        dict.fromkeys(IDS, "对大模型有启发"),
        dict.fromkeys(IDS),
        dict.fromkeys(IDS[3:6], "It trains VoxFormer"),
        {**REASONS, IDS[4]: "Unlike VoxFormer and SafeRank, DeltaKV prunes; DeltaKV-Net is fast"},
        {IDS[2]: "TinyMoE goes beyond SafeRank"},
    ],
)  # fmt: skip
def test_reasons_in_their_places_are_left_alone(reasons: dict[str, str | None]) -> None:
    """Also where they tell nothing, or compare with a neighbour."""
    assert not is_misplaced(reasons, KNOWN)


def test_a_call_of_one_paper_has_no_neighbours() -> None:
    """Its answer is its own."""
    alone = marks(PAPERS[:1])
    assert not is_misplaced({IDS[0]: REASONS[IDS[1]]}, alone) and not is_misplaced({}, {})
