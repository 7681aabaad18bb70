"""Digests of the program's own code: what a module is made of, found by following its imports.

Whatever an earlier version of the code made is made again when this digest changes; no list of files is kept by hand.
"""

import functools
import re
import sys
from collections.abc import Iterator
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import NamedTuple

from generator.core.files import digest

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<base>[\w.]+)[ \t]+import[ \t]+(?P<names>\([^)]*\)|[^\n]*)|import[ \t]+(?P<whole>[\w.]+))",
    re.MULTILINE,
)
"""Every import statement of a module. A tenth of the time of a parser, and tests hold it to the parser's answer."""

_DATA = (".j2", ".toml")
_DISTRIBUTIONS = {
    "frontmatter": "python-frontmatter",
    "markdown": "Markdown",
    "material": "mkdocs-material",
    "pymdownx": "pymdown-extensions",
    "yaml": "PyYAML",
}
"""Distributions whose name is not that of the module; the others are found under the module's own."""


class Reach(NamedTuple):
    """What a module is made of: the modules of this package that it reaches, and the libraries that they import."""

    modules: tuple[str, ...]
    libraries: tuple[str, ...]


@functools.cache
def code_digest(*names: str) -> str:
    """A digest of the source of modules NAMES (`generator.a.b`) and of all that they import, directly or not.

    It covers the source of every module of this package that is reached, the data files (templates, tables of words)
    that lie in the same packages, and the versions of the libraries that are imported.
    """
    reached = reach(*names)
    packages = sorted({name if _is_package(name) else name.rpartition(".")[0] for name in reached.modules})
    data = (part for package in packages for part in _data_files(_folder(package)))
    versions = (f"{name} {version}" for name in reached.libraries if (version := library_version(name)))
    return digest(*(_source(name).read_bytes() for name in reached.modules), *data, *versions)


@functools.cache
def reach(*names: str) -> Reach:
    """All modules that NAMES reach by their imports, themselves included, and the libraries in them, both sorted."""
    seen: set[str] = set()
    libraries: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            direct = _direct(name)
            waiting += direct.modules
            libraries.update(direct.libraries)
    return Reach(tuple(sorted(seen)), tuple(sorted(libraries)))


@functools.cache
def _direct(name: str) -> Reach:
    """What the module NAME imports itself."""
    found = set(imports(_source(name).read_text(encoding="utf-8")))
    own = {imported for imported in found if imported.partition(".")[0] == __package__.partition(".")[0]}
    modules = {module for imported in own for module in _resolve(imported)}
    libraries = {imported.partition(".")[0] for imported in found - own} - sys.stdlib_module_names
    return Reach(tuple(modules), tuple(libraries))


def imports(source: str) -> Iterator[str]:
    """The dotted names that SOURCE imports: modules, or members of modules."""
    for match in _IMPORT.finditer(source):
        if match["whole"]:
            yield match["whole"]
            continue
        names = re.sub(r"#[^\n]*|[()\\]", " ", match["names"]).split(",")
        yield from (f"{match['base']}.{name.split()[0]}" for name in names if name.strip())


def _resolve(name: str) -> Iterator[str]:
    """The modules that importing NAME runs: its packages and, unless its last part is a member of one, itself."""
    parts = name.split(".")
    for end in range(2, len(parts) + 1):
        module = ".".join(parts[:end])
        if _is_package(module) or _source(module).is_file():
            yield module


@functools.cache
def _folder(package: str) -> Traversable:
    root, *rest = package.split(".")
    return resources.files(root).joinpath(*rest) if rest else resources.files(root)


def _is_package(name: str) -> bool:
    return _folder(name).joinpath("__init__.py").is_file()


@functools.cache
def _source(name: str) -> Traversable:
    folder = _folder(name)
    if folder.joinpath("__init__.py").is_file():
        return folder.joinpath("__init__.py")
    package, _, module = name.rpartition(".")
    return _folder(package).joinpath(f"{module}.py")


def _data_files(folder: Traversable) -> Iterator[bytes]:
    """The data files in FOLDER and in those below it that are no packages, in a fixed order."""
    for part in sorted(folder.iterdir(), key=lambda part: part.name):
        if part.is_file() and part.name.endswith(_DATA):
            yield part.read_bytes()
        elif part.is_dir() and not part.joinpath("__init__.py").is_file():
            yield from _data_files(part)


def library_version(library: str) -> str | None:
    """The version of the distribution that holds the module LIBRARY, None where it is not installed."""
    try:
        return metadata.version(_DISTRIBUTIONS.get(library, library))
    except metadata.PackageNotFoundError:  # another distribution brings the same module, such as a fork of it
        names = metadata.packages_distributions().get(library)
        return metadata.version(names[0]) if names else None
