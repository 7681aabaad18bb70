"""`status`: which days there are, what is missing, what the month has cost."""

import argparse

from generator.records.store import store_of
from generator.records.summaries import summaries_of
from generator.run.report import spent_in_month, status_lines
from generator.settings.context import DONE, Context


def execute(context: Context, _args: argparse.Namespace) -> int:
    """Print the state of the archive."""
    root, config, now = context.root, context.config, context.now
    spent = spent_in_month(root, config, now)
    for line in status_lines(summaries_of(root), spent, config, now, store_of(root).read):
        context.talk.result(line)
    return DONE
