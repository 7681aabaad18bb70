"""What software that others wrote makes of the sample's site: version, what it was given, what it saw; fails if wrong.

`python tests/bench/bench_consumers.py [--node FOLDER] [--markdown]`: FOLDER holds a node_modules with the npm packages.
What is not installed is listed as that and counts for nothing. Feed readers are in bench_readers.py. Python packages:
feedparser fastfeedparser atoma listparser reader pandas polars pyarrow duckdb jsonschema check-jsonschema rdflib PyLD
pypandoc-binary rispy pybtex bibtexparser cffconvert html2text
beautifulsoup4. npm: rss-parser feedsmith feedparser @extractus/feed-extractor
htmlparser2 feedme ajv ajv-formats jsonld gpt-tokenizer citation-js. Commands: curl jq node xmllint
newsboat sfeed biber bibtool bibutils.
"""

import argparse
import contextlib
import gzip
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.project import PROJECT
from support.sample_site import build_sample, served

PICKS, DAYS = 36, 3
MONTH = "data/papers-2026-01.jsonl.gz"
EXAMPLES = (PROJECT / "docs/ops/data.md").read_text(encoding="utf-8")


class Site(NamedTuple):
    """The site to be read: its folder, where it is served, and where packages of npm are."""

    folder: Path
    address: str
    node: Path | None

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()


class Consumer(NamedTuple):
    name: str
    version: Callable[[Site], str | None]
    given: str
    see: Callable[[Site], str]
    """What it saw, in a few words. Raises AssertionError if that is wrong."""


def _package(name: str) -> Callable[[Site], str | None]:
    def version(_: Site) -> str | None:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return None

    return version


def _npm(name: str) -> Callable[[Site], str | None]:
    def version(site: Site) -> str | None:
        path = site.node / "node_modules" / name / "package.json" if site.node else None
        return str(json.loads(path.read_text())["version"]) if path and path.is_file() else None

    return version


def _command(name: str, *flags: str) -> Callable[[Site], str | None]:
    def version(_: Site) -> str | None:
        if shutil.which(name) is None:
            return None
        done = subprocess.run([name, *flags], check=False, capture_output=True, text=True)
        found = re.search(r"\d+\.\d[\w.]*|\d{5}", done.stdout + done.stderr)
        return found[0] if found else "?"

    return version


def _run(*command: str, text: bytes = b"", folder: Path | None = None) -> str:
    done = subprocess.run(command, input=text, check=False, capture_output=True, timeout=120, cwd=folder)
    assert done.returncode == 0, (done.stderr or done.stdout).decode()[-400:]
    return done.stdout.decode()


def _node(site: Site, code: str, *files: str) -> Any:
    """What CODE, the body of an async function of texts, returns for FILES of the site."""
    texts = json.dumps([site.read(name).decode() for name in files])
    script = f"(async (texts) => {{ {code} }})({texts}).then((value) => console.log(JSON.stringify(value)))"
    (site.node or Path()).joinpath("consumer.cjs").write_text(script)
    return json.loads(_run("node", "consumer.cjs", folder=site.node))


def _counted(what: str, number: int, wanted: int = PICKS) -> str:
    assert number == wanted, f"{number} {what}, not {wanted}"
    return f"{number} {what}"


def _feed_of(module: str, *path: str) -> Callable[[Site], str]:
    """Items of the feeds as a Python parser finds them, each with an id, a title and content."""

    def see(site: Site) -> str:
        parse = importlib.import_module(module)
        for name in path:
            parse = getattr(parse, name)
        entries = parse(site.read("papers.xml").decode()).entries  # type: ignore[operator]
        assert all(entry.id.startswith("oai:") and entry.title and entry.content[0]["value"] for entry in entries)
        days = parse(site.read("atom.xml").decode()).entries  # type: ignore[operator]
        return f"{_counted('papers', len(entries))}, {_counted('days', len(days), DAYS)}"

    return see


def _fastfeedparser_json(site: Site) -> str:
    entries = importlib.import_module("fastfeedparser").parse(site.read("feed.json")).entries
    return _counted("days of JSON Feed", len(entries), DAYS)


