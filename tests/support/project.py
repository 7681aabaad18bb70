"""A project folder as a fresh fork has it; nothing in it is what an operator may have changed in this one."""

import shutil
from pathlib import Path

from generator.commands.demo import BY_HAND

PROJECT = Path(__file__).parents[2]
CONFIG = PROJECT / "generator" / "template" / "config.toml"
"""The configuration as the program brings it. PROJECT/config.toml and the days in PROJECT/docs/ are the operator's."""


def copy_project(folder: Path) -> Path:
    """Configuration, theme and the program's pages into FOLDER, which is made."""
    folder.mkdir()
    shutil.copy(CONFIG, folder / "config.toml")
    copy_theme(folder)
    return folder


def copy_theme(folder: Path, pages: bool = True) -> None:
    """Theme and, if PAGES, the program's pages into FOLDER, which has none."""
    for name in BY_HAND if pages else BY_HAND[:2]:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, target)
        else:
            shutil.copy(PROJECT / name, target)
