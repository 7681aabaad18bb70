"""Feeds: read back by parsers that are not ours, held to the rules that parsers forgive."""

import datetime as dt
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import fastfeedparser  # type: ignore[import-untyped]
import feedparser  # type: ignore[import-untyped]
import listparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from support import feed_rules
from support.feed_rules import html_problems, problems
from support.project import CONFIG, PROJECT

from generator.commands.demo import make_days
from generator.core.calendar import announcement
from generator.core.files import digest
from generator.core.i18n import words
from generator.core.model import Coverage, Day, Headline, Paper, Pick, Related, Rest, Spared, Unscored, Verdict, Window
from generator.publish.feeds.build import DIGEST_DAYS, LIMIT_BYTES, MOST_DAYS, PAPER_DAYS, Records, feed_outputs
from generator.publish.feeds.catalogue import catalogue
from generator.publish.manifest import Output, write_outputs
from generator.publish.render import render
from generator.records.summaries import summarize
from generator.settings.config import Config, Feeds, ResearchField, Site, load

SITE = "https://name.github.io/arxiv-daily/"
NEWEST = dt.date(2026, 1, 14)
FIELDS = (
    ResearchField(slug="agents", name="智能体", name_en="Agents", description="Agents."),
    ResearchField(slug="theory", name="理论", name_en="Theory", description="Theory."),
)
DIGESTS = ("feed.xml", "atom.xml", "feed.json")
PAPERS = ("papers.xml", "feeds/agents.xml", "feeds/theory.xml", "feeds/top.xml")


def a_config(**site: Any) -> Config:
    return Config(site=Site(**{"url": SITE, **site}), feeds=Feeds(top_score=9), fields=FIELDS)


def a_pick(number: int = 1, title: str = "On Agents", **changes: Any) -> Pick:
    """A pick; CHANGES are of the paper, or of the verdict where they name what a verdict has."""
    facts: dict[str, Any] = {"id": f"2601.{number:05}", "title": title, "submitted": None}
    facts |= {"authors": ("Ann B", "Bo Ö"), "categories": ("cs.AI", "cs.LG")}
    verdict: dict[str, Any] = {"score": 8.0, "field": "agents", "reason": "因为它有用。"}
    for key, value in changes.items():
        (verdict if key in Verdict.model_fields else facts)[key] = value
    return Pick(paper=Paper(**facts), verdict=Verdict(**verdict))


def a_day(date: dt.date = NEWEST, picks: Sequence[Pick] | None = None, **changes: Any) -> Day:
    window = announcement(date)
    values = {
        "date": date,
        "window": Window(start=window.start, end=window.end),
        "generator": "0",
        "judge": "llm",
        "model": "some-model",
        "profile": "p",
        "updated": dt.datetime.combine(date, dt.time(7), dt.UTC),
        "coverage": {"cs.AI": Coverage(expected=3, read=3, state="complete")},
        "picks": tuple([a_pick()] if picks is None else picks),
        "rest": (Rest(id="2601.90000", title="Rest", primary="cs.AI", score=3),),
    }
    return Day(**{**values, **changes})


def weekdays(newest: dt.date = NEWEST) -> Iterator[dt.date]:
    """The dates of announcements, newest first, without end."""
    for back in itertools.count():
        date = newest - dt.timedelta(days=back)
        if date.weekday() < 5:
            yield date


def many_days(days: int, picks: int, **changes: Any) -> list[Day]:
    """DAYS days, newest first, with PICKS picks each, of which no paper comes twice."""
    return [
        a_day(date, [a_pick(number * picks + place, **changes) for place in range(picks)])
        for number, date in enumerate(itertools.islice(weekdays(), days))
    ]


def outputs(days: Sequence[Day], config: Config | None = None, abstracts: Mapping[str, str] = {}) -> list[Output]:
    """The feeds' files of DAYS, newest first."""
    by_date = {day.date: day for day in days}
    found = [summarize(day, digest(day.model_dump_json())) for day in reversed(days)]
    return feed_outputs(found, Records(by_date.get, lambda _: abstracts), config or a_config())