def _atoma(site: Site) -> str:
    atoma = importlib.import_module("atoma")
    papers = atoma.parse_rss_bytes(site.read("papers.xml")).items
    assert all(paper.content_encoded and paper.guid for paper in papers)
    days = [
        atoma.parse_atom_bytes(site.read("atom.xml")).entries,
        atoma.parse_json_feed_bytes(site.read("feed.json")).items,
    ]
    return f"{_counted('papers', len(papers))}, {_counted('days of Atom and JSON', len(days[0] + days[1]), 2 * DAYS)}"


def _listparser(site: Site) -> str:
    found = importlib.import_module("listparser").parse(site.read("feeds.opml").decode())
    assert not found.bozo
    return _counted("feeds in two groups", len(found.feeds), 9)


def _example(holds: str, language: str = "python") -> Callable[[Site], str]:
    """What an example of docs/ops/data.md prints; in a folder of its own."""

    def see(site: Site) -> str:
        (code,) = (code for code in re.findall(rf"```{language}\n(.*?)```", EXAMPLES, re.DOTALL) if holds in code)
        code = code.replace("http://127.0.0.1:8000", site.address)
        command = ("bash", "-euo", "pipefail", "-c") if language == "sh" else (sys.executable, "-W", "error", "-c")
        with tempfile.TemporaryDirectory() as folder:
            shown = _run(*command, code, folder=Path(folder))
        if language == "sh":
            return _counted("best papers of the newest day", len(shown.splitlines()), 5)
        assert "llm-frontier" in shown and "agents" in shown, shown
        return "picks and mean score of 7 fields"

    return see


def _jsonschema(site: Site) -> str:
    library = importlib.import_module("jsonschema")
    schema = json.loads(site.read("data/paper.schema.json"))
    validator = library.Draft202012Validator(schema, format_checker=library.FormatChecker())
    lines = [json.loads(line) for line in gzip.decompress(site.read(MONTH)).splitlines()]
    assert not [error for line in lines for error in validator.iter_errors(line)]
    return f"{len(lines)} lines keep paper.schema.json"


def _check_jsonschema(site: Site) -> str:
    schema, days = site.folder / "data/day.schema.json", sorted(site.folder.glob("data/2026/????-??-??.json"))
    _run(sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), *map(str, days))
    return _counted("records keep day.schema.json", len(days), DAYS)


def _ajv(site: Site) -> str:
    code = """
      const Ajv = require("ajv/dist/2020"), ajv = new Ajv({ strict: true, allowUnionTypes: true });
      require("ajv-formats")(ajv);
      const check = ajv.compile(JSON.parse(texts[0]));
      return texts.slice(1).map((text) => check(JSON.parse(text)) || check.errors);"""
    days = [f"data/2026/2026-01-0{day}.json" for day in (6, 7, 8)]
    assert _node(site, code, "data/day.schema.json", *days) == [True] * DAYS
    return f"{DAYS} records keep day.schema.json (strict)"


def _linked_data(site: Site) -> dict[str, Any]:
    page = site.read("days/2026/2026-01-08/index.html").decode()
    found = re.search(r'<script type="?application/ld\+json"?>(.*?)</script>', page, re.DOTALL)
    assert found
    document = json.loads(found[1])
    assert document.pop("@context") == "https://schema.org"
    return {"@context": {"@vocab": "https://schema.org/"}, **document}  # the network is not asked for the context


def _rdflib(site: Site) -> str:
    graph = importlib.import_module("rdflib").Graph()
    graph.parse(data=json.dumps(_linked_data(site)), format="json-ld")
    articles = [subject for subject, _, kind in graph if str(kind) == "https://schema.org/ListItem"]
    return _counted("best papers of a day", len(articles), 5)


def _pyld(site: Site) -> str:
    quads = importlib.import_module("pyld").jsonld.to_rdf(_linked_data(site), {"format": "application/n-quads"})
    assert "example.org" not in quads
    return _counted("best papers of a day", quads.count("<https://schema.org/ListItem>"), 5)


def _jsonld(site: Site) -> str:
    code = f"""
      const form = {{ format: "application/n-quads" }};
      const quads = await require("jsonld").toRDF({json.dumps(_linked_data(site))}, form);
      return quads.split("<https://schema.org/ListItem>").length - 1;"""
    return _counted("best papers of a day", _node(site, code), 5)


