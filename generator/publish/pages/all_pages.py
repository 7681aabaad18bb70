"""Every page that is made from records, as Markdown."""

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator.publish.feeds.catalogue import catalogue
from generator.publish.feeds.formats import Feed
from generator.publish.manifest import Output
from generator.publish.pages.archive import archive_outputs
from generator.publish.pages.base import PageMaker
from generator.publish.pages.day import day_outputs, home_output
from generator.publish.pages.field import field_outputs
from generator.publish.pages.status import late_from, status_outputs
from generator.publish.pages.trends import trends_output
from generator.records.store import Store
from generator.records.summaries import Summary
from generator.settings.config import Config


def page_outputs(store: Store, config: Config, found: Sequence[Summary], cache: Path | None = None) -> Iterator[Output]:
    """Every page that is made from the records in STORE, of which FOUND are the summaries, oldest first.

    CACHE: see PageMaker.
    """
    maker = PageMaker(store, config, found, cache)
    yield from day_outputs(maker)
    yield home_output(maker, late_from(found, config))
    yield from archive_outputs(maker)
    yield from field_outputs(maker)
    yield from status_outputs(maker, found)
    yield trends_output(maker)
    yield maker.output("saved/", functools.partial(make_saved, maker))
    feeds = catalogue(config)
    told = repr([(feed.path, feed.label) for feed in feeds])
    yield maker.output("subscribe/", functools.partial(make_subscribe, maker, feeds), told)
    yield maker.output("search/", functools.partial(make_search, maker))


def make_subscribe(maker: PageMaker, feeds: Sequence[Feed]) -> bytes:
    """Every feed with its address, and which to take."""
    w = maker.w
    kinds = [
        ("digest", [feed for feed in feeds if feed.period]),
        ("papers", [feed for feed in feeds if not (feed.period or feed.field)]),
        ("fields", [feed for feed in feeds if feed.field]),
    ]
    rows = [(kind, [(feed.label, feed.path) for feed in some]) for kind, some in kinds]
    meta = {"title": w["subscribe_title"], "description": w["subscribe_description"], "kind": "subscribe"}
    lists = [*rows, ("opml", [(w["feed_opml"], "feeds.opml")])]
    return maker.render("subscribe.md.j2", "subscribe/", meta, lists=lists, site_url=maker.config.site.url)


def make_saved(maker: PageMaker) -> bytes:
    """The reader's own list: a frame that a script fills from the browser's memory."""
    meta = {"title": maker.w["saved_title"], "description": maker.w["saved_intro"], "kind": "saved"}
    return maker.render("saved.md.j2", "saved/", meta)


def make_search(maker: PageMaker) -> bytes:
    """The search page; what is found is put into it by scripts."""
    meta = {"title": maker.w["find"], "description": maker.w["find_description"], "kind": "search"}
    return maker.render("search.md.j2", "search/", meta)
