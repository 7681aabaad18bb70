"""The record of an announcement, made of what was gathered, what a judge said and what was on record. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence, Set
from typing import TypeVar

from generator import __version__
from generator.core.calendar import announcement
from generator.core.model import (
    WATCHED,
    Coverage,
    Day,
    Headline,
    Paper,
    Pick,
    Rest,
    SecondVote,
    Spared,
    Unscored,
    Usage,
    Verdict,
    Window,
)
from generator.core.why import UNREAD
from generator.judges.choice import chosen
from generator.judges.injection_guard import Guarded, guarded
from generator.judges.judged import Judged, JudgeName
from generator.judges.llm.prompt import field_digests, profile_digest
from generator.judges.watch import always, never
from generator.records.corrections import corrected, pick_order, rest_order, spared_order
from generator.settings.config import Config
from generator.sources.announcement import Gathered

OTHER_LANGUAGE = "language"
"""The mark of a pick whose reason is in another language than the site; i18n.py says it in words."""

BOUNDED = "bounded"
"""The mark of a pick whose score is what its title allows; i18n.py says it in words."""

LOCAL_REASON = "local"
"""The mark of a pick whose reason is the local judge's: the model gave none."""

IMPORTED = "imported_verdict"
"""The mark of a pick whose verdict is that of a predecessor's page, on a day that was completed from arXiv."""

UnpickedRow = TypeVar("UnpickedRow", Rest, Unscored, Spared)


def to_judge(papers: Sequence[Paper], previous: Day | None, judge: JudgeName) -> list[Paper]:
    """Those of PAPERS that JUDGE has to look at: its verdicts stand, but the offline one ranks a whole day."""
    if previous is None or previous.judge != judge:
        return list(papers)
    if judge == "offline":
        known = {pick.paper.id for pick in previous.picks} | {row.id for row in previous.rest}
        return [] if {paper.id for paper in papers} <= known else list(papers)
    open_ids = {row.id for row in previous.unscored}
    return [paper for paper in papers if paper.id in open_ids or paper.id not in previous.ids]


def field_names(config: Config) -> dict[str, str]:
    """The names of the fields as readers see them now: a day keeps those under which it was published."""
    return {field.slug: field.label(config.site.language) for field in config.fields}


def begun(imported: Day, categories: Sequence[str]) -> Day:
    """The IMPORTED day as the beginning of one of our own: its verdicts stand, of its CATEGORIES nothing was read."""
    unread = Coverage(expected=None, read=0, state="failed")
    picks = tuple(pick.model_copy(update={"notes": _with(pick.notes, IMPORTED)}) for pick in imported.picks)
    coverage = dict.fromkeys(categories, unread)
    return imported.model_copy(update={"imported": False, "facts": "api", "picks": picks, "coverage": coverage})


def _with(notes: tuple[str, ...], mark: str) -> tuple[str, ...]:
    return notes if mark in notes else (*notes, mark)


def make_day(
    date: dt.date, config: Config, *, previous: Day | None, gathered: Gathered, judged: Judged, usage: Usage,
    now: dt.datetime,
) -> Day:  # fmt: skip
    """The record of announcement DATE: what PREVIOUS held and this run found. No paper of either is lost."""
    papers = {paper.id: paper for paper in gathered.papers}
    picks, rest, unscored = _rows(previous, papers, judged)
    model, others = _models(previous, judged, stand=bool(picks or rest))
    guard = guarded(judged.verdicts, gathered.papers, config)
    new = {paper_id: verdict for paper_id, verdict in guard.verdicts.items() if paper_id in papers}
    hidden = dict(judged.spared)
    chosen_now = chosen(new, config, Counter(pick.verdict.field for pick in picks.values()))
    for key, paper in papers.items():
        facts = {"id": key, "title": paper.title, "primary": paper.primary}
        verdict, listed = new.get(key), always(paper, config)
        if verdict is not None and never(paper, config):
            hidden[key] = 0.0
        elif verdict is not None and (listed or key in chosen_now):
            notes = _notes(verdict, guard, judged, key)
            notes = (*notes, f"{WATCHED}{listed}") if listed else notes
            picks[key] = Pick(paper=paper, verdict=verdict, notes=notes)
        elif verdict is not None:
            rest[key] = Rest(**facts, score=verdict.score, raw=verdict.raw)
        elif why := guard.held.get(key) or judged.unscored.get(key):
            unscored[key] = Unscored(**facts, why=why)
    settled = picks.keys() | rest.keys() | unscored.keys()
    spared = _spared(previous, papers, hidden, settled, config)
    _, start, end = announcement(date)
    day = Day(
        date=date,
        window=Window(start=start, end=end),
        generator=__version__,
        judge=judged.judge,
        model=model,
        other_models=others,
        profile=profile_digest(config),
        fields=field_digests(config),
        names=field_names(config) | (previous.names if previous else {}),
        origins=previous.origins if previous else (),
        facts=gathered.facts,
        updated=now,
        coverage=gathered.coverage,
        picks=tuple(sorted(picks.values(), key=pick_order)),
        rest=tuple(sorted(rest.values(), key=rest_order)),
        unscored=tuple(unscored[paper_id] for paper_id in sorted(unscored)),
        spared=tuple(sorted(spared.values(), key=spared_order)),
        recall=judged.recall or (previous.recall if previous else None),
        flagged=tuple(sorted({*(previous.flagged if previous else ()), *guard.flagged} & {*settled, *spared})),
        bounded=tuple(sorted({*_kept_bounded(previous, judged), *judged.bounded} & {*picks, *rest})),
        audited=tuple(sorted({*(previous.audited if previous else ()), *judged.audited} & {*picks, *rest, *unscored})),
        second_votes=_second_votes(previous, judged, {*picks, *rest}),
        usage=usage,
        pending=judged.pending,
        seed=judged.seed if judged.seed is not None else previous.seed if previous else None,
        corrections=previous.corrections if previous else (),
        changes=previous.changes if previous else (),
    )
    day = corrected(day, ({pick.paper.id: pick.paper for pick in previous.picks} if previous else {}) | papers, config)
    published = previous is not None and previous.announced
    return day.model_copy(update={"headline": previous.headline if published and previous else headline(day)})


