"""The judge that needs no key, no network and no download: a day ranked by the words of the configured fields.

    description --BM25 (words)--+
    hints ------BM25 (phrases)--+- a field's match -- best field - low interest -- + the day's own words -- rank
    keywords, hints --counted---+

BM25 is SQLite's FTS5, which Python brings. On the 54 days that tests/bench/bench_offline.py reads it ranks as bm25s,
rank-bm25 and tantivy do (AUC 0.828, 0.826, 0.828, 0.826 with the same queries), needs no install where bm25s brings
59 MB of numpy and tantivy 17 MB, and is as well kept as Python; rank-bm25 had its last release in 2022.

What it gives is a rank within the day, not a judgement: every verdict is marked as an estimate. The weights below were
chosen on the first 27 of those days; the bench quotes the other 27 apart.
"""

import math
import sqlite3
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import NamedTuple

from generator.core.errors import JudgeError
from generator.core.i18n import words as site_words
from generator.core.model import Paper, Verdict
from generator.core.words import (
    EMPTY_WORDS,
    Phrase,
    content_runs,
    content_words,
    held,
    index_of,
    named_phrases,
    phrase,
    plain_words,
)
from generator.judges.choice import chosen
from generator.judges.local.reasons import Reason, reason
from generator.settings.config import Config, LowInterest, ResearchField

TITLE_WEIGHT = 2.0  # a word of the title counts as two of the abstract (BM25)
TITLE_HIT = 3.0  # a keyword of the title as three of the abstract's
KEYWORD = 0.25  # in units of a field's typical BM25 score
HINT_WEIGHT = 0.1
CATEGORY = 1.0  # the paper's primary category is one of the field's
CROSS_LIST = 0.5  # another of its categories is
OTHER_FIELDS = 0.2  # share that a match with further fields adds
LOW_INTEREST = 0.75
LOW_KEYWORD = 0.75
DAY_WORDS = 0.7  # weight of the day's own words
DAY_WORDS_HALF = 50  # papers in a day that give this weight by half: few papers show little
DAY_WORDS_PRIOR = 10.0  # papers' worth of doubt about every word
DAY_WORDS_PAPERS = 3  # words of fewer papers say nothing
LEAST_WINDOW = 40  # papers of the last weeks from which on a day is ranked among them
COMMON_SCALE = 50  # papers' worth of the fields' common scale, so that a field with few matches is not blown up
RELEVANCE_DECIMALS = (
    6  # relevances are rounded before they are compared: logarithms differ in the last bit between machines
)

_TABLE = """CREATE VIRTUAL TABLE paper USING fts5(title, abstract, tokenize = "unicode61 tokenchars '-()*'")"""

Values = list[float]
"""One number per paper of the day."""


class Terms(NamedTuple):
    """What stands for a field, or for what is of low interest, in the papers' words."""

    words: tuple[str, ...]
    keywords: tuple[Phrase, ...]
    hints: tuple[Phrase, ...]


class Ranking(NamedTuple):
    """How a paper stands within its day. matches: with every field; low: with what is of low interest.

    Relevances of two days do not compare.
    """

    relevance: float
    field: str | None
    """Slug of the best field; None where no field's term occurs in the paper."""
    matches: tuple[float, ...]
    low: float


class PaperWords(NamedTuple):
    """A paper's words, read once; title and abstract are the words with a space between them."""

    title: str
    abstract: str
    words: frozenset[str]
    in_title: frozenset[Phrase]
    in_abstract: frozenset[Phrase]


def field_terms(field: ResearchField) -> Terms:
    """The terms of FIELD. Without keywords they are what its English name and description name, run by run."""
    names = f"{field.name}. {field.name_en or ''}. "
    return _terms(names + field.description, field.keywords, field.hints)


def low_terms(topic: LowInterest) -> Terms:
    """The terms of a TOPIC that is of low interest; as for a field."""
    return _terms(f"{topic.name}. {topic.description}", topic.keywords, ())


