"""What `eval` found, as one page with plots: no script, nothing loaded from anywhere, light and dark, on a phone too.

Every value in the template passes the gate, whatever it is: the environment sees to it. A plot is drawn as wide as a
phone and only grows, so that its words can be read there; its numbers stand in a table below it.
"""

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from generator import __version__
from generator.core import escape
from generator.core.tex import to_unicode
from generator.evaluate.compare import Comparison, Disagreement, Report
from generator.evaluate.metrics import Figures, Label, ReliabilityBin
from generator.evaluate.table import NAMES, UNDEFINED, label, number, rows_of, run_label
from generator.publish.pages.ordering import field_label
from generator.settings.config import Config

LEFT, RIGHT, TOP, BOTTOM = 36, 334, 8, 186
"""Edges of a plot's field in its own units; the view box is 340 wide."""
SCORES = range(11)
LARGEST_DOT, SMALLEST_DOT = 7.0, 2.0


class Mark(NamedTuple):
    """A word at a place of an axis."""

    text: str
    x: float = 0.0
    y: float = 0.0


class Dot(NamedTuple):
    x: float
    y: float
    low: float
    high: float
    r: float


class EvalBar(NamedTuple):
    kind: str
    x: float
    y: float
    width: float
    height: float


class EvalPlot(NamedTuple):
    """A reliability curve (points, path) or a histogram (bars)."""

    label: str
    grid: list[Mark]
    ticks: list[Mark]
    threshold: float
    points: Sequence[Dot] = ()
    path: str = ""
    bars: Sequence[EvalBar] = ()


def _gated(value: object) -> Markup:
    """VALUE as text, unless it is what a macro has made of gated parts."""
    return value if isinstance(value, Markup) else Markup(escape.html(str(value)))  # noqa: S704 (this is the gate)


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("generator.evaluate"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=_gated,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


_ENV = _environment()


def make(report: Report, config: Config, now: dt.datetime) -> bytes:
    """The page of REPORT."""
    shown = [*report.against, *report.among]
    days = report.days
    span = f"{days[0]} to {days[-1]}" if len(days) > 1 else str(days[0])
    text = _ENV.get_template("eval.html.j2").render(
        title="Judges compared",
        lead=f"{report.papers:,} papers of {_count(len(days), 'day')}, {span}. Made {now:%Y-%m-%d} by arxiv-daily"
        f" {__version__}.",
        notes=report.notes,
        judges=rows_of(report.runs, report, config.budget.currency),
        names=[*NAMES.values(), f"recall@{report.k}", "field"],
        agreement=[_agreement(comparison, report) for comparison in shown],
        units=report.units,
        seed=report.seed,
        k=report.k,
        list="the whole sample" if report.pooled else "a day",
        differences=[
            f"{difference.judge} less {difference.first}: {NAMES[difference.figure]} {difference.value:+.3f}"
            + (f" ({difference.interval[0]:+.3f} to {difference.interval[1]:+.3f})" if difference.interval else "")
            for difference in report.differences
        ],
        by_field=_by_field(shown, report, config),
        sections=[_section(comparison, report, config) for comparison in shown],
        first=label(shown[0], report).replace(" / ", " and "),
        disagreements=[_disagreement(disagreement, config) for disagreement in report.disagreements],
    )
    return text.encode()


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _agreement(comparison: Comparison, report: Report) -> dict[str, Any]:
    cells = []
    for name in (*NAMES, "recall", "field"):
        ends = comparison.intervals.get(name)
        text = f"{ends[0]:.2f} – {ends[1]:.2f}" if ends else ""
        cells.append({"value": number(getattr(comparison.figures, name)), "range": text})
    return {
        "label": label(comparison, report),
        "picks": _picks(comparison.figures),
        "both": comparison.figures.both,
        "cells": cells,
    }


def _picks(found: Figures) -> str:
    return f"{found.judge:,} / {found.reference:,}"


def _by_field(shown: Sequence[Comparison], report: Report, config: Config) -> dict[str, Any]:
    """F1 of every comparison, field by field."""
    slugs = dict.fromkeys(slug for comparison in shown for slug in comparison.fields)
    rows = [
        {
            "label": field_label(slug, config),
            "cells": [_f1_bar(comparison.fields.get(slug)) for comparison in shown],
        }
        for slug in slugs
    ]
    return {"names": [label(comparison, report) for comparison in shown], "rows": rows}


def _f1_bar(found: Figures | None) -> dict[str, Any]:
    f1 = found.f1 if found else None
    return {"value": number(f1), "part": round(100 * (f1 or 0))}


def _section(comparison: Comparison, report: Report, config: Config) -> dict[str, Any]:
    name = label(comparison, report)
    threshold = _x(config.judge.threshold)
    judge, reference = (_histogram(run.opinions.values()) for run in (comparison.judge, comparison.reference))
    without = sum(opinion.score is None for opinion in comparison.reference.opinions.values())
    return {
        "label": name,
        "judge": run_label(comparison.judge, report),
        "reference": run_label(comparison.reference, report),
        "unscored": f"{without:,} papers have no score of the reference." if without else "",
        "curve": _curve(f"Reliability of {name}", comparison.reliability, threshold),
        "histogram": _bars(f"Scores of {name}", judge, reference, threshold),
        "numbers": _numbers(comparison.reliability, judge, reference),
        "fields": [_field(slug, found, config) for slug, found in comparison.fields.items()],
    }


def _field(slug: str | None, found: Figures, config: Config) -> dict[str, Any]:
    values = (found.f1, found.kappa, found.spearman, found.auc, found.recall)
    return {
        "label": field_label(slug, config),
        "picks": _picks(found),
        "both": found.both,
        "cells": [number(value) for value in values],
        "part": round(100 * (found.f1 or 0)),
    }


def _disagreement(disagreement: Disagreement, config: Config) -> dict[str, str]:
    picked = disagreement.judge if disagreement.judge.picked else disagreement.reference
    return {
        "url": disagreement.paper.abs_url,
        "title": to_unicode(disagreement.paper.title),
        "date": str(disagreement.date),
        "judge": _verdict(disagreement.judge),
        "reference": _verdict(disagreement.reference),
        "field": field_label(picked.field, config),
    }


def _verdict(opinion: Label) -> str:
    score = UNDEFINED if opinion.score is None else f"{opinion.score:.1f}"
    return f"{score} pick" if opinion.picked else score


def _histogram(opinions: Any) -> Counter[int]:
    """Papers by score, rounded down."""
    return Counter(int(opinion.score) for opinion in opinions if opinion.score is not None)


def _x(score: float) -> float:
    """Where SCORE lies: each whole score has a column, in whose middle lies its half."""
    return round(LEFT + (RIGHT - LEFT) * score / len(SCORES), 1)


def _y(part: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * part, 1)


def _ticks() -> list[Mark]:
    return [Mark(str(score), x=_x(score + 0.5)) for score in SCORES]


def _curve(name: str, shares: Sequence[ReliabilityBin], threshold: float) -> EvalPlot:
    most = max((share.papers for share in shares), default=1)
    points = [
        Dot(
            _x(share.score + 0.5),
            _y(share.share),
            _y(share.low),
            _y(share.high),
            round(max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(share.papers / most)), 1),
        )
        for share in shares
    ]
    path = " ".join(f"{'L' if place else 'M'}{dot.x} {dot.y}" for place, dot in enumerate(points))
    grid = [Mark(f"{part} %", y=_y(part / 100)) for part in (0, 25, 50, 75, 100)]
    return EvalPlot(name, grid, _ticks(), threshold, points=points, path=path)


