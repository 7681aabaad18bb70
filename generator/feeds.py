"""The feeds: pure functions from the records, newest first, to the bytes of RSS, Atom, JSON Feed and OPML.

An item's id outlives everything that may change about it: a tag: URI for a day, arXiv's oai: identifier for a paper.
Every date comes from a record, so the same records give the same bytes.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from feedgen.entry import FeedEntry  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from lxml import etree

from generator import gate
from generator.config import Config, ResearchField
from generator.dates import NEW_YORK
from generator.late_truth import in_words
from generator.model import Coverage, Day, Pick
from generator.outputs import Output, digest
from generator.stats import Summary
from generator.text import clean
from generator.unicode_math import to_unicode
from generator.wording import words

LIMIT_BYTES = 500_000
"""Where readers and their proxies begin to refuse or truncate a feed."""
DIGEST_DAYS = 50
PAPER_DAYS = 3
"""Announcements that a feed of papers holds at least, whatever its size: a daily poller must lose none."""
MOST_DAYS = 125
"""Half a year of announcements: a feed with few papers reaches no farther back: render need not read all years."""
MOST_AUTHORS = 100
"""Names in an item's metadata: a collaboration of 3,000 would weigh as much as a hundred papers."""
SHOWN_AUTHORS = 8

_BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The time of update of a feed without items, which must have one."""
_TAG_YEAR = 2026
_MARKS = ("withdrawn", "flagged", "language")
# Some readers take an RSS title for HTML and drop what looks like a tag or a reference; these signs look the same.
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_REFERENCE_LIKE = re.compile(r"&(?=#?\w+;)")


class Feed(NamedTuple):
    """One feed as it is offered: its path below the site, its form, and what it holds."""

    path: str
    form: Literal["rss", "atom", "json"]
    title: str
    description: str
    holds: Callable[[Pick], bool] | None
    """Which picks are its items; None: its items are whole days."""
    label: str
    """What it holds, in a word or two, beside the site's title."""
    field: str | None = None
    """Slug of the research field, if it is that of one."""

    @property
    def media_type(self) -> str:
        return {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}[
            self.form
        ]