def _models(previous: Day | None, judged: Judged, *, stand: bool) -> tuple[str | None, tuple[str, ...]]:
    """The model that answered for most of this run's papers, and the others; STAND: verdicts of PREVIOUS do."""
    before = previous if previous is not None and previous.judge == judged.judge else None
    model = judged.model or (before.model if before else None)
    earlier = (before.model, *before.other_models) if before and stand else ()
    others = dict.fromkeys(name for name in (*judged.other_models, *earlier) if name and name != model)
    return model, tuple(others)


def headline(day: Day) -> Headline:
    """What feeds will call DAY from its first publication on."""
    picks = len(day.picks) if day.complete else None
    best = day.picks[0].paper if day.picks else None
    return Headline(id=best.id, title=best.title, picks=picks) if best else Headline(picks=picks)


def _kept_bounded(previous: Day | None, judged: Judged) -> frozenset[str]:
    """The papers of PREVIOUS that were bounded and are not judged anew."""
    return frozenset(previous.bounded if previous else ()) - judged.verdicts.keys()


def _second_votes(previous: Day | None, judged: Judged, known: Set[str]) -> tuple[SecondVote, ...]:
    """Those of PREVIOUS and of this run on papers that are KNOWN, the newer where both have one."""
    before = previous.second_votes if previous and previous.judge == judged.judge else ()
    votes = {vote.id: vote for vote in (*before, *judged.second_votes)}
    return tuple(votes[paper_id] for paper_id in sorted(votes.keys() & known))


def _notes(verdict: Verdict, guard: Guarded, judged: Judged, paper_id: str) -> tuple[str, ...]:
    """The marks of a pick: its text gives orders, its title bounds it, or its reason is not quite what is expected."""
    reasons = {OTHER_LANGUAGE: judged.foreign, LOCAL_REASON: judged.lifted} if verdict.reason is not None else {}
    marks: Mapping[str, Collection[str]] = {BOUNDED: judged.bounded, **reasons}
    return (*guard.notes(paper_id), *(mark for mark, papers in marks.items() if paper_id in papers))


def _rows(
    previous: Day | None, papers: Mapping[str, Paper], judged: Judged
) -> tuple[dict[str, Pick], dict[str, Rest], dict[str, Unscored]]:
    """What stays of PREVIOUS, by id: all that was not judged anew; facts are the newest that were read.

    Estimates never stand among a model's verdicts: a paper that was ranked before and is not at hand now is unscored.
    """
    if previous is None:
        return {}, {}, {}
    if previous.judge != judged.judge:
        seen: list[Paper | Rest | Unscored] = [pick.paper for pick in previous.picks]
        seen += [*previous.rest, *previous.unscored]
        gone = [row for row in seen if row.id not in papers]
        unread = [Unscored(id=row.id, title=row.title, primary=row.primary, why=UNREAD) for row in gone]
        return {}, {}, {row.id: row for row in unread}
    new = judged.verdicts.keys() | judged.unscored.keys()
    picks = {
        pick.paper.id: pick.model_copy(update={"paper": papers.get(pick.paper.id, pick.paper)})
        for pick in previous.picks
        if pick.paper.id not in new
    }
    rest = {row.id: _row(row, papers) for row in previous.rest if row.id not in new}
    unscored = {row.id: _row(row, papers) for row in previous.unscored if row.id not in new}
    return picks, rest, unscored


def _spared(
    previous: Day | None, papers: Mapping[str, Paper], hidden: Mapping[str, float], settled: Set[str], config: Config
) -> dict[str, Spared]:
    """What PREVIOUS and this run leave out, by id, less what is SETTLED; HIDDEN: id -> probability of a pick."""
    kept = previous.spared if previous else ()
    spared = {row.id: _row(row, papers) for row in kept if row.id not in settled}
    for key in hidden.keys() & papers.keys() - settled:
        paper, why = papers[key], never(papers[key], config)
        spared[key] = Spared(id=key, title=paper.title, primary=paper.primary, estimate=hidden[key], why=why)
    return spared


def _row(row: UnpickedRow, papers: Mapping[str, Paper]) -> UnpickedRow:
    """ROW with the category under which its paper was read now, which is what the coverage counts."""
    paper = papers.get(row.id)
    return row if paper is None or paper.primary == row.primary else row.model_copy(update={"primary": paper.primary})


def lost_papers(day: Day) -> int:
    """How many papers the real record DAY lacks of those that its coverage says were read; 0 unless it was edited.

    The coverage counts papers by their primary category, so those that are there as cross-lists do not count.
    """
    rows = [row.primary for part in (day.rest, day.unscored, day.spared) for row in part]
    primaries = rows + [pick.paper.primary for pick in day.picks]
    read = sum(part.read for part in day.coverage.values())
    return max(0, read - sum(name in day.coverage for name in primaries))


def still_open(previous: Day, papers: Sequence[Paper], why: str) -> dict[str, str]:
    """WHY for those of PAPERS that PREVIOUS does not hold."""
    return {paper.id: why for paper in papers if paper.id not in previous.ids}
