"""How scores held: what second votes and checks of the prefilter say, on the status page and in status.json."""

import datetime as dt

from support import archive

from generator.core.model import Day, Recall, SecondVote
from generator.publish.pages.reliability import LEAST_VOTES, RELIABILITY_DAYS, reliability_figures, reliability_json
from generator.records.summaries import Summary, summarize

RECALL = Recall(recall=0.981, low=0.96, high=0.99, audited=120, days=20)


def summary(day: int, votes: list[tuple[float, float, bool]], **changes: object) -> Summary:
    record: Day = archive.day(archive.WEDNESDAY)
    second = tuple(
        SecondVote(id=f"2601.{number:05}", first=first, second=then, same_field=same)
        for number, (first, then, same) in enumerate(votes)
    )
    return summarize(
        record.model_copy(update={"date": record.date + dt.timedelta(days=day), "second_votes": second, **changes}),
        "digest",
    )


def test_it_is_told_how_many_recommendations_held() -> None:
    """By the first score, over all days; a score of few votes is not told."""
    votes = [(8.0, 7.5, True)] * 15 + [(8.5, 6.5, False)] * 5 + [(7.0, 6.0, True)] * 10 + [(7.5, 7.0, True)] * 10
    found = reliability_figures([summary(0, votes), summary(1, [(6.5, 7.0, True)] * (LEAST_VOTES - 1))])
    assert found is not None
    assert [(row.score, row.papers, row.again, row.percent) for row in found.held] == [(8, 20, 15, 75), (7, 20, 10, 50)]
    assert (found.days, found.votes, found.same_field) == (2, 59, 54)
    told = reliability_json(found)
    assert told is not None and told["held"] == [
        {"score": 8, "papers": 20, "again": 15},
        {"score": 7, "papers": 20, "again": 10},
    ]


def test_only_the_newest_days_of_a_model_count() -> None:
    """Neither the sample's, nor those of the offline judge, nor what is long ago."""
    old = [summary(day, [(8.0, 8.0, True)] * 30) for day in range(RELIABILITY_DAYS + 5)]
    offline = summary(100, [(8.0, 1.0, False)] * 30, judge="offline")
    sample = summary(101, [(8.0, 1.0, False)] * 30, sample=True)
    found = reliability_figures([*old, offline, sample])
    assert found is not None and found.days == RELIABILITY_DAYS and found.held[0].percent == 100


def test_without_votes_and_checks_nothing_is_claimed() -> None:
    """A young site, or one without a model; the prefilter's recall alone is told."""
    assert reliability_figures([]) is None
    assert reliability_figures([summary(0, [])]) is None
    assert reliability_json(None) is None
    found = reliability_figures([summary(0, [], recall=RECALL)])
    assert found is not None and found.votes == 0 and found.recall == RECALL
