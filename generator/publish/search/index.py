"""The inverted index of some days (a segment), in shards that a browser reads (overrides/assets/js/search/store.js).

    table.gz         {"words": first token of each shard, "days": [[date, papers], ...], "fields": slugs, and of each
                     paper, in the order of the records: "field": place in "fields", "score" in tenths}
    words/N.gz       {token: postings} of titles, authors and reasons
    abstracts.gz     first token of each shard of
    abstracts/N.gz   {token: postings} of abstracts, without the stop words
    cards/N.gz       what is shown of CARDS papers, [{"i": id, "t": title, "a": authors, "r": reason, "e": 1 if the
                     score is an estimate}, ...]
    vocabulary.gz    {word: papers} of the words that a typo may have been meant to be

Numbers of which there are many (postings, fields, scores) are text: the n-th character of SIGNS stands for n. That is
half of what JSON needs, unpacked, and 15 % less when packed. Postings are, for each occurrence of the token, the
distance of its paper from the one before (0: the same paper); then the place of each. A place is 4 * n + 0 in the
title, 1 in the authors, 3 for the last word of an author's name, 2 in the reason, where n counts tokens, and each
author's name begins at a multiple of NAME; in an abstract it is n.

A segment may begin with one of fewer days, which is read back instead of the records: the bytes are the same.
"""

import contextlib
import gzip
import json
import os
import shutil
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from operator import sub
from pathlib import Path
from typing import Any, NamedTuple

from generator.core.model import Day, Pick
from generator.core.tex import to_unicode
from generator.core.text import clean
from generator.publish.search.synonyms import Concepts
from generator.publish.search.tokens import (
    STOP_WORDS,
    category_token,
    id_token,
    initials_token,
    name_forms,
    tokens,
)
from generator.records.summaries import NO_FIELD

MOST_AUTHORS = 40
"""Authors that a result names; all of them are searched."""

CARDS = 10
"""Papers of which one file tells what is shown: ten results of ten files are 40 KB."""

SHARD = 6_000
"""Characters after which a shard is full, some 5 KB when packed: a query of four characters asks for three."""

NAME = 8
"""A name's first word stands at a multiple of it, so that "Wei Zhang" is told from a part of "Li Wei Zhang"."""

SIGNS = (
    range(0x28, 0x3C),
    range(0x3F, 0x5C),
    range(0x5D, 0x60),
    range(0x61, 0x7F),
    range(0xC0, 0x2B0),
    range(0x4E00, 0xA000),
    range(0xAC00, 0xD7A4),
    range(0x20000, 0x2FFFE),
    range(0x30000, 0x3FFFE),
)
"""The codes of the characters that stand for 0, 1, ...: none is invisible, or has a meaning in JSON or HTML."""

RARE = 3
"""A word in fewer papers is not suggested for a typo."""

MOST_WORDS = 15_000
"""Words of a vocabulary, the commonest: some 45 KB when packed."""

_PLACES = 20
"""Bits of a place within a posting; the paper's number stands above them."""

_MASK = (1 << _PLACES) - 1
_MOST = sum(map(len, SIGNS)) - 1
"""The largest number that has a character: a place beyond it, that of the 5,000th author, counts as this one."""

Postings = defaultdict[str, "array[int]"]
"""Of each token where it stands: number of the paper << _PLACES | place, rising."""


class DayInput(NamedTuple):
    """A day as the index reads it, with the abstracts of its picks by id."""

    day: Day
    abstracts: Mapping[str, str]


class Entry(NamedTuple):
    """What the index holds of a pick: what is shown, (token, place) of its title, authors and reason."""

    card: dict[str, Any]
    words: list[tuple[str, int]]


