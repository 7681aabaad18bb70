"""What every test stands on: no network but loopback, no environment of the machine, a project of its own."""

import functools
import ipaddress
import os
import signal
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpcore2
import pytest
from support.project import copy_project

CONNECTING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
OF_THE_MACHINE = ("OPENAI_", "ARXIV_", "GITHUB_", "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY")


def _is_loopback(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return name in ("localhost", "")


def _forbid_the_network(event: str, args: tuple[object, ...]) -> None:
    """An audit hook: CPython calls it before every connection and name look-up of this process, from any thread.

    pytest.fail raises a BaseException, which no code that waits for network errors takes for one.
    """
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in CONNECTING and isinstance(args[1], tuple):  # a path is a Unix socket
        host = args[1][0]
    else:
        return
    if host is not None and not _is_loopback(host):
        pytest.fail(f"a test went for the network: {event} {host!r}")


sys.addaudithook(_forbid_the_network)


@functools.cache
def _certificates(_file: str | None, _folder: str | None, trust_env: bool) -> ssl.SSLContext:
    return read_certificates(_trust_env=trust_env)


def _certificates_once(*, _trust_env: bool = True) -> ssl.SSLContext:
    """The context that every client of a process shares: a quarter of what a short test costs is reading it."""
    return _certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"), _trust_env)


read_certificates = httpcore2.default_ssl_context
httpcore2.default_ssl_context = _certificates_once


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's keys, endpoints, clock and proxies do not reach the tests."""
    for name in list(os.environ):
        if name.startswith(OF_THE_MACHINE):
            monkeypatch.delenv(name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder as a fresh fork has it, but without any day: configuration, theme, hand-written pages."""
    return copy_project(tmp_path / "project")


@pytest.fixture
def wait_until() -> Callable[[Callable[[], bool]], None]:
    """Wait for a condition; what never comes fails after minutes, which no busy machine needs."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            time.sleep(0.01)

    return wait


@pytest.fixture
def cpu_bound() -> Iterator[None]:
    """End what goes round in circles: after 10 s of this process's own CPU time, however busy the machine is."""

    def strike(*_: object) -> None:
        raise AssertionError("goes round in circles")

    before = signal.signal(signal.SIGVTALRM, strike)
    signal.setitimer(signal.ITIMER_VIRTUAL, 10)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)