def made(days: Sequence[Day], config: Config | None = None) -> dict[str, bytes]:
    return {output.path: output.make() for output in outputs(days, config)}


def feed_of(path: str, days: Sequence[Day]) -> bytes:
    return next(output.make() for output in outputs(days) if output.path == path)


def parsed(content: bytes) -> Any:
    """A feed as feedparser reads it, which knows no JSON."""
    feed = feedparser.parse(content)
    assert not feed.bozo
    return feed


def titles(content: bytes) -> list[str]:
    return [entry.title for entry in parsed(content).entries]


def ids(content: bytes) -> list[str]:
    if content.startswith(b"{"):
        return [item["id"] for item in json.loads(content)["items"]]
    return [entry.id for entry in parsed(content).entries]


def text_of(html: str) -> str:
    root: Any = lxml_html.fromstring(html)
    return str(root.text_content())


@pytest.fixture
def rich_days() -> list[Day]:
    """Three days with one of everything."""
    picks = [
        a_pick(1, r"Learning in $\mathbb{R}^{2k}$ & <b>more</b>", score=9.5, comment="12 pages"),
        a_pick(2, "An estimate", estimate=True, field="theory", authors=tuple(f"Author {n}" for n in range(150))),
        a_pick(3, "Of a field that is gone", field="gone", reason=None),
        a_pick(4, "Withdrawn").model_copy(update={"notes": ("withdrawn",)}),
        a_pick(5, "Related").model_copy(
            update={"related": (Related(id="hep-th/9901001", title="An old one", date=dt.date(2026, 1, 12)),)}
        ),
    ]
    incomplete = a_day(
        NEWEST,
        picks,
        coverage={
            "cs.AI": Coverage(expected=12, read=10, state="stale"),
            "cs.LG": Coverage(expected=None, read=4, state="complete"),
        },
        unscored=(Unscored(id="2601.80000", title="Open", primary="cs.AI", why="refused"),),
        spared=(Spared(id="2601.80001", title="Spared", primary="cs.AI", estimate=0.01),),
        facts="rss",
        changes=("2601.00005 came late",),
    )
    empty = a_day(dt.date(2026, 1, 13), [])
    return [incomplete, empty, a_day(dt.date(2026, 1, 12), [a_pick(9, id="hep-th/9901001")], sample=True)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_feeds_keep_the_rules(rich_days: list[Day], language: str) -> None:
    """Every feed of days that hold one of everything, in both languages."""
    for path, content in made(rich_days, a_config(language=language)).items():
        assert not problems(content, SITE, {"zh": "zh-CN", "en": "en"}[language]), path


def test_the_feeds_of_the_sample_keep_the_rules(tmp_path: Path) -> None:
    """In a clone git has brought no feed: none is missing after a render, and the checker finds nothing in any."""
    config = load(CONFIG, {})
    list(make_days(tmp_path, config))
    render(tmp_path, config)
    paths = [*(feed.path for feed in catalogue(config)), "feeds.opml"]
    for path in paths:
        (tmp_path / "docs" / path).unlink()
    assert sorted(render(tmp_path, config).written) == sorted(paths)
    for path in paths:
        assert problems((tmp_path / "docs" / path).read_bytes(), config.site.url, "zh-CN") == [], path


def test_git_keeps_no_feed_and_all_else() -> None:
    """Each feed holds every pick once more, anew each day."""
    feeds = [feed.path for feed in catalogue(load(CONFIG, {}))]
    others = ["index.md", "data/index.json", "data/manifest.json", "status.json", "days/2026/2026-01-06.md"]
    names = "".join(f"docs/{name}\n" for name in [*feeds, "feeds.opml", "feeds/a-new-field.xml", *others])
    command = ["git", "check-ignore", "--no-index", "--stdin"]
    done = subprocess.run(command, cwd=PROJECT, input=names, capture_output=True, text=True, check=True)
    assert done.stdout.split() == names.split()[: -len(others)]


def test_feeds_without_days_are_valid() -> None:
    """A new site has feeds that can be subscribed to, and nothing in them."""
    for path, content in made([]).items():
        assert not problems(content, SITE, "zh-CN"), path
        assert path == "feeds.opml" or not ids(content)


FIRST_TWO = re.compile(r"(<item>.*?</item>\s*)(<item>.*?</item>\s*)", re.DOTALL)
PLANTED: list[tuple[str, str, Callable[[str], str]]] = [
    ("wrong weekday", "papers.xml", lambda text: text.replace("Wed, 14 Jan 2026 05", "Thu, 14 Jan 2026 05", 1)),
    ("no RFC 822 date", "papers.xml", lambda text: re.sub("<pubDate>[^<]*", "<pubDate>2026-01-14", text, count=1)),
    ("stands there 2 times", "papers.xml", lambda text: text.replace("2601.00002</guid>", "2601.00001</guid>")),
    ("does not survive", "papers.xml", lambda text: text.replace("2601.00002</guid>", "2601.00002v2</guid>")),
    ("claims to be an address", "feed.xml", lambda text: text.replace('isPermaLink="false"', 'isPermaLink="true"')),
    ("not the site", "papers.xml", lambda text: text.replace(f"<link>{SITE}</link>", "<link>https://arxiv.org/</link>")),
    ("rel=self", "papers.xml", lambda text: re.sub("<atom:link[^>]*>", "", text)),
    ("not below it", "feed.json", lambda text: text.replace(f'"{SITE}feed.json"', '"feed.json"')),
    ("not absolute and below", "papers.xml", lambda text: text.replace(f"<link>{SITE}days", "<link>/days")),
    ("that is not absolute", "feed.xml", lambda text: text.replace(f'href="{SITE}days', 'href="/days', 1)),
    ("language is None", "papers.xml", lambda text: re.sub("<language>.*?</language>", "", text)),
    ("language is en", "atom.xml", lambda text: text.replace('xml:lang="zh-CN"', 'xml:lang="en"')),
    ("forbidden character U+202E", "papers.xml", lambda text: text.replace("On Agents", "On\u202eAgents")),
    ("forbidden character U+0008", "papers.xml", lambda text: text.replace("On Agents", "On\bAgents")),
    ("element <script>", "feed.xml", lambda text: text.replace("[CDATA[", "[CDATA[<script>1</script>")),
    ("element <img>", "feed.xml", lambda text: text.replace("[CDATA[", '[CDATA[<img src="https://x.org/1.gif"/>')),
    ("attribute onclick", "papers.xml", lambda text: text.replace("CDATA[<p>", 'CDATA[<p onclick="x()">')),
    ("attribute style", "atom.xml", lambda text: text.replace("&lt;p&gt;", "&lt;p style='color:red'&gt;", 1)),
    ("element <iframe>", "feed.json", lambda text: text.replace('_html": "', '_html": "<iframe></iframe>')),
    ("not balanced", "feed.json", lambda text: text.replace("</p>", "", 1)),
    ("dates out of order", "papers.xml", lambda text: text.replace("BuildDate>Wed, 14 Jan", "BuildDate>Mon, 12 Jan")),
    ("newest item is not first", "feed.xml", lambda text: FIRST_TWO.sub(r"\2\1", text, count=1)),
    ("not of type html", "atom.xml", lambda text: text.replace('<content type="html"', '<content type="CDATA"')),
    ("not JSON Feed 1.1", "feed.json", lambda text: text.replace("version/1.1", "version/1")),
    ("unknown keys", "feed.json", lambda text: text.replace('"content_html"', '"contentHtml"')),
    ("no mail address", "papers.xml", lambda text: text.replace("dc:creator>", "author>")),
    ("take for HTML", "papers.xml", lambda text: text.replace("On Agents", "On &lt;b&gt;Agents")),
    ("has no title", "papers.xml", lambda text: text.replace("<title>On Agents</title>", "<title/>")),
    ("not well-formed", "papers.xml", lambda text: text.replace("</channel>", "")),
    ("no content", "papers.xml", lambda text: re.sub(r"<!\[CDATA\[.*?\]\]>", "", text, flags=re.DOTALL)),
    ("more than 500000", "feed.xml", lambda text: text.replace("<p>", "<p>" + "x" * 100_000)),
    ("xmlUrl", "feeds.opml", lambda text: text.replace("feeds/weekly.xml", "feed.xml")),
    ("lacks text", "feeds.opml", lambda text: text.replace("htmlUrl", "href")),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "path", "plant"), PLANTED, ids=[fault for fault, _, _ in PLANTED])
