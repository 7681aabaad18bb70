"""The papers of a submission window, or of some identifiers, from arXiv's API.

The arxiv package writes the queries and reads the entries. Fetching and paging are ours: left alone, it takes an HTML
page, a truncated one, or an empty one that announces 431 papers for "no results" (4.0.2).
"""

import datetime as dt
import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import arxiv  # type: ignore[import-untyped]
from arxiv import _feed

from generator.core.errors import ServerFaultError, SourceError
from generator.core.model import Paper, base_id
from generator.core.text import clean, counted
from generator.settings.config import Arxiv
from generator.sources.http import Wire
from generator.sources.xml import UnusableError, make_paper, xml_root

PAGE_SIZE = 1000  # arXiv allows 2,000; half of that comes well within the time-out
IDS_PER_REQUEST = 100  # keeps the address below 2 KB
MOST_RESULTS = 30_000  # of one query, however it is paged
FAULT_TRIES = 3  # of a query that is answered with 5xx, before others are tried in its place
SOUND_PAPER = "1706.03762"  # a paper that arXiv surely serves while it is up
FEW = 3  # papers of a minute that are tried where not one page tells how many there are
PASSES_OVER_A_WINDOW = 3  # over a window whose pages overlap because it changed meanwhile
MOST_MISCOUNTED = 2  # results that a total may count for ever though no page has them
STEADY = 3  # times that a page comes with the same entries, fewer than its total promises, before it is believed

_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"


class ApiAnswer(NamedTuple):
    """What the API said: papers, in the order of their submission, and what is wrong with the entries that are none.

    unservable: ids that were asked for and that the API cannot serve, each time.
    """

    papers: tuple[Paper, ...]
    damaged: tuple[str, ...] = ()
    unservable: frozenset[str] = frozenset()


def _joined(answers: Sequence[ApiAnswer]) -> ApiAnswer:
    """ANSWERS as one."""
    return ApiAnswer(
        tuple(paper for answer in answers for paper in answer.papers),
        tuple(dict.fromkeys(note for answer in answers for note in answer.damaged)),
        frozenset().union(*(answer.unservable for answer in answers)),
    )


class AtomPage(NamedTuple):
    """One Atom document: how many results there are in all, and its own entries; a string stands for a damaged one."""

    total: int
    entries: tuple[Paper | str, ...]


class _TooManyError(Exception):
    """More results than the API gives out for one query."""


def _search(categories: Sequence[str], first: dt.datetime, last: dt.datetime) -> Any:
    """The query for papers of CATEGORIES, primary or not, submitted from the minute FIRST to the minute LAST."""
    names = " OR ".join(f"cat:{name}" for name in categories)
    query = f"({names}) AND submittedDate:[{first:%Y%m%d%H%M} TO {last:%Y%m%d%H%M}]"
    return arxiv.Search(
        query, sort_by=arxiv.SortCriterion.SubmittedDate, sort_order=arxiv.SortOrder.Ascending, max_results=None
    )


