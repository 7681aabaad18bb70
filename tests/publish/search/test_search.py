"""The search index: what becomes a token, what an entry holds, and when an index is made again."""

import datetime as dt
import errno
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import archive

from generator.publish.search import build as search
from generator.publish.search import index as search_index
from generator.publish.search.tokens import BREAK, tokens
from generator.records.store import Store
from generator.records.summaries import Summary
from generator.settings.config import Config

DAYS = [archive.day(dt.date(year, 6, 30) + dt.timedelta(days=number)) for year in (2025, 2026) for number in (0, 1)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


@pytest.fixture
def found(store: Store) -> list[Summary]:
    return archive.fill(store, DAYS)


@pytest.fixture
def config() -> Config:
    return archive.config()


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("ＧＰＴ－４", "gpt-4"),
        ("Müller", "MULLER"),
        ("Łukasz Øster", "lukasz oster"),
        ("ﬁne", "fine"),
        ("Straße", "strasse"),
    ],
)
def test_writings_of_one_word_are_one(text: str, same: str) -> None:
    """Full-width, accents, ligatures, capitals."""
    assert tokens(text) == tokens(same)


@given(st.text(alphabet=st.sampled_from("多模态智能体，。（）a1Q zé"), min_size=1, max_size=20), st.data())
def test_a_piece_of_a_text_is_a_phrase_of_its_tokens(text: str, data: st.DataObject) -> None:
    """Wherever it is cut out of Chinese, its pairs of characters stand side by side in the text's tokens."""
    whole = tokens(text)
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + 3]
    pairs = [token for token in tokens(piece) if token[0] not in "FL"] if piece.isalpha() else []
    if all(not sign.isascii() and sign != "é" for sign in piece):
        assert not pairs or any(whole[at : at + len(pairs)] == pairs for at in range(len(whole)))


@given(st.text(max_size=60))
def test_no_text_is_taken_for_a_mark(text: str) -> None:
    """A token is a word, a pair, or a character with a mark; none can be that between texts or an id's."""
    for token in tokens(text):
        word = token.isascii() and token.isalnum() and token == token.lower()
        assert word or (len(token) == 2 and token.strip() == token and token[0] not in "BI")


def test_an_entry_holds_what_a_result_shows_and_no_field_name() -> None:
    """Fields are filters: a search for their name finds papers that hold it."""
    card, parts = search_index.entry(archive.pick(5, 8.5, "agents", reason="多模态<b>", title="A & B"))
    assert card == {"i": "2601.00005", "t": "A & B", "a": "Ann Lee, Bo Wu", "r": "多模态<b>"}
    assert parts[0] == ["a", "b"] and parts[2] == tokens("多模态<b>")
    assert parts[1][2:] == [BREAK, "ann", "lee", BREAK, "bo", "wu", BREAK]
    assert not any("agent" in token for part in parts for token in part)


def test_of_many_authors_some_are_shown_and_all_are_found() -> None:
    """A collaboration has hundreds."""
    card, parts = search_index.entry(archive.pick(5, 8.5, "agents", authors=[f"Ann Name{n}" for n in range(60)]))
    assert card["a"].count("Ann") == search_index.MOST_AUTHORS and card["a"].endswith(", …")
    assert parts[1].count("ann") == 60


