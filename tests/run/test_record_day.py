"""The record of a day, made of what was on record, what was read and what a judge said: no paper is lost."""

import datetime as dt
from typing import Any

from support import archive

from generator.core.model import Coverage, Day, Paper, SecondVote, Usage, Verdict
from generator.core.why import UNREAD
from generator.judges.judged import Judged
from generator.judges.local.keywords import ranked_verdicts
from generator.judges.local.reasons import Reason
from generator.publish.unjudged import judged_by
from generator.run.record_day import lost_papers, make_day
from generator.sources.announcement import Gathered

NOW = dt.datetime(2026, 1, 14, 6, tzinfo=dt.UTC)
PAPERS = [archive.paper(number) for number in range(1, 7)]
ONE, TWO, THREE, FOUR, FIVE, SIX = (paper.id for paper in PAPERS)


def made(judged: Judged, previous: Day | None = None, papers: list[Paper] = PAPERS) -> Day:
    return make_day(
        archive.WEDNESDAY, archive.config(), previous=previous, gathered=Gathered(tuple(papers), {}, "api"),
        judged=judged, usage=Usage(), now=NOW,
    )  # fmt: skip


def said(score: float, raw: float | None = None, **more: Any) -> Verdict:
    return Verdict(score=score, raw=score if raw is None else raw, field="agents", reason=None, **more)


def test_a_models_day_keeps_none_of_the_estimates_before_it() -> None:
    """What it spared is spared, what it could not be asked of is unscored: no rank stands for a verdict."""
    ranked = ranked_verdicts(
        [paper.id for paper in PAPERS], 3, archive.config(), lambda _one: "agents", lambda _one: Reason("Matches.")
    )
    before = made(Judged("offline", ranked))
    assert [pick.paper.id for pick in before.picks] == [ONE, TWO, THREE]
    judged = Judged("llm", {ONE: said(8), FOUR: said(2)}, {FIVE: "budget"}, spared={TWO: 0.1, SIX: 0.01})
    day = made(judged, before, [paper for paper in PAPERS if paper.id != THREE])
    assert [pick.paper.id for pick in day.picks] == [ONE] and [row.id for row in day.rest] == [FOUR]
    assert {row.id: row.why for row in day.unscored} == {THREE: UNREAD, FIVE: "budget"}
    assert [row.id for row in day.spared] == [TWO, SIX]
    assert day.ids == before.ids and not day.complete


def test_every_model_that_answered_for_a_day_is_named() -> None:
    """A model's name may change between two runs, and within one; a day judged anew forgets the old."""
    first = made(Judged("llm", {ONE: said(8)}, {TWO: "budget"}, model="m-1"))
    assert first.model == "m-1" and first.other_models == ()
    second = made(Judged("llm", {TWO: said(2)}, model="m-2", other_models=("m-3",)), first)
    assert second.model == "m-2" and second.other_models == ("m-3", "m-1")
    assert judged_by(second, {}) == "m-2 + m-3 + m-1"
    again = made(Judged("llm", {paper.id: said(2) for paper in PAPERS}, model="m-2"), second)
    assert again.model == "m-2" and again.other_models == ()


def test_a_day_lacks_papers_only_where_they_were_taken_out() -> None:
    """A paper that changed its primary category between two looks counts where the coverage counts it."""
    stranger = PAPERS[1].model_copy(update={"categories": ("stat.ML",)})
    read = Coverage(expected=2, read=2, state="complete", source="api")
    scores = {ONE: said(8), TWO: said(2)}
    day = made(Judged("llm", scores), papers=[PAPERS[0], stranger])
    again = made(Judged("llm"), day, PAPERS[:2]).model_copy(update={"coverage": {PAPERS[0].primary: read}})
    assert [row.primary for row in again.rest] == [PAPERS[1].primary] and lost_papers(again) == 0
    assert lost_papers(again.model_copy(update={"picks": ()})) == 1
    assert lost_papers(again.model_copy(update={"picks": (), "rest": ()})) == 2


def test_the_models_own_score_stays_beside_the_final_one() -> None:
    """Of picks and of the others: who was a pick by the model alone can be seen."""
    day = made(Judged("llm", {ONE: said(7.5, 6.5), TWO: said(6.5, 8.0), THREE: said(3)}))
    assert [(pick.verdict.score, pick.verdict.raw) for pick in day.picks] == [(7.5, 6.5)]
    assert [(row.id, row.score, row.raw) for row in day.rest] == [(TWO, 6.5, 8.0), (THREE, 3, 3)]


def test_ranks_of_the_same_score_keep_their_order() -> None:
    """A long day rounds many ranks to one score; the offline judge's order stands all the same."""
    papers = [archive.paper(number) for number in range(1, 301)]
    order = [paper.id for paper in reversed(papers)]
    ranked = ranked_verdicts(order, 75, archive.config(), lambda _one: "agents", lambda _one: Reason("Matches."))
    day = made(Judged("offline", ranked), papers=papers)
    assert len({pick.verdict.score for pick in day.picks}) < 75
    assert [pick.paper.id for pick in day.picks] == order[:75]


def test_a_reason_that_is_not_the_models_is_marked() -> None:
    """The correction made a pick of it, and the words are the local judge's."""
    told = said(7.5, 6.5).model_copy(update={"reason": "Matches."})
    day = made(Judged("llm", {ONE: told, TWO: said(8)}, lifted=frozenset({ONE})))
    assert {pick.paper.id: pick.notes for pick in day.picks} == {ONE: ("local",), TWO: ()}


def test_second_votes_stay_on_record() -> None:
    """A later run adds to them; the offline judge has none."""
    vote = SecondVote(id=ONE, first=8, second=6.5, same_field=True)
    day = made(Judged("llm", {ONE: said(8), TWO: said(2)}, second_votes=(vote,)))
    assert day.second_votes == (vote,)
    other = SecondVote(id=THREE, first=6.5, second=7.5, same_field=False)
    again = made(Judged("llm", {THREE: said(7)}, second_votes=(other,)), day)
    assert again.second_votes == (vote, other)


def test_a_row_on_record_follows_its_papers_category_and_stays_where_it_is_not_read_again() -> None:
    """A later run reads some of the papers only; the others keep what was written of them."""
    before = made(Judged("llm", {ONE: said(2), TWO: said(2)}), papers=PAPERS[:2])
    moved = PAPERS[0].model_copy(update={"categories": ("stat.ML",)})
    again = made(Judged("llm"), before, [moved])
    assert {row.id: row.primary for row in again.rest} == {ONE: "stat.ML", TWO: PAPERS[1].primary}
