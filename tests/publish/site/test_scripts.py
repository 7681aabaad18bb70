"""Scripts are published without their comments: what runs is the same, line by line."""

import re
from pathlib import Path

import pytest
from support.project import PROJECT

from generator.publish.site.scripts import publish_scripts, published

SCRIPTS = sorted((PROJECT / "overrides").rglob("*.js"))


def code(source: str) -> list[str]:
    """The lines of a script with their numbers, but for those that are comments alone; texts of several lines whole."""
    parts = re.split(r"(`(?:[^`\\]|\\.)*`)", source)
    marked = "".join(part.replace("\n", "\0") if number % 2 else part for number, part in enumerate(parts))
    return ["" if line.lstrip().startswith("//") else line for line in marked.split("\n")]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_what_runs_is_the_same(path: Path) -> None:
    """The same code on the same lines."""
    source = path.read_text(encoding="utf-8")
    assert code(published(source.encode()).decode()) == code(source)


def test_comments_are_not_published(tmp_path: Path) -> None:
    """Whole lines alone: an address within a text stays, and what has no comment is not written again."""
    script = tmp_path / "assets" / "js" / "a.js"
    script.parent.mkdir(parents=True)
    script.write_text('// One.\nconst a = "https://b"; // two\n  // three\n')
    publish_scripts(tmp_path)
    assert script.read_text() == '\nconst a = "https://b"; // two\n\n'
    before = script.stat().st_mtime_ns
    publish_scripts(tmp_path)
    assert script.stat().st_mtime_ns == before
