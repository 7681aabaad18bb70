"""What becomes true of a day later: withdrawn picks are marked, changes are said, new versions change nothing."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from support import archive

from generator import cli
from generator.core.i18n import words
from generator.core.model import Coverage, Paper
from generator.records.changes import changes_in_words, is_withdrawn, with_changes

WED, THU, FRI = "2026-01-07", "2026-01-08", "2026-01-09"
LATER = dt.datetime(2026, 1, 8, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("comment", "abstract", "expected"),
    [
        ("This paper has been withdrawn by the author due to an error in Lemma 3", "", True),
        ("Withdrawn", "", True),
        ("withdrawn from arXiv by its authors", "", True),
        (None, "This paper has been withdrawn by arXiv administrators.", True),
        ("Withdrawn from ICLR 2026, now under review elsewhere", "", False),
        ("12 pages", "We study how funds are withdrawn from banks.", False),
        (None, "", False),
    ],
)
def test_a_withdrawal_is_told_from_talk_of_one(comment: str | None, abstract: str, expected: bool) -> None:
    """The comment of a further version says it, or its abstract begins with it; a first version cannot."""
    facts: dict[str, Any] = {"comment": comment, "abstract": abstract}
    paper = archive.paper(1, **facts, updated=LATER)
    assert is_withdrawn(paper) is expected
    assert not is_withdrawn(Paper(**{**paper.model_dump(), **facts, "updated": None}))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"comment": "An error in Theorem 2 was found", "has_pdf": False}, True),
        ({"comment": "v2 was withdrawn by mistake", "has_pdf": False}, True),
        ({"comment": None, "has_pdf": False}, False),
        ({"comment": "v2 was withdrawn because of an error"}, True),
        ({"comment": "v1 was withdrawn because of an error"}, False),
        ({"comment": "12 pages"}, False),
    ],
)
def test_version_and_pdf_tell_more_than_the_comment(facts: dict[str, Any], expected: bool) -> None:
    """A further version with a comment and no PDF is withdrawn, whatever is said; "v2" is this version or it is not."""
    paper = archive.paper(1, updated=LATER)
    assert is_withdrawn(paper.model_copy(update={"version": 2, **facts})) is expected


class Site:
    def __init__(self, root: Path, arxiv: FakeArxiv, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.arxiv, self._monkeypatch = root, arxiv, monkeypatch
        config = root / "config.toml"
        text = config.read_text().replace("[arxiv]\n", "[arxiv]\ndelay_seconds = 0\n")
        config.write_text(text.replace("patience_minutes = 10", "patience_minutes = 0"))
        for name, value in arxiv.env().items():
            monkeypatch.setenv(name, value)

    def run(self, day: str, hour: int = 6) -> int:
        now = f"{day}T{hour:02}:00:00+00:00"
        self.arxiv.move_to(now)
        self._monkeypatch.setenv("ARXIV_DAILY_NOW", now)
        return cli.main(["run", "--root", str(self.root)])

    def record(self, day: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / "docs" / "data" / "2026" / f"{day}.json").read_bytes())
        return found

    def page(self, day: str) -> str:
        return (self.root / "docs" / "days" / "2026" / f"{day}.md").read_text()

    def revise(self, paper_id: str, comment: str) -> None:
        """A second version of a paper, of the evening of THU."""
        at = [paper.id for paper in self.arxiv.papers].index(paper_id)
        self.arxiv.papers[at] = replace(self.arxiv.papers[at], version=2, updated=LATER, comment=comment)


@pytest.fixture
def site(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    papers = [
        *papers_of_day(WED, "cs.AI", "cs.CV", each=6),
        *papers_of_day(THU, "cs.AI", "cs.CV", each=6, first=101),
        *papers_of_day(FRI, "cs.AI", each=6, first=201),
    ]
    with FakeArxiv(papers) as arxiv:
        yield Site(root, arxiv, monkeypatch)


def test_a_withdrawn_pick_is_marked_and_the_page_says_so(site: Site) -> None:
    """The next announcement's run asks about earlier picks: the mark, the change, and nothing else is different."""
    site.run(WED)
    site.run(THU)
    before = site.record(WED)
    gone, revised = before["picks"][0]["paper"]["id"], site.record(THU)["picks"][0]["paper"]["id"]
    site.revise(gone, "This paper has been withdrawn by the authors")
    site.revise(revised, "Camera-ready version")
    assert site.run(FRI) == 0
    after = site.record(WED)
    assert "notes" not in site.record(THU)["picks"][0] and not site.record(THU)["changes"]
    marks = {pick["paper"]["id"]: pick.get("notes") for pick in after["picks"]}
    assert marks[gone] == ["withdrawn"] and not any(marks[paper] for paper in marks if paper != gone)
    assert after["changes"] == [f"{FRI} withdrawn {gone}"]
    assert f"{FRI} {gone} 已撤稿" in site.page(WED)
    for record in (before, after):
        for key in ("changes", "updated"):
            record.pop(key)
        for pick in record["picks"]:
            pick.pop("notes", None)
    assert before == after
    assert gone not in json.dumps(site.record(FRI)), "a new version is no new paper"


def test_arxiv_is_asked_once_an_announcement(site: Site) -> None:
    """Further runs of the day do not ask again, and a day that is marked stays as it is."""
    site.run(WED)
    site.run(THU)
    gone = site.record(WED)["picks"][0]["paper"]["id"]
    site.revise(gone, "withdrawn")
    site.run(FRI)
    asked, record = len(site.arxiv.requests), site.record(WED)
    assert sum("id_list" in request.args for request in site.arxiv.requests) == 2, "on THU and on FRI"
    site.run(FRI, hour=9)
    assert len(site.arxiv.requests) == asked and site.record(WED) == record


def test_an_api_that_is_down_marks_when_it_is_back(site: Site) -> None:
    """The announcement comes from the RSS; the run that completes it from the API asks, and no later one."""
    site.run(WED)
    gone = site.record(WED)["picks"][0]["paper"]["id"]
    site.revise(gone, "withdrawn")
    site.arxiv.fail("503")
    assert site.run(THU) == 2 and not site.record(WED)["changes"]
    site.arxiv.heal()
    assert site.run(THU, hour=9) == 0
    assert site.record(WED)["changes"] == [f"{THU} withdrawn {gone}"]
    asked = len(site.arxiv.requests)
    site.run(THU, hour=12)
    assert len(site.arxiv.requests) == asked


def test_what_completes_a_day_is_no_change() -> None:
    """Its page has announced it; a complete day that is read or judged again says so."""
    full = {"cs.AI": Coverage(expected=9, read=9, state="complete", source="rss")}
    whole = archive.day(coverage=full, unscored=())
    assert with_changes(whole, None, LATER) == whole
    assert with_changes(whole, archive.day(), LATER).changes == ()
    other = whole.model_copy(update={"model": "other", "rest": ()})
    assert with_changes(whole, other, LATER).changes == ("2026-01-08 judged some-model", "2026-01-08 read 1")
    assert with_changes(whole, whole, LATER).changes == ()


def test_changes_are_told_in_the_sites_language() -> None:
    """What is no entry of ours, such as one of a later version, stays as it is."""
    entries = ["2026-01-20 withdrawn 2601.00001", "2026-01-20 judged fake-1", "2026-01-20 read 3", "something else"]
    assert changes_in_words(entries, words("en")) == [
        "2026-01-20 2601.00001 was withdrawn",
        "2026-01-20 judged again by fake-1",
        "2026-01-20 3 more papers read",
        "something else",
    ]
    assert changes_in_words(entries[:1], words("zh")) == ["2026-01-20 2601.00001 已撤稿"]
