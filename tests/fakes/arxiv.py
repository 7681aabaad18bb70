"""A small arXiv on loopback: the API and the RSS over papers that a test gives, with a clock and faults.

    with FakeArxiv([fake_paper("2601.00001", "2026-01-08")], now="2026-01-08T06:00:00Z") as server:
        server.fail("html", times=2)                # the next two API requests answer an HTML page
        server.stale.add("cs.AI")                   # the RSS of cs.AI still holds the announcement before
        run(env=server.env())

Nothing that is announced after `now` is served, as on the real arXiv.
"""

import datetime as dt
import re
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, quoteattr

from generator.core.calendar import NEW_YORK, announcement, next_announcement_day
from generator.settings.config import Arxiv

Channel = Literal["api", "rss"]
NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"'
    ' xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
)


@dataclass(frozen=True)
class FakePaper:
    """A paper and the date of the announcement that brings it (later than its submission says: it was held back)."""

    id: str
    day: dt.date
    submitted: dt.datetime
    title: str = ""
    authors: tuple[str, ...] = ("Ada Lovelace", "Alan Turing")
    abstract: str = "We show that a paper\n  can be made up."
    categories: tuple[str, ...] = ("cs.AI",)
    comment: str | None = None
    version: int = 1
    has_pdf: bool = True
    updated: dt.datetime | None = None

    @property
    def announced_at(self) -> dt.datetime:
        evening = dt.datetime.combine(self.day - dt.timedelta(days=1), dt.time(20), NEW_YORK)
        return evening.astimezone(dt.UTC)


def fake_paper(
    paper_id: str, day: str, *categories: str, days_late: int = 0, title: str = "", abstract: str = "", minute: int = 0
) -> FakePaper:
    """A paper of announcement DAY (ISO), submitted MINUTE minutes into its window, held back for DAYS_LATE of them."""
    start = announcement(dt.date.fromisoformat(day)).start
    number = int(re.sub(r"\D", "", paper_id)[-4:])
    out = dt.date.fromisoformat(day)
    for _ in range(days_late):
        out = next_announcement_day(out)
    made = FakePaper(paper_id, out, start + dt.timedelta(minutes=minute or number % 1200, seconds=30))
    title = title or f"Paper {paper_id} on the making of papers"
    return replace(made, title=title, abstract=abstract or made.abstract, categories=categories or made.categories)


class Request(NamedTuple):
    """One request to the server; times by time.monotonic(), `ended` = `began` while it is being answered."""

    channel: str
    path: str
    args: dict[str, str]
    agent: str
    began: float
    ended: float


@dataclass
class Fault:
    """KIND spoils the next TIMES answers of CHANNEL (None: all)."""

    kind: str
    channel: Channel
    times: int | None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 60


class BrokenPageError(Exception):
    """A page holds a record that the API cannot serve."""


