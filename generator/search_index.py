"""The inverted index of a month by Pagefind, and those of a year's months as one, in shards that a browser reads.

Pagefind says which token stands where; its own program in the browser compares every hit with every other one (的, in
25,000 papers of a year, took it 5 s, 提出 1.7 s), so that the shards are written for a reader of ours
(overrides/assets/js/search-shards.js), to which a hit costs the same however many there are. A year's folder holds

    table.gz      {"words": first token of each shard, "days": [[date, papers], ...], "fields": slugs, and of each
                  paper, in the order of the records: "f": place of its field in "fields", "s": score in tenths}
    words/N.gz    {token: [papers, places]}: papers by number, each as its distance from the one before; of each, the
                  place of the token, or a list of places. A place is 4 * n + 0 in the title, 1 in the authors, 2 in
                  the reason
    cards/N.gz    what is shown of CARDS papers, [{"i": id, "t": title, "a": authors, "r": reason, "e": 1 if the score
                  is an estimate}, ...]
"""

import base64
import contextlib
import gzip
import io
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO, Any, NamedTuple

import pagefind_bin  # type: ignore[import-untyped]

from generator.errors import BuildError
from generator.model import Day, Pick
from generator.search_text import BREAK, id_token, tokens
from generator.stats import NO_FIELD
from generator.text import clean
from generator.unicode_math import to_unicode

SIGNATURE = b"pagefind_dcd"
MOST_AUTHORS = 40
"""Authors that a result names; all of them are searched."""

CARDS = 10
"""Papers of which one file tells what is shown: ten results of ten files are 40 KB."""

SHARD = 20_000
"""Characters after which a shard is full, some 6 KB when packed: a query of four characters asks for three."""

MONTH = "month.json.gz"

Word = tuple[list[int], list[Any]]
"""Of a token: the papers that hold it (each as the distance from the one before), its places in each (or a list)."""


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


# A month.


def make_month(days: Iterable[Day], target: Path) -> None:
    """The index of DAYS at TARGET, which appears when it is whole. Raises BuildError if Pagefind fails."""
    with _appearing(target) as made:
        bounds: list[tuple[int, int]] = []
        table: dict[str, list[Any]] = {"days": [], "f": [], "s": []}
        cards = []

        def texts() -> Iterator[str]:
            for day in days:
                table["days"].append([day.date.isoformat(), len(day.picks)])
                for pick in day.picks:
                    card, parts = entry(pick)
                    cards.append(card)
                    table["f"].append(pick.verdict.field or NO_FIELD)
                    table["s"].append(round(pick.verdict.score * 10))
                    bounds.append((len(parts[0]), len(parts[0]) + len(parts[1])))
                    yield " ".join(part for words in parts for part in words)

        words = _read_words(_run_pagefind(texts()), bounds)
        _write(made / MONTH, _dumps({**table, "cards": cards, "words": words}), level=1)  # read on this machine only


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


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _write(path: Path, text: str, level: int = 9) -> None:
    path.write_bytes(gzip.compress(text.encode(), level, mtime=0))


