"""The items of the feeds: a day with every pick of it, a week with its best, or one pick. Pure.

An item's id outlives everything that may change about it: a tag: URI for a day, arXiv's oai: identifier for a paper.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from generator.core import escape
from generator.core.calendar import NEW_YORK
from generator.core.i18n import date_label, words
from generator.core.model import Coverage, Day, Pick
from generator.core.tex import to_unicode
from generator.core.text import clean
from generator.core.urls import month_path
from generator.publish import labels, unjudged
from generator.publish.pages.ordering import best_first, field_label, group
from generator.records.changes import changes_in_words
from generator.settings.config import Config, Site

SHOWN_AUTHORS = 8
"""Names in the text of an item; its metadata has all."""
WEEK_PICKS = 20

_TAG_YEAR = 2026


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


def digest_id(config: Config, period: str = "") -> str:
    """The id of the digest, or of its item of a PERIOD (a date, or a week such as 2026-W03).

    It is a tag: URI (RFC 4151), which no move of the site changes.
    """
    return f"tag:{tag_authority(config.site)}:digest" + (f"/{period}" if period else "")


def tag_authority(site: Site) -> str:
    """The authority of SITE's tag: URIs; where it names none its host and path: two sites of one host differ by it."""
    part = address_part(site.url)
    return site.authority or f"{urlsplit(site.url).hostname},{_TAG_YEAR}" + (f":{part}" if part else "")


def address_part(url: str) -> str:
    """The path of URL as a part of ids."""
    return re.sub(r"[^A-Za-z0-9._/-]+|//+", "-", urlsplit(url).path.strip("/"))


def paper_id(arxiv_id: str) -> str:
    """The id of a paper's item: arXiv's own, without version."""
    return f"oai:arXiv.org:{arxiv_id}"


def digest_item(day: Day, updated: dt.datetime, config: Config) -> Item:
    """One day with every pick of it, by field."""
    word = words(config.site.language)
    groups = {part.label: part.picks for part in group(day.picks, config, day.names)}
    return Item(
        id=digest_id(config, str(day.date)),
        url=_day_url(config, day.date),
        title=_sample_mark(day, word) + _digest_title(day, config, word),
        summary=word["semicolon"].join(
            [_tally(day, word), *([*_counts(groups)] or filter(None, [unjudged.not_judged(day, word)]))]
        ),
        html="\n".join(_digest_html(day, groups, config, word)),
        published=published_at(day.date),
        updated=updated,
        tags=list(groups),
    )


def _digest_title(day: Day, config: Config, word: Mapping[str, str]) -> str:
    """The date, the number of picks and the best one, as first published.

    A title never changes: sfeed takes the same id with another title for another item. Records from before 0.2 have no
    headline; their titles stay as they were, too.
    """
    headline = day.headline
    if headline is None:
        return f"{_date(day, config)} · {_outcome(day, word)}"
    count = [word["picked"].format(n=headline.picks)] if headline.picks is not None else []
    best = [_plain(headline.title)] if headline.title else []
    return " · ".join([_date(day, config), *count, *best])


def week_item(days: Sequence[Day], updated: dt.datetime, config: Config) -> Item:
    """The DAYS of one week (oldest first, at least one) with the best of their picks."""
    word = words(config.site.language)
    last = days[-1].date
    year, week, _ = last.isocalendar()
    first_label, last_label = (date_label(day.date, config.site.language, "date_short") for day in (days[0], days[-1]))
    name = word["feeds_week"].format(year=year, week=week, first=first_label, last=last_label)
    best = sorted(
        ((day, place, pick) for day in days for place, pick in enumerate(best_first(day.picks), start=1)),
        key=lambda row: (row[1] if row[0].judge == "offline" else 0, -row[2].verdict.score),
    )[:WEEK_PICKS]
    monday = last - dt.timedelta(days=last.weekday())
    return Item(
        id=digest_id(config, f"{year}-W{week:02}"),
        url=f"{config.site.url}{month_path(f'{last:%Y-%m}')}",
        title=_sample_mark(days[-1], word) + name,
        summary=word["semicolon"].join(_week_counts(days, config, word)),
        html="\n".join(_week_html(days, best, config, word)),
        published=published_at(monday + dt.timedelta(days=7)),
        updated=max(updated, published_at(monday + dt.timedelta(days=7))),
        tags=list(dict.fromkeys(field_label(pick.verdict.field, config) for _, _, pick in best)),
    )


def _week_counts(days: Sequence[Day], config: Config, word: Mapping[str, str]) -> list[str]:
    """Papers read and picked, and the picks of each field."""
    read, picked = sum(day.papers_read for day in days), sum(len(day.picks) for day in days)
    fields = Counter(pick.verdict.field for day in days for pick in day.picks)
    tally = word["comma"].join((word["read"].format(n=read), word["picked"].format(n=picked)))
    return [tally, *(f"{field_label(slug, config)} {number}" for slug, number in fields.most_common())]


def _week_html(
    days: Sequence[Day], best: Sequence[tuple[Day, int, Pick]], config: Config, word: Mapping[str, str]
) -> Iterator[str]:
    yield f"<p>{escape.html(' · '.join(_week_counts(days, config, word)))}</p>"
    links = (_link(_day_url(config, day.date), _date(day, config)) for day in days)
    yield f"<p>{' · '.join(links)}</p>"
    for day, place, pick in best:
        yield _pick_paragraph(day, pick, place, config, word)


