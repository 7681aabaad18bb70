"""config.toml: what is right is read, what is wrong is named with the key and the nearest valid one."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest
from support.project import CONFIG, PROJECT

from generator.core.errors import ConfigError
from generator.core.taxonomy import ALIASES, CATEGORIES
from generator.settings.config import LOCAL_URL, NEUTRAL_EXAMPLES, Config, Judging, Peak, load, look_alikes

FIELD = '[[fields]]\nslug = "a"\nname = "A"\ndescription = "words"\n'


class Read(Protocol):
    def __call__(self, text: str = "", env: Mapping[str, str] | None = None, field: str = FIELD) -> Config: ...


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Load a config.toml with the given text, a field added, under the given environment."""

    def read(text: str = "", env: Mapping[str, str] | None = None, field: str = FIELD) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(text + "\n" + field, encoding="utf-8")
        return load(path, env or {})

    return read


def test_the_file_of_this_repository_says_nothing_that_the_shipped_one_does_not() -> None:
    """It stays as it is, so that forks merge; new options go into the shipped one. An operator's own file is theirs."""
    own = PROJECT / "config.toml"
    if load(own, {}) == load(CONFIG, {}):
        shipped = iter(CONFIG.read_text(encoding="utf-8").splitlines())
        assert [line for line in own.read_text(encoding="utf-8").splitlines() if line not in shipped] == []


def test_each_example_of_the_rubric_shows_another_score() -> None:
    """From the highest to the lowest, on both sides of the threshold."""
    scores = [example.score for example in NEUTRAL_EXAMPLES]
    assert scores == sorted(set(scores), reverse=True)
    assert Judging().threshold in scores and 0 <= scores[-1] < 5 < scores[0] <= 10


def test_the_shipped_file_shows_every_default() -> None:
    """What the config.toml that we bring says without comment is also what the program does without it."""
    shipped = load(CONFIG, {})
    assert [field.slug for field in shipped.fields] == [
        "dl-theory", "interpretability", "multimodal", "efficient-llm", "agents", "safety-alignment", "llm-frontier",
    ]  # fmt: skip
    assert [topic.name for topic in shipped.low_interest] == ["医疗健康", "遥感", "机器人与自动驾驶", "领域应用"]
    assert shipped.arxiv.categories == ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO")
    assert shipped.judge.threshold == 7 and shipped.judge.offline_share == 0.25
    plain = shipped.model_validate({"fields": [field.model_dump() for field in shipped.fields]})
    for table in ("arxiv", "judge", "llm", "budget", "feeds"):
        assert getattr(shipped, table) == getattr(plain, table), table


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[site]\ntitel = "x"', "unknown key site.titel; did you mean 'title'?"),
        ("[arxvi]\nlookback_days = 1", "unknown key arxvi; did you mean 'arxiv'?"),
        (
            '[arxiv]\ncategories = ["cs.Lg"]',
            "categories[0]: 'cs.Lg' is not an arXiv category; did you mean 'cs.LG'?",
        ),
        ("[arxiv]\ncategories = []", "arxiv.categories"),
        ('[arxiv]\ncategories = ["cs.AI", "cs.AI"]', "'cs.AI' is used twice"),
        ('[judge]\nthreshold = "7"', "judge.threshold = '7'"),
        ("[judge]\nthreshold = 70", "judge.threshold = 70"),
        ('[site]\nlanguage = "fr"', "site.language: 'fr' is none of en, zh"),
        ('[site]\ntimezone = "Peking"', "'Peking' is not a time zone"),
        ('[site]\nurl = "example.org"', "is not a URL"),
        ("[arxiv]\ndelay_seconds = 1", "arXiv's terms of use ask for at least 3"),
        ("site = 3", "must be a table"),
        ("[llm]\nconcurrency = 0", "llm.concurrency = 0"),
        (FIELD, "fields.slug: 'a' is used twice"),
        ('[[fields]]\nslug = "A b"\nname = "x"\ndescription = "y"', "fields[0].slug = 'A b'"),
        ('[[fields]]\nslug = "b"\nname = "B"\ndescription = "y"\nkeyword = ["z"]', "did you mean 'keywords'?"),
        ('[[fields]]\nslug = "b"\nname = "B"', "fields[0].description is missing"),
        ('[[fields]]\nslug = "top"\nname = "B"\ndescription = "y"', "'top' is the name of a page or feed"),
        ("x == 1", "not valid TOML"),
        ('[arxiv]\ncategories = "cs.AI"', "arxiv.categories = 'cs.AI': must be a list, in square brackets"),
        (
            '[judge]\ncleared = ["2601.00002v1"]',
            "cleared[0]: '2601.00002v1' is not an arXiv id such as 2601.00002",
        ),
    ],
)
def test_a_mistake_is_named_with_its_key_and_what_would_be_right(
    read: Read, tmp_path: Path, text: str, expected: str
) -> None:
    """Every message names the file, the key, and where there is one the nearest valid name."""
    with pytest.raises(ConfigError) as error:
        read(text)
    assert expected in str(error.value)
    assert str(tmp_path / "config.toml") in str(error.value)


def test_one_wrong_item_is_reported_once(read: Read) -> None:
    """A list is not also called too short because its only item was refused."""
    with pytest.raises(ConfigError) as error:
        read('[arxiv]\ncategories = ["cs.Lg"]')
    assert len(str(error.value).splitlines()) == 1


def test_a_missing_file_says_where_to_run(tmp_path: Path) -> None:
    """The message tells about --root."""
    with pytest.raises(ConfigError, match="--root"):
        load(tmp_path / "config.toml", {})


