"""What the fuzzers feed to every reader: valid inputs of our own, spoiled along their structure; and what is a failure.

A reader may succeed or raise the program's own clear error. Anything else is a finding: another exception, or more
work and memory than its input's size allows (function calls are counted; time would say more of the machine).
"""

import copy
import datetime as dt
import gzip
import json
import re
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from fakes.arxiv import FakeArxiv, fake_paper
from hypothesis import strategies as st
from lxml import etree
from pydantic import SecretStr

from generator.commands import import_pages, init, old_pages
from generator.core.errors import ConfigError, JudgeError, RecordError, SourceError
from generator.core.model import Day
from generator.judges.llm import batch_answers, ledger, reply
from generator.judges.llm.client import Model
from generator.judges.llm.reply import Tokens
from generator.judges.local import training_data
from generator.judges.local.features import DENSE, day_features
from generator.judges.local.field_model import Fields
from generator.judges.local.linear import Calibration, Learned
from generator.publish import render
from generator.records import summaries
from generator.records.store import Store, dump_record, parse_record
from generator.settings import config
from generator.sources import api as arxiv_api
from generator.sources import rss as arxiv_rss
from generator.sources.xml import UnusableError
from support import archive
from support.old_pages import old_entry, old_page, simple_page
from support.project import CONFIG

ASKED = ("2601.00001", "2601.00002", "2601.00003")
CALLS = 400
"""Function calls that one input may cost for each byte, beside those of the reader."""
MEMORY = (8_000_000, 600)
"""Bytes of Python's objects, likewise."""


class Reader(NamedTuple):
    """valid can be read; read takes any of the inputs and raises nothing but ERRORS; calls: see CALLS."""

    valid: bytes
    inputs: st.SearchStrategy[bytes]
    read: Callable[[bytes], object]
    errors: tuple[type[Exception], ...]
    calls: int = 60_000


# Spoiling

NASTY = [
    *(b"", b"\x00", b"\xff", b"\xed\xa0\x80", "\u202e".encode(), "评".encode(), b"\r", b"\n\n", b"\x0b", b"\x1f\x8b"),
    *(b"-1", b"0", b"1e999", b"NaN", b"-Infinity", b"null", b"true", b'""', b"{}", b"[]", b'"\\ud800"', b"\\u0000"),
    *(b"9" * 20, b"9" * 5000, b"0x" + b"f" * 5000, b"[" * 3000, b'{"a":' * 3000, b"a" * 3000, b"1.5e-400"),
    *(b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00", b"0001-01-01", b"9999-12-31", b"2026-02-30"),
    *(b"Fri, 31 Dec 9999 23:59:59 -1400", b"Mon, 01 Jan 0100 00:00:00 +1400", b"2026-01-14T00:00:00.5+23:59"),
    *(b"<!DOCTYPE a [<!ENTITY e 'x'>]>", b"&e;", b"&#0;", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x?>", b"<a b='"),
    *(b"</entry>", b"<entry/>", b"<item/>", b"../../../x", b"/etc/passwd"),
    *(b"2601.00001", b"2601.99999v2", b"hep-th/9901"),
    *(b"```json\n", b"```", b"<think>", b"</think>", b"---\n", b'"""', b"'''", b"[[fields]]\n"),
    *(b"http://[::1", b"http://[x]:9"),
    *(b"### [Score: 9.0/10] x\n", b"## x\n", b"- **Link:** "),
    *(b"# ArXiv - 9999-12-31\n", b"\\u002e", b"{{", b"\\", b"$"),
]  # fmt: skip
_PARTS = re.compile(rb'"[^"\n]{0,4000}"|<[^<>]{0,400}>|\w{1,400}|\s{1,400}|.', re.DOTALL)


@st.composite
def spoiled(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """One of SEEDS with some of its words, strings or tags replaced, taken away, moved, doubled or cut off."""
    parts = _PARTS.findall(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 6))):
        first = draw(st.integers(0, max(len(parts) - 1, 0)))
        last = first + draw(st.integers(0, 12))
        kind = draw(st.sampled_from(["nasty", "nasty", "other", "text", "drop", "repeat", "cut", "swap"]))
        if kind == "nasty":
            parts[first : first + 1] = [draw(st.sampled_from(NASTY))]
        elif kind == "other":
            parts[first : first + 1] = [draw(st.sampled_from(_PARTS.findall(draw(st.sampled_from(seeds)))))]
        elif kind == "text":
            parts[first:first] = [draw(st.one_of(st.binary(max_size=8), st.text(max_size=8).map(_encoded)))]
        elif kind == "drop":
            del parts[first:last]
        elif kind == "repeat":
            parts[first:first] = parts[first:last] * draw(st.sampled_from([1, 2, 30]))
        elif kind == "cut":
            del parts[first:]
        else:
            parts[first:last] = reversed(parts[first:last])
    return b"".join(parts)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


_LEAVES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([2**63, -(10**30), 10**400, 1e308, -0.0]),
    st.floats(),
    st.text(max_size=20),
    st.datetimes(timezones=st.just(dt.timezone(dt.timedelta(hours=14)))).map(dt.datetime.isoformat),
    st.dates().map(str),
    st.sampled_from([part.decode("utf-8", "replace") for part in NASTY]),
)
_ALIKE: Mapping[type, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(0, 10**9) | st.integers(),
    float: st.floats(0, 10) | st.floats(),
    str: st.text() | st.sampled_from([part.decode("utf-8", "replace") for part in NASTY]) | st.dates().map(str),
}
_VALUES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


