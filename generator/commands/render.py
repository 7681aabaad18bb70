"""`render`: docs/ made of the records."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from generator.publish.rendered import Rendered, what_was_done

if TYPE_CHECKING:
    from generator.settings.context import Context


def nothing_to_do(root: Path, config_file: Path, env: Mapping[str, str]) -> str | None:
    """What is to be said where nothing has changed since all was rendered; asked before anything else is."""
    return Rendered(root, config_file, env).nothing_to_do()


def execute(context: "Context", _args: argparse.Namespace) -> int:
    """Render, and say what was written."""
    from generator.publish.render import render  # noqa: PLC0415 (only where there is something to do)

    last = Rendered(context.root, context.config_file, context.environment)
    before = last.docs()
    changes = render(context.root, context.config)
    last.keep(before, changes)
    context.talk.result(what_was_done(changes))
    return 0
