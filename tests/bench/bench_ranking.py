"""How well the search answers on real days: order of the first ten, recall of terms in two languages, persons.

python tests/bench/bench_ranking.py --data FOLDER of verdict files [--pagefind PYTHON: one that can import pagefind]

search_queries.json holds 100 queries with the grades of papers (3 what was asked for, 2 about it, 1 touches it, 0
not), ids only: pooled from the first ten of four systems and, after common words of research came into the synonyms,
once more from ours and Material's (89 papers), read by title and reason ("read") or, where the query says exactly what
fits (a person, an operator), graded by rule. "second" holds a second reading of all 61 "read" queries by title and the
beginning of the abstract, shuffled, without the first grades; of two (38 papers) the second reader had seen them.
1,396 papers: the same grade for 84.0 %, at most one apart 99.6 %, quadratic kappa 0.949. Six papers were two apart,
the second always higher. The second reader read them once more, the whole abstract and both grades at hand; "settled"
holds what came of it. "grades" and "second" stay as they were given; "mean" is of both, or what was settled.

NDCG@10 of all queries by the first grades, the second and the mean, on 2026-12-01: ours 0.937, 0.941, 0.939; Pagefind
1.5.2 in Chinese 0.601, 0.611, 0.605, in English 0.512, 0.525, 0.519; Material 0.215, 0.223, 0.218. With English
queries alone Pagefind in English is nearer: 0.808, 0.849, 0.830 beside 0.890, 0.909, 0.900.
"""

import argparse
import functools
import html
import http.server
import json
import math
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parents[1])]

import bench_material  # noqa: E402
import real_days  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from support.site_files import site_folder  # noqa: E402

from generator.core.tex import to_unicode  # noqa: E402
from generator.publish.search import build as search  # noqa: E402
from generator.publish.search.synonyms import synonym_groups  # noqa: E402
from generator.publish.search.tokens import fold  # noqa: E402
from generator.records.store import Store  # noqa: E402
from generator.records.summaries import summaries  # noqa: E402
from generator.settings.config import Config, load  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
QUERIES = Path(__file__).with_name("search_queries.json")
CONCEPTS = 60
PERSONS = 200
OURS = """async ([base, queries, number]) => {
  const { answers } = await import(`${base}assets/js/search/answers.js`);
  const found = [];
  for (const query of queries) {
    let last;
    for await (last of answers(query, { sort: "relevance", all: true, abstracts: true }));
    const papers = await last.next(number ?? last.count);
    found.push({ ids: papers.map((paper) => paper.i), partly: last.partly ?? 0 });
  }
  return found;
}"""
PAGEFIND = """async (queries) => {
  const pagefind = await import("/pagefind/pagefind.js");
  const found = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const pages = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    found.push(pages.map(({ url }) => url.replace(/^.*\\/|\\.html$/g, "")));
  }
  return found;
}"""


def ndcg(ids: Iterable[str], grades: dict[str, float]) -> float:
    """Of the first ten of IDS, with the gain 2^grade - 1; a paper without a grade counts as 0."""

    def gain(some: Iterable[float]) -> float:
        return math.fsum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(some))

    ideal = gain(sorted(grades.values(), reverse=True)[:10])
    return gain(grades.get(paper, 0) for paper in list(ids)[:10]) / ideal if ideal else 1.0


def pagefind_site(days: Sequence[real_days.RealDay], folder: Path, python: str, language: str) -> Path:
    """A page a paper, indexed by Pagefind with all that our index holds."""
    folder.mkdir()
    for day, abstracts in days:
        for pick in day.picks:
            paper = pick.paper
            parts = [", ".join(paper.authors), pick.verdict.reason or "", abstracts.get(paper.id, ""), paper.id]
            body = f"<h1>{html.escape(paper.title)}</h1>" + "".join(f"<p>{html.escape(part)}</p>" for part in parts)
            page = f"<!doctype html><html lang={language}><title>x</title><body data-pagefind-body>{body}"
            (folder / f"{paper.id}.html").write_text(page)
    subprocess.run([python, "-m", "pagefind", "--site", str(folder)], check=True, stdout=subprocess.DEVNULL)
    (folder / "index.html").write_text("<!doctype html><title>x</title>")
    return folder


