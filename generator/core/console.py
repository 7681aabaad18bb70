"""What the program says while it works: to stderr, one line at a time, a moving bar only on a terminal."""

import sys
import time
from typing import TextIO

from generator.core.escape import log

BAR_WIDTH = 28
SECONDS_BETWEEN_LINES = 15.0


class Talk:
    """The voice of one command.

    Results go to stdout (`result`), talk and warnings to stderr; QUIET keeps the talk back.
    warned: all warnings so far.
    """

    def __init__(self, quiet: bool = False, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.quiet = quiet
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self.warned: list[str] = []
        self._bar_shown = False
        self._line_due = 0.0
        self._line_said = ("", 0)

    def result(self, text: str) -> None:
        """A line that was asked for."""
        self._end_bar()
        print(text, file=self.out, flush=True)

    def say(self, text: str) -> None:
        """A line about what is going on."""
        if not self.quiet:
            self._end_bar()
            print(log(text, 500), file=self.err, flush=True)

    def warn(self, text: str) -> None:
        """A line that the operator should see even with --quiet."""
        self._end_bar()
        self.warned.append(text)
        print(log(f"warning: {text}", 1000), file=self.err, flush=True)

    def progress(self, what: str, done: int, total: int) -> None:
        """How far WHAT is: a bar on a terminal, now and then a plain line elsewhere."""
        if self.quiet or not total:
            return
        if self.err.isatty():
            filled = BAR_WIDTH * done // total
            bar = "█" * filled + "·" * (BAR_WIDTH - filled)
            print(f"\r{what} {bar} {done}/{total}", end="", file=self.err, flush=True)
            self._bar_shown = True
            if done >= total:
                self._end_bar()
        elif (what, done) != self._line_said and (done >= total or time.monotonic() >= self._line_due):
            print(log(f"{what} {done}/{total}"), file=self.err, flush=True)
            self._line_said = (what, done)
            self._line_due = time.monotonic() + SECONDS_BETWEEN_LINES

    def _end_bar(self) -> None:
        if self._bar_shown:
            print(file=self.err, flush=True)
            self._bar_shown = False
