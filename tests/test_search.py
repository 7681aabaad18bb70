"""The search index: what becomes a token, what an entry holds, and when an index is made again."""

import datetime as dt
import json
import stat
from pathlib import Path

import archive
import pagefind_bin  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import search
from generator.config import Config
from generator.errors import BuildError
from generator.stats import Summary
from generator.store import Store

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
    assert search.tokens(text) == search.tokens(same)


@pytest.mark.parametrize(
    "forms", ["agent agents", "study studies studied", "plan planned planning plans", "rate rates", "class classes"]
)
def test_forms_of_a_word_are_one(forms: str) -> None:
    """Plural, past, progressive."""
    assert len({search.stem(form) for form in forms.split()}) == 1


@given(st.text(alphabet=st.sampled_from("多模态智能体，。（）a1Q zé"), min_size=1, max_size=20), st.data())
def test_a_piece_of_a_text_is_a_phrase_of_its_tokens(text: str, data: st.DataObject) -> None:
    """Wherever it is cut out of Chinese, its pairs of characters stand side by side in the text's tokens."""
    whole = search.tokens(text)
    start = data.draw(st.integers(0, len(text) - 1))
    piece = text[start : start + 3]
    pairs = [token for token in search.tokens(piece) if token.startswith("qb")] if piece.isalpha() else []
    if all(not sign.isascii() and sign != "é" for sign in piece):
        assert not pairs or any(whole[at : at + len(pairs)] == pairs for at in range(len(whole)))


@given(st.text(max_size=60))
def test_tokens_are_small_letters_that_nobody_splits(text: str) -> None:
    """Whatever the text, Pagefind gets words of a-z which its stemmer leaves alone."""
    for token in search.tokens(text):
        assert token.isascii() and token.isalpha() and token.islower()
        assert token.endswith("q") or token[:2] in ("qb", "qf", "ql")


def test_different_characters_have_different_tokens() -> None:
    """Precision begins here."""
    signs = [chr(code) for code in range(0x4E00, 0x9FFF)]
    assert len({search.tokens(sign)[0] for sign in signs}) == len(signs)


def test_an_entry_holds_what_a_result_shows_and_no_field_name() -> None:
    """Fields are filters: a search for their name finds papers that hold it."""
    shown, page = search.entry(DAYS[0], 0, archive.pick(5, 8.5, "agents", reason="多模态<b>", title="A & B"))
    assert json.loads(shown) == {
        "i": "2601.00005",
        "d": "2025-06-30",
        "t": "A & B",
        "a": "Ann Lee, Bo Wu",
        "r": "多模态<b>",
        "s": "8.5",
        "f": "agents",
    }
    assert 'data-pagefind-filter="field:agents"' in page and "agentq" not in page and "<b>" not in page


def test_there_is_one_index_for_each_half_of_a_year(
    store: Store, found: list[Summary], config: Config, tmp_path: Path
) -> None:
    """The newest is named first; the library lies there once."""
    built = search.build(store, config, found, tmp_path / "site", tmp_path / "kept")
    assert built.parts == built.made == ["2025-1", "2025-2", "2026-1", "2026-2"] and built.papers == 28
    folder = tmp_path / "site" / search.FOLDER
    about = json.loads((folder / search.ABOUT).read_text())
    assert [row["part"] for row in about["parts"]] == ["2026-2", "2026-1", "2025-2", "2025-1"]
    assert about["fields"]["agents"] == "多模态智能体" and about["words"]["more"] == "更多"
    assert len(list(folder.rglob("pagefind*.js"))) == 1
    chunks = json.loads((folder / "2025-1" / search.CHUNKS).read_text())
    assert chunks == sorted(chunks) and chunks


def test_only_what_changed_is_made_again(store: Store, found: list[Summary], config: Config, tmp_path: Path) -> None:
    """A new day makes its own half again; the bytes are those of a build from nothing."""
    search.build(store, config, found, tmp_path / "site", tmp_path / "kept")
    more = archive.fill(store, [archive.day(dt.date(2026, 7, 2))])
    again = search.build(store, config, more, tmp_path / "site", tmp_path / "kept")
    assert again.made == ["2026-2"]
    search.build(store, config, more, tmp_path / "clean", tmp_path / "other")
    assert content(tmp_path / "site") == content(tmp_path / "clean")
    assert len(list((tmp_path / "kept").iterdir())) == 4


def test_an_archive_without_picks_has_no_index(store: Store, config: Config, tmp_path: Path) -> None:
    """The search page then says that nothing was found."""
    assert search.build(store, config, [], tmp_path / "site", tmp_path / "kept").parts == []
    assert json.loads((tmp_path / "site" / search.FOLDER / search.ABOUT).read_text())["parts"] == []


@pytest.mark.parametrize(
    "script",
    [
        "exit 3",
        "echo nonsense",
        "printf 'eyJwYXlsb2FkIjp7InR5cGUiOiJFcnJvciIsIm1lc3NhZ2UiOiJmdWxsIn19,'; cat >/dev/null",
    ],
)
def test_a_pagefind_that_fails_is_named(
    script: str, store: Store, found: list[Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And leaves nothing half-made behind."""
    program = tmp_path / "pagefind"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(pagefind_bin, "get_executable", lambda: program)
    with pytest.raises(BuildError, match="could not make the search index"):
        search.build(store, archive.config(), found, tmp_path / "site", tmp_path / "kept")
    assert list((tmp_path / "kept").iterdir()) == []