def our_site(root: Path, config: Config) -> Path:
    """Assets and index beside the archive in ROOT."""
    site, store = root / "ours", Store(root / "docs" / "data")
    shutil.copytree(PROJECT / "overrides" / "assets", site / "assets")
    script = site / "assets" / "js" / "common" / "i18n.js"
    script.write_text(re.sub(r"\{\{.*?\}\}", "{}", script.read_text()))
    (site / "index.html").write_text("<!doctype html><html lang=zh><title>x</title>")
    shutil.copytree(root / "docs" / "data", site / "data")
    search.build(store, config, summaries(store, root / "none"), site_folder(site), root / "kept")
    return site


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def evaluate(browser: Browser, site: Path, script: str, argument: list[Any]) -> Any:
    """What SCRIPT answers on SITE; BASE in ARGUMENT is its address. No policy: Pagefind's is not ours."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}/"
        page = browser.new_page()
        page.set_default_timeout(0)
        page.goto(f"{base}index.html")
        found = page.evaluate(script, [base if part == "BASE" else part for part in argument])
        page.close()
        server.shutdown()
    return found


def gradings(query: dict[str, Any]) -> dict[str, dict[str, float]]:
    """The grades of QUERY by reader: the first, the second (or the same rule), their mean with what was settled."""
    first = query["grades"]
    second = query.get("second", first)
    mean = {paper: (grade + second[paper]) / 2 for paper, grade in first.items()}
    return {"first": first, "second": second, "mean": mean | query.get("settled", {})}


def tell_agreement(queries: list[dict[str, Any]]) -> None:
    """How far the two readings agree; kappa with quadratic weights, 1 where they are the same."""
    pairs = [(query["grades"][paper], grade) for query in queries for paper, grade in query.get("second", {}).items()]
    apart = [abs(first - second) for first, second in pairs]
    ours, theirs = zip(*pairs, strict=True)
    chance = statistics.pvariance(ours) + statistics.pvariance(theirs)
    chance += (statistics.fmean(ours) - statistics.fmean(theirs)) ** 2
    kappa = 1 - statistics.fmean(gap**2 for gap in apart) / chance
    same, near = (statistics.fmean(gap <= most for gap in apart) for most in (0, 1))
    print(f"{len(pairs)} papers read twice: same {same:.3f}, within one {near:.3f}, kappa {kappa:.3f}", flush=True)


def tell_ranking(name: str, queries: list[dict[str, Any]], answers: list[list[str]]) -> None:
    """The lines of a system: NDCG@10 by kind of query, and of all, by the grades of each reader."""
    pairs = list(zip(queries, answers, strict=True))
    unknown = sum(paper not in query["grades"] for query, ids in pairs for paper in ids[:10])
    print(f"{name}: {unknown} of the papers without a grade", flush=True)
    for reader in ("first", "second", "mean"):
        by_kind = defaultdict(list)
        for query, ids in pairs:
            value = ndcg(ids, gradings(query)[reader])
            by_kind[query["kind"]].append(value)
            by_kind["all"].append(value)
        row = ", ".join(f"{kind} {statistics.fmean(values):.3f}" for kind, values in by_kind.items())
        print(f"  {reader}: NDCG@10 {row}", flush=True)


def _holders(texts: dict[str, str], group: Sequence[str]) -> set[str]:
    """The papers of TEXTS (folded) that hold a form of GROUP: its words side by side, the last in the plural, too."""

    def pattern(form: str) -> str:
        words = re.findall(r"[a-z0-9]+|[^\sa-z0-9]+", fold(form).replace("-", " ").replace("—", " "))
        spaced = r"[^a-z0-9\u3400-\u9fff]*".join(map(re.escape, words))
        latin = words[-1].isascii()
        return rf"(?<![a-z0-9]){spaced}{'s?(?![a-z0-9])' if latin else ''}" if words[0].isascii() else spaced

    forms = re.compile("|".join(map(pattern, group)))
    return {paper for paper, text in texts.items() if forms.search(text)}


def tell_concepts(browser: Browser, site: Path, days: Sequence[real_days.RealDay], config: Config) -> None:
    """Recall and precision of terms that 10 to 500 papers hold, asked in English and in Chinese."""
    texts = {}
    for day, abstracts in days:
        for pick in day.picks:
            parts = (pick.paper.title, pick.verdict.reason or "", abstracts[pick.paper.id])
            texts[pick.paper.id] = fold("\n".join(map(to_unicode, parts)))
    chance = random.Random(17)
    rows = []
    for group in chance.sample(synonym_groups(config), k=len(synonym_groups(config))):
        english, chinese = ([form for form in group if form.isascii() == ascii_only] for ascii_only in (True, False))
        holders = _holders(texts, group)
        if english and chinese and 10 <= len(holders) <= 500:
            rows += [(form, holders) for form in (english[0], chinese[0])]
        if len(rows) == 2 * CONCEPTS:
            break
    answers = evaluate(browser, site, OURS, ["BASE", [form for form, _ in rows], None])
    recalls, precisions = [], []
    for (form, holders), answer in zip(rows, answers, strict=True):
        ids = set(answer["ids"][: len(answer["ids"]) - answer["partly"]])
        recalls.append(len(ids & holders) / len(holders))
        precisions.append(len(ids & holders) / max(1, len(ids)))
        if min(recalls[-1], precisions[-1]) < 0.9:
            print(f"  {form}: {len(holders)} hold it, {len(ids)} found, {len(ids & holders)} both", flush=True)
    print(f"{len(rows) // 2} terms from both languages: recall {statistics.fmean(recalls):.3f},"
          f" precision {statistics.fmean(precisions):.3f}", flush=True)  # fmt: skip


def _key(name: str) -> str:
    """NAME without what does not matter: accents, capitals, hyphens and spaces between given names."""
    *given, family = fold(name).replace("-", " ").split()
    return f"{''.join(given)} {family}"


def tell_persons(browser: Browser, site: Path, days: Sequence[real_days.RealDay]) -> None:
    """Names drawn at random, in several ways to write them: whether all papers of a person come first."""
    papers: dict[str, set[str]] = defaultdict(set)
    for day, _ in days:
        for pick in day.picks:
            for name in pick.paper.authors:
                papers[_key(name)].add(pick.paper.id)
    names = sorted({name for day, _ in days for pick in day.picks for name in pick.paper.authors if " " in name})
    chosen = random.Random(17).sample(names, PERSONS)
    ways: dict[str, Callable[[str, str], str]] = {
        "as it is": lambda given, family: f"{given} {family}",
        "family first": lambda given, family: f"{family} {given}",
        "with a comma": lambda given, family: f"{family}, {given}",
        "author:": lambda given, family: f"author:{given} {family}",
        "folded": lambda given, family: fold(f"{given} {family}"),
    }
    for way, write in ways.items():
        asked = [write(*name.rsplit(" ", 1)) for name in chosen]
        answers = evaluate(browser, site, OURS, ["BASE", asked, 200])
        first: list[bool] = []
        for name, answer in zip(chosen, answers, strict=True):
            own = papers[_key(name)]
            if way == "family first":  # Li Yang may be meant, or Yang Li
                own = own | papers.get(_key(asked[len(first)]), set())
            first.append(own == set(answer["ids"][: len(own)]))
            if not first[-1]:
                print(f"  {name}: {len(own)} papers, first are {answer['ids'][: len(own)]}", flush=True)
        print(f"persons, {way}: all of theirs first for {statistics.fmean(first):.3f} of {len(first)}", flush=True)


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pagefind", help="a Python that can import pagefind (pip install pagefind[extended])")
    args = parser.parse_args()
    config = load(PROJECT / "generator" / "template" / "config.toml", {})
    days = list(real_days.read_days(args.data, config))
    queries = json.loads(QUERIES.read_text())
    tell_agreement(queries)
    asked = [query["text"] for query in queries]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as play:
        root = Path(name)
        real_days.make_archive(root, args.data, config)
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        ours = our_site(root, config)
        tell_ranking("ours", queries, [found["ids"] for found in evaluate(browser, ours, OURS, ["BASE", asked, 10])])
        tell_concepts(browser, ours, days, config)
        tell_persons(browser, ours, days)
        for language in ("en", "zh") if args.pagefind else ():
            site = pagefind_site(days, root / f"pagefind-{language}", args.pagefind, language)
            tell_ranking(f"Pagefind, lang={language}", queries, evaluate(browser, site, PAGEFIND, asked))
        abstracts = {paper: text for _, some in days for paper, text in some.items()}
        bench_material.material_site((day for day, _ in days), root / "material", abstracts)
        _, _, answers = bench_material.ask_material(browser, root / "material" / "site", asked)
        tell_ranking("Material's own search", queries, [answer["ids"] for answer in answers])
        browser.close()


if __name__ == "__main__":
    main()
