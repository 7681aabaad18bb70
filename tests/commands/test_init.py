"""`init`: one's own configuration with its comments, the authority once, no days of others, safe to run twice."""

import datetime as dt
import io
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from support.project import PROJECT

from generator import cli
from generator.commands import demo
from generator.commands.github import repository
from generator.commands.init import InitOptions, ask_all
from generator.judges.local.keywords import low_interest_in_fields
from generator.publish.manifest import read_manifests
from generator.records.store import Store
from generator.settings.config import load
from generator.settings.presets import load_preset, preset_names

NOW = "2026-01-08T06:00:00+00:00"
URL = "https://ada.github.io/papers/"


def init(root: Path, *args: str) -> int:
    return cli.main(["init", "--yes", "--root", str(root), *args])


def told(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "config.toml").read_text())


def publish(root: Path, arxiv: FakeArxiv, url: str, authority: str | None = None) -> None:
    """A day, published by the site at URL."""
    config = root / "config.toml"
    endpoints = f'api_url = "{arxiv.api_url}"\nrss_url = "{arxiv.rss_url}"\ndelay_seconds = 0\n'
    config.write_text(config.read_text().replace("[arxiv]\n", f"[arxiv]\n{endpoints}"))
    assert init(root, "--url", url) == 0
    if authority is not None:
        made = told(root)["site"]["authority"]
        config.write_text(config.read_text().replace(f'authority = "{made}"', f'authority = "{authority}"'))
    assert cli.main(["run", "--root", str(root)]) == 0


def origin(root: Path, remote: str) -> None:
    subprocess.run(["git", "init", "--quiet", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "remote", "add", "origin", remote], check=True)


def fine(_wishes: InitOptions) -> str:
    """Finds nothing wrong."""
    return ""


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
        "authority": "ada.github.io,2026:papers",
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
    """--fresh clears what another authority published; run again it clears nothing, and says why."""
    with FakeArxiv(papers_of_day("2026-01-08", "cs.AI"), now=NOW) as arxiv:
        publish(root, arxiv, "https://upstream.example/")
        assert init(root, "--url", URL) == 0
        said = capsys.readouterr().out
        assert "1 day kept" in said and "published under upstream.example: if you forked that site" in said
        assert told(root)["site"]["authority"] == "upstream.example,2026", "a site that moves keeps its ids"
        assert init(root, "--fresh") == 0
        assert "1 day of the site that was copied removed" in capsys.readouterr().out
        assert told(root)["site"]["authority"] == "ada.github.io,2026:papers"
        assert cli.main(["run", "--root", str(root)]) == 0
        assert init(root, "--fresh") == 1
        assert f"the 1 day here is of {URL}" in capsys.readouterr().err
    assert len(Store(root / "docs" / "data").dates()) == 1


