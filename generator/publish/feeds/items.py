"""The items of the feeds: a day with every pick of it, or one pick; what is HTML in them, and what is plain text. Pure.

An item's id outlives everything that may change about it: a tag: URI for a day, arXiv's oai: identifier for a paper.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from generator.core import escape
from generator.core.calendar import NEW_YORK
from generator.core.i18n import date_label, words
from generator.core.model import Coverage, Day, Pick
from generator.core.tex_unicode import to_unicode
from generator.core.text import clean
from generator.publish import unjudged
from generator.records.changes import in_words
from generator.settings.config import Config

MOST_AUTHORS = 100
"""Names in an item's metadata: a collaboration of 3,000 would weigh as much as a hundred papers."""
SHOWN_AUTHORS = 8

_TAG_YEAR = 2026
_MARKS = ("withdrawn", "flagged", "bounded", "language", "local")


class Item(NamedTuple):
    """One item in any of the forms. All but `html` is plain text."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    published: dt.datetime
    updated: dt.datetime
    tags: Sequence[str] = ()
    authors: Sequence[str] = ()


def digest_id(config: Config, day: dt.date | None = None) -> str:
    """The id of the digest, or of its item of DAY: a tag: URI (RFC 4151), which no move of the site changes."""
    authority = config.site.authority or f"{urlsplit(config.site.url).hostname},{_TAG_YEAR}"
    return f"tag:{authority}:digest" + (f"/{day}" if day else "")


def paper_id(arxiv_id: str) -> str:
    """The id of a paper's item: arXiv's own, without version."""
    return f"oai:arXiv.org:{arxiv_id}"


def digest_item(day: Day, config: Config) -> Item:
    """One day with every pick of it, by field."""
    word = words(config.site.language)
    groups = _by_field(day, config)
    published = _published(day)
    return Item(
        id=digest_id(config, day.date),
        url=_day_url(config, day.date),
        title=_sample_mark(day, word) + f"{_date(day, config)} · {_outcome(day, word)}",
        summary=word["semicolon"].join(
            [_tally(day, word), *([*_counts(groups)] or filter(None, [unjudged.not_judged(day, word)]))]
        ),
        html="\n".join(_digest_html(day, groups, config, word)),
        published=published,
        updated=max(day.updated, published),
        tags=list(groups),
    )


def paper_item(day: Day, pick: Pick, place: int, config: Config) -> Item:
    """One pick, which has the PLACE in the order of its DAY (1: first)."""
    word = words(config.site.language)
    paper = pick.paper
    field = _field_name(pick, config)
    published = _published(day)
    reason = _plain(pick.verdict.reason or "")
    return Item(
        id=paper_id(paper.id),
        url=_pick_url(config, day.date, paper.id),
        title=_sample_mark(day, word) + (_plain(paper.title) or paper.id),
        summary=reason or field,
        html="\n".join(_paper_html(day, pick, place, config, word)),
        published=published,
        updated=max(day.updated, published),
        tags=list(dict.fromkeys([field, *map(_plain, paper.categories)])),
        authors=[name for name in map(_plain, paper.authors[:MOST_AUTHORS]) if name],
    )


def _digest_html(
    day: Day, groups: Mapping[str, Sequence[Pick]], config: Config, word: Mapping[str, str]
) -> Iterator[str]:
    for notice in _notices(day, word):
        yield f"<p><em>{escape.html(notice)}</em></p>"
    judge = unjudged.judged_by(day, word)
    yield (
        f"<p>{escape.html(_tally(day, word))} · {escape.html(word['judged_by'] + word['colon'] + judge)} · "
        f"{_link(_day_url(config, day.date), word['feeds_page'])}</p>"
    )
    yield f"<p>{escape.html(_coverage(day, word))}</p>"
    if day.changes:
        told = word["semicolon"].join(in_words(day.changes, word))
        yield f"<p>{escape.html(word['changes'] + word['colon'] + told)}</p>"
    if not groups:
        yield f"<p>{escape.html(unjudged.no_picks(day, word))}</p>"
    else:
        yield f"<p>{escape.html(' · '.join(_counts(groups)))}</p>"
    places = {pick.paper.id: place for place, pick in enumerate(ranked(day), start=1)}
    for name, picks in groups.items():
        yield f"<h3>{escape.html(name)} ({len(picks)})</h3>"
        for pick in picks:
            url, title = _pick_url(config, day.date, pick.paper.id), _plain(pick.paper.title) or pick.paper.id
            yield _paragraph(
                f"<b>{_link(url, title)}</b>",
                _facts(pick, places[pick.paper.id], word),
                _authors(pick, word),
                escape.html(to_unicode(pick.verdict.reason or "")),
                _links(pick),
            )


def _paper_html(day: Day, pick: Pick, place: int, config: Config, word: Mapping[str, str]) -> Iterator[str]:
    if day.sample:
        yield f"<p><em>{escape.html(word['sample_notice'])}</em></p>"
    if pick.verdict.reason:
        yield f"<p>{escape.html(to_unicode(pick.verdict.reason))}</p>"
    field = f"{escape.html(_field_name(pick, config))} · {_date(day, config)}"
    yield _paragraph(field, _facts(pick, place, word), _authors(pick, word), _links(pick))
    if pick.paper.comment:
        yield f"<p>{escape.html(clean(to_unicode(pick.paper.comment), 300))}</p>"
    if pick.related:
        links = [
            f"{_link(_pick_url(config, other.date, other.id), _plain(other.title) or other.id)} ({other.date})"
            for other in pick.related
        ]
        yield _paragraph(escape.html(word["related"] + word["colon"]), *links)


def _paragraph(*lines: str) -> str:
    """LINES of HTML as one paragraph, without those that are empty."""
    return f"<p>{'<br/>'.join(line for line in lines if line)}</p>"


def _facts(pick: Pick, place: int, word: Mapping[str, str]) -> str:
    """Score, or place where it is an estimate; marks; categories."""
    verdict = pick.verdict
    # A local score is no closer to the model's than a constant; its order is what it knows.
    score = word["feeds_place"].format(place=place) if verdict.estimate else f"{word['score']} {verdict.score:.1f}"
    marks = [word[note] if note in _MARKS else note for note in pick.notes]
    return escape.html(" · ".join([score, *marks, " ".join(pick.paper.categories)]))


def _authors(pick: Pick, word: Mapping[str, str]) -> str:
    authors = pick.paper.authors
    names = ", ".join(map(to_unicode, authors[:SHOWN_AUTHORS]))
    more = " " + word["more_authors"].format(n=len(authors) - SHOWN_AUTHORS) if len(authors) > SHOWN_AUTHORS else ""
    return escape.html(names + more)


def _links(pick: Pick) -> str:
    paper = pick.paper
    links = {"arXiv": paper.abs_url}
    if "withdrawn" not in pick.notes:  # arXiv keeps neither form of a withdrawn paper
        links |= {"PDF": paper.pdf_url, "HTML": paper.html_url}
    return " · ".join(_link(url, name) for name, url in links.items())


def _notices(day: Day, word: Mapping[str, str]) -> Iterator[str]:
    if day.sample:
        yield word["sample_notice"]
    if day.judge == "offline":
        yield word["estimate_notice"]
    if not day.complete:
        yield word["incomplete"]
    if day.facts == "rss":
        yield word["rss_notice"]


def _coverage(day: Day, word: Mapping[str, str]) -> str:
    """What was read of each category, and what was not judged."""
    parts = [f"{name} {_extent(part, word)}" for name, part in day.coverage.items()]
    lines = [word["coverage"] + word["colon"] + word["comma"].join(parts)]
    if day.unscored:
        lines.append(word["coverage_unscored"].format(n=len(day.unscored)))
    if day.spared:
        lines.append(word["spared_text"].format(n=len(day.spared)))
    return word["semicolon"].join(lines)


def _extent(part: Coverage, word: Mapping[str, str]) -> str:
    extent = f"{part.read}" if part.expected is None else f"{part.read}/{part.expected}"
    return extent if part.state == "complete" else f"{extent} ({word[f'coverage_{part.state}']})"


def _tally(day: Day, word: Mapping[str, str]) -> str:
    counts = (word["read"].format(n=day.papers_read), word["picked"].format(n=len(day.picks)))
    return word["comma"].join(counts)


def _outcome(day: Day, word: Mapping[str, str]) -> str:
    """The number of picks; of a day that nobody has judged yet, that of its papers."""
    if day.unscored and not (day.picks or day.rest):
        return word["coverage_unscored"].format(n=len(day.unscored))
    return word["picked"].format(n=len(day.picks))


def _counts(groups: Mapping[str, Sequence[Pick]]) -> Iterator[str]:
    """The picks of each field."""
    return (f"{name} {len(picks)}" for name, picks in groups.items())


def _sample_mark(day: Day, word: Mapping[str, str]) -> str:
    return f"[{word['feeds_sample']}] " if day.sample else ""


def ranked(day: Day) -> list[Pick]:
    """The picks of DAY, best first; ties stay in the record's order."""
    return sorted(day.picks, key=lambda pick: -pick.verdict.score)


