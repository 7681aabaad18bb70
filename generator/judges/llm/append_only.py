"""A file of lines that only grows: each is on the disk when `append` returns, and a half line is never left behind."""

import os
from collections.abc import Iterator
from pathlib import Path

from generator.core.errors import RecordError
from generator.core.files import write_if_changed


class AppendOnlyFile:
    """The file at PATH. Reading it changes nothing; the first `append` creates or mends it.

    warnings: what went wrong without stopping anything.
    """

    def __init__(self, path: Path, head: bytes) -> None:
        """HEAD: the first line of a file that is made anew."""
        self.path = path
        self.head = head
        self.warnings: list[str] = []
        self._size = 0
        self._unended = False
        self._file: int | None = None

    def lines(self) -> Iterator[bytes]:
        """Every line, with its end. Raises RecordError if the file cannot be read."""
        try:
            with self.path.open("rb") as file:
                yield from file
        except FileNotFoundError:
            return
        except OSError as error:
            raise RecordError(f"{self.path} cannot be read: {error.strerror or error}") from None

    def accept(self, line: bytes) -> None:
        """Keep LINE, which `lines` gave; what is not accepted at the end is cut off by the first `append`."""
        self._size += len(line)
        self._unended = not line.endswith(b"\n")

    @property
    def is_open(self) -> bool:
        """Whether something was appended."""
        return self._file is not None

    def append(self, data: bytes) -> None:
        """Write DATA, a whole line, for good. Raises OSError if it cannot be written; the file is then as before."""
        try:
            if self._file is None:
                self._file = self._open()
            self._write(self._file, data)
        except OSError:
            self._cut()
            raise

    def keep_only(self, lines: list[bytes]) -> None:
        """Write the file anew with LINES, which have no ends. Raises RecordError where that fails."""
        kept = b"\n".join([*lines, b""])
        write_if_changed(self.path, kept)
        self._size, self._unended = len(kept), False

    def content(self) -> bytes:
        """What was accepted."""
        return self.path.read_bytes()[: self._size]

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _open(self) -> int:
        """The file, open for appending, behind its last whole line."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        os.ftruncate(file, self._size)
        if self._size == 0:
            self._write(file, self.head)
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        if self._unended:
            self._write(file, b"\n")
        return file

    def _write(self, file: int, data: bytes) -> None:
        written = 0
        while written < len(data):
            written += os.write(file, data[written:])
        os.fsync(file)
        self._size += len(data)

    def _cut(self) -> None:
        """Drop the half line that a full disk left; if even that fails, the next reading passes over it."""
        try:
            if self._file is not None:
                os.ftruncate(self._file, self._size)
        except OSError as error:
            self.warnings.append(f"{self.path}: a half line could not be dropped: {error.strerror or error}")
