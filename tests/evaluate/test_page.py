"""The plots on the page of `eval`: what is drawn is where its number says, and nothing covers anything else."""

from collections import Counter
from itertools import pairwise

import pytest
from support import archive

from generator.evaluate.metrics import Figures, ReliabilityBin
from generator.evaluate.page import BOTTOM, LEFT, RIGHT, SCORES, TOP, _bars, _curve, _f1_bar, _field, _round_up


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, 4), (1, 4), (4, 4), (5, 8), (8, 8), (9, 20), (20, 20), (21, 40), (40, 40), (41, 80), (801, 2000)],
)
def test_the_highest_line_is_a_number_whose_quarter_reads_well(most: int, top: int) -> None:
    """And no higher than it must be: a value that is such a number is the top itself."""
    assert _round_up(most) == top


def test_bars_stand_side_by_side_in_the_column_of_their_score() -> None:
    """The judge's left of the reference's; the highest of all is a round number's part of the plot."""
    full = Counter(dict.fromkeys(SCORES, 2))
    plot = _bars("x", full, full, 7.0)
    column = (RIGHT - LEFT) / len(SCORES)
    assert [bar.kind for bar in plot.bars] == ["judge", "reference"] * len(SCORES)
    assert all(left.x + left.width <= right.x for left, right in pairwise(plot.bars))
    for place, bar in enumerate(plot.bars):
        assert LEFT + column * (place // 2) <= bar.x
        assert bar.x + bar.width <= LEFT + column * (place // 2 + 1)
        assert bar.width > column / 3 and bar.height == (BOTTOM - TOP) / 2 and bar.y + bar.height == BOTTOM
    assert [mark.text for mark in plot.grid] == ["0", "1", "2", "3", "4"]


def test_a_dot_stands_over_its_score_as_high_as_its_share_and_larger_for_more_papers() -> None:
    """A quarter of the papers has half the width; the words below stand where the dots do."""
    plot = _curve("x", [ReliabilityBin(0, 100, 0.0, 0.0, 0.5), ReliabilityBin(10, 25, 1.0, 0.5, 1.0)], 7.0)
    low, high = plot.points
    assert (low.x, high.x) == (plot.ticks[0].x, plot.ticks[10].x)
    assert low.x - LEFT == pytest.approx(RIGHT - high.x, abs=0.1) and low.x > LEFT
    assert (low.y, high.y) == (BOTTOM, TOP) and low.high == high.low == (BOTTOM + TOP) / 2
    assert low.r == 2 * high.r
    assert plot.path.startswith("M") and plot.path.count("M") == plot.path.count("L") == 1


def test_f1_is_drawn_in_percent_and_nothing_where_there_is_none() -> None:
    """In the table of fields and in each judge's own."""
    found = Figures(10, 4, 4, 2, 0.5, None, None, None, None, None)
    assert _f1_bar(found)["part"] == _field("agents", found, archive.config())["part"] == 50
    assert _f1_bar(None)["part"] == _field("agents", found._replace(f1=None), archive.config())["part"] == 0
