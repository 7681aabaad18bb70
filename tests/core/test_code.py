"""Outputs follow the code: what a module is made of is found by its imports."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import generator
from generator.commands.demo import make_days
from generator.core.code import code_digest, imports, reach
from generator.publish.render import render
from generator.settings.config import load

PACKAGE = Path(generator.__file__).parent


def by_parser(source: str) -> set[str]:
    """What SOURCE imports, by Python's own parser."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_the_imports_are_those_that_the_parser_finds() -> None:
    """The pattern overlooks no import of any module; what it takes for one in a docstring does no harm."""
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert by_parser(source) <= set(imports(source)), path


def test_a_module_is_made_of_all_that_it_reaches() -> None:
    """The model is reached through others; the libraries that set a page are named; what runs above is not part."""
    modules, libraries = reach("generator.publish.pages.all_pages")
    assert {"generator.core.model", "generator.core.escape", "generator.core.i18n"} <= set(modules)
    assert {"jinja2", "frontmatter", "pydantic"} <= set(libraries)
    assert "generator.cli" not in modules
    assert code_digest("generator.publish.pages.all_pages") != code_digest("generator.publish.feeds.catalogue")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("core/model.py", "arxiv.org/pdf/", "arxiv.org/pdf-new/"),
        ("publish/templates/day.md.j2", "{", "<!-- changed -->\n{"),
    ],
)
def test_a_change_of_the_code_makes_again_what_shows_it(
    tmp_path: Path, root: Path, file: str, old: str, new: str
) -> None:
    """`render` with the same records writes the pages that the new code makes differently; then nothing more."""
    config = load(root / "config.toml", {})
    list(make_days(root, config))
    render(root, config)
    shutil.copytree(PACKAGE, tmp_path / "new" / "generator")
    changed = tmp_path / "new" / "generator" / file
    changed.write_text(changed.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")

    def render_anew() -> str:
        command = [sys.executable, "-m", "generator", "render", "--root", str(root)]
        env = {**os.environ, "PYTHONPATH": str(tmp_path / "new")}
        return subprocess.run(command, env=env, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    page = root / "docs/days/2026/2026-01-08.md"
    before = page.read_bytes()
    assert " 0 files written" not in render_anew()
    assert page.read_bytes() != before
    assert " 0 files written" in render_anew()
