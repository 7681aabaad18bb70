"""The part of GitHub's REST API that we use, and what the folder's git says of its repository there."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

import httpx2

from generator.core.errors import ArxivDailyError
from generator.core.escape import log
from generator.core.http import open_client

GITHUB_TIMEOUT_SECONDS = 30
MOST_BYTES_OF_AN_ANSWER = 16 * 2**20  # of one answer
_REMOTE = re.compile(r"github\.com[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$", re.ASCII)


class GithubError(ArxivDailyError):
    """GitHub did not answer as it should; `status` is its HTTP status, None if there was no answer."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Repository(NamedTuple):
    """A repository, and what may speak for it. token: empty where there is none; run: of a workflow, its number."""

    name: str  # OWNER/NAME
    token: str = ""
    api: str = "https://api.github.com"
    server: str = "https://github.com"
    run: str = ""


def repository(env: Mapping[str, str], root: Path) -> Repository | None:
    """The repository as a workflow's environment names it, else as the git of ROOT does; None if neither does."""
    token = env.get("GITHUB_TOKEN", "").strip() or env.get("GH_TOKEN", "").strip()
    api = env.get("GITHUB_API_URL", "").strip() or "https://api.github.com"
    server = env.get("GITHUB_SERVER_URL", "").strip() or "https://github.com"
    name = env.get("GITHUB_REPOSITORY", "").strip() or _of_git(root)
    run = env.get("GITHUB_RUN_ID", "").strip()
    return Repository(name, token, api, server, run) if name else None


def _of_git(root: Path) -> str | None:
    """OWNER/NAME of the remote called origin, if ROOT is the top of a clone from GitHub."""
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "remote", "get-url", "origin"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=GITHUB_TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _REMOTE.search(done.stdout.strip())
    return f"{found[1]}/{found[2]}" if found else None


class Client:
    """GitHub, asked for one REPOSITORY. A context manager."""

    def __init__(self, target: Repository) -> None:
        self._base = f"{target.api}/repos/{target.name}"
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if target.token:
            headers["Authorization"] = f"Bearer {target.token}"
        self._client = open_client(
            lambda: httpx2.Client(headers=headers, timeout=GITHUB_TIMEOUT_SECONDS),
            GITHUB_TIMEOUT_SECONDS,
            lambda _answer: MOST_BYTES_OF_AN_ANSWER,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    def call(self, method: str, path: str, **request: Any) -> Any:
        """The JSON that METHOD on PATH, below the repository, answers. Raises GithubError."""
        url = self._base + path
        try:
            answer = self._client.request(method, url, **request)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise GithubError(f"GitHub could not be reached: {log(str(error))}") from None
        status = answer.status_code
        if not 200 <= status < 300:
            raise GithubError(f"GitHub answered {status} to {method} {log(url)}: {log(answer.text, 120)}", status)
        try:
            return answer.json()
        except ValueError:
            raise GithubError(f"GitHub's answer to {method} {log(url)} is no JSON", status) from None


def pages_from_branch(client: Client) -> str | None:
    """The branch that Pages shows; None where it shows what a workflow deploys, or where GitHub does not tell."""
    try:
        pages = client.call("GET", "/pages")
    except GithubError:  # a private repository, and a token that may not read it
        return None
    source = pages.get("source") or {}
    return str(source.get("branch") or "") if pages.get("build_type") == "legacy" else None
