"""What can go wrong at an operator's site overnight: said clearly, published as far as it goes, rung for, then mended.

Yesterday is published. Today something is wrong: the run says what and what to do, its exit code tells how bad it is,
yesterday's files stay as they are, and after the deadline the alarm's issue is open. When it is mended, the next run
completes the day and the issue is closed; nothing was paid for twice.
"""

import html
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from fakes.github import FakeGithub
from fakes.llm import FakeLlm, error

from generator import cli

WED, THU, FRI = "2026-01-07", "2026-01-08", "2026-01-09"


def verdict(paper: str) -> tuple[object, object, object]:
    return (8, "大模型新技术", "理由") if int(paper[-5:]) % 3 == 0 else (4, None, None)


class Site:
    """A project folder with its arXiv, its model and its repository on GitHub."""

    def __init__(
        self, root: Path, arxiv: FakeArxiv, llm: FakeLlm, github: FakeGithub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root, self.arxiv, self.llm, self.github, self._monkeypatch = root, arxiv, llm, github, monkeypatch
        self.ledger = root / ".arxiv-daily" / "ledger.jsonl"
        self.summary = root / "summary.md"
        config = root / "config.toml"
        text = config.read_text().replace("[arxiv]", "[arxiv]\ndelay_seconds = 0", 1)
        config.write_text(text.replace("patience_minutes = 10", "patience_minutes = 0"))
        self.set(**arxiv.env(), **github.env(), OPENAI_BASE_URL=llm.url, OPENAI_API_KEY="test-key-1234567890")

    def set(self, **env: str) -> None:
        for name, value in env.items():
            self._monkeypatch.setenv(name, value)

    def at(self, now: str, arxiv: str = "") -> None:
        """It is NOW, and for arXiv what ARXIV says, where the two do not agree."""
        self.set(ARXIV_DAILY_NOW=now)
        self.arxiv.move_to(arxiv or now)

    def run(self) -> tuple[int, str]:
        """Exit code and receipt of a run; the alarm is looked at, as the workflow does after it."""
        self.summary.unlink(missing_ok=True)
        code = cli.main(["run", "--root", str(self.root), "--summary", str(self.summary)])
        cli.main(["alarm", "--root", str(self.root)])
        return code, self.summary.read_text()

    def configure(self, before: str, after: str) -> None:
        config = self.root / "config.toml"
        assert before in config.read_text()
        config.write_text(config.read_text().replace(before, after))

    def path(self, day: str) -> Path:
        return self.root / "docs" / "data" / "2026" / f"{day}.json"

    def record(self, day: str) -> dict[str, Any] | None:
        return json.loads(self.path(day).read_bytes()) if self.path(day).exists() else None

    def of_day(self, day: str) -> dict[str, bytes]:
        """What is kept of DAY: its record and the abstracts beside it."""
        return {path.name: path.read_bytes() for path in self.path(day).parent.glob(f"{day}*")}


@pytest.fixture
def site(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    papers = [
        *papers_of_day(WED, "cs.AI", "cs.CV"),
        *papers_of_day(THU, "cs.AI", "cs.CV", each=6, first=101),
        *papers_of_day(FRI, "cs.AI", "cs.CV", first=201),
    ]
    with FakeArxiv(papers) as arxiv, FakeLlm(verdict) as llm, FakeGithub() as github:
        yield Site(root, arxiv, llm, github, monkeypatch)


class Trouble(NamedTuple):
    """What goes wrong, how it is mended, and what is to come of it. unscored: None where today has no record."""

    begin: Callable[[Site], object]
    end: Callable[[Site], object]
    code: int
    says: str
    unscored: int | None


def refused(status: int, code: str, says: str) -> Trouble:
    """The model's provider answers every call with STATUS and CODE."""

    def begin(site: Site) -> None:
        site.llm.fault = lambda _asked: error(status, code, code)

    def end(site: Site) -> None:
        site.llm.fault = lambda _asked: None

    return Trouble(begin, end, 3, says, 0)


def away(kind: str, says: str) -> Trouble:
    """Both channels of arXiv answer with KIND."""

    def begin(site: Site) -> None:
        site.arxiv.fail(kind)
        site.arxiv.fail(kind, channel="rss")

    return Trouble(begin, lambda site: site.arxiv.heal(), 3, says, None)


def damaged(path: Callable[[Site], Path], content: str, says: str) -> Trouble:
    """The file at PATH is replaced by CONTENT; it is mended from a copy, as git or a cache would."""

    def begin(site: Site) -> None:
        shutil.copy(path(site), site.root / "copy")
        path(site).write_text(content)

    def end(site: Site) -> None:
        shutil.copy(site.root / "copy", path(site))

    return Trouble(begin, end, 1, says, None)


def rotten(content: str) -> Trouble:
    """Yesterday's record is replaced by CONTENT: it costs its day, and today's is done."""
    return damaged(lambda site: site.path(WED), content, "2026-01-07")._replace(code=2, unscored=0)


TROUBLES = {
    "revoked key": refused(401, "invalid_api_key", "refuses the key"),
    "spent credit": refused(402, "insufficient_balance", "no credit left"),
    "unknown model": refused(404, "model_not_found", "no model"),
    "model retired overnight": refused(400, "model_decommissioned", "or no more"),
    "spent budget": Trouble(
        lambda site: site.configure("tokens_per_run = 2_000_000", "tokens_per_run = 10"),
        lambda site: site.configure("tokens_per_run = 10", "tokens_per_run = 2_000_000"),
        2,
        "（预算不够）",
        12,
    ),
    "arXiv moved": away("301", "has moved to"),
    "arXiv refuses": away("403", "refused the request"),
    "arXiv is down": away("503", "did not answer as it should"),
    "configuration broken": damaged(lambda site: site.root / "config.toml", "[arxiv]\ncategoris = 1\n", "categoris"),
    "poisoned cache": damaged(lambda site: site.ledger, "poison\n", "ledger"),
    "record cut off by hand": rotten('{"date": '),
    "record of another day": rotten("{}"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_trouble_is_said_rung_for_and_gone_when_it_is_mended(site: Site, name: str) -> None:
    """Nothing of yesterday changes, today is published as far as it goes, one issue; then all is as if nothing was."""
    trouble = TROUBLES[name]
    site.at(f"{WED}T06:00:00+00:00")
    assert site.run()[0] == 0 and len(site.record(WED)["picks"]) == 2  # type: ignore[index]
    before = site.of_day(WED)
    pages = len(list((site.root / "docs").rglob("*.md")))
    site.at(f"{THU}T06:00:00+00:00")
    trouble.begin(site)
    code, said = site.run()
    assert code == trouble.code and trouble.says in html.unescape(said), said
    today = site.record(THU)
    assert (None if today is None else len(today["unscored"])) == trouble.unscored
    assert len(list((site.root / "docs").rglob("*.md"))) >= pages
    site.at(f"{THU}T23:30:00+00:00")
    assert site.run()[0] == trouble.code and len(site.github.open) == 1
    trouble.end(site)
    assert site.run()[0] == 0 and not site.github.open and len(site.github.issues) == 1
    record = site.record(THU)
    assert site.of_day(WED) == before
    assert record and len(record["picks"]) == 4 and not record["unscored"]
    lines = len(site.ledger.read_text().splitlines())
    assert lines <= 6, "a line for each call that was paid, also for the titles of a day's picks, and one to begin with"


def test_a_lost_cache_costs_nothing_that_is_published(site: Site) -> None:
    """What is on record is not asked again; the budget goes on from the records."""
    site.at(f"{WED}T06:00:00+00:00")
    site.run()
    shutil.rmtree(site.ledger.parent)
    site.at(f"{THU}T06:00:00+00:00")
    assert site.run()[0] == 0
    asked, titles_of_picks = site.llm.papers_asked, 6
    assert len(set(asked)) == 18 and len(asked) == 18 + titles_of_picks


def test_a_clock_that_is_a_day_ahead_invents_no_day(site: Site) -> None:
    """Today's papers are read as they should be; tomorrow has no page, and comes when it is announced."""
    site.at(f"{WED}T06:00:00+00:00")
    site.run()
    site.at(f"{FRI}T06:00:00+00:00", arxiv=f"{THU}T06:00:00+00:00")
    code, said = site.run()
    assert code == 2 and f"| {FRI} | 什么都没有读到 |" in said
    assert site.record(FRI) is None and len(site.record(THU)["picks"]) == 4  # type: ignore[index]
    site.at(f"{FRI}T06:00:00+00:00")
    assert site.run()[0] == 0 and len(site.record(FRI)["picks"]) == 2  # type: ignore[index]


def test_a_clock_that_is_a_day_behind_loses_nothing(site: Site) -> None:
    """It looks at yesterday's announcement, which is complete; today's comes when the clock is right."""
    site.at(f"{WED}T06:00:00+00:00")
    site.run()
    before = site.of_day(WED)
    site.at(f"{WED}T07:00:00+00:00", arxiv=f"{THU}T07:00:00+00:00")
    code, said = site.run()
    assert code == 0 and "没有要做的" in said and site.of_day(WED) == before
    site.at(f"{THU}T07:00:00+00:00")
    assert site.run()[0] == 0 and len(site.record(THU)["picks"]) == 4  # type: ignore[index]


def test_a_clock_that_is_behind_on_a_fresh_site_takes_nothing_twice(site: Site) -> None:
    """Yesterday's announcement is read although the feed is of today, whose papers stay today's."""
    site.at(f"{WED}T06:00:00+00:00", arxiv=f"{THU}T06:00:00+00:00")
    site.run()
    site.at(f"{THU}T06:30:00+00:00")
    assert site.run()[0] == 0
    wednesday, thursday = site.record(WED), site.record(THU)
    assert wednesday and thursday and len(wednesday["picks"]) == 2 and len(thursday["picks"]) == 4


def test_a_second_configuration_is_named(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """The one that counts is read, and the run says that the other is not."""
    (site.root / "config.yaml").write_text("site: mine\n")
    (site.root / "config.old.toml").write_text("")
    site.at(f"{WED}T06:00:00+00:00")
    assert site.run()[0] == 0
    said = capsys.readouterr().err
    assert "config.yaml is ignored, config.toml is used" in said and "config.old.toml is ignored" in said
