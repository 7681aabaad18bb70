"""Real feed readers, subscribed to the OPML file for ten days: items doubled, items unread again, empty feeds.

`python tests/bench/bench_readers.py [--only NAME ...] [--keep FOLDER]` serves the feeds of a made archive on loopback.
Day after day each reader that is installed fetches them, then all is marked as read, as by somebody who keeps up. One
day comes out incomplete, one is corrected (its best pick, its number of picks, a withdrawal), one comes a day late.
Fails if a reader shows an item twice or unread again, or a feed without items.

Readers, if they are there: newsboat, sfeed, rss2email and liferea (which needs xvfb and dbus), all Debian packages.
"""

import argparse
import contextlib
import datetime as dt
import email
import email.policy
import functools
import http.server
import itertools
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench_feeds import FIELDS, a_day
from lxml import etree

from generator.core.calendar import is_announcement_day
from generator.core.model import Day, Unscored
from generator.publish.feeds.build import Records, feed_outputs
from generator.records.summaries import summarize
from generator.run.record_day import headline
from generator.settings.config import Config, ResearchField, Site

DAYS = 10


class Seen(NamedTuple):
    """One item as a reader shows it."""

    feed: str
    id: str
    title: str
    unread: bool


class Reader:
    """A reader with a folder of its own; subscribed once, then updated each day."""

    command = ""

    def __init__(self, folder: Path, feeds: Mapping[str, str]) -> None:
        self.folder = folder
        self.feeds = feeds
        folder.mkdir(parents=True)

    @classmethod
    def version(cls) -> str | None:
        """What is installed; None if nothing is."""
        raise NotImplementedError

    def update(self) -> None:
        """Fetch all feeds."""
        raise NotImplementedError

    def items(self) -> list[Seen]:
        """All items that the reader would show."""
        raise NotImplementedError

    def read_all(self) -> None:
        """Mark every item as read."""
        raise NotImplementedError


def _run(*command: str, **options: Any) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120, **options)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {(done.stderr or done.stdout)[-400:]}")
    return str(done.stdout)


def _version_of(command: str, *flags: str) -> str | None:
    if shutil.which(command) is None:
        return None
    done = subprocess.run([command, *flags], check=False, capture_output=True, text=True, timeout=60)
    found = re.search(r"\d+\.\d+[\w.]*", done.stdout + done.stderr)
    return found[0] if found else "?"


class Newsboat(Reader):
    """Keeps one owner of a guid over all feeds; its cache is a database."""

    @classmethod
    def version(cls) -> str | None:
        return _version_of("newsboat", "-v")

    def update(self) -> None:
        (self.folder / "urls").write_text("".join(f"{url}\n" for url in self.feeds.values()))
        (self.folder / "config").write_text("")
        files = ("-u", "urls", "-c", "cache.db", "-C", "config")
        _run("newsboat", *files, "-x", "reload", cwd=self.folder, env={**os.environ, "HOME": str(self.folder)})

    def items(self) -> list[Seen]:
        with contextlib.closing(sqlite3.connect(self.folder / "cache.db")) as cache:
            rows = cache.execute("select feedurl, guid, title, unread from rss_item").fetchall()
        return [Seen(url, guid, title, bool(unread)) for url, guid, title, unread in rows]

    def read_all(self) -> None:
        with contextlib.closing(sqlite3.connect(self.folder / "cache.db")) as cache:
            cache.execute("update rss_item set unread = 0")
            cache.commit()


class Sfeed(Reader):
    """Keeps lines; the same id with another title or link is another line."""

    def __init__(self, folder: Path, feeds: Mapping[str, str]) -> None:
        super().__init__(folder, feeds)
        self.known: set[str] = set()

    @classmethod
    def version(cls) -> str | None:
        if shutil.which("sfeed_update") is None:
            return None
        return _run("dpkg-query", "-W", "-f=${Version}", "sfeed") if shutil.which("dpkg-query") else "?"

    def update(self) -> None:
        lines = "".join(f"feed '{name.replace('/', '_')}' '{url}'\n" for name, url in self.feeds.items())
        (self.folder / "sfeedrc").write_text(f"sfeedpath='{self.folder}/feeds'\nfeeds() {{\n{lines}}}\n")
        _run("sfeed_update", str(self.folder / "sfeedrc"))

    def items(self) -> list[Seen]:
        found = []
        for name, url in self.feeds.items():
            path = self.folder / "feeds" / name.replace("/", "_")
            for line in path.read_text().splitlines() if path.is_file() else ():
                columns = line.split("\t")
                found.append(Seen(url, columns[5], columns[1], url + columns[2] not in self.known))
        return found

    def read_all(self) -> None:
        for name, url in self.feeds.items():
            path = self.folder / "feeds" / name.replace("/", "_")
            self.known |= {url + line.split("\t")[2] for line in path.read_text().splitlines()}


