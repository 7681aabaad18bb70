"""The site: built strictly, checked for what a reader would trip over, served as GitHub Pages serves it."""

import contextlib
import datetime as dt
import http.client
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import lxml.html
import pytest
from mkdocs.structure.pages import Page
from support import archive

import generator
from generator.cli import main
from generator.core.errors import BuildError
from generator.publish import build_cache
from generator.publish.feeds.catalogue import catalogue
from generator.publish.manifest import write_outputs
from generator.publish.pages.all_pages import page_outputs
from generator.publish.site import build as site
from generator.publish.site.pages import lean
from generator.publish.site.serve import make_server
from generator.records.store import Store
from generator.settings.config import Config

URL = "https://reader.example/arxiv-daily/"


@pytest.fixture
def config() -> Config:
    return archive.config(url=URL, title="Papers <of> the day")


@pytest.fixture
def filled(root: Path, config: Config) -> Path:
    """A project with three days and stand-ins for the feeds, not yet built."""
    store = Store(root / "docs" / "data")
    found = archive.fill(store, [archive.day(archive.WEDNESDAY + dt.timedelta(days=number)) for number in (-1, 0, 1)])
    write_outputs(root / "docs", page_outputs(store, config, found))
    stand_in(root, config)
    return root


def stand_in(root: Path, config: Config) -> None:
    """Files where the feeds are."""
    for name in ["feeds.opml", "data/index.json", *(feed.path for feed in catalogue(config))]:
        path = root / "docs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}" if path.suffix == ".json" else "<rss/>")


def test_a_site_is_built_of_every_page(filled: Path, config: Config) -> None:
    """Days, home, archive, fields; its words and its address are those of config.toml."""
    built = site.build_site(filled, config)
    for name in (
        "index.html",
        "days/2026/2026-01-15/index.html",
        "archive/2026-01/index.html",
        "404.html",
        "sitemap.xml",
    ):
        assert (filled / "site" / name).is_file()
    page = lxml.html.parse(filled / "site" / "days/2026/2026-01-15/index.html")
    assert page.xpath("string(//title)") == "2026年1月15日 周四 · Papers <of> the day"
    assert page.xpath("string(//link[@rel='canonical']/@href)") == f"{URL}days/2026/2026-01-15/"
    assert page.xpath("string(//meta[@name='description']/@content)").startswith("2026年1月15日：读了 10 篇")
    assert page.xpath("//link[@rel='alternate']/@href")[0] == "../../../feed.xml"
    assert page.xpath("//header//nav/a/text()")[:3] == ["今日", "归档", "方向"]
    assert built.pages >= 12 and built.size_bytes > 100_000


@pytest.mark.slow
def test_the_same_docs_make_the_same_site(filled: Path, config: Config) -> None:
    """No date of the build, no order of a folder: a second build changes no byte."""

    def content() -> dict[str, bytes]:
        paths = [path for path in (filled / "site").rglob("*") if path.is_file()]
        return {str(path.relative_to(filled)): path.read_bytes() for path in paths}

    site.build_site(filled, config)
    first = content()
    site.build_site(filled, config)
    assert content() == first


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Counted(NamedTuple):
    """A build: the pages that MkDocs has set, by their sources, and the site."""

    pages: list[str]
    site: dict[str, bytes]


def counted(root: Path, config: Config, monkeypatch: pytest.MonkeyPatch) -> Counted:
    pages: list[str] = []
    with monkeypatch.context() as patch:
        real = Page.render

        def render(page: Page, *args: Any) -> None:
            pages.append(page.file.src_uri)
            real(page, *args)

        patch.setattr(Page, "render", render)
        site.build_site(root, config)
    return Counted(sorted(pages), contents(root / "site"))


def from_nothing(root: Path, config: Config) -> dict[str, bytes]:
    """The site of ROOT as a build makes it that knows of none before."""
    for name in ("site", build_cache.CACHE):
        shutil.rmtree(root / name)
    site.build_site(root, config)
    return contents(root / "site")


