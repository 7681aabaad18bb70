"""400 days with all that can go wrong, against the same 400 undisturbed: python tests/bench/simulate.py --days 400.

After each run `notify` tells a mail server and a chat service, which are down and is killed at times.

Prints a table. Exits with 1 if a paper was lost, came twice or was paid for twice, if a day stayed incomplete or empty,
if a record differs by more than usage, time of update and papers that were filed late, or if a message came twice,
never, or for an incomplete day.
"""

import argparse
import datetime as dt
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from support.delivery import delivery  # noqa: E402
from support.simulation import FIRST, compare, live_through, make_year, undisturbed  # noqa: E402 (the path is set first)


def told(whole: int, part: int) -> str:
    """A number and its part, with the share."""
    return f"{whole}, {part} ({part / whole:.1%})"


def main() -> int:
    """Simulate and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--papers", type=int, default=12, help="papers a day")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=dt.date.fromisoformat, default=FIRST, help="first day")
    args = parser.parse_args()
    year = make_year(args.seed, args.days, args.papers, first=args.first)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, delivery(args.seed) as messages:
        disturbed = live_through(year, Path(folder) / "disturbed", messages)
        calm = live_through(undisturbed(year), Path(folder) / "calm")
    found, sent = compare(year, disturbed, calm), messages.delivered(disturbed.records)
    second = disturbed.votes.total() - len(disturbed.votes)
    rows = {
        "seed": str(args.seed),
        "days": f"{year.days} ({year.first} to {year.last}), {year.summer_time_changes} changes of summer time",
        "announcements planned, holidays among them": f"{len(year.dates)}, {len(year.holidays)}",
        "papers, held back by moderation for 1 to 6 days": told(len(year.papers), len(year.held)),
        "ticks planned, dropped": told(year.planned, year.planned - len(year.ticks)),
        "ticks that came, late by up to 13 h": told(len(year.ticks), year.late),
        "announcements, the API down for 6 h": told(len(year.dates), len(year.down)),
        "announcements, a category's feed stale": told(len(year.dates), len(year.stale)),
        "runs; during an outage": told(disturbed.runs, disturbed.met["down"]),
        "times the source stood still, runs then": f"{len(year.stalls)}, {disturbed.met['stalled']}",
        "false holidays left": str(len(found.false_holidays)),
        "runs; with a stale feed": told(disturbed.runs, disturbed.met["stale"]),
        "papers asked about; a second time, by plan": told(disturbed.asked.total(), second),
        "times the ledger was shortened": str(disturbed.shortened),
        "exit codes": str(dict(sorted(disturbed.codes.items()))),
        "announcements over which the alarm rang": str(len(disturbed.rung)),
        "records, pages": f"{len(disturbed.records)}, {disturbed.pages}",
        "papers lost, twice, paid twice": f"{len(found.lost)}, {len(found.twice)}, {len(found.paid_twice)}",
        "papers on another day: late ones, others": f"{found.late_moved}, {len(found.moved)}",
        "days incomplete at the end, empty": f"{len(found.incomplete)}, {len(found.empty)}",
        "gaps that nothing named": str(len(disturbed.unnamed)),
        "records that differ from the undisturbed": str(len(found.different)),
        "... in the channel that told a count, alone": str(found.channels),
        "messages by mail, by post": ", ".join(str(days.total()) for days in sent.arrived.values()),
        "runs with the mail server down, the chat service": ", ".join(str(sent.down[name]) for name in sent.arrived),
        "runs of `notify` killed, by place": str(dict(sorted(sent.kills.items()))),
        "messages missed, twice, for incomplete days": (
            f"{len(sent.missed)}, {len(sent.twice)}, {len(sent.incomplete)}"
        ),
        "seconds": f"{time.perf_counter() - began:.0f}",
    }
    for name, value in rows.items():
        print(f"{name:<48}{value}")
    bad = [*found.lost, *found.twice, *found.moved, *found.incomplete, *found.empty, *found.different]
    bad += [*found.paid_twice, *disturbed.unnamed, *found.false_holidays]
    bad += [*sent.missed, *sent.twice, *sent.incomplete]
    for line in bad[:40]:
        print(f"wrong: {line}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
