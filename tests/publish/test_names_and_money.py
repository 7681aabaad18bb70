"""What a record says of fields and money stays: a later config.toml renames neither."""

import datetime as dt
import json
from pathlib import Path

from support import archive

from generator.core.model import Usage
from generator.publish.render import render
from generator.records.store import store_of
from generator.settings.config import Config

MONDAY, TUESDAY = dt.date(2026, 1, 12), dt.date(2026, 1, 13)
NAMES = {"llm-frontier": "大模型新技术", "dl-theory": "深度学习理论", "left-over-field": "以前的方向"}


def without(slug: str, **budget: object) -> Config:
    """The configuration without the field SLUG."""
    config = archive.config()
    kept = tuple(field for field in config.fields if field.slug != slug)
    return config.model_copy(update={"fields": kept, "budget": config.budget.model_copy(update=budget)})


def test_a_field_that_is_removed_keeps_page_feed_and_name(root: Path) -> None:
    """Its page says that it is judged no more; the fields' page and OPML still list it."""
    store_of(root).write(archive.day(MONDAY, names=NAMES), {})
    render(root, without("dl-theory"))
    docs = root / "docs"
    page = (docs / "fields/dl-theory.md").read_text()
    assert "深度学习理论" in page and "这个方向已不再评选" in page
    assert "2601.00005" in (docs / "feeds/dl-theory.xml").read_text()
    assert "以前的方向" in (docs / "fields/left-over-field.md").read_text()
    for path in ("fields/index.md", "feeds.opml", "subscribe.md", "days/2026/2026-01-12.md"):
        assert "深度学习理论" in (docs / path).read_text(), path


def test_a_field_that_is_renamed_keeps_its_name_on_old_days(root: Path) -> None:
    """The new name stands on new days, and in lists of the whole site."""
    store_of(root).write(archive.day(MONDAY, names=NAMES), {})
    store_of(root).write(archive.day(TUESDAY, names={**NAMES, "llm-frontier": "前沿"}), {})
    config = archive.config()
    fields = tuple(
        field.model_copy(update={"name": "前沿"}) if field.slug == "llm-frontier" else field for field in config.fields
    )
    render(root, config.model_copy(update={"fields": fields}))
    old, new = ((root / f"docs/days/2026/{date}.md").read_text() for date in (MONDAY, TUESDAY))
    assert "大模型新技术" in old and "前沿" not in old.partition("<article")[2]
    assert "前沿" in new and "大模型新技术" not in new
    assert "前沿" in (root / "docs/fields/llm-frontier.md").read_text()


def test_another_currency_renames_no_money(root: Path) -> None:
    """A day keeps the currency in which it was paid; a week with two of them shows both."""
    paid = Usage(calls=2, input_tokens=1000, output_tokens=200)
    for date, cost, currency in ((MONDAY, 1.5, "USD"), (TUESDAY, 7.5, "CNY")):
        usage = paid.model_copy(update={"cost": cost, "currency": currency})
        store_of(root).write(archive.day(date, usage=usage), {})
    render(root, without("", currency="CNY"))
    docs = root / "docs"
    assert "USD 1.50" in (docs / "days/2026/2026-01-12.md").read_text()
    assert "CNY 7.50" in (docs / "days/2026/2026-01-13.md").read_text()
    assert "USD 1.50 + CNY 7.50" in (docs / "status.md").read_text()
    index = json.loads((docs / "data/index.json").read_bytes())
    assert [day["currency"] for day in index["days"]] == ["USD", "CNY"]