@pytest.mark.slow
def test_what_is_the_same_is_not_made_again(filled: Path, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stays gives the bytes of a build from nothing: after nothing, a day, a page by hand, a theme, a title."""
    store = Store(filled / "docs" / "data")
    hand, main_html = filled / "docs" / "note.md", filled / "overrides" / "main.html"
    hand.write_text("# Note\n\n[the day](days/2026/2026-01-14.md)\n")

    def build(config: Config = config) -> Counted:
        made = counted(filled, config, monkeypatch)
        assert made.site == from_nothing(filled, config)
        return made

    everything = build().pages
    assert build().pages == []
    times = {path: path.stat().st_mtime_ns for path in (filled / "site").rglob("*") if path.is_file()}
    found = archive.fill(store, [archive.day(archive.WEDNESDAY + dt.timedelta(days=2))])
    write_outputs(filled / "docs", page_outputs(store, config, found))
    stand_in(filled, config)
    made = counted(filled, config, monkeypatch)
    there = {path: at for path, at in times.items() if path.is_file() and path.stat().st_mtime_ns == at}
    same = {path.relative_to(filled / "site").as_posix() for path in there}
    assert {"note/index.html", "days/2026/2026-01-13/index.html", "assets/css/site.css"} <= same
    assert "days/2026/2026-01-16.md" in made.pages and "note.md" not in made.pages
    assert made.site == from_nothing(filled, config)
    hand.write_text("# Other\n\n[the day](days/2026/2026-01-14.md)\n")
    made = build()
    assert "note.md" in made.pages and not any(name.startswith("days/") for name in made.pages)
    style = filled / "overrides" / "assets" / "css" / "site.css"
    style.write_text(style.read_text() + "/* more */")
    assert build().pages == []
    main_html.write_text(main_html.read_text() + "<!-- changed -->")
    assert set(build().pages) > set(everything)
    assert b"Another" in build(archive.config(url=URL, title="Another")).site["days/2026/2026-01-14/index.html"]


@pytest.mark.slow
def test_what_is_gone_leaves_the_site(filled: Path, config: Config) -> None:
    """Pages, files and empty folders of what docs/ does not hold any more, and what somebody has put there."""
    (filled / "docs" / "odd").mkdir()
    (filled / "docs" / "odd" / "page.md").write_text("# Odd\n")
    (filled / "docs" / "odd" / "data.json").write_text("{}")
    site.build_site(filled, config)
    assert (filled / "site" / "odd" / "page" / "index.html").is_file() and (filled / "site" / "odd/data.json").is_file()
    shutil.rmtree(filled / "docs" / "odd")
    (filled / "site" / "stranger.html").write_text("x")
    site.build_site(filled, config)
    assert not (filled / "site" / "odd").exists() and contents(filled / "site") == from_nothing(filled, config)


class Killed(BaseException):
    """What ends a build at any place."""


@pytest.mark.slow
def test_a_build_that_is_killed_leaves_nothing_wrong(
    filled: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any of the files that it writes: the next build makes the bytes of a build from nothing."""
    site.build_site(filled, config)
    for name in ("site", build_cache.CACHE):
        (filled / name).rename(filled / f"{name}-before")
    for name in ("2026-01-13", "2026-01-14"):
        with (filled / "docs/days/2026" / f"{name}.md").open("a") as file:
            file.write("\nmore\n")
    site.build_site(filled, config)
    expected, real = contents(filled / "site"), os.replace
    killed = 0
    while True:
        for name in ("site", build_cache.CACHE):
            shutil.rmtree(filled / name)
            shutil.copytree(filled / f"{name}-before", filled / name)
        left = iter(range(killed))

        def replace(*args: Any, left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise Killed
            real(*args)

        with monkeypatch.context() as patch, contextlib.suppress(Killed):
            patch.setattr(os, "replace", replace)
            site.build_site(filled, config)
            break
        killed += 1
        site.build_site(filled, config)
        assert contents(filled / "site") == expected, killed
    assert killed >= 5


def test_a_lean_page_is_the_same_page() -> None:
    """Shorter, and a browser makes the same of it: elements, attributes, text; data blocks are left alone."""
    before = """<!doctype html>
    <div class="a b" title="x=y"><p class="at"><a href="../2026/">one</a> <a href="https://arxiv.org/abs/1">2</a></p>

      <p class="why">three</p>
      <input name="q" value="" data-x="1"/><script type="application/json">{"a": "<p class=\\"b\\">"}</script></p>
    </div>
    """
    after = lean(before)
    assert "<p class=at>" in after and 'href="../2026/"' in after and "three</p>" in after and "\n\n" not in after

    def seen(page: str) -> list[tuple[Any, ...]]:
        tree = lxml.html.fromstring(page)
        return [
            (node.tag, dict(node.attrib), " ".join("".join(map(str, node.itertext())).split())) for node in tree.iter()
        ]

    assert seen(after) == seen(before)
    assert '{"a": "<p class=\\"b\\">"}' in after
    assert lean('<p class="x">a</p>\n<p>b</p>\n</div>') == "<p class=x>a\n<p>b\n</div>\n"


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def written(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(change(path.read_bytes()))


DAMAGES: Sequence[Callable[[Path], object]] = [
    *map(written, [lambda kept: kept[:-200], lambda kept: kept.replace(b"<h1", b"<h1 "), lambda _: b""]),
    *map(written, [lambda _: b"[1, 2]", lambda _: b'{"a": 1}', lambda _: b'"x"', lambda _: b"\xff\xfe\0"]),
    Path.unlink,
    a_folder,
]


@pytest.mark.slow
def test_a_cache_that_is_damaged_is_made_again(filled: Path, config: Config) -> None:
    """Whatever became of its files and of the site, it costs the time to make them anew; nothing of it is published."""
    site.build_site(filled, config)
    before = contents(filled / "site")
    for number, damage in enumerate(DAMAGES):
        for folder in (build_cache.CACHE, "site"):
            for path in [path for path in (filled / folder).rglob("*") if path.is_file()][:: 1 + number % 3]:
                damage(path)
            site.build_site(filled, config)
            assert contents(filled / "site") == before, (number, folder)


@pytest.mark.slow
def test_pages_that_were_swapped_are_made_again(filled: Path, config: Config) -> None:
    """Each is whole, and none is what its name says; nor is a cache of another site, or of another moment, believed."""
    site.build_site(filled, config)
    before = contents(filled / "site")
    first, other = (filled / "site/days/2026" / day / "index.html" for day in ("2026-01-13", "2026-01-14"))
    spare = filled / "spare"
    for source, target in ((first, spare), (other, first), (spare, other)):
        source.rename(target)
    site.build_site(filled, config)
    assert contents(filled / "site") == before
    old = filled / "old"
    shutil.copytree(filled / build_cache.CACHE, old)
    day = filled / "docs/days/2026/2026-01-14.md"
    day.write_text(day.read_text() + "\nmore\n")
    site.build_site(filled, config)
    shutil.rmtree(filled / build_cache.CACHE)
    old.rename(filled / build_cache.CACHE)
    site.build_site(filled, config)
    assert contents(filled / "site") == from_nothing(filled, config)


def test_a_site_that_came_with_its_cache_is_taken(
    filled: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a workflow restores both: other inodes, other times; contents decide."""
    site.build_site(filled, config)
    before = contents(filled / "site")
    for name in ("site", build_cache.CACHE):
        shutil.copytree(filled / name, filled / "restored")
        shutil.rmtree(filled / name)
        (filled / "restored").rename(filled / name)
    assert counted(filled, config, monkeypatch) == Counted([], before)


def test_a_file_in_the_place_of_the_cache_is_no_obstacle(filled: Path, config: Config) -> None:
    """It may be deleted at any time, and so is what stands in its way."""
    (filled / build_cache.CACHE).write_text("x")
    (filled / "site").write_text("x")
    site.build_site(filled, config)
    assert (filled / build_cache.CACHE).is_dir() and (filled / "site" / "index.html").is_file()


def test_a_fault_that_may_come_of_the_cache_says_what_to_delete(filled: Path, config: Config) -> None:
    """A file that no list of the scan names, whoever put it there."""
    (filled / "docs" / "odd.bin").write_bytes(b"?")
    with pytest.raises(BuildError, match=r"odd\.bin(?s:.)*delete \.cache \(nothing is lost\)"):
        site.build_site(filled, config)


def test_a_pick_that_stands_twice_is_told_and_stops_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the records of two days, or twice in one, after editing by hand: both places are named."""
    earlier, other = archive.WEDNESDAY, archive.WEDNESDAY + dt.timedelta(days=1)
    pick = archive.pick(50, 8.0, "dl-theory")
    days = [archive.day(earlier, picks=(pick, pick)), archive.day(other, picks=(pick, archive.pick(51, 8.0, None)))]
    archive.fill(Store(root / "docs" / "data"), days)
    assert main(["--root", str(root), "build"]) == 0
    first, second = (f"docs/data/2026/{date}.json" for date in (earlier, other))
    warned = [line for line in capsys.readouterr().err.splitlines() if "is a pick" in line]
    assert [line.partition(";")[0] for line in warned] == [
        f"warning: 2601.00050 is a pick twice in {first}",
        f"warning: 2601.00050 is a pick in {first} and in {second}",
    ]


def test_a_dead_link_is_found_in_a_kept_page_too(filled: Path, config: Config) -> None:
    """The links of a page that is not made again are checked again."""
    (filled / "docs" / "extra.md").write_text("# Extra\n")
    day = filled / "docs/days/2026/2026-01-14.md"
    day.write_text(day.read_text() + '\n<a href="../../../extra/">extra</a>\n')
    site.build_site(filled, config)
    (filled / "docs" / "extra.md").unlink()
    with pytest.raises(BuildError, match=r"links to extra/index\.html, which is not there"):
        site.build_site(filled, config)


def test_nothing_is_loaded_that_the_pages_do_not_use(filled: Path, config: Config) -> None:
    """Material's scripts, fonts and images stay out of the site, and no page asks for them."""
    site.build_site(filled, config)
    assert not list((filled / "site").rglob("bundle*.js")) and not list((filled / "site").rglob("*.map"))
    page = lxml.html.parse(filled / "site" / "index.html")
    assert all(
        not address.startswith("http") for address in page.xpath("//script/@src | //link[@rel='stylesheet']/@href")
    )


def test_plain_mkdocs_builds_it_too(filled: Path) -> None:
    """Through the hook, with what config.toml says, and with the feeds, which git does not hold."""
    for name in ["feed.xml", "atom.xml", "papers.xml", "feeds.opml", "feed.json", "data/index.json"]:
        (filled / "docs" / name).unlink()
    shutil.rmtree(filled / "docs" / "feeds")
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(Path(generator.__file__).parent.parent)}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", "plain"]
    subprocess.run(command, cwd=filled, env=env, check=True, timeout=120)
    page = lxml.html.parse(filled / "plain" / "index.html")
    assert page.xpath("//header//nav/a/text()")[0] == "今日"
    assert all((filled / "plain" / name).is_file() for name in ("feed.xml", "atom.xml", "feed.json", "feeds/top.xml"))


def test_plain_mkdocs_names_what_is_wrong_without_a_traceback(filled: Path) -> None:
    """A slip of the pen in config.toml is a line, as it is for our own commands."""
    path = filled / "config.toml"
    path.write_text(path.read_text().replace("[site]\n", "[site]\ntitel = 1\n", 1))
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(Path(generator.__file__).parent.parent)}
    command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", "plain"]
    done = subprocess.run(command, cwd=filled, env=env, check=False, timeout=120, capture_output=True, text=True)
    told = done.stdout + done.stderr
    assert done.returncode == 1 and "unknown key site.titel; did you mean" in told and "Traceback" not in told


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('<a href="../nowhere/">x</a>', "links to nowhere/index.html, which is not there"),
        ('<a href="../days/2026/2026-01-14/#2601.99999">x</a>', "#2601.99999, which is not there"),
        ('<p class="rel"><a href="../days/2027/2027-01-14/#2601.00001">x</a></p>', "days/2027/2027-01-14/index.html"),
        ('<p id="a"></p><p id="a"></p>', "the anchor #a is used twice"),
        ('<img src="https://elsewhere.example/x.png" alt="">', "would load https://elsewhere.example/x.png"),
        ("[x](nowhere.md)", "nowhere.md"),
    ],
)
def test_a_fault_stops_the_build_and_is_named(filled: Path, config: Config, line: str, complaint: str) -> None:
    """Broken links, anchors that are not there or twice, and anything from another host."""
    (filled / "docs" / "note.md").write_text(f"# Note\n\n{line}\n")
    with pytest.raises(BuildError) as caught:
        site.build_site(filled, config)
    assert complaint in str(caught.value) and "note" in str(caught.value)


