"""The search index: two Pagefind indexes a year, one entry a pick, made from the records and kept by content digest.

A year of 27,500 picks in one index would take 2.5 GB to make; in halves it takes half of that, a new day makes the
newest half again and no other, and a query, whose cost in the browser grows with the square of its hits, stays fast.

Pagefind cuts Chinese differently when it indexes and when it is asked, looks for a word in the one chunk where its
unstemmed form would lie, and splits words at digits. So it is given none of this to decide: every text becomes tokens
of small letters here, and every query becomes the same tokens in the browser (overrides/assets/js/search-text.js is
the twin of `tokens`). Each begins or ends with a q, which no word has inside, and none is changed by its stemmer:

    agentq                      a word (agent, agents), stemmed by `stem`; digits, z and q are written with a z
    qi...q                      an arXiv id
    qf.. qb.... ql..            what is not written with a-z and 0-9 (Chinese above all): a run's first character, every
                                two that stand together, its last one; so that any part of a run, with any words around
                                it, is a phrase of tokens, and a single character is all pairs that begin with it,
                                and the last ones
    qx                          between authors and reason: no phrase runs from one part into the next
"""

import base64
import contextlib
import datetime as dt
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO, Any, NamedTuple

import pagefind_bin  # type: ignore[import-untyped]

from generator.config import Config
from generator.errors import BuildError
from generator.files import write_if_changed
from generator.model import Day, Pick
from generator.outputs import digest
from generator.stats import NO_FIELD, Summary
from generator.store import Store
from generator.text import clean
from generator.unicode_math import to_unicode
from generator.wording import words

FOLDER = "pagefind"
"""Where the indexes lie in the site."""

ABOUT = "search.json"
"""Which indexes there are, newest first; the fields and the words that the search shows."""

CHUNKS = "chunks.json"
SIGNATURE = b"pagefind_dcd"
LIBRARY = ("pagefind.js", "wasm.en.pagefind")
UNUSED = ("pagefind-*.js", "pagefind-*.css", "wasm.unknown.pagefind")
"""What Pagefind writes beside each index and our search does not load."""

