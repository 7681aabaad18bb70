"""What render writes: made again only when its inputs changed, and nothing but what its own manifest lists is deleted.

The manifest keeps two digests a file: of all that the file is made of, and of its content. What belongs to a year
stands in docs/data/manifest-YYYY.json, so that a new day writes no list of ten years; the rest is in manifest.json.
Feeds of fields lie in a folder of their own, in which no manifest is asked.
"""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from generator.core import damage
from generator.core.errors import RecordError
from generator.core.files import digest, read_json, write_if_changed
from generator.publish.known_files import KnownFiles

MANIFEST = "data/manifest.json"
OURS = "feeds/"
"""A folder for us alone, of which git holds nothing: what lies there may be of another branch and its manifest."""

_OF_YEAR = re.compile(r"(?:days/|data/|data/index-|archive/)(\d{4})\b")


class Output(NamedTuple):
    """One file to be: its path below docs/, a digest of all that it is made of, and the function that makes it."""

    path: str
    inputs: str
    make: Callable[[], bytes]


class Changes(NamedTuple):
    written: list[str]
    deleted: list[str]
    kept: int
    files: int


def write_outputs(docs: Path, outputs: Iterable[Output], files: KnownFiles | None = None) -> Changes:
    """Make DOCS hold exactly OUTPUTS, beside what other hands put there. FILES: what is known of those in DOCS.

    Raises RecordError if an output would replace a file that render did not write.
    """
    known = read_manifests(docs)
    files = files or KnownFiles(docs)
    outputs = list(outputs)
    lost = damage.file_names()
    _claim(docs, known, outputs)
    entries = {path: entry for path, entry in known.items() if any(name in path for name in lost)}
    changes = Changes([], [], 0, len(outputs))
    kept = 0
    for output in outputs:
        path = docs / output.path
        before = known.get(output.path)
        if before and before[0] == output.inputs and files.is_known_as(output.path, before[1]):
            entries[output.path] = before
            kept += 1
            continue
        made = output.make()
        entries[output.path] = [output.inputs, digest(made)]
        files.note(output.path, entries[output.path][1])
        if write_if_changed(path, made, sync=False):
            changes.written.append(output.path)
    left = {f"{OURS}{path.name}" for path in (docs / OURS).glob("*.xml")}
    for gone in sorted((set(known) | left) - set(entries)):
        (docs / gone).unlink(missing_ok=True)
        _drop_empty_folders(docs, docs / gone)
        changes.deleted.append(gone)
    _write_manifests(docs, entries)
    return changes._replace(kept=kept)


def _claim(docs: Path, known: dict[str, list[str]], outputs: Iterable[Output]) -> None:
    """List new files in the manifest before the first of them is written.

    A run that is killed on the way thus leaves nothing that the next one would take for somebody else's. Raises
    RecordError if something is there already that we did not write.
    """
    new = [output for output in outputs if output.path not in known]
    for output in new:
        path = docs / output.path
        ours = output.path.startswith(OURS) or damage.noted(docs / _manifest_of(output.path))
        if path.exists() and not ours and path.read_bytes() != output.make():
            raise RecordError(f"{path} already exists and was not written by `render`; move it away")
    if new:
        _write_manifests(docs, {**known, **{output.path: ["", ""] for output in new}})


def _drop_empty_folders(docs: Path, path: Path) -> None:
    for folder in path.parents:
        if folder == docs or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def read_manifests(docs: Path) -> dict[str, list[str]]:
    """All that render made below DOCS, with its digests; a damaged manifest is noted, and made again by a render."""
    paths = (docs / MANIFEST, *sorted(docs.glob("data/manifest-[0-9]*.json")))
    return {key: entry for path in paths for key, entry in _read_manifest(path).items()}


def _manifest_of(path: str) -> str:
    """The manifest in which PATH stands."""
    year = _OF_YEAR.match(path)
    return f"data/manifest-{year[1]}.json" if year else MANIFEST


def _write_manifests(docs: Path, entries: dict[str, list[str]]) -> None:
    """Each entry into the manifest of its year; the manifest of a year that has none goes."""
    parts: dict[Path, dict[str, list[str]]] = {docs / MANIFEST: {}}
    for key, entry in entries.items():
        parts.setdefault(docs / _manifest_of(key), {})[key] = entry
    for path, part in parts.items():
        write_if_changed(path, _dump_manifest(part))
    for path in docs.glob("data/manifest-[0-9]*.json"):
        if path not in parts:
            path.unlink()


def _read_manifest(path: Path) -> dict[str, list[str]]:
    try:
        found = read_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        damage.note(path, RecordError(f"{path} cannot be read ({error}); `arxiv-daily render` makes it again"))
        return {}
    if not isinstance(found, dict) or not all(_is_entry(key, entry) for key, entry in found.items()):
        damage.note(path, RecordError(f"{path} is damaged; `arxiv-daily render` makes it again"))
        return {}
    return found


def _is_entry(key: str, entry: object) -> bool:
    """Whether a manifest line is one that we wrote: a path that stays below docs/, and two digests."""
    parts = PurePosixPath(key)
    inside = bool(key) and not parts.is_absolute() and ".." not in parts.parts and "\0" not in key
    return inside and isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry)


def _dump_manifest(entries: dict[str, list[str]]) -> bytes:
    lines = [f"{json.dumps(path)}: {json.dumps(entries[path])}" for path in sorted(entries)]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()