def test_the_checker_finds_planted_faults(fault: str, path: str, plant: Callable[[str], str]) -> None:
    """Each fault, planted alone into a good feed, is named; most of them pass feedparser unnoticed."""
    good = feed_of(path, many_days(4, 3)).decode()
    assert plant(good) != good
    assert any(fault in problem for problem in problems(plant(good).encode(), SITE, "zh-CN"))


def test_the_checker_is_a_script_too(tmp_path: Path) -> None:
    """It checks files, as CI and a suspicious person do, and its exit status says what it found."""
    for name, content in made([a_day()]).items():
        (tmp_path / name.replace("/", "-")).write_bytes(content)
    files = sorted(map(str, tmp_path.iterdir()))
    script = [sys.executable, feed_rules.__file__]
    good = subprocess.run([*script, "--site", SITE, *files], capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout) == (0, f"{len(files)} feeds keep the rules\n")
    bad = subprocess.run([*script, "--site", "https://other.org/", *files], capture_output=True, text=True, check=False)
    assert bad.returncode == 1 and "papers.xml: the channel's link is" in bad.stdout


def test_papers_are_read_back_to_the_records_by_two_parsers(rich_days: list[Day]) -> None:
    """Id, title, authors, categories, reason and date of every pick, as feedparser and fastfeedparser see them."""
    content = feed_of("papers.xml", rich_days)
    entries, others = parsed(content).entries, fastfeedparser.parse(content).entries
    picks = {pick.paper.id: (day, pick) for day in rich_days for pick in day.picks}
    assert len(entries) == len(others) == len(picks)
    for entry, other in zip(entries, others, strict=True):
        day, pick = picks[entry.id.removeprefix("oai:arXiv.org:")]
        assert entry.link == other["link"] == f"{SITE}days/2026/{day.date}/#{pick.paper.id}"
        assert entry.title == other["title"]
        assert entry.author == other["author"] == ", ".join(pick.paper.authors)
        assert {*pick.paper.categories} < {tag.term for tag in entry.tags}
        assert (pick.verdict.reason or "") in entry.content[0].value
        assert parsedate_to_datetime(entry.published) == dt.datetime.fromisoformat(other["published"])
        assert entry.published.startswith(f"{day.date:%a, %d %b %Y}")


