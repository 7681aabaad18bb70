"""The workflow as GitHub would run it, as far as a machine without GitHub can: its own `run:` blocks, in order.

Every job gets a fresh clone of a bare repository; the actions that it uses (checkout, caches, Pages) are stood in for
by a few lines each. A job that is killed stops there, as when a runner is lost.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml  # type: ignore[import-untyped]

from generator.commands.demo import BY_HAND
from support.project import CONFIG, PROJECT

WORKFLOW = PROJECT / ".github" / "workflows" / "daily.yml"
CALLER = PROJECT / "generator" / "template" / ".github" / "workflows" / "daily.yml"
SITE, UPSTREAM = "owner/name", "upstream/arxiv-daily"


GH = """
import json, os, re, sys, urllib.request
with open(CALLED, "a") as log:
    print(*sys.argv[1:], file=log)
if "--jq" in sys.argv:  # whether any of what is listed has a text that holds some words
    with urllib.request.urlopen(os.environ["GITHUB_API_URL"] + "/" + sys.argv[2]) as answer:
        listed = json.load(answer)
    words = re.search(r'contains\\("(.*?)"\\)', sys.argv[-1])[1]
    print(json.dumps(any(words in (one["body"] or "") for one in listed)))
"""
"""What stands in for GitHub's command line; a status that is none of success ends it, as it does the real one."""


class Lost(Exception):  # noqa: N818 (it is no error: it is what a test wants)
    """The runner is gone: no further step of any job."""


class Step(NamedTuple):
    """What became of a step."""

    outcome: str
    outputs: dict[str, str]


