"""What the local judge learns from: kept, fetched again, made again, forgotten with the field; never a crash."""

import datetime as dt
import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest
from support import archive
from support import learned_days as made

from generator.core.calendar import announcement_days
from generator.core.model import Day, Paper, Pick, Rest, Verdict
from generator.judges.llm.prompt import field_digests
from generator.judges.local.training_data import WEIGHTS_FILE, Learning
from generator.records.store import Store
from generator.settings.config import Config

DAYS = list(announcement_days(dt.date(2026, 1, 5), dt.date(2026, 1, 16)))
AFTER = dt.date(2026, 1, 19)
SETTINGS = made.config()


def record(date: dt.date, seed: int, settings: Config = SETTINGS, **changes: object) -> tuple[Day, list[Paper]]:
    """The record of a made-up day, and its papers."""
    papers, fields = made.a_day(seed)
    picks = tuple(
        Pick(paper=paper, verdict=Verdict(score=8, raw=8, field=fields[paper.id], reason="Good."))
        for paper in papers
        if fields[paper.id]
    )
    rest = tuple(
        Rest(id=paper.id, title=paper.title, primary="cs.LG", score=3) for paper in papers if not fields[paper.id]
    )
    values: dict[str, object] = {
        "picks": picks, "rest": rest, "unscored": (), "spared": (), "fields": field_digests(settings), **changes,
    }  # fmt: skip
    return archive.day(date, **values), papers


class Place:
    """An archive with what is learned of it."""

    def __init__(self, folder: Path, settings: Config = SETTINGS) -> None:
        self.folder = folder / "learning"
        self.store = Store(folder / "data")
        self.settings = settings
        self.known: dict[str, Paper] = {}
        self.fetched: list[str] = []
        self.warnings: list[str] = []

    def fetch(self, ids: Sequence[str]) -> list[Paper]:
        self.fetched += ids
        return [self.known[paper_id] for paper_id in ids if paper_id in self.known]

    def open(self) -> Learning:
        """As a new run finds it."""
        return Learning(self.folder, self.store, self.settings, self.fetch, self.warnings.append)

    def fill(self, days: int, **changes: object) -> None:
        for seed, date in enumerate(DAYS[:days]):
            day, papers = record(date, seed, **changes)  # type: ignore[arg-type]
            self.store.write(day, {paper.id: paper.abstract for paper in papers})
            self.open().keep(self.store.read(date) or day, papers)
            self.known |= {paper.id: paper for paper in papers}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_what_gives_orders_teaches_nothing(place: Place) -> None:
    """A flood of flagged papers, all of them picks, changes no weight of the model."""
    place.fill(4)
    clean = place.open().learned(AFTER)
    day, papers = record(DAYS[4], 4)
    place.store.write(
        day.model_copy(update={"flagged": tuple(sorted(day.ids))}), {paper.id: paper.abstract for paper in papers}
    )
    place.open().keep(day, papers)
    after = place.open().learned(AFTER)
    place.store.write(day, {paper.id: paper.abstract for paper in papers})
    (place.folder / WEIGHTS_FILE).unlink()
    taught = place.open().learned(AFTER)
    assert clean is not None and after is not None and taught is not None
    assert clean.papers == after.papers < taught.papers and clean.terms == after.terms != taught.terms


def test_two_days_teach_nothing_three_do(place: Place) -> None:
    """Nothing is learned before the third day of verdicts; a day is not learned from for itself."""
    place.fill(3)
    assert place.open().learned(DAYS[2]) is None
    learned = place.open().learned(AFTER)
    assert learned is not None and learned.papers == 180
    assert not place.fetched and not place.warnings


def test_lost_abstracts_are_fetched_again_by_id(place: Place) -> None:
    """The folder is gone: the same model comes of what is fetched, with a word on it, and once only."""
    place.fill(4)
    before = place.open().learned(AFTER)
    for path in place.folder.glob("*"):
        path.unlink()
    assert place.open().learned(AFTER) == before
    assert place.fetched and "fetching them again" in place.warnings[0]
    place.fetched.clear()
    (place.folder / WEIGHTS_FILE).unlink()
    assert place.open().learned(AFTER) == before and not place.fetched


def test_what_cannot_be_fetched_is_done_without(place: Place) -> None:
    """arXiv is down and a third of one day's texts is damaged: the others teach."""
    place.fill(4)
    (place.folder / f"{DAYS[0]}.json.gz").write_bytes(b"damaged")
    place.known = {}
    learned = place.open().learned(AFTER)
    assert learned is not None and 180 <= learned.papers < 240


