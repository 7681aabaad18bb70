"""Pages: whole, in order, harmless, and made again only when they must be."""

import datetime as dt
import gzip
import html
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import frontmatter
import jinja2.nodes
import lxml.html
import markdown
import pytest
from support import archive

from generator.core import urls
from generator.core.calendar import announcement_days
from generator.core.i18n import words
from generator.core.model import Day, Recall, Unscored
from generator.publish.manifest import Output
from generator.publish.pages import all_pages
from generator.publish.pages import archive as archive_pages
from generator.publish.pages import base as page_maker
from generator.records.store import Store
from generator.settings.config import Config

GOLDEN = Path(__file__).parents[2] / "golden"
DAY_FILE = "days/2026/2026-01-14.md"
ESCAPING = {"h", "md", "u", "math", "marked", "made", "n", "n4", "px", "score", "iso", "anchor"}

Make = Callable[..., dict[str, Output]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


@pytest.fixture
def outputs(store: Store) -> Make:
    """The pages of an archive of DAYS, by path."""

    def make(*days: Day, config: Config | None = None) -> dict[str, Output]:
        found = archive.fill(store, days)
        return {output.path: output for output in all_pages.page_outputs(store, config or archive.config(), found)}

    return make


def text_of(outputs: dict[str, Output], path: str = DAY_FILE) -> str:
    return outputs[path].make().decode()


def body_of(text: str) -> Any:
    """The page as MkDocs would typeset it, parsed."""
    content = frontmatter.loads(text).content
    return lxml.html.fromstring("<div>" + markdown.markdown(content, extensions=["attr_list", "tables"]) + "</div>")


def days_from(first: dt.date, count: int) -> list[Day]:
    return [archive.day(first + dt.timedelta(days=number)) for number in range(count)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    [DAY_FILE, "index.md", "archive/index.md", "archive/2026-01.md", "fields/dl-theory.md", "trends.md", "saved.md"],
)
def test_a_page_is_as_it_was_when_somebody_looked_at_it(outputs: Make, language: str, path: str) -> None:
    """Golden pages; after a change on purpose: GOLDEN=write, look at the diff, commit it."""
    config = archive.config(language)
    made = text_of(outputs(*days_from(archive.WEDNESDAY, 2), config=config), path)
    golden = GOLDEN / language / path.replace("/", "-")
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(made, encoding="utf-8")
    assert made == golden.read_text(encoding="utf-8")


def test_a_day_page_holds_all_that_there_is_to_know_of_a_pick(outputs: Make) -> None:
    """Each at its own anchor: title, score, every author, date, categories, three links, reason, relatives."""
    page = body_of(text_of(outputs(archive.day())))
    for pick in archive.PICKS:
        card = page.get_element_by_id(pick.paper.id)
        shown = card.text_content()
        assert f"{pick.verdict.score:.1f}" in shown and "2026-01-13" in shown and "cs.LG" in shown
        assert all(name in shown for name in pick.paper.authors)
        assert pick.verdict.reason is None or pick.verdict.reason in shown
        assert {pick.paper.abs_url, pick.paper.pdf_url, pick.paper.html_url} <= set(card.xpath(".//a/@href"))
    assert page.get_element_by_id("2601.00005").xpath(".//a[text()='Earlier']/@href") == ["../2026-01-13/#2601.00001"]
    assert "已撤稿" in page.get_element_by_id("2601.00004").text_content()


def test_a_day_page_tells_how_the_day_was_made(outputs: Make) -> None:
    """Read, picked, model, tokens, cost, time of update in the site's zone, and each category's coverage."""
    shown = body_of(text_of(outputs(archive.day()))).text_content()
    for fact in ("10 篇", "7 篇", "some-model", "1,234", "USD 0.0123", "2026-01-14 13:17 UTC+8"):
        assert fact in shown
    assert "cs.AI 4/4，1 篇未评" in shown and "cs.LG 7/9，源未更新" in shown


def test_front_matter_tells_the_same_to_programs(outputs: Make) -> None:
    """A date is a date and a number a number."""
    meta = frontmatter.loads(text_of(outputs(archive.day()))).metadata
    assert meta["date"] == archive.WEDNESDAY and meta["papers_read"] == 10 and meta["picks"] == 7
    assert meta["model"] == "some-model" and meta["tokens"] == 1234 and meta["cost"] == 0.0123
    assert meta["tags"] == ["深度学习理论", "大模型新技术", "left-over-field", "其他"]
    assert meta["coverage"] == {"cs.AI": "4/4，1 篇未评", "cs.LG": "7/9，源未更新"}


def test_papers_stand_by_field_and_best_first(outputs: Make) -> None:
    """Fields in the order of config.toml, then those it does not know, then none; the record's order among equals."""
    page = body_of(text_of(outputs(archive.day())))
    assert page.xpath("//h2/@id") == ["best-of-day", "dl-theory", "llm-frontier", "left-over-field", "no_field"]
    order = ["2601.00005", "2601.00002", "2601.00001", "2601.00003", "2601.00004", "2601.00007", "2601.00006"]
    assert page.xpath("//article/@id") == order
    chips = [link.text_content() for link in page.xpath("//nav[@class='chips']/a")]
    assert chips == ["深度学习理论 2", "大模型新技术 3", "left-over-field 1", "其他 1"]
    assert page.xpath("//nav[@class='chips']/a/@href") == [f"#{name}" for name in page.xpath("//h2/@id")[1:]]


def test_the_best_of_a_day_stand_on_top_over_all_fields(outputs: Make) -> None:
    """By rank, each a link to its card: at home, to the day's page where home does not show it; not for a few picks."""
    picks = tuple(
        archive.pick(number, 10 - number / 10, "agents" if number < 6 else "dl-theory") for number in range(1, 12)
    )
    made = outputs(archive.day(picks=picks))
    for path, away in ((DAY_FILE, ""), ("index.md", "days/2026/2026-01-14/")):
        page = body_of(text_of(made, path))
        links = page.xpath("//ol[@class='top-picks']/li/a/@href")
        cards = page.xpath("//article/@id")
        ids = [f"2601.{number:05}" for number in range(1, 8)]
        assert links == [f"#{paper}" if paper in cards else f"{away}#{paper}" for paper in ids]
        assert [row.xpath("string(em)") for row in page.xpath("//ol[@class='top-picks']/li")][5:] == [
            "深度学习理论"
        ] * 2
    assert "#2601.00005" not in links  # home shows three of a field
    assert "top-picks" not in text_of(outputs(archive.day(picks=picks[:3])))


def test_what_was_not_judged_is_said(outputs: Make) -> None:
    """Unscored papers by name and reason, spared ones as not judged, the rest where to find it."""
    page = body_of(text_of(outputs(archive.day())))
    after = page.xpath("//div[@class='after']")[0]
    assert "Open <b>" in after.text_content() and "模型拒绝评审" in after.text_content()
    assert words("zh")["spared_text"].format(n=1) in after.text_content()
    assert "../../../data/2026/2026-01-14.json" in after.xpath(".//a/@href")


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "前 30 天抽查的 61 篇"), ("en", "from 61 audited papers in 30 days.")]
)
def test_what_the_prefilter_kept_is_told_with_papers_and_period(outputs: Make, language: str, told: str) -> None:
    """A share is worth what it rests on."""
    recall = Recall(recall=0.98, low=0.9, high=1, audited=61, days=20)
    assert told in text_of(outputs(archive.day(recall=recall), config=archive.config(language)))


