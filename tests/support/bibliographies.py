"""The tools that read bibliographies, as their users run them, and what of a paper they may not lose.

BibTeX with pdfLaTeX, biber with LuaLaTeX, pandoc --citeproc, and rispy: each takes entries and tells its errors and
what it shows of each. The rules of `lost_of` are as strict as what the tools do allows.
"""

import html
import importlib
import importlib.util
import itertools
import json
import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from generator.core.model import Paper
from generator.core.tex import Text, formula_spans, read, to_unicode
from generator.core.tex.unicode_signs import LOWERED, RAISED
from generator.core.text import clean
from generator.publish.citations import Facts, bibtex, facts_of, ris
from support.tex_rules import plain

_PREAMBLE = (
    r"\documentclass{article}\usepackage[T1]{fontenc}\usepackage{amsmath,amssymb,textcomp,lmodern}"
    r"\input{glyphtounicode}\pdfgentounicode=1\pagestyle{empty}"
)
_LUA = (
    r"\documentclass{article}\usepackage{amsmath,amssymb}"
    r"\usepackage[backend=biber,maxnames=5000,style=numeric,sorting=none]{biblatex}\pagestyle{empty}"
)


def distinct(all_papers: Iterable[Paper]) -> list[tuple[str, Facts]]:
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
    errors = _typeset("pdflatex", "bibtex", r"^! .*|error message.*|^I was expecting.*|^Warning--.*can't.*", folder)
    return errors, numbered(shown(folder), len(entries))


def lualatex(entries: Sequence[tuple[str, Facts]], folder: Path) -> Told:
    (folder / "b.bib").write_text(bib_file(entries), encoding="utf-8")
    body = r"\addbibresource{b.bib}\begin{document}\nocite{*}\printbibliography\end{document}"
    (folder / "a.tex").write_text(_LUA + body, encoding="utf-8")
    errors = _typeset("lualatex", "biber", r"^! .*|^ERROR.*|^WARN - (?!The entry).*|Missing character.*", folder)
    return errors, numbered(shown(folder), len(entries))


def _typeset(latex: str, bibliography: str, error: str, folder: Path) -> list[str]:
    """What LATEX, BIBLIOGRAPHY and LATEX again print on a.tex in FOLDER that matches ERROR."""
    setting = [latex, "-interaction=nonstopmode", "a"]
    printed = (run(command, folder).stdout for command in (setting, [bibliography, "a"], setting))
    return [line for text in printed for line in re.findall(error, text, re.MULTILINE)]


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
_ONE_GLYPH = str.maketrans("∼ˆ˜Ðð∆ο", "~^~ĐđΔo")
"""What fonts show alike."""
_MARKS = dict(zip("`´ˆ˜¯˙¨˚ˇ", "\u0300\u0301\u0302\u0303\u0304\u0307\u0308\u030a\u030c", strict=True))
_ACCENT_APART = re.compile(r"([`´ˆ˜¯˙¨˚ˇ])([A-Za-z])")
"""How a PDF tells a letter that TeX composed; a comma below stands between blanks."""


def lost_of(facts: Facts, text: str) -> list[str]:
    """What TEXT, all that a tool shows of FACTS, lacks of the title and the authors' names.

    Words, numbers and signs in their case, as often as they are there; a title without TeX in one run; words with
    accents as they are written, but for cedillas, which LaTeX composes where its fonts lack a letter.
    """
    names = " ".join(f"{name.given} {name.family}" for name in facts.authors if not name.family.startswith("et al"))
    words = Counter(re.findall(r"[^\W_]{2,}|[%&$#<>+=]", plain(_words_of(facts).translate(_SCRIPTS))))
    words.update(set(re.findall(r"[^\W_]{2,}", plain(names))) - words.keys())
    text = _ACCENT_APART.sub(lambda found: unicodedata.normalize("NFC", found[2] + _MARKS[found[1]]), text)
    held = squeezed(plain(re.sub(r"\s,\s", "", text)))
    counts = Counter({squeezed(word): count for word, count in words.items()})
    lost = [word for word, count in counts.items() if held.count(word) < count]
    source = facts.paper.title
    if not re.search(r"[$\\]", source) and facts.title.translate(_SCRIPTS) == facts.title:
        lost += [] if _signs(facts.title) in _signs(text) else [facts.title]
    written = squeezed(unicodedata.normalize("NFC", text))
    for span in reversed(formula_spans(source)):
        source = source[: span.start] + " " + source[span.end :]
    prose = unicodedata.normalize("NFC", f"{names} {source}").translate(_SCRIPTS)
    accented = {word for word in re.findall(r"[^\W_]{2,}", prose) if not word.isascii() and not _has_cedilla(word)}
    return lost + [word for word in accented if squeezed(word) not in written]


def _words_of(facts: Facts) -> str:
    """The title, its formulas without Greek and the like: fonts of mathematics tell PDFs no names of such letters."""
    pieces = read(facts.paper.title) if facts.paper.title != facts.paper.id else [Text(facts.title)]
    return "".join(
        piece.text if isinstance(piece, Text) else re.sub("[\u0370-\u23ff]", " ", to_unicode(f"${piece.source}$"))
        for piece in pieces
    )


def squeezed(text: str) -> str:
    """TEXT as PDFs can be compared: no blanks and hyphens, alike signs as one."""
    return re.sub(r"[\s\-‐­–—\u202a-\u202e]", "", text.translate(_ONE_GLYPH))


def _signs(text: str) -> str:
    return re.sub(r"[^\w%&$#<>+=]|_", "", plain(text))


def _has_cedilla(word: str) -> bool:
    return "\u0327" in unicodedata.normalize("NFD", word)


def present(names: Sequence[str]) -> bool:
    return all(map(shutil.which, names)) and (bool(names) or importlib.util.find_spec("rispy") is not None)


def installed() -> list[str]:
    """The tools that are at hand."""
    return [name for name, (programs, _) in TOOLS.items() if present(programs)]


def faults(name: str, entries: Sequence[tuple[str, Facts]], folder: Path) -> tuple[list[str], list[str]]:
    """The errors of the tool NAME over ENTRIES in FOLDER, and what it loses."""
    errors, texts = TOOLS[name][1](entries, folder)
    shown_of_each = [*texts, *[""] * (len(entries) - len(texts))]
    lost = [
        f"{facts.paper.id}: {missing} of {facts.title!r}"
        for (_, facts), text in zip(entries, shown_of_each, strict=True)
        if (missing := lost_of(facts, text))
    ]
    return errors, lost
