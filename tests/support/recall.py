"""Queries cut out of records, and what each has to find: the measure of the search."""

import random
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from generator.core.model import Day, Pick
from generator.core.tex import to_unicode
from generator.publish.search.tokens import fold

FOUND = """async ([base, queries]) => {
  const { search } = await import(`${base}assets/js/search/engine.js`);
  const answers = [];
  for (const query of queries) {
    const began = performance.now();
    const found = await search(query, { sort: "date", all: true, exact: true });
    const first = await found.next(10);
    const took = performance.now() - began;
    const ids = first.map((paper) => paper.i);
    while (ids.length < Math.min(found.count, 3000)) {
      const more = await found.next(100);
      if (!more.length) break;
      ids.push(...more.map((paper) => paper.i));
    }
    answers.push({ count: found.count, failed: found.failed, took, ids: found.count > 3000 ? null : ids });
  }
  return answers;
}"""
"""What the search of the site at `base` finds, run in a browser."""


class Query(NamedTuple):
    kind: str
    text: str
    holders: frozenset[str]


class Held(NamedTuple):
    """What a paper's entry can be found by."""

    id: str
    text: str
    reason: str
    words: frozenset[str]
    authors: tuple[str, ...]


def held(days: Iterable[Day]) -> list[Held]:
    """What each pick of DAYS holds."""
    return [_held(pick) for day in days for pick in day.picks]


def _held(pick: Pick) -> Held:
    title, reason = to_unicode(pick.paper.title), to_unicode(pick.verdict.reason or "")
    text = fold("\n".join([title, reason, *pick.paper.authors]))
    return Held(pick.paper.id, text, reason, frozenset(re.findall("[a-z0-9]+", text)), pick.paper.authors)


def _han(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("CJK UNIFIED")


def queries(found: Sequence[Held], seed: int = 4, share: float = 1.0) -> list[Query]:
    """SHARE of 200 Chinese queries, 100 English, 50 mixed, 50 ids, 50 authors, 20 single characters."""
    chance = random.Random(seed)
    chinese = [paper for paper in found if sum(map(_han, paper.reason)) > 8]

    def containing(text: str) -> frozenset[str]:
        wanted = fold(text)
        return frozenset(paper.id for paper in found if wanted in paper.text)

    def cut(shortest: int, longest: int, fits: Any) -> str:
        while True:
            reason = chance.choice(chinese).reason
            size = chance.randint(shortest, longest)
            start = chance.randrange(max(1, len(reason) - size))
            text = reason[start : start + size]
            if len(text) == size and fits(text):
                return text

    def number(whole: int) -> range:
        return range(max(1, round(whole * share)))

    all_words = sorted({word for paper in found for word in paper.words if word.isalpha() and len(word) > 2})
    made = [("chinese", cut(2, 8, lambda text: all(map(_han, text)))) for _ in number(200)]
    made += [("single", cut(1, 1, _han)) for _ in number(20)]
    mixed = re.compile(r"[a-z]{2}", re.IGNORECASE)
    made += [("mixed", cut(5, 12, lambda t: mixed.search(t) and any(map(_han, t)) and _whole(t))) for _ in number(50)]
    result = [Query(kind, text, containing(text)) for kind, text in made]
    for _ in number(80):
        word = chance.choice(all_words)
        result.append(Query("english", word, frozenset(paper.id for paper in found if word in paper.words)))
    for _ in number(20):
        title = re.findall("[a-z]+", chance.choice(found).text.split("\n")[0])[:12]
        start = chance.randrange(max(1, len(title) - 2))
        phrase = " ".join(title[start : start + 2])
        pattern = re.compile(r"(?<![a-z0-9])" + r"[^a-z0-9\w]+".join(title[start : start + 2]) + r"(?![a-z0-9])")
        result.append(
            Query("phrase", f'"{phrase}"', frozenset(paper.id for paper in found if pattern.search(paper.text)))
        )
    for _ in number(50):
        paper = chance.choice(found)
        result.append(Query("id", paper.id, frozenset([paper.id])))
    for _ in number(50):
        name = chance.choice(chance.choice(found).authors)
        wanted = fold(name)
        holders = frozenset(paper.id for paper in found if any(fold(author) == wanted for author in paper.authors))
        result.append(Query("author", f'author:"{name}"', holders))
    return result


def _whole(text: str) -> bool:
    """Whether TEXT is of one piece for the query language: no space, no quotation mark, no cut word."""
    return not re.search(r"[\s\"“”「」:：]", text) and _han(text[0]) and _han(text[-1])


class Measured(NamedTuple):
    queries: int
    recall: float
    precision: float
    slowest_ms: float
    median_ms: float
    missed: list[str]


def measure(asked: Sequence[Query], answers: Sequence[dict[str, Any]]) -> dict[str, Measured]:
    """Recall and precision by kind of query."""
    if failed := [query.text for query, answer in zip(asked, answers, strict=True) if answer["failed"]]:
        raise LookupError(f"the index did not load for {failed}")
    found: dict[str, Measured] = {}
    for kind in dict.fromkeys(query.kind for query in asked):
        rows = [(query, answer) for query, answer in zip(asked, answers, strict=True) if query.kind == kind]
        held_all = hit = given = 0
        missed = []
        for query, answer in rows:
            ids = answer["ids"]
            common = len(query.holders & set(ids)) if ids is not None else min(answer["count"], len(query.holders))
            held_all, hit, given = held_all + len(query.holders), hit + common, given + answer["count"]
            if common < len(query.holders):
                missed.append(query.text)
            if ids is not None:
                given += len(ids) - answer["count"]
        took = sorted(answer["took"] for _, answer in rows)
        recall, precision = hit / max(1, held_all), hit / max(1, given)
        found[kind] = Measured(len(rows), recall, precision, took[-1], took[len(took) // 2], missed)
    return found
