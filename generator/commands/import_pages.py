"""`import`: the predecessor's day pages as records, each paper once, and nothing of ours overwritten.

Where a paper is filed: with `--enrich` under the announcement that arXiv's own times give, else under the page's date.
A record of our own is never touched. Importing the same pages again changes nothing; with `--enrich` it completes
what was imported without.
"""

import argparse
import datetime as dt
import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from generator import __version__
from generator.commands.old_pages import Fault, NoDayPageError, OldEntry, OldPage, read_page
from generator.core.calendar import announcement, announcement_of, is_announcement_day
from generator.core.errors import ConfigError, RecordError, SourceError
from generator.core.escape import log
from generator.core.files import read_json, write_if_changed
from generator.core.model import Day, Origin, Paper, Pick, Verdict, Window
from generator.core.text import counted
from generator.judges.llm.ledger import locked
from generator.publish.render import render
from generator.records.store import Store, store_of
from generator.settings.context import DONE, INCOMPLETE, STATE, Context
from generator.sources.api import IDS_PER_REQUEST, ArxivClient
from generator.sources.http import Wire, user_agent

IMPORT_FOLDER = "import"
"""Below .arxiv-daily: a report for each page, and what arXiv has told."""
ANSWERS = "papers.jsonl"
MOST_BYTES_OF_A_PAGE = 8_000_000
MOST_SAID = 20
"""Remarks on one page that are said; its report has them all."""
SHARE_OF_A_DAY = 10
"""An announcement with less than one in this many of a page's papers is no announcement of the page: they were late."""
SAME_TITLE = 0.6
"""Likeness (difflib) from which on two titles are one, revised."""


class ImportedPage(NamedTuple):
    """A page that was read: the file it came from, and what is wrong with it."""

    path: Path
    page: OldPage
    faults: list[Fault]


class Answers:
    """What arXiv has told of papers, kept in a file so that an import can be stopped and gone on with."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.papers: dict[str, Paper] = {}
        self.unknown: set[str] = set()
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            paper = _paper_of(line)
            if paper is not None:
                self.papers[paper.id] = paper

    def ask(self, ids: Iterable[str], client: ArxivClient, progress: Callable[[int, int], None]) -> None:
        """Complete `papers` by IDS, a request for each hundred. Raises SourceError, with what came before kept."""
        wanted = sorted(set(ids) - set(self.papers) - self.unknown)
        for first in range(0, len(wanted), IDS_PER_REQUEST):
            some = wanted[first : first + IDS_PER_REQUEST]
            found = client.papers_by_id(some).papers
            self._keep(found)
            self.unknown |= set(some) - {paper.id for paper in found}
            progress(first + len(some), len(wanted))

    def _keep(self, found: Sequence[Paper]) -> None:
        lines = [json.dumps({"paper": paper.model_dump(mode="json"), "abstract": paper.abstract}) for paper in found]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(f"\n{line}\n" for line in lines)  # apart from a line that was cut off by a kill
        except OSError as error:
            raise RecordError(f"{self.path} cannot be written: {error.strerror or error}") from None
        self.papers |= {paper.id: paper for paper in found}

    def knows(self, arxiv_id: str) -> bool:
        """Whether there is nothing more to ask about ARXIV_ID."""
        return arxiv_id in self.papers or arxiv_id in self.unknown


def _paper_of(line: str) -> Paper | None:
    """The paper in a line of the file of answers; None if it is torn or empty."""
    try:
        found = read_json(line)
        return Paper.model_validate_json(json.dumps({**found["paper"], "abstract": found["abstract"]}))
    except (ValueError, KeyError, TypeError, ValidationError):
        return None


# The command


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a page, or a folder whose *.md are pages")
    parser.add_argument("--enrich", action="store_true", help="complete facts and dates from arXiv")


def execute(context: Context, args: argparse.Namespace) -> int:
    """Import, and return the exit code."""
    return import_pages(context, args.files, enrich=args.enrich)


def import_pages(context: Context, names: Sequence[str], enrich: bool) -> int:
    """Import the pages in the files and folders NAMES; return the exit code: 2 if anything was left out.

    Raises ConfigError for names that are no readable pages, RecordError, and BusyError if a run is at work.
    """
    paths = page_files(names)
    state = context.root / STATE
    _stay_inside(context.root, state / IMPORT_FOLDER)
    with locked(state):
        sources, unread = _read_sources(paths, context)
        answers = Answers(state / IMPORT_FOLDER / ANSWERS)
        store = store_of(context.root)
        archive = ImportedDays(store.read_all())
        waiting = _enrich(sources, archive, answers, context) if enrich else []
        ready = [source for source in sources if source not in waiting]
        for source in sorted(ready, key=lambda parsed: (parsed.page.date, parsed.path.name)):
            archive.take(source, answers.papers)
        changed = archive.write(store, {paper.id: paper.abstract for paper in answers.papers.values()})
        _report(ready, state / IMPORT_FOLDER, context)
        render(context.root, context.config)
    written = f"{counted(len(changed), 'day')} written or removed"
    context.talk.result(f"{counted(len(ready), 'page')} read, {written}; see {STATE}/{IMPORT_FOLDER}/")
    whole = not unread and not waiting and not any(fault.aside for source in ready for fault in source.faults)
    return DONE if whole else INCOMPLETE


def page_files(names: Sequence[str]) -> list[Path]:
    """The files of NAMES, of a folder all its *.md that are in it, however deep.

    Raises ConfigError for what is not there, and for a link in a folder that leads out of it.
    """
    found: dict[Path, Path] = {}
    for name in names:
        path = Path(name)
        if path.is_dir():
            inside = sorted(path.rglob("*.md"))
            if not inside:
                raise ConfigError(f"{path} holds no *.md")
            for inner in inside:
                _stay_inside(path, inner)
        elif path.is_file():
            inside = [path]
        else:
            raise ConfigError(f"{path} is neither a file nor a folder")
        found |= {inner.resolve(): inner for inner in inside}
    return list(found.values())


def _stay_inside(folder: Path, path: Path) -> None:
    """Raise ConfigError if PATH, links followed, is not within FOLDER."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ConfigError(f"{path} points outside {folder}; nothing was imported. To import it, name the file itself")


