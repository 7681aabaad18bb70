"""Whether a render has anything to do, asked of the file system alone: no record is read for it, and little imported.

The answer of ten years of records takes less time than reading the configuration.
"""

import json
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from generator.core import damage
from generator.core.files import digest
from generator.publish import build_cache
from generator.publish.known_files import Listing, listing
from generator.publish.manifest import Changes

_PROGRAM = Path(__file__).parents[1]
_VARIABLES = ("ARXIV_", "OPENAI_", "GITHUB_REPOSITORY")
"""How the variables begin that the configuration hears."""


class Rendered(NamedTuple):
    """The last render of the site in root, with its configuration and the environment that this hears."""

    root: Path
    config_file: Path
    env: Mapping[str, str]

    def nothing_to_do(self) -> str | None:
        """What a render would say that has nothing to do; None where it may have."""
        content = build_cache.take(self.root / build_cache.CACHE / "rendered")
        if content is None:
            return None
        state, files = json.loads(content)
        return what_was_done(Changes([], [], files, files)) if state == self._state(self.docs()) else None

    def docs(self) -> Listing:
        """The files of docs/."""
        return listing(self.root / "docs")

    def keep(self, before: Listing, changes: Changes) -> None:
        """Note that all is rendered, by CHANGES to docs/ as it was BEFORE.

        Not where a file was damaged or anything else has changed meanwhile: it may have been read before that.
        """
        after = self.docs()
        changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
        others = changed.difference(changes.written, changes.deleted)
        if not damage.paths() and all(name.startswith("data/manifest") for name in others):
            told = json.dumps([self._state(after), changes.files])
            build_cache.put(self.root / build_cache.CACHE / "rendered", told.encode())

    def _state(self, docs: Listing) -> str:
        """A digest of all that a render depends on: files, configuration, program, Python and its packages."""
        config = self.config_file.read_bytes() if self.config_file.is_file() else b""
        program = {name: facts for name, facts in listing(_PROGRAM).items() if "__pycache__" not in name}
        heard = sorted((name, value) for name, value in self.env.items() if name.startswith(_VARIABLES))
        packages = sorted(path.name for path in Path(sysconfig.get_path("purelib")).iterdir())
        told = [sorted(docs.items()), sorted(program.items()), heard, packages, sys.version]
        return digest(config, json.dumps(told))


def what_was_done(changes: Changes) -> str:
    """One line on what render did."""
    return f"docs/: {len(changes.written)} files written, {len(changes.deleted)} deleted, {changes.kept} as they were"
