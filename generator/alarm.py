"""The alarm: one issue in the repository while an announcement is overdue, closed by the run that completes it.

It works with the token that every workflow has. The issue is known by its label and by a mark in its text, so that
there is never a second one, whoever changed its title.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import requests

from generator.config import Config
from generator.dates import NEW_YORK, announcement_days, newest_announcement_day
from generator.errors import ArxivDailyError
from generator.gate import log, markdown
from generator.model import Day
from generator.receipt import missing
from generator.scoring import FILTERED, REFUSED
from generator.stats import Summary
from generator.store import Store

LABEL = "arxiv-daily-alarm"
MARK = "<!-- arxiv-daily alarm -->"
TITLE = "Something is missing: no complete page for an announcement"
TIMEOUT_SECONDS = 30
FINAL = {FILTERED, REFUSED}
"""Why a paper can be without a verdict for good: a day that lacks nothing else rings no bell."""


class AlarmError(ArxivDailyError):
    """GitHub did not take the alarm."""


class Github(NamedTuple):
    """The repository, and what may write its issues."""

    api: str
    repository: str
    token: str
    server: str = "https://github.com"


def github(env: Mapping[str, str]) -> Github:
    """As a workflow's environment names it. Raises AlarmError where it does not."""
    repository, token = env.get("GITHUB_REPOSITORY", "").strip(), env.get("GITHUB_TOKEN", "").strip()
    if not (repository and token):
        raise AlarmError("`alarm` is for the workflow: it needs GITHUB_REPOSITORY and GITHUB_TOKEN in the environment")
    api = env.get("GITHUB_API_URL", "").strip() or "https://api.github.com"
    return Github(api, repository, token, env.get("GITHUB_SERVER_URL", "").strip() or "https://github.com")


# What is overdue: no input, no output but records.


def due(day: dt.date, after_hours: float) -> dt.datetime:
    """The moment from which announcement DAY is overdue if it is not complete."""
    midnight = dt.datetime.combine(day, dt.time(), NEW_YORK).astimezone(dt.UTC)
    return midnight + dt.timedelta(hours=after_hours)


def overdue(found: Sequence[Summary], store: Store, config: Config, now: dt.datetime) -> list[str]:
    """A line of Markdown on each announcement to which runs still come back and which is overdue."""
    newest = newest_announcement_day(now)
    real = {one.date: one for one in found if not (one.sample or one.imported)}
    since = max(min(real, default=newest), newest - dt.timedelta(days=config.arxiv.catchup_days))
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


def body(troubles: Sequence[str], target: Github) -> str:
    """The text of the issue."""
    runs = f"{target.server}/{target.repository}/actions/workflows/daily.yml"
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


def update(target: Github, troubles: Sequence[str]) -> str:
    """Make the issue say TROUBLES, or close it where there are none; return a line on what was done.

    Raises AlarmError if GitHub does not take it.
    """
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {target.token}"
        session.headers["Accept"] = "application/vnd.github+json"
        session.headers["X-GitHub-Api-Version"] = "2022-11-28"
        session.trust_env = False
        issues = _Issues(session, target)
        return issues.raise_alarm(troubles) if troubles else issues.end()


class _Issues:
    """The open issues that carry our label and mark; there is one at most, unless somebody copied it."""

    def __init__(self, session: requests.Session, target: Github) -> None:
        self._session = session
        self._target = target
        self._url = f"{target.api}/repos/{target.repository}/issues"
        query = {"labels": LABEL, "state": "open", "per_page": "100"}
        found = self._call("GET", self._url, params=query)
        self._open = [one for one in found if MARK in (one.get("body") or "") and "pull_request" not in one]

    def raise_alarm(self, troubles: Sequence[str]) -> str:
        text = body(troubles, self._target)
        if not self._open:
            made = self._call("POST", self._url, json={"title": TITLE, "body": text, "labels": [LABEL]})
            return f"issue {int(made['number'])} opened: {len(troubles)} overdue"
        issue = self._open[0]
        number = int(issue["number"])
        if issue["body"].replace("\r\n", "\n") == text:
            return f"issue {number} is open already: {len(troubles)} overdue"
        self._call("PATCH", f"{self._url}/{number}", json={"body": text})
        return f"issue {number} is open already, and says what is new: {len(troubles)} overdue"

    def end(self) -> str:
        for issue in self._open:
            url = f"{self._url}/{int(issue['number'])}"
            self._call("POST", f"{url}/comments", json={"body": "Nothing is overdue any more."})
            self._call("PATCH", url, json={"state": "closed", "state_reason": "completed"})
        closed = ", ".join(str(int(issue["number"])) for issue in self._open)
        return f"nothing is overdue; issue {closed} closed" if closed else "nothing is overdue"

    def _call(self, method: str, url: str, **request: Any) -> Any:
        try:
            answer = self._session.request(method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **request)
        except requests.RequestException as error:
            raise AlarmError(f"GitHub could not be reached: {log(str(error))}") from None
        if answer.status_code == 410:
            raise AlarmError("issues are switched off in this repository: Settings -> General -> Features -> Issues")
        if not 200 <= answer.status_code < 300:
            raise AlarmError(f"GitHub answered {answer.status_code} to {method} {log(url)}: {log(answer.text, 120)}")
        try:
            return answer.json()
        except ValueError:
            raise AlarmError(f"GitHub's answer to {method} {log(url)} is no JSON") from None
