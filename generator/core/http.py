"""HTTP with bounds that hold: an exchange ends when its time is up, and an answer when it is too large.

The time-outs of HTTP libraries count from one received byte to the next; an answer that drips in, in its head or in its
body, can hold a call for ever. Here every read and write of the socket gets what is left of the whole exchange's time.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpcore2
import httpx2

from generator.core.errors import ConfigError

_ends_at: ContextVar[float] = ContextVar("_ends_at")
"""When the exchange that this thread began last is to end (`time.monotonic`)."""

C = TypeVar("C", bound=httpx2.Client)


def open_client(make: Callable[[], C], seconds: float, most_bytes: Callable[[httpx2.Response], int]) -> C:
    """The client that MAKE returns, each of whose exchanges ends after SECONDS in all, answer included.

    Of an answer at most MOST_BYTES are read, as sent. What takes longer raises httpx2.TimeoutException. Raises
    ConfigError where the environment's proxy or certificates cannot be used.
    """
    try:
        client = make()
    except (ImportError, OSError, ValueError, httpx2.InvalidURL) as error:
        raise ConfigError(_explain_environment(error)) from None
    backend = _Backend()
    for transport in (client._transport, *client._mounts.values()):
        if isinstance(transport, httpx2.HTTPTransport):
            transport._pool._network_backend = backend  # the seam has no public name

    def begin(_request: httpx2.Request) -> None:
        _ends_at.set(time.monotonic() + seconds)

    def limit(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Limited(response.stream, most_bytes(response))

    hooks = client.event_hooks
    client.event_hooks = {"request": [*hooks["request"], begin], "response": [*hooks["response"], limit]}
    return client


def _explain_environment(error: Exception) -> str:
    said = " ".join(str(error).split())
    if isinstance(error, ImportError):
        return (
            f"the proxy in ALL_PROXY, HTTPS_PROXY or HTTP_PROXY is of a kind that needs another package ({said});"
            " install it with `pip install socksio`, or unset the variable"
        )
    if isinstance(error, OSError):
        return f"SSL_CERT_FILE or SSL_CERT_DIR names certificates that cannot be read ({said}); correct or unset it"
    return f"the proxy in ALL_PROXY, HTTPS_PROXY or HTTP_PROXY cannot be used ({said}); correct or unset it"


def retry_after(headers: Mapping[str, str]) -> float:
    """The seconds that the header Retry-After asks to wait, a number or a date; 0 where it asks for nothing.

    A date is compared with the answer's own Date: the two clocks need not agree.
    """
    asked = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", asked, re.ASCII):
        return float(asked)
    try:
        until, now = (parsedate_to_datetime(text) for text in (asked, headers.get("date", "")))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _left(timeout: float | None, late: type[httpcore2.TimeoutException]) -> float:
    """What is left for one operation. Raises LATE where the exchange's time is up."""
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise late("the time of the whole exchange is up")
    return left if timeout is None else min(timeout, left)


class _Stream(httpcore2.NetworkStream):
    """A connection whose operations end with the exchange."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout, httpcore2.ConnectTimeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Opens connections whose operations end with the exchange."""

    def __init__(self) -> None:
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(timeout, httpcore2.ConnectTimeout)
        return _Stream(self._inner.connect_tcp(host, port, left, local_address, socket_options))

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Limited(httpx2.SyncByteStream):
    """The first MOST bytes of STREAM."""

    def __init__(self, stream: httpx2.SyncByteStream, most: int) -> None:
        self._stream, self._most = stream, most

    def __iter__(self) -> Iterator[bytes]:
        left = self._most
        for chunk in self._stream:
            yield chunk[:left]
            left -= len(chunk)
            if left <= 0:
                return

    def close(self) -> None:
        self._stream.close()
