"""The rules that a feed must keep to live long in readers; feed parsers forgive nearly all of them.

Used by the tests, and by hand: `python tests/support/feed_rules.py --site URL --language zh-CN FILES...`.
"""

import argparse
import datetime as dt
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

LIMIT_BYTES = 500_000
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ELEMENTS = {"a", "b", "br", "em", "h3", "li", "p", "small", "strong", "ul"}
PERMANENT = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:[\w./:-]+|oai:arXiv\.org:([a-z.A-Z-]+/\d{7}|\d{4}\.\d{4,6})")
MARKUP = re.compile(r"<[A-Za-z/!?]")
JSON_KEYS = {"version", "title", "home_page_url", "feed_url", "description", "language", "authors", "items"}
ITEM_KEYS = {"id", "url", "title", "summary", "content_html", "date_published", "date_modified", "tags", "language"}


class Entry(NamedTuple):
    """What the rules ask of an item, in whichever form it came."""

    id: str
    url: str
    title: str
    html: str
    published: dt.datetime
    updated: dt.datetime


def problems(content: bytes, site: str, language: str) -> list[str]:
    """What is wrong with a feed of SITE (an address that ends in a slash); empty if nothing is."""
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        return [f"not UTF-8: {error}"]
    found = [f"forbidden character U+{ord(sign):04X}" for sign in sorted(set(filter(_forbidden, text)))]
    try:
        if text.lstrip().startswith("{"):
            return found + list(_json(json.loads(text), len(content), site, language))
        root = etree.fromstring(content)
    except (ValueError, etree.XMLSyntaxError) as error:
        return [*found, f"not well-formed: {error}"]
    rules = {"rss": _rss, "opml": _opml, f"{ATOM}feed": _atom}.get(root.tag)
    return found + (list(rules(root, len(content), site, language)) if rules else [f"no feed: <{root.tag}>"])


def _forbidden(sign: str) -> bool:
    """Control characters, bidi controls and noncharacters: XML forbids the most, readers choke on the rest."""
    return sign not in "\n\t" and (
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co") or ord(sign) & 0xFFFE == 0xFFFE
    )


def _rss(root: Any, size: int, site: str, language: str) -> Iterator[str]:
    channel = root.find("channel")
    if root.get("version") != "2.0" or channel is None:
        yield "no channel of RSS 2.0"
        return
    for name in ("title", "description"):
        if not channel.findtext(name):
            yield f"the channel has no {name}"
    if channel.findtext("link") != site:
        yield f"the channel's link is {channel.findtext('link')}, not the site"
    if channel.findtext("language") != language:
        yield f"the channel's language is {channel.findtext('language')}, not {language}"
    yield from _self_links(channel, site)
    built, wrong = _rfc822(channel.findtext("lastBuildDate"))
    yield from wrong
    entries = []
    for item in channel.findall("item"):
        guid = item.find("guid")
        if guid is None or guid.get("isPermaLink") != "false":
            yield "an item's guid is missing, or claims to be an address"
        published, wrong = _rfc822(item.findtext("pubDate"))
        yield from wrong
        if "@" not in item.findtext("author", "@"):
            yield "an item's author is no mail address; people belong in dc:creator"
        if MARKUP.search(item.findtext("title", "")):
            yield f"a title that readers take for HTML: {item.findtext('title')!r:.80}"
        html = item.findtext(f"{CONTENT}encoded") or ""
        entries.append(
            _entry(item.findtext("guid"), item.findtext("link"), item.findtext("title"), html, {"published": published})
        )
    yield from _entries(entries, built, size, site)


