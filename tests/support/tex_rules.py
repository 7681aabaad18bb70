"""What no form of a text may do to it: lose a word, a number or a sign, or let two words run together.

The rules are read off the source by other means than the generator's: commands are struck out, and what is left is
looked for in what a reader sees.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from generator.core.tex import symbols

# Commands of which an argument is no word of the text: a colour, a length, a code, an environment's name.
_NO_WORDS = re.compile(
    r"\\(?:begin|end)\{[A-Za-z*]+\}|\\(?:textcolor|color|colorbox|vspace|hspace|ding|unicode|rule|hypersetup|romannumeral)(?![A-Za-z])\*?"
    r"\s*(?:\[[^\]]*\])?(?:\{[^{}]*\}|\d+)"
)
_COMMAND = re.compile(r"\\[A-Za-z]+\*?|\\.", re.DOTALL)
_SIGNS = "%+<>=@*#"
_KNOWN = (
    set(symbols.SYMBOLS)
    | symbols.STYLES
    | symbols.TEXT_STYLES
    | symbols.SILENT
    | symbols.NO_MEANING
    | symbols.CITES
    | set(symbols.ACCENTS)
    | set(symbols.SPACES)
    | set("uvHtcdbrkoOlLij")
    | {"frac", "tfrac", "dfrac", "sqrt", "href", "footnote", "textcolor", "ding", "SI", "si", "num", "ref", "choose"}
)


def plain(text: str) -> str:
    """TEXT as it is compared: without accents, raised signs on the line."""
    decomposed = unicodedata.normalize("NFKD", text.replace("−", "-"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign) or sign == "\u0338")


def lost(source: str, shown: str) -> list[str]:
    """The words and numbers of SOURCE, and the signs, that SHOWN does not hold."""
    source = symbols.found_again(source)
    bare = plain(_COMMAND.sub(" ", _NO_WORDS.sub(" ", source)))
    seen = plain(shown)
    together = re.sub(r"[^A-Za-z0-9]", "", seen)
    words = [word for word in re.findall(r"[A-Za-z]{2,}|\d+", bare) if word not in seen and word not in together]
    signs = Counter(sign for sign in plain(_NO_WORDS.sub(" ", source)) if sign in _SIGNS)
    return words + [sign for sign, count in signs.items() if seen.count(sign) < count and f"\\{sign}" not in source]


def run_together(source: str, shown: str) -> list[str]:
    """The words of SHOWN that SOURCE does not have in one piece, mark-up aside; scripts stand at their bases."""
    source = re.sub(rf"(?<=[_^{{])\\({'|'.join(symbols.FUNCTIONS)})\b", r"\1", symbols.found_again(source))
    named = re.sub(r"\\([A-Za-z]+)", lambda match: match[0] if match[1] in _KNOWN else f" {match[1]} ", source)
    touching = plain(re.sub(r"[{}$^_~]|\\[ ,;:!-]", "", _COMMAND.sub("", named)))
    apart = plain(re.sub(r"[{}$^_]", " ", _COMMAND.sub(" ", named)))
    words: Iterable[str] = re.findall(r"[A-Za-z]{3,}", plain(shown))
    return [word for word in words if word not in touching and word not in apart and word not in _OF_OURS]


_OF_OURS = frozenset({"choose", "sup", "inf", "lim"})
