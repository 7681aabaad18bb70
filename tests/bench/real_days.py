"""An archive of the days in the verdict files as they were: their own dates and ids, every paper once."""

import datetime as dt
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from generator.core.model import Coverage, Day, Paper, Pick, Verdict, Window
from generator.records.store import Store
from generator.settings.config import Config


class RealDay(NamedTuple):
    """The record of a day, and the abstracts of its picks by id."""

    day: Day
    abstracts: dict[str, str]


def _pick(row: dict[str, Any], slugs: dict[str, str]) -> Pick:
    paper = Paper(
        id=row["id"],
        title=row["title"],
        authors=tuple(row["authors"].split(", ")),
        categories=(row["category"],),
        submitted=None,
    )
    field = slugs.get(row["field"])
    return Pick(paper=paper, verdict=Verdict(score=row["score"], field=field, reason=row["reason"]))


def read_days(folder: Path, config: Config) -> Iterator[RealDay]:
    """The days of the verdict files in FOLDER, oldest first, with the picks that have a reason, best first."""
    slugs = {field.name: field.slug for field in config.fields}
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl.gz")):
        date = dt.date.fromisoformat(path.name[:10])
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if row["recommended"] and row["reason"]]
        rows = [row for row in rows if row["id"] not in seen]
        seen.update(row["id"] for row in rows)
        moment = dt.datetime.combine(date, dt.time(6), dt.UTC)
        picks = sorted((_pick(row, slugs) for row in rows), key=lambda pick: (-pick.verdict.score, pick.paper.id))
        day = Day(
            date=date,
            window=Window(start=moment - dt.timedelta(days=1), end=moment),
            generator="bench",
            judge="llm",
            model="bench",
            profile="bench",
            updated=moment,
            coverage={"cs.LG": Coverage(expected=len(rows), read=len(rows), state="complete", source="api")},
            picks=tuple(picks),
            rest=(),
        )
        yield RealDay(day, {row["id"]: row["abstract"] for row in rows})


def make_archive(root: Path, data: Path, config: Config) -> int:
    """Write the days of DATA into ROOT; return how many picks they hold."""
    store = Store(root / "docs" / "data")
    picks = 0
    for real in read_days(data, config):
        store.write(real.day, real.abstracts)
        picks += len(real.day.picks)
    return picks
