"""Mutants: how many of seeded small faults in generator/ the tests do not notice.

`python tests/bench/mutants.py [--count N] [--seed N] [--seconds N] [--only TEXT]` changes a copy of the project in one
place at a time (a comparison, a condition, a number, a call left out), runs the tests that reach the changed module
through imports, nearest first, and lists what survives. A mutant survives if no test fails within --seconds of CPU, so
the share that is told is at least as high as that of the whole suite. Fails beyond the promised share.
"""

import argparse
import ast
import copy
import hashlib
import itertools
import math
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests" / "tools"))

from import_graph import Graph, graph, reaching_tests  # noqa: E402

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    Answers = Connection[tuple[str, float], None]

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    ["pytest", "hypothesis", "openai", "mkdocs.commands.build", "jsonschema", "feedgen.feed"]
)
"""Each run of the tests starts from a process in which the libraries are loaded, and no module of ours is."""

PROMISED_SHARE = 0.05
WAITS = 20
"""Times the CPU time that tests which wait for something may take; then they count as passed, too."""
BATCHES = (0, 1, 3, 6, 12, 24, None)
"""Where in the list of tests a run of them begins."""
LEFT_OUT = ("test_packaging.py", "test_integration_llama.py", "test_architecture.py")
"""They look at the installation or at the source, not at what the program does."""
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
}  # fmt: skip


class Mutant(NamedTuple):
    """One change: in which module, at which line, from what to what, and the module's whole text with it."""

    module: str
    line: int
    before: str
    after: str
    text: str


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every change of SOURCE that we know how to make."""
    tree = ast.parse(source)
    for node in _places(tree):
        for changed in _changes(node):
            before, after = ast.unparse(node), ast.unparse(changed)
            if before != after:
                yield Mutant(module, node.lineno, before, after, _replaced(source, node, after))


def _places(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The parts of NODE that run: no annotation, decorator, default text or docstring among them."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                if isinstance(child, ast.expr | ast.stmt) and not isinstance(child, ast.JoinedStr):
                    yield child
                if not isinstance(child, ast.JoinedStr):
                    yield from _places(child)


def _changes(node: ast.expr | ast.stmt) -> Iterator[ast.AST]:
    """NODE with one thing changed, for each thing that can be."""
    match copy.deepcopy(node):
        case ast.Compare(ops=[only]) as changed if type(only) in _COMPARISONS:
            changed.ops = [_COMPARISONS[type(only)]()]
            yield changed
        case ast.BoolOp(op=operator) as changed:
            changed.op = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield changed
        case ast.BinOp(op=operator) as changed if type(operator) in _OPERATORS and _is_sum(changed):
            changed.op = _OPERATORS[type(operator)]()
            yield changed
        case ast.IfExp(body=body, orelse=orelse) as changed:
            changed.body, changed.orelse = orelse, body
            yield changed
        case other:
            yield from _without(other)


def _without(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in place of NODE where it is left out or another value is given."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield ast.Return(ast.Constant(None))
        case ast.Continue():
            yield ast.Break()


def _is_sum(node: ast.BinOp) -> bool:
    """Whether NODE may be arithmetic: no text is joined or filled in by it."""
    sides = (node.left, node.right)
    texts = [side for side in sides if isinstance(side, ast.JoinedStr) or _is_text(side)]
    return not texts


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def _replaced(source: str, node: ast.expr | ast.stmt, after: str) -> str:
    """SOURCE with NODE written as AFTER, in brackets where it is an expression."""
    lines = source.encode().splitlines(keepends=True)
    end_line, end = node.end_lineno or node.lineno, node.end_col_offset or 0
    head = b"".join(lines[: node.lineno - 1]) + lines[node.lineno - 1][: node.col_offset]
    tail = lines[end_line - 1][end:] + b"".join(lines[end_line:])
    new = after if isinstance(node, ast.stmt) else f"({after})"
    return (head + new.encode() + tail).decode()


def chosen(count: int, seed: int, only: str) -> list[Mutant]:
    """COUNT mutants of the places MODULE:LINE that hold ONLY.

    They are ordered by a digest of SEED and the change, so an edit elsewhere leaves the sample as it is.
    """
    ordered: list[tuple[str, Mutant]] = []
    for path in sorted((PROJECT / "generator").rglob("*.py")):
        name = path.relative_to(PROJECT).as_posix()
        seen: Counter[tuple[str, str]] = Counter()
        for mutant in mutants(name, path.read_text(encoding="utf-8")):
            change = (mutant.before, mutant.after)
            seen[change] += 1
            if only in f"{name}:{mutant.line}":
                key = "\0".join([str(seed), name, *change, str(seen[change])])
                ordered.append((hashlib.sha256(key.encode()).hexdigest(), mutant))
    return [mutant for _, mutant in sorted(ordered)[:count]]


def copy_project(folder: Path) -> None:
    """The files that git knows or would take, into FOLDER, as a repository of its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (PROJECT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, folder / name)
    subprocess.run(["git", "init", "--quiet", folder], check=True)


