"""What reading TeX keeps, what it costs, and how it stands beside others.

    python tests/bench/bench_tex.py property FOLDER...   every text of days in all forms: lost and run together
    python tests/bench/bench_tex.py table FOLDER...      300 texts: ours, arXiv's page, latex2mathml, pylatexenc, pandoc
    python tests/bench/bench_tex.py speed FOLDER...      CPU of 100 papers in all forms against the code of e87bfa0

The rules of the table. Lost: a word, number or one of the signs % + < > = @ * # of the source is not in what is shown
(tex_rules.lost), or nothing is shown at all. Damaged: two words of the source run together (tex_rules.run_together), or
mark-up is shown: a known command with its backslash, or dollars around what is no price. A comment is damaged where it
is called withdrawn and is not, lost where it is withdrawn and is not called so (labels: tests/core/test_comments.py).
Others that know nothing of comments are judged by what their users do: look for the word.
"""

import argparse
import gzip
import html
import importlib
import json
import random
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

OLD = "e87bfa0"
_OLD_FORMS = """
import json, sys, time
from generator import abstracts, mathml, text, unicode_math
rows = json.load(open(sys.argv[1]))
started = time.process_time()
for title, abstract, reason in rows:
    title, abstract = text.title_text(title), text.title_text(abstract)
    mathml.math_html(title), mathml.math_html(reason), list(abstracts.patches(abstract))
    unicode_math.to_unicode(title), unicode_math.to_unicode(reason)
print(time.process_time() - started)
"""
_NEW_FORMS = """
import json, sys, time
from generator.core.tex import math_html, title_text, to_latex, to_unicode
from generator.publish.pages.abstract_patches import patches
rows = json.load(open(sys.argv[1]))
started = time.process_time()
for title, abstract, reason in rows:
    title, abstract = title_text(title), title_text(abstract)
    math_html(title), math_html(reason), list(patches(abstract))
    to_unicode(title), to_unicode(reason), to_latex(title)
print(time.process_time() - started)
"""


