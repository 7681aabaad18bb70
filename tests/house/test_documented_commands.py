"""Every command and piece of configuration that the documentation shows is one: the program's own parsers read it."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.project import PROJECT

from generator.cli import parser
from generator.settings.config import Config

PAGES = sorted(
    [
        *PROJECT.glob("*.md"),
        *(PROJECT / "docs").rglob("*.md"),
        *(PROJECT / ".github").glob("*.md"),
        *(PROJECT / "generator/template").rglob("*.md"),
    ]
)
PLACEHOLDERS = {"DATE": "2026-01-07", "YYYY-MM-DD": "2026-01-07", "N": "7", "ID": "2601.06212", "...": ""}
"""What a page writes where the reader puts a value of their own."""


def name_of(page: Path) -> str:
    return page.relative_to(PROJECT).as_posix()


def blocks(page: Path, *languages: str) -> Iterator[str]:
    """The code of PAGE in LANGUAGES, without the indentation of a list around it."""
    for indent, language, code in re.findall(
        r"^( *)```(\w+)\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    ):
        if language in languages:
            yield re.sub(rf"^{indent}", "", code, flags=re.MULTILINE)


def commands(page: Path, program: str) -> Iterator[list[str]]:
    """The arguments of each command of PROGRAM in the code of PAGE, in blocks and in sentences."""
    text = page.read_text(encoding="utf-8")
    lines = [
        line for code in blocks(page, "sh", "bash", "yaml") for line in code.replace("\\\n", " ").splitlines()
    ] + re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    for line in lines:
        for found in re.findall(rf"(?:^|[\s;&(]|\.venv/bin/)({program} [^;&|()]+)", re.sub(r"(^|\s)#\s.*", "", line)):
            yield shlex.split(found)[1:]


def tables(page: Path) -> Iterator[str]:
    """The configuration in the code of PAGE; a piece that begins within a table goes on where the one before ended."""
    before = ""
    for code in blocks(page, "toml"):
        before = code if code.lstrip("# ").startswith("[") else before + code
        yield before


OURS = [(name_of(page), words) for page in PAGES for words in commands(page, "arxiv-daily") if words]
TARGETS = [(name_of(page), words) for page in PAGES for words in commands(page, "make") if words]
TOML = [(name_of(page), code) for page in PAGES for code in tables(page)]
JSON = [(name_of(page), code) for page in PAGES for code in blocks(page, "json")]


@pytest.mark.parametrize(
    ("page", "words"), OURS, ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_a_command_can_be_given_as_it_stands(page: str, words: list[str]) -> None:
    """Its options exist and take such values."""
    given = [PLACEHOLDERS.get(word, word) for word in words]
    code: object = 0
    try:
        parser().parse_args([word for word in given if word])
    except SystemExit as stop:  # --version and --help leave, too, with 0
        code = stop.code
    assert code == 0, f"{page}: arxiv-daily {' '.join(words)} is refused"


@pytest.mark.parametrize(
    ("page", "words"), TARGETS, ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_a_target_of_make_is_there(page: str, words: list[str]) -> None:
    """In the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert words[0] in targets, page


def merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return base | {
        key: merged(base[key], value) if isinstance(base.get(key), dict) and isinstance(value, dict) else value
        for key, value in more.items()
    }


@pytest.mark.parametrize(("page", "code"), TOML, ids=lambda value: value[:40])
def test_a_piece_of_configuration_is_valid(page: str, code: str) -> None:
    """Put into the configuration that the program brings."""
    whole = tomllib.loads((PROJECT / "generator/template/config.toml").read_text(encoding="utf-8"))
    Config.model_validate(merged(whole, tomllib.loads(code)))


@pytest.mark.parametrize(("page", "code"), JSON, ids=lambda value: value[:40])
def test_a_piece_of_json_can_be_read(page: str, code: str) -> None:
    for line in code.splitlines() if code.count("\n{") else [code]:
        json.loads(line)


def test_the_documentation_is_read() -> None:
    """The tests above can fail: there are that many commands, and what is none is refused."""
    assert len(OURS) > 60 and len(TARGETS) > 30 and len(TOML) > 10 and JSON
    with pytest.raises(SystemExit):
        parser().parse_args(["run", "--no-such-option"])
