"""`render` of one new day in an archive of 250 days: what it takes, and that it rewrites only what changed.

`python tests/bench/bench_render.py [--days N] [--picks N]` prints a table and fails beyond the promised two seconds (of
the processor, so that a busy machine does not count). The first `render`, which makes everything, stands beside it:
their ratio says what the archive costs a new day.
"""

import argparse
import datetime as dt
import itertools
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench_feeds import a_day

from generator.core.calendar import is_announcement_day
from generator.publish.render import render
from generator.records.store import store_of
from generator.settings.config import Config, load

PROMISED_SECONDS = 2.0
CONFIG = Path(__file__).parents[2] / "generator" / "template" / "config.toml"
NEWEST = dt.date(2026, 11, 20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--picks", type=int, default=110)
    options = parser.parse_args()
    config = load(CONFIG, {})
    chance = random.Random(1)
    backward = (NEWEST - dt.timedelta(days=back) for back in itertools.count())
    dates = list(itertools.islice(filter(is_announcement_day, backward), options.days + 1))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        store = store_of(root)
        for date in dates[1:]:
            store.write(a_day(date, options.picks, chance), {})
        rows = [("everything", *timed(root, config))]
        store.write(a_day(dates[0], options.picks, chance), {})
        rows.append(("one new day", *timed(root, config)))
        rows.append(("nothing new", *timed(root, config)))
    for name, seconds, wall, written, kept in rows:
        print(f"{name:12} {seconds:6.2f} s CPU, {wall:6.2f} s wall, {written:5} files written, {kept:5} kept")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = rows[1][1] / rows[0][1]
    print(f"{options.days} days x {options.picks} picks; a new day takes {ratio:.0%} of everything; {memory:.0f} MB")
    return int(rows[1][1] > PROMISED_SECONDS)


def timed(root: Path, config: Config) -> tuple[float, float, int, int]:
    """CPU seconds, wall seconds, files written and files kept of one `render`."""
    began, started = time.process_time(), time.perf_counter()
    changes = render(root, config)
    return time.process_time() - began, time.perf_counter() - started, len(changes.written), changes.kept


if __name__ == "__main__":
    sys.exit(main())
