"""What runs of judges say of each other: every run against the reference, runs of one judge among themselves. Pure."""

import datetime as dt
import functools
import itertools
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.core.errors import JudgeError
from generator.core.model import Paper, Usage
from generator.evaluate.metrics import (
    Figures,
    Label,
    Pair,
    ReliabilityBin,
    field_figures,
    figures,
    interval,
    reliability,
    resampled,
    units_of,
)

WITH_INTERVAL = ("f1", "kappa", "spearman", "auc")
MOST_DISAGREEMENTS = 20
NO_SCORE = 5.0
"""What a paper without a score is taken for where papers are ordered by how far two judges are apart."""


class Run(NamedTuple):
    """One run of a judge. name: as it was asked for; told: model, prompt, settings.

    usage: tokens and cost, of what was paid for before, too; None where nothing is paid. seconds: what it took; None
    where verdicts that were paid for before were taken. unscored: id -> why. error: what stopped it early.
    """

    name: str
    told: tuple[str, ...]
    number: int
    opinions: Mapping[str, Label]
    unscored: Mapping[str, str] = {}
    model: str | None = None
    usage: Usage | None = None
    seconds: float | None = None
    error: JudgeError | None = None


class Comparison(NamedTuple):
    """A run of a judge against another run. fields: by slug, None where there is none; samples: of the bootstrap."""

    judge: Run
    reference: Run
    figures: Figures
    intervals: dict[str, tuple[float, float] | None]
    fields: dict[str | None, Figures]
    reliability: list[ReliabilityBin]
    samples: list[Figures]


class Difference(NamedTuple):
    """By how much a judge agrees better with the reference than the first judge does, over the same papers."""

    judge: str
    first: str
    figure: str
    value: float
    interval: tuple[float, float] | None


class Disagreement(NamedTuple):
    paper: Paper
    date: dt.date
    reference: Label
    judge: Label


class Report(NamedTuple):
    """All that `eval` found.

    pooled: the papers are a sample, and one list. units: what was drawn again for the intervals. notes: what is left
    out, and why.
    """

    days: list[dt.date]
    papers: int
    pooled: bool
    k: int
    seed: int
    units: str
    runs: list[Run]
    against: list[Comparison]
    among: list[Comparison]
    differences: list[Difference]
    disagreements: list[Disagreement]
    notes: list[str]


class ComparedPaper(NamedTuple):
    """A paper that is compared, and the list that it stands in: its day, or all of them where they are a sample."""

    paper: Paper
    date: dt.date
    group: str


def compare(
    papers: Sequence[ComparedPaper],
    reference: Run | None,
    runs: Sequence[Run],
    *,
    fields: Sequence[str],
    k: int,
    seed: int,
    notes: Sequence[str] = (),
) -> Report:
    """RUNS against REFERENCE (None: among themselves only) over those of PAPERS that all of them have judged.

    FIELDS: slugs, in the order in which they are told. K: of the recall. SEED: of the intervals.
    """
    everyone = [*runs, *([reference] if reference else [])]
    common = [row for row in papers if all(row.paper.id in run.opinions for run in everyone)]
    compared = functools.partial(_compared, common, fields=fields, k=k, seed=seed)
    against = [compared(reference, run) for run in runs] if reference else []
    among = [compared(run, other) for run, other in itertools.combinations(runs, 2) if run.name == other.name]
    first = (against or among)[0]
    return Report(
        days=sorted({row.date for row in common}),
        papers=len(common),
        pooled=any(row.group != str(row.date) for row in common),
        k=k,
        seed=seed,
        units=f"{len(first.samples)} samples of {units_of(_pairs(common, first.reference, first.judge))[0]}",
        runs=everyone,
        against=against,
        among=among,
        differences=list(_differences(against)),
        disagreements=_disagreements(common, first),
        notes=[*notes, *_left_out(papers, common, everyone)],
    )


def _pairs(papers: Sequence[ComparedPaper], reference: Run, judge: Run) -> list[Pair]:
    return [Pair(row.group, reference.opinions[row.paper.id], judge.opinions[row.paper.id]) for row in papers]


def _compared(
    papers: Sequence[ComparedPaper], reference: Run, judge: Run, *, fields: Sequence[str], k: int, seed: int
) -> Comparison:
    pairs = _pairs(papers, reference, judge)
    samples = resampled(pairs, seed)
    found = {side.field for pair in pairs for side in (pair.reference, pair.judge) if side.picked}
    order: list[str | None] = [
        *fields,
        *sorted(slug for slug in found if slug is not None and slug not in fields),
        None,
    ]
    return Comparison(
        judge,
        reference,
        figures(pairs, k),
        {name: interval([getattr(sample, name) for sample in samples]) for name in WITH_INTERVAL},
        {slug: field_figures(pairs, slug, k) for slug in order if slug in found},
        reliability(pairs),
        samples,
    )


def _left_out(papers: Sequence[ComparedPaper], common: Sequence[ComparedPaper], runs: Sequence[Run]) -> Iterator[str]:
    """Whose verdicts are missing, and that no figure counts these papers."""
    if len(common) == len(papers):
        return
    yield f"{len(papers) - len(common)} of {len(papers)} papers are not in the figures: a judge has no verdict on them"
    for run in runs:
        missing = [row.paper.id for row in papers if row.paper.id not in run.opinions]
        if missing:
            why = sorted({run.unscored[paper_id] for paper_id in missing if paper_id in run.unscored})
            told = f" ({', '.join(why)})" if why else ""
            yield f"{run.name}, run {run.number}: {len(missing)} papers without a verdict{told}"


def _differences(against: Sequence[Comparison]) -> Iterator[Difference]:
    """Every further judge less the first, the mean over the runs of each; drawn together, so that luck cancels out."""
    by_name: dict[str, list[Comparison]] = {}
    for comparison in against:
        by_name.setdefault(comparison.judge.name, []).append(comparison)
    first, *others = by_name.items() if by_name else [("", [])]
    for name, compared in others:
        for figure in ("f1", "kappa", "auc"):
            here, there = (_mean(figure, some) for some in (compared, first[1]))
            if here[0] is None or there[0] is None:
                continue
            pairs = zip(here[1], there[1], strict=True)
            samples = [None if own is None or other is None else own - other for own, other in pairs]
            yield Difference(name, first[0], figure, here[0] - there[0], interval(samples))


def _mean(figure: str, compared: Sequence[Comparison]) -> tuple[float | None, list[float | None]]:
    """The mean of FIGURE over the runs of one judge, and that in each sample."""
    rows = zip(*([getattr(sample, figure) for sample in comparison.samples] for comparison in compared), strict=True)
    return _mean_of([getattr(comparison.figures, figure) for comparison in compared]), [_mean_of(row) for row in rows]


def _mean_of(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known and len(known) == len(values) else None


def _disagreements(papers: Sequence[ComparedPaper], comparison: Comparison) -> list[Disagreement]:
    """The papers that one side picks and the other does not, furthest apart first."""
    found = [
        Disagreement(row.paper, row.date, reference, judge)
        for row in papers
        if (reference := comparison.reference.opinions[row.paper.id]).picked
        != (judge := comparison.judge.opinions[row.paper.id]).picked
    ]
    found.sort(
        key=lambda disagreement: (
            -abs(_scored(disagreement.reference) - _scored(disagreement.judge)),
            disagreement.paper.id,
        )
    )
    return found[:MOST_DISAGREEMENTS]


def _scored(opinion: Label) -> float:
    return NO_SCORE if opinion.score is None else opinion.score
