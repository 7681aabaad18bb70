"""`init`: a fork becomes a site of its own. What it writes goes into config.toml, whose comments stay.

It may be run again: what is right already stays. Days go only where they are another site's, by the authority of their
feeds, and the operator says that it was copied: `fresh`.
"""

import argparse
import datetime as dt
import functools
import itertools
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import tomlkit
from tomlkit.exceptions import TOMLKitError

from generator.commands import options
from generator.commands.github import Repository, repository
from generator.core.errors import ConfigError
from generator.core.files import write_if_changed
from generator.core.i18n import LANGUAGES, name_in
from generator.core.text import counted
from generator.publish.feeds.items import address_part, tag_authority
from generator.publish.render import render
from generator.records.store import store_of
from generator.records.summaries import summaries_of
from generator.settings.config import (
    LOCAL_URL,
    LOOPBACK,
    RESERVED_SLUGS,
    WINDOWS_NAMES,
    Config,
    Site,
    pages_address,
    parse,
)
from generator.settings.context import DONE, PROGRAM, Context
from generator.settings.presets import load_preset, preset_names, preset_text

FRESH = PROGRAM / "generator" / "template" / "config.toml"
"""The configuration as this version brings it."""
Field = tuple[str, str, str]
"""Slug, name and description."""
AskPerson = Callable[[str, str], str]
"""Asks for something (first) and returns what was said, or the second if nothing was."""


class InitOptions(NamedTuple):
    """What is to stand in config.toml; None: as it is."""

    title: str | None = None
    url: str | None = None
    language: str | None = None
    categories: Sequence[str] | None = None
    fields: Sequence[Field] | None = None
    fresh: bool = False
    """Remove the days that another site published: the fork's upstream."""
    preset: str | None = None
    """Fields, low interests and examples of a discipline, and its categories where none are wished."""
    keep_low_interest: bool = False
    """Let what is of low interest stand although the fields are replaced."""
    threshold: float | None = None
    """Lowest score of a pick."""
    model: str | None = None
    """Name of the language model at its endpoint."""


Check = Callable[[InitOptions], str]
"""What is wrong with wishes; empty if nothing is."""
AskUntilValid = Callable[[str, str, Callable[[str], InitOptions]], str]
"""The answer to a question (first; second: the answer to nothing) once the wish that it makes is a valid one."""


class InitOutcome(NamedTuple):
    config: Config
    lines: Sequence[str]


def ask_all(
    wishes: InitOptions, config: Config, target: Repository | None, ask: AskPerson, check: Check, *, published: int = 0
) -> InitOptions:
    """WISHES with what a person says to the questions that they leave open; PUBLISHED: how many real days there are.

    An answer in which CHECK finds something wrong is asked for again, with the reason.
    """
    site, told = config.site, functools.partial(_answer, ask, check)
    address = site.url if _is_own_domain(site.url) else _address_of(target) or site.url
    known = "" if address == LOCAL_URL else address
    title = wishes.title or told("Name of the site", site.title, lambda said: InitOptions(title=said))
    url = wishes.url or told("Public address", known, lambda said: InitOptions(url=said or None)) or None
    languages = f"Language of the pages ({', '.join(LANGUAGES)})"
    language = (
        wishes.language or told(languages, site.language, lambda said: InitOptions(language=said.lower())).lower()
    )
    preset = wishes.preset or (None if wishes.fields is not None else _ask_preset(config, told))
    categories = wishes.categories
    if categories is None:
        there = " ".join(load_preset(preset).categories if preset else config.arxiv.categories)
        categories = _names(told("arXiv categories", there, lambda said: InitOptions(categories=_names(said))))
    fields = wishes.fields
    if fields is None and preset is None:
        fields = _ask_fields(config, told)
    keep = wishes.keep_low_interest or (
        fields is not None and bool(config.low_interest) and _keeps_low_interest(config, ask)
    )
    fresh = wishes.fresh
    if (elsewhere := _elsewhere(site, url or site.url)) and published and not fresh:
        there = f"{counted(published, 'day')} {'was' if published == 1 else 'were'} published under {elsewhere}"
        question = f"{there}. Is that the site that you forked, so that they go?"
        fresh = ask(f"{question} yes or no", "no").lower() in ("y", "yes")
    return InitOptions(title, url, language, categories, fields, fresh, preset, keep, wishes.threshold, wishes.model)


def _ask_preset(config: Config, told: AskUntilValid) -> str | None:
    """The preset that is told; None keeps the fields that are there, or has them told one by one."""
    presets = {name: load_preset(name) for name in preset_names()}
    labels = {name: name_in(preset.name, preset.name_en, config.site.language) for name, preset in presets.items()}
    shown = "\n".join(f"  {name:28}{label}" for name, label in labels.items())
    question = f"Sets of research fields by discipline:\n{shown}\nOne of these names (nothing: fields of your own)"
    return told(question, "", lambda said: InitOptions(preset=said or None)) or None


