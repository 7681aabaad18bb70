"""The command line: parse, wire, call, print. The clock, the environment and the key are read here and nowhere else."""

import argparse
import datetime as dt
import importlib
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from generator import __version__
from generator.core import damage
from generator.core.console import Talk
from generator.core.errors import ArxivDailyError, ConfigError

if TYPE_CHECKING:
    from generator.settings.context import Context

EXIT_CODES = (
    "exit codes: 0 done; 1 wrong usage or configuration; 2 some days are incomplete (published as far as possible); "
    "3 nothing could be done"
)


class Module(Protocol):
    """What a module of generator/commands/ offers; beside it, `add_options(parser)` where the command has options."""

    def execute(self, context: "Context", args: argparse.Namespace) -> int:
        """Do what the command is for; return the exit code. Raises ArxivDailyError for what a user can cause."""

    # And, where that can be told in no time: nothing_to_do(root, config_file, environment) -> str | None, the line with
    # which the command ends before so much as the configuration is read.


class CommandModule(NamedTuple):
    """One command: the module of generator/commands/ that holds it, and the line that `--help` shows."""

    module: str
    help: str

    def load(self) -> Module:
        """The module, imported when it is needed: `status` does not pay for what `run` imports."""
        return cast("Module", importlib.import_module(f"generator.commands.{self.module}"))


COMMANDS: Mapping[str, CommandModule] = {
    "run": CommandModule("run", "Read, judge and publish every announcement of the last days that is not complete."),
    "backfill": CommandModule(
        "backfill", "Read and judge announcements of the past: shows what that takes, and starts after confirmation."
    ),
    "render": CommandModule("render", "Make docs/ from the records again: no network, no key, no clock."),
    "build": CommandModule("build", "Render, build the site into site/ and check it."),
    "serve": CommandModule("serve", "Serve site/ on this machine."),
    "demo": CommandModule(
        "demo", "Make three days from the embedded sample, judged offline, and build the site: no key, no network."
    ),
    "status": CommandModule("status", "Show which days there are, what is missing and what this month has cost."),
    "init": CommandModule(
        "init", "Turn a fork into your own site: config.toml, the feeds' authority, other sites' days removed."
    ),
    "doctor": CommandModule(
        "doctor", "Check whether a run would work: configuration, model (one tiny call), arXiv, GitHub, this machine."
    ),
    "alarm": CommandModule(
        "alarm", "On GitHub: one issue while an announcement is overdue or a job fails, closed when all is well."
    ),
    "upgrade": CommandModule("upgrade", "Merge upstream changes into a fork: configuration, records and pages stay."),
    "notify": CommandModule(
        "notify", "Send new announcements to the mail and chat channels that have not had them yet."
    ),
    "correct": CommandModule(
        "correct", "Replace the judge's score or field of a paper by your own, or reject the paper, for good."
    ),
    "eval": CommandModule(
        "eval", "Compare judges, models or prompts on days whose verdicts are known; shows the cost first."
    ),
    "import": CommandModule(
        "import_pages", "Import the day pages of the predecessor: each paper once, nothing overwritten."
    ),
}


def _globals(suppress: bool) -> argparse.ArgumentParser:
    """The options that stand before or after the command."""
    default = argparse.SUPPRESS if suppress else None
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--root", type=Path, default=default, metavar="DIR", help="the folder of config.toml and docs/")
    shared.add_argument(
        "--config", type=Path, default=default, metavar="FILE", help="configuration file; default: ROOT/config.toml"
    )
    shared.add_argument("--quiet", action="store_true", default=default, help="results, warnings and errors only")
    return shared


def parser(complete: Collection[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """The command line, as `--help` shows it; the options of those commands that are to be COMPLETE."""
    top = argparse.ArgumentParser(
        prog="arxiv-daily",
        description="A daily page of the arXiv papers that matter to you.",
        epilog=EXIT_CODES,
        parents=[_globals(suppress=False)],
    )
    top.add_argument("--version", action="version", version=f"arxiv-daily {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        part = commands.add_parser(
            name, help=command.help, description=command.help, parents=[_globals(suppress=True)], epilog=EXIT_CODES
        )
        if name in complete:
            getattr(command.load(), "add_options", lambda _: None)(part)
    return top


def read_clock(env: Mapping[str, str]) -> dt.datetime:
    """Now in UTC: ARXIV_DAILY_NOW if it is set, else the system's clock."""
    text = env.get("ARXIV_DAILY_NOW", "").strip()
    if not text:
        return dt.datetime.now(dt.UTC)
    try:
        now = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"ARXIV_DAILY_NOW={text!r} is not a time such as 2026-01-14T06:00:00Z") from None
    return (now if now.tzinfo else now.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _place(args: argparse.Namespace) -> tuple[Path, Path]:
    """The folder of the site, and its configuration."""
    root = args.root.absolute() if args.root else Path()
    return root, Path(args.config or root / "config.toml")


def _context(args: argparse.Namespace, env: Mapping[str, str]) -> "Context":
    from pydantic import SecretStr  # noqa: PLC0415 (a third of a second, which a command with nothing to do saves)

    from generator.settings.config import load  # noqa: PLC0415
    from generator.settings.context import Context  # noqa: PLC0415

    root, path = _place(args)
    key = env.get("OPENAI_API_KEY", "").strip()
    return Context(
        root=root,
        config=load(path, env),
        config_file=path,
        key=SecretStr(key) if key else None,
        now=read_clock(env),
        talk=Talk(bool(args.quiet)),
        environment=env,
    )


def _report(error: ArxivDailyError, args: argparse.Namespace) -> None:
    """Tell the operator of ERROR where nobody watches stderr: in the job's summary, or in the one open issue."""
    try:
        if summary := getattr(args, "summary", None):
            from generator.run.receipt import add_summary, stopped_summary  # noqa: PLC0415 (only when it is needed)

            add_summary(summary, stopped_summary(error))
        if args.command == "alarm":
            from generator.commands.alarm import report_stop  # noqa: PLC0415

            report_stop(error, args, os.environ)
    except ArxivDailyError as further:
        print(f"arxiv-daily: {further}", file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        words = sys.argv[1:] if argv is None else argv
        args = parser([word for word in words if word in COMMANDS]).parse_args(words)
    except SystemExit as stop:  # argparse leaves with 2, which means "incomplete" here
        return 1 if stop.code else 0
    with damage.noting() as damaged:
        code = _execute(args)
    for line in damaged.values():
        print(f"arxiv-daily: {line}", file=sys.stderr)
    if not damaged:
        return code
    from generator.settings.context import DONE, INCOMPLETE, NOTHING  # noqa: PLC0415

    return INCOMPLETE if code in (DONE, NOTHING) else code


def _execute(args: argparse.Namespace) -> int:
    try:
        module = COMMANDS[args.command].load()
        if (ask := getattr(module, "nothing_to_do", None)) and (line := ask(*_place(args), os.environ)):
            print(line)
            return 0
        return module.execute(_context(args, os.environ), args)
    except ArxivDailyError as error:
        print(f"arxiv-daily: {error}", file=sys.stderr)
        _report(error, args)
        return error.exit_code
    except KeyboardInterrupt:
        print("arxiv-daily: stopped; what was paid for is kept, run again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
