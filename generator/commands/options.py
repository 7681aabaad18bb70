"""Options and questions that several commands share."""

import argparse
import datetime as dt
import select
import sys
from typing import TextIO

from generator.core.calendar import announcement_days, newest_announcement_day
from generator.core.errors import ConfigError

FIRST_PAPERS = dt.date(1991, 8, 14)
"""The day of arXiv's first papers."""


PIPE_SECONDS = 1.0
"""How long the first of piped answers is waited for."""


def date(text: str) -> dt.date:
    """The type of an option that names a day."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"invalid date {text!r} (expected YYYY-MM-DD)") from None


def add_judging(parser: argparse.ArgumentParser) -> None:
    """Which announcements, and who judges them: what `run` and `backfill` share."""
    parser.add_argument("--since", type=date, metavar="D", help="first announcement of a range")
    parser.add_argument("--until", type=date, metavar="D", help="last announcement of a range")
    choices = ("offline", "llm")
    parser.add_argument("--judge", choices=choices, help="default: llm if OPENAI_API_KEY is set, else offline")
    parser.add_argument(
        "--batch", action="store_true", help="by the provider's Batch API: half the price, within a day"
    )


def add_yes(parser: argparse.ArgumentParser) -> None:
    """The option that answers every question of the command with yes."""
    parser.add_argument("--yes", action="store_true", help="do not ask")


def check_range(args: argparse.Namespace) -> None:
    """Raises ConfigError where --date stands beside --since or --until."""
    if args.date and (args.since or args.until):
        raise ConfigError("--date cannot be combined with --since or --until; use these two for a range")


def chosen_days(args: argparse.Namespace, now: dt.datetime) -> list[dt.date] | None:
    """The announcements that the options name, oldest first; None where they name none.

    Raises ConfigError where they name none that arXiv has made by NOW.
    """
    check_range(args)
    since, until = args.since or args.date, args.until or args.date
    if since is None and until is None:
        return None
    if since is None or until is None:
        raise ConfigError("--since and --until go together, such as --since 2026-01-06 --until 2026-01-08")
    if since > until:
        raise ConfigError(f"--since {since} is after --until {until}; give the older date first")
    if since < FIRST_PAPERS:
        raise ConfigError(f"{since} is before arXiv's first papers; use dates from {FIRST_PAPERS} on")
    newest = newest_announcement_day(now)
    if until > newest and (late := next(announcement_days(max(since, newest + dt.timedelta(days=1)), until), None)):
        raise ConfigError(f"{late} has not been announced yet; the newest announcement is {newest}")
    days = list(announcement_days(since, until))
    if not days:
        what = f"{since} is a {since:%A}" if since == until else f"{since} to {until} holds no weekday"
        raise ConfigError(f"{what}: no announcement on these days; announcements are dated Monday to Friday")
    return days


def agrees(args: argparse.Namespace) -> bool:
    """Whether the operator wants what was just shown. Raises ConfigError where nobody can say so."""
    if args.yes:
        return True
    if not sys.stdin.isatty():
        raise ConfigError("not a terminal: run again with --yes to confirm")
    return ask("Go on? yes or no", "no").lower() in ("y", "yes")


def is_answered(stdin: TextIO) -> bool:
    """Whether STDIN, which is no terminal, holds answers: lines from a pipe or a file."""
    try:
        if not select.select([stdin], [], [], PIPE_SECONDS)[0]:
            return False
        return bool(stdin.buffer.peek(1))  # type: ignore[attr-defined]
    except (OSError, ValueError, AttributeError):  # none at all, or one of a test
        return False


def ask(question: str, default: str) -> str:
    """The answer to QUESTION, DEFAULT for an empty one. Raises ConfigError where the input ends."""
    shown = f" [{default}]" if default else ""
    try:
        return input(f"{question}{shown}: ").strip() or default
    except EOFError:
        print()
        raise ConfigError("no answer (end of input); nothing was changed. Run the command again") from None
