"""The API's client and the connection beneath it, against a loopback arXiv with faults."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes.arxiv import FakeArxiv, fake_paper, papers_of_day

import generator
from generator.core.calendar import announcement
from generator.core.errors import SourceError
from generator.core.model import Paper
from generator.settings.config import Arxiv
from generator.sources import api as arxiv_api
from generator.sources.api import ApiAnswer, ArxivClient, read_atom
from generator.sources.http import Wire, user_agent
from generator.sources.xml import UnusableError

DAY = "2026-01-08"
CATEGORIES = ("cs.AI", "cs.CL")
SAMPLE = Path(generator.__file__).parent / "sample"


class Watch:
    """A clock that only sleeping moves on."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


@pytest.fixture
def server() -> Iterator[FakeArxiv]:
    with FakeArxiv(papers_of_day(DAY, *CATEGORIES)) as running:
        yield running


def client(settings: Arxiv, watch: Watch | None = None) -> ArxivClient:
    watch = watch or Watch()
    return ArxivClient(settings, Wire(settings, "arxiv-daily/test", watch.sleep, watch.clock))


def read_day(settings: Arxiv, watch: Watch | None = None, day: str = DAY) -> ApiAnswer:
    _, start, end = announcement(dt.date.fromisoformat(day))
    return client(settings, watch).papers_in_window(settings.categories, start, end)


def ids(answer: ApiAnswer) -> list[str]:
    return [paper.id for paper in answer.papers]


ALL = [f"2601.0000{number}" for number in range(1, 7)]


def test_a_window_gives_its_papers_in_the_order_of_submission(server: FakeArxiv) -> None:
    """Papers of other windows and other categories stay away."""
    server.papers += [fake_paper("2601.00008", "2026-01-07"), fake_paper("2601.00009", DAY, "cs.RO")]
    assert ids(read_day(server.settings())) == ALL


def test_the_query_is_in_twelve_digits_of_gmt(server: FakeArxiv) -> None:
    """Other forms are refused by arXiv since November 2025."""
    read_day(server.settings())
    args = server.requests[0].args
    assert args["search_query"] == "(cat:cs.AI OR cat:cs.CL) AND submittedDate:[202601061900 TO 202601071900]"
    assert (args["sortBy"], args["sortOrder"]) == ("submittedDate", "ascending")


def test_a_version_without_a_pdf_is_told_from_an_answer_without_any(server: FakeArxiv) -> None:
    """Withdrawn versions lack the link; arXiv has left it out of whole answers, which tells nothing."""
    server.papers[0] = replace(server.papers[0], version=3, updated=server.papers[0].submitted, has_pdf=False)
    read = {paper.id: (paper.version, paper.has_pdf) for paper in client(server.settings()).papers_by_id(ALL).papers}
    assert read.pop(server.papers[0].id) == (3, False) and set(read.values()) == {(1, True)}
    server.papers = [replace(paper, has_pdf=False) for paper in server.papers]
    assert all(paper.has_pdf for paper in client(server.settings()).papers_by_id(ALL).papers)


def test_the_minute_at_the_end_belongs_to_the_next_window(server: FakeArxiv) -> None:
    """A window holds its first moment and not its last; no paper is in two."""
    _, start, end = announcement(dt.date.fromisoformat(DAY))
    first = replace(fake_paper("2601.00010", DAY), submitted=start)
    beyond = replace(fake_paper("2601.00011", DAY), submitted=end)
    last = replace(fake_paper("2601.00012", DAY), submitted=end - dt.timedelta(seconds=1))
    server.papers = [first, beyond, last]
    assert ids(read_day(server.settings())) == ["2601.00010", "2601.00012"]


def test_the_facts_of_a_paper(server: FakeArxiv) -> None:
    """TeX accents become Unicode, line breaks spaces; primary category first, no ACM and MSC classes."""
    server.papers = [
        replace(
            fake_paper("2601.00001", DAY),
            title="On  G\\\"odel's\n $\\alpha$",
            authors=('K. G{\\"o}del', "Émilie du Châtelet"),
            abstract="One line,\nanother\u200b  line.",
            categories=("cs.CL", "cs.AI", "cs.CL", "68T07", "I.2.7"),
            comment="12 pages,\n 3 figures",
            version=2,
            updated=dt.datetime(2026, 1, 7, 23, 0, tzinfo=dt.UTC),
        )
    ]
    (paper,) = read_day(server.settings()).papers
    assert paper == Paper(
        id="2601.00001",
        title="On Gödel's $\\alpha$",
        authors=("K. Gödel", "Émilie du Châtelet"),
        abstract="One line, another line.",
        categories=("cs.CL", "cs.AI"),
        submitted=dt.datetime(2026, 1, 6, 19, 1, 30, tzinfo=dt.UTC),
        updated=dt.datetime(2026, 1, 7, 23, 0, tzinfo=dt.UTC),
        version=2,
        comment="12 pages, 3 figures",
    )


