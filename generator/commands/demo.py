"""The embedded sample: three announcements judged offline, so that a first look needs neither key nor network."""

import argparse
import datetime as dt
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from generator.commands import build
from generator.core.errors import RecordError
from generator.core.model import Coverage, Day, Paper, Usage
from generator.judges.judged import Judged
from generator.judges.local.keywords import judge_offline
from generator.records.related import earlier_picks, relate
from generator.records.store import store_of
from generator.records.summaries import summaries_of
from generator.run.record_day import make_day
from generator.run.report import day_line
from generator.settings.config import Config
from generator.settings.context import Context
from generator.sources.announcement import Gathered
from generator.sources.api import read_atom

SHARE = 0.6
"""Share of a sample day that is picked: three fifths of the sample were chosen because they fit the default fields."""

HOUR = 6
"""The hour (UTC) of the announcement's date at which the sample days claim to have been made."""


def sample_papers() -> Iterator[tuple[dt.date, list[Paper]]]:
    """The announcements of the sample, oldest first, read by the code that reads arXiv's answers."""
    folder = files("generator") / "sample"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.xml", file.name):
            page = read_atom(file.read_bytes())
            yield dt.date.fromisoformat(match[1]), [entry for entry in page.entries if isinstance(entry, Paper)]


def make_days(root: Path, config: Config) -> Iterator[str]:
    """Write the sample's days into ROOT, a line about each. Raises RecordError if real days are there."""
    real = [summary.date for summary in summaries_of(root) if not summary.sample]
    if real:
        raise RecordError(
            f"docs/ holds real days (the first is {real[0]}); the demo would mix made-up ones with them. "
            "Run it in a fresh clone"
        )
    store = store_of(root)
    config = config.model_copy(update={"judge": config.judge.model_copy(update={"offline_share": SHARE})})
    before: list[tuple[Day, dict[str, str]]] = []
    for date, papers in sample_papers():
        now = dt.datetime.combine(date, dt.time(HOUR), dt.UTC)
        counts = {name: sum(paper.primary == name for paper in papers) for name in config.arxiv.categories}
        coverage = {
            name: Coverage(expected=count, read=count, state="complete", source="api") for name, count in counts.items()
        }
        gathered = Gathered(tuple(papers), coverage, "api")
        judged = Judged("offline", judge_offline(papers, config))
        day = make_day(date, config, previous=None, gathered=gathered, judged=judged, usage=Usage(), now=now)
        abstracts = {paper.id: paper.abstract for paper in papers}
        day = relate(day.model_copy(update={"sample": True}), abstracts, earlier_picks(before, sample=True), None)
        before.append((day, abstracts))
        store.write(day, abstracts)
        yield f"{day_line(day, config.budget.currency)} (sample)"


def execute(context: Context, args: argparse.Namespace) -> int:
    """Make the sample's days and the site; return the exit code of the build."""
    for line in make_days(context.root, context.config):
        context.talk.result(line)
    code = build.execute(context, args)
    context.talk.result("Look at it: `make serve` (or `arxiv-daily serve`), then open http://127.0.0.1:8000/")
    return code
