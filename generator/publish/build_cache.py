"""What builds keep for the next one: taken only as it was put there, and made again where it is not.

A file tells the digest of its name and its content in its first line, a folder that of all its files in its name. What
stands in the way, or was cut off or changed, costs the time to make it anew; it is neither published nor an error.
"""

import os
import shutil
from pathlib import Path

from generator.core.errors import RecordError
from generator.core.files import digest, write_if_changed

CACHE = Path(".cache")
"""Where it lies, below the project; it may be deleted at any time."""
HINT = "if docs/ and overrides/ are unchanged, delete .cache (nothing is lost) and build again"
"""What to do about a site that is not as it should be."""


def put(path: Path, content: bytes) -> None:
    """Keep CONTENT at PATH."""
    if path.is_dir():
        remove(path)
    if path.parent.is_file():
        remove(path.parent)
    write_if_changed(path, digest(path.name, content).encode() + b"\n" + content, sync=False)


def take(path: Path) -> bytes | None:
    """What was put at PATH; None if nothing was, or it is damaged."""
    try:
        told, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if told == digest(path.name, content).encode() else None


def seal(folder: Path) -> Path:
    """Give FOLDER, whose name holds no dot, the name under which it is found again; return it there."""
    sealed = folder.with_name(f"{folder.name}.{_content(folder)}")
    os.replace(folder, sealed)
    return sealed


def sealed(folder: Path) -> Path | None:
    """Where FOLDER lies since it was sealed; None if it does not, or it is damaged."""
    for found in folder.parent.glob(f"{folder.name}.*"):
        try:
            if found.name == f"{folder.name}.{_content(found)}":
                return found
        except OSError:
            continue
    return None


def _content(folder: Path) -> str:
    """A digest of all that is in FOLDER: names, and what files hold. Ten years of the search's index take 0.5 s."""
    parts: list[str] = []
    for where, folders, files in os.walk(folder):
        folders.sort()  # the order in which they are walked through
        parts += [os.path.relpath(where, folder), *folders]
        for name in sorted(files):
            parts += [name, digest(Path(where, name).read_bytes())]
    return digest(*parts)


def make_folder(path: Path) -> None:
    """A folder at PATH, whatever else is there."""
    if path.exists() and not path.is_dir():
        remove(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError(f"{path} cannot be made: {error.strerror or error}; fix the permissions") from None


def remove(path: Path) -> None:
    """Delete the file or the folder at PATH."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise RecordError(
            f"{path} cannot be deleted: {error.strerror or error}; delete it by hand, which loses nothing: builds make"
            " it again"
        ) from None
