"""How scores held, for the status page and status.json: second votes, agreement by field, the prefilter's recall.

Of the last DAYS that a model judged. It is asked twice about papers near the threshold, where votes differ most: these
figures are on the low side for all papers.
"""

from collections.abc import Sequence
from typing import NamedTuple

from generator.core.model import Recall
from generator.records.summaries import RECOMMENDED, Summary

RELIABILITY_DAYS = 60
LEAST_VOTES = 20
"""Second votes of one score below which no share of them is told."""


class Held(NamedTuple):
    """Of PAPERS first given SCORE (and less than one point more), AGAIN were given RECOMMENDED or more again."""

    score: int
    papers: int
    again: int

    @property
    def percent(self) -> int:
        return round(100 * self.again / self.papers)


class Reliability(NamedTuple):
    """What the second votes of some days say; recall: the newest estimate."""

    days: int
    models: tuple[str, ...]
    votes: int
    same_field: int
    held: tuple[Held, ...]
    recall: Recall | None

    @property
    def field_percent(self) -> int:
        return round(100 * self.same_field / self.votes) if self.votes else 0


def reliability_figures(found: Sequence[Summary]) -> Reliability | None:
    """Of the newest DAYS in FOUND that a model judged; None where it was asked about nothing twice."""
    judged = [summary for summary in found if summary.is_real and summary.judge == "llm"][-RELIABILITY_DAYS:]
    repeated = [summary for summary in judged if summary.repeated is not None]
    recall = next((summary.recall for summary in reversed(judged) if summary.recall is not None), None)
    if not repeated and recall is None:
        return None
    papers: dict[int, tuple[int, int]] = {}
    votes = same = 0
    for summary in repeated:
        if (part := summary.repeated) is not None:
            votes, same = votes + part.votes, same + part.same_field
            for score, (count, again) in part.by_score.items():
                before = papers.get(score, (0, 0))
                papers[score] = before[0] + count, before[1] + again
    held = tuple(
        Held(score, *papers[score]) for score in sorted(papers, reverse=True) if papers[score][0] >= LEAST_VOTES
    )
    models = tuple(dict.fromkeys(summary.model for summary in repeated if summary.model))
    return Reliability(len(repeated), models, votes, same, held, recall)


def reliability_json(found: Reliability | None) -> dict[str, object] | None:
    """What status.json tells of FOUND."""
    if found is None:
        return None
    rows = [{"score": row.score, "papers": row.papers, "again": row.again} for row in found.held]
    recall = found.recall.model_dump() if found.recall else None
    return {
        "days": found.days, "models": list(found.models), "second_votes": found.votes, "same_field": found.same_field,
        "recommended_from": RECOMMENDED, "held": rows, "prefilter_recall": recall,
    }  # fmt: skip
