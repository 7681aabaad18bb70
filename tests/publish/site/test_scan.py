"""The scan of the finished site: what may stand in it, what may not, and the paper that it is blamed on."""

import datetime as dt
import gzip
import json
from pathlib import Path

import pytest
from support import archive
from support.attacks import switch_gate_off

from generator import cli
from generator.core.console import Talk
from generator.core.errors import BuildError, HostileTextError
from generator.publish.build import publish
from generator.publish.site import allowlist, scan
from generator.publish.site.scan import Where
from generator.records.redaction import withhold, withhold_in_json
from generator.records.store import Store

URL = "https://reader.example/arxiv-daily/"
PAGE = Where("days/2026/2026-01-14/index.html", URL)
BY_HAND = PAGE._replace(by_hand=True)


def page(body: str, head: str = "") -> bytes:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{allowlist.CSP}">'
    return f"<!doctype html><html><head>{policy}{head}</head><body>{body}</body></html>".encode()


def whats(found: object) -> list[str]:
    return [hit.what for hit in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "body",
    [
        '<article class="paper" id="2601.00001" data-score="7.0"><h3><a href="https://arxiv.org/abs/2601.00001">x</a></h3>',
        '<a href="../../../feed.xml">x</a> <a href="#2601.00001">y</a>',
        "<math><mrow><mi mathvariant=\"normal\">x</mi></mrow></math>",
        '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 8.2h10"/></svg>',
        '<script type="application/ld+json">{"a": "<b>"}</script>',
        '<script type="module" src="../../../assets/js/site.js"></script>',
        '<img src="data:image/png;base64,x" alt="">'.replace("data:image/png;base64,x", "../../../assets/x.png"),
    ],
)  # fmt: skip
def test_what_the_site_consists_of_is_let_be(body: str) -> None:
    """Cards, links, formulas, signs, data."""
    assert whats(scan.page_hits(page(body), PAGE)) == []


@pytest.mark.parametrize(
    "body",
    [
        "<script>1</script>",
        '<script src="https://evil.example/x.js"></script>',
        '<script src="../../../data/x.js"></script>',
        '<script type="application/ld+json">{</script>',
        "<img src=x onerror=pwn()>",
        '<img src="https://evil.example/x.png">',
        '<p style="color:red">x</p>',
        "<style>p{}</style>",
        '<a href="javascript:pwn()">x</a>',
        '<a href="java\tscript:pwn()">x</a>',
        '<a href="//evil.example/">x</a>',
        '<a href="https://arxiv.org.evil.example/">x</a>',
        '<a href="https://arxiv.org@evil.example/">x</a>',
        '<a href="https://arxiv.org/abs/1" target="_blank">x</a>',
        '<form action="https://evil.example/"></form>',
        '<base href="//evil.example/">',
        '<iframe src="x"></iframe>',
        '<math><mi href="x">y</mi></math>',
        '<svg><path d="M1" fill="url(//evil.example/x)"/></svg>',
        '<svg><use href="x"/></svg>',
        "<template><p>x</p></template>",
        '<noscript><p title="</noscript><img src=x onerror=pwn()>"></noscript>',
        '<p id="a b">x</p>',
        "<!-- x -->",
        "<p>safe \u202e evil</p>",
    ],
)
def test_what_may_not_stand_there_is_a_hit(body: str) -> None:
    """Script, loading, forging, hiding: whatever the lists do not name."""
    assert len(whats(scan.page_hits(page(body), PAGE))) >= 1


def test_a_second_body_counts_as_a_browser_counts_it() -> None:
    """Its attributes become the page's: the scan's parser does as browsers do."""
    assert whats(scan.page_hits(page("<p>x</p><body onload=pwn()>"), PAGE)) == ["<body onload='pwn()'>"]


@pytest.mark.parametrize("policy", ["", '<meta http-equiv="Content-Security-Policy" content="default-src *">'])
def test_a_page_has_the_one_policy_and_has_it_first(policy: str) -> None:
    """None, another, a second, a late one: each is a hit."""
    whole = page("", '<meta charset="utf-8">').decode()
    known = whole[whole.index("<meta") : whole.index('"><meta charset') + 2]
    for broken in (whole.replace(known, policy), whole.replace(known, "<link rel=icon href=x>" + known)):
        assert whats(scan.page_hits(broken.encode(), PAGE)) != []


def test_a_page_that_the_operator_wrote_may_link_anywhere() -> None:
    """By https; script and mark-up are as forbidden there."""
    assert whats(scan.page_hits(page('<a href="https://pages.github.com/">x</a><!-- x -->'), BY_HAND)) == []
    assert whats(scan.page_hits(page('<a href="javascript:x">x</a>'), BY_HAND)) != []


