"""What the program says while it works, on a terminal, in CI and with --quiet."""

import io

from generator.core.console import Talk


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_results_go_to_stdout_and_talk_to_stderr() -> None:
    """What was asked for can be piped; --quiet keeps the talk back, but neither results nor warnings."""
    for quiet, expected in ((False, "reading\nwarning: slow\n"), (True, "warning: slow\n")):
        out, err = io.StringIO(), io.StringIO()
        talk = Talk(quiet, out, err)
        talk.say("reading")
        talk.warn("slow")
        talk.result("3 days")
        assert (out.getvalue(), err.getvalue()) == ("3 days\n", expected)


def test_a_line_is_there_at_once() -> None:
    """Who reads through a pipe sees a run go on: nothing waits in a buffer."""

    class Buffer(io.StringIO):
        waits = False

        def write(self, text: str) -> int:
            self.waits = True
            return super().write(text)

        def flush(self) -> None:
            self.waits = False

    out, err = Buffer(), Buffer()
    talk = Talk(False, out, err)
    for tell in (talk.result, talk.say, talk.warn):
        tell("a line")
        assert not out.waits and not err.waits
    assert out.getvalue() and err.getvalue()


def test_a_long_line_is_cut() -> None:
    """A server may answer with a page; of a warning more is shown than of talk."""
    err = io.StringIO()
    talk = Talk(False, io.StringIO(), err)
    talk.say("x" * 5000)
    talk.warn("y" * 5000)
    said, warned = err.getvalue().splitlines()
    assert (len(said), len(warned)) == (500, 1000)


def test_a_terminal_shows_one_moving_bar() -> None:
    """The bar is redrawn in its line, ended when it is full, and left before other words."""
    err = Terminal()
    talk = Talk(False, io.StringIO(), err)
    talk.progress("judged", 1, 4)
    talk.say("a word between")
    talk.progress("judged", 4, 4)
    talk.say("a word after")
    talk.say("and another")
    assert err.getvalue() == (
        f"\rjudged {'█' * 7}{'·' * 21} 1/4\na word between\n\rjudged {'█' * 28} 4/4\na word after\nand another\n"
    )


def test_a_log_shows_plain_lines_now_and_then_and_the_last_one_once() -> None:
    """CI is told of the beginning and the end, not of every call."""
    err = io.StringIO()
    talk = Talk(False, io.StringIO(), err)
    for done in (0, 1, 2, 3, 3):
        talk.progress("judged", done, 3)
    talk.progress("nothing", 0, 0)
    assert err.getvalue() == "judged 0/3\njudged 3/3\n"
    Talk(True, io.StringIO(), err).progress("quiet", 1, 1)
    assert "quiet" not in err.getvalue()


def test_a_strangers_words_are_no_workflow_command() -> None:
    """A message may hold what arXiv or a model said: one line, no `::`, no control character."""
    err = io.StringIO()
    Talk(False, io.StringIO(), err).warn("::error::x\n::add-mask::y\x1b[31m")
    assert err.getvalue().count("\n") == 1 and "::" not in err.getvalue() and "\x1b" not in err.getvalue()
