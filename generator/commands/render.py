"""`render`: docs/ made of the records."""

import argparse

from generator.publish.render import describe, render
from generator.settings.context import DONE, Context


def execute(context: Context, _args: argparse.Namespace) -> int:
    """Render, and say what was written."""
    context.talk.result(describe(render(context.root, context.config)))
    return DONE
