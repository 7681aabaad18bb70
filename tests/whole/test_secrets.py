"""A canary key, and endpoints that send back what they were sent: it is in no file, no output, at no other host."""

import base64
import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from fakes.batch import FakeBatchLlm
from fakes.llm import Answer, Asked, FakeLlm, error
from pydantic import SecretStr
from support.project import PROJECT

from generator import cli
from generator.judges.llm.secret import hide

THU = "2026-01-08"
KEY = "kanarien-0123456789/abc+DEF=vogel"
FIELD = "大模型新技术"
Fault = Callable[[FakeLlm, Asked], Answer | None]


def traces() -> set[str]:
    """What would give the key away, in small letters: itself, its ends, and how it looks in code."""
    packed = {base64.b64encode(b" " * shift + KEY.encode()).decode()[4:-4] for shift in range(3)}
    parts = {KEY, KEY[:16], KEY[-12:], quote(KEY, safe=""), KEY.encode().hex(), *packed}
    return {part.lower() for part in parts}


def sent(asked: Asked) -> str:
    return asked.headers["authorization"]


def said(text: Callable[[Asked], str], status: int = 400) -> Fault:
    return lambda _llm, asked: error(status, "strange", text(asked)) if asked.number > 1 else None


def spoken(**parts: str) -> Fault:
    """A whole answer with the key in one PART of it; {} stands for the key."""

    def fault(llm: FakeLlm, asked: Asked) -> Answer:
        key = sent(asked).removeprefix("Bearer ")
        items = [
            {**llm.item(paper), **{name: text.format(key) for name, text in parts.items()}} for paper in asked.papers
        ]
        body = llm.completion(asked, json.dumps({"papers": items}), parts.get("finish", "stop").format(key))
        return Answer(body={**body, "model": parts["model"].format(key)} if "model" in parts else body)

    return fault


ECHOES: dict[str, Fault] = {
    "in an error": said(sent),
    "in an error, 401": said(sent, 401),
    "in an error, 429": said(sent, 429),
    "in an error, 500": said(sent, 500),
    "broken over lines": said(lambda asked: "\n".join(sent(asked)[n : n + 9] for n in range(0, 60, 9))),
    "masked": said(lambda _asked: f"{KEY[:6]}**********{KEY[-5:]}"),
    "in a URL": said(lambda _asked: f"GET /v1?key={quote(KEY, safe='')}"),
    "in Base64": said(lambda asked: base64.b64encode(sent(asked).encode()).decode()),
    "in Base64, alone": said(lambda _asked: base64.b64encode(KEY.encode()).decode()),
    "in hexadecimal": said(lambda _asked: KEY.encode().hex()),
    "in headers": lambda _llm, asked: Answer(
        401, {"error": {"message": "no"}}, {"X-Request-Id": sent(asked), "WWW-Authenticate": sent(asked)}
    ),
    "in Retry-After": lambda _llm, asked: Answer(429, {}, {"Retry-After": sent(asked)}) if asked.number == 1 else None,
    "as no JSON": lambda _llm, asked: Answer(502, f"<html>{asked.headers}</html>".encode()),
    "as the whole body": lambda _llm, asked: Answer(200, sent(asked).encode()),
    "as the body of an error with 200": lambda _llm, asked: Answer(
        200, {"error": {"message": sent(asked), "code": 400}}
    ),
    "as the model's name": spoken(model="m-{}"),
    "as a path of the model": spoken(model="/models/{}.gguf"),
    "in reasons": spoken(reason="好：{}。"),
    "in ids": spoken(id="{}"),
    "in fields": spoken(field="{}"),
    "as the reason of the end": spoken(finish="{}"),
}


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(papers_of_day(THU, "cs.AI", "cs.CV", each=6)) as server:
        yield server


def environment(arxiv: FakeArxiv, llm: FakeLlm, folder: Path) -> dict[str, str]:
    return {
        **arxiv.env(), "OPENAI_BASE_URL": llm.url, "OPENAI_API_KEY": KEY, "OPENAI_MODEL": "replay",
        "ARXIV_DAILY_NOW": f"{THU}T06:00:00+00:00", "GITHUB_OUTPUT": str(folder / "github-output"),
    }  # fmt: skip


def quick(root: Path) -> None:
    path = root / "config.toml"
    text = path.read_text()
    for table, lines in {
        "arxiv": {"delay_seconds": 0, "patience_minutes": 0.001},
        "llm": {"retries": 1, "timeout_seconds": 2, "batch_pause_seconds": 0.01, "batch_minutes": 0.1},
    }.items():
        for name, value in lines.items():
            text = re.sub(rf"(?m)^{name} = .*\n", "", text).replace(f"[{table}]\n", f"[{table}]\n{name} = {value}\n", 1)
    path.write_text(text)


