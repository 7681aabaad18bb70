"""Firefox, steered over its own protocol (Marionette): no driver needs to be installed."""

import itertools
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_PREFERENCES = (
    'user_pref("marionette.port", {port});\n'
    'user_pref("browser.shell.checkDefaultBrowser", false);\n'
    'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
    'user_pref("app.update.enabled", false);\n'
    'user_pref("network.captive-portal-service.enabled", false);\n'
    'user_pref("dom.text_fragments.enabled", true);\n'
)


class Firefox:
    """A session; commands are those of WebDriver."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self._receive()  # it greets
        self.command("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": False}}})

    def command(self, name: str, parameters: dict[str, Any]) -> Any:
        message = json.dumps([0, next(self._numbers), name, parameters]).encode()
        self._connection.sendall(f"{len(message)}:".encode() + message)
        _, _, error, result = self._receive()
        if error:
            raise RuntimeError(f"{name}: {error.get('message')}")
        return result

    def goto(self, url: str) -> None:
        self.command("WebDriver:Navigate", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """What SCRIPT, the body of a function, returns in the page."""
        return self.command("WebDriver:ExecuteScript", {"script": script, "args": list(arguments)})["value"]

    def run_as_browser(self, script: str) -> Any:
        """What SCRIPT returns in the browser's own window."""
        self.command("Marionette:SetContext", {"value": "chrome"})
        try:
            return self.run(script)
        finally:
            self.command("Marionette:SetContext", {"value": "content"})

    def screenshot(self) -> str:
        """The page as PNG in base64."""
        value = self.command("WebDriver:TakeScreenshot", {"full": False, "hash": False})["value"]
        return str(value)

    def _receive(self) -> Any:
        size = b""
        while not size.endswith(b":"):
            size += self._connection.recv(1)
        data = b""
        while len(data) < int(size[:-1]):
            data += self._connection.recv(1 << 16)
        return json.loads(data)


def installed() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


@contextmanager
def firefox(width: int = 1366, height: int = 900) -> Iterator[Firefox]:
    """Firefox without a window, with a new profile."""
    program = installed()
    if not program:
        raise FileNotFoundError("Firefox is not installed")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        Path(profile, "user.js").write_text(_PREFERENCES.format(port=port), encoding="ascii")
        command = [
            program,
            "--headless",
            "--marionette",
            "--remote-allow-system-access",
            "--no-remote",
            "--profile",
            profile,
        ]
        command += [f"--width={width}", f"--height={height}"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            with _connected(port) as connection:
                yield Firefox(connection)
        finally:
            process.terminate()
            process.wait(20)


def _connected(port: int) -> socket.socket:
    until = time.monotonic() + 60
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
