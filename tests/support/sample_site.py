"""The site of the embedded sample, built and served on loopback."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.cli import main
from generator.publish.site.serve import make_server
from generator.settings.config import LOCAL_URL
from support.project import CONFIG, copy_theme


def build_sample(root: Path) -> Path:
    """The site that `demo` makes in ROOT, which is empty, a month after the sample's days."""
    shutil.copy(CONFIG, root / "config.toml")
    copy_theme(root, pages=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARXIV_DAILY_NOW", "2026-02-02T06:00:00Z")
        patch.delenv("GITHUB_REPOSITORY", raising=False)
        assert main(["--root", str(root), "--quiet", "demo"]) == 0
    return root / "site"


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of SITE on loopback, without the last slash."""
    with make_server(site, LOCAL_URL, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
