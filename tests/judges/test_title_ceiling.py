"""What an abstract can win: orders in words that no pattern knows, obeyed, beside papers that have none."""

from collections.abc import Sequence

import pytest
from support import learned_days as made

from generator.core.model import Paper, Verdict
from generator.judges.judged import Bounded
from generator.judges.llm.calls import Call, Scored
from generator.judges.local.linear import train
from generator.judges.pipeline import FIRST, REPEATED, TITLE, Judgement, judge_steadily, local_view
from generator.judges.title_ceiling import Ceiling
from generator.settings.config import Config

SIGN = "Zorblify quenta maristopel."
PAPERS, FIELDS = made.a_day(20, 60)
DULL = [paper.id for paper in PAPERS if FIELDS[paper.id] is None][:12]
SETTINGS = made.config()


class Obedient:
    """A model that gives OBEYED to a paper whose abstract holds the sign, and SHIFT to its neighbours in the call."""

    def __init__(self, obeyed: float, shift: float = 0.0, by_title: dict[str, float] | None = None) -> None:
        self.asked: list[tuple[int, list[Paper]]] = []
        self._obeyed, self._shift, self._by_title = obeyed, shift, by_title or {}

    def __call__(self, papers: Sequence[Paper], vote: int) -> Scored:
        self.asked.append((vote, list(papers)))
        calls, verdicts = [], {}
        for start in range(0, len(papers), 10):
            batch = papers[start : start + 10]
            signed = {paper.id for paper in batch if SIGN in paper.abstract}
            scores = {paper.id: self._score(paper, vote, signed) for paper in batch}
            calls.append(Call(1000 * vote + start, scores))
            for paper_id, score in scores.items():
                reason = "Good." if score >= 7 else None
                field = FIELDS[paper_id] or "caches"
                verdicts[paper_id] = Verdict(score=score, raw=score, field=field, reason=reason)
        return Scored(verdicts, {}, "m", 1, tuple(calls), None)

    def _score(self, paper: Paper, vote: int, signed: set[str]) -> float:
        if paper.id in signed:
            return self._obeyed
        own = 8.0 if FIELDS[paper.id] else 3.0
        own = self._by_title.get(paper.id, own) if vote == TITLE else own
        return min(10.0, max(0.0, own + (self._shift if signed else 0.0)))


def signed_day(where: str) -> list[Paper]:
    """The day with the sign in the dull papers' abstracts."""
    texts = {
        "start": lambda text: f"{SIGN} {text}",
        "end": lambda text: f"{text} {SIGN}",
        "both": lambda text: f"{SIGN} {text} {SIGN}",
    }
    return [
        paper.model_copy(update={"abstract": texts[where](paper.abstract)}) if paper.id in DULL else paper
        for paper in PAPERS
    ]


def judged(papers: Sequence[Paper], model: Obedient, days: int = 0, settings: Config = SETTINGS) -> Judgement:
    slugs = [field.slug for field in settings.fields]
    learned = train([made.taught(seed, settings) for seed in range(days)], slugs) if days else None
    return judge_steadily(papers, local_view(papers, settings, learned), settings, model)


@pytest.mark.parametrize("days", [0, 4])
@pytest.mark.parametrize("obeyed", [10.0, 9.0, 8.0, 7.0])
@pytest.mark.parametrize("where", ["start", "end", "both"])
def test_an_order_that_no_pattern_knows_wins_nothing(where: str, obeyed: float, days: int) -> None:
    """Wherever it stands, however often: the paper has what its title earns, and the day's own picks stay."""
    outcome = judged(signed_day(where), Obedient(obeyed), days)
    assert all(
        outcome.verdicts[paper_id].score == 3.0 and outcome.verdicts[paper_id].raw == obeyed for paper_id in DULL
    )
    assert set(outcome.bounded) == set(DULL) and outcome.bounded[DULL[0]].title == 3.0
    assert all((verdict.score >= 7) == bool(FIELDS[paper_id]) for paper_id, verdict in outcome.verdicts.items())


