"""Checks of the finished site: every page is there, no link is dead, no anchor doubled, nothing foreign, XML whole."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import lxml.etree
import lxml.html

from generator.core import damage
from generator.core.model import ARXIV_ID
from generator.publish.site.page_cache import PageCache

LOADED = {
    "img": "src",
    "script": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
}
LOADED_LINKS = frozenset(
    {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon", "preconnect"}
)
_DAY_PAGE = re.compile(r"days/\d{4}/(\d{4}-\d\d-\d\d)/index\.html")
_FOR_PROGRAMS = re.compile(r"days/\d{4}/\d{4}-\d\d-\d\d/picks\.(?:bib|ris|csl\.json)")
"""What a day's page links and `for_programs` writes for every day with picks, once the site is found whole."""
_IS_ID = re.compile(ARXIV_ID)


class RepeatedPick(NamedTuple):
    """A paper that is a pick twice: of two days, or twice of one."""

    paper: str
    first: str
    second: str


class Checked(NamedTuple):
    """What a look at every page found: a line for each problem, and papers that stand in records more than once."""

    problems: list[str]
    repeated: list[RepeatedPick]


class _Link(NamedTuple):
    """A link inside the site: the file it leads to and the anchor in it."""

    target: str
    fragment: str


def missing_days(docs: Path, site: Path) -> Iterator[str]:
    """A line for each day page below DOCS that did not become a page below SITE."""
    for path in sorted(docs.glob("days/*/*.md")):
        page = site / path.relative_to(docs).with_suffix("") / "index.html"
        if not page.is_file():
            yield f"{path.relative_to(docs)} was not turned into a page"


def _is_there(site: Path, target: str) -> bool:
    """Whether SITE has TARGET; a damaged file is told of by itself, and a link to it is none to complain of."""
    return (
        (site / target).is_file()
        or _FOR_PROGRAMS.fullmatch(target) is not None
        or damage.noted(site.parent / "docs" / target)
    )


def check_site(site: Path, url: str, pages: PageCache) -> Checked:
    """Look for dead links, doubled anchors, foreign resources and broken XML below SITE, to be published at URL.

    A paper that stands twice on a page is no problem: somebody has put it into the record by hand.
    """
    anchors: dict[str, frozenset[str]] = {}
    links: dict[_Link, str] = {}
    first_day: dict[str, str] = {}
    checked = Checked([], [])
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        facts = pages.facts(name)
        if facts is None:
            facts = _facts(lxml.html.parse(path), name, url)
            pages.keep_facts(name, facts)
        anchors[name] = frozenset(facts["ids"])
        twice = [anchor for anchor in facts["doubled"] if not _IS_ID.fullmatch(anchor)]
        checked.problems.extend(f"{name}: the anchor #{anchor} is used twice" for anchor in twice[:1])
        if day := _DAY_PAGE.fullmatch(name):
            for anchor in filter(_IS_ID.fullmatch, [*facts["ids"], *facts["doubled"]]):
                if anchor in first_day:
                    checked.repeated.append(RepeatedPick(anchor, first_day[anchor], day[1]))
                else:
                    first_day[anchor] = day[1]
        for link in facts["links"]:
            links.setdefault(_Link(*link), name)
        checked.problems.extend(f"{name}: would load {resource} from another host" for resource in facts["foreign"])
    for link, name in links.items():
        if not _is_there(site, link.target):
            checked.problems.append(f"{name}: links to {link.target}, which is not there")
        elif link.fragment and link.target in anchors and link.fragment not in anchors[link.target]:
            checked.problems.append(f"{name}: links to {link.target}#{link.fragment}, which is not there")
    checked.problems.extend(_broken_xml(site))
    return checked


def _facts(tree: Any, name: str, url: str) -> dict[str, Any]:
    """What is to be checked of a page: its anchors, those that stand there twice, its links, what it loads."""
    ids = Counter(str(anchor) for anchor in tree.xpath("//@id"))
    doubled = sorted(anchor for anchor, times in ids.items() if times > 1)
    links = sorted(set(_links(tree, name, url)))
    return {"ids": sorted(ids), "doubled": doubled, "links": links, "foreign": list(_foreign(tree, name, url))}


def _links(tree: Any, name: str, url: str) -> Iterator[_Link]:
    """The links of a page that stay inside the site."""
    here = urljoin(url, name)
    related = {str(href) for href in tree.xpath("//p[@class='rel']/a/@href")}
    hrefs = {str(href) for href in tree.xpath("//a[not(parent::p[@class='rel'])]/@href | //link/@href")}
    # What is related is decided once; its day may have been judged anew since, and the paper be no pick any more.
    for href in hrefs | {href.partition("#")[0] for href in related}:
        whole = urljoin(here, href)
        if whole.startswith(url):
            parts = urlsplit(whole[len(url) :])
            yield _Link(_file_of(unquote(parts.path)), unquote(parts.fragment))


def _file_of(path: str) -> str:
    """The file that a server answers with for PATH, both from the site's root."""
    return posixpath.join(path, "index.html") if not path or path.endswith("/") else path


def _foreign(tree: Any, name: str, url: str) -> Iterator[str]:
    """What a browser would load from elsewhere."""
    loaded = [element.get(LOADED[element.tag]) for element in tree.iter(*LOADED)]
    loaded += [link.get("href") for link in tree.iter("link") if LOADED_LINKS & set(link.get("rel", "").split())]
    for address in loaded:
        if address and not urljoin(urljoin(url, name), address).startswith((url, "data:")):
            yield address


def _broken_xml(site: Path) -> Iterator[str]:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    for path in sorted(site.rglob("*.xml")):
        try:
            lxml.etree.parse(path, parser)
        except lxml.etree.XMLSyntaxError as error:
            yield f"{path.relative_to(site)} is not well-formed: {error}"
