"""FakeLlm with a Batch API: files, batches, and all that can become of them."""

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from fakes.llm import FakeLlm, Verdict


class FakeBatchLlm(FakeLlm):
    """A batch ends at the LOOKS-th look at it. fate: what becomes of batch number N (from 1 on), such as "expired".

    spoil: what becomes of a line, by its number in the batch and its papers: None (answered), "error" (a 400), "torn"
    (cut off), "missing" (expired before its turn).
    """

    def __init__(self, verdict: Callable[[str], Verdict] | None = None, *, looks: int = 2) -> None:
        super().__init__(verdict)
        self.looks = looks
        self.fate: Callable[[int], str] = lambda _number: "completed"
        self.spoil: Callable[[int, int], str | None] = lambda _batch, _line: None
        self.said = "bad things"  # why batches and lines fail
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.seen: dict[str, int] = {}
        self.padding = 0  # bytes by which each answer is longer
        self.forget_id = False  # the connection is cut when a batch has been made
        self.status: int | None = None  # answers every request about batches
        self.batched: list[str] = []  # papers of every line of every batch
        self._front = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"fake": self}))
        self._front.daemon_threads = True
        self._front.block_on_close = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._front.server_address[1]}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._front.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return super().__enter__()

    def __exit__(self, *error: Any) -> None:
        self._front.shutdown()
        self._front.server_close()
        super().__exit__(*error)

    def make(self, body: dict[str, Any]) -> dict[str, Any]:
        """A batch over the file that BODY names."""
        number = len(self.batches) + 1
        name = f"batch-{number}"
        made = {
            "id": name, "object": "batch", "endpoint": body["endpoint"], "input_file_id": body["input_file_id"],
            "completion_window": "24h", "status": "validating", "created_at": 1, "metadata": body.get("metadata"),
            "output_file_id": None, "error_file_id": None,
        }  # fmt: skip
        self.batches[name] = made
        return made

    def look(self, name: str) -> dict[str, Any]:
        """The batch as it stands; at its last look it ends."""
        made = self.batches[name]
        self.seen[name] = self.seen.get(name, 0) + 1
        if made["status"] == "validating" and self.seen[name] >= self.looks:
            made["status"] = self.fate(int(name.rpartition("-")[2]))
            if made["status"] in ("completed", "expired"):
                self._answer_all(made, int(name.rpartition("-")[2]))
            elif made["status"] == "failed":
                made["errors"] = {"object": "list", "data": [{"code": "token_limit_exceeded", "message": self.said}]}
        return made

    def _answer_all(self, made: dict[str, Any], number: int) -> None:
        out: list[str] = []
        errors: list[str] = []
        for place, line in enumerate(self.files[made["input_file_id"]].decode().splitlines(), 1):
            job = json.loads(line)
            spoiled = self.spoil(number, place)
            if spoiled == "missing":
                continue
            answer = self.answer(job["body"], {})
            self.batched += self.requests[-1].papers
            row = {"id": place, "custom_id": job["custom_id"], "error": None, "padding": " " * self.padding}
            row["response"] = {"status_code": answer.status, "body": answer.body}
            if spoiled == "error":
                row["response"] = {"status_code": 400, "body": {"error": {"code": "bad_one", "message": self.said}}}
            text = json.dumps(row)
            (errors if spoiled == "error" else out).append(text[: len(text) // 2] if spoiled == "torn" else text)
        self.files["out" + made["id"]] = "\n".join(out).encode()
        self.files["err" + made["id"]] = "\n".join(errors).encode()
        made["output_file_id"] = "out" + made["id"] if out else None
        made["error_file_id"] = "err" + made["id"] if errors else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeBatchLlm

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        fake = self.fake
        if self.path.endswith("/chat/completions"):
            answer = fake.answer(json.loads(data), {name.lower(): value for name, value in self.headers.items()})
            self._send(answer.status, json.dumps(answer.body, ensure_ascii=False).encode())
        elif fake.status is not None:
            self._send(fake.status, b'{"error": {"message": "no such thing"}}')
        elif self.path.endswith("/files"):
            found = re.search(r'boundary="?([^";]+)', self.headers["Content-Type"])
            assert found is not None
            part = next(part for part in data.split(b"--" + found[1].encode()) if b"filename=" in part)
            name = f"file-{len(fake.files)}"
            fake.files[name] = part.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n", 1)[0]
            told = {"id": name, "object": "file", "bytes": 1, "created_at": 1, "filename": "x", "purpose": "batch"}
            self._send(200, json.dumps(told).encode())
        else:
            made = fake.make(json.loads(data))
            if fake.forget_id:
                self.close_connection = True
                return
            self._send(200, json.dumps(made).encode())

    def do_GET(self) -> None:
        fake, parts = self.fake, self.path.partition("?")[0].strip("/").split("/")
        if fake.status is not None:
            self._send(fake.status, b'{"error": {"message": "no such thing"}}')
        elif parts[-1] == "content":
            self._send(200, fake.files[parts[-2]])
        elif parts[-1] == "batches":
            told = {"object": "list", "data": list(fake.batches.values()), "has_more": False}
            self._send(200, json.dumps(told).encode())
        elif parts[-1] in fake.batches:
            self._send(200, json.dumps(fake.look(parts[-1])).encode())
        else:
            self._send(404, b'{"error": {"message": "not found"}}')

    def _send(self, status: int, data: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        """Tests read `requests`."""
