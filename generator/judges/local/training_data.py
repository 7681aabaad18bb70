"""What the local judge learns from: the verdicts in the records, the abstracts beside the ledger, the weights made.

    docs/data/**  verdicts  --+
    .arxiv-daily/learning/    +--> examples, day by day --> weights (model.json.gz, made again at any time)
        DATE.json.gz  texts --+

The records hold the abstracts of picks only. Those of the other papers are kept here, out of the published site, for as
long as they are learned from; what is lost is fetched again by id.
"""

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from generator.core.files import read_gzip, read_json, write_gzip_if_changed
from generator.core.model import Day, Paper
from generator.judges.llm.prompt import field_digests
from generator.judges.local.features import day_features
from generator.judges.local.linear import VERSION, Example, Learned, is_enough, train
from generator.records.store import Store
from generator.settings.config import Config

LEARNING_FOLDER = "learning"
WEIGHTS_FILE = "model.json.gz"
LEAST_DAYS = 3
WINDOW_DAYS = 30
WINDOW_PAPERS = 600  # two seconds of the local judge
LEAST_OF_A_MODEL = 14  # days of the newest model's verdicts, from which on those of others are left out
LEAST_PAPERS = 20  # a day of fewer teaches nothing and is not counted
CORRECTED_WEIGHT = 5.0  # of a paper of which the operator has said what it is
FETCHED_DAYS = 14  # newest days whose lost abstracts are fetched again: two minutes of arXiv's time

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.json\.gz")
_WEIGHTS = TypeAdapter(Learned)

Fetch = Callable[[Sequence[str]], Sequence[Paper]]
"""Papers by id, as far as they can be had."""


class UnpickedText(NamedTuple):
    """What is kept of a paper that was not picked."""

    title: str
    abstract: str
    primary: str


class Taught(NamedTuple):
    """A day's record with the texts of its papers, as far as they are there."""

    day: Day
    papers: tuple[Paper, ...]


