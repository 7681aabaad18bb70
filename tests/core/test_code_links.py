"""Addresses of code: only hosts on the list, only what stands in the text, nothing that is more than an address."""

import pytest

from generator.core.code_links import code_links
from generator.publish.site import allowlist


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("Code: https://github.com/a-b/c_d.", ["https://github.com/a-b/c_d"]),
        (r"\url{https://github.com/a/b\_c.git}", ["https://github.com/a/b_c"]),
        ("at GitHub.com/Org/Repo/tree/main and huggingface.co/datasets/o/d", None),
        ("See https://lab.github.io/study/ (https://github.com/lab/study)", None),
        ("https://github.com/a/b and http://www.github.com/A/B", ["https://github.com/a/b"]),
        ("https://evilgithub.com/a/b https://github.com.evil.example/a/b", []),
        ("https://github.com/", []),
        ("https://example.org/github.com/a/b", None),
        ('https://github.com/a/b"><script>alert(1)</script>', ["https://github.com/a/b"]),
        ("https://user@github.com/a/b", []),
    ],
)
def test_only_addresses_on_the_list_are_found(text: str, urls: list[str] | None) -> None:
    """Each as the scan of the site allows it (None: whatever is found)."""
    found = [link.url for link in code_links(text)]
    assert urls is None or found == urls
    assert all(allowlist.CODE_ADDRESS.fullmatch(url) for url in found)


def test_repositories_come_before_pages() -> None:
    """Two links at most."""
    links = code_links(
        "https://lab.github.io/study/", "github.com/lab/study, huggingface.co/datasets/o/d, gitlab.com/a/b"
    )
    assert [(link.url, link.is_project) for link in links] == [
        ("https://github.com/lab/study", False),
        ("https://huggingface.co/datasets/o/d", False),
    ]
