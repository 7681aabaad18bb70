"""Builds beside those of another checkout, each with its own environment and archive: CPU of whole commands.

python tests/bench/bench_beside.py CHECKOUT [--days N] [--picks N] [--data FOLDER of verdict files] [--times 3]

A table of CPU seconds (median): a clean build of all but the last day, a build and a render with nothing new, and the
last day added (taken out and added again for each measurement).
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
PREPARE = """
import shutil, sys
from pathlib import Path
root, program, data, days, picks = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
sys.path[:0] = [str(program), str(program / "tests"), str(program / "tests/bench")]
try:
    from support.project import copy_project
except ImportError:
    from project import copy_project
import make_archive
copy_project(root)
make_archive.make_archive(root, 1, data=Path(data) if data else None, days=days, picks=picks)
"""


def prepare(program: Path, root: Path, args: argparse.Namespace) -> None:
    """An archive in ROOT as the checkout PROGRAM makes it."""
    told = [str(root), str(program), str(args.data or ""), str(args.days), str(args.picks)]
    subprocess.run([program / ".venv/bin/python", "-c", PREPARE, *told], cwd=program, check=True)


def cpu(program: Path, root: Path, command: str) -> float:
    """CPU seconds of COMMAND of the checkout PROGRAM in ROOT."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    python = program / ".venv/bin/python"
    env = {**os.environ, "ARXIV_DAILY_NOW": "2027-01-01T06:00:00Z"}
    words = [str(python), "-m", "generator", "--root", str(root), command]
    subprocess.run(words, cwd=program, env=env, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(program: Path, root: Path, times: int) -> dict[str, float]:
    """CPU seconds by what is done; the clean build is measured once."""
    last = max((root / "docs/data").glob("*/????-??-??.json"))
    files = [last, last.with_name(f"{last.stem}.abstracts.json.gz")]
    contents = [path.read_bytes() for path in files]

    def without_last() -> None:
        for path in files:
            path.unlink()

    without_last()
    found: dict[str, list[float]] = {"clean build": [cpu(program, root, "build")]}
    for what in ("build", "render"):
        found[f"{what}, nothing new"] = [cpu(program, root, what) for _ in range(times)]
    for number in range(times):
        for path, content in zip(files, contents, strict=True):
            path.write_bytes(content)
        found.setdefault("a day added", []).append(cpu(program, root, "build"))
        if number + 1 < times:
            without_last()
            cpu(program, root, "build")
    return {what: statistics.median(seconds) for what, seconds in found.items()}


def table(other: dict[str, float], own: dict[str, float]) -> Sequence[str]:
    """A line for each thing that was done."""
    rows = ((what, seconds, own[what]) for what, seconds in other.items())
    return [f"{what:20} {seconds:8.2f} {now:8.2f} {now / seconds:6.2f} x" for what, seconds, now in rows]


def main() -> None:
    """Measure the other checkout, then this one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--picks", type=int, default=110)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    found = []
    for program in (args.checkout.resolve(), HERE):
        folder = Path(tempfile.mkdtemp())
        try:
            prepare(program, folder / "project", args)
            found.append(measure(program, folder / "project", args.times))
        finally:
            shutil.rmtree(folder)
    print(f"{args.days} days x {args.picks} picks: CPU seconds of {args.checkout}, of this checkout, ratio")
    print("\n".join(table(*found)))


if __name__ == "__main__":
    main()