def test_a_first_version_has_no_update(server: FakeArxiv) -> None:
    """arXiv repeats the submission time there; it says nothing."""
    assert read_day(server.settings()).papers[0].updated is None


def test_pages_are_joined(server: FakeArxiv, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window of more than one page is read to its end, each paper once."""
    monkeypatch.setattr(arxiv_api, "PAGE_SIZE", 4)
    assert ids(read_day(server.settings())) == ALL
    assert [request.args["start"] for request in server.requests] == ["0", "4"]


def test_a_window_of_too_many_papers_is_halved(server: FakeArxiv, monkeypatch: pytest.MonkeyPatch) -> None:
    """arXiv gives out 30,000 results of one query at most."""
    monkeypatch.setattr(arxiv_api, "MOST_RESULTS", 3)
    server.papers = [fake_paper(f"2601.0000{number}", DAY, minute=200 * number) for number in range(1, 7)]
    assert ids(read_day(server.settings())) == ALL


def test_a_minute_of_too_many_papers_is_an_error(server: FakeArxiv, monkeypatch: pytest.MonkeyPatch) -> None:
    """Halving has an end."""
    monkeypatch.setattr(arxiv_api, "MOST_RESULTS", 0)
    with pytest.raises(SourceError, match="one minute"):
        read_day(server.settings())


def test_a_window_that_holds_nothing(server: FakeArxiv) -> None:
    """A total of 0 is an answer, not an error."""
    assert read_day(server.settings(), day="2026-01-07") == ApiAnswer(())


def test_a_damaged_entry_is_reported(server: FakeArxiv) -> None:
    """An entry that is no paper is neither dropped silently nor does it spoil the others."""
    server.fail("no-date")
    answer = read_day(server.settings())
    assert ids(answer) == ALL[1:]
    assert answer.damaged == ("http://arxiv.org/abs/2601.00001v1: id or dates are missing",)


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("<published>2026", "<published>A26", "Invalid isoformat"),
        ("http://arxiv.org/abs/2601.00001v1", "http://arxiv.org/abs/none", "no arXiv identifier"),
        ("<title>Paper 2601.00001 on the making of papers</title>", "<title> </title>", "no title"),
        ('<category term="cs.AI"/>', "", None),
        ('<arxiv:primary_category term="cs.AI"/><category term="cs.AI"/>', "", "no primary category"),
        ('term="cs.AI"', 'term="&lt;b&gt;"', "no primary category"),
    ],
)
def test_what_is_wrong_with_an_entry(server: FakeArxiv, before: str, after: str, complaint: str | None) -> None:
    """Each required fact is missed by name; what can be told from another is not missed."""
    document = server.atom({"id_list": "2601.00001"}, "")
    assert before in document
    (entry,) = read_atom(document.replace(before, after).encode()).entries
    assert isinstance(entry, Paper) if complaint is None else isinstance(entry, str) and complaint in entry


def test_a_longer_list_of_names_than_any_is_no_paper(server: FakeArxiv) -> None:
    """A million authors are an attack, not a collaboration."""
    document = server.atom({"id_list": "2601.00001"}, "")
    names = "<author><name>A</name></author>" * 20_001
    (entry,) = read_atom(document.replace("<author>", names + "<author>", 1).encode()).entries
    assert isinstance(entry, str) and "authors" in entry


def test_papers_by_id(server: FakeArxiv, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the API knows of a list is returned, slice by slice; the rest is not there."""
    monkeypatch.setattr(arxiv_api, "IDS_PER_REQUEST", 2)
    answer = client(server.settings()).papers_by_id(["2601.00001", "2601.00099", "2601.00006"])
    assert ids(answer) == ["2601.00001", "2601.00006"]
    assert len(server.requests) == 2


def test_no_ids_no_request(server: FakeArxiv) -> None:
    """An empty list asks nothing: to the API it would mean everything."""
    assert client(server.settings()).papers_by_id([]) == ApiAnswer(())
    assert server.requests == []


RETRIED = ["html", "rate", "empty", "short", "truncated", "error", "latin1", "doctype", "gone", "429", "500", "503"]


@pytest.mark.parametrize("kind", RETRIED)
def test_a_passing_fault_costs_a_pause(server: FakeArxiv, kind: str) -> None:
    """Whatever comes in place of an answer, twice: the third try brings every paper."""
    server.fail(kind, times=2)
    watch = Watch()
    assert ids(read_day(server.settings(patience_seconds=60), watch)) == ALL
    assert watch.slept == [0.1, 0.2]


REASONS = {
    "html": "HTML page",
    "rate": "Rate exceeded",
    "empty": "6 results announced, but 0 of 6 sent",
    "short": "6 results announced, but 3 of 6 sent",
    "truncated": "truncated XML",
    "error": "the index is away",
    "latin1": "not UTF-8",
    "doctype": "document type",
    "huge": "more than 32 MB",
    "gone": "the answer broke off",
    "503": "HTTP 503",
}


@pytest.mark.parametrize(("kind", "reason"), REASONS.items())
def test_a_lasting_fault_is_an_error_that_says_why(server: FakeArxiv, kind: str, reason: str) -> None:
    """Never an empty list: what arXiv said, how often it was tried, what to do."""
    server.fail(kind)
    with pytest.raises(SourceError, match="run again later") as caught:
        read_day(server.settings())
    assert reason in str(caught.value) and "tried once" in str(caught.value)


@pytest.mark.parametrize(("kind", "reason"), [("refused", "malformed query"), ("404", "404"), ("403", "403")])
def test_a_refusal_is_not_asked_again(server: FakeArxiv, kind: str, reason: str) -> None:
    """A query that arXiv does not take is an error at once, whatever the patience."""
    server.fail(kind)
    with pytest.raises(SourceError, match=reason):
        read_day(server.settings(patience_seconds=600))
    assert len(server.requests) == 1


def test_an_error_entry_with_status_200_that_blames_the_query(server: FakeArxiv) -> None:
    """The API's own documented form of a refusal."""
    entry = "<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>bad id</summary></entry>"
    document = server.atom({}, "empty").replace("</feed>", f"{entry}</feed>")
    with pytest.raises(SourceError, match="bad id"):
        read_atom(document.encode())


def test_a_paper_may_be_called_error(server: FakeArxiv) -> None:
    """Only an entry without a paper's id is an error."""
    server.papers = [fake_paper("2601.00001", DAY, title="Error")]
    assert read_day(server.settings()).papers[0].title == "Error"


def test_a_move_is_told(server: FakeArxiv) -> None:
    """A redirection is not followed past the pauses, but named."""
    server.fail("301", headers={"Location": "https://arxiv.example/api"})
    with pytest.raises(SourceError, match=re.escape("moved to https://arxiv.example/api")):
        read_day(server.settings(patience_seconds=600))


def test_pauses_grow_within_the_patience(server: FakeArxiv) -> None:
    """3, 6, 12 ... seconds, two minutes at most, together no more than was allowed."""
    server.fail("503")
    watch = Watch()
    settings = server.settings(patience_seconds=600).model_copy(update={"delay_seconds": 3.0})
    with pytest.raises(SourceError, match="tried 11 times in 10 minutes"):
        read_day(settings, watch)
    assert watch.slept == [3, 6, 12, 24, 48, 96, 120, 120, 120, 51]


def test_the_patience_is_one_for_all_requests_of_a_run(server: FakeArxiv) -> None:
    """What one request has waited is not there for the next."""
    server.fail("503")
    watch = Watch()
    patient = client(server.settings(patience_seconds=10), watch)
    for _ in range(3):
        with pytest.raises(SourceError):
            patient.papers_by_id(["2601.00001"])
    assert sum(watch.slept) == pytest.approx(10)


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:09 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 9),
        ({"Retry-After": "Wed, 21 Oct 2026 07:27:00 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.1),
        ({"Retry-After": "soon"}, 0.1),
        ({"Retry-After": "-5"}, 0.1),
    ],
)
def test_retry_after_is_honoured(server: FakeArxiv, headers: dict[str, str], pause: float) -> None:
    """As seconds or as a date by the server's own clock; nonsense counts as nothing."""
    server.fail("429", times=1, headers=headers)
    watch = Watch()
    read_day(server.settings(patience_seconds=60), watch)
    assert watch.slept == [pause]


