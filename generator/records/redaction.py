"""A paper withheld: of its texts nothing is shown but its id and a note, wherever it would stand. Pure."""

from collections.abc import Collection
from typing import Any, TypeVar

from generator.core.model import Day, Headline, Pick, Related, Rest, Spared, Unscored

RecordRow = TypeVar("RecordRow", Headline, Related, Rest, Spared, Unscored)

NOTE = "withheld"
"""The mark of a pick that is withheld; i18n.py says it in words."""

_TEXTS = frozenset({"title", "reason", "comment", "why"})


def withhold(day: Day, papers: Collection[str]) -> Day:
    """DAY without the texts of PAPERS."""
    if not papers or not (day.ids & set(papers) or any(pick.related for pick in day.picks)):
        return day
    return day.model_copy(
        update={
            "picks": tuple(_pick(pick, papers) for pick in day.picks),
            "rest": tuple(_row(row, papers) for row in day.rest),
            "unscored": tuple(_row(row, papers) for row in day.unscored),
            "spared": tuple(_row(row, papers) for row in day.spared),
            "headline": day.headline and _row(day.headline, papers),
        }
    )


def _pick(pick: Pick, papers: Collection[str]) -> Pick:
    related = tuple(_row(related, papers) for related in pick.related)
    if pick.paper.id not in papers:
        return pick.model_copy(update={"related": related})
    bare = {"title": pick.paper.id, "authors": (), "abstract": "", "comment": None}
    return Pick(
        paper=pick.paper.model_copy(update=bare),
        verdict=pick.verdict.model_copy(update={"reason": None}),
        related=related,
        notes=(NOTE,),
    )


def _row(row: RecordRow, papers: Collection[str]) -> RecordRow:
    """ROW, which tells nothing of a withheld paper but its id."""
    return row.model_copy(update={"title": row.id}) if row.id in papers else row


def withhold_in_json(value: Any, papers: Collection[str]) -> Any:
    """VALUE, the JSON of a record or of a day's abstracts, without the texts of PAPERS."""
    if isinstance(value, list):
        return [withhold_in_json(part, papers) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {key: withhold_in_json(part, papers) for key, part in value.items() if key not in papers}
    inner = kept.get("paper")
    own = kept.get("id") or (inner.get("id") if isinstance(inner, dict) else None)
    if own in papers:
        kept |= {key: str(own) for key in _TEXTS & kept.keys() if kept[key] is not None}
        kept |= {"authors": []} if "authors" in kept else {}
        if isinstance(verdict := kept.get("verdict"), dict):
            kept["verdict"] = verdict | {"reason": None}
    return kept
