"""The inverted index of a year, in shards that a browser reads (overrides/assets/js/search-shards.js). A folder holds

    table.gz      {"words": first token of each shard, "days": [[date, papers], ...], "fields": slugs, and of each
                  paper, in the order of the records: "f": place of its field in "fields", "s": score in tenths}
    words/N.gz    {token: [papers, places]}: papers by number, each as its distance from the one before; of each, the
                  place of the token, or a list of places. A place is 4 * n + 0 in the title, 1 in the authors, 2 in
                  the reason
    cards/N.gz    what is shown of CARDS papers, [{"i": id, "t": title, "a": authors, "r": reason, "e": 1 if the score
                  is an estimate}, ...]

Pagefind, tried first, cuts Chinese differently when it indexes and when it is asked, so that it had to be given tokens
all the same, and its program in the browser compares every hit with every other one: in a year of 27,500 papers a word
that many of them hold (的, 提出) took it seconds. Here a hit costs the same however many there are.
"""

import contextlib
import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from generator.core.model import Day, Pick
from generator.core.tex_unicode import to_unicode
from generator.core.text import clean
from generator.publish.search.tokens import BREAK, id_token, tokens
from generator.records.summaries import NO_FIELD

MOST_AUTHORS = 40
"""Authors that a result names; all of them are searched."""

CARDS = 10
"""Papers of which one file tells what is shown: ten results of ten files are 40 KB."""

SHARD = 20_000
"""Characters after which a shard is full, some 6 KB when packed: a query of four characters asks for three."""

Word = tuple[list[int], list[int | list[int]]]
"""Of a token: the papers that hold it (each as the distance from the one before), its places in each."""


class Entry(NamedTuple):
    """What the index holds of a pick, in the order of the places: tokens of its title, id and authors, reason."""

    card: dict[str, Any]
    parts: tuple[list[str], list[str], list[str]]


def entry(pick: Pick) -> Entry:
    """PICK as the index holds it."""
    paper, verdict = pick.paper, pick.verdict
    title, reason = to_unicode(clean(paper.title)), to_unicode(clean(verdict.reason or ""))
    more = ", …" if len(paper.authors) > MOST_AUTHORS else ""
    card: dict[str, Any] = {"i": paper.id, "t": title, "a": ", ".join(paper.authors[:MOST_AUTHORS]) + more, "r": reason}
    if verdict.estimate:
        card["e"] = 1
    names = [token for name in paper.authors for token in (BREAK, *tokens(name))]
    return Entry(card, (tokens(title), [BREAK, id_token(paper.id), *names, BREAK], tokens(reason)))


def make_year(days: Iterable[Day], target: Path) -> None:
    """The index of DAYS, oldest first, at TARGET, which appears when it is whole."""
    words: dict[str, Word] = {}
    last: dict[str, int] = {}
    cards: list[dict[str, Any]] = []
    table: dict[str, list[Any]] = {"words": [], "days": [], "fields": [], "f": [], "s": []}
    slugs: dict[str, int] = {}
    for day in days:
        table["days"].append([day.date.isoformat(), len(day.picks)])
        for pick in day.picks:
            card, parts = entry(pick)
            for token, places in _places(parts).items():
                papers, all_places = words.setdefault(token, ([], []))
                papers.append(len(cards) - last.get(token, 0))
                all_places.append(places[0] if len(places) == 1 else places)
                last[token] = len(cards)
            cards.append(card)
            table["f"].append(slugs.setdefault(pick.verdict.field or NO_FIELD, len(slugs)))
            table["s"].append(round(pick.verdict.score * 10))
    table["fields"] = list(slugs)
    with _appearing(target) as made:
        for number in range(0, len(cards), CARDS):
            _write(made / "cards" / f"{number // CARDS}.gz", _dumps(cards[number : number + CARDS]))
        for number, (first, shard) in enumerate(_shards(words)):
            table["words"].append(first)
            _write(made / "words" / f"{number}.gz", shard)
        _write(made / "table.gz", _dumps(table))


def _places(parts: Iterable[Iterable[str]]) -> dict[str, list[int]]:
    """Where each token of a paper stands."""
    found: dict[str, list[int]] = {}
    place = 0
    for part, some in enumerate(parts):
        for token in some:
            found.setdefault(token, []).append(4 * place + part)
            place += 1
    found.pop(BREAK, None)
    return found


def _shards(words: Mapping[str, Word]) -> Iterator[tuple[str, str]]:
    """WORDS as shards, in the order in which a browser compares texts: the first token of each, and its text."""
    rows: list[str] = []
    first, size = "", 0
    for token in sorted(words, key=lambda token: token.encode("utf-16-be")):
        first = first or token
        rows.append(f"{_dumps(token)}:{_dumps(words[token])}")
        size += len(rows[-1])
        if size >= SHARD:
            yield first, f"{{{','.join(rows)}}}"
            rows, first, size = [], "", 0
    if rows:
        yield first, f"{{{','.join(rows)}}}"


@contextlib.contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A new folder that becomes TARGET when all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".making-"))
    try:
        for name in ("words", "cards"):
            (made / name).mkdir()
        yield made
        made.chmod(0o755)
        os.replace(made, target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _write(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
