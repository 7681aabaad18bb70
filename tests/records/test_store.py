"""Records: what was written is read back, unchanged days are not rewritten, damage is named."""

import datetime as dt
import gzip
import json
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from generator.core.errors import RecordError
from generator.core.files import write_if_changed
from generator.core.model import ArxivId, Coverage, Day, Paper, Pick, Rest, Unscored, Verdict, Window, base_id
from generator.publish.manifest import MANIFEST, Changes, Output, read_manifests, write_outputs
from generator.records.store import Store, dump_record

DATE = dt.date(2026, 1, 14)
NOON = dt.datetime(2026, 1, 14, 12, tzinfo=dt.UTC)


def a_day(**changes: Any) -> Day:
    """A small day with one paper of each kind."""
    paper = Paper(
        id="2601.06212", title="On <b> & $x$", authors=("Ann", "Bo"), abstract="Words.", categories=("cs.LG",),
        submitted=NOON,
    )  # fmt: skip
    values: dict[str, Any] = {
        "date": DATE,
        "window": Window(start=NOON, end=NOON + dt.timedelta(days=1)),
        "generator": "0",
        "judge": "llm",
        "model": "m",
        "profile": "p",
        "updated": NOON,
        "coverage": {"cs.LG": Coverage(expected=3, read=3, state="complete")},
        "picks": (Pick(paper=paper, verdict=Verdict(score=9, raw=9, field="llm", reason="因为")),),
        "rest": (Rest(id="2601.06067", title="Rest", primary="cs.LG", score=3),),
        "unscored": (Unscored(id="2601.00001", title="Open", primary="cs.LG", why="refused"),),
    }
    return Day(**{**values, **changes})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "docs" / "data")


def test_a_day_comes_back_as_it_was(store: Store) -> None:
    """Record and abstracts survive the way to disk and back; the record itself holds no abstract."""
    assert store.write(a_day(), {"2601.06212": "Words.", "2601.06067": "not of a pick"})
    assert store.dates() == [DATE]
    back = store.read(DATE)
    assert back is not None and back.model_dump() == a_day().model_dump()
    assert store.abstracts(DATE) == {"2601.06212": "Words."}
    assert "Words." not in store.path(DATE).read_text()


def test_a_record_is_a_readable_diff(store: Store) -> None:
    """One line an item: a changed paper changes a line."""
    lines = dump_record(a_day()).decode().splitlines()
    assert sum("2601.06" in line for line in lines) == 2
    assert json.loads("\n".join(lines))["date"] == "2026-01-14"


def test_a_record_says_nothing_twice(store: Store) -> None:
    """Ten years of them are published: no spaces between keys, no default of a pick; every key of the day itself."""
    content = dump_record(a_day()).decode()
    assert '{"id":"2601.06067","title":"Rest","primary":"cs.LG","score":3.0}' in content
    (pick,) = json.loads(content)["picks"]
    assert list(pick) == ["paper", "verdict"] and "updated" not in pick["paper"] and "estimate" not in pick["verdict"]
    kept = [key for key in Day.model_fields if key != "headline"]  # records of before it was kept do not grow by it
    assert list(json.loads(content)) == kept
    assert json.loads(dump_record(a_day(picks=())))["picks"] == []


def test_a_later_look_alone_changes_nothing(store: Store) -> None:
    """The time of update does not make a record new."""
    store.write(a_day(), {})
    before = store.path(DATE).read_bytes()
    assert not store.write(a_day(updated=NOON + dt.timedelta(hours=3)), {})
    assert store.path(DATE).read_bytes() == before
    assert store.write(a_day(unscored=()), {})


def test_in_is_what_comes_out() -> None:
    """Papers read = picks + rest + unscored + spared; complete only when nothing is left to do."""
    assert a_day().papers_read == 3 and not a_day().complete
    assert a_day(unscored=()).complete
    assert not a_day(unscored=(), facts="rss").complete
    assert not a_day(coverage={"cs.LG": Coverage(expected=None, read=0, state="no announcement")}).announced


