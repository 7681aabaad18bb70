"""The part of GitHub's REST API that we use, on loopback: issues, the repository, its workflow."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class FakeGithub:
    """One repository, owner/name. A context manager; `issues` may be changed while it runs."""

    def __init__(self) -> None:
        self.about: dict[str, Any] = {"has_pages": True, "has_issues": True}
        self.pages: dict[str, Any] | None = {"build_type": "workflow", "source": {"branch": "main", "path": "/"}}
        self.workflow: dict[str, Any] = {"state": "active"}
        self.runs: list[dict[str, Any]] = [{"created_at": "2026-01-08T05:20:00Z", "conclusion": "success"}]
        self.now = "2026-01-08T23:30:00Z"
        self.issues: list[dict[str, Any]] = []
        self.comments: list[tuple[int, str]] = []
        self.requests: list[tuple[str, str]] = []
        self.status: int | None = None  # answers every request
        self.tokens: set[str] = set()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def env(self) -> dict[str, str]:
        """The environment in which a workflow of the repository runs."""
        return {
            "GITHUB_API_URL": f"http://127.0.0.1:{self._server.server_address[1]}",
            "GITHUB_REPOSITORY": "owner/name",
            "GITHUB_TOKEN": "workflow-token",
        }

    @property
    def open(self) -> list[dict[str, Any]]:
        return [issue for issue in self.issues if issue["state"] == "open"]

    def add(self, title: str, body: str | None, *labels: str, author: str = "somebody") -> dict[str, Any]:
        made = {"number": len(self.issues) + 1, "title": title, "body": body, "state": "open"}
        made |= {"user": {"login": author}, "created_at": self.now}
        made["labels"] = [{"name": label} for label in labels]
        self.issues.append(made)
        return made

    def answer(self, method: str, path: str, sent: dict[str, Any]) -> tuple[int, Any]:
        """Status and body for a request."""
        url = urlsplit(path)
        self.requests.append((method, url.path))
        if self.status is not None:
            return self.status, {"message": "said so"}
        parts = url.path.strip("/").split("/")
        if parts == ["repos", "owner", "name"]:
            return 200, self.about
        if parts[-1] == "pages":
            return (200, self.pages) if self.pages else (404, {"message": "Not Found"})
        if parts[-1] == "runs":
            return 200, {"total_count": len(self.runs), "workflow_runs": self.runs[:1]}
        if parts[3:5] == ["actions", "workflows"]:
            return 200, self.workflow
        assert parts[:4] == ["repos", "owner", "name", "issues"], parts
        if method == "GET":
            return 200, self._listed({key: values[0] for key, values in parse_qs(url.query).items()})
        if len(parts) == 4:
            return 201, self.add(sent["title"], sent["body"], *sent["labels"], author="github-actions[bot]")
        issue = self.issues[int(parts[4]) - 1]
        if parts[5:] == ["comments"]:
            self.comments.append((issue["number"], sent["body"]))
            return 201, {}
        issue.update({key: value for key, value in sent.items() if key in ("state", "body")})
        return 200, issue

    def _listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """The issues that QUERY asks for, newest first."""
        found = self.issues[::-1] if query.get("state") == "all" else self.open[::-1]
        if "creator" in query:
            found = [issue for issue in found if issue["user"]["login"] == query["creator"]]
        if "labels" in query:
            found = [issue for issue in found if query["labels"] in [label["name"] for label in issue["labels"]]]
        return found[: int(query.get("per_page", "30"))]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    fake: FakeGithub


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _do(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = json.loads(self.rfile.read(length)) if length else {}
        self.server.fake.tokens.add(self.headers.get("Authorization", ""))
        status, body = self.server.fake.answer(self.command, self.path, sent)
        data = json.dumps(body).encode()
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = _do  # noqa: N815 (the names that http.server calls)

    def log_message(self, *_args: object) -> None:
        """Tests read `requests`."""