@st.composite
def spoiled_json(draw: st.DrawFn, seeds: Sequence[Any]) -> bytes:
    """One of SEEDS, values of JSON, with values replaced, taken away, doubled or put elsewhere, at any depth."""
    value = json.loads(json.dumps(draw(st.sampled_from(seeds))))
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(value))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        kind = draw(st.sampled_from(["alike", "alike", "value", "drop", "other", "deep", "many"]))
        if kind == "drop":
            del holder[key]
        elif kind == "alike" and type(holder[key]) in _ALIKE:
            holder[key] = draw(_ALIKE[type(holder[key])])
        elif kind == "other":
            other, name = draw(st.sampled_from(places))
            holder[key] = json.loads(json.dumps(other[name])) if name in other or isinstance(other, list) else None
        elif kind == "deep":
            holder[key] = json.loads("[" * 200 + "]" * 200)
        elif kind == "many":
            holder[key] = [holder[key]] * draw(st.sampled_from([0, 2, 300]))
        else:
            holder[key] = draw(_VALUES)
    return _encoded(json.dumps(value, ensure_ascii=draw(st.booleans())))


_TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x0b\x0c\ufffe\uffff"), max_size=30),
    st.sampled_from([part.decode() for part in NASTY if part.isascii() and part.decode().isprintable()]),
)


