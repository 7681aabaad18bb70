"""`build`: docs/ rendered, site/ built and checked."""

import argparse

from generator.publish.build import publish
from generator.publish.build_cache import CACHE
from generator.settings.context import DONE, INCOMPLETE, Context


def execute(context: Context, _args: argparse.Namespace) -> int:
    """Make docs/ and site/; INCOMPLETE if it was made without the text of some paper."""
    months = context.root / CACHE / "months"
    built, withheld = publish(context.root, context.config, context.talk, months, f"{context.now:%Y-%m}")
    context.talk.result(f"site/: {built.pages} pages, {built.files} files, {built.size_bytes / 1e6:.1f} MB")
    return INCOMPLETE if withheld else DONE