def _keeps_low_interest(config: Config, ask: AskPerson) -> bool:
    names = ", ".join(topic.name for topic in config.low_interest)
    question = f"Low-interest topics until now: {names}. Keep that beside the new fields? yes or no"
    return ask(question, "no").lower() in ("y", "yes")


def _answer(ask: AskPerson, check: Check, question: str, default: str, wish: Callable[[str], InitOptions]) -> str:
    """The answer to QUESTION, once nothing is wrong with the WISH that it makes."""
    asked = question
    while wrong := check(wish(said := ask(asked, default))):
        asked = f"{wrong}\n{question}"
    return said


def _names(said: str) -> list[str]:
    return re.findall(r"[^\s,，、]+", said)


def _ask_fields(config: Config, told: AskUntilValid) -> Sequence[Field] | None:
    """The fields that are told, one by one; None keeps those that are there."""
    there = ", ".join(field.label(config.site.language) for field in config.fields)
    found: list[Field] = []
    while field := _ask_field(found, there, told):
        found.append(field)
    return found or None


def _ask_field(found: Sequence[Field], there: str, told: AskUntilValid) -> Field | None:
    """One more field than those FOUND, or None if that is all."""

    def wish(slug: str, name: str, text: str) -> InitOptions:
        return InitOptions(fields=[*found, (slug, name, text)])

    question = f"A research field of yours (nothing: {'that is all' if found else f'keep {there}'})"
    name = told(question, "", lambda said: wish(_slug(said, found), said, said) if said else InitOptions())
    if not name:
        return None
    part = "... its part of addresses: a-z, 0-9 and hyphens"
    slug = told(part, _slug(name, found), lambda said: wish(said, name, name))
    what = "... what belongs to it, in English words that such papers use"
    return slug, name, told(what, name, lambda said: wish(slug, name, said))


def _slug(name: str, found: Sequence[Field]) -> str:
    """A slug for NAME that is valid beside those FOUND: its Latin letters, else a number."""
    taken = {*RESERVED_SLUGS, *WINDOWS_NAMES, *(slug for slug, _, _ in found)}
    made = re.sub(r"[^a-z0-9]+", "-", name.lower())[:60].strip("-")
    numbered = (f"field-{number}" for number in itertools.count(len(found) + 1))
    return made if made and made not in taken else next(slug for slug in numbered if slug not in taken)


def _address_of(target: Repository | None) -> str | None:
    """The address that GitHub Pages gives the site of TARGET."""
    if target is None:
        return None
    owner, _, name = target.name.partition("/")
    return pages_address(owner, name)


def fork_address(site: Site, target: Repository | None) -> str | None:
    """The address of the site of TARGET, where SITE has none or that of another owner's pages on GitHub."""
    made = _address_of(target)
    if made is None or _is_own_domain(site.url) or _host(made) == _host(site.url):
        return None
    return made


def problem(path: Path, wishes: InitOptions) -> str:
    """Why the config.toml at PATH cannot become as WISHES say; empty if it can."""
    try:
        _, _, config = _drafted(path, wishes, {})
        if not config.site.authority:
            _domain(config.site.url)
    except ConfigError as error:
        return str(error).replace(f"{path}: ", "")
    return ""


def make_site(root: Path, path: Path, wishes: InitOptions, env: Mapping[str, str], now: dt.datetime) -> InitOutcome:
    """Write WISHES into the config.toml at PATH and clear the folder ROOT of what others published.

    Raises ConfigError, with everything as it was, if the result would be no valid configuration, or if days were to go
    that are this site's own.
    """
    before, document, config = _drafted(path, wishes, env)
    real = [summary.date for summary in summaries_of(root) if not summary.sample]
    elsewhere = _elsewhere(before, config.site.url)
    authority = _authority(before, config, now, published=bool(real) and not wishes.fresh, anew=wishes.fresh)
    other = wishes.fresh and authority != before.authority
    if real and wishes.fresh and not (other and (elsewhere or not before.authority)):
        raise ConfigError(_own_days(len(real), config.site.url))
    lines = []
    if authority != before.authority:
        _table(document, "site")["authority"] = authority
        lines.append(f"the feeds' ids begin with tag:{authority} from now on; this never changes again")
    elif not authority:
        lines.append("no public address is known: set url and run `init` again before you publish")
    config = parse(tomlkit.dumps(document), path, env)
    cleared = _clear(root, other)  # first: with the new address in config.toml the days would be this site's own
    changed = write_if_changed(path, tomlkit.dumps(document).encode())
    lines = [f"{path.name} {'written' if changed else 'is unchanged'}", *lines, *cleared]
    if real and not other:
        lines.append(f"{counted(len(real), 'day')} kept, {min(real)} to {max(real)}")
    if elsewhere and not other:
        what, does = ("they were published", "removes them") if real else ("the feeds' ids were made", "makes new ones")
        lines.append(f"{what} under {elsewhere}: if you forked that site, `init --fresh` {does}")
    render(root, config)
    return InitOutcome(config, lines)


