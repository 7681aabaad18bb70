"""A build says whose fault it is that a site may not be published."""

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import archive

from generator.cli import main
from generator.publish import build_cache
from generator.publish.build import template_fault
from generator.publish.site import allowlist
from generator.records.store import store_of


def papers(count: int) -> frozenset[str]:
    return frozenset(f"2601.{number:05}" for number in range(count))


@pytest.mark.parametrize(
    ("count", "picks", "is_template"), [(4, 4, False), (5, 20, True), (5, 21, False), (19, 900, False), (20, 900, True)]
)
def test_what_many_papers_share_comes_from_a_template(count: int, picks: int, is_template: bool) -> None:
    """A quarter of few picks, or twenty papers: nobody writes the same hostile text into so many."""
    fault = template_fault({"<a href> to code.example": papers(count)}, picks)
    assert bool(fault) == is_template
    assert not fault or ("<a href> to code.example" in fault and "allowlist.py" in fault)


def test_a_new_element_of_a_template_blames_no_paper(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An element that every card has is not allowed: the build stops, names it, and leaves docs/ as render made it."""
    monkeypatch.setattr(allowlist, "HTML", {key: may for key, may in allowlist.HTML.items() if key != "article"})
    monkeypatch.setattr(allowlist, "IN_FEEDS", allowlist.IN_FEEDS)
    assert main(["--root", str(root), "--quiet", "demo"]) == 1
    said = capsys.readouterr().err
    assert "the same thing is refused in" in said and "the element <article>" in said and "allowlist.py" in said
    assert "withheld" not in said
    page = next((root / ".demo" / "docs" / "days").rglob("2026-*.md")).read_text(encoding="utf-8")
    assert "withheld" not in page and page.count("<article") > 3


@pytest.mark.slow
def test_two_builds_at_once_make_one_site(root: Path) -> None:
    """The second waits for the first; both end well, and the site is that of one build."""
    days = [archive.WEDNESDAY - dt.timedelta(days=1), archive.WEDNESDAY]
    archive.fill(store_of(root), map(archive.day, days))
    command = [sys.executable, "-m", "generator", "--root", str(root), "build"]
    builds = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [build.communicate(timeout=120) for build in builds]
    assert [build.returncode for build in builds] == [0, 0], told
    together = {path: path.read_bytes() for path in (root / "site").rglob("*") if path.is_file()}
    assert all(f" {len(together)} files" in result for result, _ in told)
    for name in ("site", build_cache.CACHE):
        shutil.rmtree(root / name)
    subprocess.run(command, check=True, capture_output=True)
    assert {path: path.read_bytes() for path in (root / "site").rglob("*") if path.is_file()} == together


@pytest.mark.slow
def test_a_closed_day_that_was_edited_or_removed_is_made_anew_and_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The site is that of a build from nothing; the command says how much was made, and of which day."""
    days = [archive.WEDNESDAY + dt.timedelta(days=number) for number in (-40, -37, -1, 0)]
    store = store_of(root)
    archive.fill(store, [archive.day(day, picks=archive.PICKS[number : number + 1]) for number, day in enumerate(days)])

    def build() -> tuple[str, dict[str, bytes]]:
        assert main(["--root", str(root), "build"]) == 0
        site = root / "site"
        return capsys.readouterr().out, {
            path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
        }

    build()
    assert build()[0].endswith("made anew: 0 files\n")
    path = store.path(days[0])
    record = json.loads(path.read_bytes())
    record["picks"][0]["paper"]["title"] = "Edited by hand"
    path.write_text(json.dumps(record))
    told, edited = build()
    assert f"of days {days[0]}" in told, told
    store.remove(days[1])
    told, removed = build()
    assert "made anew" in told and not any(str(days[1]) in name for name in removed) and edited != removed
    for name in ("site", build_cache.CACHE):
        shutil.rmtree(root / name)
    assert build()[1] == removed
