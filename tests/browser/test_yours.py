"""What is the reader's own in real Chromium: watched words, the order "for you"; nothing of it is sent anywhere."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect
from support.browser_days import DAY, LONG_DAY, kept

OpenPage = Callable[..., Page]


def remembered(**values: Any) -> str:
    """A script that gives a browser these VALUES before the page opens, unless it has some."""
    lines = (f"localStorage['arxiv-daily.{key}'] ??= {json.dumps(json.dumps(value))};" for key, value in values.items())
    return "\n".join(lines)


def first(page: Page) -> str | None:
    return page.locator("article.paper:visible").first.get_attribute("id")


@pytest.mark.parametrize(("language", "heading"), [("zh", "你关注的 1 篇"), ("en", "1 of yours")])
def test_watched_words_are_on_top_counted_and_marked(open_page: OpenPage, language: str, heading: str) -> None:
    """Above the best of the day, in any order; without the word the page is unchanged."""
    page = open_page(LONG_DAY, language=language)
    order = page.eval_on_selector_all("article.paper", "all => all.map(one => one.id)")
    page.locator(".tools__open").click()
    page.locator("#f-watch").fill("number 42, nobody")
    expect(page.locator(".yours h2")).to_have_text(heading)
    assert first(page) == "2601.00142"
    expect(page.locator(".yours .watching")).to_contain_text("number 42")
    assert page.evaluate("[...CSS.highlights.get('watched')].map(String)") == ["Number 42"]
    page.locator("#f-sort").select_option("newest")
    assert first(page) == "2601.00142"
    page.locator("#f-sort").select_option("field")
    page.locator("#f-watch").fill("")
    expect(page.locator(".yours")).to_be_hidden()
    assert page.eval_on_selector_all("article.paper", "all => all.map(one => one.id)") == order
    assert "watch" not in page.url


def test_watched_titles_come_first_in_the_lists_of_a_month(open_page: OpenPage) -> None:
    """Each list by itself, marked; there is nothing to count, since a list is not the whole day."""
    page = open_page("archive/2026-01/", before=remembered(settings={"watch": "number 2, nobody"}))
    rows = page.locator("h2[id='2026-01-15'] + ul.best")
    expect(rows.locator("li").first).to_contain_text("Number 2 ")
    expect(rows.locator("li").nth(1)).to_contain_text("Number 0 ")
    assert page.evaluate("[...CSS.highlights.get('watched')].map(String)") == ["Number 2"]


def test_a_watched_author_and_a_suggested_one(open_page: OpenPage) -> None:
    """An author of several saved papers is offered; a tap watches them."""
    saved = [{"id": f"2601.0000{number}", "title": "T", "authors": ["Ann Lee"]} for number in (1, 2)]
    page = open_page(before=remembered(saved=saved))
    page.locator(".tools__open").click()
    page.get_by_role("button", name="+ Ann Lee").click()
    assert kept(page, "settings")["watch"] == "Ann Lee"
    assert page.locator(".yours article").count() > 0


def test_for_you_begins_with_fields_and_says_why(open_page: OpenPage) -> None:
    """Nothing known: fields to choose from. One tap: they come first, and each says so."""
    page = open_page(LONG_DAY)
    page.locator(".tools__open").click()
    page.locator("#f-sort").select_option("foryou")
    field = page.locator(".tools__begin button").nth(3)
    name = field.inner_text()
    field.click()
    expect(page.locator("article.paper .because").first).to_have_text(name)
    assert page.locator("article.paper .of").first.inner_text() == name
    assert "foryou" not in page.url
    page.reload()
    expect(page.locator("article.paper .because").first).to_have_text(name)


def test_what_one_likes_comes_first_and_what_one_does_not_later(open_page: OpenPage) -> None:
    """More and less are either, or neither; the reason names the saved paper."""
    page = open_page(DAY)
    card = page.locator("[id='2601.00002']")
    card.locator("[data-do=more]").click()
    assert kept(page, "interests")["liked"] == ["2601.00002"]
    card.locator("[data-do=less]").click()
    interests = kept(page, "interests")
    assert (interests["liked"], interests["dismissed"]) == ([], ["2601.00002"])
    expect(card).to_have_class(re.compile("paper--dismissed"))
    card.locator("[data-do=less]").click()
    assert kept(page, "interests")["dismissed"] == []


def test_nothing_of_the_reader_is_sent(open_page: OpenPage) -> None:
    """Watched words, likes and their order: only files of the site are asked for, and nothing is told in asking."""
    saved = [{"id": "2601.00101", "title": "Secret title", "authors": ["Secret Author"]}]
    interests = {"liked": ["2601.00107"], "dismissed": ["2601.00103"], "fields": ["agents"]}
    settings = {"sort": "foryou", "watch": "secretword"}
    page = open_page("subscribe/", before=remembered(saved=saved, interests=interests, settings=settings))
    asked: list[Request] = []
    page.on("request", lambda request: asked.extend([request]))
    page.goto(page.url.replace("subscribe/", LONG_DAY))
    expect(page.locator("article.paper .because").first).to_be_visible()
    assert {request.method for request in asked} == {"GET"}
    told = [f"{request.url} {request.headers}" for request in asked]
    assert not [text for text in told if re.search("secret|00107|00103", text, re.IGNORECASE)]
    assert any("/interests/2026-01." in request.url for request in asked)


def test_own_papers_are_a_start_and_all_can_be_forgotten(open_page: OpenPage) -> None:
    """Ids or BibTeX are pasted; those of the archive count; exported and imported with the rest."""
    page = open_page("saved/")
    page.locator("#seeds").fill("@misc{a, eprint={2601.00101}} arXiv:2601.00102v2 and arxiv.org/abs/9912.99999")
    page.locator(".saved__seeds + p button").first.click()
    expect(page.locator(".toast")).to_have_text("找到 3 个编号，其中 2 篇在本站。")
    assert kept(page, "interests")["liked"] == ["2601.00101", "2601.00102"]
    page.locator(".saved__seeds + p button").nth(1).click()
    assert kept(page, "interests")["liked"] == []
