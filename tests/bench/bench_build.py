"""What a new day costs beside a clean build: CPU of render, site, months and search index; sizes; time to pack.

python tests/bench/bench_build.py [--years N] [--days A_YEAR] [--picks A_DAY] [--data FOLDER of verdict files]
    [--root FOLDER, kept, with the archive and the site] [--compare: build from nothing again and compare the bytes]
"""

import argparse
import filecmp
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent)]

import make_archive  # noqa: E402
from support.project import CONFIG, copy_theme  # noqa: E402

from generator.core.console import Talk  # noqa: E402
from generator.publish import build_cache, render  # noqa: E402
from generator.publish.build import publish  # noqa: E402
from generator.publish.search import build as search  # noqa: E402
from generator.settings.config import Config, load  # noqa: E402

TAR = ("tar", "--dereference", "--hard-dereference", "-cf", "-", "--exclude=.git", "--exclude=.github")
"""As actions/upload-pages-artifact packs a site."""


def cpu_seconds() -> float:
    """CPU of this process and of those that it waited for."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def sizes(folder: Path) -> tuple[int, int]:
    """Files below FOLDER and their bytes."""
    found = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(found), sum(found)


def build(root: Path, config: Config, what: str) -> float:
    """Render and build; print and return the CPU seconds."""
    used, began = cpu_seconds(), time.monotonic()
    render.render(root, config)
    rendered = cpu_seconds() - used
    made = publish(root, config, Talk(quiet=True), "9999-12").built
    cpu = cpu_seconds() - used
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"{what}: {cpu:.1f} CPU s ({rendered:.1f} of them render), {time.monotonic() - began:.1f} s,"
        f" {memory / 1e6:.2f} GB at most; {made.pages} pages",
        flush=True,
    )
    return cpu


def describe(root: Path) -> None:
    """Print what there is of files, and how long packing them takes."""
    for name in ("site", f"site/{search.FOLDER}", "docs", ".cache"):
        files, size = sizes(root / name)
        print(f"  {name}: {files} files, {size / 1e6:.0f} MB", flush=True)
    paths = [path for path in (root / "docs").rglob("*") if path.is_file()]
    largest = max(paths, key=lambda path: path.stat().st_size)
    entries = max(sum(1 for _ in folder.iterdir()) for folder in {path.parent for path in paths})
    own = largest.relative_to(root)
    print(f"  in git: {entries} entries in a folder at most, largest file {own} {largest.stat().st_size:,} bytes")
    used, began = cpu_seconds(), time.monotonic()
    with Path(os.devnull).open("wb") as nowhere:
        packing = subprocess.Popen([*TAR, "--directory", str(root / "site"), "."], stdout=subprocess.PIPE)
        subprocess.run(["cat"], stdin=packing.stdout, stdout=nowhere, check=True)  # tar skips reading for /dev/null
        packing.wait()
    print(f"  packed by tar in {time.monotonic() - began:.1f} s, {cpu_seconds() - used:.1f} CPU s", flush=True)


def differences(first: Path, second: Path) -> list[str]:
    """The files that are not the same in both folders."""
    names = {path.relative_to(top) for top in (first, second) for path in top.rglob("*") if path.is_file()}
    _, other, missing = filecmp.cmpfiles(first, second, [str(name) for name in names], shallow=False)
    return sorted(other + missing)


def prepare(root: Path, args: argparse.Namespace) -> None:
    """A project with the archive in ROOT, if it is not there yet."""
    if (root / "docs").exists():
        return
    shutil.copy(CONFIG, root / "config.toml")
    copy_theme(root)
    make_archive.make_archive(root, args.years, data=args.data, days=args.days, picks=args.picks)


def main() -> None:
    """Build all but the last day, then with it, then perhaps from nothing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--days", type=int, default=make_archive.DAYS_A_YEAR)
    parser.add_argument("--picks", type=int, default=make_archive.PICKS_A_DAY)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--compare", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = args.root or Path(name)
        root.mkdir(exist_ok=True)
        prepare(root, args)
        last = max((root / "docs" / "data").glob("*/????-??-??.json"))
        record = last.read_bytes()
        last.unlink()
        config = load(root / "config.toml", {})
        clean = build(root, config, "all but the last day, from nothing")
        last.write_bytes(record)
        added = build(root, config, "the last day added")
        print(f"a day costs {added / clean:.1%} of a clean build", flush=True)
        describe(root)
        if args.compare:
            shutil.rmtree(root / build_cache.CACHE)
            (root / "site").rename(root / "reused")
            build(root, config, "the site from nothing, pages rendered")
            print("differences:", differences(root / "site", root / "reused") or "none")


if __name__ == "__main__":
    main()
