"""The open data keep their schemas, and a month is one file with a line a paper."""

import datetime as dt
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from support import archive
from support.old_pages import simple_page
from support.site_files import put_all

from generator.cli import main
from generator.commands.demo import make_days
from generator.core.model import Day
from generator.publish.open_data import PaperLine, month_name, month_outputs, paper_lines, schema_of
from generator.publish.render import SCHEMAS, render
from generator.records.store import Store, dump_record
from generator.records.summaries import Index, summaries

JANUARY = "data/papers-2026-01.jsonl.gz"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The docs/ of a site with the sample's days."""
    root = tmp_path_factory.mktemp("sample")
    list(make_days(root, archive.config()))
    render(root, archive.config())
    return root / "docs"


def validator(path: str) -> Any:
    """Of the schema that is published at PATH, with dates and times checked."""
    schema = json.loads(schema_of(SCHEMAS[path]))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def an_imported_day(root: Path, folder: Path) -> bytes:
    page = folder / "page.md"
    page.write_text(simple_page("2026-01-15"), encoding="utf-8")
    assert main(["--root", str(root), "--quiet", "import", str(page)]) == 0
    return (root / "docs/data/2026/2026-01-15.json").read_bytes()


def test_every_record_keeps_the_schema(root: Path, tmp_path: Path, sample: Path) -> None:
    """Those of the sample, one with everything in it, a holiday, and one that was imported."""
    records = [path.read_bytes() for path in sorted(sample.glob("data/[0-9]*/????-??-??.json"))]
    made = [dump_record(day) for day in (archive.day(), archive.holiday(archive.WEDNESDAY))]
    schema = validator("data/day.schema.json")
    for content in [*records, *made, an_imported_day(root, tmp_path)]:
        schema.validate(json.loads(content))
    assert len(records) >= 3


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record.pop("date"),
        lambda record: record.update(surprise=1),
        lambda record: record["picks"][0]["verdict"].update(score=11),
        lambda record: record["picks"][0]["paper"].update(id="none"),
        lambda record: record.update(date="yesterday"),
    ],
)
def test_the_schema_refuses_what_is_no_record(spoil: Callable[[dict[str, Any]], object]) -> None:
    """The check above can fail: keys, bounds, patterns and dates are looked at."""
    record = json.loads(dump_record(archive.day()))
    spoil(record)
    with pytest.raises(jsonschema.ValidationError):
        validator("data/day.schema.json").validate(record)


def test_the_index_keeps_its_schema_and_tells_the_licence(sample: Path) -> None:
    """That of a site, which leaves defaults out."""
    index = json.loads((sample / "data/index.json").read_bytes())
    validator("data/index.schema.json").validate(index)
    assert index["license"] == "CC0-1.0"


@pytest.mark.parametrize("path", SCHEMAS)
def test_the_schemas_in_docs_are_those_of_the_code(path: str, sample: Path) -> None:
    """`render` writes them; whoever changes a class publishes the change."""
    assert (sample / path).read_bytes() == schema_of(SCHEMAS[path])
    assert set(SCHEMAS.values()) == {Day, Index, PaperLine}


def test_a_day_as_lines() -> None:
    """Picks with all that is known, the rest with what is kept of it; what has no verdict has no line."""
    lines = list(paper_lines(archive.day(), {}))
    assert [line.picked for line in lines] == [True] * 7 + [False]
    first, last = lines[0], lines[-1]
    assert (first.id, first.field, first.score) == ("2601.00001", "llm-frontier", 9)
    assert first.authors == ("Ann Lee", "Bo Wu") and not hasattr(first, "abstract")
    assert (last.id, last.categories, last.score) == ("2601.00010", ("cs.LG",), 3.5)
    assert last.authors is None and last.reason is None
    for line in lines:
        validator("data/paper.schema.json").validate(json.loads(line.model_dump_json()))


def test_months_that_are_over_become_files(tmp_path: Path) -> None:
    """Each once, without holidays; the month that is under way has to wait; the same records give the same bytes."""
    store = Store(tmp_path / "data")
    days = [dt.date(2025, 12, 31), dt.date(2026, 1, 5), dt.date(2026, 1, 6), dt.date(2026, 2, 2)]
    found = archive.fill(store, [*map(archive.day, days), archive.holiday(dt.date(2026, 1, 1))])
    names = [month_name(month) for month in ("2025-12", "2026-01")]
    for folder in ("a", "b"):
        assert put_all(tmp_path / folder, month_outputs(store, found, "2026-02")) == names
    contents = [(tmp_path / folder / JANUARY).read_bytes() for folder in ("a", "b")]
    assert contents[0] == contents[1]
    lines = [json.loads(line) for line in gzip.decompress(contents[0]).decode().splitlines()]
    assert [line["date"] for line in lines] == ["2026-01-05"] * 8 + ["2026-01-06"] * 8


def test_a_month_is_made_again_only_when_it_changed(tmp_path: Path) -> None:
    """What is there is taken as it is, unless somebody changed it; another record makes the month anew."""
    store, copy = Store(tmp_path / "data"), tmp_path / "site" / JANUARY

    def made() -> list[str]:
        found = summaries(store, tmp_path / "none.json")
        return put_all(tmp_path / "site", month_outputs(store, found, "2026-02"))

    store.write(archive.day(), {})
    assert made() == [JANUARY] and made() == []
    before = (tmp_path / "site" / JANUARY).read_bytes()
    for foreign in (gzip.compress(b"foreign"), copy.read_bytes()[:-5], b""):
        copy.write_bytes(foreign)
        assert made() == [JANUARY] and (tmp_path / "site" / JANUARY).read_bytes() == before
    store.write(archive.day(picks=archive.PICKS[:2]), {})
    assert made() == [JANUARY]
    assert gzip.decompress((tmp_path / "site" / JANUARY).read_bytes()).count(b"\n") == 3


def test_build_makes_months_and_git_does_not_see_them(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They stand in site/, whose month is told by the clock, and not in docs/."""
    store = Store(root / "docs/data")
    archive.fill(store, [archive.day(picks=archive.PICKS[:4])])
    render(root, archive.config())
    for now, there in (("2026-01-31T23:59:00Z", False), ("2026-02-01T00:00:00Z", True)):
        monkeypatch.setenv("ARXIV_DAILY_NOW", now)
        assert main(["--root", str(root), "--quiet", "build"]) == 0
        assert (root / "site" / JANUARY).is_file() == there
    assert not (root / "docs" / JANUARY).exists()
