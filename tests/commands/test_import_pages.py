"""Pages of the predecessor become records: each paper once, nothing of ours overwritten, arXiv's facts first."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes.arxiv import FakeArxiv, FakePaper, fake_paper
from hypothesis import given
from hypothesis import strategies as st
from support import archive
from support.old_pages import FRONTIER, THEORY, old_entry, old_page, simple_page

from generator.cli import main
from generator.commands.import_pages import doubt, place
from generator.commands.old_pages import OldEntry
from generator.core.calendar import announcement_of
from generator.core.model import Day, Paper
from generator.records.store import store_of
from generator.records.summaries import summaries_of

MONDAY, TUESDAY, WEDNESDAY = dt.date(2026, 1, 12), dt.date(2026, 1, 13), dt.date(2026, 1, 14)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The folder of the predecessor's pages."""
    folder = tmp_path / "old"
    folder.mkdir()
    return folder


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def bring_in(root: Path, *paths: Path, options: Sequence[str] = ()) -> int:
    return main(["--root", str(root), "--quiet", "import", *map(str, paths), *options])


def records(root: Path) -> dict[dt.date, Day]:
    return {day.date: day for day in store_of(root).read_all()}


def content(root: Path) -> dict[str, bytes]:
    files = (path for path in (root / "docs").rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def told(number: int, day: dt.date) -> FakePaper:
    """What arXiv says of the made-up paper NUMBER, announced on DAY."""
    return fake_paper(f"2601.{number:05}", f"{day}", "cs.LG", title=f"Made-up paper {number}")


def asked(server: FakeArxiv) -> list[list[str]]:
    return [request.args["id_list"].split(",") for request in server.requests]


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch) -> FakeArxiv:
    """arXiv with the first nine made-up papers, all of Tuesday's announcement."""
    server = FakeArxiv([told(number, TUESDAY) for number in range(1, 10)], now="2026-02-01T06:00:00Z")
    for name, value in server.env().items():
        monkeypatch.setenv(name, value)
    return server


def in_a_hurry(root: Path, patience: float = 0) -> None:
    """No pauses: arXiv is a fake on loopback."""
    path = root / "config.toml"
    text = path.read_text().replace("# delay_seconds = 3 ", "delay_seconds = 0 ")
    path.write_text(text.replace("patience_minutes = 10", f"patience_minutes = {patience:g}"))


