"""`make check`: style, types and the tests of what has changed, in about a minute.

The tests that reach a changed file through imports are run, nearest first, until the time is up; what was left out is
told. Those marked slow and those in Chromium are for `make test-slow`, `make browser` and CI.
"""

import argparse
import contextlib
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from import_graph import PROJECT, graph, reaching_tests

SECONDS = 60
LEFT_FOR_THE_REST = 8
"""Seconds that are kept for what the last test and the types may take beyond their time."""


def changed_files(base: str, project: Path = PROJECT) -> list[str]:
    """The files that differ from BASE, committed or not, and the new ones; not those that are gone."""
    listed = [
        _git("diff", "--name-only", "-z", "--diff-filter=d", base, project=project),
        _git("ls-files", "-z", "--others", "--exclude-standard", project=project),
    ]
    return sorted({name for names in listed for name in names.split("\0") if name})


def default_base(project: Path = PROJECT) -> str:
    """Where this branch left the one that it follows; the last commit if it follows none."""
    with contextlib.suppress(subprocess.CalledProcessError):
        return _git("merge-base", "HEAD", "@{upstream}", project=project).strip()
    return "HEAD"


def _git(*arguments: str, project: Path) -> str:
    return subprocess.run(["git", *arguments], cwd=project, check=True, capture_output=True, text=True).stdout


class Deadline:
    """A plugin of pytest that starts no further test after a time; `left_out` says whether it had to."""

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.left_out = False

    @pytest.hookimpl
    def pytest_runtest_logfinish(self) -> None:
        self.left_out = time.monotonic() > self.ends

    @pytest.hookimpl
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        if self.left_out:
            item.session.shouldstop = "the time is up"
            return True
        return None


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run_tests(files: Sequence[str], ends: float) -> bool:
    """Run the tests in FILES until ENDS (of time.monotonic). Whether none failed."""
    deadline = Deadline(ends)
    code = pytest.main(["-q", "-x", "-m", "not slow", "-p", "no:cacheprovider", *files], plugins=[deadline])
    if deadline.left_out:
        _say("the time is up: the tests farther away were left out; `make test` runs them all")
        return code in (pytest.ExitCode.OK, pytest.ExitCode.INTERRUPTED)
    return code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def check(base: str, seconds: float) -> bool:
    """Whether all that was looked at is well; says what is not."""
    ends = time.monotonic() + seconds - LEFT_FOR_THE_REST
    changed = changed_files(base)
    if not changed:
        _say(f"nothing has changed since {base[:12]}")
        return True
    _say(f"{len(changed)} files changed since {base[:12]}")
    python = [sys.executable, "-m"]
    code = [name for name in changed if name.endswith((".py", ".pyi"))]
    types = subprocess.Popen([*python, "mypy"], cwd=PROJECT) if code else None
    steps = [[*python, "ruff", "check", *code], [*python, "ruff", "format", "--check", *code]] if code else []
    if any(name.startswith((".github/", ".ci/")) for name in changed):
        steps.append(["make", "--no-print-directory", "lint-workflows"])
    if any(name.endswith((".js", ".css")) for name in changed):
        steps.append(["make", "--no-print-directory", "lint-assets"])
    well = not sum(subprocess.run(step, cwd=PROJECT, check=False).returncode for step in steps)
    files = reaching_tests(changed, graph())
    _say(f"{len(files)} test files reach them" + (f", nearest first: {' '.join(files[:5])} ..." if files else ""))
    well &= run_tests(files, ends) if files else True
    return (types is None or types.wait() == 0) and well


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", default=None, metavar="REV", help="what to compare with; default: the upstream")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"time for all of it; default: {SECONDS}")
    args = parser.parse_args()
    return 0 if check(args.base or default_base(), args.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
