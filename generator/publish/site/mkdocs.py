"""The site: MkDocs over docs/ into site/, what it must be after that, and a small server to look at it.

MkDocs runs in this process, so that its configuration can be told what stands in config.toml. Material's own scripts
are not used by the templates in overrides/ and do not become part of the site.
"""

import http.server
import logging
import os
import posixpath
import re
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import jinja2
import lxml.etree
import lxml.html
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from generator.core import damage
from generator.core.errors import BuildError
from generator.core.i18n import FALLBACK, Counted, words
from generator.core.model import ARXIV_ID
from generator.publish import build_cache
from generator.publish.feeds.catalogue import catalogue
from generator.publish.feeds.formats import Feed
from generator.publish.interests import build as interests
from generator.publish.search import build as search
from generator.publish.site import allowlist, scan
from generator.publish.site.page_cache import PageCache, surroundings
from generator.records.store import Store
from generator.records.summaries import INDEX, shown, summaries
from generator.settings.config import Config
from generator.settings.context import PROGRAM

UNUSED = ("assets/javascripts", "assets/images/favicon.png", "assets/stylesheets/*.map", "assets/stylesheets/palette.*")
"""What Material brings and our templates do not load, below site/."""

CACHE = Path(".cache")
"""What builds keep for the next one, below the project; it may be deleted at any time."""

PARENTS = (("day", "archive/"), ("month", "archive/"), ("archive", "archive/"), ("field", "fields/"))
"""Kind of a page that is in no menu, and the entry of the menu under which it belongs."""

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
MOST_PROBLEMS = 20
_RECORD = re.compile(r"data/\d{4}/\d{4}-\d\d-\d\d\.")
_DAY_PAGE = re.compile(r"days/\d{4}/(\d{4}-\d\d-\d\d)/index\.html")
_IS_ID = re.compile(ARXIV_ID)


class Repeated(NamedTuple):
    """A paper that is a pick twice: of two days, or twice of one."""

    paper: str
    first: str
    second: str


class Checked(NamedTuple):
    """What a look at every page found: a line for each problem, and papers that stand in records more than once."""

    problems: list[str]
    repeated: list[Repeated]


class Built(NamedTuple):
    """What a build made. repeated: see Checked."""

    pages: int
    files: int
    size_bytes: int
    repeated: list[Repeated]


class _Link(NamedTuple):
    """A link inside the site: the file it leads to and the anchor in it."""

    target: str
    fragment: str


