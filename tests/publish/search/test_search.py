"""The search index: what becomes a token, what an entry holds, and when an index is made again."""

import datetime as dt
import errno
import gzip
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import archive
from support.project import PROJECT
from support.site_files import site_folder

from generator.core.model import Correction, Pick, Rest
from generator.core.text import invisible
from generator.publish.search import build as search
from generator.publish.search import index as search_index
from generator.publish.search.index import NAME
from generator.publish.search.postings import MOST, SIGNS, numbers_of, text_of
from generator.publish.search.synonyms import Concepts, synonym_groups
from generator.publish.search.tokens import name_forms, tokens
from generator.records.store import Store
from generator.records.summaries import Summary, summaries, with_redaction_digest
from generator.settings.config import Config

NO_CONCEPTS = Concepts([])
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
        assert word or (len(token) == 2 and token.strip() == token and token[0] not in "ACIS")


def placed(pick: Pick, part: int) -> list[str]:
    """The tokens of PICK that stand in PART of it."""
    return [token for token, place in search_index.entry(pick, NO_CONCEPTS).words if place % 4 == part]


def test_an_entry_holds_what_a_result_shows_and_no_field_name() -> None:
    """Fields are filters: a search for their name finds papers that hold it."""
    pick = archive.pick(5, 8.5, "agents", reason="多模态<b>", title="A & B")
    card, words = search_index.entry(pick, NO_CONCEPTS)
    assert card == {"i": "2601.00005", "t": "A & B", "a": "Ann Lee, Bo Wu", "r": "多模态<b>"}
    assert placed(pick, 0) == ["a", "b"] and placed(pick, 2) == tokens("多模态<b>")
    assert placed(pick, 1) == ["I2601.00005", "Ccs.lg", "Ccs.ai", "ann", "Alee,a", "bo", "Awu,b"]
    assert placed(pick, 3) == ["lee", "wu"]
    assert not any("agent" in token for token, _ in words)


def test_every_name_begins_where_names_begin() -> None:
    """So that a whole name is told from a part of one; several given names are there as one word, too."""
    words = search_index.entry(archive.pick(5, 8.5, None, authors=["Li Wei Zhang", "Xiao-Ming Li"]), NO_CONCEPTS).words
    at = {token: place // 4 % NAME for token, place in words}
    assert (at["wei"], at["zhang"], at["xiao"], at["ming"]) == (1, 1, 0, 1)
    assert (at["liwei"], at["xiaoming"]) == (0, 0)
    assert list(name_forms("Xiao-Ming Li")) == [["xiao", "ming", "li"], ["xiaoming", "li"]]
    assert list(name_forms("J. Smith")) == [["j", "smith"]] and list(name_forms("?")) == []


def test_of_many_authors_some_are_shown_and_all_are_found() -> None:
    """A collaboration has hundreds, or ten thousand: their places have an end, their names have none."""
    authors = [f"Ann Name{n}" for n in range(9000)]
    card, words = search_index.entry(archive.pick(5, 8.5, "agents", authors=authors), NO_CONCEPTS)
    assert card["a"].count("Ann") == search_index.MOST_AUTHORS and card["a"].endswith(", …")
    assert sum(token == "ann" for token, _ in words) == 9000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Large language models", [("S0", 0)]),
        ("用投机解码，加速", [("S1", 2)]),
        ("KV-cache", [("S2", 0)]),
        ("KV缓存与 KV 缓存", [("S2", 0), ("S2", 5)]),
        ("speculative sampling or decoding", []),
        ("biases", []),
    ],
)
def test_the_forms_of_a_term_are_found_in_a_text(text: str, found: list[tuple[str, int]]) -> None:
    """With the place of each; a plural is the word, and part of a form is none."""
    groups = [["large language model", "LLM"], ["speculative decoding", "投机解码"], ["KV cache", "KV 缓存"]]
    assert list(Concepts(groups).found(tokens(text))) == found


def test_the_table_of_synonyms_is_sound(config: Config) -> None:
    """Each form stands in one group, has two letters or more, and each group two forms or more."""
    groups = synonym_groups(config)
    forms = [" ".join(tokens(form)) for group in groups for form in group]
    assert len(groups) >= 300 and min(map(len, groups)) >= 2
    assert sorted(form for form in forms if forms.count(form) > 1) == []
    assert [form for group in groups for form in group if sum(map(str.isalnum, form)) < 2] == []