def leaks(folder: Path, *outputs: str) -> list[str]:
    """Where a trace of the key is found: in a file, packed or not, or in what was said."""
    found = []
    texts = {f"output {number}": text for number, text in enumerate(outputs)}
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".gz":
                data = gzip.decompress(data)
            texts[str(path.relative_to(folder))] = data.decode(errors="replace")
    for name, text in texts.items():
        flat = "".join(text.split()).lower()
        found += [f"{name}: {trace}" for trace in traces() if trace in text.lower() or trace in flat]
    return found


@pytest.mark.parametrize("name", ECHOES)
def test_an_endpoint_that_echoes_the_key_gives_it_to_nobody(
    name: str, root: Path, arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Records, pages, feeds, ledger, caches, job summary, both outputs: after a run and after the doctor's look."""
    quick(root)
    with FakeLlm(lambda _paper: (8, FIELD, "很有用。")) as llm:
        llm.fault = lambda asked: ECHOES[name](llm, asked)
        for variable, value in environment(arxiv, llm, root).items():
            monkeypatch.setenv(variable, value)
        cli.main(["run", "--root", str(root), "--summary", str(root / "summary.md")])
        cli.main(["doctor", "--root", str(root)])
        assert llm.requests and sent(llm.requests[0]) == f"Bearer {KEY}"
    told = capfd.readouterr()
    assert leaks(root, told.out, told.err) == []
    assert "Traceback" not in told.err


def test_the_search_for_the_key_would_find_it(root: Path) -> None:
    """The test above can fail: in a file, packed, in code, broken over lines."""
    (root / "a.txt").write_text(base64.b64encode(f"Bearer {KEY}".encode()).decode())
    (root / "b.txt").write_text("\n".join(KEY))
    assert {leak.partition(":")[0] for leak in leaks(root, KEY)} == {"a.txt", "b.txt", "output 0"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_another_host_is_never_given_the_key(
    status: int, root: Path, arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A redirect is followed without it, or not at all; a key in its address is not said either."""
    quick(root)
    with FakeLlm() as thief, FakeLlm() as llm:
        there = f"{thief.url}/chat/completions?key={quote(KEY, safe='')}".replace("127.0.0.1", "localhost")
        llm.fault = lambda _asked: Answer(status, {}, {"Location": there})
        for variable, value in environment(arxiv, llm, root).items():
            monkeypatch.setenv(variable, value)
        cli.main(["run", "--root", str(root)])
        assert all("authorization" not in asked.headers for asked in thief.requests)
    told = capfd.readouterr()
    assert leaks(root, told.out, told.err) == []


def test_batches_keep_it_too(
    root: Path, arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A batch that is named after the key is not kept; what the provider says of batches is redacted."""
    quick(root)
    with FakeBatchLlm(lambda _paper: (8, FIELD, "很有用。")) as llm:
        for variable, value in environment(arxiv, llm, root).items():
            monkeypatch.setenv(variable, value)
        plain = llm.make
        llm.make = lambda body: {**plain(body), "id": f"batch-{KEY}"}  # type: ignore[method-assign]
        cli.main(["run", "--batch", "--root", str(root)])
    told = capfd.readouterr()
    assert "batch id cannot be stored" in told.err and leaks(root, told.out, told.err) == []


CRASH = """
import sys
from generator import cli
from generator.judges.llm import ledger
def boom(*_args, **_more): raise RuntimeError("boom")
setattr(ledger.Ledger, "append", boom)
cli.main(["run", "--root", sys.argv[1]])
"""


def test_a_crash_tells_no_secret(root: Path, arxiv: FakeArxiv) -> None:
    """The traceback of a mistake of ours, with Python's development mode and the client's log at its loudest."""
    quick(root)
    with FakeLlm() as llm:
        env = {**os.environ, **environment(arxiv, llm, root), "OPENAI_LOG": "debug", "PYTHONPATH": str(PROJECT)}
        run = subprocess.run(
            [sys.executable, "-X", "dev", "-c", CRASH, str(root)], env=env, capture_output=True, text=True, check=False
        )
    assert "boom" in run.stderr and "Traceback" in run.stderr
    assert leaks(root, run.stdout, run.stderr) == []


@pytest.mark.parametrize("text", ["", "提出新的注意力。", "an sk-learn pipeline", KEY[:7], "kanarien"])
def test_what_holds_no_key_stays_as_it_is(text: str) -> None:
    """Reasons are not cut by accident."""
    assert hide(text, SecretStr(KEY)) == text and hide(text, SecretStr("x")) == text
