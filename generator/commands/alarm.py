"""The alarm: one issue in the repository while an announcement is overdue or given up, or a job of the workflow fails.

It works with the token that every workflow has. The issue is known by a mark in its text, and by its author or its
label: there is never a second one, whoever changed title or label. Who closes it by hand wants to hear no more of what
it names; the first thing that it does not name opens it again. When all is well it is closed, and its mark goes.
"""

import argparse
import datetime as dt
import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.commands import notify
from generator.commands.github import Client, GithubError, Repository, repository
from generator.core import damage
from generator.core.calendar import NEW_YORK, announcement_days, newest_announcement_day
from generator.core.errors import ArxivDailyError
from generator.core.escape import markdown
from generator.core.i18n import FALLBACK, words
from generator.records.store import Store, store_of
from generator.records.summaries import Summary, first_expected_day, summaries_of
from generator.run.report import given_up_recently, horizon, is_final, missing, recovery_commands
from generator.settings.config import Config
from generator.settings.context import DONE, Context
from generator.settings.providers import warning as ending

LABEL = "arxiv-daily-alarm"
ALARM_MARK = "<!-- arxiv-daily alarm -->"
OVER = "<!-- arxiv-daily alarm, over -->"
"""Takes the place of MARK in an issue of which nothing is left."""
AUTHOR = "github-actions[bot]"
TITLE = "Something is overdue or does not work"
FIRST_JOB = "generate"
"""The job on which the others build: where it did not succeed, one that was skipped may still be broken."""


class AlarmError(ArxivDailyError):
    """GitHub did not take the alarm."""


def target(env: Mapping[str, str], root: Path) -> Repository:
    """The repository of the workflow that runs. Raises AlarmError outside of one."""
    found = repository(env, root)
    if found is None or not found.token:
        raise AlarmError("`alarm` is for the workflow: it needs GITHUB_REPOSITORY and GITHUB_TOKEN in the environment")
    return found


# What is overdue: no input, no output but records.


def is_alarm_due(day: dt.date, after_hours: float) -> dt.datetime:
    """The moment from which announcement DAY is overdue if it is not complete."""
    midnight = dt.datetime.combine(day, dt.time(), NEW_YORK).astimezone(dt.UTC)
    return midnight + dt.timedelta(hours=after_hours)


def overdue(found: Sequence[Summary], store: Store, config: Config, now: dt.datetime) -> list[str]:
    """A line of Markdown on each announcement to which runs still come back and which is overdue."""
    newest = newest_announcement_day(now)
    since = max(first_expected_day(found, config.arxiv.catchup_days) or newest, horizon(config, now))
    late = [day for day in announcement_days(since, newest) if now >= is_alarm_due(day, config.alarm.after_hours)]
    real = {summary.date: summary for summary in found if summary.is_real}
    return [line for day in late for line in _trouble(day, real.get(day), store)]


def given_up_days(
    found: Sequence[Summary], store: Store, config: Config, now: dt.datetime, told: Collection[str] = ()
) -> list[dt.date]:
    """The announcements that are not complete and to which no run comes back: the last ones, and those TOLD already."""
    return given_up_recently(found, store, config, now, lambda day: _tells(told, str(day)))


def _trouble(date: dt.date, summary: Summary | None, store: Store) -> Iterator[str]:
    if summary is not None and summary.complete:
        return
    day = store.read(date) if summary else None
    if day is None:
        yield f"**{date}**: there is no page; no run could read anything of it"
    elif not is_final(day):
        yield f"**{date}**: {markdown('; '.join(missing(day)))}"


def ending_model(found: Sequence[Summary], config: Config, now: dt.datetime) -> list[str]:
    """A line on the model that judges the newest day, if it ends soon."""
    newest = max((summary for summary in found if summary.is_real), key=lambda summary: summary.date, default=None)
    if newest is None or newest.judge != "llm":
        return []
    told = ending(config, now.date())
    return [f"**Model**: {markdown(told)}"] if told else []


def stopped(error: ArxivDailyError) -> str:
    """The line on an ERROR that keeps every run from working."""
    return f"**Nothing works**: {markdown(str(error))}"