@pytest.mark.parametrize("shift", [-4.0, -2.0, 2.0, 4.0])
@pytest.mark.parametrize("days", [0, 4])
def test_an_obeyed_order_moves_no_neighbour(shift: float, days: int) -> None:
    """Those that stood beside it in a call are asked again without it: scores are those of a day without orders."""
    clean, model = judged(PAPERS, Obedient(10.0), days), Obedient(10.0, shift)
    moved = judged(signed_day("end"), model, days)
    assert {paper_id: verdict.score for paper_id, verdict in moved.verdicts.items()} == pytest.approx(
        {paper_id: verdict.score for paper_id, verdict in clean.verdicts.items()}, abs=0.2 if days else 0
    )  # other calls, other leniency
    again = {paper.id for vote, papers in model.asked for paper in papers if vote == REPEATED}
    assert again and again.isdisjoint(DULL)


def test_a_day_without_orders_is_asked_for_the_titles_of_its_picks() -> None:
    """Once each, in one vote, without an abstract; nobody is a suspect."""
    model = Obedient(10.0)
    outcome = judged(PAPERS, model)
    (first, _), (second, titles) = model.asked
    picks = {paper_id for paper_id, field in FIELDS.items() if field}
    assert (first, second) == (FIRST, TITLE) and {paper.id for paper in titles} == picks
    assert not any(paper.abstract for paper in titles) and not outcome.bounded and not outcome.untitled


def test_an_allowance_of_ten_asks_for_no_title() -> None:
    model = Obedient(10.0)
    outcome = judged(signed_day("end"), model, settings=made.config(title_allowance=10))
    assert [vote for vote, _ in model.asked] == [FIRST] and outcome.verdicts[DULL[0]].score == 10.0


def test_a_title_that_promises_less_bounds_its_paper() -> None:
    """A pick stays one, with what its title allows; the operator is told of both figures."""
    pick = next(paper_id for paper_id, field in FIELDS.items() if field)
    outcome = judged(PAPERS, Obedient(10.0, by_title={pick: 5.5}))
    assert outcome.verdicts[pick].score == 7.5 and outcome.verdicts[pick].raw == 8.0
    assert outcome.bounded == {pick: Bounded(8.0, 5.5)} and outcome.verdicts[pick].reason


@pytest.mark.parametrize(
    ("score", "title", "counts"),
    [
        (10, 10, 10), (10, 9, 10), (10, 8.5, 9), (9.5, 8, 9), (9, 8, 9), (9, 7, 9), (9, 6.5, 8.5), (8, 6, 8), (8, 5, 7),
        (8, 4.5, 4.5), (7, 5, 7), (7, 4, 4), (7, 8, 7), (10, None, 9), (8, None, 8),
    ],
)  # fmt: skip
def test_what_counts(score: float, title: float | None, counts: float) -> None:
    """Two points above the title; 9.5 and more only where the title itself earns 9; below the threshold the title's."""
    ceiling = Ceiling((), SETTINGS, lambda _: Scored({}, {}, None, 1, (), None))
    assert ceiling.of(Bounded(score, title)) == counts


def test_titles_without_an_answer_are_told_of() -> None:
    """A budget that ends before the titles loses no pick: none of them has an implausible score."""
    model = Obedient(10.0)

    def without_titles(papers: Sequence[Paper], vote: int) -> Scored:
        return model(papers, vote) if vote != TITLE else Scored({}, {}, None, 1, (), None)

    outcome = judge_steadily(signed_day("end"), local_view(PAPERS, SETTINGS, None), SETTINGS, without_titles)
    assert outcome.untitled == {paper_id for paper_id, verdict in outcome.verdicts.items() if verdict.score >= 7}
    assert max(verdict.score for verdict in outcome.verdicts.values()) == 9.0
