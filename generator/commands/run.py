"""`run`: the announcements of the last days that are not complete, or those that are named."""

import argparse
from pathlib import Path

from generator.commands.options import add_judging, chosen_days, date
from generator.run import daily
from generator.settings.config import look_alikes
from generator.settings.context import Context


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--date", type=date, metavar="D", help="this announcement only")
    add_judging(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="fetch, and say what would be judged and what it would cost"
    )
    parser.add_argument("--summary", type=Path, metavar="FILE", help="add a receipt of the run to FILE, as Markdown")


def execute(context: Context, args: argparse.Namespace) -> int:
    """Run, and return the exit code."""
    for name in look_alikes(context.config_file):
        used = context.config_file.name
        context.talk.warn(f"{name} is ignored, {used} is used; remove the wrong one")
    for alias, name in context.config.arxiv.aliases.items():
        context.talk.say(f"category {alias} is an alias of arXiv's: {name} is read")
    return daily.run(
        context,
        daily.RunOptions(
            days=chosen_days(args, context.now),
            judge=args.judge,
            dry_run=args.dry_run,
            batch=args.batch,
            summary=args.summary,
        ),
    )
