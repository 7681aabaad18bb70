"""arXiv's documents made safe: XML that cannot hurt, and papers made of the raw texts in it."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from lxml import etree
from pydantic import ValidationError

from generator.core.model import Paper
from generator.core.names import read_authors
from generator.core.tex import title_text, to_unicode
from generator.core.text import clean, is_blank

MAX_TAGS = 2_000_000  # signs "<" and "=" of one answer; lxml takes some 100 bytes for each tag and attribute
MAX_AUTHORS = 20_000  # the longest real list (LHC collaborations) has some 5,000
MAX_ABSTRACT = 20_000  # characters; arXiv itself allows 1,920
MAX_TITLE = 2_000

_PROLOG = re.compile(rb"(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+", re.DOTALL)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})""")
_HTML = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?", re.ASCII)


class UnusableError(Exception):
    """An answer that is not what was asked, although asking again may help; never leaves the arxiv_ modules."""

    def __init__(self, reason: str, retry_after_seconds: float = 0, *, of_server: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after_seconds = retry_after_seconds
        self.of_server = of_server  # HTTP 5xx


def quoted_start(body: bytes) -> str:
    """The beginning of an answer that cannot be read, without its mark-up, quoted."""
    text = re.sub(r"<[^<>]{0,500}>", " ", body[:2000].decode("utf-8", "replace"))
    return repr(clean(text, 120))


def xml_root(content: bytes, tag: str) -> Any:
    """The root element, which is a TAG, of the XML document in CONTENT.

    Raises UnusableError for what is not well-formed UTF-8 XML and for what could hurt: a document type (entities), too
    many elements. lxml itself bounds depth and length of texts.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    prolog = _PROLOG.match(content)
    start = content[prolog.end() if prolog else 0 :][:200]
    if _HTML.match(start):
        raise UnusableError(f"an HTML page in place of data: {quoted_start(content)}")
    if not start.startswith(b"<"):
        raise UnusableError(f"no XML but {quoted_start(content)}")
    if start[:2] == b"<!":
        raise UnusableError("XML with a document type, which arXiv never sends")
    _check_encoding(content)
    if content.count(b"<") + content.count(b"=") > MAX_TAGS:
        raise UnusableError(f"XML with more than {MAX_TAGS} tags and attributes")
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise UnusableError(f"broken or truncated XML: {clean(str(error), 200)}") from None
    if root.tag != tag:
        raise UnusableError(f"XML of another kind: {clean(str(root.tag), 100)}")
    return root


def _parser() -> etree.XMLParser:
    """Reads UTF-8, whatever the document says of itself: in UTF-7 it could hide what is looked for above."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8")


def _check_encoding(content: bytes) -> None:
    declared = _ENCODING.match(content)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise UnusableError(f"text in the charset {clean(declared[1].decode('latin-1'))}, not UTF-8")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnusableError(f"text that is not UTF-8 (byte {error.start})") from None


def make_paper(
    *,
    paper_id: str | None,
    title: str,
    authors: Sequence[str],
    abstract: str,
    categories: Sequence[str],
    submitted: dt.datetime | None,
    updated: dt.datetime | None = None,
    version: int | None = None,
    has_pdf: bool = True,
    comment: str = "",
    doi: str = "",
    journal_ref: str = "",
) -> Paper:
    """A paper of raw texts. Raises ValueError that says what is wrong with it.

    CATEGORIES: primary first, doubles allowed; what is no category of arXiv (the API lists ACM and MSC classes among
    them) is left out.
    """
    known = list(dict.fromkeys(name for name in categories if _CATEGORY.fullmatch(name)))
    names = read_authors(author[:MAX_TITLE] for author in authors[:MAX_AUTHORS])
    heading = clean(title_text(title[: 2 * MAX_TITLE]), MAX_TITLE)
    if paper_id is None:
        raise ValueError("no arXiv identifier")
    if not title.strip():
        raise ValueError("no title")
    if not known or categories[0] != known[0]:
        raise ValueError("no primary category")
    if len(authors) > MAX_AUTHORS:
        raise ValueError(f"{len(authors)} authors")
    try:
        return Paper(
            id=paper_id,
            title=paper_id if is_blank(to_unicode(heading)) else heading,
            authors=tuple(names),
            abstract=clean(title_text(abstract[: 2 * MAX_ABSTRACT]), MAX_ABSTRACT),
            categories=tuple(known),
            submitted=submitted,
            updated=updated,
            version=version,
            has_pdf=has_pdf,
            comment=clean(comment[: 2 * MAX_TITLE], MAX_TITLE) or None,
            doi=clean(doi[:MAX_TITLE], 200) or None,
            journal_ref=clean(title_text(journal_ref[:MAX_TITLE]), 400) or None,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
