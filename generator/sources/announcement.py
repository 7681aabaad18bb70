"""Which papers belong to an announcement, and how much of it was read: decisions only, nothing is fetched here.

Announcement D takes the papers never seen before of its own submission window and, as far as the look-back reaches, of
earlier windows whose announcement was already read. So a paper that moderation held back lands on the oldest
incomplete announcement whose window holds it, else on the newest open one.

A holiday is an announcement day on which both channels are fresh and empty: its papers come with the next announcement.
A source that stands still looks alike for some days. So a day of which nothing is known is a holiday only where the API
has what came later, and a holiday whose papers come with no announcement after it was none: it is done in its place.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import Literal, NamedTuple

from generator.core.calendar import Announcement, announcement, announcement_days, newest_announcement_day
from generator.core.model import Coverage, Day, Paper
from generator.sources.rss import RssFeed

MANY = 50  # papers on record of the last days from which on an API that finds none of them is out of order

Covered = Mapping[dt.date, frozenset[str]]
"""For every announcement that was read: the categories that were read of it."""


class DayQuery(NamedTuple):
    """What is known of announcement `day` before its papers are chosen."""

    day: dt.date
    newest: dt.date  # the newest announcement that is out
    categories: tuple[str, ...]
    cross_lists: bool  # also papers of which only a further category is one of ours
    lookback_days: int
    covered: Covered  # of all other days: see covered()
    seen: Set[str]  # ids in the records of all other days
    previous: Day | None  # this day's own record
    api: Sequence[Paper] | None  # None: the API could not be read; papers outside of the windows do no harm
    rss: RssFeed | None  # None: the RSS could not be read
    damaged: tuple[str, ...] = ()  # what the API sent and could not be read
    unservable: frozenset[str] = frozenset()  # ids for which the API answers with an error each time
    next_listed: bool = False  # the API has the announcement after the newest one already
    later: bool = True  # the API has papers submitted after the day's window, so that it does not stand still
    holidays: frozenset[dt.date] = frozenset()  # other days on record as such


class Gathered(NamedTuple):
    """The papers of one announcement, by id, and what its record says of them.

    Papers of an earlier record that no channel gives at the moment are not among `papers`; they stay as they were.
    """

    papers: tuple[Paper, ...]
    coverage: dict[str, Coverage]
    facts: Literal["api", "rss"]
    notes: tuple[str, ...] = ()

    @property
    def announced(self) -> bool:
        return any(part.state != "no announcement" for part in self.coverage.values())


def days_to_do(
    now: dt.datetime, records: Mapping[dt.date, Day], catchup_days: int, first: dt.date | None = None
) -> list[dt.date]:
    """The announcements that `run` looks at, oldest first: those of the last CATCHUP_DAYS that are not complete.

    FIRST is the oldest day with a real record (default: the oldest among RECORDS). What lies before it is no gap: a
    first run does the newest announcement only, so that a new site does not spend a week's budget in one go.
    """
    newest = newest_announcement_day(now)
    first = first or min((day for day, record in records.items() if record.is_real), default=newest)
    since = max(min(first, newest), newest - dt.timedelta(days=catchup_days))
    days = list(announcement_days(since, newest))
    open_days = {day for day in days if not _is_done(records.get(day), newest)}
    if open_days:  # a source that stood still may have looked like a holiday: what there is now tells
        open_days |= {day for day in days if (record := records.get(day)) and record.is_real and not record.announced}
    return sorted(open_days)


def _is_done(record: Day | None, newest: dt.date) -> bool:
    """Whether RECORD needs no further look. A holiday does while it is the newest: arXiv may just have been late."""
    if record is None or record.imported:
        return record is not None
    return record.is_real and record.complete and (record.announced or record.date < newest)


def covered(records: Iterable[Day], open_since: dt.date) -> dict[dt.date, frozenset[str]]:
    """What was read of each announcement; what is still to be read (a run comes back to it) does not count.

    OPEN_SINCE is the oldest day to which runs still come back. Sample days and imported ones cover nothing: imported
    records hold the picks only, and the papers that were not picked are not late ones.
    """
    return {
        record.date: frozenset(
            name
            for name, part in record.coverage.items()
            if record.date < open_since or part.state in ("complete", "no announcement")
        )
        for record in records
        if record.is_real
    }


def windows_to_read(day: dt.date, recorded_days: Collection[dt.date], lookback_days: int) -> list[Announcement]:
    """The submission windows whose unseen papers belong to DAY: its own, last, and earlier recorded ones."""
    own = announcement(day)
    oldest = own.start - dt.timedelta(days=lookback_days)
    earlier = announcement_days(day - dt.timedelta(days=lookback_days + 7), day - dt.timedelta(days=1))
    late = [window for window in map(announcement, earlier) if window.day in recorded_days and window.end > oldest]
    return [*late, own]


def spans(windows: Iterable[Announcement]) -> list[tuple[dt.datetime, dt.datetime]]:
    """WINDOWS (oldest first) with those that touch joined, so that they are asked for at once."""
    joined: list[tuple[dt.datetime, dt.datetime]] = []
    for window in windows:
        if joined and joined[-1][1] >= window.start:
            joined[-1] = (joined[-1][0], max(joined[-1][1], window.end))
        else:
            joined.append((window.start, window.end))
    return joined


def missing_from_api(question: DayQuery) -> list[str]:
    """The ids that belong to the day although the API's windows did not hold them; to be asked for by id.

    They are what the RSS lists as new (held back for longer than the look-back, or not yet found by the API's search)
    and the papers of the day's own record.
    """
    known = {paper.id for paper in question.api or ()}
    listed = {paper.id for paper in _listed(question)} - question.seen
    return sorted((listed | _previous_ids(question)) - known)


def decide(question: DayQuery) -> Gathered:
    """The papers and the coverage of the day. QUESTION.api holds what was asked for by id as well."""
    if _is_blank(question):
        note = "the API does not find papers that are known to exist"
        question = question._replace(api=None, damaged=(*question.damaged, note))
    damaged = question.damaged + (question.rss.damaged if question.rss and _is_fresh(question) else ())
    waiting = _may_be_next(question)
    question = question._replace(api=question.api and [paper for paper in question.api if paper.id not in waiting])
    recognised = question.previous is not None and not question.previous.announced
    if _is_holiday(question) and (recognised or not waiting):
        none = Coverage(expected=0, read=0, state="no announcement", source="api")
        return Gathered((), dict.fromkeys(question.categories, none), "api", damaged)
    stale = {name for name in question.categories if _is_stale(question, name)}
    papers = _choose(question, stale)
    coverage = {name: _coverage(question, name, papers, stale) for name in question.categories}
    known = {paper.id for paper in question.api or ()}
    only_rss = [paper.id for paper in papers if paper.id not in known and paper.id not in question.unservable]
    notes_of_faults = [
        f"{paper.id}: arXiv's API cannot serve this paper; its facts are the RSS's"
        for paper in papers
        if paper.id in question.unservable
    ]
    still_rss = question.previous is not None and question.previous.facts == "rss" and bool(_lost(question, papers))
    facts: Literal["api", "rss"] = "rss" if only_rss or still_rss else "api"
    notes = [f"{name}: the RSS still holds an earlier announcement" for name in sorted(stale)]
    if only_rss:
        some = ", ".join(only_rss[:10]) + (" and others" if only_rss[10:] else "")
        notes.append(f"{len(only_rss)} papers with facts from the RSS only: {some}")
    return Gathered(tuple(papers), coverage, facts, (*notes, *notes_of_faults, *damaged))


def _is_blank(question: DayQuery) -> bool:
    """Whether the API answers properly and finds nothing at all, where it should find last week's papers again."""
    earlier = windows_to_read(question.day, question.covered, question.lookback_days)[:-1]
    return question.api is not None and not question.api and bool(earlier) and len(question.seen) >= MANY


def _may_be_next(question: DayQuery) -> Set[str]:
    """The ids of the day's own window that in its evening the API has and the feed of the day does not list.

    They come with the next announcement, if the day was a holiday; else the API or the feed was late. Unless a run has
    seen by day what it was, the next day tells, a few hours later.
    """
    rss = question.rss
    if not question.next_listed or rss is None or not rss.built >= question.day == question.newest:
        return frozenset()
    own = {paper.id for paper in _own(question)}
    told = _previous_ids(question) or not own.isdisjoint(paper.id for paper in rss.new)
    return frozenset() if told else own


# The papers


def _choose(question: DayQuery, stale: Set[str]) -> list[Paper]:
    """The day's papers by id: the API's facts go before the RSS's."""
    old = _old_ids(question)
    listed = {paper.id: paper for paper in _listed(question)}
    mine = {paper.id for paper in listed.values() if not (paper.primary in stale and paper.id in old)}
    mine |= {paper.id for paper in (*_own(question), *_late(question))}
    mine = (mine - question.seen) | _previous_ids(question)
    facts = listed | {paper.id: paper for paper in question.api or ()}
    return [facts[paper_id] for paper_id in sorted(mine & facts.keys())]


def _previous_ids(question: DayQuery) -> frozenset[str]:
    return question.previous.ids if question.previous else frozenset()


def _lost(question: DayQuery, papers: Iterable[Paper]) -> frozenset[str]:
    """The ids of the day's own record that no channel gave."""
    return _previous_ids(question) - {paper.id for paper in papers}


def _wanted_in(question: DayQuery, paper: Paper) -> list[str]:
    """Those of our categories to which PAPER belongs: its primary one, or any where cross-lists are wanted."""
    names = paper.categories if question.cross_lists else paper.categories[:1]
    return [name for name in names if name in question.categories]


def _own(question: DayQuery) -> list[Paper]:
    """The API's unseen papers of the day's own window."""
    _, start, end = announcement(question.day)
    return [
        paper
        for paper in question.api or ()
        if paper.submitted is not None
        and start <= paper.submitted < end
        and _wanted_in(question, paper)
        and paper.id not in question.seen
    ]


def _late(question: DayQuery) -> list[Paper]:
    """The API's unseen papers of earlier windows whose announcement was read in the paper's category."""
    windows = windows_to_read(question.day, question.covered, question.lookback_days)[:-1]
    return [
        paper
        for paper in question.api or ()
        if paper.submitted is not None and paper.id not in question.seen
        for window in windows
        if window.start <= paper.submitted < window.end
        and question.covered[window.day].intersection(_wanted_in(question, paper))
    ]


# The second channel


def _is_fresh(question: DayQuery) -> bool:
    """Whether the RSS is of the day: it was made on its date, and the day is the newest announcement."""
    return question.rss is not None and question.day == question.newest and question.rss.built == question.day


def _listed(question: DayQuery) -> list[Paper]:
    """What a fresh RSS lists as new of our categories.

    Cross-listed papers come from the API alone: the RSS lists those of years ago among them.
    """
    new = question.rss.new if question.rss and _is_fresh(question) else ()
    return [paper for paper in new if paper.primary in question.categories]


def _listed_new(question: DayQuery, category: str) -> list[str]:
    """The ids that a fresh RSS lists as new with CATEGORY as their primary one."""
    return [paper.id for paper in _listed(question) if paper.primary == category]


def _old_ids(question: DayQuery) -> Set[str]:
    """The ids that cannot be new on the day: other days have them.

    Where the announcement before was never read, also those submitted before the day's own window.
    """
    own = announcement(question.day)
    before = max(announcement_days(question.day - dt.timedelta(days=7), question.day - dt.timedelta(days=1)))
    if before in question.covered:
        return question.seen
    return question.seen | {p.id for p in question.api or () if p.submitted is not None and p.submitted < own.start}


def _is_stale(question: DayQuery, category: str) -> bool:
    """Whether a feed of today's date still holds an earlier announcement of CATEGORY.

    Such a feed lists nothing of the day's own window, and nine tenths of it (not all: some may have been missed on
    their own day) are old.
    """
    ids = set(_listed_new(question, category)) - _previous_ids(question)
    if not ids or not ids.isdisjoint(paper.id for paper in _own(question)):
        return False
    return 10 * len(ids & _old_ids(question)) >= 9 * len(ids)


def _is_holiday(question: DayQuery) -> bool:
    """Whether both channels say that there was no announcement on the day."""
    if question.api is None or _previous_ids(question):
        return False
    own = _own(question)
    at_rest = question.rss is not None and question.rss.built >= question.newest and not question.rss.items
    if question.day == question.newest:
        return at_rest and not own
    on_record = question.previous is not None and not question.previous.announced
    if own:
        return _came_later(question, own) or (on_record and not _was_missed(question))
    return on_record or at_rest or question.later


def _was_missed(question: DayQuery) -> bool:
    """Whether the day, a holiday on record whose papers are there now, had an announcement that no channel showed.

    The feed of the announcement that came next would list them, and does not. What no other day reaches back to belongs
    here in any case.
    """
    if (question.newest - question.day).days > question.lookback_days + 7:
        return True
    day = dt.timedelta(days=1)
    between = announcement_days(question.day + day, question.newest - day)
    rss = question.rss
    return rss is not None and rss.built == question.newest and bool(rss.new) and question.holidays.issuperset(between)


def _came_later(question: DayQuery, own: Sequence[Paper]) -> bool:
    """Whether the newest announcement lists the papers of the day's OWN window, so that the day itself had none.

    A feed that is stale in a category since the day lists them too, but then hardly anything beside them; so in every
    category of some size a tenth must be others.
    """
    if question.rss is None or question.rss.built != question.newest:
        return False
    beside = 0
    for name in question.categories:
        mine = {paper.id for paper in own if paper.primary == name}
        new = {paper.id for paper in question.rss.new if paper.primary == name}
        listed, others = len(new & mine), len(new - mine)
        if (mine and 2 * listed <= len(mine)) or (listed >= 10 and 10 * others < listed):
            return False
        beside += others
    return bool(own) and 10 * beside >= len(own)


# The coverage


def _coverage(question: DayQuery, category: str, papers: Sequence[Paper], stale: Set[str]) -> Coverage:
    """What the record says of CATEGORY, of which PAPERS holds all that could be read."""
    lost = _lost(question, papers)
    kept = [primary for paper_id, primary in _rows(question.previous) if paper_id in lost]
    read = [paper.primary for paper in papers].count(category) + kept.count(category)
    before = question.previous.coverage.get(category) if question.previous else None
    told = [paper_id for paper_id in _listed_new(question, category) if paper_id not in question.seen]
    counted = sum(1 for paper in _own(question) if paper.primary == category)
    rss_speaks = question.rss is not None and bool(question.rss.items) and _is_fresh(question) and category not in stale
    if rss_speaks and (told or not counted):
        return Coverage(expected=len(told), read=read, state="complete", source="rss")
    if before and before.state in ("complete", "no announcement") and (before.source == "rss" or question.api is None):
        return before.model_copy(update={"read": read})
    if question.api is None:
        return Coverage(expected=None, read=read, state=_state(question, 0, category in stale))
    expected = max(counted, read)  # what is filed late, or came after a holiday, was announced on the day as well
    return Coverage(expected=expected, read=read, state=_state(question, counted, category in stale), source="api")


def _state(question: DayQuery, counted: int, stale: bool) -> Literal["complete", "stale", "failed"]:
    """The state of a category of which the RSS told nothing and the API COUNTED papers in the day's window."""
    rss_is_behind = question.day == question.newest and question.rss is not None and question.rss.built < question.day
    if question.api is None:
        return "stale" if stale or rss_is_behind else "failed"
    feed_of_later = question.rss is not None and question.rss.built > question.day
    others = bool(_own(question) or _previous_ids(question))
    told = question.later or bool(_previous_ids(question))
    if counted or (question.day < question.newest and told) or (feed_of_later and others):
        return "complete"
    return "stale" if stale or rss_is_behind or others else "failed"


def _rows(record: Day | None) -> list[tuple[str, str]]:
    """The id and primary category of every paper in RECORD."""
    if record is None:
        return []
    rows = [(row.id, row.primary) for part in (record.rest, record.unscored, record.spared) for row in part]
    return rows + [(pick.paper.id, pick.paper.primary) for pick in record.picks]