class Item(NamedTuple):
    """One item in any of the forms. All but `html` is plain text."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: dt.datetime
    updated: dt.datetime
    tags: Sequence[str] = ()
    authors: Sequence[str] = ()


Build = Callable[[Sequence[Item]], bytes]


def catalogue(config: Config) -> list[Feed]:
    """All feeds of the site, the one for most readers first."""
    language = config.site.language
    word = words(language)
    title, top = config.site.title, config.feeds.top_score
    top_text = word["feeds_top"].format(score=f"{top:g}")
    digest_label, papers_label = word["feeds_digest_title"], word["feeds_papers_title"]
    return [
        Feed("feed.xml", "rss", title, word["feeds_digest"], None, digest_label),
        Feed("atom.xml", "atom", title, word["feeds_digest"], None, f"{digest_label} (Atom)"),
        Feed("feed.json", "json", title, word["feeds_digest"], None, f"{digest_label} (JSON Feed)"),
        Feed("papers.xml", "rss", f"{title} · {papers_label}", word["feeds_papers"], lambda _: True, papers_label),
        Feed(
            "feeds/top.xml", "rss", f"{title} · {top_text}", top_text, lambda pick: pick.verdict.score >= top, top_text
        ),
        *(_field_feed(field, config) for field in config.fields),
    ]


def _field_feed(field: ResearchField, config: Config) -> Feed:
    label = field.label(config.site.language)
    return Feed(
        path=f"feeds/{field.slug}.xml",
        form="rss",
        title=f"{config.site.title} · {label}",
        description=words(config.site.language)["feeds_field"].format(name=label),
        holds=partial(_in_field, slug=field.slug),
        label=label,
        field=field.slug,
    )


def feed_outputs(found: Sequence[Summary], read: Callable[[dt.date], Day | None], config: Config) -> list[Output]:
    """The files of all feeds, from the days FOUND (oldest first). A record is READ only if a feed is made anew."""
    program = _program()
    held = held_days(found)
    items = _Items(held, read, config)
    settings = config.model_dump_json(include={"site", "feeds", "fields"})
    inputs = digest(program, settings, *(one.digest for one in held))
    outputs = [
        Output(feed.path, digest(inputs, feed.path), partial(_make, feed, items, config)) for feed in catalogue(config)
    ]
    return [*outputs, Output("feeds.opml", digest(program, settings), partial(opml, config))]


def _program() -> str:
    """Changes with the code that feeds are made by, so that an update of the project makes them again."""
    sources = Path(__file__).parent
    return digest(
        *((sources / f"{name}.py").read_bytes() for name in ("feeds", "gate", "text", "unicode_math", "wording"))
    )


def held_days(found: Sequence[Summary]) -> list[Summary]:
    """Those of FOUND (oldest first) that feeds may speak of, newest first: half a year, none that was imported."""
    return [one for one in reversed(found) if one.announced and not one.imported][:MOST_DAYS]


def digest_id(config: Config, day: dt.date | None = None) -> str:
    """The id of the digest, or of its item of DAY: a tag: URI (RFC 4151), which no move of the site changes."""
    authority = config.site.authority or f"{urlsplit(config.site.url).hostname},{_TAG_YEAR}"
    return f"tag:{authority}:digest" + (f"/{day}" if day else "")


def paper_id(arxiv_id: str) -> str:
    """The id of a paper's item: arXiv's own, without version."""
    return f"oai:arXiv.org:{arxiv_id}"


class _Items:
    """The items of the days HELD, written once for all feeds. A paper is an item of the oldest day that holds it."""

    def __init__(self, held: Sequence[Summary], read: Callable[[dt.date], Day | None], config: Config) -> None:
        self.held = held
        self.read = read
        self.config = config
        self.digests: dict[dt.date, Item] = {}
        self.papers: dict[str, Item] = {}

    @cached_property
    def days(self) -> list[Day]:
        """The records, newest first."""
        return [day for one in self.held if (day := self.read(one.date)) is not None]

    @cached_property
    def home(self) -> dict[str, dt.date]:
        """The oldest day that holds a paper, by its id."""
        return {pick.paper.id: day.date for day in self.days for pick in day.picks}

    def of_day(self, day: Day) -> Item:
        """DAY as one item of the digest."""
        if day.date not in self.digests:
            self.digests[day.date] = digest_item(day, self.config)
        return self.digests[day.date]

    def of_papers(self, day: Day, holds: Callable[[Pick], bool]) -> list[Item]:
        """Those picks of DAY that a feed HOLDS, best first."""
        if not any(map(holds, day.picks)):
            return []
        items: dict[str, Item] = {}
        for place, pick in enumerate(_ranked(day), start=1):
            key = pick.paper.id
            if self.home[key] == day.date and key not in items and holds(pick):
                if key not in self.papers:
                    self.papers[key] = paper_item(day, pick, place, self.config)
                items[key] = self.papers[key]
        return list(items.values())


def _make(feed: Feed, items: _Items, config: Config) -> bytes:
    build = partial(_BUILDERS[feed.form], feed, config)
    if feed.holds is None:
        return build(fill(([items.of_day(day)] for day in items.days[:DIGEST_DAYS]), build, at_least=1))
    return build(fill((items.of_papers(day, feed.holds) for day in items.days), build, at_least=PAPER_DAYS))


def fill(batches: Iterable[Sequence[Item]], build: Build, at_least: int) -> list[Item]:
    """The items of the first BATCHES, each whole, that BUILD makes LIMIT_BYTES of; AT_LEAST of them at any size."""
    frame = size = len(build([]))
    items: list[Item] = []
    for number, batch in enumerate(batches):
        size += len(build(batch)) - frame if batch else 0
        if size > LIMIT_BYTES and number >= at_least:
            break
        items += batch
    return items


# The items


def digest_item(day: Day, config: Config) -> Item:
    """One day with every pick of it, by field."""
    word = words(config.site.language)
    groups = _by_field(day, config)
    published = _published(day)
    return Item(
        id=digest_id(config, day.date),
        url=_day_url(config, day.date),
        title=_sample_mark(day, word) + f"{_date(day.date, word)} · {word['picked'].format(n=len(day.picks))}",
        summary=word["semicolon"].join(
            [_tally(day, word), *(f"{name} {len(picks)}" for name, picks in groups.items())]
        ),
        html="\n".join(_digest_html(day, groups, config, word)),
        published=published,
        updated=max(day.updated, published),
        tags=list(groups),
    )


def paper_item(day: Day, pick: Pick, place: int, config: Config) -> Item:
    """One pick, which has the PLACE in the order of its DAY (1: first)."""
    word = words(config.site.language)
    paper = pick.paper
    field = _field_name(pick, config)
    published = _published(day)
    reason = _plain(pick.verdict.reason or "")
    return Item(
        id=paper_id(paper.id),
        url=_pick_url(config, day.date, paper.id),
        title=_sample_mark(day, word) + (_plain(paper.title) or paper.id),
        summary=reason or field,
        html="\n".join(_paper_html(day, pick, place, config, word)),
        published=published,
        updated=max(day.updated, published),
        tags=list(dict.fromkeys([field, *map(_plain, paper.categories)])),
        authors=[name for name in map(_plain, paper.authors[:MOST_AUTHORS]) if name],
    )


def _digest_html(
    day: Day, groups: Mapping[str, Sequence[Pick]], config: Config, word: Mapping[str, str]
) -> Iterator[str]:
    for notice in _notices(day, word):
        yield f"<p><em>{gate.html(notice)}</em></p>"
    judge = word["offline_judge"] if day.judge == "offline" else day.model or word["unknown"]
    yield (
        f"<p>{gate.html(_tally(day, word))} · {gate.html(word['judged_by'] + word['colon'] + judge)} · "
        f"{_link(_day_url(config, day.date), word['feeds_page'])}</p>"
    )
    yield f"<p>{gate.html(_coverage(day, word))}</p>"
    if day.changes:
        told = word["semicolon"].join(in_words(day.changes, word))
        yield f"<p>{gate.html(word['changes'] + word['colon'] + told)}</p>"
    if not groups:
        yield f"<p>{gate.html(word['no_picks'])}</p>"
    else:
        yield f"<p>{' · '.join(f'{gate.html(name)} {len(picks)}' for name, picks in groups.items())}</p>"
    places = {pick.paper.id: place for place, pick in enumerate(_ranked(day), start=1)}
    for name, picks in groups.items():
        yield f"<h3>{gate.html(name)} ({len(picks)})</h3>"
        for pick in picks:
            url, title = _pick_url(config, day.date, pick.paper.id), _plain(pick.paper.title) or pick.paper.id
            yield _paragraph(
                f"<b>{_link(url, title)}</b>",
                _facts(pick, places[pick.paper.id], word),
                _authors(pick, word),
                gate.html(to_unicode(pick.verdict.reason or "")),
                _links(pick),
            )


def _paper_html(day: Day, pick: Pick, place: int, config: Config, word: Mapping[str, str]) -> Iterator[str]:
    if day.sample:
        yield f"<p><em>{gate.html(word['sample_notice'])}</em></p>"
    if pick.verdict.reason:
        yield f"<p>{gate.html(to_unicode(pick.verdict.reason))}</p>"
    field = f"{gate.html(_field_name(pick, config))} · {_date(day.date, word)}"
    yield _paragraph(field, _facts(pick, place, word), _authors(pick, word), _links(pick))
    if pick.paper.comment:
        yield f"<p>{gate.html(clean(to_unicode(pick.paper.comment), 300))}</p>"
    if pick.related:
        links = [
            f"{_link(_pick_url(config, other.date, other.id), _plain(other.title) or other.id)} ({other.date})"
            for other in pick.related
        ]
        yield _paragraph(gate.html(word["related"] + word["colon"]), *links)


def _paragraph(*lines: str) -> str:
    """LINES of HTML as one paragraph, without those that are empty."""
    return f"<p>{'<br/>'.join(line for line in lines if line)}</p>"


def _facts(pick: Pick, place: int, word: Mapping[str, str]) -> str:
    """Score, or place where it is an estimate; marks; categories."""
    verdict = pick.verdict
    # A local score is no closer to the model's than a constant; its order is what it knows.
    score = word["feeds_place"].format(place=place) if verdict.estimate else f"{word['score']} {verdict.score:.1f}"
    marks = [word[note] if note in _MARKS else note for note in pick.notes]
    return gate.html(" · ".join([score, *marks, " ".join(pick.paper.categories)]))


def _authors(pick: Pick, word: Mapping[str, str]) -> str:
    authors = pick.paper.authors
    names = ", ".join(map(to_unicode, authors[:SHOWN_AUTHORS]))
    more = " " + word["more_authors"].format(n=len(authors) - SHOWN_AUTHORS) if len(authors) > SHOWN_AUTHORS else ""
    return gate.html(names + more)


def _links(pick: Pick) -> str:
    paper = pick.paper
    links = {"arXiv": paper.abs_url}
    if "withdrawn" not in pick.notes:  # arXiv keeps neither form of a withdrawn paper
        links |= {"PDF": paper.pdf_url, "HTML": paper.html_url}
    return " · ".join(_link(url, name) for name, url in links.items())


def _notices(day: Day, word: Mapping[str, str]) -> Iterator[str]:
    if day.sample:
        yield word["sample_notice"]
    if day.judge == "offline":
        yield word["estimate_notice"]
    if not day.complete:
        yield word["incomplete"]
    if day.facts == "rss":
        yield word["rss_notice"]


def _coverage(day: Day, word: Mapping[str, str]) -> str:
    """What was read of each category, and what was not judged."""
    parts = [f"{name} {_extent(part, word)}" for name, part in day.coverage.items()]
    lines = [word["coverage"] + word["colon"] + word["comma"].join(parts)]
    if day.unscored:
        lines.append(word["coverage_unscored"].format(n=len(day.unscored)))
    if day.spared:
        lines.append(word["spared_text"].format(n=len(day.spared)))
    return word["semicolon"].join(lines)


def _extent(part: Coverage, word: Mapping[str, str]) -> str:
    extent = f"{part.read}" if part.expected is None else f"{part.read}/{part.expected}"
    return extent if part.state == "complete" else f"{extent} ({word[f'coverage_{part.state}']})"


def _tally(day: Day, word: Mapping[str, str]) -> str:
    counts = (word["read"].format(n=day.papers_read), word["picked"].format(n=len(day.picks)))
    return word["comma"].join(counts)


def _sample_mark(day: Day, word: Mapping[str, str]) -> str:
    return f"[{word['feeds_sample']}] " if day.sample else ""


def _ranked(day: Day) -> list[Pick]:
    return sorted(day.picks, key=lambda pick: -pick.verdict.score)  # ties stay in the record's order


def _by_field(day: Day, config: Config) -> dict[str, list[Pick]]:
    """The picks of DAY by the name of their field: in the order of config.toml, best first, strangers last."""
    groups: dict[str, list[Pick]] = {field.label(config.site.language): [] for field in config.fields}
    for pick in _ranked(day):
        groups.setdefault(_field_name(pick, config), []).append(pick)
    return {name: picks for name, picks in groups.items() if picks}


def _in_field(pick: Pick, slug: str) -> bool:
    return pick.verdict.field == slug


def _field_name(pick: Pick, config: Config) -> str:
    field = config.field(pick.verdict.field)
    return field.label(config.site.language) if field else words(config.site.language)["no_field"]


def _published(day: Day) -> dt.datetime:
    """The start of the announcement's date in New York, where arXiv's day begins: it never changes."""
    return dt.datetime.combine(day.date, dt.time(), NEW_YORK).astimezone(dt.UTC)


def _date(day: dt.date, word: Mapping[str, str]) -> str:
    date = word["date"].format(
        year=day.year, month=day.month, day=day.day, month_name=word["month_names"].split()[day.month - 1]
    )
    return word["date_weekday"].format(date=date, weekday=word["weekdays"].split()[day.weekday()])


def _day_url(config: Config, day: dt.date) -> str:
    return f"{config.site.url}days/{day.year:04}/{day}/"


def _pick_url(config: Config, day: dt.date, arxiv_id: str) -> str:
    return f"{_day_url(config, day)}#{arxiv_id}"


def _link(url: str, text: str) -> str:
    return f'<a href="{gate.html(url)}">{gate.html(text)}</a>'


def _plain(text: str) -> str:
    """TEXT on one line for an element that holds no markup."""
    return clean(to_unicode(text))


# The forms


def _generator(feed: Feed, items: Sequence[Item], config: Config) -> FeedGenerator:
    """What RSS and Atom share. Every date is set: feedgen's default is the time of the run."""
    made = FeedGenerator()
    made.load_extension("dc", atom=False, rss=True)
    made.id(digest_id(config))
    made.title(gate.xml(feed.title))
    made.description(gate.xml(feed.description))
    made.language(words(config.site.language)["html_lang"])
    made.generator("arxiv-daily")
    made.updated(max((item.updated for item in items), default=_BEGINNING))
    made.link(href=config.site.url + feed.path, rel="self", type=feed.media_type)
    made.link(href=config.site.url, rel="alternate", type="text/html")  # last: RSS takes the last one for its own
    return made


