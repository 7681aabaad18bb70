"""The pages of the site: those that changed go through MkDocs, the others stay as they are in site/.

MkDocs is given a folder with the changed pages and, as empty shells, what they link to and what is in the menu; where a
page written by hand has changed, all of docs/ with the other pages as shells. So a new day of an archive of 2,500 sets
twenty pages.
"""

import gzip
import json
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import is_markdown_file

from generator.core import escape
from generator.core.code import code_digest, library_version
from generator.core.files import digest, write_if_changed
from generator.publish import build_cache
from generator.publish.known_files import KnownFiles, file_names
from generator.publish.manifest import Output
from generator.publish.site.folder import SiteFolder
from generator.publish.site.mkdocs import drop_unused, run_mkdocs
from generator.publish.site.scan import page_of
from generator.publish.site.scripts import publish_scripts

_SHELL = "shell.html"
"""An empty template: MkDocs writes no file for it."""

_MADE_BY = ("mkdocs", "material", "markdown", "pymdownx", "jinja2", "pygments")
"""The modules that set pages, whose versions count."""

_SITEMAP = ("sitemap.xml", "sitemap.xml.gz")
_DAY = re.compile(r"^days/\d{4}/(\d{4}-\d\d-\d\d)\.md$")
_LINK = re.compile(r"\]\(([^)#\s]+)")
_AWAY = re.compile(r'<a(?= href="https?://)')
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTED = re.compile(r'="([\w.:#-](?:[\w./:#-]*[\w.#-])?)"(?=[ >])')
_ENDED = re.compile(r"</p>(?=\n(?:<(?:p|div|ul|nav|h2|article)\b|</(?:article|div)>))")


class Sources(NamedTuple):
    """docs/ as it is: the names of its pages and of its other files, and which of the pages render has not made."""

    pages: list[str]
    others: list[str]
    by_hand: frozenset[str]


def sources_of(docs: Path, settings: MkDocsConfig, made: Collection[str]) -> Sources:
    """What of DOCS MkDocs would publish; MADE: the files that render has made."""
    excluded = settings.exclude_docs
    pages: list[str] = []
    others: list[str] = []
    for name in sorted(file_names(docs)):
        if "/." in f"/{name}" or name.startswith("templates/") or (excluded and excluded.match_file(name)):
            continue
        (pages if is_markdown_file(name) else others).append(name)
    return Sources(pages, others, frozenset(pages) - frozenset(made))


def set_pages(folder: SiteFolder, settings: MkDocsConfig, sources: Sources, known: KnownFiles, cache: Path) -> None:
    """Have the pages of SOURCES and the files of the theme in FOLDER. KNOWN: the digests of docs/."""
    around = _surroundings(settings)
    theme = digest(around, *_contents(Path(settings.config_file_path).parent / "overrides", ""))
    by_hand = digest(*(f"{name} {known.digest(name)}" for name in sorted(sources.by_hand)))
    made_of = {
        name: digest(around, name, known.digest(name), by_hand if name in sources.by_hand else "")
        for name in sources.pages
    }
    changed = {name for name, inputs in made_of.items() if not folder.keep(page_of(name), inputs)}
    of_theme = folder.names_made_of(theme)
    if not changed and of_theme and all(folder.keep(name, theme) for name in of_theme):
        return
    if changed & sources.by_hand:  # they name each other in their menu
        changed |= sources.by_hand
    inputs_of = {page_of(name): made_of[name] for name in changed}
    made = cache / "made"
    settings.site_dir = str(made.absolute())
    settings.plugins["pages"] = _Shells(changed)
    if not changed & sources.by_hand:
        settings.docs_dir = str(_staged(settings, sources, changed, cache / "staged").absolute())
    run_mkdocs(settings)
    drop_unused(made)
    publish_scripts(made)
    for name in file_names(made):
        if name not in _SITEMAP:
            folder.put(Output(name, inputs_of.get(name, theme), (made / name).read_bytes))
    build_cache.remove(made)
    build_cache.remove(cache / "staged")


def _surroundings(settings: MkDocsConfig) -> str:
    """A digest of all that a page is made of beside its own source: theme, settings, words, versions."""
    own = Path(settings.config_file_path)
    told = json.dumps(
        [settings.site_name, settings.site_url, settings.nav, settings.extra], default=str, sort_keys=True
    )
    versions = (library_version(name) or "" for name in _MADE_BY)
    theme = _contents(own.parent / "overrides", ".html")
    return digest(told, code_digest("generator.publish.site.build"), own.read_bytes(), *theme, *versions)