def failed(jobs: Mapping[str, str], where: Repository) -> list[str]:
    """A line on each of the workflow's JOBS, results by name, that went wrong.

    GitHub calls a job cancelled that ran out of time, too. Of the first job an announcement would tell that.
    """
    said = {"failure": "this job has failed", "cancelled": "this job was cancelled, or ran out of time"}
    late = (FIRST_JOB, "cancelled")
    wrong = {name: said[result] for name, result in jobs.items() if result in said and (name, result) != late}
    run = f"{where.server}/{where.name}/actions/runs/{where.run}" if where.run else _runs(where)
    effect = "; the site stays as it was built last"
    return [
        f"**{name}**: {what}, see [its run]({run}){'' if name == FIRST_JOB else effect}" for name, what in wrong.items()
    ]


def _runs(where: Repository) -> str:
    return f"{where.server}/{where.name}/actions/workflows/daily.yml"


_NAMED = re.compile(r"\*\*([\w-]+(?: to [\w-]+)?)\*\*")
_STRETCH = re.compile(r"(\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d)")


def _tells(told: Collection[str], name: str) -> bool:
    """Whether NAME is among those TOLD, or a date within one that is a stretch: dates sort as their text does."""
    ends = (found.groups() for line in told if (found := _STRETCH.fullmatch(line)))
    return name in told or any(first <= name <= last for first, last in ends)


def _causes(lines: Iterable[str]) -> dict[str, str]:
    """LINES by what each is about: a date or a stretch of them, a job, or else its own words."""
    return {found[1] if (found := _NAMED.match(line)) else line: line for line in lines}


def _told(issue: Mapping[str, Any]) -> dict[str, str]:
    """The lines of ISSUE by what they are about."""
    return _causes(line[2:] for line in _text(issue).splitlines() if line.startswith("- "))


def _text(issue: Mapping[str, Any]) -> str:
    """The text of ISSUE; an editor in a browser ends lines in another way."""
    return (issue.get("body") or "").replace("\r\n", "\n")


def _unsettled(told: Mapping[str, str], jobs: Mapping[str, str]) -> list[str]:
    """The lines TOLD of jobs of which the results of JOBS do not say that they work again."""
    went_on = jobs.get(FIRST_JOB) == "success"
    works = {name for name, result in jobs.items() if result == "success" or (result == "skipped" and went_on)}
    return [line for name, line in told.items() if re.fullmatch(r"[a-z-]+", name) and name not in works]


def body(given_up: Sequence[str], troubles: Sequence[str], where: Repository) -> str:
    """The text of the issue: the lines on what was GIVEN_UP and on all other TROUBLES."""
    further = f"Every further run continues with what {'else ' if given_up else ''}is missing, and"
    return "\n".join(
        [
            ALARM_MARK,
            "This is overdue or does not work:",
            "",
            *(f"- {line}" for line in (*given_up, *troubles)),
            "",
            *([words(FALLBACK)["receipt_given_up_text"], ""] if given_up else []),
            f"The [runs]({_runs(where)}) say more; `docs/ops/troubleshooting.md` says what to do.",
            f"{further} the one after which all is well closes this issue.",
            "If you close it, it stays closed until something else is wrong.",
        ]
    )


# The issue.


def update(
    where: Repository,
    troubles: Sequence[str],
    jobs: Mapping[str, str],
    given_up: Callable[[Collection[str]], Sequence[dt.date]] = lambda _told: (),
) -> str:
    """Make the issue of the repository say TROUBLES and which JOBS went wrong, or close it if nothing is to be said.

    GIVEN_UP: the announcements that were, by the names that an open issue tells. Returns a line on what was done.
    Raises AlarmError if GitHub does not take it.
    """
    wrong = [*troubles, *failed(jobs, where)]
    with Client(where) as client:
        try:
            return _update(client, where, wrong, jobs, given_up)
        except GithubError as error:
            if error.status != 410:
                raise AlarmError(str(error)) from None
    off = "issues are switched off in this repository: Settings -> General -> Features -> Issues"
    if wrong:
        raise AlarmError(off)
    days = ", ".join(recovery_commands(given_up(())))  # no error: the job would be red until somebody completes them
    return f"{f'given up: {days}' if days else 'nothing is overdue'}; warning: no alarm could be raised, {off}"


