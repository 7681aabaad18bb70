"""Days whose verdicts are known, for `eval`: those of the archive, or of files of labels, a JSON object a line.

A line of a file: id, title, abstract, category; recommended (true or false) or score (0 to 10), or both; field (slug or
name, as config.toml has it); date, where the file's name does not begin with one. Further keys are passed over.
"""

import datetime as dt
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, ValidationError

from generator.core.errors import ConfigError
from generator.core.escape import log
from generator.core.model import ArxivId, Day, Paper
from generator.evaluate.metrics import Label
from generator.judges.local.training_data import paper_of, read_texts
from generator.records.store import Store
from generator.settings.config import Config

_NAMED_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?!\d)")
_SUFFIXES = (".jsonl", ".jsonl.gz")

Warn = Callable[[str], None]


class JudgedDay(NamedTuple):
    """One day. papers: all whose text is there; recorded: the verdicts of `models` on them and others, by id.

    profiles: digests of what the models were told, where that is known.
    """

    date: dt.date
    papers: tuple[Paper, ...]
    recorded: dict[str, Label]
    models: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


class _Label(BaseModel):
    """One line of a file of labels."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    id: ArxivId
    title: StrictStr = Field(min_length=1)
    abstract: StrictStr = Field(min_length=1)
    category: StrictStr = ""
    date: dt.date | None = None
    recommended: StrictBool | None = None
    score: float | None = Field(default=None, ge=0, le=10, strict=True)
    field: StrictStr | None = None


def read_files(paths: Sequence[Path], config: Config, warn: Warn) -> list[JudgedDay]:
    """The days in the files of labels at PATHS (files, or folders of them), oldest first.

    Raises ConfigError that names file and line of what is damaged or stands there twice.
    """
    labels: dict[dt.date, dict[str, _Label]] = {}
    where: dict[str, str] = {}
    for path in _files(paths):
        for place, label in _labels(path):
            if label.id in where:
                raise ConfigError(f"{place}: {label.id} is already listed in {where[label.id]}; keep one of them")
            where[label.id] = place
            labels.setdefault(_date_of(label, path, place), {})[label.id] = label
    slugs = {name: field.slug for field in config.fields for name in (field.name, field.name_en, field.slug) if name}
    found = [label for day in labels.values() for label in day.values()]
    _tell(found, slugs, warn)
    return [
        JudgedDay(
            date,
            tuple(_paper(label) for label in day.values()),
            {
                paper_id: opinion
                for paper_id, label in day.items()
                if (opinion := _opinion(label, slugs, config)) is not None
            },
        )
        for date, day in sorted(labels.items())
    ]


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(file for file in path.iterdir() if file.name.endswith(_SUFFIXES))
        if not inside:
            raise ConfigError(f"{path} holds no *.jsonl or *.jsonl.gz")
        yield from inside


def _labels(path: Path) -> Iterator[tuple[str, _Label]]:
    """The lines of PATH with the place of each."""
    number = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}, line {number}", _label(f"{path}, line {number}", line)
    except (OSError, EOFError, zlib.error) as error:
        after = f" after line {number}" if number else ""
        raise ConfigError(f"{path} cannot be read{after}: {getattr(error, 'strerror', None) or error}") from None
    if not number:
        raise ConfigError(f"{path} is empty; each line must be a JSON object with id, title, abstract, recommended")


def _label(place: str, line: bytes) -> _Label:
    try:
        return _Label.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the whole line"
        raise ConfigError(
            f"{place}: {key}: {log(first['msg'])}; a line is a JSON object with id, title, abstract, category, and"
            " recommended (true or false) or score (0 to 10); fix or remove it"
        ) from None


def _date_of(label: _Label, path: Path, place: str) -> dt.date:
    if label.date is not None:
        return label.date
    named = _NAMED_DATE.match(path.name)
    try:
        return dt.date.fromisoformat(named[1] if named else "")
    except ValueError:
        raise ConfigError(
            f'{place}: missing date: give each line a "date", or name the file after it, as 2026-01-14.jsonl'
        ) from None


def _paper(label: _Label) -> Paper:
    return Paper(
        id=label.id,
        title=label.title,
        authors=(),
        abstract=label.abstract,
        categories=(label.category,) if label.category else (),
        submitted=None,
    )


def _opinion(label: _Label, slugs: Mapping[str, str], config: Config) -> Label | None:
    """What LABEL says; None where it holds no verdict."""
    if label.recommended is None and label.score is None:
        return None
    reached = label.score is not None and label.score >= config.judge.threshold
    picked = reached if label.recommended is None else label.recommended
    return Label(picked, label.score, slugs.get(label.field or ""))


def _tell(labels: Sequence[_Label], slugs: Mapping[str, str], warn: Warn) -> None:
    bare = sum(label.recommended is None and label.score is None for label in labels)
    if bare:
        warn(f"{bare} lines have neither `recommended` nor `score`; their papers are left out of the comparison")
    unknown = Counter(label.field for label in labels if label.field and label.field not in slugs)
    for name, papers in unknown.most_common(5):
        warn(f"the field {log(name or '')!r} of {papers} lines is not in config.toml: they count as without a field")


def read_archive(
    store: Store, folder: Path, fetch: Callable[[Sequence[str]], Iterable[Paper]], warn: Warn, days: Sequence[Day]
) -> list[JudgedDay]:
    """DAYS of STORE with the texts of their papers: beside the records, in FOLDER (training_data.py), or by FETCH."""
    texts = {day.date: _kept(store, folder, day) for day in days}
    lost = [paper_id for day in days for paper_id in sorted(_known(day)) if paper_id not in texts[day.date]]
    if lost:
        warn(f"{len(lost)} abstracts are not stored here; fetching them from arXiv")
    fetched = {paper.id: paper for paper in (fetch(lost) if lost else ()) if paper.abstract}
    if missing := [paper_id for paper_id in lost if paper_id not in fetched]:
        warn(f"{len(missing)} papers are left out: no abstract from arXiv for {', '.join(missing[:5])}")
    found = []
    for day in days:
        there = {paper_id: fetched[paper_id] for paper_id in _known(day) if paper_id in fetched} | texts[day.date]
        papers = tuple(there[paper_id] for paper_id in sorted(there))
        models = (day.model,) if day.model else ()
        found.append(JudgedDay(day.date, papers, recorded(day), models, (day.profile,)))
    return found


def _kept(store: Store, folder: Path, day: Day) -> dict[str, Paper]:
    """The papers of DAY whose abstracts are on this machine, by id."""
    abstracts = store.abstracts(day.date)
    texts = read_texts(folder / f"{day.date}.json.gz")
    found = {
        paper_id: paper_of(paper_id, text) for paper_id, text in texts.items() if text.abstract and paper_id in day.ids
    }
    for pick in day.picks:
        if abstract := abstracts.get(pick.paper.id):
            found[pick.paper.id] = pick.paper.model_copy(update={"abstract": abstract})
    return found


def _known(day: Day) -> set[str]:
    """The papers of DAY that were judged, by a model or a rank."""
    return {pick.paper.id for pick in day.picks} | {row.id for row in day.rest}


def recorded(day: Day) -> dict[str, Label]:
    """The verdicts that the record of DAY holds."""
    picks = {pick.paper.id: Label(True, pick.verdict.score, pick.verdict.field) for pick in day.picks}
    return {row.id: Label(False, row.score) for row in day.rest} | picks


def days_to_judge(store: Store, dates: Iterable[dt.date], warn: Warn, *, verdicts: bool, most: int) -> list[Day]:
    """The newest MOST of the real days among DATES; VERDICTS: only those that hold a model's.

    What is left out, and why, is told.
    """
    found: list[Day] = []
    unfit: dict[str, list[dt.date]] = {}
    for date in sorted(dates, reverse=True):
        day = store.read(date) if len(found) < most else None
        if day is None or not day.announced:
            continue
        why = _unfit(day, verdicts=verdicts)
        if why is None:
            found.append(day)
            _tell_of(day, warn)
        else:
            unfit.setdefault(why, []).append(date)
    for why, which in sorted(unfit.items()):
        told = str(which[0]) if len(which) == 1 else f"{len(which)} days from {which[-1]} to {which[0]}"
        warn(f"left out: {told}, {why}")
    return found[::-1]


def _unfit(day: Day, *, verdicts: bool) -> str | None:
    """Why DAY is no reference; None where it is one."""
    if not day.is_real:
        return "made from the sample" if day.sample else "taken over from a predecessor's pages"
    if not (day.picks or day.rest):
        return "without a verdict"
    if verdicts and day.judge != "llm":
        return "with estimates, no model's verdicts"
    return None


def _tell_of(day: Day, warn: Warn) -> None:
    parts = [(len(day.spared), "spared by the prefilter"), (len(day.unscored), "unscored")]
    told = " and ".join(f"{count} papers {what}" for count, what in parts if count)
    if told:
        warn(f"{day.date}: {told} have no recorded verdict and are left out of the comparison")
