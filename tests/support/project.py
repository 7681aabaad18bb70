"""A project folder as a fresh fork has it, but without any day."""

import shutil
from pathlib import Path

from generator.publish.manifest import read_manifests

PROJECT = Path(__file__).parents[2]


def copy_project(folder: Path) -> Path:
    """Configuration, theme and hand-written pages into FOLDER, which is made."""
    folder.mkdir()
    for name in ("config.toml", "mkdocs.yml"):
        shutil.copy(PROJECT / name, folder / name)
    shutil.copytree(PROJECT / "overrides", folder / "overrides")
    made = set(read_manifests(PROJECT / "docs"))
    for path in sorted((PROJECT / "docs").rglob("*")):
        name = path.relative_to(PROJECT / "docs").as_posix()
        if path.is_file() and name not in made and not name.startswith("data/"):
            copy = folder / "docs" / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
    return folder