def test_a_page_becomes_a_marked_day(root: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Under its own date, with what it says of itself; nothing is made up for what it does not say."""
    assert bring_in(root, write(old, "2026-01-14.md", simple_page())) == 0
    assert "2026-01-14.md: 2026-01-14, 3 papers listed, 0 remarks, 0 kept aside" in capsys.readouterr().out
    day = records(root)[WEDNESDAY]
    assert day.imported and day.announced and day.complete and day.facts == "page" and day.window is None
    assert (day.papers_read, day.unlisted, len(day.picks), day.rest) == (343, 340, 3, ())
    assert (day.model, day.tokens, day.usage.calls) == ("made-up-model-1", 179978, 0)
    assert day.origins[0].page == "2026-01-14.md" and day.origins[0].published == {TUESDAY: 3}
    page = (root / "docs/days/2026/2026-01-14.md").read_text()
    assert "旧站的页面" in page and "179,978" in page and "另读了 340 篇" in page and "Made-up paper 1" in page
    assert "cost: unknown" in page


def test_imported_days_are_in_archive_and_fields_and_not_in_feeds(root: Path, old: Path) -> None:
    """Whoever subscribed gets no page of years ago as news."""
    bring_in(root, write(old, "a.md", simple_page()))
    made = content(root)
    assert b"2026-01-14" in made["docs/archive/2026-01.md"]
    assert b"Made-up paper 1" in made["docs/fields/dl-theory.md"]
    feeds = [name for name in made if "feed" in name or name.endswith(("papers.xml", "atom.xml"))]
    assert len(feeds) > 10 and not any(b"Made-up" in made[name] for name in feeds)
    assert summaries_of(root)[0].imported


def test_importing_again_changes_nothing(root: Path, old: Path) -> None:
    """Not a byte, in whatever order and however often."""
    paths = [write(old, "a.md", simple_page()), write(old, "b.md", simple_page("2026-01-15", (4, 5)))]
    bring_in(root, *paths)
    before = content(root)
    for again in (paths, paths[::-1], paths[:1], [old]):
        assert bring_in(root, *again) == 0
        assert content(root) == before


def test_a_record_of_our_own_is_never_overwritten(root: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither its day nor a paper that it holds; what is left out is named with its line and kept in the report."""
    mine = archive.day(WEDNESDAY)
    store_of(root).write(mine, {})
    before = store_of(root).path(WEDNESDAY).read_bytes()
    pages = [simple_page(), simple_page("2026-01-15", (3, 21))]
    paths = [write(old, f"{number}.md", text) for number, text in enumerate(pages)]
    assert bring_in(root, *paths) == 2
    assert store_of(root).path(WEDNESDAY).read_bytes() == before
    assert [pick.paper.id for pick in records(root)[dt.date(2026, 1, 15)].picks] == ["2601.00021"]
    said = capsys.readouterr().err
    assert "1.md:19: kept aside: 2601.00003 is in the record of 2026-01-14 already" in said
    assert "0.md:9: kept aside: 2601.00002" in said
    report = (root / ".arxiv-daily/import/1.txt").read_text()
    assert "line 19: kept aside" in report and "    - **Reason:** 提出了一种新方法。\n    Score: 8" in report


def test_a_day_of_our_own_takes_no_further_papers(root: Path, old: Path) -> None:
    """What a predecessor picked on a day that we have read is not added to it."""
    store_of(root).write(archive.day(WEDNESDAY), {})
    assert bring_in(root, write(old, "a.md", simple_page(numbers=(31, 32)))) == 2
    assert len(records(root)[WEDNESDAY].picks) == len(archive.PICKS)
    assert "2026-01-14, which has a record of our own" in (root / ".arxiv-daily/import/a.txt").read_text()


def test_the_sample_gives_way(root: Path, old: Path) -> None:
    """As with the first day of our own: made-up days do not stand beside real ones."""
    store_of(root).write(archive.day(WEDNESDAY, sample=True), {})
    assert bring_in(root, write(old, "a.md", simple_page("2026-01-15"))) == 0
    assert list(records(root)) == [dt.date(2026, 1, 15)]


def test_a_paper_of_two_pages_is_taken_once(root: Path, old: Path) -> None:
    """The older page has it; the other one's report says so."""
    paths = [write(old, "b.md", simple_page("2026-01-15", (3, 4))), write(old, "a.md", simple_page())]
    assert bring_in(root, *paths) == 2
    assert {date: len(day.picks) for date, day in records(root).items()} == {WEDNESDAY: 3, dt.date(2026, 1, 15): 1}
    assert "in the imported day 2026-01-14 already" in (root / ".arxiv-daily/import/b.txt").read_text()


def test_arxiv_completes_facts_and_dates(root: Path, old: Path, arxiv: FakeArxiv) -> None:
    """Categories, times and authors are arXiv's, the day that of its announcement; the verdict stays the page's."""
    in_a_hurry(root)
    with arxiv:
        assert bring_in(root, write(old, "a.md", simple_page()), options=["--enrich"]) == 0
    assert list(records(root)) == [TUESDAY]
    day = records(root)[TUESDAY]
    assert day.facts == "api" and day.window is not None and day.complete and day.papers_read == 343
    pick = day.picks[0]
    assert pick.paper.categories == ("cs.LG",) and pick.paper.submitted and pick.verdict.score == 8
    assert announcement_of(pick.paper.submitted) == TUESDAY
    assert store_of(root).abstracts(TUESDAY)[pick.paper.id].startswith("We show")
    assert asked(arxiv) == [["2601.00001", "2601.00002", "2601.00003"]]


def test_what_was_imported_without_arxiv_moves_once(root: Path, old: Path, arxiv: FakeArxiv) -> None:
    """To where an import with --enrich puts it at once, and stays there; nothing is asked twice."""
    in_a_hurry(root)
    page = write(old, "a.md", simple_page())
    with arxiv:
        bring_in(root, page, options=["--enrich"])
        at_once = content(root)
        store_of(root).remove(TUESDAY)
        (root / ".arxiv-daily/import/papers.jsonl").unlink()
        bring_in(root, page)
        assert list(records(root)) == [WEDNESDAY]
        assert bring_in(root, page, options=["--enrich"]) == 0
        assert content(root) == at_once
        bring_in(root, page)
        bring_in(root, page, options=["--enrich"])
        assert content(root) == at_once
    assert len(asked(arxiv)) == 2


def test_an_import_goes_on_where_arxiv_failed(root: Path, old: Path, arxiv: FakeArxiv) -> None:
    """Pages of which arXiv told wait for no others; answers that came are kept; the next run asks for the rest."""
    in_a_hurry(root)
    arxiv.papers = [told(number, TUESDAY) for number in range(1, 151)]
    pages = [simple_page("2026-01-14", range(1, 91)), simple_page("2026-01-15", range(91, 151))]
    paths = [write(old, f"{number}.md", text) for number, text in enumerate(pages)]
    with arxiv:
        arxiv.fail("", times=1)  # the first hundred come
        arxiv.fail("503")
        assert bring_in(root, *paths, options=["--enrich"]) == 2
        assert [len(day.picks) for day in records(root).values()] == [90]
        arxiv.heal()
        answers = root / ".arxiv-daily/import/papers.jsonl"
        answers.write_text(answers.read_text() + '{"paper": {"id": "2601.001')  # killed while writing
        assert bring_in(root, *paths, options=["--enrich"]) == 0
    assert [len(day.picks) for day in records(root).values()] == [150]
    assert asked(arxiv)[-1] == [f"2601.{number:05}" for number in range(101, 151)]


def test_what_arxiv_does_not_know_stays_as_the_page_says(root: Path, old: Path, arxiv: FakeArxiv) -> None:
    """With the others of its page, and the day says that not all of its facts are arXiv's."""
    in_a_hurry(root)
    arxiv.unknown = {"2601.00002"}
    with arxiv:
        assert bring_in(root, write(old, "a.md", simple_page()), options=["--enrich"]) == 0
    day = records(root)[TUESDAY]
    assert day.facts == "page" and day.window is not None
    assert [bool(pick.paper.submitted) for pick in day.picks] == [True, False, True]


@pytest.mark.parametrize(
    ("title", "authors", "submitted", "why"),
    [
        ("Made-up paper 2", ("Ada Lovelace",), TUESDAY, None),
        ("Made-up paper 2", ("Ada Lovelace",), WEDNESDAY, None),
        ("Made-up papers, 2nd edition", ("Somebody Else",), TUESDAY, None),
        ("Quite another name for it", ("A. Lovelace",), TUESDAY, None),
        ("Quite another name for it", ("Somebody Else",), TUESDAY, "by others"),
        ("Made-up paper 2", ("Ada Lovelace",), dt.date(2026, 1, 15), "not out"),
    ],
)
def test_a_link_to_another_paper_is_noticed(
    title: str, authors: tuple[str, ...], submitted: dt.date, why: str | None
) -> None:
    """A paper may be renamed; another title by other people, or one from after the page, is a wrong link."""
    paper = archive.paper(2, title="Made-up paper 2", authors=("Ada Lovelace", "Alan Turing"))
    entry = OldEntry(9, paper, 8, "llm-frontier", None, None, ())
    moment = dt.datetime.combine(submitted - dt.timedelta(days=1), dt.time(9), dt.UTC)
    said = doubt(entry, archive.paper(2, title=title, authors=authors, submitted=moment), WEDNESDAY)
    assert said is None if why is None else why in (said or "")


def test_a_wrong_link_is_kept_aside(root: Path, old: Path, arxiv: FakeArxiv) -> None:
    """Also where an entry has another paper's place only arXiv can tell."""
    in_a_hurry(root)
    arxiv.papers[1] = fake_paper("2601.00002", f"{TUESDAY}", "cs.LG", title="Nothing of the kind")
    page = simple_page().replace("Ada Lovelace, Alan Turing", "Grace Hopper")
    with arxiv:
        assert bring_in(root, write(old, "a.md", page), options=["--enrich"]) == 2
    assert {pick.paper.id for pick in records(root)[TUESDAY].picks} == {"2601.00001", "2601.00003"}
    assert "'Nothing of the kind' by others" in (root / ".arxiv-daily/import/a.txt").read_text()


def papers_of(*days: dt.date) -> dict[str, Paper]:
    """A paper for each of DAYS, submitted in its window."""
    papers = [archive.paper(number, submitted=told(number, day).submitted) for number, day in enumerate(days)]
    return {paper.id: paper for paper in papers}


def test_late_papers_come_with_the_announcement_of_their_page() -> None:
    """Few of an earlier window were held back; many mean that the page holds two announcements."""
    papers = papers_of(*[TUESDAY] * 19, MONDAY)
    assert {placed.date for placed in place(list(papers), WEDNESDAY, papers).values()} == {TUESDAY}
    papers = papers_of(*[TUESDAY] * 10, *[MONDAY] * 10)
    dates = [placed.date for placed in place(list(papers), WEDNESDAY, papers).values()]
    assert dates == [TUESDAY] * 10 + [MONDAY] * 10


weekdays = st.dates(dt.date(2025, 12, 1), WEDNESDAY).filter(lambda day: day.weekday() < 5)


@given(st.lists(weekdays, max_size=40), st.integers(0, 5))
def test_no_paper_is_filed_before_its_time_or_after_its_page(days: list[dt.date], unknown: int) -> None:
    """Every paper has a place; where arXiv tells nothing it is the page's date, and not sure."""
    papers = papers_of(*days)
    ids = [*papers, *(f"2601.9{number:04}" for number in range(unknown))]
    placed = place(ids, WEDNESDAY, papers)
    assert list(placed) == ids
    for arxiv_id, (date, sure) in placed.items():
        submitted = papers[arxiv_id].submitted if arxiv_id in papers else None
        assert date <= WEDNESDAY and sure == bool(papers)
        assert date == WEDNESDAY if not papers else date.weekday() < 5
        assert submitted is None or announcement_of(submitted) <= date


def test_a_folder_is_taken_with_all_its_pages(root: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no day page among them is named; a page of a weekend keeps its date."""
    (old / "2026").mkdir()
    write(old / "2026", "2026-01-17.md", simple_page("2026-01-17"))
    write(old, "index.md", "# Welcome\n")
    (old / "binary.md").write_bytes(b"\xff\xfe")
    assert bring_in(root, old) == 2
    assert list(records(root)) == [dt.date(2026, 1, 17)]
    said = capsys.readouterr().err
    assert "index.md: no day page" in said and "binary.md: no day page" in said


def test_pages_of_one_name_have_a_report_each(root: Path, old: Path) -> None:
    """The names of reports hold nothing but letters, digits and dashes."""
    for number, name in enumerate(("x y", "z")):
        (old / name).mkdir()
        write(old / name, "the page;.md", simple_page(f"2026-01-{14 + number}", (number * 2, number * 2 + 1)))
    bring_in(root, old)
    assert {path.name for path in (root / ".arxiv-daily/import").iterdir()} == {"the_page_.txt", "the_page_-2.txt"}


def test_paths_that_leave_the_folder_are_refused(root: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A link in a folder that leads out of it, and reports that would be written elsewhere; nothing is written."""
    outside = write(old.parent, "secret.md", simple_page())
    (old / "link.md").symlink_to(outside)
    assert bring_in(root, old) == 1
    assert "points outside" in capsys.readouterr().err
    elsewhere = old.parent / "elsewhere"
    elsewhere.mkdir()
    (root / ".arxiv-daily").symlink_to(elsewhere)
    assert bring_in(root, outside) == 1
    assert not records(root) and not list(elsewhere.iterdir())


@pytest.mark.parametrize("name", ["none.md", "empty-folder", "index.md"])
def test_nothing_to_import_is_an_error(root: Path, old: Path, name: str) -> None:
    """A missing file, a folder without pages, or no page at all."""
    (old / "empty-folder").mkdir()
    write(old, "index.md", "# Welcome\n")
    assert bring_in(root, old / name) == 1
    assert not records(root)


@pytest.mark.parametrize(("remarks", "more"), [(20, None), (21, 1), (59, 39)])
def test_many_remarks_are_said_in_part(
    root: Path, old: Path, capsys: pytest.CaptureFixture[str], remarks: int, more: int | None
) -> None:
    """The first twenty on stderr; all of them in the report."""
    entries = [old_entry(number) for number in range(2, remarks + 1)]
    text = old_page([("量子引力", entries), (THEORY, [old_entry(1)])])
    assert bring_in(root, write(old, "a.md", text.replace(FRONTIER, THEORY))) == 2
    told = capsys.readouterr().err
    assert (f"a.md: {more} more in a.txt" in told) if more else ("more in" not in told)
    assert (root / ".arxiv-daily/import/a.txt").read_text().count("\nline ") == remarks


def test_imported_days_open_no_gaps(
    root: Path, old: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies between the old archive and the first day of our own is not missing: `run` would not fetch it."""
    monkeypatch.setenv("ARXIV_DAILY_NOW", "2026-01-19T12:00:00Z")
    bring_in(root, write(old, "a.md", simple_page()))
    capsys.readouterr()
    assert main(["--root", str(root), "status"]) == 0
    said = capsys.readouterr().out
    assert "1 day, 343 papers read, 3 picked" in said
    assert [line for line in said.splitlines() if "missing" in line] == ["2026-01-19: missing"]


def test_an_empty_day_page_is_a_day_without_picks(root: Path, old: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It keeps its date and its numbers, and importing it again changes nothing."""
    head = "# ArXiv 每日推荐 - {}\n\n> 更新于北京时间：{} 13:25:04\n> 已自动阅读了 {} 篇最新的论文。\n"
    nothing = [
        ("2026-01-10", 0, "今日未发现相关论文。"),
        ("2026-01-12", 210, "今天没有找到值得推荐的论文"),
        ("2026-01-13", 5, ""),
    ]
    paths = [write(old, f"{date}.md", head.format(date, date, read) + f"\n{text}\n") for date, read, text in nothing]
    assert bring_in(root, *paths) == 0
    found = records(root)
    assert [(day.date.isoformat(), day.papers_read, len(day.picks)) for day in found.values()] == [
        ("2026-01-10", 0, 0), ("2026-01-12", 210, 0), ("2026-01-13", 5, 0),
    ]  # fmt: skip
    assert (root / "docs/days/2026/2026-01-12.md").is_file()
    before = content(root)
    assert bring_in(root, *paths) == 0
    assert content(root) == before