def fields_without_english(config: Config) -> str:
    """A line on the fields that the offline judge has not one English word of; empty if there are none."""
    mute = [field.slug for field in config.fields if not any(field_terms(field))]
    if not mute:
        return ""
    found = "its picks are arbitrary" if len(mute) == len(config.fields) else "it finds none of their papers"
    return (
        f"fields {', '.join(mute)}: no English word for the offline judge, so that {found}; describe them in English"
        " sentences, or add keywords"
    )


def low_interest_in_fields(config: Config) -> dict[str, list[str]]:
    """Phrases of low interest that stand in a field's own words, each with the slugs of these fields.

    A paper of that field is pushed down for what makes it one: "X-ray", of low interest for machine learning, is a
    word of astrophysics.
    """
    found: dict[str, list[str]] = {}
    texts = {
        field.slug: [f"{field.name}. {field.name_en or ''}. {field.description}", *field.keywords, *field.hints]
        for field in config.fields
    }
    words = {slug: [plain_words(text) for text in own] for slug, own in texts.items()}
    for topic in config.low_interest:
        for keyword in topic.keywords:
            index = index_of([phrase(keyword)])
            if slugs := [slug for slug, own in words.items() if any(held(text, index) for text in own)]:
                found[keyword] = slugs
    return found


def _terms(text: str, keywords: Iterable[str], hints: Iterable[str]) -> Terms:
    strong = [phrase(keyword) for keyword in keywords]
    weak = [phrase(hint) for hint in hints]
    if not any(strong):
        runs = content_runs(text)
        strong = [*named_phrases(text), *(run for run in runs if 2 <= len(run) <= 4)]
        weak += [run for run in runs if len(run) == 1]
    keywords_kept = dict.fromkeys(entry for entry in strong if entry)
    hints_kept = dict.fromkeys(entry for entry in weak if entry and entry not in keywords_kept)
    words = tuple(word for word in content_words(text) if word not in EMPTY_WORDS)
    return Terms(words, tuple(keywords_kept), tuple(hints_kept))


def _read(papers: Sequence[Paper], phrases: Iterable[Phrase]) -> list[PaperWords]:
    index = index_of(phrases)
    readings = []
    for paper in papers:
        title, abstract = plain_words(paper.title), plain_words(paper.abstract)
        words = frozenset((*title, *abstract))
        readings.append(
            PaperWords(" ".join(title), " ".join(abstract), words, held(title, index), held(abstract, index))
        )
    return readings


def _bm25(readings: Sequence[PaperWords], queries: Sequence[Sequence[Phrase]]) -> list[Values]:
    """BM25 of every reading for each of QUERIES, a query being phrases of which any may occur; higher is better."""
    rows = [[0.0] * len(readings) for _ in queries]
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute(_TABLE)
        except sqlite3.OperationalError as error:
            message = f"the SQLite of this Python has no full-text search ({error}); use another build of Python"
            raise JudgeError(message) from None
        database.executemany(
            "INSERT INTO paper(rowid, title, abstract) VALUES (?, ?, ?)",
            ((number, reading.title, reading.abstract) for number, reading in enumerate(readings)),
        )
        for row, query in zip(rows, queries, strict=True):
            if not query:
                continue
            match = " OR ".join(f'"{" ".join(entry)}"' for entry in query)
            found = database.execute(
                "SELECT rowid, -bm25(paper, ?, 1.0) FROM paper WHERE paper MATCH ?", (TITLE_WEIGHT, match)
            )
            for number, score in found:
                row[number] = score
    return rows


def _category(paper: Paper, categories: Sequence[str]) -> float:
    """What the categories of PAPER add to its match with a field that has CATEGORIES."""
    if paper.primary in categories:
        return CATEGORY
    return CROSS_LIST if not set(categories).isdisjoint(paper.categories) else 0.0