@pytest.mark.parametrize(
    ("damage", "key"),
    [
        (lambda text: text.replace('"score":9.0', '"score":90'), "picks.0.verdict.score"),
        (lambda text: text.replace('"judge": "llm"', '"judge": "oracle"'), "judge"),
        (lambda text: text[: len(text) // 2], "whole file"),
        (lambda text: text.replace('"date": "2026-01-14"', '"date": "2026-01-15"'), "date"),
        (lambda text: text.replace('"seed"', '"sead"'), "sead"),
    ],
)
def test_damage_by_hand_is_named_with_file_and_key(store: Store, damage: Callable[[str], str], key: str) -> None:
    """The message says which file, which key, and how to get it back."""
    store.write(a_day(), {})
    path = store.path(DATE)
    path.write_text(damage(path.read_text()))
    with pytest.raises(RecordError) as error:
        store.read(DATE)
    assert str(path) in str(error.value) and key in str(error.value)


@pytest.mark.parametrize("content", [b"junk", gzip.compress(b"[1]", mtime=0), gzip.compress(b"{", mtime=0)])
def test_damaged_abstracts_are_named(store: Store, content: bytes) -> None:
    """A broken companion file is an error that says what to do, not a crash."""
    store.write(a_day(), {"2601.06212": "Words."})
    store.abstracts_path(DATE).write_bytes(content)
    with pytest.raises(RecordError, match="delete it and run again"):
        store.abstracts(DATE)


def test_a_folder_that_cannot_be_written_leaves_the_old_file(tmp_path: Path) -> None:
    """No half file, no traceback: an error that names the path."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(RecordError, match="cannot be written"):
        write_if_changed(blocked / "x.json", b"{}")
    assert blocked.read_text() == "in the way"


def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path: Path) -> None:
    """When the system refuses to write further, the file keeps its content and no temporary file stays."""
    path = tmp_path / "record.json"
    path.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(RecordError, match="cannot be written: File too large"):
            write_if_changed(path, b"new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_outputs_are_made_once_and_only_our_own_are_deleted(tmp_path: Path) -> None:
    """Same inputs: nothing is made. Gone from the list: deleted. Written by hand: never touched."""
    made: list[str] = []

    def output(path: str, inputs: str) -> Output:
        def make() -> bytes:
            made.append(path)
            return b"x"

        return Output(path, inputs, make)

    (tmp_path / "by-hand.md").write_text("mine")
    first = write_outputs(tmp_path, [output("days/a.md", "1"), output("days/b.md", "1")])
    assert first.written == ["days/a.md", "days/b.md"]
    again = write_outputs(tmp_path, [output("days/a.md", "1"), output("days/b.md", "1")])
    assert again.kept == 2 and again.written == [] and made == ["days/a.md", "days/b.md"]
    (tmp_path / "days" / "a.md").write_text("edited")
    last = write_outputs(tmp_path, [output("days/a.md", "1")])
    assert last.written == ["days/a.md"] and last.deleted == ["days/b.md"]
    assert (tmp_path / "days" / "a.md").read_bytes() == b"x"
    assert (tmp_path / "by-hand.md").read_text() == "mine"


def test_each_year_has_a_manifest(tmp_path: Path) -> None:
    """A new day leaves those of earlier years alone; one that has nothing more to list goes; all are read as one."""

    def write(*paths: str) -> Changes:
        return write_outputs(tmp_path, [Output(path, "1", lambda: b"x") for path in paths])

    old = ("days/2025/2025-12-31.md", "archive/2025-12.md", "data/index-2025.json")
    write("index.md", *old)
    manifest = tmp_path / "data" / "manifest-2025.json"
    assert set(json.loads(manifest.read_bytes())) == set(old)
    before = manifest.stat().st_ino
    write("index.md", *old, "days/2026/2026-01-01.md")
    assert manifest.stat().st_ino == before
    assert set(json.loads((tmp_path / MANIFEST).read_bytes())) == {"index.md"}
    assert set(read_manifests(tmp_path)) == {"index.md", *old, "days/2026/2026-01-01.md"}
    assert write("index.md").deleted == sorted([*old, "days/2026/2026-01-01.md"])
    assert not list(tmp_path.glob("data/manifest-*"))


def test_a_render_that_was_killed_stands_in_nobodys_way(tmp_path: Path) -> None:
    """What it had written is known as ours, also when the records have changed by the next time."""

    def killed() -> bytes:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_outputs(tmp_path, [Output("a.md", "1", lambda: b"old"), Output("b.md", "1", killed)])
    assert (tmp_path / "a.md").read_bytes() == b"old"
    write_outputs(tmp_path, [Output("a.md", "2", lambda: b"new"), Output("b.md", "2", lambda: b"b")])
    assert (tmp_path / "a.md").read_bytes() == b"new"


def test_an_output_never_replaces_a_page_written_by_hand(tmp_path: Path) -> None:
    """A file that is not in the manifest stays, and the error says what to do."""
    (tmp_path / "index.md").write_text("mine")
    with pytest.raises(RecordError, match="already exists"):
        write_outputs(tmp_path, [Output("index.md", "1", lambda: b"ours")])
    assert (tmp_path / "index.md").read_text() == "mine"


@pytest.mark.parametrize("entry", ['{"../x": ["1", "2"]}', '{"/x": ["1", "2"]}', '{"a": ["1"]}', "[]", "{"])
def test_a_damaged_manifest_deletes_nothing(tmp_path: Path, entry: str) -> None:
    """A path that leaves docs/ is refused before anything happens."""
    docs = tmp_path / "docs"
    (docs / "data").mkdir(parents=True)
    (tmp_path / "x").write_text("outside")
    (docs / MANIFEST).write_text(entry)
    with pytest.raises(RecordError, match="manifest"):
        write_outputs(docs, [])
    assert (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://arxiv.org/abs/2601.06212v2", "2601.06212"),
        ("https://arxiv.org/pdf/2601.06212v12.pdf", "2601.06212"),
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("solv-int/9701001", "solv-int/9701001"),
        ("arXiv:0704.0001", "0704.0001"),
        ("12601.06212", None),
        ("2601.06212345", None),
        ("", None),
    ],
)
def test_ids_of_every_age_are_read_without_their_version(text: str, expected: str | None) -> None:
    """Five digits, four, six; old ones with an archive; never a part of a longer number."""
    assert base_id(text) == expected


def test_an_id_cannot_be_a_path() -> None:
    """Ids become file names and anchors."""
    for bad in ("../etc", "2601.06212/..", "/abs", "2601.06212\x00", "2601.06212\n"):
        with pytest.raises(ValidationError):
            Rest(id=bad, title="x", primary="cs.LG", score=1)
    assert ArxivId is not None


def test_feeds_of_another_branch_are_no_obstacle_and_do_not_stay(tmp_path: Path) -> None:
    """Git ignores them: after a switch of branches they lie there, and the manifest knows nothing of them."""
    (tmp_path / "feeds").mkdir()
    for name in ("robots.xml", "gone.xml"):
        (tmp_path / "feeds" / name).write_text("<rss/>")
    changes = write_outputs(tmp_path, [Output("feeds/robots.xml", "1", lambda: b"new")])
    assert (changes.written, changes.deleted) == (["feeds/robots.xml"], ["feeds/gone.xml"])
    assert {path.name: path.read_bytes() for path in (tmp_path / "feeds").iterdir()} == {"robots.xml": b"new"}
