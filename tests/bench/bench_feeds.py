"""All feeds of an archive of 250 days with 110 picks each: the time to make them, and what they weigh.

`python tests/bench/bench_feeds.py [--days N] [--picks N]` prints a table and fails beyond the promised three seconds.
"""

import argparse
import datetime as dt
import functools
import gzip
import itertools
import random
import resource
import sys
import time
from collections.abc import Mapping

from generator.core.calendar import announcement, is_announcement_day
from generator.core.model import Coverage, Day, Paper, Pick, Rest, Verdict, Window
from generator.publish.feeds.build import Records, feed_outputs
from generator.records.summaries import summarize
from generator.settings.config import Config, ResearchField, Site

PROMISED_SECONDS = 3.0
FIELDS = ("dl-theory", "interpretability", "multimodal", "efficient-llm", "agents", "safety-alignment", "llm-frontier")
RARE = "llm-frontier"
"""One pick in fifty: its feed reaches back farthest."""
REASON = "针对扩散语言模型的内存瓶颈，提出全局内存规划，" * 3
WORDS = (
    "learning",
    "scaling",
    "diffusion",
    "agents",
    "sparse",
    "attention",
    "robust",
    "alignment",
    "$k$-NN",
    "context",
)


def a_day(date: dt.date, picks: int, chance: random.Random) -> Day:
    window = announcement(date)
    return Day(
        date=date,
        window=Window(start=window.start, end=window.end),
        generator="0",
        judge="llm",
        model="some-model",
        profile="p",
        updated=dt.datetime.combine(date, dt.time(7), dt.UTC),
        coverage={
            name: Coverage(expected=60, read=60, state="complete") for name in ("cs.AI", "cs.CL", "cs.CV", "cs.LG")
        },
        picks=tuple(a_pick(f"{date:%y%m}.{date.day * 1000 + number:05}", chance) for number in range(picks)),
        rest=tuple(
            Rest(id=f"{date:%y%m}.{date.day * 1000 + 500 + number:05}", title="Rest", primary="cs.AI", score=4)
            for number in range(200)
        ),
    )


def a_pick(arxiv_id: str, chance: random.Random) -> Pick:
    """A pick of usual size: a title of 80 characters, five authors, a reason of 65 Chinese ones."""
    field = RARE if chance.random() < 0.02 else chance.choice(FIELDS[:-1])
    return Pick(
        paper=Paper(
            id=arxiv_id,
            title=" ".join(chance.choices(WORDS, k=10)),
            authors=tuple(f"Given{n} Family{chance.randrange(99)}" for n in range(5)),
            categories=("cs.LG", "cs.AI"),
            submitted=None,
        ),
        verdict=Verdict(score=chance.choice([7, 7.5, 8, 8.5, 9]), field=field, reason=REASON),
    )


def _abstracts(days: Mapping[dt.date, Day], date: dt.date) -> dict[str, str]:
    """An abstract of usual size (1,250 characters) for each pick."""
    chance = random.Random(date.toordinal())
    return {pick.paper.id: " ".join(chance.choices(WORDS, k=150)) for pick in days[date].picks}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=250)
    parser.add_argument("--picks", type=int, default=110)
    options = parser.parse_args()
    fields = tuple(ResearchField(slug=slug, name=slug, description=slug) for slug in FIELDS)
    config = Config(site=Site(url="https://name.github.io/arxiv-daily/"), fields=fields)
    chance = random.Random(1)
    backward = (dt.date(2026, 11, 20) - dt.timedelta(days=back) for back in itertools.count())
    dates = itertools.islice(filter(is_announcement_day, backward), options.days)
    days = [a_day(date, options.picks, chance) for date in dates]
    found = [summarize(day, str(day.date)) for day in reversed(days)]  # render has them from its index
    abstracts = functools.cache(functools.partial(_abstracts, {day.date: day for day in days}))
    for day in days:
        abstracts(day.date)
    started = time.process_time()  # of one thread: what else the machine does is not counted
    outputs = feed_outputs(found, Records({day.date: day for day in days}.get, abstracts), config)
    rows = [("what they are made of", time.process_time() - started, b"")]
    for output in outputs:
        began = time.process_time()
        content = output.make()
        rows.append((output.path, time.process_time() - began, content))
    seconds = time.process_time() - started
    for name, taken, content in rows:
        items = content.count(b"<item>") + content.count(b"<entry>") + content.count(b'"content_html"')
        print(
            f"{name:28}{taken * 1000:8.0f} ms {len(content):9,} B {len(gzip.compress(content)):9,} B gz {items:5} items"
        )
    promise, memory = f"{PROMISED_SECONDS:g} s", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.days} days x {options.picks} picks: {seconds:.2f} s of CPU of {promise}; {memory:.0f} MB")
    return int(seconds > PROMISED_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