def _self_links(parent: Any, site: str) -> Iterator[str]:
    own = [link.get("href", "") for link in parent.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if len(own) != 1 or not own[0].startswith(site):
        yield f"one link rel=self below the site is due, there are {own}"


def _atom(root: Any, size: int, site: str, language: str) -> Iterator[str]:
    if root.get(XML_LANG) != language:
        yield f"the feed's language is {root.get(XML_LANG)}, not {language}"
    if not PERMANENT.fullmatch(root.findtext(f"{ATOM}id", "")):
        yield f"the feed's id does not survive a move: {root.findtext(f'{ATOM}id')}"
    if not root.findtext(f"{ATOM}title") or not root.findtext(f"{ATOM}author/{ATOM}name"):
        yield "the feed has no title, or no author"
    yield from _self_links(root, site)
    if _alternate(root) != site:
        yield f"the feed's alternate link is {_alternate(root)}, not the site"
    built, wrong = _rfc3339(root.findtext(f"{ATOM}updated"))
    yield from wrong
    entries = []
    for entry in root.findall(f"{ATOM}entry"):
        dates = {}
        for name in ("published", "updated"):
            dates[name], wrong = _rfc3339(entry.findtext(f"{ATOM}{name}"))
            yield from wrong
        content = entry.find(f"{ATOM}content")
        if content is None or content.get("type") != "html":
            yield "an entry's content is not of type html"
        html = entry.findtext(f"{ATOM}content") or ""
        entries.append(
            _entry(entry.findtext(f"{ATOM}id"), _alternate(entry), entry.findtext(f"{ATOM}title"), html, dates)
        )
    yield from _entries(entries, built, size, site)


def _alternate(parent: Any) -> str | None:
    links = (link.get("href") for link in parent.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate")
    return next(links, None)


def _json(feed: dict[str, Any], size: int, site: str, language: str) -> Iterator[str]:
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield f"version is {feed.get('version')}, not JSON Feed 1.1"
    if odd := set(feed) ^ JSON_KEYS:
        yield f"missing or unknown keys: {sorted(odd)}"
        return
    if feed["home_page_url"] != site or not str(feed["feed_url"]).startswith(site):
        yield "home_page_url is not the site, or feed_url not below it"
    if feed["language"] != language:
        yield f"the feed's language is {feed['language']}, not {language}"
    entries = []
    for item in feed["items"]:
        if odd := set(item) ^ ITEM_KEYS:
            yield f"missing or unknown keys of an item: {sorted(odd)}"
            return
        dates = {}
        for name in ("published", "updated"):
            dates[name], wrong = _rfc3339(item["date_modified" if name == "updated" else "date_published"])
            yield from wrong
        entries.append(_entry(item["id"], item["url"], item["title"], item["content_html"], dates))
    newest = max((entry.updated for entry in entries), default=dt.datetime.max.replace(tzinfo=dt.UTC))
    yield from _entries(entries, newest, size, site)


def _opml(root: Any, _: int, site: str, language: str) -> Iterator[str]:
    if root.get("version") != "2.0" or not root.findtext("head/title"):
        yield "no OPML 2.0 with a title"
    outlines = [outline for outline in root.iter("outline") if outline.get("type")]
    if not outlines:
        yield "no feed in the OPML"
    for outline in outlines:
        if not all(outline.get(name) for name in ("text", "title", "xmlUrl", "htmlUrl")):
            yield f"an outline lacks text, title or address: {dict(outline.attrib)}"
        if not outline.get("xmlUrl", "").startswith(site) or outline.get("language") != language:
            yield f"an outline is not of the site, or not in its language: {dict(outline.attrib)}"
    yield from _repeats("xmlUrl", [outline.get("xmlUrl", "") for outline in outlines])


def _entry(name: str | None, url: str | None, title: str | None, html: str, dates: Mapping[str, dt.datetime]) -> Entry:
    published = dates["published"]
    return Entry(name or "", url or "", title or "", html, published, dates.get("updated", published))


def _entries(entries: list[Entry], built: dt.datetime, size: int, site: str) -> Iterator[str]:
    """The rules that items keep in every form; BUILT is the time of the feed's own last change."""
    yield from _repeats("id", [entry.id for entry in entries])
    for entry in entries:
        if not PERMANENT.fullmatch(entry.id):
            yield f"an id that does not survive a move or a new version: {entry.id!r}"
        if not entry.url.startswith(site):
            yield f"an item's address is not absolute and below the site: {entry.url!r}"
        if not entry.title.strip():
            yield f"{entry.id} has no title"
        if entry.updated < entry.published or entry.updated > built:
            yield f"{entry.id}: dates out of order: {entry.published} {entry.updated} {built}"
        yield from (f"{entry.id}: {wrong}" for wrong in html_problems(entry.html))
    dates = [entry.published for entry in entries]
    if dates != sorted(dates, reverse=True):
        yield "the newest item is not first"
    if size > LIMIT_BYTES and len(set(dates)) > (1 if entries[0].id.startswith("tag:") else 3):
        yield f"{size} bytes, more than {LIMIT_BYTES}"
    if entries and entries[0].id.startswith("tag:") and len(entries) > 50:
        yield f"{len(entries)} days, more than 50"


def html_problems(html: str) -> Iterator[str]:
    """What a reader would refuse, strip or run in an item's HTML."""
    try:
        root: Any = etree.fromstring(f"<div>{html}</div>")
    except etree.XMLSyntaxError as error:
        yield f"HTML that is not balanced: {error}"
        return
    if not html.strip():
        yield "no content"
    for element in root.iterdescendants():
        if element.tag not in ELEMENTS:
            yield f"element <{element.tag}>"
        for name, value in element.attrib.items():
            if (element.tag, name) != ("a", "href"):
                yield f"attribute {name}={value!r:.60}"
            elif urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
                yield f"an address that is not absolute: {value!r:.80}"
        if element.tag == "a" and not "".join(element.itertext()).strip():
            yield "a link without text"


def _repeats(name: str, values: list[str]) -> Iterator[str]:
    yield from (f"{name} {value!r} stands there {times} times" for value, times in Counter(values).items() if times > 1)


_EPOCH = dt.datetime.min.replace(tzinfo=dt.UTC)


def _rfc822(text: str | None) -> tuple[dt.datetime, list[str]]:
    """The moment that an RSS date names, with what is wrong about it (the weekday, most often)."""
    try:
        moment = dt.datetime.strptime((text or "")[5:], "%d %b %Y %H:%M:%S %z")
    except ValueError:
        return _EPOCH, [f"no RFC 822 date: {text!r}"]
    weekday = "Mon Tue Wed Thu Fri Sat Sun".split()[moment.weekday()]  # noqa: SIM905
    return moment, [] if (text or "").startswith(f"{weekday}, ") else [f"wrong weekday: {text!r} is a {weekday}"]


def _rfc3339(text: str | None) -> tuple[dt.datetime, list[str]]:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", text or ""):
        return _EPOCH, [f"no RFC 3339 date: {text!r}"]
    try:
        return dt.datetime.fromisoformat(text or ""), []
    except ValueError:
        return _EPOCH, [f"no such moment: {text!r}"]


def main() -> int:
    parser = argparse.ArgumentParser(description="Check feeds by the rules that keep them alive in readers.")
    parser.add_argument("--site", required=True, help="address of the site, with a slash at its end")
    parser.add_argument("--language", default="zh-CN")
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    wrong = [
        f"{path}: {problem}"
        for path in options.files
        for problem in problems(path.read_bytes(), options.site, options.language)
    ]
    sys.stdout.writelines(f"{line}\n" for line in wrong or [f"{len(options.files)} feeds keep the rules"])
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
