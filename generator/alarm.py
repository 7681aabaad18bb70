"""The alarm: one issue in the repository while an announcement is overdue, closed by the run that completes it.

It works with the token that every workflow has. The issue is known by its label and by a mark in its text, so that
there is never a second one, whoever changed its title.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.config import Config
from generator.dates import NEW_YORK, announcement_days, newest_announcement_day
from generator.errors import ArxivDailyError
from generator.gate import markdown
from generator.github import Client, GithubError, Repository, repository
from generator.guard import HELD
from generator.model import Day
from generator.receipt import missing
from generator.scoring import FILTERED, REFUSED
from generator.stats import Summary, first_owed
from generator.store import Store

LABEL = "arxiv-daily-alarm"
MARK = "<!-- arxiv-daily alarm -->"
TITLE = "Something is missing: no complete page for an announcement"
FINAL = {FILTERED, REFUSED, HELD}
"""Why a paper can be without a verdict for good: a day that lacks nothing else rings no bell."""


class AlarmError(ArxivDailyError):
    """GitHub did not take the alarm."""


def target(env: Mapping[str, str], root: Path) -> Repository:
    """The repository of the workflow that runs. Raises AlarmError outside of one."""
    found = repository(env, root)
    if found is None or not found.token:
        raise AlarmError("`alarm` is for the workflow: it needs GITHUB_REPOSITORY and GITHUB_TOKEN in the environment")
    return found


# What is overdue: no input, no output but records.


def due(day: dt.date, after_hours: float) -> dt.datetime:
    """The moment from which announcement DAY is overdue if it is not complete."""
    midnight = dt.datetime.combine(day, dt.time(), NEW_YORK).astimezone(dt.UTC)
    return midnight + dt.timedelta(hours=after_hours)


def overdue(found: Sequence[Summary], store: Store, config: Config, now: dt.datetime) -> list[str]:
    """A line of Markdown on each announcement to which runs still come back and which is overdue."""
    newest = newest_announcement_day(now)
    real = {one.date: one for one in found if not (one.sample or one.imported)}
    since = max(
        first_owed(found, config.arxiv.catchup_days) or newest, newest - dt.timedelta(days=config.arxiv.catchup_days)
    )
    late = [day for day in announcement_days(since, newest) if now >= due(day, config.alarm.after_hours)]
    return [line for day in late for line in _trouble(day, real.get(day), store)]


def _trouble(date: dt.date, one: Summary | None, store: Store) -> Iterator[str]:
    if one is not None and one.complete:
        return
    day = store.read(date) if one else None
    if day is None:
        yield f"**{date}**: there is no page; no run could read anything of it"
    elif not _is_final(day):
        yield f"**{date}**: {markdown('; '.join(missing(day)))}"


def _is_final(day: Day) -> bool:
    """Whether all that DAY lacks are verdicts that no run will get."""
    return day.model_copy(update={"unscored": ()}).complete and {row.why for row in day.unscored} <= FINAL


def stopped(error: ArxivDailyError) -> str:
    """The line on an ERROR that keeps every run from working."""
    return f"**Nothing works**: {markdown(str(error))}"


def body(troubles: Sequence[str], where: Repository) -> str:
    """The text of the issue."""
    runs = f"{where.server}/{where.name}/actions/workflows/daily.yml"
    return "\n".join(
        [
            MARK,
            "These announcements are overdue:",
            "",
            *(f"- {line}" for line in troubles),
            "",
            f"The [runs]({runs}) say more; `docs/ops/troubleshooting.md` says what to do.",
            "Every further run goes on with what is missing, and the one that completes it closes this issue.",
        ]
    )


# The issue.


def update(where: Repository, troubles: Sequence[str]) -> str:
    """Make the issue of the repository say TROUBLES, or close it where there are none; return a line on what was done.

    Raises AlarmError if GitHub does not take it.
    """
    with Client(where) as client:
        try:
            found = _open_issues(client)
            return _raise(client, found, body(troubles, where), len(troubles)) if troubles else _end(client, found)
        except GithubError as error:
            if error.status == 410:
                how = "Settings -> General -> Features -> Issues"
                raise AlarmError(f"issues are switched off in this repository: {how}") from None
            raise AlarmError(str(error)) from None


def _open_issues(client: Client) -> list[dict[str, Any]]:
    """The open issues with our label and mark: one at most, unless somebody copied it."""
    found = client.call("GET", "/issues", params={"labels": LABEL, "state": "open", "per_page": "100"})
    return [one for one in found if MARK in (one.get("body") or "") and "pull_request" not in one]


def _raise(client: Client, found: Sequence[dict[str, Any]], text: str, count: int) -> str:
    if not found:
        made = client.call("POST", "/issues", json={"title": TITLE, "body": text, "labels": [LABEL]})
        return f"issue {int(made['number'])} opened: {count} overdue"
    number = int(found[0]["number"])
    if found[0]["body"].replace("\r\n", "\n") == text:
        return f"issue {number} is open already: {count} overdue"
    client.call("PATCH", f"/issues/{number}", json={"body": text})
    return f"issue {number} is open already, and says what is new: {count} overdue"


def _end(client: Client, found: Sequence[dict[str, Any]]) -> str:
    numbers = [int(issue["number"]) for issue in found]
    for number in numbers:
        client.call("POST", f"/issues/{number}/comments", json={"body": "Nothing is overdue any more."})
        client.call("PATCH", f"/issues/{number}", json={"state": "closed", "state_reason": "completed"})
    closed = ", ".join(map(str, numbers))
    return f"nothing is overdue; issue {closed} closed" if closed else "nothing is overdue"
