"""`doctor`: whether a run would work, one thing after the other; what is not well says what to do about it."""

import argparse
import datetime as dt
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from generator import __version__
from generator.commands.github import Client, GithubError, Repository, pages_from_branch, repository
from generator.core import damage
from generator.core.calendar import NEW_YORK, is_announcement_day
from generator.core.errors import ArxivDailyError, ConfigError, JudgeError, RecordError, SourceError
from generator.core.escape import log
from generator.core.model import Paper, Spending
from generator.core.text import counted
from generator.judges.llm import batch_states
from generator.judges.llm.budget import Budget, Estimator, cost_of
from generator.judges.llm.client import Model
from generator.judges.llm.ledger import EVALUATIONS, LEDGER, Ledger
from generator.judges.llm.probe import expected_seconds, fitting, is_own_machine
from generator.judges.llm.provider_errors import Failure
from generator.judges.llm.reply import Reply
from generator.judges.local.keywords import field_terms, low_interest_in_fields, low_terms
from generator.records.summaries import summaries_of
from generator.run.report import cost_in_words
from generator.settings.config import LOCAL_URL, Config, look_alikes
from generator.settings.context import DONE, FAILED, STATE, Context
from generator.settings.providers import end_of
from generator.settings.providers import warning as ending
from generator.sources.api import ArxivClient
from generator.sources.http import Wire, user_agent
from generator.sources.rss import read_feed

FEW_TERMS = 8
"""Words of a field below which the offline judge finds little."""
KNOWN_PAPER = "1706.03762"
"""A paper that arXiv surely has, and a sober question for a model."""
TYPICAL_TEXT = 1300
"""Characters of a title and an abstract."""
QUIET_DAYS = 2
"""Days without a run from which on something is wrong: the schedule has ticks at weekends, too."""
AROUND_MIDNIGHT = dt.timedelta(hours=1)
"""Before and after midnight in New York the feed's date may be that of either day: clocks are minutes off, caches old.

At any other time it is today's, at weekends and on holidays too: the feed is made anew each day, if only empty.
"""
LOW_DISK, LEAST_DISK = 1_000_000_000, 100_000_000
WORKFLOW = Path(".github/workflows/daily.yml")
Level = Literal["ok", "warning", "error"]
WELL = (None, "success", "skipped", "neutral")
ENDED_BADLY: dict[str, tuple[Level, str]] = {
    "failure": ("error", "its summary says why, see docs/ops/troubleshooting.md"),
    "startup_failure": ("error", f"GitHub cannot start it: restore {WORKFLOW} with git; look at Settings -> Actions"),
    "timed_out": (
        "error",
        "its log says what took long; Actions -> daily -> Run workflow continues where it stopped",
    ),
    "action_required": ("warning", "it waits for somebody's approval: Actions -> daily"),
    "cancelled": ("warning", "by hand or by a time limit, as its log says; the next run continues where it stopped"),
}
"""What GitHub says of a run of the workflow that did not end WELL (None: it has not ended), and what to do."""


class Finding(NamedTuple):
    """One line: how it stands with `what`, and for a warning or an error what to do."""

    level: Level
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.level:8}{log(self.what, 400)}" + (f"; {self.remedy}" if self.remedy else "")


def examine(context: Context, target: Repository | None) -> Iterator[Finding]:
    """A finding on each thing, as soon as it is known."""
    yield from _configuration(context.config_file, context.config)
    yield from _fields(context.config)
    yield from _files(context.root)
    yield from _batches(context.root / STATE / batch_states.BATCHES_FOLDER)
    yield from _arxiv(context.config, context.now)
    yield from _model(context)
    yield from _workflow(context.root)
    yield from _github(target, context.now) if target else _crontab()


def _configuration(path: Path, config: Config) -> Iterator[Finding]:
    yield Finding("ok", f"configuration: {len(config.fields)} fields, {' '.join(config.arxiv.categories)}")
    for alias, name in config.arxiv.aliases.items():
        remedy = f"arXiv files no paper under it; write {name!r} in [arxiv] categories"
        yield Finding("warning", f"category {alias} is an alias and read as {name}", remedy)
    for name in look_alikes(path):
        yield Finding("warning", f"{name} is ignored, {path.name} is used", "remove the wrong one")
    if config.site.url == LOCAL_URL:
        yield Finding("warning", "the site has no public address", "set url in [site], or run `arxiv-daily init`")
    elif not config.site.authority:
        yield Finding("warning", "feed ids depend on the site URL", "run `arxiv-daily init` once, before you publish")
    else:
        yield Finding("ok", f"site: {config.site.url}, feeds' ids of {config.site.authority}")


