"""Code, venue and pages on cards: out of abstract and comment, escaped, and only where the scan lets a link lead."""

from pathlib import Path
from typing import Any

import lxml.html
import pytest
from support import archive

from generator.publish.pages.base import PageMaker
from generator.publish.pages.day import day_page
from generator.publish.site import allowlist
from generator.records.store import Store
from generator.records.summaries import summaries

COMMENT = "Accepted at ICML 2026 (Oral), 12 pages"


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("code", "project", "12 pages")), ("zh", ("代码", "项目", "12 页"))]
)
def test_a_card_tells_code_venue_and_pages(tmp_path: Path, language: str, words: tuple[str, str, str]) -> None:
    """In the line below the reason; a journal's reference stands for a venue, hostile text stays text."""
    store = Store(tmp_path / "data")
    picks = (
        archive.pick(1, 9.0, None, comment=COMMENT),
        archive.pick(2, 8.0, None, journal_ref=f"Phys. Rev. D {archive.HOSTILE}"),
        archive.pick(3, 8.0, None, comment=f"Accepted by {archive.HOSTILE} https://github.com/a/b{archive.HOSTILE}"),
    )
    abstract = r"We show it. Code: \url{https://github.com/lab/it}, page: https://lab.github.io/it/."
    day = archive.day(picks=picks)
    store.write(day, {"2601.00001": abstract})
    maker = PageMaker(store, archive.config(language), summaries(store, store.folder / "index.json"))
    page: Any = lxml.html.fromstring(f"<div>{day_page(maker, day.date, None, None).decode()}</div>")
    first, second, third = page.xpath("//article//p[@class='at']")
    code, project, pages = words
    links = [(link.text, link.get("href")) for link in first.xpath("a[@class='code']")]
    assert links == [(code, "https://github.com/lab/it"), (project, "https://lab.github.io/it")]
    assert first.xpath("em[@class='venue']/text()") == ["ICML 2026 Oral"] and first.xpath("small/text()") == [pages]
    assert second.xpath("em")[0].text.startswith("Phys. Rev. D </article>") and not page.xpath(
        "//script[1][not(@type)]"
    )
    assert all(allowlist.CODE_ADDRESS.fullmatch(href) for href in third.xpath("a[@class='code']/@href"))