def _drafted(path: Path, wishes: InitOptions, env: Mapping[str, str]) -> tuple[Site, tomlkit.TOMLDocument, Config]:
    """The site in the config.toml at PATH, the file as WISHES have it, and what that says with ENV."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = tomlkit.parse(text)
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    told = parse(text, path, {})
    if FRESH.is_file() and told == parse(newest := FRESH.read_text(encoding="utf-8"), path, {}):
        document = tomlkit.parse(newest)  # nothing is the operator's yet: all options of this version are explained
    before = told.site
    apply_wishes(document, wishes)
    return before, document, parse(tomlkit.dumps(document), path, env)


def _own_days(days: int, url: str) -> str:
    """Why DAYS are not removed from the site at URL."""
    here = f"the {counted(days, 'day')} here {'is' if days == 1 else 'are'} of {url}"
    known = "no public address is known" if _host(url) in LOOPBACK else here
    return (
        f"--fresh removes nothing: {known}, as far as config.toml tells, and nothing was changed. Are they a copy of"
        " another site's? Name your own address: --url URL. To begin anew, delete the years in docs/data"
    )


def _table(document: tomlkit.TOMLDocument, name: str) -> Any:
    if name not in document:
        document.add(name, tomlkit.table())
    return document[name]


def apply_wishes(document: tomlkit.TOMLDocument, wishes: InitOptions) -> None:
    """Put WISHES, unchecked, into DOCUMENT, a config.toml."""
    told: dict[str, dict[str, object]] = {
        "site": {"title": wishes.title, "url": wishes.url, "language": wishes.language},
        "judge": {"threshold": wishes.threshold},
        "llm": {"model": wishes.model},
    }
    for table, keys in told.items():
        for key, value in keys.items():
            if value is not None and _table(document, table).get(key) != value:
                _table(document, table)[key] = value
    arxiv = _table(document, "arxiv")
    categories = wishes.categories
    if wishes.preset is not None:
        categories = load_preset(wishes.preset).categories if categories is None else categories
        _take_preset(document, wishes.preset, keep_low_interest=wishes.keep_low_interest)
    if categories is not None and list(arxiv.get("categories", [])) != list(categories):
        arxiv["categories"] = list(categories)
    if wishes.fields is not None and list(wishes.fields) != _told(document):
        known = {field.get("slug"): field for field in document.get("fields", [])}
        fields = tomlkit.aot()
        for slug, name, description in wishes.fields:
            fields.append(_field(slug, name, description, known.get(slug)))
        _keep_comment(document.get("fields"), fields[-1] if fields else None)
        document["fields"] = fields
        document.pop("examples", None)  # they spoke of the fields that were there
        if not wishes.keep_low_interest:
            document.pop("low_interest", None)


def _take_preset(document: tomlkit.TOMLDocument, name: str, *, keep_low_interest: bool) -> None:
    """Put the fields, low interests and examples of the preset called NAME in the place of those in DOCUMENT."""
    preset = tomlkit.parse(preset_text(name))
    for key in ("fields", "examples") if keep_low_interest else ("fields", "low_interest", "examples"):
        if document.get(key) != preset[key]:
            _keep_comment(document.get(key), preset[key][-1])
            document[key] = preset[key]


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


def _elsewhere(site: Site, url: str) -> str:
    """Where the days of SITE were published, by its authority, if the site at URL is another one; else empty."""
    name, _, part = site.authority.partition(":")
    host = name.partition(",")[0]
    if not part and _host(site.url) == host:  # an older authority, or that of a whole host
        part = address_part(site.url)
    elif not part and _host(url) == host:
        return ""
    if not host or _host(url) in LOOPBACK or (host, part) == (_host(url), address_part(url)):
        return ""
    return f"{host}/{part}" if part else host


def _authority(before: Site, config: Config, now: dt.datetime, *, published: bool, anew: bool) -> str:
    """The authority of the tag: URIs of the site of CONFIG, as RFC 4151 wants it: a host, a date on which it was ours.

    The path keeps sites of one host apart. What stands there BEFORE stays unless it is to be made ANEW; where days were
    PUBLISHED without one, it is what their ids have begun with. Empty while no public address is known.
    """
    if before.authority and not anew:
        return before.authority
    host, part = _domain(config.site.url), address_part(config.site.url)
    if not host:
        return before.authority
    if published:
        return tag_authority(config.site)
    made = f"{host},{now.year}" + (f":{part}" if part else "")
    return before.authority if _undated(before.authority) == _undated(made) else made


def _undated(authority: str) -> str:
    return re.sub(r",[\d-]+", "", authority)


def _host(url: str) -> str:
    """The host of URL, in ASCII where it can be written so."""
    host = urlsplit(url).hostname or LOOPBACK[0]
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _domain(url: str) -> str:
    """The host of URL for an authority, empty on this machine. Raises ConfigError where no authority can hold it."""
    host = _host(url)
    if host in LOOPBACK:
        return ""
    if not re.fullmatch(r"[a-z0-9.-]+", host):
        raise ConfigError(
            f"site.url: the host {host!r} cannot be used in feed ids; set authority in [site] to a name of yours"
            " and a year, such as name.example,2026"
        )
    return host


def _is_own_domain(url: str) -> bool:
    """Whether URL is neither on this machine nor the one that GitHub gives: then only its owner knows whose it is."""
    return not (_host(url) in LOOPBACK or _host(url).endswith(".github.io"))


def _clear(root: Path, other: bool) -> list[str]:
    """Remove the sample's days, and all where they are of an OTHER site; a line on each kind."""
    store = store_of(root)
    found = summaries_of(root)
    gone = [summary for summary in found if summary.sample or other]
    for summary in gone:
        store.remove(summary.date)
    samples = sum(summary.sample for summary in gone)
    kinds = [(samples, "of the sample"), (len(gone) - samples, "of the site that was copied")]
    return [f"{counted(count, 'day')} {what} removed" for count, what in kinds if count]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--title", metavar="TEXT", help="name of the site")
    parser.add_argument("--url", metavar="URL", help="public address")
    parser.add_argument("--language", choices=LANGUAGES, help="language of the pages")
    parser.add_argument("--categories", nargs="+", metavar="NAME", help="arXiv categories, such as cs.AI cs.LG")
    parser.add_argument(
        "--field",
        nargs=3,
        action="append",
        metavar=("SLUG", "NAME", "DESCRIPTION"),
        help="a research field; repeat for each. They replace all existing fields",
    )
    parser.add_argument(
        "--preset", metavar="NAME", help=f"fields and categories of a discipline: {', '.join(preset_names())}"
    )
    parser.add_argument("--threshold", type=number, metavar="N", help="lowest score of a pick, up to 10")
    parser.add_argument("--model", metavar="NAME", help="the language model's name at its endpoint")
    parser.add_argument(
        "--keep-low-interest", action="store_true", help="keep the low-interest topics when fields are replaced"
    )
    parser.add_argument("--fresh", action="store_true", help="remove the days published by another site (once)")
    parser.add_argument(
        "--yes",
        action="store_true",
        help="do not ask; keep every setting that no option sets, except the URL of a fork",
    )