def paper_item(day: Day, pick: Pick, place: int, abstract: str, config: Config) -> Item:
    """One pick, which has the PLACE in the order of its DAY (1: first), with its ABSTRACT if that is not empty."""
    word = words(config.site.language)
    paper = pick.paper
    field = field_label(pick.verdict.field, config, day.names)
    published = published_at(day.date)
    reason = _plain(pick.verdict.reason or "")
    return Item(
        id=paper_id(paper.id),
        url=_pick_url(config, day.date, paper.id),
        title=_sample_mark(day, word) + (_plain(paper.title) or paper.id),
        summary=reason or field,
        html="\n".join([*_paper_html(day, pick, place, config, word), *_abstract_html(abstract)]),
        published=published,
        updated=max(day.updated, published),
        tags=list(dict.fromkeys([field, *map(_plain, paper.categories)])),
        authors=[name for name in map(_plain, paper.authors) if name],
    )


def _digest_html(
    day: Day, groups: Mapping[str, Sequence[Pick]], config: Config, word: Mapping[str, str]
) -> Iterator[str]:
    for notice in labels.notices_in_words(day, word):
        yield f"<p><em>{escape.html(notice)}</em></p>"
    judge = unjudged.judged_by(day, word)
    yield (
        f"<p>{escape.html(_tally(day, word))} · {escape.html(word['judged_by'] + word['colon'] + judge)} · "
        f"{_link(_day_url(config, day.date), word['feeds_page'])}</p>"
    )
    yield f"<p>{escape.html(_coverage(day, word))}</p>"
    if day.changes:
        told = word["semicolon"].join(changes_in_words(day.changes, word))
        yield f"<p>{escape.html(word['changes'] + word['colon'] + told)}</p>"
    if not groups:
        yield f"<p>{escape.html(unjudged.no_picks(day, word))}</p>"
    else:
        yield f"<p>{escape.html(' · '.join(_counts(groups)))}</p>"
    places = {pick.paper.id: place for place, pick in enumerate(best_first(day.picks), start=1)}
    for name, picks in groups.items():
        yield f"<h3>{escape.html(name)} ({len(picks)})</h3>"
        for pick in picks:
            yield _pick_paragraph(day, pick, places[pick.paper.id], config, word)


def _pick_paragraph(day: Day, pick: Pick, place: int, config: Config, word: Mapping[str, str]) -> str:
    """A pick among others."""
    url, title = _pick_url(config, day.date, pick.paper.id), _plain(pick.paper.title) or pick.paper.id
    return _paragraph(
        f"<b>{_link(url, title)}</b>",
        _facts(pick, place, word),
        _authors(pick, word),
        escape.html(to_unicode(pick.verdict.reason or "")),
        _links(pick),
    )


def _paper_html(day: Day, pick: Pick, place: int, config: Config, word: Mapping[str, str]) -> Iterator[str]:
    if day.sample:
        yield f"<p><em>{escape.html(word['sample_notice'])}</em></p>"
    if pick.verdict.reason:
        yield f"<p>{escape.html(to_unicode(pick.verdict.reason))}</p>"
    field = f"{escape.html(field_label(pick.verdict.field, config, day.names))} · {_date(day, config)}"
    yield _paragraph(field, _facts(pick, place, word), _authors(pick, word), _links(pick))
    if pick.paper.comment:
        yield f"<p>{escape.html(clean(to_unicode(pick.paper.comment), 300))}</p>"
    if pick.related:
        links = [
            f"{_link(_pick_url(config, other.date, other.id), _plain(other.title) or other.id)} ({other.date})"
            for other in pick.related
        ]
        yield _paragraph(escape.html(word["related"] + word["colon"]), *links)


def _abstract_html(abstract: str) -> Iterator[str]:
    if abstract:
        yield f"<p>{escape.html(to_unicode(abstract))}</p>"


def _paragraph(*lines: str) -> str:
    """LINES of HTML as one paragraph, without those that are empty."""
    return f"<p>{'<br/>'.join(line for line in lines if line)}</p>"


def _facts(pick: Pick, place: int, word: Mapping[str, str]) -> str:
    """Score, or place where it is an estimate; marks; categories."""
    verdict = pick.verdict
    # A local score is no closer to the model's than a constant; its order is what it knows.
    score = word["feeds_place"].format(place=place) if verdict.estimate else f"{word['score']} {verdict.score:.1f}"
    marks = [labels.note_label(mark, word) for mark in pick.notes]
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


def _coverage(day: Day, word: Mapping[str, str]) -> str:
    """What was read of each category, and what was not judged."""
    parts = [f"{name} {_extent(part, word)}" for name, part in day.coverage.items()]
    lines = [word["coverage"] + word["colon"] + word["comma"].join(parts)]
    if day.unscored:
        lines.append(word["coverage_unscored"].format(n=len(day.unscored)))
    if day.set_aside:
        lines.append(word["spared_text"].format(n=len(day.set_aside)))
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


def published_at(date: dt.date) -> dt.datetime:
    """The start of the announcement's DATE in New York, where arXiv's day begins: it never changes."""
    return dt.datetime.combine(date, dt.time(), NEW_YORK).astimezone(dt.UTC)


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
