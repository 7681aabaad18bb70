"""The types that everything else speaks: a paper, its verdict, and the record of one day.

The record is the narrow waist of the project: `run` writes it, everything that is published is made from it. The JSON
Schema of the record is made from these classes (`Day.model_json_schema()`), so a field is documented where it is
declared.
"""

import datetime as dt
import re
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

ARXIV_ID = r"(?:\d{4}\.\d{4,6}|[a-z][a-z-]{0,20}(?:\.[A-Z]{2})?/\d{7})"

ArxivId = Annotated[str, StringConstraints(pattern=f"^{ARXIV_ID}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]


ERA = range(1991, 3000)
"""Years that a date of ours may have: arXiv began in 1991, and no calendar overflows within."""


def _within_era(date: dt.date) -> dt.date:
    if date.year not in ERA:
        raise ValueError(f"invalid date: no paper is of the year {date.year}")
    return date


def _to_utc(moment: dt.datetime) -> dt.datetime:
    _within_era(moment)
    return moment.astimezone(dt.UTC).replace(microsecond=0)


def _iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


Moment = Annotated[AwareDatetime, AfterValidator(_to_utc), PlainSerializer(_iso, return_type=str, when_used="json")]
"""A moment in UTC, to the second."""


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="null", allow_inf_nan=False)


class Paper(Frozen):
    """What arXiv says of a paper. Nothing here ever comes from a model."""

    id: ArxivId = Field(description="arXiv identifier without version")
    title: str = Field(description="title as plain text; TeX mathematics is left as it is")
    authors: tuple[str, ...] = Field(description="names as Unicode, in the order of arXiv")
    abstract: str = Field(default="", exclude=True, description="kept beside the record, never in it")
    categories: tuple[str, ...] = Field(
        description="primary category first; empty where only a predecessor's page was read, which names none"
    )
    submitted: Moment | None = Field(
        description="submission of the first version; null where only RSS or a predecessor's page was read"
    )
    updated: Moment | None = Field(
        default=None, description="submission of the version that was read, if not the first"
    )
    version: int | None = Field(default=None, exclude=True, description="the version that was read, where it is told")
    has_pdf: bool = Field(default=True, exclude=True, description="false where arXiv links PDFs, but none of this")
    comment: str | None = Field(default=None, description="the authors' comment on arXiv")
    doi: str | None = Field(default=None, description="DOI of the published version, where arXiv gives one")
    journal_ref: str | None = Field(default=None, description="where it was published, as arXiv has it")

    @property
    def primary(self) -> str:
        """The first category; empty where none is known."""
        return self.categories[0] if self.categories else ""

    @property
    def abs_url(self) -> str:
        return f"https://arxiv.org/abs/{self.id}"

    @property
    def pdf_url(self) -> str:
        return f"https://arxiv.org/pdf/{self.id}"

    @property
    def html_url(self) -> str:
        return f"https://arxiv.org/html/{self.id}"


class Verdict(Frozen):
    """What a judge says of a paper."""

    score: float = Field(ge=0, le=10, description="final score, 0 to 10")
    raw: float | None = Field(default=None, ge=0, le=10, description="the model's own score, before any correction")
    field: Slug | None = Field(description="slug of the research field; null where the judge names none")
    reason: str | None = Field(default=None, description="why, in the site's language; null below the threshold")
    terms: tuple[str, ...] = Field(
        default=(), description="of a local reason: the words in it that decided, as it writes them"
    )
    estimate: bool = Field(
        default=False, description="true where no model has read the paper: the offline judge's rank"
    )
    likely: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="how likely a pick the local judge held the paper to be, or its rank; orders equal scores",
    )


WATCHED = "watched:"
"""How the mark of a pick begins that the operator's [always] has found; what it matched follows."""
CORRECTED = "corrected:"
"""How the mark of a pick begins whose verdict is the operator's; the reason follows."""