def _contents(folder: Path, ending: str) -> Iterator[str | bytes]:
    """The files below FOLDER whose names have ENDING: name and content of each."""
    for name in sorted(file_names(folder)):
        if name.endswith(ending):
            yield name
            yield (folder / name).read_bytes()


def _staged(settings: MkDocsConfig, sources: Sources, changed: Collection[str], folder: Path) -> Path:
    """FOLDER with the pages that have CHANGED and, empty, what the menu and these pages lead to."""
    build_cache.remove(folder)
    docs, known = Path(settings.docs_dir), {*sources.pages, *sources.others}
    targets = set(_leaves(settings.nav))
    for name in changed:
        content = (docs / name).read_bytes()
        write_if_changed(folder / name, content, sync=False)
        links = _LINK.findall(content.decode("utf-8", "replace"))
        targets |= {posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) for link in links}
    for name in (targets & known) - set(changed):
        write_if_changed(folder / name, b"", sync=False)
    return folder


def _leaves(nav: Any) -> Iterator[str]:
    """The pages that the menu NAV leads to."""
    if isinstance(nav, str):
        yield nav
    else:
        for part in nav.values() if isinstance(nav, dict) else nav or ():
            yield from _leaves(part)


class _Shells(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """Makes MkDocs set the pages WANTED alone; links to elsewhere are marked as such there (rel=noopener)."""

    def __init__(self, wanted: Collection[str]) -> None:
        super().__init__()
        self.wanted = wanted

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
        """Make shells of the other pages; what is no page is put into the site elsewhere."""
        for file in files:
            if file.src_dir != config.docs_dir:
                continue
            if not file.is_documentation_page():
                setattr(file, "copy_file", lambda dirty=False: None)  # noqa: B010, ARG005 (MkDocs' names)
            elif file.src_uri not in self.wanted:
                _make_shell(file.page or Page(None, file, config))
        return nav

    def on_env(self, env: jinja2.Environment, *, config: MkDocsConfig, files: Files) -> jinja2.Environment:  # noqa: ARG002
        """Give the shells their template."""
        env.loader = jinja2.ChoiceLoader([jinja2.DictLoader({_SHELL: ""}), *([env.loader] if env.loader else [])])
        return env

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002 (MkDocs')
        """A page as it is published."""
        output = _AWAY.sub('<a rel="noopener"', output)
        return lean(output) if page.meta.get("kind") else output


def _make_shell(page: Page) -> None:
    """Let MkDocs neither read nor render PAGE."""

    def read_source(_config: MkDocsConfig) -> None:
        page.markdown, page.meta = "", {"template": _SHELL}

    def render(_config: MkDocsConfig, _files: Files) -> None:
        page.content = ""

    for name, method in (("read_source", read_source), ("render", render)):
        setattr(page, name, method)


def sitemap_outputs(pages: Iterable[str], url: str) -> Iterator[Output]:
    """sitemap.xml, plain and packed: the addresses of PAGES (sources) below URL; a day's page tells its date."""
    dates = {name: date[1] for name in pages if (date := _DAY.match(name))}
    dates["index.md"] = max(dates.values(), default="")  # it shows the newest day
    rows = []
    for name in sorted(pages):
        address = escape.html(url + page_of(name).removesuffix("index.html"))
        told = f"<lastmod>{dates[name]}</lastmod>" if dates.get(name) else ""
        rows.append(f"  <url><loc>{address}</loc>{told}</url>\n")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    content = f"{head}{''.join(rows)}</urlset>\n".encode()
    plain, packed = _SITEMAP
    yield Output(plain, digest(content), lambda: content)
    yield Output(packed, digest(content), lambda: gzip.compress(content, mtime=0))


def lean(html: str) -> str:
    """HTML without what a browser does not need: a twelfth of a day's page, of which ten years must fit.

    Blank lines, indentation, quotes around simple values and ends of paragraphs that the next element tells. For pages
    of our own making alone: no <pre> is in them, and no text in them holds a bare `<`, `>` or quote.
    """
    lines = "\n".join(line for row in html.splitlines() if (line := row.strip()))
    head, *parts = re.split(r"(<script(?:(?!<script).)*?</script>)", lines, flags=re.DOTALL)
    return "".join([_shorter(head), *(part if part.startswith("<script") else _shorter(part) for part in parts), "\n"])


def _shorter(html: str) -> str:
    unquoted = _TAG.sub(lambda tag: _QUOTED.sub(r"=\1", tag[0]), html)
    return _ENDED.sub("", unquoted)
