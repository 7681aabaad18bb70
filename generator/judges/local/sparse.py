"""Sparse rows and Adagrad's step, for what is learned in plain Python.

A row is kept as packed numbers and values: 12 bytes a term, as a pair of Python's numbers some 90.
"""

import math
from array import array
from collections.abc import Iterable, Sequence
from operator import mul
from typing import NamedTuple

SETTLED = 0.02
"""An answer that is right within this moves no weight: a third of the time of training, most of it with fields."""


class SparseRow(NamedTuple):
    """What is not 0 of a paper: numbers of features, and as many values."""

    places: "array[int]"
    values: "array[float]"


def row_of(places: Iterable[int], values: Iterable[float]) -> SparseRow:
    """The row of features by their PLACES, with as many VALUES."""
    return SparseRow(array("i", places), array("d", values))


def dot(row: SparseRow, weights: Sequence[float]) -> float:
    """The sum of ROW's values, each with its weight."""
    return float(sum(map(mul, map(weights.__getitem__, row.places), row.values)))


def step(row: SparseRow, slope: float, weights: list[float], seen: list[float], rate: float) -> None:
    """Move WEIGHTS against SLOPE, each by its own pace: what moved often (SEEN: its squares) moves less."""
    root = math.sqrt
    for place, value in zip(*row, strict=True):
        part = slope * value
        past = seen[place] = seen[place] + part * part
        weights[place] -= rate * part / root(past)