class _Texts:
    """The texts of papers that were not picked, a file a day in FOLDER."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, day: dt.date) -> Path:
        return self._folder / f"{day}.json.gz"

    def hold(self, day: dt.date) -> bool:
        """Whether there is anything of DAY."""
        path = self._path(day)
        return path.exists() and path.stat().st_size > 0

    def read(self, day: dt.date) -> dict[str, UnpickedText]:
        """The texts of DAY by id; what is damaged counts as lost."""
        return read_texts(self._path(day))

    def write(self, day: dt.date, texts: Mapping[str, UnpickedText]) -> None:
        packed = json.dumps(texts, ensure_ascii=False, sort_keys=True, indent=0).encode()
        write_gzip_if_changed(self._path(day), packed)

    def forget(self, before: dt.date) -> None:
        """Delete the files of days BEFORE a date."""
        for path in self._folder.glob("*.json.gz"):
            if (name := _NAME.fullmatch(path.name)) and name[1] < before.isoformat():
                path.unlink(missing_ok=True)


class Learning:
    """What is learned of the records in STORE and the texts in FOLDER. FETCH: see the type; WARN takes a line."""

    def __init__(self, folder: Path, store: Store, config: Config, fetch: Fetch, warn: Callable[[str], None]) -> None:
        self._folder = folder
        self._texts = _Texts(folder)
        self._store = store
        self._config = config
        self._fetch = fetch
        self._warn = warn
        self._given_up: set[str] = set()

    def keep(self, day: Day, papers: Iterable[Paper]) -> None:
        """Keep the texts of those PAPERS that DAY did not pick; forget what is too old to be learned from."""
        unpicked = day.ids - {pick.paper.id for pick in day.picks}
        kept = {**self._texts.read(day.date), **{paper.id: _text(paper) for paper in papers}}
        self._texts.write(day.date, {paper_id: text for paper_id, text in kept.items() if paper_id in unpicked})
        self._texts.forget(before=self._oldest(day.date))

    def window(self, before: dt.date) -> list[Paper]:
        """Papers of the WINDOW_DAYS before BEFORE, picked or not, at most WINDOW_PAPERS, drawn by their ids.

        A day of which most texts are lost is left out: its picks alone would raise the measure of the others.
        """
        found: dict[str, Paper] = {}
        for date in self._store.dates():
            if 0 < (before - date).days <= WINDOW_DAYS and (day := self._store.read(date)) and not day.sample:
                papers = self._taught(day).papers
                if 2 * len(papers) > len(day.ids):
                    found.update((paper.id, paper) for paper in papers)
        order = sorted(found, key=lambda paper_id: hashlib.sha256(paper_id.encode()).digest())
        return [found[paper_id] for paper_id in sorted(order[:WINDOW_PAPERS])]

    def _oldest(self, day: dt.date) -> dt.date:
        """The first date that DAY may learn from: there are weekends."""
        return day - dt.timedelta(days=2 * self._config.judge.learning_days + 7)

    def learned(self, before: dt.date) -> Learned | None:
        """The model of the days before BEFORE; None until three of them hold verdicts of a model, of both kinds."""
        days = self._days(before)
        if len(days) < LEAST_DAYS:
            return None
        digest = self._digest(days)
        found = _read_weights(self._folder / WEIGHTS_FILE, digest)
        if found is not None:
            return found
        self._complete(days[-FETCHED_DAYS:])
        # One day after the other, and let go of before the training: the texts of 45 days alone weigh 34 MB.
        examples = [some for day in days if (some := _examples(self._taught(day), self._config))]
        young = self._young(days)
        del days
        if len(examples) < LEAST_DAYS or not is_enough(examples):
            return None
        learned = train(examples, [field.slug for field in self._config.fields])._replace(young=young)
        write_gzip_if_changed(self._folder / WEIGHTS_FILE, _dump_weights(learned, digest))
        return learned

    def _days(self, before: dt.date) -> list[Day]:
        """The newest days of a language model's verdicts before BEFORE, oldest first."""
        found: list[Day] = []
        for date in reversed([date for date in self._store.dates() if date < before]):
            day = self._store.read(date)
            if day and _teaches(day):
                found.append(day)
            if len(found) == self._config.judge.learning_days:
                break
        newest = [day for day in found if day.model == found[0].model]
        return list(reversed(newest if len(newest) >= LEAST_OF_A_MODEL else found))

    def _young(self, days: Sequence[Day]) -> tuple[str, ...]:
        """The fields that fewer than LEAST_DAYS of DAYS were judged for as they are now."""
        now = field_digests(self._config)
        known = Counter(slug for day in days for slug, digest in (day.fields or now).items() if now.get(slug) == digest)
        return tuple(slug for slug in now if known[slug] < LEAST_DAYS)

    def _digest(self, days: Iterable[Day]) -> str:
        """What a model depends on: the verdicts, what is configured, how it is learned, which texts are there."""
        parts = [f"{VERSION}", self._config.model_dump_json(include={"fields", "low_interest", "judge"})]
        for day in days:
            there = self._texts.hold(day.date)
            rows = [(pick.paper.id, pick.verdict.score, pick.verdict.field) for pick in day.picks]
            parts += [f"{correction.id} corrected" for correction in day.corrections]
            parts.append(f"{day.date} {day.fields} {rows} {[(row.id, row.score) for row in day.rest]} {there}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]

    def _complete(self, days: Iterable[Day]) -> None:
        """Fetch the texts that are not there any more, once a run."""
        lost = [(day, paper_id) for day in days for paper_id in self._lost(day) if paper_id not in self._given_up]
        if not lost:
            return
        self._warn(f"{len(lost)} abstracts for training the local judge are missing; fetching them again")
        found = {paper.id: _text(paper) for paper in self._fetch([paper_id for _, paper_id in lost])}
        self._given_up.update(paper_id for _, paper_id in lost if paper_id not in found)
        for day in {day.date: day for day, _ in lost}.values():
            mine = {
                paper_id: found[paper_id] for owner, paper_id in lost if owner.date == day.date and paper_id in found
            }
            if mine:
                self._texts.write(day.date, {**self._texts.read(day.date), **mine})

    def _lost(self, day: Day) -> list[str]:
        texts = self._texts.read(day.date)
        return [row.id for row in day.rest if row.id not in texts]

    def _taught(self, day: Day) -> Taught:
        texts = self._texts.read(day.date)
        abstracts = self._store.abstracts(day.date)
        papers = [
            pick.paper.model_copy(update={"abstract": abstracts[pick.paper.id]})
            for pick in day.picks
            if abstracts.get(pick.paper.id)
        ]
        papers += [paper_of(row.id, texts[row.id]) for row in day.rest if row.id in texts]
        return Taught(day, tuple(papers))


def _teaches(day: Day) -> bool:
    """Whether a language model judged DAY, and not only one kind of paper came of it."""
    one_sided = not day.picks or not day.rest
    return day.judge == "llm" and not (day.sample or day.imported or one_sided)


def _text(paper: Paper) -> UnpickedText:
    return UnpickedText(paper.title, paper.abstract, paper.primary)


def paper_of(paper_id: str, text: UnpickedText) -> Paper:
    """The paper of TEXT: as much of it as a judge reads."""
    return Paper(
        id=paper_id, title=text.title, authors=(), abstract=text.abstract, categories=(text.primary,), submitted=None
    )


def read_texts(path: Path) -> dict[str, UnpickedText]:
    """The texts by id that PATH keeps of a day; none where it is missing or damaged."""
    try:
        found = read_json(read_gzip(path))
        return {
            str(paper_id): UnpickedText(*map(str, row))
            for paper_id, row in found.items()
            if len(row) == len(UnpickedText._fields)
        }
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _dump_weights(learned: Learned, digest: str) -> bytes:
    """LEARNED behind a line that seals it: whatever else is in the file was not written here."""
    # Keys as they are: a term's weights go by the fields' order.
    body = json.dumps(learned, ensure_ascii=False).encode()
    return _seal(body, digest) + body


def _seal(body: bytes, digest: str) -> bytes:
    return hashlib.sha256(digest.encode() + body).hexdigest().encode() + b"\n"


def _read_weights(path: Path, digest: str) -> Learned | None:
    """The weights in PATH, if they are as they were written and made of what DIGEST says; else they are made again."""
    try:
        content = read_gzip(path)
    except (OSError, ValueError):
        return None
    body = content.partition(b"\n")[2]
    return _WEIGHTS.validate_json(body) if content == _seal(body, digest) + body else None


def _examples(taught: Taught, config: Config) -> list[Example]:
    """What TAUGHT teaches of the fields as they are now configured; nothing where few texts are there."""
    if len(taught.papers) < LEAST_PAPERS:
        return []
    now = field_digests(config)
    same = {slug for slug, digest in now.items() if taught.day.fields.get(slug, digest) == digest}
    if taught.day.fields:
        same &= taught.day.fields.keys()
    verdicts = {pick.paper.id: pick.verdict for pick in taught.day.picks}
    listed = {pick.paper.id for pick in taught.day.picks if pick.watched}
    corrected = {correction.id for correction in taught.day.corrections}
    found: list[Example] = []
    for paper_id, features in sorted(day_features(taught.papers, config).items()):
        verdict = verdicts.get(paper_id)
        if verdict is not None and paper_id in listed and verdict.score < config.judge.threshold:
            verdict = None  # a pick by [always] alone: the model held it for none
        field = verdict.field if verdict else features.field
        if paper_id in taught.day.flagged:
            continue  # what gives orders to a judge teaches nothing
        if field is not None and field not in same:
            continue  # of a field that has changed since: what was said of it holds no longer
        weight = CORRECTED_WEIGHT if paper_id in corrected else 1.0
        found.append(Example(features, verdict is not None, field if verdict else None, weight))
    return found
