"""`init`: one's own configuration with its comments, the authority once, no days of others, safe to run twice."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from fake_arxiv import FakeArxiv, papers_of_day

from generator import cli, demo
from generator.config import load
from generator.github import repository
from generator.outputs import read_manifests
from generator.setup import Wishes, ask_all
from generator.store import Store

NOW = "2026-01-08T06:00:00+00:00"
URL = "https://ada.github.io/papers/"


def init(root: Path, *args: str) -> int:
    return cli.main(["init", "--yes", "--root", str(root), *args])


def told(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "config.toml").read_text())


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARXIV_DAILY_NOW", NOW)


def test_a_copy_becomes_a_site_of_ones_own(root: Path) -> None:
    """Title, address, language, categories and fields as told; comments stay; the sample days go, as do their pages."""
    list(demo.make_days(root, load(root / "config.toml", {})))
    comments = [line for line in (root / "config.toml").read_text().splitlines() if line.startswith("# ")]
    field = ["rl", "Reinforcement learning", "Policies and rewards; agents that learn from interaction."]
    args = ["--title", 'Ada\'s "papers"', "--url", URL, "--language", "en", "--categories", "cs.AI", "stat.ML"]
    assert init(root, *args, "--field", *field, "--field", "vision", "Vision", "Images.") == 0
    now = told(root)
    assert now["site"] | {"timezone": ""} == {
        "title": 'Ada\'s "papers"',
        "url": URL,
        "language": "en",
        "timezone": "",
        "authority": "ada.github.io,2026",
    }
    assert now["arxiv"]["categories"] == ["cs.AI", "stat.ML"]
    assert now["fields"] == [
        dict(zip(("slug", "name", "description"), field, strict=True)),
        {"slug": "vision", "name": "Vision", "description": "Images."},
    ]
    assert Store(root / "docs" / "data").dates() == []
    assert not list((root / "docs").glob("days/*/*.md")) and (root / "docs" / "index.md").exists()
    text = (root / "config.toml").read_text()
    assert all(line in text for line in comments if "[[" not in line)


def test_a_second_time_changes_nothing(root: Path) -> None:
    """Neither configuration nor pages; the year of the authority stays that of the first time."""
    assert init(root, "--url", URL, "--categories", "cs.AI") == 0
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert init(root) == 0
    assert init(root, "--url", URL, "--categories", "cs.AI", "--fresh") == 0
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_days_of_ones_own_stay_and_those_of_upstream_go_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--fresh clears what another authority published; run again, or after a move, it clears nothing."""
    with FakeArxiv(papers_of_day("2026-01-08", "cs.AI"), now=NOW) as arxiv:
        config = root / "config.toml"
        endpoints = f'api_url = "{arxiv.api_url}"\nrss_url = "{arxiv.rss_url}"\ndelay_seconds = 0\n'
        config.write_text(config.read_text().replace("[arxiv]\n", f"[arxiv]\n{endpoints}"))
        assert init(root, "--url", "https://upstream.example/") == 0
        assert cli.main(["run", "--root", str(root)]) == 0
        assert init(root, "--url", URL) == 0
        said = capsys.readouterr().out
        assert "1 days are kept" in said and "published under upstream.example: if you forked that site" in said
        assert told(root)["site"]["authority"] == "upstream.example,2026", "a site that moves keeps its ids"
        assert init(root, "--fresh") == 0
        assert "1 days of the site that was copied removed" in capsys.readouterr().out
        assert told(root)["site"]["authority"] == "ada.github.io,2026"
        assert cli.main(["run", "--root", str(root)]) == 0
        assert init(root, "--fresh") == 0
    assert len(Store(root / "docs" / "data").dates()) == 1


def test_a_wish_that_is_no_configuration_changes_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown category is named with the nearest known one."""
    before = (root / "config.toml").read_bytes()
    assert init(root, "--categories", "cs.ai") == 1
    assert "cs.AI" in capsys.readouterr().err
    assert (root / "config.toml").read_bytes() == before


@pytest.mark.parametrize(
    "remote", ["https://github.com/Ada/papers.git", "git@github.com:Ada/papers.git", "ssh://git@github.com/Ada/papers"]
)
def test_the_address_comes_from_the_clone(root: Path, remote: str) -> None:
    """Whoever cloned from GitHub need not type where Pages will show the site."""
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "remote", "add", "origin", remote], check=True)
    assert init(root) == 0
    assert told(root)["site"]["url"] == URL and told(root)["site"]["authority"] == "ada.github.io,2026"


def test_without_an_address_it_says_what_is_missing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The authority waits for the address: it can be set only once."""
    assert init(root) == 0
    assert "no public address is known" in capsys.readouterr().out and told(root)["site"]["authority"] == ""


def test_questions_have_answers_ready(root: Path) -> None:
    """An empty answer takes what is there; fields are asked for until nothing is said."""
    config = load(root / "config.toml", {})
    target = repository({"GITHUB_REPOSITORY": "Ada/ada.github.io"}, root)
    asked: list[str] = []

    def silent(question: str, default: str) -> str:
        asked.append(question)
        return default

    wishes = ask_all(Wishes(title="Mine"), config, target, silent)
    assert wishes == Wishes("Mine", "https://ada.github.io/", "zh", list(config.arxiv.categories), None)
    assert "Name of the site" not in asked
    answers = iter(["T", URL, "en", "cs.AI, cs.LG", "Robot learning", "", "Robots that learn.", ""])
    wishes = ask_all(Wishes(), config, None, lambda _question, default: next(answers) or default)
    assert wishes == Wishes(
        "T", URL, "en", ["cs.AI", "cs.LG"], [("robot-learning", "Robot learning", "Robots that learn.")]
    )


@pytest.mark.parametrize(("said", "fresh"), [("yes", True), ("", False)])
def test_whose_days_there_are_is_asked_where_it_is_not_clear(root: Path, said: str, fresh: bool) -> None:
    """Days under another host are upstream's, or one's own before a move: nobody but the operator knows."""
    config = load(root / "config.toml", {})
    config = config.model_copy(update={"site": config.site.model_copy(update={"authority": "up.example,2026"})})
    asked: list[str] = []

    def ask(question: str, default: str) -> str:
        asked.append(question)
        return said or default if "forked" in question else URL if "address" in question else default

    assert ask_all(Wishes(), config, None, ask, published=9).fresh is fresh
    assert any("9 days were published under up.example" in question for question in asked)
    asked.clear()
    assert not ask_all(Wishes(), config, None, ask).fresh and not any("forked" in question for question in asked)


def test_what_else_stands_in_docs_is_left(root: Path) -> None:
    """Pages that people wrote are theirs; the manifest lists none of them."""
    mine = root / "docs" / "mine.md"
    mine.write_text("# Mine\n")
    list(demo.make_days(root, load(root / "config.toml", {})))
    assert init(root, "--url", URL) == 0
    assert mine.read_text() == "# Mine\n"
    assert "mine.md" not in read_manifests(root / "docs")
