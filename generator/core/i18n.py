"""Every word that the site shows of its own: a file for each language in locale/, dates and plurals as CLDR has them.

A further language is one more file there, and its name as `language` in config.toml. A text that the file lacks is
shown in English. `{name}` in a text is filled in by the caller with `format`. A text with a number may have a form
for each plural category; `format` takes the one that fits.
"""

import datetime as dt
import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from babel import Locale

LOCALES = Path(__file__).with_name("locale")
FALLBACK = "en"
LANGUAGES = tuple(sorted(path.stem for path in LOCALES.glob("*.toml")))

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_OTHER_LETTER = re.compile(r"[\u0400-\u1cff\u3041-\u30fa\uac00-\ud7af]")  # from Cyrillic on; kana, hangul


class Language(NamedTuple):
    """What is to be known of a language beside its words."""

    name: str
    """Its name in English, as the model is told it."""
    locale: str
    """Babel's name for it."""
    writing: re.Pattern[str]
    """One word of it, or one character where it sets no spaces."""


class Counted(str):
    """A text that depends on a number; taken as it is, the form for most numbers. forms: by category of CLDR."""

    __slots__ = ("by", "forms", "language")
    language: str
    by: str
    """The name of the number among what is filled in."""
    forms: Mapping[str, str]

    @classmethod
    def of(cls, forms: Mapping[str, str], language: str) -> "Counted":
        """The text of a table in the file of LANGUAGE: its forms, and under `by` the name of the number if not n."""
        made = cls(forms["other"])
        made.language, made.by = language, forms.get("by", "n")
        made.forms = {category: form for category, form in forms.items() if category != "by"}
        return made

    def format(self, *args: Any, **values: Any) -> str:
        """The form that fits the number, filled in. The number may be written with commas between thousands."""
        number = int(str(values[self.by]).replace(",", ""))
        category = _locale(self.language).plural_form(number)
        return str.format(self.forms.get(category, self), *args, **values)


def words(language: str) -> Mapping[str, str]:
    """The words of the site in LANGUAGE by key."""
    return _read(language)[1]


def language_of(language: str) -> Language:
    """What is to be known of LANGUAGE, one of LANGUAGES, beside its words."""
    return _read(language)[0]


@functools.cache
def _read(language: str) -> tuple[Language, Mapping[str, str]]:
    tables = tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    about = tables.pop("language")
    texts: dict[str, str] = {} if language == FALLBACK else dict(words(FALLBACK))
    for table in tables.values():
        for key, text in table.items():
            texts[key] = text if isinstance(text, str) else Counted.of(text, language)
    return Language(about["name"], about["locale"], re.compile(about["writing"])), MappingProxyType(texts)


@functools.cache
def _locale(language: str) -> "Locale":
    from babel import Locale  # noqa: PLC0415 (a tenth of a second, and most commands need no date)

    return Locale.parse(language_of(language).locale)


@functools.lru_cache(maxsize=1024)
def date_label(date: dt.date, language: str, form: str = "date") -> str:
    """DATE in LANGUAGE; FORM: the key of a pattern, such as `date_short`, `date_weekday` or `month`."""
    from babel.dates import format_date  # noqa: PLC0415 (as above)

    return format_date(date, words(language)[form], _locale(language))


def narrow_weekdays(language: str) -> list[str]:
    """The days of the week from Monday on, as short as they get."""
    from babel.dates import get_day_names  # noqa: PLC0415 (as above)

    names = get_day_names("narrow", locale=_locale(language))
    return [names[number] for number in range(7)]


def in_language(text: str, language: str) -> bool:
    """Whether TEXT is in LANGUAGE: its words outweigh those of any other writing, terms and names included.

    Languages that share their writing are not told apart. Of 3,829 reasons of a large model that was to write Chinese,
    the 83 in English hold no Chinese character, and no other holds fewer of them than Latin words (36 words to 42
    characters at most).

    >>> in_language("用 diffusion LLM 做长文推理", "zh"), in_language("A new diffusion LLM (扩散)", "zh")
    (True, False)
    """
    rest, own = language_of(language).writing.subn(" ", text)
    han, latin, other = (len(signs.findall(rest)) for signs in (_HAN, _LATIN_WORD, _OTHER_LETTER))
    return own > 0 and own >= max(han, latin) and own > other


def lines_in(text: str, language: str) -> str:
    """The lines of TEXT that are in LANGUAGE, on one line; all of it if there is none."""
    lines = [line for line in text.splitlines() if line.strip()]
    return " ".join([line for line in lines if _is_for(line, language)] or lines)


def name_in(name: str, english: str | None, language: str) -> str:
    """Of a NAME and its ENGLISH form the one for readers of LANGUAGE: English where NAME is in a writing of others."""
    return english if english and (language == FALLBACK or not _is_for(name, language)) else name


def _is_for(line: str, language: str) -> bool:
    """Whether LINE is for readers of LANGUAGE. Terms in Latin letters stand in lines of any language."""
    writing = language_of(language).writing
    if writing.search("word"):
        return not _HAN.search(line) and not _OTHER_LETTER.search(line)
    return writing.search(line) is not None
