"""Trends: what the last weeks brought. Figures are of all titles, and a week that is not over is marked as such."""

import datetime as dt
import functools
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.core.files import digest
from generator.publish.day_counts import DayCounts, KeptCounts, total
from generator.publish.manifest import Output
from generator.publish.pages.base import PageMaker
from generator.publish.pages.ordering import field_label, field_order
from generator.publish.pages.week_in_brief import week_in_brief
from generator.publish.pages.weeks import WEEKS, Plot, Week, monday_of, plot, share, weeks_of
from generator.records.summaries import Summary
from generator.records.title_terms import Rising, rising, without_parts

WEEKS_LATELY = 4
WEEKS_OF_TERM = 12
"""Weeks in the small plot of a term."""
WEEKS_OF_SHARES = 8
DAYS_BEFORE = 10
"""Days that a comparison with the time before needs; with fewer the commonest terms are shown."""
MOST_TERMS = 15
MOST_FREQUENT_AUTHORS = 15
BEST_LATELY = 10


class FieldLine(NamedTuple):
    label: str
    total: int
    plot: Plot
    shares: list[str]
    """Of the picks of the last weeks, newest first."""


class TermLine(NamedTuple):
    row: Rising
    plot: Plot


def score_counts(days: Sequence[Summary]) -> list[int]:
    """Papers that a model has judged by score, 0 to 10, rounded down; an estimate's score is its place in the day."""
    counts: Counter[int] = Counter()
    for day in days:
        if day.judge == "llm":
            counts.update(day.scores)
    return [counts[score] for score in range(11)]


def terms_of(lately: Sequence[DayCounts], before: Sequence[DayCounts]) -> tuple[bool, list[Rising]]:
    """Whether there is a time before to compare with, and the terms that rose since, or else the commonest ones."""
    now = total(lately)
    if len(before) >= DAYS_BEFORE:
        then = total(before)
        return True, rising(now.terms, then.terms, (now.titles, then.titles), MOST_TERMS)
    common = [term for term, papers in now.terms.items() if papers > 1]
    common.sort(key=lambda term: (-now.terms[term], term))
    kept = without_parts(common[: 4 * MOST_TERMS], now.terms)[:MOST_TERMS]
    return False, [Rising(term, now.terms[term], 1e3 * now.terms[term] / max(now.titles, 1), 0) for term in kept]


def trends_output(maker: PageMaker) -> Output:
    """The page of trends."""
    return maker.output("trends/", functools.partial(make_trends, maker), digest(*(day.digest for day in maker.days)))


def make_trends(maker: PageMaker) -> bytes:
    """The week in a paragraph, papers and picks per week and field, terms, the best of the month, authors, scores."""
    w, config = maker.w, maker.config
    weeks = weeks_of(maker.days, maker.language)
    scores = score_counts(maker.days)
    lowest = int(config.judge.threshold)
    meta = {"title": w["trends_title"], "description": w["trends_description"], "kind": "trends"}
    days = [day for day in maker.days if (maker.days[-1].date - day.date).days < 7 * (WEEKS + WEEKS_LATELY)]
    kept = KeptCounts(lambda summary: maker.record(summary.date), maker.cache).of(days)
    counted = {day.date: counts for day, counts in zip(days, kept, strict=True)}
    compared, terms = terms_of(*_parted(counted, WEEKS_LATELY))
    best = [(pick, day.date) for day in maker.recent for pick in maker.record(day.date).picks]
    return maker.render(
        "trends.md.j2",
        "trends/",
        meta,
        weeks=weeks,
        shared=weeks[: -WEEKS_OF_SHARES - 1 : -1],
        spared=any(week.spared for week in weeks),
        intro=maker.total(maker.days),
        brief=week_in_brief(maker, counted),
        papers=plot(
            w["trends_papers"],
            [week.label for week in weeks],
            [("all", [week.read for week in weeks]), ("pick", [week.picks for week in weeks])],
            partial=bool(weeks) and weeks[-1].partial,
        ),
        lines=_field_lines(weeks, maker),
        scores=list(enumerate(scores)),
        score_plot=plot(
            w["trends_scores"],
            [str(score) for score in range(11)],
            [
                ("all", [count if score < lowest else 0 for score, count in enumerate(scores)]),
                ("pick", [count if score >= lowest else 0 for score, count in enumerate(scores)]),
            ],
        ),
        compared=compared,
        terms=_term_lines(terms, counted, w["trends_by_week"]),
        best=sorted(best, key=lambda row: (-row[0].verdict.score, -row[1].toordinal()))[:BEST_LATELY],
        authors=_most_picked(total(kept).authors),
    )


def _parted(counted: Mapping[dt.date, DayCounts], weeks: int) -> tuple[list[DayCounts], list[DayCounts]]:
    """COUNTED of the last WEEKS weeks, and of the time before."""
    edge = max(counted, default=dt.date.min + dt.timedelta(weeks=weeks)) - dt.timedelta(weeks=weeks)
    lately = [counts for date, counts in counted.items() if date > edge]
    return lately, [counts for date, counts in counted.items() if date <= edge]


def _field_lines(weeks: Sequence[Week], maker: PageMaker) -> list[FieldLine]:
    """Each field's share of the picks by week, all on one scale."""
    slugs = field_order({slug for week in weeks for slug in week.fields}, maker.config)
    rows = {slug: [week.fields[slug] / max(week.picks, 1) for week in weeks] for slug in slugs}
    most = max((value for values in rows.values() for value in values), default=0)
    names = [week.label for week in weeks]
    partial = bool(weeks) and weeks[-1].partial
    return [
        FieldLine(
            label := field_label(slug, maker.config),
            sum(week.fields[slug] for week in weeks),
            plot(label, names, [("pick", rows[slug])], "", most=most, partial=partial),
            [share(week.fields[slug], week.picks) for week in weeks[: -WEEKS_OF_SHARES - 1 : -1]],
        )
        for slug in slugs
    ]


def _term_lines(terms: Sequence[Rising], counted: Mapping[dt.date, DayCounts], by_week: str) -> list[TermLine]:
    """TERMS with their papers per thousand in each of the last weeks; each on its own scale."""
    by_start: dict[dt.date, list[DayCounts]] = {}
    for date, counts in counted.items():
        by_start.setdefault(monday_of(date), []).append(counts)
    last = max(by_start, default=dt.date.min)
    starts = [last - dt.timedelta(weeks=back) for back in range(WEEKS_OF_TERM) if by_start][::-1]
    weeks = [by_start.get(start, []) for start in starts]
    titles = [max(sum(day.titles for day in week), 1) for week in weeks]
    lines = []
    for row in terms:
        values = [sum(day.terms[row.term] for day in week) / read for week, read in zip(weeks, titles, strict=True)]
        lines.append(TermLine(row, plot(f"{row.term}: {by_week}", [""] * len(values), [("pick", values)])))
    return lines


def _most_picked(authors: Counter[str]) -> list[tuple[str, int]]:
    """The authors of most picks, who have two at least."""
    several = [(name, picks) for name, picks in authors.items() if picks > 1]
    return sorted(several, key=lambda row: (-row[1], row[0]))[:MOST_FREQUENT_AUTHORS]
