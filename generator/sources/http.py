"""The one polite connection to arXiv, which the API and the RSS share.

arXiv's terms of use (info.arxiv.org/help/api/tou): one connection at a time, at most one request every three seconds,
over all of its services together.
"""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from generator.core.errors import SourceError
from generator.core.text import clean
from generator.settings.config import Arxiv
from generator.sources.xml import UnusableError, excerpt

T = TypeVar("T")

for _package in ("arxiv", "urllib3"):  # their warnings hold strangers' text as it came; what matters we say ourselves
    logging.getLogger(_package).setLevel(logging.CRITICAL)

MAX_BYTES = 32 * 2**20  # a page of 1,000 papers has 3 MB, the RSS of all of cs 5 MB
LONGEST_PAUSE_SECONDS = 120.0  # between two tries, unless arXiv asks for more


def user_agent(version: str, site_url: str) -> str:
    """How we introduce ourselves to arXiv: project, version and where its site is."""
    return f"arxiv-daily/{version} (+{site_url})"


class Wire:
    """The one connection to arXiv of a run.

    Between the end of a request and the start of the next lie at least `delay_seconds`, no answer takes longer than
    `timeout_seconds` in all, and what fails is asked again after growing pauses, or after those that arXiv asks for,
    until `patience_minutes` are used up: failed tries and pauses of the whole run together.
    """

    def __init__(
        self,
        settings: Arxiv,
        agent: str,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._sleep = sleep
        self._clock = clock
        self._free_at = clock()
        self._patience_seconds = settings.patience_minutes * 60
        self._adapter = _CuttableAdapter()
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": agent, "Connection": "close"})
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, self._adapter)

    def get(self, url: str, read: Callable[[bytes], T]) -> T:
        """What READ makes of the body at URL; READ raises UnusableError for a body that is not worth having.

        Raises SourceError when arXiv refuses, or when the patience of the run is used up.
        """
        first = self._clock()
        attempt = 0
        while True:
            attempt += 1
            self._sleep_until(self._free_at)
            began = self._clock()
            try:
                return read(self._fetch(url))
            except UnusableError as failure:
                now = self._clock()
                self._patience_seconds -= now - began
                self._pause(url, failure, attempt, now - first)

    def _pause(self, url: str, failure: UnusableError, attempt: int, tried_seconds: float) -> None:
        """Wait before try number ATTEMPT + 1, or raise SourceError if that would take more than is left."""
        left = self._patience_seconds
        growing = min(max(self._settings.delay_seconds, 0.1) * 2.0 ** min(attempt, 20) / 2, LONGEST_PAUSE_SECONDS)
        pause = max(min(growing, left), failure.retry_after_seconds)
        if left <= 0 or pause > left:
            raise SourceError(_farewell(url, failure, attempt, tried_seconds))
        self._patience_seconds -= pause
        self._sleep(pause)

    def _sleep_until(self, moment: float) -> None:
        if (left := moment - self._clock()) > 0:
            self._sleep(left)

    def _fetch(self, url: str) -> bytes:
        """The body of one answer. Raises UnusableError where another try may help, else SourceError."""
        seconds = self._settings.timeout_seconds
        watch = threading.Timer(seconds, self._adapter.cut, [self._adapter.begin()])
        watch.daemon = True
        watch.start()
        try:
            with self._session.get(url, timeout=seconds, stream=True, allow_redirects=False) as response:
                body = _body(response)
                if not self._adapter.was_cut:
                    _check_status(response, body, url)
        except (OSError, urllib3.exceptions.HTTPError) as error:  # requests' own errors are OSErrors
            if not self._adapter.was_cut:
                raise UnusableError(_explain(error, seconds)) from None
        finally:
            watch.cancel()
            cut = self._adapter.release()
            self._free_at = self._clock() + self._settings.delay_seconds
        if cut:
            raise UnusableError(f"no whole answer within {seconds:g} s")
        return body


class _CuttableAdapter(HTTPAdapter):
    """Knows the socket under way, so that an answer that drips in for ever can be ended from another thread.

    The time-outs of requests count from one received byte to the next. A duplicate of the socket is kept because TLS
    takes the original over; shutting down the duplicate ends the connection of both.
    """

    def __init__(self) -> None:
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._number = 0
        self.was_cut = False
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        note = self._sockets.append

        class PlainConnection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                made = super()._new_conn()
                note(made.dup())
                return made

        class SecureConnection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                made = super()._new_conn()
                note(made.dup())
                return made

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = SecureConnection

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    def begin(self) -> int:
        """The number of the request that starts now."""
        with self._lock:
            self._number += 1
            self.was_cut = False
            return self._number

    def cut(self, number: int) -> None:
        """End request NUMBER, if it is still under way."""
        with self._lock:
            if number != self._number:
                return
            self.was_cut = True
            for known in self._sockets:
                try:
                    known.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster

    def release(self) -> bool:
        """Forget the request that has ended; whether it was cut."""
        with self._lock:
            self._number += 1
            while self._sockets:
                self._sockets.pop().close()
            return self.was_cut


def _body(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(2**16):
        body += chunk
        if len(body) > MAX_BYTES:
            raise UnusableError(f"the answer has more than {MAX_BYTES // 2**20} MB")
    return bytes(body)


def _check_status(response: requests.Response, body: bytes, url: str) -> None:
    status = response.status_code
    if status == 200:
        return
    if status in (408, 429) or status >= 500:
        raise UnusableError(f"HTTP {status} {excerpt(body)}", _retry_after(response.headers))
    if 300 <= status < 400:
        target = clean(response.headers.get("Location", "an address that it does not name"), 200)
        raise SourceError(f"{_place(url)} has moved to {target}; set api_url or rss_url in config.toml")
    raise SourceError(f"{_place(url)} refused the request: HTTP {status} {excerpt(body)}; asking again would not help")


def _retry_after(headers: Any) -> float:
    """The seconds that the header Retry-After asks for, as a number or as a date; 0 where it asks for nothing.

    A date is compared with the answer's own Date: the two clocks need not agree.
    """
    asked = str(headers.get("Retry-After", "")).strip()
    if re.fullmatch(r"\d{1,9}", asked, re.ASCII):
        return float(asked)
    try:
        until, now = (parsedate_to_datetime(text) for text in (asked, headers.get("Date", "")))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _explain(error: Exception, seconds: float) -> str:
    if isinstance(error, requests.Timeout):
        return f"no answer within {seconds:g} s"
    if isinstance(error, requests.exceptions.SSLError):
        return f"no secure connection: {clean(str(error), 200)}"
    if isinstance(error, requests.ConnectionError):
        return f"no connection: {clean(str(error), 200)}"
    return f"the answer broke off: {clean(str(error), 200)}"


def _farewell(url: str, failure: UnusableError, attempts: int, seconds: float) -> str:
    tries = "once" if attempts == 1 else f"{attempts} times"
    span = f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} minutes"
    asked = (
        f"; it asks to wait {failure.retry_after_seconds / 60:.0f} minutes" if failure.retry_after_seconds >= 60 else ""
    )
    return (
        f"{_place(url)} did not answer as it should (tried {tries} in {span}): {failure.reason}{asked}; run again"
        " later, or raise patience_minutes in config.toml"
    )


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}{parts.path}"
