"""Bounds that hold, against a server on loopback that sends byte by byte, or without end."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator

import httpx2
import openai
import pytest

from generator.core.errors import ConfigError
from generator.core.http import open_client, retry_after

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
SECONDS = 0.4


@pytest.fixture
def serve() -> Iterator[Callable[[bytes, bytes], str]]:
    """Starts a server that sends its first argument at once and its second over and over, a byte every 20 ms."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def start(at_once: bytes, dripping: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))

        def answer() -> None:
            with listener, listener.accept()[0] as connection:
                connection.recv(65536)
                try:
                    connection.sendall(at_once)
                    while dripping and not stop.wait(0.02):
                        connection.sendall(dripping[:1])
                except OSError:
                    return

        threads.append(threading.Thread(target=answer))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def client(most: int = 1000) -> httpx2.Client:
    return open_client(lambda: httpx2.Client(timeout=SECONDS), SECONDS, lambda _answer: most)


@pytest.mark.parametrize("at_once", [b"HTTP/1.1 200 OK\r\nX: ", HEAD + b"Content-Length: 100000\r\n\r\n"])
def test_an_answer_that_drips_ends_with_its_time(serve: Callable[[bytes, bytes], str], at_once: bytes) -> None:
    """In its head or in its body: every byte comes in time, the whole does not."""
    url = serve(at_once, b"x")
    began = time.monotonic()
    with client() as asked, pytest.raises(httpx2.TimeoutException):
        asked.get(url)
    assert SECONDS * 0.9 < time.monotonic() - began < 20 * SECONDS


def test_the_client_of_the_model_ends_in_time_too(serve: Callable[[bytes, bytes], str]) -> None:
    """The head of an answer drips: openai's client sees a time-out."""
    url = serve(b"HTTP/1.1 200 OK\r\nX: ", b"x")
    http = open_client(lambda: openai.DefaultHttpxClient(timeout=SECONDS), SECONDS, lambda _answer: 1000)
    model = openai.OpenAI(api_key="k", base_url=url, max_retries=0, http_client=http)
    with model, pytest.raises(openai.APITimeoutError):
        model.models.list()


def test_a_connection_that_the_server_has_closed_is_opened_again() -> None:
    """Between two requests, as servers close what is idle: the second one does not fail."""
    with socket.create_server(("127.0.0.1", 0)) as listener, client() as asked:
        answering = threading.Thread(target=_answer_each_once, args=(listener, (b"ok", b"again")))
        answering.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert [asked.get(url).text, asked.get(url).text] == ["ok", "again"]
        answering.join()


def _answer_each_once(listener: socket.socket, answers: Iterable[bytes]) -> None:
    for answer in answers:
        with listener.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(answer) + answer)


def test_of_an_answer_that_is_too_large_only_the_beginning_is_read(serve: Callable[[bytes, bytes], str]) -> None:
    """What does not fit stays in the socket."""
    url = serve(HEAD + b"Content-Length: 5000\r\n\r\n" + b"y" * 5000, b"")
    with client(most=700) as asked, asked.stream("GET", url) as answer:
        assert b"".join(answer.iter_bytes()) == b"y" * 700


def test_an_environment_that_cannot_be_used_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of an unknown kind, a proxy that is no address, certificates that are not there."""
    for name, value, said in [
        ("ALL_PROXY", "socks5://127.0.0.1:9", "pip install socksio"),
        ("HTTPS_PROXY", "nonsense://127.0.0.1:9", "cannot be used"),
        ("SSL_CERT_FILE", "/nowhere/certificates.pem", "SSL_CERT_FILE"),
    ]:
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            with pytest.raises(ConfigError, match=said) as caught:
                client()
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "Thu, 08 Jan 2026 06:01:00 GMT", "date": "Thu, 08 Jan 2026 06:00:00 GMT"}, 60),
        ({"retry-after": "Thu, 08 Jan 2026 05:00:00 GMT", "date": "Thu, 08 Jan 2026 06:00:00 GMT"}, 0),
        ({"retry-after": "Thu, 08 Jan 2026 05:00:00 GMT"}, 0),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float) -> None:
    """A number, a date held against the server's own clock, or nothing."""
    assert retry_after(headers) == seconds
