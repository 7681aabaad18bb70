"""`backfill`: announcements of the past, after it has said what that takes."""

import argparse

from generator.commands.options import add_judging, add_yes, agrees, chosen_days
from generator.core.errors import ConfigError
from generator.core.text import counted
from generator.run import daily
from generator.run.report import cost_in_words
from generator.settings.config import Config
from generator.settings.context import DONE, Context

SECONDS_A_REQUEST, SECONDS_A_CALL = 5, 15
"""What arXiv and a model take to answer, about: for estimates."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    add_judging(parser)
    add_yes(parser)
    parser.set_defaults(date=None)


def execute(context: Context, args: argparse.Namespace) -> int:
    """Estimate, ask, run; return the exit code."""
    days = chosen_days(args, context.now)
    if days is None:
        raise ConfigError("no dates given; name them, such as --since 2026-01-06 --until 2026-01-08")
    options = daily.RunOptions(days=days, judge=args.judge, batch=args.batch)
    expected = daily.estimate_backfill(context, options)
    if not expected.days:
        context.talk.result("nothing to do: every announcement of these dates is complete")
        return DONE
    context.talk.result(estimate_line(expected, context.config, batch=args.batch))
    return daily.run(context, options) if agrees(args) else DONE


def estimate_line(expected: daily.BackfillEstimate, config: Config, *, batch: bool) -> str:
    """What a backfill takes, for people."""
    seconds = expected.days * (config.arxiv.delay_seconds + SECONDS_A_REQUEST)
    how = ""
    if expected.calls:
        cost = cost_in_words(expected.cost, config.budget.currency)
        how = f", {counted(expected.calls, 'call')}, up to {expected.tokens:,} tokens, {cost}"
        seconds += 0 if batch else expected.calls * SECONDS_A_CALL / config.llm.concurrency
    wait = ""
    if batch and expected.calls:
        wait = (
            f" and the provider's batches, mostly an hour for each {daily.DAYS_AT_ONCE} announcements; what takes more"
            f" than {config.llm.batch_minutes:g} minutes in all is collected by a later run"
        )
    return (
        f"{counted(expected.days, 'announcement')}, about {counted(expected.papers, 'paper')}{how};"
        f" about {counted(max(1, round(seconds / 60)), 'minute')}{wait}"
        f" (estimated from {expected.looked_at} of them)"
    )
