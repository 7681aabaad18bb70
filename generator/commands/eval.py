"""`eval`: judges, models or prompts compared on days whose verdicts are known."""

import argparse
from pathlib import Path

from generator.commands.options import add_yes, agrees, check_range, date
from generator.evaluate import run as evaluation
from generator.settings.context import Context


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    add = parser.add_argument
    add(
        "--judge",
        action="append",
        metavar="JUDGE",
        help="recorded, offline, learned, llm (the model alone) or steady (as `run` judges), with options after commas:"
        " model=NAME, url=URL, key=VARIABLE, config=FILE; once for each; default: llm if OPENAI_API_KEY is set, else"
        " offline",
    )
    add(
        "--against",
        metavar="JUDGE",
        default="recorded",
        help="what to compare with; self: the judge's own second run",
    )
    add("--repeat", type=int, default=1, metavar="N", help="ask each model N times, independently")
    add("--file", type=Path, nargs="+", default=(), metavar="FILE", help="files of labels, or folders of them")
    add("--date", type=date, metavar="D", help="this day only")
    add("--since", type=date, metavar="D", help="the days from D on; default: the newest 10 of the archive")
    add("--until", type=date, metavar="D", help="the days until D")
    add("--sample", type=int, metavar="N", help="N papers of these days, drawn by --seed")
    add("--seed", type=int, default=1, metavar="N", help="seed of the sample and of the intervals; default: 1")
    add("--top", type=int, default=10, metavar="K", help="papers a day that count for recall at k; default: 10")
    add("--json", type=Path, metavar="FILE", help="write all figures and verdicts to FILE")
    add("--page", type=Path, metavar="FILE", help="write a page with plots to FILE, HTML")
    add_yes(parser)


def execute(context: Context, args: argparse.Namespace) -> int:
    """Compare, and return the exit code."""
    check_range(args)
    options = evaluation.EvalOptions(
        judges=args.judge or ["llm" if context.key else "offline"],
        against=args.against,
        files=args.file,
        since=args.since or args.date,
        until=args.until or args.date,
        repeat=args.repeat,
        sample=args.sample,
        seed=args.seed,
        top=args.top,
        json=args.json,
        page=args.page,
    )
    return evaluation.evaluate(context, options, lambda: agrees(args))
