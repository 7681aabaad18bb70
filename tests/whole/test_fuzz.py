"""Every reader with spoiled inputs, a few hundred each; tests/bench/fuzz.py does the same for as long as you like."""

import datetime as dt
import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from support import archive
from support.fuzzing import Reader, readers, trial
from support.old_pages import simple_page

from generator.commands.old_pages import NoDayPageError, read_page
from generator.core import files
from generator.core.errors import ConfigError, RecordError
from generator.core.http import retry_after
from generator.core.model import Usage
from generator.judges.llm import ledger
from generator.judges.local import training_data
from generator.publish import manifest
from generator.records.store import Store, parse_record
from generator.settings import config
from generator.sources import api as arxiv_api
from generator.sources import rss as arxiv_rss
from generator.sources.xml import UnusableError

EXAMPLES = {"record": 15, "config": 40}
"""Where one input costs much; else 100."""


@pytest.mark.parametrize("name", readers())
def test_what_is_whole_is_read(name: str) -> None:
    """Else the spoiled inputs would be refused at the first glance and prove nothing."""
    reader = readers()[name]
    reader.read(reader.valid)  # what is loaded at the first use counts for no input
    assert trial(reader, reader.valid)


@pytest.mark.parametrize("name", readers())
def test_spoiled_input_is_read_or_refused_in_words(name: str) -> None:
    """No other exception, and no more work or memory than its size allows."""
    reader = readers()[name]
    reader.read(reader.valid)

    @seed(8)
    @settings(
        max_examples=EXAMPLES.get(name, 100), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(reader.inputs)
    def every(data: bytes) -> None:
        trial(reader, data)

    every()


@pytest.mark.parametrize("read", [lambda _: 1 / 0, lambda _: [len(str(n)) for n in range(99_999)]])
def test_the_fuzzer_sees_crashes_and_endless_work(read: object) -> None:
    """The tests above can fail."""
    reader = Reader(b"", readers()["api"].inputs, read, (UnusableError,))  # type: ignore[arg-type]
    with pytest.raises((ZeroDivisionError, AssertionError)):
        trial(reader, b"x")


# What the fuzzers found


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -1400", "Thu, 08 Jan 2026 00:00:00 -05" + "0" * 40])
def test_a_date_that_no_calendar_has_is_refused(date: str) -> None:
    """Of the RSS; such a moment in an entry of the API spoils that entry."""
    content = b'<rss version="2.0"><channel><lastBuildDate>' + date.encode() + b"</lastBuildDate></channel></rss>"
    with pytest.raises(UnusableError, match="readable date"):
        arxiv_rss.read_rss(content)
    atom = readers()["api"].valid.replace(b"2026-01-06T19:01:30Z", b"0001-01-01T00:00:00+14:00")
    assert [isinstance(entry, str) for entry in arxiv_api.read_atom(atom).entries] == [True, False, False]
    assert retry_after({"retry-after": date, "date": "Thu, 08 Jan 2026 00:00:00 GMT"}) >= 0


def test_damaged_gzip_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its header is whole and what is packed is not; or it unpacks to more than any file of ours."""
    store = Store(tmp_path)
    path = store.abstracts_path(archive.WEDNESDAY)
    path.parent.mkdir()
    path.write_bytes(gzip.compress(b"{}" * 99)[:12] + b"\xff" * 40)
    with pytest.raises(RecordError, match="delete it and run again"):
        store.abstracts(archive.WEDNESDAY)
    assert training_data.read_texts(path) == {}
    assert files.write_gzip_if_changed(path, b"{}") and files.read_gzip(path) == b"{}"
    monkeypatch.setattr(files, "MOST_UNPACKED", 10**6)
    path.write_bytes(gzip.compress(bytes(10**8)))
    with pytest.raises(RecordError, match="when unpacked"):
        store.abstracts(archive.WEDNESDAY)


def test_weights_that_were_changed_are_made_again(tmp_path: Path) -> None:
    """Of another shape, with numbers that overflow, or of other days: none of them judges a paper."""
    path, whole = tmp_path / "model.json.gz", gzip.decompress(readers()["weights"].valid)
    for content, digest in ((whole, "d"), (whole, "e"), (whole.replace(b"-1.0", b"1e308"), "d"), (b"", "d")):
        path.write_bytes(gzip.compress(content))
        assert (training_data._read_weights(path, digest) is not None) == (content == whole and digest == "d")


def test_a_record_that_nests_deep_or_is_misnamed_is_named(tmp_path: Path) -> None:
    """JSON deeper than Python reads, a number of a ledger that no ledger has, a file name that is no date."""
    path = tmp_path / "data" / "manifest.json"
    path.parent.mkdir()
    path.write_bytes(b"[" * 100_000)
    with pytest.raises(RecordError, match="makes it again"):
        manifest._read_manifest(path)
    book = ledger.Ledger(tmp_path / "none")
    assert book.account.usage(archive.WEDNESDAY, Usage(through=f"{book.id}:{'9' * 5000}"), "USD").calls == 0
    (tmp_path / "2026").mkdir()
    (tmp_path / "2026" / "2026-99-99.json").write_bytes(b"{}")
    with pytest.raises(RecordError, match="its name is not a date"):
        Store(tmp_path).dates()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + "9" * 5000, "not valid TOML"),
        ("x = " + "[" * 5000, "not valid TOML"),
        ("[judge]\nthreshold = 0x" + "f" * 5000, "a very long number"),
        ("[llm]\nextra_body = {a = 2026-01-14}", "what JSON cannot say"),
        ("[llm]\nextra_body = {a = nan}", "what JSON cannot say"),
    ],
)
def test_config_that_python_cannot_hold_is_explained(text: str, said: str) -> None:
    """Numbers of thousands of digits, brackets without an end, what no request can carry."""
    with pytest.raises(ConfigError, match=said):
        config.parse(text, Path("config.toml"), {})


@pytest.mark.parametrize("date", ["9999-12-31", "0001-01-01"])
def test_a_day_beyond_the_calendar_is_refused(date: str) -> None:
    """As a record, as a moment in one, as a predecessor's page: nothing could be computed around it."""
    valid = readers()["record"].valid.decode()
    for spoiled in (valid.replace("2026-01-14", date), valid.replace("2026-01-14T05:17:00Z", f"{date}T23:59:59-14:00")):
        with pytest.raises(RecordError, match=r"no paper is of the year|valid datetime"):
            parse_record(Path("x.json"), spoiled.encode(), dt.date.fromisoformat(date))
    with pytest.raises(NoDayPageError):
        read_page(simple_page(date), archive.config())
