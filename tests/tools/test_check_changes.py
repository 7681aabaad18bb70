"""`make check`, and the notes of a release."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from check_changes import Deadline, changed_files, default_base
from import_graph import PROJECT
from release_notes import notes

CHANGELOG = """# Changelog

## [Unreleased]

## [1.10.0] - 2027-01-02

- Ten.

## [1.1.0] - 2026-12-01

### Added

- One.
"""


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with a commit of its own, a change that is not committed, a new file and one that is gone."""
    upstream = tmp_path / "upstream"
    upstream.mkdir()
    git(upstream, "init", "--quiet")
    for name in ("kept.py", "changed.py", "gone.py"):
        (upstream / name).write_text("")
    git(upstream, "add", ".")
    git(upstream, "commit", "--quiet", "-m", "First")
    git(tmp_path, "clone", "--quiet", "upstream", "clone")
    clone = tmp_path / "clone"
    (clone / "committed.py").write_text("")
    git(clone, "add", ".")
    git(clone, "commit", "--quiet", "-m", "Second")
    (clone / "changed.py").write_text("1\n")
    (clone / "new file.py").write_text("")
    (clone / "gone.py").unlink()
    return clone


def test_what_differs_from_upstream_is_looked_at(clone: Path) -> None:
    """Committed, changed and new files; not what is gone, and not what is unchanged."""
    assert changed_files(default_base(clone), clone) == ["changed.py", "committed.py", "new file.py"]
    assert changed_files("HEAD", clone) == ["changed.py", "new file.py"]


def test_a_branch_without_upstream_is_compared_with_its_last_commit(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "-b", "mine")
    assert default_base(clone) == "HEAD"


def test_no_test_starts_when_the_time_is_up(tmp_path: Path) -> None:
    """What has begun is finished and counts; the rest is left out, and that is told."""
    (tmp_path / "test_a.py").write_text("def test_one(): pass\ndef test_two(): raise AssertionError\n")
    script = (
        "import sys, pytest\nfrom check_changes import run_tests\n"
        f"sys.exit(not run_tests(['--rootdir={tmp_path}', '-c', '/dev/null', {str(tmp_path)!r}], float(sys.argv[1])))\n"
    )
    for ends, code, shown in ((time.monotonic() - 1, 0, "time is up"), (time.monotonic() + 100, 1, "1 failed")):
        done = subprocess.run(
            [sys.executable, "-c", script, str(ends)],
            cwd=PROJECT / "tests" / "tools",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert shown in done.stdout
    assert not Deadline(0).left_out


def test_a_release_has_the_notes_of_its_version() -> None:
    """Of its own section alone, 1.1.0 not of 1.10.0."""
    assert notes("v1.1.0", CHANGELOG, "1.1.0") == "### Added\n\n- One.\n"


@pytest.mark.parametrize(
    ("tag", "version", "reason"),
    [("v1.1.0", "1.1.1", "does not match"), ("v1.1.1", "1.1.1", "no section"), ("1.1.0", "1.1.0", "does not match")],
)
def test_a_release_without_notes_is_refused(tag: str, version: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        notes(tag, CHANGELOG, version)


def test_the_command_says_what_is_wrong() -> None:
    """Wrong use and a tag of another version end with 1 and a line, without a traceback."""
    for arguments in ([], ["v999.0.0"]):
        done = subprocess.run(
            [sys.executable, "tests/tools/release_notes.py", *arguments],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "Traceback" not in done.stderr
