"""Our search beside Material's own on the same archive, in one table: bytes, time, recall, precision.

python tests/bench/bench_material.py [--days N] [--root FOLDER of an archive] [--data FOLDER of verdict files]

Material gets what suits it best: a page a day with a heading a paper, so that it finds papers and not pages. It cuts
Chinese with jieba if that can be imported (`pip install jieba`; the project does not need it).
"""

import argparse
import gzip
import importlib.util
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

import bench_search  # noqa: E402
import make_archive  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from support import recall  # noqa: E402
from support.site_files import site_folder  # noqa: E402

from generator.core.model import Day  # noqa: E402
from generator.publish.search import build as search  # noqa: E402
from generator.records.store import store_of  # noqa: E402
from generator.records.summaries import summaries_of  # noqa: E402
from generator.settings.config import load  # noqa: E402

KINDS = ("chinese", "english", "phrase")
PROJECT = Path(__file__).resolve().parents[2]
SETTINGS = """
site_name: x
theme: {name: material, language: zh, font: false}
plugins: [{search: {lang: [zh, en]}}]
markdown_extensions: [attr_list]
nav: [index.md]
validation: {nav: {omitted_files: ignore}}
"""
MATERIAL = """async ([base, worker, queries]) => {
  const began = performance.now();
  const answer = await fetch(`${base}search/search_index.json`);
  const index = await answer.json();
  const found = new Worker(base + worker);
  const said = (kind) => new Promise((done) => (found.onmessage = ({ data }) => data.type === kind && done(data.data)));
  found.postMessage({ type: 0, data: { config: index.config, docs: index.docs, options: { suggest: false } } });
  await said(1);
  const ready = performance.now() - began;
  const answers = [];
  for (const query of queries) {
    const start = performance.now();
    found.postMessage({ type: 2, data: query });
    const { items } = await said(3);
    const places = items.flat().map(({ location }) => location.split("#")[1]).filter(Boolean);
    const ids = [...new Set(places)];
    answers.push({ ids, count: ids.length, took: performance.now() - start, failed: [] });
  }
  return { ready, answers };
}"""
"""What Material's script does in a page: the whole index into the worker, then the queries."""


class Row(NamedTuple):
    """A line of the table."""

    name: str
    build_cpu_s: float
    first_kb: float
    first_ms: float
    later_ms: float
    measured: dict[str, tuple[int, float, float]]


def measure(asked: Sequence[recall.Query], answers: Sequence[dict[str, Any]]) -> dict[str, tuple[int, float, float]]:
    """By kind of query: how many, mean recall, mean precision. Each counts alike, however many papers hold it."""
    found = {}
    for kind in dict.fromkeys(query.kind for query in asked):
        rows = [(query, answer) for query, answer in zip(asked, answers, strict=True) if query.kind == kind]
        known = [(query.holders, answer) for query, answer in rows if answer["ids"] is not None and query.holders]
        common = [(len(holders & set(answer["ids"])), holders, answer) for holders, answer in known]
        recalled = statistics.fmean(both / len(holders) for both, holders, _ in common)
        precise = statistics.fmean(both / answer["count"] if answer["count"] else 1 for both, _, answer in common)
        found[kind] = (len(known), recalled, precise)
    return found


def cpu_seconds() -> float:
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def material_site(days: Iterable[Day], folder: Path, abstracts: Mapping[str, str] = MappingProxyType({})) -> float:
    """The site that MkDocs Material makes of DAYS and ABSTRACTS, with its own search; the CPU seconds."""
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# x\n")
    (folder / "mkdocs.yml").write_text(SETTINGS)
    for day in days:
        lines = [f"# {day.date}\n"]
        for pick in day.picks:
            title = pick.paper.title.replace("\n", " ").replace("{", "").replace("}", "")
            lines += [f"## {title} {{ #{pick.paper.id} }}\n", ", ".join(pick.paper.authors) + "\n",
                      (pick.verdict.reason or "").replace("<", "&lt;") + "\n",
                      abstracts.get(pick.paper.id, "").replace("<", "&lt;") + "\n"]  # fmt: skip
        (folder / "docs" / f"{day.date}.md").write_text("\n".join(lines))
    used = cpu_seconds()
    subprocess.run([sys.executable, "-m", "mkdocs", "-q", "build", "-f", str(folder / "mkdocs.yml")], check=True)
    return cpu_seconds() - used