def test_a_long_list_of_authors_is_folded_and_whole(outputs: Make) -> None:
    """Three thousand names hide behind one word, and none is lost."""
    names = [f"Author {number}" for number in range(3000)]
    page = body_of(text_of(outputs(archive.day(picks=(archive.pick(1, 9, "dl-theory", authors=names),)))))
    assert all(f"Author {number}" in page.text_content() for number in (0, 5, 6, 2999))
    assert page.xpath("//article//details/summary")[0].text_content() == "另有 2,994 位作者"


def test_a_holiday_makes_no_page(outputs: Make) -> None:
    """And the days around it are each other's neighbours."""
    monday = dt.date(2026, 1, 12)
    days = [archive.day(monday), archive.holiday(monday + dt.timedelta(days=1)), archive.day(archive.WEDNESDAY)]
    made = outputs(*days)
    assert "days/2026/2026-01-13.md" not in made
    assert "../2026-01-12/" in text_of(made)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_day_without_picks_is_a_page_that_says_so(outputs: Make, language: str) -> None:
    """With its figures, what came closest, marked as no picks, and no empty section."""
    page = body_of(text_of(outputs(archive.day(picks=()), config=archive.config(language))))
    assert words("en" if language == "en" else "zh")["no_picks"] in page.text_content()
    assert page.xpath("//h2/@id") == ["below-threshold"] and not page.xpath("//article")
    assert page.xpath("//ul[@class='best']//a/@href") == [
        f"https://arxiv.org/abs/{row.id}" for row in archive.day().rest
    ]


