"""The ledger: what was paid for is kept, whatever happens."""

import datetime as dt
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from support.project import PROJECT

from generator.core.errors import BusyError, RecordError
from generator.core.model import Spending, Usage
from generator.judges.llm.ledger import Ledger, LedgerLine, LedgerRow, locked
from generator.judges.llm.reply import Answer, Tokens

DAY = dt.date(2026, 1, 14)
OTHER = dt.date(2026, 1, 15)
NOW = dt.datetime(2026, 1, 31, 23, 30, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 2, 1, 6, tzinfo=dt.UTC)


def line(key: str = "k1", **changes: Any) -> LedgerLine:
    row = LedgerRow(id="2601.00001", score=8, field="theory", reason="新。")
    fields: dict[str, Any] = {
        "n": 0, "at": NOW, "day": DAY, "model": "m", "tokens": Tokens(100, 40, 10, 5), "estimate": 0, "cost": 0.5,
        "currency": "USD", "verdicts": {key: row} if key else {},
    }  # fmt: skip
    return LedgerLine(**{**fields, **changes})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.jsonl"


def filled(path: Path, count: int = 3) -> Ledger:
    ledger = Ledger(path)
    for number in range(1, count + 1):
        ledger.append(line(f"k{number}"))
    ledger.close()
    return ledger


def test_what_is_appended_is_found_again(path: Path) -> None:
    """Also by the next run, under the same name and with the next number."""
    first = filled(path)
    again = Ledger(path)
    kept = again.lookup("k2")
    assert kept is not None and kept.answer == Answer(8.0, "theory", "新。") and (kept.call, kept.times) == (2, 1)
    assert again.id == first.id and again.lookup("k9") is None and again.warnings == []
    again.append(line("k9"))
    again.close()
    assert [json.loads(row).get("n") for row in path.read_text().splitlines()] == [None, 1, 2, 3, 4]


def test_reading_alone_makes_no_file(path: Path) -> None:
    """`status` and `--dry-run` leave no trace."""
    assert Ledger(path).lookup("k1") is None
    assert not path.parent.exists()


@pytest.mark.parametrize("cut", [1, 5, 60])
def test_a_torn_last_line_is_dropped(path: Path, cut: int) -> None:
    """A killed run left it; the next line stands on a line of its own."""
    filled(path)
    path.write_bytes(path.read_bytes()[: -cut - 1])
    ledger = Ledger(path)
    assert ledger.lookup("k2") and ledger.lookup("k3") is None and ledger.warnings == []
    ledger.append(line("k4"))
    ledger.close()
    assert Ledger(path).lookup("k4") and Ledger(path).warnings == []


def test_a_last_line_that_lacks_its_end_alone_is_kept(path: Path) -> None:
    """It was paid for, and nothing of it is missing."""
    filled(path)
    path.write_bytes(path.read_bytes()[:-1])
    ledger = Ledger(path)
    assert ledger.lookup("k3")
    ledger.append(line("k4"))
    ledger.close()
    again = Ledger(path)
    assert again.lookup("k3") and again.lookup("k4") and again.warnings == []


def test_a_torn_first_line_is_begun_again(path: Path) -> None:
    """A run that was killed while it made the file left nothing that was paid for."""
    path.parent.mkdir()
    path.write_bytes(b'{"ledg')
    ledger = Ledger(path)
    ledger.append(line())
    ledger.close()
    assert Ledger(path).lookup("k1") and Ledger(path).id == ledger.id


@pytest.mark.parametrize(
    "damage",
    [b"garbage", b"[]", b'{"n": 2}', b"\xff\xfe", b"", b"[" * 100_000, b'{"n":1,"verdicts":{"k":{"score":99}}}'],
)
def test_a_damaged_line_is_passed_over_and_named(path: Path, damage: bytes) -> None:
    """File and line stand in the warning; what is before and after it counts."""
    filled(path)
    rows = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([*rows[:2], damage, *rows[3:]]))
    ledger = Ledger(path)
    assert ledger.lookup("k1") and ledger.lookup("k2") is None and ledger.lookup("k3")
    assert [f"{path}, line 3 is damaged" in warning for warning in ledger.warnings] == [True]


def test_a_ledger_without_its_name_is_an_error(path: Path) -> None:
    """Its sums could be counted twice; the message says what moving it away would cost."""
    path.parent.mkdir()
    path.write_bytes(b"hello\n")
    with pytest.raises(RecordError, match="line 1: the header is damaged"):
        Ledger(path)


def test_a_first_score_counts_for_good_and_a_missing_reason_is_taken(path: Path) -> None:
    """A paper that is asked for its reason does not change its score by it."""
    ledger = Ledger(path)
    ledger.append(line(verdicts={"k1": LedgerRow(id="2601.00001", score=8, field="theory", reason=None)}))
    ledger.append(line(verdicts={"k1": LedgerRow(id="2601.00001", score=7, field="agents", reason="新。")}))
    ledger.close()
    for opened in (ledger, Ledger(path)):
        kept = opened.lookup("k1")
        assert kept is not None and kept.answer == Answer(8.0, "theory", None) and (kept.call, kept.times) == (1, 2)
        assert kept.reason("zh") == "新。" == kept.reason("en")


