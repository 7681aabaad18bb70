"""The scan of the finished site: every file of it against the lists in allowlist.py, read as a browser reads it.

What the lists do not name is a hit. A hit belongs to the paper that was named last before it; that paper can be
withheld, and a second scan shows whether it was the one. lexbor (selectolax) builds the tree that the HTML standard
defines; lxml does not: it drops a second <body onload=...>, which a browser runs.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import material  # type: ignore[import-untyped]
from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from generator.core.code import code_digest
from generator.core.errors import HostileTextError
from generator.core.files import digest, read_gzip
from generator.core.model import ARXIV_ID
from generator.core.text import clean, invisible
from generator.publish.site import allowlist
from generator.publish.site.folder import SiteFolder
from generator.publish.site.scripts import published

MATERIAL = Path(material.__file__).parent / "templates" / "assets"
"""Material's scripts and styles."""

_STYLABLE = re.compile(r"[\w\s.,#%()+-]*", re.ASCII)
_ANCHOR = re.compile(r"[\w./:-]{1,120}")
_CLOSES = re.compile("</noscript", re.IGNORECASE)
_INSIDE = re.compile(r"url\(#[\w-]+\)", re.ASCII)
_URL_LIKE = re.compile(r"url\s*\(", re.IGNORECASE)
_NAMES_PAPER = re.compile(rf"(?:#|arxiv\.org/(?:abs|pdf|html)/|oai:arXiv\.org:)({ARXIV_ID})$")
_IS_ID = re.compile(ARXIV_ID)
MOST_HITS = 20


class Violation(NamedTuple):
    """Something that may not be there: the file below site/, what it is, and the paper that it seems to come from."""

    file: str
    what: str
    paper: str | None

    def __str__(self) -> str:
        return f"{self.file}: {clean(self.what, 200)}" + (f" (paper {self.paper})" if self.paper else "")


class Where(NamedTuple):
    """What a scan has to know of a file.

    by_hand: whether the operator wrote it, who may link to any host; code: what scripts and styles were made of, None
    where that is not looked at.
    """

    name: str
    url: str
    by_hand: bool = False
    code: "Code | None" = None


class Code(NamedTuple):
    """The project's scripts and styles as they are published: digests of most, patterns of those that are filled in."""

    digests: frozenset[str]
    filled_in: tuple[re.Pattern[str], ...]

    @property
    def key(self) -> str:
        """A digest of all of them."""
        return digest(*sorted(self.digests))


def known_code(theme: Path, others: Iterable[Path] = ()) -> Code:
    """The scripts and styles of THEME, of Material, and those among the files OTHERS.

    In one of THEME with `{{ }}` MkDocs puts JSON there.
    """
    own = [path.read_bytes() for path in sorted(theme.rglob("*")) if path.suffix in allowlist.CODE]
    paths = chain(MATERIAL.rglob("*"), others)
    brought = [path.read_bytes() for path in paths if path.suffix in allowlist.CODE]
    own = [source for content in own for source in {content, published(content)}]
    brought = [source for content in brought for source in {content, published(content)}]
    filled = [re.split(r"\{\{[^{}]*\}\}", source.decode().rstrip("\n")) for source in own if b"{{" in source]
    digests = frozenset(hashlib.sha256(source).hexdigest() for source in [*own, *brought])
    return Code(digests, tuple(re.compile("([^\n]*)".join(map(re.escape, parts)) + r"\n?") for parts in filled))


def scan_site(
    folder: SiteFolder, url: str, by_hand: Collection[str], code: Code, withheld: Collection[str] = ()
) -> list[str]:
    """A line for each thing that may not be in FOLDER, to be published at URL; what was found clean is not read again.

    BY_HAND: see violations.

    Raises HostileTextError if any seems to come from a paper that is not WITHHELD yet: without it, the scan shows what
    else there is.
    """
    rules = digest(code_digest(__name__), url)
    of_kind = {
        (is_code, is_by_hand): digest(rules, code.key if is_code else "", "by hand" if is_by_hand else "")
        for is_code in (False, True)
        for is_by_hand in (False, True)
    }
    rules_of = {name: of_kind[name.endswith(tuple(allowlist.CODE)), name in by_hand] for name in sorted(folder.files)}
    new = [name for name, rules in rules_of.items() if not folder.is_clean(name, rules)]
    found = list(violations(folder.path, url, by_hand, new, code))
    wrong = {hit.file for hit in found}
    for name in new:
        if name not in wrong:
            folder.keep_clean(name, rules_of[name])
    papers = frozenset(hit.paper for hit in found if hit.paper) - set(withheld)
    if papers:
        more = f"\n... and {len(found) - MOST_HITS} more" if len(found) > MOST_HITS else ""
        raise HostileTextError("\n".join(map(str, found[:MOST_HITS])) + more, papers, _kinds(found, papers))
    return [str(hit) for hit in found]