class Failure:
    """A plugin of pytest that keeps the name of the first test that failed."""

    def __init__(self) -> None:
        self.test = ""

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.test = self.test or (report.nodeid if report.failed else "")

    @pytest.hookimpl
    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.test = self.test or (report.nodeid if report.failed else "")


def _run_tests(
    folder: Path, files: Sequence[str], seconds: float, answer: "Connection[tuple[str, float], None]"
) -> None:
    """Run the tests of FILES in FOLDER, in a process that does nothing else; tell which failed and the CPU time."""
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 5))
    os.chdir(folder)
    sys.path[:0] = [str(folder)]
    os.environ["PYTHONPATH"] = str(folder)
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    failure = Failure()
    options = [
        "-x",
        "-q",
        "--tb=no",
        "-Wignore::pytest.PytestAssertRewriteWarning",
        "-m",
        "not slow and not integration",
        "-p",
        "no:cacheprovider",
    ]
    code = pytest.main([*options, *files], plugins=[failure])
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    fine = code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    answer.send((failure.test or ("" if fine else str(code)), sum(child.ru_utime + child.ru_stime for child in spent)))


def killer(folder: Path, tests: Sequence[str], seconds: float) -> tuple[str, float]:
    """The test that fails in FOLDER, "" if none does within SECONDS of CPU, and the CPU time that it took.

    The nearest tests run first and by few files: only to collect the others takes longer than most mutants live.
    """
    left = seconds
    for files in filter(None, (tests[begin:end] for begin, end in itertools.pairwise(BATCHES))):
        ours, theirs = CONTEXT.Pipe(duplex=False)
        process = CONTEXT.Process(target=_run_tests, args=(folder, files, left, theirs))
        process.start()
        theirs.close()
        hangs = not ours.poll(WAITS * seconds)
        if hangs:
            process.kill()
        try:
            failed, spent = ours.recv()
        except EOFError:
            failed, spent = "", left
        process.join()
        if process.exitcode not in (0, -signal.SIGXCPU) and not hangs:
            sys.exit(f"the process of the tests ended with {process.exitcode}")
        left -= spent
        if failed or left < 1:
            return failed, seconds - left
    return "", seconds - left


def _tests(module: str, uses: Graph) -> list[str]:
    return [name for name in reaching_tests([module], uses) if not name.endswith(LEFT_OUT)]


def survives(mutant: Mutant, folder: Path, uses: Graph, seconds: float) -> bool:
    """Whether no test notices MUTANT; it is told on stdout as it is found out."""
    path = folder / mutant.module
    whole = path.read_text(encoding="utf-8")
    path.write_text(mutant.text, encoding="utf-8")
    try:
        test, spent = killer(folder, _tests(mutant.module, uses), seconds)
    finally:
        path.write_text(whole, encoding="utf-8")
    sys.stdout.write(f"{spent:4.0f} s  {mutant.module}:{mutant.line}  {f'killed by {test}' if test else 'SURVIVES'}\n")
    if not test:
        sys.stdout.write(f"        - {mutant.before}\n        + {mutant.after}\n")
    sys.stdout.flush()
    return not test


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261130)
    parser.add_argument("--seconds", type=float, default=45, help="CPU time that the tests of one mutant get")
    parser.add_argument("--only", default="", metavar="TEXT", help="places MODULE:LINE that hold TEXT")
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="N", help="leave out the first N")
    args = parser.parse_args()
    uses = graph()
    picked = chosen(args.count, args.seed, args.only)[args.first :]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder)
        if failed := killer(folder, _tests(picked[0].module, uses), args.seconds)[0]:
            sys.exit(f"a test fails without any mutant: {failed}")
        alive = sum(survives(mutant, folder, uses, args.seconds) for mutant in picked)
    share = alive / max(len(picked), 1)
    sys.stdout.write(
        f"{alive} of {len(picked)} mutants survive: {share:.1%} (promised: at most {PROMISED_SHARE:.0%})\n"
    )
    return int(share > PROMISED_SHARE)


if __name__ == "__main__":
    sys.exit(main())
