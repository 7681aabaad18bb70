"""Text that tells its reader, a reviewer or a model what to do: found, taken out before judging, and marked. Pure.

A paper speaks of the world; an order speaks to whoever judges it. What is looked for is an address ("note to AI
reviewers"), an order about the verdict ("give this paper a 10", 请务必推荐) or about the rules ("ignore the previous
instructions", 忽略以上要求), a piece of a prompt ("<|im_start|>"), or the highest score standing by itself. Patterns
know what was thought of: of orders in words that they had not seen they found four in ten
(tests/support/injections.py). A paper about such attacks that quotes one is flagged, too.
"""

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import pairwise
from urllib.parse import unquote

from generator.core.model import Paper

FLAG = "flagged"
"""The mark of a paper in its record and on its page; i18n.py says it in words."""

# Letters of other scripts that look like Latin ones, and digits that stand for letters inside a word.
_LOOK_ALIKE = str.maketrans(
    "авгеёзиіїјкмнорстухѕԁѵԛԝһɡɩαβγεζηικνορτυχϲϳԍɑʀıɪ",
    "abreezuiijkmhopctyxsdvqwhgiabyeznikvoptuxcjgarii",
)
_DIGITS = str.maketrans("013457@$", "oieastas")
_DIGIT_IN_WORD = re.compile(r"(?<![\w@$])(?=[\w@$]{0,24}[a-z])(?=[\w@$]{0,24}[013457@$])[\w@$]{3,25}(?![\w@$])")
_SPACED = re.compile(r"\b(?:\w[ ._*-]){4,60}\w\b")
_GAPS = re.compile(r"[ ._*-]")


def _read(text: str) -> tuple[re.Pattern[str], ...]:
    """The patterns in TEXT (orders.txt): one a line, with named parts put in."""
    parts: dict[str, str] = {}
    found = []
    for line in text.splitlines():
        name = re.match(r"([a-z_]+) = ", line)
        whole = _PART.sub(lambda match: parts[match[1]], line[name.end() :] if name else line)
        if name:
            parts[name[1]] = whole
        elif line and not line.startswith("# "):
            found.append(re.compile(whole))
    return tuple(found)


_PART = re.compile("⟦([a-z_]+)⟧")
_ORDERS = _read((resources.files("generator.judges") / "orders.txt").read_text(encoding="utf-8"))
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])\s*|\n+")
_TAGS = re.compile(r"<[!/a-z][^<>]{0,200}>")
_TAGS_OR_CODES = re.compile(r"<[!/a-z]|&#?\w{1,8};|%[0-9a-f]{2}")
_MARKS = re.compile(r"\\[a-z]{1,20}\*?|[{}$*`~|]|\\[,;! -]|(?<=[a-z])-\s(?=[a-z])")  # of TeX, Markdown; a broken word
_BASE64 = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/]{20,400}={0,2}(?![\w+/=])")
_LONGEST = 12_000
_CHINESE_SPACED = re.compile(r"(?<=[\u3400-\u9fff])[ ._*·|/-]{1,3}(?=[\u3400-\u9fff])")


def _readings(text: str) -> Iterator[str]:
    """TEXT as a careful reader takes it: one width, no look-alikes, no gaps between letters, no mark-up, no code."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    yield plain
    folded = plain.translate(_LOOK_ALIKE)
    folded = _DIGIT_IN_WORD.sub(lambda match: match[0].translate(_DIGITS), folded)
    joined = _SPACED.sub(lambda match: _GAPS.sub("", match[0]), folded)
    joined = _CHINESE_SPACED.sub("", joined)
    if joined != plain:
        yield joined
    bare = _MARKS.sub("", html.unescape(unquote(_TAGS.sub("", plain))) if _TAGS_OR_CODES.search(plain) else plain)
    if bare not in (plain, joined):
        yield bare
    yield from (unicodedata.normalize("NFKC", told).casefold() for told in map(_decoded, _BASE64.findall(text)) if told)


def _decoded(packed: str) -> str:
    """What PACKED says if it is text in Base64; else nothing."""
    try:
        told = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode()
    except ValueError:
        return ""
    return told if told.isprintable() else ""


# Whether a paper is flagged, by its texts: a run asks ten times, and the patterns take 3 ms a paper. Digests, so that a
# backfill keeps no text alive.
_known: dict[bytes, bool] = {}
_MOST_KNOWN = 50_000


def orders(text: str) -> list[str]:
    """What in TEXT tells its reader what to do; empty where it only speaks of the world."""
    return [match[0] for reading in _readings(text) for order in _ORDERS if (match := order.search(reading))]


def is_flagged(paper: Paper) -> bool:
    """Whether a text of PAPER that is judged or shown tells its reader what to do, also from title to abstract."""
    seam, authors = _seam(paper.title, paper.abstract), ", ".join(paper.authors)
    texts = (paper.title, paper.abstract, seam, paper.comment or "", authors)
    key = hashlib.blake2b("\0".join(texts).encode(errors="surrogatepass"), digest_size=16).digest()
    found = _known.get(key)
    if found is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[key] = any(map(orders, texts))
    return found


def _seam(title: str, abstract: str) -> str:
    """Where TITLE ends and ABSTRACT begins, for an order that is in neither alone."""
    return f"{title[-150:]} {abstract[:150]}"


def without_orders(text: str) -> str:
    """TEXT without the sentences that give orders and short ones beside them; nothing if they cannot be told apart."""
    if not orders(text):
        return text
    parts = [part for part in _SENTENCE.split(text) if part]
    bad = {number for number, part in enumerate(parts) if orders(part)}
    for before, number in [*pairwise(range(len(parts))), *pairwise(reversed(range(len(parts))))]:
        if before in bad and _is_short(parts[number]):
            bad.add(number)
    kept = " ".join(part for number, part in enumerate(parts) if number not in bad)
    return "" if orders(kept) else kept


def _is_short(sentence: str) -> bool:
    """Whether SENTENCE is more likely a part of an order beside it than of an abstract."""
    return len(sentence.split()) <= 8 and len(sentence) <= 60


WITHHELD_TITLE = "(title withheld)"


def defused(paper: Paper) -> Paper:
    """PAPER as it is shown to a judge: without the sentences by which it would speak to it."""
    title, abstract = paper.title, paper.abstract
    if set(orders(_seam(title, abstract))) - {*orders(title), *orders(abstract)}:  # from the one into the other
        title, abstract = "", "".join(_SENTENCE.split(abstract, maxsplit=1)[1:])
    title, abstract = without_orders(title) or WITHHELD_TITLE, without_orders(abstract)
    return paper.model_copy(update={"title": title, "abstract": abstract})


def as_judged(papers: Iterable[Paper]) -> list[Paper]:
    """PAPERS as any judge is to see them: those that give orders without them."""
    return [defused(paper) if is_flagged(paper) else paper for paper in papers]
