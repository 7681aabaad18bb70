"""One day through the paid judge: what need not be asked is spared, what was asked is made steady, ties are ordered.

    papers --prefilter--> sent --first vote--> scores - leniency --near the threshold--> second vote --> verdicts
                                     +-- picks: by their titles alone --> ceilings ------------------------^

Each step has a switch in config.toml; all but the ceilings wait for three days of verdicts. With all of them off every
verdict arrives as the model gave it; only the order of papers with the same score is the local judge's.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import NamedTuple

from generator.core.i18n import in_language
from generator.core.model import Paper, SecondVote, Verdict
from generator.judges.choice import chosen
from generator.judges.injection import as_judged, is_flagged
from generator.judges.judged import Bounded
from generator.judges.leniency import Vote, correct_leniency, uncertain
from generator.judges.llm.calls import Call, Scored
from generator.judges.local.features import Features, day_features
from generator.judges.local.keywords import judge_offline, rank_day
from generator.judges.local.learned import judge_learned, learned_reasons
from generator.judges.local.linear import Learned
from generator.judges.local.reasons import Reason
from generator.judges.prefilter import prefilter
from generator.judges.title_ceiling import Ceiling
from generator.judges.watch import always, never
from generator.settings.config import Config

Score = Callable[[Sequence[Paper], int], Scored]
"""Asks the model about some papers, for one of the VOTES."""

FIRST, SECOND, TITLE, REPEATED = VOTES = (1, 2, 3, 4)
"""TITLE: of a paper's title alone. REPEATED: the first vote anew, without the suspect that stood beside the paper."""


class Local(NamedTuple):
    """What the local judge holds of a day's papers, by id. learned: None while it knows the fields' words only."""

    learned: Learned | None
    features: Mapping[str, Features]
    chances: Mapping[str, float]
    """How likely a pick; without `learned` a rank from 0 to 1."""


class Plan(NamedTuple):
    """Which papers are sent. spared: id -> probability of a pick; audited: sent in spite of it."""

    sent: tuple[Paper, ...]
    spared: dict[str, float]
    audited: frozenset[str]


class Judgement(NamedTuple):
    """The verdicts on what was sent, and what the first vote says beside them.

    foreign: papers whose reason is in another language than the site, though the model was asked twice. lifted: picks
    by the correction alone, whose reason is the local judge's. bounded: what a ceiling has lowered; untitled: picks
    whose titles should have been judged and were not.
    """

    verdicts: dict[str, Verdict]
    first: Scored
    second_votes: int = 0
    foreign: frozenset[str] = frozenset()
    lifted: frozenset[str] = frozenset()
    bounded: Mapping[str, Bounded] = {}
    untitled: frozenset[str] = frozenset()
    votes: tuple[SecondVote, ...] = ()


def local_view(papers: Sequence[Paper], config: Config, learned: Learned | None) -> Local:
    """What the local judge holds of PAPERS, which are a whole day's; it reads no orders either."""
    papers = as_judged(papers)
    if learned is None:
        found = rank_day(papers, config)
        order = sorted(found, key=lambda paper_id: (found[paper_id].relevance, paper_id))
        return Local(None, {}, {paper_id: round((rank + 0.5) / len(order), 4) for rank, paper_id in enumerate(order)})
    features = day_features(papers, config)
    return Local(
        learned, features, {paper_id: round(learned.probability(found), 4) for paper_id, found in features.items()}
    )


def offline_verdicts(
    papers: Sequence[Paper], config: Config, learned: Learned | None, window: Sequence[Paper] = ()
) -> dict[str, Verdict]:
    """A verdict on every paper of a day without a language model: by what was LEARNED, else by the fields' words.

    The day's share of picks is taken against the papers of the last weeks, WINDOW.
    """
    papers, window = as_judged(papers), as_judged(window)
    if learned is None:
        return judge_offline(papers, config, window)
    return judge_learned(papers, config, learned, day_features(papers, config), day_features(window, config))


def plan_day(papers: Sequence[Paper], local: Local, config: Config, seed: int, known: Set[str] = frozenset()) -> Plan:
    """Which of PAPERS, a whole day's, are sent. KNOWN are sent in any case: they were before, or are paid for.

    What the operator never shows is not sent; what is always shown, is.
    """
    hidden = {paper.id: 0.0 for paper in papers if paper.id not in known and never(paper, config)}
    if local.learned is None or not config.judge.prefilter:
        return Plan(tuple(paper for paper in papers if paper.id not in hidden), hidden, frozenset())
    chances = {paper.id: local.chances[paper.id] for paper in papers if paper.id not in hidden}
    sifted = prefilter(chances, config.judge.prefilter_recall, seed)
    sent = known | papers_of_new_fields(local) | {paper.id for paper in papers if always(paper, config)}
    spared = {paper_id: chance for paper_id, chance in sifted.spared.items() if paper_id not in sent}
    kept = tuple(paper for paper in papers if paper.id not in spared and paper.id not in hidden)
    return Plan(kept, spared | hidden, sifted.audited if spared else frozenset())


def papers_of_new_fields(local: Local) -> frozenset[str]:
    """The papers that may belong to a field which is new, or was described anew: what was learned holds against them.

    They match such a field more than half as well as the one that they match best. Of papers of a subject that was of
    low interest before and is a field now, the prefilter spared three in five; with this none, or one in twenty where
    the field is described in one line.
    """
    if local.learned is None or not local.learned.young:
        return frozenset()
    places = [local.learned.slugs.index(slug) for slug in local.learned.young]
    matches = {paper_id: found.matches for paper_id, found in local.features.items()}
    return frozenset(
        paper_id for paper_id, own in matches.items() if 0 < max(own) < 2 * max(own[place] for place in places)
    )