class Rss2email(Reader):
    """Sends a mail for each new item; a mail is what is shown, so nothing is unread again but what is sent again."""

    def __init__(self, folder: Path, feeds: Mapping[str, str]) -> None:
        super().__init__(folder, feeds)
        self.read: set[str] = set()

    @classmethod
    def version(cls) -> str | None:
        return _version_of("r2e", "--version")

    def _r2e(self, *words: str) -> None:
        home = {
            **os.environ,
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder),
        }
        _run("r2e", "-c", str(self.folder / "r2e.cfg"), "-d", str(self.folder / "r2e.json"), *words, env=home)

    def update(self) -> None:
        if not (self.folder / "r2e.cfg").exists():
            self._r2e("new", "reader@example.org")
            config = (self.folder / "r2e.cfg").read_text()
            box = f"email-protocol = maildir\nmaildir-path = {self.folder}/box\nmaildir-mailbox = new-mail\n"
            config = re.sub(r"(?m)^(email-protocol|maildir-path|maildir-mailbox) = .*\n", "", config)
            (self.folder / "r2e.cfg").write_text(config.replace("[DEFAULT]\n", f"[DEFAULT]\n{box}", 1))
            for folder in ("cur", "new", "tmp"):
                (self.folder / "box" / "new-mail" / folder).mkdir(parents=True)
            for name, url in self.feeds.items():
                self._r2e("add", re.sub(r"\W", "-", name), url)
        self._r2e("run")

    def items(self) -> list[Seen]:
        found = []
        for path in (self.folder / "box" / "new-mail" / "new").iterdir():
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found.append(Seen(mail["X-RSS-Feed"], mail["X-RSS-ID"], mail["Subject"], path.name not in self.read))
        return found

    def read_all(self) -> None:
        self.read = {path.name for path in (self.folder / "box" / "new-mail" / "new").iterdir()}


