"""daily.yml from end to end, and killed at each of its steps: nothing is lost, nothing is paid for twice."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml  # type: ignore[import-untyped]
from fakes.arxiv import FakeArxiv, papers_of_day
from fakes.github import FakeGithub
from fakes.llm import FakeLlm
from support.workflow import CALLER, SITE, WORKFLOW, Github, Lost, would_run

from generator.commands.alarm import ALARM_MARK, AUTHOR
from generator.run.receipt import STOPPED

WED, THU = "2026-01-07", "2026-01-08"
NO_SITE = ("build", "mirror", "deploy", "keep-alive")
RECORD = f"docs/data/2026/{THU}.json"

pytestmark = pytest.mark.slow


def verdict(paper: str) -> tuple[object, object, object]:
    return (8, "大模型新技术", "理由") if int(paper[-5:]) % 3 == 0 else (4, None, None)


class Fork:
    """A fork with its servers."""

    def __init__(self, folder: Path, arxiv: FakeArxiv, llm: FakeLlm, issues: FakeGithub, *, thin: bool = False) -> None:
        self.arxiv, self.llm, self.issues = arxiv, llm, issues
        env = {**arxiv.env(), **issues.env(), "OPENAI_BASE_URL": llm.url, "OPENAI_API_KEY": "test-key-1234567890"}
        self.github = Github(folder, env, _fast, thin=thin)
        self.at(f"{THU}T06:00:00+00:00")

    def at(self, now: str) -> None:
        self.arxiv.move_to(now)
        self.github.env["ARXIV_DAILY_NOW"] = now

    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.github.files()[RECORD])
        return found

    def essence(self) -> dict[str, Any]:
        """The records without usage and time of update."""
        files = {name: data for name, data in self.github.files("docs/data/2026").items() if name.endswith(".json")}
        return {name: {**json.loads(data), "usage": 0, "updated": 0} for name, data in files.items()}


def _fast(config: str) -> str:
    config = config.replace("[arxiv]\n", "[arxiv]\ndelay_seconds = 0\n").replace("patience_minutes = 10", "")
    config = config.replace("[arxiv]\n", "[arxiv]\npatience_minutes = 0\n").replace(
        "concurrency = 8", "concurrency = 1"
    )
    return config.replace("papers_per_call = 12", "papers_per_call = 3")


@pytest.fixture
def fork(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Fork]:
    """A fork; with the parameter "thin" a site in a repository of its own, which calls the program's workflow."""
    papers = [*papers_of_day(WED, "cs.AI", "cs.CV"), *papers_of_day(THU, "cs.AI", "cs.CV", each=6, first=101)]
    with FakeArxiv(papers) as arxiv, FakeLlm(verdict) as llm, FakeGithub() as issues:
        yield Fork(tmp_path, arxiv, llm, issues, thin=getattr(request, "param", "") == "thin")


@pytest.mark.parametrize("fork", ["fork", "thin"], indirect=True)
def test_a_tick_publishes_and_the_next_has_nothing_to_do(fork: Fork) -> None:
    """Run, commit, build, deploy, alarm, keep-alive; then a tick that neither commits nor deploys nor asks a model."""
    done = dict.fromkeys(["generate", "build", "deploy", "alarm", "keep-alive"], "success")
    assert fork.github.tick() == done | {"mirror": "skipped"}
    page = fork.github.pages / "days" / "2026" / THU / "index.html"
    assert "2601.00102" in page.read_text() and len(fork.record()["picks"]) == 4
    assert f"| {THU} | 完整 | 12 | 4 |" in fork.github.summaries[0] and "本次运行：5 次调用" in fork.github.summaries[0]
    assert "workflows/daily.yml/enable" in fork.github.called.read_text()
    feeds = {path.relative_to(fork.github.pages).as_posix() for path in fork.github.pages.rglob("*.xml")}
    assert feeds > {"feed.xml", "atom.xml", "papers.xml", "feeds/top.xml", "feeds/agents.xml"}
    assert not any(name.endswith(".xml") for name in fork.github.files()), "git keeps what feeds are made of, no feeds"
    commit, asked = fork.github.git("rev-parse", "main"), len(fork.llm.requests)
    assert fork.github.git("log", "-1", "--format=%s %an", "main") == f"Papers of {THU} github-actions[bot]"
    results = fork.github.tick()
    assert results == {
        "generate": "success", "build": "skipped", "mirror": "skipped", "deploy": "skipped", "alarm": "success",
        "keep-alive": "success",
    }  # fmt: skip
    assert not list((fork.github.folder / "run-2-alarm").iterdir()), "a look at the issues, and no more"
    assert fork.github.git("rev-parse", "main") == commit and len(fork.llm.requests) == asked
    tracked = set(fork.github.git("ls-tree", "-r", "--name-only", "main").splitlines())
    assert ("Makefile" in tracked) == (fork.github.program == SITE) and RECORD in tracked
    assert not any(name.startswith((".program", ".arxiv-daily", "site/")) for name in tracked)
    assert "没有要做的" in fork.github.summaries[-3]