def test_a_hit_is_blamed_on_the_paper_that_was_named_last() -> None:
    """A card, or a link to one; what stands before all of them is nobody's."""
    body = (
        '<hr style=x><article id="2601.00001"><b style=x></b></article><a href="../x/#2601.00002"><u style=x></u></a>'
    )
    assert [hit.paper for hit in scan.page_hits(page(body), PAGE)] == [None, "2601.00001", "2601.00002"]


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [
        ("feed.xml", b"<rss><channel><item><title>x</title></item></channel></rss>", 0),
        ("feed.xml", b"<rss><item><description>&lt;script&gt;1&lt;/script&gt;</description></item></rss>", 1),
        ("feed.xml", b"<rss><channel><link>https://evil.example/</link></channel></rss>", 1),
        ("feed.xml", b'<?xml-stylesheet href="x"?><rss/>', 1),
        ("feed.xml", b'<!DOCTYPE rss [<!ENTITY x "y">]><rss/>', 1),
        ("feed.xml", b"<rss><enclosure/></rss>", 1),
        ("feed.xml", b"<rss>", 1),
        ("feed.json", b'{"items": [{"content_html": "<p>x</p>"}]}', 0),
        ("feed.json", b'{"items": [{"content_html": "<img src=x>"}]}', 1),
        ("data/x.json", b"{", 1),
        ("data/x.json", '{"a": "x\u202ey"}'.encode(), 1),
        ("data/x.json.gz", gzip.compress(b'{"2601.00001": "x"}', mtime=0), 0),
        ("data/x.json.gz", b"no gzip", 1),
        ("data/x.jsonl.gz", gzip.compress(b'{"a": 1}\n{"b": 2}\n', mtime=0), 0),
        ("data/x.formulas.json.gz", gzip.compress(b'{"2601.00001": [[0, 3, "<math><mi>x</mi></math>"]]}', mtime=0), 0),
        ("data/x.formulas.json.gz", gzip.compress(b'{"2601.00001": [[0, 3, "<img>"]]}', mtime=0), 1),
        ("data/x.formulas.json.gz", gzip.compress(b'{"2601.00001": [[0, 3, "<mi onclick=1>x</mi>"]]}', mtime=0), 1),
        ("data/x.formulas.json.gz", gzip.compress(b'{"2601.00001": "x"}', mtime=0), 1),
        ("data/x.formulas.json.gz", gzip.compress(b'{"2601.00001": [["0", 3, "x"], [1, 2]]}', mtime=0), 2),
        ("badge.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>', 0),
        ("badge.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 1),
        ("badge.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><g onload="1"/></svg>', 1),
        ("days/x.js", b"1", 1),
        ("assets/js/x.js", b"1", 0),
        ("assets/js/x.js", b"2", 1),
        ("assets/js/words.js", b'const words = {"a": "b"};\nexport const c = 1;\n', 0),
        ("assets/js/words.js", b'const words = {"a": "b"}; pwn();\nexport const c = 1;\n', 1),
        ("assets/css/x.css", b"*{background:url(//evil.example)}", 1),
        ("sitemap.xml.gz", gzip.compress(b"<urlset><script/></urlset>", mtime=0), 1),
        ("search-index/2026-0/words/0.gz", gzip.compress(b'{"a":[[1],[2]]}', mtime=0), 0),
        ("search-index/2026-0/cards/0.gz", gzip.compress('[{"i":"2601.00001","t":"\u202ex"}]'.encode(), mtime=0), 1),
        ("search-index/2026-0/cards/0.gz", gzip.compress(b'[{"i":"2601.00001","t":"\\u202ex"}]', mtime=0), 1),
        ("search-index/2026-0/cards/0.gz", b"damaged", 1),
        ("data/x.jsonl.gz", b"damaged", 1),
        ("assets/x.png", b"", 0),
        ("x.xhtml", b"", 1),
        ("x.exe", b"", 1),
        ("x", b"", 1),
    ],
)  # fmt: skip
def test_every_kind_of_file_is_looked_at(tmp_path: Path, name: str, content: bytes, count: int) -> None:
    """Feeds with the HTML in them, data, drawings, and files that do not belong where they lie."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    sources = tmp_path.parent / f"{tmp_path.name}-sources"
    sources.mkdir()
    (sources / "words.js").write_text("const words = {{ words | tojson }};\nexport const c = {{ c | tojson }};\n")
    (sources / "x.js").write_text("1")
    assert len(list(scan.violations(tmp_path, URL, code=scan.known_code(sources)))) == count


def test_the_index_is_blamed_on_the_paper_that_it_lists(tmp_path: Path) -> None:
    """Which it calls i."""
    path = tmp_path / "search-index" / "2026-0" / "cards" / "0.gz"
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress('[{"i":"2601.00001","t":"a"},{"i":"2601.00002","t":"\u202eb"}]'.encode()))
    assert [hit.paper for hit in scan.violations(tmp_path, URL)] == ["2601.00002"]


def test_only_the_files_that_are_named_are_scanned(tmp_path: Path) -> None:
    """A build that kept most of its pages scans the new ones."""
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_bytes(b"{")
    assert [hit.file for hit in scan.violations(tmp_path, URL, names=["b.json"])] == ["b.json"]


HOSTILE = "</p></article><img src=x onerror=pwn()>"


def hostile_project(root: Path, **where: str) -> None:
    picks = (archive.pick(1, 9, "agents", **where), *archive.PICKS[1:])
    days = [archive.day(archive.WEDNESDAY - dt.timedelta(days=1)), archive.day(picks=picks)]
    archive.fill(Store(root / "docs" / "data"), days)


def test_a_paper_that_breaks_out_is_withheld_and_the_rest_published(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the gate switched off: its id and a note stand where its text was, everywhere; the exit code tells."""
    hostile_project(root, reason=HOSTILE)
    switch_gate_off(monkeypatch.setattr)
    monkeypatch.setenv("ARXIV_DAILY_NOW", "2026-02-14T06:00:00Z")
    assert cli.main(["build", "--root", str(root)]) == 2
    site = root / "site"
    assert "withheld" in (said := capsys.readouterr().err) and "2601.00001" in said
    shown = (site / "days/2026/2026-01-14/index.html").read_text()
    assert "onerror" not in shown and "文字被安全检查拦下" in shown and "Author 3" in shown
    record = json.loads((site / "data/2026/2026-01-14.json").read_bytes())
    texts = {pick["paper"]["id"]: pick["verdict"]["reason"] for pick in record["picks"]}
    assert texts["2601.00001"] is None and texts["2601.00002"]
    assert "onerror" not in "".join(path.read_text() for path in site.rglob("*.xml"))
    packed = [gzip.decompress(path.read_bytes()) for path in site.rglob("*.gz")]
    assert packed and not any(b"onerror" in content for content in packed)
    assert "onerror" in (root / "docs/data/2026/2026-01-14.json").read_text()


def test_what_was_withheld_does_not_come_back_out_of_a_cache(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kept pages, months and indexes of the first build: the second one withholds again; mended, it tells all."""
    hostile_project(root, reason=HOSTILE)
    monkeypatch.setenv("ARXIV_DAILY_NOW", "2026-02-14T06:00:00Z")
    with monkeypatch.context() as patch:
        switch_gate_off(patch.setattr)
        for _ in range(2):
            assert cli.main(["build", "--root", str(root)]) == 2
            site = {path: path.read_bytes() for path in (root / "site").rglob("*") if path.is_file()}
            texts = [gzip.decompress(text) if path.suffix == ".gz" else text for path, text in site.items()]
            assert (root / ".cache").is_dir() and not any(b"onerror" in text for text in texts)
    assert cli.main(["build", "--root", str(root)]) == 0
    shown = (root / "site/days/2026/2026-01-14/index.html").read_text()
    assert "文字被安全检查拦下" not in shown and "&lt;img src=x onerror" in shown


def test_what_no_paper_is_to_blame_for_stops_the_build(root: Path) -> None:
    """A page by hand that holds script: nothing is published."""
    hostile_project(root)
    (root / "docs" / "note.md").write_text("# Note\n\n<p onclick=x>y</p>\n")
    with pytest.raises(BuildError, match=r"note/index.html: <p onclick='x'>") as caught:
        publish(root, archive.config(url=URL), Talk(quiet=True), "2026-02")
    assert not isinstance(caught.value, HostileTextError)


def test_a_withheld_paper_tells_nothing_but_its_id() -> None:
    """As a pick, as a relative of others, and among the rest; the day's figures stay."""
    day = archive.day()
    found = withhold(day, {"2601.00001", "2601.00010", "2601.00011", "2601.00012"})
    assert found.papers_read == day.papers_read and found.ids == day.ids
    bare = next(pick for pick in found.picks if pick.paper.id == "2601.00001")
    assert (bare.paper.title, bare.paper.authors, bare.verdict.reason, bare.notes) == (
        "2601.00001",
        (),
        None,
        ("withheld",),
    )
    assert found.picks[4].related[0].title == "2601.00001"
    assert (found.rest[0].title, found.unscored[0].title, found.spared[0].title) == (
        "2601.00010", "2601.00011", "2601.00012",
    )  # fmt: skip
    assert withhold(day, ()) == day
    data = {"2601.00001": "abstract", "x": [{"paper": {"id": "2601.00001", "title": "t", "authors": ["a"]}}]}
    assert withhold_in_json(data, {"2601.00001"}) == {
        "x": [{"paper": {"id": "2601.00001", "title": "2601.00001", "authors": []}}]
    }
