"""The day pages of the predecessor, read: what stands on one as entries, and what is wrong with it by line. Pure.

    # ArXiv 每日推荐 - 2026-01-14
    > 更新于北京时间：2026-01-14 12:57:22
    > 已自动阅读了 343 篇最新的论文。
    > 使用模型：some-model | 消耗 Tokens：179978
    ## Name of a field
    ### [Score: 9.0/10] Title
    - **Authors:** Ada Lovelace, Alan Turing
    - **Published:** 2026-01-13
    - **Link:** [https://arxiv.org/abs/2601.00001](https://arxiv.org/abs/2601.00001)
    - **Reason:** Why, after which the model's own lines may have leaked in:
    Score: 9
    Field: Name of a field

An entry is taken whole or not at all: one without title, score, authors, a good link or a known field is kept aside.
Only its reason may be missing, as a paper may have none.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from generator.core.model import ARXIV_ID, ERA, Paper
from generator.core.names import read_authors, split_authors
from generator.core.tex import title_text
from generator.core.text import clean, counted
from generator.judges.llm.reply import read_field, read_score
from generator.settings.config import Config
from generator.sources.xml import MAX_AUTHORS, MAX_TITLE

BEIJING = ZoneInfo("Asia/Shanghai")
MOST_REASON = 4_000
LONGEST_LINE = 100_000  # characters; the authors of the largest collaborations take 80,000

_TITLE = re.compile(r"# .*?(\d{4}-\d\d-\d\d)\s*", re.ASCII)
_NOTHING = re.compile(r"(?:未发现|没有|未找到|未筛选出|暂无|无).{0,20}(?:论文|推荐|文章)|^\s*(?:无|暂无)\s*[。.]?\s*$")
"""What a page says that has no entry: "今日未发现相关论文。"."""
_MADE = re.compile(r"更新于北京时间\s*[:：]\s*(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.ASCII)
_READ = re.compile(r"阅读了\s*(\d[\d,]{0,11})\s*篇", re.ASCII)
_MODEL = re.compile(r"使用模型\s*[:：]\s*([^|]+)")
_TOKENS = re.compile(r"消耗\s*Tokens?\s*[:：]\s*(\d[\d,]{0,14})", re.ASCII)
_SCORE = re.compile(r"\[Score:\s*([^\]]{0,20})\]\s*(.*)")
_ITEM = re.compile(r"[-*]\s+\*\*(Authors|Published|Link|Reason):\*\*(.*)")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)|(\S+)")
_ADDRESS = re.compile(
    rf"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/({ARXIV_ID})(?:v\d{{1,3}})?(?:\.pdf)?/?", re.ASCII
)
_LEAKED = re.compile(r"\**(Score|Field|评分|分数|领域|方向)\**\s{0,3}[:：]\s*(.*)", re.IGNORECASE)
_LEAKED_AT_END = re.compile(
    r"\s{1,9}Score\s{0,3}[:：]\s{0,3}(\d[\d./]{0,8})(?:\s{1,9}Field\s{0,3}[:：]([^:：]{0,100}))?$", re.IGNORECASE
)


class Fault(NamedTuple):
    """Something on a page that is not as it should be; `aside`: the lines that are not taken because of it."""

    line: int
    text: str
    aside: tuple[str, ...] = ()


class OldEntry(NamedTuple):
    """One paper of a page. Its `paper` has neither categories nor a time of submission: the page names none."""

    line: int
    paper: Paper
    score: float
    field: str
    reason: str | None
    published: dt.date | None
    source: tuple[str, ...]


class OldPage(NamedTuple):
    """What a page says; None where it does not say."""

    date: dt.date
    made: dt.datetime | None
    read: int | None
    model: str | None
    tokens: int | None
    entries: tuple[OldEntry, ...]
    faults: tuple[Fault, ...]


class NoDayPageError(ValueError):
    """A text that is none of the predecessor's day pages."""


class _Refused(Exception):  # noqa: N818 (no error of the program: an entry that is kept aside)
    """Why an entry is kept aside."""


class _Block(NamedTuple):
    """The lines of one entry, from its heading on, and the heading of the field above it."""

    line: int
    field: str | None
    lines: list[str]


