"""`make dev`: the site on this machine, built again at each save and shown in the browser at once.

Watched are overrides/, docs/, generator/, config.toml and mkdocs.yml; what `render` itself writes into docs/ starts no
build. A changed Python file starts this program anew; all else is built in the running one, in about a second; styles
and scripts are copied at once, and checked by the next build.
"""

import argparse
import ast
import contextlib
import datetime as dt
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.parse import parse_qs, urlsplit

import jinja2
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from generator.commands import demo
from generator.core.console import Talk
from generator.core.errors import ArxivDailyError
from generator.publish.build import publish
from generator.publish.manifest import MANIFEST, read_manifests
from generator.publish.site.serve import Handler, make_server
from generator.records.store import docs_of
from generator.records.summaries import summaries_of
from generator.settings.config import Config, load

FOLDERS = ("overrides", "docs", "generator")
FILES = ("config.toml", "mkdocs.yml")
CHANGES = frozenset({"created", "modified", "moved", "deleted"})
SCRIPT = Path(__file__).with_name("dev_reload.js")
SETTLE_SECONDS = 0.05
"""An editor writes a file in several steps; so long after the last of them the save is taken for whole."""
POLL_SECONDS = 20
"""The longest that a browser waits for an answer."""


class State:
    """What browsers are told: which build is there, and what is wrong with the files that it was made of."""

    def __init__(self) -> None:
        self.building = threading.Lock()
        self._news = threading.Condition()
        self._build = ""
        self._error = ""

    def tell(self, error: str = "") -> None:
        """A build is finished, with ERROR if something is wrong with it: what there is of it is shown all the same."""
        with self._news:
            self._build = str(time.monotonic_ns())
            self._error = error
            self._news.notify_all()

    def wait(self, known: str) -> dict[str, str]:
        """The state as soon as it is another than KNOWN, which a browser got with its last answer."""
        with self._news:
            self._news.wait_for(lambda: self._token() != known, timeout=POLL_SECONDS)
            return {"build": self._build, "error": self._error, "known": self._token()}

    def _token(self) -> str:
        return f"{self._build}.{hash(self._error):x}"


