"""`serve`: site/ on this machine."""

import argparse

from generator.publish.site.serve import serve
from generator.settings.context import DONE, Context


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")


def execute(context: Context, args: argparse.Namespace) -> int:
    """Serve until the command is stopped."""
    serve(context.root, context.config, port=args.port, tell=context.talk.result)
    return DONE