class Related(Frozen):
    """An earlier pick that is close to this one; decided when the day is made."""

    id: ArxivId
    title: str
    date: dt.date = Field(description="the day page that holds it")


class Pick(Frozen):
    paper: Paper
    verdict: Verdict
    related: tuple[Related, ...] = Field(default=(), description="up to three earlier picks that are closest")
    notes: tuple[str, ...] = Field(
        default=(),
        description="marks: withdrawn, flagged, bounded (the score is what its title allows),"
        " language (the reason is not in the site's), local (the local judge wrote the reason),"
        " imported_verdict (the verdict is that of a predecessor's page), watched:WHAT (a pick by what of [always] it"
        " matches), corrected:WHY (the verdict is the operator's)",
    )

    @property
    def watched(self) -> list[str]:
        """What of the operator's [always] it matches."""
        return [mark.removeprefix(WATCHED).strip() for mark in self.notes if mark.startswith(WATCHED)]


class Rest(Frozen):
    """A paper that was judged and not picked."""

    id: ArxivId
    title: str
    primary: str
    score: float = Field(ge=0, le=10, description="final score, below the threshold")
    raw: float | None = Field(
        default=None,
        ge=0,
        le=10,
        description="the model's own score, before any correction; null for estimates, and in records before 2026-12",
    )


class Unscored(Frozen):
    """A paper that was read and has no verdict yet; a later run asks again."""

    id: ArxivId
    title: str
    primary: str
    why: str


class Spared(Frozen):
    """A paper that was not sent to the model: not judged, which is not the same as not picked."""

    id: ArxivId
    title: str
    primary: str
    estimate: float = Field(ge=0, le=1, description="estimated probability of a pick")
    why: str | None = Field(
        default=None, description="what of the operator's [never] it matches; null where the prefilter has spared it"
    )


class Correction(Frozen):
    """What the operator says of a paper, in place of the judge."""

    id: ArxivId
    score: float | None = Field(default=None, ge=0, le=10, description="the score that it has now; null: as it was")
    field: Slug | None = Field(default=None, description="the field that it belongs to; null: as it was")
    drop: bool = Field(default=False, description="whether it is no pick and not shown")
    why: str = Field(min_length=1, max_length=400)
    made: Moment
    before: float | None = Field(default=None, description="the judge's score; null where it gave none")


class SecondVote(Frozen):
    """What the model said of a paper when it was asked a second time, as it said it."""

    id: ArxivId
    first: float = Field(ge=0, le=10, description="the first score, before any correction")
    second: float = Field(ge=0, le=10)
    same_field: bool = Field(description="whether both votes named the same field")


class Recall(Frozen):
    """What the prefilter kept of the picks, estimated from spared papers that were judged all the same."""

    recall: float = Field(ge=0, le=1, description="estimated share of the picks that were sent to the model")
    low: float = Field(ge=0, le=1, description="lower end of the 95 % interval")
    high: float = Field(ge=0, le=1, description="upper end")
    audited: int = Field(description="audited papers that this rests on")
    days: int = Field(description="days on which they were")


class Coverage(Frozen):
    """How much of one category's announcement was read."""

    expected: int | None = Field(description="papers that arXiv announced; null where no channel told")
    read: int = Field(ge=0)
    state: Literal["complete", "stale", "failed", "no announcement"]
    source: Literal["rss", "api"] | None = Field(default=None, description="the channel that told the expected number")


class Spending(Frozen):
    """Tokens and money of one calendar month (UTC)."""

    calls: int = 0
    tokens: int = 0
    cost: float | None = Field(default=0.0, description="in the currency of the record; null where it is unknown")

    def __add__(self, other: "Spending") -> "Spending":
        """The sum, whose cost is unknown where one of them is; rounded, so that the order of adding leaves no trace."""
        cost = None if self.cost is None or other.cost is None else round(self.cost + other.cost, 9)
        return Spending(calls=self.calls + other.calls, tokens=self.tokens + other.tokens, cost=cost)

    def __sub__(self, before: "Spending") -> "Spending":
        """What came on top of BEFORE."""
        cost = None if self.cost is None or before.cost is None else round(self.cost - before.cost, 9)
        return Spending(calls=self.calls - before.calls, tokens=self.tokens - before.tokens, cost=cost)