@pytest.mark.parametrize(
    "damage", [b"", b"no gzip", gzip.compress(b"[1]", mtime=0), gzip.compress(b'{"digest": 1}', mtime=0)]
)
def test_damaged_weights_are_made_again(place: Place, damage: bytes) -> None:
    """The cache is a cache: whatever is in it, the same model comes out, and the file is whole again."""
    place.fill(3)
    before = place.open().learned(AFTER)
    whole = gzip.decompress((place.folder / WEIGHTS_FILE).read_bytes())
    (place.folder / WEIGHTS_FILE).write_bytes(damage)
    assert place.open().learned(AFTER) == before
    assert gzip.decompress((place.folder / WEIGHTS_FILE).read_bytes()) == whole


def test_whole_weights_are_taken_from_the_cache(place: Place) -> None:
    """What is read back is what was made, to the last digit and in the same order: weights of fields go by place."""
    place.fill(3)
    made_now, read_back = place.open().learned(AFTER), place.open().learned(AFTER)
    assert made_now is not None and list(made_now.fields.biases) == ["caches", "agents"]
    assert repr(read_back) == repr(made_now)


def test_a_changed_field_forgets_what_was_learned_of_it(place: Place) -> None:
    """A field with a new description has no learned word; the other one keeps its own."""
    place.fill(4)
    before = place.open().learned(AFTER)
    caches = made.CACHES.model_copy(update={"description": "Something else altogether."})
    place.settings = made.config(caches, made.AGENTS)
    after = place.open().learned(AFTER)
    assert before is not None and before.fields.biases.keys() == {"caches", "agents"}
    assert after is None or "caches" not in after.fields.biases
    assert after is not None and after.papers < before.papers


def test_a_field_is_young_until_three_days_were_judged_for_it(place: Place) -> None:
    """A changed description makes a field young; two days later it still is, after the third it is not."""
    place.fill(4)
    learned = place.open().learned(AFTER)
    assert learned is not None and learned.young == ()
    agents = made.AGENTS.model_copy(update={"description": "Agents at work in a browser."})
    place.settings = made.config(made.CACHES, agents)
    for seed, date in enumerate(DAYS[4:7], 4):
        learned = place.open().learned(date)
        assert learned is not None and learned.young == ("agents",)
        day, papers = record(date, seed, place.settings)
        place.store.write(day, {paper.id: paper.abstract for paper in papers})
        place.open().keep(day, papers)
    learned = place.open().learned(AFTER)
    assert learned is not None and learned.young == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"rest": ()},
        {"picks": ()},
        {"judge": "offline", "model": None},
        {"imported": True},
        {"sample": True},
    ],
)
def test_one_sided_and_foreign_days_teach_nothing(place: Place, changes: dict[str, object]) -> None:
    """All picked, none picked, estimates, a predecessor's pages, the sample: no model comes of them, and no crash."""
    place.fill(5, **changes)
    assert place.open().learned(AFTER) is None


def test_days_of_two_papers_do_not_count(place: Place) -> None:
    """A model of chance is worse than none."""
    for seed, date in enumerate(DAYS[:5]):
        day, papers = record(date, seed)
        place.store.write(day.model_copy(update={"picks": day.picks[:1], "rest": day.rest[:1]}), {})
        place.open().keep(day, papers)
    assert place.open().learned(AFTER) is None


def test_verdicts_in_other_fields_are_not_learned_as_ours(place: Place) -> None:
    """An archive judged for other fields than the configured ones: nothing is learned of those."""
    place.fill(4, fields={"botany": "0" * 12})
    learned = place.open().learned(AFTER)
    assert learned is None or not learned.fields.biases


def test_old_texts_are_forgotten(place: Place) -> None:
    """What is older than the window is deleted; the published site never holds any of it."""
    place.fill(3)
    old = place.folder / "2024-01-05.json.gz"
    old.write_bytes(b"x")
    day, papers = record(DAYS[3], 3)
    place.open().keep(day, papers)
    assert not old.exists() and (place.folder / f"{DAYS[0]}.json.gz").exists()


def test_only_papers_that_were_not_picked_are_kept(place: Place) -> None:
    """The picks' abstracts lie beside the record already."""
    place.fill(1)
    kept = gzip.decompress((place.folder / f"{DAYS[0]}.json.gz").read_bytes()).decode()
    day = place.store.read(DAYS[0])
    assert day is not None
    assert all(row.id in kept for row in day.rest) and not any(pick.paper.id in kept for pick in day.picks)


def test_the_window_holds_the_papers_of_the_weeks_before(tmp_path: Path) -> None:
    """Picked or not, of days whose texts are there; a day whose texts are lost would count its picks alone."""
    place = Place(tmp_path)
    place.fill(4)
    found = {paper.id for paper in place.open().window(DAYS[3])}
    ids = [day.ids for date in DAYS[:3] if (day := place.store.read(date))]
    assert found == set().union(*ids)
    (place.folder / f"{DAYS[0]}.json.gz").unlink()
    assert {paper.id for paper in place.open().window(DAYS[3])} == found - ids[0]
    assert place.open().window(DAYS[0]) == []
