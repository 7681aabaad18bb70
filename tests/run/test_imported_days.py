"""Days of a predecessor are as safe as our own: `run`, `backfill` and `--dry-run` drop nothing of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from fakes.llm import FakeLlm
from run.test_daily import THU, TUE, WED, Project, verdict
from support.old_pages import simple_page

MINE = [f"2601.{number:05}" for number in (1, 2, 3)]
"""The papers of the imported page, in both of the categories' announcement of Wednesday."""


@pytest.fixture
def project(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Wednesday was imported; arXiv has eight papers of it, of which the page holds three."""
    with FakeArxiv() as arxiv, FakeLlm(verdict) as llm:
        arxiv.papers = [
            *papers_of_day(TUE, "cs.AI", "cs.CV", each=4, first=101),
            *papers_of_day(WED, "cs.AI", "cs.CV", each=4),
            *papers_of_day(THU, "cs.AI", "cs.CV", each=4, first=201),
        ]
        made = Project(root, arxiv, llm, monkeypatch)
        made.at(THU)
        page = tmp_path / "old.md"
        page.write_text(simple_page(WED), encoding="utf-8")
        assert made.run(str(page), "--quiet", command="import") == 0
        yield made


def verdicts(project: Project) -> dict[str, Any]:
    record = project.record(WED)
    assert record is not None
    return {pick["paper"]["id"]: pick["verdict"] for pick in record["picks"] if pick["paper"]["id"] in MINE}


@pytest.mark.parametrize(
    "args",
    [
        ["run"],
        ["run", "--since", TUE, "--until", THU, "--judge", "offline"],
        ["run", "--date", WED, "--judge", "offline"],
        ["run", "--date", WED, "--dry-run"],
        ["run", "--since", TUE, "--until", THU, "--dry-run", "--judge", "offline"],
        ["backfill", "--since", TUE, "--until", THU, "--judge", "offline", "--yes"],
    ],
)
def test_an_imported_day_stays_as_it_is(project: Project, args: list[str]) -> None:
    """Byte for byte: by default, in a dry run, and where the offline judge works."""
    path = project.root / "docs/data/2026/2026-01-07.json"
    before = path.read_bytes()
    assert project.run(*args[1:], command=args[0]) == 0
    assert path.read_bytes() == before
    assert all(paper in project.page(WED).read_text() for paper in MINE)


@pytest.mark.parametrize("command", ["run", "backfill"])
def test_a_model_completes_an_imported_day(project: Project, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Imported verdicts stay and are marked, the rest of the announcement is judged and added; it is said before."""
    before = verdicts(project)
    args = ["--since", WED, "--until", WED, *(["--yes"] if command == "backfill" else [])]
    assert project.run(*args, command=command) == 0
    assert "2026-01-07 was imported: its 3 verdicts stay" in capsys.readouterr().out
    record = project.record(WED)
    assert record is not None
    assert verdicts(project) == before
    assert not record["imported"]
    assert record["origins"][0]["page"] == "old.md"
    assert project.read(WED) == {paper.id for paper in project.arxiv.papers if str(paper.day) == WED}
    assert not set(project.llm.papers_asked) & set(MINE)
    marks = {pick["paper"]["id"]: pick.get("notes", []) for pick in record["picks"]}
    assert all(marks[paper] == ["imported_verdict"] for paper in MINE)
    assert "沿用旧站评分" in project.page(WED).read_text()
    calls, files = len(project.llm.requests), project.files()
    assert project.run(*args, command=command) == 0
    assert (len(project.llm.requests), project.files()) == (calls, files), "the second run changes nothing"


def test_an_imported_day_that_cannot_be_completed_now_stays_whole(project: Project) -> None:
    """arXiv is down: nothing is lost, and a later run adds what is missing."""
    path = project.root / "docs/data/2026/2026-01-07.json"
    before = path.read_bytes()
    project.arxiv.fail("503", times=None)
    assert project.run("--date", WED) != 0
    kept = verdicts(project)
    assert set(kept) == set(MINE)
    assert path.read_bytes() == before
    project.arxiv.heal()
    assert project.run("--date", WED) == 0
    assert verdicts(project) == kept


def test_a_dry_run_counts_only_what_is_added(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """Five of eight papers are asked about."""
    assert project.run("--date", WED, "--dry-run") == 0
    assert "8 papers, 5 to be judged" in capsys.readouterr().out
