"""`demo`: what is written by hand is taken along, days are not."""

from pathlib import Path

from support.project import PROJECT

from generator.commands.demo import BY_HAND, copy_by_hand, prepare


def test_the_demo_has_the_theme_and_the_pages_of_the_project(root: Path, tmp_path: Path) -> None:
    """As they are now: what was changed or has gone since the last time is changed or gone; no day is copied."""
    folder = tmp_path / "demo"
    (root / "docs/days/2026").mkdir(parents=True)
    (root / "docs/days/2026/2026-01-14.md").write_text("a day")
    (root / "overrides/own.html").write_text("mine")
    prepare(root, folder)
    assert (folder / "overrides/own.html").read_text() == "mine" and not (folder / "docs/days").exists()
    for name in BY_HAND:
        assert (folder / name).exists() == (root / name).exists()
    (root / "overrides/own.html").unlink()
    (root / "docs/about.md").write_text("changed")
    copy_by_hand(root, folder)
    assert not (folder / "overrides/own.html").exists() and (folder / "docs/about.md").read_text() == "changed"


def test_without_a_theme_the_programs_own_is_taken(tmp_path: Path) -> None:
    """A thin site has none."""
    (tmp_path / "site").mkdir()
    prepare(tmp_path / "site", tmp_path / "demo")
    assert (tmp_path / "demo/overrides/main.html").read_bytes() == (PROJECT / "overrides/main.html").read_bytes()
