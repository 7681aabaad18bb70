"""Which tests a change is tried by."""

import subprocess
from pathlib import Path

import pytest
from import_graph import graph, is_test, reaching_tests, users

FILES = {
    "generator/__init__.py": "",
    "generator/core/__init__.py": '"""The ground."""',
    "generator/core/model.py": "import re\n",
    "generator/core/text.py": "from generator.core import model\n",
    "generator/pages.py": 'def f():\n    from generator.core.text import plain\n    return "day.md.j2"\n',
    "generator/templates/day.md.j2": '{% include "_paper.md.j2" %}',
    "generator/templates/_paper.md.j2": "",
    "tests/tools/tool.py": "",
    "tests/conftest.py": "import helper\n",
    "tests/helper.py": "",
    "tests/core/test_model.py": "import generator.core.model\n",
    "tests/core/test_text.py": "from generator.core.text import plain\n",
    "tests/test_pages.py": "from generator import pages\n",
    "tests/test_tool.py": "from tool import main\n",
    "tests/browser/test_pages.py": "from generator import pages\n",
    "docs/data/2026/model.py": "",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (["generator/core/text.py"], ["tests/core/test_text.py", "tests/test_pages.py"]),
        (["generator/core/model.py"], ["tests/core/test_model.py", "tests/core/test_text.py", "tests/test_pages.py"]),
        (["generator/pages.py"], ["tests/test_pages.py"]),
        (["generator/templates/_paper.md.j2"], ["tests/test_pages.py"]),
        (["tests/tools/tool.py"], ["tests/test_tool.py"]),
        (["tests/test_pages.py"], ["tests/test_pages.py"]),
        (["tests/browser/test_pages.py"], []),
        (["docs/data/2026/model.py"], []),
    ],
)
def test_a_change_is_tried_by_what_reaches_it(project: Path, changed: list[str], expected: list[str]) -> None:
    """Through imports anywhere in a file, and through the names of templates; nearest first."""
    assert reaching_tests(changed, graph(project)) == expected


def test_what_every_test_stands_on_is_tried_by_all(project: Path) -> None:
    """A helper of conftest.py, and the package on the way to a module."""
    uses = graph(project)
    every = {name for name in FILES if is_test(name)}
    assert set(reaching_tests(["tests/helper.py"], uses)) == every
    assert set(reaching_tests(["generator/__init__.py"], uses)) == every - {"tests/test_tool.py"}
    assert users(["tests/helper.py"], uses)["tests/conftest.py"] == 1


def test_every_module_of_the_program_is_reached_by_a_test() -> None:
    """A module that no test reaches would be changed unseen."""
    uses = graph()
    modules = [name for name in uses if name.startswith("generator/") and name.endswith(".py")]
    assert modules
    assert [name for name in modules if not reaching_tests([name], uses)] == []
