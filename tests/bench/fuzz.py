"""Feed every reader spoiled inputs for some minutes and print what was found.

    python tests/bench/fuzz.py --minutes 10 [--only api rss ...] [--seed 1]

Each reader is tried in rounds of new seeds until its minutes are over. A finding is shown once, and the fuzzing
goes on. Exit code 1 where anything was found.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hypothesis import HealthCheck, Phase, given, seed, settings
from support.fuzzing import Reader, readers, trial

ROUND = 1000
"""Inputs of one seed."""
SETTINGS = settings(
    max_examples=ROUND,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    print_blob=False,
)


class Tried(NamedTuple):
    """tried, read: inputs; found: an input for each finding, by the place where it was raised."""

    tried: int
    read: int
    found: dict[str, bytes]


class Over(BaseException):
    """The time is over."""


def fuzz(reader: Reader, minutes: float, first_seed: int) -> Tried:
    """Try inputs of READER for MINUTES."""
    reader.read(reader.valid)  # what is made once is the work of no input
    tried = read = 0
    found: dict[str, bytes] = {}
    known: set[str] = set()
    until = time.monotonic() + minutes * 60

    def try_input(data: bytes) -> None:
        nonlocal tried, read
        if time.monotonic() > until:
            raise Over
        tried += 1
        try:
            read += trial(reader, data)
        except Exception as error:
            place = place_of(error)
            if place in known:
                return
            found[place] = data
            raise

    for number in rounds(first_seed):
        try:
            seed(number)(SETTINGS(given(reader.inputs)(try_input)))()
        except Over:
            return Tried(tried, read, found)
        except Exception:
            if len(found) == len(known):  # no finding, but a fault of the fuzzer
                raise
            known = set(found)
    raise AssertionError("rounds have no end")


def rounds(first_seed: int) -> Iterator[int]:
    while True:
        yield first_seed
        first_seed += 1


def place_of(error: Exception) -> str:
    """Where ERROR was raised: the innermost lines of ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "generator" in frame.filename or "fuzzing" in frame.filename]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(ours[-3:]))
    return f"{type(error).__name__} at {where}: {error!s:.120}" if "calls" not in str(error) else f"work at {where}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", default=list(readers()))
    options = parser.parse_args()
    findings = 0
    print(f"{'reader':<10} {'tried':>8} {'read':>8} {'findings':>8}")
    for name in options.only:
        result = fuzz(readers()[name], options.minutes, options.seed)
        findings += len(result.found)
        print(f"{name:<10} {result.tried:>8} {result.read:>8} {len(result.found):>8}", flush=True)
        for place, data in result.found.items():
            print(f"    {place}\n        {data[:4000]!r}", flush=True)
    return min(findings, 1)


if __name__ == "__main__":
    sys.exit(main())
