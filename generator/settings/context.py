"""What a command works with, and how it ends. Only cli.py, which makes it, reads clock, environment and key."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from generator.core.console import Talk
from generator.settings.config import Config

PROGRAM = Path(__file__).parents[2]
"""The folder of the program."""

STATE = ".arxiv-daily"
"""Folder below the root for what is not published: the ledger and the lock."""

DONE, FAILED, INCOMPLETE, NOTHING = 0, 1, 2, 3
"""Exit codes: done; wrong use or configuration; some days are incomplete; nothing could be done."""


class Context(NamedTuple):
    """What a command works with."""

    root: Path
    config: Config
    config_file: Path
    """Where `config` was read from."""
    key: SecretStr | None
    now: dt.datetime
    talk: Talk
    environment: Mapping[str, str]

    @property
    def state(self) -> Path:
        """The folder for what is not published."""
        return self.root / STATE


def theme_folder(root: Path) -> Path:
    """Where the theme of the site in ROOT lies, mkdocs.yml and overrides/: there, or with the program."""
    return root if (root / "mkdocs.yml").exists() else PROGRAM
