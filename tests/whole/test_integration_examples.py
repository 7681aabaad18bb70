"""The examples of the page on the data, run as they stand there against a served site.

They need curl, jq, Chromium and pandas (`make setup-integration`); without these the tests are skipped, but in CI they
fail.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from support.project import PROJECT
from support.sample_site import build_sample, served

from generator.settings.config import LOCAL_URL

pytestmark = pytest.mark.integration

BROWSERS = ("chromium", "google-chrome")
QUIET = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def need(there: object, what: str) -> None:
    """Skip the test if WHAT is not there; in CI fail."""
    if not there:
        message = f"{what} is not installed: an example was NOT run"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)


def example(language: str, address: str, holds: str = "") -> str:
    """The one example in LANGUAGE that HOLDS some words, with the address of the site put in."""
    page = (PROJECT / "docs/ops/data.md").read_text(encoding="utf-8")
    (code,) = (code for code in re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL) if holds in code)
    assert LOCAL_URL.rstrip("/") in code
    return str(code).replace(LOCAL_URL.rstrip("/"), address)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site of the sample is served."""
    with served(build_sample(tmp_path_factory.mktemp("examples"))) as there:
        yield there


def output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_curl_and_jq(address: str) -> None:
    """Five papers of the newest day, best first."""
    need(shutil.which("curl") and shutil.which("jq"), "curl or jq")
    rows = [line.split("\t") for line in output("bash", "-euo", "pipefail", "-c", example("sh", address)).splitlines()]
    scores = [float(score) for score, _, _ in rows]
    assert len(rows) == 5 and scores == sorted(scores, reverse=True)
    assert all(re.fullmatch(r"2601\.\d{5}", arxiv_id) and title for _, arxiv_id, title in rows)


def test_pandas(address: str) -> None:
    """A month as a table: the fields of the sample with their counts."""
    need(importlib.util.find_spec("pandas"), "pandas")
    table = output(sys.executable, "-W", "error", "-c", example("python", address, "import pandas"))
    assert "llm-frontier" in table and "count" in table
    assert sum(int(row.split()[1]) for row in table.splitlines()[2:]) == 36


def test_fetch_from_another_origin(address: str, tmp_path: Path) -> None:
    """A page of another site may read the data."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    need(browser, "Chromium")
    (tmp_path / "index.html").write_text("<!doctype html><title>Another site</title>")
    with served(tmp_path) as elsewhere, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=QUIET)
        page = chromium.new_page()
        page.goto(elsewhere)
        page.evaluate("code => (new (async () => {}).constructor(code))()", example("js", address))
        shown = page.inner_text("body")
        chromium.close()
    assert re.match(r"2026-01-08: 12 picks, first \w", shown)