def _scaled(rows: Sequence[Values]) -> list[Values]:
    """ROWS, each in units of its root mean square over the day, drawn towards the rows' common one."""
    scales = [math.sqrt(math.fsum(value * value for value in row) / len(row)) for row in rows]
    common = math.fsum(scales) / len(scales)
    result = []
    for row, scale in zip(rows, scales, strict=True):
        unit = (scale * len(row) + common * COMMON_SCALE) / (len(row) + COMMON_SCALE)
        result.append([value / unit if unit else 0.0 for value in row])
    return result


def _counts(readings: Sequence[PaperWords], phrases: Iterable[Phrase]) -> Values:
    """How many of PHRASES every reading holds; one of the title counts more."""
    wanted = frozenset(phrases)
    found = ((wanted & reading.in_title, wanted & reading.in_abstract) for reading in readings)
    return [TITLE_HIT * len(in_title) + len(in_abstract - in_title) for in_title, in_abstract in found]


def _matches(
    readings: Sequence[PaperWords], profile: Sequence[Terms], topics: Sequence[Terms]
) -> tuple[list[Values], list[Values]]:
    """How well the readings match every field of PROFILE, and every one of TOPICS, which are of low interest."""
    queries = [[*((word,) for word in terms.words), *terms.hints] for terms in (*profile, *topics)]
    rows = _bm25(readings, queries)
    return _field_rows(readings, profile, rows[: len(profile)]), _low_rows(readings, topics, rows[len(profile) :])


def _field_rows(readings: Sequence[PaperWords], profile: Sequence[Terms], rows: Sequence[Values]) -> list[Values]:
    return [
        [
            value + KEYWORD * keywords + HINT_WEIGHT * hints
            for value, keywords, hints in zip(
                row, _counts(readings, terms.keywords), _counts(readings, terms.hints), strict=True
            )
        ]
        for row, terms in zip(_scaled(rows), profile, strict=True)
    ]


def _low_rows(readings: Sequence[PaperWords], topics: Sequence[Terms], rows: Sequence[Values]) -> list[Values]:
    if not topics:
        return [[0.0] * len(readings)]
    return [
        [
            LOW_INTEREST * value + LOW_KEYWORD * keywords
            for value, keywords in zip(row, _counts(readings, terms.keywords), strict=True)
        ]
        for row, terms in zip(_scaled(rows), topics, strict=True)
    ]


def _standardised(row: Values) -> Values:
    mean = math.fsum(row) / len(row)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in row) / len(row))
    return [(value - mean) / spread if spread > 10**-RELEVANCE_DECIMALS else 0.0 for value in row]


def _day_words(readings: Sequence[PaperWords], relevance: Values) -> Values:
    """How far each paper's words are those of the day's likely picks rather than of the other papers.

    Pseudo-relevance feedback: what the ranking so far puts on top lends weight to the words that stand there more
    often than elsewhere. It needs no label, adds 0.01 of AUC, and most where the fields are described in few words.
    """
    order = sorted(range(len(readings)), key=lambda number: (-round(relevance[number], RELEVANCE_DECIMALS), number))
    share = [0.0] * len(readings)
    for rank, number in enumerate(order):
        share[number] = 1 / (1 + math.exp((rank / len(readings) - 0.25) / 0.1))
    likely = math.fsum(share)
    unlikely = len(readings) - likely
    everywhere: Counter[str] = Counter()
    on_top: dict[str, float] = {}
    for reading, part in zip(readings, share, strict=True):
        everywhere.update(reading.words)
        for word in reading.words:
            on_top[word] = on_top.get(word, 0.0) + part
    weights = {}
    for word, papers in everywhere.items():
        if papers >= DAY_WORDS_PAPERS:
            prior = DAY_WORDS_PRIOR * papers / len(readings)
            top = (on_top[word] + prior) / (likely + DAY_WORDS_PRIOR)
            rest = (papers - on_top[word] + prior) / (unlikely + DAY_WORDS_PRIOR)
            weights[word] = math.log(top / rest)
    row = []
    for reading in readings:
        known = [weights[word] for word in reading.words if word in weights]
        row.append(math.fsum(known) / math.sqrt(max(len(known), 5)))
    return row


