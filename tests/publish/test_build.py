"""A build says whose fault it is that a site may not be published."""

from pathlib import Path

import pytest

from generator.cli import main
from generator.publish.build import template_fault
from generator.publish.site import allowlist


def papers(count: int) -> frozenset[str]:
    return frozenset(f"2601.{number:05}" for number in range(count))


@pytest.mark.parametrize(
    ("count", "picks", "is_template"), [(4, 4, False), (5, 20, True), (5, 21, False), (19, 900, False), (20, 900, True)]
)
def test_what_many_papers_share_comes_from_a_template(count: int, picks: int, is_template: bool) -> None:
    """A quarter of few picks, or twenty papers: nobody writes the same hostile text into so many."""
    fault = template_fault({"<a href> to code.example": papers(count)}, picks)
    assert bool(fault) == is_template
    assert not fault or ("<a href> to code.example" in fault and "allowlist.py" in fault)


def test_a_new_element_of_a_template_blames_no_paper(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An element that every card has is not allowed: the build stops, names it, and leaves docs/ as render made it."""
    monkeypatch.setattr(allowlist, "HTML", {key: may for key, may in allowlist.HTML.items() if key != "article"})
    monkeypatch.setattr(allowlist, "IN_FEEDS", allowlist.IN_FEEDS)
    assert main(["--root", str(root), "--quiet", "demo"]) == 1
    said = capsys.readouterr().err
    assert "the same thing is refused in" in said and "the element <article>" in said and "allowlist.py" in said
    assert "withheld" not in said
    page = next((root / ".demo" / "docs" / "days").rglob("2026-*.md")).read_text(encoding="utf-8")
    assert "withheld" not in page and page.count("<article") > 3
