"""`init`: a fork becomes a site of its own. What it writes goes into config.toml, whose comments stay.

It may be run again: what is right already stays, days of one's own are never removed.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import TOMLKitError

from generator.config import LOOPBACK, Config, parse
from generator.errors import ConfigError
from generator.files import write_if_changed
from generator.github import Repository
from generator.render import render, store_of, summaries_of

Ask = Callable[[str, str], str]
"""Asks for something (first) and returns what was said, or the second if nothing was."""


class Wishes(NamedTuple):
    """What is to stand in config.toml; None: as it is."""

    title: str | None = None
    url: str | None = None
    language: str | None = None
    categories: Sequence[str] | None = None
    fields: Sequence[tuple[str, str, str]] | None = None
    """slug, name and description of each"""
    fresh: bool = False
    """Remove the days that another site published: the fork's upstream."""


class Outcome(NamedTuple):
    config: Config
    lines: Sequence[str]


def ask_all(wishes: Wishes, config: Config, target: Repository | None, ask: Ask, published: int = 0) -> Wishes:
    """WISHES with what a person says to the questions that they leave open; PUBLISHED: how many real days there are."""
    site = config.site
    address = pages_address(target) or site.url
    title = wishes.title or ask("Name of the site", site.title)
    url = wishes.url or ask("Public address", address)
    language = wishes.language or ask("Language of the pages, zh or en", site.language)
    told = ask("arXiv categories", " ".join(config.arxiv.categories)) if wishes.categories is None else ""
    categories = wishes.categories if wishes.categories is not None else re.split(r"[\s,]+", told.strip(" ,"))
    fields = wishes.fields if wishes.fields is not None else _ask_fields(config, ask)
    fresh = wishes.fresh
    if (elsewhere := _elsewhere(site.authority, url)) and published and not fresh:
        question = (
            f"{published} days were published under {elsewhere}. Is that the site that you forked, so that they go?"
        )
        fresh = ask(f"{question} yes or no", "no").lower() in ("y", "yes")
    return Wishes(title, url, language, categories, fields, fresh)


def _ask_fields(config: Config, ask: Ask) -> Sequence[tuple[str, str, str]] | None:
    """The fields that are told, one by one; None keeps those that are there."""
    there = ", ".join(field.label(config.site.language) for field in config.fields)
    found: list[tuple[str, str, str]] = []
    while name := ask(f"A research field of yours (nothing: {'that is all' if found else f'keep {there}'})", ""):
        slug = ask("... its part of addresses", re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))
        found.append((slug, name, ask("... what belongs to it, in English words that such papers use", name)))
    return found or None


def pages_address(target: Repository | None) -> str | None:
    """The address that GitHub Pages gives the site of TARGET."""
    if target is None:
        return None
    owner, _, name = target.name.partition("/")
    host = f"{owner.lower()}.github.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def make_site(root: Path, path: Path, wishes: Wishes, env: Mapping[str, str], now: dt.datetime) -> Outcome:
    """Write WISHES into the config.toml at PATH and clear the folder ROOT of what others published.

    Raises ConfigError, with everything as it was, if the result would be no valid configuration.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        document = tomlkit.parse(text)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    before = parse(text, path, {})
    _set(document, wishes)
    config = parse(tomlkit.dumps(document), path, env)
    real = [one.date for one in summaries_of(root) if not one.sample]
    lines = []
    made = _authority(config.site.url, now)
    other = wishes.fresh and made is not None and _host(before.site.authority) != _host(made)
    if made is not None and (other or not before.site.authority):
        _table(document, "site")["authority"] = made
        lines.append(f"the feeds' ids begin with tag:{made} from now on; this never changes again")
    elif made is None and not before.site.authority:
        lines.append("no public address is known: set url and run `init` again before you publish")
    config = parse(tomlkit.dumps(document), path, env)
    changed = write_if_changed(path, tomlkit.dumps(document).encode())
    lines.insert(0, f"{path.name} {'written' if changed else 'is as it was'}")
    lines += _clear(root, other)
    if real and not other:
        lines.append(f"{len(real)} days are kept, {min(real)} to {max(real)}")
        if elsewhere := _elsewhere(before.site.authority, config.site.url):
            lines.append(f"they were published under {elsewhere}: if you forked that site, `init --fresh` removes them")
    render(root, config)
    return Outcome(config, lines)


def _table(document: tomlkit.TOMLDocument, name: str) -> Any:
    if name not in document:
        document.add(name, tomlkit.table())
    return document[name]


def _set(document: tomlkit.TOMLDocument, wishes: Wishes) -> None:
    site = {"title": wishes.title, "url": wishes.url, "language": wishes.language}
    for key, value in site.items():
        if value is not None and _table(document, "site").get(key) != value:
            _table(document, "site")[key] = value
    arxiv = _table(document, "arxiv")
    if wishes.categories is not None and list(arxiv.get("categories", [])) != list(wishes.categories):
        arxiv["categories"] = list(wishes.categories)
    if wishes.fields is not None and list(wishes.fields) != _told(document):
        known = {field.get("slug"): field for field in document.get("fields", [])}
        fields = tomlkit.aot()
        for slug, name, description in wishes.fields:
            fields.append(_field(slug, name, description, known.get(slug)))
        _keep_comment(document.get("fields"), fields[-1] if fields else None)
        document["fields"] = fields


def _told(document: tomlkit.TOMLDocument) -> list[tuple[str, str, str]]:
    keys = ("slug", "name", "description")
    return [(str(row.get(keys[0])), str(row.get(keys[1])), str(row.get(keys[2]))) for row in document.get("fields", [])]


def _field(slug: str, name: str, description: str, known: Any) -> Any:
    """The table of one field. One that is there already keeps its phrases if its text is the same."""
    if known is not None and (known.get("name"), known.get("description")) == (name, description):
        return known
    table = tomlkit.table()
    table.update({"slug": slug, "name": name, "description": description})
    return table


def _keep_comment(before: Any, last: Any) -> None:
    """Let the LAST field end as the last of BEFORE did: with the comment on what follows the fields."""
    if not before or last is None or last is before[-1]:
        return
    lines = before[-1].as_string().rstrip("\n").split("\n")
    said = list(itertools.takewhile(lambda line: not line or line.startswith("#"), reversed(lines)))
    for line in reversed(said):
        last.add(tomlkit.comment(line[1:].strip()) if line else tomlkit.nl())
    last.add(tomlkit.nl())


def _elsewhere(authority: str, url: str) -> str:
    """The host of AUTHORITY, where the site at URL is on another one; empty where there is nothing to compare."""
    made = urlsplit(url).hostname
    known = _host(authority)
    return known if known and made not in (None, known, *LOOPBACK) else ""


def _host(text: str) -> str:
    return text.partition(",")[0]


def _authority(url: str, now: dt.datetime) -> str | None:
    """The authority of a tag: URI for the site at URL: RFC 4151 wants a host and a date on which it was ours."""
    host = urlsplit(url).hostname
    return None if host is None or host in LOOPBACK else f"{host},{now.year}"


def _clear(root: Path, other: bool) -> list[str]:
    """Remove the sample's days, and all where they are of an OTHER site; a line on each kind."""
    store = store_of(root)
    found = summaries_of(root)
    gone = [one for one in found if one.sample or other]
    for one in gone:
        store.remove(one.date)
    samples = sum(one.sample for one in gone)
    kinds = [(samples, "of the sample"), (len(gone) - samples, "of the site that was copied")]
    return [f"{count} days {what} removed" for count, what in kinds if count]
