"""Which files of this project use which: what `make check` and the mutation run choose tests by.

A Python file uses what it imports, anywhere in it, with the `__init__.py` of every package on the way; of a package
whose modules it loads by name (`import_module(f"generator.commands.{name}")`) all of them. Any other file is used by
the files that name it: a template, a table of words, a workflow. A test uses the conftest.py above it.
"""

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

PROJECT = Path(__file__).resolve().parents[2]
ROOTS = ("", "tests", "tests/bench", "tests/tools")
"""The folders below which Python looks for a module of ours."""
NAMING = frozenset({".py", ".j2", ".html", ".js"})
"""Endings of files in which the names of other files are looked for."""
_LOADED_BY_NAME = re.compile(r"import_module\(f\"([\w.]+)\.\{")
_FILE_NAME = re.compile(r"[\w.-]*\w\.[a-z0-9]+")

Graph = Mapping[str, frozenset[str]]
"""A file, and the files that it uses itself; paths from the project's folder, with slashes."""


def tracked(project: Path = PROJECT) -> list[str]:
    """Every file that git knows or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True).stdout
    return sorted({name for name in listed.split("\0") if name and (project / name).is_file()})


def graph(project: Path = PROJECT) -> Graph:
    """The files of the project, and what each uses itself."""
    files = tracked(project)
    known = frozenset(files)
    by_name = defaultdict(set)
    for name in files:
        if not name.endswith(".py") and not name.startswith(("docs/data/", "docs/days/", "tests/golden/")):
            by_name[PurePosixPath(name).name].add(name)
    return {name: frozenset(_uses(project, name, known, by_name)) - {name} for name in files}


def _uses(project: Path, name: str, known: Collection[str], by_name: Mapping[str, set[str]]) -> Iterator[str]:
    path = PurePosixPath(name)
    if path.suffix not in NAMING:
        return
    text = (project / name).read_text(encoding="utf-8")
    for word in set(_FILE_NAME.findall(text)):
        yield from by_name.get(word, ())
    if path.suffix == ".py":
        for module in _imported(ast.parse(text)):
            yield from _files_of(module, str(path.parent), known)
        for package in _LOADED_BY_NAME.findall(text):
            folder = package.replace(".", "/")
            yield from (module for module in known if str(PurePosixPath(module).parent) == folder)
        if path.parts[0] == "tests":
            yield from (conftest for above in path.parents if (conftest := f"{above}/conftest.py") in known)


def _imported(tree: ast.AST) -> Iterator[str]:
    """The modules that TREE may import; for `from a import b` both a and a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _files_of(module: str, beside: str, known: Collection[str]) -> Iterator[str]:
    """The file of MODULE and of each package on the way to it, if they are ours."""
    parts = module.split(".")
    for root in dict.fromkeys((*ROOTS, beside)):
        for length in range(1, len(parts) + 1):
            stem = "/".join(filter(None, [root, *parts[:length]]))
            yield from (path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in known)


def users(files: Iterable[str], uses: Graph) -> dict[str, int]:
    """Every file that uses one of FILES, through others too, and over how many steps; FILES themselves with 0."""
    used_by = defaultdict(set)
    for name, used in uses.items():
        for other in used:
            used_by[other].add(name)
    steps = dict.fromkeys(files, 0)
    front = list(steps)
    while front:
        reached = {user: steps[name] + 1 for name in front for user in used_by[name] if user not in steps}
        steps |= reached
        front = list(reached)
    return steps


def reaching_tests(files: Iterable[str], uses: Graph) -> list[str]:
    """The test files that reach FILES, nearest first.

    A test file named after one of FILES comes before all others, then those of its folder.
    """
    changed = [PurePosixPath(name) for name in files]
    own = {f"test_{path.stem}.py" for path in changed}
    folders = {PurePosixPath("tests", *path.parts[1:-1]) for path in changed}
    steps = {name: number for name, number in users(map(str, changed), uses).items() if is_test(name)}

    def distance(name: str) -> tuple[bool, bool, int, str]:
        path = PurePosixPath(name)
        return path.name not in own, path.parent not in folders, steps[name], name

    return sorted(steps, key=distance)


def is_test(name: str) -> bool:
    """Whether `make test` runs the file: those for Chromium are run by `make browser`."""
    path = PurePosixPath(name)
    return path.parts[:1] == ("tests",) and path.match("test_*.py") and path.parts[1] not in ("browser", "bench")
