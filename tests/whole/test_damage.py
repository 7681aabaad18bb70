"""One rotten file costs its day: whatever is damaged, every command goes on, names it, ends with 2 and keeps it."""

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from support import archive
from support.project import copy_project

from generator.cli import main
from generator.commands.demo import make_days

DAY = "2026-01-07"
NOW = "2026-01-09T08:00:00Z"
RECORD = f"docs/data/2026/{DAY}.json"
ABSTRACTS = f"docs/data/2026/{DAY}.abstracts.json.gz"
MANIFESTS = ("docs/data/manifest.json", "docs/data/manifest-2026.json")


def changed(data: bytes, **values: object) -> bytes:
    return json.dumps(json.loads(data) | values).encode()


ROTS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda data: data[: len(data) // 2],
    "cut at the end": lambda data: data[:-3],
    "zeros": lambda data: bytes(len(data)),
    "zeros within": lambda data: data[:40] + bytes(40) + data[80:],
    "no UTF-8": lambda data: b"\xff\xfe" + data,
    "HTML": lambda _: b"<!DOCTYPE html><title>502</title>",
    "a list": lambda _: b"[1, 2]",
    "a word": lambda _: b'"word"',
    "a conflict": lambda data: b"<<<<<<< HEAD\n" + data + b"=======\n>>>>>>> other\n",
    "deep": lambda _: b"[" * 100_000,
    "twice": lambda data: data + data,
}
RECORD_ROTS: dict[str, Callable[[bytes], bytes]] = {
    "another date": lambda data: changed(data, date="2026-01-06"),
    "a year of nowhere": lambda data: changed(data, date="0001-01-01"),
    "picks of text": lambda data: changed(data, picks=["2601.00001"]),
    "a future schema": lambda data: changed(data, schema_version=99),
    "no coverage": lambda data: changed(data, coverage=None),
    "usage below nothing": lambda data: changed(data, usage={"calls": "many"}),
}
PACKED_ROTS: dict[str, Callable[[bytes], bytes]] = {
    "packed list": lambda _: gzip.compress(b"[]", mtime=0),
    "packed numbers": lambda _: gzip.compress(b'{"2601.00001": 1}', mtime=0),
    "packed nothing": lambda _: gzip.compress(b"", mtime=0),
    "not packed": gzip.decompress,
    "packed text": lambda _: gzip.compress(b"\xff\xfe", mtime=0),
}
NAMES = ("2026-02-30.json", "2026-13-01.json", "2026-00-00.json", "9999-99-99.json", "0000-01-01.json")


def _damage(root: Path, kind: str) -> Path:
    """Damage one file below ROOT as KIND says; return it."""
    where, _, how = kind.partition(": ")
    if where == "name":
        path = root / "docs/data/2026" / how
        shutil.copy(root / RECORD, path)
    elif where == "folder":
        path = root / "docs/data/2025" / f"{DAY}.json"
        path.parent.mkdir()
        shutil.copy(root / RECORD, path)
    else:
        path = root / {"record": RECORD, "abstracts": ABSTRACTS, "manifest": MANIFESTS[0], "year": MANIFESTS[1]}[where]
        data = path.read_bytes()
        path.unlink()
        if how == "a folder":
            path.mkdir()
        else:
            path.write_bytes((ROTS | RECORD_ROTS | PACKED_ROTS)[how](data))
    return path


KINDS = [
    *(f"record: {how}" for how in (*ROTS, *RECORD_ROTS, "a folder")),
    *(f"abstracts: {how}" for how in (*ROTS, *PACKED_ROTS, "a folder") if how != "twice"),
    *(f"manifest: {how}" for how in ROTS),
    *(f"year: {how}" for how in ("empty", "cut", "zeros", "HTML", "a list", "a conflict")),
    *(f"name: {name}" for name in NAMES),
    "folder: 2025",
]
UNREAD = ("abstracts: zeros", "abstracts: zeros within", "abstracts: a folder")
"""Of the same size as before, or no file: no page is made anew, so that nobody reads them."""
COMMANDS = ("render", "status", "doctor", "run", "backfill", "build")


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with three days in docs/ and their pages, to be copied."""
    root = copy_project(tmp_path_factory.mktemp("three") / "site")
    list(make_days(root, archive.config()))
    for path in (root / "docs/data/2026").glob("????-??-??.json"):
        path.write_bytes(path.read_bytes().replace(b'"sample": true', b'"sample": false'))
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ARXIV_DAILY_NOW", NOW)
        assert main(["render", "--root", str(root)]) == 0
    config = root / "config.toml"
    text = re.sub(r"(?m)^patience_minutes = .*$", "patience_minutes = 0", config.read_text())
    config.write_text(text.replace("[arxiv]\n", "[arxiv]\ndelay_seconds = 0\n", 1))
    return root


@pytest.fixture
def root(tmp_path: Path, three_days: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """These days, and an arXiv that has the next one."""
    root = tmp_path / "site"
    shutil.copytree(three_days, root, symlinks=True)
    with FakeArxiv(papers_of_day("2026-01-09", "cs.AI", "cs.CV", each=4), now=NOW) as arxiv:
        for name, value in {**arxiv.env(), "ARXIV_DAILY_NOW": NOW}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        yield root


def arguments(command: str, root: Path) -> list[str]:
    dates = ["--since", "2026-01-06", "--until", "2026-01-09", "--judge", "offline", "--yes"]
    return [command, "--root", str(root), *(dates if command == "backfill" else [])]


def _goes_on(root: Path, kind: str, commands: tuple[str, ...], said: Callable[[], str]) -> None:
    path = _damage(root, kind)
    rotten = path.read_bytes() if path.is_file() else None
    page = root / "docs/days/2026/2026-01-06.md"
    for command in commands:
        named = kind not in UNREAD and (not kind.startswith(("manifest", "year", "abstracts")) or command == "render")
        code = main(arguments(command, root))
        told = said()
        assert "Traceback" not in told and code in {0, 1, 2, 3}, (kind, command, told)
        assert page.exists() and (root / "docs/days/2026/2026-01-08.md").exists(), (kind, command)
        if named:
            assert path.name in told and code == (1 if command == "doctor" else 2), (kind, command, code, told)
        if rotten is not None and not kind.startswith(("manifest", "year")):
            assert path.read_bytes() == rotten, (kind, command, "was overwritten")


@pytest.mark.parametrize(
    "kind", ["record: cut", "abstracts: cut", "manifest: cut", "year: empty", "name: 2026-02-30.json"]
)
def test_a_rotten_file_costs_its_day(root: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One of each kind, through the commands that build nothing."""
    _goes_on(root, kind, ("render", "status", "run"), lambda: "".join(capsys.readouterr()))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_sixty_kinds_of_damage_stop_no_command(root: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(KINDS) >= 60
    _goes_on(
        root, kind, ("render", *(name for name in COMMANDS if name != "render")), lambda: "".join(capsys.readouterr())
    )
