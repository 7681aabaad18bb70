"""Days whose verdicts are known: files of labels, whole and damaged, and what of the archive is a reference."""

import datetime as dt
import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from support import archive
from support import learned_days as made

from generator.core.errors import ConfigError
from generator.core.model import Day, Paper, Pick, Rest, Verdict
from generator.evaluate.days import days_to_judge, read_archive, read_files
from generator.evaluate.metrics import Label
from generator.judges.local.training_data import Learning
from generator.records.store import Store

TUESDAY, WEDNESDAY = dt.date(2026, 1, 13), dt.date(2026, 1, 14)
SETTINGS = made.config()


def label(number: int, **more: object) -> dict[str, object]:
    return {
        "id": f"2601.{number:05}", "title": f"Paper {number}", "abstract": "Words.", "category": "cs.LG",
        "recommended": True, "score": 8.0, "field": "缓存", "reason": "好。", "authors": "A, B", **more,
    }  # fmt: skip


def write(path: Path, *rows: object) -> Path:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def test_a_file_of_labels_is_a_day_of_verdicts(tmp_path: Path) -> None:
    """A pick with its field by name, a paper that is none and has no score, one that only has a score."""
    write(
        tmp_path / "2026-01-14.jsonl.gz",
        label(1),
        label(2, recommended=False, score=None, field=None),
        label(3, recommended=None, score=7, field="agents"),
        label(4, recommended=None, score=6.5, field=None),
    )
    [day] = read_files([tmp_path], SETTINGS, pytest.fail)
    assert day.date == WEDNESDAY
    assert [paper.id for paper in day.papers] == [f"2601.{number:05}" for number in (1, 2, 3, 4)]
    assert day.papers[0].primary == "cs.LG" and day.papers[0].abstract == "Words."
    assert list(day.recorded.values()) == [
        Label(True, 8.0, "caches"), Label(False), Label(True, 7, "agents"), Label(False, 6.5),
    ]  # fmt: skip


def test_lines_name_their_day_where_the_file_does_not(tmp_path: Path) -> None:
    """One file with two days, the older one first."""
    path = write(tmp_path / "labels.jsonl", label(1, date="2026-01-14"), label(2, date="2026-01-13"))
    assert [day.date for day in read_files([path], SETTINGS, pytest.fail)] == [TUESDAY, WEDNESDAY]
    with pytest.raises(ConfigError, match=r"labels.jsonl, line 1: missing date"):
        read_files([write(path, label(1))], SETTINGS, pytest.fail)
    with pytest.raises(ConfigError, match="missing date"):
        read_files([write(tmp_path / "2026-13-14.jsonl", label(1))], SETTINGS, pytest.fail)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "line 2: the whole line"),
        (b"[1]", "line 2: the whole line"),
        (b'{"id": "2601.00002"}', "line 2: title"),
        (b"\xff\xfe", "line 2: the whole line"),
        (json.dumps(label(2, id="one")).encode(), "line 2: id"),
        (json.dumps(label(2, score=42)).encode(), "line 2: score"),
        (json.dumps(label(2, score=float("nan"))).encode(), "line 2: score"),
        (json.dumps(label(2, recommended="yes")).encode(), "line 2: recommended"),
        (json.dumps(label(2, abstract="")).encode(), "line 2: abstract"),
        (json.dumps(label(1)).encode(), r"line 2: 2601.00001 is already listed in \S+, line 1"),
    ],
)
def test_a_damaged_line_is_named(tmp_path: Path, line: bytes, said: str) -> None:
    """File, line and key, and what a line is to be; nothing is read past it."""
    path = tmp_path / "2026-01-14.jsonl"
    path.write_bytes(json.dumps(label(1)).encode() + b"\n" + line + b"\n")
    with pytest.raises(ConfigError, match=said):
        read_files([path], SETTINGS, pytest.fail)


def test_a_file_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    """A torn gzip, one that is none, a file that is not there, an empty one, a folder without any."""
    path = write(tmp_path / "2026-01-14.jsonl.gz", *(label(number) for number in range(1, 200)))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ConfigError, match="cannot be read"):
        read_files([path], SETTINGS, pytest.fail)
    path.write_bytes(b"no gzip")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_files([path], SETTINGS, pytest.fail)
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_files([tmp_path / "2026-01-15.jsonl"], SETTINGS, pytest.fail)
    path.write_bytes(gzip.compress(b""))
    with pytest.raises(ConfigError, match="is empty"):
        read_files([path], SETTINGS, pytest.fail)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ConfigError, match="holds no"):
        read_files([tmp_path / "nothing"], SETTINGS, pytest.fail)


