"""Days whose verdicts by a large model are known, as the benches of this folder read them."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from generator.core.model import Paper
from generator.evaluate import metrics
from generator.judges.local.features import Features, day_features
from generator.judges.local.linear import Example
from generator.settings.config import Config


class Day(NamedTuple):
    """One day: picked, fields (slugs) and scores by id."""

    date: str
    papers: list[Paper]
    picked: dict[str, bool]
    fields: dict[str, str]
    scores: dict[str, float]
    features: dict[str, Features]


def read_day(path: Path, config: Config) -> Day:
    slugs = {field.name: field.slug for field in config.fields}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = {str(row["id"]): row for row in map(json.loads, lines)}
    papers = [
        Paper(id=paper_id, title=row["title"], authors=(), abstract=row["abstract"], categories=(row["category"],),
              submitted=None)
        for paper_id, row in rows.items()
    ]  # fmt: skip
    return Day(
        path.name[:10],
        papers,
        {paper_id: bool(row["recommended"]) for paper_id, row in rows.items()},
        {paper_id: slugs[row["field"]] for paper_id, row in rows.items() if row["field"] in slugs},
        {paper_id: float(row["score"]) if row["recommended"] else 3.0 for paper_id, row in rows.items()},
        day_features(papers, config),
    )


def read_days(folder: Path, config: Config) -> list[Day]:
    return [read_day(path, config) for path in sorted(folder.glob("*.jsonl.gz"))]


def examples(day: Day) -> list[Example]:
    """All papers of DAY with the model's verdict on them."""
    return [
        Example(
            day.features[paper.id], day.picked[paper.id], day.fields.get(paper.id) if day.picked[paper.id] else None
        )
        for paper in day.papers
    ]


def auc(rows: Sequence[tuple[float, bool]]) -> float:
    """Area under the ROC curve of (score, picked), where both kinds are there."""
    found = metrics.auc(rows)
    assert found is not None
    return found
