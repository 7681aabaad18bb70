"""Which papers are asked about together: decided by the day alone, so that a run that was killed asks on as planned."""

import datetime as dt
import hashlib
import itertools
import math
from collections.abc import Collection, Iterable, Sequence

from generator.core.model import Paper

Batch = tuple[Paper, ...]


def day_seed(day: dt.date, profile: str) -> int:
    """The seed of the order in which a day's papers are put into batches."""
    return int(hashlib.sha256(f"{day} {profile}".encode()).hexdigest()[:8], 16)


def plan(
    papers: Iterable[Paper], answered: Collection[str], size: int, seed: int, alone: Collection[str] = ()
) -> list[Batch]:
    """Batches of at most SIZE papers, shuffled by SEED, of nearly equal length; those in ALONE by themselves.

    Batches are made of all papers and lose those ALONE and the ANSWERED ones then, so that the rest keeps its company:
    no paper moves its neighbours by what it says. What is left of batches that were begun is put together.
    """
    order = sorted(papers, key=lambda paper: hashlib.sha256(f"{seed} {paper.id}".encode()).digest())
    whole: list[Batch] = []
    begun: list[Paper] = []
    for batch in split(order, size):
        company = tuple(paper for paper in batch if paper.id not in alone)
        left = tuple(paper for paper in company if paper.id not in answered)
        if left and len(left) == len(company):
            whole.append(left)
        else:
            begun.extend(left)
    single = split([paper for paper in order if paper.id in alone and paper.id not in answered], 1)
    return whole + split(begun, size) + single


def split(papers: Sequence[Paper], size: int) -> list[Batch]:
    """PAPERS in order, in as few parts of at most SIZE as can be, none longer than another by more than one."""
    count = math.ceil(len(papers) / size)
    bounds = [len(papers) * part // count for part in range(count + 1)] if count else []
    return [tuple(papers[start:end]) for start, end in itertools.pairwise(bounds)]