class ArxivClient:
    """arXiv's API over WIRE; every method raises SourceError when arXiv does not give what was asked."""

    def __init__(self, settings: Arxiv, wire: Wire) -> None:
        self._url = settings.api_url
        self._wire = wire
        self._probe = f"{self._url}?{urlencode({'id_list': SOUND_PAPER, 'max_results': 1})}"

    def papers_in_window(self, categories: Sequence[str], start: dt.datetime, end: dt.datetime) -> ApiAnswer:
        """The papers with one of CATEGORIES, primary or not, whose first version was submitted in [start, end).

        A record that arXiv cannot serve spoils every page that holds it: what is around it is read all the same.
        """
        try:
            return self._window(categories, start, end)
        except ServerFaultError:
            return self._around_fault(categories, start, end)

    def _around_fault(self, categories: Sequence[str], start: dt.datetime, end: dt.datetime) -> ApiAnswer:
        """The window without the record that cannot be served, which is closed in on by halves, down to its minute."""
        middle = (start + (end - start) / 2).replace(second=0, microsecond=0)
        if not start < middle < end:
            return _minute(self, categories, start)
        answers = []
        for first, last in ((start, middle), (middle, end)):
            try:
                answers.append(self._window(categories, first, last, FAULT_TRIES, whole_minutes=True))
            except ServerFaultError:
                answers.append(self._around_fault(categories, first, last))
        return _joined(answers)

    def _window(
        self,
        categories: Sequence[str],
        start: dt.datetime,
        end: dt.datetime,
        tries: int | None = None,
        *,
        whole_minutes: bool = False,
    ) -> ApiAnswer:
        # Both ends are meant to be inclusive to the minute. The minute of END is asked for as well and cut off here, so
        # that no paper falls between two windows should arXiv ever compare to the second; but not where one minute
        # spoils what is asked with it.
        last = end - dt.timedelta(minutes=1) if whole_minutes else end
        try:
            answer = self._read_all(_search(categories, start, last), tries)
        except _TooManyError:
            return self._in_halves(categories, start, end)
        inside = (paper for paper in answer.papers if paper.submitted is None or start <= paper.submitted < end)
        return ApiAnswer(tuple(inside), answer.damaged)

    def papers_by_id(self, ids: Sequence[str]) -> ApiAnswer:
        """The papers with IDS that the API knows; those it does not know are simply not among them."""
        papers: dict[str, Paper] = {}
        damaged: list[str] = []
        unservable: set[str] = set()
        for first in range(0, len(ids), IDS_PER_REQUEST):
            some = ids[first : first + IDS_PER_REQUEST]
            for entry in self._entries_of(some, unservable):
                if isinstance(entry, str):
                    damaged.append(entry)
                elif entry.id in some:
                    papers[entry.id] = entry
        return ApiAnswer(tuple(papers.values()), tuple(damaged), frozenset(unservable))

    def _entries_of(self, ids: Sequence[str], unservable: set[str], tries: int | None = None) -> list[Paper | str]:
        """The entries of IDS; those that arXiv cannot serve are added to UNSERVABLE."""
        try:
            return list(self._page(arxiv.Search(id_list=list(ids)), 0, len(ids), by_id=True, tries=tries).entries)
        except ServerFaultError:
            if len(ids) == 1:
                unservable.update(ids)
                return []
        half = len(ids) // 2
        parts = (self._entries_of(part, unservable, FAULT_TRIES) for part in (ids[:half], ids[half:]))
        return [entry for part in parts for entry in part]

    def _in_halves(self, categories: Sequence[str], start: dt.datetime, end: dt.datetime) -> ApiAnswer:
        middle = (start + (end - start) / 2).replace(second=0, microsecond=0)
        if not start < middle < end:
            raise SourceError(f"arXiv has more than {MOST_RESULTS} papers of one minute, {start:%Y-%m-%d %H:%M} UTC")
        halves = [self.papers_in_window(categories, *span) for span in ((start, middle), (middle, end))]
        return _joined(halves)

    def _read_all(self, search: Any, tries: int | None = None) -> ApiAnswer:
        """All results of SEARCH, counted against the total; read again when a page has moved under our feet."""
        before: tuple[int, frozenset[str]] | None = None
        for _ in range(PASSES_OVER_A_WINDOW):
            total, entries = self._read_pages(search, tries)
            papers = {entry.id: entry for entry in entries if isinstance(entry, Paper)}
            damaged = tuple(dict.fromkeys(entry for entry in entries if isinstance(entry, str)))
            if len(papers) + len(damaged) == total:
                return ApiAnswer(tuple(papers.values()), damaged)
            if before == (total, frozenset(papers)):  # nothing moves: arXiv's count is wrong
                break
            before = total, frozenset(papers)
        note = f"arXiv counts {total} papers and sends {len(papers)} different ones"
        return ApiAnswer(tuple(papers.values()), (*damaged, note))

    def _read_pages(self, search: Any, tries: int | None) -> tuple[int, list[Paper | str]]:
        """The total as the last page tells it, and the entries of all pages."""
        entries: list[Paper | str] = []
        while True:
            page = self._page(search, len(entries), PAGE_SIZE, tries=tries)
            entries += page.entries
            if page.total > MOST_RESULTS:
                raise _TooManyError
            is_last = len(entries) >= page.total and len(page.entries) < PAGE_SIZE  # a total may be too low
            if is_last or not page.entries:
                return page.total, entries

    def _page(self, search: Any, start: int, size: int, *, by_id: bool = False, tries: int | None = None) -> AtomPage:
        query = urlencode({**search._url_args(), "start": start, "max_results": size})
        read = functools.partial(_read_page, start=start, size=size, by_id=by_id, short=Counter())
        return self._wire.get(f"{self._url}?{query}", read, tries, self._probe if tries is None else None)


