"""What is told of many days at once: one small summary a day, kept in docs/data/index.json, and in one file a year.

A summary is made again only when its record's bytes have changed, so that neither a build nor a budget parses ten years
of records. The index is open data too: days, counts and digests.
"""

import datetime as dt
import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from generator.core import damage
from generator.core.calendar import announcement_days
from generator.core.errors import RecordError
from generator.core.model import Coverage, Day, DayKind, Frozen, Moment, Recall, Slug, Spending, Usage
from generator.records.store import Store, docs_of, parse_record, store_of, unreadable
from generator.records.title_terms import day_terms

INDEX = "data/index.json"
"""Holds the newest year's days; those of an earlier one are in data/index-YYYY.json, which changes no more."""

LICENSE: Literal["CC0-1.0"] = "CC0-1.0"
"""arXiv's metadata is CC0, and the site gives its scores and reasons under the same."""
NO_FIELD = "no_field"
"""Stands where a pick has no field; an underscore is in no slug."""


RECOMMENDED = 7.0
"""The score by which it is told whether a recommendation held: the rubric's own, whatever a site's threshold is."""


class Repeated(Frozen):
    """How a day's scores held when the model was asked about some papers a second time."""

    votes: int = Field(description="papers that were asked about twice")
    same_field: int = Field(description="of these, those for which both votes named the same field")
    by_score: dict[int, tuple[int, int]] = Field(
        default_factory=dict,
        description="first score, rounded down -> papers, and how many of them were given 7 or more again",
    )


class Summary(DayKind, Frozen):
    """What the archive tells of one day."""

    date: dt.date
    digest: str = Field(description="of the record's bytes, sha256, 20 hexadecimal digits")
    announced: bool = Field(default=True, description="false for a holiday, which has a record and no page")
    complete: bool = Field(default=True, description="whether nothing is left for a later run")
    sample: bool = False
    imported: bool = False
    judge: Literal["llm", "offline"]
    model: str | None = None
    updated: Moment
    read: int = Field(description="papers read: picks, rest, unscored, spared and hidden")
    picks: int
    unscored: int = 0
    spared: int = Field(default=0, description="papers that the prefilter has spared")
    hidden: int = Field(default=0, description="papers that the operator never shows")
    fields: dict[Slug | Literal["no_field"], int] = Field(default_factory=dict, description="picks by field")
    scores: dict[int, int] = Field(default_factory=dict, description="judged papers by score, rounded down")
    terms: dict[str, int] = Field(default_factory=dict, description="terms of the titles by papers, the commonest")
    coverage: dict[str, Coverage] = Field(default_factory=dict)
    repeated: Repeated | None = None
    recall: Recall | None = Field(default=None, description="what the prefilter kept in the 30 days before")
    tokens: int = 0
    cost: float | None = None
    currency: str | None = Field(default=None, description="of the costs; null in records before 2026-12")
    months: dict[str, Spending] = Field(default_factory=dict, description="spending on this day by month of spending")
    through: str | None = Field(default=None, description="the last ledger entry that is counted in")

    @property
    def usage(self) -> Usage:
        """What a month's sum needs of the record's usage."""
        return Usage(months=self.months, through=self.through, currency=self.currency)

    @property
    def month(self) -> str:
        """YYYY-MM"""
        return f"{self.date:%Y-%m}"


class Index(Frozen):
    """docs/data/index.json, and docs/data/index-YYYY.json of a year that is over."""

    schema_version: Literal[3] = 3
    license: Literal["CC0-1.0"] = Field(default=LICENSE, description="of all that lies in data/ (SPDX)")
    years: tuple[int, ...] = Field(default=(), description="earlier years: their days are in data/index-YYYY.json")
    days: tuple[Summary, ...] = Field(default=(), description="of the newest year, or of the one in the file's name")


def record_digest(content: bytes) -> str:
    """The digest by which a summary knows its record."""
    return hashlib.sha256(content).hexdigest()[:20]


def summarize(day: Day, digest: str) -> Summary:
    """The summary of DAY, whose record's bytes have DIGEST."""
    fields = Counter(pick.verdict.field or NO_FIELD for pick in day.picks)
    scores = Counter([int(pick.verdict.score) for pick in day.picks] + [int(row.score) for row in day.rest])
    return Summary(
        date=day.date,
        digest=digest,
        announced=day.announced,
        complete=day.complete,
        sample=day.sample,
        imported=day.imported,
        judge=day.judge,
        model=day.model,
        updated=day.updated,
        read=day.papers_read,
        picks=len(day.picks),
        unscored=len(day.unscored),
        spared=len(day.set_aside),
        hidden=len(day.hidden),
        fields=dict(sorted(fields.items())),
        scores=dict(sorted(scores.items())),
        terms=day_terms(day.titles),
        coverage=day.coverage,
        repeated=_repeated(day),
        recall=day.recall,
        tokens=day.tokens,
        cost=day.usage.cost,
        currency=day.usage.currency,
        months=day.usage.months,
        through=day.usage.through,
    )