def build(root: Path, config: Config, withheld: Collection[str] = ()) -> Built:
    """Make ROOT/site of ROOT/docs and check it; of papers that are WITHHELD, the records there tell only the id.

    Raises HostileTextError for what came from papers and may not be there, BuildError for all else that is wrong.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # a notice of Material's on stderr at each build
    site = root / "site"
    settings = _load(root, config, site)
    cache = root / CACHE
    build_cache.make_folder(cache)
    build_cache.make_folder(cache / "pages")
    pages = PageCache(cache / "pages", surroundings(settings))
    settings.plugins["pages"] = pages
    _run(settings)
    pages.forget_others()
    _drop_unused(site)
    store = Store(root / "docs" / "data", withheld)
    found = shown(summaries(store, root / "docs" / INDEX), store)
    search.build(store, config, found, site, cache / "search")
    interests.build(store, found, site, cache / "interests")
    _drop_damaged(root / "docs", site)
    wrong = scan.check(site, config.site.url, root / "docs", withheld, _unscanned(site, pages))
    hint = [build_cache.HINT] if wrong else []
    if not wrong:
        pages.keep_scanned()
    checked = check(site, config.site.url, pages)
    wrong += [*missing_days(root / "docs", site), *checked.problems]
    if wrong:
        more = [f"... and {len(wrong) - MOST_PROBLEMS} more"] if len(wrong) > MOST_PROBLEMS else []
        raise BuildError("\n".join(["the site has faults:", *wrong[:MOST_PROBLEMS], *more, *hint]))
    files = [path for path in site.rglob("*") if path.is_file()]
    made = sum(path.suffix == ".html" for path in files)
    return Built(made, len(files), sum(path.stat().st_size for path in files), checked.repeated)


def _drop_damaged(docs: Path, site: Path) -> None:
    """What is damaged in DOCS is not published: nobody could read it, and it may hold anything."""
    for path in damage.paths():
        if path.is_relative_to(docs):
            (site / path.relative_to(docs)).unlink(missing_ok=True)


def _unscanned(site: Path, pages: PageCache) -> list[str]:
    """The files of SITE but for the kept pages that an earlier build has scanned, and the records behind them."""
    files = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    done = {name for name in files if pages.is_scanned(name)}
    days = {name.split("/")[2] for name in done if name.startswith("days/")}
    return [name for name in files if name not in done and not (_RECORD.match(name) and name[10:20] in days)]


def _load(root: Path, config: Config, site: Path) -> MkDocsConfig:
    own = root / "mkdocs.yml"
    path = own if own.exists() else PROGRAM / own.name
    try:
        docs = (root / "docs").absolute()
        settings = load_config(str(path), docs_dir=str(docs), site_dir=str(site.absolute()), strict=True)
    except MkDocsException as error:
        raise BuildError(f"{path}: {error}; restore it with `git checkout -- mkdocs.yml`") from None
    configure(settings, config, root)
    return settings


def configure(settings: MkDocsConfig, config: Config, root: Path) -> None:
    """Tell MkDocs what config.toml says, and what of docs/ is there to be navigated."""
    w = words(config.site.language)
    docs = root / "docs"
    settings.site_name = config.site.title
    settings.site_url = config.site.url
    settings.site_description = w["site_description"]
    material = f"partials/languages/{config.site.language}.html"
    is_known = any(Path(folder, material).is_file() for folder in settings.theme.dirs)
    settings.theme["language"] = config.site.language if is_known else FALLBACK
    settings.nav = navigation(docs, config)
    settings.extra["csp"] = allowlist.CSP
    settings.extra["words"] = dict(w)
    script_words = {
        key[3:]: text.forms if isinstance(text, Counted) else text for key, text in w.items() if key.startswith("js_")
    }
    settings.extra["script_words"] = script_words | {"find_broken": w["find_broken"]}  # where the index tells no words
    settings.extra["parents"] = PARENTS
    settings.extra["status"] = (docs / "status.md").is_file()
    announced = [feed for feed in catalogue(config) if (docs / feed.path).is_file()]
    settings.extra["feeds"] = [_announcement(feed, config) for feed in announced if not feed.field]
    settings.extra["field_feeds"] = [_announcement(feed, config) for feed in announced if feed.field]


def _announcement(feed: Feed, config: Config) -> dict[str, str]:
    """What the head of a page says of FEED."""
    title = f"{config.site.title} · {feed.label}"
    return {"path": feed.path, "type": feed.media_type, "title": title, "slug": feed.field or ""}


def navigation(docs: Path, config: Config) -> list[dict[str, Any]]:
    """The main menu: our own pages that are there, then the pages written by hand."""
    w = words(config.site.language)
    own = [
        ("nav_home", "index.md"),
        ("nav_archive", "archive/index.md"),
        ("nav_fields", "fields/index.md"),
        ("nav_trends", "trends.md"),
        ("nav_saved", "saved.md"),
        ("nav_subscribe", "subscribe.md"),
        ("nav_about", "about.md"),
    ]
    menu: list[dict[str, Any]] = [{w[key]: path} for key, path in own if (docs / path).is_file()]
    by_hand = sorted(path.relative_to(docs).as_posix() for path in docs.glob("ops/**/*.md"))
    by_hand.sort(key=lambda path: (path != "ops/index.md", path.startswith("ops/zh/")))
    return [*menu, {w["nav_docs"]: by_hand}] if by_hand else menu


class _Warnings(logging.Handler):
    """Keeps what MkDocs warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def _run(settings: MkDocsConfig) -> None:
    log = logging.getLogger("mkdocs")
    heard = _Warnings()
    log.addHandler(heard)
    try:
        mkdocs_build(settings)
    except jinja2.TemplateError as error:
        raise BuildError(_misfit(error)) from None
    except (MkDocsException, OSError) as error:
        lines = heard.lines or [str(error)]
        raise BuildError("MkDocs could not build the site:\n" + "\n".join(lines[:MOST_PROBLEMS])) from None
    finally:
        log.removeHandler(heard)


