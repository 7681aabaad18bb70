"""Scoring 343 papers, 8 calls at once, answers in a second: own CPU <= 5 s, wall <= 12 s, <= 250 MB.

    python tests/bench/bench_scoring.py [--papers 343] [--delay 1.0] [--concurrency 8] [--batch 10]

The endpoint (tests/fakes/llm.py) runs in a process of its own; what is measured is ours: import, prompts, calls,
reading, ledger with its syncs. Prints a table and ends with 1 if a bound does not hold.
"""

import argparse
import datetime as dt
import multiprocessing
import resource
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE.parent)]

FIELD = "大模型新技术"
ABSTRACT = "We study a method that improves large models by a simple change of the training objective. " * 15
BOUNDS = {"own CPU, s": 5.0, "wall, s": 12.0, "memory, MB": 250.0}


def serve(delay_seconds: float, pipe: Connection) -> None:
    from fakes.llm import FakeLlm

    def verdict(paper: str) -> tuple[float, str, str | None]:
        return (8, FIELD, "提出新的训练目标，" * 8) if int(paper[-5:]) % 4 == 0 else (3, FIELD, None)

    with FakeLlm(verdict, delay_seconds=delay_seconds) as fake:
        pipe.send(fake.url)
        pipe.recv()


def measure(url: str, papers: int, concurrency: int, batch: int) -> dict[str, float]:
    from pydantic import SecretStr

    from generator.core.model import Paper, Spending
    from generator.judges.llm.budget import Budget
    from generator.judges.llm.calls import score_papers
    from generator.judges.llm.client import Model
    from generator.judges.llm.ledger import Ledger
    from generator.settings.config import Config

    llm = {"base_url": url, "papers_per_call": batch, "concurrency": concurrency}
    fields = [
        {"slug": f"f{n}", "name": FIELD if n == 0 else f"方向{n}", "description": ABSTRACT[:600]} for n in range(7)
    ]
    config = Config.model_validate({"fields": fields, "llm": llm})
    day = [
        Paper(id=f"2601.{n:05}", title="A title", authors=(), abstract=ABSTRACT, categories=("cs.LG",), submitted=None)
        for n in range(1, papers + 1)
    ]
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Model(config, SecretStr("bench")) as model:
        ledger = Ledger(Path(folder) / "ledger.jsonl")
        scored = score_papers(
            day,
            dt.date(2026, 1, 14),
            config,
            ask=model.ask,
            ledger=ledger,
            budget=Budget(config.budget, None, config.llm.model, Spending()),
            now=dt.datetime(2026, 1, 14, 6, tzinfo=dt.UTC),
        )
        ledger.close()
    if len(scored.verdicts) != papers:
        raise SystemExit(f"only {len(scored.verdicts)} of {papers} papers have a verdict: {scored.unscored}")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "own CPU, s": used.ru_utime + used.ru_stime,
        "wall, s": time.monotonic() - started,
        "memory, MB": used.ru_maxrss / 1024,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=343)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--concurrency", type=int, default=8)
    parser.add_argument("--batch", type=int, default=10)
    args = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(args.delay, theirs))
    server.start()
    figures = measure(ours.recv(), args.papers, args.concurrency, args.batch)
    ours.send("done")
    server.join()
    for name, value in figures.items():
        print(f"{name:12} {value:8.2f}   bound {BOUNDS[name]:g}")
    return int(any(value > BOUNDS[name] for name, value in figures.items()))


if __name__ == "__main__":
    sys.exit(main())
