"""What a paper that gives orders may win: nothing. Its verdict is capped by the offline judge's, or held. Pure.

The orders themselves never reach the model (prompt.py takes them out) and the paper is asked about alone (calls.py).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.core.model import Paper, Verdict
from generator.core.why import HELD
from generator.judges.injection import FLAG, as_judged, is_flagged
from generator.judges.local.keywords import judge_offline
from generator.settings.config import Config


class Guarded(NamedTuple):
    """Verdicts after the guard; held: id -> why there is none; flagged: papers of the day that give orders."""

    verdicts: Mapping[str, Verdict]
    held: Mapping[str, str]
    flagged: frozenset[str]

    def notes(self, paper: str) -> tuple[str, ...]:
        """The marks of a pick."""
        return (FLAG,) if paper in self.flagged else ()


def guarded(verdicts: Mapping[str, Verdict], papers: Sequence[Paper], config: Config) -> Guarded:
    """VERDICTS on some of PAPERS, a day's, as far as those that give orders may have one.

    One that the operator has cleared has its own, and stays marked.
    """
    flagged = frozenset(paper.id for paper in papers if is_flagged(paper))
    judged = sorted((flagged & verdicts.keys()).difference(config.judge.cleared))
    if not judged:
        return Guarded(verdicts, {}, flagged)
    if config.judge.flagged == "hold":
        free = {paper_id: verdict for paper_id, verdict in verdicts.items() if paper_id not in judged}
        return Guarded(free, dict.fromkeys(judged, HELD), flagged)
    support = judge_offline(as_judged(papers), config)
    capped = {paper_id: _capped(verdicts[paper_id], support[paper_id], config.judge.threshold) for paper_id in judged}
    return Guarded({**verdicts, **capped}, {}, flagged)


def _capped(verdict: Verdict, support: Verdict, threshold: float) -> Verdict:
    """VERDICT with no more than SUPPORT's score."""
    if verdict.score <= support.score:
        return verdict
    reason = verdict.reason if support.score >= threshold else None
    return verdict.model_copy(update={"score": support.score, "reason": reason})