class Usage(Frozen):
    """What the day has cost so far, as billed."""

    calls: int = 0
    input_tokens: int = Field(default=0, description="all input, cached included")
    cached_tokens: int = Field(default=0, description="the part of the input that came from the provider's cache")
    output_tokens: int = Field(default=0, description="all output, reasoning included")
    reasoning_tokens: int = 0
    cost: float | None = Field(default=None, description="in `currency`; null where a price or a count is unknown")
    currency: str | None = Field(
        default=None, description="of all costs here; null in records before 2026-12: that of config.toml then"
    )
    estimated_tokens: int = Field(
        default=0,
        description="tokens of calls of which the endpoint told no count that can be true: estimated, on the high side,"
        " and not in the numbers above; they count for the budgets",
    )
    months: dict[str, Spending] = Field(default_factory=dict, description="the same by month of spending, YYYY-MM")
    through: str | None = Field(default=None, description="the last ledger entry that is counted in")

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


class Window(Frozen):
    """Submissions from start (inclusive) to end (exclusive)."""

    start: Moment
    end: Moment


class Origin(Frozen):
    """A page of a predecessor, from which an imported day has papers, and what the page says of itself."""

    page: str = Field(description="name of its file")
    date: dt.date = Field(description="the date in its title")
    read: int | None = Field(
        default=None, ge=0, description="papers read; null where it does not say, or where another day has the number"
    )
    tokens: int | None = Field(default=None, ge=0, description="tokens used; null as with the papers read")
    published: dict[dt.date, int] = Field(
        default_factory=dict, description="dates that it gives its papers as published, with their number"
    )


class Headline(Frozen):
    """What feeds call a day. It is kept as first published: some readers take a changed title for another item."""

    id: ArxivId | None = Field(default=None, description="the best pick; null if there was none")
    title: str = Field(default="", description="its title, as in arXiv")
    picks: int | None = Field(default=None, description="number of picks; null if the day was incomplete then")


class DayKind:
    """Where a day is from, of its record and its summary alike."""

    if TYPE_CHECKING:
        sample: bool
        imported: bool

    @property
    def is_real(self) -> bool:
        """Whether the day was made from arXiv's own lists: neither from the sample nor from a predecessor's pages."""
        return not (self.sample or self.imported)


