"""The site: docs/ with MkDocs into site/, the search index and interests beside it, then the checks of every file."""

import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from generator.core import damage
from generator.core.errors import BuildError
from generator.publish import build_cache
from generator.publish.interests.build import build_interests
from generator.publish.search import build as search
from generator.publish.site import scan
from generator.publish.site.check import RepeatedPick, check_site, missing_days
from generator.publish.site.mkdocs import MOST_PROBLEMS, drop_unused, load_settings, run_mkdocs
from generator.publish.site.page_cache import PageCache, surroundings
from generator.publish.site.scripts import publish_scripts
from generator.records.store import Store
from generator.records.summaries import INDEX, summaries, with_redaction_digest
from generator.settings.config import Config

_RECORD = re.compile(r"data/\d{4}/\d{4}-\d\d-\d\d\.")


class SiteBuilt(NamedTuple):
    """What a build made. repeated: see check.Checked."""

    pages: int
    files: int
    size_bytes: int
    repeated: list[RepeatedPick]


def build_site(root: Path, config: Config, withheld: Collection[str] = ()) -> SiteBuilt:
    """Make ROOT/site of ROOT/docs and check it; of papers that are WITHHELD, the records there tell only the id.

    Raises HostileTextError for what came from papers and may not be there, BuildError for all else that is wrong.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # a notice of Material's on stderr at each build
    site = root / "site"
    settings = load_settings(root, config, site)
    cache = root / build_cache.CACHE
    build_cache.make_folder(cache)
    build_cache.make_folder(cache / "pages")
    pages = PageCache(cache / "pages", surroundings(settings))
    settings.plugins["pages"] = pages
    run_mkdocs(settings)
    pages.forget_others()
    drop_unused(site)
    publish_scripts(site)
    store = Store(root / "docs" / "data", withheld)
    found = with_redaction_digest(summaries(store, root / "docs" / INDEX), store)
    search.build(store, config, found, site, cache / "search")
    build_interests(store, found, site, cache / "interests")
    _drop_damaged(root / "docs", site)
    wrong = scan.scan_site(site, config.site.url, root / "docs", withheld, _unscanned(site, pages))
    hint = [build_cache.HINT] if wrong else []
    if not wrong:
        pages.keep_scanned()
    checked = check_site(site, config.site.url, pages)
    wrong += [*missing_days(root / "docs", site), *checked.problems]
    if wrong:
        more = [f"... and {len(wrong) - MOST_PROBLEMS} more"] if len(wrong) > MOST_PROBLEMS else []
        raise BuildError("\n".join(["the site has faults:", *wrong[:MOST_PROBLEMS], *more, *hint]))
    files = [path for path in site.rglob("*") if path.is_file()]
    made = sum(path.suffix == ".html" for path in files)
    return SiteBuilt(made, len(files), sum(path.stat().st_size for path in files), checked.repeated)


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
