"""The key, kept out of everything that is written: what providers echo is cut before it is shown or stored."""

import base64
import functools
import re

from pydantic import SecretStr

from generator.core import escape

_DETAIL_LIMIT = 200

_KEY_LIKE = re.compile(r"\b(?:Bearer\s{1,9}|sk-|ak-)[\w.*~+/=-]{4,500}", re.IGNORECASE)


@functools.lru_cache(maxsize=4)
def _forms(secret: str) -> re.Pattern[str]:
    """What SECRET looks like in an echo: as it is, broken over lines, in a URL, in Base64 or in hexadecimal."""
    forms = [r"\s{0,3}".join(map(re.escape, secret)), re.escape(escape.url_part(secret)), secret.encode().hex()]
    for shift in range(3):  # where it begins within three bytes decides what Base64 makes of it
        packed = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        core = packed[(0, 2, 3)[shift] : len(packed) - len(packed) % 4 - 4]
        either = "".join({"+": "[+-]", "/": "[/_]"}.get(sign, sign) for sign in core)
        forms.append(rf"{either}[\w+/=-]{{0,200}}")
    return re.compile("|".join(forms), re.IGNORECASE)


def hide(text: str, key: SecretStr) -> str:
    """TEXT without KEY in any form that an echo gives it; keys of less than 8 characters are no secret."""
    secret = key.get_secret_value()
    return _forms(secret).sub("[key]", text) if len(secret) >= 8 else text


def redact(text: str, key: SecretStr) -> str:
    """TEXT on one bounded line without KEY, however a provider echoes it: whole, in code, or masked in the middle."""
    secret = key.get_secret_value()
    text = _KEY_LIKE.sub("[key]", hide(text[:4000], key))
    if len(secret) >= 8:
        ends = f"{re.escape(secret[:4])}[^\\s\"']{{0,500}}|[^\\s\"']{{0,500}}[*.…]{re.escape(secret[-4:])}"
        text = re.sub(ends, "[key]", text)
    elif secret:
        text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", "[key]", text)
    return escape.log(text, _DETAIL_LIMIT)
