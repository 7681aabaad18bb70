"""What Unicode has for TeX's scripts, alphabets and accents."""

import re
import unicodedata

_UPPER = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ ",
        strict=True,
    )
)
_RAISED = {"°": "°", "∘": "°", "′": "′", "†": "†", "‡": "‡", "*": "*", "∗": "*", "⋆": "⋆", "™": "™", "®": "®"}
_LOWER = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ ",
        strict=True,
    )
)


def script(text: str, sign: str) -> str:
    """TEXT raised (^) or lowered (_): in characters where each has one, else behind its sign.

    >>> script("2k", "^"), script("max Q", "_")
    ('²ᵏ', '_(max Q)')
    """
    if sign == "^" and text and set(text) == {"′"}:
        return text
    if sign == "^" and text in _RAISED:
        return _RAISED[text]
    table = _UPPER if sign == "^" else _LOWER
    if all(letter in table for letter in text):
        return "".join(table[letter] for letter in text)
    if sign == "^" and all(letter in table or letter in _RAISED for letter in text):
        return "".join(table.get(letter) or _RAISED[letter] for letter in text)
    return f"{sign}{text}" if len(text) == 1 else f"{sign}({text})"


def operand(text: str) -> str:
    """TEXT as one operand: in parentheses if it is more than a word, a number or a function's value."""
    text = text.strip()
    is_word = text.isalnum() and not (text[0].isdecimal() and any(map(str.isalpha, text)))
    return text if len(text) <= 1 or is_word or re.fullmatch(r"[^\W_]+\([^()]*\)", text) else f"({text})"


def lettered(letter: str, style: str) -> str:
    """LETTER in a mathematical alphabet, where Unicode has it: R double-struck is ℝ."""
    if not (letter.isascii() and letter.isalpha()):
        return letter
    case = "CAPITAL" if letter.isupper() else "SMALL"
    # Unicode left out of its mathematical alphabets what it had before, such as ℝ and ℋ; its older ℘ is another letter.
    older = f"{'BLACK-LETTER' if style == 'FRAKTUR' else style} {case} {letter.upper()}"
    try:
        return unicodedata.lookup(f"MATHEMATICAL {style} {case} {letter.upper()}")
    except KeyError:
        return unicodedata.lookup(older)


def marked(text: str, mark: str) -> str:
    """A combining MARK over TEXT, if it is one letter; over more it would be lost, so they stay bare."""
    return unicodedata.normalize("NFC", text + mark) if len(text) == 1 else text


RAISED = {shown: plain for plain, shown in _UPPER.items() if plain not in " −"}
LOWERED = {shown: plain for plain, shown in _LOWER.items() if plain not in " −"}
"""What each raised (lowered) sign means on the line."""
