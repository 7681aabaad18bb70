"""What a new day costs beside a clean build: CPU of render, site and search index.

python tests/bench/bench_build.py [--years N] [--days A_YEAR] [--picks A_DAY] [--data FOLDER of verdict files]
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]

import make_archive  # noqa: E402

from generator import render, site  # noqa: E402
from generator.config import Config, load  # noqa: E402

PROJECT = HERE.parents[1]


def cpu_seconds() -> float:
    """CPU of this process and of those that it waited for."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def build(root: Path, config: Config, what: str) -> float:
    """Render and build; print and return the CPU seconds."""
    used, began = cpu_seconds(), time.monotonic()
    render.render(root, config)
    rendered = cpu_seconds() - used
    made = site.build(root, config)
    cpu = cpu_seconds() - used
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(
        f"{what}: {cpu:.1f} CPU s ({rendered:.1f} of them render), {time.monotonic() - began:.1f} s,"
        f" {memory / 1e6:.2f} GB at most; {made.pages} pages, {made.files} files, {made.size_bytes / 1e6:.0f} MB",
        flush=True,
    )
    return cpu


def main() -> None:
    """Build all but the last day, then with it, then from nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--days", type=int, default=make_archive.DAYS_A_YEAR)
    parser.add_argument("--picks", type=int, default=make_archive.PICKS_A_DAY)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for file in ("config.toml", "mkdocs.yml"):
            shutil.copy(PROJECT / file, root / file)
        shutil.copytree(PROJECT / "overrides", root / "overrides")
        shutil.copytree(PROJECT / "docs" / "ops", root / "docs" / "ops")
        shutil.copy(PROJECT / "docs" / "about.md", root / "docs" / "about.md")
        make_archive.make_archive(root, args.years, data=args.data, days=args.days, picks=args.picks)
        last = max((root / "docs" / "data").glob("*/*.json"))
        record = last.read_bytes()
        last.unlink()
        config = load(root / "config.toml", {})
        build(root, config, "all but the last day, from nothing")
        last.write_bytes(record)
        added = build(root, config, "the last day added")
        shutil.rmtree(root / site.CACHE)
        clean = build(root, config, "the site from nothing, pages rendered")
        print(f"a day costs {added / clean:.0%} of that")


if __name__ == "__main__":
    main()
