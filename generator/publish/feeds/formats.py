"""The formats of the feeds: items as RSS, Atom and JSON Feed, and the list of feeds as OPML. Pure.

Each item is serialized once, by itself, and feeds are put together from these pieces: a paper stands in several feeds.
Every date comes from a record, so the same records give the same bytes.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from feedgen.entry import FeedEntry  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from lxml import etree

from generator.core import escape
from generator.core.i18n import words
from generator.core.model import Pick
from generator.publish.feeds.items import Item, digest_id
from generator.settings.config import Config

Form = Literal["rss", "atom", "json"]

_BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The time of update of a feed without items, which must have one."""
# Some readers take an RSS title for HTML and drop what looks like a tag or a reference; these signs look the same.
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")
_REFERENCE_LIKE = re.compile(r"&(?=#?\w+;)")
_MEDIA_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
_SEPARATORS = {"rss": b"", "atom": b"", "json": b",\n"}


class Feed(NamedTuple):
    """One feed as it is offered: its path below the site, its form, and what it holds."""

    path: str
    form: Form
    title: str
    description: str
    label: str
    """What it holds, in a word or two, beside the site's title."""
    period: Literal["day", "week"] | None = None
    """What one item tells of; None: of one paper."""
    holds: Callable[[Pick], bool] = lambda _: True
    """Which picks are its items, of a feed of papers."""
    field: str | None = None
    """Slug of the research field, if it is that of one."""
    in_opml: bool = True
    """Whether the OPML file lists it. Of the feeds there no two hold the same item: a reader that keeps one item for an
    id over all its feeds (newsboat) would show the second feed without it."""

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self.form]


def serialize(form: Form, items: Sequence[Item], config: Config) -> list[bytes]:
    """Each of ITEMS as it stands in a feed of this FORM."""
    if form == "json":
        return [_json_item(item, config) for item in items]
    made = FeedGenerator()
    made.load_extension("dc", atom=False, rss=True)
    made.id("-")
    made.title("-")
    made.description("-")
    made.link(href="-")
    made.updated(_BEGINNING)
    for item in items:
        (_rss_item if form == "rss" else _atom_entry)(made, item)
    content = bytes(made.rss_str(pretty=True) if form == "rss" else made.atom_str(pretty=True))
    start, end = (b"    <item>\n", b"  </channel>") if form == "rss" else (b"  <entry>\n", b"</feed>")
    return [start + piece for piece in content[: content.rindex(end)].split(start)[1:]]


def assemble(feed: Feed, config: Config, pieces: Sequence[bytes], updated: dt.datetime | None) -> bytes:
    """FEED with the items in PIECES, of which the newest was UPDATED; None: it has none."""
    head, tail = _frame(feed, config, updated or _BEGINNING)
    return head + _SEPARATORS[feed.form].join(pieces) + tail


def _frame(feed: Feed, config: Config, updated: dt.datetime) -> tuple[bytes, bytes]:
    """What stands before the items of FEED, and what after them."""
    if feed.form == "json":
        head = json.dumps(_json_head(feed, config), ensure_ascii=False, indent=1).removesuffix("\n}")
        return f'{head},\n "items": [\n'.encode(), b"\n ]\n}\n"
    made = _generator(feed, updated, config)
    if feed.form == "atom":
        made.author({"name": escape.xml(config.site.title), "uri": config.site.url})
        content, end = bytes(made.atom_str(pretty=True)), b"</feed>"
    else:
        content, end = bytes(made.rss_str(pretty=True)), b"  </channel>"
    cut = content.rindex(end)
    return content[:cut], content[cut:]


def _generator(feed: Feed, updated: dt.datetime, config: Config) -> FeedGenerator:
    """What RSS and Atom share. Every date is set: feedgen's default is the time of the run."""
    made = FeedGenerator()
    made.load_extension("dc", atom=False, rss=True)
    made.id(digest_id(config))
    made.title(escape.xml(feed.title))
    made.description(escape.xml(feed.description))
    made.language(words(config.site.language)["html_lang"])
    made.generator("arxiv-daily")
    made.updated(updated)
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


def _rss_item(made: FeedGenerator, item: Item) -> None:
    """RSS 2.0 with the whole content.

    People stand in one dc:creator, as in arXiv's own feeds: RSS's author must be a mail address, and of several
    creators newsboat shows the last one alone, other readers the first.
    """
    entry = _entry(made, item)
    entry.title(_REFERENCE_LIKE.sub("＆", _TAG_LIKE.sub("＜", item.title)))
    entry.summary(escape.html_text(item.summary))  # a description is HTML
    entry.content(item.html, type="CDATA")
    if item.authors:
        entry.dc.dc_creator(", ".join(item.authors))


def _atom_entry(made: FeedGenerator, item: Item) -> None:
    """Atom 1.0 with the whole content."""
    entry = _entry(made, item)
    entry.title(item.title)
    entry.summary(item.summary)
    entry.content(item.html, type="html")


def _json_item(item: Item, config: Config) -> bytes:
    """JSON Feed 1.1 with the whole content."""
    made = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.html,
        "date_published": item.published.isoformat(),
        "date_modified": item.updated.isoformat(),
        "tags": list(item.tags),
        "language": words(config.site.language)["html_lang"],
    }
    text = json.dumps(made, ensure_ascii=False, indent=1)
    return ("  " + text.replace("\n", "\n  ")).encode()


def _json_head(feed: Feed, config: Config) -> dict[str, object]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": config.site.url,
        "feed_url": config.site.url + feed.path,
        "description": feed.description,
        "language": words(config.site.language)["html_lang"],
        "authors": [{"name": config.site.title, "url": config.site.url}],
    }


def opml(config: Config, feeds: Iterable[Feed]) -> bytes:
    """OPML 2.0 with those of FEEDS that can be subscribed together: the digests in one group, papers in the other."""
    word = words(config.site.language)
    listed = [feed for feed in feeds if feed.in_opml]
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = escape.xml(config.site.title)
    body = etree.SubElement(root, "body")
    for name, papers in ((word["feeds_digests"], False), (word["feeds_papers_title"], True)):
        group = etree.SubElement(body, "outline", text=name, title=name)
        for outline in _outlines((feed for feed in listed if (feed.period is None) == papers), config):
            etree.SubElement(group, "outline", outline)
    return bytes(etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True))


def _outlines(feeds: Iterable[Feed], config: Config) -> Iterator[dict[str, str]]:
    for feed in feeds:
        title = escape.xml(feed.title)
        yield {
            "type": "rss",  # OPML's word for any feed
            "text": title,
            "title": title,
            "description": escape.xml(feed.description),
            "language": words(config.site.language)["html_lang"],
            "xmlUrl": config.site.url + feed.path,
            "htmlUrl": config.site.url,
        }
