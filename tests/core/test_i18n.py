"""The site's own words: whole in every language, with plurals and dates as CLDR has them."""

import datetime as dt
import re
import string
import tomllib
from pathlib import Path

import pytest

import generator
from generator.core import i18n, why
from generator.core.i18n import LANGUAGES, Counted, date_label, in_language, lines_in, name_in, narrow_weekdays, words

PACKAGE = Path(generator.__file__).parent
OVERRIDES = PACKAGE.parent / "overrides"
DATES = {"date", "date_short", "date_weekday", "month", "year"}


def places(text: str) -> set[str]:
    """What TEXT, in any of its forms, leaves to be filled in."""
    forms = text.forms.values() if isinstance(text, Counted) else [text]
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def keys(language: str) -> list[str]:
    tables = tomllib.loads((i18n.LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    return [key for name, table in tables.items() if name != "language" for key in table]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_whole(language: str) -> None:
    """It has every text of English, once, with the same to be filled in, and empty only where it joins words."""
    ours, english = words(language), words("en")
    assert sorted(keys(language)) == sorted(set(keys("en")))
    assert [key for key in english if places(ours[key]) != places(english[key])] == []
    assert {key for key, text in ours.items() if not text.strip()} <= {"reason_between_terms"}
    plain = {key: text for key, text in ours.items() if key not in DATES and not isinstance(text, Counted)}
    assert [key for key, text in plain.items() if re.search(r"\{\W|\{\}", text)] == []


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


def test_a_text_has_the_form_of_its_number() -> None:
    """Also where the number is written with commas, or has another name than n; taken as it is, the form for many."""
    days, read = words("en")["total_days"], words("en")["change_read"]
    assert [days.format(n=n) for n in (0, 1, "1", 2, "1,001")] == ["0 days", "1 day", "1 day", "2 days", "1,001 days"]
    assert read.format(date="2026-01-14", what="1") == "2026-01-14 1 more paper read"
    assert (days, words("zh")["total_days"].format(n=1)) == ("{n} days", "1 天")


@pytest.mark.parametrize(
    ("form", "zh", "en"),
    [
        ("date", "2026年9月6日", "6 Sep 2026"),
        ("date_short", "9月6日", "6 Sep"),
        ("date_weekday", "2026年9月6日 周日", "Sun 6 Sep 2026"),
        ("month", "2026年9月", "Sep 2026"),
        ("year", "2026年", "2026"),
    ],
)
def test_a_date_is_written_as_in_its_language(form: str, zh: str, en: str) -> None:
    day = dt.date(2026, 9, 6)
    assert (date_label(day, "zh", form), date_label(day, "en", form)) == (zh, en)


def test_the_week_begins_on_monday() -> None:
    assert "".join(narrow_weekdays("zh")) == "一二三四五六日"
    assert "".join(narrow_weekdays("en")) == "MTWTFSS"


def test_of_a_bilingual_text_the_lines_of_the_language_are_taken() -> None:
    """Terms of another language stand in Chinese lines; where no line is in the language all are taken."""
    text = "大模型 LLM agents 与 planning\nAgents that plan"
    assert lines_in(text, "zh") == "大模型 LLM agents 与 planning"
    assert lines_in(text, "en") == "Agents that plan"
    assert lines_in("Agents that plan", "zh") == "Agents that plan"


@pytest.mark.parametrize(
    ("name", "english", "language", "shown"),
    [
        ("大模型", "Large models", "zh", "大模型"),
        ("大模型", "Large models", "en", "Large models"),
        ("大模型", None, "en", "大模型"),
        ("LLM 推理", "LLM inference", "zh", "LLM 推理"),
        ("Large models", "Big models", "en", "Big models"),
    ],
)
def test_a_name_is_shown_in_a_writing_that_readers_know(name: str, english: str, language: str, shown: str) -> None:
    assert name_in(name, english, language) == shown


@pytest.fixture
def third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a third language, Japanese, which has but its dates yet."""
    file = tmp_path / "ja.toml"
    file.write_text(
        '[language]\nname = "Japanese"\nlocale = "ja"\nwriting = "[\\u3041-\\u30fa\\u3400-\\u9fff]"\n'
        '[common]\nhtml_lang = "ja"\ndate = "y年M月d日(E)"\n'
    )
    (tmp_path / "en.toml").write_bytes((i18n.LOCALES / "en.toml").read_bytes())
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    return file


def test_a_third_language_is_one_file(third: Path) -> None:
    """Its own words and dates; what it lacks is said in English; a reason in it is told from others."""
    assert third.is_file()
    assert date_label(dt.date(2026, 9, 6), "ja") == "2026年9月6日(日)"
    assert words("ja")["nav_archive"] == "Archive"
    assert [in_language(text, "ja") for text in ("拡散モデルによる言語生成", "Diffusion models", "확산 언어 모델")] == [
        True,
        False,
        False,
    ]
    assert (name_in("機械学習", "Machine learning", "ja"), name_in("Обучение", "Learning", "ja")) == (
        "機械学習",
        "Learning",
    )
