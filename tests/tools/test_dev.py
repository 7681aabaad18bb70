"""`make dev`: what is saved is shown."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from import_graph import PROJECT

pytestmark = pytest.mark.slow


class Preview:
    """A running preview of the project in ROOT."""

    def __init__(self, root: Path, address: str) -> None:
        self.root = root
        self.address = address
        self.state: dict[str, str] = {"known": ""}

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=120) as answer:
            return str(answer.read().decode())

    def next_state(self) -> dict[str, str]:
        """What a browser is told next."""
        self.state = json.loads(self.get(f"dev/state?known={self.state['known']}"))
        return self.state

    def save(self, name: str, change: Callable[[str], str]) -> dict[str, str]:
        """Save a changed file, and wait for the news of it."""
        path = self.root / name
        path.write_text(change(path.read_text()))
        return self.next_state()


@pytest.fixture
def preview(root: Path) -> Iterator[Preview]:
    command = [sys.executable, str(PROJECT / "tests" / "tools" / "dev.py"), "--root", str(root), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        address = next(line.strip() for line in process.stdout if line.startswith("http"))
        shown = Preview(root, address)
        shown.next_state()
        yield shown
        process.terminate()


def test_a_save_is_shown(preview: Preview) -> None:
    """Words, styles and the theme; a fault is told beside the page, and gone with the next save."""
    assert "dev/reload.js" in preview.get("about/")
    assert "location.reload" in preview.get("dev/reload.js")
    before = preview.state["build"]

    assert preview.save("docs/about.md", lambda text: f"{text}\nFirst try.\n")["build"] != before
    assert "First try." in preview.get("about/")

    preview.save("overrides/assets/css/site.css", lambda text: f"{text}\n/* second try */\n")
    assert "second try" in preview.get("assets/css/site.css")

    broken = preview.save("overrides/main.html", lambda text: f"{text}{{% if %}}")
    assert "main.html" in broken["error"]
    mended = preview.save("overrides/main.html", lambda text: text.replace("{% if %}", ""))
    assert not mended["error"]
    assert "Content-Security-Policy" in preview.get("about/")
