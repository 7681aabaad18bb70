"""A paper as bibliographies take it: BibTeX, RIS. The browser exports what is written here.

A writer is a function from a `Paper` to text; `facts_of` says once what every writer tells of it.
"""

import gzip
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from generator.core.model import Paper
from generator.core.names import Name, parse_name
from generator.core.tex import to_latex, to_unicode
from generator.core.text import clean

_DULL = frozenset(["a", "an", "the", "on", "of", "in", "for", "to", "is", "are", "and", "with"])
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]")


class Facts(NamedTuple):
    """What a citation tells of a paper, as plain Unicode; month: None where only the year is known."""

    paper: Paper
    key: str
    title: str
    authors: tuple[Name, ...]
    year: int
    month: int | None
    day: int | None
    doi: str


def facts_of(paper: Paper) -> Facts:
    """What every citation of PAPER tells, read once."""
    title = to_unicode(paper.title) or paper.id
    authors = tuple(map(parse_name, paper.authors))
    submitted = paper.submitted
    year = submitted.year if submitted else _year_of_id(paper.id)
    return Facts(
        paper=paper,
        key=_key(authors, year, title),
        title=title,
        authors=authors,
        year=year,
        month=submitted.month if submitted else None,
        day=submitted.day if submitted else None,
        doi=paper.doi or f"10.48550/arXiv.{paper.id}",
    )


def bibtex(facts: Facts) -> str:
    """The paper of FACTS as an entry of BibTeX that LaTeX with amsmath and amssymb, biber and pandoc take as it is."""
    paper = facts.paper
    rows: Mapping[str, str] = {
        "title": f"{{{{{_title(to_latex(paper.title) or paper.id)}}}}}",
        "author": f"{{{' and '.join(map(_bibtex_name, facts.authors))}}}" if facts.authors else "",
        "year": f"{{{facts.year}}}",
        "month": _MONTHS[facts.month - 1] if facts.month else "",
        "eprint": f"{{{paper.id}}}",
        "archivePrefix": "{arXiv}",
        "primaryClass": f"{{{paper.primary}}}" if paper.primary else "",
        "doi": f"{{{_verbatim(facts.doi)}}}",
        "note": f"{{{to_latex(paper.journal_ref)}}}" if paper.journal_ref else "",
        "keywords": f"{{{', '.join(paper.categories)}}}" if paper.categories else "",
        "url": f"{{{paper.abs_url}}}",
    }
    lines = ",\n".join(f"  {name} = {value}" for name, value in rows.items() if value)
    return f"@misc{{{facts.key},\n{lines}\n}}\n"


_FORMULA = re.compile(r"(\$(?:[^${}]|\{(?:[^{}]|\{[^{}]*\})*\})*\$)")


def _title(latex: str) -> str:
    """A title whose capitals beside digits pandoc keeps: where all words begin with capitals it makes "3d" of "3D"."""
    parts = _FORMULA.split(latex)
    if any(re.search(r"(?:^| )[a-z]", part) for part in parts[::2]):
        return latex
    parts[::2] = [re.sub(r"(?<=[A-Z])\d{1,9}|(?<!\d)\d{1,9}(?=[A-Z])", r"{\g<0>}", part) for part in parts[::2]]
    return "".join(parts)


def ris(facts: Facts) -> str:
    """An entry of RIS, in Unicode, for no reader of RIS knows TeX; a file of RIS ends its lines with CRLF."""
    paper = facts.paper
    date = f"{facts.year}/{facts.month:02}/{facts.day:02}/" if facts.month and facts.day else ""
    rows: Iterable[tuple[str, str]] = [
        ("TY", "UNPB"),
        ("TI", facts.title),
        *(("AU", _ris_name(name)) for name in facts.authors),
        ("PY", str(facts.year)),
        ("DA", date),
        ("PB", "arXiv"),
        ("M1", f"arXiv:{paper.id}"),
        ("DO", facts.doi),
        ("N1", to_unicode(paper.journal_ref or "")),
        *(("KW", name) for name in paper.categories),
        ("UR", paper.abs_url),
    ]
    lines = [f"{tag}  - {clean(value)}" for tag, value in rows if value]
    return "\n".join([*lines, "ER  - ", ""])


def csl_json(facts: Facts) -> dict[str, object]:
    """An item of CSL-JSON, in Unicode, as citation processors (pandoc, Zotero, citeproc) take it."""
    paper = facts.paper
    date = [part for part in (facts.year, facts.month, facts.day) if part]
    rows: Mapping[str, object] = {
        "id": facts.key,
        "type": "article",
        "title": facts.title,
        "author": list(map(_csl_name, facts.authors)),
        "issued": {"date-parts": [date]},
        "publisher": "arXiv",
        "number": f"arXiv:{paper.id}",
        "DOI": facts.doi,
        "URL": paper.abs_url,
        "keyword": ", ".join(paper.categories),
    }
    return {name: value for name, value in rows.items() if value}


Writer = Callable[[Facts], str]
WRITERS: Mapping[str, Writer] = {
    "bibtex": bibtex,
    "ris": ris,
    "csl": lambda facts: json.dumps(csl_json(facts), ensure_ascii=False),
}
"""The forms in which a browser exports a paper, by the name that it asks for."""


ENDINGS: Mapping[str, str] = {"BibTeX": ".bib", "RIS": ".ris", "CSL-JSON": ".csl.json"}
"""The files of a day's citations: what a form is called, and how its file ends."""


def packed_citations(papers: Iterable[Paper]) -> bytes:
    """PAPERS in every form, by id, as gzipped JSON: `{"2601.00001": {"bibtex": "@misc...", ...}}`."""
    found = {facts.paper.id: {name: write(facts) for name, write in WRITERS.items()} for facts in map(facts_of, papers)}
    content = json.dumps(found, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    return gzip.compress(content, compresslevel=9, mtime=0)


def _key(authors: tuple[Name, ...], year: int, title: str) -> str:
    """Family name, year and the first word that says something; two papers may share it."""
    first = next((word for word in map(_ascii, title.split()) if word and word not in _DULL), "")
    return f"{(_ascii(authors[0].family) if authors else '') or 'anonymous'}{year}{first}"


def _ascii(text: str) -> str:
    from_letters = to_unicode(text).translate(_LETTERS)
    return _NOT_IN_KEYS.sub("", unicodedata.normalize("NFKD", from_letters).lower())


_LETTERS = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)


def _year_of_id(arxiv_id: str) -> int:
    digits = int(re.sub(r"^.*/", "", arxiv_id)[:2])
    return digits + (1900 if digits > 90 else 2000)


def _bibtex_name(name: Name) -> str:
    """NAME as BibTeX parses it: in its plain order where that reads right, else `von Last, Jr, First`, or in braces."""
    if name.collective:
        return "others" if name.family.startswith("et al") else f"{{{to_latex(name.family)}}}"
    given, family, particle, suffix = map(to_latex, (name.given, name.family, name.particle, name.suffix))
    if " and " in f" {name.given} {name.family} ".lower():
        return f"{{{given} {family}}}"
    is_unusual = name.family[:1].islower() or (" " in name.family and not particle)
    if is_unusual:  # BibTeX takes words in small letters, and what stands before them, for particles
        family = f"{{{family}}}"
    if not given and suffix:
        return f"{{{name.family}, {suffix}}}"
    if not given:
        return f"{particle} {family}".strip()
    if is_unusual or particle or suffix or any(word[:1].islower() for word in name.given.split()):
        return ", ".join(part for part in (f"{particle} {family}".strip(), suffix, given) if part)
    return f"{given} {family}"


def _ris_name(name: Name) -> str:
    """NAME as RIS has it: `von Last, First, Jr`; a collective is not turned."""
    if name.collective:
        return name.family
    return ", ".join(part for part in (f"{name.particle} {name.family}".strip(), name.given, name.suffix) if part)


def _csl_name(name: Name) -> dict[str, str]:
    if name.collective:
        return {"literal": name.family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}


SUFFIXES = (".bib", ".ris", ".csl.json")
"""The endings of the names of the forms."""


def collections(papers: Iterable[Paper]) -> dict[str, str]:
    """PAPERS as one file in each form, by the ending of its name. A key that stands already gets a number."""
    found = _with_own_keys(map(facts_of, papers))
    items = [json.dumps(csl_json(facts), ensure_ascii=False, separators=(",", ":")) for facts in found]
    forms = (
        "\n".join(map(bibtex, found)),
        "\r\n".join("".join(map(ris, found)).split("\n")),
        "[\n" + ",\n".join(items) + "\n]\n",  # a paper a line: a quarter less than with a name a line
    )
    return dict(zip(SUFFIXES, forms, strict=True))


def _with_own_keys(papers: Iterable[Facts]) -> list[Facts]:
    seen: dict[str, int] = {}
    found = []
    for facts in papers:
        number = seen[facts.key] = seen.get(facts.key, 0) + 1
        found.append(facts if number == 1 else facts._replace(key=f"{facts.key}-{number}"))
    return found


def _verbatim(text: str) -> str:
    """TEXT for a field that LaTeX reads sign by sign: without what ends or unbalances the field."""
    return "".join(sign for sign in text if sign not in '{}\\% "')
