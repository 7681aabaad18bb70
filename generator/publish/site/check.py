"""Checks of the finished site: every page is there, no link is dead, no anchor doubled, nothing foreign."""

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html

from generator.core import damage
from generator.core.code import code_digest
from generator.core.files import digest
from generator.core.model import ARXIV_ID
from generator.publish import build_cache
from generator.publish.site.folder import SiteFolder
from generator.publish.site.scan import page_of

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


def missing_days(rendered: Iterable[str], folder: SiteFolder) -> Iterator[str]:
    """A line for each page of a day among the RENDERED files that did not become a page of FOLDER."""
    for name in rendered:
        if name.startswith("days/") and name.endswith(".md") and page_of(name) not in folder.files:
            yield f"{name} was not turned into a page"


def check_site(folder: SiteFolder, url: str, kept: Path) -> Checked:
    """Look for dead links, doubled anchors and foreign resources in FOLDER, to be published at URL.

    KEPT: the file with what was found in pages before. A paper that stands twice on a page is no problem: somebody has
    put it into the record by hand.
    """
    anchors: dict[str, frozenset[str]] = {}
    links: dict[tuple[str, str], str] = {}
    first_day: dict[str, str] = {}
    checked = Checked([], [])
    for name, facts in _facts_of_pages(folder, url, kept).items():
        anchors[name] = frozenset(facts["ids"])
        twice = [anchor for anchor in facts["doubled"] if not _IS_ID.fullmatch(anchor)]
        checked.problems.extend(f"{name}: the anchor #{anchor} is used twice" for anchor in twice[:1])
        if day := _DAY_PAGE.fullmatch(name):
            for anchor in filter(_IS_ID.fullmatch, [*facts["ids"], *facts["doubled"]]):
                if anchor in first_day:
                    checked.repeated.append(RepeatedPick(anchor, first_day[anchor], day[1]))
                else:
                    first_day[anchor] = day[1]
        for target, fragment in facts["links"]:
            links.setdefault((target, fragment), name)
        checked.problems.extend(f"{name}: would load {resource} from another host" for resource in facts["foreign"])
    lost = damage.file_names()
    for (target, fragment), name in links.items():
        # A damaged file is told of by itself, and a link to it, or to what is made of it, is none to complain of.
        if target not in folder.files and not any(date in target for date in lost):
            checked.problems.append(f"{name}: links to {target}, which is not there")
        elif fragment and target in anchors and fragment not in anchors[target]:
            checked.problems.append(f"{name}: links to {target}#{fragment}, which is not there")
    return checked


def _facts_of_pages(folder: SiteFolder, url: str, kept: Path) -> dict[str, dict[str, Any]]:
    """What is to be checked of each page of FOLDER; of one that is the same as before, what KEPT holds."""
    rules = digest(code_digest(__name__), url)
    before: dict[str, list[Any]] = json.loads(build_cache.take(kept) or b"{}")
    now: dict[str, list[Any]] = {}
    for name in sorted(name for name in folder.files if name.endswith(".html")):
        made_of = digest(rules, folder.files[name].content)
        known, facts = before.get(name, ["", {}])
        now[name] = [made_of, facts if known == made_of else _facts(lxml.html.parse(folder.path / name), name, url)]
    if now != before:
        build_cache.put(kept, json.dumps(now, ensure_ascii=False, separators=(",", ":")).encode())
    return {name: facts for name, (_, facts) in now.items()}


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
