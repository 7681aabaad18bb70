"""Scripts as they are published: without the lines that only people read, an eighth of what a phone would load.

Lines keep their numbers, so that an error in a browser names the line of the source in overrides/.
"""

import re
from pathlib import Path

_COMMENT = re.compile(rb"^[ \t]*//.*$", re.MULTILINE)


def published(source: bytes) -> bytes:
    """The script SOURCE without lines that hold a comment and nothing else.

    None of our scripts has such a line within a text of several lines (tests/publish/site/test_scripts.py).
    """
    return _COMMENT.sub(b"", source)


def publish_scripts(site: Path) -> None:
    """Write the theme's scripts in SITE as they are published; what an operator has added stays as it is."""
    for path in [*(site / "assets" / "js").rglob("*.js"), *site.glob("sw.js")]:
        source = path.read_bytes()
        if (shorter := published(source)) != source:
            path.write_bytes(shorter)
