"""The terms of picks that the browser's ranking is made of: telling, small, one file a month, made once."""

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

from support import archive
from support.site_files import put_all

from generator.publish.interests.build import INTERESTS_FOLDER, INTERESTS_INDEX, interest_outputs
from generator.publish.interests.terms import MOST_TERMS_OF_A_PICK, PickText, month_file
from generator.records.store import Store
from generator.records.summaries import summaries


def terms_of(whole: dict[str, Any], paper: str) -> tuple[list[str], list[str]]:
    """The terms of PAPER's title and its others, read as the browser reads them."""
    names = [term.replace("_", " ") for term in whole["terms"].split(" ")]
    found = []
    for distances in whole["papers"][paper][1:]:
        place, terms = 0, []
        for distance in distances:
            place += distance
            terms.append(names[place])
        found.append(terms)
    return found[0], found[1]


def texts(count: int) -> list[PickText]:
    """Every second pick is on caching keys, the others on robots, each with a word that no other has."""
    topics = [("A smaller KV cache", "The KV cache of decoders shrinks."), ("Robots that walk", "Legged robots walk.")]
    return [
        PickText(
            f"2601.{number:05}",
            ["llm", "agents"][number % 2],
            topics[number % 2][0],
            f"{topics[number % 2][1]} u{number}x",
        )
        for number in range(count)
    ]


def test_terms_are_words_and_pairs_that_several_picks_share() -> None:
    """None that one pick alone has, none of stop words; those of the title apart; plurals folded."""
    shared = [
        PickText(f"2601.1{number:04}", "llm", f"Other {number} talk", "Nothing shared here") for number in range(8)
    ]
    whole = json.loads(month_file([*texts(4), *shared]))
    title, others = terms_of(whole, "2601.00000")
    assert {"kv", "kv cache", "cache"} <= set(title) and "decoder" in others
    assert not any(term.startswith("u0") or "the" in term.split() for term in (*title, *others))
    assert [whole["fields"][whole["papers"][paper][0]] for paper in ("2601.00000", "2601.00001")] == ["llm", "agents"]


def test_a_pick_takes_few_bytes() -> None:
    """No more terms than MOST_TERMS, however long the abstract is."""
    long = " ".join(f"word{number}" for number in range(500))
    whole = json.loads(month_file([PickText(f"2601.{number:05}", "llm", "T", long) for number in range(2)] + texts(10)))
    assert len(whole["papers"]["2601.00000"][2]) <= MOST_TERMS_OF_A_PICK


def test_a_month_is_made_once(tmp_path: Path) -> None:
    """A new day makes its own month again; without days there is nothing to load; an old file leaves the site."""
    store = Store(tmp_path / "data")

    def built() -> list[str]:
        made = put_all(tmp_path / "site", interest_outputs(store, summaries(store, tmp_path / "none")))
        return [name.rpartition("/")[2][:7] for name in made if not name.endswith(INTERESTS_INDEX)]

    assert built() == [] and not any((tmp_path / "site").iterdir())
    for date in (dt.date(2026, 1, 14), dt.date(2026, 2, 4)):
        store.write(archive.day(date), {"2601.00001": "We cache keys."})
    assert built() == ["2026-01", "2026-02"] and built() == []
    store.write(archive.day(dt.date(2026, 2, 5)), {})
    assert built() == ["2026-02"]
    files = json.loads((tmp_path / "site" / INTERESTS_FOLDER / INTERESTS_INDEX).read_text())
    assert sorted(files) == ["2026-01", "2026-02"] and len(list((tmp_path / "site" / INTERESTS_FOLDER).iterdir())) == 3
    whole = json.loads(gzip.decompress((tmp_path / "site" / INTERESTS_FOLDER / files["2026-01"]).read_bytes()))
    assert sorted(whole["papers"]) == sorted(pick.paper.id for pick in archive.day().picks)