def test_an_operator_adds_synonyms(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """They are searched too: every index is made again with them."""
    built(store, found, tmp_path / "site")
    own = archive.config()
    more = own.model_copy(update={"search": own.search.model_copy(update={"synonyms": (("foo bar", "富吧"),)})})
    made = search.build(store, more, found, site_folder(tmp_path / "site2"), tmp_path / "kept").made
    assert made == ["2025", "2026", "2026-07"]
    about = json.loads((tmp_path / "site2" / search.FOLDER / search.ABOUT).read_text())
    groups = unpack(tmp_path / "site2" / search.FOLDER / about["synonyms"])
    assert groups[-1] == ["foo bar", "富吧"]


def unpack(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def built(store: Store, found: list[Summary], folder: Path, kept: str = "kept") -> search.Built:
    site = site_folder(folder)
    made = search.build(store, archive.config(), found, site, folder.parent / kept)
    site.save()
    return made


ALL_SIGNS = "".join(chr(code) for codes in SIGNS for code in codes)


def numbers(text: str) -> list[int]:
    """What TEXT stands for, read as the browser reads it."""
    return [ALL_SIGNS.index(sign) for sign in text]


def test_a_sign_of_a_number_is_visible_and_has_no_meaning() -> None:
    """Neither in JSON nor in HTML; the site's scan would find it."""
    assert not set(ALL_SIGNS) & set("\"\\<>&'`") and len(set(ALL_SIGNS)) == len(ALL_SIGNS)
    assert not any(map(invisible, ALL_SIGNS))


def test_the_largest_number_has_a_sign() -> None:
    """And none beyond it has."""
    assert numbers_of(text_of([0, MOST])) == [0, MOST]
    with pytest.raises(IndexError):
        text_of([MOST + 1])


def test_the_browser_reads_numbers_by_the_same_signs() -> None:
    """The table stands in store.js, too."""
    script = (PROJECT / "overrides/assets/js/search/store.js").read_text()
    rows = re.findall(r"^  \[(0x[0-9a-f]+), (0x[0-9a-f]+)\],$", script, re.MULTILINE)
    assert [range(int(first, 16), int(last, 16) + 1) for first, last in rows] == list(SIGNS)


def stood(folder: Path, kind: str, papers: int) -> list[list[tuple[str, int]]]:
    """Of each of PAPERS the tokens with their places, read back from the shards of KIND in FOLDER."""
    found: list[list[tuple[str, int]]] = [[] for _ in range(papers)]
    for path in folder.glob(f"{kind}/*.gz"):
        for token, text in unpack(path).items():
            values = numbers(text)
            paper = 0
            for distance, place in zip(values[: len(values) // 2], values[len(values) // 2 :], strict=True):
                paper += distance
                found[paper].append((token, place))
    return [sorted(words) for words in found]


def test_every_token_of_every_paper_is_where_it_stands(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """Read back from the shards, each paper is its tokens, each in its place and part."""
    built(store, found, tmp_path / "site")
    picks = [pick for day in DAYS if day.date.year == 2025 for pick in day.picks]
    (folder,) = (tmp_path / "site" / search.FOLDER).glob("2025-*")
    concepts = Concepts(synonym_groups(archive.config()))
    wanted = [sorted(search_index.entry(pick, concepts).words) for pick in picks]
    assert stood(folder, "words", len(picks)) == wanted


def test_an_abstract_is_there_without_its_stop_words(store: Store, tmp_path: Path) -> None:
    """They count as places; a term with synonyms stands there too."""
    store.write(archive.day(picks=archive.PICKS[:1]), {"2601.00001": "The mixture of experts is $O(n)$."})
    built(store, summaries(store, tmp_path / "none"), tmp_path / "site")
    (folder,) = (tmp_path / "site" / search.FOLDER).glob("2026-*")
    ((mixture, *words),) = stood(folder, "abstracts", 1)
    assert mixture[0][0] == "S" and mixture[1] == 1
    assert words == [("experts", 3), ("mixture", 1), ("n", 6), ("o", 5)]


def test_a_segment_tells_of_each_paper_its_day_field_and_score(
    store: Store, found: list[Summary], tmp_path: Path
) -> None:
    """By these the browser filters and sorts; the shards' first tokens say which one to ask."""
    built(store, found, tmp_path / "site")
    (folder,) = (tmp_path / "site" / search.FOLDER).glob("2025-*")
    table = unpack(folder / "table.gz")
    assert table["days"] == [["2025-06-30", 7], ["2025-07-01", 7]]
    assert [table["fields"][place] for place in numbers(table["field"])[:2]] == ["llm-frontier", "dl-theory"]
    assert numbers(table["score"])[:3] == [90, 85, 85] and len(table["score"]) == len(table["field"]) == 14
    assert table["words"] == sorted(table["words"])
    assert [len(unpack(folder / "cards" / f"{number}.gz")) for number in (0, 1)] == [10, 4]


def test_the_vocabulary_holds_what_a_typo_may_have_been(store: Store, tmp_path: Path) -> None:
    """Words of four letters or more that some papers hold, with how many."""
    picks = [archive.pick(n, 8, "agents", title="Seldom agents" if n == 1 else "An agents code") for n in range(1, 5)]
    store.write(archive.day(picks=picks), {})
    built(store, summaries(store, tmp_path / "none"), tmp_path / "site")
    (folder,) = (tmp_path / "site" / search.FOLDER).glob("2026-*")
    assert unpack(folder / "vocabulary.gz") == {"agents": 4, "code": 3}


def test_the_newest_month_is_a_segment_and_each_earlier_year(
    store: Store, found: list[Summary], tmp_path: Path
) -> None:
    """The newest is named first, with the folder that its content names."""
    made = built(store, found, tmp_path / "site")
    assert made.years == ["2025", "2026"] and made.papers == 28
    assert made.made == ["2025", "2026", "2026-07"]
    folder = tmp_path / "site" / search.FOLDER
    about = json.loads((folder / search.ABOUT).read_text())
    assert [row["year"] for row in about["segments"]] == ["2026", "2026", "2025"]
    assert [row["months"] for row in about["segments"]] == [["2026-07"], ["2026-06"], ["2025-06", "2025-07"]]
    assert all((folder / row["folder"] / "table.gz").is_file() for row in about["segments"])
    assert about["fields"]["agents"] == "多模态智能体" and about["words"]["more"] == "更多"


@pytest.mark.parametrize(
    ("days", "made"),
    [
        (["2026-07-02"], ["2026-07"]),
        (["2026-07-02", "2026-07-03"], ["2026-07"]),
        (["2026-08-03"], ["2026", "2026-08"]),
        (["2027-01-04"], ["2026", "2027-01"]),
    ],
)
def test_only_what_changed_is_made_again(
    store: Store, found: list[Summary], tmp_path: Path, days: list[str], made: list[str]
) -> None:
    """A day is added to its month, a month that is over to its year; the bytes are those of a build from nothing."""
    built(store, found, tmp_path / "site")
    more = found
    for date in days:
        more = archive.fill(store, [archive.day(dt.date.fromisoformat(date))])
        again = built(store, more, tmp_path / "site2")
        assert again.made == made
    shutil.rmtree(tmp_path / "site2")  # of the segments that a new day replaced
    built(store, more, tmp_path / "site2")
    built(store, more, tmp_path / "clean", "other")
    assert content(tmp_path / "site2") == content(tmp_path / "clean")


def test_a_day_is_added_without_reading_those_before_it(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """The earlier days of its month come from the segment that holds them."""
    built(store, found, tmp_path / "site")
    more = archive.fill(store, [archive.day(dt.date(2026, 7, 2))])
    store.path(dt.date(2026, 7, 1)).write_text("broken")
    assert built(store, more, tmp_path / "again").made == ["2026-07"]


def test_a_day_that_changed_is_read_again(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """It is no beginning of what is wanted any more."""
    built(store, found, tmp_path / "site")
    changed = archive.fill(store, [archive.day(dt.date(2026, 7, 1), picks=archive.PICKS[:3])])
    assert built(store, changed, tmp_path / "again").made == ["2026-07"]
    built(store, changed, tmp_path / "clean", "other")
    assert content(tmp_path / "again") == content(tmp_path / "clean")


def test_a_closed_year_is_not_read_again(store: Store, found: list[Summary], tmp_path: Path) -> None:
    """It is known by its digest: its records need not even be readable."""
    built(store, found, tmp_path / "site")
    before = content(tmp_path / "site")
    for path in (store.folder / "2025").glob("*.json"):
        path.write_text("broken")
    assert built(store, found, tmp_path / "site").made == []
    assert content(tmp_path / "site") == before


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


def weeks(folder: Path) -> list[Any]:
    """What was not picked, as a browser reads it: the weeks, newest first."""
    index = folder / search.FOLDER
    return [unpack(index / row["file"]) for row in json.loads((index / "unpicked.json").read_text())]


def test_what_was_not_picked_is_there_with_its_score(store: Store, tmp_path: Path) -> None:
    """A file a week, the newest day first and in it the best; not what the operator has dropped or what is withheld."""
    rows = tuple(Rest(id=f"2601.0000{n}", title=f"Paper {n}", primary="cs.RO", score=n) for n in (1, 3, 2))
    drop = Correction(id="2601.00002", made=archive.day().updated, drop=True, why="off topic")
    days = [archive.day(dt.date(2026, 6, 26)), archive.day(dt.date(2026, 6, 29)), archive.day(dt.date(2026, 6, 30))]
    days[1] = days[1].model_copy(update={"rest": rows, "corrections": (drop,)})
    built(store, archive.fill(store, days), tmp_path / "site")
    newest, oldest = weeks(tmp_path / "site")
    assert [date for date, _ in newest] == ["2026-06-30", "2026-06-29"] and [date for date, _ in oldest] == [
        "2026-06-26"
    ]
    assert newest[1][1] == [
        {"i": "2601.00003", "t": "Paper 3", "s": 30, "c": "cs.ro"},
        {"i": "2601.00001", "t": "Paper 1", "s": 10, "c": "cs.ro"},
    ]
    hidden = Store(store.folder, {"2601.00003"})
    found = with_redaction_digest(summaries(hidden, tmp_path / "none"), hidden)
    built(hidden, found, tmp_path / "other")
    assert weeks(tmp_path / "other")[0][1][1][0] == {"i": "2601.00003", "t": "2601.00003", "s": 30, "c": "cs.ro"}


def test_an_archive_without_picks_has_no_index(store: Store, config: Config, tmp_path: Path) -> None:
    """The search page then says that nothing was found."""
    assert search.build(store, config, [], site_folder(tmp_path / "site"), tmp_path / "kept").years == []
    assert json.loads((tmp_path / "site" / search.FOLDER / search.ABOUT).read_text())["segments"] == []


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
