"""The alarm: one issue while something is overdue or fails, never a second, closed by the run that mends it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from fakes.github import FakeGithub
from support import archive

from generator import cli
from generator.commands.alarm import ALARM_MARK, LABEL, is_alarm_due
from generator.core.model import Unscored
from generator.core.why import FILTERED
from generator.records.store import store_of

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
        self.github.now = now
        self._monkeypatch.setenv("ARXIV_DAILY_NOW", now)

    def alarm(self, **jobs: str) -> None:
        """Look at the alarm, after a run of the workflow whose JOBS ended so."""
        args = [word for name, result in jobs.items() for word in ("--job", f"{name}={result}")]
        assert self.do("alarm", *args) == 0

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
    site.github.add("a copy", f"{ALARM_MARK} text")
    site.at(f"{THU}T06:00:00+00:00")
    assert site.do("run") == 0 and site.do("alarm") == 0
    assert len(site.github.open) == 2


def test_a_label_that_was_taken_off_makes_no_second_issue(site: Site) -> None:
    """Its author and its mark are enough, and its title is the reader's."""
    site.at(f"{THU}T23:30:00+00:00")
    site.alarm()
    site.github.issues[0].update(labels=[], title="Look at this")
    site.alarm()
    assert len(site.github.issues) == 1
    assert site.do("run") == 0
    site.alarm()
    assert not site.github.open


def test_an_issue_that_was_closed_by_hand_stays_closed_until_something_else_is_wrong(site: Site) -> None:
    """The same day keeps silent, another one opens it again; once all was well, the same would make a new one."""
    site.at(f"{THU}T23:30:00+00:00")
    site.alarm()
    (issue,) = site.github.issues
    for again in (False, True):
        issue["state"] = "closed"
        for _ in range(2):
            site.alarm()
        assert not site.github.open and len(site.github.issues) == 1, again
        site.alarm(generate="success", build="failure", deploy="skipped")
        assert site.github.open == [issue] and THU in issue["body"] and "**build**" in issue["body"]
        issue["body"] = issue["body"].replace("**build**: ", "").replace("\n", "\r\n")
    issue["state"] = "closed"
    assert site.do("run") == 0
    site.alarm(generate="success", build="success", deploy="success")
    assert ALARM_MARK not in issue["body"] and not site.github.comments
    site.alarm(generate="success", build="failure", deploy="skipped")
    assert [issue["number"] for issue in site.github.open] == [2]


def test_a_job_that_failed_rings_until_it_is_known_to_work(site: Site) -> None:
    """A later job that a failure keeps from running may still be broken; one that was not needed is not."""
    site.at(f"{THU}T06:00:00+00:00")
    assert site.do("run") == 0
    site.alarm(generate="cancelled", build="skipped", deploy="skipped")
    assert not site.github.issues, "the deadline of the day speaks of that"
    site.alarm(generate="success", build="success", deploy="cancelled")
    (issue,) = site.github.issues
    assert "**deploy**: this job was cancelled, or ran out of time, see" in issue["body"]
    site.alarm(generate="failure", build="skipped", deploy="skipped")
    assert "**generate**: " in issue["body"] and "**deploy**: " in issue["body"]
    site.alarm(generate="cancelled", build="skipped", deploy="skipped")
    assert "**generate**: " in issue["body"] and "**deploy**: " in issue["body"]
    site.alarm(generate="success", build="skipped", deploy="skipped")
    assert not site.github.open and len(site.github.issues) == 1


@pytest.mark.parametrize("job", ["build", "build=broken", "$(x)=failure", "build=failure=success"])
def test_a_job_is_a_name_and_a_result(site: Site, capsys: pytest.CaptureFixture[str], job: str) -> None:
    """Nothing else gets into the issue."""
    assert site.do("alarm", "--job", job) == 1
    assert "(expected NAME=RESULT, such as build=failure)" in capsys.readouterr().err and not site.github.requests


