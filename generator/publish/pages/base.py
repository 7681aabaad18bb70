"""What every page is made with: the templates, the front matter, and the records behind them.

A page is made again only when what it is made of has changed. Its digest of inputs is computed from the summaries
alone, so that a render parses only the records of the pages that it writes.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import frontmatter
import jinja2

from generator.core import escape
from generator.core.code import code_digest
from generator.core.code_links import CodeLink, code_links
from generator.core.files import digest
from generator.core.i18n import LANGUAGES, date_label, in_language, words
from generator.core.model import Day, Paper
from generator.core.tex import marked_html, math_html, to_unicode
from generator.core.text import clean
from generator.core.urls import day_path, month_path, relative, source_of
from generator.core.venue import pages_of, venue_of
from generator.publish import labels, unjudged
from generator.publish.manifest import Output
from generator.publish.pages.ordering import (
    BEST_OF_DAY,
    DayRow,
    FieldCount,
    FieldGroup,
    best_first,
    best_of_each,
    group,
    within,
)
from generator.records.changes import changes_in_words
from generator.records.store import Store
from generator.records.summaries import Summary
from generator.settings.config import Config

RECENT_DAYS = 30
BEST_IN_JSON_LD = 5


def _anchor(name: object) -> str:
    """An explicit anchor of a heading: `{#name}`; only our own slugs and dates come here."""
    if not re.fullmatch(r"[\w-]+", str(name), re.ASCII):
        raise ValueError(f"{name!r} is no anchor")
    return f"{{#{name}}}"


def _language_attribute(text: str, w: Mapping[str, str]) -> str:
    """The attribute that says which language TEXT is in, where that is not the page's."""
    spoken = [words(language)["html_lang"] for language in LANGUAGES if in_language(text, language)]
    return "" if not spoken or w["html_lang"] in spoken else f' lang="{escape.html(spoken[0])}"'


