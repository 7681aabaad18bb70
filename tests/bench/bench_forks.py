"""Forks with days and settings of their own take three updates of this repository's history: what is left to people.

python tests/bench/bench_forks.py [--forks N] [--first COMMIT] [--seed N]: each fork begins at COMMIT, runs ten days
with the program that it has at the time (offline judge, loopback arXiv), and between them takes `upgrade` three times,
the last time to HEAD. Fails where anything is left: a conflict, a lost setting, a record that is not as it was.
"""

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

from fakes.arxiv import FakeArxiv, papers_of_day  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
WHO = {f"GIT_{role}_{what}": "ada@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
DAYS_OF_A_VERSION = (3, 3, 2, 2)
FIRST_DAY = dt.date(2026, 2, 2)
CATEGORIES = ("cs.AI", "cs.CV", "cs.LG", "stat.ML", "math.OC", "eess.IV")


def git(folder: Path, *args: str) -> str:
    command = ["git", "-C", str(folder), *args]
    return subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **WHO}).stdout.strip()


def arxiv_daily(program: Path, fork: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A command of the PROGRAM on FORK."""
    command = [sys.executable, "-m", "generator", "--root", str(fork), *args]
    own = {
        **os.environ,
        **WHO,
        **env,
        "PYTHONPATH": str(program),
        "OPENAI_API_KEY": "",
        "GITHUB_REPOSITORY": "ada/daily",
    }
    return subprocess.run(command, cwd=program, capture_output=True, text=True, check=False, env=own)


def versions(first: str) -> list[str]:
    """FIRST, two commits between, and the newest."""
    found = git(PROJECT, "rev-list", "--reverse", "--first-parent", f"{first}..HEAD").splitlines()
    return [git(PROJECT, "rev-parse", first), found[len(found) // 3], found[2 * len(found) // 3], found[-1]]


def settle(fork: Path, chance: random.Random) -> dict[str, str]:
    """Settings of the operator's own in FORK's config.toml: what stands there now, by what the line begins with."""
    path = fork / "config.toml"
    wanted = {
        "title = ": f'title = "Papers {chance.randrange(1000)}"',
        "language = ": f'language = "{chance.choice(["zh", "en"])}"',
        "threshold = ": f"threshold = {chance.choice(['6', '6.5', '8'])}",
        "categories = ": "categories = " + str(sorted(chance.sample(CATEGORIES, 3))).replace("'", '"'),
    }
    lines = path.read_text().splitlines()
    lines = [next((new for begins, new in wanted.items() if line.startswith(begins)), line) for line in lines]
    place = chance.randrange(len(lines))
    path.write_text("\n".join([*lines[:place], f"# mine: {chance.random()}", *lines[place:]]) + "\n")
    if chance.random() < 0.5:
        (fork / "docs" / "about.md").write_text("# About us\n")
    return wanted


def left_to_people(
    fork: Path, upstream: Path, told: str, wanted: dict[str, str], records: dict[str, bytes]
) -> list[str]:
    """What an update of FORK has left to do, or has lost."""
    wrong = []
    if git(fork, "status", "--porcelain"):
        wrong.append(f"not committed: {git(fork, 'status', '--porcelain')[:200]}")
    if (
        subprocess.run(
            ["git", "-C", str(fork), "grep", "-qE", "^(<{7} |>{7} )", "--", ".", ":!tests"], check=False
        ).returncode
        == 0
    ):
        wrong.append("marks of a conflict")
    ahead = ["git", "-C", str(fork), "merge-base", "--is-ancestor", git(upstream, "rev-parse", "HEAD"), "HEAD"]
    if subprocess.run(ahead, check=False).returncode:
        wrong.append(f"upstream's changes are not there: {told[-400:]}")
    lines = (fork / "config.toml").read_text().splitlines()
    wrong += [f"lost: {line}" for line in wanted.values() if line not in lines]
    kept = {name: (fork / name).read_bytes() if (fork / name).exists() else b"" for name in records}
    return [*wrong, *(f"{name} is not as it was" for name, content in records.items() if kept[name] != content)]


def live(folder: Path, commits: list[str], arxiv: FakeArxiv, chance: random.Random) -> list[str]:
    """A fork in FOLDER through all COMMITS of upstream; what was left to people."""
    upstream, fork = folder / "upstream", folder / "fork"
    subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(upstream)], check=True)
    git(upstream, "checkout", "--quiet", "-B", "main", commits[0])
    subprocess.run(["git", "clone", "--quiet", str(upstream), str(fork)], check=True)
    wanted = settle(fork, chance)
    git(fork, "commit", "--quiet", "--all", "--message", "Mine")
    date, wrong, program = FIRST_DAY, [], fork
    for number, days in enumerate(DAYS_OF_A_VERSION):
        if number:
            git(upstream, "reset", "--quiet", "--hard", commits[number])
            names = git(fork, "ls-files", "docs/data/2026/2026-02*", "docs/data/2026/2026-03*").splitlines()
            records = {name: (fork / name).read_bytes() for name in names if not name.endswith(".gz")}
            program = upstream if number == 1 else fork  # the first program may not know `upgrade`
            done = arxiv_daily(program, fork, "upgrade", "--from", str(upstream))
            found = left_to_people(fork, upstream, done.stdout + done.stderr, wanted, records)
            wrong += [f"update {number} (exit code {done.returncode}): {line}" for line in found]
        for _ in range(days):
            arxiv.move_to(f"{date}T08:00:00+00:00")
            env = {**arxiv.env(), "ARXIV_DAILY_NOW": f"{date}T08:00:00+00:00"}
            done = arxiv_daily(fork, fork, "run", "--date", str(date), **env)
            git(fork, "add", "--all", "docs")
            if not git(fork, "diff", "--cached", "--name-only"):
                wrong.append(f"{date}: no record (exit code {done.returncode}): {(done.stdout + done.stderr)[-300:]}")
            else:
                git(fork, "commit", "--quiet", "--message", f"Papers of {date}")
            date += dt.timedelta(days=3 if date.weekday() == 4 else 1)
    return wrong


def main() -> int:
    """Live through it with each fork; print what was left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forks", type=int, default=20)
    parser.add_argument("--first", default="e6b10ac", help="the commit at which the forks begin")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    commits = versions(args.first)
    print("versions:", ", ".join(git(PROJECT, "log", "-1", "--format=%h %s", commit)[:60] for commit in commits))
    began, left = time.monotonic(), 0
    weekdays = [
        FIRST_DAY + dt.timedelta(days=n) for n in range(-7, 21) if (FIRST_DAY + dt.timedelta(days=n)).weekday() < 5
    ]
    papers = [
        paper
        for number, day in enumerate(weekdays)
        for paper in papers_of_day(str(day), *CATEGORIES, first=100 * number + 1)
    ]
    with FakeArxiv(papers) as arxiv:
        for number in range(args.forks):
            with tempfile.TemporaryDirectory() as name:
                wrong = live(Path(name), commits, arxiv, random.Random(f"{args.seed} {number}"))
            left += len(wrong)
            print(f"fork {number + 1}: " + ("; ".join(wrong) or "nothing left to people"), flush=True)
    print(f"{args.forks} forks, {3 * args.forks} updates: {left} left to people; {time.monotonic() - began:.0f} s")
    return int(left > 0)


if __name__ == "__main__":
    sys.exit(main())
