"""The forms of the feeds: items as RSS, Atom and JSON Feed, and the list of all feeds as OPML. Pure.

Every date comes from a record, so the same records give the same bytes.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from feedgen.entry import FeedEntry  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from lxml import etree

from generator.core import escape
from generator.core.i18n import words
from generator.core.model import Pick
from generator.publish.feeds.items import Item, digest_id
from generator.settings.config import Config

_BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The time of update of a feed without items, which must have one."""
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


def _generator(feed: Feed, items: Sequence[Item], config: Config) -> FeedGenerator:
    """What RSS and Atom share. Every date is set: feedgen's default is the time of the run."""
    made = FeedGenerator()
    made.load_extension("dc", atom=False, rss=True)
    made.id(digest_id(config))
    made.title(escape.xml(feed.title))
    made.description(escape.xml(feed.description))
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
        entry.summary(escape.html_text(item.summary))  # a description is HTML
        entry.content(item.html, type="CDATA")
        if item.authors:
            entry.dc.dc_creator(", ".join(item.authors))
    return bytes(made.rss_str(pretty=True))


def atom(feed: Feed, config: Config, items: Sequence[Item]) -> bytes:
    """Atom 1.0 with the whole content."""
    made = _generator(feed, items, config)
    made.author({"name": escape.xml(config.site.title), "uri": config.site.url})
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


def opml(config: Config, feeds: Iterable[Feed]) -> bytes:
    """OPML 2.0 with all FEEDS: the digest's three forms in one group, the feeds of papers in the other."""
    word = words(config.site.language)
    listed = list(feeds)
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = escape.xml(config.site.title)
    body = etree.SubElement(root, "body")
    for name, whole_days in ((word["feeds_digest_title"], True), (word["feeds_papers_title"], False)):
        group = etree.SubElement(body, "outline", text=name, title=name)
        for feed in listed:
            if (feed.holds is None) == whole_days:
                form = {"rss": "", "atom": " (Atom)", "json": " (JSON Feed)"}[feed.form]
                etree.SubElement(group, "outline", _outline(feed, form, config))
    return bytes(etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True))


def _outline(feed: Feed, form: str, config: Config) -> dict[str, str]:
    title = escape.xml(feed.title) + form
    return {
        "type": "rss",  # OPML's word for any feed
        "text": title,
        "title": title,
        "description": escape.xml(feed.description),
        "language": words(config.site.language)["html_lang"],
        "xmlUrl": config.site.url + feed.path,
        "htmlUrl": config.site.url,
    }


BUILDERS: Mapping[str, Callable[[Feed, Config, Sequence[Item]], bytes]] = {"rss": rss, "atom": atom, "json": json_feed}
