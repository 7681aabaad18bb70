"""What `eval` found, as a table for people and as JSON for programs."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator import __version__
from generator.core.escape import log
from generator.core.model import Usage
from generator.evaluate.compare import Comparison, Report, Run
from generator.evaluate.metrics import Figures
from generator.publish.pages.ordering import field_label
from generator.run.report import cost_in_words
from generator.settings.config import Config

UNDEFINED = "-"
NAMES = {"f1": "F1", "kappa": "kappa", "spearman": "Spearman", "auc": "AUC"}
_WIDEST_NAME = 44


def lines(report: Report, config: Config) -> Iterator[str]:
    """The tables, line by line."""
    yield ""
    yield from _judges(report, config)
    yield ""
    yield from _table(report)
    for judge, first, figure, value, ends in report.differences:
        yield f"{log(judge)} less {log(first)}: {NAMES[figure]} {value:+.3f}{_range(ends, '+')}"
    yield from _by_field(report, config)
    yield ""
    yield f"In brackets: 95 % intervals from {report.units}, drawn with seed {report.seed}. -: not defined here."
    yield f"recall@{report.k}: picks of the reference among each list's top {report.k}, ties by their share."


def run_label(run: Run, report: Report) -> str:
    """The name of a run; its number where the judge had several."""
    several = sum(other.name == run.name for other in report.runs) > 1
    return f"{run.name} #{run.number}" if several else run.name


def label(comparison: Comparison, report: Report) -> str:
    """Who is held against whom."""
    return f"{run_label(comparison.judge, report)} / {run_label(comparison.reference, report)}"


def number(value: float | None) -> str:
    """A figure for people."""
    return UNDEFINED if value is None else f"{value:.3f}"


def rows_of(runs: Sequence[Run], report: Report, currency: str) -> list[list[str]]:
    """A row for each of RUNS: name, model, settings, papers, picks, tokens a paper, cost, seconds."""
    rows = []
    for run in runs:
        papers = len(run.opinions)
        picks = sum(opinion.picked for opinion in run.opinions.values())
        tokens = _tokens(run.usage, papers)
        cost = cost_in_words(run.usage.cost, currency).removeprefix("cost ") if run.usage else UNDEFINED
        seconds = UNDEFINED if run.seconds is None else f"{run.seconds:.1f} s"
        told = ", ".join(run.told)
        answered = run.model if run.model and run.model not in run.told else ""
        told = f"{told}; answered by {answered}" if told and answered else told or answered
        rows.append([run_label(run, report), told, f"{papers:,}", f"{picks:,}", tokens, cost, seconds])
    return rows


def _tokens(usage: Usage | None, papers: int) -> str:
    """Tokens a paper, and how many of them the provider's cache held."""
    if usage is None or not usage.tokens or not papers:
        return UNDEFINED
    cached = f" ({usage.cached_tokens / papers:.0f} cached)" if usage.cached_tokens else ""
    return f"{usage.tokens / papers:.0f}{cached}"


def _judges(report: Report, config: Config) -> Iterator[str]:
    head = ["judge", "papers", "picks", "tokens/paper", "cost", "time"]
    rows = rows_of(report.runs, report, config.budget.currency)
    yield from _columns([head, *([row[0], *row[2:]] for row in rows)])
    for row in rows:
        if row[1]:
            yield f"  {log(row[0])}: {log(row[1], 300)}"


def _table(report: Report) -> Iterator[str]:
    names = ["papers", "picks", "both", *NAMES.values(), f"recall@{report.k}", "field"]
    rows = [["judge / reference", *names]]
    for comparison in [*report.against, *report.among]:
        found, spread = comparison.figures, comparison.intervals
        rows.append(
            [
                label(comparison, report),
                f"{found.papers:,}",
                f"{found.judge:,}/{found.reference:,}",
                f"{found.both:,}",
                *(number(getattr(found, name)) + _range(spread[name]) for name in NAMES),
                number(found.recall),
                number(found.field),
            ]
        )
    yield from _columns(rows)


