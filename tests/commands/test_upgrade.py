"""`upgrade`: a fork with days and a configuration of its own takes upstream's changes; nobody resolves a conflict."""

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support import archive
from support.project import copy_project

from generator import cli
from generator.commands.demo import BY_HAND, make_days
from generator.publish.render import render
from generator.records.store import store_of
from generator.records.summaries import summaries_of
from generator.settings.config import load

MONDAY = dt.date(2026, 1, 12)


def git(folder: Path, *args: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", "-C", str(folder), *identity, *args], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    """A repository of the program, which holds a made page, as those of today do."""
    folder = copy_project(tmp_path / "upstream")
    (folder / "generator.txt").write_text("version 1\n")
    (folder / ".gitignore").write_text("/.arxiv-daily/\n/.cache/\n")
    render(folder, load(folder / "config.toml", {}))
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "Version 1")
    return folder


@pytest.fixture
def fork(tmp_path: Path, upstream: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fork with a title, a day and a commit of its own."""
    folder = tmp_path / "fork"
    subprocess.run(["git", "clone", "--quiet", str(upstream), str(folder)], check=True)
    git(folder, "remote", "add", "upstream", str(upstream))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    edit(folder / "config.toml", 'title = "arXiv Daily"', 'title = "Ada\'s papers"')
    publish(folder, MONDAY)
    return folder


def publish(folder: Path, date: dt.date) -> None:
    store_of(folder).write(archive.day(date), {})
    render(folder, load(folder / "config.toml", {}))
    commit(folder, f"Papers of {date}")


def upgrade(folder: Path, *args: str) -> int:
    return cli.main(["--root", str(folder), "upgrade", *args])


def change(folder: Path, number: int) -> None:
    """What upstream may do: options, sample days, made pages, its own pages, the program."""
    edit(folder / "config.toml", "arXiv Daily", f"arXiv Daily {number}")
    edit(
        folder / "docs/ops/configuration.md",
        "| `threshold` |",
        f"| `option_{'abc'[number]}` | `1` | new |\n| `threshold` |",
    )
    (folder / "generator.txt").write_text(f"version {number + 2}\n")
    store_of(folder).write(archive.day(MONDAY - dt.timedelta(weeks=number), sample=True), {})
    render(folder, load(folder / "config.toml", {}))
    commit(folder, f"Version {number + 2}")


def test_three_updates_leave_nothing_to_resolve(fork: Path, upstream: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The operator's title and days stay, no sample day comes, pages are made anew, new options are named."""
    for number in range(3):
        change(upstream, number)
        record = (fork / "docs/data/2026/2026-01-12.json").read_bytes()
        assert upgrade(fork) == 0
        assert f"new options (docs/ops/configuration.md): option_{'abc'[number]}" in capsys.readouterr().out
        assert 'title = "Ada\'s papers"' in (fork / "config.toml").read_text()
        assert (fork / "docs/data/2026/2026-01-12.json").read_bytes() == record
        assert (fork / "generator.txt").read_text() == f"version {number + 2}\n"
        assert "Ada's papers" in (fork / "docs/feed.xml").read_text()
        assert git(fork, "status", "--porcelain") == "", "all is committed, no conflict is left"
        publish(fork, MONDAY + dt.timedelta(days=number + 1))
    days = sorted(path.name for path in (fork / "docs/data/2026").glob("*.json"))
    assert days == [f"2026-01-{day}.json" for day in range(12, 16)]
    assert upgrade(fork) == 0
    assert "already up to date with upstream" in capsys.readouterr().out


@pytest.mark.parametrize("days", [0, 3])
def test_the_step_to_an_upstream_without_days(tmp_path: Path, days: int, fork: Path, upstream: Path) -> None:
    """A fork that has the sample's days, and DAYS of its own: the sample goes, and after that git alone will do."""
    old = tmp_path / "old"
    subprocess.run(["git", "clone", "--quiet", str(upstream), str(old)], check=True)
    list(make_days(old, load(old / "config.toml", {})))
    render(old, load(old / "config.toml", {}))
    commit(old, "Upstream with the sample's pages")
    git(fork, "reset", "--quiet", "--hard", git(fork, "rev-parse", "HEAD~1"))
    git(fork, "pull", "--quiet", str(old), "main")
    (fork / "docs/about.md").write_text("# About us\n")
    edit(fork / "config.toml", 'title = "arXiv Daily"', 'title = "Ada\'s papers"')
    for summary in summaries_of(fork) if days else ():  # as the first real run does
        store_of(fork).remove(summary.date)
    for number in range(days):
        publish(fork, MONDAY + dt.timedelta(days=number))
    if not days:
        commit(fork, "Mine")
    for path in git(old, "ls-files", "docs").splitlines():
        if not path.startswith(BY_HAND):
            git(old, "rm", "--quiet", path)
    (old / "generator.txt").write_text("version 2\n")
    edit(old / "docs/about.md", "title: 关于", "title: 关于本站")
    commit(old, "Program and site apart")
    assert upgrade(fork, "--from", str(old)) == 0
    kept = sorted(path.name for path in (fork / "docs/data/2026").glob("*-??.json")) if days else []
    assert len(kept) == days and (fork / "generator.txt").read_text() == "version 2\n"
    assert [summary.date for summary in summaries_of(fork) if summary.sample] == []
    assert (fork / "docs/about.md").read_text() == "# About us\n" and git(fork, "status", "--porcelain") == ""
    assert not list((fork / "docs/days").rglob("2026-01-0*.md")) and (fork / "docs/index.md").exists()
    (old / "generator.txt").write_text("version 3\n")
    edit(old / "docs/ops/configuration.md", "| `threshold` |", "| `option_x` | `1` | new |\n| `threshold` |")
    commit(old, "Version 3")
    publish(fork, MONDAY + dt.timedelta(days=days))
    git(fork, "pull", "--quiet", "--no-rebase", "--no-edit", str(old), "main")
    assert (fork / "generator.txt").read_text() == "version 3\n"
    assert len(list((fork / "docs/data/2026").glob("*-??.json"))) == days + 1


def test_a_change_of_the_operators_in_the_program_is_named(
    fork: Path, upstream: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Upstream's side is taken, and where to find the other."""
    (fork / "generator.txt").write_text("mine\n")
    commit(fork, "Mine")
    change(upstream, 0)
    assert upgrade(fork) == 0
    assert "generator.txt: your change was replaced by upstream's version; see `git diff" in capsys.readouterr().err
    assert (fork / "generator.txt").read_text() == "version 2\n"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda fork: edit(fork / "config.toml", "[site]", "[site] # mine"), "uncommitted changes"),
        (lambda fork: git(fork, "remote", "remove", "upstream"), "no upstream remote"),
        (lambda fork: git(fork, "remote", "set-url", "upstream", str(fork / "nowhere")), "git fetch failed"),
    ],
)
def test_what_stands_in_the_way_is_named_and_nothing_is_changed(
    fork: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], told: str
) -> None:
    """With what to do."""
    spoil(fork)
    before = git(fork, "rev-parse", "HEAD")
    assert upgrade(fork) == 1
    assert told in capsys.readouterr().err
    assert git(fork, "rev-parse", "HEAD") == before
