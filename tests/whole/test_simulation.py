"""More than three weeks with all that can go wrong; the whole year is in tests/bench/simulate.py."""

import re
from pathlib import Path

import pytest
from support.delivery import KILLS, delivery
from support.project import PROJECT
from support.simulation import TICKS, compare, live_through, make_year, undisturbed


@pytest.mark.slow
def test_bad_weeks_end_like_good_ones(tmp_path: Path) -> None:
    """Ticks dropped and late, the API down, feeds stale, papers held back, a holiday: every paper once, paid once.

    Each announcement is told once by mail and by post, though receivers are down and `notify` is killed.
    """
    year = make_year(seed=6, days=24, papers_a_day=8, trouble=4)
    assert year.held and year.holidays and year.stale and year.down, "the seed is to bring every kind of trouble"
    with delivery(seed=6) as messages:
        disturbed = live_through(year, tmp_path / "disturbed", messages)
    calm = live_through(undisturbed(year), tmp_path / "calm")
    found = compare(year, disturbed, calm)
    assert not (found.lost or found.twice or found.moved or found.paid_twice), found
    assert not (found.incomplete or found.empty or found.different or disturbed.unnamed), found
    assert disturbed.pages == len([day for day in disturbed.records.values() if day.announced]) > 12
    sent = messages.delivered(disturbed.records)
    assert not (sent.missed or sent.twice or sent.incomplete), sent
    assert all(sent.kills[place] for place in KILLS) and all(sent.down[name] for name in sent.arrived)


def test_the_ticks_are_those_of_the_workflow() -> None:
    """What is simulated is what GitHub is told: several scheduled runs a day, none of them at a full hour."""
    text = (PROJECT / ".github" / "workflows" / "daily.yml").read_text()
    told = re.findall(r'- cron: "(\d+) (\d+) \* \* \*"', text)
    assert [(int(minute), int(hour)) for minute, hour in told] == [(tick.minute, tick.hour) for tick in TICKS]
    assert min(TICKS).isoformat() == "05:17:00" and all(tick.minute % 30 for tick in TICKS)