def _read_sources(paths: Sequence[Path], context: Context) -> tuple[list[ImportedPage], int]:
    """The pages in PATHS, and how many of these are none. Raises ConfigError if all are."""
    sources = []
    unread = 0
    for path in paths:
        try:
            page = read_page(_text_of(path), context.config)
        except NoDayPageError as error:
            context.talk.warn(f"{path}: no day page, left out: {error}")
            unread += 1
        else:
            sources.append(ImportedPage(path, page, list(page.faults)))
    if not sources:
        raise ConfigError("none of the files is a day page (docs/ops/import.md shows the format)")
    return sources, unread


def _text_of(path: Path) -> str:
    """The text of PATH. Raises NoDayPageError if it is too large or no text, RecordError if it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES_OF_A_PAGE + 1)
    except OSError as error:
        raise RecordError(f"{path} cannot be read: {error.strerror or error}") from None
    if len(content) > MOST_BYTES_OF_A_PAGE:
        raise NoDayPageError(f"it has more than {MOST_BYTES_OF_A_PAGE:,} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoDayPageError(f"it is not UTF-8 (byte {error.start})") from None


def _enrich(
    sources: Sequence[ImportedPage], archive: "ImportedDays", answers: Answers, context: Context
) -> list[ImportedPage]:
    """Ask arXiv for what is not known of the papers of SOURCES; return those that have to wait for a later run."""
    ids = {
        source.path: {entry.paper.id for entry in source.page.entries if archive.told(entry.paper.id) is None}
        for source in sources
    }
    settings = context.config.arxiv
    client = ArxivClient(settings, Wire(settings, user_agent(__version__, context.config.site.url)))
    try:
        answers.ask(
            (paper_id for some in ids.values() for paper_id in some),
            client,
            lambda done, total: context.talk.progress("arXiv: papers", done, total),
        )
    except SourceError as error:
        waiting = [source for source in sources if not all(map(answers.knows, ids[source.path]))]
        context.talk.warn(f"{error}\n{len(waiting)} pages wait: run the same command again to continue")
        return waiting
    return []


def _report(sources: Sequence[ImportedPage], folder: Path, context: Context) -> None:
    """Say what became of each page, and keep what was left out in a file beside."""
    taken: set[str] = set()
    for source in sources:
        name = _report_name(source.path, taken)
        aside = sum(bool(fault.aside) for fault in source.faults)
        source.faults.sort()
        context.talk.result(
            f"{log(source.path.name)}: {source.page.date}, {counted(len(source.page.entries), 'paper')} listed,"
            f" {counted(len(source.faults), 'remark')}, {aside} kept aside"
        )
        for fault in source.faults[:MOST_SAID]:
            context.talk.warn(f"{source.path.name}:{fault.line}: {fault.text}")
        if len(source.faults) > MOST_SAID:
            context.talk.warn(f"{source.path.name}: {len(source.faults) - MOST_SAID} more in {name}")
        write_if_changed(folder / name, "".join(_report_lines(source)).encode())


def _report_name(path: Path, taken: set[str]) -> str:
    """A name of its own for the report on PATH, of letters that are safe in a file's name."""
    stem = re.sub(r"[^\w-]+", "_", path.stem)[:80] or "page"
    names = (f"{stem}{suffix}.txt" for suffix in ("", *(f"-{number}" for number in range(2, len(taken) + 3))))
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name