def _by_field(day: Day, config: Config) -> dict[str, list[Pick]]:
    """The picks of DAY by the name of their field: in the order of config.toml, best first, strangers last."""
    groups: dict[str, list[Pick]] = {field.label(config.site.language): [] for field in config.fields}
    for pick in ranked(day):
        groups.setdefault(_field_name(pick, config), []).append(pick)
    return {name: picks for name, picks in groups.items() if picks}


def _field_name(pick: Pick, config: Config) -> str:
    field = config.field(pick.verdict.field)
    return field.label(config.site.language) if field else words(config.site.language)["no_field"]


def _published(day: Day) -> dt.datetime:
    """The start of the announcement's date in New York, where arXiv's day begins: it never changes."""
    return dt.datetime.combine(day.date, dt.time(), NEW_YORK).astimezone(dt.UTC)


def _date(day: Day, config: Config) -> str:
    return date_label(day.date, config.site.language, "date_weekday")


def _day_url(config: Config, day: dt.date) -> str:
    return f"{config.site.url}days/{day.year:04}/{day}/"


def _pick_url(config: Config, day: dt.date, arxiv_id: str) -> str:
    return f"{_day_url(config, day)}#{arxiv_id}"


def _link(url: str, text: str) -> str:
    return f'<a href="{escape.html(url)}">{escape.html(text)}</a>'


def _plain(text: str) -> str:
    """TEXT on one line for an element that holds no markup."""
    return clean(to_unicode(text))
