"""What the operator says of papers: it stands in a record in place of the judge's verdict, whatever runs later."""

from collections.abc import Mapping
from typing import Any

from generator.core.model import CORRECTED, Correction, Day, Paper, Pick, Rest, Spared, Verdict
from generator.settings.config import Config


def score_of(day: Day, paper_id: str) -> float | None:
    """The score that PAPER_ID has in DAY; None where it has none."""
    scores = {pick.paper.id: pick.verdict.score for pick in day.picks} | {row.id: row.score for row in day.rest}
    return scores.get(paper_id)


def with_correction(day: Day, correction: Correction) -> Day:
    """DAY, which holds CORRECTION in place of an older one of the same paper, and says so among its changes."""
    kept = tuple(older for older in day.corrections if older.id != correction.id)
    said = f"{correction.made:%Y-%m-%d} corrected {correction.id}: {correction.why}"
    changes = {"corrections": (*kept, correction), "changes": (*day.changes, said), "updated": correction.made}
    return day.model_copy(update=changes)


def corrected(day: Day, papers: Mapping[str, Paper], config: Config) -> Day:
    """DAY as its corrections want it; PAPERS: the facts of those that may become picks."""
    if not day.corrections:
        return day
    facts = {**papers, **{pick.paper.id: pick.paper for pick in day.picks}}
    picks = {pick.paper.id: pick for pick in day.picks}
    rest = {row.id: row for row in day.rest}
    rows = {row.id: row for part in (day.unscored, day.spared, day.rest) for row in part}
    hidden: dict[str, Spared] = {}
    for correction in day.corrections:
        paper = facts.get(correction.id)
        pick = picks.pop(correction.id, None)
        verdict = _verdict(correction, pick, rest.pop(correction.id, None))
        source = paper or rows.get(correction.id)
        if source is None:
            continue
        about = {"id": source.id, "title": source.title, "primary": source.primary}
        if verdict is None:
            hidden[source.id] = Spared(**about, estimate=0, why=correction.why)
        elif paper is not None and _is_pick(verdict, correction, config, was=pick is not None):
            picks[paper.id] = _pick(paper, verdict, correction, pick)
        else:
            rest[source.id] = Rest(**about, score=verdict.score, raw=verdict.raw)
    settled = {*picks, *rest, *hidden}
    spared = [*(row for row in day.spared if row.id not in settled), *hidden.values()]
    parts = {
        "picks": tuple(sorted(picks.values(), key=pick_order)),
        "rest": tuple(sorted(rest.values(), key=rest_order)),
        "unscored": tuple(row for row in day.unscored if row.id not in settled),
        "spared": tuple(sorted(spared, key=spared_order)),
    }
    return day.model_copy(update=parts)


def pick_order(pick: Pick) -> tuple[float, float, str]:
    """The best first; among the same score those that the local judge held likelier."""
    return (-pick.verdict.score, -(pick.verdict.likely or 0.0), pick.paper.id)


def rest_order(row: Rest) -> tuple[float, str]:
    """The best first."""
    return (-row.score, row.id)


def spared_order(row: Spared) -> tuple[float, str]:
    """The likeliest first."""
    return (-row.estimate, row.id)


def _verdict(correction: Correction, pick: Pick | None, row: Rest | None) -> Verdict | None:
    """The judge's verdict with what CORRECTION says; None where neither has a score."""
    if pick is not None:
        verdict = pick.verdict
    elif row is not None:
        verdict = Verdict(score=row.score, raw=row.raw, field=None)
    elif correction.score is not None:
        verdict = Verdict(score=correction.score, field=None)
    else:
        return None
    said: dict[str, Any] = {} if correction.score is None else {"score": correction.score, "estimate": False}
    return verdict.model_copy(update=said | ({"field": correction.field} if correction.field else {}))


def _is_pick(verdict: Verdict, correction: Correction, config: Config, *, was: bool) -> bool:
    """Whether a paper WAS and stays a pick, or becomes one."""
    if correction.drop:
        return False
    if correction.score is None:
        return was
    field = config.field(verdict.field)
    return verdict.score >= (config.judge.threshold if field is None else config.threshold_of(field))


def _pick(paper: Paper, verdict: Verdict, correction: Correction, before: Pick | None) -> Pick:
    notes = [mark for mark in before.notes if not mark.startswith(CORRECTED)] if before else []
    made = before or Pick(paper=paper, verdict=verdict)
    return made.model_copy(update={"verdict": verdict, "notes": (*notes, f"{CORRECTED}{correction.why}")})
