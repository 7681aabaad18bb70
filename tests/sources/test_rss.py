"""The RSS reader, against a loopback arXiv and hand-made documents."""

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fakes.arxiv import FakeArxiv, fake_paper, papers_of_day

from generator.core.errors import SourceError
from generator.core.names import split_authors
from generator.sources.http import Wire
from generator.sources.rss import RssFeed, read_feed, read_rss
from generator.sources.xml import UnusableError

DAY = "2026-01-08"


@pytest.fixture
def server() -> Iterator[FakeArxiv]:
    with FakeArxiv(papers_of_day(DAY, "cs.AI", "cs.CL", each=2)) as running:
        yield running


def read(server: FakeArxiv, *categories: str) -> RssFeed:
    settings = server.settings(*categories)
    return read_feed(Wire(settings, "arxiv-daily/test"), settings.rss_url, settings.categories)


def test_the_feed_tells_what_is_new(server: FakeArxiv) -> None:
    """Its date is New York's, its papers have no submission time."""
    reading = read(server)
    assert server.requests[0].path == "/rss/cs.AI+cs.CL"
    assert reading.built == dt.date(2026, 1, 8)
    assert [paper.id for paper in reading.new] == ["2601.00001", "2601.00002", "2601.00003", "2601.00004"]
    assert all(paper.submitted is None for paper in reading.new)


def test_the_facts_of_a_paper(server: FakeArxiv) -> None:
    """The abstract begins after its label; LaTeX accents in names become Unicode."""
    server.papers = [
        replace(
            fake_paper("2601.00001", DAY, "cs.CL", "cs.AI"),
            authors=(r"Lo\"ic Magne", "Noah Gie{\\ss}ing", r"Jos\'{e} {de, la} Cruz (MIT, Cambridge)"),
            abstract="Abstract: notions,\nnew ones.",
        )
    ]
    (item,) = read(server).items
    assert item.kind == "new"
    assert item.paper.authors == ("Loïc Magne", "Noah Gießing", "José de, la Cruz")
    assert item.paper.abstract == "Abstract: notions, new ones."
    assert item.paper.categories == ("cs.CL", "cs.AI")


def test_a_cross_list_is_not_new(server: FakeArxiv) -> None:
    """The feed of cs.CL lists a paper of cs.RO as cross-listed."""
    server.papers = [fake_paper("2601.00001", DAY, "cs.RO", "cs.CL")]
    reading = read(server, "cs.CL")
    assert [item.kind for item in reading.items] == ["cross"]
    assert reading.new == ()


def test_an_empty_feed_is_valid(server: FakeArxiv) -> None:
    """On weekends and holidays there is a feed, and nothing in it."""
    server.move_to("2026-01-10T12:00:00Z")
    assert read(server) == RssFeed(dt.date(2026, 1, 10), ())


@pytest.mark.parametrize("kind", ["html", "rate", "truncated", "503", "doctype", "latin1", "404"])
def test_a_feed_that_cannot_be_read_is_an_error(server: FakeArxiv, kind: str) -> None:
    """Never an empty reading."""
    server.fail(kind, channel="rss")
    with pytest.raises(SourceError, match=r"/rss/cs\.AI"):
        read(server)


def rss(body: str, date: str = "<lastBuildDate>Thu, 08 Jan 2026 00:00:00 -0500</lastBuildDate>") -> bytes:
    head = '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    return f"{head}{date}{body}</channel></rss>".encode()


def item(kind: str = "new", paper_id: str = "2601.00001", title: str = "T", category: str = "cs.AI") -> str:
    return (
        f"<item><guid>oai:arXiv.org:{paper_id}v1</guid><title>{title}</title><category>{category}</category>"
        f"<arxiv:announce_type>{kind}</arxiv:announce_type></item>"
    )


