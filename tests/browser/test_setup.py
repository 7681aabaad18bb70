"""The set-up page in Chromium: what it shows is what `init` writes for the same answers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from support.project import PROJECT

from generator import cli
from generator.commands import setup_form

OpenPage = Callable[..., Page]
COPY = {"en": "Copy", "zh": "复制"}


def opened(open_page: OpenPage, path: str = "ops/setup/") -> Page:
    """The form, once it is there."""
    tab = open_page(path, permissions=["clipboard-read", "clipboard-write"])
    tab.wait_for_selector("#setup form")
    return tab


def written(root: Path, *args: str) -> str:
    """The config.toml that `init` writes with ARGS in a new site."""
    (root / "config.toml").write_bytes((PROJECT / "generator" / "template" / "config.toml").read_bytes())
    assert cli.main(["init", "--yes", "--root", str(root), *args]) == 0
    return (root / "config.toml").read_text(encoding="utf-8")


def shown(tab: Page, language: str = "en") -> str:
    """The file that the page shows, as its button copies it."""
    tab.get_by_role("button", name=COPY[language], exact=True).click()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert isinstance(copied, str)
    return copied


def test_the_data_are_those_that_the_code_makes() -> None:
    """Whoever changes options, presets or the template runs `make docs`."""
    assert (PROJECT / "docs" / "ops" / "setup.json").read_text(encoding="utf-8") == setup_form.text()


def test_from_a_fork_to_a_valid_file_in_ten_interactions(open_page: OpenPage, tmp_path: Path) -> None:
    """Every question answered differently from what stands there: nine, with the copy; the tenth opens the editor."""
    page = opened(open_page, "ops/zh/setup/")
    page.get_by_label("你在 GitHub 上的复刻").fill("Ada/papers")
    page.get_by_label("站名").fill('数学"日报"\\')
    page.get_by_label("页面和理由的语言").select_option("en")
    page.get_by_label("研究方向").select_option("mathematics")
    page.get_by_label("搜索：视觉").fill("机器人")
    page.get_by_role("button", name="+ cs.RO").click()
    page.get_by_label("入选的最低分").fill("7.5")
    page.get_by_label("模型").fill("deepseek-chat")
    text = shown(page, "zh")
    link = page.get_by_role("link", name="在 GitHub 编辑器中打开")
    assert link.get_attribute("href") == "https://github.com/Ada/papers/edit/main/config.toml"
    categories = [*setup_form.form_data()["presets"]["mathematics"]["categories"], "cs.RO"]
    told = ["--url", "https://ada.github.io/papers/", "--title", '数学"日报"\\', "--language", "en"]
    told += ["--preset", "mathematics", "--categories", *categories, "--threshold", "7.5", "--model", "deepseek-chat"]
    assert text == written(tmp_path, *told)


@pytest.mark.parametrize("preset", setup_form.form_data()["presets"])
def test_a_preset_alone(open_page: OpenPage, tmp_path: Path, preset: str) -> None:
    """Three interactions: the fork, the fields, the copy. The repository that is a whole host has no path."""
    page = opened(open_page)
    page.get_by_label("Your fork").fill("https://github.com/Ada/Ada.github.io.git")
    page.get_by_label("Research fields").select_option(preset)
    told = ["--url", "https://ada.github.io/", "--title", "arXiv Daily", "--language", "en", "--preset", preset]
    assert shown(page) == written(tmp_path, *told)


def test_fields_of_ones_own(open_page: OpenPage, tmp_path: Path) -> None:
    """Names in any script, reserved ones and such that make the same address; descriptions of several lines."""
    fields = [
        ("Graph Learning", 'graph "neural"\nnetworks\t\\o/', "graph-learning"),
        ("图学习", "graph é 🚀 learning", "field-2"),
        ("Top", "the top", "field-3"),
        ("graph learning!", "again", "field-4"),
        ("LPT1", "printers", "field-5"),
    ]
    page = opened(open_page)
    page.get_by_label("Your fork").fill("ada/papers/")
    page.get_by_label("Research fields").select_option("")
    for number, (name, description, _) in enumerate(fields):
        if number:
            page.get_by_role("button", name="Add a field").click()
        page.get_by_label("Name of the field").nth(number).fill(name)
        page.get_by_label("What belongs to it").nth(number).fill(description)
    told = ["--url", "https://ada.github.io/papers/", "--title", "arXiv Daily", "--language", "en", "--threshold", "7"]
    for name, description, slug in fields:
        told += ["--field", slug, name, description]
    assert shown(page) == written(tmp_path, *told)


@pytest.mark.parametrize(
    ("label", "said", "wrong"),
    [
        ("Your fork", "papers", "OWNER/NAME"),
        ("Your fork", "https://gitlab.com/ada/papers", "OWNER/NAME"),
        ("Title of the site", "", "1 to 200"),
        ("Title of the site", "x" * 201, "1 to 200"),
        ("Lowest score", "0", "above 0"),
        ("Lowest score", "10.5", "above 0"),
        ("Lowest score", "seven", "above 0"),
        ("Model", "", "1 to 200"),
    ],
)
def test_a_wrong_answer_is_named_and_shows_no_file(open_page: OpenPage, label: str, said: str, wrong: str) -> None:
    """The file comes back when the answer is a right one."""
    page = opened(open_page)
    page.get_by_label("Your fork").fill("ada/papers")
    file = page.get_by_label("Your config.toml")
    expect(file).to_be_visible()
    asked = page.get_by_label(label)
    before = asked.input_value()
    asked.fill(said)
    asked.blur()
    expect(page.get_by_text(wrong).locator("visible=true")).to_have_count(1)
    expect(file).to_be_hidden()
    asked.fill(before)
    expect(file).to_be_visible()


def test_a_model_that_ends_is_told_with_its_successor(open_page: OpenPage) -> None:
    """As `doctor` tells it, 60 days ahead, dated snapshots too; the answer stays valid."""
    page = open_page("ops/setup/", before="Date.now = () => Date.parse('2026-12-01')")
    model = page.get_by_label("Model")
    for name, said in (("gpt-5-mini", True), ("gpt-5-mini-2025-08-07", True), ("gpt-5.6-luna", False)):
        model.fill(name)
        told = page.get_by_text("OpenAI ends this model on 2026-12-10; its successor is gpt-5.6-luna")
        assert told.is_visible() == said


def test_no_category_and_no_field_show_no_file(open_page: OpenPage) -> None:
    """Both lists need an entry; a name may stand once."""
    page = opened(open_page)
    page.get_by_label("Your fork").fill("ada/papers")
    page.get_by_label("Research fields").select_option("mathematics")
    file = page.get_by_label("Your config.toml")
    expect(file).to_be_visible()
    chips = page.get_by_role("button", name="remove:")
    while chips.count():
        chips.first.click()
    expect(file).to_be_hidden()
    page.get_by_label("Search: vision").fill("no such")
    expect(page.get_by_text("No category is called so")).to_be_visible()
    page.get_by_label("Search: vision").fill("vision")
    page.get_by_label("Search: vision").press("Enter")
    expect(file).to_be_visible()
    assert 'categories = ["cs.CV"]' in file.input_value()
    page.get_by_label("Research fields").select_option("")
    expect(file).to_be_hidden()
    page.get_by_role("button", name="Add a field").click()
    for number in range(2):
        page.get_by_label("Name of the field").nth(number).fill("Same")
        page.get_by_label("What belongs to it").nth(number).fill("same")
    expect(file).to_be_hidden()
    page.get_by_role("button", name="Remove this field").click()
    expect(file).to_be_visible()
