"""`correct`: the operator's word on one paper in place of the judge's. It stays, and the local judge learns from it."""

import argparse
import datetime as dt

from generator import __version__
from generator.core.errors import ConfigError, SourceError
from generator.core.model import Correction, Day, Paper, base_id
from generator.core.text import clean
from generator.judges.llm.ledger import locked
from generator.publish.render import render
from generator.records.corrections import corrected, score_of, with_correction
from generator.records.store import Store
from generator.run.open_records import OpenRecords
from generator.settings.config import Config, nearest
from generator.settings.context import DONE, Context
from generator.sources.gather import ArxivSource
from generator.sources.http import user_agent

LONGEST_WHY = 400


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("paper", metavar="ID", help="the paper, such as 2601.06212, or its address at arXiv")
    parser.add_argument("--score", type=float, metavar="N", help="the right score, 0 to 10")
    parser.add_argument("--field", metavar="F", help="the right field, by its slug")
    parser.add_argument("--drop", action="store_true", help="reject the paper; it is not shown")
    parser.add_argument("--why", required=True, metavar="TEXT", help="why; shown on the page of the day")


def execute(context: Context, args: argparse.Namespace) -> int:
    """Put the correction into the record that holds the paper, and render."""
    correction = correction_of(args, context.config, context.now)
    with locked(context.state):
        records = OpenRecords(context.root, context.config, "offline", context.talk.warn)
        day = day_of_paper(records.store, correction.id)
        before = score_of(day, correction.id)
        if before is None and correction.score is None and not correction.drop:
            raise ConfigError(f"{correction.id} has no score yet; give it one with --score")
        changed = with_correction(day, correction.model_copy(update={"before": before}))
        facts = _facts(context, day, correction)
        made = corrected(changed, facts, context.config)
        abstracts = {paper.id: paper.abstract for paper in facts.values()}
        records.keep(records.with_related(made, abstracts, day), abstracts)
        render(context.root, context.config)
    context.talk.result(f"{day.date}: {correction.id} {_told(made, correction.id)} (was {_told(day, correction.id)})")
    return DONE


def correction_of(args: argparse.Namespace, config: Config, now: dt.datetime) -> Correction:
    """The correction that ARGS ask for. Raises ConfigError for what makes none."""
    paper = base_id(args.paper)
    if paper is None:
        raise ConfigError(f"{args.paper!r} is not an arXiv id such as 2601.06212")
    if args.drop == (args.score is not None or args.field is not None):
        raise ConfigError("nothing to correct: give --score N, --field F or both, or --drop alone")
    if args.score is not None and not 0 <= args.score <= 10:
        raise ConfigError(f"--score {args.score:g} is not on the scale of 0 to 10")
    if args.field is not None and config.field(args.field) is None:
        raise ConfigError(
            f"there is no field {args.field!r}; {nearest(args.field, [field.slug for field in config.fields])}"
        )
    why = clean(args.why, LONGEST_WHY)
    if not why:
        raise ConfigError("--why is empty; the page tells readers why, in a few words")
    return Correction(id=paper, score=args.score, field=args.field, drop=args.drop, why=why, made=now)


def day_of_paper(store: Store, paper: str) -> Day:
    """The day that holds PAPER. Raises ConfigError if none does."""
    month = paper[:4] if paper[4:5] == "." else ""  # an id of 2007 or later tells the month in which it was given
    first = dt.date(2000 + int(month[:2]), max(1, min(12, int(month[2:]))), 1) if month else dt.date.min
    for date in sorted(store.dates()):
        if date >= first and (day := store.read(date)) is not None and paper in day.ids:
            return day
    raise ConfigError(f"no day of this site holds {paper}; what was not announced in its categories is not here")


def _facts(context: Context, day: Day, correction: Correction) -> dict[str, Paper]:
    """What arXiv says of a paper that may become a pick, of which the record holds the title only."""
    if correction.score is None or correction.id in {pick.paper.id for pick in day.picks}:
        return {}
    agent = user_agent(__version__, context.config.site.url)
    found = ArxivSource(context.config.arxiv, agent, context.now, context.talk.warn).by_id([correction.id])
    if not found:
        raise SourceError(f"arXiv has no data on {correction.id} now; nothing was changed; try again later")
    return {paper.id: paper for paper in found}


def _told(day: Day, paper: str) -> str:
    """What has become of PAPER in DAY, in words."""
    if paper in day.dropped:
        return "dropped"
    pick = next((pick for pick in day.picks if pick.paper.id == paper), None)
    if pick is not None:
        return f"picked with {pick.verdict.score:g}, {pick.verdict.field or 'no field'}"
    score = score_of(day, paper)
    return "without a score" if score is None else f"not picked, {score:g}"