def test_unknown_fields_and_missing_verdicts_are_told(tmp_path: Path) -> None:
    """They are counted, not guessed: the pick stays one without a field, the other paper has no verdict."""
    told: list[str] = []
    path = write(
        tmp_path / "2026-01-14.jsonl", label(1, field="Weather"), label(2, recommended=None, score=None, field=None)
    )
    [day] = read_files([path], SETTINGS, told.append)
    assert day.recorded == {"2601.00001": Label(True, 8.0)} and len(day.papers) == 2
    assert "1 lines have neither" in told[0] and "'Weather' of 1 lines" in told[1]


def record(date: dt.date, **changes: object) -> tuple[Day, list[Paper]]:
    """A day with two picks and two others, and its papers with their abstracts."""
    first = 10 * date.day
    papers = [made.paper(first + number, f"Paper {number}", f"Words of {number}.") for number in range(4)]
    values: dict[str, object] = {
        "picks": tuple(Pick(paper=paper, verdict=Verdict(score=8, field="caches")) for paper in papers[:2]),
        "rest": tuple(Rest(id=paper.id, title=paper.title, primary="cs.LG", score=3) for paper in papers[2:]),
        "spared": (),
        "unscored": (),
        **changes,
    }
    return archive.day(date, **values), papers


class Archive:
    """Records with the texts beside them."""

    def __init__(self, folder: Path) -> None:
        self.store, self.texts = Store(folder / "data"), folder / "learning"
        self.told: list[str] = []
        self.asked: list[str] = []
        self.known: dict[str, Paper] = {}

    def write(self, date: dt.date, **changes: object) -> None:
        day, papers = record(date, **changes)
        self.store.write(day, {paper.id: paper.abstract for paper in papers})
        Learning(self.texts, self.store, SETTINGS, lambda _ids: [], self.told.append).keep(day, papers)
        self.known |= {paper.id: paper for paper in papers}

    def fetch(self, ids: Sequence[str]) -> list[Paper]:
        self.asked += ids
        return [self.known[paper_id] for paper_id in ids if paper_id in self.known]

    def chosen(self, *, verdicts: bool = True, most: int = 10) -> list[Day]:
        return days_to_judge(self.store, self.store.dates(), self.told.append, verdicts=verdicts, most=most)


@pytest.fixture
def place(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def test_a_day_of_the_archive_is_read_with_its_texts(place: Archive) -> None:
    """Picks from beside the record, the others from what is kept to learn from; arXiv is not asked."""
    place.write(WEDNESDAY)
    [day] = read_archive(place.store, place.texts, place.fetch, place.told.append, place.chosen())
    assert [paper.abstract for paper in day.papers] == [f"Words of {number}." for number in range(4)]
    assert [opinion.picked for opinion in day.recorded.values()].count(True) == 2
    assert day.models == ("some-model",) and not place.asked and not place.told


def test_texts_of_papers_that_a_day_does_not_hold_are_left_alone(place: Archive) -> None:
    """They were taken out of its record after they had been kept."""
    place.write(WEDNESDAY)
    [whole] = place.chosen()
    shorter = whole.model_copy(update={"rest": whole.rest[:1]})
    [day] = read_archive(place.store, place.texts, place.fetch, place.told.append, [shorter])
    assert {paper.id for paper in day.papers} == shorter.ids and not place.asked


def test_lost_texts_are_fetched_and_what_cannot_be_had_is_told(place: Archive) -> None:
    """The texts are gone and arXiv knows one of the two papers: the other is left out, with its id."""
    place.write(WEDNESDAY)
    for path in place.texts.iterdir():
        path.unlink()
    lost = max(place.known)
    del place.known[lost]
    [day] = read_archive(place.store, place.texts, place.fetch, place.told.append, place.chosen())
    assert len(day.papers) == 3 and len(place.asked) == 2
    assert "2 abstracts are not stored" in place.told[0] and lost in place.told[1]


def test_only_a_models_verdicts_are_a_reference(place: Archive) -> None:
    """Estimates, the sample, a predecessor's pages, days without a verdict: left out, each kind with its reason."""
    days = [dt.date(2026, 1, day) for day in (5, 6, 7, 8, 9)]
    place.write(days[0], judge="offline", model=None)
    place.write(days[1], sample=True)
    place.write(days[2], picks=(), rest=())
    place.write(days[3])
    place.write(days[4], imported=True)
    assert [day.date for day in place.chosen()] == [days[3]]
    told = "\n".join(place.told)
    for why in ("estimates", "sample", "without a verdict", "predecessor"):
        assert why in told
    assert [day.date for day in place.chosen(verdicts=False)] == [days[0], days[3]]


def test_the_newest_days_are_taken_and_gaps_in_them_told(place: Archive) -> None:
    """Two of three days; what the prefilter spared and what has no verdict is said, not silently missing."""
    place.write(dt.date(2026, 1, 12))
    place.write(TUESDAY)
    place.write(WEDNESDAY, spared=archive.day().spared, unscored=archive.day().unscored)
    assert [day.date for day in place.chosen(most=2)] == [TUESDAY, WEDNESDAY]
    assert "spared by the prefilter" in place.told[-1] and "unscored" in place.told[-1]
