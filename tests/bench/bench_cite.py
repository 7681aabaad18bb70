"""Every paper of a folder of days through the tools that read bibliographies: none fails, no sign is lost.

    python tests/bench/bench_cite.py ../shared/data/verdicts ../shared/data/arxiv [--papers 500] [--seed 1] [--part 1/9]

BibTeX with pdfLaTeX, biber with LuaLaTeX, pandoc --citeproc, and rispy; a tool that is not installed is named and left
out. Each entry is looked at by itself: words, numbers and signs of its title and of its authors' names. Prints a line
for each tool: papers, errors, papers with a lost word or sign, seconds.
"""

import argparse
import gzip
import html
import importlib
import importlib.util
import itertools
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.tex_rules import plain

from generator.core.model import Paper
from generator.core.names import read_authors, split_authors
from generator.core.tex import title_text, to_unicode
from generator.core.tex.unicode_signs import LOWERED, RAISED
from generator.core.text import clean
from generator.publish.citations import Facts, bibtex, facts_of, ris

BATCH = 1000
_PREAMBLE = (
    r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{amsmath,amssymb,textcomp,lmodern}"
    r"\input{glyphtounicode}\pdfgentounicode=1\pagestyle{empty}"
)
_LUA = (
    r"\documentclass{article}\usepackage{amsmath,amssymb}"
    r"\usepackage[backend=biber,maxnames=5000,style=numeric,sorting=none]{biblatex}\pagestyle{empty}"
)


