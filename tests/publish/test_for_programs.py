"""What programs read: a day's table, latest.json and llms.txt, and what a short program answers from them alone."""

import datetime as dt
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from support import archive
from support.site_files import put_all

from generator.core.model import Day, Pick, Unscored
from generator.publish.for_programs import MOST_BYTES_OF_LATEST, day_markdown, latest, markdown_name, program_outputs
from generator.publish.pages import all_pages
from generator.publish.site import scan
from generator.records.store import Store
from generator.records.summaries import Summary, indexes, summaries

DATES = [dt.date(2026, 1, 5) + dt.timedelta(days=7 * week + day) for week in range(9) for day in range(5)]
FIELDS = ("agents", "theory", None)
TITLES = (r"Learning in $\mathbb{R}^{2k}$ | more", "A < B and <b>C</b>", "Back\\slash \\| [x](y)", "对齐：|大模型|")


def a_pick(number: int, chance: random.Random, month: str = "2601") -> Pick:
    reason = "".join(chance.choices("提出一种面向扩散语言模型的全局内存规划|方法", k=60))
    made = archive.pick(1, chance.randrange(70, 100) / 10, chance.choice(FIELDS), reason)
    paper = made.paper.model_copy(update={"id": f"{month}.{number:05}", "title": f"{TITLES[number % 4]} {number}"})
    return made.model_copy(update={"paper": paper})


@pytest.fixture(scope="module")
def days() -> list[Day]:
    """Nine weeks of days, oldest first; one is incomplete, one has no picks, one was not read by a model."""
    chance = random.Random(5)
    made = []
    for place, date in enumerate(DATES):
        picks = tuple(a_pick(100 * place + number, chance, f"{date:%y%m}") for number in range(chance.randrange(3, 9)))
        made.append(archive.day(date, picks=() if place == 7 else picks))
    unscored = (Unscored(id="2601.99999", title="Open", primary="cs.LG", why="x"),)
    made[9] = made[9].model_copy(update={"unscored": unscored, "model": "a|model"})
    estimates = (pick.verdict.model_copy(update={"estimate": True}) for pick in made[11].picks)
    picks = tuple(pick.model_copy(update={"verdict": new}) for pick, new in zip(made[11].picks, estimates, strict=True))
    made[11] = made[11].model_copy(update={"picks": picks, "judge": "offline", "model": None})
    return made


