"""`build`: docs/ rendered, site/ built and checked."""

import argparse
import re
from collections.abc import Sequence

from generator.publish.build import publish
from generator.publish.rendered import Rendered
from generator.settings.context import DONE, INCOMPLETE, Context

MOST_DAYS = 5
"""Days that are named."""


def made_anew(names: Sequence[str]) -> str:
    """How many files NAMES are, and of which days."""
    days = sorted({day[1] for name in names if (day := re.match(r"(?:days|data)/\d{4}/(\d{4}-\d\d-\d\d)", name))})
    if not days:
        return f"{len(names)} files"
    shown = ", ".join(days[-MOST_DAYS:])
    return f"{len(names)} files, of {f'{len(days)} days, the newest' if len(days) > MOST_DAYS else 'days'} {shown}"


def execute(context: Context, _args: argparse.Namespace) -> int:
    """Make docs/ and site/; INCOMPLETE if it was made without the text of some paper."""
    last = Rendered(context.root, context.config_file, context.environment)
    before = last.docs()
    built, withheld, changes = publish(context.root, context.config, context.talk, f"{context.now:%Y-%m}")
    if not withheld:
        last.keep(before, changes)
    size = f"{built.pages} pages, {built.files} files, {built.size_bytes / 1e6:.1f} MB"
    context.talk.result(f"site/: {size}; made anew: {made_anew(built.made)}")
    return INCOMPLETE if withheld else DONE