def ask_material(browser: Browser, site: Path, queries: list[str]) -> tuple[float, float, list[dict[str, Any]]]:
    """Kilobytes as GitHub Pages sends them, milliseconds to the first answer, the answers."""
    (worker,) = site.glob("assets/javascripts/workers/search.*.min.js")
    lunr = (f"assets/javascripts/lunr/min/lunr.{name}.min.js" for name in ("stemmer.support", "zh", "multi"))
    loaded = [site / "search" / "search_index.json", worker, *(site / name for name in lunr)]
    sent = sum(len(gzip.compress(path.read_bytes(), 6)) for path in loaded)
    with bench_search.served(site) as base:
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(base)
        found = page.evaluate(MATERIAL, [base, worker.relative_to(site).as_posix(), queries])
        page.close()
    return sent / 1e3, found["ready"] + found["answers"][0]["took"], found["answers"]


def ask_ours(browser: Browser, root: Path, queries: list[str]) -> tuple[float, float, float, list[dict[str, Any]]]:
    """CPU seconds of the index, kilobytes and milliseconds of the first query, the answers."""
    site, store = root / "ours", store_of(root)
    shutil.copytree(PROJECT / "overrides" / "assets", site / "assets")
    (site / "index.html").write_text("<!doctype html><html lang=zh><title>x</title>")
    used = cpu_seconds()
    search.build(store, load(root / "config.toml", {}), summaries_of(root), site_folder(site), root / "kept")
    cpu = cpu_seconds() - used
    with bench_search.served(site) as base:
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(base)
        asked = bench_search.Asker(page, base).ask(queries[0])
        answers = page.evaluate(recall.FOUND, [base, queries])
        page.close()
    return cpu, asked.loaded / 1e3, asked.took, answers


def main() -> None:
    """Build both, ask both, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=make_archive.DAYS_A_YEAR)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--queries", type=int, default=60)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        root = Path(name)
        shutil.copy(PROJECT / "generator" / "template" / "config.toml", root)
        if args.root:
            shutil.copytree(args.root / "docs" / "data", root / "docs" / "data")
        else:
            make_archive.make_archive(root, 1, data=args.data, days=args.days)
        days = list(store_of(root).read_all())
        held = recall.held(days)
        holders = frozenset(paper.id for paper in held if "投机解码" in paper.text)
        made = [query for query in recall.queries(held) if query.kind in KINDS]
        chosen = random.Random(1).sample(made, args.queries)
        asked = [recall.Query("投机解码", "投机解码", holders), *chosen]
        texts = [query.text for query in asked]
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        rows = []
        cpu, first_kb, first_ms, answers = ask_ours(browser, root, texts)
        later = statistics.median(answer["took"] for answer in answers)
        rows.append(Row("ours", cpu, first_kb, first_ms, later, measure(asked, answers)))
        jieba = "with jieba" if importlib.util.find_spec("jieba") else "without jieba"
        cpu = material_site(days, root / "material")
        first_kb, first_ms, answers = ask_material(browser, root / "material" / "site", texts)
        later = statistics.median(answer["took"] for answer in answers)
        rows.append(Row(f"Material {jieba}", cpu, first_kb, first_ms, later, measure(asked, answers)))
        browser.close()
    print(f"{len(days)} days, {len(held)} picks, {len(asked)} queries")
    for row in rows:
        print(f"{row.name}: {row.build_cpu_s:.0f} CPU s to build, {row.first_kb:.0f} kB and {row.first_ms:.0f} ms to"
              f" the first result, later {row.later_ms:.0f} ms")  # fmt: skip
        for kind, (number, recalled, precise) in row.measured.items():
            print(f"  {kind}: recall {recalled:.3f}, precision {precise:.3f} (mean of {number} queries)")


if __name__ == "__main__":
    main()
