"""A render with nothing to do says so at once; whatever has changed is rendered, and the cost does not grow."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support import archive

from generator.cli import main
from generator.publish import build_cache, rendered
from generator.publish.manifest import Changes
from generator.records.store import store_of
from generator.settings.config import ENVIRONMENT


@pytest.fixture
def done(root: Path) -> Path:
    """A project of one day, rendered."""
    archive.fill(store_of(root), [archive.day()])
    assert main(["--root", str(root), "render"]) == 0
    return root


def test_nothing_new_imports_next_to_nothing(done: Path) -> None:
    """No configuration is read, no template, no record: neither their libraries nor ours are loaded."""
    told = "import sys; from generator.cli import main; main(); print(*sys.modules)"
    command = [sys.executable, "-c", told, "--root", str(done), "render"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    line, modules = said.splitlines()
    assert line.startswith("docs/: 0 files written, 0 deleted, ")
    assert not {"pydantic", "jinja2", "lxml", "mkdocs", "generator.publish.render"} & set(modules.split())


def newer(path: Path) -> None:
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))


def add(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_a_render_says_what_it_wrote_and_keeps_what_it_read(done: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The next one, or a build, reads no record again that has not changed."""
    add(done / "config.toml", "# x")
    capsys.readouterr()
    assert main(["--root", str(done), "render"]) == 0
    assert re.fullmatch(r"docs/: 0 files written, 0 deleted, [1-9]\d* as they were\n", capsys.readouterr().out)
    assert "2026/2026-01-14.json" in (done / build_cache.CACHE / "record-files").read_text()


CHANGES: dict[str, Callable[[Path], object]] = {
    "a page edited": lambda root: (root / "docs/days/2026/2026-01-14.md").write_text("x"),
    "a page gone": lambda root: (root / "docs/index.md").unlink(),
    "a record touched": lambda root: newer(root / "docs/data/2026/2026-01-14.json"),
    "a comment in the configuration": lambda root: add(root / "config.toml", "# x"),
    "the answer cut off": lambda root: (root / build_cache.CACHE / "rendered").write_bytes(b"{"),
    "the cache gone": lambda root: (root / build_cache.CACHE / "rendered").unlink(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_changed_is_looked_at(done: Path, change: Callable[[Path], object]) -> None:
    """The next render is a whole one, and what it leaves is that of a render from nothing."""
    change(done)
    last = rendered.Rendered(done, done / "config.toml", os.environ)
    assert last.nothing_to_do() is None
    assert main(["--root", str(done), "render"]) == 0
    assert last.nothing_to_do() is not None
    assert "2601.00001" in (done / "docs/days/2026/2026-01-14.md").read_text()
    assert (done / "docs/index.md").is_file()


def test_what_the_configuration_hears_of_the_environment_counts(done: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every variable that it reads."""
    for name in (*ENVIRONMENT, "GITHUB_REPOSITORY"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "https://other.example/name")
            assert rendered.Rendered(done, done / "config.toml", os.environ).nothing_to_do() is None


def test_a_record_that_changes_meanwhile_is_not_taken_for_rendered(root: Path) -> None:
    """Between reading the records and the end of the render another run has written one."""
    archive.fill(store_of(root), [archive.day()])
    last = rendered.Rendered(root, root / "config.toml", os.environ)
    before = last.docs()
    newer(root / "docs/data/2026/2026-01-14.json")
    last.keep(before, Changes([], [], 0, 0))
    assert last.nothing_to_do() is None