def _relevance(fields: Sequence[Values], low: Sequence[Values], readings: Sequence[PaperWords]) -> Values:
    first = []
    for number in range(len(readings)):
        matches = [row[number] for row in fields]
        best = max(matches)
        first.append(best + OTHER_FIELDS * (math.fsum(matches) - best) - max(row[number] for row in low))
    first = [round(value, RELEVANCE_DECIMALS) for value in first]
    weight = DAY_WORDS * len(readings) / (len(readings) + DAY_WORDS_HALF)
    shared_words = _day_words(readings, first)
    return [
        round(own + weight * shared, RELEVANCE_DECIMALS)
        for own, shared in zip(_standardised(first), _standardised(shared_words), strict=True)
    ]


class _Day(NamedTuple):
    """A day's papers in the order of their ids, read, with what was found of each."""

    papers: Sequence[Paper]
    readings: Sequence[PaperWords]
    profile: Sequence[Terms]
    rankings: Sequence[Ranking]


def _estimated(papers: Iterable[Paper], config: Config) -> _Day:
    ordered = sorted({paper.id: paper for paper in papers}.values(), key=lambda paper: paper.id)
    profile = [field_terms(field) for field in config.fields]
    topics = [low_terms(topic) for topic in config.low_interest]
    readings = _read(ordered, (entry for terms in (*profile, *topics) for entry in (*terms.keywords, *terms.hints)))
    if not ordered:
        return _Day(ordered, readings, profile, [])
    fields, lows = _matches(readings, profile, topics)
    fields = [
        [value + _category(paper, field.categories) for value, paper in zip(row, ordered, strict=True)]
        for row, field in zip(fields, config.fields, strict=True)
    ]
    rankings = []
    for number, value in enumerate(_relevance(fields, lows, readings)):
        matches = tuple(round(row[number], RELEVANCE_DECIMALS) for row in fields)
        best = max(matches)
        slug = config.fields[matches.index(best)].slug if best > 0 else None
        rankings.append(Ranking(value, slug, matches, round(max(row[number] for row in lows), RELEVANCE_DECIMALS)))
    return _Day(ordered, readings, profile, rankings)


def ranked_papers(papers: Iterable[Paper], config: Config) -> Iterator[tuple[Paper, PaperWords, Ranking]]:
    """Every paper of a day, in the order of their ids, with its words and all that was found of it."""
    day = _estimated(papers, config)
    yield from zip(day.papers, day.readings, day.rankings, strict=True)


def rank_day(papers: Iterable[Paper], config: Config) -> dict[str, Ranking]:
    """All that was found of every paper of a day, by id."""
    return {paper.id: found for paper, _, found in ranked_papers(papers, config)}


def ranking(estimates: Mapping[str, Ranking]) -> list[str]:
    """Ids, best first; what matches no field comes last, ties go by id."""
    return sorted(
        estimates, key=lambda paper_id: (estimates[paper_id].field is None, -estimates[paper_id].relevance, paper_id)
    )


def picked(ranked: Sequence[str], estimates: Mapping[str, Ranking], share: float) -> int:
    """How many of RANKED are picks: SHARE of the day, at least one, and none that matches no field while one does."""
    wanted = math.floor(round(len(ranked) * share, 9) + 0.5)
    matching = sum(estimates[paper_id].field is not None for paper_id in ranked)
    return min(len(ranked), max(1, min(wanted, matching)))


def scores_by_rank(papers: int, picks: int, threshold: float) -> list[float]:
    """Scores for PAPERS in the order of their rank: the first PICKS from 10 down to THRESHOLD, the others below it.

    Squared, so that they spread as a model's do: of its picks 13 % have 9 and more, 65 % have 8 and more (54 days).
    """
    lowest = math.ceil(round(threshold * 10, 6)) / 10
    upper = [1 - (rank + 0.5) / picks for rank in range(picks)]
    lower = [1 - (rank + 0.5) / (papers - picks) for rank in range(papers - picks)]
    return [round(lowest + (10 - lowest) * part**2, 1) for part in upper] + [
        round(max(0.0, lowest - 0.1) * part, 1) for part in lower
    ]