def _by_field(report: Report, config: Config) -> Iterator[str]:
    head = ["field", "picks", "both", *NAMES.values(), f"recall@{report.k}"]
    for comparison in [*report.against, *report.among]:
        yield ""
        yield log(label(comparison, report))
        rows = [[field_label(slug, config), *_field_row(found)] for slug, found in comparison.fields.items()]
        yield from _columns([head, *rows])


def _field_row(found: Figures) -> list[str]:
    counts = [f"{found.judge:,}/{found.reference:,}", f"{found.both:,}"]
    return counts + [number(value) for value in (found.f1, found.kappa, found.spearman, found.auc, found.recall)]


def _range(interval: tuple[float, float] | None, sign: str = "") -> str:
    return f" [{interval[0]:{sign}.2f} {interval[1]:{sign}.2f}]" if interval else ""


def _width(text: str) -> int:
    """Columns on a terminal: a CJK character takes two."""
    return sum(2 if "\u2e80" <= sign <= "\uffef" else 1 for sign in text)


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """ROWS in columns: the first to the left, the others to the right."""
    shown = [[log(cell, _WIDEST_NAME if place == 0 else 200) for place, cell in enumerate(row)] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        first, *others = ((cell, " " * (width - _width(cell))) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(["".join(first), *(pad + cell for cell, pad in others)]).rstrip()


def as_json(report: Report, config: Config, now: dt.datetime) -> bytes:
    """REPORT as JSON: all figures, and every verdict that they rest on."""
    ids = sorted({paper_id for run in report.runs for paper_id in run.opinions})
    told: dict[str, Any] = {
        "schema_version": 1,
        "generator": __version__,
        "made": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "days": [str(day) for day in report.days],
        "papers": report.papers,
        "currency": config.budget.currency,
        "k": report.k,
        "seed": report.seed,
        "intervals": f"95 %, {report.units}",
        "fields": {field.slug: field.label(config.site.language) for field in config.fields},
        "notes": report.notes,
        "judges": [_run(run) for run in report.runs],
        "against": [_comparison(comparison) for comparison in report.against],
        "among": [_comparison(comparison) for comparison in report.among],
        "differences": [difference._asdict() for difference in report.differences],
        "verdicts": {paper_id: [_opinion(run, paper_id) for run in report.runs] for paper_id in ids},
    }
    parts = [f"{json.dumps(key)}: {_dump(value)}" for key, value in told.items()]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _dump(value: Any) -> str:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n " + ",\n ".join(map(_line, value)) + "\n]"
    if isinstance(value, dict) and value:
        return "{\n " + ",\n ".join(f"{json.dumps(key)}: {_line(item)}" for key, item in value.items()) + "\n}"
    return _line(value)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _run(run: Run) -> dict[str, Any]:
    return {
        "name": run.name,
        "run": run.number,
        "settings": list(run.told),
        "model": run.model,
        "papers": len(run.opinions),
        "picks": sum(opinion.picked for opinion in run.opinions.values()),
        "unscored": dict(run.unscored),
        "usage": _usage(run.usage),
        "seconds": None if run.seconds is None else round(run.seconds, 3),
    }


def _usage(usage: Usage | None) -> Mapping[str, Any] | None:
    kept = {"calls", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "cost"}
    return None if usage is None else usage.model_dump(include=kept)


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return {
        "judge": comparison.judge.name,
        "run": comparison.judge.number,
        "reference": comparison.reference.name,
        "reference_run": comparison.reference.number,
        "figures": _rounded(comparison.figures),
        "intervals": {
            key: [round(end, 6) for end in ends] if ends else None for key, ends in comparison.intervals.items()
        },
        "fields": {slug or "no_field": _rounded(found) for slug, found in comparison.fields.items()},
        "reliability": [
            {key: round(value, 6) for key, value in share._asdict().items()} for share in comparison.reliability
        ],
    }


def _rounded(found: Figures) -> dict[str, float | None]:
    return {key: None if value is None else round(value, 6) for key, value in found._asdict().items()}


def _opinion(run: Run, paper: str) -> list[Any] | None:
    """picked, score, field; null where the run has no verdict."""
    found = run.opinions.get(paper)
    return None if found is None else list(found)
