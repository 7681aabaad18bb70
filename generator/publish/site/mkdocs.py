"""MkDocs, run in this process: its configuration is told what stands in config.toml.

Material's own scripts are not used by the templates in overrides/ and do not become part of the site.
"""

import logging
import shutil
from pathlib import Path
from typing import Any

import jinja2
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException

from generator.core.errors import BuildError
from generator.core.i18n import FALLBACK, Counted, words
from generator.publish.feeds.catalogue import catalogue
from generator.publish.feeds.formats import Feed
from generator.publish.site import allowlist
from generator.settings.config import Config
from generator.settings.context import theme_folder

UNUSED = ("assets/javascripts", "assets/images/favicon.png", "assets/stylesheets/*.map", "assets/stylesheets/palette.*")
"""What Material brings and our templates do not load, below site/."""

PARENTS = (("day", "archive/"), ("month", "archive/"), ("archive", "archive/"), ("field", "fields/"))
"""Kind of a page that is in no menu, and the entry of the menu under which it belongs."""

MOST_PROBLEMS = 20
"""Problems that one message names."""


def load_settings(root: Path, config: Config, site: Path) -> MkDocsConfig:
    """The mkdocs.yml of ROOT's theme for a build into SITE. Raises BuildError for a file that MkDocs cannot read."""
    path = theme_folder(root) / "mkdocs.yml"
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
    settings.extra["offline"] = config.site.offline
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


def run_mkdocs(settings: MkDocsConfig) -> None:
    """Build the site. Raises BuildError with what MkDocs warned of, or with the template that does not fit."""
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


def drop_unused(site: Path) -> None:
    """Delete what Material brought and no page loads."""
    for pattern in UNUSED:
        for path in site.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