@pytest.mark.parametrize("path", DIGESTS)
def test_the_digest_holds_every_pick_of_each_day(rich_days: list[Day], path: str) -> None:
    """Title, reason, authors, the page's anchor and arXiv's three links, in each of the three forms."""
    items = fastfeedparser.parse(feed_of(path, rich_days)).entries
    assert [item["published"][:10] for item in items] == [str(day.date) for day in rich_days]
    for day, item in zip(rich_days, items, strict=True):
        content = item["content"][0]["value"]
        hrefs = set(re.findall('href="([^"]*)"', content))
        for pick in day.picks:
            paper = pick.paper
            assert f"{SITE}days/2026/{day.date}/#{paper.id}" in hrefs
            assert paper.abs_url in hrefs
            assert ({paper.pdf_url, paper.html_url} <= hrefs) == ("withdrawn" not in pick.notes)
            assert (pick.verdict.reason or "") in text_of(content)
            assert paper.authors[0] in text_of(content)


def test_a_digest_tells_what_the_day_is(rich_days: list[Day]) -> None:
    """Counts by field in the order of config.toml, scores or places, what is missing, estimated or changed."""
    newest, empty, sample = (
        text_of(item["content"][0]["value"]) for item in fastfeedparser.parse(feed_of("feed.xml", rich_days)).entries
    )
    assert "智能体 3 · 理论 1 · gone 1" in newest
    assert newest.index("智能体 (3)") < newest.index("理论 (1)") < newest.index("gone (1)")
    assert "Learning in ℝ²ᵏ & <b>more</b>评分 9.5 · cs.AI cs.LG" in newest
    word = words("zh")
    assert word["feeds_place"].format(place=2) in newest
    for told in (
        f"cs.AI 10/12 ({word['coverage_stale']})",
        "cs.LG 4",
        word["coverage_unscored"].format(n=1),
        word["spared_text"].format(n=1),
        word["incomplete_notice"],
        word["rss_notice"],
        word["withdrawn"],
        "2601.00005 came late",
        f"Author 7 {word['more_authors'].format(n=142)}",
    ):
        assert told in newest
    assert word["no_picks"] in empty and word["incomplete_notice"] not in empty
    assert word["sample_notice"] in sample
    estimated = a_day(picks=[a_pick(estimate=True)], judge="offline", model=None)
    item = json.loads(feed_of("feed.json", [estimated]))["items"][0]["content_html"]
    assert word["estimate_notice"] in item and word["offline_judge"] in item