def test_a_paper_that_is_listed_twice_is_one_item() -> None:
    """What makes it new goes before what makes it a cross-list."""
    reading = read_rss(rss(item("cross") + item("new") + item("replace")))
    assert [found.kind for found in reading.items] == ["new"]


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (item("newish"), "announce type 'newish'"),
        (item(paper_id="none"), "no arXiv identifier"),
        (item(title=""), "no title"),
        (item(category="12"), "no primary category"),
    ],
)
def test_a_damaged_item_is_reported(broken: str, complaint: str) -> None:
    """The others are read."""
    reading = read_rss(rss(broken + item(paper_id="2601.00002")))
    assert [paper.id for paper in reading.new] == ["2601.00002"]
    assert len(reading.damaged) == 1 and complaint in reading.damaged[0]


@pytest.mark.parametrize(
    "title", ["\u200b", "\u2060 \u200d", "\u3164", "\u2800", "\\,", "$\\,$", "\\textbf{}", "{}", "\\quad"]
)
def test_a_title_that_shows_nothing_is_the_id(title: str) -> None:
    """Or nobody could read it, or click on it."""
    (paper,) = read_rss(rss(item(title=title))).new
    assert paper.title == paper.id


@pytest.mark.parametrize("title", ["?", "$x$", "\u0301a", "中", "\\alpha", "~"])
def test_a_title_of_one_sign_stays(title: str) -> None:
    """However short."""
    (paper,) = read_rss(rss(item(title=title))).new
    assert paper.title != paper.id


@pytest.mark.parametrize(
    ("date", "built"),
    [
        ("<lastBuildDate>Thu, 08 Jan 2026 03:00:00 +0000</lastBuildDate>", dt.date(2026, 1, 7)),
        ("<pubDate>Thu, 08 Jan 2026 05:00:00 -0000</pubDate>", dt.date(2026, 1, 8)),
        ("<lastBuildDate>Wed, 08 Jul 2026 00:00:00 -0400</lastBuildDate>", dt.date(2026, 7, 8)),
    ],
)
def test_the_date_of_the_feed_is_new_yorks(date: str, built: dt.date) -> None:
    """In whatever zone it is written."""
    assert read_rss(rss("", date)).built == built


@pytest.mark.parametrize(
    "content", [rss("", ""), rss("", "<pubDate>tomorrow</pubDate>"), b"<rss/>", b"<feed/>", b"Rate exceeded."]
)
def test_what_is_no_feed(content: bytes) -> None:
    """A document without a date or a channel is refused."""
    with pytest.raises(UnusableError):
        read_rss(content)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("", []),
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("Ada Lovelace,Alan Turing", ["Ada Lovelace", "Alan Turing"]),
        ("Ada (Royal Society, London), Alan ((1) Bletchley, (2) NPL)", ["Ada", "Alan"]),
        ("Ada (1) (2), Alan", ["Ada", "Alan"]),
        ("Robert (Bob) Smith, Ada", ["Robert (Bob) Smith", "Ada"]),
        ("Martin Luther King, Jr., Ada", ["Martin Luther King, Jr.", "Ada"]),
        ("A (B, C, D", ["A", "C", "D"]),
        ("A {B, C) D, E", ["A B", "C D", "E"]),
        ("A), B (C, D)", ["A", "B"]),
        ("(The Team)", ["(The Team)"]),
        ('Ada "the, Countess" L.', ['Ada "the', 'Countess" L.']),
    ],
)
def test_names_are_split_outside_of_brackets(line: str, names: list[str]) -> None:
    """Affiliations fall away; a bracket that matches none damages one name at most."""
    assert split_authors(line) == names


def test_hostile_lines_take_linear_time() -> None:
    """A hundred thousand brackets are split at once."""
    for line in ("(" * 100_000, "(a)" * 50_000, "x" + " " * 100_000 + "(", "{,}" * 50_000, ")" * 100_000):
        started = time.process_time()
        split_authors(line)
        assert time.process_time() - started < 2