def _node_feeds(code: str) -> Callable[[Site], str]:
    """CODE makes of a feed's text the list of its items."""

    def see(site: Site) -> str:
        both = f"const items = async (text) => {{ {code} }}; return [await items(texts[0]), await items(texts[1])];"
        papers, days = _node(site, both, "papers.xml", "atom.xml")
        assert all(item["title"] for item in papers)
        return f"{_counted('papers', len(papers))}, {_counted('days', len(days), DAYS)}"

    return see


_RSS_PARSER = """const Parser = require("rss-parser");
return (await new Parser().parseString(text)).items;"""
_FEEDSMITH = """const { feed } = (await import("feedsmith")).parseFeed(text);
return feed.items ?? feed.entries;"""
_EXTRACTOR = """const { extractFromXml } = await import("@extractus/feed-extractor");
return extractFromXml(text).entries;"""
_HTMLPARSER2 = """return require("htmlparser2").parseFeed(text, { xmlMode: true }).items;"""
_STREAM = """return new Promise((done, fail) => {
  const Parser = require("feedparser"), parser = new Parser({ feedurl: "http://127.0.0.1/" }), items = [];
  parser.on("error", fail).on("end", () => done(items.map((item) => ({ title: item.title }))));
  parser.on("readable", () => { for (let item; (item = parser.read()); ) items.push(item); });
  parser.end(text); });"""


def _feedsmith_rest(site: Site) -> str:
    code = """const { parseFeed, parseOpml } = await import("feedsmith");
      const outlines = parseOpml(texts[1]).body.outlines;
      return [parseFeed(texts[0]).feed.items.length, outlines.flatMap((group) => group.outlines).length];"""
    days, feeds = _node(site, code, "feed.json", "feeds.opml")
    return f"{_counted('days of JSON Feed', days, DAYS)}, {_counted('feeds of the OPML', feeds, 9)}"


def _tokens(site: Site) -> str:
    code = """const names = ["o200k_base", "cl100k_base"];
      return names.map((name) => require(`gpt-tokenizer/cjs/encoding/${name}`).encode(texts[0]).length);"""
    counts = _node(site, code, "days/2026/2026-01-08/index.md")
    assert max(counts) < 8000 * 12 / 100 * 1.4
    return f"12 picks in {counts[0]} tokens of o200k_base, {counts[1]} of cl100k_base"


CITED = "days/2026/2026-01-08/picks"


_BIBER = ("biber", "--tool", "--quiet", "--output-file", "out.bib")


def _rispy(site: Site) -> str:
    return _counted("entries", len(importlib.import_module("rispy").loads(site.read(f"{CITED}.ris").decode())), 12)


def _bibtexparser(site: Site) -> str:
    library = importlib.import_module("bibtexparser").parse_string(site.read(f"{CITED}.bib").decode())
    assert not library.failed_blocks
    return _counted("entries", len(library.entries), 12)


def _pybtex(site: Site) -> str:
    library = importlib.import_module("pybtex.database")
    return _counted("entries", len(library.parse_string(site.read(f"{CITED}.bib").decode(), "bibtex").entries), 12)


def _bib_command(command: Sequence[str], suffix: str, sign: str) -> Callable[[Site], str]:
    """Entries of a day's citations, as COMMAND (the file is its last word) writes them again."""

    def see(site: Site) -> str:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / f"picks{suffix}").write_bytes(site.read(CITED + suffix))
            shown = _run(*command, f"./picks{suffix}", folder=Path(folder))
            written = "".join(path.read_text() for path in Path(folder).glob("out.bib"))
        return _counted("entries", (shown + written).count(sign), 12)

    return see


def _pandoc_citations(site: Site) -> str:
    pandoc = importlib.import_module("pypandoc")
    for suffix, form in ((".bib", "bibtex"), (".ris", "ris"), (".csl.json", "csljson")):
        items = json.loads(pandoc.convert_text(site.read(CITED + suffix).decode(), "csljson", format=form))
        assert len(items) == 12 and all(item["title"] and item["author"] for item in items)
    return "12 entries of each form"


