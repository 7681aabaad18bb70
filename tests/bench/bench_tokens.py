"""Tokens a paper on a real day of some 340: the command's own run, the true client, cached input at a tenth.

    python tests/bench/bench_tokens.py --tools DIR --data DIR [--date 2026-02-02] [--window 14]

DATE is judged as after WINDOW days of verdicts, without and with the prefilter, all else as config.toml has it. All
papers of the day are counted, the spared too: by the server's count (four characters a token) and, where `bpe-openai`
is installed, by OpenAI's own vocabulary (o200k_base), with the cache as OpenAI grants it: the longest prefix of an
earlier prompt in steps of 128 tokens from 1,024 on. Exits with 1 where a verdict is missing or a bound is missed.
"""

import argparse
import datetime as dt
import importlib
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from replayed import Exchange, billed, copied, project, replaying, run, servers, settle, taught

BOUNDS = {"without prefilter": (420.0, 340.0), "with prefilter": (330.0, 265.0)}
LEAST_CACHED, STEP = 1024, 128

Encode = Callable[[str], list[int]]


def encoder() -> Encode | None:
    """OpenAI's tokenizer, if it is there."""
    try:
        found = importlib.import_module("bpe_openai")
    except ImportError:
        print("bpe-openai is not installed: no count by a real tokenizer")
        return None
    return found.get_encoding("o200k_base").encode  # type: ignore[no-any-return]


def really(exchanges: Sequence[Exchange], encode: Encode) -> float:
    """Tokens of EXCHANGES by ENCODE, cached input at a tenth. The schema comes before the messages, as providers do."""
    spent = 0.0
    earlier: list[list[int]] = []
    for exchange in exchanges:
        read = encode(exchange.schema) + encode(exchange.system) + encode(exchange.user)
        common = max((_common(read, other) for other in earlier), default=0)
        cached = common // STEP * STEP if common >= LEAST_CACHED else 0
        spent += len(read) - 0.9 * cached + len(encode(exchange.answer))
        earlier = [*earlier[-3:], read]
    return spent


def _common(first: list[int], other: list[int]) -> int:
    return next((n for n, (a, b) in enumerate(zip(first, other, strict=False)) if a != b), min(len(first), len(other)))


def main() -> int:
    """Judge a day twice and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    servers(parser)
    parser.add_argument("--window", type=int, default=14)
    parser.add_argument("--date", type=dt.date.fromisoformat, default=dt.date(2026, 2, 2))
    parser.add_argument("--noise", type=float, nargs=2, help="judge as llm_server.py's --fault lenient:S:N")
    options = parser.parse_args()
    encode = encoder()
    missed = []
    with tempfile.TemporaryDirectory() as folder, replaying(options.tools, options.data) as model:
        root = project(Path(folder) / "before", prefilter=False)
        papers = taught(root, options.data, options.date, options.window)
        print(f"{options.window} days learned from, {papers:,} papers; then {options.date}:")
        for name, bounds in BOUNDS.items():
            copy = copied(root, Path(folder) / name)
            settle(copy, prefilter=name == "with prefilter")
            model.forget()
            model.noise(*(options.noise or ()))
            day = run(copy, str(options.date), str(options.date))[-1]
            papers = len(day.ids)
            counts = [billed([exchange.usage for exchange in model.exchanges]) / papers]
            counts += [really(model.exchanges, encode) / papers] if encode else []
            found = ", ".join(f"{count:.0f} (bound {bound:.0f})" for count, bound in zip(counts, bounds, strict=False))
            print(
                f"{name:18} {papers} papers, {len(day.spared)} spared, {len(day.picks)} picks,"
                f" {len(day.unscored)} open, {len(model.exchanges)} calls; tokens a paper, server / o200k: {found}",
                flush=True,
            )
            if day.unscored:
                missed.append(f"{name}: {len(day.unscored)} papers have no verdict")
            missed += [f"{name}: <= {bound:.0f}" for count, bound in zip(counts, bounds, strict=False) if count > bound]
    print("missed: " + "; ".join(missed) if missed else "all targets reached")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