class FakeArxiv:
    """The server; a context manager. Its attributes may be changed while it runs."""

    def __init__(self, papers: Iterable[FakePaper] = (), now: str = "2026-01-08T06:00:00Z", port: int = 0) -> None:
        self.papers = list(papers)
        self.now = dt.datetime.fromisoformat(now)
        self.holidays: set[dt.date] = set()
        self.stale: set[str] = set()
        self.unsearchable: set[str] = set()  # ids that the API's search does not find, although it knows them
        self.broken: set[str] = set()  # ids that the API cannot serve: every page that holds one is answered with 500
        self.miscounted = 0  # how many results more than there are the API counts
        self.unknown: set[str] = set()  # ids that the API does not know at all yet
        self.frozen: dt.datetime | None = None  # what the API and the RSS know stands still at this moment
        self.frozen_rss: Literal["dated", "empty", "lives"] = (
            "dated"  # its date stands still too; is new, without items
        )
        self.rss_date: dt.date | None = None  # overrides the date of the feed and of what it holds
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (Handler,), {"arxiv": self}))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "FakeArxiv":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/api/query"

    @property
    def rss_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/rss"

    def env(self) -> dict[str, str]:
        """The environment that leads `arxiv-daily` here."""
        return {"ARXIV_API_URL": self.api_url, "ARXIV_RSS_URL": self.rss_url}

    def settings(self, *categories: str, patience_seconds: float = 0, timeout_seconds: float = 30) -> Arxiv:
        """The configuration that leads to this server, without pauses."""
        return Arxiv(
            categories=categories or ("cs.AI", "cs.CL"),
            api_url=self.api_url,
            rss_url=self.rss_url,
            delay_seconds=0,
            patience_minutes=patience_seconds / 60,
            timeout_seconds=timeout_seconds,
        )

    def fail(
        self,
        kind: str,
        *,
        times: int | None = None,
        channel: Channel = "api",
        headers: dict[str, str] | None = None,
        seconds: float = 60,
    ) -> None:
        """Spoil the next TIMES answers (None: all) of CHANNEL.

        KIND: an HTTP status such as "503"; html, rate, hang, drip, drip-head, gone (the connection is closed);
        empty, short, truncated, error, refused, latin1, doctype, huge, no-date (the first entry has no date).
        """
        self.faults.append(Fault(kind, channel, times, headers or {}, seconds))

    def heal(self) -> None:
        """No more faults."""
        self.faults.clear()

    def move_to(self, now: str) -> None:
        """Set the clock (ISO 8601)."""
        self.now = dt.datetime.fromisoformat(now)

    def day_of(self, paper: FakePaper) -> dt.date:
        """The announcement that brings PAPER, holidays considered."""
        day = paper.day
        while day in self.holidays:
            day = next_announcement_day(day)
        return day

    def visible(self) -> list[FakePaper]:
        """What is announced by now."""
        return self._announced(min(self.now, self.frozen or self.now))

    def _announced(self, by: dt.datetime) -> list[FakePaper]:
        moved = (replace(paper, day=self.day_of(paper)) for paper in self.papers)
        return [paper for paper in moved if paper.announced_at <= by]

    # What the handler asks for

    def next_fault(self, channel: Channel) -> Fault | None:
        with self._lock:
            fault = next((fault for fault in self.faults if fault.channel == channel and fault.times != 0), None)
            if fault is not None and fault.times is not None:
                fault.times -= 1
            return fault

    def wait(self, seconds: float) -> None:
        """Sleep, but not beyond the end of the test."""
        self._closing.wait(seconds)

    def log(self, request: Request) -> int:
        """Note REQUEST; return its number."""
        with self._lock:
            self.requests.append(request)
            return len(self.requests) - 1

    def log_end(self, number: int) -> None:
        with self._lock:
            self.requests[number] = self.requests[number]._replace(ended=time.monotonic())

    def atom(self, args: dict[str, str], fault: str) -> str:
        """The API's answer to the query in ARGS."""
        found = [paper for paper in self.visible() if paper.id not in self.unknown]
        if ids := args.get("id_list"):
            found = [paper for paper in found if paper.id in ids.split(",")]
        if query := args.get("search_query"):
            categories = set(re.findall(r"cat:([\w.-]+)", query))
            low, high = re.findall(r"submittedDate:\[(\d{12}) TO (\d{12})\]", query)[0]
            found = [
                paper
                for paper in found
                if categories.intersection(paper.categories)
                and low <= f"{paper.submitted:%Y%m%d%H%M}" <= high
                and paper.id not in self.unsearchable
            ]
        found.sort(key=lambda paper: (paper.submitted, paper.id), reverse=args.get("sortOrder") == "descending")
        start, size = int(args.get("start", 0)), min(int(args.get("max_results", 10)), 2000)
        page = found[start : start + size]
        if any(paper.id in self.broken for paper in page):
            raise BrokenPageError
        entries = [_entry(paper) for paper in page[: {"empty": 0, "short": len(page) // 2}.get(fault)]]
        if fault == "no-date" and entries:
            entries[0] = re.sub("<published>.*</published>", "", entries[0])
        return _feed("".join(entries), len(found) + (self.miscounted if query else 0))

    def rss(self, categories: list[str]) -> str:
        """What arXiv's RSS lists today (by New York's calendar)."""
        now = self.frozen if self.frozen and self.frozen_rss == "dated" else self.now
        today = self.rss_date or now.astimezone(NEW_YORK).date()
        visible = self._announced(now) if self.frozen_rss == "lives" else self.visible()
        items: dict[str, str] = {}
        for category in categories:
            mine = [paper for paper in visible if category in paper.categories]
            day = today
            if category in self.stale:
                day = max((paper.day for paper in mine if paper.day < today), default=today)
            for paper in mine:
                if paper.day == day:
                    items[paper.id] = _item(paper, "new" if paper.categories[0] in categories else "cross")
        stamp = dt.datetime.combine(today, dt.time(0), NEW_YORK).strftime("%a, %d %b %Y %H:%M:%S %z")
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>updates on arXiv.org</title>'
            f"<lastBuildDate>{stamp}</lastBuildDate>{''.join(items.values())}</channel></rss>"
        )


def papers_of_day(day: str, *categories: str, each: int = 3, first: int = 1) -> Iterator[FakePaper]:
    """EACH papers of announcement DAY for every one of CATEGORIES; ids are numbered from FIRST on."""
    month = dt.date.fromisoformat(day).strftime("%y%m")
    numbers = iter(range(first, first + each * len(categories)))
    for category in categories:
        for _ in range(each):
            yield fake_paper(f"{month}.{next(numbers):05}", day, category)


def _iso(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _feed(entries: str, total: int) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><feed {NAMESPACES}><title>arXiv Query</title>'
        f"<opensearch:totalResults>{total}</opensearch:totalResults>{entries}</feed>"
    )


def _entry(paper: FakePaper) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    categories = "".join(f"<category term={quoteattr(name)}/>" for name in paper.categories)
    comment = f"<arxiv:comment>{escape(paper.comment)}</arxiv:comment>" if paper.comment else ""
    pdf = f'<link href="https://arxiv.org/pdf/{paper.id}v{paper.version}" rel="related"/>' if paper.has_pdf else ""
    return (
        f"<entry><id>http://arxiv.org/abs/{paper.id}v{paper.version}</id>{pdf}<title>{escape(paper.title)}</title>"
        f"<updated>{_iso(paper.updated or paper.submitted)}</updated><summary>{escape(paper.abstract)}</summary>"
        f"<published>{_iso(paper.submitted)}</published>{comment}{authors}"
        f"<arxiv:primary_category term={quoteattr(paper.categories[0])}/>{categories}</entry>"
    )


def _item(paper: FakePaper, kind: str) -> str:
    text = f"arXiv:{paper.id}v{paper.version} Announce Type: {kind} \nAbstract: {paper.abstract}"
    categories = "".join(f"<category>{escape(name)}</category>" for name in paper.categories)
    return (
        f"<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{paper.id}</link>"
        f"<description>{escape(text)}</description>{categories}"
        f'<guid isPermaLink="false">oai:arXiv.org:{paper.id}v{paper.version}</guid>'
        f"<arxiv:announce_type>{kind}</arxiv:announce_type>"
        f"<dc:creator>{escape(', '.join(paper.authors))}</dc:creator></item>"
    )


ERROR_ENTRY = _feed(
    "<entry><id>http://arxiv.org/api/x</id><title>Error</title><summary>the index is away</summary></entry>", 1
)
REFUSAL = _feed(
    "<entry><id>http://arxiv.org/api/errors#malformed_query</id><title>Error</title>"
    "<summary>malformed query</summary></entry>",
    1,
)
HTML = "<!DOCTYPE html>\n<html><body>arXiv is down for maintenance</body></html>"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f"<feed {NAMESPACES}><title>&b;</title></feed>"
)


def _spoiled(body: str, kind: str) -> bytes:
    """BODY as the fault KIND makes it."""
    whole = body.encode()
    replaced = {
        "html": HTML.encode(),
        "rate": b"Rate exceeded.",
        "error": ERROR_ENTRY.encode(),
        "refused": REFUSAL.encode(),
        "doctype": BOMB.encode(),
        "truncated": whole[: len(whole) * 2 // 3],
        "latin1": body.replace("made up", "mådé üp").encode("latin-1", "replace"),
        "huge": b"<feed>" + b" " * (33 * 2**20),
    }
    return replaced.get(kind, whole)


class Handler(BaseHTTPRequestHandler):
    arxiv: FakeArxiv

    def do_GET(self) -> None:
        began = time.monotonic()
        url = urlsplit(self.path)
        args = {key: values[0] for key, values in parse_qs(url.query).items()}
        channel: Channel = "api" if url.path.startswith("/api/") else "rss"
        fault = self.arxiv.next_fault(channel) or Fault("", channel, 0)
        agent = self.headers.get("User-Agent", "")
        number = self.arxiv.log(Request(channel, url.path, args, agent, began, began))  # before a client can look
        try:
            self._answer(url.path, args, fault)
        except OSError:
            self.close_connection = True  # the client has hung up
        self.arxiv.log_end(number)

    def _answer(self, path: str, args: dict[str, str], fault: Fault) -> None:
        if fault.kind == "gone":
            self.close_connection = True
            return
        if fault.kind == "hang":
            self.arxiv.wait(fault.seconds)
        if fault.kind.isdigit():
            self._send(int(fault.kind), f"Status {fault.kind}".encode(), fault)
        elif fault.kind == "refused":
            self._send(400, REFUSAL.encode(), fault)
        elif path == "/api/query":
            try:
                self._send(200, _spoiled(self.arxiv.atom(args, fault.kind), fault.kind), fault)
            except BrokenPageError:
                self._send(500, b"Internal Server Error", fault)
        else:
            categories = unquote(path.rpartition("/")[2]).split("+")
            self._send(200, _spoiled(self.arxiv.rss(categories), fault.kind), fault)

    def _send(self, status: int, body: bytes, fault: Fault) -> None:
        if fault.kind == "drip-head":
            self._drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000)
            return
        self.send_response_only(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in fault.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if fault.kind == "drip":
            self._drip(body)
        else:
            self.wfile.write(body)

    def _drip(self, body: bytes) -> None:
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            self.arxiv.wait(0.02)

    def log_message(self, *_: object) -> None:
        """Quiet."""
