"""The gate against every attack string, place by place; `make browser` shows the same in Chromium."""

import ast
import re
from pathlib import Path

import pytest
from attacks import FAMILIES, PLACES, attacks, gets_through, is_live

import generator

PACKAGE = Path(generator.__file__).parent
ESCAPING = {
    "html.escape",
    "_html.escape",
    "xml.sax.saxutils.escape",
    "saxutils.escape",
    "quoteattr",
    "quote",
    "quote_plus",
}


def test_there_are_attacks_enough() -> None:
    """Over 400, no two alike, of every family, in Chinese surroundings too."""
    texts = [attack.text for attack in attacks()]
    assert len(texts) == len(set(texts)) >= 400
    assert {attack.family for attack in attacks()} == set(FAMILIES)
    assert sum(bool(re.search(r"[\u4e00-\u9fff]", text)) for text in texts) > 80


@pytest.mark.parametrize("family", FAMILIES)
def test_each_attack_works_where_the_gate_is_left_out(family: str) -> None:
    """What changes nothing there would prove nothing here."""
    assert [attack.text for attack in attacks() if attack.family == family and not is_live(attack)] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_no_attack_gets_through_the_gate_anywhere(family: str) -> None:
    """Each string in each place, not only in the one that it was made for."""
    assert len(PLACES) == 10
    through = [(attack.text, *gets_through(attack.text)) for attack in attacks() if attack.family == family]
    assert [one for one in through if len(one) > 1] == []


def escaping_calls(source: str) -> list[str]:
    """The calls in SOURCE that escape by hand."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [name for call in calls if (name := ast.unparse(call.func)) in ESCAPING]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_there_is_one_gate(path: Path) -> None:
    """Nothing but gate.py escapes for HTML, XML or addresses."""
    found = escaping_calls(path.read_text(encoding="utf-8"))
    assert bool(found) == (path.name == "gate.py")


def test_the_checker_sees_escaping_by_hand() -> None:
    """The check above can fail."""
    assert escaping_calls("import html\nx = html.escape(y)\nz = quote(x)") == ["html.escape", "quote"]
