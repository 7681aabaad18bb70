"""Finished pages, kept from one build for the next: one whose source and surroundings are the same is not made again.

A site of ten years has 2,500 day pages, of which a new day changes two. The others go through MkDocs as empty shells,
so that navigation, links and sitemap are whole, and get the text that an earlier build made for them.
"""

import datetime as dt
import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from generator.core.code import code_digest
from generator.core.files import digest
from generator.publish import build_cache

CACHED_TEMPLATE = "cached.html"
"""An empty template: the shell of a page whose text is there already."""

KEEPS = re.compile(r"days/.+\.md|archive/\d{4}(-\d\d)?\.md")
"""The pages that are kept: none of them is in the navigation, and none tells of the newest days but its own."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MADE_BY = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2", "pygments")


def surroundings(settings: MkDocsConfig) -> str:
    """A digest of all that a page is made of beside its own source: theme, settings, words, versions."""
    own = Path(settings.config_file_path)
    theme = sorted(path for path in (own.parent / "overrides").rglob("*.html") if path.is_file())
    told = json.dumps(
        [settings.site_name, settings.site_url, settings.nav, settings.extra], default=str, sort_keys=True
    )
    code = [own.read_bytes(), *(path.read_bytes() for path in theme)]
    return digest(told, code_digest("generator.publish.site.build"), *code, *(version(name) for name in _MADE_BY))


_AWAY = re.compile(r'<a(?= href="https?://)')
_TAG = re.compile(r"<[a-z][^<>]*>")
_QUOTED = re.compile(r'="([\w.:#-](?:[\w./:#-]*[\w.#-])?)"(?=[ >])')
_ENDED = re.compile(r"</p>(?=\n(?:<(?:p|div|ul|nav|h2|article)\b|</(?:article|div)>))")


class PageCache(BasePlugin):  # type: ignore[type-arg,no-untyped-call]
    """Takes pages from FOLDER and puts them there, links to elsewhere marked as such (rel=noopener).

    `digests` maps a page's path in the site to its name in FOLDER.
    """

    def __init__(self, folder: Path, around: str) -> None:
        super().__init__()
        self.folder = folder
        self.around = around
        self.digests: dict[str, str] = {}

    def path(self, name: str, ending: str = "html") -> Path:
        return self.folder / name[:2] / f"{name}.{ending}"

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG002 (MkDocs')
        """Make shells of the pages whose text is kept."""
        for file in files.documentation_pages():
            if not KEEPS.fullmatch(file.src_uri) or file.abs_src_path is None or file.page is None:
                continue
            name = digest(self.around, file.src_uri, Path(file.abs_src_path).read_bytes())
            self.digests[file.dest_uri] = name
            if build_cache.take(self.path(name)) is not None:
                _make_shell(file.page)
        return nav

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002 (MkDocs')
        """The kept text of a shell; the text of another page, which is kept from now on."""
        output = _AWAY.sub('<a rel="noopener"', output)
        if page.meta.get("kind"):
            output = lean(output)
        name = self.digests.get(page.file.dest_uri)
        if name is None:
            return output
        if page.meta.get("template") == CACHED_TEMPLATE:
            return (build_cache.take(self.path(name)) or b"").decode()
        made = output.encode("utf-8", errors="xmlcharrefreplace")
        build_cache.put(self.path(name), made)
        return output

    def facts(self, dest_uri: str) -> Any:
        """What an earlier build found in the finished page, None where it is not known."""
        found = build_cache.take(self.path(self.digests.get(dest_uri, "none"), "json"))
        return None if found is None else json.loads(found)

    def keep_facts(self, dest_uri: str, facts: Any) -> None:
        """Keep what was found in a page that is itself kept."""
        if name := self.digests.get(dest_uri):
            build_cache.put(self.path(name, "json"), json.dumps(facts).encode())

    def is_scanned(self, dest_uri: str) -> bool:
        """Whether a build has found nothing in the page that may not be there."""
        return build_cache.take(self.path(self.digests.get(dest_uri, "none"), "scanned")) is not None

    def keep_scanned(self) -> None:
        """Note that nothing was found in the pages."""
        for name in self.digests.values():
            build_cache.put(self.path(name, "scanned"), b"")

    def forget_others(self) -> None:
        """Delete what this build did not use."""
        used = set(self.digests.values())
        for path in self.folder.glob("*/*.*"):
            if path.stem not in used:
                build_cache.remove(path)


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


def _make_shell(page: Page) -> None:
    """Let MkDocs neither read nor render PAGE. What the sitemap tells of it stays."""
    stem = page.file.name
    meta: dict[str, Any] = {"template": CACHED_TEMPLATE}
    if _DATE.fullmatch(stem):
        meta["date"] = dt.date.fromisoformat(stem)

    def read_source(_config: MkDocsConfig) -> None:
        page.markdown, page.meta = "", meta

    def render(_config: MkDocsConfig, _files: Files) -> None:
        page.content = ""

    for name, method in (("read_source", read_source), ("render", render)):
        setattr(page, name, method)