def test_a_days_usage_goes_on_from_its_record(path: Path) -> None:
    """What the record counts in is not counted again; what a killed run left is."""
    ledger = filled(path, 2)
    before = ledger.account.usage(DAY, Usage(), "USD")
    assert before.model_dump(exclude={"months", "through"}) == {
        "calls": 2, "input_tokens": 200, "cached_tokens": 80, "output_tokens": 20, "reasoning_tokens": 10, "cost": 1.0,
        "currency": "USD", "estimated_tokens": 0,
    }  # fmt: skip
    assert before.months == {"2026-01": Spending(calls=2, tokens=220, cost=1.0)}
    assert before.through == f"{ledger.id}:2"
    again = Ledger(path)
    assert again.account.usage(DAY, before, "USD") == before
    again.append(line("k8", at=LATER))
    again.append(line("k9", day=OTHER))
    again.close()
    after = again.account.usage(DAY, before, "USD")
    assert (after.calls, after.through) == (3, f"{ledger.id}:3")
    assert list(after.months) == ["2026-01", "2026-02"]


def test_a_new_ledger_counts_as_a_whole(path: Path) -> None:
    """The record speaks of a ledger that was lost: nothing of this one is in it."""
    ledger = filled(path, 2)
    usage = ledger.account.usage(DAY, Usage(calls=5, input_tokens=50, cost=2.0, through="0123456789ab:999"), "USD")
    assert (usage.calls, usage.input_tokens, usage.cost, usage.through) == (7, 250, 3.0, f"{ledger.id}:2")


def test_a_ledger_from_an_older_copy_numbers_on_behind_the_records(path: Path) -> None:
    """Else its next replies would carry numbers that the records hold already, and count for nothing."""
    ledger = filled(path, 2)
    again = Ledger(path)
    recorded = Usage(calls=9, through=f"{ledger.id}:9")
    again.continue_after([recorded.through, None, "other:99", "junk", f"{ledger.id}:x"])
    again.append(line("k9"))
    again.close()
    assert again.account.usage(DAY, recorded, "USD").calls == 10
    assert again.account.usage(DAY, recorded, "USD").through == f"{ledger.id}:10"


def test_what_has_no_price_makes_the_sum_unknown(path: Path) -> None:
    """Never 0; so does a cost in another currency."""
    ledger = Ledger(path)
    ledger.append(line("k1", cost=None))
    ledger.append(line("k2", day=OTHER, currency="CNY"))
    ledger.close()
    assert ledger.account.usage(DAY, Usage(), "USD").cost is None
    assert ledger.account.usage(OTHER, Usage(), "USD").cost is None
    assert ledger.account.usage(OTHER, Usage(), "CNY").cost == 0.5


def test_tokens_that_nobody_told_count_for_the_month_as_estimated(path: Path) -> None:
    """The day shows what was billed, the budget of the month what may have been."""
    ledger = Ledger(path)
    ledger.append(line("", tokens=None, estimate=700, cost=None))
    ledger.close()
    usage = ledger.account.usage(DAY, Usage(), "USD")
    assert (usage.calls, usage.tokens, usage.cost) == (1, 0, None)
    assert usage.months == {"2026-01": Spending(calls=1, tokens=700, cost=None)}


def test_a_months_spending_is_of_records_and_ledger(path: Path) -> None:
    """Neither a lost ledger nor a day without a record resets a budget, and nothing counts twice."""
    ledger = filled(path, 2)
    ledger.append(line("k3", day=OTHER))
    ledger.append(line("k4", at=LATER))
    ledger.close()
    recorded = {DAY: ledger.account.usage(DAY, Usage(), "USD").model_copy(update={"through": f"{ledger.id}:1"})}
    recorded[DAY] = filled_usage(ledger)
    lost = {dt.date(2026, 1, 5): Usage(months={"2026-01": Spending(calls=7, tokens=70, cost=0.25)}, through="gone:7")}
    assert ledger.account.month("2026-01", {}, "USD") == Spending(calls=3, tokens=330, cost=1.5)
    assert ledger.account.month("2026-01", {**recorded, **lost}, "USD") == Spending(calls=10, tokens=400, cost=1.75)
    assert ledger.account.month("2026-02", recorded, "USD") == Spending(calls=1, tokens=110, cost=0.5)
    assert ledger.account.month("2026-03", recorded, "USD") == Spending()


def filled_usage(ledger: Ledger) -> Usage:
    """The record of DAY as it was after the first two replies."""
    spent = Spending(calls=2, tokens=220, cost=1.0)
    return Usage(calls=2, cost=1.0, months={"2026-01": spent}, through=f"{ledger.id}:2")