def _citation_js(site: Site) -> str:
    code = 'const Cite = require("citation-js"); return texts.map((text) => new Cite(text).data.length);'
    assert _node(site, code, *(CITED + suffix for suffix in (".bib", ".ris", ".csl.json"))) == [12, 12, 12]
    return "12 entries of each form"


def _markdown_table(site: Site) -> str:
    pandoc = importlib.import_module("pypandoc")
    html = pandoc.convert_text(site.read("days/2026/2026-01-08/index.md").decode(), "html", format="gfm")
    return _counted("rows of a day's table", html.count("<tr") - 1, 12)


def _html2text(site: Site) -> str:
    items = json.loads(site.read("feed.json"))["items"]
    text = importlib.import_module("html2text").html2text(items[0]["content_html"])
    return _counted("links to abstracts in a digest", text.count("https://arxiv.org/abs/"), 12)


def _soup(site: Site) -> str:
    soup = importlib.import_module("bs4").BeautifulSoup(site.read("days/2026/2026-01-08/index.html"), "html.parser")
    return _counted("articles with the paper's id", len(soup.select("article[id]")), 12)


def _cffconvert(_: Site) -> str:
    code = "import sys; from cffconvert.cli.cli import cli; cli(sys.argv[1:])"
    _run(sys.executable, "-c", code, "--validate", "-i", str(PROJECT / "CITATION.cff"))
    return "valid"


def _xmllint(site: Site) -> str:
    files = [*site.folder.glob("*.xml"), *site.folder.glob("feeds/*.xml"), site.folder / "feeds.opml"]
    _run("xmllint", "--noout", *map(str, files))
    return f"{len(files)} files are well-formed"


def _sfeed(site: Site) -> str:
    lines = _run("sfeed", text=site.read("papers.xml")).splitlines()
    assert all(line.split("\t")[3] and line.split("\t")[5].startswith("oai:") for line in lines)
    return _counted("papers", len(lines))


def _newsboat(site: Site) -> str:
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        opml = site.read("feeds.opml").decode().replace("http://127.0.0.1:8000", site.address)
        (there / "feeds.opml").write_text(opml)
        (there / "urls").touch()
        (there / "config").touch()
        files = ("-u", "urls", "-c", "cache.db", "-C", "config")
        with _home(there):
            _run("newsboat", *files, "-i", "feeds.opml", folder=there)
            _run("newsboat", *files, "-x", "reload", folder=there)
            unread = _run("newsboat", *files, "-x", "print-unread", folder=there)
    return _counted("unread of the imported OPML: 36 papers, 3 days", int(unread.split()[0]), PICKS + DAYS)


@contextlib.contextmanager
def _home(folder: Path) -> Iterator[None]:
    before = os.environ.get("HOME", "")
    os.environ["HOME"] = str(folder)
    try:
        yield
    finally:
        os.environ["HOME"] = before


