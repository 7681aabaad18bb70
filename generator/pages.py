"""Every page that is made from records, as Markdown: days, home, archive, fields.

A page is made again only when what it is made of has changed. Its digest of inputs is computed from the summaries
alone, so that a render parses only the records of the pages that it writes.
"""

import calendar
import datetime as dt
import functools
import html
import itertools
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import frontmatter
import jinja2

from generator import gate
from generator.config import Config
from generator.mathml import math_html
from generator.model import Day, Pick
from generator.outputs import Output, digest
from generator.stats import NO_FIELD, Summary
from generator.store import Store
from generator.text import clean
from generator.unicode_math import to_unicode
from generator.wording import words

BEST_ON_HOME = 3
LAST_DAYS = 10
RECENT_DAYS = 30
WEEK_DAYS = 7
BEST_OF_WEEK = 10
BEST_OF_MONTH = 20
BEST_OF_DAY = 3
FIELD_MONTHS = 12
DESCRIPTION_LENGTH = 200


class Group(NamedTuple):
    """The picks of one day in one field, best first."""

    slug: str
    label: str
    known: bool
    picks: list[Pick]


class Count(NamedTuple):
    slug: str
    label: str
    picks: int


class Row(NamedTuple):
    """One day in a list of days."""

    date: dt.date
    label: str
    read: int
    picks: int
    best: list[Pick]
    groups: list[Count]


class FieldRow(NamedTuple):
    slug: str
    label: str
    description: str
    recent: int
    total: int
    best: list[tuple[dt.date, Pick]]


class Cell(NamedTuple):
    """One square of a calendar; number 0: outside of the month."""

    number: int
    day: Summary | None
    depth: int


class Month(NamedTuple):
    label: str
    url: str
    picks: int
    weeks: list[list[Cell]]


class Link(NamedTuple):
    label: str
    url: str
    picks: int
    current: bool


# Addresses, as paths from the site's root.


def day_path(date: dt.date) -> str:
    """The address of DATE's page; it never changes its meaning."""
    return f"days/{date.year:04}/{date}/"


def month_path(month: str) -> str:
    """The address of the page of MONTH (YYYY-MM)."""
    return f"archive/{month}/"


def field_path(slug: str) -> str:
    """The address of the page of a field; it never changes its meaning."""
    return f"fields/{slug}/"


def source_of(url: str) -> str:
    """The Markdown file of the page at URL, below docs/."""
    return f"{url}index.md" if url in ("", "archive/", "fields/") else f"{url.rstrip('/')}.md"


def relative(url: str, here: str) -> str:
    """URL as a link from the page at HERE, both from the site's root."""
    found = posixpath.relpath(url or ".", here or ".")
    return found + "/" if not url or url.endswith("/") else found


# Choosing and ordering: no input, no output.


def best_first(picks: Iterable[Pick]) -> list[Pick]:
    """PICKS by falling score; equals stay in the record's order, which the judge chose."""
    return sorted(picks, key=lambda pick: -pick.verdict.score)


def field_order(slugs: Iterable[str], config: Config) -> list[str]:
    """SLUGS in the order of config.toml, then those that it does not know (any more), then what has no field."""
    order = {field.slug: number for number, field in enumerate(config.fields)}
    return sorted(slugs, key=lambda slug: (order.get(slug, len(order)), slug == NO_FIELD, slug))


def field_label(slug: str, config: Config) -> str:
    """The name of a field as readers see it."""
    if field := config.field(slug):
        return field.label(config.site.language)
    return words(config.site.language)["no_field"] if slug == NO_FIELD else slug


def group(picks: Iterable[Pick], config: Config) -> list[Group]:
    """PICKS by field, in the order of fields, best first inside each."""
    by_field: dict[str, list[Pick]] = {}
    for pick in picks:
        by_field.setdefault(pick.verdict.field or NO_FIELD, []).append(pick)
    return [
        Group(slug, field_label(slug, config), config.field(slug) is not None, best_first(by_field[slug]))
        for slug in field_order(by_field, config)
    ]


def best_of_each(groups: Iterable[Group], limit: int) -> list[Pick]:
    """The best of several fields: the first of each in turn, so that no field crowds out the others."""
    firsts = best_first(one.picks[0] for one in groups)
    return firsts[:limit]


def within(found: Sequence[Summary], days: int) -> list[Summary]:
    """Those of FOUND that lie within DAYS before the newest one."""
    return [one for one in found if (found[-1].date - one.date).days < days] if found else []