def test_a_wait_beyond_the_patience_is_not_begun(server: FakeArxiv) -> None:
    """arXiv asks for an hour: that is said at once."""
    server.fail("429", headers={"Retry-After": "3600"})
    watch = Watch()
    with pytest.raises(SourceError, match="asks to wait 60 minutes"):
        read_day(server.settings(patience_seconds=600), watch)
    assert watch.slept == []


def test_three_seconds_lie_between_the_end_of_a_request_and_the_next(server: FakeArxiv) -> None:
    """The first request need not wait, each other does."""
    watch = Watch()
    settings = server.settings().model_copy(update={"delay_seconds": 3.0})
    polite = client(settings, watch)
    for _ in range(3):
        polite.papers_by_id(["2601.00001"])
    assert watch.slept == [3, 3]


@pytest.mark.parametrize("kind", ["hang", "drip", "drip-head"])
def test_no_answer_takes_longer_than_its_time(server: FakeArxiv, kind: str) -> None:
    """Silence and an answer that drips in byte by byte both end."""
    server.fail(kind)
    with pytest.raises(SourceError, match=r"no (whole )?answer within 0\.3 s"):
        read_day(server.settings(timeout_seconds=0.3))


def test_one_connection_after_a_cut(server: FakeArxiv) -> None:
    """The connection that was cut is closed before the next one opens, and the next answer is whole."""
    server.fail("drip", times=1)
    assert ids(read_day(server.settings(patience_seconds=60, timeout_seconds=0.5))) == ALL


