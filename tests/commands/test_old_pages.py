"""Pages of the predecessor are read exactly, or it is said by line what was not."""

import contextlib
import datetime as dt

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support import archive
from support.old_pages import FRONTIER, THEORY, old_entry, old_page, simple_page

from generator.commands.old_pages import NoDayPageError, OldPage, read_page
from generator.core.text import invisible

CONFIG = archive.config()


def read(text: str) -> OldPage:
    return read_page(text, CONFIG)


def asides(page: OldPage) -> list[tuple[int, str]]:
    return [(fault.line, fault.text) for fault in page.faults if fault.aside]


def test_a_page_is_read_to_its_last_fact() -> None:
    """Date, time of Beijing, papers read, model, tokens; of each entry score, title, authors, field, reason, date."""
    page = read(simple_page())
    assert page[:5] == (
        dt.date(2026, 1, 14),
        dt.datetime(2026, 1, 14, 4, 57, 22, tzinfo=dt.UTC),
        343,
        "made-up-model-1",
        179978,
    )
    assert page.faults == ()
    assert [entry.field for entry in page.entries] == ["llm-frontier", "llm-frontier", "dl-theory"]
    entry = page.entries[0]
    assert entry.paper.id == "2601.00002" and entry.paper.title == "Made-up paper 2"
    assert entry.paper.authors == ("Ada Lovelace", "Alan Turing")
    assert entry.score == 8 and entry.reason == "提出了一种新方法。" and entry.published == dt.date(2026, 1, 13)
    assert (entry.paper.categories, entry.paper.submitted, entry.paper.primary) == ((), None, "")


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("很好。\nScore: 8\nField: 大模型新技术", "很好。"),
        ("很好。 Score: 8 Field: 大模型新技术", "很好。"),
        ("很好。\n**Score：** 8/10\n领域：大模型新技术", "很好。"),
        ("第一行，\n第二行。\nScore: 8", "第一行， 第二行。"),
        ("A Score: of 8 is no leak.", "A Score: of 8 is no leak."),
        ("", None),
    ],
)
def test_leaked_lines_are_cut(reason: str, shown: str | None) -> None:
    """What the model's reply left behind the reason goes; the reason itself stays word for word."""
    page = read(old_page([(FRONTIER, [old_entry(1, Reason=reason)])]))
    assert [entry.reason for entry in page.entries] == [shown]


def test_tex_accents_become_unicode() -> None:
    r"""In names and titles, also where the backslash was lost; affiliations in parentheses go."""
    authors = r"Fran\c{c}ois Signol (ITI, Val\`encia, Spain), Silvia Ruiz-Espa~na, K. G{\"o}del"
    page = read(old_page([(FRONTIER, [old_entry(1, title=r"D\'ej\`a vu at $10^{10}$", Authors=authors)])]))
    assert page.entries[0].paper.authors == ("François Signol", "Silvia Ruiz-España", "K. Gödel")
    assert page.entries[0].paper.title == "Déjà vu at $10^{10}$"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (old_entry(2, score="11"), "no score"),
        (old_entry(2, score="great"), "no score"),
        (old_entry(2).replace("[Score: 8.0/10] ", ""), "no score"),
        (old_entry(2, title="\u200b"), "no title"),
        (old_entry(2, Authors=""), "no authors"),
        (old_entry(2, Link=""), "no link"),
        (old_entry(2, Link="see [here"), "cannot be read"),
        (
            old_entry(2, Link="[https://arxiv.org/abs/2601.00002](https://example.org/abs/2601.00002)"),
            "does not lead to a paper",
        ),
        (old_entry(2, Link="[x](javascript:alert(1))"), "does not lead to a paper"),
        (old_entry(2, Link="https://arxiv.org/abs/../2601.00002"), "does not lead to a paper"),
        (old_entry(2, Link="https://arxiv.org.evil.example/abs/2601.00002"), "does not lead to a paper"),
        (old_entry(2, Link="[https://arxiv.org/abs/2601.00003](https://arxiv.org/abs/2601.00002)"), "shows"),
        (old_entry(2, month="2613"), "cannot have been"),
        (old_entry(2, month="2602"), "cannot have been"),
        (old_entry(1), "is already listed in line 9"),
        (old_entry(2).replace("- **Published", "- **Link:** x\n- **Published"), "Link appears twice"),
        (old_entry(2, Authors="Ada, " * 30_000), "characters"),
    ],
)
def test_a_bad_entry_is_kept_aside(entry: str, why: str) -> None:
    """Wrong links, doubles and garbled entries are named with their line; those around them are taken."""
    page = read(old_page([(FRONTIER, [old_entry(1), entry, old_entry(3)])]))
    assert [entry.paper.id for entry in page.entries] == ["2601.00001", "2601.00003"]
    ((line, text),) = asides(page)
    assert line == 17 and why in text
    assert next(fault for fault in page.faults if fault.aside).aside[0] == entry.split("\n", maxsplit=1)[0][:100_000]


