"""Vectors of length 1: what TF-IDF is compared and learned by."""

import math
from collections.abc import Collection


def unit(values: Collection[float]) -> list[float]:
    """VALUES as a vector of length 1; zeros stay zeros."""
    length = math.sqrt(math.fsum(value * value for value in values)) or 1.0
    return [value / length for value in values]