class Github:
    """A bare repository as origin, caches, Pages, and a workflow that runs on it.

    variables, secrets: of the repository, beside those that every test needs. before: called with the step's id or
    name and the workspace, ahead of each step; may raise Lost.
    """

    def __init__(
        self, folder: Path, env: Mapping[str, str], config: Callable[[str], str], *, thin: bool = False
    ) -> None:
        self.folder = folder
        self.env = dict(env)
        self.origin = folder / "origin.git"
        self.program = UPSTREAM if thin else SITE
        self.origins = {SITE: self.origin, self.program: folder / "upstream.git" if thin else self.origin}
        self.variables: dict[str, str] = {}
        self.secrets: dict[str, str] = {}
        self.caches: dict[str, Path] = {}
        self.environments: set[str] = set()
        self.pages = folder / "pages"
        self.artifact = folder / "artifact"
        self.before: Callable[[str, Path], None] = lambda _step, _workspace: None
        self.summaries: list[str] = []
        self.log: list[str] = []
        self.called = folder / "gh.log"
        self.tools = folder / "tools"
        self.run_number = 0
        self.results: dict[str, str] = {}
        self.jobs: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text())["jobs"]
        self._start(config)
        self._make_tools()

    def _start(self, config: Callable[[str], str]) -> None:
        """The origin: one commit with the project as it is."""
        seed = self.folder / "seed"
        command = ["git", "-C", str(PROJECT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        for name in filter(None, listed.split("\0")):
            is_operators = name == "config.toml" or (name.startswith("docs/") and not name.startswith(BY_HAND))
            if (PROJECT / name).is_file() and not name.startswith("tests/") and not is_operators:
                (seed / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(PROJECT / name, seed / name)
        (seed / "config.toml").write_text(config(CONFIG.read_text()))
        self._publish(seed, self.origins[self.program])
        self.program_commit = self.git("rev-parse", "HEAD", cwd=seed)
        if self.program != SITE:
            site = self.folder / "site"
            shutil.copytree(PROJECT / "generator" / "template", site)
            (site / "config.toml").write_text(config(CONFIG.read_text()))
            self._publish(site, self.origin)

    def _publish(self, folder: Path, origin: Path) -> None:
        """Make FOLDER a repository of one commit, and ORIGIN a bare clone of it."""
        self.git("init", "--quiet", "--initial-branch=main", cwd=folder)
        self.commit(folder, "The project")
        self.git("clone", "--quiet", "--bare", str(folder), str(origin), cwd=self.folder)
        self.git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=origin)

    def _make_tools(self) -> None:
        self.tools.mkdir()
        gh = self.tools / "gh"
        gh.write_text(f"#!{sys.executable}\nCALLED = {str(self.called)!r}\n{GH}")
        gh.chmod(0o755)

    def git(self, *args: str, cwd: Path | None = None) -> str:
        where = cwd or self.origin
        done = subprocess.run(["git", *args], cwd=where, check=True, capture_output=True, text=True, env=self._clean())
        return done.stdout.strip()

    def commit(self, folder: Path, subject: str) -> None:
        """Commit all of FOLDER."""
        self.git("add", "--all", cwd=folder)
        who = ["-c", "user.name=Operator", "-c", "user.email=o@example.org"]
        self.git(*who, "commit", "--quiet", "-m", subject, cwd=folder)

    def push(self, name: str, text: str) -> None:
        """Somebody else pushes a file to origin."""
        other = self.folder / "other"
        shutil.rmtree(other, ignore_errors=True)
        self.git("clone", "--quiet", str(self.origin), str(other), cwd=self.folder)
        (other / name).write_text(text)
        self.commit(other, f"Change {name}")
        self.git("push", "--quiet", cwd=other)

    def files(self, under: str = "docs") -> dict[str, bytes]:
        """What origin's branch holds below UNDER."""
        names = self.git("ls-tree", "-r", "--name-only", "main", under).splitlines()
        show = ["git", "-C", str(self.origin), "show"]
        return {name: subprocess.run([*show, f"main:{name}"], check=True, capture_output=True).stdout for name in names}

    def _clean(self) -> dict[str, str]:
        kept = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        return {**kept, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}

    def tick(
        self, event: str = "schedule", inputs: Mapping[str, str] | None = None, leave_out: Collection[str] = ()
    ) -> dict[str, str]:
        """One run of the workflow; the result of each job. Jobs run in the order in which they need each other.

        LEAVE_OUT: jobs of which a test wants to know nothing; they take time.
        """
        self.run_number += 1
        self.results = {}
        context: dict[str, Any] = {
            "github": {
                "event_name": event,
                "ref_name": "main",
                "repository": SITE,
                "run_id": str(self.run_number),
                "run_attempt": "1",
                "token": "workflow-token",
            },
            "inputs": dict(inputs or {}),
            "job": {"workflow_repository": self.program, "workflow_sha": self.program_commit},
            "secrets": {"OPENAI_API_KEY": self.env.get("OPENAI_API_KEY", ""), **self.secrets},
            "vars": {
                "OPENAI_BASE_URL": self.env.get("OPENAI_BASE_URL", ""),
                "OPENAI_MODEL": "fake-1",
                **self.variables,
            },
            "needs": {},
        }
        context["needs"] = {name: {"result": "skipped", "outputs": {}} for name in leave_out}
        try:
            for name, job in ((name, job) for name, job in self.jobs.items() if name not in leave_out):
                _Job(self, name, job, context).run()
        except Lost:
            self.results["lost"] = "lost"
        return self.results


def would_run(workflow: str, job: str, github: Mapping[str, Any]) -> bool:
    """Whether JOB of WORKFLOW runs in the context GITHUB, as far as its `if:` decides."""
    found = yaml.safe_load((WORKFLOW.parent / workflow).read_text())["jobs"][job]
    context: dict[str, Any] = {"github": dict(github), "needs": {}, "steps": {}}
    return _holds(found["if"], True, context)


def _holds(condition: str, ready: bool, context: Mapping[str, Any]) -> bool:
    """Whether CONDITION, of an `if:`, holds; without a status function it needs success, as on GitHub."""
    text = re.sub(r"^\$\{\{|\}\}$", "", condition.strip())
    if not re.search(r"\b(always|cancelled|success|failure)\(\)", text):
        text = f"success() && ({text})"
    return bool(_evaluate(text, ready, context))


def _evaluate(text: str, ready: bool, context: Mapping[str, Any]) -> Any:
    """Expressions: what our workflows make use of, and not more."""
    words = re.sub(r"!(?!=)", " not ", text.replace("&&", " and ").replace("||", " or "))
    names = r"\b(?:github|inputs|job|secrets|vars|needs|steps)(?:\.[\w-]+)+"
    words = re.sub(names, lambda match: repr(_look_up(match[0], context)), words)
    states = {
        "always": lambda: True,
        "cancelled": lambda: False,
        "success": lambda: ready,
        "hashFiles": lambda *patterns: "-".join(patterns).replace("/", "."),
    }
    return eval(words.strip(), {"__builtins__": {}}, states)  # noqa: S307 (our own workflow)


def _look_up(name: str, context: Mapping[str, Any]) -> Any:
    found: Any = context
    for part in name.split("."):
        found = found.get(part, "") if isinstance(found, dict) else ""
    return found


class _Job:
    def __init__(self, github: Github, name: str, job: dict[str, Any], context: dict[str, Any]) -> None:
        self.github, self.name, self.job = github, name, job
        self.workspace = github.folder / f"run-{context['github']['run_id']}-{name}"
        self.context = {**context, "steps": {}}
        self.needs = context["needs"]
        self.good = True

    def run(self) -> None:
        needed = self.job.get("needs", [])
        needed = [needed] if isinstance(needed, str) else needed
        ready = all(self.needs[name]["result"] == "success" for name in needed)
        if not _holds(self.job.get("if", "success()"), ready, self.context):
            self._end("skipped")
            return
        self.workspace.mkdir()
        summary = self.workspace.parent / f"{self.workspace.name}.summary"
        summary.touch()
        for step in self.job["steps"]:
            self._step(step, summary)
        self.github.summaries.append(summary.read_text())
        self._end("success" if self.good else "failure")

    def _end(self, result: str) -> None:
        outputs = {key: str(self.fill(value)) for key, value in self.job.get("outputs", {}).items()}
        self.needs[self.name] = {"result": result, "outputs": outputs}
        self.github.results[self.name] = result

    def _step(self, step: dict[str, Any], summary: Path) -> None:
        name = step.get("id") or step.get("name") or step["uses"].partition("@")[0]
        if not _holds(step.get("if", "success()"), self.good, self.context):
            made = Step("skipped", {})
        else:
            self.github.before(name, self.workspace)
            made = self._use(step) if "uses" in step else self._script(step, summary)
        self.good = self.good and made.outcome != "failure"
        if "id" in step:
            self.context["steps"][step["id"]] = {"outcome": made.outcome, "outputs": made.outputs}

    def _script(self, step: dict[str, Any], summary: Path) -> Step:
        said = self.workspace.parent / f"{self.workspace.name}.output"
        said.write_text("")
        env = {
            **self.github._clean(),
            **{key: value for key, value in self.github.env.items() if not key.startswith("OPENAI_")},
            **{key: str(self.fill(value)) for key, value in {**self.job.get("env", {}), **step.get("env", {})}.items()},
            "GITHUB_OUTPUT": str(said),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_REF_NAME": "main",
            "GITHUB_REPOSITORY": SITE,
            "GITHUB_RUN_ID": self.context["github"]["run_id"],
            "PAUSE": "0",
        }
        env["PATH"] = f"{self.github.tools}:{env['PATH']}"
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        process = subprocess.Popen(
            command, cwd=self.workspace, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        told, _ = process.communicate(timeout=300)
        self.github.log.append(f"{self.name}: {told}")
        if process.returncode == -signal.SIGKILL:
            raise Lost
        outputs = dict(line.split("=", 1) for line in said.read_text().splitlines())
        return Step("success" if process.returncode == 0 else "failure", outputs)

    def _use(self, step: dict[str, Any]) -> Step:
        given = {key: str(self.fill(value)) for key, value in step.get("with", {}).items()}
        action = step["uses"].partition("@")[0].removeprefix("actions/")
        stand_in = getattr(self, "_" + re.sub(r"\W", "_", action))
        return Step("success", stand_in(given) or {})

    def _checkout(self, given: dict[str, str]) -> None:
        """One commit alone, as the action fetches it."""
        folder = self.workspace / given.get("path", "")
        folder.mkdir(exist_ok=True)
        origin = self.github.origins[given.get("repository", SITE)]
        self.github.git("init", "--quiet", "--initial-branch=main", cwd=folder)
        self.github.git("remote", "add", "origin", origin.as_uri(), cwd=folder)
        self.github.git("fetch", "--quiet", "--depth=1", "origin", given["ref"], cwd=folder)
        self.github.git("checkout", "--quiet", "--detach", "FETCH_HEAD", cwd=folder)

    def _setup_python(self, _given: dict[str, str]) -> None:
        """The environment of the tests stands in; its marks say that nothing is to be installed."""
        scripts = self.workspace / ".program" / ".venv" / "bin"
        scripts.mkdir(parents=True)
        python = scripts / "python"
        python.write_text(f'#!/bin/sh\necho $$ >"$(dirname "$0")/pid"\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
        for mark in (".venv", ".runtime"):
            (scripts.parent / mark).touch()

    def _cache(self, given: dict[str, str]) -> dict[str, str]:
        """The environment, which is there already: as found where an earlier job has asked for the same."""
        found = given["key"] in self.github.environments
        self.github.environments.add(given["key"])
        return {"cache-hit": "true"} if found else {}

    def _cache_restore(self, given: dict[str, str]) -> dict[str, str]:
        caches, prefix = self.github.caches, given.get("restore-keys", "").strip()
        exact = given["key"] in caches
        key = (
            given["key"] if exact else next((key for key in reversed(caches) if prefix and key.startswith(prefix)), "")
        )
        if key and given.get("lookup-only") != "True":
            for path in filter(Path.exists, map(caches[key].joinpath, given["path"].split())):
                copy = shutil.copytree if path.is_dir() else shutil.copy
                copy(path, self.workspace / path.relative_to(caches[key]))
        return {"cache-hit": "true"} if exact else {}

    def _cache_save(self, given: dict[str, str]) -> None:
        kept = self.github.folder / "caches" / given["key"]
        found = [name for name in given["path"].split() if (self.workspace / name).exists()]
        for name in found:
            (kept / name).parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (self.workspace / name).is_dir() else shutil.copy
            copy(self.workspace / name, kept / name)
        if found:  # without any the action warns and goes on
            self.github.caches[given["key"]] = kept

    def _configure_pages(self, _given: dict[str, str]) -> None:
        """Nothing to configure."""

    def _upload_pages_artifact(self, given: dict[str, str]) -> None:
        shutil.rmtree(self.github.artifact, ignore_errors=True)
        shutil.copytree(self.workspace / given["path"], self.github.artifact)

    def _deploy_pages(self, _given: dict[str, str]) -> dict[str, str]:
        shutil.rmtree(self.github.pages, ignore_errors=True)
        shutil.copytree(self.github.artifact, self.github.pages)
        return {"page_url": "https://owner.github.io/name/"}

    def fill(self, value: Any) -> Any:
        """VALUE with its `${{ }}` replaced."""
        if not isinstance(value, str):
            return value
        return re.sub(r"\$\{\{(.*?)\}\}", lambda match: str(_evaluate(match[1], True, self.context)), value)