class Liferea(Reader):
    """A desktop reader (GTK); runs under a virtual screen for as long as an update takes."""

    @classmethod
    def version(cls) -> str | None:
        return (
            _version_of("liferea", "--version")
            if shutil.which("xvfb-run") and shutil.which("dbus-run-session")
            else None
        )

    def update(self) -> None:
        settings = self.folder / "config" / "liferea"
        if not settings.exists():
            settings.mkdir(parents=True)
            root = etree.Element("opml", version="1.0")
            body = etree.SubElement(root, "body")
            for name, url in self.feeds.items():
                etree.SubElement(body, "outline", text=name, title=name, type="rss", xmlUrl=url, updateInterval="1")
            (settings / "feedlist.opml").write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
        home = {**os.environ, "HOME": str(self.folder), "LIBGL_ALWAYS_SOFTWARE": "1"}
        home |= {f"XDG_{kind}_HOME": str(self.folder / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE")}
        script = (
            "gsettings set net.sf.liferea startup-feed-action 0; liferea >/dev/null 2>&1 & sleep 8; "
            "gdbus call --session --dest org.gnome.feed.Reader --object-path /org/gnome/feed/Reader "
            "--method org.gnome.feed.Reader.Refresh >/dev/null; sleep 10; kill $!; wait $!; true"
        )
        command = ["dbus-run-session", "--", "xvfb-run", "-a", "sh", "-c", script]
        with subprocess.Popen(command, env=home, start_new_session=True, stderr=subprocess.DEVNULL) as running:
            try:
                running.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)

    def _database(self) -> Path:
        return self.folder / "data" / "liferea" / "liferea.db"

    def items(self) -> list[Seen]:
        names = dict(_nodes(self.folder / "config" / "liferea" / "feedlist.opml"))
        with contextlib.closing(sqlite3.connect(self._database())) as cache:
            rows = cache.execute("select node_id, source_id, title, read from items").fetchall()
        return [Seen(names.get(node, node), guid, title, not read) for node, guid, title, read in rows]

    def read_all(self) -> None:
        with contextlib.closing(sqlite3.connect(self._database())) as cache:
            cache.execute("update items set read = 1")
            cache.commit()


def _nodes(path: Path) -> Iterator[tuple[str, str]]:
    """The ids that liferea gave its feeds, with their addresses."""
    for outline in etree.parse(path).iter("outline"):
        if outline.get("xmlUrl"):
            yield outline.get("id", ""), outline.get("xmlUrl", "")


READERS: tuple[type[Reader], ...] = (Newsboat, Sfeed, Rss2email, Liferea)


def _days() -> list[Day]:
    chance = random.Random(3)
    forward = (dt.date(2026, 3, 2) + dt.timedelta(days=ahead) for ahead in itertools.count())
    dates = itertools.islice(filter(is_announcement_day, forward), DAYS)
    days = (a_day(date, 40, chance) for date in dates)
    return [day.model_copy(update={"headline": headline(day)}) for day in days]


def _at(step: int, days: Sequence[Day]) -> list[Day]:
    """What is published at STEP (0 for the first day), newest first."""
    out = list(days[: step + 1])
    if step >= 4:  # comes out incomplete, is completed the day after
        late = tuple(
            Unscored(id=pick.paper.id, title=pick.paper.title, primary="cs.LG", why="x") for pick in out[4].picks[:9]
        )
        less = out[4].model_copy(update={"picks": out[4].picks[9:], "unscored": late})
        out[4] = (less if step == 4 else days[4]).model_copy(update={"headline": headline(less)})
    if step >= 6:  # a complete day is corrected: its best pick, and the number of picks
        best, second, *others = sorted(out[5].picks, key=lambda pick: -pick.verdict.score)
        lowered = best.model_copy(update={"verdict": best.verdict.model_copy(update={"score": 7.0})})
        gone = second.model_copy(update={"notes": ("withdrawn",)})
        changed = {"picks": (lowered, gone, *others[1:]), "updated": out[6].updated}
        out[5] = out[5].model_copy(update={**changed, "changes": (f"{out[6].date} withdrawn {second.paper.id}",)})
    if step == 7:  # this one comes a day late, together with the next
        out.pop(7)
    return out[::-1]


def _publish(days: Sequence[Day], config: Config, site: Path) -> None:
    moment = dt.datetime.combine(days[0].date, dt.time(6), dt.UTC).timestamp()  # readers ask for what is newer
    found = [summarize(day, f"{day.date}{day.updated}{len(day.picks)}") for day in reversed(days)]
    for output in feed_outputs(found, Records({day.date: day for day in days}.get, lambda _: {}), config):
        path = site / output.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(output.make())
        os.utime(path, (moment, moment))


def _subscriptions(site: Path) -> dict[str, str]:
    """The feeds that the OPML offers, by title."""
    outlines = etree.parse(site / "feeds.opml").iter("outline")
    return {outline.get("title", ""): outline.get("xmlUrl", "") for outline in outlines if outline.get("xmlUrl")}


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Result(NamedTuple):
    doubled: int
    again: int
    empty: int
    items: int


def _watch(reader: Reader, steps: Sequence[Callable[[], None]]) -> Result:
    """Let READER follow all STEPS; each of them publishes what is new."""
    read: set[tuple[str, str]] = set()
    again: set[tuple[str, str]] = set()
    for step in steps:
        step()
        reader.update()
        again |= {(item.feed, item.id) for item in reader.items() if item.unread} & read
        reader.read_all()
        read |= {(item.feed, item.id) for item in reader.items()}
    items = reader.items()
    times = Counter((item.feed, item.id) for item in items)
    per_feed = Counter(item.feed for item in items)
    for feed, name in sorted(again):
        print(f"  unread again: {feed} {name}")
    for (feed, name), count in times.items():
        if count > 1:
            print(f"  doubled: {feed} {name} {[item.title for item in items if (item.feed, item.id) == (feed, name)]}")
    return Result(sum(count > 1 for count in times.values()), len(again), len(reader.feeds) - len(per_feed), len(items))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", help="names of readers, such as Newsboat")
    parser.add_argument("--keep", type=Path, help="leave the readers' folders here")
    options = parser.parse_args()
    fields = tuple(ResearchField(slug=slug, name=slug, description=slug) for slug in FIELDS)
    days = _days()
    wrong = 0
    print(f"{'reader':16}{'version':16}{'feeds':>6}{'items':>7}{'doubled':>9}{'again':>7}{'empty':>7}")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        for kind in READERS:
            version = kind.version()
            if version is None or (options.only and kind.__name__ not in options.only):
                continue
            site = folder / f"site-{kind.__name__}"
            with _serving(site) as url:
                config = Config(site=Site(url=url, title="arXiv Daily"), fields=fields)
                steps = [functools.partial(_publish, _at(step, days), config, site) for step in range(DAYS)]
                steps[0]()
                result = _watch(kind(folder / kind.__name__, _subscriptions(site)), steps)
            wrong += result.doubled + result.again + result.empty
            feeds = len(_subscriptions(site))
            print(
                f"{kind.__name__:16}{version:16}{feeds:6}{result.items:7}{result.doubled:9}{result.again:7}{result.empty:7}",
                flush=True,
            )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
