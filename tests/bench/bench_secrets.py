"""A canary key through every fault of the loopback servers: found in no file and no output.

    python tests/bench/bench_secrets.py --arxiv arxiv_server.py --llm llm_server.py --data FOLDER [--build]

One run for each fault, in a folder of its own, with Python's development mode and the client's debug log; then every
file (unpacked if it is packed) and both outputs are searched for the key and what it becomes in code. Ends with 1 if it
is found, or if the log holds a workflow command, a control character or an overlong line.
"""

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE.parent)]

from support.project import PROJECT, copy_project  # noqa: E402
from whole.test_secrets import KEY, leaks, quick  # noqa: E402

NOW = "2026-01-08T06:00:00+00:00"
LLM = [
    "", "429:2", "500:2", "429every:3", "refuse:2601.02392", "filter:2601.02392", "length:2", "fence:2", "garbage:2",
    "swap:2", "range:2", "hang:1", "noschema", "lenient:0.7:0.5", "obey",
]  # fmt: skip
ARXIV = ["429:2", "503:2", "503every:2", "empty:2", "html", "hang:1", "stale:cs.AI", "holiday:2026-01-08"]
LOG_LINE = 1000
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def served(server: Path, *options: str) -> Iterator[int]:
    port = free_port()
    run = subprocess.Popen([sys.executable, str(server), "--port", str(port), *options], stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        run.terminate()
        run.wait()


def strange(text: str) -> list[str]:
    """Lines of a log that a workflow would obey, or that do not end."""
    return [
        line[:80]
        for line in re.split(r"[\n]", text)
        if line.startswith(("::", "##["))
        or len(line) > LOG_LINE
        or re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", line)
    ]


def one_run(args: argparse.Namespace, arxiv_fault: str, llm_fault: str, folder: Path) -> list[str]:
    root = copy_project(folder / "project")
    quick(root)
    with ExitStack() as opened:
        given = ["--data", str(args.data), "--now", NOW]
        arxiv = opened.enter_context(served(args.arxiv, *given, *(["--fault", arxiv_fault] if arxiv_fault else [])))
        llm = opened.enter_context(
            served(args.llm, "--data", str(args.data), *(["--fault", llm_fault] if llm_fault else []))
        )
        env = {
            **os.environ, "PYTHONPATH": str(PROJECT), "ARXIV_API_URL": f"http://127.0.0.1:{arxiv}/api/query",
            "ARXIV_RSS_URL": f"http://127.0.0.1:{arxiv}/rss", "OPENAI_BASE_URL": f"http://127.0.0.1:{llm}/v1",
            "OPENAI_API_KEY": KEY, "OPENAI_MODEL": "replay", "ARXIV_DAILY_NOW": NOW,
            "GITHUB_OUTPUT": str(root / "github-output"), "OPENAI_LOG": "debug" if args.debug else "",
        }  # fmt: skip
        told = []
        for command in (
            ["run", "--summary", str(root / "summary.md")],
            ["status"],
            *([["build"]] if args.build else []),
        ):
            run = subprocess.run(
                [sys.executable, "-X", "dev", "-m", "generator", *command, "--root", str(root)],
                env=env, cwd=root, capture_output=True, text=True, check=False,
            )  # fmt: skip
            told += [run.stdout, run.stderr]
    odd = [] if args.debug else strange("\n".join(told))
    files = sum(path.is_file() for path in root.rglob("*"))
    print(f"arXiv {arxiv_fault or '-':20} model {llm_fault or '-':18} {files:5} files searched", flush=True)
    return leaks(root, *told) + odd + [line for line in told[1].splitlines() if "Traceback" in line]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--arxiv", "--llm", "--data"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--build", action="store_true", help="the site, too")
    parser.add_argument("--debug", action="store_true", help="with the client's debug log, whose lines are its own")
    args = parser.parse_args()
    found = []
    for arxiv, llm in [*(("", fault) for fault in LLM), *((fault, "") for fault in ARXIV)]:
        with tempfile.TemporaryDirectory() as folder:
            found += [f"{arxiv or '-'} {llm or '-'}: {line}" for line in one_run(args, arxiv, llm, Path(folder))]
    print("\n".join(found) or "the key was found nowhere; no strange line in a log")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