def _fields(config: Config) -> Iterator[Finding]:
    for field in config.fields:
        terms = field_terms(field)
        count = len(set(terms.words)) + len(terms.keywords)
        if count < FEW_TERMS:
            remedy = "describe it in two or three English sentences, or add keywords"
            yield Finding("warning", f"field {field.slug}: {count} English words for the offline judge", remedy)
    for topic in config.low_interest:
        if not any(low_terms(topic)):
            remedy = "describe it in English words, or add keywords"
            yield Finding("warning", f"low interest {topic.name}: no English word for the offline judge", remedy)
    for keyword, slugs in low_interest_in_fields(config).items():
        remedy = "papers of that field are pushed down for it: take it out of [[low_interest]]"
        yield Finding("warning", f"{keyword!r} is of low interest and a word of field {', '.join(slugs)}", remedy)


def _files(root: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(root).free
    level: Level = "error" if free < LEAST_DISK else "warning" if free < LOW_DISK else "ok"
    yield Finding(level, f"disk: {free / 1e9:.1f} GB free", "" if level == "ok" else "make room")
    try:
        found = summaries_of(root)
        ledgers = [Ledger(root / STATE / name) for name in (LEDGER, EVALUATIONS)]
    except RecordError as error:
        yield Finding("error", str(error))
        return
    yield from (Finding("error", message) for message in damage.messages())
    real = [summary for summary in found if not summary.sample]
    what = (
        f"{counted(len(real), 'day')}, {sum(not summary.complete for summary in real)} of them incomplete"
        if real
        else "no day yet"
    )
    yield Finding("ok", f"records: {what}")
    for warning in (warning for ledger in ledgers for warning in ledger.warnings):
        yield Finding("warning", warning, "what that line held may be asked and paid for again")


def _batches(folder: Path) -> Iterator[Finding]:
    """States of batches that stop a run, or that it sets aside."""
    try:
        damaged = batch_states.damaged(folder)
    except RecordError as error:
        yield Finding("error", str(error))
        return
    remedy = "restore it from a copy; else the next run sets it aside, and its papers may be asked and paid for again"
    for path in damaged:
        yield Finding("warning", f"{path} is damaged, the state of a batch", remedy)


def _arxiv(config: Config, now: dt.datetime) -> Iterator[Finding]:
    settings = config.arxiv.model_copy(update={"patience_minutes": 0.0})
    wire = Wire(settings, user_agent(__version__, config.site.url))
    wait = (
        "arXiv may be down; a run waits, and a later run continues. Otherwise correct ARXIV_API_URL and ARXIV_RSS_URL"
    )
    try:
        ArxivClient(settings, wire).papers_by_id([KNOWN_PAPER])
        yield Finding("ok", "arXiv's API answers")
    except SourceError as error:
        yield Finding("error", str(error), wait)
    try:
        feed = read_feed(wire, settings.rss_url, settings.categories)
    except SourceError as error:
        yield Finding("error", str(error), wait)
        return
    yield _clock(now, feed.built)
    counts = {name: sum(paper.primary == name for paper in feed.new) for name in settings.categories}
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    empty = [name for name, count in counts.items() if not count]
    if empty and is_announcement_day(feed.built) and len(empty) < len(counts):
        yield Finding("warning", f"RSS: {told} new", f"no papers in {', '.join(empty)}: check their names")
    else:
        yield Finding("ok", f"RSS: {told} new")


def _clock(now: dt.datetime, built: dt.date) -> Finding:
    """Whether it is NOW by another clock, too; BUILT: the date in New York on which arXiv made its feed."""
    earliest, latest = ((now + by).astimezone(NEW_YORK).date() for by in (-AROUND_MIDNIGHT, AROUND_MIDNIGHT))
    if earliest <= built <= latest:
        return Finding("ok", f"clock: {now:%Y-%m-%d %H:%M} UTC, arXiv's feed was built {built}")
    what = f"clock: it is {now.astimezone(NEW_YORK).date()} in New York by this machine, and {built} by arXiv's feed"
    if built > latest:
        return Finding("warning", what, "the clock is behind: set it (ARXIV_DAILY_NOW overrides it)")
    remedy = "the clock is ahead (set it; ARXIV_DAILY_NOW overrides it), or arXiv serves an old feed (look again later)"
    return Finding("warning", what, remedy)


def _model(context: Context) -> Iterator[Finding]:
    config, key = context.config, context.key
    if key is None:
        yield Finding("warning", "no model: the offline judge is used", "set OPENAI_API_KEY to use a language model")
        return
    name = config.llm.model
    if told := ending(config, context.now.date()):
        end = end_of(name, config.llm.base_url)
        over = end is not None and end.end <= context.now.date()
        yield Finding("error" if over else "warning", told)
    if complaint := _budget(config):
        yield Finding("error", complaint)
    paper = Paper(
        id=KNOWN_PAPER,
        title="Attention Is All You Need",
        authors=("Ashish Vaswani",),
        abstract="We propose a network architecture based solely on attention mechanisms.",
        categories=("cs.CL",),
        submitted=None,
    )
    try:
        with Model(config, key) as model:
            begun = time.monotonic()
            reply, form = model.ask([paper]), model.form
            seconds = time.monotonic() - begun
    except ArxivDailyError as error:
        remedy = "" if isinstance(error, JudgeError) else "see docs/ops/providers.md"
        yield Finding("error", f"model {name}: {error}", remedy)
        return
    if isinstance(reply, Failure):
        remedy = "look at OPENAI_BASE_URL and OPENAI_MODEL; docs/ops/providers.md lists the addresses"
        yield Finding("error", f"model {name}: {reply.detail}", remedy)
    else:
        yield from _answer(context, reply, form, seconds)


def _answer(context: Context, reply: Reply, form: str, seconds: float) -> Iterator[Finding]:
    """What REPLY to one paper, in FORM after SECONDS, says of the model: usable, fast enough, at a known price."""
    config, name = context.config, context.config.llm.model
    price = config.price(reply.model or name) or config.price(name)
    cost = (
        "cost unknown"
        if reply.tokens is None
        else cost_in_words(cost_of(reply.tokens, price, context.now), config.budget.currency)
    )
    tokens = "tokens unknown" if reply.tokens is None else f"{reply.tokens.input + reply.tokens.output} tokens"
    said = f"model {reply.model or name}: answers as {form}; this call: {tokens}, {cost}"
    if not reply.answers:
        yield Finding(
            "error", f"{said}; {reply.problem}: no usable answer", "choose another model, see docs/ops/providers.md"
        )
        return
    yield Finding("ok", said)
    if is_own_machine(config.llm.base_url) and (fit := fitting(seconds, config.llm)):
        expected, limit = expected_seconds(seconds, config.llm), config.llm.timeout_seconds
        what = (
            f"model {name}: {seconds:.1f} s for one paper; a full call may take {expected:.0f} s, more than {limit:g}"
        )
        yield Finding("warning", what, f"set in [llm]: {fit}")
    if price is None and config.budget.money_per_run is None and config.budget.money_per_month is None:
        remedy = "add it as [[prices]] in config.toml, with 0 if it costs nothing"
        yield Finding("warning", f"no price of {name}: costs are unknown", remedy)


def _budget(config: Config) -> str:
    """Why the budgets allow no call at all, whatever was spent; empty if they do."""
    paper = Paper(id=KNOWN_PAPER, title="", authors=(), abstract="x" * TYPICAL_TEXT, categories=(), submitted=None)
    expected = Estimator(config).expect([paper] * config.llm.papers_per_call)
    try:
        budget = Budget(config.budget, config.price(config.llm.model), config.llm.model, Spending())
    except ConfigError as error:
        return str(error)
    budget.reserve(expected)
    return budget.refused or ""


def _workflow(root: Path) -> Iterator[Finding]:
    """What can be read in the workflow's own file."""
    path = root / WORKFLOW
    if not path.exists():
        return
    try:
        ticks = len(re.findall(r"^[ \t]*- cron:", path.read_text(encoding="utf-8"), re.MULTILINE))
    except (OSError, UnicodeDecodeError) as error:
        yield Finding("error", f"{WORKFLOW} cannot be read: {error}", "restore it with git")
        return
    if ticks:
        yield Finding("ok", f"{WORKFLOW}: {ticks} scheduled runs a day")
    else:
        yield Finding("warning", f"{WORKFLOW} has no schedule", "restore it with git, or use cron on your own machine")


def _github(target: Repository, now: dt.datetime) -> Iterator[Finding]:
    """What GitHub tells of the repository's settings, and of the workflow's last run."""
    try:
        with Client(target) as client:
            told = client.call("GET", "")
            workflow = client.call("GET", f"/actions/workflows/{WORKFLOW.name}")
            runs = client.call("GET", f"/actions/workflows/{WORKFLOW.name}/runs", params={"per_page": "1"})
            branch = pages_from_branch(client) if told.get("has_pages") else None
    except GithubError as error:
        yield Finding("warning", f"{target.name}: {error}", "set GITHUB_TOKEN to check the repository's settings")
        return
    pages = "Settings -> Pages -> Source: GitHub Actions"
    if branch is None:
        yield _switch(bool(told.get("has_pages")), f"{target.name}: Pages", "error", pages)
    else:
        what = f"{target.name}: Pages shows the branch {branch}, not what the workflow deploys"
        yield Finding("warning", what, f"{pages}, unless you push the site there yourself")
    issues = "Settings -> General -> Features -> Issues; the alarm needs them"
    yield _switch(bool(told.get("has_issues")), f"{target.name}: issues", "warning", issues)
    state = workflow.get("state")
    remedy = "Actions -> daily -> Enable workflow; a fork's schedule is off until then"
    yield _switch(state == "active", f"{target.name}: the workflow", "error", remedy)
    yield _last_run(runs.get("workflow_runs"), now)


def _last_run(runs: object, now: dt.datetime) -> Finding:
    """How it went the last time, and whether that was lately; RUNS as GitHub tells them, the newest first."""
    last = runs[0] if isinstance(runs, list) and runs and isinstance(runs[0], dict) else None
    if last is None:
        return Finding("warning", "the workflow has never run", "Actions -> daily -> Run workflow")
    try:
        began = dt.datetime.fromisoformat(str(last.get("created_at")))
        days = (now - began).days
    except (ValueError, TypeError):
        return Finding("warning", "GitHub does not say when the workflow ran", "look at Actions -> daily")
    ended = last.get("conclusion")
    what = f"the workflow's last run, {began:%Y-%m-%d %H:%M} UTC: {ended or last.get('status')}"
    level, remedy = _ending(ended)
    if days >= QUIET_DAYS and level != "error":
        return Finding("warning", what, f"{days} days ago: Actions -> daily -> Enable workflow restarts its schedule")
    return Finding(level, what, remedy)


def _ending(ended: object) -> tuple[Level, str]:
    """How well it is that a run has ENDED so, and what to do."""
    if ended in WELL:
        return "ok", ""
    return ENDED_BADLY.get(str(ended), ("warning", "Actions -> daily -> its log says why"))


def _switch(on: bool, what: str, level: Literal["warning", "error"], remedy: str) -> Finding:
    return Finding("ok", f"{what} on") if on else Finding(level, f"{what} off", remedy)


def _crontab() -> Iterator[Finding]:
    """Whether the machine's own timetable knows us."""
    program = shutil.which("crontab")
    remedy = "see docs/ops/publish.md, unless GitHub or another timer runs it"
    if program is None:
        yield Finding("warning", "cron: this machine has no crontab", remedy)
        return
    try:
        table = subprocess.run([program, "-l"], capture_output=True, text=True, check=False, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return
    lines = [line for line in table.splitlines() if "arxiv" in line.lower() and not line.lstrip().startswith("#")]
    if lines:
        yield Finding("ok", f"cron: {len(lines)} lines name arxiv-daily")
    else:
        yield Finding("warning", "cron: no line names arxiv-daily", remedy)


def execute(context: Context, _args: argparse.Namespace) -> int:
    """Print every finding as it is made; FAILED where one is an error."""
    levels = set()
    for finding in examine(context, repository(context.environment, context.root)):
        context.talk.result(str(finding))
        levels.add(finding.level)
    return FAILED if "error" in levels else DONE