def _update(
    client: Client,
    where: Repository,
    wrong: Sequence[str],
    jobs: Mapping[str, str],
    given_up: Callable[[Collection[str]], Sequence[dt.date]],
) -> str:
    found = _ours(client)
    last = next(iter([issue for issue in found if issue["state"] == "open"] or found), None)
    told = _told(last) if last else {}
    lines = _causes([*_unsettled(told, jobs), *wrong])
    gone = given_up(told if last and last["state"] == "open" else ())
    if not lines and not gone:
        return _end(client, found)
    lost = [f"**{name}**: given up, `{command}`" for name, command in recovery_commands(gone).items()]
    text = body(lost, list(lines.values()), where)
    if last is not None:
        new = sorted(name for name in {*map(str, gone), *lines} if not _tells(told, name))
        return _say_again(client, last, text, new)
    made = client.call("POST", "/issues", json={"title": TITLE, "body": text, "labels": [LABEL]})
    return f"issue {int(made['number'])} opened: {len(lost) + len(lines)} to look at"


def _ours(client: Client) -> list[dict[str, Any]]:
    """The issues with our mark, newest first; those that are closed were closed by hand, since we take the mark away.

    A mark alone is nothing: anybody may write one. Only who works on the repository can set a label.
    """
    found: dict[int, dict[str, Any]] = {}
    for mine in ({"creator": AUTHOR}, {"labels": LABEL}):
        listed = client.call("GET", "/issues", params={**mine, "state": "all", "per_page": "100"})
        found |= {
            int(issue["number"]): issue
            for issue in listed
            if ALARM_MARK in _text(issue) and "pull_request" not in issue
        }
    return [found[number] for number in sorted(found, reverse=True)]


def _say_again(client: Client, issue: Mapping[str, Any], text: str, new: Sequence[str]) -> str:
    """Let ISSUE say TEXT, unless it was closed by hand and there is nothing NEW."""
    number = int(issue["number"])
    closed = issue["state"] != "open"
    if closed and not new:
        return f"issue {number} was closed by hand, and nothing else is wrong since"
    if not closed and _text(issue) == text:
        return f"issue {number} is open already and up to date"
    client.call("PATCH", f"/issues/{number}", json={"body": text, "state": "open"})
    what = f": {', '.join(new)}" if new else ""
    return f"issue {number} opened again{what}" if closed else f"issue {number} is open already; its text is updated"


def _end(client: Client, found: Sequence[Mapping[str, Any]]) -> str:
    for issue in found:
        number, was_open = int(issue["number"]), issue["state"] == "open"
        if was_open:
            comment = "Nothing is overdue any more, and everything works."
            client.call("POST", f"/issues/{number}/comments", json={"body": comment})
        end = {"state": "closed", "state_reason": "completed"} if was_open else {}
        client.call("PATCH", f"/issues/{number}", json={"body": _text(issue).replace(ALARM_MARK, OVER), **end})
    closed = ", ".join(str(issue["number"]) for issue in found if issue["state"] == "open")
    return f"nothing is overdue; issue {closed} closed" if closed else "nothing is overdue"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    what = "how a job of the workflow ended, such as build=failure; once for each"
    parser.add_argument("--job", type=_job, action="append", default=[], metavar="NAME=RESULT", help=what)


def _job(text: str) -> tuple[str, str]:
    """A job of the workflow and its result, as GitHub names them."""
    found = re.fullmatch(r"([a-z-]+)=(success|failure|cancelled|skipped)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"invalid job {text!r} (expected NAME=RESULT, such as build=failure)")
    return found[1], found[2]


def execute(context: Context, args: argparse.Namespace) -> int:
    """Open, change or close the issue, and say which."""
    state = (summaries_of(context.root), store_of(context.root), context.config, context.now)
    where = target(context.environment, context.root)
    rotten = [f"**Damaged**: {markdown(message)}" for message in damage.messages()]
    troubles = [*overdue(*state), *rotten, *ending_model(state[0], context.config, context.now)]
    context.talk.result(update(where, troubles, dict(args.job), functools.partial(given_up_days, *state)))
    notify.tell_of_alarm([*troubles, *failed(dict(args.job), where)], _runs(where), context)
    return DONE


def report_stop(error: ArxivDailyError, args: argparse.Namespace, env: Mapping[str, str]) -> None:
    """Tell of ERROR, which stopped this command, in the issue itself. Raises AlarmError where GitHub refuses that."""
    if not isinstance(error, AlarmError):
        update(target(env, args.root or Path()), [stopped(error)], dict(args.job))