def test_a_day_that_was_given_up_is_no_all_clear(site: Site) -> None:
    """No run comes back to it: the issue stays open and says how to complete it, until somebody has done that."""
    site.at(f"{WED}T06:00:00+00:00")
    assert site.do("run") == 0
    site.arxiv.fail("503")
    site.arxiv.fail("503", channel="rss")
    site.at("2026-01-09T23:30:00+00:00")
    site.alarm()
    (issue,) = site.github.issues
    assert f"**{THU}**: there is no page" in issue["body"] and "by hand" not in issue["body"]
    site.at("2026-01-16T06:00:00+00:00")
    site.alarm()
    site.arxiv.heal()
    for now in ("2026-01-16T06:00:00+00:00", "2026-03-31T06:00:00+00:00"):
        site.at(now)
        assert site.do("run") == 0
        site.alarm()
        assert f"**{THU}**: given up, `arxiv-daily run --date {THU}`" in issue["body"], now
        assert "To complete it by hand" in issue["body"] and site.github.open == [issue]
    assert site.do("run", "--since", THU, "--until", "2026-03-23") == 0
    site.alarm()
    assert [said for _, said in site.github.comments] == ["Nothing is overdue any more, and everything works."]
    assert not site.github.open and len(site.github.issues) == 1


STOOD_STILL = "2026-01-07 to 2026-01-12"


@pytest.fixture
def still(site: Site) -> Site:
    """A site that ran on the 6th, and then no more until the 20th of January."""
    days = (("2026-01-06", "cs.AI", 201), ("2026-01-13", "cs.LG", 301), ("2026-01-20", "cs.CV", 1))
    for day, category, first in days:
        site.arxiv.papers += papers_of_day(day, category, first=first)
    for now in ("2026-01-06T06:00:00+00:00", "2026-01-20T06:00:00+00:00"):
        site.at(now)
        assert site.do("run", "--summary", str(site.root / "summary.md")) == 0
    return site


def test_a_gap_older_than_runs_reach_rings_until_it_is_completed_by_hand(still: Site, tmp_path: Path) -> None:
    """One issue with the dates and the command that completes them; that command ends it."""
    for _ in range(2):
        still.alarm(generate="success", build="success", deploy="success")
    (issue,) = still.github.issues
    command = "arxiv-daily run --since 2026-01-07 --until 2026-01-12"
    assert f"- **{STOOD_STILL}**: given up, `{command}`" in issue["body"]
    assert still.do(*command.split()[1:]) == 0
    still.alarm()
    assert not still.github.open and len(still.github.issues) == len(still.github.comments) == 1


