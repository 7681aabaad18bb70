"""The folder site/, updated in place: of each file it is known what it was made of, and what is the same stays.

A build tells every file that there is to be, and what it is made of; the others are deleted at its end. What somebody
has changed in the folder since, or a build that was killed has left, is made again.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from generator.core.files import digest, write_if_changed
from generator.publish import build_cache
from generator.publish.known_files import KnownFiles, file_names
from generator.publish.manifest import Output


class _Entry(NamedTuple):
    """A file: digests of what it is made of and of its content, and of the rules by which the scan found it clean."""

    made_of: str
    content: str
    clean: str = ""


class SiteFolder:
    """The files of SITE, of which CACHE tells how earlier builds have made them."""

    def __init__(self, site: Path, cache: Path) -> None:
        build_cache.make_folder(site)
        self.path = site
        self.files: dict[str, _Entry] = {}
        self.made: list[str] = []
        self._ledger = cache / "site"
        self._known = KnownFiles(site, cache / "site-files")
        kept = build_cache.take(self._ledger)
        self._before = {name: _Entry(*row) for name, row in json.loads(kept or b"{}").items()}

    def names_made_of(self, made_of: str) -> list[str]:
        """The files that an earlier build has made of what MADE_OF is the digest of."""
        return [name for name, entry in self._before.items() if entry.made_of == made_of]

    def keep(self, name: str, made_of: str) -> bool:
        """Have the file NAME as it is, if it is there and made of what MADE_OF is the digest of; return whether."""
        entry = self._before.get(name)
        if entry is None or entry.made_of != made_of or not self._known.is_known_as(name, entry.content):
            return False
        self.files[name] = entry
        return True

    def put(self, output: Output) -> bool:
        """Have the file OUTPUT, which is made if it is not there; return whether it was."""
        if self.keep(output.path, output.inputs):
            return False
        content = output.make()
        self._write(output, digest(content), lambda path: write_if_changed(path, content, sync=False))
        return True

    def link(self, name: str, made_of: str, source: Path) -> None:
        """Have the file NAME with the content of SOURCE, which nobody writes to: the same inode where that can be."""
        if self.keep(name, made_of):
            return

        def write(path: Path) -> None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            try:
                path.hardlink_to(source)
            except OSError:
                write_if_changed(path, source.read_bytes(), sync=False)

        self._write(Output(name, made_of, source.read_bytes), digest(source.read_bytes()), write)

    def _write(self, output: Output, content: str, write: Callable[[Path], object]) -> None:
        """Let WRITE make the file OUTPUT, of which CONTENT is the digest, whatever is in its way."""
        name, path = output.path, self.path / output.path
        for place in (path, *path.parents):
            if place == self.path:
                break
            if place.is_dir() if place == path else place.is_file():
                build_cache.remove(place)
        write(path)
        self.made.append(name)
        self._known.note(name, content)
        before = self._before.get(name)
        clean = before.clean if before is not None and before.content == content else ""
        self.files[name] = _Entry(output.inputs, content, clean)

    def size_bytes(self) -> int:
        """The bytes of all files."""
        return self._known.size_bytes()

    def is_clean(self, name: str, rules: str) -> bool:
        """Whether the scan has found nothing in the file NAME by the rules of which RULES is the digest."""
        return self.files[name].clean == rules

    def keep_clean(self, name: str, rules: str) -> None:
        """Note that it has."""
        self.files[name] = self.files[name]._replace(clean=rules)

    def remove_others(self) -> None:
        """Delete what this build has not told of."""
        folders = set()
        for name in file_names(self.path):
            if name not in self.files:
                (self.path / name).unlink(missing_ok=True)
                folders.add((self.path / name).parent)
        for folder in folders:
            _drop_empty(folder, self.path)

    def save(self) -> None:
        """Keep what is known of the files for the next build."""
        self._known.save()
        build_cache.put(self._ledger, json.dumps(self.files, ensure_ascii=False, separators=(",", ":")).encode())


def _drop_empty(folder: Path, top: Path) -> None:
    """Delete FOLDER and those above it, up to TOP, that hold nothing."""
    while folder != top and folder.is_dir() and not os.listdir(folder):  # noqa: PTH208 (it is enough that there is one)
        folder.rmdir()
        folder = folder.parent