def test_files_that_look_like_a_second_configuration_are_named(tmp_path: Path) -> None:
    """Copies under a longer name too, whatever the case; neither folders nor what only sounds like it."""
    others = [
        "config.toml.bak", "config.toml.txt", "CONFIG.TOML.old", "config.YAML", "config.old.toml", "my-config.TOML",
        "config.prod.json",
    ]  # fmt: skip
    for name in ("config.toml", *others, "mkdocs.yml", "pyproject.toml", "config.py", "configure.json", "mine.toml"):
        (tmp_path / name).write_text("")
    (tmp_path / "mine.toml.bak").write_text("")
    (tmp_path / "config.d.toml").mkdir()
    (tmp_path / ".#config.toml").symlink_to("somebody@somewhere.1")
    assert look_alikes(tmp_path / "config.toml") == sorted(others)
    assert look_alikes(tmp_path / "mine.toml") == sorted(["config.toml", "mine.toml.bak", *others])


def test_the_configuration_under_another_name_is_no_second_one(tmp_path: Path) -> None:
    """Where the case of names does not count, Config.toml is config.toml; and a link is what it leads to."""
    for name in ("config.toml", "Config.toml", "config.TOML"):
        (tmp_path / name).write_text("")
    found = sorted(path.name for path in tmp_path.iterdir() if not path.samefile(tmp_path / "config.toml"))
    assert look_alikes(tmp_path / "config.toml") == found and len(found) in (0, 2)
    (tmp_path / "config.prod.toml").write_text("")
    (tmp_path / "linked.toml").symlink_to("config.prod.toml")
    assert "config.prod.toml" not in look_alikes(tmp_path / "linked.toml")


def test_the_environment_overrides_endpoints_and_an_empty_variable_counts_as_unset(read: Read) -> None:
    """An unset variable of a GitHub workflow arrives as an empty string."""
    config = read(
        '[llm]\nmodel = "kept"',
        {"OPENAI_MODEL": "", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "ARXIV_RSS_URL": " http://127.0.0.1:2/rss "},
    )
    assert config.llm.model == "kept"
    assert config.llm.base_url == "http://127.0.0.1:1/v1"
    assert config.arxiv.rss_url == "http://127.0.0.1:2/rss"


def test_a_wrong_variable_is_named(read: Read) -> None:
    """Who set it in the environment does not look for it in config.toml."""
    with pytest.raises(ConfigError, match="environment variable OPENAI_BASE_URL"):
        read("", {"OPENAI_BASE_URL": "nonsense"})


@pytest.mark.parametrize(
    ("url", "repository", "expected"),
    [
        ("", "", LOCAL_URL),
        ("", "Someone/arxiv-daily", "https://someone.github.io/arxiv-daily/"),
        ("", "Someone/someone.github.io", "https://someone.github.io/"),
        ("https://example.org/x", "Someone/arxiv-daily", "https://example.org/x/"),
    ],
)
def test_an_empty_address_is_derived_as_github_pages_derives_it(
    read: Read, url: str, repository: str, expected: str
) -> None:
    """A fork needs no address in its config.toml."""
    assert read(f'[site]\nurl = "{url}"', {"GITHUB_REPOSITORY": repository}).site.url == expected


def test_an_alias_of_a_category_is_read_as_what_it_stands_for(read: Read) -> None:
    """arXiv gives no paper an alias as its primary category: a site of cs.NA would have no paper, ever."""
    config = read('[arxiv]\ncategories = ["cs.NA", "cs.LG", "cs.SY", "math.NA"]')
    assert config.arxiv.categories == ("cs.LG", "math.NA", "eess.SY")
    assert config.arxiv.aliases == {"cs.NA": "math.NA", "cs.SY": "eess.SY"}
    assert all(meant in CATEGORIES and alias in CATEGORIES for alias, meant in ALIASES.items())


@pytest.mark.parametrize("change", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")])
def test_a_file_of_an_editor_on_windows_is_read(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    """With a byte-order mark, or with lines that end in CR LF."""
    (tmp_path / "config.toml").write_bytes(change(CONFIG.read_bytes()))
    assert load(tmp_path / "config.toml", {}) == load(CONFIG, {})


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hidden-word@host.example/v1?x",
        "https://host.example/v1?key=hidden-word",
        "hidden-word",
        "ftp://hidden-word",
    ],
)
def test_a_wrong_endpoint_is_named_without_what_may_be_secret_in_it(read: Read, url: str) -> None:
    """OPENAI_BASE_URL may hold a password or a key."""
    with pytest.raises(ConfigError) as error:
        read(f'[llm]\nbase_url = "{url}"')
    assert "llm.base_url" in str(error.value)
    assert "hidden-word" not in str(error.value).replace("ftp://hidden-word/...", "")


@pytest.mark.parametrize(
    ("days", "held"),
    [("Mon", "Mon"), ("Mon-Fri", "Mon Tue Wed Thu Fri"), ("Sat-Mon", "Mon Sat Sun"), ("Sun-Sun", "Sun")],
)
def test_a_peak_holds_on_its_days_from_its_first_minute_to_before_its_last(days: str, held: str) -> None:
    """Both days included; in UTC, whatever the clock of the machine says."""
    peak = Peak(days=days, hours="01:00-04:00", factor=2)
    monday = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
    week = [monday + dt.timedelta(days=step) for step in range(7)]
    assert [f"{at:%a}" for at in week if peak.holds(at)] == held.split()
    at = next(at for at in week if peak.holds(at))
    assert not peak.holds(at - dt.timedelta(minutes=1)) and peak.holds(at + dt.timedelta(minutes=179))
    assert not peak.holds(at + dt.timedelta(hours=3))
    assert peak.holds(at.astimezone(dt.timezone(dt.timedelta(hours=-8))))