@pytest.mark.parametrize(
    "link",
    [
        "http://arxiv.org/abs/2601.00001v2",
        "[PDF](https://www.arxiv.org/pdf/2601.00001v1.pdf)",
        "[](https://export.arxiv.org/abs/2601.00001)",
    ],
)
def test_other_forms_of_a_good_link_are_understood(link: str) -> None:
    """With a version, of the PDF, of a mirror of arXiv's own; but what it shows may not be another paper."""
    page = read(old_page([(FRONTIER, [old_entry(1, Link=link)])]))
    assert [entry.paper.id for entry in page.entries] == (["2601.00001"] if "PDF" not in link else [])


def test_foreign_fields_are_kept_aside() -> None:
    """Nobody guesses a field: the heading is named, and each of its entries."""
    page = read(old_page([("量子引力", [old_entry(1), old_entry(2)]), ("Deep learning theory", [old_entry(3)])]))
    assert [(entry.paper.id, entry.field) for entry in page.entries] == [("2601.00003", "dl-theory")]
    assert [line for line, _ in asides(page)] == [9, 17]
    assert any(fault.line == 7 and "'量子引力'" in fault.text for fault in page.faults)
    loose = read(old_page([]) + old_entry(1))
    assert asides(loose)[0][1] == "kept aside: it is not below the heading of a field"


def test_contradictions_are_named_and_the_heading_counts() -> None:
    """A leaked line that says otherwise changes nothing."""
    text = old_page([(FRONTIER, [old_entry(1, score="9.0").replace("Score: 9\n", "Score: 3\n")])])
    page = read(text.replace("Field: 大模型新技术", f"Field: {THEORY}"))
    assert (page.entries[0].score, page.entries[0].field) == (9, "llm-frontier")
    assert [fault.line for fault in page.faults] == [9, 9]
    assert any("score 3" in fault.text for fault in page.faults)


def test_lines_that_belong_to_nothing_are_kept_aside() -> None:
    """Also those after a leaked line; a page that lacks facts says which."""
    text = old_page([(FRONTIER, [old_entry(1) + "stray\n"])], read=None).replace("## ", "what is this\n## ", 1)
    page = read(text)
    assert sorted(fault.aside for fault in page.faults if fault.aside) == [("stray",), ("what is this",)]
    assert page.read is None and any("does not state read" in fault.text for fault in page.faults)
    assert page.entries[0].reason == "提出了一种新方法。"


def test_fewer_papers_read_than_listed_is_named() -> None:
    """The page's own number stands, and is doubted."""
    page = read(old_page([(FRONTIER, [old_entry(1), old_entry(2)])], read=1))
    assert [fault.text for fault in page.faults] == ["1 paper read, but 2 listed"]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_lines_of_other_systems_are_lines(newline: str) -> None:
    """With a byte order mark, too: the same page, the same line numbers."""
    text = simple_page()
    assert read("\ufeff" + text.replace("\n", newline)) == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "# Not a day\n",
        "2026-01-14\n",
        "# Day - 2026-02-30\n",
        "# ../../2026-01-14/../x\n",
        "# D - 0001-01-01\n",
    ],
)
def test_what_is_no_day_page_is_refused(text: str) -> None:
    """Whatever has no title with a real date at its end."""
    with pytest.raises(NoDayPageError):
        read(text)


hostile = st.text(st.sampled_from("\\{}[]()$*_#>:：-./~'\" \n\r\t\x00\u202e\u200bé中aS19"), max_size=60) | st.text(
    max_size=60
)


@given(st.lists(hostile, min_size=6, max_size=6), st.booleans())
@example(["\n# x", "\n## y", "\n### z", "\n- **Link:** w", "\nScore: 1", "\n"], True)
@settings(deadline=None, max_examples=200)
def test_hostile_pages_lose_nothing_and_invent_nothing(texts: list[str], whole: bool) -> None:
    """Whatever stands where: each entry is taken or kept aside, and what is taken is well-formed and free of leaks."""
    title, authors, published, link, reason, field = texts
    good = old_entry(1)
    bad = old_entry(
        2, title=title, Authors=authors, Published=published, Reason=reason, **({} if whole else {"Link": link})
    )
    text = old_page([(field, [bad]), (FRONTIER, [good, bad])])
    page = read(text)
    headings = sum(line.startswith("### ") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    kept_aside = sum(fault.aside[0].startswith("### ") for fault in page.faults if fault.aside)
    assert len(page.entries) + kept_aside == headings
    for entry in page.entries:
        assert entry.field in {"llm-frontier", "dl-theory"} or CONFIG.field(entry.field)
        assert entry.paper.title and not any(map(invisible, entry.paper.title)) and all(entry.paper.authors)
        assert not (entry.reason or "").rstrip().endswith("Field: 大模型新技术")
        assert entry.paper.submitted is None and entry.paper.categories == ()


@given(st.text())
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    """It is a page, or it is said that it is none."""
    for page in (text, f"# {text} 2026-01-14\n{text}\n## {FRONTIER}\n### {text}\n{text}"):
        with contextlib.suppress(NoDayPageError):
            assert read(page).date.year >= 1992