@st.composite
def spoiled_xml(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """One of SEEDS, well-formed still, with texts and attributes replaced, elements taken away, moved and doubled."""
    root = etree.fromstring(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 5))):
        nodes = list(root.iter())
        node = nodes[draw(st.integers(0, len(nodes) - 1))]
        other = nodes[draw(st.integers(0, len(nodes) - 1))]
        kind = draw(st.sampled_from(["text", "text", "attribute", "drop", "copy", "comment", "bare", "tail"]))
        if isinstance(node, etree._Comment):
            continue
        if kind in ("text", "tail"):
            setattr(node, kind, _allowed(draw(_TEXTS)))
        elif kind == "attribute" and node.attrib:
            node.attrib[draw(st.sampled_from(sorted(node.attrib)))] = _allowed(draw(_TEXTS))
        elif kind == "drop" and (parent := node.getparent()) is not None:
            parent.remove(node)
        elif kind == "copy":
            node.append(copy.deepcopy(other))
        elif kind == "comment":
            node.insert(0, etree.Comment("x"))
        elif kind == "bare":
            node.text = None
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _allowed(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every container in VALUE with each of its keys or positions."""
    found: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        holder = stack.pop()
        keys = list(holder) if isinstance(holder, dict) else range(len(holder)) if isinstance(holder, list) else ()
        for key in keys:
            found.append((holder, key))
            stack.append(holder[key])
    return found


# The inputs that are spoiled


@cache
def _arxiv_seeds() -> tuple[list[bytes], list[bytes]]:
    """An answer of the API and of the RSS, of three papers and of none."""
    papers = [
        fake_paper("2601.00001", "2026-01-08", "cs.AI", "cs.LG", title=r"On \'Etale $\mathcal{O}(n)$ & <more>"),
        fake_paper("2601.00002", "2026-01-08", "cs.CL", abstract="A {B} $c$ \\href{d}{e}." * 9),
        fake_paper("2601.00003", "2026-01-08"),
    ]
    with FakeArxiv(papers) as full, FakeArxiv() as empty:
        api = [served.atom({"max_results": "10"}, "").encode() for served in (full, empty)]
        rss = [served.rss(["cs.AI", "cs.CL"]).encode() for served in (full, empty)]
    return api, rss


def _verdicts() -> dict[str, Any]:
    rows = [
        {"id": paper_id, "score": 8.5, "field": "大模型新技术", "reason": "提出了**新**方法。"} for paper_id in ASKED
    ]
    return {"papers": rows}


def _completions() -> list[Any]:
    said = json.dumps(_verdicts(), ensure_ascii=False)
    contents: list[Any] = [
        said,
        f"<think>so</think>\n```json\n{said}\n```",
        [{"type": "text", "text": said}],
        said[:90],
    ]
    usage = {
        "prompt_tokens": 90,
        "completion_tokens": 9,
        "total_tokens": 99,
        "prompt_tokens_details": {"cached_tokens": 5},
    }
    return [
        {
            "id": "x",
            "model": "some-model",
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}}],
            "usage": usage,
        }
        for content in contents
    ] + [{"error": {"message": "no", "code": 429}}]


def _ledger_lines() -> list[bytes]:
    row = ledger.LedgerRow(id=ASKED[0], score=8, field="dl-theory", reason="好。")
    line = ledger.LedgerLine(
        n=1, at=dt.datetime(2026, 1, 14, tzinfo=dt.UTC), day=archive.WEDNESDAY, model="m", tokens=Tokens(9, 0, 9, 0),
        estimate=0, cost=0.1, currency="USD", verdicts={"k": row},
    )  # fmt: skip
    return [b'{"ledger": "0123456789ab"}', line.model_dump_json().encode(), line.model_dump_json().encode()]


def _batch_lines() -> list[Any]:
    return [
        {"id": "r", "custom_id": "2026-01-14-0", "response": {"status_code": 200, "body": body}, "error": None}
        for body in _completions()
    ]


def _learned() -> Learned:
    terms = {"new": (1.5, 0.3), "method": (2.0, -0.1), "new method": (3.0, 0.2)}
    slugs = tuple(field.slug for field in _settings().fields)
    fields = Fields({"dl-theory": 0.1}, {"dl-theory": (5.0,) * len(slugs)}, {"new": (1.5, 0.2)})
    dense = (0.1,) * (len(DENSE) + len(slugs))
    return Learned(slugs, -1.0, terms, dense, fields, Calibration(1.0, 0.0), 400)


@cache
def _days() -> list[Any]:
    changed = archive.day(changes=("late:2601.00001",), picks=archive.PICKS[:2])
    return [json.loads(dump_record(day)) for day in (archive.day(), archive.holiday(archive.WEDNESDAY), changed)]


# The readers


@cache
def _settings() -> config.Config:
    return archive.config()


@cache
def _model() -> Model:
    return Model(_settings(), SecretStr("sk-0123456789abcdef"))


class _OneDay(Store):
    """A store that holds one day in memory."""

    def __init__(self, day: Day) -> None:
        super().__init__(Path("nowhere"))
        self.day = day

    def read(self, day: dt.date) -> Day | None:
        return self.day if day == self.day.date else None

    def abstracts(self, day: dt.date) -> dict[str, str]:
        return {pick.paper.id: pick.paper.title for pick in self.day.picks if day == self.day.date}


def read_record(data: bytes) -> None:
    """A record; one that can be read is published and kept again."""
    try:
        date = dt.date.fromisoformat(json.loads(data)["date"])
    except (ValueError, KeyError, TypeError, RecursionError):
        date = archive.WEDNESDAY
    day = parse_record(Path("x.json"), data, date)
    assert parse_record(Path("x.json"), dump_record(day), date) == day
    summary = summaries.summarize(day, "d" * 20)
    assert summaries.Index.model_validate_json(summaries.dump_index([summary])).days == (summary,)
    ledger.Ledger(Path("nowhere")).account.usage(date, day.usage, "USD")
    for output in render._outputs(_OneDay(day), _settings(), [summary]):
        output.make()


def read_ledger(data: bytes) -> None:
    """A ledger; one that can be read is counted."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        path.write_bytes(data)
        kept = ledger.Ledger(path)
        usage = kept.account.usage(archive.WEDNESDAY, archive.day().usage, "USD")
        kept.account.month("2026-01", {archive.WEDNESDAY: usage}, "USD")


def read_import(data: bytes) -> None:
    """A predecessor's page; one that can be read is filed, and its records are whole."""
    try:
        page = old_pages.read_page(data.decode(), _settings())
    except UnicodeDecodeError:
        return
    held = import_pages.ImportedDays([])
    held.take(import_pages.ImportedPage(Path("x.md"), page, list(page.faults)), {})
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        held.write(store, {})
        days = list(store.read_all())
        assert sum(len(day.picks) for day in days) <= len(page.entries)


def read_batch(data: bytes) -> None:
    """The output file of a batch."""
    for line in data.splitlines():
        _, body = batch_answers.read_line(line)
        batch_answers.read_why(line)
        if body is not None:
            _model().read_body(body, ASKED)


def read_weights(data: bytes) -> None:
    """Weights that were learned; those that can be read judge a paper."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json.gz"
        path.write_bytes(data if data[:2] == b"\x1f\x8b" else gzip.compress(data, 1))
        training_data.read_texts(path)
        learned = training_data._read_weights(path, "d")
    if learned is not None:
        features = day_features([archive.paper(1, title="A new method", abstract="x")], _settings())
        for feature in features.values():
            learned.score(feature)
            learned.field(feature)
            learned.positive_terms(feature)


def read_config(data: bytes) -> None:
    """config.toml, by the reader and by the command that writes into it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.toml"
        path.write_bytes(data)
        config.load(path, {"GITHUB_REPOSITORY": "a/b", "OPENAI_MODEL": "m"})
        init._drafted(path, init.InitOptions(title="x", categories=("cs.AI",), fields=(("x", "y", "z"),)), {})


def read_reply(data: bytes) -> None:
    """The body of a completion, and its content by itself."""
    _model()._read(data, ASKED)
    reply.read_answers(data.decode("utf-8", "replace"), ASKED, _settings())


def _joined(lines: Sequence[bytes]) -> bytes:
    return b"\n".join(lines) + b"\n"


@cache
def readers() -> Mapping[str, Reader]:
    """Every reader of what we did not write just now, by name."""
    api, rss = _arxiv_seeds()
    source = (SourceError, UnusableError)
    completions, lines = _completions(), _batch_lines()
    dumped = [json.dumps(completion, ensure_ascii=False).encode() for completion in completions]
    answers = json.dumps(_verdicts(), ensure_ascii=False).encode()
    weights = training_data._dump_weights(_learned(), "d")
    packed = gzip.compress(weights, 1)
    texts = {"2601.00001": ["title", "abstract", "cs.AI"]}
    toml = CONFIG.read_bytes()
    pages = [
        simple_page(),
        old_page([("大模型新技术", [old_entry(1), old_entry(2, "11", Reason="")]), ("?", [old_entry(3)])], read=None),
    ]
    lined = [json.loads(line) for line in _ledger_lines()]
    record = json.dumps(_days()[0]).encode()
    ledger_file = _joined(_ledger_lines())
    batch_file = _joined([json.dumps(line).encode() for line in lines])
    page = (old_pages.NoDayPageError,)
    books = st.lists(spoiled_json(lined), max_size=3).map(lambda some: _joined([_ledger_lines()[0], *some]))
    return {
        "api": Reader(api[0], spoiled_xml(api) | spoiled(api), arxiv_api.read_atom, source),
        "rss": Reader(rss[0], spoiled_xml(rss) | spoiled(rss), arxiv_rss.read_rss, source),
        "reply": Reader(dumped[0], spoiled_json(completions) | spoiled([*dumped, answers]), read_reply, (JudgeError,)),
        "config": Reader(toml, spoiled([toml, _small()]), read_config, (ConfigError,)),
        "record": Reader(record, spoiled_json(_days()), read_record, (RecordError,), calls=2_000_000),
        "import": Reader(pages[0].encode(), spoiled([page.encode() for page in pages]), read_import, page),
        "ledger": Reader(ledger_file, spoiled([ledger_file]) | books, read_ledger, (RecordError,)),
        "batch": Reader(batch_file, spoiled_json(lines) | spoiled([batch_file]), read_batch, (JudgeError,)),
        "weights": Reader(packed, spoiled_json([texts]) | spoiled([weights, packed]), read_weights, ()),
    }


def _small() -> bytes:
    """A configuration with every kind of table and little text."""
    site = b'[site]\ntitle = "x"\nurl = "https://a.example/b/"\n[arxiv]\ncategories = ["cs.AI", "cs.LG"]\n'
    more = b'[llm]\nextra_body = {a = {b = 1}}\n[[prices]]\nmodel = "m"\ninput = 1\noutput = 2.5\n'
    field = b'[[fields]]\nslug = "a-b"\nname = "A"\ndescription = """x\ny"""\nkeywords = ["k"]\n'
    return site + more + field + b'[[low_interest]]\nname = "L"\n[judge]\nthreshold = 7\n'


# The trial


def trial(reader: Reader, data: bytes) -> bool:
    """Let READER read DATA; whether it could. Raises what no reader may raise, AssertionError for too much work."""
    calls = 0

    def count(_frame: object, _event: str, _argument: object) -> None:
        nonlocal calls
        calls += 1

    traced = len(data) % 8 == 0
    if traced:
        tracemalloc.start()
    sys.setprofile(count)
    try:
        reader.read(data)
    except reader.errors:
        read = False
    else:
        read = True
    finally:
        sys.setprofile(None)
        peak = tracemalloc.get_traced_memory()[1] if traced else 0
        tracemalloc.stop()
    assert calls <= reader.calls + CALLS * len(data), f"{calls} calls for {len(data)} bytes"
    assert peak <= MEMORY[0] + MEMORY[1] * len(data), f"{peak} bytes of memory for {len(data)} bytes"
    return read
