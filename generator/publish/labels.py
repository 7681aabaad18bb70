"""Words for dates, sums and states, in the site's language."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from generator.core.model import CORRECTED, WATCHED, Day
from generator.core.text import amount


def money(cost: float | None, currency: str, w: Mapping[str, str]) -> str:
    """COST in CURRENCY; small sums with more digits."""
    return w["unknown"] if cost is None else amount(cost, currency)


def local(moment: dt.datetime, zone: str) -> str:
    """MOMENT in the time zone ZONE, with its distance from UTC."""
    local = moment.astimezone(ZoneInfo(zone))
    hours, minutes = f"{local:%z}"[:3], f"{local:%z}"[3:]
    return f"{local:%Y-%m-%d %H:%M} UTC{int(hours):+d}" + (f":{minutes}" if minutes != "00" else "")


def notices(day: Day) -> list[str]:
    """Keys of what a reader must know of DAY before its papers."""
    marks = {
        "sample": day.sample,
        "imported": day.imported,
        "page": day.facts == "page",
        "pending": bool(day.pending),
        "estimate": day.judge == "offline" and bool(day.picks) and not day.pending,
        "rss": day.facts == "rss",
        "incomplete": not day.complete and not day.pending and not day.sample and not day.imported,
    }
    return [key for key, applies in marks.items() if applies]


def notices_in_words(day: Day, w: Mapping[str, str]) -> list[str]:
    """What a reader must know of DAY before its papers."""
    return [w[f"{key}_notice"] for key in notices(day)]


def coverage(day: Day, w: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(category, "ok" or "gap", what was read of it) for each category of DAY."""
    unscored = Counter(row.primary for row in day.unscored)
    rows = []
    for name, part in day.coverage.items():
        text = f"{part.read}/{part.expected}" if part.expected is not None else str(part.read)
        notes = [] if part.state == "complete" else [w[f"coverage_{part.state}"]]
        if unscored[name]:
            notes.append(w["coverage_unscored"].format(n=unscored[name]))
        fine = part.state in ("complete", "no announcement") and not unscored[name]
        rows.append((name, "ok" if fine else "gap", w["comma"].join([text, *notes])))
    return rows


def note_label(mark: str, w: Mapping[str, str]) -> str:
    """The words for a MARK of a pick; behind a colon stands what is said of this one."""
    kind, colon, said = mark.partition(":")
    return w[kind].format(what=said.strip()) if f"{kind}{colon}" in (WATCHED, CORRECTED) else w.get(mark, mark)