def test_fresh_that_was_stopped_midway_is_gone_on_with(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while the days of the other site go: they are not taken for this site's own the next time."""
    list(demo.make_days(root, load(root / "config.toml", {})))
    store = Store(root / "docs" / "data")
    for date in store.dates():
        day = store.read(date)
        assert day is not None
        store.write(day.model_copy(update={"sample": False}), {})
    removed: list[dt.date] = []

    def stopped(self: Store, date: dt.date) -> None:
        if removed:
            raise KeyboardInterrupt
        removed.append(date)
        remove(self, date)

    remove = Store.remove
    monkeypatch.setattr(Store, "remove", stopped)
    assert init(root, "--url", URL, "--fresh") == 130 and days(root) == 2
    monkeypatch.setattr(Store, "remove", remove)
    assert init(root, "--url", URL, "--fresh") == 0 and days(root) == 0
    assert told(root)["site"]["authority"] == "ada.github.io,2026:papers"


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(papers_of_day("2026-01-08", "cs.AI"), now=NOW) as server:
        yield server


def days(root: Path) -> int:
    return len(Store(root / "docs" / "data").dates())


def test_a_fork_takes_the_address_of_its_own_repository(
    root: Path, arxiv: FakeArxiv, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --url, too: upstream's address on GitHub is not kept, and with --fresh neither are its days and ids."""
    publish(root, arxiv, "https://up.github.io/arxiv-daily/")
    origin(root, "https://github.com/ada/papers.git")
    assert init(root, "--title", "Ada") == 0
    said = capsys.readouterr()
    assert told(root)["site"]["url"] == URL and URL in said.err
    assert "published under up.github.io/arxiv-daily: if you forked that site" in said.out and days(root) == 1
    assert init(root, "--fresh") == 0
    assert told(root)["site"]["authority"] == "ada.github.io,2026:papers" and days(root) == 0


@pytest.mark.parametrize(
    "url", ["https://papers.ada.example/", "https://ada.github.io/", "https://ada.github.io/elsewhere/"]
)
def test_an_address_of_ones_own_is_kept(root: Path, url: str) -> None:
    """A domain, or pages of the same owner: what no option names stays."""
    assert init(root, "--url", url) == 0
    origin(root, "https://github.com/ada/papers.git")
    assert init(root, "--title", "Ada") == 0
    assert told(root)["site"]["url"] == url


@pytest.mark.parametrize("authority", [None, "ada.github.io,2026"])
def test_a_second_site_of_one_owner_begins_anew(root: Path, arxiv: FakeArxiv, authority: str | None) -> None:
    """--fresh knows a copy by the path of its address, and the feeds' ids of both sites differ."""
    publish(root, arxiv, "https://ada.github.io/first/", authority)
    first = (root / "docs" / "atom.xml").read_text()
    assert f"tag:{authority or 'ada.github.io,2026:first'}:digest/2026-01-08" in first
    assert init(root, "--url", "https://ada.github.io/second/", "--fresh") == 0
    assert days(root) == 0 and told(root)["site"]["authority"] == "ada.github.io,2026:second"


def test_fresh_that_removes_nothing_says_why(root: Path, arxiv: FakeArxiv, capsys: pytest.CaptureFixture[str]) -> None:
    """Where config.toml still has upstream's address, or none, nobody knows whose the days are: nothing is changed."""
    publish(root, arxiv, URL)
    before = (root / "config.toml").read_bytes()
    assert init(root, "--title", "Mine", "--fresh") == 1
    assert "Name your own address: --url URL" in capsys.readouterr().err
    assert (root / "config.toml").read_bytes() == before and days(root) == 1


def test_days_that_were_published_without_an_authority_keep_their_ids(root: Path, arxiv: FakeArxiv) -> None:
    """What `init` writes down is what their ids begin with."""
    publish(root, arxiv, URL, "")
    ids = re.findall("tag:[^<]*", (root / "docs" / "atom.xml").read_text())
    assert init(root) == 0
    assert told(root)["site"]["authority"] == "ada.github.io,2026:papers"
    assert re.findall("tag:[^<]*", (root / "docs" / "atom.xml").read_text()) == ids


def test_a_host_in_another_script_is_written_in_ascii(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One that no id can hold is an error that names the address, not what `init` makes of it."""
    assert init(root, "--url", "https://例え.jp/") == 0
    assert told(root)["site"]["authority"] == "xn--r8jz45g.jp,2026"
    assert init(root, "--url", "https://例え.jp/") == 0
    assert "if you forked" not in capsys.readouterr().out
    config = root / "config.toml"
    config.write_text(re.sub('authority = ".*"', 'authority = ""', config.read_text()))
    for url in ("https://my_host.example/", "https://[2001:db8::1]/"):
        assert init(root, "--url", url) == 1
        told_error = capsys.readouterr().err
        assert "site.url: the host" in told_error and "set authority in [site]" in told_error


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
    origin(root, remote)
    assert init(root) == 0
    assert told(root)["site"]["url"] == URL and told(root)["site"]["authority"] == "ada.github.io,2026:papers"


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

    wishes = ask_all(InitOptions(title="Mine"), config, target, silent, fine)
    assert wishes == InitOptions("Mine", "https://ada.github.io/", "zh", list(config.arxiv.categories), None)
    assert "Name of the site" not in asked
    answers = iter(["T", URL, "en", "", "cs.AI, cs.LG", "Robot learning", "", "Robots that learn.", "", ""])
    wishes = ask_all(InitOptions(), config, None, lambda _question, default: next(answers) or default, fine)
    assert wishes == InitOptions(
        "T", URL, "en", ["cs.AI", "cs.LG"], [("robot-learning", "Robot learning", "Robots that learn.")]
    )


class Terminal(io.StringIO):
    """Somebody types LINES, then the end of input (Ctrl-D)."""

    def isatty(self) -> bool:
        return True


def test_a_wrong_answer_is_asked_for_again(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At once and with the reason: no other answer is lost; a name without Latin letters has a slug ready."""
    answers = [
        "Mine",
        "ada.github.io",
        URL,
        "fr",
        "EN",
        "astro",
        "",
        "cs.ai",
        "cs.AI stat.ML",
        "强化学习",
        "",
        "RL",
        "机器人",
        "a b",
        "robot",
    ]
    monkeypatch.setattr("sys.stdin", Terminal("\n".join([*answers, "Robots", "", "", ""])))
    assert cli.main(["init", "--root", str(root)]) == 0
    now = told(root)
    assert (now["site"]["title"], now["site"]["url"], now["site"]["language"]) == ("Mine", URL, "en")
    assert now["arxiv"]["categories"] == ["cs.AI", "stat.ML"]
    assert [tuple(field.values()) for field in now["fields"]] == [
        ("field-1", "强化学习", "RL"),
        ("robot", "机器人", "Robots"),
    ]
    said = capsys.readouterr().out
    for part in (
        "is not a URL such as",
        "is none of en, zh",
        "did you mean 'cs.AI'",
        "did you mean 'astrophysics'",
        "[field-1]",
        "fields[1].slug",
    ):
        assert part in said, part


def test_the_end_of_input_writes_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-D is no Enter for all that is left."""
    before = (root / "config.toml").read_bytes()
    monkeypatch.setattr("sys.stdin", Terminal("Mine\n"))
    assert cli.main(["init", "--root", str(root)]) == 1
    assert "nothing was changed" in capsys.readouterr().err
    assert (root / "config.toml").read_bytes() == before


def test_without_a_terminal_nothing_is_asked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no option names stays as it is, as with --yes."""
    monkeypatch.setattr("sys.stdin", io.StringIO("Mine\n"))
    before = told(root)
    assert cli.main(["init", "--root", str(root)]) == 0
    assert told(root) == before


@pytest.mark.parametrize(("said", "fresh"), [("yes", True), ("", False)])
def test_whose_days_there_are_is_asked_where_it_is_not_clear(root: Path, said: str, fresh: bool) -> None:
    """Days under another host are upstream's, or one's own before a move: nobody but the operator knows."""
    config = load(root / "config.toml", {})
    config = config.model_copy(update={"site": config.site.model_copy(update={"authority": "up.example,2026"})})
    asked: list[str] = []

    def ask(question: str, default: str) -> str:
        asked.append(question)
        return said or default if "forked" in question else URL if "address" in question else default

    assert ask_all(InitOptions(), config, None, ask, fine, published=9).fresh is fresh
    assert any("9 days were published under up.example" in question for question in asked)
    asked.clear()
    assert not ask_all(InitOptions(), config, None, ask, fine).fresh and not any(
        "forked" in question for question in asked
    )


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_brings_fields_low_interests_examples_and_categories(root: Path, name: str) -> None:
    """Nothing of another discipline stays; no low interest is a word of a field; a second time changes nothing."""
    assert init(root, "--url", URL, "--preset", name) == 0
    before = (root / "config.toml").read_bytes()
    config, preset = load(root / "config.toml", {}), load_preset(name)
    assert (config.fields, config.low_interest, config.examples) == (
        preset.fields, preset.low_interest, preset.examples,
    )  # fmt: skip
    assert config.arxiv.categories == preset.categories
    assert not low_interest_in_fields(config)
    assert init(root, "--preset", name) == 0
    assert (root / "config.toml").read_bytes() == before


def test_a_preset_leaves_what_is_asked_to_stay(root: Path) -> None:
    """Categories of one's own and, on purpose, what is of low interest."""
    low = told(root)["low_interest"]
    assert init(root, "--preset", "astrophysics", "--keep-low-interest", "--categories", "gr-qc") == 0
    assert told(root)["low_interest"] == low and told(root)["arxiv"]["categories"] == ["gr-qc"]
    assert low_interest_in_fields(load(root / "config.toml", {}))["x-ray"] == ["compact-objects"]


def test_new_fields_take_the_low_interests_of_the_old_away(root: Path) -> None:
    """And their examples: what bored one discipline may be the heart of another."""
    field = ["--field", "stars", "Stars", "Stellar evolution and X-ray binaries."]
    assert init(root, *field) == 0
    assert "low_interest" not in told(root) and "examples" not in told(root)


def test_an_unknown_preset_is_named_with_the_nearest(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And changes nothing, as do fields that are named twice."""
    before = (root / "config.toml").read_bytes()
    assert init(root, "--preset", "astrophysic") == 1
    assert "did you mean 'astrophysics'?" in capsys.readouterr().err
    assert init(root, "--preset", "mathematics", "--field", "a", "A", "words") == 1
    assert "use one of them" in capsys.readouterr().err
    assert (root / "config.toml").read_bytes() == before


def test_what_else_stands_in_docs_is_left(root: Path) -> None:
    """Pages that people wrote are theirs; the manifest lists none of them."""
    mine = root / "docs" / "mine.md"
    mine.write_text("# Mine\n")
    list(demo.make_days(root, load(root / "config.toml", {})))
    assert init(root, "--url", URL) == 0
    assert mine.read_text() == "# Mine\n"
    assert "mine.md" not in read_manifests(root / "docs")


def test_piped_answers_are_read(root: Path) -> None:
    """As if somebody typed them; where nothing is piped, nothing is asked."""
    command = [sys.executable, "-m", "generator", "init", "--root", str(root)]
    answers = "Ada's papers\nhttps://ada.github.io/papers/\nen\n\ncs.AI stat.ML\n\n"
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, input=answers, text=True, capture_output=True, env=env, check=False)
    assert done.returncode == 0, done.stderr
    assert told(root)["site"]["title"] == "Ada's papers"
    assert told(root)["arxiv"]["categories"] == ["cs.AI", "stat.ML"]
    before = (root / "config.toml").read_bytes()
    for given in ("", "Only a title\n"):
        done = subprocess.run(command, input=given, text=True, capture_output=True, env=env, check=False)
        assert done.returncode == (1 if given else 0)
        assert (root / "config.toml").read_bytes() == before
