"""Answers without measure, over the true wire, are errors within a bounded memory; names of files stay inside."""

import gzip
import json
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from generator.core.errors import ConfigError, SourceError
from generator.judges.llm import batch_states
from generator.settings.config import WINDOWS_NAMES, Arxiv, parse
from generator.sources.api import ArxivClient
from generator.sources.http import MAX_BYTES, Wire
from generator.sources.rss import read_feed
from generator.sources.xml import MAX_TAGS, UnusableError, xml_root

MOST_MEMORY = 5 * MAX_BYTES
"""Bytes of Python's that a refused answer may take: the body, its parts and what they are put together from."""

ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom">'
Send = Callable[[BaseHTTPRequestHandler], None]


def plain(body: bytes, **headers: str) -> Send:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def endless(part: bytes, *, chunked: bool) -> Send:
    """PART again and again for as long as the other side listens."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response_only(200)
        if chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        while True:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)

    return send


def elements(count: int) -> bytes:
    return ATOM + b"<a/>" * count + b"</feed>"


HOSTILE: dict[str, tuple[Callable[[], Send], str]] = {
    "500 MB in 500 KB of gzip": (
        lambda: plain(gzip.compress(bytes(500 * 2**20), 6), Content_Encoding="gzip"),
        "more than 32 MB",
    ),
    "gzip within gzip": (
        lambda: plain(gzip.compress(gzip.compress(bytes(100 * 2**20))), Content_Encoding="gzip, gzip"),
        "more than 32 MB",
    ),
    "an endless stream": (lambda: endless(b" " * 2**16, chunked=False), "more than 32 MB"),
    "endless chunks": (lambda: endless(b"<entry/>" * 2**13, chunked=True), "more than 32 MB"),
    "a length that lies": (lambda: plain(ATOM, Content_Length="10"), "XML|broke off|no connection"),
    "entities": (lambda: plain(b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + ATOM + b"&b;</feed>"), "document type"),
    "entities in UTF-7": (
        lambda: plain(
            b'<?xml version="1.0"' + b" " * 300 + b'encoding="utf-7"?>+ADwAIQ-DOCTYPE a>' + ATOM + b"</feed>"
        ),
        "XML",
    ),
    "elements by the million": (lambda: plain(elements(MAX_TAGS + 1)), "tags and attributes"),
    "attributes by the million": (
        lambda: plain(ATOM[:-1] + b"".join(b" a%x=''" % number for number in range(MAX_TAGS + 1)) + b"/>"),
        "tags and attributes",
    ),
    "elements in elements": (lambda: plain(ATOM + b"<a>" * 100_000), "broken or truncated"),
    "a name of 20 MB": (lambda: plain(b"<" + b"a" * 20_000_000 + b"/>"), "XML"),
}
"""How an answer is made, by the test that needs it, and what is said of it."""


@contextmanager
def serving(send: Send) -> Iterator[str]:
    """The address of a server that answers everything by SEND."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                send(self)
            except OSError:
                self.close_connection = True  # the other side has heard enough

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


CHANNELS: dict[str, Callable[[Arxiv, Wire], object]] = {
    "api": lambda settings, wire: ArxivClient(settings, wire).papers_by_id(["2601.00001"]),
    "rss": lambda settings, wire: read_feed(wire, settings.rss_url, ["cs.AI"]),
}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("make", "reason"), HOSTILE.values(), ids=list(HOSTILE))
def test_an_answer_without_measure_is_an_error_in_bounded_memory(
    make: Callable[[], Send], reason: str, channel: str
) -> None:
    """Through the client that the program uses: it says what was wrong, and held no more than a few bodies."""
    with serving(make()) as address:
        settings = Arxiv(
            api_url=f"{address}/api", rss_url=f"{address}/rss", delay_seconds=0, patience_minutes=0, timeout_seconds=60
        )
        wire = Wire(settings, "test")
        tracemalloc.start()
        try:
            with pytest.raises(SourceError, match=reason):
                CHANNELS[channel](settings, wire)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < MOST_MEMORY


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/x", "a\x00b", "..\\x", "C:x", "a/b", "", "x" * 300, "\u202ex", ".", ".."]
)
def test_a_name_that_leads_out_is_no_name(name: str, tmp_path: Path) -> None:
    """Of a field, which names pages and feeds; of a batch under way, which names a file."""
    text = f'[[fields]]\nslug = "{name}"\nname = "a"\ndescription = "b"\n'
    with pytest.raises(ConfigError):
        parse(text.replace("\\", "\\\\"), Path("config.toml"), {})
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"mark": name, "profile": "p", "model": "m", "groups": {}}))
    assert batch_states.damaged(tmp_path) == [path]


@pytest.mark.parametrize("name", WINDOWS_NAMES)
def test_a_field_is_not_named_as_no_file_can_be_on_windows(name: str) -> None:
    """Nobody there could clone the repository."""
    with pytest.raises(ConfigError, match="Windows"):
        parse(f'[[fields]]\nslug = "{name}"\nname = "a"\ndescription = "b"\n', Path("config.toml"), {})


def test_what_is_large_and_right_is_read() -> None:
    """The tests above refuse what is too much, not what is much: 100,000 elements of a feed."""
    assert len(xml_root(elements(100_000), "{http://www.w3.org/2005/Atom}feed")) == 100_000
    with pytest.raises(UnusableError):
        xml_root(elements(MAX_TAGS), "{http://www.w3.org/2005/Atom}feed")
