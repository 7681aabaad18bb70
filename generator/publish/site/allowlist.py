"""What may stand in the site, file by file: elements, attributes, addresses; the scan refuses everything else.

Written without a look at the gate or the templates' filters, so that a hole there is no hole here. What a template
comes to need is added here, on purpose.
"""

import re
from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Material's style sheet holds its signs as data:
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "require-trusted-types-for 'script'",  # no script can make HTML of text but through a policy named here
        "trusted-types default sanitize-mathml",
    ]
)
"""The policy of every page: nothing of another host, no inline script or style, no frame, no plug-in."""

LINKS = ("https://arxiv.org/",)
"""Where links of what is made of records may lead, beside the site itself. Nothing is loaded from there."""

# What pages are made of. A name here is an element; its attributes beside those that every element may have.
EVERY = _names(
    "class dir hidden id lang role tabindex title aria-controls aria-current aria-describedby aria-expanded "
    "aria-hidden aria-label aria-labelledby aria-live aria-pressed"
)
DATA = _names(
    "data-authors data-broken data-copied data-copy data-find data-find-more data-find-page data-find-results "
    "data-find-status data-find-told data-kept data-late data-loading data-lost data-md-component data-md-toggle "
    "data-rest data-retry data-saved data-score data-search data-tex data-tools data-words"
)
_PLAIN = _names(
    "abbr article aside b blockquote body br caption cite code dd del div dl dt em figcaption figure footer h1 h2 "
    "h3 h4 h5 h6 head header hr i kbd li main mark nav noscript p pre s samp search section small span strong sub "
    "summary sup table tbody td tfoot th thead time title tr u ul var"
)
HTML: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_PLAIN, _names("")),
    "a": _names("href rel type"),
    "button": _names("type name value disabled"),
    "col": _names("span"),
    "colgroup": _names("span"),
    "details": _names("open name"),
    "dialog": _names(""),
    "fieldset": _names(""),
    "form": _names("action method autocomplete"),
    "html": _names(""),
    "img": _names("src alt width height loading decoding"),
    "input": _names(
        "type name value placeholder autocomplete min max step checked disabled spellcheck enterkeyhint maxlength"
    ),
    "label": _names("for"),
    "legend": _names(""),
    "link": _names("rel href type title sizes media"),
    "meta": _names("charset name content property media http-equiv"),
    "ol": _names("start"),
    "optgroup": _names("label"),
    "option": _names("value selected"),
    "output": _names("for"),
    "script": _names("src type id defer async"),
    "select": _names("name multiple"),
    "td": _names("colspan rowspan"),
    "textarea": _names("name rows cols placeholder spellcheck"),
    "th": _names("scope colspan rowspan"),
    "time": _names("datetime"),
}
DRAWN = _names(
    "viewBox width height d x y x1 x2 y1 y2 cx cy r rx ry points fill stroke stroke-width stroke-linecap "
    "stroke-linejoin text-anchor transform focusable preserveAspectRatio"
)
SVG = _names("svg g path rect circle line polyline polygon text tspan desc")
PAINT = _names("title style clipPath linearGradient radialGradient stop mask defs")
MATH = _names(
    "math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd "
    "mstyle mpadded mphantom menclose mmultiscripts mprescripts none"
)
MATH_ATTRIBUTES = _names(
    "accent displaystyle fence largeop stretchy separator linethickness mathvariant lspace rspace width alttext "
    "data-text"
)
IN_FORMULAS: Mapping[str, frozenset[str]] = {"span": _names("class")}
"""What holds a formula and the signs that it touches on one line."""
IN_FEEDS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_names("p b em i br h2 h3 h4 ul ol li small code sub sup"), _names("")),
    "a": _names("href"),
}
CODE_ADDRESS = re.compile(
    r"https://(?:(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|huggingface\.co(?:/(?:datasets|spaces|collections))?)"
    r"(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){1,2}|[A-Za-z0-9][A-Za-z0-9-]{0,60}\.github\.io(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,99})?)"
)
"""Where a card may link to for the code of its paper."""
LINK_RELATIONS = _names("alternate apple-touch-icon canonical icon manifest next prev stylesheet")
DATA_SCRIPTS = _names("application/json application/ld+json")
ADDRESSES = _names("href src action")

# Where scripts may lie, and what lies still.
CODE_FOLDERS = ("assets/",)
WORKER = "sw.js"
CODE = _names(".js .mjs .css")
INDEX_FOLDER = "search-index/"
INERT = _names(".png .jpg .jpeg .gif .webp .avif .ico .woff2 .txt .md .csv .bib .ris .pdf")
"""Kinds of files that run nothing, wherever they lie; a kind that is named nowhere here may not be published."""

XML: Mapping[str, frozenset[str]] = {
    "rss": _names("version"),
    "feed": _names("lang"),
    **dict.fromkeys(
        _names(
            "channel item title description docs generator language lastBuildDate pubDate ttl encoded creator "
            "subtitle updated published entry id author name uri email urlset url loc lastmod head body dateCreated "
            "dateModified"
        ),
        _names(""),
    ),
    "guid": _names("isPermaLink"),
    "link": _names("href rel type title hreflang length"),
    "category": _names("term label scheme domain"),
    "content": _names("type"),
    "summary": _names("type"),
    "opml": _names("version"),
    "outline": _names("type text title description language xmlUrl htmlUrl"),
    "source": _names("url"),
}
NAMESPACES = frozenset(
    {
        None,
        "http://www.w3.org/2005/Atom",
        "http://purl.org/dc/elements/1.1/",
        "http://purl.org/rss/1.0/modules/content/",
        "http://www.sitemaps.org/schemas/sitemap/0.9",
    }
)
XML_HTML = _names("description encoded content summary")
XML_ADDRESSES = _names("href xmlUrl htmlUrl url")
XML_ADDRESS_ELEMENTS = _names("link loc uri docs")
ITEMS = _names("item entry")
