"""The site: docs/ with MkDocs, the search index, interests and what programs read in site/, then the checks of it."""

import gzip
import json
import os
import re
from collections.abc import Collection, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from generator.core import damage
from generator.core.errors import BuildError
from generator.core.files import digest, read_gzip
from generator.publish import build_cache
from generator.publish.for_programs import program_outputs
from generator.publish.interests.build import interest_outputs
from generator.publish.known_files import KnownFiles
from generator.publish.manifest import Output, read_manifests
from generator.publish.open_data import month_outputs
from generator.publish.render import known_records
from generator.publish.search import build as search
from generator.publish.site import scan
from generator.publish.site.check import RepeatedPick, check_site, missing_days
from generator.publish.site.folder import SiteFolder
from generator.publish.site.mkdocs import MOST_PROBLEMS, load_settings
from generator.publish.site.offline import offline_output
from generator.publish.site.pages import Sources, set_pages, sitemap_outputs, sources_of
from generator.records.redaction import withhold_in_json
from generator.records.store import Store
from generator.records.summaries import summaries_of, with_redaction_digest
from generator.settings.config import Config
from generator.settings.context import theme_folder

_RECORD = re.compile(r"data/[^/]+/[^/]+\.json(?:\.gz)?")
"""The files that tell of papers by their ids."""


class SiteBuilt(NamedTuple):
    """What a site holds. made: names of the files that this build wrote; repeated: see check.Checked."""

    pages: int
    files: int
    size_bytes: int
    made: list[str]
    repeated: list[RepeatedPick]


def build_site(root: Path, config: Config, withheld: Collection[str] = (), this_month: str = "") -> SiteBuilt:
    """Make ROOT/site of ROOT/docs and check it; of papers that are WITHHELD, the records there tell only the id.

    THIS_MONTH: YYYY-MM; the months before it get a file of their own.

    Raises HostileTextError for what came from papers and may not be there, BuildError for all else that is wrong.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")  # a notice of Material's on stderr at each build
    docs, cache = root / "docs", root / build_cache.CACHE
    settings = load_settings(root, config, root / "site")
    build_cache.make_folder(cache)
    known, folder = KnownFiles(docs, cache / "docs-files"), SiteFolder(root / "site", cache)
    rendered = read_manifests(docs)
    sources = sources_of(docs, settings, rendered)
    set_pages(folder, settings, sources, known, cache)
    store = Store(docs / "data", withheld)
    found = with_redaction_digest(summaries_of(root, known_records(root).digest), store)
    search.build(store, config, found, folder, cache / "search")
    for output in chain(
        interest_outputs(store, found),
        month_outputs(store, found, this_month),
        program_outputs(store, found, config),
        sitemap_outputs(sources.pages, config.site.url),
        _copies(docs, sources, known, withheld),
    ):
        folder.put(output)
    if config.site.offline:
        folder.put(offline_output(folder, [summary.date for summary in found]))
    folder.remove_others()
    try:
        by_hand = {scan.page_of(name) for name in sources.by_hand}
        code = scan.known_code(theme_folder(root) / "overrides", map(docs.joinpath, sources.others))
        wrong = scan.scan_site(folder, config.site.url, by_hand, code, withheld)
        hint = [build_cache.HINT] if wrong else []
        checked = check_site(folder, config.site.url, cache / "page-facts")
    finally:
        folder.save()
        known.save()
    wrong += [*missing_days(rendered, folder), *checked.problems]
    if wrong:
        more = [f"... and {len(wrong) - MOST_PROBLEMS} more"] if len(wrong) > MOST_PROBLEMS else []
        raise BuildError("\n".join(["the site has faults:", *wrong[:MOST_PROBLEMS], *more, *hint]))
    pages = sum(name.endswith(".html") for name in folder.files)
    return SiteBuilt(pages, len(folder.files), folder.size_bytes(), folder.made, checked.repeated)


def _copies(docs: Path, sources: Sources, known: KnownFiles, withheld: Collection[str]) -> Iterator[Output]:
    """What of DOCS is no page, as it is; WITHHELD papers are taken out. What is damaged is not published."""
    hidden = " ".join(sorted(withheld))
    for name in sources.others:
        if damage.noted(docs / name):
            continue
        is_masked = bool(hidden) and _RECORD.fullmatch(name) is not None
        make = partial(_masked, docs / name, withheld) if is_masked else (docs / name).read_bytes
        yield Output(name, digest(known.digest(name), hidden if is_masked else ""), make)


def _masked(path: Path, papers: Collection[str]) -> bytes:
    """The file of a day at PATH without the texts of PAPERS."""
    is_packed = path.suffix == ".gz"
    content = read_gzip(path) if is_packed else path.read_bytes()
    if not any(paper.encode() in content for paper in papers):
        return path.read_bytes()
    text = json.dumps(withhold_in_json(json.loads(content), papers), ensure_ascii=False, indent=1).encode()
    return gzip.compress(text, mtime=0) if is_packed else text