@pytest.fixture(scope="module")
def site(days: Sequence[Day], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("programs")
    store = Store(folder / "data")
    found = archive.fill(store, days)
    put_all(folder / "site", program_outputs(store, found, archive.config()))
    for path, index in indexes(found).items():
        (folder / "site" / path).parent.mkdir(exist_ok=True)
        (folder / "site" / path).write_bytes(bytes(index))
    return folder / "site"


class Row(NamedTuple):
    date: str
    rank: int
    score: float | None
    field: str
    id: str
    title: str
    reason: str


class Program:
    """A short program that knows nothing but what llms.txt says."""

    def __init__(self, site: Path) -> None:
        self.site = site
        self.latest = json.loads((site / "latest.json").read_text())

    def dates(self) -> list[str]:
        return [day["date"] for day in json.loads((self.site / "data/index.json").read_text())["days"]]

    def rows(self, date: str) -> list[Row]:
        text = (self.site / f"days/{date[:4]}/{date}/index.md").read_text()
        return [self._row(date, line) for line in text.splitlines() if re.match(r"\| \d", line)]

    def _row(self, date: str, line: str) -> Row:
        rank, score, field, paper, title, reason = _cells(line)
        return Row(date, int(rank), float(score) if score else None, field, paper, title, reason)

    def of_month(self, month: str) -> Iterator[Row]:
        for date in self.dates():
            if date.startswith(month):
                yield from self.rows(date)

    def find(self, paper: str) -> Row | None:
        """A paper, looked for in the month of its id and in the next."""
        first = dt.date(2000 + int(paper[:2]), int(paper[2:4]), 1)
        second = (first + dt.timedelta(days=32)).replace(day=1)
        rows = (row for month in (first, second) for row in self.of_month(f"{month:%Y-%m}"))
        return next((row for row in rows if row.id == paper), None)


def _cells(line: str) -> list[str]:
    """The cells of a row of a table, in which a backslash takes its meaning from the sign after it."""
    cells = [""]
    for sign in re.findall(r"\\.|.", line):
        if sign == "|":
            cells.append("")
        else:
            cells[-1] += sign[-1]
    return [cell.strip() for cell in cells[1:-1]]


def best(day: Day) -> list[Pick]:
    return sorted(day.picks, key=lambda pick: -pick.verdict.score)


def test_twelve_questions_are_answered_from_the_files_alone(site: Path, days: list[Day]) -> None:
    """Each answer against the records, which the program does not see."""
    program, picks = Program(site), [(day, pick) for day in days for pick in day.picks]
    newest, by_date = days[-1], {str(day.date): day for day in days}
    # 1 the newest day; 2 its best three; 3 how many were read and picked
    assert program.latest["date"] == str(newest.date)
    assert [entry["id"] for entry in program.latest["best"][:3]] == [pick.paper.id for pick in best(newest)[:3]]
    assert (program.latest["papers_read"], program.latest["picks"]) == (newest.papers_read, len(newest.picks))
    # 4 the best of last week in a field
    week = [day for day in days if day.date.isocalendar().week == newest.date.isocalendar().week - 1]
    rows = [row for day in week for row in program.rows(str(day.date)) if row.field == "agents"]
    mine = [pick for day in week for pick in best(day) if pick.verdict.field == "agents"]
    assert max(rows, key=lambda row: row.score or 0).id == max(mine, key=lambda pick: pick.verdict.score).paper.id
    # 5 has a paper been picked, and why; 6 one that was not
    day, pick = picks[40]
    row = program.find(pick.paper.id)
    assert row is not None and (row.date, row.reason) == (str(day.date), pick.verdict.reason)
    assert program.find("2601.77777") is None
    # 7 the ten best of a month; 8 how many picks of each field
    month = [row for row in program.of_month("2026-02") if row.score]
    wanted = sorted((p.verdict.score for d, p in picks if d.date.month == 2 and not p.verdict.estimate), reverse=True)
    assert sorted((row.score for row in month if row.score), reverse=True)[:10] == wanted[:10]
    counts = Counter(row.field for row in program.of_month("2026-01"))
    assert counts == Counter(p.verdict.field or "" for d, p in picks if d.date.month == 1)
    # 9 titles that hold a word; 10 the days without picks; 11 which are incomplete; 12 which no model read
    found = {row.id for row in program.of_month("2026-01") if "大模型" in row.title}
    assert found == {p.paper.id for d, p in picks if d.date.month == 1 and "大模型" in p.paper.title}
    assert [date for date in program.dates() if not program.rows(date)] == [str(d.date) for d in days if not d.picks]
    texts = {date: (site / f"days/2026/{date}/index.md").read_text() for date in by_date}
    assert [date for date, text in texts.items() if "incomplete" in text] == [
        str(d.date) for d in days if not d.complete
    ]
    assert [date for date, text in texts.items() if "judged by offline" in text] == [str(days[11].date)]


def test_texts_survive_the_table(site: Path, days: list[Day]) -> None:
    """Titles and reasons with bars, brackets and backslashes are read back as they are shown elsewhere."""
    program = Program(site)
    for day in days:
        rows = program.rows(str(day.date))
        assert [row.id for row in rows] == [pick.paper.id for pick in best(day)]
        assert [row.reason for row in rows] == [pick.verdict.reason for pick in best(day)]
        assert [row.rank for row in rows] == list(range(1, len(rows) + 1))
    titles = {row.title.rsplit(" ", 1)[0] for day in days for row in program.rows(str(day.date))}
    assert "A < B and <b>C</b>" in titles and "Learning in ℝ²ᵏ | more" in titles


def test_a_day_of_a_hundred_fits_a_context(days: list[Day]) -> None:
    """8,000 tokens by an estimate (94 real picks: 7,800 of cl100k_base, 6,500 of o200k_base); every id is kept."""
    chance = random.Random(1)
    day = days[0].model_copy(update={"picks": tuple(a_pick(number, chance) for number in range(100))})
    text = day_markdown(day, archive.config())
    wide = len(re.findall(r"[^\x00-\u02ff]", text))
    assert wide * 1.35 + (len(text) - wide) / 3.5 <= 8_100
    assert text.count("\n| ") == 102 and text.count("…") > 50
    content = latest(day, [], archive.config())
    assert len(content) <= MOST_BYTES_OF_LATEST
    ranks = [entry["rank"] for entry in json.loads(content)["best"]]
    assert ranks == list(range(1, len(ranks) + 1)) and len(ranks) > 40


def test_files_are_made_again_only_when_a_day_changed(tmp_path: Path, days: list[Day]) -> None:
    """A second build takes what the first made; a changed day is made again alone; what is scanned may lie there."""
    store, site = Store(tmp_path / "data"), tmp_path / "site"

    def made(found: Sequence[Summary]) -> list[str]:
        return put_all(site, program_outputs(store, found, archive.config()))

    found = archive.fill(store, days)
    names = made(found)
    assert [name for name in names if "picks." not in name] == [
        *(markdown_name(day.date) for day in days),
        "llms.txt",
        "latest.json",
    ]
    assert not list(scan.violations(site, archive.config().site.url))
    before = {name: (site / name).read_bytes() for name in names}
    assert made(found) == []
    assert {name: (site / name).read_bytes() for name in names} == before
    found = archive.fill(store, [*days[:-1], days[-1].model_copy(update={"picks": days[-1].picks[:1]})])
    assert [name for name in made(found) if "picks." not in name] == [
        markdown_name(days[-1].date),
        "llms.txt",
        "latest.json",
    ]


def test_a_site_without_days_has_an_llms_txt_alone(tmp_path: Path) -> None:
    made = put_all(tmp_path / "site", program_outputs(Store(tmp_path / "data"), [], archive.config()))
    assert made == ["llms.txt"] and (tmp_path / "site/llms.txt").read_text().startswith("# ")


def test_a_day_is_there_for_reference_managers(site: Path, days: Sequence[Day]) -> None:
    """Every pick, once, under a key of its own, in BibTeX, RIS and CSL-JSON; a day without picks has no such files.

    The page of the day links what is there.
    """
    for day in (days[0], days[7]):
        folder = site / "days/2026" / str(day.date)
        files = sorted(path.name for path in folder.glob("picks.*"))
        assert files == (["picks.bib", "picks.csl.json", "picks.ris"] if day.picks else [])
        store = Store(site.parent / "data")
        pages = all_pages.page_outputs(store, archive.config(), summaries(store, site / "data/index.json"))
        page = next(page for page in pages if page.path.endswith(f"{day.date}.md"))
        assert sorted(re.findall(r'href="(picks\.[a-z.]+)"', page.make().decode())) == files
    day = days[0]
    folder, ids = site / "days/2026" / str(day.date), [pick.paper.id for pick in best(day)]
    items = json.loads((folder / "picks.csl.json").read_text())
    assert [item["number"] for item in items] == [f"arXiv:{paper}" for paper in ids]
    assert len({item["id"] for item in items}) == len(ids)
    assert items[0]["author"] == [{"family": "Lee", "given": "Ann"}, {"family": "Wu", "given": "Bo"}]
    bib = (folder / "picks.bib").read_text()
    assert re.findall(r"eprint = \{(.*?)\}", bib) == ids
    assert re.findall(r"@misc\{(.*?),", bib) == [item["id"] for item in items]
    lines = (folder / "picks.ris").read_bytes().decode().split("\r\n")
    assert [line for line in lines if line.startswith("M1")] == [f"M1  - arXiv:{paper}" for paper in ids]
    assert sum(line == "ER  - " for line in lines) == len(ids) and "\n" not in "".join(lines)


def test_the_newest_day_names_the_field_of_each_pick(days: list[Day]) -> None:
    """And an empty one where a paper has none."""
    found = json.loads(latest(days[-1], [], archive.config()))["best"]
    assert {entry["id"]: entry["field"] for entry in found} == {
        pick.paper.id: pick.verdict.field or "" for pick in days[-1].picks
    }
    assert "" in {entry["field"] for entry in found}
