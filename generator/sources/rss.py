"""The newest announcement as arXiv's RSS lists it: the second channel.

It tells which announcement is out and what is new in it, and stands in when the API stays down. Format:
info.arxiv.org/help/rss_specifications; its entries lack submission times and comments.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Literal, NamedTuple, cast, get_args

from generator.core.calendar import NEW_YORK
from generator.core.model import Paper, base_id
from generator.core.names import split_authors
from generator.core.text import clean
from generator.sources.http import Wire
from generator.sources.xml import UnusableError, make_paper, xml_root

AnnounceType = Literal["new", "cross", "replace", "replace-cross"]
ANNOUNCE_TYPES: tuple[AnnounceType, ...] = get_args(AnnounceType)

_ANNOUNCE_TYPE = "{http://arxiv.org/schemas/atom}announce_type"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_BEFORE_ABSTRACT = re.compile(r"\A(?:arXiv:\S{1,40}\s+)?(?:Announce Type:\s*\S{1,20}\s+)?(?:Abstract:\s*)?")


class Announced(NamedTuple):
    """One item of the feed; the paper has no submission time."""

    paper: Paper
    kind: AnnounceType


class RssFeed(NamedTuple):
    """The feed: New York's date when it was made, its items (each paper once), and what is wrong with other items."""

    built: dt.date
    items: tuple[Announced, ...]
    damaged: tuple[str, ...] = ()

    @property
    def new(self) -> tuple[Paper, ...]:
        return tuple(item.paper for item in self.items if item.kind == "new")


def read_feed(wire: Wire, rss_url: str, categories: Sequence[str]) -> RssFeed:
    """What the RSS of CATEGORIES holds now. Raises SourceError when arXiv does not give it."""
    return wire.get(f"{rss_url.rstrip('/')}/{'+'.join(categories)}", read_rss)


def read_rss(content: bytes) -> RssFeed:
    """One RSS document; an empty one is valid. Raises UnusableError for what is no RSS of arXiv."""
    channel = xml_root(content, "rss").find("channel")
    if channel is None:
        raise UnusableError("an RSS document without a channel")
    items: dict[str, Announced] = {}
    damaged = []
    for found in _items(channel):
        if isinstance(found, str):
            damaged.append(found)
        elif found.paper.id not in items or ANNOUNCE_TYPES.index(found.kind) < ANNOUNCE_TYPES.index(
            items[found.paper.id].kind
        ):
            items[found.paper.id] = found
    return RssFeed(_built(channel), tuple(items.values()), tuple(damaged))


def _built(channel: Any) -> dt.date:
    text = channel.findtext("lastBuildDate") or channel.findtext("pubDate") or ""
    try:
        moment = parsedate_to_datetime(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(NEW_YORK).date()
    except (ValueError, TypeError, OverflowError):
        raise UnusableError(f"an RSS document without a readable date ({clean(text, 60)!r})") from None


def _items(channel: Any) -> Iterator[Announced | str]:
    for number, item in enumerate(channel.iterfind("item"), 1):
        name = item.findtext("guid") or item.findtext("link") or f"item {number}"
        try:
            yield _announced(item)
        except ValueError as error:
            yield f"{clean(name, 100)}: {error}"


def _announced(item: Any) -> Announced:
    kind = (item.findtext(_ANNOUNCE_TYPE) or "").strip()
    if kind not in ANNOUNCE_TYPES:
        raise ValueError(f"announce type {clean(kind, 40)!r}")
    creators = ", ".join(creator.text or "" for creator in item.iterfind(_CREATOR))
    paper = make_paper(
        paper_id=base_id((item.findtext("guid") or "")[:200]) or base_id((item.findtext("link") or "")[:200]),
        title=item.findtext("title") or "",
        authors=split_authors(creators),
        abstract=_BEFORE_ABSTRACT.sub("", (item.findtext("description") or "").lstrip()),
        categories=[(category.text or "").strip() for category in item.iterfind("category")],
        submitted=None,
    )
    return Announced(paper, cast("AnnounceType", kind))
