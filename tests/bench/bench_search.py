"""The search of an archive: time and memory of the index, bytes and time of queries, recall and precision.

python tests/bench/bench_search.py [--years N] [--data FOLDER of verdict files] [--share OF THE TEST QUERIES]
    [--root FOLDER: an archive that bench_build.py or a run of this script left there]

Where bench_build.py left a whole site, the time from a key to what is shown is measured too, in both places of search.
"""

import argparse
import importlib.util
import resource
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

import make_archive  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from support import recall  # noqa: E402
from support.site_files import site_folder  # noqa: E402

from generator.publish.search import build as search  # noqa: E402
from generator.records.store import store_of  # noqa: E402
from generator.records.summaries import summaries_of  # noqa: E402
from generator.settings.config import load  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
ONE = """async ([base, query, wanted]) => {
  const began = performance.now();
  const { search } = await import(`${base}assets/js/search/engine.js`);
  const found = await search(query, { sort: "relevance", ...wanted });
  const papers = await found.next(10);
  return [performance.now() - began, found.count, found.inAbstracts && found.count <= 2000];
}"""
"""The first answer, by titles, authors and reasons, or with abstracts (deep); whether abstracts are searched too."""
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
    "大语言模型推理",
    "的",
    "提出",
    '"reinforcement learning"',
    "世界模型 video",
    "2601.01200",
)
KEY = """([input, results]) => {
  const list = document.querySelector(results);
  let typed;
  addEventListener("input", () => (typed = performance.now()), { capture: true, once: true });
  window.shown = new Promise((found) => {
    new MutationObserver((_, seen) => {
      if (!list.childElementCount) return;
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => found(performance.now() - typed)));
    }).observe(list, { childList: true });
  });
  document.querySelector(input).focus();
}"""
"""Of the next key in a field: the milliseconds until a frame shows results."""
PLACES = {"search page": ("main [name=q]", "[data-find-results]"), "header": ("[data-find] input", "#find-list")}
FILTERED: dict[str, str] = {"field": "efficient-llm", "score": "8"}


def served(folder: Path) -> Any:
    """The server of the browser tests."""
    spec = importlib.util.spec_from_file_location("browser_tests", PROJECT / "tests" / "browser" / "test_search.py")
    if spec is None or spec.loader is None:
        raise LookupError("tests/browser/test_search.py is not there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.served(folder)


class Asked(NamedTuple):
    """Milliseconds, hits, bytes and requests of a query; whether its abstracts are searched without being asked for."""

    took: float
    hits: int
    loaded: int
    requests: int
    deeper: bool

    def __str__(self) -> str:
        return f"{self.loaded / 1e3:.0f} kB in {self.requests} requests"


class Asker:
    """Asks the site at BASE, each time saying what it took."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.sizes: list[int] = []
        page.on("requestfinished", lambda request: self.sizes.append(request.sizes()["responseBodySize"]))

    def ask(self, query: str, **wanted: object) -> Asked:
        """What QUERY took."""
        before, number = sum(self.sizes), len(self.sizes)
        took, count, deeper = self.page.evaluate(ONE, [self.base, query, wanted])
        self.page.wait_for_timeout(200)
        return Asked(took, count, sum(self.sizes) - before, len(self.sizes) - number, deeper)

    def tell(self, query: str, **wanted: object) -> tuple[int, int]:
        """Ask, print, return the bytes: those of the first answer, and those that abstracts cost beside it."""
        first = self.ask(query, **wanted)
        deeper = self.ask(query, deep=True, **wanted) if first.deeper else None
        more = f"; abstracts: {deeper.hits} found, {deeper.took:.0f} ms, {deeper}" if deeper else ""
        print(f"  {query} {wanted or ''}: {first.hits} found, {first.took:.0f} ms, {first}{more}", flush=True)
        return first.loaded, deeper.loaded if deeper else 0


def tell_keys(page: Page, base: str, where: str) -> None:
    """Type the last character of each query WHERE one searches; print the times until its results are shown."""
    page.goto(base + ("search/" if where == "search page" else ""))
    field, results = PLACES[where]
    times: list[float] = []
    for query in [QUERIES[0], *QUERIES]:
        page.locator(field).fill(query[:-1])
        page.wait_for_timeout(1000)
        page.evaluate(KEY, [field, results])
        page.keyboard.insert_text(query[-1])
        times.append(page.evaluate("window.shown"))
    first, *later = times
    print(f"from a key in the {where}: {first:.0f} ms at first, then {statistics.median(later):.0f} ms in the median,"
          f" {max(later):.0f} ms at most")  # fmt: skip


def make(root: Path, args: argparse.Namespace) -> Path:
    """The index of the archive in ROOT, which is made if it is not there; a site with it."""
    if not (root / "docs").exists():
        shutil.copy(PROJECT / "generator" / "template" / "config.toml", root)
        make_archive.make_archive(root, args.years, data=args.data)
    store, site = store_of(root), root / "search-site"
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(PROJECT / "overrides" / "assets", site / "assets")
    (site / "index.html").write_text("<!doctype html><html lang=zh><title>x</title><link rel=icon href=data:,>")
    found = summaries_of(root)
    began, used = time.monotonic(), sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) + time.process_time()
    built = search.build(store, load(root / "config.toml", {}), found, site_folder(site), root / ".cache" / "search")
    cpu = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) + time.process_time() - used
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    files = [path for path in (site / search.FOLDER).rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"{built.papers} picks, {len(built.made)} years made: {time.monotonic() - began:.1f} s,"
          f" {cpu:.1f} CPU s, {memory / 1e6:.2f} GB; {len(files)} files, {size / 1e6:.1f} MB,"
          f" {size / built.papers / 10:.1f} kB for 100 picks", flush=True)  # fmt: skip
    return site


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--share", type=float, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = args.root or Path(name)
        root.mkdir(exist_ok=True)
        site = make(root, args)
        with served(site) as base, sync_playwright() as play:
            chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = chromium.new_page()
            asker = Asker(page, base)
            page.goto(base)
            (first, _), *others = all_asked = [asker.tell(query) for query in QUERIES]
            middle = statistics.median(loaded for loaded, _ in others)
            print(
                f"first query, scripts included, {first / 1e3:.0f} kB; later ones {middle / 1e3:.0f} kB in the median;"
                f" abstracts cost {max(more for _, more in all_asked) / 1e3:.0f} kB at most"
            )
            page.reload()
            asker.tell(QUERIES[0], **FILTERED)
            asker.tell(QUERIES[1], all=True)
            again = sorted(asker.ask(query).took for query in QUERIES)
            print(f"again, all loaded: {statistics.median(again):.0f} ms in the median, {again[-1]:.0f} ms at most")
            if args.share:
                held = recall.held(store_of(root).read_all())
                asked = recall.queries(held, share=args.share)
                answers = page.evaluate(recall.FOUND, [base, [query.text for query in asked]])
                for kind, row in recall.measure(asked, answers).items():
                    print(f"  {kind}: {row.queries} queries, recall {row.recall:.4f}, precision {row.precision:.4f},"
                          f" {row.median_ms:.0f} ms median, {row.slowest_ms:.0f} ms at most")  # fmt: skip
            if (root / "site" / "search").exists():
                with served(root / "site") as whole:
                    for where in PLACES:
                        tell_keys(page, whole, where)
            chromium.close()


if __name__ == "__main__":
    main()
