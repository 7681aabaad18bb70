"""`upgrade`: a fork takes what is new upstream. Its config.toml, records and pages stay; nothing is left to resolve."""

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from generator.core.errors import ArxivDailyError, ConfigError
from generator.core.escape import log
from generator.core.text import counted
from generator.records.store import store_of
from generator.records.summaries import summaries_of
from generator.settings.context import DONE, INCOMPLETE, Context

UPSTREAM = "upstream"
"""The remote that is asked where no --from names another source."""
PROGRAM_DOCS = ("docs/ops/", "docs/assets/", "docs/about.md")
"""What of docs/ is written by hand upstream; all else there is the operator's, or made of their records."""
BEGUN = "docs/about.md"
"""The page that upstream brings and operators make their own: where both have changed it, theirs stays."""
OPTIONS_PAGE = "docs/ops/configuration.md"
SECONDS = 600


class UpgradeError(ArxivDailyError):
    """git could not do what was asked; the fork is unchanged."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    where = "where upstream is; default: the remote `upstream`"
    parser.add_argument("--from", dest="source", metavar="URL", help=where)
    parser.add_argument("--ref", default="main", metavar="NAME", help="branch or tag to take; default: main")


def execute(context: Context, args: argparse.Namespace) -> int:
    """Fetch, merge, keep what is the operator's, render, commit; return the exit code."""
    git = Git(context.root)
    source = args.source or _upstream(git)
    if git("status", "--porcelain", "--untracked-files=no"):
        raise ConfigError("uncommitted changes: `git commit` or `git stash` them first")
    git("fetch", "--quiet", source, args.ref)
    new = git("rev-parse", "FETCH_HEAD")
    if git.succeeds("merge-base", "--is-ancestor", new, "HEAD"):
        context.talk.result("already up to date with upstream")
        return DONE
    before = git("rev-parse", "HEAD")
    try:
        replaced = merge(git, new)
    except UpgradeError:
        git.succeeds("merge", "--abort")
        git("reset", "--quiet", "--hard", before)
        raise
    for path in replaced:
        context.talk.warn(
            f"{path}: your change was replaced by upstream's version; see `git diff {before[:10]} -- {path}`"
        )
    _drop_sample(git)
    commits = int(git("rev-list", "--count", f"{before}..{new}"))
    context.talk.result(f"upgraded to {new[:10]}: {counted(commits, 'commit')}")
    options = new_options(git, before)
    if options:
        context.talk.result(f"new options (docs/ops/configuration.md): {', '.join(options)}")
    rendered = _render(git, context)
    context.talk.result("Next: `make setup`, then `arxiv-daily doctor`")
    return DONE if rendered else INCOMPLETE


class Git:
    """git in the folder ROOT. Raises UpgradeError where it fails."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, *args: str) -> str:
        done = self._run(args)
        if done.returncode:
            said = log((done.stderr or done.stdout).strip(), 300)
            raise UpgradeError(f"git {args[0]} failed: {said}; nothing was changed")
        return done.stdout.strip()

    def succeeds(self, *args: str) -> bool:
        """Whether git does ARGS."""
        return self._run(args).returncode == 0

    def _run(self, args: Sequence[str]) -> subprocess.CompletedProcess[str]:
        command = ["git", "-C", str(self.root), "-c", "core.quotePath=false", *args]
        try:
            return subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UpgradeError(f"git cannot be used here: {log(str(error))}") from None


def _upstream(git: Git) -> str:
    if not git.succeeds("rev-parse", "--git-dir"):
        raise ConfigError(f"{git.root} is not a git clone; upgrade the program the way you installed it")
    if not git.succeeds("remote", "get-url", UPSTREAM):
        raise ConfigError(
            f"no upstream remote; add one with `git remote add {UPSTREAM} URL`, or name it each time:"
            " arxiv-daily upgrade --from URL"
        )
    return UPSTREAM


def is_operators(path: str) -> bool:
    """Whether the file at PATH belongs to the operator: the configuration, and docs/ but for what upstream writes."""
    return path == "config.toml" or (path.startswith("docs/") and not path.startswith(PROGRAM_DOCS))


def merge(git: Git, new: str) -> list[str]:
    """Merge NEW and commit; return the program's files in which a change of the operator's own went."""
    git.succeeds("merge", "--quiet", "--no-commit", "--no-ff", new)
    unmerged = git("diff", "--name-only", "--diff-filter=U").splitlines()
    if not unmerged and not git.succeeds("rev-parse", "--quiet", "--verify", "MERGE_HEAD"):
        raise UpgradeError("git could not start the merge; nothing was changed")
    replaced = []
    for path in unmerged:
        side, mine = ("HEAD", True) if is_operators(path) or path == BEGUN else (new, False)
        if not mine:
            replaced.append(path)
        if git.succeeds("cat-file", "-e", f"{side}:{path}"):
            git("checkout", side, "--", path)
        else:
            git("rm", "--quiet", "--force", "--", path)
    changed = [path for path in git("diff", "--cached", "--name-only", "HEAD").splitlines() if is_operators(path)]
    for path in changed:  # what merged without a conflict would change the operator's files all the same
        if git.succeeds("cat-file", "-e", f"HEAD:{path}"):
            git("checkout", "HEAD", "--", path)
        else:
            git("rm", "--quiet", "--force", "--", path)
    git("commit", "--quiet", "--no-verify", "--message", f"Upgrade to {new[:10]}")
    return replaced


def _drop_sample(git: Git) -> None:
    """Remove the sample's days, which versions before 0.2 brought with them; a real run would, too."""
    store = store_of(git.root)
    sample = [summary.date for summary in summaries_of(git.root) if summary.sample]
    for date in sample:
        store.remove(date)
    if sample:
        git("add", "--all", "docs")
        git("commit", "--quiet", "--no-verify", "--amend", "--no-edit")


def new_options(git: Git, before: str) -> list[str]:
    """The options that the reference has now and had not BEFORE."""
    diff = git("diff", "--unified=0", before, "HEAD", "--", OPTIONS_PAGE)
    found = {sign: set(re.findall(rf"^\{sign}\| `([a-z_]+)` \|", diff, re.MULTILINE)) for sign in "+-"}
    return sorted(found["+"] - found["-"])


def _render(git: Git, context: Context) -> bool:
    """Make the pages with the new program, and commit what changed; False if it cannot run yet."""
    command = [sys.executable, "-m", "generator", "--root", str(git.root), "--quiet", "render"]
    done = subprocess.run(command, cwd=git.root, capture_output=True, text=True, check=False, timeout=SECONDS)
    if done.returncode:
        said = log((done.stderr or done.stdout).strip().rpartition("\n")[2], 200)
        context.talk.warn(f"the pages could not be rendered ({said}): run `make setup`, then `arxiv-daily render`")
        return False
    git("add", "--all", "docs")
    if not git.succeeds("diff", "--cached", "--quiet"):
        git("commit", "--quiet", "--no-verify", "--message", "Pages as the new version makes them")
    return True