TITLE_WEIGHT = 5
MOST_AUTHORS = 40
"""Authors that a result names; all of them are searched."""

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Latin letters that no decomposition takes apart."""

_DIGITS = str.maketrans({**{str(n): "z" + "bcdfghjklm"[n] for n in range(10)}, "z": "zz", "q": "zq"})
_MARKS = str.maketrans({".": "zv", "/": "zw", "-": "zx"})
_NIBBLES = "bcdfghjklmnprtvw"
"""Sixteen consonants: nothing in them is a suffix to a stemmer."""

_PART = re.compile(r"[a-z0-9]+|[^\sa-z0-9]+")


class Built(NamedTuple):
    """What the indexes of a site hold."""

    parts: list[str]
    papers: int
    made: list[str]


# From text to tokens. Twin: overrides/assets/js/search-text.js; tests/browser/test_search.py holds the two together.


def fold(text: str) -> str:
    """TEXT as it is compared: full-width signs narrow, small letters, no accents."""
    small = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
    if small.isascii():
        return small
    bare = "".join(sign for sign in unicodedata.normalize("NFD", small) if unicodedata.category(sign) != "Mn")
    return unicodedata.normalize("NFKC", bare)


def stem(word: str) -> str:
    """WORD (a-z, 0-9) without the endings of plural, past and progressive: the first steps of Porter's stemmer.

    >>> [stem(word) for word in ("agents", "studies", "learning", "planned", "mixture")]
    ['agent', 'studi', 'learn', 'plan', 'mixtur']
    """
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-2] if word.endswith("sses") else word[:-1]
    for ending in ("eed", "ed", "ing"):
        if word.endswith(ending):
            base = word[: -len(ending)]
            if ending != "eed" and len(base) > 2 and re.search("[aeiouy]", base):
                doubled = base[-1] == base[-2] and base[-1] not in "lsz"
                word = base[:-1] if doubled else base
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith(("y", "i")) else word


def _units(run: str) -> list[str]:
    """Each UTF-16 unit of RUN as four consonants."""
    data = run.encode("utf-16-be").hex()
    return [
        "".join(_NIBBLES[int(nibble, 16)] for nibble in data[place : place + 4]) for place in range(0, len(data), 4)
    ]


def _is_text(run: str) -> bool:
    """Whether RUN holds a letter, mark or digit, and not only punctuation."""
    return any(unicodedata.category(sign)[0] in "LMN" for sign in run)


def tokens(text: str) -> list[str]:
    """The tokens of TEXT in their order."""
    found: list[str] = []
    for part in _PART.findall(fold(text)):
        if part.isascii() and part.isalnum():
            found.append(stem(part).translate(_DIGITS) + "q")
        elif _is_text(part):
            units = _units(part)
            pairs = ["qb" + one + other for one, other in pairwise(units)]
            found += ["qf" + units[0], *pairs, "ql" + units[-1]]
    return found


def id_token(arxiv_id: str) -> str:
    """The token of an arXiv id."""
    return "qi" + arxiv_id.lower().translate(_DIGITS).translate(_MARKS) + "q"


# From picks to entries.


def entry(day: Day, place: int, pick: Pick) -> tuple[str, str]:
    """For PICK, the one at PLACE (0: first) in DAY's record: what a result shows of it, and the page that is indexed.

    What is shown travels as the page's address: Pagefind indexes the words of every other thing that it keeps.
    """
    paper, verdict = pick.paper, pick.verdict
    title, reason = to_unicode(clean(paper.title)), to_unicode(clean(verdict.reason or ""))
    field = verdict.field or NO_FIELD
    more = ", …" if len(paper.authors) > MOST_AUTHORS else ""
    shown = {
        "i": paper.id,
        "d": day.date.isoformat(),
        "t": title,
        "a": ", ".join(paper.authors[:MOST_AUTHORS]) + more,
        "r": reason,
        "s": f"{verdict.score:.1f}",
        "f": field,
        **({"e": 1} if verdict.estimate else {}),
    }
    names = " ".join(" ".join(tokens(name)) for name in paper.authors)
    newest = f"{day.date:%Y%m%d}{9999 - place}"  # of one day, the record's first is the first
    page = (
        '<html lang="en"><body><main data-pagefind-body>'
        f'<i data-pagefind-filter="field:{field}" data-pagefind-sort="date:d{newest}"></i>'
        f'<i data-pagefind-filter="month:{day.date:%Y-%m}"></i>'
        f'<i data-pagefind-filter="score:{int(verdict.score)}"'
        f' data-pagefind-sort="score:s{round(verdict.score * 10):03}{newest}"></i>'
        f'<p data-pagefind-weight="{TITLE_WEIGHT}">{" ".join(tokens(title))}</p>'
        f"<p>{id_token(paper.id)} {names} qx {' '.join(tokens(reason))}</p></main></body></html>"
    )
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")), page


def entries(days: Iterable[Day]) -> Iterator[tuple[str, str]]:
    """What is shown and the page that is indexed for each pick of DAYS, in the order of the records."""
    for day in days:
        for place, pick in enumerate(day.picks):
            yield entry(day, place, pick)


# From entries to indexes.


@cache
def maker_digest() -> str:
    """A digest of the code and the program that make an index: when they change, every year is made again."""
    folder = Path(__file__).parent
    code = [(folder / name).read_bytes() for name in ("search.py", "text.py", "unicode_math.py")]
    return digest(version("pagefind-bin"), *code)


def part_of(date: dt.date) -> str:
    """The index that holds DATE: YYYY-1 or YYYY-2, a half of its year."""
    return f"{date.year:04}-{1 if date.month < 7 else 2}"


def part_digest(days: Sequence[Summary]) -> str:
    """A digest of all that the index of DAYS is made of."""
    return digest(maker_digest(), *(f"{one.date} {one.digest}" for one in days))


def build(store: Store, config: Config, found: Iterable[Summary], site: Path, kept: Path) -> Built:
    """Put the indexes of FOUND into SITE; those that KEPT holds from an earlier build are taken from there.

    Raises BuildError if Pagefind fails.
    """
    parts: dict[str, list[Summary]] = {}
    for one in found:
        if one.announced and one.picks:
            parts.setdefault(part_of(one.date), []).append(one)
    target = site / FOLDER
    kept.mkdir(parents=True, exist_ok=True)
    made = []
    names = {part: f"{part}-{part_digest(days)}" for part, days in parts.items()}
    for part, name in names.items():
        if not (kept / name).is_dir():
            _make_part(store, parts[part], kept / name)
            made.append(part)
        _link_tree(kept / name, target / part)
    for old in kept.iterdir():
        if old.name not in names.values():
            shutil.rmtree(old)
    for part in parts:  # each index comes with the same library; one copy serves them all
        for name in LIBRARY:
            os.replace(target / part / name, target / name)
    write_if_changed(target / ABOUT, _describe(parts, config))
    return Built(sorted(parts), sum(one.picks for days in parts.values() for one in days), made)


def _describe(parts: Mapping[str, Sequence[Summary]], config: Config) -> bytes:
    w = words(config.site.language)
    rows = [
        {"part": part, "papers": sum(one.picks for one in days), "months": sorted({one.month for one in days})}
        for part, days in sorted(parts.items(), reverse=True)
    ]
    own = ("score", "estimate")
    about = {
        "parts": rows,
        "fields": {field.slug: field.label(config.site.language) for field in config.fields}
        | {NO_FIELD: w["no_field"]},
        "words": {key.removeprefix("find_"): text for key, text in w.items() if key.startswith("find_") or key in own},
    }
    return (json.dumps(about, ensure_ascii=False, indent=0) + "\n").encode()


def _make_part(store: Store, days: Sequence[Summary], target: Path) -> None:
    """The index of DAYS at TARGET, which appears when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".making-"))
    try:
        records = (store.read(one.date) for one in days)
        for name, content in _run_pagefind(entries(day for day in records if day is not None)):
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        starts = _settle(made)
        (made / CHUNKS).write_bytes((json.dumps(starts, indent=0) + "\n").encode())
        made.chmod(0o755)
        os.replace(made, target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def _run_pagefind(pages: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    """The files of an index of PAGES, by name.

    Pagefind runs as a service, told one page after the other: from a folder it takes them in no certain order. It hands
    the files over, because those that it writes itself may still be empty when it says that it has written them.
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
            for shown, page in pages:
                _say(process.stdin, {"type": "AddFile", "index_id": 0, "url": shown, "file_contents": page})
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
        if not any(fnmatch(file["path"], pattern) for pattern in UNUSED):
            yield file["path"], base64.b64decode(file["content"])


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


def _settle(folder: Path) -> list[str]:
    """Put into one order what Pagefind wrote in an order of chance, and return the first word of each chunk.

    It looks for a word in one chunk only: whoever looks for all words that begin alike must know which to ask for. The
    metadata are CBOR: [version, pages, [[first, last, name] of chunks], [[name, file] of filters], [[name, pages] of
    sorts], ...], a filter [name, [[value, pages] ...]].
    """
    entry_path = folder / "pagefind-entry.json"
    entry = json.loads(entry_path.read_bytes())
    language = entry["languages"]["en"]
    path = folder / f"pagefind.{language['hash']}.pf_meta"
    meta = _unpack(path)
    for one in meta[3]:
        old = folder / "filter" / f"{one[1]}.pf_filter"
        values = _unpack(old)
        values[1].sort()
        old.unlink()
        one[1] = _pack(values, folder / "filter", "en_{}", ".pf_filter")
    meta[3].sort()
    meta[4].sort()
    path.unlink()
    language["hash"] = _pack(meta, folder, "pagefind.en_{}", ".pf_meta").removeprefix("pagefind.")
    entry["include_characters"].sort()
    entry_path.write_bytes(json.dumps(entry, separators=(",", ":")).encode())
    return [chunk[0] for chunk in meta[2]]


def _unpack(path: Path) -> Any:
    return _cbor(gzip.decompress(path.read_bytes()).removeprefix(SIGNATURE), 0)[0]


def _pack(value: Any, folder: Path, name: str, ending: str) -> str:
    """Write VALUE into FOLDER under NAME, which gets a digest of it; return the name."""
    data = SIGNATURE + _to_cbor(value)
    name = name.format(hashlib.sha256(data).hexdigest()[:10])
    (folder / f"{name}{ending}").write_bytes(gzip.compress(data, mtime=0))
    return name


def _to_cbor(value: Any) -> bytes:
    if isinstance(value, list):
        return _cbor_head(4, len(value)) + b"".join(map(_to_cbor, value))
    if isinstance(value, str):
        data = value.encode()
        return _cbor_head(3, len(data)) + data
    return _cbor_head(0, value)


def _cbor_head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    more = 0 if size < 1 << 8 else 1 if size < 1 << 16 else 2
    return bytes([kind << 5 | 24 + more]) + size.to_bytes(1 << more, "big")


def _cbor(data: bytes, at: int) -> tuple[object, int]:
    """The arrays, whole numbers and texts of CBOR (RFC 8949): a value of DATA, and the place behind it."""
    kind, size = data[at] >> 5, data[at] & 31
    at += 1
    if 24 <= size <= 27:
        length = 1 << (size - 24)
        size, at = int.from_bytes(data[at : at + length], "big"), at + length
    if kind == 0:
        return size, at
    if kind == 3:
        return data[at : at + size].decode(), at + size
    if kind != 4 or size == 31:
        raise BuildError("Pagefind's metadata is not what search.py knows; use the version in requirements.txt")
    values = []
    for _ in range(size):
        value, at = _cbor(data, at)
        values.append(value)
    return values, at


def _link_tree(source: Path, target: Path) -> None:
    """TARGET as SOURCE, file by file the same inode where the file system can: a year has 30,000 of them."""
    if target.exists():
        shutil.rmtree(target)
    try:
        shutil.copytree(source, target, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
