"""The filter: lowest score, fields, muted words, what was read, order; by mouse, keys and fingers; kept and shared."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from support.browser_days import DAY, EMPTY_DAY, LONG_DAY, kept

OpenPage = Callable[..., Page]
SHOWN = "article.paper:visible"


def opened(page: Page) -> Page:
    page.locator(".tools__open").click()
    return page


def ids(page: Page) -> list[str]:
    """The papers that are shown, in the order of the page."""
    return list(page.eval_on_selector_all(SHOWN, "all => all.map(one => one.id)"))


@pytest.mark.parametrize(("language", "line"), [("zh", "显示 35 / 100 篇"), ("en", "35 of 100 shown")])
def test_the_slider_hides_what_scores_less(open_page: OpenPage, language: str, line: str) -> None:
    """At once, with a count, headings that have lost all their papers hidden too; kept for the next page."""
    page = opened(open_page(LONG_DAY, language=language))
    page.locator("#f-min").fill("9")
    expect(page.locator(SHOWN)).to_have_count(35)
    expect(page.locator(".tools__count")).to_have_text(line)
    page.locator("#f-min").fill("10")
    expect(page.locator("h2:visible:not(#best-of-day)")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?min=10$"))
    page.goto(page.url.replace(LONG_DAY + "?min=10", DAY))
    expect(page.locator(SHOWN)).to_have_count(1)


def test_the_slider_is_moved_by_keys_and_by_a_finger(open_page: OpenPage) -> None:
    """Arrows on a laptop, a tap on a phone."""
    page = opened(open_page(LONG_DAY))
    page.locator("#f-min").focus()
    page.keyboard.press("End")
    expect(page.locator(SHOWN)).to_have_count(2)
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".tools__panel output")).to_have_text("9.9")
    phone = open_page(LONG_DAY, width=360, has_touch=True, is_mobile=True)
    phone.locator(".tools__open").tap()
    box = phone.locator("#f-min").bounding_box()
    assert box is not None
    phone.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert 30 < len(ids(phone)) < 70


def test_a_long_slide_is_one_address(open_page: OpenPage) -> None:
    """Three hundred changes follow the finger; the browser, which refuses more than 200 addresses, gets a few."""
    page = opened(
        open_page(
            before="""
        window.addresses = 0;
        const before = history.replaceState;
        history.replaceState = function (...given) { window.addresses += 1; return before.apply(this, given); };
    """
        )
    )
    page.evaluate("""() => {
      const range = document.querySelector("#f-min");
      for (let step = 0; step < 300; step += 1) {
        range.value = 7 + (step % 31) / 10;
        range.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }""")
    expect(page).to_have_url(re.compile(r"\?min=9\.0$|\?min=9$"))
    assert page.evaluate("window.addresses") < 10 and kept(page, "settings")["min"] == 9


def test_fields_can_be_put_aside(open_page: OpenPage) -> None:
    """Their heading goes, their chip says so, the address can be shared."""
    page = opened(open_page(language="en"))
    page.get_by_label("Deep learning theory").uncheck()
    expect(page.locator("#dl-theory")).to_be_hidden()
    expect(page.locator(".chips a[href='#dl-theory']")).to_contain_text("0/2")
    assert len(ids(page)) == 5
    expect(page).to_have_url(re.compile("fields=llm-frontier,left-over-field,no_field"))
    shared = open_page(page.url.split("/daily/")[1], language="en")
    assert len(ids(shared)) == 5 and kept(shared, "settings") is None


def test_muted_words_are_whole_words_and_parts_of_chinese_ones(open_page: OpenPage) -> None:
    """`rl` does not mute `world`; several are parted by commas; titles, authors, reasons and TeX count."""
    page = opened(open_page())
    field = page.locator("#f-mute")
    for words, left in (
        ("earn", 7),
        ("LEARNING", 6),
        ("有用", 1),
        ("author 14, paper 3，faster", 4),
        ("mathcal", 6),
        ("[", 7),
    ):
        field.fill(words)
        expect(page.locator(SHOWN)).to_have_count(left)
    field.fill("有用")
    field.press_sequentially("，")
    page.reload()
    expect(page.locator(SHOWN)).to_have_count(1)
    assert "mute" not in page.url


def test_what_was_read_can_be_hidden(open_page: OpenPage) -> None:
    """What one marks just now stays until one looks again, so that nothing moves below the finger."""
    page = opened(open_page(language="en"))
    page.get_by_label("Hide what I have read").check()
    page.locator("[id='2601.00005'] [data-do=read]").click()
    assert "2601.00005" in ids(page)
    page.reload()
    assert "2601.00005" not in ids(page) and len(ids(page)) == 6
    page.get_by_role("button", name="Reset").click()
    assert len(ids(page)) == 7


def test_papers_can_be_put_in_another_order_and_back(open_page: OpenPage) -> None:
    """By score over all fields, newest first, and by field exactly as the page was."""
    page = opened(open_page())
    first = ids(page)
    page.locator("#f-sort").select_option("score")
    assert ids(page)[:3] == ["2601.00005", "2601.00001", "2601.00002"]
    expect(page.locator("h2:visible:not(#best-of-day)")).to_have_count(0)
    expect(page.locator("[id='2601.00001'] .of")).to_have_text("大模型新技术")  # what its heading said
    page.locator("#f-sort").select_option("newest")
    assert ids(page) == [f"2601.0000{number}" for number in range(7, 0, -1)]
    expect(page).to_have_url(re.compile(r"\?sort=newest$"))
    page.reload()
    assert ids(page)[0] == "2601.00007"
    page.locator(".tools__bar").get_by_role("button", name="重置").click()
    assert ids(page) == first and page.locator("h2:visible:not(#best-of-day)").count() == 4
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_paper_that_somebody_linked_to_is_always_shown(open_page: OpenPage) -> None:
    """Whatever the reader filters."""
    page = open_page(DAY + "?min=10#2601.00004")
    assert ids(page) == ["2601.00005", "2601.00004"]


def test_nothing_left_is_said(open_page: OpenPage) -> None:
    """And one click brings all back; nonsense in an address is no filter."""
    page = open_page(DAY + "?fields=none&min=x&sort=y", language="en")
    expect(page.locator(".tools__count")).to_have_text("No paper passes the filter.")
    page.get_by_role("button", name="Reset").click()
    assert len(ids(page)) == 7


@pytest.mark.parametrize("path", ["", "fields/dl-theory/"])
def test_the_filter_is_on_every_page_of_papers(open_page: OpenPage, path: str) -> None:
    """Home shows an empty day here, a field's page its best; what is not of papers stays."""
    page = open_page(path)
    if path:
        opened(page).locator("#f-sort").select_option("newest")
        expect(page.locator("#by_day")).to_be_visible()
    else:
        expect(page.locator("#last_days")).to_be_visible()
    empty = open_page(EMPTY_DAY)
    expect(empty.locator(".tools__open")).to_have_count(0)
