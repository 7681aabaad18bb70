"""The configuration page says what config.py does."""

from pathlib import Path

import pytest

from generator.settings.config import Config, table_in
from generator.settings.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "ops" / "configuration.md"


def test_the_page_is_the_one_that_the_code_makes() -> None:
    """Whoever changes an option runs `make docs`."""
    assert PAGE.read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("name", Config.model_fields)
def test_every_option_is_explained(name: str) -> None:
    """Each option carries its own prose, so that no row of the page is empty."""
    table = table_in(Config.model_fields[name].annotation)
    assert [key for key, option in table.model_fields.items() if not option.description] == []


def test_a_row_shows_key_default_meaning_and_bounds() -> None:
    """What an operator needs stands on one line, as config.toml would write it."""
    rows = reference().splitlines()
    assert "| `lookback_days` | `7` | " in "\n".join(rows)
    assert any(row.startswith("| `flagged` |") and row.endswith('(`"cap"` or `"hold"`) |') for row in rows)
    assert any(row.startswith("| `tokens_per_run` | `2_000_000` |") for row in rows)
    assert any(row.startswith("| `slug` | *required* |") for row in rows)
    assert any(row.startswith("| `temperature` | *unset* |") and "at most 2" in row for row in rows)