@pytest.mark.parametrize("path", ["feed.xml", "atom.xml", "feed.json"])
def test_a_day_that_nobody_has_judged_says_so(path: str) -> None:
    """Its title counts what waits, its text says why; no word of a threshold or of the offline judge."""
    waiting = tuple(Unscored(id=f"2601.8000{n}", title="Open", primary="cs.AI", why="no key") for n in range(3))
    day = a_day(picks=[], model=None, rest=(), unscored=waiting)
    content = feed_of(path, [day])
    assert not problems(content, SITE, "zh-CN")
    text, word = content.decode(), words("zh")
    assert f"· {word['coverage_unscored'].format(n=3)}" in text
    assert text.count("还有 3 篇没有评分（没有密钥），之后的运行会评。") == 2, "in the summary and in the text"
    assert word["no_picks"] not in text and word["offline_judge"] not in text
    assert f"{word['no_picks']} 还有 3 篇" in feed_of(path, [a_day(picks=[], unscored=waiting)]).decode()


def test_sample_days_are_marked_in_titles(rich_days: list[Day]) -> None:
    """Nobody takes the embedded sample for news."""
    files = made(rich_days)
    assert [title.startswith("[样例] ") for title in titles(files["feed.xml"])] == [False, False, True]
    assert sum(title.startswith("[样例] ") for title in titles(files["papers.xml"])) == 1


def test_feeds_of_fields_and_of_the_top_hold_what_they_say() -> None:
    """By the verdict's field; by a score of 9 and more."""
    picks = [a_pick(1, score=9), a_pick(2, score=8.9), a_pick(3, score=10, field="theory"), a_pick(4, field=None)]
    files = made([a_day(picks=picks)])
    assert ids(files["feeds/agents.xml"]) == ["oai:arXiv.org:2601.00001", "oai:arXiv.org:2601.00002"]
    assert ids(files["feeds/theory.xml"]) == ["oai:arXiv.org:2601.00003"]
    assert ids(files["feeds/top.xml"]) == ["oai:arXiv.org:2601.00003", "oai:arXiv.org:2601.00001"]
    assert len(ids(files["papers.xml"])) == 4


def test_opml_lists_feeds_of_which_none_hides_another() -> None:
    """One form of the digest, the weeks, the fields: no item stands in two of them, as newsboat keeps one for an id."""
    days = many_days(8, 2)
    days[0] = a_day(picks=[a_pick(101), a_pick(102, field="theory")])
    files = made(days)
    word = words("zh")
    found = listparser.parse(files["feeds.opml"].decode())
    assert not found.bozo
    paths = [feed.url.removeprefix(SITE) for feed in found.feeds]
    assert paths == ["feed.xml", "feeds/weekly.xml", "feeds/agents.xml", "feeds/theory.xml"]
    groups = [word["feeds_digests"]] * 2 + [word["feeds_papers_title"]] * 2
    assert [feed.categories for feed in found.feeds] == [[[group]] for group in groups]
    held = [name for path in paths for name in ids(files[path])]
    assert len(held) == len(set(held)) and all(ids(files[path]) for path in paths)
    assert set(ids(files["papers.xml"])) < set(held)


