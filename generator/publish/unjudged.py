"""What readers are told of papers without a verdict, and of who judged the others. Pure."""

from collections import Counter
from collections.abc import Mapping

from generator.core.model import Day


def judged_by(day: Day, w: Mapping[str, str]) -> str:
    """Who judged DAY; a record without a model is one of the offline judge only if it says so."""
    if day.judge == "offline":
        return w["offline_judge"]
    if day.model:
        return " + ".join((day.model, *day.other_models))
    return w["unknown"] if day.picks or day.rest else w["none"]


def why_in_words(why: str, w: Mapping[str, str]) -> str:
    """WHY a paper has no verdict, as readers see it; what is no reason of ours stays as it is."""
    return w.get(f"why_{why}", why)


def not_judged(day: Day, w: Mapping[str, str]) -> str:
    """How many papers of DAY have no verdict and why; empty if all have one."""
    if not day.unscored:
        return ""
    found = Counter(why_in_words(row.why, w) for row in day.unscored)
    whys = sorted(found, key=lambda why: (-found[why], why))
    told = whys if len(whys) == 1 else [f"{why}{w['colon']}{found[why]}" for why in whys]
    return w["not_judged"].format(n=f"{len(day.unscored):,}", why=w["semicolon"].join(told))


def no_picks(day: Day, w: Mapping[str, str]) -> str:
    """Why DAY has no pick: no paper was good enough, or nobody has judged them yet."""
    found = [w["no_picks"]] if day.rest or not day.unscored else []
    return " ".join([*found, *filter(None, [not_judged(day, w)])])