def judge_steadily(papers: Sequence[Paper], local: Local, config: Config, score: Score) -> Judgement:
    """Verdicts on PAPERS, as steady as the configuration asks for and the local judge allows.

    A paper that gives orders has what the model said, and no part in what becomes of the others. One that is a stranger
    to what was learned is not put in its order. None has more than its title allows.
    """
    flagged = frozenset(paper.id for paper in papers if is_flagged(paper))
    ceiling = Ceiling([paper for paper in papers if paper.id not in flagged], config, lambda some: score(some, TITLE))
    first = score(papers, FIRST)
    ceiling.ask(_scores(first))
    if suspects := ceiling.suspects(_scores(first)):
        first = _without_company(
            first, suspects, [paper for paper in papers if paper.id not in flagged | suspects], score
        )
        ceiling.ask(_scores(first))
    aside = flagged | suspects | ceiling.suspects(_scores(first))
    scores, second = _steady_scores(papers, local, config, first, aside, score=score)
    ceiling.ask(scores)
    bounded = ceiling.bounded(scores)
    scores |= {paper_id: ceiling.of(bound) for paper_id, bound in bounded.items()}
    verdicts = {
        paper_id: _final(
            verdict, second.get(paper_id), scores[paper_id], config.lowest_threshold, local.chances.get(paper_id)
        )
        for paper_id, verdict in first.verdicts.items()
    }
    language = config.site.language
    said = {paper_id: verdict.reason for paper_id, verdict in verdicts.items() if verdict.reason}
    foreign = frozenset(paper_id for paper_id, reason in said.items() if not in_language(reason, language))
    reasons = _local_reasons(verdicts, as_judged(papers), local, config)
    verdicts |= {
        paper_id: verdicts[paper_id].model_copy(update={"reason": told.text, "terms": told.terms})
        for paper_id, told in reasons.items()
    }
    votes = tuple(
        SecondVote(id=paper_id, first=before.score, second=after.score, same_field=before.field == after.field)
        for paper_id, after in sorted(second.items())
        if (before := first.verdicts.get(paper_id)) is not None
    )
    return Judgement(verdicts, first, len(second), foreign, frozenset(reasons), bounded, ceiling.untitled, votes)


def _scores(scored: Scored) -> dict[str, float]:
    return {paper_id: verdict.score for paper_id, verdict in scored.verdicts.items()}


def _without_company(first: Scored, suspects: Set[str], others: Sequence[Paper], score: Score) -> Scored:
    """FIRST with those of the OTHERS judged anew that stood in a call beside one of SUSPECTS."""
    beside = {paper_id for call in first.calls if not suspects.isdisjoint(call.scores) for paper_id in call.scores}
    again = score([paper for paper in others if paper.id in beside], REPEATED)
    old = (
        Call(
            call.number, {paper_id: value for paper_id, value in call.scores.items() if paper_id not in again.verdicts}
        )
        for call in first.calls
    )
    return first._replace(
        verdicts={**first.verdicts, **again.verdicts},
        calls=(*(call for call in old if call.scores), *again.calls),
    )


def _steady_scores(
    papers: Sequence[Paper], local: Local, config: Config, first: Scored, aside: Set[str], *, score: Score
) -> tuple[dict[str, float], Mapping[str, Verdict]]:
    """The scores of FIRST without its calls' leniency, and the second votes; those ASIDE have no part in either."""
    votes = [Vote(paper_id, call.number, value) for call in first.calls for paper_id, value in call.scores.items()]
    scores = _scores(first)
    if local.learned is None:
        return scores, {}
    odds = {
        paper_id: local.learned.score(local.features[paper_id])
        for paper_id in scores.keys() - aside - papers_of_new_fields(local)
    }
    correct = config.judge.correct_leniency
    scores = correct_leniency(votes, odds) if correct else scores
    if not config.judge.second_vote or first.error is not None:
        return scores, {}
    most = round(config.judge.second_vote_share * len(local.chances))
    free = {paper_id: value for paper_id, value in scores.items() if paper_id not in aside}
    again = set(uncertain(free, config.judge.threshold, most))
    if not again:
        return scores, {}
    second = score([paper for paper in papers if paper.id in again], SECOND)
    votes += [Vote(paper_id, call.number, value) for call in second.calls for paper_id, value in call.scores.items()]
    return correct_leniency(votes, odds if correct else {}), second.verdicts


def _local_reasons(
    verdicts: Mapping[str, Verdict], papers: Sequence[Paper], local: Local, config: Config
) -> dict[str, Reason]:
    """The local judge's reasons for those that the correction alone made picks: the model gave none."""
    bare = {
        paper_id: verdicts[paper_id].field
        for paper_id in chosen(verdicts, config)
        if verdicts[paper_id].reason is None and (verdicts[paper_id].raw or 0.0) < config.lowest_threshold
    }
    if not bare or local.learned is None:
        return {}
    return learned_reasons(bare, papers, config, local.learned, local.features)


def _final(first: Verdict, second: Verdict | None, score: float, threshold: float, chance: float | None) -> Verdict:
    """FIRST with its final SCORE; field and reason of the vote that took the paper for a pick, if one did.

    What was corrected is rounded as it is shown, so that no 6.96 looks like a pick and no 8.96 lacks in the top feed.
    """
    score = score if score == first.score else round(score, 1)
    base = second if second is not None and first.score < threshold <= second.score else first
    reason = (base.reason or (second.reason if second else None)) if score >= threshold else None
    return Verdict(score=score, raw=first.score, field=base.field or first.field, reason=reason, likely=chance)