def test_two_sites_of_one_host_never_take_each_others_items() -> None:
    """Their ids differ before `init` named an authority, too."""
    first, second = (made([a_day()], a_config(url=f"https://name.github.io/{path}")) for path in ("", "second/"))
    for path in ("feed.xml", "atom.xml", "feed.json"):
        assert not set(ids(first[path])) & set(ids(second[path])) and ids(second[path])


def test_a_week_is_told_when_it_is_over() -> None:
    """Its best picks of all days, once, under an id and a title that stay; the running week is not there yet."""
    days = many_days(8, 25)  # Wednesday back to Monday of the week before last
    days[3] = a_day(days[3].date, [a_pick(900, "Best of the week", score=9.9), *days[3].picks])
    items = parsed(feed_of("feeds/weekly.xml", days)).entries
    assert [item.id for item in items] == [f"tag:name.github.io,2026:arxiv-daily:digest/2026-W0{week}" for week in (2,)]
    assert items[0].title == "2026年第2周（1月5日—1月9日）"
    assert items[0].published == "Mon, 12 Jan 2026 05:00:00 +0000"
    html = items[0].content[0].value
    assert html.count("<b>") == 20 and html.index("Best of the week") < html.index("On Agents")
    again = parsed(feed_of("feeds/weekly.xml", many_days(8, 26))).entries
    assert (again[0].id, again[0].title) == (items[0].id, items[0].title)


def test_a_digest_keeps_its_title() -> None:
    """It names the best pick and the number as first published: sfeed takes another title for another item."""
    headline = Headline(id="2601.00001", title=r"On $\alpha$-Agents", picks=3)
    before, after = (
        a_day(picks=picks, headline=headline) for picks in ([a_pick(1), a_pick(2), a_pick(3)], [a_pick(2)])
    )
    expected = ["2026年1月14日 周三 · 荐 3 篇 · On α-Agents"]
    for path in ("feed.xml", "atom.xml"):
        assert titles(feed_of(path, [before])) == titles(feed_of(path, [after])) == expected
    assert titles(feed_of("feed.xml", [a_day(headline=Headline())])) == ["2026年1月14日 周三"]
    assert titles(feed_of("feed.xml", [a_day()])) == ["2026年1月14日 周三 · 荐 1 篇"], (
        "records without one stay as they were"
    )


def test_abstracts_fill_what_a_day_has_room_for() -> None:
    """The best picks have theirs; a feed of three days still keeps the size that readers take."""
    days = many_days(5, 80)
    abstracts = {pick.paper.id: "An abstract of $x^2$ words. " * 45 for day in days for pick in day.picks}
    content = next(output.make() for output in outputs(days, None, abstracts) if output.path == "papers.xml")
    htmls = [entry.content[0].value for entry in parsed(content).entries]
    having = ["An abstract of x² words." in html for html in htmls[:80]]
    assert 20 < sum(having) < 80 and having == sorted(having, reverse=True)
    assert len(content) <= LIMIT_BYTES and not problems(content, SITE, "zh-CN")


def test_no_two_entries_have_the_same_time_of_update() -> None:
    """Days that were made in one run, as in a backfill, can be told apart."""
    moment = dt.datetime(2026, 1, 20, tzinfo=dt.UTC)
    entries = parsed(
        feed_of("atom.xml", [day.model_copy(update={"updated": moment}) for day in many_days(5, 1)])
    ).entries
    updates = [entry.updated for entry in entries]
    assert len(set(updates)) == 5 and updates == sorted(updates, reverse=True)


def test_ids_survive_retitle_theme_and_a_new_version() -> None:
    """The id of a paper and of a day change with nothing but the paper or the day."""
    before = made([a_day()])
    changed = a_pick(1, "Another title", score=9, updated=dt.datetime(2026, 2, 1, tzinfo=dt.UTC), field="theory")
    after = made([a_day(picks=[changed])], a_config(title="Another site", language="en"))
    for path in (*DIGESTS, "papers.xml"):
        assert ids(before[path]) == ids(after[path])
    assert ids(before["papers.xml"]) == ["oai:arXiv.org:2601.00001"]


