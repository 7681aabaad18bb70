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
# The blank after a command's name ends the name and is no blank: {\rm part} of N_{\rm part}.
_STYLE = re.compile(rf"(\\(?:{'|'.join(sorted(symbols.STYLES | symbols.SWITCHES))})(?![A-Za-z])) +")
_LINK = re.compile(r"\\(?:href|hyperlink)\s*\{([^{}]*)\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
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
    source = _LINK.sub(_told_once, _NO_WORDS.sub(" ", symbols.found_again(source)))
    bare = plain(_COMMAND.sub(" ", source))
    seen = plain(shown)
    together = re.sub(r"[^A-Za-z0-9]", "", seen)
    words = [
        word
        for word, count in Counter(re.findall(r"[A-Za-z]{2,}|\d+", bare)).items()
        if max(seen.count(word), together.count(word)) < count
    ]
    signs = Counter(sign for sign in plain(source) if sign in _SIGNS)
    return words + [sign for sign, count in signs.items() if seen.count(sign) < count and f"\\{sign}" not in source]


def _told_once(link: re.Match[str]) -> str:
    """A LINK whose words are its address, which is shown once."""
    address, words = (re.sub(r"\\[A-Za-z]+|[\\{}]", "", part) for part in link.groups())
    return words if address in words else address if words in address else f"{words} {address}"


def run_together(source: str, shown: str) -> list[str]:
    """The words of SHOWN that SOURCE does not have in one piece, mark-up aside; scripts stand at their bases."""
    source = _STYLE.sub(r"\1{}", source)
    source = re.sub(rf"(?<=[_^{{])\\({'|'.join(symbols.FUNCTIONS)})\b", r"\1", symbols.found_again(source))
    source = re.sub(r"\\(SI|si|num)(?=[_^])", r" \1", source)  # without an argument no unit but a macro
    named = re.sub(r"\\([A-Za-z]+)", lambda match: match[0] if match[1] in _KNOWN else f" {match[1]} ", source)
    named = re.sub(r" (?=[_^])", "", named)
    touching = plain(re.sub(r"[{}$^_~]|\\[ ,;:!-]", "", _COMMAND.sub("", named)))
    apart = plain(re.sub(r"[{}$^_]", " ", _COMMAND.sub(" ", named)))
    words: Iterable[str] = re.findall(r"[A-Za-z]{3,}", plain(shown))
    return [word for word in words if word not in touching and word not in apart and word not in _OF_OURS]


_OF_OURS = frozenset({"choose", "sup", "inf", "lim"})