def test_nobody_there() -> None:
    """A port on which nothing listens is an error that names the host."""
    with FakeArxiv() as gone:
        settings = gone.settings()
    with pytest.raises(SourceError, match=r"127\.0\.0\.1/api/query did not answer.*no connection"):
        read_day(settings)


def test_we_introduce_ourselves(server: FakeArxiv) -> None:
    """Project, version and site stand in the User-Agent."""
    agent = user_agent("1.2.3", "https://name.github.io/arxiv-daily/")
    settings = server.settings()
    ArxivClient(settings, Wire(settings, agent)).papers_by_id(["2601.00001"])
    assert server.requests[0].agent == "arxiv-daily/1.2.3 (+https://name.github.io/arxiv-daily/)"


@pytest.mark.parametrize("name", ["2026-01-06", "2026-01-07", "2026-01-08"])
def test_the_embedded_sample_is_read_by_the_same_code(name: str) -> None:
    """Every entry is a paper of the submission window of its announcement."""
    page = read_atom((SAMPLE / f"{name}.xml").read_bytes())
    _, start, end = announcement(dt.date.fromisoformat(name))
    papers = [entry for entry in page.entries if isinstance(entry, Paper)]
    assert len(papers) == page.total == 20
    assert all(paper.submitted and start <= paper.submitted < end for paper in papers)
    assert all(paper.abstract and "\n" not in paper.abstract and paper.authors for paper in papers)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no XML but ''"),
        (b"<html><body>down</body></html>", "HTML page"),
        (b"<?xml version='1.0'?><rss/>", "another kind: rss"),
        (b"<?xml version='1.0' encoding='UTF-7'?><feed/>", "charset utf-7"),
        (b"<!-- <feed> --> <!DOCTYPE feed><feed/>", "document type"),
        (b"\xef\xbb\xbf<!DOCTYPE feed><feed/>", "document type"),
        ("<feed/>".encode("utf-16"), "no XML"),
        (b"<feed>" + b"<a/>" * 2_000_000 + b"</feed>", "tags"),
        (b"<feed>" + b"<a>" * 10_000, "broken"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", "without a total"),
        (b"<?x " + b"<!--" * 50_000, "no XML|broken"),
    ],
)
def test_what_is_no_answer_of_the_api(content: bytes, reason: str) -> None:
    """Bombs, other charsets, other documents: refused with the reason."""
    with pytest.raises(UnusableError, match=f"(?i){reason}"):
        read_atom(content)