def test_a_broken_feed_stops_the_build(filled: Path, config: Config) -> None:
    """A reader's program would say nothing and show nothing."""
    (filled / "docs" / "feed.xml").write_text("<rss><channel></rss>")
    with pytest.raises(BuildError, match=r"feed.xml: not well-formed"):
        site.build_site(filled, config)


def test_a_day_that_became_no_page_is_a_fault(filled: Path, config: Config) -> None:
    """Silence of MkDocs is not success."""
    with (filled / "mkdocs.yml").open("a") as file:
        file.write("exclude_docs: 2026-01-14.md\n")
    with pytest.raises(BuildError, match=r"2026-01-14.md was not turned into a page"):
        site.build_site(filled, config)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("main.html", "{{ config.extra.gone.text }}", "'gone'"),
        ("main.html", "{% extends 'base.html' %}{% endfor %}", "main.html, line 1"),
        ("main.html", "{% extends 'gone.html' %}", "gone.html"),
    ],
)
def test_an_overrides_of_another_version_is_named(
    filled: Path, config: Config, name: str, text: str, says: str
) -> None:
    """A template that asks for what is not there is no traceback: the message says where and what to do."""
    (filled / "overrides" / name).write_text(text)
    with pytest.raises(BuildError, match="does not fit this version") as raised:
        site.build_site(filled, config)
    assert says in str(raised.value)


