"""What is installed, what is declared, and what the package holds."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from support.project import PROJECT

META = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = sorted(PROJECT.glob("requirements*.txt"))
TOGETHER = {"pydantic-core": "pydantic"}  # parts that one project releases as two, pinned by each other


def name_of(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def declared(*, dev: bool) -> set[str]:
    project = META["project"]
    return {
        name_of(text) for text in project["dependencies"] + (project["optional-dependencies"]["dev"] if dev else [])
    }


def imported(folder: str) -> set[str]:
    """The distributions that the code below FOLDER imports, without Python's own and this project."""
    paths = list((PROJECT / folder).rglob("*.py"))
    ours = [path.relative_to(PROJECT).with_suffix("") for path in paths]
    own = {part for path in ours for part in path.parts} | {"generator"}
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            found |= {name.partition(".")[0] for name in names}
    found -= own | sys.stdlib_module_names
    owners = packages_distributions()
    names_found = {name_of(distribution) for name in found for distribution in owners.get(name, [name])}
    return {TOGETHER.get(name, name) for name in names_found}


@pytest.mark.parametrize(("folder", "dev"), [("generator", False), ("overrides", False), ("tests", True)])
def test_what_is_imported_is_declared(folder: str, dev: bool) -> None:
    """No module lives on a package that happens to come with another one."""
    assert imported(folder) - declared(dev=dev) == set()


def lacking(wanted: Iterable[str], extras: Iterable[str] = ()) -> Iterator[str]:
    """What WANTED asks for, and what that asks for in turn, that is not installed in a version that will do."""
    todo, seen = [(text, tuple(extras)) for text in wanted], set()
    while todo:
        text, asked = todo.pop()
        need = Requirement(text)
        if need.marker and not any(need.marker.evaluate({"extra": extra}) for extra in ("", *asked)):
            continue
        if (text, asked) in seen:
            continue
        seen.add((text, asked))
        try:
            if not need.specifier.contains(version(need.name), prereleases=True):
                yield text
        except PackageNotFoundError:
            yield text
        else:
            todo += [(further, tuple(need.extras)) for further in requires(need.name) or ()]


def test_the_lock_lacks_nothing() -> None:
    """What the locks install without looking at what packages need is all that they need."""
    project = META["project"]
    assert list(lacking(project["dependencies"] + project["optional-dependencies"]["dev"])) == []
    assert list(lacking(["pytest>=1000", "no-such-package", "pytest-cov[no-such-extra]; python_version > '3'"])) == [
        "no-such-package",
        "pytest>=1000",
    ]


def test_what_is_declared_is_locked() -> None:
    """`make lock` was run after the last change of the dependencies."""
    locked = {
        lock.name: set(re.findall(r"^([a-z0-9-]+)(?:\[[^\]]+\])?==", lock.read_text(), re.MULTILINE)) for lock in LOCKS
    }
    assert declared(dev=False) - locked["requirements.txt"] == set()
    assert declared(dev=True) - locked["requirements-dev.txt"] == set()
    assert locked["requirements.txt"] - locked["requirements-dev.txt"] == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_a_hash_for_every_package_and_names_no_host(lock: Path) -> None:
    """It installs with --require-hashes from whatever registry the machine is set up for."""
    text = lock.read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z0-9])", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
    assert packages
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert re.findall(r"\w+://\S*|--[a-z-]*(?:index|links|host)[a-z-]*", text) == []


def test_both_locks_hold_the_same_versions() -> None:
    """The tests run with what the program is installed with."""
    runtime, dev = (
        set(re.findall(r"^[a-z0-9-]+==\S+(?: ; .*)?", (PROJECT / name).read_text(), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert {line.rstrip(" \\") for line in runtime} - {line.rstrip(" \\") for line in dev} == set()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Folders with wheel and source archive of the package, built twice."""
    folders = [tmp_path_factory.mktemp("dist") for _ in range(2)]
    for folder in folders:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(folder)]
        subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    return folders


def test_the_wheel_holds_sample_and_templates(built: list[Path]) -> None:
    """What is not Python and is needed at run time is package data."""
    names = set(zipfile.ZipFile(next(built[0].glob("*.whl"))).namelist())
    needed = [
        path.relative_to(PROJECT).as_posix()
        for part in ("sample/*.xml", "templates/*")
        for path in (PROJECT / "generator").glob(part)
        if path.is_file()
    ]
    assert needed
    assert set(needed) <= names
    assert not [name for name in names if not name.startswith(("generator/", "arxiv_daily-"))]


def test_wheel_and_source_are_the_same_bytes_twice(built: list[Path]) -> None:
    """Whoever builds them can compare them."""
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in built)
    assert {Path(name).suffix for name in first} == {".whl", ".gz"}
    assert first == second
