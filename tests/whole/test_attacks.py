"""The gate against every attack string, place by place; `make browser` shows the same in Chromium."""

import ast
import re
from collections.abc import Collection
from pathlib import Path

import jinja2
import pytest
from support.attacks import FAMILIES, PLACES, attacks, gets_through, is_live

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
    assert [word for word in through if len(word) > 1] == []


def escaping_calls(source: str) -> list[str]:
    """The calls in SOURCE that escape by hand."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [name for call in calls if (name := ast.unparse(call.func)) in ESCAPING]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_there_is_one_gate(path: Path) -> None:
    """Nothing but escape.py escapes for HTML, XML or addresses."""
    found = escaping_calls(path.read_text(encoding="utf-8"))
    assert bool(found) == (path.name == "escape.py")


def test_the_checker_sees_escaping_by_hand() -> None:
    """The check above can fail."""
    assert escaping_calls("import html\nx = html.escape(y)\nz = quote(x)") == ["html.escape", "quote"]


OVERRIDES = PACKAGE.parent / "overrides"
PASSED = frozenset({
    "page.meta.title",  # front matter: page_maker passes it through the gate
    "page.meta.share",  # the same
    "title",  # the same, or the site's name escaped
    "description",
    "page.content",  # what the gate's Markdown became
    "config.extra.csp",  # ours, from here on
    "config.site_url",  # checked by config.py
    "base_url",
    "page.canonical_url",
    "kind",
    "item.title",  # titles of pages, which MkDocs takes from the front matter
    "section.title",
    "child.title",
    "heading.title",
    "heading.url",
    "feed.type",
    "super()",
})  # fmt: skip
"""What the theme prints as it is: each has passed the gate before, or is ours."""
OURS = re.compile(r"(?:w|config\.extra\.words)\.\w+")
"""Words of i18n.py."""


def printed_bare(template: str) -> list[str]:
    """What the source of a TEMPLATE of the theme prints without a filter that escapes."""
    tree = jinja2.Environment().parse(template)  # noqa: S701 (nothing is rendered)
    nodes = [node for output in tree.find_all(jinja2.nodes.Output) for node in output.nodes]
    printed = [part for node in nodes for part in _branches(node)]
    return [_source(node) for node in printed if not _escapes(node)]


def _branches(node: jinja2.nodes.Node | None) -> list[jinja2.nodes.Node]:
    if isinstance(node, jinja2.nodes.CondExpr):
        return [*_branches(node.expr1), *_branches(node.expr2)]
    if isinstance(node, jinja2.nodes.Or):
        return [*_branches(node.left), *_branches(node.right)]
    return [] if node is None or isinstance(node, jinja2.nodes.TemplateData | jinja2.nodes.Const) else [node]


def _escapes(node: jinja2.nodes.Node) -> bool:
    return isinstance(node, jinja2.nodes.Filter) and node.name in ("e", "escape", "url", "tojson")


def _source(node: jinja2.nodes.Node) -> str:
    """NODE as it stands in a template, as far as it is a path of names."""
    if isinstance(node, jinja2.nodes.Getattr):
        return f"{_source(node.node)}.{node.attr}"
    if isinstance(node, jinja2.nodes.Call):
        return f"{_source(node.node)}()"
    return node.name if isinstance(node, jinja2.nodes.Name) else repr(node)


@pytest.mark.parametrize(
    "path", [path for path in sorted(OVERRIDES.rglob("*.*")) if "{{" in path.read_text("utf-8", "replace")],
    ids=lambda path: path.name,
)  # fmt: skip
def test_the_theme_prints_nothing_bare(path: Path) -> None:
    """Every variable of a template of the theme is escaped, is an address, or is in the list above with its reason."""
    bare = printed_bare(path.read_text(encoding="utf-8"))
    assert [name for name in bare if name not in PASSED and not OURS.fullmatch(name)] == []


def test_the_walk_over_the_theme_sees_what_is_bare() -> None:
    """The test above can fail, and its list holds nothing that is gone."""
    assert printed_bare("{{ a | e }}{{ b.c }}{% if d %}{{ e | upper if f else g }}{% endif %}")[0] == "b.c"
    assert len(printed_bare("{{ a | e }}{{ b.c }}{% if d %}{{ e | upper if f else g }}{% endif %}")) == 3
    texts = [path.read_text("utf-8", "replace") for path in OVERRIDES.rglob("*.*")]
    assert {name for text in texts if "{{" in text for name in printed_bare(text)} >= PASSED


MESSAGES = frozenset({"scan.py", "prompt.py", "channels.py"})
"""What they write is read by the operator, the model or a mail program, as text."""
INSIDE = {
    "items.py": {"_link", "_paragraph", "len", "' · '.join", "'<br/>'.join"},  # of parts that passed the gate
    # of elements that the writer of formulas names itself, of its own parts and of numbers
    "mathml.py": {
        "part",  # passed the gate one line above
        "' tex--wide'",
        "_NORMAL",
        "_em",
        "_row",
        "apart",
        "base",
        "edges",
        "em",
        "inner",
        "made",
        "over",
        "row",
        "scripts",
        "side",
        "stretchy",
        "thickness",
        "told",
        "unspaced",
        "tag",
        "''.join",
    },
    # a date of digits, an address that passed the gate, and rows made of these
    "pages.py": {"dates[name]", "address", "told", "head", "''.join(rows)"},
    "messages.py": {"safe", "title", "head", "facts", "reason"},  # each passed the gate one line above
    "status.py": {"width", "left", "right", "colour", "name", "said"},  # our words, through the gate above
}
"""What else may stand in an f-string that makes mark-up, by module."""


def markup_by_hand(path: Path, source: str) -> list[str]:
    """The values in f-strings that make mark-up in SOURCE, the module at PATH, which did not pass the gate."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr) and re.search(r"</?[a-z{]|=\"\{", ast.unparse(node)):
            values = [ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue)]
            known = INSIDE.get(path.name, set())
            found += [value for value in values if not value.startswith("escape.") and not _is_known(value, known)]
    return found


def _is_known(value: str, known: Collection[str]) -> bool:
    return any(re.match(rf"{re.escape(name)}(?!\w)", value) for name in known)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_markup_is_put_together_by_hand(path: Path) -> None:
    """An f-string with a tag or an attribute in it holds what passed the gate, and nothing else."""
    assert path.name in MESSAGES or markup_by_hand(path, path.read_text(encoding="utf-8")) == []


def test_the_checker_sees_markup_by_hand() -> None:
    """The check above can fail."""
    assert markup_by_hand(Path("x.py"), 'f"<p>{escape.html(a)}{b}</p>" + f"{c}"') == ["b"]