def test_dates_by_hand_reach_the_command_and_no_shell(fork: Fork) -> None:
    """A range is done; what is no date is an argument that is refused, whatever it says."""
    assert fork.github.tick("workflow_dispatch", {"since": WED, "until": THU}, NO_SITE)["generate"] == "success"
    assert {Path(name).stem for name in fork.essence()} == {WED, THU}
    for since, until in (("$(touch hacked); x", ""), ("", THU)):
        results = fork.github.tick("workflow_dispatch", {"since": since, "until": until}, NO_SITE)
        assert results == {"generate": "failure", "alarm": "skipped"} and len(fork.essence()) == 2
    assert not list(fork.github.folder.rglob("hacked"))
    assert "--since and --until go together" in "".join(fork.github.log)


def test_a_deploy_that_failed_is_repeated(fork: Fork) -> None:
    """The commit is there, the site is not: the next tick has nothing to read, and deploys."""
    fork.github.before = _lose_at("actions/configure-pages")
    assert "lost" in fork.github.tick() and not fork.github.pages.exists()
    fork.github.before = lambda _step, _workspace: None
    results = fork.github.tick()
    assert results["deploy"] == "success" and (fork.github.pages / "index.html").exists()


@contextmanager
def second_host(folder: Path) -> Iterator[str]:
    """The configuration of a host that takes files by WebDAV into FOLDER and keeps neither checksums nor times."""
    command = ["rclone", "serve", "webdav", str(folder), "--addr", "127.0.0.1:0", "--config", os.devnull, "-v"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        url = next(match[0] for line in server.stderr if (match := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        yield f"[china]\ntype = webdav\nurl = {url}\n"
        server.terminate()


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_host_gets_the_site(fork: Fork, tmp_path: Path) -> None:
    """All of it, with the address of the first; while it is away the site is published, it is told, and tried again."""
    fork.github.variables["SITE_MIRROR"] = "china:papers"
    url = "https://papers.example/daily/"
    config = fork.github.git("show", "main:config.toml").replace('url = ""', f'url = "{url}"', 1) + "\n"
    fork.github.push("config.toml", config)
    copy = tmp_path / "second" / "papers"
    copy.mkdir(parents=True)
    (copy / "old.html").write_text("of long ago")
    with second_host(copy.parent) as fork.github.secrets["SITE_MIRROR_CONFIG"]:
        results = fork.github.tick()
        assert (results["mirror"], results["deploy"]) == ("success", "success"), fork.github.log
    assert _contents(copy) == _contents(fork.github.pages)
    page = (copy / "days" / "2026" / THU / "index.html").read_text()
    assert f'<link rel=canonical href="{url}days/2026/{THU}/">' in page, "the address of record"

    fork.github.push("config.toml", config.replace("arXiv Daily", "arXiv Dayly"))  # as many bytes as before
    results = fork.github.tick()
    assert (results["mirror"], results["deploy"]) == ("failure", "success")
    assert "**mirror**: this job has failed" in fork.issues.open[0]["body"]
    assert _contents(copy) != _contents(fork.github.pages)
    with second_host(copy.parent) as fork.github.secrets["SITE_MIRROR_CONFIG"]:
        assert fork.github.tick()["mirror"] == "success" and not fork.issues.open
    assert _contents(copy) == _contents(fork.github.pages)
    assert fork.github.tick()["mirror"] == "skipped"


def test_a_build_that_fails_rings_until_one_succeeds(fork: Fork) -> None:
    """One issue that names the job and the newest run; the tick whose build and deploy succeed closes it."""
    settings = fork.github.git("show", "main:mkdocs.yml") + "\n"
    fork.github.push("mkdocs.yml", "theme: [\n")
    for run in ("1", "2"):
        results = fork.github.tick()
        assert (results["build"], results["deploy"], results["alarm"]) == ("failure", "skipped", "success")
        (issue,) = fork.issues.issues
        assert (
            f"**build**: this job has failed, see [its run](https://github.com/owner/name/actions/runs/{run})"
            in (issue["body"])
        )
    fork.github.push("mkdocs.yml", settings)
    assert fork.github.tick()["deploy"] == "success" and not fork.issues.open and len(fork.issues.comments) == 1


def test_an_alarm_ends_though_the_mended_site_has_nothing_to_do(fork: Fork) -> None:
    """A broken configuration rings; the right one is pushed, nothing is to be read, and the issue is closed."""
    fork.github.tick(leave_out=NO_SITE)
    config = fork.github.git("show", "main:config.toml")
    fork.github.push("config.toml", "[arxiv]\ncategoris = 1\n")
    fork.github.tick(leave_out=NO_SITE)
    (issue,) = fork.issues.open
    assert "Nothing works" in issue["body"] and "**generate**" in issue["body"]
    fork.github.push("config.toml", config)
    assert fork.github.tick(leave_out=NO_SITE)["alarm"] == "success" and not fork.issues.open
    assert "没有要做的" in fork.github.summaries[-2]


def test_a_thin_site_calls_the_workflow_as_that_wants_to_be_called() -> None:
    """By its name, with inputs that it has, and with every permission that one of its jobs asks for; in few lines."""
    called, caller = yaml.safe_load(WORKFLOW.read_text()), yaml.safe_load(CALLER.read_text())
    job = caller["jobs"]["site"]
    assert job["uses"] == f"OWNER/arxiv-daily/.github/workflows/{WORKFLOW.name}@COMMIT"
    triggers = called[True]  # `on`, as YAML 1.1 reads it
    assert (
        set(job["with"]) == set(caller[True]["workflow_dispatch"]["inputs"]) <= set(triggers["workflow_call"]["inputs"])
    )
    asked = {(scope, right) for each in called["jobs"].values() for scope, right in each["permissions"].items()}
    given = set(job["permissions"].items())
    assert {(scope, right) for scope, right in asked if right == "write"} == given
    assert {scope for scope, right in asked if right == "read"} <= {scope for scope, _ in given}
    assert CALLER.name == "daily.yml", "keep-alive enables it by this name"
    secrets = set(re.findall(r"secrets\.([A-Z_0-9]+)", WORKFLOW.read_text()))
    assert secrets == set(triggers["workflow_call"]["secrets"])


@pytest.mark.parametrize("judge", ["auto", "offline"])
def test_date_and_judge_by_hand_reach_the_command(fork: Fork, judge: str) -> None:
    """One day, by the judge that was chosen."""
    inputs = {"date": THU, "judge": judge}
    assert fork.github.tick("workflow_dispatch", inputs, leave_out=NO_SITE)["generate"] == "success"
    assert fork.record()["judge"] == {"auto": "llm", "offline": "offline"}[judge] and len(fork.essence()) == 1


def test_the_workflow_looks_for_the_mark_of_the_alarm() -> None:
    """Its quick look and the program know the issue by the same words."""
    text = WORKFLOW.read_text()
    assert f'contains("{ALARM_MARK}")' in text and f"creator={quote(AUTHOR)}" in text


def test_a_refused_push_goes_on_top_of_what_is_there(fork: Fork) -> None:
    """Somebody else pushed after the checkout: both commits arrive."""

    def push(step: str, _workspace: Path) -> None:
        if step == "publish":
            fork.github.push("NOTES.md", "mine")

    fork.github.before = push
    assert fork.github.tick(leave_out=NO_SITE)["generate"] == "success"
    subjects = fork.github.git("log", "--format=%s", "-2", "main").splitlines()
    assert subjects == [f"Papers of {THU}", "Change NOTES.md"] and len(fork.record()["picks"]) == 4


@pytest.mark.parametrize("meanwhile", [None, "docs/feed.xml"])
def test_feeds_that_were_committed_once_go_out_of_git(fork: Fork, meanwhile: str | None) -> None:
    """A fork of earlier days has them in its history: they go with the next run, also if somebody pushes one then."""

    def push(step: str, _workspace: Path) -> None:
        if step == "publish" and meanwhile:
            fork.github.push(meanwhile, "<rss>changed</rss>")

    assert fork.github.tick(leave_out=NO_SITE)["generate"] == "success"
    earlier = fork.github.folder / "earlier"
    fork.github.git("clone", "--quiet", str(fork.github.origin), str(earlier), cwd=fork.github.folder)
    (earlier / "docs" / "feed.xml").write_text("<rss/>")
    fork.github.git("add", "--force", "docs/feed.xml", cwd=earlier)
    fork.github.commit(earlier, "As it was")
    fork.github.git("push", "--quiet", cwd=earlier)
    assert "docs/feed.xml" in fork.github.files()
    fork.github.before = push
    assert fork.github.tick(leave_out=NO_SITE)["generate"] == "success"
    assert "docs/feed.xml" not in fork.github.files() and RECORD in fork.github.files()


@pytest.mark.parametrize(("workflow", "job"), [("check.yml", "check"), ("audit.yml", "audit")])
def test_pushes_are_checked_on_the_default_branch_whatever_its_name(workflow: str, job: str) -> None:
    """A fork may call it as it likes; a push to another branch costs nothing, its pull request is checked."""
    about = {"repository": {"default_branch": "trunk"}}
    runs = {
        (event, branch): would_run(workflow, job, {"event_name": event, "ref_name": branch, "event": about})
        for event in ("push", "pull_request", "schedule")
        for branch in ("trunk", "topic")
    }
    assert [what for what, run in runs.items() if not run] == [("push", "topic")]


@pytest.mark.parametrize("history", ["shorter", "another"])
def test_what_somebody_took_back_meanwhile_stays_gone(fork: Fork, history: str) -> None:
    """A force push during a run is not undone: the day goes on top of what is there now, and nothing else does."""
    fork.github.push("NOTES.md", "a secret")
    who = ["-c", "user.name=Operator", "-c", "user.email=o@example.org"]
    shorter = "main~1"
    another = fork.github.git(*who, "commit-tree", "main~1^{tree}", "-m", "The project")

    def rewrite(step: str, _workspace: Path) -> None:
        if step == "publish":
            fork.github.git("update-ref", "refs/heads/main", shorter if history == "shorter" else another)

    fork.github.before = rewrite
    assert fork.github.tick(leave_out=NO_SITE)["generate"] == "success"
    assert fork.github.git("log", "--format=%s", "main").splitlines() == [f"Papers of {THU}", "The project"]
    assert "NOTES.md" not in fork.github.git("ls-tree", "--name-only", "main").split()
    assert len(fork.record()["picks"]) == 4


def test_two_runs_at_once_end_like_one(fork: Fork) -> None:
    """Whoever pushes second finds the same records there; all is committed once, and nothing is damaged."""
    other: list[str] = []

    def second_run(step: str, workspace: Path) -> None:
        if step == "publish" and not other:
            other.append(str(workspace))
            fork.github.tick(leave_out=NO_SITE)

    fork.github.before = second_run
    fork.github.tick(leave_out=NO_SITE)
    alone = fork.essence()
    fork.github.before = lambda _step, _workspace: None
    assert fork.github.tick(leave_out=NO_SITE)["generate"] == "success"
    assert fork.essence() == alone and len(fork.record()["picks"]) == 4
    assert b"<<<<" not in b"".join(fork.github.files().values())


def test_a_wrong_key_is_a_day_in_the_offline_order_and_rings(fork: Fork) -> None:
    """The job is red and the issue is there at once; the day is published; with a key all is well again."""
    fork.github.env["OPENAI_API_KEY"] = "revoked-key-1234567890"
    fork.llm.fault = lambda asked: _unauthorized() if "revoked" in asked.headers["authorization"] else None
    results = fork.github.tick(leave_out=NO_SITE)
    assert (results["generate"], results["alarm"]) == ("failure", "success")
    assert fork.record()["judge"] == "offline" and fork.record()["pending"] == "key refused" and fork.record()["picks"]
    assert "**generate**: this job has failed" in fork.issues.open[0]["body"] and STOPPED in fork.github.summaries[0]
    fork.github.env["OPENAI_API_KEY"] = "test-key-1234567890"
    assert fork.github.tick()["deploy"] == "success" and not fork.issues.open
    assert fork.record()["judge"] == "llm" and len(fork.record()["picks"]) == 4


def test_a_poisoned_ledger_stops_no_page_of_yesterday(fork: Fork) -> None:
    """The run says what to do, the job is red, the alarm is looked at, and the site that is there stays."""
    fork.github.tick()
    newest = list(fork.github.caches)[-2]
    kept = next(path for key, path in fork.github.caches.items() if key.startswith("ledger-"))
    (kept / ".arxiv-daily/ledger.jsonl").write_text("poison\n")
    results = fork.github.tick(leave_out=NO_SITE)
    assert results["generate"] == "failure" and results["alarm"] == "success", newest
    assert "**generate**: this job has failed" in fork.issues.open[0]["body"]
    assert "ledger" in "".join(fork.github.summaries[-3:]) and (fork.github.pages / "index.html").exists()


def _unauthorized() -> Any:
    from fakes.llm import error

    return error(401, "invalid_api_key", "no such key")


def _lose_at(name: str) -> Callable[[str, Path], None]:
    def before(step: str, _workspace: Path) -> None:
        if step == name:
            raise Lost

    return before


# Killed


def _has_record(workspace: Path) -> bool:
    """Whether the day's record is there, and no longer the sample's."""
    try:
        return b'"sample": false' in (workspace / RECORD).read_bytes()
    except FileNotFoundError:
        return False


def _kill_run_when(condition: Callable[[Path], bool]) -> Callable[[str, Path], None]:
    """Kill the program itself, hard, as soon as CONDITION holds of its workspace; the job's further steps run."""

    def watch(workspace: Path) -> None:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if condition(workspace):
                os.kill(int((workspace / ".program" / ".venv" / "bin" / "pid").read_text()), signal.SIGKILL)
                return
            time.sleep(0.005)

    def before(step: str, workspace: Path) -> None:
        if step == "run":
            threading.Thread(target=watch, args=[workspace], daemon=True).start()

    return before


@pytest.mark.parametrize("step", ["fetch", "score", "write"])
def test_a_run_that_is_killed_is_gone_on_with(fork: Fork, step: str) -> None:
    """kill -9 while it fetches, asks the model or has written its record: the next tick ends what it began."""
    conditions: dict[str, Callable[[Path], bool]] = {
        "fetch": lambda _workspace: bool(fork.arxiv.requests),
        "score": lambda _workspace: len(fork.llm.requests) >= 2,
        "write": _has_record,
    }
    if step == "fetch":
        fork.arxiv.fail("hang", times=1, seconds=2)
    fork.llm.delay_seconds = 0.2
    fork.github.before = _kill_run_when(conditions[step])
    assert fork.github.tick(leave_out=NO_SITE)["generate"] == "failure", fork.github.log
    fork.github.before = lambda _step, _workspace: None
    assert fork.github.tick(leave_out=NO_SITE)["generate"] == "success"
    record = fork.record()
    assert len(record["picks"]) == 4 and not record["unscored"]
    papers = [paper for asked in fork.llm.requests if not asked.titles_only for paper in asked.papers]
    assert len(papers) - len(set(papers)) <= 3, "more than the one call in flight was asked again"


@pytest.mark.parametrize(("when", "subcommand"), [("after", "commit"), ("before", "push"), ("after", "push")])
def test_a_runner_that_is_lost_while_publishing_costs_nothing(fork: Fork, when: str, subcommand: str) -> None:
    """kill -9 around commit and push: the ledger was saved before, so the next tick publishes without a new call."""
    git = fork.github.tools / "git"
    real = subprocess.run(["which", "git"], check=True, capture_output=True, text=True).stdout.strip()
    stop = f'if [ "$1" = {subcommand} ]; then kill -9 $PPID; exit 1; fi\n'
    first, last = (stop, "") if when == "before" else ("", stop)
    git.write_text(f'#!/bin/sh\n{first}{real} "$@"\ncode=$?\n{last}exit $code\n')
    git.chmod(0o755)
    assert "lost" in fork.github.tick(leave_out=NO_SITE) or fork.github.results["generate"] == "failure"
    git.unlink()
    asked = len(fork.llm.requests)
    assert asked == 5, "twelve papers by three, and the titles of the picks"
    assert fork.github.tick()["deploy"] == "success"
    assert len(fork.llm.requests) == asked and len(fork.record()["picks"]) == 4
    assert fork.github.git("log", "--format=%s", "main").splitlines().count(f"Papers of {THU}") == 1