def papers(folders: Sequence[Path]) -> Iterator[Paper]:
    """The papers of the days in FOLDERS, read as the program reads them; without abstracts."""
    for path in sorted(path for folder in folders for path in folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                names = row["authors"]
                title = clean(title_text(row["title"]))
                yield Paper(
                    id=row["id"],
                    title=title or row["id"],
                    authors=tuple(read_authors(split_authors(names) if isinstance(names, str) else names)),
                    categories=tuple(row.get("categories") or [row.get("category") or "cs.LG"]),
                    submitted=None,
                    journal_ref=row.get("journal_ref"),
                    doi=row.get("doi"),
                )


def distinct(all_papers: Sequence[Paper]) -> list[tuple[str, Facts]]:
    """Facts with a key of their own for each paper, as a browser gives them when it exports many."""
    return [
        (f"k{number}", facts_of(paper))
        for number, paper in enumerate({paper.id: paper for paper in all_papers}.values())
    ]


def bib_file(entries: Sequence[tuple[str, Facts]]) -> str:
    return "\n".join(re.sub(r"(?<=^@misc\{)[^,]*", key, bibtex(facts)) for key, facts in entries)


def run(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=1800, check=False, errors="replace"
    )


Told = tuple[list[str], list[str]]
"""Errors, and what a tool shows of each entry in their order."""


def pdflatex(entries: Sequence[tuple[str, Facts]], folder: Path) -> Told:
    (folder / "b.bib").write_text(bib_file(entries), encoding="utf-8")
    body = r"\begin{document}\nocite{*}\bibliographystyle{unsrt}\bibliography{b}\end{document}"
    (folder / "a.tex").write_text(_PREAMBLE + body, encoding="utf-8")
    errors: list[str] = []
    for command in (
        ["pdflatex", "-interaction=nonstopmode", "a"],
        ["bibtex", "a"],
        ["pdflatex", "-interaction=nonstopmode", "a"],
    ):
        done = run(command, folder)
        errors += re.findall(r"^! .*|error message.*|^I was expecting.*|^Warning--.*can't.*", done.stdout, re.MULTILINE)
    return errors, numbered(shown(folder), len(entries))


def lualatex(entries: Sequence[tuple[str, Facts]], folder: Path) -> Told:
    (folder / "b.bib").write_text(bib_file(entries), encoding="utf-8")
    body = r"\addbibresource{b.bib}\begin{document}\nocite{*}\printbibliography\end{document}"
    (folder / "a.tex").write_text(_LUA + body, encoding="utf-8")
    errors: list[str] = []
    for command in (
        ["lualatex", "-interaction=nonstopmode", "a"],
        ["biber", "a"],
        ["lualatex", "-interaction=nonstopmode", "a"],
    ):
        done = run(command, folder)
        errors += re.findall(r"^! .*|^ERROR.*|^WARN - (?!The entry).*|Missing character.*", done.stdout, re.MULTILINE)
    return errors, numbered(shown(folder), len(entries))


def shown(folder: Path) -> str:
    """The text of the PDF that LaTeX made."""
    if not (folder / "a.pdf").exists():
        return ""
    return run(["pdftotext", "-raw", "a.pdf", "-"], folder).stdout


def numbered(text: str, count: int) -> list[str]:
    """The COUNT entries of a bibliography that numbers them: [1] to [COUNT], each after the one before."""
    text = text.replace("\f", "\n")
    starts = [0]
    for number in range(1, count + 1):
        found = re.compile(rf"^\[{number}\]", re.MULTILINE).search(text, starts[-1])
        starts.append(found.end() if found else starts[-1])
    return [text[start:end] for start, end in itertools.pairwise([*starts[1:], len(text)])]


def pandoc(entries: Sequence[tuple[str, Facts]], folder: Path) -> Told:
    (folder / "b.bib").write_text(bib_file(entries), encoding="utf-8")
    (folder / "a.md").write_text("---\nnocite: '@*'\nbibliography: b.bib\n---\n", encoding="utf-8")
    done = run(["pandoc", "--citeproc", "--mathml", "--wrap=none", "-t", "html", "a.md"], folder)
    found = {
        key: html.unescape(re.sub(r"<annotation.*?</annotation>|<[^>]*>", "", text, flags=re.DOTALL))
        for key, text in re.findall(r'<div id="ref-([^"]*)"[^>]*>(.*?)</div>', done.stdout, re.DOTALL)
    }
    items = json.loads(run(["pandoc", "-f", "bibtex", "-t", "csljson", "b.bib"], folder).stdout or "[]")
    names = {item["id"]: " ".join(" ".join(name.values()) for name in item.get("author", [])) for item in items}
    texts = [f"{found.get(key, '')} {names.get(key, '')}" for key, _ in entries]  # its style shortens long lists
    return [*filter(None, done.stderr.splitlines())], texts


def rispy(entries: Sequence[tuple[str, Facts]], folder: Path) -> Told:
    reader = importlib.import_module("rispy")
    path = folder / "a.ris"
    path.write_bytes("\n".join(ris(facts) for _, facts in entries).replace("\n", "\r\n").encode())
    read = reader.loads(path.read_text(encoding="utf-8"))
    errors = [] if len(read) == len(entries) else [f"{len(read)} entries of {len(entries)}"]
    errors += [
        facts.paper.id for (_, facts), row in zip(entries, read, strict=False) if row.get("title") != clean(facts.title)
    ]
    return errors, [f"{row.get('title')} {'; '.join(row.get('authors', []))}" for row in read]


TOOLS: dict[str, tuple[Sequence[str], Callable[[Sequence[tuple[str, Facts]], Path], Told]]] = {
    "bibtex + pdflatex": (("pdflatex", "bibtex", "pdftotext"), pdflatex),
    "biber + lualatex": (("lualatex", "biber", "pdftotext"), lualatex),
    "pandoc --citeproc": (("pandoc",), pandoc),
    "rispy": ((), rispy),
}


_SCRIPTS = dict.fromkeys(map(ord, [*RAISED, *LOWERED]), " ")
"""Pages set scripts above one another; in which order their text has them is not told."""


def lost_of(facts: Facts, text: str) -> list[str]:
    """Words, numbers and signs of the title and the authors' names that TEXT, squeezed, does not hold as often."""
    names = " ".join(f"{name.given} {name.family}" for name in facts.authors if not name.family.startswith("et al"))
    words = Counter(re.findall(r"[^\W_]{2,}|[%&$#<>+=]", plain(to_unicode(facts.title).translate(_SCRIPTS))))
    words.update(set(re.findall(r"[^\W_]{2,}", plain(names))) - words.keys())
    held = text.lower()  # capital letters are up to a style
    counts = Counter({squeezed(word).lower(): count for word, count in words.items()})
    return [word for word, count in counts.items() if held.count(word) < count]


def squeezed(text: str) -> str:
    """TEXT as PDFs can be compared: no blanks, hyphens, ligatures or accents of their own, signs in one form."""
    text = text.translate({ord("∼"): "~", ord("ˆ"): "^", ord("˜"): "~", ord("Ð"): "Đ", ord("ð"): "đ"})
    return re.sub(r"[\s,\-‐­–—¸˛ˇ˘¯˙˚´`¨˝]", "", plain(re.sub("[¸˛ˇ˘¯˙˚´¨˝]", "", text)))


def present(names: Sequence[str]) -> bool:
    return all(map(shutil.which, names)) and (bool(names) or importlib.util.find_spec("rispy") is not None)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--papers", type=int, help="a seeded sample of so many")
    parser.add_argument("--part", default="1/1", metavar="K/N", help="the K-th of N parts: a run of all takes an hour")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tool", choices=sorted(TOOLS))
    options = parser.parse_args()
    found = list(papers(options.folders))
    if options.papers:
        found = random.Random(options.seed).sample(found, min(options.papers, len(found)))
    place, parts = map(int, options.part.split("/"))
    entries = distinct(found)[place - 1 :: parts]
    failed = False
    for name, (programs, tool) in TOOLS.items():
        if options.tool and name != options.tool:
            continue
        if not present(programs):
            print(f"{name}: not installed")
            continue
        errors: list[str] = []
        lost: list[str] = []
        started = time.perf_counter()
        for start in range(0, len(entries), BATCH):
            part = entries[start : start + BATCH]
            with tempfile.TemporaryDirectory() as folder:
                told, texts = tool(part, Path(folder))
            errors += told
            lost += [
                f"{facts.paper.id}: {missing} of {facts.title!r}"
                for (_, facts), text in zip(part, [*texts, *[""] * (len(part) - len(texts))], strict=True)
                if (missing := lost_of(facts, squeezed(text)))
            ]
        print(
            f"{name}: {len(entries)} papers, {len(errors)} errors, {len(lost)} lost,"
            f" {time.perf_counter() - started:.0f} s"
        )
        for line in [*errors[:20], *lost[:20]]:
            print("   ", line)
        failed = failed or bool(errors or lost)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
