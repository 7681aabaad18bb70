"""The batches under way, on disk: what was asked, so that whichever run comes next can read the answers."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from generator.core.errors import RecordError
from generator.core.files import write_if_changed
from generator.core.model import ArxivId, Frozen
from generator.judges.llm.prompt import profile_digest
from generator.settings.config import Config, ResearchField

BATCHES_FOLDER = "batches"
"""Below the folder of the program's own state."""


class BatchGroup(Frozen):
    """The papers of one request."""

    day: dt.date
    papers: tuple[ArxivId, ...]
    expected: int = Field(ge=0, description="tokens that count for the budget where the answer does not say")
    marks: tuple[frozenset[str], ...] = Field(default=(), description="of each paper, see misplaced.py")


class Measure(Frozen):
    """What an answer is read by: the configuration may be another one when it comes."""

    threshold: float
    fields: tuple[ResearchField, ...]


class BatchState(Frozen):
    """One batch under way: a file in .arxiv-daily/batches/. id: None until the provider has named it."""

    mark: str = Field(pattern=r"^[0-9a-f]{16}$")  # part of a file's name
    id: str | None = None
    profile: str
    model: str
    measure: Measure | None = None
    groups: dict[str, BatchGroup]


def path_of(folder: Path, state: BatchState) -> Path:
    """Where STATE lies in FOLDER."""
    return folder / f"{state.mark}.json"


def keep(folder: Path, state: BatchState) -> None:
    """Write STATE into FOLDER."""
    write_if_changed(path_of(folder, state), state.model_dump_json().encode())


def drop(folder: Path, state: BatchState) -> None:
    """Remove STATE from FOLDER; it need not be there any more."""
    path_of(folder, state).unlink(missing_ok=True)


def states_count(folder: Path) -> int:
    """How many batches are under way."""
    return len(list(folder.glob("*.json")))


def in_flight(folder: Path, config: Config) -> frozenset[str]:
    """The papers about which batches ask what CONFIG asks. Raises RecordError for a state that cannot be read."""
    asked = (profile_digest(config), config.llm.model)
    states = (state for _, state in read_states(folder) if state is not None)
    return papers_of(state for state in states if (state.profile, state.model) == asked)


def damaged(folder: Path) -> list[Path]:
    """The states that the next run sets aside. Raises RecordError for one that cannot be read."""
    return [path for path, state in read_states(folder) if state is None]


def papers_of(states: Iterable[BatchState]) -> frozenset[str]:
    """The papers about which STATES ask."""
    return frozenset(paper for state in states for group in state.groups.values() for paper in group.papers)


def read_states(folder: Path) -> Iterator[tuple[Path, BatchState | None]]:
    """Every state in FOLDER, None for one that is damaged. Raises RecordError for one that cannot be read."""
    return ((path, _read_state(path)) for path in sorted(folder.glob("*.json")))


def _read_state(path: Path) -> BatchState | None:
    try:
        return BatchState.model_validate_json(path.read_bytes())
    except ValidationError:
        return None
    except OSError as error:
        raise RecordError(
            f"{path} cannot be read: {error.strerror or error}; fix its permissions, or move it away: the papers of"
            " its batch may then be asked about, and paid for, again"
        ) from None


def set_aside(path: Path) -> Path:
    """Rename PATH to what no run reads, over no other file; return it there. Raises RecordError if that fails."""
    ends = itertools.chain([".bad"], (f".{number}.bad" for number in itertools.count(2)))
    aside = next(there for end in ends if not (there := path.with_name(path.name + end)).exists())
    try:
        return path.rename(aside)
    except OSError as error:
        raise RecordError(
            f"{path} is damaged, and cannot be renamed: {error.strerror or error}; fix the permissions, then run again"
        ) from None
