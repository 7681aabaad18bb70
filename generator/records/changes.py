"""What becomes true of a day after it was published: a pick is withdrawn, a complete day is judged again.

A record that changes says so in `changes`: entries such as "2026-01-20 withdrawn 2601.06212", which the pages put into
words. What completes an incomplete day is no change: its page has announced that.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping

from generator.core.comments import abstract_tells_withdrawal, tells_withdrawal
from generator.core.model import Day, Paper

WITHDRAWN = "withdrawn"
WATCHED_DAYS = 30
"""How long after its announcement a pick is watched."""


def is_withdrawn(paper: Paper) -> bool:
    """Whether PAPER was withdrawn: by a further version that has a comment but no PDF, or says so in its words."""
    if paper.updated is None:
        return False
    if not paper.has_pdf and paper.comment:
        return True
    return tells_withdrawal(paper.comment or "", paper.version) or abstract_tells_withdrawal(paper.abstract)


def watched(days: Iterable[Day]) -> set[str]:
    """The picks of DAYS that are not marked yet."""
    return {pick.paper.id for day in days for pick in day.picks if WITHDRAWN not in pick.notes}


def mark_withdrawn(day: Day, withdrawn: Collection[str], now: dt.datetime) -> Day | None:
    """DAY with its WITHDRAWN picks marked; None if it has none that is not marked yet."""
    mine = [pick.paper.id for pick in day.picks if pick.paper.id in withdrawn and WITHDRAWN not in pick.notes]
    if not mine:
        return None
    picks = tuple(
        pick.model_copy(update={"notes": (*pick.notes, WITHDRAWN)}) if pick.paper.id in mine else pick
        for pick in day.picks
    )
    said = tuple(f"{now:%Y-%m-%d} {WITHDRAWN} {paper}" for paper in sorted(mine))
    return day.model_copy(update={"picks": picks, "changes": (*day.changes, *said), "updated": now})


def with_changes(day: Day, previous: Day | None, now: dt.datetime) -> Day:
    """DAY, which says what is different from PREVIOUS if that was complete."""
    if previous is None or not previous.complete:
        return day
    said = []
    if (previous.judge, previous.model) != (day.judge, day.model):
        said.append(f"{now:%Y-%m-%d} judged {day.model or day.judge}")
    if more := len(day.ids - previous.ids):
        said.append(f"{now:%Y-%m-%d} read {more}")
    return day.model_copy(update={"changes": (*previous.changes, *said)})


def changes_in_words(changes: Iterable[str], w: Mapping[str, str]) -> list[str]:
    """CHANGES as readers see them, in the words W of the site; what is no entry of ours stays as it is."""
    found = []
    for entry in changes:
        date, kind, what = (*entry.split(" ", 2), "", "")[:3]
        words = w.get(f"change_{kind}") if re.fullmatch(r"[\d-]{10}", date) else None
        found.append(words.format(date=date, what=what) if words else entry)
    return found