def test_a_damaged_mkdocs_yml_is_named(filled: Path, config: Config) -> None:
    """With what to do about it."""
    (filled / "mkdocs.yml").write_text("theme: {name: no-such-theme}\n")
    with pytest.raises(BuildError, match=r"mkdocs\.yml: .*restore it"):
        site.build_site(filled, config)


@contextmanager
def served(folder: Path, url: str) -> Iterator[http.client.HTTPConnection]:
    with make_server(folder, url, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        try:
            yield connection
        finally:
            connection.close()
            server.shutdown()
            thread.join()


def get(connection: http.client.HTTPConnection, path: str) -> tuple[int, str, str]:
    """Status, Location and content."""
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.getheader("Location") or "", answer.read().decode()


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "sub").mkdir(parents=True)
    (folder / "index.html").write_text("home")
    (folder / "404.html").write_text("lost")
    (folder / "sub" / "index.html").write_text("sub")
    (tmp_path / "secret").write_text("secret")
    return folder


def test_the_site_is_served_below_the_path_of_its_address(finished: Path) -> None:
    """As at NAME.github.io/arxiv-daily/: nothing answers outside of it, and / leads there."""
    with served(finished, URL) as connection:
        assert get(connection, "/arxiv-daily/") == (200, "", "home")
        assert get(connection, "/arxiv-daily/sub/?q=1") == (200, "", "sub")
        assert get(connection, "/") == (302, "/arxiv-daily/", "")
        assert get(connection, "/sub/") == (404, "", "lost")
        assert get(connection, "/arxiv-daily/nowhere") == (404, "", "lost")
        assert get(connection, "/arxiv-daily/../../secret")[0] == 404
        connection.request("DELETE", "/arxiv-daily/")
        answer = connection.getresponse()
        assert answer.status == 501 and b"lost" not in answer.read()


def test_the_site_is_served_at_the_root_where_its_address_has_no_path(finished: Path) -> None:
    """As on a machine of one's own."""
    with served(finished, "http://127.0.0.1:8000/") as connection:
        assert get(connection, "/") == (200, "", "home")
        assert get(connection, "/sub/") == (200, "", "sub")


def test_serving_what_is_not_there_says_what_to_do(tmp_path: Path, finished: Path) -> None:
    """No site yet; a port that somebody else has."""
    with pytest.raises(BuildError, match="build` first"):
        make_server(tmp_path / "nowhere", URL)
    with make_server(finished, URL, port=0) as first, pytest.raises(BuildError, match="another --port"):
        make_server(finished, URL, port=first.server_port)
