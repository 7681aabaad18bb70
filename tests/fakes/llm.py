"""An OpenAI-compatible endpoint on loopback, for tests with the real client: verdicts by a function, faults by another.

>>> with FakeLlm(lambda paper: (8, "大模型新技术", "新的解码范式。")) as llm:
...     llm.fault = lambda asked: error(429, "rate_limit", "slow down") if asked.number == 1 else None
...     environment = {"OPENAI_BASE_URL": llm.url}
"""

import json
import math
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple, Self

from generator.core.model import ARXIV_ID

Verdict = tuple[object, object, object]
"""score, name of the field, reason: of any type, for a model may send anything."""


class Asked(NamedTuple):
    """One request: its number from 1 on, the papers it is about, its JSON and its headers (lower case)."""

    number: int
    papers: list[str]
    body: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def format(self) -> str:
        return str((self.body.get("response_format") or {}).get("type", "text"))

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def titles_only(self) -> bool:
        """Whether the papers are to be judged by their titles."""
        return self.user.count("(no abstract)") == len(self.papers) > 0

    @property
    def user(self) -> str:
        return str(self.body["messages"][-1]["content"])


class Answer(NamedTuple):
    """What goes over the wire in place of the usual answer. drip_seconds: pause after every byte."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = {}
    hang_seconds: float = 0
    drip_seconds: float = 0


class FakeLlm:
    """The endpoint. `requests` holds all that was asked; tokens are counted as four characters each."""

    def __init__(
        self, verdict: Callable[[str], Verdict] | None = None, *, delay_seconds: float = 0, model: str = "fake-1"
    ) -> None:
        self.verdict = verdict or (lambda _paper: (3, None, None))
        self.fault: Callable[[Asked], Answer | None] = lambda _asked: None
        self.delay_seconds = delay_seconds
        self.model = model
        self.requests: list[Asked] = []
        self.busiest = 0
        self._under_way = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self

    @property
    def url(self) -> str:
        """What OPENAI_BASE_URL is to be."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def papers_asked(self) -> list[str]:
        """Every paper of every request, in the order of asking."""
        return [paper for asked in self.requests for paper in asked.papers]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: dict[str, Any], headers: Mapping[str, str]) -> Answer:
        papers = re.findall(rf"(?m)^(?:id: )?({ARXIV_ID})$", str(body["messages"][-1]["content"]))
        with self._lock:
            asked = Asked(len(self.requests) + 1, papers, body, headers)
            self.requests.append(asked)
            self._under_way += 1
            self.busiest = max(self.busiest, self._under_way)
        try:
            time.sleep(self.delay_seconds)
            return self.fault(asked) or Answer(body=self.completion(asked, self.content(papers)))
        finally:
            with self._lock:
                self._under_way -= 1

    def item(self, paper: str) -> dict[str, object]:
        """What the answer says of PAPER."""
        score, field, reason = self.verdict(paper)
        return {"id": paper, "score": score, "field": field, "reason": reason}

    def content(self, papers: Sequence[str]) -> str:
        return json.dumps({"papers": [self.item(paper) for paper in papers]}, ensure_ascii=False)

    def misplaced(self, asked: Asked) -> Answer:
        """The usual answer, with every item's id moved to the next paper."""
        ids = asked.papers[1:] + asked.papers[:1]
        items = [{**self.item(paper), "id": name} for paper, name in zip(asked.papers, ids, strict=True)]
        return Answer(body=self.completion(asked, json.dumps({"papers": items}, ensure_ascii=False)))

    def completion(self, asked: Asked, content: object, finish: str = "stop", **message: object) -> dict[str, Any]:
        """A whole chat completion with CONTENT as the model's words."""
        read, written = math.ceil(len(asked.system + asked.user) / 4), math.ceil(len(str(content)) / 4)
        said = {"role": "assistant", "content": content, **message}
        return {
            "id": f"fake-{asked.number}",
            "object": "chat.completion",
            "created": 0,
            "model": self.model,
            "choices": [{"index": 0, "finish_reason": finish, "message": said}],
            "usage": {
                "prompt_tokens": read,
                "completion_tokens": written,
                "total_tokens": read + written,
                "prompt_tokens_details": {"cached_tokens": len(asked.system) // 4 if asked.number > 1 else 0},
            },
        }


def error(status: int, code: str, message: str, **headers: str) -> Answer:
    """An error as the providers send it."""
    return Answer(status, {"error": {"message": message, "type": code, "code": code}}, headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 100
    fake: FakeLlm


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.fake.answer(body, {name.lower(): value for name, value in self.headers.items()})
        data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body, ensure_ascii=False).encode()
        time.sleep(answer.hang_seconds)
        try:
            self.send_response_only(answer.status)  # without a date of today
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if answer.drip_seconds:
                for number in range(len(data)):
                    self.wfile.write(data[number : number + 1])
                    time.sleep(answer.drip_seconds)
            else:
                self.wfile.write(data)
        except OSError:
            self.close_connection = True  # the client had enough of it

    def log_message(self, *_args: object) -> None:
        """Tests read `requests`."""