def entry(pick: Pick, concepts: Concepts) -> Entry:
    """PICK as the index holds it, with the groups of synonyms that CONCEPTS finds."""
    paper, verdict = pick.paper, pick.verdict
    title, reason = to_unicode(clean(paper.title)), to_unicode(clean(verdict.reason or ""))
    more = ", …" if len(paper.authors) > MOST_AUTHORS else ""
    card: dict[str, Any] = {"i": paper.id, "t": title, "a": ", ".join(paper.authors[:MOST_AUTHORS]) + more, "r": reason}
    if verdict.estimate:
        card["e"] = 1
    in_title, in_reason = tokens(title), tokens(reason)
    placed = [(token, 4 * at) for at, token in enumerate(in_title)]
    placed += [(token, 4 * at) for token, at in concepts.found(in_title)]
    facts = (id_token(paper.id), *map(category_token, paper.categories))
    placed += [(token, 4 * at + 1) for at, token in enumerate(facts, len(in_title) + 1)]
    at = len(in_title) + len(facts)
    for name in paper.authors:
        for form in name_forms(name):
            at = (at // NAME + 1) * NAME
            placed += [(word, 4 * (at + number) + 1) for number, word in enumerate(form[:-1])]
            placed.append((form[-1], 4 * (at + len(form) - 1) + 3))
            if len(form) > 1:
                placed.append((initials_token(form), 4 * at + 1))
            at += len(form)
    begin = at + 2
    placed += [(token, 4 * at + 2) for at, token in enumerate(in_reason, begin)]
    placed += [(token, 4 * (begin + at) + 2) for token, at in concepts.found(in_reason)]
    return Entry(card, placed)


class _Growing:
    """A segment while it is made; BASE is one of its first days, whose card files are taken as they are."""

    def __init__(self, base: Path | None, concepts: Concepts) -> None:
        self.base, self.concepts = base, concepts
        empty: dict[str, Any] = {"days": [], "fields": [], "field": "", "score": ""}
        table: dict[str, Any] = _read(base / "table.gz") if base else empty
        self.days: list[list[Any]] = table["days"]
        self.fields: dict[str, int] = {slug: place for place, slug in enumerate(table["fields"])}
        self.field, self.score = _numbers(table["field"]), _numbers(table["score"])
        self.words = _read_postings(base / "words" if base else None)
        self.abstracts = _read_postings(base / "abstracts" if base else None)
        self.kept_cards = len(self.score) // CARDS
        last = base / "cards" / f"{self.kept_cards}.gz" if base else None
        self.cards: list[dict[str, Any]] = _read(last) if last and last.exists() else []

    def add(self, given: DayInput) -> None:
        self.days.append([given.day.date.isoformat(), len(given.day.picks)])
        for pick in given.day.picks:
            here = len(self.score) << _PLACES
            card, words = entry(pick, self.concepts)
            for token, place in words:
                self.words[token].append(here + min(place, _MOST))
            abstract = to_unicode(clean(given.abstracts.get(pick.paper.id, "")))
            in_abstract = tokens(abstract)
            for place, token in enumerate(in_abstract, here):
                if token not in STOP_WORDS:
                    self.abstracts[token].append(place)
            for token, at in self.concepts.found(in_abstract):
                self.abstracts[token].append(here + at)
            self.cards.append(card)
            self.field.append(self.fields.setdefault(pick.verdict.field or NO_FIELD, len(self.fields)))
            self.score.append(round(pick.verdict.score * 10))

    def write(self, folder: Path) -> None:
        for name in ("words", "abstracts", "cards"):
            (folder / name).mkdir()
        for number in range(self.kept_cards):
            _link(Path(str(self.base), "cards", f"{number}.gz"), folder / "cards" / f"{number}.gz")
        for number in range(0, len(self.cards), CARDS):
            name = f"{self.kept_cards + number // CARDS}.gz"
            _write(folder / "cards" / name, _dumps(self.cards[number : number + CARDS]))
        vocabulary: Counter[str] = Counter()
        firsts = {
            name: [
                _write_shard(folder / name / f"{number}.gz", shard)
                for number, shard in enumerate(_shards(postings, vocabulary))
            ]
            for name, postings in (("words", self.words), ("abstracts", self.abstracts))
        }
        table = {
            "words": firsts["words"],
            "days": self.days,
            "fields": list(self.fields),
            "field": _text(self.field),
            "score": _text(self.score),
        }
        _write(folder / "table.gz", _dumps(table))
        _write(folder / "abstracts.gz", _dumps(firsts["abstracts"]))
        told = sorted(vocabulary.items(), key=lambda row: (-row[1], row[0]))[:MOST_WORDS]
        _write(folder / "vocabulary.gz", _dumps(dict(sorted(told))))


def make_segment(days: Iterable[DayInput], target: Path, concepts: Concepts, base: Path | None = None) -> None:
    """The index of BASE's days (a segment; default: none) and then of DAYS, oldest first, at TARGET.

    BASE was made with the same CONCEPTS. TARGET appears when it is whole.
    """
    growing = _Growing(base, concepts)
    for day in days:
        growing.add(day)
    with _appearing(target) as folder:
        growing.write(folder)


def _shards(postings: Postings, vocabulary: Counter[str]) -> Iterator[list[str]]:
    """POSTINGS as shards of rows, in the order in which a browser compares texts; the words go to VOCABULARY."""
    rows: list[str] = []
    size = 0
    for token in sorted(postings, key=lambda token: token.encode("utf-16-be")):
        papers = [value >> _PLACES for value in postings[token]]
        distances = list(map(sub, papers, [0, *papers]))
        if len(token) > 3 and token.isascii() and token.isalpha() and token.islower():
            held = len(papers) - distances[1:].count(0)
            if held >= RARE:
                vocabulary[token] = max(vocabulary[token], held)
        text = _text(distances) + _text([value & _MASK for value in postings[token]])
        rows.append(f"{_dumps(token)}:{_dumps(text)}")
        size += len(rows[-1])
        if size >= SHARD:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows


def _write_shard(path: Path, rows: list[str]) -> str:
    """Write ROWS to PATH; return the first one's token."""
    text = f"{{{','.join(rows)}}}"
    _write(path, text)
    first: str = json.loads(f"{{{rows[0]}}}").popitem()[0]
    return first


def _read_postings(folder: Path | None) -> Postings:
    """The postings in the shards of FOLDER, none without one."""
    found: Postings = defaultdict(partial(array, "q"))
    for path in folder.iterdir() if folder else ():
        for token, text in _read(path).items():
            values = _numbers(text)
            half = len(values) // 2
            paper = 0
            row = found[token]
            for distance, place in zip(values[:half], values[half:], strict=True):
                paper += distance
                row.append(paper << _PLACES | place)
    return found


_codes = [chr(code) for codes in SIGNS for code in codes]
_number = {sign: number for number, sign in enumerate(_codes)}


def _text(numbers: Iterable[int]) -> str:
    return "".join([_codes[number] for number in numbers])


def _numbers(text: str) -> list[int]:
    """The numbers that `_text` made TEXT of."""
    return [_number[sign] for sign in text]


@contextlib.contextmanager
def _appearing(target: Path) -> Iterator[Path]:
    """A new folder that becomes TARGET when all went well."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".making-"))
    try:
        yield made
        made.chmod(0o755)
        os.replace(made, target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _link(source: Path, target: Path) -> None:
    """TARGET as SOURCE: the same inode where the file system can."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _read(path: Path) -> Any:
    return json.loads(gzip.decompress(path.read_bytes()))


def _write(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode(), compresslevel=6, mtime=0))
