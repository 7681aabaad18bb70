"""What others can use: the papers of a month in one file, a line each; made by `build`, not kept in git.

Records (data/YYYY/DATE.json) and their index are written by `render`; this is the same again in the form that tables
like. Abstracts are not: they would make three quarters of it, and lie beside the records. Same records, same bytes.
"""

import datetime as dt
import functools
import gzip
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import Field

from generator.core.code import code_digest
from generator.core.code_links import code_links
from generator.core.files import digest
from generator.core.model import ArxivId, Day, Frozen, Moment, Pick, Rest, Slug
from generator.core.venue import pages_of, venue_of
from generator.publish.manifest import Output
from generator.records.store import Store
from generator.records.summaries import Summary


class PaperLine(Frozen):
    """One judged paper, as a line of data/papers-YYYY-MM.jsonl.gz."""

    date: dt.date = Field(description="the date that its announcement has on arXiv's listing pages")
    id: ArxivId = Field(description="arXiv identifier without version")
    title: str
    picked: bool = Field(description="whether it is on the page of the day; of the others less is kept")
    score: float = Field(ge=0, le=10)
    raw: float | None = Field(description="the model's own score, before any correction; null for estimates")
    estimate: bool = Field(description="true where no model has read the paper")
    field: Slug | None = Field(description="slug of the research field; null if not picked")
    reason: str | None = Field(description="why, in the site's language; null if not picked")
    authors: tuple[str, ...] | None = Field(description="null if not picked")
    categories: tuple[str, ...] = Field(description="primary category first; that one alone if not picked")
    submitted: Moment | None
    updated: Moment | None = Field(description="submission of the version that was read, if not the first")
    venue: str | None = Field(default=None, description="what accepted or published it, as the comment says")
    pages: int | None = Field(default=None, description="number of pages, as the comment says")
    code: tuple[str, ...] = Field(default=(), description="addresses of code and project in abstract and comment")
    judge: Literal["llm", "offline"]
    model: str | None
    sample: bool = Field(description="made from the embedded sample, not from arXiv")
    imported: bool = Field(description="read from pages of a predecessor")


@functools.cache
def schema_of(kind: type[Frozen]) -> bytes:
    """The JSON Schema of what is written as KIND."""
    schema = kind.model_json_schema(mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return (json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def month_name(month: str) -> str:
    """The file of MONTH (YYYY-MM), below the site."""
    return f"data/papers-{month}.jsonl.gz"


def month_outputs(store: Store, found: Iterable[Summary], this_month: str) -> Iterator[Output]:
    """The papers of every month of FOUND before THIS_MONTH (YYYY-MM), which are complete."""
    for month, group in itertools.groupby(found, key=lambda summary: summary.month):
        days = [summary for summary in group if summary.announced]
        if days and month < this_month:
            inputs = digest(code_digest(__name__), *(day.digest for day in days))
            yield Output(month_name(month), inputs, functools.partial(_month, store, days))


def _month(store: Store, days: Iterable[Summary]) -> bytes:
    return gzip.compress(b"".join(_lines(store, days)), compresslevel=9, mtime=0)


def _lines(store: Store, days: Iterable[Summary]) -> Iterator[bytes]:
    for summary in days:
        day = store.read(summary.date)
        if day is not None:
            for line in paper_lines(day, store.abstracts(summary.date)):
                yield (line.model_dump_json() + "\n").encode()


def paper_lines(day: Day, abstracts: Mapping[str, str]) -> Iterator[PaperLine]:
    """The judged papers of DAY, its picks, then the others, each in the order of the record; ABSTRACTS by id."""
    for pick in day.picks:
        yield _picked(day, pick, abstracts.get(pick.paper.id))
    for row in day.rest:
        yield _passed(day, row)


def _picked(day: Day, pick: Pick, abstract: str | None) -> PaperLine:
    paper, verdict = pick.paper, pick.verdict
    return PaperLine(
        date=day.date,
        id=paper.id,
        title=paper.title,
        picked=True,
        score=verdict.score,
        raw=verdict.raw,
        estimate=verdict.estimate,
        field=verdict.field,
        reason=verdict.reason,
        authors=paper.authors,
        categories=paper.categories,
        submitted=paper.submitted,
        updated=paper.updated,
        venue=venue_of(paper.comment or ""),
        pages=pages_of(paper.comment or ""),
        code=tuple(link.url for link in code_links(abstract, paper.comment)),
        judge=day.judge,
        model=day.model,
        sample=day.sample,
        imported=day.imported,
    )


def _passed(day: Day, row: Rest) -> PaperLine:
    return PaperLine(
        date=day.date,
        id=row.id,
        title=row.title,
        picked=False,
        score=row.score,
        raw=row.raw,
        estimate=day.judge == "offline",
        field=None,
        reason=None,
        authors=None,
        categories=(row.primary,),
        submitted=None,
        updated=None,
        judge=day.judge,
        model=day.model,
        sample=day.sample,
        imported=day.imported,
    )
