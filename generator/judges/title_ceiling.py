"""What an abstract can win for its paper: a few points above what the title alone earns. It reads no orders. Pure.

    first votes --picks--> their titles alone, many a call --> ceiling = title's score + allowance
                                  |
                                  +-- far below the first vote: a suspect; its neighbours are asked again without it

An order that no pattern knows stands in the abstract, where it can be as long and as plausible as its author likes. The
title is what every reader sees. So a pick is judged a second time by its title, and whatever was said of the abstract
counts no more than the allowance above that.
SECURITY.md has its figures. Designs that lost: a ceiling by the local judge costs one pick in seven;
asking again in two halves, each alone, costs a tenth more tokens and an order that stands in both halves wins.
"""

from collections.abc import Callable, Mapping, Sequence

from generator.core.model import Paper
from generator.judges.judged import Bounded
from generator.judges.llm.calls import Scored
from generator.settings.config import Config

IMPLAUSIBLE = 9.5
"""The predecessor's model gave this and more to 2 of 8,534 papers: it counts only where the title earns CONFIRMED."""
CONFIRMED = 9.0
OFF = 10.0
"""An allowance of as much bounds nothing: no title is asked about."""
FAR = 4.0
"""Points between first vote and title from which on a paper that its title makes no pick is a suspect."""


def titles(papers: Sequence[Paper]) -> list[Paper]:
    """PAPERS as they are judged by their titles."""
    return [paper.model_copy(update={"abstract": ""}) for paper in papers]


class Ceiling:
    """The ceilings of a day's PAPERS. SCORE asks the model about papers, here about their titles."""

    def __init__(self, papers: Sequence[Paper], config: Config, score: Callable[[Sequence[Paper]], Scored]) -> None:
        self._papers = papers
        self._threshold, self._allowance = config.judge.threshold, config.judge.title_allowance
        self._score = score
        self._titles: dict[str, float] = {}
        self._asked: set[str] = set()

    def ask(self, scores: Mapping[str, float]) -> None:
        """Have the titles judged of those that are picks by SCORES and were not asked about before."""
        new = [
            paper
            for paper in self._papers
            if scores.get(paper.id, 0) >= self._threshold and paper.id not in self._asked
        ]
        if not new or self._allowance >= OFF:
            return
        self._asked.update(paper.id for paper in new)
        found = self._score(titles(new))
        self._titles.update({paper_id: verdict.score for paper_id, verdict in found.verdicts.items()})

    @property
    def untitled(self) -> frozenset[str]:
        """Those that were asked about and have no answer."""
        return frozenset(self._asked - self._titles.keys())

    def suspects(self, scores: Mapping[str, float]) -> frozenset[str]:
        """Those whose SCORES nothing but an order explains."""
        return frozenset(
            paper_id
            for paper_id, title in self._titles.items()
            if paper_id in scores and scores[paper_id] - title >= FAR and self._allowed(title) < self._threshold
        )

    def bounded(self, scores: Mapping[str, float]) -> dict[str, Bounded]:
        """Those of SCORES that are above their ceiling."""
        found = {
            paper_id: Bounded(score, self._titles.get(paper_id))
            for paper_id, score in scores.items()
            if paper_id in self._asked
        }
        return {paper_id: bound for paper_id, bound in found.items() if self.of(bound) < bound.score}

    def of(self, bound: Bounded) -> float:
        """The highest score that counts for a paper. One that its title makes no pick has the title's score."""
        score, title = bound
        if title is None:
            return min(score, CONFIRMED)
        ceiling = self._allowed(title)
        if ceiling < self._threshold:
            return min(score, title)
        return min(score, ceiling if title >= CONFIRMED or score < IMPLAUSIBLE else min(ceiling, CONFIRMED))

    def _allowed(self, title: float) -> float:
        return title + self._allowance
