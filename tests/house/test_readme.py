"""What the READMEs say exists: commands, options, targets, variables, files, exit codes."""

import re
import shlex
from collections.abc import Callable

import pytest
from support.project import PROJECT

from generator.cli import COMMANDS, parser
from generator.core.errors import ArxivDailyError

READMES = ("README.md", "README.zh-CN.md")
OPS = sorted(str(path.relative_to(PROJECT)) for path in (PROJECT / "docs" / "ops").glob("*.md"))
PAGES = (*READMES, "ARCHITECTURE.md", "CONTRIBUTING.md", *OPS)
PLACEHOLDERS = {"D": "2026-01-14", "DIR": ".", "FILE": "config.toml"}


def text_of(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def code_lines(text: str) -> list[str]:
    """What TEXT sets as code: the lines of its shell blocks without comments, and what stands between backticks."""
    blocks = re.findall(r"```(?:sh|bash|console)\n(.*?)```", text, re.DOTALL)
    lines = [re.sub(r"\s+#.*", "", line).strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line] + re.findall(
        r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    )


def command_lines(text: str) -> list[list[str]]:
    """The arguments of every `arxiv-daily ...` in TEXT, also behind a path or `&&`."""
    lines = [part.strip() for line in code_lines(text) for part in re.split(r"&&|;", line)]
    found = [re.fullmatch(r"(?:\S*/)?arxiv-daily +([^|>]+)(?:[|>].*)?", line) for line in lines]
    return [[PLACEHOLDERS.get(word, word) for word in shlex.split(match[1])] for match in found if match]


def options(text: str) -> set[str]:
    """The options that inline code of TEXT opens with, such as `--since D --until D`."""
    return {word for line in code_lines(text) if line.startswith("--") for word in re.findall(r"--[a-z-]+", line)}


@pytest.fixture
def help_of(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def show(*command: str) -> str:
        with pytest.raises(SystemExit) as stop:
            parser().parse_args([*command, "--help"])
        assert stop.value.code == 0
        return capsys.readouterr().out

    return show


@pytest.mark.parametrize("name", PAGES)
def test_every_command_line_is_understood(name: str) -> None:
    """What stands there can be pasted: the program knows the command and each of its options."""
    for line in command_lines(text_of(name)):
        if line != ["--version"]:
            try:
                parser().parse_args(line)
            except SystemExit:
                pytest.fail(f"{name}: arxiv-daily {shlex.join(line)}")


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_is_told_and_true(name: str, help_of: Callable[..., str]) -> None:
    """The READMEs tell of every command, and of no option that no command has."""
    told = {line[0] for line in command_lines(text_of(name))}
    assert set(COMMANDS) <= told
    known = "\n".join([help_of(), *(help_of(command) for command in COMMANDS)])
    assert {option for option in options(text_of(name)) if not re.search(rf"{option}\b", known)} == set()


@pytest.mark.parametrize("name", PAGES)
def test_make_targets_exist(name: str) -> None:
    """Every `make ...` is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    told = {match[1] for line in code_lines(text_of(name)) if (match := re.match(r"make ([a-z-]+)", line))}
    assert told <= targets


@pytest.mark.parametrize("name", READMES)
def test_the_two_first_commands_stand_there(name: str) -> None:
    """Whoever reads on from the top meets `make demo` and `make test` before any other command but `make serve`."""
    assert [line for line in code_lines(text_of(name)) if line.startswith("make")][:3] == [
        "make demo",
        "make serve",
        "make test",
    ]


@pytest.mark.parametrize("name", PAGES)
def test_variables_are_read(name: str) -> None:
    """No environment variable is named that the program does not look at."""
    told = set(re.findall(r"\b(?:OPENAI|ARXIV|GITHUB)_[A-Z_]+\b", text_of(name)))
    read = text_of("generator/settings/config.py") + text_of("generator/cli.py")
    assert {variable for variable in told if variable not in read} == set()


@pytest.mark.parametrize("name", [*PAGES, "CHANGELOG.md", "SECURITY.md"])
def test_links_lead_to_files(name: str) -> None:
    """Every relative link and picture is there."""
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text_of(name))
    local = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert [target for target in local if not ((PROJECT / name).parent / target).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_exit_codes_are_the_programs(name: str) -> None:
    """The table names each code once, among them every one that an error of ours ends with."""
    told = [int(code) for code in re.findall(r"^\| (\d) \|", text_of(name), re.MULTILINE)]
    assert told == [0, 1, 2, 3]
    assert {error.exit_code for error in ArxivDailyError.__subclasses__()} <= set(told)


@pytest.mark.parametrize("name", READMES)
def test_arxiv_is_thanked_in_its_own_words(name: str) -> None:
    """arXiv's terms of use prescribe the sentence."""
    assert "Thank you to arXiv for use of its open access interoperability." in text_of(name)


def test_both_readmes_show_the_same_commands() -> None:
    """What is added to one is added to the other."""
    english, chinese = (sorted(map(tuple, command_lines(text_of(name)))) for name in READMES)
    assert english == chinese


def test_the_checks_see_what_is_wrong() -> None:
    """The checks above can fail: unknown commands and options are found wherever code stands."""
    text = "`arxiv-daily fly`\n```sh\n.venv/bin/arxiv-daily run --fast && arxiv-daily build   # now\n```\n`--slow N`"
    assert command_lines(text) == [["run", "--fast"], ["build"], ["fly"]]
    assert options(text) == {"--slow"}