def _repeated(day: Day) -> Repeated | None:
    if not day.second_votes:
        return None
    by_score: dict[int, tuple[int, int]] = {}
    for vote in day.second_votes:
        papers, again = by_score.get(int(vote.first), (0, 0))
        by_score[int(vote.first)] = papers + 1, again + (vote.second >= RECOMMENDED)
    same = sum(vote.same_field for vote in day.second_votes)
    return Repeated(votes=len(day.second_votes), same_field=same, by_score=dict(sorted(by_score.items())))


def summaries(store: Store, index: Path, digest_of: Callable[[str], str] | None = None) -> list[Summary]:
    """A summary of every day in STORE, oldest first; those whose record is as an index knows it are taken from there.

    INDEX is the one of the newest year; those of earlier years lie beside it. DIGEST_OF: tells a record's digest by its
    name below the store's folder without reading it again, if it has not changed; raises OSError as reading does.

    A record that cannot be read is noted and left out. An index that cannot be read counts as empty.
    """
    paths = (index, *index.parent.glob(f"{index.stem}-[0-9]*.json"))
    known = {summary.date: summary for path in paths for summary in _read_index(path)}
    found = []
    for date in store.dates():
        path = store.path(date)
        try:
            before = known.get(date)
            if before and digest_of and digest_of(path.relative_to(store.folder).as_posix()) == before.digest:
                found.append(before)
                continue
            content = path.read_bytes()
            digest = record_digest(content)
            same = before is not None and before.digest == digest
            found.append(before if before and same else summarize(parse_record(path, content, date), digest))
        except OSError as error:
            damage.note(path, unreadable(path, error))
        except RecordError as error:
            damage.note(path, error)
    return found


def first_expected_day(found: Iterable[Summary], catchup_days: int) -> dt.date | None:
    """The first announcement from which on a day without a record is missing; None while no day is the site's own.

    Stretches of days, more than CATCHUP_DAYS apart, of which every record was written long after its date, were read by
    a backfill: nobody has promised the days around them. A site that was down has an older stretch written in its time.
    """
    near = dt.timedelta(days=catchup_days + 3)  # a run on Sunday reaches back from Friday's announcement
    first = start = before = None
    for summary in sorted((summary for summary in found if summary.is_real), key=lambda summary: summary.date):
        if before is None or summary.date - before > near:
            start = summary.date
        if first is None and summary.updated.date() - summary.date <= near:
            first = start
        before = summary.date
    return first


def given_up(found: Sequence[Summary], catchup_days: int, newest: dt.date) -> list[dt.date]:
    """What is owed before NEWEST, not complete, and older than CATCHUP_DAYS: no run comes back to it by itself.

    Oldest first. One without a record may have been a holiday: only reading it would tell.
    """
    first = first_expected_day(found, catchup_days)
    if first is None:
        return []
    done = {summary.date for summary in found if summary.complete or not summary.is_real}
    last = newest - dt.timedelta(days=catchup_days + 1)
    return [day for day in announcement_days(first, last) if day not in done]


def _read_index(path: Path) -> Sequence[Summary]:
    try:
        return Index.model_validate_json(path.read_bytes()).days
    except (OSError, ValidationError):
        return ()


def indexes(found: Iterable[Summary]) -> dict[str, bytes]:
    """The indexes of FOUND, oldest day first, by path below docs/: one of the newest year and one of each other."""
    by_year = {year: list(days) for year, days in itertools.groupby(found, key=lambda summary: summary.date.year)}
    *earlier, newest = by_year or [0]
    files = {f"data/index-{year:04}.json": dump_index(by_year[year]) for year in earlier}
    return {INDEX: dump_index(by_year.get(newest, []), earlier), **files}


def dump_index(found: Iterable[Summary], earlier: Sequence[int] = ()) -> bytes:
    """An index of FOUND that tells of EARLIER years, as it is kept: a line a day, defaults left out."""
    days = [json.dumps(summary.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False) for summary in found]
    years = f'"years": {json.dumps(list(earlier))},\n' if earlier else ""
    head = f'{{"schema_version": 3, "license": "{LICENSE}",\n{years}"days": [\n'
    return (head + ",\n".join(days) + "\n]}\n").encode()


def with_redaction_digest(found: Sequence[Summary], store: Store) -> list[Summary]:
    """FOUND with digests of what is told of each day: of its record, and of what STORE withholds."""
    if not store.withheld:
        return list(found)
    hidden = " ".join(sorted(store.withheld))
    digests = (hashlib.sha256(f"{summary.digest} {hidden}".encode()).hexdigest()[:20] for summary in found)
    return [summary.model_copy(update={"digest": new}) for summary, new in zip(found, digests, strict=True)]


def summaries_of(root: Path, digest_of: Callable[[str], str] | None = None) -> list[Summary]:
    """A summary of every day, oldest first; DIGEST_OF: see summaries."""
    return summaries(store_of(root), docs_of(root) / INDEX, digest_of)
