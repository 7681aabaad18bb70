"""`render`: all of docs/ that is made from the records, and nothing else: no network, no key, no clock."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from generator.core.files import digest
from generator.core.i18n import words
from generator.core.model import Day, Frozen
from generator.publish import build_cache
from generator.publish.feeds.build import Records, feed_outputs
from generator.publish.known_files import KnownFiles
from generator.publish.manifest import Changes, Output, write_outputs
from generator.publish.open_data import PaperLine, schema_of
from generator.publish.pages.all_pages import page_outputs
from generator.records.store import Store, docs_of, store_of
from generator.records.summaries import (
    NO_FIELD,
    Index,
    Summary,
    indexes,
    record_digest,
    summaries_of,
    with_redaction_digest,
)
from generator.settings.config import Config, ResearchField

SCHEMAS: Mapping[str, type[Frozen]] = {
    "data/day.schema.json": Day,
    "data/index.schema.json": Index,
    "data/paper.schema.json": PaperLine,
}
"""The JSON Schemas of the open data: of a record, of the index, and of a line in the file of a month."""


def render(root: Path, config: Config, withheld: Collection[str] = ()) -> Changes:
    """Make docs/ hold what the records say; a file whose inputs have not changed is not made again.

    WITHHELD: papers of which nothing is shown but the id.

    Raises RecordError if a record cannot be read or a page written by hand is in the way.
    """
    docs, cache = docs_of(root), root / build_cache.CACHE
    build_cache.make_folder(cache)
    records = known_records(root)
    files = KnownFiles(docs, cache / "docs-files")
    found = summaries_of(root, records.digest)
    changes = write_outputs(docs, _outputs(store_of(root, withheld), config, found, cache), files)
    records.save()
    files.save(others=True)
    return changes


def known_records(root: Path) -> KnownFiles:
    """The records of ROOT with their digests, as far as a render or a build has kept them."""
    return KnownFiles(store_of(root).folder, root / build_cache.CACHE / "record-files", record_digest)


def _outputs(store: Store, config: Config, found: Sequence[Summary], cache: Path | None = None) -> Iterable[Output]:
    told = with_redaction_digest(found, store)
    config = with_removed_fields(config, found, store)
    yield from page_outputs(store, config, told, cache)
    yield from feed_outputs(told, Records(store.read, store.abstracts), config)
    for path, index in indexes(found).items():
        yield Output(path, digest(index), partial(bytes, index))
    for path, kind in SCHEMAS.items():
        schema = schema_of(kind)
        yield Output(path, digest(schema), partial(bytes, schema))


def with_removed_fields(config: Config, found: Sequence[Summary], store: Store) -> Config:
    """CONFIG with the fields that it has no more and of which days tell: each keeps its page, its feed and its name."""
    newest: dict[str, dt.date] = {}
    for summary in found:
        if not summary.sample:
            newest.update(dict.fromkeys(summary.fields, summary.date))
    gone = {slug: date for slug, date in newest.items() if slug != NO_FIELD and config.field(slug) is None}
    if not gone:
        return config
    text = words(config.site.language)["field_removed"]
    fields = []
    for slug, date in sorted(gone.items()):
        day = store.read(date)
        name = (day.names.get(slug) if day else None) or slug
        fields.append(ResearchField(slug=slug, name=name, name_en=name, description=text))
    return config.model_copy(update={"fields": (*config.fields, *fields)})