def rows(folders: Sequence[Path]) -> Iterator[dict[str, str]]:
    for path in sorted(path for folder in folders for path in folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def texts(folders: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Titles, abstracts, reasons and comments, each with the id of its paper."""
    for row in rows(folders):
        for name in ("title", "abstract", "reason", "comment"):
            if text := row.get(name):
                yield row["id"], text


def visible(page: str) -> str:
    """What a reader sees of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def check_property(folders: Sequence[Path]) -> int:
    from support.tex_rules import lost, run_together

    from generator.core.tex import math_html, title_text, to_latex, to_unicode
    from generator.publish.search.tokens import tokens

    count, faults = 0, 0
    for paper, text in texts(folders):
        count += 1
        source = title_text(text)
        shown = to_unicode(source)
        forms = {"page": visible(math_html(source)), "feed": shown}
        for form, seen in forms.items():
            for rule in (lost, run_together):
                if found := rule(source, seen):
                    faults += 1
                    print(f"{paper} {form} {rule.__name__}: {found[:5]}")
        searched = "".join(tokens(shown))
        faults += sum(word not in searched for word in re.findall(r"[a-z0-9]+", shown.lower()) if word.isascii())
        again = to_unicode(to_latex(source).replace("{}", ""))
        if found := lost(source, again):
            faults += 1
            print(f"{paper} latex: {found[:5]} of {again[:80]!r}")
    print(f"{count} texts, {faults} faults")
    return int(faults > 0)


def measure_speed(folders: Sequence[Path]) -> int:
    """Runs both sides one after the other three times, each in a process of its own, and takes the fastest."""
    picks = [row for row in rows(folders) if row.get("recommended")]
    sample = random.Random(1).sample(picks, min(600, len(picks)))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "rows.json")
        data.write_text(
            json.dumps([[row["title"], row["abstract"], row["reason"] or ""] for row in sample]), encoding="utf-8"
        )
        archive = subprocess.run(["git", "archive", OLD, "generator"], cwd=ROOT, capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)
        best: dict[str, float] = {}
        for _ in range(3):
            for name, code, path in (("old", _OLD_FORMS, folder), ("new", _NEW_FORMS, str(ROOT))):
                done = subprocess.run(
                    [sys.executable, "-c", f"import sys; sys.path.insert(0, {path!r})\n{code}", str(data)],
                    capture_output=True, text=True, check=True, cwd=folder,
                )  # fmt: skip
                best[name] = min(best.get(name, 1e9), float(done.stdout))
    for name, seconds in best.items():
        print(f"{name}: {seconds / len(sample) * 1e5:.1f} ms CPU for 100 papers")
    print(f"ratio {best['new'] / best['old']:.2f}")
    return 0


Peer = Callable[[str], str]


def _arxiv(text: str) -> str:
    """What arXiv's listing shows: accents as Unicode, formulas by MathJax (% begins a comment), all else as sent."""
    from generator.core.text import unaccent_tex

    parts = re.split(r"(?<!\\)\$", text)
    if len(parts) % 2 == 0:
        parts[-2:] = ["$".join(parts[-2:])]
    shown = [
        re.sub(r"(?<!\\)%.*", "", _formula_text(part)) if number % 2 else unaccent_tex(part)
        for number, part in enumerate(parts)
    ]
    return "".join(shown)


def _formula_text(source: str) -> str:
    """A formula as typesetting shows it: blanks between letters are gone."""
    from generator.core.tex import to_unicode

    return re.sub(r"(?<=[A-Za-z]) (?=[A-Za-z])", "", source) if "\\" not in source else to_unicode(f"${source}$")


def _latex2mathml(text: str) -> str:
    from latex2mathml.converter import convert

    parts = re.split(r"(?<!\\)\$", text)
    return "".join(visible(convert(part)) if number % 2 else part for number, part in enumerate(parts))


def _pylatexenc(text: str) -> str:
    return str(importlib.import_module("pylatexenc.latex2text").LatexNodes2Text().latex_to_text(text))


def _pandoc(text: str) -> str:
    command = ["pandoc", "-f", "latex", "-t", "plain", "--wrap=none"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def _ours(text: str) -> str:
    from generator.core.tex import to_unicode

    return to_unicode(text)


def _our_name(text: str) -> str:
    from generator.core.names import author_name

    return author_name(text)


def compare(folders: Sequence[Path]) -> int:
    labelled = runpy.run_path(str(ROOT / "tests" / "core" / "test_comments.py"))
    from generator.core.comments import tells_withdrawal
    from generator.core.names import split_authors

    chosen = random.Random(1)
    everything = [text for _, text in texts(folders)]
    names = sorted(
        {
            name
            for row in rows(folders)
            for name in _names(row, split_authors)
            if re.search(r"[\\{}~]|^and |^\W+$", name)
        }
    )
    samples = {
        "formulas": chosen.sample([text for text in everything if re.search(r"\$[^$]*\\[A-Za-z]", text)], 150),
        "names": chosen.sample(names, min(50, len(names))),
        "money, %, signs": chosen.sample(
            [text for text in everything if re.search(r"\$\d|\$[<>~+-]\$|\\\$|\$[^$]*%", text)], 50
        ),
    }
    comments = [
        *((comment, True) for comment in labelled["GONE"][:25]),
        *((comment, False) for comment in labelled["ALIVE"][:25]),
    ]
    peers: dict[str, Peer] = {
        "ours": _ours,
        "arXiv's page": _arxiv,
        "latex2mathml": _latex2mathml,
        "pylatexenc": _pylatexenc,
    }
    if shutil.which("pandoc"):
        peers["pandoc"] = _pandoc
    print(f"{'':24}" + "".join(f"{kind:>28}" for kind in [*samples, "comments"]) + "   (right / damaged / lost)")
    bad = 0
    for name, peer in peers.items():
        cells = []
        for kind, chosen_texts in samples.items():
            used = _our_name if name == "ours" and kind == "names" else peer
            verdicts = [judge(text, used, kind) for text in chosen_texts]
            bad += name == "ours" and len(verdicts) - verdicts.count("right")
            cells.append(_cell(verdicts))
        told = tells_withdrawal if name == "ours" else (lambda comment: "withdrawn" in comment.lower())
        cells.append(
            _cell(["right" if told(text) is gone else "lost" if gone else "damaged" for text, gone in comments])
        )
        print(f"{name:24}" + "".join(f"{cell:>28}" for cell in cells))
    return int(bad > 0)


def _names(row: dict[str, Any], split: Callable[[str], list[str]]) -> Sequence[str]:
    names = row["authors"]
    return split(names) if isinstance(names, str) else names


def _cell(verdicts: Sequence[str]) -> str:
    return " / ".join(str(verdicts.count(verdict)) for verdict in ("right", "damaged", "lost"))


def judge(source: str, peer: Peer, kind: str) -> str:
    from support.tex_rules import lost, run_together

    from generator.core.tex import title_text

    try:
        shown = peer(source)
    except Exception:  # noqa: BLE001 (whatever a peer raises, its user sees nothing)
        return "lost"
    if kind == "names":
        bare = re.sub(r"^and\s+|\W+$", "", source)
        if not any(map(str.isalpha, source)):
            return "right" if not any(map(str.isalnum, shown)) and not shown.strip() else "damaged"
        if re.search(r"[\\{}~$]|^and\s|[:;,]$", shown.strip()):
            return "damaged"
        return "lost" if lost(bare, shown) else "right"
    source = title_text(source)
    if lost(source, shown):
        return "lost"
    leftover = re.search(
        r"\\(?:text|math|emph|frac|sqrt|cite|href|times|alpha|beta|pm|sim|deg|log|leq|geq|%|&|\$)|\$[^\d\s][^$]{0,60}\$",
        shown,
    )
    return "damaged" if leftover or run_together(source, shown) else "right"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["property", "table", "speed"])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    options = parser.parse_args()
    return {"property": check_property, "table": compare, "speed": measure_speed}[options.what](options.folders)


if __name__ == "__main__":
    sys.exit(main())
