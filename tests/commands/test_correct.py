"""`correct`: the operator's word on a paper stays, whatever runs after it, and the local judge is told."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from fakes.llm import FakeLlm
from support import archive

from generator import cli
from generator.commands.correct import day_of_paper
from generator.core.errors import ConfigError
from generator.judges.local.training_data import CORRECTED_WEIGHT, Learning, _examples
from generator.records.store import store_of
from generator.settings.config import load

DAY = "2026-01-08"
PICK, OTHER = "2601.00003", "2601.00001"


class Site:
    """A day that a model has judged: every third paper is a pick."""

    def __init__(self, root: Path, arxiv: FakeArxiv) -> None:
        self.root, self.arxiv = root, arxiv

    def run(self, *args: str) -> int:
        return cli.main([args[0], "--root", str(self.root), *args[1:]])

    def correct(self, paper: str, *args: str) -> int:
        return self.run("correct", paper, *args, "--why", "seen it, see below")

    @property
    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / f"docs/data/2026/{DAY}.json").read_bytes())
        return found

    @property
    def picks(self) -> dict[str, Any]:
        return {pick["paper"]["id"]: pick for pick in self.record["picks"]}

    @property
    def page(self) -> str:
        return (self.root / f"docs/days/2026/{DAY}.md").read_text()


def verdict(paper: str) -> tuple[object, object, object]:
    return (8.5, "大模型新技术", "理由") if int(paper[-5:]) % 3 == 0 else (4, "大模型新技术", None)


@pytest.fixture
def site(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    config = root / "config.toml"
    config.write_text(config.read_text().replace("[arxiv]\n", "[arxiv]\ndelay_seconds = 0\n"))
    papers = papers_of_day(DAY, "cs.AI", "cs.CV", each=12)
    with FakeArxiv(papers, now=f"{DAY}T06:00:00Z") as arxiv, FakeLlm(verdict) as llm:
        env = {**arxiv.env(), "OPENAI_BASE_URL": llm.url, "OPENAI_API_KEY": "test-key-1234567890"}
        for name, value in {**env, "ARXIV_DAILY_NOW": f"{DAY}T06:00:00Z"}.items():
            monkeypatch.setenv(name, value)
        made = Site(root, arxiv)
        assert made.run("run", "--date", DAY) == 0
        yield made


def test_a_paper_becomes_a_pick(site: Site) -> None:
    """With facts and abstract from arXiv; the page says that it was corrected, and why."""
    assert site.correct(f"https://arxiv.org/abs/{OTHER}v1", "--score", "9.5", "--field", "agents") == 0
    pick = site.picks[OTHER]
    assert (pick["verdict"]["score"], pick["verdict"]["field"]) == (9.5, "agents") and site.record["picks"][0] == pick
    assert pick["paper"]["authors"] and store_of(site.root).abstracts(store_of(site.root).dates()[0])[OTHER]
    assert OTHER not in {row["id"] for row in site.record["rest"]}
    [kept] = site.record["corrections"]
    assert (kept["id"], kept["before"], kept["why"]) == (OTHER, 4, "seen it, see below")
    assert "本站更正：seen it, see below" in site.page and f"更正 {OTHER}" in site.page


def test_a_pick_goes(site: Site) -> None:
    """Dropped, or given a score below the threshold; a dropped paper is not shown as the best of the rest either."""
    for pick in site.picks:
        assert site.correct(pick, "--drop") == 0
    assert site.picks == {} and PICK in {row["id"] for row in site.record["rest"]}
    assert f"abs/{PICK}" not in site.page and f"abs/{OTHER}" in site.page
    assert site.correct(PICK, "--score", "3") == 0, "the newer word counts"
    assert {row["id"]: row["score"] for row in site.record["rest"]}[PICK] == 3
    assert len(site.record["corrections"]) == 8


@pytest.mark.parametrize("again", ["run", "render", "backfill", "another judge"])
def test_nothing_takes_it_back(site: Site, monkeypatch: pytest.MonkeyPatch, again: str) -> None:
    """A later run, a render, a backfill, and a run of another judge, which judges every paper anew."""
    assert site.correct(OTHER, "--score", "9") == 0
    assert site.correct(PICK, "--drop") == 0
    dates = ("--since", DAY, "--until", DAY)
    if again == "another judge":
        assert site.run("run", "--judge", "offline", "--date", DAY) == 0
        path = site.root / f"docs/data/2026/{DAY}.json"
        path.write_text(path.read_text().replace('"judge": "llm"', '"judge": "offline"', 1))
        assert site.run("run", "--judge", "llm", "--date", DAY) == 0
    else:
        assert site.run(again, *{"run": dates, "backfill": (*dates, "--yes")}.get(again, ())) == 0
    assert OTHER in site.picks and PICK not in site.picks and site.picks[OTHER]["verdict"]["score"] == 9
    assert len(site.record["corrections"]) == 2


def test_the_local_judge_learns_it(site: Site) -> None:
    """A corrected paper weighs as much as several others."""
    config = load(site.root / "config.toml", site.arxiv.env())
    assert site.correct(OTHER, "--score", "9", "--field", "agents") == 0
    store = store_of(site.root)
    day = store.read(store.dates()[0])
    assert day is not None
    learning = Learning(site.root / ".arxiv-daily/learning", store, config, lambda _: [], lambda _: None)
    taught = _examples(learning._taught(day), config)
    [example] = [example for example in taught if example.weight != 1]
    assert (example.field, example.picked, example.weight) == ("agents", True, CORRECTED_WEIGHT)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("nonsense", "--drop"), "is not an arXiv id"),
        ((PICK,), "nothing to correct"),
        ((PICK, "--drop", "--score", "3"), "nothing to correct"),
        ((PICK, "--score", "11"), "scale of 0 to 10"),
        ((PICK, "--score", "nan"), "scale of 0 to 10"),
        ((PICK, "--field", "agent"), "did you mean 'agents'"),
        (("2601.99999", "--drop"), "no day of this site holds"),
    ],
)
def test_what_makes_no_correction_is_named(
    site: Site, capsys: pytest.CaptureFixture[str], args: tuple[str, ...], told: str
) -> None:
    """Nothing is changed."""
    before = site.record
    assert site.correct(*args) == 1
    assert told in capsys.readouterr().err and site.record == before


def test_an_arxiv_that_is_down_changes_nothing(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """A paper that was not picked cannot become a pick without its facts; one that was needs none."""
    site.arxiv.papers = []
    assert site.correct(OTHER, "--score", "9") == 3
    assert "nothing was changed" in capsys.readouterr().err and OTHER not in site.picks
    assert site.correct(PICK, "--score", "10") == 0 and site.picks[PICK]["verdict"]["score"] == 10


@pytest.mark.parametrize("paper", ["2601.00001", "hep-th/9901001"])
def test_a_paper_is_found_by_an_id_of_either_kind(tmp_path: Path, paper: str) -> None:
    """The new kind tells the month, so that older days need not be read; the old kind does not."""
    store = store_of(tmp_path)
    for date in (archive.WEDNESDAY, archive.WEDNESDAY + dt.timedelta(days=1)):
        store.write(archive.day(date, picks=(), rest=(), unscored=(), spared=()), {})
    pick = archive.PICKS[0]
    known = pick.model_copy(update={"paper": pick.paper.model_copy(update={"id": paper})})
    day = archive.day(archive.WEDNESDAY + dt.timedelta(days=2), picks=(known,), rest=(), unscored=(), spared=())
    store.write(day, {})
    assert day_of_paper(store, paper).date == day.date
    with pytest.raises(ConfigError, match="no day of this site holds"):
        day_of_paper(store, "2601.09999")