def _bars(name: str, judge: Counter[int], reference: Counter[int], threshold: float) -> EvalPlot:
    top = _round_up(max([*judge.values(), *reference.values()], default=1))
    width = (RIGHT - LEFT) / len(SCORES) / 2 - 2
    bars = [
        EvalBar(kind, round(_x(score) + 2 + place * (width + 0.5), 1), _y(counts[score] / top), round(width, 1),
            round(BOTTOM - _y(counts[score] / top), 1))
        for score in SCORES
        for place, (kind, counts) in enumerate((("judge", judge), ("reference", reference)))
        if counts[score]
    ]  # fmt: skip
    grid = [Mark(f"{top * part // 4:,}", y=_y(part / 4)) for part in (0, 1, 2, 3, 4)]
    return EvalPlot(name, grid, _ticks(), threshold, bars=bars)


def _round_up(value: int) -> int:
    """The next number of which a quarter reads well."""
    quarters = (step * int(f"1{'0' * power}") for power in range(9) for step in (1, 2, 5))
    return next(4 * quarter for quarter in quarters if 4 * quarter >= value)


def _numbers(shares: Sequence[ReliabilityBin], judge: Counter[int], reference: Counter[int]) -> list[list[str]]:
    """A row for each score that anybody gave, highest first."""
    by_score = {share.score: share for share in shares}
    rows = []
    for score in sorted(set(judge) | set(reference), reverse=True):
        share = by_score.get(score)
        told = [f"{share.share:.1%}", f"{share.low:.1%} – {share.high:.1%}"] if share else [UNDEFINED, UNDEFINED]
        rows.append([str(score), f"{judge[score]:,}", *told, f"{reference[score]:,}"])
    return rows
