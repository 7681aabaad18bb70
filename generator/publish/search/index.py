"""The inverted index of some days (a segment), in shards that a browser reads (overrides/assets/js/search/store.js).

    table.gz         {"words": first token of each shard, "days": [[date, papers], ...], "fields": slugs, and of each
                     paper, in the order of the records: "field": place in "fields", "score" in tenths}
    words/N.gz       {token: postings} of titles, authors and reasons
    abstracts.gz     first token of each shard of
    abstracts/N.gz   {token: postings} of abstracts, without the stop words
    cards/N.gz       what is shown of CARDS papers, [{"i": id, "t": title, "a": authors, "r": reason, "e": 1 if the
                     score is an estimate}, ...]
    vocabulary.gz    {word: papers} of the words that a typo may have been meant to be

Postings, and all numbers of which there are many, are text (postings.py). A place is 4 * n + 0 in the title, 1 in the
authors, 3 for the last word of an author's name, 2 in the reason, where n counts tokens, and each author's name begins
at a multiple of NAME; in an abstract it is n.

A segment may begin with one of fewer days, which is read back instead of the records: the bytes are the same.
"""

import contextlib
import gzip
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from generator.core.model import Day, Pick
from generator.core.tex import to_unicode
from generator.publish.search.postings import MOST, PAPER, Postings, numbers_of, text_of
from generator.publish.search.synonyms import Concepts
from generator.publish.search.tokens import (
    UNINDEXED_WORDS,
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

NAME = 8
"""A name's first word stands at a multiple of it, so that "Wei Zhang" is told from a part of "Li Wei Zhang"."""

MOST_WORDS = 15_000
"""Words of a vocabulary, the commonest: some 45 KB when packed."""


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
    title, reason = to_unicode(paper.title), to_unicode(verdict.reason or "")
    more = ", …" if len(paper.authors) > MOST_AUTHORS else ""
    card: dict[str, Any] = {"i": paper.id, "t": title, "a": ", ".join(paper.authors[:MOST_AUTHORS]) + more, "r": reason}
    if verdict.estimate:
        card["e"] = 1
    in_title, in_reason = tokens(title), tokens(reason)
    placed = [*zip(in_title, count(0, 4), strict=False)]
    placed += [(token, 4 * at) for token, at in concepts.found(in_title)]
    facts = (id_token(paper.id), *map(category_token, paper.categories))
    placed += zip(facts, count(4 * (len(in_title) + 1) + 1, 4), strict=False)
    at = len(in_title) + len(facts)
    for name in paper.authors:
        for form in name_forms(name):
            at = (at // NAME + 1) * NAME
            placed += zip(form[:-1], count(4 * at + 1, 4), strict=False)
            placed.append((form[-1], 4 * (at + len(form) - 1) + 3))
            if len(form) > 1:
                placed.append((initials_token(form), 4 * at + 1))
            at += len(form)
    begin = at + 2
    placed += zip(in_reason, count(4 * begin + 2, 4), strict=False)
    placed += [(token, 4 * (begin + at) + 2) for token, at in concepts.found(in_reason)]
    if 4 * (begin + len(in_reason)) > MOST:
        placed = [(token, min(place, MOST)) for token, place in placed]
    return Entry(card, placed)


class _Growing:
    """A segment while it is made; BASE is one of its first days, whose card files are taken as they are."""

    def __init__(self, base: Path | None, concepts: Concepts) -> None:
        self.base, self.concepts = base, concepts
        empty: dict[str, Any] = {"days": [], "fields": [], "field": "", "score": ""}
        table: dict[str, Any] = _read(base / "table.gz") if base else empty
        self.days: list[list[Any]] = table["days"]
        self.fields: dict[str, int] = {slug: place for place, slug in enumerate(table["fields"])}
        self.field, self.score = numbers_of(table["field"]), numbers_of(table["score"])
        self.words = Postings(_read_shards(base and base / "words"))
        self.abstracts = Postings(_read_shards(base and base / "abstracts"))
        self.kept_cards = len(self.score) // CARDS
        last = base / "cards" / f"{self.kept_cards}.gz" if base else None
        self.cards: list[dict[str, Any]] = _read(last) if last and last.exists() else []

    def add(self, given: DayInput) -> None:
        self.days.append([given.day.date.isoformat(), len(given.day.picks)])
        words, abstracts = self.words.new, self.abstracts.new
        for pick in given.day.picks:
            here = len(self.score) << PAPER
            card, placed = entry(pick, self.concepts)
            for token, place in placed:
                words[token].append(here + place)
            in_abstract = tokens(to_unicode(given.abstracts.get(pick.paper.id, "")))
            for place, token in enumerate(in_abstract, here):
                if token not in UNINDEXED_WORDS:
                    abstracts[token].append(place)
            for token, at in self.concepts.found(in_abstract):
                abstracts[token].append(here + at)
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
        firsts: dict[str, list[str]] = {"words": [], "abstracts": []}
        for name, postings in (("words", self.words), ("abstracts", self.abstracts)):
            for number, (first, shard) in enumerate(postings.shards(vocabulary)):
                firsts[name].append(first)
                _write(folder / name / f"{number}.gz", shard)
        table = {
            "words": firsts["words"],
            "days": self.days,
            "fields": list(self.fields),
            "field": text_of(self.field),
            "score": text_of(self.score),
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


def _read_shards(folder: Path | None) -> Iterator[Mapping[str, str]]:
    """The shards in FOLDER, none without one."""
    for path in folder.iterdir() if folder else ():
        yield _read(path)


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
