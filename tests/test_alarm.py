"""The alarm: one issue while something is overdue, never a second, closed by the run that completes the day."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, papers_of_day
from fake_github import FakeGithub

from generator import cli
from generator.alarm import LABEL, MARK, due

WED, THU = "2026-01-07", "2026-01-08"


class Site:
    """A project folder with its arXiv and its repository on GitHub."""

    def __init__(self, root: Path, arxiv: FakeArxiv, github: FakeGithub, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.arxiv, self.github, self._monkeypatch = root, arxiv, github, monkeypatch
        config = root / "config.toml"
        config.write_text(config.read_text().replace("[arxiv]", "[arxiv]\ndelay_seconds = 0", 1))
        config.write_text(config.read_text().replace("patience_minutes = 10", "patience_minutes = 0"))
        for name, value in {**arxiv.env(), **github.env()}.items():
            monkeypatch.setenv(name, value)

    def at(self, now: str) -> None:
        self.arxiv.move_to(now)
        self._monkeypatch.setenv("ARXIV_DAILY_NOW", now)

    def do(self, command: str, *args: str) -> int:
        return cli.main([command, "--root", str(self.root), *args])


@pytest.fixture
def site(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    papers = [*papers_of_day(WED, "cs.AI", "cs.CV"), *papers_of_day(THU, "cs.AI", "cs.CV", first=101)]
    with FakeArxiv(papers) as arxiv, FakeGithub() as github:
        yield Site(root, arxiv, github, monkeypatch)


def test_one_issue_is_opened_at_the_deadline_and_closed_by_the_run_that_completes_the_day(site: Site) -> None:
    """Before the deadline silence; after it one issue however often it is looked at; then a comment and the end."""
    site.at(f"{WED}T06:00:00+00:00")
    assert site.do("run") == 0
    site.at(f"{THU}T06:00:00+00:00")
    site.arxiv.fail("503")
    site.arxiv.fail("503", channel="rss")
    assert site.do("run") == 3
    assert site.do("alarm") == 0 and not site.github.issues
    site.at(f"{THU}T23:30:00+00:00")
    for _ in range(3):
        assert site.do("alarm") == 0
    (issue,) = site.github.issues
    assert f"**{THU}**: there is no page" in issue["body"] and WED not in issue["body"]
    assert issue["labels"] == [{"name": LABEL}]
    site.arxiv.heal()
    assert site.do("run") == 0
    for _ in range(2):
        assert site.do("alarm") == 0
    assert issue["state"] == "closed" and len(site.github.comments) == 1
    assert site.github.tokens == {"Bearer workflow-token"}


def test_an_open_issue_says_what_is_new(site: Site) -> None:
    """A day of which no page was there and one that is only half read are told apart; the issue stays one."""
    site.at(f"{THU}T23:30:00+00:00")
    site.do("alarm")
    site.arxiv.fail("503")
    assert site.do("run") == 2
    site.do("alarm")
    (issue,) = site.github.issues
    assert "there is no page" not in issue["body"] and "the API was down" in issue["body"]


def test_an_issue_of_somebody_else_is_left_alone(site: Site) -> None:
    """The label alone or the mark alone is not ours."""
    site.github.add("mine", "text", LABEL)
    site.github.add("a copy", f"{MARK} text")
    site.at(f"{THU}T06:00:00+00:00")
    assert site.do("run") == 0 and site.do("alarm") == 0
    assert len(site.github.open) == 2


def test_a_broken_configuration_rings_at_once(site: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """No run can work: the issue names the error, and so does the summary of the job; the exit code stays."""
    site.at(f"{THU}T06:00:00+00:00")
    (site.root / "config.toml").write_text("[arxiv]\ncategoris = 1\n")
    summary = tmp_path / "summary.md"
    assert site.do("run", "--summary", str(summary)) == 1
    assert "Stopped" in summary.read_text() and "categoris" in summary.read_text()
    assert site.do("alarm") == 1
    (issue,) = site.github.issues
    assert "Nothing works" in issue["body"] and "categoris" in issue["body"]


@pytest.mark.parametrize(("status", "said"), [(410, "switched off"), (403, "403"), (302, "302"), (500, "500")])
def test_a_github_that_refuses_is_named(site: Site, capsys: pytest.CaptureFixture[str], status: int, said: str) -> None:
    """A fork has no issues until its owner switches them on; the token is never repeated."""
    site.at(f"{THU}T23:30:00+00:00")
    site.github.status = status
    assert site.do("alarm") == 1
    err = capsys.readouterr().err
    assert said in err and "workflow-token" not in err


def test_outside_of_a_workflow_it_says_so(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a repository and a token there is nothing to open."""
    monkeypatch.delenv("GITHUB_TOKEN")
    assert site.do("alarm") == 1
    assert "GITHUB_TOKEN" in capsys.readouterr().err


def test_the_deadline_counts_from_midnight_in_new_york() -> None:
    """Summer time is considered: the same hour of the reader's day the whole year."""
    assert due(dt.date(2026, 1, 8), 18) == dt.datetime(2026, 1, 8, 23, tzinfo=dt.UTC)
    assert due(dt.date(2026, 7, 8), 18) == dt.datetime(2026, 7, 8, 22, tzinfo=dt.UTC)


def test_the_summary_is_the_receipt(site: Site, tmp_path: Path) -> None:
    """Days, coverage, picks and what is missing and why; a second run with nothing to do says that."""
    site.at(f"{THU}T06:00:00+00:00")
    summary = tmp_path / "summary.md"
    assert site.do("run", "--summary", str(summary)) == 0
    text = summary.read_text()
    assert f"| {THU} | complete | 6 | " in text and "AI 3&#47;3" in text and "This run: 0 calls" in text
    summary.write_text("")
    assert site.do("run", "--summary", str(summary)) == 0
    assert summary.read_text().startswith("### Nothing to do")


def test_a_summary_that_cannot_be_written_is_an_error(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the option; the day is kept all the same."""
    site.at(f"{THU}T06:00:00+00:00")
    assert site.do("run", "--summary", str(site.root / "no" / "file")) == 1
    assert "--summary" in capsys.readouterr().err
    assert (site.root / "docs" / "data" / "2026" / f"{THU}.json").exists()