def _report_lines(source: ImportedPage) -> Iterator[str]:
    yield f"{source.path.name}: {source.page.date}, {counted(len(source.page.entries), 'paper')} read\n"
    for fault in source.faults:
        yield f"line {fault.line}: {fault.text}\n"
        yield from (f"    {line}\n" for line in fault.aside)


# Where papers go


class Placed(NamedTuple):
    """The announcement under which a paper is filed; `sure`: by arXiv's own times."""

    date: dt.date
    sure: bool


def place(ids: Sequence[str], date: dt.date, papers: Mapping[str, Paper]) -> dict[str, Placed]:
    """The announcement of each of IDS, a page's, as far as PAPERS, which are arXiv's, tell; else the page's DATE.

    A page holds one announcement, or several if its maker caught up. A paper that was submitted earlier than these was
    held back and came with the next one.
    """
    own = {
        paper_id: announcement_of(paper.submitted)
        for paper_id in ids
        if (paper := papers.get(paper_id)) and paper.submitted and announcement_of(paper.submitted) <= date
    }
    if not own:
        return {paper_id: Placed(date, sure=False) for paper_id in ids}
    counts = Counter(own.values())
    least = min(len(own) / SHARE_OF_A_DAY, max(counts.values()))
    large = {day for day, number in counts.items() if number >= least}
    days = sorted(large | {day for day in counts if day > max(large)})
    main = max(days, key=lambda day: (counts[day], day))
    return {
        paper_id: Placed(next((day for day in days if paper_id in own and day >= own[paper_id]), main), sure=True)
        for paper_id in ids
    }


def doubt(entry: OldEntry, paper: Paper, date: dt.date) -> str | None:
    """Why ENTRY, of a page of DATE, cannot be PAPER, which is what arXiv has under its id; None if it can."""
    if paper.submitted and announcement_of(paper.submitted) > date:
        return f"its link leads to {paper.id}, submitted {paper.submitted:%Y-%m-%d}, which was not out on {date}"
    ours, theirs = _letters(entry.paper.title), _letters(paper.title)
    alike = difflib.SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= SAME_TITLE
    if alike or ours in theirs or _surnames(entry.paper) & _surnames(paper):
        return None
    return f"its link leads to {paper.id}, which is {paper.title!r:.120} by others"


def _surnames(paper: Paper) -> set[str]:
    return {name for author in paper.authors if (name := _letters(author.split()[-1]))}


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())[:400]


