"""Files that are whole or not there: written beside, synced, renamed; and only when their content changes."""

import gzip
import hashlib
import json
import os
import re
import tempfile
import zlib
from pathlib import Path
from typing import Any

from generator.core.errors import RecordError

MOST_UNPACKED = 256 * 2**20
"""Bytes; the largest file of ours, a month of open data, has some 3 MB."""


def read_gzip(path: Path) -> bytes:
    """What PATH holds, unpacked. Raises OSError, and ValueError for what is damaged or unpacks to far too much."""
    content = bytearray()
    try:
        with gzip.open(path) as file:
            while (chunk := file.read(2**16)) and len(content) <= MOST_UNPACKED:
                content += chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ValueError(f"damaged: {error}") from None
    if len(content) > MOST_UNPACKED:
        raise ValueError(f"more than {MOST_UNPACKED // 2**20} MB when unpacked")
    return bytes(content)


def read_json(content: bytes | str) -> Any:
    """CONTENT as JSON. Raises ValueError, also where it is nested so deep that Python gives up."""
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("nested too deep") from None


def digest(*parts: bytes | str) -> str:
    """A short digest of PARTS, in which no two different sequences of parts run together."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()[:20]


def write_if_changed(path: Path, content: bytes, *, sync: bool = True) -> bool:
    """Make PATH hold CONTENT; return whether anything had to be written.

    SYNC: wait until it is on the disk. What can be made again, and is known by its digest, need not wait.

    Raises RecordError, with PATH as it was, if the disk is full or the folder cannot be written.
    """
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        _replace(path, content, sync)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be written: {error.strerror or error}; what was there is unchanged. "
            "Free space or fix the permissions, then run again"
        ) from None
    return True


def write_gzip_if_changed(path: Path, content: bytes) -> bool:
    """The same for a gzipped file: compared unpacked, because zlib's versions pack differently."""
    try:
        if path.is_file() and read_gzip(path) == content:
            return False
    except (OSError, ValueError):
        pass  # a damaged file is replaced
    return write_if_changed(path, gzip.compress(content, compresslevel=9, mtime=0))


_LEFT = re.compile(r"\..+\.(\d+)\.\w+\.tmp")


def sweep(folder: Path) -> list[Path]:
    """Remove what killed writes have left below FOLDER: unfinished files of processes that are no more."""
    left = [path for path in sorted(folder.rglob(".*.tmp")) if not _is_being_written(path.name)]
    for path in left:
        path.unlink(missing_ok=True)
    return left


def _is_being_written(name: str) -> bool:
    match = _LEFT.fullmatch(name)
    try:
        os.kill(int(match[1]) if match else 0, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return match is not None


def _replace(path: Path, content: bytes, sync: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.{os.getpid()}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
