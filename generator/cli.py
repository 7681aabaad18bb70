"""The command line: parse, wire, call, print. The clock, the environment and the key are read here and nowhere else."""

import argparse
import datetime as dt
import functools
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pydantic import SecretStr

from generator import __version__
from generator.commands import alarm, demo, doctor, github, import_pages
from generator.commands import init as setup
from generator.core import escape
from generator.core.calendar import announcement_days
from generator.core.console import Talk
from generator.core.errors import ArxivDailyError, ConfigError
from generator.core.i18n import LANGUAGES
from generator.evaluate import run as evaluation
from generator.publish import render
from generator.publish.build import publish
from generator.publish.site import mkdocs as site
from generator.run import daily, report
from generator.run.daily import Context
from generator.settings.config import Config, load, look_alikes

EXIT_CODES = (
    "exit codes: 0 done; 1 wrong use or configuration; 2 some days are incomplete (published as far as possible); "
    "3 nothing could be done"
)

FIRST_PAPERS = dt.date(1991, 8, 14)
"""The day of arXiv's first papers."""

SECONDS_A_REQUEST, SECONDS_A_CALL = 5, 15
"""What arXiv and a model take to answer, about: for estimates."""


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-01-14") from None


def _job(text: str) -> tuple[str, str]:
    """A job of the workflow and its result, as GitHub names them."""
    found = re.fullmatch(r"([a-z-]+)=(success|failure|cancelled|skipped)", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no job and its result, such as build=failure")
    return found[1], found[2]


def _globals(suppress: bool) -> argparse.ArgumentParser:
    """The options that stand before or after the command."""
    default = argparse.SUPPRESS if suppress else None
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--root", type=Path, default=default, metavar="DIR", help="the folder of config.toml and docs/")
    shared.add_argument(
        "--config", type=Path, default=default, metavar="FILE", help="another file than ROOT/config.toml"
    )
    shared.add_argument("--quiet", action="store_true", default=default, help="results, warnings and errors only")
    return shared


def parser() -> argparse.ArgumentParser:
    """The whole command line, as `--help` shows it."""
    top = argparse.ArgumentParser(
        prog="arxiv-daily",
        description="A daily page of the arXiv papers that matter to you.",
        epilog=EXIT_CODES,
        parents=[_globals(suppress=False)],
    )
    top.add_argument("--version", action="version", version=f"arxiv-daily {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, help=text, description=text, parents=[_globals(suppress=True)], epilog=EXIT_CODES
        )

    run = command("run", "Read, judge and publish every announcement of the last days that is not complete.")
    run.add_argument("--date", type=_date, metavar="D", help="this announcement only")
    run.add_argument("--since", type=_date, metavar="D", help="every announcement from D ...")
    run.add_argument("--until", type=_date, metavar="D", help="... to D, both included")
    run.add_argument("--judge", choices=("offline", "llm"), help="default: llm if OPENAI_API_KEY is set, else offline")
    run.add_argument(
        "--dry-run", action="store_true", help="fetch, and say what would be judged and what it would cost"
    )
    run.add_argument("--batch", action="store_true", help="by the provider's Batch API: half the price, within a day")
    run.add_argument("--summary", type=Path, metavar="FILE", help="add a receipt of the run to FILE, as Markdown")
    past = command(
        "backfill", "Read and judge announcements of the past: says first what that takes, goes on after a yes."
    )
    past.add_argument("--since", type=_date, metavar="D", help="every announcement from D ...")
    past.add_argument("--until", type=_date, metavar="D", help="... to D, both included")
    past.add_argument("--judge", choices=("offline", "llm"), help="default: llm if OPENAI_API_KEY is set, else offline")
    past.add_argument("--batch", action="store_true", help="by the provider's Batch API: half the price, within a day")
    past.add_argument("--yes", action="store_true", help="do not ask")
    past.set_defaults(date=None)
    command("render", "Make docs/ from the records again: no network, no key, no clock.")
    command("build", "Render, build the site into site/ and check it.")
    serve = command("serve", "Show site/ on this machine.")
    serve.add_argument("--port", type=int, default=8000, help="default: 8000")
    command("demo", "Make three days from the embedded sample, judged offline, and build the site: no key, no network.")
    command("status", "Say which days there are, what is missing and what this month has cost.")
    init = command("init", "Make a site of your own of a fork: config.toml, the feeds' authority, no days of others.")
    init.add_argument("--title", metavar="TEXT", help="name of the site")
    init.add_argument("--url", metavar="URL", help="public address")
    init.add_argument("--language", choices=LANGUAGES, help="language of the pages")
    init.add_argument("--categories", nargs="+", metavar="NAME", help="arXiv categories, such as cs.AI cs.LG")
    init.add_argument(
        "--field",
        nargs=3,
        action="append",
        metavar=("SLUG", "NAME", "DESCRIPTION"),
        help="a research field, in place of all that are there; once for each",
    )
    init.add_argument("--fresh", action="store_true", help="remove days that another site has published, once")
    init.add_argument(
        "--yes",
        action="store_true",
        help="ask nothing: what no option names stays as it is, but for the address in a fork",
    )
    command(
        "doctor", "Look whether a run would work: configuration, model (one tiny call), arXiv, GitHub, this machine."
    )
    _add_alarm_options(
        command(
            "alarm", "On GitHub: one issue while an announcement is overdue or a job fails, closed when all is well."
        )
    )
    _add_eval_options(
        command(
            "eval", "Compare judges, models or prompts on days whose verdicts are known: says first what that costs."
        )
    )
    importing = command("import", "Take over the day pages of the predecessor: each paper once, nothing overwritten.")
    importing.add_argument("files", nargs="+", metavar="FILE", help="a page, or a folder whose *.md are pages")
    importing.add_argument("--enrich", action="store_true", help="complete facts and dates from arXiv")
    return top


def _add_alarm_options(ringing: argparse.ArgumentParser) -> None:
    what = "how a job of the workflow ended, such as build=failure; once for each"
    ringing.add_argument("--job", type=_job, action="append", default=[], metavar="NAME=RESULT", help=what)


def _add_eval_options(comparing: argparse.ArgumentParser) -> None:
    add = comparing.add_argument
    add(
        "--judge",
        action="append",
        metavar="JUDGE",
        help="recorded, offline, learned, llm (the model alone) or steady (as `run` judges), with options after commas:"
        " model=NAME, url=URL, key=VARIABLE, config=FILE; once for each; default: llm if OPENAI_API_KEY is set, else"
        " offline",
    )
    add("--against", metavar="JUDGE", default="recorded", help="what they are held against; self: their own second run")
    add("--repeat", type=int, default=1, metavar="N", help="ask each model N times, independently")
    add("--file", type=Path, nargs="+", default=(), metavar="FILE", help="files of labels, or folders of them")
    add("--date", type=_date, metavar="D", help="this day only")
    add("--since", type=_date, metavar="D", help="the days from D on; default: the newest 10 of the archive")
    add("--until", type=_date, metavar="D", help="the days until D")
    add("--sample", type=int, metavar="N", help="N papers of these days, drawn by --seed")
    add("--seed", type=int, default=1, metavar="N", help="of the sample and of the intervals; default: 1")
    add("--top", type=int, default=10, metavar="K", help="papers of a day that recall at k looks at; default: 10")
    add("--json", type=Path, metavar="FILE", help="write all figures and verdicts to FILE")
    add("--page", type=Path, metavar="FILE", help="write a page with plots to FILE, HTML")
    add("--yes", action="store_true", help="do not ask")


def chosen_days(args: argparse.Namespace) -> list[dt.date] | None:
    """The announcements that the options name, oldest first; None where they name none."""
    if args.date and (args.since or args.until):
        raise ConfigError("--date stands alone; use --since and --until for a range")
    since, until = args.since or args.date, args.until or args.date
    if since is None and until is None:
        return None
    if since is None or until is None:
        raise ConfigError("--since and --until go together, such as --since 2026-01-06 --until 2026-01-08")
    if since > until:
        raise ConfigError(f"--since {since} is after --until {until}; the older date goes first: swap them")
    if since < FIRST_PAPERS:
        raise ConfigError(f"{since} is before arXiv's first papers; name dates from {FIRST_PAPERS} on")
    days = list(announcement_days(since, until))
    if not days:
        what = f"{since} is a {since:%A}" if since == until else f"{since} to {until} holds no weekday"
        raise ConfigError(f"{what}: arXiv announces nothing then; its announcements are dated Monday to Friday")
    return days


def _config_path(args: argparse.Namespace) -> Path:
    return Path(args.config or (args.root or Path()) / "config.toml")


def _run(context: Context, args: argparse.Namespace) -> int:
    path = _config_path(args)
    for name in look_alikes(path):
        context.talk.warn(f"{name} is not read, {path.name} is; remove the one that is not meant")
    options = daily.Options(
        days=chosen_days(args), judge=args.judge, dry_run=args.dry_run, batch=args.batch, summary=args.summary
    )
    return daily.run(context, options)


def _backfill(context: Context, args: argparse.Namespace) -> int:
    days = chosen_days(args)
    if days is None:
        raise ConfigError("which days? such as --since 2026-01-06 --until 2026-01-08")
    options = daily.Options(days=days, judge=args.judge, batch=args.batch)
    expected = daily.estimate(context, options)
    if not expected.days:
        context.talk.result("nothing to do: every announcement of these dates is complete")
        return 0
    context.talk.result(estimate_line(expected, context.config, batch=args.batch))
    return daily.run(context, options) if _agrees(args) else 0


def _agrees(args: argparse.Namespace) -> bool:
    """Whether the operator wants what was just shown. Raises ConfigError where nobody can say so."""
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise ConfigError("nobody is there to say yes; run again with --yes")
    return _ask("Go on? yes or no", "no").lower() in ("y", "yes")


def _eval(context: Context, args: argparse.Namespace) -> int:
    if args.date and (args.since or args.until):
        raise ConfigError("--date stands alone; use --since and --until for a range")
    options = evaluation.Options(
        judges=args.judge or ["llm" if context.key else "offline"],
        against=args.against,
        files=args.file,
        since=args.since or args.date,
        until=args.until or args.date,
        repeat=args.repeat,
        sample=args.sample,
        seed=args.seed,
        top=args.top,
        json=args.json,
        page=args.page,
        environment=os.environ,
    )
    return evaluation.evaluate(context, options, lambda: _agrees(args))


def _render(context: Context, _args: argparse.Namespace) -> int:
    changes = render.render(context.root, context.config)
    context.talk.result(render.describe(changes))
    return 0


def _built(made: site.Built) -> str:
    return f"site/: {made.pages} pages, {made.files} files, {made.size_bytes / 1e6:.1f} MB"


def _build(context: Context, _args: argparse.Namespace) -> int:
    return _publish(context)


def _publish(context: Context) -> int:
    """Make docs/ and site/; 2 if it was made without the text of some paper."""
    kept = context.root / site.CACHE / "months"
    built, withheld = publish(context.root, context.config, context.talk, kept, f"{context.now:%Y-%m}")
    context.talk.result(_built(built))
    return daily.INCOMPLETE if withheld else daily.DONE


def _serve(context: Context, args: argparse.Namespace) -> int:
    site.serve(context.root, context.config, port=args.port)
    return 0


def _demo(context: Context, _args: argparse.Namespace) -> int:
    for line in demo.make_days(context.root, context.config):
        context.talk.result(line)
    code = _publish(context)
    context.talk.result("Look at it: `make serve` (or `arxiv-daily serve`), then open http://127.0.0.1:8000/")
    return code


def _status(context: Context, _args: argparse.Namespace) -> int:
    for line in daily.status(context.root, context.config, context.now):
        context.talk.result(line)
    return 0


def estimate_line(expected: daily.Estimate, config: Config, *, batch: bool) -> str:
    """What a backfill takes, for people."""
    seconds = expected.days * (config.arxiv.delay_seconds + SECONDS_A_REQUEST)
    how = ""
    if expected.calls:
        cost = report.money(expected.cost, config.budget.currency)
        how = f", {expected.calls:,} calls, up to {expected.tokens:,} tokens, {cost}"
        seconds += 0 if batch else expected.calls * SECONDS_A_CALL / config.llm.concurrency
    wait = ""
    if batch and expected.calls:
        wait = (
            f" and the provider's batches, mostly an hour for each {daily.DAYS_AT_ONCE} announcements; what takes more"
            f" than {config.llm.batch_minutes:g} minutes in all is collected by a later run"
        )
    return (
        f"{expected.days} announcements, about {expected.papers:,} papers{how}; about {seconds / 60:.0f} minutes{wait}"
        f" (reckoned from {expected.looked_at} of them)"
    )


def _ask(question: str, default: str) -> str:
    """The answer to QUESTION, DEFAULT for an empty one. Raises ConfigError where the input ends."""
    shown = f" [{default}]" if default else ""
    try:
        return input(f"{question}{shown}: ").strip() or default
    except EOFError:
        print()
        raise ConfigError(
            "the input ended without an answer: nothing was done, nothing written; run it again"
        ) from None


def _init(context: Context, args: argparse.Namespace) -> int:
    fields = [tuple(field) for field in args.field] if args.field else None
    wishes = setup.Wishes(args.title, args.url, args.language, args.categories, fields, args.fresh)
    target = github.repository(os.environ, context.root)
    path = _config_path(args)
    if wrong := setup.problem(path, wishes):
        raise ConfigError(wrong)
    if sys.stdin.isatty() and not args.yes:
        published = sum(not one.sample for one in render.summaries_of(context.root))
        check = functools.partial(setup.problem, path)
        wishes = setup.ask_all(wishes, context.config, target, _ask, check, published=published)
    elif wishes.url is None and (url := setup.fork_address(context.config.site, target)):
        wishes = wishes._replace(url=url)
        context.talk.say(f"the public address is taken to be {url}, by the repository's name; --url names another")
    for line in setup.make_site(context.root, path, wishes, os.environ, context.now).lines:
        context.talk.result(line)
    context.talk.result("Next: `arxiv-daily doctor`, then `arxiv-daily run --dry-run`")
    return 0


def _doctor(context: Context, args: argparse.Namespace) -> int:
    levels = set()
    for finding in doctor.examine(context, github.repository(os.environ, context.root), _config_path(args)):
        context.talk.result(str(finding))
        levels.add(finding.level)
    return 1 if "error" in levels else 0


def _alarm(context: Context, args: argparse.Namespace) -> int:
    state = (render.summaries_of(context.root), render.store_of(context.root), context.config, context.now)
    where = alarm.target(os.environ, context.root)
    given_up = functools.partial(alarm.given_up, *state)
    context.talk.result(alarm.update(where, alarm.overdue(*state), dict(args.job), given_up))
    return 0


def _import(context: Context, args: argparse.Namespace) -> int:
    return import_pages.import_pages(context, args.files, enrich=args.enrich)


COMMANDS: Mapping[str, Callable[[Context, argparse.Namespace], int]] = {
    "run": _run,
    "backfill": _backfill,
    "render": _render,
    "build": _build,
    "serve": _serve,
    "demo": _demo,
    "status": _status,
    "init": _init,
    "doctor": _doctor,
    "alarm": _alarm,
    "eval": _eval,
    "import": _import,
}


def read_clock(env: Mapping[str, str]) -> dt.datetime:
    """Now in UTC: ARXIV_DAILY_NOW if it is set, else the system's clock."""
    text = env.get("ARXIV_DAILY_NOW", "").strip()
    if not text:
        return dt.datetime.now(dt.UTC)
    try:
        now = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"ARXIV_DAILY_NOW={text!r} is no moment such as 2026-01-14T06:00:00Z") from None
    return (now if now.tzinfo else now.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _context(args: argparse.Namespace, env: Mapping[str, str]) -> Context:
    root = args.root or Path()
    key = env.get("OPENAI_API_KEY", "").strip()
    return Context(
        root=root,
        config=load(_config_path(args), env),
        key=SecretStr(key) if key else None,
        now=read_clock(env),
        talk=Talk(bool(args.quiet)),
    )


def _report(error: ArxivDailyError, args: argparse.Namespace) -> None:
    """Tell the operator of ERROR where nobody watches stderr: in the job's summary, or in the one open issue."""
    try:
        if summary := getattr(args, "summary", None):
            daily.add_summary(summary, f"### Stopped\n\n{escape.markdown(str(error))}\n")
        if args.command == "alarm" and not isinstance(error, alarm.AlarmError):
            alarm.update(alarm.target(os.environ, args.root or Path()), [alarm.stopped(error)], dict(args.job))
    except ArxivDailyError as further:
        print(f"arxiv-daily: {further}", file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        args = parser().parse_args(argv)
    except SystemExit as stop:  # argparse leaves with 2, which means "incomplete" here
        return 1 if stop.code else 0
    try:
        return COMMANDS[args.command](_context(args, os.environ), args)
    except ArxivDailyError as error:
        print(f"arxiv-daily: {error}", file=sys.stderr)
        _report(error, args)
        return error.exit_code
    except KeyboardInterrupt:
        print("arxiv-daily: stopped; what was paid for is kept, run again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