def test_a_list_that_moves_between_its_pages_is_read_again(server: FakeArxiv, monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper released meanwhile shifts the second page: none is missed for it."""
    monkeypatch.setattr(arxiv_api, "PAGE_SIZE", 4)
    watch = Watch()
    settings = server.settings().model_copy(update={"delay_seconds": 3.0})
    early = fake_paper("2601.00009", DAY, minute=1)

    def sleep(seconds: float) -> None:
        watch.sleep(seconds)
        if early not in server.papers:  # before the second page is asked for
            server.papers.append(early)

    _, start, end = announcement(dt.date.fromisoformat(DAY))
    wire = Wire(settings, "arxiv-daily/test", sleep, watch.clock)
    answer = ArxivClient(settings, wire).papers_in_window(CATEGORIES, start, end)
    assert sorted(ids(answer)) == [*ALL, "2601.00009"]
    assert answer.damaged == ()
    assert [request.args["start"] for request in server.requests] == ["0", "4", "0", "4"]


def test_papers_that_arxiv_sends_twice_are_taken_once_and_told(server: FakeArxiv) -> None:
    """A total that counts doubles does not block the day."""
    server.papers.append(server.papers[0])
    answer = read_day(server.settings())
    assert ids(answer) == ALL
    assert answer.damaged == ("arXiv counts 7 papers and sends 6 different ones",)


@pytest.mark.parametrize("page_size", [1000, 6, 5, 4, 3])
@pytest.mark.parametrize("off", [1, 2, -1])
def test_a_total_that_is_wrong_for_ever_does_not_block_the_day(
    server: FakeArxiv, monkeypatch: pytest.MonkeyPatch, off: int, page_size: int
) -> None:
    """The papers that arXiv has are the day's, and its count is told, wherever the missing result would have stood."""
    monkeypatch.setattr(arxiv_api, "PAGE_SIZE", page_size)
    server.miscounted = off
    answer = read_day(server.settings(patience_seconds=60), Watch())
    assert sorted(ids(answer)) == ALL
    assert answer.damaged == (f"arXiv counts {6 + off} papers and sends 6 different ones",)


def test_a_total_beyond_all_papers_of_a_small_window_is_no_empty_day(server: FakeArxiv) -> None:
    """A first page without an entry is a fault, however often it comes: no paper is there to be believed."""
    server.papers.clear()
    server.miscounted = 1
    with pytest.raises(SourceError, match="1 results announced, but 0 of 1 sent"):
        read_day(server.settings(patience_seconds=60), Watch())


def test_a_page_that_stays_half_empty_is_a_fault(server: FakeArxiv) -> None:
    """A total that is wrong by one or two is arXiv's; one that is wrong by half of a page is a page cut off."""
    server.miscounted = 3
    with pytest.raises(SourceError, match="9 results announced, but 6 of 9 sent"):
        read_day(server.settings(patience_seconds=60), Watch())


def test_a_damaged_entry_among_those_asked_for_by_id(server: FakeArxiv) -> None:
    """It is reported there too."""
    server.fail("no-date")
    answer = client(server.settings()).papers_by_id(ALL)
    assert len(answer.papers) == 5
    assert len(answer.damaged) == 1


def test_the_packages_beneath_print_nothing_of_a_paper(
    server: FakeArxiv, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """An identifier with a newline and a workflow command in it does not reach the log."""
    document = server.atom({"id_list": "2601.00001"}, "no-date").replace("00001v1</id>", "00001v1\n::error::x</id>")
    (entry,) = read_atom(document.encode()).entries
    assert isinstance(entry, str) and "\n" not in entry
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("place", [0, 7, 19])
def test_one_record_that_cannot_be_served_costs_no_other(place: int) -> None:
    """The window is halved down to it; it is named by its minute; a batch of ids that holds it is halved, too."""
    papers = list(papers_of_day(DAY, "cs.AI", each=20))
    with FakeArxiv(papers) as server:
        broken = sorted(papers, key=lambda paper: (paper.submitted, paper.id))[place]
        server.broken = {broken.id}
        settings = server.settings("cs.AI", patience_seconds=600)
        answer = read_day(settings)
        assert {paper.id for paper in answer.papers} == {paper.id for paper in papers} - {broken.id}
        [note] = answer.damaged
        assert f"cannot serve 1 paper submitted at {broken.submitted:%Y-%m-%d %H:%M} UTC" in note
        by_id = client(settings).papers_by_id([paper.id for paper in papers])
        assert len(by_id.papers) == 19 and by_id.unservable == {broken.id}


def test_of_a_minute_only_what_cannot_be_served_is_told() -> None:
    """Papers that were submitted in the same minute are read one by one."""
    papers = list(papers_of_day(DAY, "cs.AI", each=8))
    same = [dataclasses.replace(paper, submitted=papers[3].submitted) for paper in papers[3:6]]
    with FakeArxiv([*papers[:3], *same, *papers[6:]]) as server:
        server.broken = {same[1].id}
        answer = read_day(server.settings("cs.AI", patience_seconds=600))
        assert {paper.id for paper in answer.papers} == {paper.id for paper in papers} - {same[1].id}
        [note] = answer.damaged
        assert f"cannot serve 1 paper submitted at {same[1].submitted:%Y-%m-%d %H:%M} UTC" in note


def test_an_api_that_is_down_is_waited_for_and_not_taken_apart() -> None:
    """It answers no other query either."""
    papers = list(papers_of_day(DAY, "cs.AI", each=3))
    with FakeArxiv(papers) as server:
        server.fail("503", times=8)
        answer = read_day(server.settings("cs.AI", patience_seconds=600))
        assert len(answer.papers) == 3 and not answer.damaged
        assert len(server.requests) < 12