def depth(picks: int, most: int) -> int:
    """How strongly a day with PICKS is tinted where the fullest has MOST: 0 (none) to 4."""
    return 0 if not picks else 1 + min(3, picks * 4 // (most + 1))


def weeks(year: int, month: int, days: Mapping[dt.date, Summary], most: int) -> list[list[Cell]]:
    """The month as rows of seven squares, Monday first."""
    rows = []
    for week in calendar.Calendar().monthdatescalendar(year, month):
        inside = [date if date.month == month else None for date in week]
        rows.append([_cell(date, days.get(date) if date else None, most) for date in inside])
    return rows


def _cell(date: dt.date | None, day: Summary | None, most: int) -> Cell:
    return Cell(date.day if date else 0, day, depth(day.picks, most) if day else 0)


# Words for numbers and dates.


def date_label(date: dt.date, language: Any, form: str = "date") -> str:
    """DATE in the site's language; FORM is a key of wording."""
    w = words(language)
    name = w["month_names"].split()[date.month - 1]
    return w[form].format(year=date.year, month=date.month, day=date.day, month_name=name)


def weekday_label(date: dt.date, language: Any) -> str:
    """DATE with its day of the week."""
    w = words(language)
    return w["date_weekday"].format(date=date_label(date, language), weekday=w["weekdays"].split()[date.weekday()])


def in_language(text: str, language: str) -> str:
    """The lines of TEXT that are in LANGUAGE; all of it if there is none."""
    lines = [line for line in text.splitlines() if line.strip()]
    chinese = [bool(re.search(r"[\u4e00-\u9fff]", line)) for line in lines]
    fitting = [line for line, is_chinese in zip(lines, chinese, strict=True) if is_chinese == (language == "zh")]
    return " ".join(fitting or lines)


def _money(cost: float | None, currency: str, w: Mapping[str, str]) -> str:
    return w["unknown"] if cost is None else f"{currency} {cost:.2f}" if cost >= 1 else f"{currency} {cost:.4f}"


def _local(moment: dt.datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    hours, minutes = f"{local:%z}"[:3], f"{local:%z}"[3:]
    return f"{local:%Y-%m-%d %H:%M} UTC{int(hours):+d}" + (f":{minutes}" if minutes != "00" else "")


def _anchor(name: object) -> str:
    """An explicit anchor of a heading: `{#name}`; only our own slugs and dates come here."""
    if not re.fullmatch(r"[\w-]+", str(name), re.ASCII):
        raise ValueError(f"{name!r} is no anchor")
    return f"{{#{name}}}"


def _notices(day: Day) -> list[str]:
    """Keys of what a reader must know of DAY before its papers."""
    marks = {
        "sample": day.sample,
        "imported": day.imported,
        "estimate": day.judge == "offline" and bool(day.picks),
        "rss": day.facts == "rss",
        "incomplete": not day.complete and not day.sample and not day.imported,
    }
    return [key for key, applies in marks.items() if applies]


def _coverage(day: Day, w: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(category, "ok" or "gap", what was read of it) for each category of DAY."""
    unscored = Counter(row.primary for row in day.unscored)
    rows = []
    for name, part in day.coverage.items():
        text = f"{part.read}/{part.expected}" if part.expected is not None else str(part.read)
        notes = [] if part.state == "complete" else [w[f"coverage_{part.state}"]]
        if unscored[name]:
            notes.append(w["coverage_unscored"].format(n=unscored[name]))
        fine = part.state in ("complete", "no announcement") and not unscored[name]
        rows.append((name, "ok" if fine else "gap", w["comma"].join([text, *notes])))
    return rows


def _note(mark: str, w: Mapping[str, str]) -> str:
    return w.get(mark, mark)


# Rendering.


def _environment() -> jinja2.Environment:
    """Templates that make Markdown; a test sees that every variable in them passes one of these filters last."""
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("generator"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 (Markdown with HTML in it: each target has its own filter)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters |= {
        "h": lambda value: gate.html(str(value)),
        "md": lambda value: gate.markdown(str(value)),
        "u": lambda value: gate.url_part(str(value)),
        "math": math_html,
        "made": str,  # made by a macro or a function whose parts passed the gate
        "n": "{:,}".format,
        "n4": "{:04}".format,
        "score": "{:.1f}".format,
        "iso": lambda moment: f"{moment:%Y-%m-%d}",
        "anchor": _anchor,
        # those below give text that has yet to pass one of those above
        "fill": lambda text, **values: text.format(**values),
        "rel": relative,
        "day_url": lambda date, here: relative(day_path(date), here),
        "month_url": lambda date, here: relative(month_path(f"{date:%Y-%m}"), here),
        "money": _money,
        "local": _local,
        "notices": _notices,
        "coverage": _coverage,
        "note": _note,
    }
    return env


_ENV = _environment()


@functools.cache
def maker_digest() -> str:
    """A digest of the code and the templates that make pages: when they change, every page is made again."""
    package = resources.files("generator")
    names = ["gate.py", "mathml.py", "pages.py", "stats.py", "text.py", "unicode_math.py", "wording.py"]
    templates = sorted((one for one in (package / "templates").iterdir()), key=lambda one: one.name)
    return digest(*((package / name).read_bytes() for name in names), *(one.read_bytes() for one in templates))


def front_matter(meta: Mapping[str, Any]) -> str:
    """META as front matter. MkDocs' templates do not escape: what is text is made harmless for HTML here."""
    post = frontmatter.Post("", **{key: _harmless(value) for key, value in meta.items()})
    return frontmatter.dumps(post, sort_keys=False, allow_unicode=True, width=10_000) + "\n"


def _harmless(value: Any) -> Any:
    if isinstance(value, str):
        return html.escape(clean(value), quote=True)
    if isinstance(value, Mapping):
        return {_harmless(key): _harmless(part) for key, part in value.items()}
    return [_harmless(part) for part in value] if isinstance(value, list | tuple) else value


class _Pages:
    """The pages of one archive. Records are read when a page that needs them is made, and a few are kept."""

    def __init__(self, store: Store, config: Config, found: Sequence[Summary]) -> None:
        self.config = config
        self.language = config.site.language
        self.w = words(config.site.language)
        self.days = [one for one in found if one.announced]
        self.recent = within(self.days, RECENT_DAYS)
        self._read = functools.lru_cache(maxsize=64)(store.read)
        shown = config.site.model_dump_json() + config.budget.currency
        fields = repr([(field.slug, field.label(self.language)) for field in config.fields])
        self.base = digest(maker_digest(), shown, fields)
        self.field_texts = repr([field.description for field in config.fields])

    def record(self, date: dt.date) -> Day:
        """The record of DATE, which has a summary."""
        day = self._read(date)
        if day is None:
            raise LookupError(f"{date} has a summary and no record")
        return day

    def render(self, template: str, url: str, meta: Mapping[str, Any], **values: Any) -> bytes:
        """TEMPLATE for the page at URL; `title` of META is its heading too."""
        text = _ENV.get_template(template).render(
            front=front_matter(meta), title=meta["title"], here=url, w=self.w, **values
        )
        return text.encode()

    def output(self, url: str, make: Callable[[], bytes], *inputs: str) -> Output:
        return Output(source_of(url), digest(self.base, url, *inputs), make)

    def outputs(self) -> Iterator[Output]:
        yield from self.day_outputs()
        yield self.home_output()
        yield from self.archive_outputs()
        yield from self.field_outputs()
        yield self.output("subscribe/", self.make_subscribe)

    # Days

    def day_outputs(self) -> Iterator[Output]:
        dates: list[dt.date | None] = [None, *(one.date for one in self.days), None]
        for number, one in enumerate(self.days):
            around = (dates[number], dates[number + 2])
            make = functools.partial(self.make_day, one.date, *around)
            yield self.output(day_path(one.date), make, one.digest, repr(around))

    def make_day(self, date: dt.date, previous: dt.date | None, following: dt.date | None) -> bytes:
        day = self.record(date)
        url = day_path(date)
        groups = group(day.picks, self.config)
        return self.render(
            "day.md.j2",
            url,
            self.day_meta(day, groups),
            day=day,
            groups=groups,
            previous=previous,
            next=following,
            currency=self.config.budget.currency,
            zone=self.config.site.timezone,
        )

    def day_meta(self, day: Day, groups: Sequence[Group]) -> dict[str, Any]:
        """The front matter of a day, which tells a program all that the page's head tells a reader."""
        title = weekday_label(day.date, self.language)
        usage = day.usage
        return {
            "title": title,
            "date": day.date,
            "description": self.describe(day),
            "kind": "day",
            "tags": [one.label for one in groups],
            "papers_read": day.papers_read,
            "picks": len(day.picks),
            "judge": day.judge,
            "model": day.model or "offline",
            "tokens": usage.tokens,
            "cost": 0 if not usage.calls else "unknown" if usage.cost is None else usage.cost,
            "currency": self.config.budget.currency,
            "coverage": {name: text for name, _, text in _coverage(day, self.w)},
            "complete": day.complete,
            "updated": f"{day.updated:%Y-%m-%dT%H:%M:%SZ}",
        } | ({"sample": True} if day.sample else {})

    def describe(self, day: Day) -> str:
        """One line about DAY for search engines and previews: its figures and best titles."""
        best = best_of_each(group(day.picks, self.config), BEST_OF_DAY)
        titles = self.w["semicolon"].join(to_unicode(pick.paper.title) for pick in best)
        line = self.w["day_description"].format(
            date=date_label(day.date, self.language), read=day.papers_read, picks=len(day.picks), titles=titles
        )
        return clean(line, DESCRIPTION_LENGTH)

    def row(self, one: Summary) -> Row:
        """The day of ONE in a list of days."""
        groups = group(self.record(one.date).picks, self.config)
        counts = [Count(part.slug, part.label, len(part.picks)) for part in groups]
        label = weekday_label(one.date, self.language)
        return Row(one.date, label, one.read, one.picks, best_of_each(groups, BEST_OF_DAY), counts)

    # Home

    def home_output(self) -> Output:
        return self.output("", self.make_home, *(one.digest for one in self.days[-LAST_DAYS:]))

    def make_home(self) -> bytes:
        meta: dict[str, Any] = {
            "title": self.w["home_title"],
            "description": self.w["site_description"],
            "kind": "home",
        }
        if not self.days:
            return self.render("home.md.j2", "", meta, day=None)
        day = self.record(self.days[-1].date)
        meta |= {"title": weekday_label(day.date, self.language), "date": day.date, "picks": len(day.picks)}
        return self.render(
            "home.md.j2",
            "",
            meta,
            day=day,
            groups=group(day.picks, self.config),
            best=BEST_ON_HOME,
            rows=[self.row(one) for one in self.days[: -LAST_DAYS - 1 : -1]],
            currency=self.config.budget.currency,
            zone=self.config.site.timezone,
        )

    # Archive

    def archive_outputs(self) -> Iterator[Output]:
        years = sorted({one.date.year for one in self.days})
        yearly = {year: [one for one in self.days if one.date.year == year] for year in years}
        facts = {year: repr([(one.date, one.picks) for one in days]) for year, days in yearly.items()}
        totals = repr([(year, sum(one.picks for one in days)) for year, days in yearly.items()])
        newest = years[-1] if years else None
        everything = repr((len(self.days), sum(one.read for one in self.days)))
        make = functools.partial(self.make_archive, newest, yearly, "archive/")
        yield self.output("archive/", make, facts[newest] if newest else "", totals, everything)
        for year in years:
            url = f"archive/{year:04}/"
            make = functools.partial(self.make_archive, year, yearly, url)
            yield self.output(url, make, facts[year], totals)
        yield from self.month_outputs()

    def make_archive(self, year: int | None, yearly: Mapping[int, Sequence[Summary]], url: str) -> bytes:
        """The calendar of YEAR; at the archive's own address that of the newest year."""
        whole = url == "archive/"
        days = self.days if whole or year is None else yearly[year]
        title = self.w["archive_title"] if whole else self.w["year"].format(year=year)
        meta = {"title": title, "description": self.w["archive_description"], "kind": "archive"}
        return self.render(
            "archive.md.j2",
            url,
            meta,
            intro=self.total(days),
            years=[
                Link(str(one), f"archive/{one:04}/", sum(day.picks for day in yearly[one]), one == year)
                for one in sorted(yearly, reverse=True)
            ],
            months=self.calendar(yearly[year]) if year is not None else [],
        )

    def total(self, days: Sequence[Summary]) -> str:
        """How many days, papers read and picks there are in DAYS."""
        read, picks = sum(one.read for one in days), sum(one.picks for one in days)
        return self.w["archive_text"].format(days=f"{len(days):,}", read=f"{read:,}", picks=f"{picks:,}")

    def calendar(self, days: Sequence[Summary]) -> list[Month]:
        """The months of DAYS (of one year), newest first, each with its squares."""
        most = max(one.picks for one in days)
        by_date = {one.date: one for one in days}
        months = []
        for month, part in itertools.groupby(days, key=lambda one: one.month):
            first = dt.date.fromisoformat(f"{month}-01")
            label = date_label(first, self.language, "month")
            picks = sum(one.picks for one in part)
            months.append(Month(label, month_path(month), picks, weeks(first.year, first.month, by_date, most)))
        return months[::-1]

    def month_outputs(self) -> Iterator[Output]:
        months = [(month, list(part)) for month, part in itertools.groupby(self.days, key=lambda one: one.month)]
        names = [None, *(month for month, _ in months), None]
        for number, (month, days) in enumerate(months):
            around = (names[number], names[number + 2])
            make = functools.partial(self.make_month, month, days, *around)
            yield self.output(month_path(month), make, repr(around), *(one.digest for one in days))

    def make_month(self, month: str, days: Sequence[Summary], previous: str | None, following: str | None) -> bytes:
        label = date_label(days[0].date, self.language, "month")
        meta = {"title": label, "description": f"{label}: {self.total(days)}", "kind": "month"}
        rows = [self.row(one) for one in reversed(days)]
        return self.render(
            "month.md.j2",
            month_path(month),
            meta,
            intro=self.total(days),
            rows=rows,
            previous=previous,
            next=following,
        )

    # Fields

    def field_outputs(self) -> Iterator[Output]:
        window = [one.digest for one in self.recent]
        counts = [
            repr([(one.date, one.fields.get(field.slug, 0)) for one in self.days]) for field in self.config.fields
        ]
        yield self.output("fields/", self.make_fields, self.field_texts, *counts, *window)
        for field, count in zip(self.config.fields, counts, strict=True):
            make = functools.partial(self.make_field, field.slug)
            yield self.output(field_path(field.slug), make, self.field_texts, count, *window)

    def picks_of(self, slug: str, days: Sequence[Summary]) -> list[tuple[dt.date, Pick]]:
        """The picks of a field within DAYS, best first, the newer first among equals."""
        found: dict[str, tuple[dt.date, Pick]] = {}  # by id: records mended by hand may hold a paper twice
        for one in reversed(days):
            for pick in self.record(one.date).picks if one.fields.get(slug) else ():
                if pick.verdict.field == slug:
                    found.setdefault(pick.paper.id, (one.date, pick))
        return sorted(found.values(), key=lambda row: -row[1].verdict.score)

    def make_fields(self) -> bytes:
        meta = {"title": self.w["fields_title"], "description": self.w["fields_text"], "kind": "fields"}
        rows = [
            FieldRow(
                field.slug,
                field.label(self.language),
                in_language(field.description, self.language),
                sum(one.fields.get(field.slug, 0) for one in self.recent),
                sum(one.fields.get(field.slug, 0) for one in self.days),
                self.picks_of(field.slug, within(self.days, WEEK_DAYS))[:BEST_OF_DAY],
            )
            for field in self.config.fields
        ]
        return self.render("fields.md.j2", "fields/", meta, rows=rows)

    def make_field(self, slug: str) -> bytes:
        field = next(one for one in self.config.fields if one.slug == slug)
        label = field.label(self.language)
        week = self.picks_of(slug, within(self.days, WEEK_DAYS))[:BEST_OF_WEEK]
        shown = {pick.paper.id for _, pick in week}
        month = [row for row in self.picks_of(slug, self.recent) if row[1].paper.id not in shown][:BEST_OF_MONTH]
        with_picks = [(one.date, one.fields[slug]) for one in self.days if one.fields.get(slug)]
        months = [
            (date_label(dt.date.fromisoformat(f"{name}-01"), self.language, "month"), list(part))
            for name, part in itertools.groupby(reversed(with_picks), key=lambda row: f"{row[0]:%Y-%m}")
        ][:FIELD_MONTHS]
        description = self.w["field_description"].format(name=label)
        return self.render(
            "field.md.j2",
            field_path(slug),
            {"title": label, "description": description, "kind": "field", "field": slug},
            field={"slug": slug, "description": in_language(field.description, self.language)},
            recent=sum(one.fields.get(slug, 0) for one in self.recent),
            total=sum(one.fields.get(slug, 0) for one in self.days),
            lists=[(self.w["best_7"], "best_7", week), (self.w["best_30"], "best_30", month)],
            months=months,
        )

    # Subscribe

    def make_subscribe(self) -> bytes:
        w = self.w
        feeds = [
            (f"{w['feed_digest']} (RSS)", "feed.xml"),
            (f"{w['feed_digest']} (Atom)", "atom.xml"),
            (f"{w['feed_digest']} (JSON Feed)", "feed.json"),
            (w["feed_papers"], "papers.xml"),
            (w["feed_top"], "feeds/top.xml"),
            *((field.label(self.language), f"feeds/{field.slug}.xml") for field in self.config.fields),
            (w["feed_opml"], "feeds.opml"),
        ]
        meta = {"title": w["subscribe_title"], "description": w["subscribe_description"], "kind": "subscribe"}
        return self.render("subscribe.md.j2", "subscribe/", meta, feeds=feeds, site_url=self.config.site.url)


def page_outputs(store: Store, config: Config, found: Sequence[Summary]) -> Iterator[Output]:
    """Every page that is made from the records in STORE, of which FOUND are the summaries, oldest first."""
    return _Pages(store, config, found).outputs()
