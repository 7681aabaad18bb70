"""The figures of agreement: numbers that others have published, numbers worked out by hand, and what is not defined."""

import itertools
import random

import pytest

from generator.evaluate.metrics import (
    LEAST_GROUPS,
    Label,
    Pair,
    auc,
    average_ranks,
    f1,
    field_figures,
    figures,
    interval,
    kappa,
    recall_at,
    reliability,
    resampled,
    spearman,
    units_of,
)


def pair(reference: bool, judge: bool, score: float | None = None, group: str = "a", **more: object) -> Pair:
    """A paper; more: field and reference_score of the reference, judge_field of the judge."""
    told = Label(reference, more.get("reference_score"), more.get("field"))  # type: ignore[arg-type]
    return Pair(group, told, Label(judge, score, more.get("judge_field", more.get("field"))))  # type: ignore[arg-type]


def of_labels(truth: str, predicted: str) -> list[Pair]:
    """Papers whose labels are the digits of both strings."""
    return [pair(own == "1", other == "1") for own, other in zip(truth, predicted, strict=True)]


def test_auc_is_that_of_scikit_learns_example() -> None:
    """roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) is 0.75 in its documentation."""
    assert auc([(0.1, False), (0.4, False), (0.35, True), (0.8, True)]) == 0.75


def test_auc_is_the_share_of_pairs_in_the_right_order() -> None:
    """Ties count a half: compared with the definition, pair by pair, on seeded scores with many ties."""
    chance = random.Random(5)
    rows = [(float(chance.randint(0, 6)), chance.random() < 0.4) for _ in range(80)]
    yes, no = [score for score, picked in rows if picked], [score for score, picked in rows if not picked]
    won = sum((own > other) + (own == other) / 2 for own, other in itertools.product(yes, no))
    assert auc(rows) == pytest.approx(won / (len(yes) * len(no)), abs=1e-12)


def test_kappa_is_that_of_the_textbook() -> None:
    """Of 50 papers both pick 20 and neither 15, one alone 5, the other alone 10: 0.4, the usual first example."""
    assert kappa(50, 25, 30, 20) == pytest.approx(0.4)


def test_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    """Of three picks two are found and nothing else: precision 1, recall 2/3, so 0.8; and it is symmetric."""
    found = figures(of_labels("010011", "010010"), 10)
    assert found.f1 == pytest.approx(0.8)
    assert figures(of_labels("010010", "010011"), 10).f1 == found.f1
    assert (found.papers, found.reference, found.judge, found.both) == (6, 3, 2, 2)


def test_spearman_is_that_of_scipys_example() -> None:
    """spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) is 0.8207826816681233 in its documentation."""
    assert spearman([(1, 5), (2, 6), (3, 7), (4, 8), (5, 7)]) == pytest.approx(0.8207826816681233)


def test_equal_values_share_their_mean_rank() -> None:
    """As scipy.stats.rankdata([0, 2, 3, 2]) does: 1, 2.5, 4, 2.5."""
    assert average_ranks([0, 2, 3, 2]) == [1, 2.5, 4, 2.5]


@pytest.mark.parametrize("kind", [True, False])
def test_one_sided_labels_leave_figures_undefined(kind: bool) -> None:
    """All picked, or none: no AUC, and no crash; no paper at all is no agreement either."""
    found = figures([pair(kind, kind, 8.0) for _ in range(4)], 2)
    assert found.auc is None and found.kappa is None and found.spearman is None
    assert found.f1 == (1.0 if kind else None)
    empty = figures([], 2)
    assert (empty.f1, empty.kappa, empty.auc, empty.recall, empty.field) == (None,) * 5
    assert f1(0, 0, 0) is None and spearman([(1, 2), (2, 1)]) is None


def test_recall_at_k_counts_the_top_of_each_list() -> None:
    """Two lists of four: the first has one of its one picks in the top two, the second one of two."""
    first = [pair(True, True, 9), pair(False, False, 8), pair(False, False, 1), pair(False, False, 0)]
    second = [pair(picked, False, score, "b") for picked, score in ((True, 9), (False, 8), (True, 2), (False, 1))]
    assert recall_at([*first, *second], 2) == pytest.approx(2 / 3)


