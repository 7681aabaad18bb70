"""The search of an archive: time and memory of the index, bytes and time of queries, recall and precision.

python tests/bench/bench_search.py [--years N] [--data FOLDER of verdict files]
"""

import argparse
import importlib.util
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

import make_archive  # noqa: E402
import recall  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from generator import search  # noqa: E402
from generator.config import load  # noqa: E402
from generator.render import store_of  # noqa: E402
from generator.stats import summaries  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = 0.25
"""Share of the queries of the recall test: at 27,500 papers each answer is thousands of papers to compare."""

ONE = """async ([base, query]) => {
  const { search } = await import(`${base}assets/js/search-index.js`);
  const began = performance.now();
  const found = await search(query, { sort: "relevance" });
  const papers = await found.next(10);
  return [performance.now() - began, found.count, papers.length];
}"""
QUERIES = (
    "投机解码",
    "对齐",
    "多模态智能体",
    "mixture of experts",
    "强化学习 agent",
    "author:Zhang",
    "率",
    "扩散模型",
    "KV cache",
)


def served(folder: Path) -> Any:
    """The server of the browser tests."""
    spec = importlib.util.spec_from_file_location("browser_tests", PROJECT / "tests" / "browser" / "test_search.py")
    if spec is None or spec.loader is None:
        raise LookupError("tests/browser/test_search.py is not there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.served(folder)


def ask(page: Page, base: str, query: str, sizes: list[int]) -> tuple[float, int, int, int]:
    """Milliseconds, hits, bytes and requests of QUERY."""
    before, number = sum(sizes), len(sizes)
    took, count, _ = page.evaluate(ONE, [base, query])
    page.wait_for_timeout(200)
    return took, count, sum(sizes) - before, len(sizes) - number


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--no-recall", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        shutil.copy(PROJECT / "config.toml", root)
        papers = make_archive.make_archive(root, args.years, data=args.data)
        store, site = store_of(root), root / "site"
        shutil.copytree(PROJECT / "overrides" / "assets", site / "assets")
        (site / "index.html").write_text("<!doctype html><html lang=zh><title>x</title>")
        found = summaries(store, root / "none")
        began, used = time.monotonic(), sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) + time.process_time()
        search.build(store, load(root / "config.toml", {}), found, site, root / "kept")
        cpu = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) + time.process_time() - used
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        files = [path for path in (site / search.FOLDER).rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        print(f"{papers} picks: index in {time.monotonic() - began:.1f} s, {cpu:.1f} CPU s, {memory / 1e6:.2f} GB;"
              f" {len(files)} files, {size / 1e6:.0f} MB", flush=True)  # fmt: skip
        with served(site) as base, sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = chromium.new_page()
            sizes: list[int] = []
            page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
            page.goto(base)
            rows = [ask(page, base, query, sizes) for query in QUERIES]
            for query, (took, count, loaded, requests) in zip(QUERIES, rows, strict=True):
                print(
                    f"  {query}: {count} found, {took:.0f} ms, {loaded / 1e3:.0f} kB in {requests} requests", flush=True
                )
            later = statistics.median(row[2] for row in rows[1:])
            print(f"first query {rows[0][2] / 1e3:.0f} kB; later ones {later / 1e3:.0f} kB in the median")
            if not args.no_recall:
                held = recall.held(store.read_all())
                asked = random.Random(1).sample(recall.queries(held), int(470 * SAMPLE))
                answers = page.evaluate(recall.FOUND, [base, [one.text for one in asked]])
                for kind, one in recall.measure(asked, answers).items():
                    print(f"  {kind}: {one.queries} queries, recall {one.recall:.4f}, precision {one.precision:.4f},"
                          f" {one.median_ms:.0f} ms median, {one.slowest_ms:.0f} ms at most")  # fmt: skip
            chromium.close()


if __name__ == "__main__":
    main()