def _weights(terms: Terms, readings: Sequence[PaperWords]) -> dict[Phrase, float]:
    """What each term of a field counts in a reason: keywords before hints before words, rare before common."""
    words = [(word,) for word in terms.words]
    weights: dict[Phrase, float] = {}
    for part, entries in ((1.0, terms.keywords), (0.4, terms.hints), (0.15, words)):
        for entry in entries:
            papers = sum(_holds(reading, entry) for reading in readings)
            weights.setdefault(entry, part * math.log(1 + len(readings) / max(papers, 1)))
    return weights


def _holds(reading: PaperWords, entry: Phrase) -> bool:
    alone = len(entry) == 1 and entry[0] in reading.words
    return alone or entry in reading.in_title or entry in reading.in_abstract


def _reason_weights(day: _Day, config: Config) -> dict[str, dict[Phrase, float]]:
    """What each term counts in a reason, by slug of the field."""
    return {field.slug: _weights(terms, day.readings) for field, terms in zip(config.fields, day.profile, strict=True)}


def field_weights(papers: Iterable[Paper], config: Config) -> dict[str, dict[Phrase, float]]:
    """What each term of a field counts in a reason among PAPERS, by slug."""
    return _reason_weights(_estimated(papers, config), config)


def ranked_verdicts(
    ranked: Sequence[str],
    picks: int,
    config: Config,
    field_of: Callable[[str], str | None],
    why: Callable[[str], Reason],
    *,
    own: Container[str] | None = None,
) -> dict[str, Verdict]:
    """Verdicts for the OWN (None: all) ids among RANKED: the first PICKS at or above the threshold, all as estimates.

    What the fields' own bounds make a pick has a reason.
    """
    scores = scores_by_rank(len(ranked), picks, config.judge.threshold)
    verdicts = {
        paper_id: Verdict(
            score=score,
            field=field_of(paper_id),
            reason=None,
            estimate=True,
            likely=round(1 - (rank + 0.5) / len(ranked), 4),
        )
        for rank, (paper_id, score) in enumerate(zip(ranked, scores, strict=True))
        if own is None or paper_id in own
    }
    for paper_id in sorted(chosen(verdicts, config)):
        told = why(paper_id)
        verdicts[paper_id] = verdicts[paper_id].model_copy(update={"reason": told.text, "terms": told.terms})
    return verdicts


def judge_offline(papers: Iterable[Paper], config: Config, window: Iterable[Paper] = ()) -> dict[str, Verdict]:
    """A verdict on every paper of a day, by id, best first: a rank, given as an estimated score.

    It is the rank among the day's papers and those of the last weeks in WINDOW: of a day of two papers none or both may
    be picks. With fewer than LEAST_WINDOW of these it is the rank within the day, whose best paper is always a pick.
    """
    by_id = {paper.id: paper for paper in papers}
    earlier = {paper.id: paper for paper in window if paper.id not in by_id}
    if len(earlier) < LEAST_WINDOW:
        earlier = {}
    day = _estimated([*by_id.values(), *earlier.values()], config)
    estimates = {paper.id: found for paper, found in zip(day.papers, day.rankings, strict=True)}
    weights = _reason_weights(day, config)
    language = site_words(config.site.language)
    ranked = ranking(estimates)
    picks = picked(ranked, estimates, config.judge.offline_share)

    def why(paper_id: str) -> Reason:
        slug = estimates[paper_id].field
        return reason(by_id[paper_id], weights[slug] if slug else {}, language)

    return ranked_verdicts(ranked, picks, config, lambda paper_id: estimates[paper_id].field, why, own=by_id)
