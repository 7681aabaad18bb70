"""Addresses of code, models and project pages that authors name in abstract and comment; only hosts on a list count."""

import re
from typing import NamedTuple

MOST_CODE_LINKS = 2
_SEGMENT = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?"
_REPOSITORY = re.compile(
    rf"(?<![\w@.-])(?:https?://)?(?:www\.)?((?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|huggingface\.co"
    rf"(?:/(?:datasets|spaces|collections))?)/{_SEGMENT}(?:/{_SEGMENT})?)(?![\w@-])",
    re.IGNORECASE,
)
_PROJECT = re.compile(
    rf"(?<![\w@.-])(?:https?://)?([a-z0-9][a-z0-9-]{{0,60}}\.github\.io(?:/{_SEGMENT})?)(?![\w@-])", re.IGNORECASE
)
_HOST = re.compile(r"^[^/]+")


class CodeLink(NamedTuple):
    """An address, and whether it is that of a page about the project and not of its code."""

    url: str
    is_project: bool


def code_links(*texts: str | None) -> list[CodeLink]:
    """What TEXTS, which may hold TeX, name: repositories first, each once.

    >>> code_links("Code: https://github.com/some_body/My-Repo.git.")
    [CodeLink(url='https://github.com/some_body/My-Repo', is_project=False)]
    """
    whole = " ".join(text.replace("\\_", "_").replace("\\-", "") for text in texts if text)
    found: dict[str, CodeLink] = {}
    for pattern, is_project in ((_REPOSITORY, False), (_PROJECT, True)):
        for match in pattern.finditer(whole):
            path = _HOST.sub(lambda host: host[0].lower(), match[1]).removesuffix(".git")
            found.setdefault(path.lower(), CodeLink(f"https://{path}", is_project))
    return list(found.values())[:MOST_CODE_LINKS]
