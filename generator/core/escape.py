"""The one gate: every text that is not ours passes one of these functions on its way out, one function per target.

Markdown is guarded by writing every ASCII punctuation character that could mean something as a character reference:
against 17 Markdown extensions no attack string survived it.
"""

import html as _html
import json
import re
import string
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from generator.core.text import clean, invisible

LONG_SEGMENT = 20
"""Signs from which on a segment of an endpoint's path may be a secret."""

_PLAIN = ",. -"  # mean nothing inside a line of Markdown
_MARKDOWN = {ord(sign): f"&#{ord(sign)};" for sign in string.punctuation if sign not in _PLAIN}


def markdown(text: str) -> str:
    """TEXT as literal text inside a line of Markdown; never at the start of one."""
    return clean(text).translate(_MARKDOWN)


def html(text: str) -> str:
    """TEXT as literal text inside an HTML element or a quoted attribute."""
    return _html.escape(clean(text), quote=True)


def html_kept(text: str) -> str:
    """TEXT, which is clean, as literal text inside an HTML element or a quoted attribute; its blanks stay."""
    return _html.escape(text, quote=True)


def json_in_html(value: Any) -> str:
    """VALUE as JSON inside a script element: no sign that HTML reads, no line break that Markdown reads."""
    made = json.dumps(value, ensure_ascii=False)
    for sign in "<>&":
        made = made.replace(sign, f"\\u{ord(sign):04x}")
    return "".join(character for character in made if not invisible(character))


def html_text(text: str) -> str:
    """TEXT as literal text inside an HTML element; quotes stay, for feed readers that show it as it is."""
    return _html.escape(clean(text), quote=False)


def xml(text: str) -> str:
    """TEXT without what XML 1.0 forbids; the XML writer escapes the rest."""
    return "".join(character for character in text if character in "\n\t" or not invisible(character))


def url_part(text: str) -> str:
    """TEXT as one segment of a path, or as a query or fragment."""
    return quote(clean(text), safe="")


def address(url: str) -> str:
    """Where URL leads, for a message: without name, password, path and query, any of which may be a secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(not shown)"
    if not parts.scheme or not parts.hostname:
        return "(not shown)"
    return f"{parts.scheme}://{log(parts.hostname, 100)}{port}/..."


def secrets_in(url: str) -> list[str]:
    """The parts of URL that give access: name and password, query values, long segments of the path; as sent, too."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return [url]
    found = [parts.username or "", parts.password or "", *(value for _, value in parse_qsl(parts.query))]
    found += [segment for segment in parts.path.split("/") if len(segment) >= LONG_SEGMENT]
    return sorted({form for part in found if len(part) > 3 for form in (part, unquote(part))}, key=len, reverse=True)


def log(text: str, limit: int = 200) -> str:
    """TEXT inside a log line: one line, bounded, and no workflow command (`::`) wherever it stands."""
    return re.sub(r":(?=:)|^::?", ": ", clean(text, limit)).replace("##[", "## [")