OPEN = tuple(
    Unscored(id=f"2601.{number:05}", title="Open", primary="cs.AI", why=why)
    for number, why in enumerate(["refused", *["model error"] * 9])
)


@pytest.mark.parametrize(
    ("language", "told", "judge"),
    [
        ("zh", "还有 10 篇没有评分（模型调用失败：9；模型拒绝评审：1），", "评审无"),
        (
            "en",
            "Papers not judged yet: 10 (calls to the model failed: 9; the model refused: 1).",
            "Judgenone",
        ),
    ],
)
def test_a_day_that_nobody_has_judged_is_no_day_of_bad_papers(
    outputs: Make, language: str, told: str, judge: str
) -> None:
    """At home and on its page: how many papers wait and why, and no judge; later the lists of days tell it too."""
    day = archive.day(picks=(), rest=(), spared=(), unscored=OPEN, model=None)
    config = archive.config(language)
    made = outputs(day, config=config)
    for path in (DAY_FILE, "index.md"):
        page = body_of(text_of(made, path))
        assert page.xpath("string(//p[@class='empty'])").startswith(told)
        assert judge in [row.text_content() for row in page.xpath("//dl/div")]
        assert words("en" if language == "en" else "zh")["offline_judge"] not in page.text_content()
    meta = frontmatter.loads(text_of(made)).metadata
    assert (meta["judge"], meta["model"]) == ("llm", "none") and told in str(meta["description"])
    later = outputs(archive.day(archive.WEDNESDAY + dt.timedelta(days=1)), config=config)
    waiting = words("en" if language == "en" else "zh")["coverage_unscored"].format(n=10)
    assert waiting in body_of(text_of(later, "index.md")).xpath("//ol[@class='days']/li")[1].text_content()
    assert waiting in body_of(text_of(later, "archive/2026-01.md")).xpath("//h2")[1].text_content()


def test_a_day_without_picks_tells_what_was_not_judged(outputs: Make) -> None:
    """Some papers were judged and none was picked: both are said."""
    made = outputs(archive.day(picks=(), unscored=OPEN[1:]))
    told = words("zh")["no_picks"] + " 还有 9 篇没有评分（模型调用失败），之后的运行会评。"
    for path in (DAY_FILE, "index.md"):
        assert body_of(text_of(made, path)).xpath("string(//p[@class='empty'])") == told


def test_a_model_that_nobody_named_is_unknown(outputs: Make) -> None:
    """A predecessor's page may not say who judged; that was not the offline judge."""
    made = outputs(archive.day(model=None, imported=True))
    assert "评审未知" in [row.text_content() for row in body_of(text_of(made)).xpath("//dl/div")]
    assert frontmatter.loads(text_of(made)).metadata["model"] == "unknown"


def test_an_archive_without_days_says_what_to_do(outputs: Make) -> None:
    """A fresh fork builds, too."""
    made = outputs()
    assert "arxiv&#45;daily run" in text_of(made, "index.md") or "arxiv-daily run" in text_of(made, "index.md")
    assert "archive/index.md" in made and not any(path.startswith("days/") for path in made)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"sample": True}, "sample_notice"),
        ({"imported": True}, "imported_notice"),
        ({"facts": "rss"}, "rss_notice"),
        ({"judge": "offline", "model": None}, "estimate_notice"),
        ({}, "incomplete_notice"),
    ],
)
def test_a_reader_is_told_what_kind_of_day_it_is(outputs: Make, changes: dict[str, Any], key: str) -> None:
    """Before the first paper, on the day's page and at home."""
    made = outputs(archive.day(**changes))
    for path in (DAY_FILE, "index.md"):
        text = text_of(made, path)
        assert words("zh")[key] in text and text.index(words("zh")[key]) < text.index("<article")