def read_page(text: str, config: Config) -> OldPage:
    """The page in TEXT. Raises NoDayPageError if it is not one of the predecessor's."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    date = _date_of(lines)
    head, blocks, faults = _split(lines, config)
    facts = _facts(head)
    faults += [Fault(1, f"the page does not state {name}") for name, value in facts._asdict().items() if value is None]
    entries: dict[str, OldEntry] = {}
    for block in blocks:
        try:
            entry, notes = _entry(block, date, config)
        except _Refused as why:
            faults.append(_aside(block, str(why)))
            continue
        if first := entries.get(entry.paper.id):
            faults.append(_aside(block, f"{entry.paper.id} is already listed in line {first.line}"))
            continue
        entries[entry.paper.id] = entry
        faults += notes
    if facts.read is not None and facts.read < len(entries):
        faults.append(Fault(1, f"{counted(facts.read, 'paper')} read, but {len(entries)} listed"))
    return OldPage(date, *facts, tuple(entries.values()), tuple(sorted(faults)))


def _aside(block: _Block, why: str) -> Fault:
    return Fault(block.line, f"kept aside: {why}", _filled(block.lines))


def _date_of(lines: Sequence[str]) -> dt.date:
    """The date in the title, which is the first line with anything in it."""
    first = next((line for line in lines if line.strip()), "")
    match = _TITLE.fullmatch(first[:300])
    try:
        date = dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        date = None
    if date is None or date.year not in ERA:
        raise NoDayPageError(f"its first line is not a title with a date: {clean(first[:300], 80)!r}")
    return date


class _Facts(NamedTuple):
    made: dt.datetime | None
    read: int | None
    model: str | None
    tokens: int | None


def _facts(head: Sequence[str]) -> _Facts:
    """What the page says of itself in its quoted lines."""
    text = "\n".join(head)
    made, read, model, tokens = (pattern.search(text) for pattern in (_MADE, _READ, _MODEL, _TOKENS))
    return _Facts(
        made=_moment(made[1]) if made else None,
        read=_number(read[1]) if read else None,
        model=clean(model[1].partition("\n")[0], 200) or None if model else None,
        tokens=_number(tokens[1]) if tokens else None,
    )


def _moment(text: str) -> dt.datetime | None:
    """TEXT, which is in the time of Beijing, in UTC."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=BEIJING).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))


def _split(lines: Sequence[str], config: Config) -> tuple[list[str], list[_Block], list[Fault]]:
    """The quoted lines of the head, the entries, and the lines and headings that are neither."""
    head: list[str] = []
    blocks: list[_Block] = []
    faults: list[Fault] = []
    field: str | None = None
    inside = False
    title_seen = False
    for number, line in enumerate(lines, 1):
        if line.startswith("### "):
            blocks.append(_Block(number, field, [line]))
            inside = True
        elif line.startswith("## "):
            field, inside = line[3:], False
            if read_field(field, config.fields) is None:
                faults.append(Fault(number, _foreign(field)))
        elif inside:
            blocks[-1].lines.append(line)
        elif line.startswith(">") and field is None:
            head.append(line[:LONGEST_LINE])
        elif line.strip() and title_seen and (blocks or not _NOTHING.search(line[:200])):
            faults.append(Fault(number, "kept aside: a line that belongs to no entry", (line,)))
        title_seen = title_seen or bool(line.strip())
    return head, blocks, faults


def _foreign(field: str) -> str:
    return (
        f"no field of config.toml: {clean(field[:300], 80)!r}; its entries are kept aside. Add a field of this name"
        " and import the page again"
    )


def _entry(block: _Block, date: dt.date, config: Config) -> tuple[OldEntry, list[Fault]]:
    """The entry in BLOCK and what is odd about it. Raises _Refused."""
    if any(len(line) > LONGEST_LINE for line in block.lines):
        raise _Refused(f"a line of more than {LONGEST_LINE:,} characters")
    score, title = _heading(block.lines[0])
    items, leaks, faults = _items(block)
    field = _field(block.field, config)
    reason, leaks_at_end = _reason(items.get("Reason", ""))
    published = _published(items.get("Published", ""))
    odd = [*_contradictions([*leaks, *leaks_at_end], score, field, config)]
    if published is None:
        odd.append("no date in Published")
    if reason is None:
        odd.append("no reason")
    paper = _paper(_link(items.get("Link", ""), date), title, items.get("Authors", ""))
    entry = OldEntry(block.line, paper, score, field, reason, published, _filled(block.lines))
    return entry, [*faults, *(Fault(block.line, text) for text in odd)]


def _filled(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line[:LONGEST_LINE] for line in lines if line.strip())


def _heading(line: str) -> tuple[float, str]:
    match = _SCORE.fullmatch(line[4:].strip())
    score = read_score(match[1]) if match else None
    if match is None or score is None:
        raise _Refused("its heading has no score from 0 to 10")
    return score, match[2]