def test_ids_survive_a_move_of_the_site() -> None:
    """With the authority that `init` wrote down, which is what the first address gave."""
    before = made([a_day()])
    after = made([a_day()], a_config(url="https://papers.example.org/", authority="name.github.io,2026:arxiv-daily"))
    for path in DIGESTS:
        assert ids(before[path]) == ids(after[path]) == ["tag:name.github.io,2026:arxiv-daily:digest/2026-01-14"]


def test_a_late_paper_makes_an_item_and_the_day_keeps_its_own() -> None:
    """The day's item keeps id and date of publication and gets a new time of update; the paper's comes beside it."""
    older = a_day(dt.date(2026, 1, 13), [a_pick(2)])
    later = older.updated + dt.timedelta(days=2)
    grown = older.model_copy(update={"picks": (a_pick(2), a_pick(3)), "updated": later})
    before, after = made([a_day(), older]), made([a_day(), grown])
    assert set(ids(after["papers.xml"])) - set(ids(before["papers.xml"])) == {"oai:arXiv.org:2601.00003"}
    for path in DIGESTS:
        assert ids(before[path]) == ids(after[path])
    old, new = (parsed(files["atom.xml"]).entries[1] for files in (before, after))
    assert old.published == new.published and (old.updated, new.updated) == (
        "2026-01-13T07:00:00+00:00",
        "2026-01-15T07:00:00+00:00",
    )
    assert parsed(after["feed.xml"]).feed.updated == "Thu, 15 Jan 2026 07:00:00 +0000"
    assert not problems(after["papers.xml"], SITE, "zh-CN")


def test_nothing_makes_an_item_twice() -> None:
    """A paper that two records hold is an item of the older one, and of one alone."""
    days = [a_day(picks=[a_pick(1), a_pick(1), a_pick(2)]), a_day(dt.date(2026, 1, 13), [a_pick(2)])]
    entries = parsed(feed_of("papers.xml", days)).entries
    assert [(entry.id[-1], entry.published[5:7]) for entry in entries] == [("1", "14"), ("2", "13")]


def test_holidays_and_imported_days_make_no_items() -> None:
    """A record of a day without announcement is no news, nor is what a predecessor published."""
    holiday = a_day(picks=[], coverage={"cs.AI": Coverage(expected=0, read=0, state="no announcement")}, rest=())
    imported = a_day(dt.date(2026, 1, 13), imported=True)
    for path, content in made([holiday, imported]).items():
        assert path == "feeds.opml" or not ids(content)


def test_the_same_records_give_the_same_bytes(rich_days: list[Day]) -> None:
    """No date is taken from the clock, no order from chance."""
    assert made(rich_days) == made([Day.model_validate_json(day.model_dump_json()) for day in rich_days])


@pytest.mark.parametrize("path", DIGESTS)
def test_a_digest_holds_as_many_days_as_fit(path: str) -> None:
    """Whole days up to 500 KB: one more would be too many."""
    days = many_days(12, 110, reason="理由" * 60)
    content = feed_of(path, days)
    held = len(ids(content))
    assert 1 < held < 12 and len(content) <= LIMIT_BYTES
    assert len(content) * (held + 1) / held > LIMIT_BYTES * 0.999


def test_a_digest_holds_fifty_days_at_most_and_one_at_least() -> None:
    """Small days are cut at fifty; a single day that is too large is there all the same."""
    assert len(ids(feed_of("feed.xml", many_days(60, 1)))) == DIGEST_DAYS
    large = feed_of("feed.xml", many_days(2, 300, reason="理由" * 400))
    assert len(ids(large)) == 1 and len(large) > LIMIT_BYTES
    assert not problems(large, SITE, "zh-CN")