def test_an_estimate_is_marked_at_each_score(outputs: Make) -> None:
    """So that no copied card looks like a model's verdict."""
    picks = (archive.pick(1, 8.2, "dl-theory", estimate=True),)
    score = body_of(text_of(outputs(archive.day(picks=picks)))).xpath("//p[@class='score']")[0]
    assert score.text_content() == "评分 8.2 估计 #1"
    for path in ("archive/2026-01.md", "fields/index.md"):
        rows = body_of(text_of(outputs(archive.day(picks=picks)), path)).xpath("//ul[@class='best']/li")
        assert [row.text_content() for row in rows] == ["8.2 估计 Paper 1"]


def test_hostile_text_stays_text(outputs: Make) -> None:
    """In every place that a stranger writes to: nothing of it becomes an element, an attribute or a heading."""
    evil = archive.HOSTILE
    picks = (archive.pick(1, 9, "dl-theory", reason=evil, title=evil, authors=[evil] * 12, notes=(evil,)),)
    row = {"id": "2601.00011", "title": evil, "primary": "cs.LG"}
    made = outputs(archive.day(picks=picks, model=evil, changes=(evil,), unscored=[{**row, "why": evil}]))
    for path in (path for path in made if not path.endswith(".gz")):
        text = text_of(made, path)
        page = body_of(text)
        assert not page.xpath(
            "//script[not(@type='application/ld+json')] | //strong | //code | //*[@onload] | //*[@id='d']"
            " | //a[contains(@href, 'script')]"
        )
        assert [json.loads(script.text)["@type"] for script in page.xpath("//script")] == [
            "CollectionPage"
        ] * path.endswith(".md")
        assert len(page.xpath("//article")) == text.count("<article")
    page = body_of(text_of(made))
    assert "onload=x [a](javascript:b) `c` {#d} **e** <!--" in page.xpath("//article")[0].text_content()
    meta = frontmatter.loads(text_of(made)).metadata
    assert not re.search("[<>\"']", str(meta["description"]) + str(meta["model"]))
    assert "<script>" in html.unescape(str(meta["model"]))


def test_every_variable_of_a_template_passes_an_escape_last() -> None:
    """A template that forgets one is found here, whatever it holds today."""
    names = page_maker._ENV.list_templates(extensions=["j2"])
    bare = [f"{name}: {node}" for name in names for node in outputs_of(name) if not escaped(node)]
    assert len(names) > 5 and bare == []


def outputs_of(name: str) -> Iterator[jinja2.nodes.Node]:
    """What the template NAME prints beside its own text."""
    loader = page_maker._ENV.loader
    assert loader is not None
    tree = page_maker._ENV.parse(loader.get_source(page_maker._ENV, name)[0])
    for output in tree.find_all(jinja2.nodes.Output):
        yield from (node for node in output.nodes if not isinstance(node, jinja2.nodes.TemplateData))


def escaped(node: jinja2.nodes.Node) -> bool:
    if isinstance(node, jinja2.nodes.CondExpr):
        return escaped(node.expr1) and (node.expr2 is None or escaped(node.expr2))
    return isinstance(node, jinja2.nodes.Const) or (isinstance(node, jinja2.nodes.Filter) and node.name in ESCAPING)


def test_a_new_day_leaves_old_pages_alone(outputs: Make) -> None:
    """But for the link to it on the page of the day before."""
    before = outputs(*days_from(dt.date(2026, 1, 12), 4))
    after = outputs(archive.day(dt.date(2026, 1, 16)))
    changed = {path for path in before if before[path].inputs != after[path].inputs and path.startswith("days/")}
    assert changed == {"days/2026/2026-01-15.md"}


