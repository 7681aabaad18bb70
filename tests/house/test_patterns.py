"""Every regular expression and every function of a text in the package, with 100 KB of hostile text each.

What is bounded is growth: four times the text may cost some four times the work, never sixteen. Both sizes are measured
in one run, in processor time, and a doubt is measured again: no clock of a machine decides.
"""

import argparse
import ast
import contextlib
import gc
import importlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import generator
from generator.commands.old_pages import _Refused
from generator.core.errors import ArxivDailyError
from generator.judges.llm.secret import _forms
from generator.sources.xml import UnusableError

pytestmark = pytest.mark.slow

PACKAGE = Path(generator.__file__).parent
CALLS = frozenset({"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
SIZES = (1_600, 6_400, 25_600, 102_400)
NOTICED_SECONDS = 0.01
"""Less says nothing of growth."""
MOST_GROWTH = 9
"""From one size to the next, which is four times as long: 4 is linear, 16 quadratic."""
LINEAR = 5
"""What grows by less from 6 to 25 KB cannot grow by MOST_GROWTH from there to 100 KB."""

WITH_LOCALS: Mapping[str, Mapping[str, Any]] = {
    "scan.py: re.compile('([^\\n]*)'.join(map(re.escape, parts)) + '\\\\n?')": {"parts": ["const a = ", ";"]},
    "mathml.py: re.compile(f\"(?<!\\\\w)({'|'.join(map(re.escape, shown))})(?!\\\\w)\")": {"shown": ["frac", "x2"]},
    "upgrade.py: re.findall(f'^\\\\{sign}\\\\| `([a-z_]+)` \\\\|', diff, re.MULTILINE)": {"sign": "+"},
    "i18n.py: re.compile(about['writing'])": {"about": {"writing": "[\\u3400-\\u9fff]"}},
    "secret.py: re.compile('|'.join(forms), re.IGNORECASE)": {"forms": [_forms("sk-0123456789abcdef").pattern]},
    "secret.py: re.sub(ends, '[key]', text)": {"ends": "sk-0[^\\s]{0,9}|[^\\s]{0,9}[*.…]cdef"},
    "secret.py: re.sub(f'(?<!\\\\w){re.escape(secret)}(?!\\\\w)', '[key]', text)": {"secret": "key"},
}
"""Patterns that are made within a function, with what it would hold."""
MADE_OF_A_FILE = frozenset({"injection.py: re.compile(whole)", "i18n.py: re.compile(about['writing'])"})
"""Their patterns stand in a tuple of the module."""
NO_TEXT = {
    "commands.init._host", "core.code._direct",
    "core.code._folder", "core.code._is_package", "core.code._resolve", "core.code._source",
    "core.code._version", "core.code.library_version", "core.escape.json_in_html", "core.i18n._locale",
    "core.i18n._read", "core.i18n.language_of",
    "core.i18n.narrow_weekdays", "core.i18n.words", "core.tex.latex._letter", "core.tex.latex._sign_in_formula",
    "core.text.invisible", "core.urls.field_path", "core.urls.month_path", "core.urls.source_of",
    "core.words.normalised", "judges.injection._read", "judges.llm.provider_errors.error_message",
    "judges.llm.reply._content", "judges.llm.reply._count", "judges.llm.reply.read_tokens",
    "judges.llm.secret._forms", "publish.open_data.month_name", "publish.pages.base._html_safe",
    "publish.search.tokens._is_mark", "publish.site.allowlist._names", "publish.site.check._file_of",
    "publish.site.scan._allowed", "records.store._dump_line", "records.store._dump_value",
    "records.summaries.record_digest", "settings.config._known_zone", "settings.config._problem",
    "settings.config._shown", "settings.presets.__init__.load_preset", "settings.presets.__init__.preset_text",
    "settings.reference._cell", "settings.reference._sentence", "settings.reference._toml",
}  # fmt: skip
"""Functions of one argument whose text is ours, is one word or sign, or is bounded by their caller."""

COMMON = [
    *" \\{}$[]()<>a1.-`*&#:/\"'=!~^_|\n\t",
    "中",
    "\u0301",
    "\u200b",
    "A",
    "ab",
    "\\a",
    "{\\'",
    "$a",
    "a ",
    "<a",
    "[a",
]


# The patterns


Use = tuple[re.Pattern[Any], frozenset[str]]
"""A pattern, and the methods by which it is used."""


def module_of(path: Path) -> str:
    """The dotted name of the module in PATH, without the package's own."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def patterns() -> Iterator[tuple[str, Use]]:
    """Every pattern that is compiled or used in the package, named by its place: found in the code, none left out."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in _calls(path):
            place = f"{path.name}: {ast.unparse(call)}"
            if place in MADE_OF_A_FILE:
                continue
            module = importlib.import_module(f"generator.{module_of(path)}")
            names = {**vars(module), **WITH_LOCALS.get(place, {})}
            value, flags = (eval(ast.unparse(part), names) for part in (call.args[0], _flags(call)))  # noqa: S307
            yield f"{path.name}:{call.lineno}", (re.compile(value, flags), _methods(path, call))
    for number, order in enumerate(importlib.import_module("generator.judges.injection")._ORDERS):
        yield f"orders.txt:{number}", (order, frozenset(["search"]))


def _methods(path: Path, call: ast.Call) -> frozenset[str]:
    """How the pattern of CALL is used: by the function itself, or wherever its name stands; else in every way."""
    name = ast.unparse(call.func).removeprefix("re.")
    if name != "compile":
        return frozenset([name])
    line = path.read_text(encoding="utf-8").splitlines()[call.lineno - 1]
    owner = re.match(r"(\w+) = ", line)
    own = owner is None or owner[1].startswith("_")
    sources = (module.read_text(encoding="utf-8") for module in ([path] if own else PACKAGE.rglob("*.py")))
    used = re.findall(rf"\b{owner[1]}\.(\w+)\(", "".join(sources)) if owner else []
    return frozenset(used) & CALLS or frozenset(["search", "fullmatch"])


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _calls(path: Path) -> tuple[ast.Call, ...]:
    return tuple(
        node
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CALLS
        and ast.unparse(node.func.value) == "re"
    )


def _flags(call: ast.Call) -> ast.expr:
    """The flags of CALL: the second argument of re.compile, or a keyword."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "flags"]
    function = call.func
    last = call.args[-1] if isinstance(function, ast.Attribute) and len(call.args) > 1 else None
    if last is not None and (function.attr == "compile" or "re." in ast.unparse(last)):  # type: ignore[attr-defined]
        return last
    return named[0] if named else ast.Constant(0)


@cache
def _known() -> dict[str, Use]:
    return dict(patterns())


def _signs(pattern: re.Pattern[Any]) -> set[str]:
    """The literal signs of PATTERN, and one sign of each of its ranges."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    found: set[str] = set()
    stack: list[Any] = [_parser.parse(source, pattern.flags & ~re.DEBUG)]
    while stack:
        part = stack.pop()
        if isinstance(part, tuple) and len(part) == 2 and str(part[0]) in ("LITERAL", "NOT_LITERAL"):
            found.add(chr(part[1]))
        elif isinstance(part, tuple) and len(part) == 2 and str(part[0]) == "RANGE":
            found.add(chr(part[1][0]))
        elif isinstance(part, list | tuple | _parser.SubPattern):
            stack.extend(part)
    return found


def units(pattern: re.Pattern[Any]) -> list[str]:
    """What hostile texts for PATTERN repeat: its own signs, alone and in pairs, its literal parts, and common ones."""
    signs = sorted(_signs(pattern))[:10]
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    words = re.findall(r"[A-Za-z<!/:.-]{2,}", source)[:6]
    pairs = [sign + other for sign in signs for other in signs][:24]
    return list(dict.fromkeys([*COMMON, *signs, *pairs, *words, *(f"{word} a" for word in words)]))


# Growth


def grows(work: Callable[[str], object], unit: str) -> str | None:
    """How WORK explodes with the length of its text; None where it does not."""
    before = 0.0
    for size in SIZES:
        text = (unit * (size // len(unit) + 1))[:size] + "\x00!"  # an end that fits nothing
        spent = _seconds(work, text)
        if spent > NOTICED_SECONDS and before and spent > MOST_GROWTH * before:
            before, spent = (min(_seconds(work, text[-length:]) for _ in range(3)) for length in (size // 4, size))
            if spent > MOST_GROWTH * before:
                return f"{unit!r}: {size} signs cost {spent / before:.0f} times what {size // 4} do"
        if size == SIZES[-2] and (spent < LINEAR * before or spent * 16 < NOTICED_SECONDS):
            return None
        before = max(spent, 1e-4)
    return None


def explodes(work: Callable[[str], object], repeated: list[str]) -> str | None:
    """The first of the texts that makes WORK explode; 100 KB of all together are fed in any case."""
    mixed = "".join(repeated)
    _seconds(work, (mixed * (SIZES[-1] // len(mixed) + 1))[: SIZES[-1]])
    return next((told for unit in repeated if (told := grows(work, unit))), None)


def _seconds(work: Callable[[str], object], text: str) -> float:
    gc.collect(0)
    gc.disable()  # its work grows with all that lives, not with the text
    began = time.thread_time()
    refusals = (ArxivDailyError, UnusableError, _Refused, argparse.ArgumentTypeError, ValueError, LookupError)
    with contextlib.suppress(*refusals):
        work(text)
    spent = time.thread_time() - began
    gc.enable()
    return spent


def _used(pattern: re.Pattern[Any], methods: frozenset[str]) -> Callable[[str], object]:
    """What the package does with PATTERN."""

    def work(text: str) -> None:
        whole: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
        for name in methods:
            if name in ("sub", "subn"):
                pattern.sub(whole[:0], whole)
            elif name == "finditer":
                list(pattern.finditer(whole))
            else:
                getattr(pattern, name)(whole)

    return work


@pytest.mark.parametrize("place", _known())
def test_no_pattern_explodes(place: str) -> None:
    """Searched for, matched or replaced, as the package does it, in 100 KB of whatever it nearly fits."""
    pattern, methods = _known()[place]
    work = _used(pattern, methods)
    assert explodes(work, units(pattern)) is None


def functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every function of the package that takes one text and nothing else."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in _tree(path).body:
            if (
                isinstance(node, ast.FunctionDef)
                and _takes_a_text(node)
                and f"{module_of(path)}.{node.name}" not in NO_TEXT
            ):
                module = importlib.import_module(f"generator.{module_of(path)}")
                yield f"{module_of(path)}.{node.name}", getattr(module, node.name)


def _takes_a_text(node: ast.FunctionDef) -> bool:
    arguments = node.args
    needed = len(arguments.args) - len(arguments.defaults) + sum(default is None for default in arguments.kw_defaults)
    kind = ast.unparse(arguments.args[0].annotation) if arguments.args and arguments.args[0].annotation else ""
    return needed == 1 and kind in ("str", "object", "str | None", "bytes", "bytes | str")


@pytest.mark.parametrize(("name", "function"), list(functions()))
def test_no_function_of_a_text_explodes(name: str, function: Callable[..., object]) -> None:
    """TeX that loops, brackets without an end, runs of spaces, combining signs, 100 KB of each."""
    takes_bytes = "bytes" in str(next(iter(function.__annotations__.values())))
    work = (lambda text: function(text.encode())) if takes_bytes else function
    tex = ["\\frac{", "x^{", "_{a", "$\\a$", "\\(", "\\left(", "\\begin{a}", "{\\'e}", "\\sqrt[", "\\text{"]
    markup = [
        "](",
        "**",
        "<b>",
        "```",
        "{{",
        "[{",
        '{"a":',
        "http://a ",
        "Score: 1\n",
        "- **Link:** ",
        "# ",
        "。",
        ", (",
    ]
    assert explodes(work, [*COMMON, *tex, *markup]) is None


def test_the_ladder_sees_what_explodes() -> None:
    """The tests above can fail: a quadratic search, an exponential match, a loop in Python."""
    assert grows(re.compile(r"\s+$").search, " ")
    assert grows(re.compile(r"a[^b]*b").search, "a")
    assert grows(lambda text: [text.count("a", start) for start in range(0, len(text), 20)], "a")
    assert not grows(re.compile(r"[a-z]{1,20}!").search, "a")


def test_the_walk_finds_every_pattern() -> None:
    """As many as the text of the package says; each exception above is still there."""
    said = sum(len(re.findall(rf"\bre\.(?:{'|'.join(CALLS)})\(", path.read_text())) for path in PACKAGE.rglob("*.py"))
    found = [f"{path.name}: {ast.unparse(call)}" for path in sorted(PACKAGE.rglob("*.py")) for call in _calls(path)]
    assert len(found) == said > 60
    assert {*WITH_LOCALS, *MADE_OF_A_FILE} <= set(found)