def unpack(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def built(store: Store, found: list[Summary], folder: Path, kept: str = "kept") -> search.Built:
    return search.build(store, archive.config(), found, folder, folder.parent / kept)


def test_every_token_of_every_paper_is_where_it_stands(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """Read back from the shards, each paper is its tokens, each in its place and part."""
    built(store, found, tmp_path / "site")
    picks = [pick for day in DAYS if day.date.year == 2026 for pick in day.picks]
    (folder,) = (tmp_path / "site" / search.FOLDER).glob("2026-*")
    texts: list[dict[int, str]] = [{} for _ in picks]
    for path in folder.glob("words/*.gz"):
        for token, (papers, places) in unpack(path).items():
            paper = 0
            for distance, there in zip(papers, places, strict=True):
                paper += distance
                texts[paper].update(dict.fromkeys(there if isinstance(there, list) else [there], token))
    for text, pick in zip(texts, picks, strict=True):
        row = [(token, part) for part, some in enumerate(search_index.entry(pick).parts) for token in some]
        assert text == {4 * at + part: token for at, (token, part) in enumerate(row) if token != BREAK}


def test_a_year_tells_of_each_paper_its_day_field_and_score(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """By these the browser filters and sorts; the shards' first tokens say which one to ask."""
    built(store, found, tmp_path / "site")
    (folder,) = (tmp_path / "site" / search.FOLDER).glob("2026-*")
    table = unpack(folder / "table.gz")
    assert table["days"] == [["2026-06-30", 7], ["2026-07-01", 7]]
    assert [table["fields"][place] for place in table["f"][:2]] == ["llm-frontier", "dl-theory"]
    assert table["s"][:3] == [90, 85, 85] and len(table["s"]) == len(table["f"]) == 14
    assert table["words"] == sorted(table["words"])
    assert [len(unpack(folder / "cards" / f"{number}.gz")) for number in (0, 1)] == [10, 4]


def test_there_is_one_index_for_each_year(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """The newest is named first, with the folder that its content names."""
    made = built(store, found, tmp_path / "site")
    assert made.years == ["2025", "2026"] and made.papers == 28
    assert made.made == ["2025", "2026"]
    folder = tmp_path / "site" / search.FOLDER
    about = json.loads((folder / search.ABOUT).read_text())
    assert [row["year"] for row in about["years"]] == ["2026", "2025"]
    assert about["years"][0]["months"] == ["2026-06", "2026-07"]
    assert all((folder / row["folder"] / "table.gz").is_file() for row in about["years"])
    assert about["fields"]["agents"] == "多模态智能体" and about["words"]["more"] == "更多"


def test_only_what_changed_is_made_again(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """A new day makes its own year again; the bytes are those of a build from nothing."""
    built(store, found, tmp_path / "site")
    more = archive.fill(store, [archive.day(dt.date(2026, 7, 2))])
    again = built(store, more, tmp_path / "site2")
    assert again.made == ["2026"]
    built(store, more, tmp_path / "clean", "other")
    assert content(tmp_path / "site2") == content(tmp_path / "clean")
    assert sorted(path.name[:5] for path in (tmp_path / "kept").iterdir()) == ["2025-", "2026-"]


def test_a_closed_year_is_not_read_again(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """It is known by its digest: its records need not even be readable."""
    built(store, found, tmp_path / "site")
    for path in (store.folder / "2025").glob("*.json"):
        path.write_text("broken")
    assert built(store, found, tmp_path / "again").made == []
    assert content(tmp_path / "again") == content(tmp_path / "site")


def no_gzip(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def foreign(path: Path) -> None:
    path.write_bytes(gzip.compress(b'{"x": "<script>"}'))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [no_gzip, foreign, Path.unlink, a_folder])
@pytest.mark.parametrize("name", ["cards/0.gz", "words/0.gz", "table.gz"])
def test_a_kept_year_that_is_damaged_is_made_again(
    store: Store, found: list[Summary], tmp_path: Path, damage: Callable[[Path], None], name: str
) -> None:
    """One file of a closed year is cut off, foreign or gone: that year has its bytes again, and no other is made."""
    built(store, found, tmp_path / "site")
    before = content(tmp_path / "site")
    (folder,) = (tmp_path / "kept").glob("2025-*")
    damage(folder / name)
    assert built(store, found, tmp_path / "again").made == ["2025"]
    assert content(tmp_path / "again") == before
    assert built(store, found, tmp_path / "third").made == []


def test_an_archive_without_picks_has_no_index(store: Store, config: Config, tmp_path: Path) -> None:
    """The search page then says that nothing was found."""
    assert search.build(store, config, [], tmp_path / "site", tmp_path / "kept").years == []
    assert json.loads((tmp_path / "site" / search.FOLDER / search.ABOUT).read_text())["years"] == []


def test_an_index_that_could_not_be_finished_leaves_nothing(
    store: Store, found: list[Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full while it is written: the next build makes it again."""

    def full(_path: Path, _text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(search_index, "_write", full)
    with pytest.raises(OSError, match="No space"):
        built(store, found, tmp_path / "site")
    assert list((tmp_path / "kept").iterdir()) == []
