"""Which verdicts make a pick: by the threshold, or by what a field sets for itself.

A field may have a threshold of its own, at most so many picks a day, and at least so many, as far as it has papers.
"""

from collections import Counter
from collections.abc import Mapping

from generator.core.model import Verdict
from generator.settings.config import Config


def chosen(
    verdicts: Mapping[str, Verdict], config: Config, before: Mapping[str | None, int] | None = None
) -> frozenset[str]:
    """The ids of VERDICTS that are picks of their day; BEFORE: how many picks the day has already, by field."""
    order = sorted(
        verdicts, key=lambda paper_id: (-verdicts[paper_id].score, -(verdicts[paper_id].likely or 0.0), paper_id)
    )
    taken = Counter(before or {})
    found = set()
    for paper_id in order:
        verdict = verdicts[paper_id]
        field = config.field(verdict.field)
        enough = verdict.score >= (config.judge.threshold if field is None else config.threshold_of(field))
        if field is not None and field.at_most is not None and taken[field.slug] >= field.at_most:
            continue
        if enough or (field is not None and taken[field.slug] < field.at_least and verdict.score > 0):
            found.add(paper_id)
            taken[verdict.field] += 1
    return frozenset(found)
