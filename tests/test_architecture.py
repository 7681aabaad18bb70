"""The picture of the house, checked: who may import whom, who may look at the clock, what nobody may catch."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import generator

PACKAGE = Path(generator.__file__).parent

LAYERS = (
    {"errors", "model", "categories", "dates", "text", "unicode_math", "search_text"},  # what everybody speaks
    {
        "gate",
        "config",
        "files",
        "mathml",
        "batches",
        "evidence",
        "late_truth",
        "unjudged",
        "withholding",
        "allowed",
        "injection",
        "prefilter",
        "steady",
        "agreement",
        "adagrad",
    },  # what enters and leaves
    {
        "store",
        "code",
        "outputs",
        "wording",
        "terms",
        "stats",
        "related",
        "talk",
        "config_docs",
        "arxiv_xml",
        "prompt",
        "reply",
        "abstracts",
        "comparison",
    },
    {
        "addresses",
        "arxiv_wire",
        "offline",
        "scan",
        "llm",
        "ledger",
        "budget",
        "github",
        "feed_items",
        "kept",
    },  # arXiv, the model, money
    {
        "arxiv_api",
        "arxiv_rss",
        "guard",
        "scoring",
        "feed_forms",
        "feeds",
        "search",
        "search_index",
        "site",
        "sitecache",
        "selection",
        "labels",
        "features",
    },
    {"learned_fields"},
    {"announcement", "predecessor", "open_data", "page_maker", "batch", "learn"},
    {"day_pages", "archive_pages", "field_pages", "status_page", "trend_pages", "learned_judge", "learning"},
    {"assembly", "gathering", "receipt", "pages", "judging", "judged_days"},
    {"render", "contenders", "eval_tables", "eval_page", "paid_judge"},
    {"daily", "alarm", "publishing"},
    {"demo", "importer", "setup", "doctor", "evaluation"},
    {"cli"},
    {"__main__"},
)
"""From the ground up. A module imports from lower layers; whom it may import beside itself stands in BESIDE."""

BESIDE = {
    "unicode_math": {"text"},
    "mathml": {"gate"},
    "stats": {"store", "terms"},
    "search": {"search_index"},
    "feeds": {"feed_forms"},
    "site": {"feed_forms", "feeds", "search", "sitecache"},
    "eval_page": {"eval_tables"},
}

CLOCKS = {
    (owner, reading)
    for owner, readings in {"datetime": "now utcnow today", "date": "today", "time": "time localtime gmtime"}.items()
    for reading in readings.split()
}


def modules() -> list[str]:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return sorted({path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__"} | packages)


def allowed(name: str) -> set[str]:
    """The modules that NAME may import."""
    level = next((number for number, layer in enumerate(LAYERS) if name in layer), None)
    assert level is not None, f"{name} has no place in LAYERS: give it one, as low as it goes"
    return set().union(*LAYERS[:level]) | BESIDE.get(name, set())


def imported(source: str) -> Iterator[str]:
    """The modules of this package that SOURCE imports, wherever in the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            module = rest.partition(".")[0]
            if package == "generator" and not module.startswith("__"):
                yield module


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


def read(name: str) -> str:
    path = PACKAGE / f"{name}.py"
    return (path if path.exists() else PACKAGE / name / "__init__.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", modules())
def test_imports_run_downward(name: str) -> None:
    """A module imports from the layers below it, and beside it only whom BESIDE names."""
    assert set(imported(read(name))) <= allowed(name)


def test_the_picture_holds_nothing_that_is_not_there() -> None:
    """Every name in the picture is a module, and every exception in BESIDE is made use of, one way only."""
    assert sorted(set().union(*LAYERS) | {"__main__"}) == modules()
    for name, neighbours in BESIDE.items():
        assert neighbours <= set(imported(read(name)))
        assert not any(name in allowed(neighbour) for neighbour in neighbours)


def test_the_checker_sees_an_upward_import() -> None:
    """The check above can fail: every form of import is seen."""
    source = "from generator.cli import main\nimport generator.daily\ndef f():\n    from generator import render\n"
    assert set(imported(source)) == {"cli", "daily", "render"}
    assert not set(imported(source)) <= allowed("model")


@pytest.mark.parametrize("name", [name for name in modules() if name != "cli"])
def test_the_clock_is_read_in_one_place(name: str) -> None:
    """Every other module is told what time it is."""
    assert clock_readings(read(name)) == []


def test_the_checker_sees_a_clock() -> None:
    """The check above can fail: dates and times of day are seen, stop-watches are let be."""
    source = "dt.datetime.now(dt.UTC)\ndate.today()\ntime.time()\ntime.monotonic()\ndt.time(14)\nself.now()\n"
    assert clock_readings(source) == ["dt.datetime.now(dt.UTC)", "date.today()", "time.time()"]


@pytest.mark.parametrize("name", modules())
def test_nothing_is_caught_wholesale(name: str) -> None:
    """A surprise crashes: no handler takes every exception and goes on."""
    assert broad_handlers(read(name)) == []


def test_the_checker_sees_a_broad_handler() -> None:
    """The check above can fail: cleaning up and raising again is let be, swallowing is not."""
    tidy = "try:\n    f()\nexcept BaseException:\n    g()\n    raise\n"
    swallowing = "try:\n    f()\nexcept Exception:\n    pass\n"
    assert broad_handlers(tidy) == []
    assert broad_handlers(swallowing) == [3]