def _kinds(found: Iterable[Violation], papers: Collection[str]) -> dict[str, frozenset[str]]:
    """What was FOUND in PAPERS, by element, attribute and host: `<a href> to example.org`."""
    kinds: dict[str, set[str]] = {}
    for hit in found:
        if hit.paper in papers and hit.paper is not None:
            element = re.match(r"<(\w+) ([\w:-]+)=['\"](?:https?://([^/'\"]*))?", hit.what)
            host = f" to {element[3]}" if element and element[3] else ""
            kind = f"<{element[1]} {element[2]}>{host}" if element else hit.what
            kinds.setdefault(kind, set()).add(hit.paper)
    return {kind: frozenset(papers) for kind, papers in kinds.items()}


def violations(
    site: Path,
    url: str,
    by_hand: Collection[str] = (),
    names: Iterable[str] | None = None,
    code: Code | None = None,
) -> Iterator[Violation]:
    """What may not be there in the files of SITE, to be published at URL, or in those of them that NAMES names.

    BY_HAND: the pages that were not made from records, such as about/index.html.
    """
    if names is None:
        names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
    for name in names:
        yield from _file_hits(site / name, Where(name, url, name in by_hand, code))


def page_of(source: str) -> str:
    """The file of the site that the page SOURCE of docs/ becomes."""
    path = PurePosixPath(source)
    folder = path.parent if path.stem in ("index", "README") else path.with_suffix("")
    return (folder / "index.html").as_posix()


def _file_hits(path: Path, where: Where) -> Iterator[Violation]:
    """What may not be there in one file, by its kind; a kind that is not known may not be there at all."""
    suffix = path.suffix.lower()
    if suffix == ".gz":
        yield from _packed_hits(path, where)
    elif suffix in _LOOKS:
        yield from _LOOKS[suffix](path.read_bytes(), where)
    elif where.name == allowlist.WORKER or (suffix in allowlist.CODE and where.name.startswith(allowlist.CODE_FOLDERS)):
        yield from code_hits(path.read_bytes(), where)
    elif suffix not in allowlist.INERT:
        yield Violation(where.name, f"a file of a kind ({suffix}) that may not lie here", None)


def _packed_hits(path: Path, where: Where) -> Iterator[Violation]:
    content = _unpacked(path)
    if where.name.endswith(".formulas.json.gz"):
        yield from formula_hits(content, where)
    elif where.name.endswith(".jsonl.gz"):
        for line in content.splitlines() or [b""]:
            yield from json_hits(line, where)
    elif where.name.endswith(".xml.gz"):
        yield from xml_hits(content, where)
    elif where.name.startswith(allowlist.INDEX_FOLDER):
        yield from index_hits(content, where)
    else:
        yield from json_hits(content, where)


def _unpacked(path: Path) -> bytes:
    """What PATH holds, packed; nothing, which is a hit, where it is damaged or too much to be looked at."""
    try:
        return read_gzip(path)
    except (OSError, ValueError):
        return b""


# HTML.


def page_hits(content: bytes, where: Where) -> Iterator[Violation]:
    """What may not be there in a page."""
    root = LexborHTMLParser(content.decode("utf-8", "replace")).root
    yield from _tree_hits(root, where, _page_element)
    policies = root.css("meta[http-equiv]") if root else []
    if [policy.attributes.get("content") for policy in policies] != [allowlist.CSP]:
        yield Violation(where.name, "not the one Content-Security-Policy that every page has", None)
    elif root is not None:
        first = root.css_first("meta, script, link, style")
        if first is None or first.mem_id != policies[0].mem_id:
            yield Violation(where.name, "something stands before the Content-Security-Policy", None)


