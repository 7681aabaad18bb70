"""Where the tokens of a segment stand, as text in shards that a browser reads (overrides/assets/js/search/store.js).

Numbers of which there are many are text: the n-th character of SIGNS stands for n. That is half of what JSON needs,
unpacked, and 15 % less when packed. The postings of a token are, for each occurrence, the distance of its paper from
the one before (0: the same paper); then the place of each.
"""

import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from functools import partial
from json.encoder import encode_basestring
from operator import sub

SHARD = 6_000
"""Characters after which a shard is full, some 5 KB when packed: a query of four characters asks for three."""

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

PAPER = 32
"""Bits of a place; the number of its paper stands above them."""

_PLACE = (1 << PAPER) - 1
_LOW = 0 if sys.byteorder == "little" else 1
"""Which half of a paper << PAPER | place in memory is the place."""

_codes = [chr(code) for codes in SIGNS for code in codes]
_number = {sign: number for number, sign in enumerate(_codes)}

MOST = len(_codes) - 1
"""The largest number that has a character: a place beyond it, that of the 5,000th author, counts as this one."""


def text_of(numbers: Iterable[int]) -> str:
    """NUMBERS as a character each."""
    return "".join(map(_codes.__getitem__, numbers))


def numbers_of(text: str) -> list[int]:
    """The numbers that `text_of` made TEXT of."""
    return list(map(_number.__getitem__, text))


class Postings:
    """Of each token where it stands: in the papers of an earlier segment, as it was read, and in those that are new."""

    def __init__(self, shards: Iterable[Mapping[str, str]] = ()) -> None:
        self._old = {token: text for shard in shards for token, text in shard.items()}
        self.new: MutableMapping[str, array[int]] = defaultdict(partial(array, "Q"))
        """Of each token the papers << PAPER | places, rising: here new papers are added."""

    def _row(self, token: str) -> tuple[str, str]:
        """The distances and places of TOKEN."""
        old, new = self._old.get(token, ""), self.new.get(token)
        if new and len(new) == 1 and not old:  # most tokens are names and pairs of characters that stand once
            return _codes[new[0] >> PAPER], _codes[new[0] & _PLACE]
        half = len(old) // 2
        distances, places = old[:half], old[half:]
        if new:
            halves = memoryview(new).cast("B").cast("I")
            papers = halves[1 - _LOW :: 2].tolist()
            distances += text_of(map(sub, papers, [sum(numbers_of(distances)), *papers]))
            places += text_of(halves[_LOW::2].tolist())
        return distances, places

    def shards(self, vocabulary: Counter[str]) -> Iterator[tuple[str, str]]:
        """First token and text of each shard, in the order in which a browser compares texts; VOCABULARY gets words."""
        rows: list[str] = []
        first, size = "", 0
        for token in sorted(self._old.keys() | self.new.keys(), key=_as_in_browsers):
            distances, places = self._row(token)
            if len(distances) >= RARE and len(token) > 3 and _is_word(token):
                papers = len(distances) - distances.count(_codes[0], 1)
                if papers >= RARE:
                    vocabulary[token] = max(vocabulary[token], papers)
            if not rows:
                first = token
            rows.append(f'{encode_basestring(token)}:"{distances}{places}"')
            size += len(rows[-1])
            if size >= SHARD:
                yield first, f"{{{','.join(rows)}}}"
                rows, size = [], 0
        if rows:
            yield first, f"{{{','.join(rows)}}}"


def _as_in_browsers(token: str) -> bytes:
    return token.encode("utf-16-be")


def _is_word(token: str) -> bool:
    return token.isascii() and token.isalpha() and token.islower()
