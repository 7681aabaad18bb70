"""`render`: docs/ made of the records."""

import argparse

from generator.publish.render import changes_line, render
from generator.settings.context import DONE, Context


def execute(context: Context, _args: argparse.Namespace) -> int:
    """Render, and say what was written."""
    context.talk.result(changes_line(render(context.root, context.config)))
    return DONE