def _read_page(content: bytes, start: int, size: int, *, by_id: bool, short: Counter[tuple[str, ...]]) -> AtomPage:
    """CONTENT as a page. Raises UnusableError where it lacks entries of the SIZE from START that it promises.

    SHORT counts the pages that came so, by what they held: one that lacks few and stays the same is what arXiv has.
    """
    page = read_atom(content)
    promised = min(size, max(page.total - start, 0))
    # The total of a list of ids may count those that arXiv does not know: there only an empty page is odd.
    if page.total <= MOST_RESULTS and len(page.entries) < (min(promised, 1) if by_id else promised):
        held = tuple(entry.id if isinstance(entry, Paper) else entry for entry in page.entries)
        short[held] += 1
        few = promised - len(held) <= MOST_MISCOUNTED and bool(held or start)
        if by_id or not few or short[held] < STEADY:
            raise UnusableError(f"{page.total} results announced, but {len(held)} of {promised} sent")
    return page


def read_atom(content: bytes) -> AtomPage:
    """One answer of the API, from the network or from a file.

    Raises UnusableError for what is no such answer, SourceError for an "Error" entry that names a fault of the query.
    """
    root = xml_root(content, f"{_ATOM}feed")
    entries = root.findall(f"{_ATOM}entry")
    _refuse_error_entry(entries)
    total = (root.findtext(_TOTAL) or "").strip()
    if not re.fullmatch(r"\d{1,9}", total, re.ASCII):
        raise UnusableError("an Atom feed without a total number of results")
    return AtomPage(int(total), tuple(_papers(entries)))


def _refuse_error_entry(entries: Sequence[Any]) -> None:
    """The API reports errors as an entry titled "Error", with status 200 or 400."""
    for entry in entries:
        entry_id = entry.findtext(f"{_ATOM}id") or ""
        if (entry.findtext(f"{_ATOM}title") or "").strip() == "Error" and base_id(entry_id[:200]) is None:
            summary = (entry.findtext(f"{_ATOM}summary") or "without a text")[:1000]
            message = f"it reports the error {clean(summary, 200)!r}"
            if "api/errors#" in entry_id:  # a documented fault of the query: asking again changes nothing
                raise SourceError(f"arXiv's API refused the query: {message}")
            raise UnusableError(message)


def _papers(entries: Sequence[Any]) -> Iterator[Paper | str]:
    links_pdfs = any(map(_links_pdf, entries))  # the API has left them out of whole answers
    for number, entry in enumerate(entries, 1):
        name = clean((entry.findtext(f"{_ATOM}id") or f"entry {number}")[:200], 100)
        try:
            # The package's own reader of one entry; internal, but its public ones drop what they cannot read.
            result = _feed._build_result(entry)
            has_pdf = not links_pdfs or _links_pdf(entry)
            yield _paper(result, has_pdf) if result is not None else f"{name}: id or dates are missing"
        except (ValueError, OverflowError) as error:  # the latter of dates at the ends of the calendar
            yield f"{name}: {error}"


def _links_pdf(entry: Any) -> bool:
    """Whether ENTRY links a PDF, which a withdrawn version has not; by its address: some answers name no link."""
    return any("/pdf/" in (link.get("href") or "") for link in entry.iterfind(f"{_ATOM}link"))


def _paper(result: Any, has_pdf: bool) -> Paper:
    """The paper in an arxiv.Result. Raises ValueError that says what is wrong with it."""
    found = re.search(r"v(\d{1,4})$", result.entry_id)
    version = int(found[1]) if found else None
    primary = [result.primary_category] if result.primary_category else []
    return make_paper(
        paper_id=base_id(result.entry_id[:200]),
        title=result.title,
        authors=[author.name for author in result.authors],
        abstract=result.summary,
        categories=primary + result.categories,
        submitted=result.published,
        updated=result.updated if version and version > 1 else None,
        version=version,
        has_pdf=has_pdf,
        comment=result.comment or "",
        doi=result.doi or "",
        journal_ref=result.journal_ref or "",
    )


def _minute(client: ArxivClient, categories: Sequence[str], minute: dt.datetime) -> ApiAnswer:
    """The papers of one MINUTE, each on a page of its own: all but those that cannot be served."""
    search = _search(categories, minute, minute)
    papers: list[Paper] = []
    total = place = 0
    while place < max(total, FEW):
        try:
            page = client._page(search, place, 1, tries=1)
            total = page.total
            papers += [entry for entry in page.entries if isinstance(entry, Paper)]
        except ServerFaultError:
            pass  # told below, with how many they are
        place += 1
        if total and place >= total:
            break
    lost = max(total - len(papers), 1)
    told = f"arXiv's API cannot serve {counted(lost, 'paper')} submitted at {minute:%Y-%m-%d %H:%M} UTC"
    return ApiAnswer(tuple(papers), (f"{told}: it answers with an error each time",))