def fragment_hits(text: str, where: Where, paper: str | None = None) -> Iterator[Violation]:
    """What may not be there in HTML within a feed, which speaks of PAPER."""
    tree = LexborHTMLParser(f"<!doctype html><html><head></head><body>{text}</body></html>").root
    yield from _tree_hits(tree, where, _feed_element, paper)


def _tree_hits(root: LexborNode | None, where: Where, look: Any, paper: str | None = None) -> Iterator[Violation]:
    """The hits of LOOK over all elements, each with the paper that was named last."""
    for node in root.traverse(include_text=True) if root is not None else ():
        tag = node.tag or ""
        if tag.startswith(("-", "!")):
            yield from (Violation(where.name, what, paper) for what in _no_element(tag, node, where))
            continue
        attributes = node.attributes
        paper = _named(tag, attributes) or paper
        for what in look(tag, attributes, node, where):
            yield Violation(where.name, what, paper)


def _no_element(tag: str, node: LexborNode, where: Where) -> Iterator[str]:
    """Text and comments; what was written by hand may hold comments."""
    if tag == "-text":
        text = node.text_content or ""
        if not text.isprintable() and any(map(invisible, text)):
            yield f"invisible signs in {text!r}"
    elif tag == "-comment" and not where.by_hand:
        yield "a comment"


def _named(tag: str, attributes: Mapping[str, str | None]) -> str | None:
    """The paper that an element names: a card by its id, a link by its target."""
    if tag == "article":
        name = attributes.get("id") or ""
        return name if _IS_ID.fullmatch(name) else None
    match = _NAMES_PAPER.search(attributes.get("href") or "") if tag == "a" else None
    return match[1] if match else None


def _page_element(tag: str, attributes: Mapping[str, str | None], node: LexborNode, where: Where) -> Iterator[str]:
    may = _allowed(tag)
    if may is None:
        yield f"the element <{tag}>"
        return
    for name, value in attributes.items():
        yield from _attribute(tag, name, value or "", may, where)
    if tag == "script":
        yield from _script(attributes, node, where)
    elif tag == "noscript" and any(
        _CLOSES.search(value or "") for inner in node.css("*") for value in inner.attributes.values()
    ):
        yield "a <noscript> that ends elsewhere for a browser that runs scripts"
    elif tag == "link" and not set((attributes.get("rel") or "").split()) <= allowlist.LINK_RELATIONS:
        yield f"<link rel={attributes.get('rel')!r}>"
    elif tag == "meta" and attributes.get("http-equiv") not in (None, "Content-Security-Policy"):
        yield f"<meta http-equiv={attributes.get('http-equiv')!r}>"


def _allowed(tag: str) -> frozenset[str] | None:
    """The attributes of the element TAG, None where there may be no such element."""
    if tag in allowlist.HTML:
        return allowlist.HTML[tag] | allowlist.EVERY | allowlist.DATA
    if tag in allowlist.SVG:
        return allowlist.DRAWN | allowlist.EVERY
    return allowlist.MATH_ATTRIBUTES if tag in allowlist.MATH else None


def _attribute(tag: str, name: str, value: str, may: frozenset[str], where: Where) -> Iterator[str]:
    if name not in may:
        yield f"<{tag} {name}={value!r}>"
    elif name in allowlist.ADDRESSES:
        if not _address_is_fine(tag, value, where):
            yield f"<{tag} {name}={value!r}>"
    elif name == "id" and not _ANCHOR.fullmatch(value):
        yield f"the anchor {value!r}"
    elif (
        name in allowlist.DRAWN and tag in allowlist.SVG and (not _STYLABLE.fullmatch(value) or _URL_LIKE.search(value))
    ):
        yield f"<{tag} {name}={value!r}>"