def _environment() -> jinja2.Environment:
    """Templates that make Markdown; a test sees that every variable in them passes one of these filters last."""
    env = jinja2.Environment(
        loader=jinja2.PackageLoader("generator.publish"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 (Markdown with HTML in it: each target has its own filter)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.filters |= {
        "h": lambda value: escape.html(str(value)),
        "md": lambda value: escape.markdown(str(value)),
        "u": lambda value: escape.url_part(str(value)),
        "math": math_html,
        "marked": marked_html,
        "lang": _language_attribute,
        "made": str,  # made by a macro or a function whose parts passed the gate
        "n": "{:,}".format,
        "px": "{:d}".format,
        "n4": "{:04}".format,
        "score": "{:.1f}".format,
        "iso": lambda moment: f"{moment:%Y-%m-%d}",
        "anchor": _anchor,
        # those below give text that has yet to pass one of those above
        "fill": lambda text, **values: text.format(**values),
        "rel": relative,
        "day_url": lambda date, here: relative(day_path(date), here),
        "month_url": lambda date, here: relative(month_path(f"{date:%Y-%m}"), here),
        "money": labels.money,
        "local": labels.local,
        "notices": labels.notices,
        "coverage": labels.coverage,
        "note": labels.note_label,
        "venue": lambda paper: venue_of(paper.comment or "") or clean(paper.journal_ref or ""),
        "pages": lambda paper: pages_of(paper.comment or ""),
        "changes": changes_in_words,
        "judged_by": unjudged.judged_by,
        "no_picks": unjudged.no_picks,
        "why": unjudged.why_in_words,
    }
    env.tests["contains"] = lambda text, part: part in text
    return env


_ENV = _environment()


def front_matter(meta: Mapping[str, Any]) -> str:
    """META as front matter. MkDocs' templates do not escape: what is text is made harmless for HTML here."""
    post = frontmatter.Post("", **{key: _html_safe(value) for key, value in meta.items()})
    return frontmatter.dumps(post, sort_keys=False, allow_unicode=True, width=10_000) + "\n"


def _html_safe(value: Any) -> Any:
    if isinstance(value, str):
        return escape.html(value)
    if isinstance(value, Mapping):
        return {_html_safe(key): _html_safe(part) for key, part in value.items()}
    return [_html_safe(part) for part in value] if isinstance(value, list | tuple) else value


class PageMaker:
    """The pages of one archive. Records are read when a page that needs them is made, and a few are kept.

    CACHE: a folder for what is worth keeping between renders.
    """

    def __init__(self, store: Store, config: Config, found: Sequence[Summary], cache: Path | None = None) -> None:
        self.store = store
        self.cache = cache
        self.config = config
        self.language = config.site.language
        self.w = words(config.site.language)
        self.days = [summary for summary in found if summary.announced]
        self.recent = within(self.days, RECENT_DAYS)
        self._read = functools.lru_cache(maxsize=64)(store.read)
        self._code: dict[dt.date, dict[str, list[CodeLink]]] = {}
        shown = config.site.model_dump_json() + config.budget.currency
        fields = repr([(field.slug, field.label(self.language)) for field in config.fields])
        self.base = digest(code_digest("generator.publish.pages.all_pages"), shown, fields)
        self.field_texts = repr([field.description for field in config.fields])

    def record(self, date: dt.date) -> Day:
        """The record of DATE, which has a summary."""
        day = self._read(date)
        if day is None:
            raise LookupError(f"{date} has a summary but no record")
        return day

    def code_of(self, paper: Paper, date: dt.date) -> list[CodeLink]:
        """Where PAPER, a pick of DATE, says that its code is."""
        if date not in self._code:
            abstracts = self.store.abstracts(date)
            picked = [pick.paper for pick in self.record(date).picks]
            self._code[date] = {pick.id: code_links(abstracts.get(pick.id), pick.comment) for pick in picked}
        return self._code[date].get(paper.id, [])

    def render(self, template: str, url: str, meta: Mapping[str, Any], **values: Any) -> bytes:
        """TEMPLATE for the page at URL; `title` of META is its heading too."""
        text = _ENV.get_template(template).render(
            front=front_matter(meta), title=meta["title"], here=url, w=self.w, code_of=self.code_of, **values
        )
        return f"{text}\n{self.json_ld(url, meta, values.get('groups'))}\n".encode()

    def json_ld(self, url: str, meta: Mapping[str, Any], groups: Sequence[FieldGroup] | None) -> str:
        """What the page is, as search engines read it; a day names its best papers."""
        site = {"@type": "WebSite", "name": self.config.site.title, "url": self.config.site.url}
        page: dict[str, Any] = {
            "@context": "https://schema.org",
            "@type": "CollectionPage",
            "name": meta["title"],
            "description": meta["description"],
            "url": self.config.site.url + url,
            "inLanguage": self.w["html_lang"],
            "isPartOf": site,
        }
        if "date" in meta:
            page["datePublished"] = str(meta["date"])
        if groups:
            best = best_first(pick for part in groups for pick in part.picks)
            page["mainEntity"] = {
                "@type": "ItemList",
                "numberOfItems": len(best),
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": place,
                        "url": pick.paper.abs_url,
                        "name": to_unicode(pick.paper.title),
                    }
                    for place, pick in enumerate(best[:BEST_IN_JSON_LD], 1)
                ],
            }
        return f'<script type="application/ld+json">{escape.json_in_html(page)}</script>'

    def output(self, url: str, make: Callable[[], bytes], *inputs: str) -> Output:
        return Output(source_of(url), digest(self.base, url, *inputs), make)

    def row(self, summary: Summary) -> DayRow:
        """The day of SUMMARY in a list of days."""
        record = self.record(summary.date)
        groups = group(record.picks, self.config, record.names)
        counts = [FieldCount(part.slug, part.label, len(part.picks)) for part in groups]
        label = date_label(summary.date, self.language, "date_weekday")
        return DayRow(
            summary.date,
            label,
            summary.read,
            summary.picks,
            summary.unscored,
            best_of_each(groups, BEST_OF_DAY),
            counts,
        )

    def total(self, days: Sequence[Summary]) -> str:
        """How many days, papers read and picks there are in DAYS."""
        read, picks = sum(day.read for day in days), sum(day.picks for day in days)
        counts = {"days": ("total_days", len(days)), "read": ("total_read", read), "picks": ("picked", picks)}
        parts = {name: self.w[key].format(n=f"{count:,}") for name, (key, count) in counts.items()}
        return self.w["archive_text"].format(**parts)
