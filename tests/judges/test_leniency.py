"""Leniency per call is taken out of the scores; where there is none, nothing is touched."""

import random

import pytest

from generator.judges.leniency import Vote, correct_leniency, uncertain

Day = tuple[list[Vote], dict[str, float], dict[str, float]]


def day(leniency: float, calls: int = 30, size: int = 10, seed: int = 1) -> Day:
    """Votes, local scores and deserved scores of a day whose calls differ by LENIENCY (standard deviation)."""
    chance = random.Random(seed)
    votes, local, deserved = [], {}, {}
    for call in range(calls):
        shift = chance.gauss(0, leniency)
        for number in range(size):
            paper = f"2601.{call * size + number:05}"
            local[paper] = chance.gauss(0, 1.5)
            deserved[paper] = min(10.0, max(0.0, 5 + local[paper] + chance.gauss(0, 0.8)))
            score = min(10.0, max(0.0, deserved[paper] + shift + chance.gauss(0, 0.5)))
            votes.append(Vote(paper, call, round(2 * score) / 2))
    return votes, local, deserved


def error(scores: dict[str, float], deserved: dict[str, float]) -> float:
    return sum((scores[paper] - deserved[paper]) ** 2 for paper in deserved) / len(deserved)


def test_leniency_is_taken_out() -> None:
    """Scores come closer to what papers deserve: the greater part of what calls add is gone."""
    votes, local, deserved = day(1.0)
    raw = {vote.paper: vote.score for vote in votes}
    assert error(correct_leniency(votes, local), deserved) < 0.5 * error(raw, deserved)


def test_calls_that_agree_are_hardly_touched() -> None:
    """Where calls differ no more than chance has it, no score moves by more than a fifth of a point."""
    votes, local, _ = day(0.0)
    found = correct_leniency(votes, local)
    assert all(abs(found[vote.paper] - vote.score) < 0.21 for vote in votes)


def test_scores_go_to_the_papers_that_deserve_them() -> None:
    """Where calls differ, vote and local score order a day together: the same scores, in a better order."""
    votes, local, deserved = day(1.0)
    found = correct_leniency(votes, local)
    # of two papers with the same vote in one call the likelier one never stands lower
    by_call: dict[tuple[int, float], list[str]] = {}
    for vote in votes:
        by_call.setdefault((vote.call, vote.score), []).append(vote.paper)
    for papers in by_call.values():
        ordered = sorted(papers, key=lambda paper_id: local[paper_id])
        assert [found[paper_id] for paper_id in ordered] == sorted(found[paper_id] for paper_id in ordered)
    best = set(sorted(deserved, key=lambda paper_id: -deserved[paper_id])[:60])
    raw = {vote.paper: vote.score for vote in votes}
    kept = [len(best & set(sorted(of, key=lambda paper_id: -of[paper_id])[:60])) for of in (found, raw)]
    assert kept[0] > kept[1]


def test_the_day_as_a_whole_stays() -> None:
    """The correction moves calls against each other."""
    votes, local, _ = day(0.8)
    found = correct_leniency(votes, local)
    before = sum(vote.score for vote in votes) / len(votes)
    assert sum(found.values()) / len(found) == pytest.approx(before, abs=0.1)


def test_a_second_vote_counts_half_and_helps() -> None:
    """Two votes are averaged, each without the leniency of its call."""
    votes, local, deserved = day(0.8)
    again = [vote._replace(call=1000 + vote.call) for vote in day(0.8, seed=2)[0]]
    known = {vote.paper for vote in votes}
    second = [vote._replace(score=min(10.0, max(0.0, deserved[vote.paper]))) for vote in again if vote.paper in known]
    assert error(correct_leniency([*votes, *second], local), deserved) < error(correct_leniency(votes, local), deserved)


def test_without_a_local_judge_votes_count_as_they_are() -> None:
    """No correction: every score arrives unchanged, two votes as their mean."""
    assert correct_leniency([Vote("a", 1, 7.5), Vote("b", 1, 3), Vote("a", 2, 8.5)], {}) == {"a": 8.0, "b": 3.0}


def test_few_papers_are_not_corrected() -> None:
    """Of a retry with two papers nobody can tell how lenient it was."""
    votes = [Vote("a", 1, 9.0), Vote("b", 2, 2.0)]
    assert correct_leniency(votes, {"a": -3.0, "b": 3.0}) == {"a": 9.0, "b": 2.0}


def test_same_scores_everywhere_are_no_trouble() -> None:
    """A model that says 8 of everything, a local judge that does too: nothing to divide by."""
    votes = [Vote(f"p{n}", n // 10, 8.0) for n in range(60)]
    assert set(correct_leniency(votes, {f"p{n}": 0.0 for n in range(60)}).values()) == {8.0}


def test_the_uncertain_are_those_near_the_threshold() -> None:
    """The closest first, no more than the budget has."""
    scores = {"a": 7.1, "b": 6.8, "c": 9.0, "d": 6.1, "e": 5.0}
    assert uncertain(scores, 7, 10) == ["a", "b", "d"]
    assert uncertain(scores, 7, 1) == ["a"]
    assert uncertain(scores, 7, 0) == []
