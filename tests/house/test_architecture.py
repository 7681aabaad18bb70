"""The picture of the house, checked: who may import whom, who may look at the clock, what nobody may catch."""

import ast
from collections.abc import Iterator
from pathlib import Path

import generator

PACKAGE = Path(generator.__file__).parent

FLOORS = (
    {"core"},
    {"settings"},
    {"records"},
    {"sources", "judges", "publish"},
    {"run"},
    {"evaluate"},
    {"commands"},
    {"cli"},
    {"__main__"},
)
"""From the ground up. A room imports from itself and from lower floors, never from one beside it."""

CLOCKS = {
    (owner, reading)
    for owner, readings in {"datetime": "now utcnow today", "date": "today", "time": "time localtime gmtime"}.items()
    for reading in readings.split()
}


def clock_readings(source: str) -> list[str]:
    """The calls in SOURCE that read the date or the time of day."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (ast.unparse(node.func.value).rpartition(".")[2], node.func.attr) in CLOCKS
    ]


def broad_handlers(source: str) -> list[int]:
    """The lines of SOURCE that catch everything and do not raise it again."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(part, ast.Raise) for part in ast.walk(node))
    ]


LONGEST_CLASS = 120
LONGEST_FUNCTION = 60


def too_long(source: str) -> list[str]:
    """The classes and functions in SOURCE that have more lines than one takes in at a glance."""
    most = {ast.ClassDef: LONGEST_CLASS, ast.FunctionDef: LONGEST_FUNCTION}
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > most[type(node)]
    ]


def vague_names(source: str) -> list[int]:
    """The lines of SOURCE that call a variable `one`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Name) and node.id == "one") or (isinstance(node, ast.arg) and node.arg == "one")
    ]


def sources() -> dict[str, str]:
    """The text of every module, by its path in the package."""
    return {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}


def room(name: str) -> str:
    """The room of NAME, a path or a dotted name below the package: `judges/llm/client.py` is in `judges`."""
    return name.replace("/", ".").removesuffix(".py").partition(".")[0]


def imported(source: str) -> Iterator[tuple[str, str]]:
    """What SOURCE imports of this package, wherever in the file: module (without the package's name), and member."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            names = [(str(node.module), alias.name) for alias in node.names]
        else:
            continue
        for module, member in names:
            package, _, rest = module.partition(".")
            if package == "generator" and (rest or not member.startswith("__")):
                yield rest or member, member


def allowed(name: str) -> set[str]:
    """The rooms that modules of the room NAME may import."""
    floor = next((number for number, rooms in enumerate(FLOORS) if name in rooms), None)
    assert floor is not None, f"{name} has no place in FLOORS: put the module into a room"
    return set().union(*FLOORS[:floor]) | {name}


def upward(sources: dict[str, str]) -> list[str]:
    """The imports in SOURCES that do not run downward."""
    return [
        f"{path} imports {module}"
        for path, source in sources.items()
        if path != "__init__.py"
        for module, _ in imported(source)
        if room(module) not in allowed(room(path))
    ]


def strangers(sources: dict[str, str]) -> list[str]:
    """The imports in SOURCES of what is private to another room."""
    return [
        f"{path} imports {module}.{member}"
        for path, source in sources.items()
        for module, member in imported(source)
        if room(module) != room(path) and any(part.startswith("_") for part in (*module.split("."), member))
        if not member.startswith("__")
    ]


def test_imports_run_downward() -> None:
    """A room imports from the floors below; publish, judges and sources know nothing of each other."""
    assert upward(sources()) == []


def test_private_names_stay_in_their_room() -> None:
    """Another room imports nothing that begins with an underscore."""
    assert strangers(sources()) == []


def test_the_picture_is_complete() -> None:
    """Every room has a place and says what it is for; no module lies beside the rooms."""
    rooms = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE}
    assert set().union(*FLOORS) == {room(path) for path in sources() if path != "__init__.py"}
    assert [
        str(folder)
        for folder in rooms
        if len(ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or "") < 80
    ] == []


def test_the_checker_sees_an_upward_import() -> None:
    """The checks above can fail: every form of import is seen, sideways ones and private names too."""
    wrong = "from generator.cli import main\nimport generator.run.daily\ndef f():\n    from generator import commands\n"
    assert [module for module, _ in imported(wrong)] == ["cli", "run.daily", "commands"]
    assert len(upward({"core/model.py": wrong})) == 3
    assert upward({"judges/pipeline.py": "from generator.sources import api"}) != []
    assert strangers({"run/daily.py": "from generator.core.model import _secret"}) != []


def test_the_clock_is_read_in_one_place() -> None:
    """Every module but cli.py is told what time it is."""
    assert {
        path: found for path, source in sources().items() if path != "cli.py" and (found := clock_readings(source))
    } == {}


def test_the_checker_sees_a_clock() -> None:
    """The check above can fail: dates and times of day are seen, stop-watches are let be."""
    source = "dt.datetime.now(dt.UTC)\ndate.today()\ntime.time()\ntime.monotonic()\ndt.time(14)\nself.now()\n"
    assert clock_readings(source) == ["dt.datetime.now(dt.UTC)", "date.today()", "time.time()"]


def test_nothing_is_caught_wholesale() -> None:
    """A surprise crashes: no handler takes every exception and goes on."""
    assert {path: found for path, source in sources().items() if (found := broad_handlers(source))} == {}


def test_the_checker_sees_a_broad_handler() -> None:
    """The check above can fail: cleaning up and raising again is let be, swallowing is not."""
    tidy = "try:\n    f()\nexcept BaseException:\n    g()\n    raise\n"
    swallowing = "try:\n    f()\nexcept Exception:\n    pass\n"
    assert broad_handlers(tidy) == []
    assert broad_handlers(swallowing) == [3]


def test_a_class_is_one_thing() -> None:
    """No class and no function outgrows what one reads in one piece."""
    assert {path: found for path, source in sources().items() if (found := too_long(source))} == {}


def test_a_variable_is_named_for_what_it_holds() -> None:
    """In the program and in its tests."""
    tests = {
        path.as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.parent.joinpath("tests").rglob("*.py")
    }
    assert {path: found for path, source in (sources() | tests).items() if (found := vague_names(source))} == {}


def test_the_checker_sees_what_is_long_or_vague() -> None:
    """The checks above can fail: one line more than is allowed is seen, and a parameter as well as a loop."""
    body = "    x = 1\n"
    assert too_long("def f():\n" + body * LONGEST_FUNCTION) == ["f"] and too_long("class C:\n" + body * 119) == []
    assert too_long("class C:\n" + body * LONGEST_CLASS) == ["C"]
    assert vague_names("def f(one):\n    return [one for one in other]\n") == [1, 2, 2]
