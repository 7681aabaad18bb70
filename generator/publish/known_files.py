"""Digests of files, known by what the file system tells of them: no file is read twice.

As git's index does: size, inode and the times of the last change are kept beside the digest. Whoever writes to a file,
or puts another in its place, changes one of them, and it is read again. A list that is damaged, or of another machine,
costs the time to read the files.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from generator.core.files import digest
from generator.publish import build_cache

_GRAIN_NS = 50_000_000
"""File systems count time in steps: what changed so shortly before the list was written may have changed after."""

Facts = tuple[int, int, int, int]
"""Of a file: size, time of the last write, time of the last change of any kind, inode."""
Entry = tuple[int, int, int, int, str]
"""The same, and the digest."""
Listing = dict[str, Facts]
"""Files by name."""


class KnownFiles:
    """The files below FOLDER by name; LEDGER (None: nothing) keeps what was found. DIGEST_OF: of a file's content."""

    def __init__(self, folder: Path, ledger: Path | None = None, digest_of: Callable[[bytes], str] = digest) -> None:
        self._folder = os.path.abspath(folder)  # noqa: PTH100 (a path is made of it 50,000 times)
        self._ledger = ledger
        self._digest_of = digest_of
        self._before = _read(ledger) if ledger else {}
        self._now: dict[str, Entry] = {}
        self._written: dict[str, str] = {}

    def digest(self, name: str) -> str:
        """The digest of the file NAME. Raises OSError where it cannot be read."""
        facts = self._facts(name)
        known = self._before.get(name)
        if known is None or known[:4] != facts:
            known = (*facts, self._digest_of(Path(self._folder, name).read_bytes()))
        self._now[name] = known
        return known[4]

    def is_known_as(self, name: str, content: str) -> bool:
        """Whether there is a file NAME whose digest is CONTENT."""
        try:
            return self.digest(name) == content
        except OSError:
            return False

    def size_bytes(self) -> int:
        """The bytes of the files that were asked for; what was noted counts once it is saved."""
        return sum(entry[0] for entry in self._now.values())

    def note(self, name: str, content: str) -> None:
        """The file NAME was written just now, and CONTENT is its digest."""
        self._written[name] = content

    def save(self, others: bool = False) -> None:
        """Keep what was asked for and noted since this object was made; OTHERS: and what was known before."""
        for name, content in self._written.items():
            self._now[name] = (*self._facts(name), content)
        if others:
            self._now = self._before | self._now
        if self._ledger:
            build_cache.put(self._ledger, json.dumps(self._now, ensure_ascii=False, separators=(",", ":")).encode())

    def _facts(self, name: str) -> Facts:
        return _facts(self._folder, name)


def _read(ledger: Path) -> dict[str, Entry]:
    content = build_cache.take(ledger)
    if content is None:
        return {}
    written = ledger.stat().st_mtime_ns
    return {name: tuple(row) for name, row in json.loads(content).items() if max(row[1:3]) < written - _GRAIN_NS}


def file_names(folder: Path) -> Iterator[str]:
    """The names of all files below FOLDER, as paths from there; none where it is not."""
    waiting = [""]
    while waiting:
        under = waiting.pop()
        try:
            with os.scandir(f"{folder}/{under}") as entries:
                found = list(entries)
        except (FileNotFoundError, NotADirectoryError):
            continue
        for entry in found:
            if entry.is_dir():
                waiting.append(f"{under}{entry.name}/")
            else:
                yield f"{under}{entry.name}"


def listing(folder: Path) -> Listing:
    """All files below FOLDER."""
    found: Listing = {}
    for name in file_names(folder):
        with contextlib.suppress(FileNotFoundError):  # gone meanwhile, or a link that leads nowhere
            found[name] = _facts(str(folder), name)
    return found


def _facts(folder: str, name: str) -> Facts:
    told = os.stat(f"{folder}/{name}")  # noqa: PTH116 (a Path takes longer than the question)
    return told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino
