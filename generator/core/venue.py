"""What the authors' comment says of publication: the venue that accepted the paper, and its number of pages."""

import re

from generator.core.text import clean

LONGEST = 80
_CLAUSE = re.compile(
    r"[;\n]|(?<=[\w)\]])\.\s|(?<=\])\s|,\s(?=\d+\s*(?:pages?|figs?|figures?|tables?)\b)|:?\s(?=https?://)",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"\b(?:submi(?:tted|ssion)|under (?:review|revision|consideration)|in review|rejected|withdrawn|invited|preparation"
    r"|conditionally)\b",
    re.IGNORECASE,
)
_ACCEPTED = re.compile(
    r"\b(?:accepted?|to appear|appear(?:s|ed|ing)?|published|presented|forthcoming)\b"
    r"(?:\s(?:as|for)\s(?:an?\s|the\s)?[a-z][\w -]{2,40}?)?"
    r"(?:\s(?:at|in|by|to|on)\b|(?=\s[A-Z]))(?:\sthe\b)?\s*(?P<rest>.+)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:code|data (?:is|are|at)|our|extend\w*|previous|earlier|challenge|competition|based|versions?|appendix"
    r"|template|style|format|using)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?P<name>(?:[A-Z]{2,6}[ /])?"
    r"(?:[A-Z][A-Za-z]{0,9}[A-Z][A-Za-z&]{0,9}(?:-[A-Z]{1,9})?|Interspeech|SIGdial|Eurographics))"
    r"\)?[\s-]{0,3}(?:['’](?P<two>\d\d)|-(?P<dash>\d\d)|(?P<four>(?:19|20)\d\d))(?!\d)"
)
_KINDS = (
    ("Workshop", re.compile(r"\bworkshops?\b", re.IGNORECASE)),
    ("Findings", re.compile(r"\bfindings\b", re.IGNORECASE)),
    ("Oral", re.compile(r"\boral\b", re.IGNORECASE)),
    ("Spotlight", re.compile(r"\bspotlight\b", re.IGNORECASE)),
    ("Highlight", re.compile(r"\bhighlight\b", re.IGNORECASE)),
)
_LONG = re.compile(r"(?P<name>(?=[A-Z0-9])[\w&'’/. -]{3,200}?)(?=\s{0,3}(?:[,:()\[\]]|\.?$))")
_AS = re.compile(r"\sas an?\s.*")
_LONGEST_BARE = 70
"""Characters up to which a clause without a verb, such as "ICML 2026 (Oral)", is taken for a venue."""
_PAGES = re.compile(r"(?<![\d.+-])(\d{1,4})\s{0,3}(?:pages?|pp?\.)(?!\w)", re.IGNORECASE)


def venue_of(comment: str) -> str | None:
    """The venue that COMMENT says has accepted or published the paper; None where it names none.

    >>> venue_of("Accepted at the 43rd International Conference on Machine Learning (ICML 2026), 9 pages")
    'ICML 2026'
    >>> venue_of("CVPR 2026 (Highlight)"), venue_of("Submitted to ACL 2026")
    ('CVPR 2026 Highlight', None)
    """
    clauses = [part for part in _CLAUSE.split(clean(comment)) if part and not _PENDING.search(part)]
    for clause in clauses:
        if (match := _ACCEPTED.search(clause)) and (venue := _named(match["rest"])):
            return venue
    for clause in clauses:
        if len(clause) <= _LONGEST_BARE and not _OTHER.search(clause) and (venue := _short(clause)):
            return venue
    return None


def _named(text: str) -> str | None:
    """The venue at the beginning of TEXT: by its short name and year, or else as it is written."""
    if venue := _short(text):
        return venue
    match = _LONG.match(text)
    name = _AS.sub("", match["name"]).strip(" .") if match else ""
    return name if name[:1].isupper() and " " in name and len(name) <= LONGEST else None


def _short(text: str) -> str | None:
    match = _SHORT.search(text)
    if match is None:
        return None
    year = match["four"] or f"20{match['two'] or match['dash']}"
    kinds = [kind for kind, pattern in _KINDS if pattern.search(text)]
    return " ".join([match["name"], year, *kinds[:1]])


def pages_of(comment: str) -> int | None:
    """The number of pages that COMMENT tells.

    >>> pages_of("12 pages, 3 figures"), pages_of("Project page: x")
    (12, None)
    """
    match = _PAGES.search(comment)
    return int(match[1]) or None if match else None