def _items(block: _Block) -> tuple[dict[str, str], list[tuple[str, str]], list[Fault]]:
    """The texts of BLOCK by name, the lines that leaked out of the model's reply, and the lines that are neither.

    What follows a reason without an empty line or a leaked one in between belongs to it.
    """
    items: dict[str, str] = {}
    leaks: list[tuple[str, str]] = []
    faults: list[Fault] = []
    in_reason = False
    for number, line in enumerate(block.lines[1:], block.line + 1):
        stripped = line.strip()
        if match := _ITEM.fullmatch(stripped):
            name, text = match[1], match[2].strip()
            if name in items:
                raise _Refused(f"{name} appears twice, again in line {number}")
            items[name] = text
            in_reason = name == "Reason"
        elif leak := _LEAKED.fullmatch(stripped):
            leaks.append((leak[1].casefold(), leak[2].strip()))
            in_reason = False
        elif stripped and in_reason:
            items["Reason"] += f" {stripped}"
        elif stripped:
            faults.append(Fault(number, "kept aside: a line that does not belong to the entry", (line,)))
        else:
            in_reason = False
    return items, leaks, faults


def _field(heading: str | None, config: Config) -> str:
    if heading is None:
        raise _Refused("it is not below the heading of a field")
    slug = read_field(heading, config.fields)
    if slug is None:
        raise _Refused(f"its field {clean(heading[:300], 80)!r} is not in config.toml")
    return slug


def _reason(text: str) -> tuple[str | None, list[tuple[str, str]]]:
    """The reason on one line, and what leaked into its end."""
    leaks: list[tuple[str, str]] = []
    if leak := _LEAKED_AT_END.search(text):
        text = text[: leak.start()]
        leaks = [("score", leak[1])] + ([("field", leak[2])] if leak[2] else [])
    return clean(text[: 2 * MOST_REASON], MOST_REASON) or None, leaks


def _published(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _contradictions(leaks: Sequence[tuple[str, str]], score: float, field: str, config: Config) -> Iterator[str]:
    """What leaked lines say otherwise than the headings, which count."""
    for name, text in leaks:
        if name in ("score", "评分", "分数"):
            said = read_score(text)
            if said is not None and said != score:
                yield f"a leaked line says score {said:g}; the heading's {score:g} is taken"
        else:
            other = read_field(text, config.fields)
            if other != field:
                yield f"a leaked line says field {clean(text[:300], 80)!r}; that of the heading, {field}, is taken"


def _link(text: str, date: dt.date) -> str:
    """The id that a link of arXiv leads to."""
    match = _LINK.fullmatch(text)
    if match is None:
        raise _Refused("it has no link" if not text else f"its link cannot be read: {clean(text[:300], 100)!r}")
    shown, target = (match[3], match[3]) if match[3] else (match[1], match[2])
    found = _ADDRESS.fullmatch(target)
    if found is None:
        raise _Refused(f"its link does not lead to a paper on arXiv: {clean(target[:300], 100)!r}")
    same = _ADDRESS.fullmatch(shown)
    if shown.strip() and shown != target and (same is None or same[1] != found[1]):
        raise _Refused(f"its link shows {clean(shown[:300], 80)!r} and leads to {found[1]}")
    _check_month(found[1], date)
    return found[1]


def _check_month(arxiv_id: str, date: dt.date) -> None:
    """Refuse an id of a month that there is not, or that lies after the page's."""
    digits = arxiv_id.rpartition("/")[2]
    year, month = int(digits[:2]), int(digits[2:4])
    century = 1900 if year >= 91 else 2000
    if not 1 <= month <= 12 or (century + year, month) > (date.year, date.month):
        raise _Refused(f"its link leads to {arxiv_id}, which cannot have been there on {date}")


def _paper(arxiv_id: str, title: str, authors: str) -> Paper:
    heading = clean(title_text(title[: 2 * MAX_TITLE]), MAX_TITLE)
    names = read_authors(author[:MAX_TITLE] for author in split_authors(authors)[:MAX_AUTHORS])
    if not heading:
        raise _Refused("it has no title")
    if not names:
        raise _Refused("it has no authors")
    try:
        return Paper(id=arxiv_id, title=heading, authors=tuple(names), categories=(), submitted=None)
    except ValidationError as error:  # the id's form is checked above: what is left are signs that JSON cannot hold
        raise _Refused(f"{error.errors()[0]['msg']}") from None