def _misfit(error: jinja2.TemplateError) -> str:
    """What to say of a template that asks for what this version of the program does not give."""
    where = f" {error.name}, line {error.lineno}:" if isinstance(error, jinja2.TemplateSyntaxError) else ""
    return (
        f"a template in overrides/ does not fit this version of the program:{where} {error.message or error}; take"
        " overrides/ from the same version, and put changes of your own in again"
    )


def _drop_unused(site: Path) -> None:
    for pattern in UNUSED:
        for path in site.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


# Checks of the finished site.


def missing_days(docs: Path, site: Path) -> Iterator[str]:
    """A line for each day page below DOCS that did not become a page below SITE."""
    for path in sorted(docs.glob("days/*/*.md")):
        page = site / path.relative_to(docs).with_suffix("") / "index.html"
        if not page.is_file():
            yield f"{path.relative_to(docs)} was not turned into a page"


def _is_there(site: Path, target: str) -> bool:
    """Whether SITE has TARGET; a damaged file is told of by itself, and a link to it is none to complain of."""
    return (site / target).is_file() or damage.noted(site.parent / "docs" / target)


def check(site: Path, url: str, pages: PageCache) -> Checked:
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
                    checked.repeated.append(Repeated(anchor, first_day[anchor], day[1]))
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


# Looking at it.


class Handler(http.server.SimpleHTTPRequestHandler):
    """SITE below BASE ("/" or "/name/"), as GitHub Pages would serve it."""

    def __init__(self, *args: Any, site: Path, base: str) -> None:
        self.base = base
        super().__init__(*args, directory=str(site))

    def do_GET(self) -> None:
        if self.path == "/" != self.base:
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", self.base)
            self.end_headers()
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")  # as on GitHub Pages: the data is there for all
        super().end_headers()

    def translate_path(self, path: str) -> str:
        inside = path if path.startswith(self.base) else "/404-not-below-the-base"
        return super().translate_path("/" + inside.removeprefix(self.base))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the base class)
        """Say nothing: a reader's clicks are no news."""


def make_server(
    site: Path, url: str, host: str = "127.0.0.1", port: int = 8000, handler: Callable[..., Handler] = Handler
) -> http.server.ThreadingHTTPServer:
    """A server of SITE, below the path that URL has. Raises BuildError if there is no site or the port is taken."""
    if not (site / "index.html").is_file():
        raise BuildError(f"{site} holds no site; run `arxiv-daily build` first")
    base = urlsplit(url).path.rstrip("/") + "/"
    try:
        return http.server.ThreadingHTTPServer((host, port), partial(handler, site=site, base=base))
    except OSError as error:
        raise BuildError(f"cannot serve on {host}:{port} ({error.strerror or error}); try another --port") from None


def serve(
    root: Path, config: Config, host: str = "127.0.0.1", port: int = 8000, tell: Callable[[str], None] = print
) -> None:
    """Serve ROOT/site until interrupted; TELL its address first."""
    with make_server(root / "site", config.site.url, host, port) as server:
        path = urlsplit(config.site.url).path.rstrip("/")
        tell(f"The site is at http://{host}:{server.server_address[1]}{path}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
