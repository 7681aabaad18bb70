"""The embedded sample: three announcements judged offline, so that a first look needs neither key nor network.

Its records and pages are made in a folder of their own, which git ignores; docs/ and its days are not looked at.
"""

import argparse
import datetime as dt
import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from generator.commands import build
from generator.core.model import Coverage, Day, Paper, Usage
from generator.judges.judged import Judged
from generator.judges.local.keywords import judge_offline
from generator.records.related import earlier_picks, relate
from generator.records.store import store_of
from generator.run.record_day import make_day
from generator.run.report import day_line
from generator.settings.config import Config
from generator.settings.context import Context, theme_folder
from generator.settings.presets import load_preset
from generator.sources.announcement import Gathered
from generator.sources.api import read_atom

DEMO_FOLDER = ".demo"
"""Folder below the root in which the demo makes its records and pages."""
BY_HAND = ("mkdocs.yml", "overrides", "docs/about.md", "docs/assets", "docs/ops")
"""The theme and the pages written by hand that are shown with the sample's days."""

PRESET = "machine-learning"
"""The research fields for which the sample's papers were chosen."""
DEMO_SHARE = 0.6
"""Share of a sample day that is picked: three fifths of the sample were chosen because they fit these fields."""

HOUR = 6
"""The hour (UTC) of the announcement's date at which the sample days claim to have been made."""


def sample_papers() -> Iterator[tuple[dt.date, list[Paper]]]:
    """The announcements of the sample, oldest first, read by the code that reads arXiv's answers."""
    folder = files("generator") / "sample"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.xml", file.name):
            page = read_atom(file.read_bytes())
            yield dt.date.fromisoformat(match[1]), [entry for entry in page.entries if isinstance(entry, Paper)]


def config_of(config: Config) -> Config:
    """CONFIG as the demo shows it: title, language and the like stay, the research fields are the sample's."""
    preset = load_preset(PRESET)
    changed = {
        "arxiv": config.arxiv.model_copy(update={"categories": preset.categories}),
        "fields": preset.fields,
        "low_interest": preset.low_interest,
    }
    return config.model_copy(update=changed)


def prepare(root: Path, folder: Path) -> None:
    """Let FOLDER hold the theme and the pages of ROOT that were written by hand, and no day."""
    shutil.rmtree(folder / "docs", ignore_errors=True)
    copy_by_hand(root, folder)


def copy_by_hand(root: Path, folder: Path) -> None:
    """Put what is written by hand, as ROOT has it now, into FOLDER; the program's own where ROOT has no theme."""
    source = theme_folder(root)
    for name in BY_HAND:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source / name, target)
        elif (source / name).is_file():
            shutil.copy2(source / name, target)


def make_days(root: Path, config: Config) -> Iterator[str]:
    """Write the sample's days into ROOT, a line about each."""
    store = store_of(root)
    config = config.model_copy(update={"judge": config.judge.model_copy(update={"offline_share": DEMO_SHARE})})
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
    """Make the sample's days in their folder and the site in site/; return the exit code of the build."""
    folder, config = context.root / DEMO_FOLDER, config_of(context.config)
    prepare(context.root, folder)
    for line in make_days(folder, config):
        context.talk.result(line)
    code = build.execute(context._replace(root=folder, config=config), args)
    shutil.rmtree(context.root / "site", ignore_errors=True)
    (folder / "site").rename(context.root / "site")
    context.talk.result("Look at it: `make serve` (or `arxiv-daily serve`), then open http://127.0.0.1:8000/")
    return code