def number(text: str) -> float:
    """TEXT as config.toml writes it: 7, not 7.0."""
    value = float(text)
    return int(value) if value.is_integer() else value


def execute(context: Context, args: argparse.Namespace) -> int:
    """Ask what no option says, where a person can answer; write config.toml; say what was done."""
    fields = [tuple(field) for field in args.field] if args.field else None
    if fields and args.preset:
        raise ConfigError("--field and --preset name the fields twice; use one of them")
    wishes = InitOptions(
        args.title,
        args.url,
        args.language,
        args.categories,
        fields,
        args.fresh,
        args.preset,
        args.keep_low_interest,
        args.threshold,
        args.model,
    )
    target = repository(context.environment, context.root)
    if wrong := problem(context.config_file, wishes):
        raise ConfigError(wrong)
    if not args.yes and (sys.stdin.isatty() or options.is_answered(sys.stdin)):
        published = sum(not summary.sample for summary in summaries_of(context.root))
        check = functools.partial(problem, context.config_file)
        wishes = ask_all(wishes, context.config, target, options.ask, check, published=published)
    elif wishes.url is None and (url := fork_address(context.config.site, target)):
        wishes = wishes._replace(url=url)
        context.talk.say(f"the public address is taken to be {url}, by the repository's name; --url names another")
    made = make_site(context.root, context.config_file, wishes, context.environment, context.now)
    for line in made.lines:
        context.talk.result(line)
    context.talk.result("Next: `arxiv-daily doctor`, then `arxiv-daily run --dry-run`")
    return DONE