def test_what_a_page_is_made_of_is_known_without_reading_records(outputs: Make, store: Store) -> None:
    """An archive of ten years is not parsed for one new day."""
    made = outputs(*days_from(dt.date(2026, 1, 12), 3))
    found = archive.fill(store, [])
    shutil.rmtree(store.folder)
    assert {output.path: output.inputs for output in all_pages.page_outputs(store, archive.config(), found)} == {
        path: output.inputs for path, output in made.items()
    }


@pytest.mark.parametrize("change", [{"title": "Another"}, {"timezone": "UTC"}, {"language": "en"}])
def test_a_change_of_configuration_makes_pages_again(outputs: Make, change: dict[str, str]) -> None:
    """Whatever the pages show of it is among their inputs."""
    before = outputs(archive.day())
    after = outputs(archive.day(), config=archive.config(**change))
    assert before[DAY_FILE].inputs != after[DAY_FILE].inputs


def test_the_same_records_make_the_same_pages(outputs: Make) -> None:
    """Byte for byte, in whatever order they were written."""
    first = {path: output.make() for path, output in outputs(*days_from(archive.WEDNESDAY, 3)).items()}
    again = {path: output.make() for path, output in outputs(*days_from(archive.WEDNESDAY, 3)[::-1]).items()}
    assert first == again


def test_links_between_pages_are_counted_from_where_they_stand() -> None:
    """Over a change of year, from home, and to home."""
    assert urls.relative(urls.day_path(dt.date(2025, 12, 31)), "days/2026/2026-01-02/") == "../../2025/2025-12-31/"
    assert urls.relative("archive/", "") == "archive/"
    assert urls.relative("", "archive/2026-01/") == "../../"
    assert urls.relative("feed.xml", "fields/agents/") == "../../feed.xml"


def test_abstracts_with_tex_are_published_as_mathematics_too(store: Store) -> None:
    """What stands in the place of TeX; hostile TeX is text there as everywhere."""
    day = archive.day()
    kept = {
        "2601.00001": "We show $x^2 < y$ & more.",
        "2601.00002": "Plain words & 5 < 6.",
        "2601.00003": archive.HOSTILE,
    }
    store.write(day, kept)
    made = {output.path: output for output in all_pages.page_outputs(store, archive.config(), archive.fill(store, []))}
    found = json.loads(gzip.decompress(made["data/2026/2026-01-14.formulas.json.gz"].make()))
    ((start, end, html),) = found["2601.00001"]
    assert "2601.00002" not in found and (start, end) == (8, 17) and html.startswith('<math alttext="x^2 &lt; y"')
    tree = lxml.html.fragment_fromstring("".join(patch[2] for patch in found["2601.00003"]), create_parent="div")
    assert tree.text_content() and not tree.xpath("//script | //article | //a")
    store.write(day, {**kept, "2601.00001": "Changed"})
    again = {output.path: output for output in all_pages.page_outputs(store, archive.config(), archive.fill(store, []))}
    path = "data/2026/2026-01-14.formulas.json.gz"
    assert again[path].inputs != made[path].inputs


def test_search_engines_are_told_what_a_page_is(outputs: Make) -> None:
    """A day: its date and best papers, in JSON that no title can break out of."""
    made = outputs(archive.day(picks=(archive.pick(1, 9, "agents", title="</script><b>"),)))
    found = json.loads(body_of(text_of(made)).xpath("//script")[0].text)
    assert found["datePublished"] == "2026-01-14" and found["isPartOf"]["name"] == "arXiv Daily"
    assert found["mainEntity"]["itemListElement"][0]["name"] == "</script><b>"
    assert found["url"].endswith("/days/2026/2026-01-14/")
    assert "mainEntity" not in json.loads(body_of(text_of(made, "archive/index.md")).xpath("//script")[0].text)