@pytest.mark.parametrize("path", ["papers.xml", "feeds/agents.xml"])
def test_a_daily_poller_loses_no_paper(path: str) -> None:
    """Three announcements are whole, however large; small ones fill 500 KB, with no limit to their number."""
    large = feed_of(path, many_days(5, 298))
    assert len(ids(large)) == PAPER_DAYS * 298 and len(large) > LIMIT_BYTES
    small = feed_of(path, many_days(60, 20))
    assert len(ids(small)) % 20 == 0 and LIMIT_BYTES * 0.95 < len(small) <= LIMIT_BYTES
    assert not problems(large, SITE, "zh-CN") and not problems(small, SITE, "zh-CN")


def test_days_are_read_no_further_than_feeds_reach() -> None:
    """Half a year of announcements, and none at all where nothing changed."""
    days = many_days(MOST_DAYS + 20, 1)
    read: list[dt.date] = []
    by_date = {day.date: day for day in days}
    found = [summarize(day, digest(day.model_dump_json())) for day in reversed(days)]

    def look(date: dt.date) -> Day:
        read.append(date)
        return by_date[date]

    made = feed_outputs(found, Records(look, lambda _: {}), a_config())
    assert read == []
    made[0].make()
    assert read == [day.date for day in days[:MOST_DAYS]]


def test_feeds_are_made_again_only_when_a_record_changed(tmp_path: Path, rich_days: list[Day]) -> None:
    """render keeps what is there; a changed record or setting makes feeds anew."""
    assert len(write_outputs(tmp_path, outputs(rich_days)).written) == len(catalogue(a_config())) + 1
    again = write_outputs(tmp_path, outputs(rich_days))
    assert not again.written and again.kept == len(catalogue(a_config())) + 1
    changed = [rich_days[0].model_copy(update={"picks": rich_days[0].picks[:1]}), *rich_days[1:]]
    assert "feed.xml" in write_outputs(tmp_path, outputs(changed)).written
    assert "feeds.opml" in write_outputs(tmp_path, outputs(changed, a_config(title="New"))).written


HOSTILE = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            ["<script>alert(1)</script>", "]]>", "<!--", "&lt;", "&amp;", "&#0;", "<img src=x onerror=y>", "\x00",
             "\x0b", "\u202e", "\ufffe", "\uffff", "\\", "$", "{", "}", "^", '"', "'", "javascript:", " ", "\n", "数",
             "<", ">", "&", "\\mathbb", "\U0001fffe", "</p>", "{{x}}", "%s"]
        ),
        max_size=12,
    ).map("".join),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(HOSTILE, min_size=5, max_size=5))
def test_hostile_texts_stay_text(texts: list[str]) -> None:
    """Whatever title, author, reason, comment and category hold, all feeds keep the rules and lose no item."""
    title, author, reason, comment, category = texts
    pick = a_pick(
        1, title, authors=(author, "Bo"), categories=("cs.AI", category), reason=reason, comment=comment, score=9
    )
    related = pick.model_copy(
        update={"related": (Related(id="2601.00009", title=title, date=NEWEST),), "notes": (author,)}
    )
    for path, content in made([a_day(picks=[related], model=title, changes=(reason,))]).items():
        assert not problems(content, SITE, "zh-CN"), path
        assert path in ("feeds.opml", "feeds/weekly.xml", "feeds/theory.xml") or len(ids(content)) == 1
    assert not list(html_problems(json.loads(made([a_day(picks=[related])])["feed.json"])["items"][0]["content_html"]))


@pytest.mark.parametrize(
    "title",
    ["A < B & C > D", "<script>alert(1)</script> Attack", "AT&T &lt; &#60; &amp;", "Say \"hi\" & 'bye'", "1 <2> 3 <a"],
)
def test_a_title_shows_all_its_characters_in_readers(title: str) -> None:
    """Readers that take an RSS title for HTML drop no part of it; the signs that they would take stand full-width."""
    content = made([a_day(picks=[a_pick(1, title)])])["papers.xml"]
    for shown in (titles(content)[0], fastfeedparser.parse(content).entries[0]["title"]):
        assert shown.replace("＜", "<").replace("＆", "&") == title
