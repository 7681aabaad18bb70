"""Files that are damaged: noted and passed over while a command runs, an error anywhere else.

One rotten file costs its day, not the archive: a command that `notes` goes on without it, names it at its end, and ends
with exit code 2. The file itself is left as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from generator.core.errors import RecordError

_notes: ContextVar[dict[Path, str] | None] = ContextVar("damage", default=None)


@contextmanager
def noting() -> Iterator[dict[Path, str]]:
    """Collect what is damaged, by path, with what to do about it."""
    found: dict[Path, str] = {}
    token = _notes.set(found)
    try:
        yield found
    finally:
        _notes.reset(token)


def note(path: Path, error: RecordError) -> None:
    """Pass over the file at PATH because of ERROR, or raise that where nobody notes damage."""
    found = _notes.get()
    if found is None:
        raise error
    found[path] = str(error)


def noted(path: Path) -> bool:
    """Whether the file at PATH was passed over."""
    return path in (_notes.get() or {})


def paths() -> list[Path]:
    """The files that were passed over so far."""
    return list(_notes.get() or {})


def messages() -> list[str]:
    """What to say of each file that was passed over so far."""
    return list((_notes.get() or {}).values())


def file_names() -> frozenset[str]:
    """The names, without their endings, of the files that were passed over: of a record its date."""
    return frozenset(path.name.partition(".")[0] for path in _notes.get() or {})