def _run_pagefind(texts: Iterable[str]) -> Iterator[bytes]:
    """The chunks of an index of TEXTS.

    Pagefind runs as a service, told one text after the other: from a folder it takes them in no certain order. It hands
    its files over, because those that it writes itself may still be empty when it says that it has written them.
    """
    said: list[dict[str, Any]] = []
    try:
        process = subprocess.Popen(
            [pagefind_bin.get_executable(), "--service"], stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
    except OSError as error:
        raise BuildError(
            f"Pagefind, which makes the search index, does not start ({error}); run `make setup`"
        ) from None
    with contextlib.suppress(BrokenPipeError), process:  # closing what it no longer reads breaks too
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        reader = threading.Thread(target=_hear, args=(process.stdout, said))
        reader.start()
        try:
            _say(process.stdin, {"type": "NewIndex", "config": {"force_language": "en"}})
            for number, text in enumerate(texts):
                record = {"type": "AddRecord", "index_id": 0, "language": "en"}
                _say(process.stdin, {**record, "url": f"/{number}", "content": text})
            _say(process.stdin, {"type": "GetFiles", "index_id": 0})
            process.stdin.flush()
        except BrokenPipeError:
            pass  # it went away: what it said last is the reason
        reader.join()  # at the end of its input it would stop with what it has not yet read
        process.kill()
    if not said or said[0]["type"] == "Error":
        what = said[0].get("message", "") if said else "it stopped half-way"
        raise BuildError(f"Pagefind could not make the search index: {what}")
    for file in said[0]["files"]:
        if file["path"].endswith(".pf_index"):
            yield gzip.decompress(base64.b64decode(file["content"])).removeprefix(SIGNATURE)


def _say(pipe: IO[bytes], payload: Mapping[str, Any]) -> None:
    pipe.write(base64.b64encode(json.dumps({"message_id": 1, "payload": payload}).encode()) + b",")


def _hear(pipe: IO[bytes], said: list[dict[str, Any]]) -> None:
    """Wait for the answer that ends it: all files, or an error."""
    parts: list[bytes] = []
    while more := pipe.read1(1 << 16) if isinstance(pipe, io.BufferedReader) else b"":
        for number, piece in enumerate(more.split(b",")):
            if number:  # a comma ends a message
                answer = json.loads(base64.b64decode(b"".join(parts)))["payload"]
                parts.clear()
                if answer["type"] in ("Error", "GetFiles"):
                    said.append(answer)
                    return
            parts.append(piece)


def _read_words(chunks: Iterable[bytes], bounds: Sequence[tuple[int, int]]) -> dict[str, Word]:
    """The tokens in the CHUNKS of Pagefind. BOUNDS: where of each text authors and reason begin.

    Raises BuildError if what is there is not as this reader knows it.
    """
    found: dict[str, Word] = {}
    for chunk in chunks:
        try:
            found.update(_chunk(chunk, bounds))
        except (LookupError, UnicodeDecodeError):
            found.clear()
            break
    found.pop(BREAK, None)
    seen = sum(len(papers) for token, (papers, _) in found.items() if token.startswith("qi"))
    if seen != len(bounds):
        raise BuildError(f"Pagefind's index holds {seen} of {len(bounds)} papers; use the version in requirements.txt")
    return found


# A chunk is CBOR (RFC 8949): [[[token, [[paper, [places], [...]], ...], [...]], ...]], papers and places as distances
# from the one before; a negative number among the places is the weight of those that follow, here the same for all.

_ARRAY, _ARRAY_OF_THREE, _END = 0x80, 0x83, 0xFF


def _head(data: bytes, at: int) -> tuple[int, int]:
    """The number in a head of CBOR (a value, a length; -1: an array up to its end mark), and the place behind it."""
    size = data[at] & 31
    at += 1
    if size < 24:
        return size, at
    if size == 31:
        return -1, at
    length = 1 << (size - 24)
    return int.from_bytes(data[at : at + length], "big"), at + length


def _chunk(data: bytes, bounds: Sequence[tuple[int, int]]) -> Iterator[tuple[str, Word]]:
    _, at = _head(data, 0)
    count, at = _head(data, at)
    while data[at] != _END if count < 0 else count:
        count -= count > 0
        length, at = _head(data, at + 1)
        token, at = data[at : at + length].decode(), at + length
        rows, at = _head(data, at)
        word, at = _postings(data, at, rows, bounds)
        variants, at = _head(data, at)
        if variants:
            raise LookupError(token)
        yield token, word


def _postings(data: bytes, at: int, rows: int, bounds: Sequence[tuple[int, int]]) -> tuple[Word, int]:
    """ROWS papers of a token; small numbers, which nearly all are, need no call."""
    paper, papers, places = 0, [], []
    for _ in range(rows):
        if data[at] != _ARRAY_OF_THREE:
            raise LookupError(at)
        distance, at = (data[at + 1], at + 2) if data[at + 1] < 24 else _head(data, at + 1)
        size, at = _head(data, at)
        paper += distance
        authors, reason = bounds[paper]
        place, there = 0, []
        for _ in range(size):
            negative = data[at] & 0x20
            number, at = (data[at], at + 1) if data[at] < 24 else _head(data, at)
            if not negative:
                place += number
                there.append(4 * place + (place >= authors) + (place >= reason))
        if data[at] != _ARRAY:
            raise LookupError(at)
        at += 1
        papers.append(distance)
        places.append(there[0] if len(there) == 1 else there)
    return (papers, places), at


# A year.


def make_year(months: Sequence[Path], target: Path) -> None:
    """The index of the MONTHS' indexes, oldest first, at TARGET, which appears when it is whole."""
    parts = [json.loads(gzip.decompress((month / MONTH).read_bytes())) for month in months]
    with _appearing(target) as made:
        (made / "words").mkdir()
        (made / "cards").mkdir()
        cards = [card for part in parts for card in part["cards"]]
        for number in range(0, len(cards), CARDS):
            _write(made / "cards" / f"{number // CARDS}.gz", _dumps(cards[number : number + CARDS]))
        firsts = []
        for number, (first, shard) in enumerate(_shards(_joined(parts))):
            firsts.append(first)
            _write(made / "words" / f"{number}.gz", shard)
        slugs = sorted({slug for part in parts for slug in part["f"]})
        places = {slug: place for place, slug in enumerate(slugs)}
        table = {
            "words": firsts,
            "days": [day for part in parts for day in part["days"]],
            "fields": slugs,
            "f": [places[slug] for part in parts for slug in part["f"]],
            "s": [score for part in parts for score in part["s"]],
        }
        _write(made / "table.gz", _dumps(table))


def _joined(parts: Iterable[dict[str, Any]]) -> dict[str, Word]:
    """The tokens of all PARTS, with the papers counted through."""
    joined: dict[str, Word] = {}
    last: dict[str, int] = {}
    start = 0
    for part in parts:
        for token, (papers, places) in part["words"].items():
            end = start + sum(papers)
            papers[0] += start - last.get(token, 0)
            last[token] = end
            all_papers, all_places = joined.setdefault(token, ([], []))
            all_papers += papers
            all_places += places
        start += len(part["s"])
    return joined


def _shards(words: Mapping[str, Word]) -> Iterator[tuple[str, str]]:
    """WORDS in their order as shards: the first token of each, and its text."""
    rows: list[str] = []
    first, size = "", 0
    for token in sorted(words):
        first = first or token
        rows.append(f'"{token}":{_dumps(words[token])}')
        size += len(rows[-1])
        if size >= SHARD:
            yield first, f"{{{','.join(rows)}}}"
            rows, first, size = [], "", 0
    if rows:
        yield first, f"{{{','.join(rows)}}}"
