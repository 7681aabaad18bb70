"""The site's own words: whole in both languages."""

import re
import string
from pathlib import Path

import pytest

import generator
from generator.core import why
from generator.core.i18n import _BLOCKS, LANGUAGES, words

PACKAGE = Path(generator.__file__).parent
OVERRIDES = PACKAGE.parent / "overrides"


def places(text: str) -> set[str]:
    """What TEXT leaves to be filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_key_stands_in_two_blocks() -> None:
    """A second one would silently replace the first."""
    keys = [key for block in _BLOCKS for key in block]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", sorted(words("zh")))
def test_a_text_has_words_in_every_language(key: str) -> None:
    """No language lacks a text, unless it is empty on purpose in one: a joint between words."""
    texts = [words(language)[key] for language in LANGUAGES]
    assert any(text.strip() for text in texts)


def test_the_languages_leave_the_same_to_be_filled_in() -> None:
    """A date may be named by number in one language and by name in another; all else is alike."""
    by_name = {"month_name", "month", "year"}
    zh, en = words("zh"), words("en")
    assert [key for key in zh if places(zh[key]) ^ places(en[key]) > by_name] == []
    assert [key for key in zh if (places(zh[key]) ^ places(en[key])) - by_name] == []


def test_every_reason_of_ours_for_a_missing_verdict_has_words() -> None:
    """The record keeps it in English; what a page shows is in the site's language."""
    whys = {value for name, value in vars(why).items() if name.isupper() and isinstance(value, str)}
    assert {f"why_{word}" for word in whys} == {key for key in words("zh") if key.startswith("why_")}


def test_every_word_that_a_template_asks_for_is_there() -> None:
    """Both families of templates; the theme's would print nothing for a missing one."""
    asked = set()
    for path in [*PACKAGE.rglob("templates/*.j2"), *OVERRIDES.rglob("*.html")]:
        asked |= set(re.findall(r"\b(?:w|config\.extra\.words)\.(\w+)", path.read_text(encoding="utf-8")))
    assert asked and asked <= set(words("zh"))
