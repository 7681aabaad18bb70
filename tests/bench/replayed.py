"""Real days through the command itself: arXiv and a model on loopback, by the servers in a folder of tools.

TOOLS holds arxiv_server.py and llm_server.py, DATA days with verdicts. What the model was asked and answered is
kept in `exchanges`, so that it can be counted by another tokenizer.
"""

import argparse
import contextlib
import datetime as dt
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
sys.path[:0] = [str(PROJECT), str(HERE.parent)]

from support import archive  # noqa: E402 - found by the line above
from support.project import copy_project  # noqa: E402
from verdicts import read_day  # noqa: E402

from generator.cli import main  # noqa: E402
from generator.core.model import Day, Pick, Rest, Usage, Verdict  # noqa: E402
from generator.judges.llm.prompt import field_digests  # noqa: E402
from generator.judges.local.training_data import LEARNING_FOLDER, Learning  # noqa: E402
from generator.records.store import store_of  # noqa: E402
from generator.settings.config import load  # noqa: E402
from generator.settings.context import STATE  # noqa: E402


class Exchange(NamedTuple):
    """One call: the texts that were read, the schema, the text that was written, and the server's own count."""

    system: str
    user: str
    schema: str
    answer: str
    usage: dict[str, Any]


class Model:
    """The model. faults: as of llm_server.py's --fault, may change between runs."""

    def __init__(self, replay: Any, port: int) -> None:
        self.replay = replay
        self.url = f"http://127.0.0.1:{port}/v1"
        self.exchanges: list[Exchange] = []

    def noise(self, *numbers: float | str) -> None:
        """Judge with `lenient` NUMBERS from now on, calls counted anew; without any as recorded."""
        self.replay.faults = {"lenient": [str(number) for number in numbers]} if numbers else {}
        self.replay.count = 0

    def forget(self) -> None:
        """Nothing is cached, nothing was said."""
        self.replay.prefixes.clear()
        self.exchanges.clear()

    def chat(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, reply = self.answer(body)
        if status == 200:
            schema = ((body.get("response_format") or {}).get("json_schema") or {}).get("schema") or {}
            system, user = (str(body["messages"][place]["content"]) for place in (0, -1))
            written = reply["choices"][0]["message"]["content"] or ""
            told = json.dumps(schema, ensure_ascii=False)
            self.exchanges.append(Exchange(system, user, told, written, reply["usage"]))
        return status, reply

    def answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        return type(self.replay).chat(self.replay, body)  # type: ignore[no-any-return]


@contextlib.contextmanager
def replaying(tools: Path, data: Path) -> Iterator[Model]:
    """Both servers, and an environment in which the command finds them."""
    spec = importlib.util.spec_from_file_location("llm_server", tools / "llm_server.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no llm_server.py in {tools}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    replay = module.Replay(argparse.Namespace(data=[data], fault=[], obey_regex="a^"))
    module.Handler.replay = replay
    server = ThreadingHTTPServer(("127.0.0.1", 0), module.Handler)
    model = Model(replay, server.server_address[1])
    replay.chat = model.chat
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = _free_port()
    command = [sys.executable, str(tools / "arxiv_server.py"), "--port", str(port), "--data", str(data)]
    arxiv = subprocess.Popen([*command, "--now", "2026-03-01T06:00:00Z"], stderr=subprocess.DEVNULL)
    environment = {
        "ARXIV_API_URL": f"http://127.0.0.1:{port}/api/query", "ARXIV_RSS_URL": f"http://127.0.0.1:{port}/rss",
        "OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "bench", "OPENAI_MODEL": "replay",
        "ARXIV_DAILY_NOW": "2026-02-27T06:00:00Z",
    }  # fmt: skip
    try:
        _wait_for(port)
        with mock.patch.dict(os.environ, environment):
            yield model
    finally:
        arxiv.terminate()
        arxiv.wait()
        server.shutdown()
        server.server_close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("arxiv_server.py does not start")


def project(root: Path, **judge: bool | float) -> Path:
    """A project at ROOT without pauses or bounds on money; JUDGE overrides its section of that name."""
    copy_project(root)
    config = root / "config.toml"
    text = config.read_text().replace("[arxiv]\n", "[arxiv]\ndelay_seconds = 0\n", 1)
    config.write_text(re.sub(r"(tokens_per_\w+) = [\d_]+", r"\1 = 10_000_000_000", text))
    settle(root, papers_per_call=None, **judge)
    return root


def settle(root: Path, *, papers_per_call: int | None = None, **judge: bool | float) -> None:
    """Set options of [judge], and how many papers a call has, in the config.toml of ROOT."""
    config = root / "config.toml"
    text = config.read_text()
    for name, value in judge.items():
        text = re.sub(rf"(?m)^(# )?{name} = .*\n", "", text)
        text = text.replace("[judge]\n", f"[judge]\n{name} = {json.dumps(value)}\n", 1)
    if papers_per_call:
        text = re.sub(r"(?m)^papers_per_call = \d+", f"papers_per_call = {papers_per_call}", text)
    config.write_text(text)


def taught(root: Path, data: Path, before: dt.date, count: int) -> int:
    """Give ROOT the records of the COUNT days of DATA before BEFORE, as the model judged them; how many papers."""
    config = load(root / "config.toml", os.environ)
    store = store_of(root)
    learning = Learning(root / STATE / LEARNING_FOLDER, store, config, lambda _ids: (), print)
    papers = 0
    earlier = [path for path in sorted(data.glob("*.jsonl.gz")) if path.name[:10] < str(before)]
    weekdays = [path for path in earlier if dt.date.fromisoformat(path.name[:10]).weekday() < 5]
    for path in weekdays[-count:]:
        found = read_day(path, config)
        reasons = {key: Verdict(score=found.scores[key], raw=found.scores[key], field=field, reason="理由。")
                   for key, field in found.fields.items()}  # fmt: skip
        picks = tuple(Pick(paper=paper, verdict=reasons[paper.id]) for paper in found.papers if found.picked[paper.id])
        rest = tuple(
            Rest(id=paper.id, title=paper.title, primary=paper.primary, score=3.0)
            for paper in found.papers
            if not found.picked[paper.id]
        )
        day = archive.day(
            dt.date.fromisoformat(found.date), model="replay", picks=picks, rest=rest, unscored=(), spared=(),
            fields=field_digests(config), usage=Usage(),
        )  # fmt: skip
        store.write(day, {paper.id: paper.abstract for paper in found.papers})
        learning.keep(day, found.papers)
        papers += len(found.papers)
    return papers


def copied(root: Path, to: Path) -> Path:
    """A copy of a project, with its ledger and what it learned."""
    return Path(shutil.copytree(root, to))


def run(root: Path, since: str, until: str, *more: str) -> list[Day]:
    """Run the command for the announcements from SINCE to UNTIL and return their records."""
    with contextlib.redirect_stdout(sys.stderr):
        main(["run", "--root", str(root), "--quiet", "--since", since, "--until", until, *more])
    store = store_of(root)
    days = [store.read(date) for date in store.dates() if since <= str(date) <= until]
    return [day for day in days if day is not None]


def servers(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the servers and the days are."""
    parser.add_argument("--tools", type=Path, required=True, help="folder of arxiv_server.py and llm_server.py")
    parser.add_argument("--data", type=Path, required=True, help="folder of DATE.jsonl.gz with verdicts")


def billed(usage: Sequence[dict[str, Any]]) -> float:
    """Tokens of USAGE as the server counts them, cached input at a tenth."""
    cached = sum(reply["prompt_tokens_details"]["cached_tokens"] for reply in usage)
    return float(sum(reply["total_tokens"] for reply in usage) - 0.9 * cached)