def _address_is_fine(tag: str, address: str, where: Where) -> bool:
    """Whether an address leads into the site; a link may lead to arXiv, one that was written by hand to any https."""
    if any(invisible(character) or character in "\n\t\\" for character in address):
        return False
    whole = urljoin(urljoin(where.url, where.name), address)
    if whole.startswith(where.url) or whole == where.url.rstrip("/"):
        return True
    if tag != "a":
        return False
    if whole.startswith(allowlist.LINKS) or allowlist.CODE_ADDRESS.fullmatch(whole):
        return True
    scheme = urlsplit(whole).scheme
    return where.by_hand and (scheme in ("https", "mailto") or whole.startswith("http://127.0.0.1:"))


def _script(attributes: Mapping[str, str | None], node: LexborNode, where: Where) -> Iterator[str]:
    """A script is one of ours by its address, or data that can be read as JSON."""
    text = node.text()
    if address := attributes.get("src"):
        inside = urljoin(urljoin(where.url, where.name), address).removeprefix(where.url)
        if text.strip() or not inside.startswith(allowlist.CODE_FOLDERS):
            yield f"<script src={address!r}>"
    elif attributes.get("type") not in allowlist.DATA_SCRIPTS:
        yield f"an inline script: {text[:80]!r}"
    elif _parsed(text) is _BROKEN:
        yield f"a script of type {attributes.get('type')} that is no JSON"


def _feed_element(tag: str, attributes: Mapping[str, str | None], _node: LexborNode, where: Where) -> Iterator[str]:
    if tag in ("html", "head", "body"):
        yield from (f"<{tag} {name}>" for name in attributes)
        return
    may = allowlist.IN_FEEDS.get(tag)
    if may is None:
        yield f"the element <{tag}>"
        return
    for name, value in attributes.items():
        if name not in may or not _address_is_fine(tag, value or "", where):
            yield f"<{tag} {name}={value!r}>"


# XML and JSON.


def xml_hits(content: bytes, where: Where) -> Iterator[Violation]:
    """What may not be there in a feed, an OPML or a map of the site."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        yield Violation(where.name, f"not well-formed: {error}", None)
        return
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or root.getprevious() is not None or root.getnext() is not None:
        yield Violation(where.name, "a document type or something beside the root", None)
    paper: str | None = None
    for element in root.iter():
        if not isinstance(element.tag, str):
            yield Violation(where.name, "a comment, an instruction or an entity", paper)
            continue
        name = etree.QName(element)
        if name.localname in allowlist.ITEMS:
            paper = _paper_of(element)
        for what in _xml_element(element, name, where):
            yield Violation(where.name, what, paper)
        if name.localname in allowlist.XML_HTML and "<" in (element.text or ""):
            yield from fragment_hits(element.text or "", where, paper)


def _paper_of(item: Any) -> str | None:
    """The paper that an item of a feed is about."""
    for child in item:
        for text in (child.text or "", child.get("href") or ""):
            if match := _NAMES_PAPER.search(text):
                return match[1]
    return None


def _xml_element(element: Any, name: Any, where: Where) -> Iterator[str]:
    may = allowlist.XML.get(name.localname)
    if may is None or name.namespace not in allowlist.NAMESPACES:
        yield f"the element <{name.text}>"
        return
    for key, value in _attributes(element):
        local = etree.QName(key).localname
        if local not in may or (local in allowlist.XML_ADDRESSES and not _feed_address(value, where)):
            yield f"<{name.localname} {local}={value!r}>"
    text = (element.text or "").strip()
    if name.localname in allowlist.XML_ADDRESS_ELEMENTS and text and not _feed_address(text, where):
        yield f"the address {text!r}"


def _attributes(element: Any) -> Iterator[tuple[str, str]]:
    """The attributes of an element of XML."""
    return ((str(key), str(value)) for key, value in element.attrib.items())


def _feed_address(address: str, where: Where) -> bool:
    """Whether an address in a feed is a whole one, of the site, of arXiv or of the format's own home."""
    return address.startswith((where.url, *allowlist.LINKS, "http://www.rssboard.org/"))


_BROKEN = object()