def test_a_gap_is_named_by_status_and_receipt(still: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """By its dates and the command, once each; the receipt of the run by hand names it no more."""
    command = "arxiv-daily run --since 2026-01-07 --until 2026-01-12"
    summary = still.root / "summary.md"
    assert summary.read_text().count(f"- **{STOOD_STILL}**: `{command}`") == 1
    assert still.do("status") == 0
    assert f"  {STOOD_STILL}: {command}\n" in capsys.readouterr().out
    summary.unlink()
    assert still.do(*command.split()[1:], "--summary", str(summary)) == still.do("status") == 0
    assert "已放弃" not in summary.read_text() and "by hand" not in capsys.readouterr().out


def test_without_issues_a_gap_is_named_and_no_error(still: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody could close it: the job would be red for weeks."""
    still.github.status = 410
    still.alarm()
    assert f"given up: {STOOD_STILL}; warning: no alarm could be raised" in capsys.readouterr().out


def test_a_gap_that_was_closed_by_hand_keeps_silent(still: Site) -> None:
    """Also when a part of it is completed, and day after day; another trouble opens the issue, which tells it again."""
    still.alarm()
    (issue,) = still.github.issues
    issue["state"] = "closed"
    assert still.do("run", "--date", "2026-01-09") == 0
    still.alarm()
    assert not still.github.open
    still.alarm(build="failure")
    assert still.github.open == [issue] and "**2026-01-07 to 2026-01-08**" in issue["body"]
    issue["state"] = "closed"
    for day in range(20, 32):
        still.at(f"2026-01-{day}T06:00:00+00:00")
        assert still.do("run") == 0
        still.alarm(generate="success", build="success")
    assert not still.github.open and len(still.github.issues) == 1 and not still.github.comments


def test_days_that_nobody_owes_are_not_given_up(site: Site) -> None:
    """A new site that runs for weeks, a holiday that it saw, and a past that was read by a backfill: silence."""
    site.arxiv.holidays = {dt.date(2026, 1, 9)}
    for day in range(7, 31):
        site.at(f"2026-01-{day:02}T06:00:00+00:00")
        assert site.do("run") in (0, 2)
        site.alarm()
    site.arxiv.papers += papers_of_day("2025-11-03", "cs.AI")
    assert site.do("backfill", "--since", "2025-11-03", "--until", "2025-11-03", "--yes") == 0
    site.alarm()
    assert not site.github.issues


@pytest.mark.parametrize(("why", "rings"), [(FILTERED, False), ("no key", True)])
def test_an_incomplete_day_that_was_given_up_rings_if_a_run_can_complete_it(site: Site, why: str, rings: bool) -> None:
    """A paper that the provider's content filter refuses will never be judged: that day is as complete as it gets."""
    site.at("2026-01-06T06:00:00+00:00")
    open_ = Unscored(id="2601.09999", title="Open", primary="cs.AI", why=why)
    store = store_of(site.root)
    for number, unscored in ((6, ()), (7, (open_,)), *((day, ()) for day in range(8, 21))):
        date = dt.date(2026, 1, number)
        if date.weekday() < 5:
            store.write(archive.day(date, coverage={}, unscored=unscored), {})
    site.at("2026-01-20T23:30:00+00:00")
    site.alarm()
    assert [f"**{WED}**: given up" in issue["body"] for issue in site.github.issues] == [True] * rings


def test_days_around_a_backfill_are_not_overdue(site: Site) -> None:
    """A site of one day with a day of last year rings for nothing."""
    site.arxiv.papers += papers_of_day("2025-03-03", "cs.AI")
    site.at(f"{THU}T23:30:00+00:00")
    assert site.do("run") == 0
    assert site.do("backfill", "--since", "2025-03-03", "--until", "2025-03-03", "--yes") == 0
    site.alarm()
    assert not site.github.issues


def test_without_issues_a_site_that_is_well_is_warned_only(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """The job is not red after every day; it is as soon as there is something to say."""
    site.github.status = 410
    site.at(f"{THU}T06:00:00+00:00")
    assert site.do("run") == 0
    site.alarm()
    assert "warning: no alarm could be raised, issues are switched off" in capsys.readouterr().out
    assert site.do("alarm", "--job", "build=failure") == 1


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
    assert is_alarm_due(dt.date(2026, 1, 8), 18) == dt.datetime(2026, 1, 8, 23, tzinfo=dt.UTC)
    assert is_alarm_due(dt.date(2026, 7, 8), 18) == dt.datetime(2026, 7, 8, 22, tzinfo=dt.UTC)


def test_the_summary_is_the_receipt(site: Site, tmp_path: Path) -> None:
    """Days, coverage, picks and what is missing and why; a second run with nothing to do says that."""
    site.at(f"{THU}T06:00:00+00:00")
    summary = tmp_path / "summary.md"
    assert site.do("run", "--summary", str(summary)) == 0
    text = summary.read_text()
    assert f"| {THU} | 完整 | 6 | " in text and "AI 3&#47;3" in text and "本次运行：0 次调用" in text
    summary.write_text("")
    assert site.do("run", "--summary", str(summary)) == 0
    assert summary.read_text().startswith("### 没有要做的")


def test_a_summary_that_cannot_be_written_is_an_error(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the option; the day is kept all the same."""
    site.at(f"{THU}T06:00:00+00:00")
    assert site.do("run", "--summary", str(site.root / "no" / "file")) == 1
    assert "--summary" in capsys.readouterr().err
    assert (site.root / "docs" / "data" / "2026" / f"{THU}.json").exists()
