"""Text as it comes from strangers, made plain: no control characters, no invisible ones, TeX accents as Unicode."""

import re
import unicodedata

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_LETTERS = {
    "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "ss": "ß", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ",
}  # fmt: skip
_LETTER_NAMES = "|".join(sorted(_LETTERS, key=len, reverse=True))
# \"o  \"{o}  \" o  {\"o}  \v{s}  \v s  \'\i  \'{\i}: one base letter, braces optional, a space needed after a command
# that is a letter itself
_ACCENT = re.compile(
    r"""\{?\\(?:(?P<sign>[`'^~=."])\s*|(?P<name>[uvHtcdbrk])(?:\s+|(?=\{|\\)))"""
    r"""(?:\{\s*\\?(?P<braced>[^\W\d_])\s*\}|\\(?P<dotless>[ij])(?![A-Za-z])\s?|(?P<bare>[^\W\d_]))\}?"""
)
_LETTER = re.compile(rf"\{{\\({_LETTER_NAMES})\}}|\\({_LETTER_NAMES})(?:\{{\}}|\s+|(?![A-Za-z]))")
_MAYBE_ACCENT = re.compile(
    rf"""\\(?:[`'^~=."]|[uvHtcdbrk][\s{{\\]|(?:{_LETTER_NAMES})(?![A-Za-z]))"""
)  # fast to refuse


def invisible(character: str) -> bool:
    """Whether CHARACTER has no place in shown text: control, format (bidi, zero-width), private use, noncharacter.

    XML forbids U+FFFE and U+FFFF. Unassigned ones stay: what is assigned differs between versions of Python, and the
    same records give the same bytes.
    """
    if ord(character) & 0xFFFE == 0xFFFE:
        return True
    return character not in "\n\t" and unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs")


_WITHOUT_INK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs, by Unicode's classes, that every font leaves blank."""


def is_blank(text: str) -> bool:
    """Whether TEXT, shown, would leave no ink: spaces, invisible signs, letters that are blank."""
    return all(sign.isspace() or sign in _WITHOUT_INK or invisible(sign) for sign in text)


def clean(text: str, limit: int | None = None) -> str:
    """TEXT on one line: NFC, no invisible characters, single spaces; cut with an ellipsis at LIMIT characters."""
    kept = unicodedata.normalize("NFC", text)
    if not kept.isprintable():  # what is printable has nothing to lose: this spares most texts the look at each sign
        line = " ".join("".join(character for character in kept if not invisible(character)).split())
    else:  # the space is its only blank
        line = " ".join(kept.split()) if "  " in kept else kept.strip(" ")
    return line if limit is None or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _accented(match: re.Match[str]) -> str:
    base = match["braced"] or match["dotless"] or match["bare"]
    whole = unicodedata.normalize("NFC", base + _ACCENTS[match["sign"] or match["name"]])
    opened, closed = match[0].startswith("{"), match[0].endswith("}")
    inner_close = match["braced"] is not None and match[0].count("}") == 1
    if opened and (not closed or inner_close):
        return "{" + whole
    return whole + "}" if closed and not opened and not inner_close else whole


def unaccent_tex(text: str) -> str:
    r"""TEXT with TeX's accents and letters as Unicode; what is not one of them is left alone.

    >>> unaccent_tex(r'P. Erd{\H o}s and K. G\"odel, \O{}rsted')
    'P. Erdős and K. Gödel, Ørsted'
    """
    if not _MAYBE_ACCENT.search(text):
        return text
    for _ in range(2):  # Vietnamese stacks two: \~{\^e}
        text = _ACCENT.sub(_accented, text)
    return _LETTER.sub(lambda match: _LETTERS[match[1] or match[2]], text)


def counted(number: int, noun: str) -> str:
    """NUMBER of things that NOUN names, in English.

    >>> counted(1, "day"), counted(2_000, "paper")
    ('1 day', '2,000 papers')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def amount(cost: float, currency: str) -> str:
    """COST in CURRENCY; small sums with more digits.

    >>> amount(1.5, "USD"), amount(0.01234, "CNY")
    ('USD 1.50', 'CNY 0.0123')
    """
    return f"{currency} {cost:.2f}" if cost >= 1 else f"{currency} {cost:.4f}"
