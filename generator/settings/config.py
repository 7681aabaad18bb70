"""config.toml as one frozen tree: read, checked and explained here, trusted everywhere else.

Each option is documented by its `description`; the configuration page of the docs is made from them.
"""

import datetime as dt
import difflib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from generator.core import escape
from generator.core.errors import ConfigError
from generator.core.i18n import LANGUAGES, name_in
from generator.core.model import ARXIV_ID, Slug
from generator.core.taxonomy import ALIASES, CATEGORIES

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOCAL_URL = "http://127.0.0.1:8000/"
"""Where `serve` shows the site; stands in where neither config.toml nor GitHub names an address."""

RESERVED_SLUGS = ("index", "top", "weekly", "watched")
"""fields/index.md and feeds/top.xml, weekly.xml, watched.xml are taken."""

WINDOWS_NAMES = ("con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10)))
"""No file can be named so on Windows, whatever its ending: nobody there could clone the repository."""

ENVIRONMENT = {
    "OPENAI_BASE_URL": ("llm", "base_url"),
    "OPENAI_MODEL": ("llm", "model"),
    "ARXIV_API_URL": ("arxiv", "api_url"),
    "ARXIV_RSS_URL": ("arxiv", "rss_url"),
}
"""What the environment overrides; OPENAI_API_KEY is read in cli.py and never becomes part of the configuration."""


def _problem(message: str) -> PydanticCustomError:
    """An error whose message is shown as it is."""
    return PydanticCustomError("arxiv_daily", "{message}", {"message": message})


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint that names the known word closest to WORD."""
    names = sorted(known)
    by_fold = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.5)
    return f"did you mean {by_fold[close[0]]!r}?" if close else f"known are {', '.join(names[:20])}"


def _known_category(name: str) -> str:
    if name not in CATEGORIES:
        raise _problem(f"{name!r} is not an arXiv category; {nearest(name, CATEGORIES)}")
    return name


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _problem(f"{name!r} is not a time zone; use a name such as Asia/Shanghai or UTC") from None
    return name


def _known_language(name: str) -> str:
    if name not in LANGUAGES:
        raise _problem(
            f"{name!r} is none of {', '.join(LANGUAGES)}; to add a language put its words into"
            f" generator/core/locale/{name}.toml"
        )
    return name


def _address(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise _problem(f"{url!r} is not a URL such as https://name.github.io/arxiv-daily/")
    return url


def _endpoint(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise _problem(f"{escape.address(url)} is not a URL such as https://api.deepseek.com (without ? and #)")
    return url


def _folder_address(url: str) -> str:
    return url and _address(url).rstrip("/") + "/"


def _arxiv_id(text: str) -> str:
    if not re.fullmatch(ARXIV_ID, text):
        raise _problem(f"{text!r} is not an arXiv id such as 2601.00002 (without version or URL)")
    return text


def _synonym_group(forms: tuple[str, ...]) -> tuple[str, ...]:
    if len({form.casefold() for form in forms}) < 2:
        raise _problem(f"{list(forms)!r} holds one form; a group needs two or more that mean the same")
    if wordless := [form for form in forms if sum(map(str.isalnum, form)) < 2]:
        raise _problem(f"{wordless[0]!r} is too short for a form of a term: two letters at least")
    return forms


def _json(value: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise _problem("holds what JSON cannot say: a date, inf or nan, or a very long number") from None
    return value


class Options(BaseModel):
    """One table of config.toml: no unknown keys, no conversions."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = f"(?:{'|'.join(WEEKDAYS)})"
_TIME = "(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)"

ShortText = Annotated[str, Field(min_length=1, max_length=200)]
SynonymGroup = Annotated[tuple[ShortText, ...], Field(strict=False), AfterValidator(_synonym_group)]
Phrases = Annotated[tuple[ShortText, ...], Field(strict=False)]
MailAddress = Annotated[str, Field(pattern=r"^[^@\s<>,;:\"]+@[^@\s<>,;:\"]+$", max_length=254)]
SLOTS = ("site", "title", "counts", "link", "text", "markdown", "slack", "html")
"""What the template of a [[notify]] can name."""
SLOT = re.compile(r"\{([a-z]+)\}")


def slots(template: Any) -> set[str]:
    """The names in braces in the strings of TEMPLATE, a value of JSON."""
    if isinstance(template, str):
        return set(SLOT.findall(template))
    inner = template.values() if isinstance(template, Mapping) else template if isinstance(template, list) else ()
    return {name for value in inner for name in slots(value)}


Address = Annotated[str, AfterValidator(_address)]


class Site(Options):
    """`[site]`"""

    title: ShortText = Field(default="arXiv Daily", description="name of the site and of its feeds")
    url: Annotated[str, AfterValidator(_folder_address)] = Field(
        default="", description="public address; empty: derived from GITHUB_REPOSITORY (https://OWNER.github.io/NAME/)"
    )
    language: Annotated[str, AfterValidator(_known_language)] = Field(
        default="zh",
        description="language of the pages and of the reasons: `zh`, `en`, or a file of your own in"
        " generator/core/locale/",
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        default="Asia/Shanghai", description="time zone in which the pages give times"
    )
    authority: Annotated[str, Field(pattern=r"^$|^[a-z0-9.-]+,\d{4}(-\d\d){0,2}(:[A-Za-z0-9._/-]+)?$")] = Field(
        default="",
        description="authority of the feeds' tag: ids, such as name.github.io,2026:papers; `init` sets it once and it"
        " never changes again, so that a site that moves does not show its readers everything twice; empty: the url's"
        " host and path",
    )
    offline: bool = Field(
        default=True,
        description="readers who come back can read the last seven days, what they saved and the search of the newest"
        " month without a network; false: browsers drop what they kept for it",
    )


class Arxiv(Options):
    """`[arxiv]`"""

    _aliases: dict[str, str] = PrivateAttr(default_factory=dict)

    categories: Annotated[tuple[Annotated[str, AfterValidator(_known_category)], ...], Field(strict=False)] = Field(
        default=("cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO"),
        min_length=1,
        max_length=40,
        description="categories whose announcements are read; an alias such as cs.NA is read as math.NA, for which it"
        " stands",
    )
    cross_lists: bool = Field(default=False, description="also read papers that are only cross-listed to them")
    lookback_days: int = Field(
        default=7,
        ge=0,
        le=60,
        description="days before an announcement's own window in which late papers are looked for",
    )
    catchup_days: int = Field(
        default=7, ge=1, le=60, description="days back in which `run` completes what was missed or is incomplete"
    )
    patience_minutes: float = Field(
        default=10, ge=0, le=240, description="time that one run spends in all on waiting for an arXiv that is down"
    )
    timeout_seconds: float = Field(default=30, gt=0, le=300, description="time that one answer of arXiv may take")
    delay_seconds: float = Field(
        default=3,
        ge=0,
        le=60,
        description="pause between two requests; arXiv asks for 3, less is refused (but on loopback)",
    )
    api_url: Address = Field(
        default="https://export.arxiv.org/api/query",
        min_length=1,
        description="arXiv's API; ARXIV_API_URL overrides it",
    )
    rss_url: Address = Field(
        default="https://rss.arxiv.org/rss", min_length=1, description="arXiv's RSS; ARXIV_RSS_URL overrides it"
    )

    @property
    def aliases(self) -> Mapping[str, str]:
        """The categories that config.toml names by an alias, with what is read for each."""
        return self._aliases

    @model_validator(mode="wrap")
    @classmethod
    def _without_aliases(cls, told: Any, make: ModelWrapValidatorHandler[Self]) -> Self:
        """Read aliases as what they stand for: arXiv gives no paper one as its primary category."""
        names = told.get("categories") if isinstance(told, dict) else None
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            return make(told)
        aliases = {name: ALIASES[name] for name in names if name in ALIASES}
        kept = [name for name in names if name not in aliases]
        kept += [name for name in dict.fromkeys(aliases.values()) if name not in kept]
        made = make({**told, "categories": kept} if aliases else told)
        made._aliases.update(aliases)
        return made

    @model_validator(mode="after")
    def _polite(self) -> "Arxiv":
        hosts = {urlsplit(self.api_url).hostname, urlsplit(self.rss_url).hostname}
        if self.delay_seconds < 3 and not hosts <= set(LOOPBACK):
            raise _problem(f"delay_seconds is {self.delay_seconds:g}; arXiv's terms of use ask for at least 3")
        return self


class ResearchField(Options):
    """`[[fields]]`: one research field"""

    slug: Slug = Field(description="part of the address of the field's page and feed; its meaning never changes")
    name: ShortText = Field(description="name shown to readers and to the model")
    name_en: ShortText | None = Field(default=None, description="English name, shown where the site is in English")
    description: Annotated[str, Field(min_length=1, max_length=4000)] = Field(
        description="what belongs to the field; the model reads it, the offline judge matches its words"
    )
    categories: Annotated[tuple[Annotated[str, AfterValidator(_known_category)], ...], Field(strict=False)] = Field(
        default=(),
        max_length=40,
        description="arXiv categories whose papers mostly belong to the field; they speak for it in the local judge's"
        " ranking, a paper's primary category most",
    )
    keywords: Phrases = Field(default=(), description="phrases that speak strongly for the field")
    hints: Phrases = Field(default=(), description="phrases that speak weakly for the field")
    threshold: float | None = Field(
        default=None, gt=0, le=10, description="lowest score of a pick of this field; unset: that of [judge]"
    )
    at_most: int | None = Field(default=None, ge=1, description="most picks of this field a day; unset: no bound")
    at_least: int = Field(
        default=0,
        ge=0,
        le=50,
        description="least picks of this field a day, as far as it has papers: the best below the threshold are taken",
    )

    @model_validator(mode="after")
    def _bounds(self) -> "ResearchField":
        if self.at_most is not None and self.at_least > self.at_most:
            raise _problem(f"at_least is {self.at_least}, more than at_most, {self.at_most}")
        return self

    def label(self, language: str) -> str:
        """The name to show on a site in LANGUAGE."""
        return name_in(self.name, self.name_en, language)


class LowInterest(Options):
    """`[[low_interest]]`: what is rarely wanted"""

    name: ShortText = Field(description="name of the topic")
    description: Annotated[str, Field(max_length=4000)] = Field(default="", description="what belongs to it, in words")
    keywords: Phrases = Field(default=(), description="phrases that speak for it")


def _long_enough(word: str) -> str:
    if len(word.strip()) < 2 or not any(map(str.isalnum, word)):
        raise _problem(f"{word!r} is too short to look for: two characters at least, one of them a letter or digit")
    return word


Term = Annotated[ShortText, AfterValidator(_long_enough)]


class PaperList(Options):
    """Words, authors and categories by which papers are told apart without a judge."""

    words: Annotated[tuple[Term, ...], Field(strict=False)] = Field(
        default=(),
        description="words or phrases in title or abstract; case, accents and hyphens do not count, a plural is found",
    )
    authors: Annotated[tuple[Term, ...], Field(strict=False)] = Field(
        default=(), description="names, such as Yann LeCun; with an initial, Y. LeCun, any that begin so"
    )
    categories: Annotated[tuple[Annotated[str, AfterValidator(_known_category)], ...], Field(strict=False)] = Field(
        default=(), description="arXiv categories, of cross-lists too"
    )

    def __bool__(self) -> bool:
        return bool(self.words or self.authors or self.categories)


class Always(PaperList):
    """`[always]`: papers that are picks whatever their score, marked with what they match, in feeds/watched.xml too"""


class Never(PaperList):
    """`[never]`: papers that are neither judged nor shown; what [always] names is shown all the same"""


class RubricExample(Options):
    """`[[examples]]`: a made-up paper that shows the model what a score means; all of them replace the built-in ones"""

    score: float = Field(ge=0, le=10, description="the score that such a paper deserves")
    title: ShortText = Field(description="its title; made up, so that no real paper is judged by having stood here")
    reason: Annotated[str, Field(min_length=1, max_length=400)] = Field(
        description="what it does, and so why the score"
    )


_NEUTRAL = (
    (9, "An Old Question Settled", "a complete answer, checked in two ways; the method opens neighbouring questions"),
    (8, "Why the Known Bound Is Not Reached", "finds the one cause, proves or measures it, and removes it"),
    (7, "A Simpler Way to the Same Result", "half the assumptions; steady gains in five settings"),
    (5, "One More Case of a Known Rule", "expected, carefully done, of use to few"),
    (2, "A Known Tool at Another Place", "nothing new about the tool or the fields"),
)
NEUTRAL_EXAMPLES = tuple(RubricExample(score=score, title=title, reason=reason) for score, title, reason in _NEUTRAL)
"""Examples of no discipline, for fields that bring none of their own."""


class Judging(Options):
    """`[judge]`"""

    threshold: float = Field(default=7, gt=0, le=10, description="lowest score of a pick")
    flagged: Literal["cap", "hold"] = Field(
        default="cap",
        description="what becomes of a paper whose text tells its reader what to do: `cap` gives it no more than the"
        " offline judge does, `hold` leaves it without a score until it stands in `cleared`",
    )
    cleared: Annotated[tuple[Annotated[str, AfterValidator(_arxiv_id)], ...], Field(strict=False)] = Field(
        default=(),
        description="ids of such papers that you have looked at and found harmless: their verdict counts, from the"
        " next run on that judges or completes their day",
    )
    offline_share: float = Field(
        default=0.25, gt=0, le=1, description="share of papers that the offline judge picks, over the last 30 days"
    )
    learning_days: int = Field(
        default=60, ge=3, le=365, description="newest days of a model's verdicts that the local judge learns from"
    )
    prefilter: bool = Field(
        default=True,
        description="do not send the least likely papers to the model; they are shown as not judged; off until three"
        " days of its verdicts are there",
    )
    prefilter_recall: float = Field(
        default=0.98, ge=0.5, le=1, description="share of the picks that the prefilter is to keep"
    )
    correct_leniency: bool = Field(
        default=True,
        description="take out of the scores what a call was more lenient than others, and where calls differ order"
        " the day by vote and local judge together; off until three days are there",
    )
    second_vote: bool = Field(
        default=True,
        description="ask again about papers close to the threshold and take the mean; off until three days are there",
    )
    second_vote_share: float = Field(
        default=0.13,
        ge=0,
        le=1,
        description="most papers that are asked about again, as a share of the day, spared papers counted",
    )
    title_allowance: float = Field(
        default=2,
        ge=0,
        le=10,
        description="points that a pick's abstract can win above what the model gives its title alone: a bound on"
        " orders in abstracts that no pattern knows, for about 6 % more tokens; 10 asks about no title",
    )


class Llm(Options):
    """`[llm]`: any OpenAI-compatible endpoint"""

    model: ShortText = Field(default="gpt-5.6-luna", description="the model's name there; OPENAI_MODEL overrides it")
    base_url: Annotated[str, AfterValidator(_endpoint)] = Field(
        default="", description="the endpoint; empty: OpenAI's; OPENAI_BASE_URL overrides it"
    )
    papers_per_call: int = Field(default=12, ge=1, le=50, description="papers judged in one call")
    background: bool = Field(
        default=False, description="send what an abstract says before its authors' own work too: an eighth more tokens"
    )
    concurrency: int = Field(default=8, ge=1, le=64, description="calls under way at once")
    timeout_seconds: float = Field(default=180, gt=0, le=3600, description="time that one call may take")
    retries: int = Field(default=4, ge=0, le=20, description="further tries of a call after 429, 5xx or a time-out")
    temperature: float | None = Field(default=None, ge=0, le=2, description="sent only if set; some models refuse it")
    max_output_tokens: int | None = Field(default=None, ge=256, description="sent only if set; bounds one answer")
    batch_minutes: float = Field(
        default=120, ge=0, le=1440, description="time that a run with --batch waits for its batches"
    )
    batch_pause_seconds: float = Field(default=30, gt=0, le=600, description="time between two looks at a batch")
    not_before: Annotated[str, Field(pattern=f"^(?:{_TIME})?$")] = Field(
        default="",
        description="hour in UTC, such as 10:00, before which `run` without dates asks the model nothing: a later tick"
        " of the day does, when the provider's hours are cheaper; empty: at any time",
    )
    extra_body: Annotated[dict[str, Any], AfterValidator(_json)] = Field(
        default_factory=dict, description='further fields of the request, such as `{thinking = {type = "disabled"}}`'
    )


class Peak(Options):
    """`peak` of `[[prices]]`: hours in which the provider charges more"""

    days: Annotated[str, Field(pattern=f"^{_DAY}(-{_DAY})?$")] = Field(default="Mon-Sun", description="such as Mon-Fri")
    hours: Annotated[str, Field(pattern=f"^{_TIME}-{_TIME}$")] = Field(description="in UTC, such as 01:00-04:00")
    factor: float = Field(gt=0, le=100, description="by which every price is multiplied")

    def holds(self, at: dt.datetime) -> bool:
        """Whether AT lies within: its weekday and hour in UTC."""
        first, _, last = self.days.partition("-")
        start, _, end = self.hours.partition("-")
        day = at.astimezone(dt.UTC)
        names = [WEEKDAYS[(WEEKDAYS.index(first) + step) % 7] for step in range(7)]
        within = WEEKDAYS[day.weekday()] in names[: names.index(last or first) + 1]
        return within and start <= f"{day:%H:%M}" < end


class Price(Options):
    """`[[prices]]`: price of one model per million tokens, in the budget's currency"""

    model: ShortText = Field(description="the model's name, as in [llm]")
    input: float = Field(ge=0, description="a million input tokens")
    cached_input: float | None = Field(default=None, ge=0, description="of cached input; unset: as input")
    cache_write: float | None = Field(
        default=None,
        ge=0,
        description="of input that is written into the provider's cache; unset: as input. Where the provider does not"
        " say how much that was, all input counts that did not come from the cache",
    )
    output: float = Field(ge=0, description="a million output tokens, reasoning included")
    peak: Annotated[tuple[Peak, ...], Field(strict=False)] = Field(
        default=(), description='hours that cost more, such as `{days = "Mon-Fri", hours = "01:00-04:00", factor = 2}`'
    )
    as_of: str = Field(default="", description="the date on which the price was looked up")

    def factor(self, at: dt.datetime | None) -> float:
        """By what the prices are multiplied AT a moment; the largest where none is given."""
        factors = [peak.factor for peak in self.peak if at is None or peak.holds(at)]
        return max(factors, default=1.0) if at is not None else max([1.0, *factors])


class BudgetLimits(Options):
    """`[budget]`: a run stops before the call that would exceed one of these; 0 forbids any call"""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = Field(
        default="USD", description="currency of all prices and budgets"
    )
    tokens_per_run: int | None = Field(default=2_000_000, ge=0, description="tokens that one run may use")
    tokens_per_month: int | None = Field(default=20_000_000, ge=0, description="tokens for a calendar month (UTC)")
    money_per_run: float | None = Field(default=None, ge=0, description="money that one run may cost; needs a price")
    money_per_month: float | None = Field(default=None, ge=0, description="money for a month; needs a price")


class Feeds(Options):
    """`[feeds]`"""

    top_score: float = Field(default=9, ge=0, le=10, description="lowest score of a paper in feeds/top.xml")


class Search(Options):
    """`[search]`"""

    synonyms: Annotated[tuple[SynonymGroup, ...], Field(strict=False)] = Field(
        default=(),
        max_length=1000,
        description='groups of forms of one term, each of which finds the others too: [["speculative decoding",'
        ' "投机解码"]]; the site knows some 500 groups already',
    )


class Alarm(Options):
    """`[alarm]`: when GitHub's workflow opens an issue"""

    after_hours: float = Field(
        default=18,
        ge=1,
        le=240,
        description="hours after midnight in New York on an announcement's date after which it is overdue if it is"
        " not complete",
    )


class Channel(Options):
    """`[[notify]]`: where `arxiv-daily notify` sends a message on each announcement"""

    name: Slug = Field(description="of your choice; what was sent is remembered by it")
    kind: Literal["mail", "post"] = Field(description="`mail` (SMTP) or `post` (one JSON POST)")
    variable: Annotated[str, Field(pattern="^NOTIFY_[A-Z0-9_]{1,60}$")] = Field(
        default="",
        validate_default=False,
        description="environment variable that holds the secret address: the mail server"
        " (`smtps://USER:PASSWORD@HOST:465`) or the webhook; empty: NOTIFY_SMTP for mail, NOTIFY_URL for a post",
    )
    to: Annotated[tuple[MailAddress, ...], Field(strict=False)] = Field(
        default=(), max_length=50, description="mail: who receives it"
    )
    sender: MailAddress | Literal[""] = Field(default="", description="mail: from whom; empty: the mail server's user")
    body: Annotated[dict[str, Any], AfterValidator(_json)] = Field(
        default_factory=dict,
        description="post: the JSON to send; in its strings `{title}`, `{counts}`, `{link}`, `{site}` and the whole"
        " message as `{text}`, `{markdown}`, `{slack}` or `{html}` are filled in",
    )
    fields: Annotated[tuple[Slug, ...], Field(strict=False)] = Field(
        default=(), description="slugs of the fields whose picks it tells; empty: all"
    )
    min_score: float = Field(default=0, ge=0, le=10, description="lowest score of a pick that it tells")
    watched_only: bool = Field(default=False, description="tell watched papers only, and nothing on a day without one")
    most: int = Field(default=7, ge=1, le=30, description="picks in one message, the best first")
    incomplete: bool = Field(default=False, description="tell a day before it is complete, too")
    alarms: bool = Field(default=False, description="also tell what the alarm tells: what is overdue or does not work")

    @model_validator(mode="before")
    @classmethod
    def _default_variable(cls, told: Any) -> Any:
        if isinstance(told, dict) and not told.get("variable"):
            return {**told, "variable": "NOTIFY_SMTP" if told.get("kind") == "mail" else "NOTIFY_URL"}
        return told

    @model_validator(mode="after")
    def _whole(self) -> "Channel":
        if self.kind == "mail" and not self.to:
            raise _problem(f"{self.name!r} lacks `to`: the addresses that receive the mail")
        if self.kind == "post" and not self.body:
            raise _problem(f'{self.name!r} lacks `body`: the JSON to send, such as {{text = "{{text}}"}}')
        if unknown := slots(self.body) - set(SLOTS):
            name = min(unknown)
            raise _problem(f"{self.name!r}: `body` asks for {{{name}}}; {nearest(name, SLOTS)}")
        return self


class Config(Options):
    """The whole of config.toml, with what the environment overrides."""

    site: Site = Site()
    arxiv: Arxiv = Arxiv()
    judge: Judging = Judging()
    llm: Llm = Llm()
    budget: BudgetLimits = BudgetLimits()
    feeds: Feeds = Feeds()
    search: Search = Search()
    alarm: Alarm = Alarm()
    notify: Annotated[tuple[Channel, ...], Field(strict=False)] = ()
    prices: Annotated[tuple[Price, ...], Field(strict=False)] = ()
    fields: Annotated[tuple[ResearchField, ...], Field(strict=False)] = Field(min_length=1, max_length=50)
    low_interest: Annotated[tuple[LowInterest, ...], Field(strict=False)] = ()
    always: Always = Always()
    never: Never = Never()
    examples: Annotated[tuple[RubricExample, ...], Field(strict=False)] = Field(default=NEUTRAL_EXAMPLES, max_length=12)

    @model_validator(mode="after")
    def _consistent(self) -> "Config":
        _refuse_repeats("fields.slug", [field.slug for field in self.fields])
        if taken := [field.slug for field in self.fields if field.slug in RESERVED_SLUGS]:
            raise _problem(f"fields.slug: {taken[0]!r} is the name of a page or feed of the site; take another")
        if taken := [field.slug for field in self.fields if field.slug in WINDOWS_NAMES]:
            raise _problem(f"fields.slug: {taken[0]!r} is not a valid file name on Windows; choose another")
        _refuse_repeats("notify.name", [channel.name for channel in self.notify])
        slugs = [field.slug for field in self.fields]
        if strange := next((slug for channel in self.notify for slug in channel.fields if slug not in slugs), None):
            raise _problem(f"notify.fields: there is no field {strange!r}; {nearest(strange, slugs)}")
        _refuse_repeats("fields.name", [field.name for field in self.fields])
        _refuse_repeats("prices.model", [price.model for price in self.prices])
        _refuse_repeats("arxiv.categories", list(self.arxiv.categories))
        return self

    def field(self, slug: str | None) -> ResearchField | None:
        """The research field with SLUG, if there is (still) one."""
        return next((field for field in self.fields if field.slug == slug), None)

    def threshold_of(self, field: ResearchField) -> float:
        """The lowest score of a pick of FIELD."""
        return self.judge.threshold if field.threshold is None else field.threshold

    @property
    def lowest_threshold(self) -> float:
        """The lowest score of a pick of any field: from it on the model gives a reason."""
        return min([self.judge.threshold, *map(self.threshold_of, self.fields)])

    def price(self, model: str) -> Price | None:
        """The price of MODEL, if config.toml holds one."""
        return next((price for price in self.prices if price.model == model), None)


def _refuse_repeats(key: str, names: list[str]) -> None:
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise _problem(f"{key}: {repeated!r} is used twice; each must be unique")


def look_alikes(path: Path) -> list[str]:
    """The names of files beside the configuration at PATH that look like another one: only PATH is read."""
    names = ("config.toml", path.name.lower())
    others = (other for other in path.parent.glob("*") if _is_like(other.name.lower(), names) and other.is_file())
    return sorted(other.name for other in others if not other.samefile(path))  # the case of names may not count here


def _is_like(name: str, names: tuple[str, ...]) -> bool:
    """Whether NAME is one of NAMES, a copy of one under a longer name, or another name of a configuration."""
    stem, _, kind = name.rpartition(".")
    return (
        name in names
        or name.startswith(tuple(f"{name}." for name in names))
        or (kind == "toml" and "config" in stem)
        or (kind in ("yaml", "yml", "json", "ini") and stem.split(".")[0] == "config")
    )


def load(path: Path, env: Mapping[str, str]) -> Config:
    """Read config.toml at PATH, overridden by what ENV holds (an empty variable counts as unset).

    Raises ConfigError, which names the file, the key and the nearest valid name.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # editors on Windows begin a file with a byte-order mark
    except FileNotFoundError:
        raise ConfigError(f"{path} not found; run in the project's folder or name it with --root") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    return parse(text, path, env)


def parse(text: str, path: Path, env: Mapping[str, str]) -> Config:
    """The configuration in TEXT, as it stands or shall stand at PATH; as `load`."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # beside TOML's own, numbers of thousands of digits and deep nesting
        raise ConfigError(f"{path} is not valid TOML: {error}") from None
    origin = {}
    for variable, (table, key) in ENVIRONMENT.items():
        if (value := env.get(variable, "").strip()) and isinstance(data.setdefault(table, {}), dict):
            data[table][key] = value
            origin[(table, key)] = variable
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        lines = [_explain(detail, origin) for detail in _causes(error.errors())]
        raise ConfigError(f"{path}: " + f"\n{path}: ".join(lines)) from None
    return config.model_copy(update={"site": _with_url(config.site, env)})


def _with_url(site: Site, env: Mapping[str, str]) -> Site:
    """SITE with an address, derived as GitHub Pages derives it where config.toml has none."""
    owner, _, name = env.get("GITHUB_REPOSITORY", "").strip().partition("/")
    if site.url or not (owner and name):
        return site.model_copy(update={"url": site.url or LOCAL_URL})
    return site.model_copy(update={"url": pages_address(owner, name)})


def pages_address(owner: str, name: str) -> str:
    """The address that GitHub Pages gives the site of the repository OWNER/NAME."""
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def _causes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """DETAILS without those that only follow from an error further inside."""
    return [
        detail
        for detail in details
        if not any(
            detail is not other
            and other["loc"][: len(detail["loc"])] == detail["loc"]
            and len(other["loc"]) > len(detail["loc"])
            for other in details
        )
    ]


def _explain(detail: ErrorDetails, origin: Mapping[tuple[str, str], str]) -> str:
    """One line about one error: where it is, what is wrong, what would be right."""
    loc = detail["loc"]
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    if variable := origin.get((str(loc[0]), str(loc[-1]))) if loc else None:
        where = f"{where} (from the environment variable {variable})"
    if detail["type"] == "extra_forbidden":
        return f"unknown key {where}; {nearest(str(loc[-1]), _keys_of(loc[:-1]))}"
    if detail["type"] == "missing":
        return f"{where} is missing"
    if detail["type"] == "arxiv_daily":
        return f"{where}: {detail['msg']}" if where else detail["msg"]
    if detail["type"] in ("model_type", "dict_type"):
        return f"{where} = {_shown(detail['input'])}: must be a table, [{where}]"
    if detail["type"] == "tuple_type":
        return f"{where} = {_shown(detail['input'])}: must be a list, in square brackets"
    return f"{where} = {_shown(detail['input'])}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"


def _shown(value: object) -> str:
    """The beginning of VALUE as it stands in the file."""
    try:
        return f"{value!r:.80}"
    except ValueError:  # Python writes no number of more than 4,300 digits
        return "a very long number"


def _keys_of(loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the table at LOC knows."""
    table: type[BaseModel] = Config
    for part in loc:
        if isinstance(part, str):
            table = table_in(table.model_fields[part].annotation)
    return list(table.model_fields)


def table_in(annotation: Any) -> type[BaseModel]:
    """The table class within an annotation such as Annotated[tuple[Price, ...], ...]."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(found for part in get_args(annotation) if part is not Ellipsis and (found := table_in(part)))
