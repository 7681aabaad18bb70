"""The one polite connection to arXiv, which the API and the RSS share.

arXiv's terms of use (info.arxiv.org/help/api/tou): one connection at a time, at most one request every three seconds,
over all of its services together.
"""

import logging
import time
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2

from generator.core.errors import ServerFaultError, SourceError
from generator.core.http import open_client, retry_after
from generator.core.text import clean
from generator.settings.config import Arxiv
from generator.sources.xml import UnusableError, quoted_start

T = TypeVar("T")

for _package in ("arxiv", "httpx2", "httpcore2"):  # they log strangers' text as it came; what matters we say ourselves
    logging.getLogger(_package).setLevel(logging.CRITICAL)

MAX_BYTES = 32 * 2**20  # a page of 1,000 papers has 3 MB, the RSS of all of cs 5 MB
PROBED_TRY = 4  # after three answers with 5xx
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
        headers = {"User-Agent": agent, "Connection": "close"}
        seconds = settings.timeout_seconds
        self._client = open_client(
            lambda: httpx2.Client(headers=headers, timeout=seconds), seconds, lambda _answer: MAX_BYTES + 1
        )

    def get(self, url: str, read: Callable[[bytes], T], tries: int | None = None, probe: str | None = None) -> T:
        """What READ makes of the body at URL; READ raises UnusableError for a body that is not worth having.

        Raises SourceError when arXiv refuses, or when the patience of the run is used up; ServerFaultError after TRIES
        answers with 5xx, or after some where an answer to PROBE, asked in place of one try, shows that arXiv is up.
        """
        first = self._clock()
        attempt, faulty = 0, False
        while True:
            attempt += 1
            self._sleep_until(self._free_at)
            began = self._clock()
            try:
                if probe is not None and attempt == PROBED_TRY and faulty:
                    self._fetch(probe)
                    raise ServerFaultError(f"{_place(url)} answers this query with an error, but not other queries")
                return read(self._fetch(url))
            except UnusableError as failure:
                now = self._clock()
                self._patience_seconds -= now - began
                faulty = failure.of_server
                if tries is not None and attempt >= tries and faulty:
                    raise ServerFaultError(_give_up_message(url, failure, attempt, now - first)) from None
                self._pause(url, failure, attempt, now - first)

    def _pause(self, url: str, failure: UnusableError, attempt: int, tried_seconds: float) -> None:
        """Wait before try number ATTEMPT + 1, or raise SourceError if that would take more than is left."""
        left = self._patience_seconds
        growing = min(max(self._settings.delay_seconds, 0.1) * 2.0 ** min(attempt, 20) / 2, LONGEST_PAUSE_SECONDS)
        pause = max(min(growing, left), failure.retry_after_seconds)
        if left <= 0 or pause > left:
            raise SourceError(_give_up_message(url, failure, attempt, tried_seconds))
        self._patience_seconds -= pause
        self._sleep(pause)

    def _sleep_until(self, moment: float) -> None:
        if (left := moment - self._clock()) > 0:
            self._sleep(left)

    def _fetch(self, url: str) -> bytes:
        """The body of one answer. Raises UnusableError where another try may help, else SourceError."""
        try:
            with self._client.stream("GET", url) as response:
                body = _body(response)
                _check_status(response, body, url)
        except httpx2.HTTPError as error:
            raise UnusableError(_explain(error, self._settings.timeout_seconds)) from None
        finally:
            self._free_at = self._clock() + self._settings.delay_seconds
        return body


def _body(response: httpx2.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_bytes(2**16):
        body += chunk
        if len(body) > MAX_BYTES:
            raise UnusableError(f"the answer has more than {MAX_BYTES // 2**20} MB")
    return bytes(body)


def _check_status(response: httpx2.Response, body: bytes, url: str) -> None:
    status = response.status_code
    if status == 200:
        return
    if status in (408, 429) or status >= 500:
        wait = retry_after(response.headers)
        raise UnusableError(f"HTTP {status} {quoted_start(body)}", wait, of_server=status >= 500)
    if 300 <= status < 400:
        target = clean(response.headers.get("Location", "an address that it does not name"), 200)
        raise SourceError(f"{_place(url)} has moved to {target}; set api_url or rss_url in config.toml")
    raise SourceError(
        f"{_place(url)} refused the request: HTTP {status} {quoted_start(body)}; asking again would not help"
    )


def _explain(error: httpx2.HTTPError, seconds: float) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return f"no answer within {seconds:g} s"
    if isinstance(error, httpx2.ConnectError):
        secure = "secure " if "SSL" in str(error) or "CERTIFICATE" in str(error) else ""
        return f"no {secure}connection: {clean(str(error), 200)}"
    return f"the answer broke off: {clean(str(error), 200)}"


def _give_up_message(url: str, failure: UnusableError, attempts: int, seconds: float) -> str:
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
