"""The categories of arXiv (arxiv.org/category_taxonomy), by which config.toml is checked."""

import functools
from importlib.resources import files
from typing import NamedTuple


class Category(NamedTuple):
    """One category by its names."""

    english: str
    chinese: str


@functools.cache
def taxonomy() -> dict[str, Category]:
    """Every category by its id, from taxonomy.tsv."""
    text = files("generator.core").joinpath("taxonomy.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {name: Category(english, chinese) for name, english, chinese in rows}


CATEGORIES = frozenset(taxonomy())

ALIASES = {
    "cs.NA": "math.NA",
    "cs.SY": "eess.SY",
    "math.IT": "cs.IT",
    "math.MP": "math-ph",
    "stat.TH": "math.ST",
    "q-fin.EC": "econ.GN",
}
"""Two names of one category each; no paper has the first as its primary one (arxiv-base's taxonomy)."""