FEEDS = "papers.xml, atom.xml"
CONSUMERS = (
    Consumer("feedparser", _package("feedparser"), FEEDS, _feed_of("feedparser", "parse")),
    Consumer("fastfeedparser", _package("fastfeedparser"), FEEDS, _feed_of("fastfeedparser", "parse")),
    Consumer("fastfeedparser", _package("fastfeedparser"), "feed.json", _fastfeedparser_json),
    Consumer("atoma", _package("atoma"), f"{FEEDS}, feed.json", _atoma),
    Consumer("listparser", _package("listparser"), "feeds.opml", _listparser),
    Consumer("rss-parser", _npm("rss-parser"), FEEDS, _node_feeds(_RSS_PARSER)),
    Consumer("feedsmith", _npm("feedsmith"), FEEDS, _node_feeds(_FEEDSMITH)),
    Consumer("feedsmith", _npm("feedsmith"), "feed.json, feeds.opml", _feedsmith_rest),
    Consumer("feedparser (npm)", _npm("feedparser"), FEEDS, _node_feeds(_STREAM)),
    Consumer("feed-extractor", _npm("@extractus/feed-extractor"), FEEDS, _node_feeds(_EXTRACTOR)),
    Consumer("htmlparser2", _npm("htmlparser2"), FEEDS, _node_feeds(_HTMLPARSER2)),
    Consumer("newsboat", _command("newsboat", "-v"), "feeds.opml, imported", _newsboat),
    Consumer("sfeed", _command("sfeed_update", "-v"), "papers.xml", _sfeed),
    Consumer("xmllint", _command("xmllint", "--version"), "all feeds, sitemap, OPML", _xmllint),
    Consumer("pandas", _package("pandas"), MONTH, _example("import pandas")),
    Consumer("polars", _package("polars"), MONTH, _example("import polars")),
    Consumer("pyarrow", _package("pyarrow"), MONTH, _example("import pyarrow")),
    Consumer("DuckDB", _package("duckdb"), MONTH, _example("import duckdb")),
    Consumer("curl and jq", _command("jq", "--version"), "data/index.json, a record", _example("jq", "sh")),
    Consumer("jsonschema", _package("jsonschema"), f"{MONTH}", _jsonschema),
    Consumer("check-jsonschema", _package("check-jsonschema"), "records", _check_jsonschema),
    Consumer("ajv, strict", _npm("ajv"), "records", _ajv),
    Consumer("rdflib", _package("rdflib"), "JSON-LD of a day", _rdflib),
    Consumer("PyLD", _package("PyLD"), "JSON-LD of a day", _pyld),
    Consumer("jsonld.js", _npm("jsonld"), "JSON-LD of a day", _jsonld),
    Consumer("gpt-tokenizer", _npm("gpt-tokenizer"), "days/.../index.md", _tokens),
    Consumer("pandoc", _package("pypandoc-binary"), "days/.../index.md", _markdown_table),
    Consumer("pandoc", _package("pypandoc-binary"), "picks.bib, .ris, .csl.json", _pandoc_citations),
    Consumer("citation-js", _npm("citation-js"), "picks.bib, .ris, .csl.json", _citation_js),
    Consumer("rispy", _package("rispy"), "picks.ris", _rispy),
    Consumer("pybtex", _package("pybtex"), "picks.bib", _pybtex),
    Consumer("bibtexparser", _package("bibtexparser"), "picks.bib", _bibtexparser),
    Consumer("biber", _command("biber", "--version"), "picks.bib", _bib_command(_BIBER, ".bib", "@MISC{")),
    Consumer("BibTool", _command("bibtool", "-V"), "picks.bib", _bib_command(("bibtool",), ".bib", "@Misc{")),
    Consumer("bibutils", _command("bib2xml", "-v"), "picks.bib", _bib_command(("bib2xml",), ".bib", "<mods ")),
    Consumer("bibutils", _command("ris2xml", "-v"), "picks.ris", _bib_command(("ris2xml",), ".ris", "<mods ")),
    Consumer("html2text", _package("html2text"), "feed.json", _html2text),
    Consumer("Beautiful Soup", _package("beautifulsoup4"), "a day's page", _soup),
    Consumer("cffconvert", _package("cffconvert"), "CITATION.cff", _cffconvert),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--node", type=Path, help="a folder with node_modules")
    parser.add_argument("--markdown", action="store_true", help="the table as Markdown")
    options = parser.parse_args()
    right, wrong, missing = 0, 0, 0
    line = "| {} | {} | {} | {} |" if options.markdown else "{:18}{:12}{:30}{}"
    print(line.format("consumer", "version", "given", "seen"))
    if options.markdown:
        print(line.format("---", "---", "---", "---"))
    with tempfile.TemporaryDirectory() as folder, served(build_sample(Path(folder))) as address:
        site = Site(Path(folder) / "site", address, options.node)
        for consumer in CONSUMERS:
            version = consumer.version(site)
            if version is None:
                missing += 1
                print(line.format(consumer.name, "-", consumer.given, "not installed"), flush=True)
                continue
            try:
                seen = consumer.see(site)
                right += 1
            except Exception as error:  # noqa: BLE001 (whatever a consumer raises is its answer)
                seen = f"WRONG: {type(error).__name__}: {str(error)[:300]}"
                wrong += 1
            print(line.format(consumer.name, version, consumer.given, seen), flush=True)
    print(f"{right} right, {wrong} wrong, {missing} not installed")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