def test_ties_for_the_last_place_count_by_their_share() -> None:
    """One place is left for four papers of one score, of which one is a pick: a quarter of it is found."""
    papers = [pair(True, True, 9), *(pair(number == 0, False, 5) for number in range(4))]
    assert recall_at(papers, 2) == pytest.approx((1 + 1 / 4) / 2)


def test_more_picks_than_k_can_still_be_found_in_full() -> None:
    """Three picks, a top of two: 1 where both are picks; a list of two papers says nothing of its top two."""
    assert recall_at([pair(True, True, 9), pair(True, True, 8), pair(True, False, 3)], 2) == 1.0
    assert recall_at([pair(True, True, 9), pair(False, False, 8)], 2) is None


def test_a_paper_without_a_score_stands_last() -> None:
    """A reference that scores its picks only can still be held against another judge's picks."""
    found = figures([pair(True, True, 7), pair(False, False, None), pair(False, False, 0.0)], 1)
    assert found.auc == 1.0 and found.recall == 1.0


def test_a_field_counts_its_own_picks() -> None:
    """A pick that the judge gives another field is missed in one and wrong in the other, though a pick of both."""
    papers = [
        pair(True, True, 9, field="x", reference_score=9.0),
        pair(True, True, 8, field="x", judge_field="y"),
        pair(True, False, 2, field="y"),
        pair(False, False, 5),
    ]
    x, y, whole = field_figures(papers, "x", 2), field_figures(papers, "y", 2), figures(papers, 2)
    assert (x.reference, x.judge, x.both) == (2, 1, 1)
    assert (y.reference, y.judge, y.both) == (1, 1, 0)
    assert x.auc == 1.0, "the pick with field y is no paper that should stand below"
    assert y.auc == 0.0
    assert whole.field == 0.5 and x.field is None


def test_reliability_is_the_share_of_picks_by_score() -> None:
    """Scores are rounded down; the interval is Wilson's: 1 of 2 gives 0.0945 to 0.9055."""
    found = reliability([pair(True, True, 7.5), pair(False, True, 7.0), pair(False, False, 3), pair(True, True, None)])
    assert [(share.score, share.papers, share.share) for share in found] == [(3, 1, 0.0), (7, 2, 0.5)]
    assert found[1].low == pytest.approx(0.0945, abs=1e-4)
    assert found[1].high == pytest.approx(0.9055, abs=1e-4)


def test_intervals_are_seeded_and_hold_the_figure() -> None:
    """The same seed draws the same; the interval gets narrower with more papers."""
    chance = random.Random(3)
    papers = [pair(chance.random() < 0.5, chance.random() < 0.5, 10 * chance.random()) for _ in range(400)]
    assert resampled(papers, 1) == resampled(papers, 1) != resampled(papers, 2)
    wide, narrow = (interval([sample.f1 for sample in resampled(some, 1)]) for some in (papers[:50], papers))
    assert wide is not None and narrow is not None
    assert narrow[1] - narrow[0] < wide[1] - wide[0]
    value = figures(papers, 10).f1
    assert value is not None and narrow[0] < value < narrow[1]
    assert interval([None, None, 1.0]) is None and interval([]) is None and resampled([], 1) == []


def test_whole_days_are_drawn_where_there_are_enough() -> None:
    """Papers of one day share its calls: eight days are drawn as days; seven are too few."""
    papers = [pair(True, True, 8, str(number % LEAST_GROUPS)) for number in range(24)]
    assert units_of(papers)[0] == "days" and len(units_of(papers)[1]) == LEAST_GROUPS
    assert units_of(papers[: LEAST_GROUPS - 1])[0] == "papers"


def test_the_share_of_one_field_is_of_the_picks_of_both() -> None:
    """Two of three papers that both pick are given the same field."""
    fields = [("a", "a"), ("b", "b"), ("a", "b")]
    pairs = [Pair("d", Label(True, 8.0, first), Label(True, 8.0, other)) for first, other in fields]
    assert figures([*pairs, Pair("d", Label(True, 8.0, "a"), Label(False, 3.0, "a"))], 10).field == pytest.approx(2 / 3)
