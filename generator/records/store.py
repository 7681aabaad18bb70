"""The records on disk: docs/data/YYYY/DATE.json, with the abstracts of the picks beside each.

A record is one JSON object with an item a line, so that a day's change is a readable diff.
"""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from generator.core import damage
from generator.core.errors import RecordError
from generator.core.files import read_gzip, read_json, write_gzip_if_changed, write_if_changed
from generator.core.model import Day
from generator.records.redaction import withhold

_RECORD_NAME = re.compile(r"\d{4}-\d\d-\d\d\.json")
_UNTIMED = {"updated"}


class Store:
    """The days below FOLDER (docs/data). Of papers that are WITHHELD, it tells nothing but the id."""

    def __init__(self, folder: Path, withheld: Collection[str] = ()) -> None:
        self.folder = folder
        self.withheld = frozenset(withheld)

    def path(self, day: dt.date) -> Path:
        return self.folder / f"{day.year:04}" / f"{day}.json"

    def abstracts_path(self, day: dt.date) -> Path:
        return self.folder / f"{day.year:04}" / f"{day}.abstracts.json.gz"

    def dates(self) -> list[dt.date]:
        """The days that have a record, oldest first; files whose names or folders are no record's are noted."""
        found = (path for path in self.folder.glob("[0-9]*/*.json") if _RECORD_NAME.fullmatch(path.name))
        return sorted(day for path in found if (day := self._date_of(path)) is not None)

    def _date_of(self, path: Path) -> dt.date | None:
        try:
            day = dt.date.fromisoformat(path.stem)
        except ValueError:
            damage.note(path, RecordError(f"{path}: its name is not a date; move it away"))
            return None
        if path != self.path(day):
            damage.note(path, RecordError(f"{path} is in the wrong folder; move it to {self.path(day).parent}"))
            return None
        return day

    def read(self, day: dt.date) -> Day | None:
        """The record of DAY, None where there is none. Of a damaged one file and key are noted: see damage.py."""
        path = self.path(day)
        try:
            return withhold(parse_record(path, path.read_bytes(), day), self.withheld)
        except FileNotFoundError:
            return None
        except OSError as error:
            damage.note(path, unreadable(path, error))
        except RecordError as error:
            damage.note(path, error)
        return None

    def is_damaged(self, day: dt.date) -> bool:
        """Whether DAY has a record that nobody can read: it is neither shown nor done again nor overwritten."""
        return self.path(day).exists() and self.read(day) is None

    def read_all(self, since: dt.date | None = None) -> Iterator[Day]:
        """The records from SINCE on (default: all), oldest first."""
        for day in self.dates():
            if since is None or day >= since:
                record = self.read(day)
                if record is not None:
                    yield record

    def write(self, day: Day, abstracts: Mapping[str, str]) -> bool:
        """Keep DAY and the ABSTRACTS of its picks; return whether the record says anything new.

        A record that differs in its time of update alone is left as it is. Raises RecordError for a damaged one, which
        is not overwritten; damaged abstracts are, once those of all picks are there again.
        """
        if self.is_damaged(day.date):
            raise RecordError(f"{self.path(day.date)} is damaged and not overwritten; {mended(self.path(day.date))}")
        picked = {pick.paper.id: abstracts[pick.paper.id] for pick in day.picks if abstracts.get(pick.paper.id)}
        packed = json.dumps(picked, ensure_ascii=False, sort_keys=True, indent=0).encode()
        self.abstracts(day.date)
        path = self.abstracts_path(day.date)
        whole = len(picked) == len(day.picks) or not damage.noted(path)
        changed = write_gzip_if_changed(path, packed) if picked and whole else False
        before = self.read(day.date)
        if before is not None and before.model_dump(exclude=_UNTIMED) == day.model_dump(exclude=_UNTIMED):
            return changed
        return write_if_changed(self.path(day.date), dump_record(day)) or changed

    def abstracts(self, day: dt.date) -> dict[str, str]:
        """The abstracts of DAY's picks by id; empty where none are kept. A damaged file is noted."""
        path = self.abstracts_path(day)
        try:
            found = read_json(read_gzip(path))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            damage.note(
                path,
                RecordError(f"{path} cannot be read ({error}); {mended(path)}, or delete it and run again for {day}"),
            )
            return {}
        if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
            damage.note(
                path,
                RecordError(
                    f"{path} has the wrong format (expected abstracts by id); {mended(path)}, or delete it and run"
                    f" again for {day}"
                ),
            )
            return {}
        return {paper: text for paper, text in found.items() if paper not in self.withheld}

    def remove(self, day: dt.date) -> None:
        """Forget DAY: its record and its abstracts."""
        self.path(day).unlink(missing_ok=True)
        self.abstracts_path(day).unlink(missing_ok=True)


def mended(path: Path) -> str:
    """How the file at PATH is mended."""
    return f"restore it with `git checkout -- {path.name}` in its folder"


def unreadable(path: Path, error: OSError) -> RecordError:
    """What to say of a file at PATH that gave ERROR."""
    return RecordError(f"{path} cannot be read: {error.strerror or error}; {mended(path)}")


def parse_record(path: Path, content: bytes, day: dt.date) -> Day:
    """The record in CONTENT, which was read from PATH. Raises RecordError that names file and key."""
    try:
        record = Day.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the whole file"
        raise RecordError(
            f"{path}: {key}: {first['msg']}; fix it, or {mended(path)}; or delete it and run"
            f" `arxiv-daily run --date {day}`"
        ) from None
    if record.date != day:
        raise RecordError(f"{path}: date: is {record.date}, but the file is named {day}; {mended(path)}")
    return record


def dump_record(day: Day) -> bytes:
    """DAY as it is kept: JSON with a line for every key and for every item of a list or an object.

    A record is published as it is, and ten years of them must fit: no spaces within a line, and what a pick or another
    paper has by default is left out.
    """
    whole = day.model_dump(mode="json", exclude={"picks", "rest"})
    papers = {"picks": [], "rest": []} | day.model_dump(mode="json", include={"picks", "rest"}, exclude_defaults=True)
    for pick in papers["picks"]:
        pick["verdict"].setdefault("reason", None)  # read by whoever reads picks at all
    values = {key: (whole | papers)[key] for key in Day.model_fields if key != "headline" or day.headline}
    lines = [f"{json.dumps(key)}: {_dump_value(value)}" for key, value in values.items()]
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _dump_value(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n " + ",\n ".join(map(_dump_line, value)) + "\n]"
    if isinstance(value, dict) and value:
        return "{\n " + ",\n ".join(f"{_dump_line(key)}:{_dump_line(part)}" for key, part in value.items()) + "\n}"
    return _dump_line(value)


def _dump_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def docs_of(root: Path) -> Path:
    """The folder that holds what is published."""
    return root / "docs"


def store_of(root: Path, withheld: Collection[str] = ()) -> Store:
    """The records of the project in ROOT; of papers that are WITHHELD, they tell nothing but the id."""
    return Store(docs_of(root) / "data", withheld)