def _entry(made: FeedGenerator, item: Item) -> FeedEntry:
    entry = made.add_entry(order="append")
    entry.id(item.id)
    entry.link(href=item.url, rel="alternate", type="text/html")
    entry.published(item.published)
    entry.updated(item.updated)
    entry.category([{"term": tag} for tag in item.tags])
    return entry


def rss(feed: Feed, config: Config, items: Sequence[Item]) -> bytes:
    """RSS 2.0 with the whole content.

    People stand in one dc:creator, as in arXiv's own feeds: RSS's author must be a mail address, and of several
    creators newsboat shows the last one alone, other readers the first.
    """
    made = _generator(feed, items, config)
    for item in items:
        entry = _entry(made, item)
        entry.title(_REFERENCE_LIKE.sub("＆", _TAG_LIKE.sub("＜", item.title)))
        entry.summary(gate.html_text(item.summary))  # a description is HTML
        entry.content(item.html, type="CDATA")
        if item.authors:
            entry.dc.dc_creator(", ".join(item.authors))
    return bytes(made.rss_str(pretty=True))


def atom(feed: Feed, config: Config, items: Sequence[Item]) -> bytes:
    """Atom 1.0 with the whole content."""
    made = _generator(feed, items, config)
    made.author({"name": gate.xml(config.site.title), "uri": config.site.url})
    for item in items:
        entry = _entry(made, item)
        entry.title(item.title)
        entry.summary(item.summary)
        entry.content(item.html, type="html")
    return bytes(made.atom_str(pretty=True))