def test_a_card_carries_what_a_citation_needs(outputs: Make) -> None:
    """The title's TeX where mathematics is shown, names where a comma would part them, the place in the day."""
    odd = archive.pick(1, 9, "agents", title="About $x$", authors=["Smith, Jr.", "Ann Lee"])
    cards = body_of(text_of(outputs(archive.day(picks=(odd, archive.pick(2, 8, "agents")))))).xpath("//article")
    assert [card.get("data-tex") for card in cards] == ["About $x$", None]
    assert [card.get("data-authors") for card in cards] == ["Smith, Jr.|Ann Lee", None]
    assert [card.xpath("string(.//p[@class='score']/b)") for card in cards] == ["#1", "#2"]


def test_the_calendar_holds_every_day_once(outputs: Make) -> None:
    """Newest month first, each day in the column of its weekday, with its picks."""
    days = [archive.day(dt.date(2026, 1, 30)), archive.day(dt.date(2026, 2, 2), picks=archive.PICKS[:1])]
    page = body_of(text_of(outputs(*days), "archive/index.md"))
    assert [caption.text_content() for caption in page.xpath("//caption")] == ["2026年2月 1", "2026年1月 7"]
    cells = page.xpath("//td[a]")
    assert [(cell.text_content(), cell.getparent().index(cell)) for cell in cells] == [("2 1", 0), ("30 7", 4)]
    assert page.xpath("//td/a/@href") == ["../days/2026/2026-02-02/", "../days/2026/2026-01-30/"]


def test_one_full_day_does_not_pale_the_others(outputs: Make) -> None:
    """A square is as dark as the quarter of the year's days to which it belongs; a day without picks is not tinted."""
    numbers = [20, 30, 40, 50, 300, 0]
    days = [
        archive.day(date, picks=tuple(archive.pick(place, 8, "agents") for place in range(number)))
        for date, number in zip(announcement_days(dt.date(2026, 1, 12), dt.date(2026, 1, 31)), numbers, strict=False)
    ]
    page = body_of(text_of(outputs(*days), "archive/index.md"))
    assert [cell.get("class") for cell in page.xpath("//td[a]")] == ["d1", "d1", "d2", "d3", "d4", "d0"]
    assert archive_pages.quarters([]) == []


def test_a_fields_page_shows_its_best_of_a_week_and_of_a_month(outputs: Make) -> None:
    """No paper twice; the days before are links with their counts."""
    month = [dt.date(2025, 12, 1), dt.date(2025, 12, 22), dt.date(2026, 1, 13), archive.WEDNESDAY]
    days = [archive.day(date, picks=(archive.pick(number, 8, "agents"),)) for number, date in enumerate(month)]
    page = body_of(text_of(outputs(*days), "fields/agents.md"))
    assert page.xpath("//article/@id") == ["2601.00003", "2601.00002", "2601.00001"]
    links = page.xpath("//p[@class='counts']/a[b]/@href")
    assert links[0] == "../../days/2026/2026-01-14/#agents" and len(links) == len(month)


def test_a_fields_page_counts_its_picks_of_thirty_days_and_of_all(outputs: Make) -> None:
    """A day without a pick of the field counts for nothing."""
    rows = {
        dt.date(2025, 12, 1): "agents", dt.date(2025, 12, 2): None, dt.date(2026, 1, 13): None,
        archive.WEDNESDAY: "agents",
    }  # fmt: skip
    days = [
        archive.day(date, picks=(archive.pick(place, 8, field),)) for place, (date, field) in enumerate(rows.items())
    ]
    made = outputs(*days)
    assert "近 30 天 1 篇 · 共 2 篇" in text_of(made, "fields/agents.md")
    assert "近 30 天 1 篇" in text_of(made, "fields/index.md")


def test_a_page_of_a_hundred_picks_is_small(outputs: Make) -> None:
    """0.97 KB a pick, with a title, a reason and authors as long as real ones are."""
    long = {"title": "A title of the usual length " * 3, "authors": [f"Firstname Lastname{n}" for n in range(6)]}
    reason = "针对某个常见的问题提出一种新的方法，在多个基准上显著优于现有的方法，并给出理论上的解释。" * 2
    picks = tuple(archive.pick(number, 8, "agents", reason, **long) for number in range(100))
    text = text_of(outputs(archive.day(picks=picks)))
    assert len(text.encode()) < 98_000 and len(gzip.compress(text.encode())) < 20_000
