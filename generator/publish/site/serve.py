"""A small server to look at the site on this machine."""

import http.server
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator.core.errors import BuildError
from generator.settings.config import Config


class Handler(http.server.SimpleHTTPRequestHandler):
    """SITE below BASE ("/" or "/name/"), as GitHub Pages would serve it."""

    def __init__(self, *args: Any, site: Path, base: str) -> None:
        self.base = base
        super().__init__(*args, directory=str(site))

    def do_GET(self) -> None:
        if self.path == "/" != self.base:
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", self.base)
            self.end_headers()
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")  # as on GitHub Pages: the data is there for all
        super().end_headers()

    def translate_path(self, path: str) -> str:
        inside = path if path.startswith(self.base) else "/404-not-below-the-base"
        return super().translate_path("/" + inside.removeprefix(self.base))

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = Path(self.directory, "404.html")
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        content = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the base class)
        """Say nothing: a reader's clicks are no news."""


def make_server(
    site: Path, url: str, host: str = "127.0.0.1", port: int = 8000, handler: Callable[..., Handler] = Handler
) -> http.server.ThreadingHTTPServer:
    """A server of SITE, below the path that URL has. Raises BuildError if there is no site or the port is taken."""
    if not (site / "index.html").is_file():
        raise BuildError(f"{site} contains no site; run `arxiv-daily build` first")
    base = urlsplit(url).path.rstrip("/") + "/"
    try:
        return http.server.ThreadingHTTPServer((host, port), partial(handler, site=site, base=base))
    except OSError as error:
        raise BuildError(f"cannot serve on {host}:{port} ({error.strerror or error}); try another --port") from None


def serve(
    root: Path, config: Config, host: str = "127.0.0.1", port: int = 8000, tell: Callable[[str], None] = print
) -> None:
    """Serve ROOT/site until interrupted; TELL its address first."""
    with make_server(root / "site", config.site.url, host, port) as server:
        path = urlsplit(config.site.url).path.rstrip("/")
        tell(f"The site is at http://{host}:{server.server_address[1]}{path}/ (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return