def json_feed(feed: Feed, config: Config, items: Sequence[Item]) -> bytes:
    """JSON Feed 1.1 with the whole content."""
    language = words(config.site.language)["html_lang"]
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": config.site.url,
        "feed_url": config.site.url + feed.path,
        "description": feed.description,
        "language": language,
        "authors": [{"name": config.site.title, "url": config.site.url}],
        "items": [
            {
                "id": item.id,
                "url": item.url,
                "title": item.title,
                "summary": item.summary,
                "content_html": item.html,
                "date_published": item.published.isoformat(),
                "date_modified": item.updated.isoformat(),
                "tags": list(item.tags),
                "language": language,
            }
            for item in items
        ],
    }
    return (json.dumps(made, ensure_ascii=False, indent=1) + "\n").encode()


def opml(config: Config) -> bytes:
    """OPML 2.0 with all feeds: the digest's three forms in one group, the feeds of papers in the other."""
    word = words(config.site.language)
    feeds = catalogue(config)
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = gate.xml(config.site.title)
    body = etree.SubElement(root, "body")
    for name, whole_days in ((word["feeds_digest_title"], True), (word["feeds_papers_title"], False)):
        group = etree.SubElement(body, "outline", text=name, title=name)
        for feed in feeds:
            if (feed.holds is None) == whole_days:
                form = {"rss": "", "atom": " (Atom)", "json": " (JSON Feed)"}[feed.form]
                etree.SubElement(group, "outline", _outline(feed, form, config))
    return bytes(etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True))


def _outline(feed: Feed, form: str, config: Config) -> dict[str, str]:
    title = gate.xml(feed.title) + form
    return {
        "type": "rss",  # OPML's word for any feed
        "text": title,
        "title": title,
        "description": gate.xml(feed.description),
        "language": words(config.site.language)["html_lang"],
        "xmlUrl": config.site.url + feed.path,
        "htmlUrl": config.site.url,
    }


_BUILDERS: Mapping[str, Callable[[Feed, Config, Sequence[Item]], bytes]] = {"rss": rss, "atom": atom, "json": json_feed}