def test_what_records_hold_for_a_year_is_dropped(path: Path) -> None:
    """Nothing else is: not what no record counts in, not what is younger, not what cannot be read."""
    ledger = Ledger(path)
    for number, (day, at) in enumerate([(DAY, NOW), (DAY, NOW), (OTHER, NOW), (DAY, LATER)], 1):
        ledger.append(line(f"k{number}", day=day, at=at))
    ledger.close()
    with path.open("ab") as file:
        file.write(b"damaged\n{torn")
    throughs = {DAY: f"{ledger.id}:4"}
    assert Ledger(path).shorten(throughs, NOW.replace(year=2027)) == 0
    shortened = Ledger(path)
    assert shortened.shorten({DAY: "0123456789ab:4"}, LATER.replace(year=2027)) == 0
    assert shortened.shorten(throughs, LATER.replace(year=2027)) == 2
    shortened.append(line("k5"))
    shortened.close()
    again = Ledger(path)
    assert again.id == ledger.id and [again.lookup(f"k{number}") is None for number in range(1, 6)] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert len(again.warnings) == 1 and again.last == 5


def test_a_ledger_is_not_written_anew_for_little(path: Path) -> None:
    """Less than a tenth waits until there is more; a file that is being appended to stays as it is."""
    ledger = filled(path, 9)
    for number in range(10, 102):
        ledger.append(line(f"k{number}", at=LATER))
    now, throughs = LATER.replace(year=2027), {DAY: f"{ledger.id}:101"}
    before = path.read_bytes()
    assert Ledger(path).shorten(throughs, now) == 0
    assert ledger.shorten(throughs, now.replace(year=2028)) == 0
    assert path.read_bytes() == before
    ledger.close()
    assert Ledger(path).shorten(throughs, now.replace(year=2028)) == 101
    assert Ledger(path).lookup("k1") is None


def test_many_threads_append_whole_lines(path: Path) -> None:
    """Every line is there once, with a number of its own."""
    ledger = Ledger(path)

    def work(name: int) -> None:
        for number in range(20):
            ledger.append(line(f"{name}-{number}"))

    threads = [threading.Thread(target=work, args=[name]) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger.close()
    rows = [json.loads(row) for row in path.read_text().splitlines()]
    assert [row["n"] for row in rows[1:]] == list(range(1, 161))
    assert len({key for row in rows[1:] for key in row["verdicts"]}) == 160


def test_a_full_disk_is_an_error_and_leaves_whole_lines(path: Path) -> None:
    """The half line is dropped, and nothing more is taken in this run."""
    filled(path)
    size = path.stat().st_size
    ledger = Ledger(path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50, before[1]))
        with pytest.raises(RecordError, match=r"ledger\.jsonl cannot be written: .*Free space"):
            ledger.append(line("k4"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    with pytest.raises(RecordError, match="cannot be written"):
        ledger.append(line("k5"))
    ledger.close()
    assert path.stat().st_size == size and Ledger(path).warnings == []


def test_a_killed_writer_leaves_a_ledger_that_can_be_read(path: Path) -> None:
    """Kill -9 in the midst of appending: every reply that `append` returned from is there."""
    program = f"""
import datetime as dt, sys
sys.path.insert(0, {str(PROJECT)!r})
from pathlib import Path
from generator.judges.llm.ledger import Ledger, Line, Row
ledger = Ledger(Path({str(path)!r}))
for n in range(100000):
    ledger.append(Line(n=0, at=dt.datetime.now(dt.UTC), day=dt.date(2026, 1, 14), model="m", tokens=None, estimate=1,
        cost=None, currency="USD",
        verdicts={{f"k{{n}}": Row(id="2601.00001", score=8, field=None, reason="x" * 3000)}}))
    print(n, flush=True)
"""
    for _ in range(3):
        with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            said = [writer.stdout.readline() for _ in range(30)]
            os.kill(writer.pid, signal.SIGKILL)
            said += writer.stdout.readlines()
        ledger = Ledger(path)
        assert ledger.warnings == []
        assert all(ledger.lookup(f"k{n.strip()}") for n in said if n.endswith("\n"))


def test_one_run_at_a_time(tmp_path: Path) -> None:
    """A second one is told so; when the first has ended, the way is free."""
    with locked(tmp_path / "state"), pytest.raises(BusyError, match="another run"), locked(tmp_path / "state"):
        pass
    with locked(tmp_path / "state"):
        pass
    assert (tmp_path / "state" / "lock").exists()


def test_a_folder_in_which_nothing_can_be_written_is_an_error(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "state").write_text("")
    with pytest.raises(RecordError, match="cannot be written"), locked(tmp_path / "state"):
        pass
    with pytest.raises(RecordError, match="cannot be read"):
        Ledger(tmp_path / "state" / "ledger.jsonl")