class Day(DayKind, Frozen):
    """The record of one announcement."""

    schema_version: Literal[1] = 1
    date: Annotated[dt.date, AfterValidator(_within_era)] = Field(
        description="the date that the announcement has on arXiv's listing pages"
    )
    window: Window | None = Field(description="null where nothing but a predecessor's page tells the date")
    generator: str = Field(description="version of the program that wrote the record")
    judge: Literal["llm", "offline"]
    model: str | None = Field(
        description="the model that answered; null for the offline judge, or where a predecessor's page names none"
    )
    other_models: tuple[str, ...] = Field(
        default=(), description="other models that answered too: a provider's name for its model may change in a day"
    )
    profile: str = Field(description="digest of what the judge was told: fields, low interest, threshold, rubric")
    fields: dict[Slug, str] = Field(
        default_factory=dict, description="digest of what was told of each field: what is learned of it holds as long"
    )
    pending: str | None = Field(
        default=None,
        description="why no model has judged the day although one was asked: the offline order stands in until it does",
    )
    names: dict[Slug, str] = Field(
        default_factory=dict, description="names of the fields as readers saw them; empty in records before 2026-12"
    )
    sample: bool = Field(default=False, description="made from the embedded sample, not from arXiv")
    imported: bool = Field(default=False, description="read from pages of a predecessor")
    origins: tuple[Origin, ...] = Field(default=(), description="the predecessor's pages, of an imported day")
    facts: Literal["api", "rss", "page"] = Field(
        default="api", description="the channel of the papers' facts; page: a predecessor's page, for some at least"
    )
    updated: Moment = Field(description="when this record last changed")
    coverage: dict[str, Coverage]
    picks: tuple[Pick, ...] = ()
    rest: tuple[Rest, ...] = ()
    unscored: tuple[Unscored, ...] = ()
    spared: tuple[Spared, ...] = ()
    audited: tuple[ArxivId, ...] = Field(
        default=(), description="papers that the prefilter would have spared and that were judged all the same"
    )
    second_votes: tuple[SecondVote, ...] = Field(
        default=(), description="papers that the model was asked about twice: how reliable its scores are"
    )
    flagged: tuple[ArxivId, ...] = Field(
        default=(), description="papers whose text tells its reader what to do: judged alone and capped, or held"
    )
    bounded: tuple[ArxivId, ...] = Field(
        default=(), description="papers whose score is lower than the model's, because their title alone earns less"
    )
    recall: Recall | None = Field(
        default=None, description="what the prefilter kept in the 30 days before; null where nothing was audited"
    )
    usage: Usage = Usage()
    seed: int | None = Field(default=None, description="seed of the order of the batches")
    corrections: tuple[Correction, ...] = Field(
        default=(), description="what the operator has said of papers; no run, render or backfill takes it back"
    )
    changes: tuple[str, ...] = Field(default=(), description="what changed since the day was first published")
    headline: Headline | None = Field(
        default=None, description="what feeds call the day; not there in records from before it was kept"
    )

    @property
    def papers_read(self) -> int:
        """In = picks + rest + unscored + spared (+ those of which an imported day knows the number only)."""
        return len(self.picks) + len(self.rest) + len(self.unscored) + len(self.spared) + self.unlisted

    @property
    def set_aside(self) -> list[Spared]:
        """What the prefilter has spared."""
        return [row for row in self.spared if row.why is None]

    @property
    def hidden(self) -> list[Spared]:
        """What the operator's [never] has kept from being judged."""
        return [row for row in self.spared if row.why is not None]

    @property
    def dropped(self) -> frozenset[str]:
        """The papers that the operator has dropped."""
        return frozenset(made.id for made in self.corrections if made.drop)

    @property
    def unlisted(self) -> int:
        """Papers that a predecessor read and did not list; 0 on any day of our own."""
        if not self.imported:
            return 0
        return max(0, sum(origin.read or 0 for origin in self.origins) - len(self.picks))

    @property
    def tokens(self) -> int:
        """Tokens used, by us or by the predecessor."""
        return self.usage.tokens + sum(origin.tokens or 0 for origin in self.origins)

    @property
    def announced(self) -> bool:
        """Whether there was an announcement: a holiday has a record and no page."""
        return self.imported or any(part.state != "no announcement" for part in self.coverage.values())

    @property
    def complete(self) -> bool:
        """Whether nothing is left for a later run."""
        done = all(part.state in ("complete", "no announcement") for part in self.coverage.values())
        return done and not self.unscored and not self.pending and self.facts != "rss"

    @property
    def titles(self) -> list[str]:
        """The titles of all papers read."""
        parts = (self.rest, self.unscored, self.spared)
        return [pick.paper.title for pick in self.picks] + [row.title for part in parts for row in part]

    @property
    def ids(self) -> frozenset[str]:
        parts = (self.rest, self.unscored, self.spared)
        return frozenset([pick.paper.id for pick in self.picks] + [row.id for part in parts for row in part])


def base_id(text: str) -> str | None:
    """The versionless arXiv id in an id, a URL or `arXiv:...`; None if there is none.

    >>> base_id("http://arxiv.org/abs/2601.06212v2")
    '2601.06212'
    """
    match = re.search(rf"(?<![\w.]){ARXIV_ID}(?=v\d+(?!\d)|(?![\d\w]))", text, re.ASCII)
    return match[0] if match else None