class _Draft:
    """An imported day while pages are added to it."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.picks = {pick.paper.id: pick for pick in day.picks}
        self.origins = {(origin.date, origin.page): origin for origin in day.origins}

    def finished(self) -> Day:
        """The day as it is now, its picks best first."""
        picks = sorted(self.picks.values(), key=lambda pick: (-pick.verdict.score, pick.paper.id))
        told = [pick.paper.submitted is not None for pick in picks]
        window = announcement(self.day.date) if any(told) and is_announcement_day(self.day.date) else None
        changes = {
            "picks": tuple(picks),
            "origins": tuple(self.origins[key] for key in sorted(self.origins)),
            "facts": "api" if told and all(told) else "page",
            "window": Window(start=window.start, end=window.end) if window else None,
        }
        return self.day.model_copy(update=changes)


class ImportedDays:
    """The imported days as they are and as they shall be, and which papers days of our own hold."""

    def __init__(self, days: Iterable[Day]) -> None:
        self._drafts: dict[dt.date, _Draft] = {}
        self._home: dict[str, dt.date] = {}  # of papers in imported days
        self._own: dict[str, dt.date] = {}  # of papers in days of our own
        self._own_days: set[dt.date] = set()
        self._samples: list[dt.date] = []
        for day in days:
            if day.is_real:
                self._own_days.add(day.date)
                self._own.update(dict.fromkeys(day.ids, day.date))
            elif day.sample:
                self._samples.append(day.date)
            else:
                self._drafts[day.date] = _Draft(day)
                self._home.update(dict.fromkeys(day.ids, day.date))
        self._before = frozenset(self._drafts)

    def told(self, arxiv_id: str) -> Paper | None:
        """What arXiv has told of an imported paper."""
        date = self._home.get(arxiv_id)
        paper = self._drafts[date].picks[arxiv_id].paper if date else None
        return paper if paper and paper.submitted else None

    def take(self, source: ImportedPage, papers: Mapping[str, Paper]) -> None:
        """Add what is new on SOURCE's page, with the facts of PAPERS, which are arXiv's.

        What is left out is added to the source's faults.
        """
        page = source.page
        facts = {
            entry.paper.id: paper
            for entry in page.entries
            if (paper := self.told(entry.paper.id) or papers.get(entry.paper.id))
        }
        where = place([entry.paper.id for entry in page.entries], page.date, facts)
        dates: Counter[dt.date] = Counter()
        for entry in page.entries:
            date = self._date_for(entry, where[entry.paper.id])
            if why := self._objection(entry, date, source, facts.get(entry.paper.id)):
                source.faults.append(Fault(entry.line, f"kept aside: {why}", entry.source))
            else:
                self._file(entry, date, page, facts.get(entry.paper.id))
                dates[date] += 1
        if not page.entries and page.date not in self._own_days:  # a day on which nothing was found is a day, too
            self._drafts.setdefault(page.date, _Draft(_empty_day(page.date, page)))
            dates[page.date] = 0
        self._credit(source, dates)

    def _date_for(self, entry: OldEntry, placed: Placed) -> dt.date:
        """Where ENTRY belongs: a paper moves only once, when arXiv first tells of its page."""
        home = self._home.get(entry.paper.id)
        return home if home and (self.told(entry.paper.id) or not placed.sure) else placed.date

    def _objection(self, entry: OldEntry, date: dt.date, source: ImportedPage, paper: Paper | None) -> str | None:
        """Why ENTRY is not taken, if it is not."""
        arxiv_id = entry.paper.id
        if paper and (why := doubt(entry, paper, source.page.date)):
            return why
        if arxiv_id in self._own:
            return f"{arxiv_id} is in the record of {self._own[arxiv_id]} already, which is our own"
        if date in self._own_days:
            return f"{arxiv_id} belongs to {date}, which has a record of our own"
        home = self._home.get(arxiv_id)
        if home and (source.page.date, source.path.name) not in self._drafts[home].origins:
            return f"{arxiv_id} is in the imported day {home} already, from another page"
        return None

    def _file(self, entry: OldEntry, date: dt.date, page: OldPage, paper: Paper | None) -> None:
        home = self._home.get(entry.paper.id)
        pick = self._drafts[home].picks.pop(entry.paper.id) if home else None
        if pick is None:
            verdict = Verdict(score=entry.score, field=entry.field, reason=entry.reason)
            pick = Pick(paper=entry.paper, verdict=verdict)
        if date not in self._drafts:
            self._drafts[date] = _Draft(_empty_day(date, page))
        self._drafts[date].picks[entry.paper.id] = pick.model_copy(update={"paper": paper}) if paper else pick
        self._home[entry.paper.id] = date

    def _credit(self, source: ImportedPage, dates: Mapping[dt.date, int]) -> None:
        """Write the page down in the days that have papers of it; the one that has the most gets its numbers."""
        page, key = source.page, (source.page.date, source.path.name)
        for draft in self._drafts.values():
            draft.origins.pop(key, None)
        main = max(dates, key=lambda date: (dates[date], date), default=None)
        published = Counter(entry.published for entry in page.entries if entry.published)
        for date in dates:
            self._drafts[date].origins[key] = Origin(
                page=source.path.name,
                date=page.date,
                read=page.read if date == main else None,
                tokens=page.tokens if date == main else None,
                published=dict(sorted(published.items())) if date == main else {},
            )

    def write(self, store: Store, abstracts: Mapping[str, str]) -> list[dt.date]:
        """Make STORE hold the days as they are now; return those that changed.

        As with the first day of our own, the days of the sample go.
        """
        days = [draft.finished() for draft in self._drafts.values() if draft.picks or draft.origins]
        kept: dict[str, str] = {}
        for date in self._before:
            kept |= store.abstracts(date)
        changed = [day.date for day in days if store.write(day, {**kept, **abstracts})]
        gone = self._before - {day.date for day in days}
        for date in [*gone, *(set(self._samples) - {day.date for day in days} if days else ())]:
            store.remove(date)
            changed.append(date)
        return sorted(changed)


def _empty_day(date: dt.date, page: OldPage) -> Day:
    return Day(
        date=date,
        window=None,
        generator=__version__,
        judge="llm",
        model=page.model,
        profile="",
        imported=True,
        facts="page",
        updated=page.made or dt.datetime.combine(page.date, dt.time(), dt.UTC),
        coverage={},
    )