class DevHandler(Handler):
    """The site as `serve` shows it, with the script that reloads in every page, and nothing kept by the browser."""

    def __init__(self, *args: Any, state: State, **options: Any) -> None:
        self.state = state
        super().__init__(*args, **options)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def do_GET(self) -> None:  # noqa: N802 (its name in the base class)
        with contextlib.suppress(ConnectionError):  # the reader has left the page
            self._reply()

    def _reply(self) -> None:
        address = urlsplit(self.path)
        if address.path == f"{self.base}dev/state":
            known = parse_qs(address.query).get("known", [""])[0]
            self._answer("application/json", json.dumps(self.state.wait(known)).encode())
        elif address.path == f"{self.base}dev/reload.js":
            self._answer("text/javascript", SCRIPT.read_bytes())
        else:
            with self.state.building:  # no page of a half-built site
                self._page()

    def _page(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if self.path.endswith("/") else path
        if self.path.startswith(self.base) and path.suffix == ".html" and path.is_file():
            script = f'<script src="{self.base}dev/reload.js" defer></script>'
            self._answer("text/html; charset=utf-8", path.read_bytes() + script.encode())
        else:
            super().do_GET()

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Watcher(FileSystemEventHandler):
    """Puts the path of each changed file into a queue."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.changed: queue.SimpleQueue[str] = queue.SimpleQueue()
        observer = Observer()
        observer.schedule(self, str(root))
        for folder in filter(lambda folder: (root / folder).is_dir(), FOLDERS):
            observer.schedule(self, str(root / folder), recursive=True)
        observer.daemon = True
        observer.start()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in CHANGES and not event.is_directory:
            for path in filter(None, (os.fsdecode(event.src_path), os.fsdecode(event.dest_path))):
                self.changed.put(Path(path).relative_to(self.root).as_posix())

    def wait(self) -> set[str]:
        """The files that were saved, as soon as there are any."""
        names = {self.changed.get()}
        with contextlib.suppress(queue.Empty):
            while True:
                names.add(self.changed.get(timeout=SETTLE_SECONDS))
        return set(_saved(self.root, names))


def _saved(root: Path, names: set[str]) -> Iterator[str]:
    """Those of NAMES that somebody edits: no file that `render` makes, none that an editor keeps for itself."""
    docs = docs_of(root)
    made = {f"{docs.name}/{name}" for name in read_manifests(docs)}
    for name in names - made:
        path = Path(name)
        hidden = any(part.startswith((".", "__pycache__")) for part in path.parts) or path.suffix in (
            "",
            ".tmp",
            ".swp",
        )
        manifest = path.name.startswith(Path(MANIFEST).stem) or path.name.endswith("~")
        if not hidden and not manifest and (path.parts[0] in FOLDERS or name in FILES):
            yield name


def _forget() -> None:
    """Empty what modules of ours keep: the templates, words and digests that they read once."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "generator":
            for value in vars(module).values():
                if callable(forget := getattr(value, "cache_clear", None)):
                    forget()


def _broken(root: Path, names: set[str]) -> str:
    """What is wrong with the syntax of the Python files among NAMES."""
    for name in sorted(names):
        try:
            ast.parse((root / name).read_text(encoding="utf-8"), name)
        except FileNotFoundError:
            continue
        except SyntaxError as error:
            return f"{name}, line {error.lineno}: {error.msg}"
    return ""


class Shown(NamedTuple):
    """The site that is shown: of the project in root, or, where that has no days, of the sample."""

    root: Path
    has_days: bool

    @property
    def folder(self) -> Path:
        """Where site/ is built."""
        return self.root if self.has_days else self.root / demo.DEMO_FOLDER

    def config(self) -> Config:
        """The configuration as it stands in the file now."""
        config = load(self.root / "config.toml", os.environ)
        return config if self.has_days else demo.config_of(config)

    def copy_assets(self, names: set[str]) -> bool:
        """Put styles, scripts and pictures among NAMES into site/ as a build would; False if that is not all."""
        contents: dict[Path, bytes] = {}
        for name in names:
            is_asset = name.startswith("overrides/assets/")
            target = self.folder / "site" / Path(name).relative_to("overrides") if is_asset else None
            content = (self.root / name).read_bytes() if (self.root / name).is_file() else b"{{"
            if target is None or b"{{" in content or not target.is_file():  # gone, new, or filled in by MkDocs
                return False
            contents[target] = content
        for target, content in contents.items():
            target.write_bytes(content)
        return True

    def build(self, state: State, talk: Talk) -> None:
        """Make docs/ and site/, and tell the browsers."""
        began = time.monotonic()
        with state.building:
            try:
                if not self.has_days:
                    demo.copy_by_hand(self.root, self.folder)
                month = f"{dt.datetime.now(dt.UTC):%Y-%m}"
                built, *_ = publish(self.folder, self.config(), talk, month)
            except (ArxivDailyError, jinja2.TemplateError) as error:
                where = f"{error.name}, line {error.lineno}: " if isinstance(error, jinja2.TemplateSyntaxError) else ""
                talk.warn(f"{where}{error}")
                state.tell(f"{where}{error}")
                return
        state.tell()
        talk.result(f"{built.pages} pages in {time.monotonic() - began:.1f} s")


def serve(root: Path, port: int) -> NoReturn:
    """Build, show and watch the project in ROOT, for good. Raises ArxivDailyError where it cannot begin."""
    talk = Talk()
    shown = Shown(root, bool(summaries_of(root)))
    config = shown.config()
    if not shown.has_days:
        talk.say(f"no days yet: showing the sample's, in {demo.DEMO_FOLDER}/")
        demo.prepare(root, shown.folder)
        for line in demo.make_days(shown.folder, config):
            talk.say(line)
    state = State()
    watcher = Watcher(root)
    shown.build(state, talk)
    server = make_server(shown.folder / "site", config.site.url, port=port, handler=partial(DevHandler, state=state))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    talk.result(f"http://127.0.0.1:{server.server_port}{urlsplit(config.site.url).path or '/'}")
    while True:
        saved = watcher.wait()
        code = {name for name in saved if name.endswith(".py")}
        if error := _broken(root, code):
            talk.warn(error)
            state.tell(error)
        elif code:
            talk.say(f"{' '.join(sorted(code))} changed: starting again")
            server.server_close()
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 (no shell; our own words)
        elif saved and shown.copy_assets(saved):
            state.tell()
        elif saved:
            if any(name.startswith("generator/") for name in saved):
                _forget()
            shown.build(state, talk)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the folder of config.toml and docs/")
    parser.add_argument("--port", type=int, default=8000, help="default: 8000")
    args = parser.parse_args()
    try:
        serve(args.root.resolve(), args.port)
    except KeyboardInterrupt:
        return 0
    except ArxivDailyError as error:
        sys.stderr.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