def drawing_hits(content: bytes, where: Where) -> Iterator[Violation]:
    """What may not be there in a drawing, which a browser opens as a document of its own: script, links, loading."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        yield Violation(where.name, f"not well-formed: {error}", None)
        return
    for element in root.iter():
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name not in allowlist.SVG | allowlist.PAINT:
            yield Violation(where.name, f"the element <{name}>", None)
        for key, value in _attributes(element):
            refers = _URL_LIKE.search(value) and not _INSIDE.fullmatch(value)
            if key.startswith(("on", "{")) or "href" in key or refers:
                yield Violation(where.name, f"<{name} {key}={value!r}>", None)


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _BROKEN


def json_hits(content: bytes, where: Where) -> Iterator[Violation]:
    """What may not be there in JSON: what is none, invisible signs, and in a feed what no feed may hold."""
    whole = _parsed(content)
    if whole is _BROKEN:
        yield Violation(where.name, "no JSON", None)
        return
    stack: list[tuple[Any, str | None]] = [(whole, None)]
    value: Any
    while stack:
        value, paper = stack.pop()
        if isinstance(value, dict):
            paper = _paper_in(value) or paper
            stack.extend((part, key if _IS_ID.fullmatch(key) else paper) for key, part in value.items())
            stack.extend((key, paper) for key in value)
            if isinstance(html := value.get("content_html"), str):
                yield from fragment_hits(html, where, paper)
        elif isinstance(value, list):
            stack.extend((part, paper) for part in value)
        elif isinstance(value, str) and not value.isprintable() and any(map(invisible, value)):
            yield Violation(where.name, f"invisible signs in {value!r}", paper)


def index_hits(content: bytes, where: Where) -> Iterator[Violation]:
    """The same of the search index, whose texts a script shows as text; most of it is numbers, and not looked at."""
    text = content.decode("utf-8", "replace")
    if not text.isprintable() or "\\u" in text or _parsed(text) is _BROKEN:
        yield from json_hits(content, where)


def code_hits(content: bytes, where: Where) -> Iterator[Violation]:
    """A script or a style that the project does not have, or in which something else than JSON was filled in."""
    if where.code is None or hashlib.sha256(content).hexdigest() in where.code.digests:
        return
    found = (pattern.fullmatch(content.decode("utf-8", "replace")) for pattern in where.code.filled_in)
    if not any(match and _BROKEN not in map(_parsed, match.groups()) for match in found):
        yield Violation(where.name, "a script or a style that is not the project's", None)


def formula_hits(content: bytes, where: Where) -> Iterator[Violation]:
    """What may not be there in the patches of abstracts, by paper: all that is neither text nor mathematics."""
    whole = _parsed(content)
    for paper, patches in whole.items() if isinstance(whole, dict) else ():
        for patch in patches if isinstance(patches, list) else [patches]:
            text = patch[2] if isinstance(patch, list) and [type(part) for part in patch] == [int, int, str] else None
            if text is None:
                yield Violation(where.name, f"no patch of an abstract: {patch!r}", paper)
                continue
            tree = LexborHTMLParser(f"<!doctype html><html><head></head><body>{text}</body></html>").root
            yield from _tree_hits(tree, where, _formula_element, paper)
    if not isinstance(whole, dict):
        yield Violation(where.name, "no patches by paper", None)


def _formula_element(tag: str, attributes: Mapping[str, str | None], _node: LexborNode, _where: Where) -> Iterator[str]:
    known = allowlist.MATH_ATTRIBUTES if tag in allowlist.MATH else allowlist.IN_FORMULAS.get(tag, frozenset[str]())
    if tag not in allowlist.MATH and tag not in (*allowlist.IN_FORMULAS, "html", "head", "body"):
        yield f"the element <{tag}>"
    yield from (f"<{tag} {name}={value!r}>" for name, value in attributes.items() if name not in known)


def _paper_in(value: dict[str, Any]) -> str | None:
    """The paper that an object of JSON is about: it, or its `paper`, has an id, which the search index calls i."""
    inner = value.get("paper")
    own = inner.get("id") if isinstance(inner, dict) else value.get("id", value.get("i"))
    if not isinstance(own, str):
        return None
    match = _NAMES_PAPER.search(own)
    return match[1] if match else own if _IS_ID.fullmatch(own) else None


_LOOKS = {
    ".html": page_hits,
    ".xml": xml_hits,
    ".opml": xml_hits,
    ".json": json_hits,
    ".webmanifest": json_hits,
    ".svg": drawing_hits,
}
