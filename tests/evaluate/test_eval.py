"""`eval` end to end: files of labels or an archive, the real client against a loopback model, figures and money."""

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fakes.llm import Answer, FakeLlm, error
from selectolax.lexbor import LexborHTMLParser
from support import archive
from support import learned_days as made

from generator import cli
from generator.core.calendar import announcement_days
from generator.core.model import Paper, Pick, Rest, Verdict
from generator.judges.llm.ledger import locked
from generator.judges.llm.prompt import field_digests
from generator.judges.local.training_data import Learning
from generator.records.store import Store
from generator.settings.config import Judging, load

DAYS = [str(day) for day in announcement_days(dt.date(2026, 1, 5), dt.date(2026, 1, 13))]
NAMES = {"caches": "缓存", "agents": "智能体"}
REASON = "It saves memory and time."
CONFIG = """\
[site]
language = "en"

[llm]
papers_per_call = 20
retries = 0

[budget]
tokens_per_run = 2_000_000
tokens_per_month = 20_000_000

[[fields]]
slug = "caches"
name = "缓存"
description = "Faster inference."
keywords = ["KV cache"]

[[fields]]
slug = "agents"
name = "智能体"
description = "Agents at work."
keywords = ["GUI agent"]
"""


class Place:
    """A folder with config.toml and seven days of labels, a model on loopback, and `arxiv-daily eval` run there."""

    def __init__(self, root: Path, llm: FakeLlm) -> None:
        self.root, self.llm = root, llm
        self.labels = root / "labels"
        self.labels.mkdir()
        self.truth: dict[str, str | None] = {}
        (root / "config.toml").write_text(CONFIG)
        for seed, day in enumerate(DAYS):
            papers, fields = made.a_day(seed)
            self.truth |= fields
            self.write(day, [_label(paper, fields[paper.id]) for paper in papers])

    def write(self, day: str, labels: list[dict[str, Any]]) -> None:
        (self.labels / f"{day}.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels))

    def read(self, day: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.labels / f"{day}.jsonl").read_text().splitlines()]

    def verdict(self, paper: str) -> tuple[object, object, object]:
        """What the labels say, but every fifth paper is judged the other way."""
        field = self.truth[paper]
        picked = (field is None) == (int(paper[-5:]) % 5 == 0)
        return (8, NAMES[field or "caches"], REASON) if picked else (3, NAMES[field or "caches"], None)

    def arguments(self, *args: str, files: bool = True) -> list[str]:
        out = ["--json", str(self.root / "out.json"), "--page", str(self.root / "out.html")]
        return ["eval", "--root", str(self.root), *(["--file", str(self.labels)] if files else []), *out, *args]

    def run(self, *args: str, files: bool = True) -> int:
        return cli.main(self.arguments(*args, files=files))

    def found(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / "out.json").read_bytes())
        return found

    def figures(self) -> dict[str, dict[str, Any]]:
        """The figures of each judge's first run against the reference."""
        return {
            comparison["judge"]: comparison["figures"]
            for comparison in self.found()["against"]
            if comparison["run"] == 1
        }

    def page(self) -> str:
        return (self.root / "out.html").read_text(encoding="utf-8")

    def configure(self, before: str, after: str) -> None:
        path = self.root / "config.toml"
        assert before in path.read_text()
        path.write_text(path.read_text().replace(before, after))

    def archive(self, days: int) -> None:
        """Records of the first DAYS days, as `run` would have written them."""
        config = load(self.root / "config.toml", {})
        store = Store(self.root / "docs" / "data")
        for seed, date in enumerate(DAYS[:days]):
            papers, fields = made.a_day(seed)
            picks = tuple(
                Pick(paper=paper, verdict=Verdict(score=8, field=fields[paper.id]))
                for paper in papers
                if fields[paper.id]
            )
            rest = tuple(
                Rest(id=paper.id, title=paper.title, primary="cs.LG", score=3)
                for paper in papers
                if not fields[paper.id]
            )
            day = archive.day(
                dt.date.fromisoformat(date),
                picks=picks,
                rest=rest,
                spared=(),
                unscored=(),
                fields=field_digests(config),
            )
            store.write(day, {paper.id: paper.abstract for paper in papers})
            Learning(self.root / ".arxiv-daily" / "learning", store, config, lambda _: [], pytest.fail).keep(
                day, papers
            )


def _label(paper: Paper, field: str | None) -> dict[str, Any]:
    return {
        "id": paper.id, "title": paper.title, "abstract": paper.abstract, "category": "cs.LG",
        "recommended": field is not None, "score": 8.0 if field else 2.0, "field": field,
    }  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with FakeLlm() as llm:
        made_place = Place(tmp_path, llm)
        llm.verdict = made_place.verdict
        monkeypatch.setenv("OPENAI_BASE_URL", llm.url)
        monkeypatch.setenv("OPENAI_API_KEY", "key-of-the-site-123")
        monkeypatch.setenv("OPENAI_MODEL", "fake-1")
        monkeypatch.setenv("ARXIV_DAILY_NOW", "2026-01-14T06:00:00Z")
        yield made_place


LAST = ("--date", DAYS[-1], "--yes")
AGAIN = round(Judging().second_vote_share * 60)
"""Papers of a day of 60 near the threshold that are asked about again."""


def test_judges_are_held_against_the_labels(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Three judges on one day: the model's F1 is that worked out from its answers, the learned one beats the ranks."""
    assert place.run("--judge", "llm", "--judge", "offline", "--judge", "learned", *LAST) == 0
    mine = [row["id"] for row in place.read(DAYS[-1])]
    truth = {paper_id for paper_id in mine if place.truth[paper_id]}
    said = {paper_id for paper_id in mine if place.verdict(paper_id)[0] == 8}
    found = place.figures()
    assert found["llm"]["f1"] == pytest.approx(2 * len(truth & said) / (len(truth) + len(said)), abs=1e-6)
    assert (found["llm"]["papers"], found["llm"]["reference"], found["llm"]["judge"]) == (60, len(truth), len(said))
    assert found["learned"]["auc"] > 0.9 and found["learned"]["auc"] > found["offline"]["auc"]
    assert sorted(place.llm.papers_asked) == sorted(mine)
    out = capsys.readouterr().out
    assert "llm / recorded" in out and f"{found['llm']['f1']:.3f}" in out and "缓存" in out
    assert re.search(r"llm: fake-1, profile [0-9a-f]{12}, threshold 7, 20 papers a call", out)
    assert "learned less llm: F1" in out


def test_a_second_run_is_really_asked_and_paid_once(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """--repeat 2 asks everything twice in other company; the same command again asks nothing and says the same."""
    chance = iter(range(10_000))
    place.llm.verdict = lambda paper: (
        (7 + next(chance) % 2, "缓存", REASON) if place.truth[paper] else (3, "缓存", None)
    )
    assert place.run("--repeat", "2", *LAST) == 0
    assert len(place.llm.papers_asked) == 120 and len(set(place.llm.papers_asked)) == 60
    calls = [set(asked.papers) for asked in place.llm.requests]
    assert len(calls) == 6 and not any(call in calls[3:] for call in calls[:3])
    found = place.found()
    [pair] = found["among"]
    assert (pair["run"], pair["reference_run"], pair["figures"]["f1"]) == (2, 1, 1.0)
    assert pair["figures"]["spearman"] < 1, "the scores differ: they were not copied"
    assert "llm #2 / llm #1" in capsys.readouterr().out
    assert place.run("--repeat", "2", *LAST) == 0
    assert len(place.llm.requests) == 6
    again = place.found()
    assert again["verdicts"] == found["verdicts"] and again["judges"][0]["usage"] == found["judges"][0]["usage"]
    assert "all verdicts are paid for already" in capsys.readouterr().out
    assert place.run("--repeat", "3", *LAST) == 0
    assert len(place.llm.requests) == 9, "only the third run is new"


def test_what_is_asked_again_counts_later_too(place: Place) -> None:
    """A model that gives no reason is asked for it, as `run` asks; a later command tells those tokens, too."""
    place.llm.verdict = lambda paper: (8 if place.truth[paper] else 3, "缓存", None)
    assert place.run(*LAST) == 0
    assert len(place.llm.requests) > 3
    usage = place.found()["judges"][0]["usage"]
    assert usage["calls"] == len(place.llm.requests)
    assert place.run(*LAST) == 0
    assert place.found()["judges"][0]["usage"] == usage


def test_the_money_is_the_months_and_the_verdicts_are_not_the_sites(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """What eval spends stands in `status` and in the budgets; the site's ledger and records know nothing of it."""
    assert place.run(*LAST) == 0
    usage = place.found()["judges"][0]["usage"]
    spent = usage["input_tokens"] + usage["output_tokens"]
    assert usage["calls"] == 3 and spent > 0
    assert not (place.root / ".arxiv-daily" / "ledger.jsonl").exists() and not (place.root / "docs").exists()
    capsys.readouterr()
    assert cli.main(["status", "--root", str(place.root)]) == 0
    assert f"3 calls, {spent:,} tokens" in capsys.readouterr().out
    place.configure("tokens_per_month = 20_000_000", f"tokens_per_month = {spent + 100}")
    assert place.run("--date", DAYS[0], "--yes") == 1
    assert "the budgets leave 100" in capsys.readouterr().err
    assert len(place.llm.requests) == 3


def test_a_run_that_was_stopped_goes_on_where_it_was(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The key fails after two calls: what is there is compared, exit code 2; then only the rest is paid for."""
    place.configure("retries = 0", "retries = 0\nconcurrency = 1")
    place.llm.fault = lambda asked: error(401, "invalid_api_key", "no") if asked.number > 2 else None
    assert place.run(*LAST) == 2
    assert place.found()["papers"] == 40
    told = capsys.readouterr()
    assert "OPENAI_API_KEY" in told.err and "20 of 60 papers are not in the figures" in place.page()
    place.llm.fault = lambda _asked: None
    assert place.run(*LAST) == 0
    assert place.found()["papers"] == 60
    assert len(place.llm.requests[3].papers) == 20 and len(place.llm.requests) == 4


@pytest.mark.slow
def test_a_kill_loses_nothing_that_was_paid_for(place: Place, wait_until: Callable[[Callable[[], bool]], None]) -> None:
    """SIGKILL between two calls: the next command asks for what is missing only."""
    place.configure("retries = 0", "retries = 0\nconcurrency = 1")
    place.llm.fault = lambda asked: Answer(hang_seconds=30) if asked.number == 2 else None
    command = [sys.executable, "-m", "generator", *place.arguments(*LAST)]
    with subprocess.Popen(command, env={**os.environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: len(place.llm.requests) == 2)
        process.send_signal(signal.SIGKILL)
    place.llm.fault = lambda _asked: None
    before = len(place.llm.requests)
    assert place.run(*LAST) == 0
    assert place.found()["papers"] == 60
    assert len(place.llm.requests) - before == 2, "the first call's verdicts were kept"


def test_nobody_pays_without_a_yes(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The price stands there first; where nobody can say yes, nothing is asked; what costs nothing needs no yes."""
    assert place.run("--date", DAYS[-1], "--judge", "llm", "--repeat", "2") == 1
    told = capsys.readouterr()
    assert "llm: 120 verdicts to be paid for in 6 calls, up to" in told.out and "cost unknown" in told.out
    assert "--yes" in told.err and place.llm.requests == []
    assert place.run("--date", DAYS[-1], "--judge", "offline") == 0


def test_a_price_makes_a_cost(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """With a price, money stands in forecast and table; a money budget is held, and without a price it is an error."""
    place.configure("[budget]", '[[prices]]\nmodel = "fake-1"\ninput = 1\noutput = 10\n\n[budget]\nmoney_per_run = 5.0')
    assert place.run(*LAST) == 0
    usage = place.found()["judges"][0]["usage"]
    assert usage["cost"] == pytest.approx((usage["input_tokens"] + 10 * usage["output_tokens"]) / 1e6)
    assert "USD 0.0" in capsys.readouterr().out
    place.configure("money_per_run = 5.0", "money_per_run = 0.01")
    assert place.run("--date", DAYS[0], "--yes") == 1
    assert re.search(
        r"USD, and the budgets leave 0.01; take --sample \d+, or raise money_per_run", capsys.readouterr().err
    )
    assert place.run("--date", DAYS[0], "--yes", "--judge", "llm,model=other") == 1
    assert "no price of 'other'" in capsys.readouterr().err


def test_a_sample_that_fits_is_named_and_taken(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A budget that is too small says how large a sample may be; that one then runs, over all days in few calls."""
    place.configure("tokens_per_run = 2_000_000", "tokens_per_run = 20_000")
    assert place.run("--yes") == 1
    said = re.search(r"--sample (\d+)", capsys.readouterr().err)
    assert said is not None and place.llm.requests == []
    size = min(int(said[1]), 25)
    assert place.run("--yes", "--sample", str(size)) == 0
    assert len(place.llm.papers_asked) == size and len(place.llm.requests) == -(-size // 20)
    first = place.found()
    assert first["papers"] == size and len(first["days"]) > 1
    assert place.run("--yes", "--sample", str(size)) == 0, "the same seed draws the same papers"
    assert place.found()["verdicts"] == first["verdicts"] and len(place.llm.papers_asked) == size
    assert place.run("--judge", "offline", "--sample", str(size), "--seed", "2") == 0
    assert place.found()["verdicts"].keys() != first["verdicts"].keys()


def test_a_prompt_is_compared_with_another(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Two configuration files: two profiles are told, both are asked, and the difference has an interval."""
    other = place.root / "other.toml"
    other.write_text(CONFIG.replace("Faster inference.", "Inference that takes less time and memory."))
    assert place.run("--judge", "llm", "--judge", f"llm,config={other}", *LAST) == 0
    assert len(place.llm.papers_asked) == 120
    profiles = {judge["settings"][1] for judge in place.found()["judges"] if judge["settings"]}
    assert len(profiles) == 2
    systems = {asked.system for asked in place.llm.requests}
    assert len(systems) == 2
    difference = place.found()["differences"][0]
    assert (difference["figure"], difference["value"], difference["interval"]) == ("f1", 0.0, [0.0, 0.0])
    assert "profile" in capsys.readouterr().out


def test_other_keywords_make_another_offline_judge(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """What the model is not told of, but the ranking goes by, tells two judges apart."""
    other = place.root / "other.toml"
    other.write_text(CONFIG.replace('["KV cache"]', '["leaf", "river", "insect"]'))
    judges = ("--judge", "learned", "--judge", f"learned,config={other}", "--judge", "offline")
    assert place.run(*judges, "--judge", f"offline,config={other}", "--date", DAYS[-1]) == 0
    fields = [judge["settings"][0] for judge in place.found()["judges"] if judge["settings"]]
    assert len(fields) == 4 and len(set(fields)) == 2
    found = place.figures()
    assert found["offline"]["auc"] > found[f"offline,config={other}"]["auc"]
    assert place.run("--judge", "offline", "--judge", f"offline,config={place.root / 'config.toml'}") == 1
    assert "one judge with the same settings" in capsys.readouterr().err


def test_two_models_are_asked_each_at_its_own_endpoint(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """model=, url= and key= make another judge: its name, its address and its key go out, the site's key does not."""
    monkeypatch.setenv("OTHER_KEY", "key-of-another-456")
    with FakeLlm(place.verdict, model="fake-2") as other:
        text = f"llm,model=fake-2,url={other.url},key=OTHER_KEY"
        assert place.run("--judge", "llm", "--judge", text, *LAST) == 0
        assert {asked.headers["authorization"] for asked in other.requests} == {"Bearer key-of-another-456"}
        assert {asked.body["model"] for asked in other.requests} == {"fake-2"}
    assert {asked.headers["authorization"] for asked in place.llm.requests} == {"Bearer key-of-the-site-123"}
    assert place.run("--judge", "llm,url=https://api.example.com/v1", *LAST) == 1
    assert "key=NAME" in capsys.readouterr().err


def test_a_learned_judge_never_sees_the_day_that_it_judges(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The first three days are left out; labels of the judged day, turned around, change none of its verdicts."""
    assert place.run("--judge", "learned") == 0
    assert place.found()["days"] == DAYS[3:]
    assert f"3 days are left out, {DAYS[0]} to {DAYS[2]}" in capsys.readouterr().err
    before = place.found()
    turned = [
        {**row, "recommended": not row["recommended"], "score": None, "field": None} for row in place.read(DAYS[-1])
    ]
    place.write(DAYS[-1], turned)
    assert place.run("--judge", "learned") == 0
    after = place.found()
    assert [row[0] for row in after["verdicts"].values()] == [row[0] for row in before["verdicts"].values()]
    assert place.run("--judge", "learned", "--date", DAYS[1]) == 1
    assert "no training data" in capsys.readouterr().err


def test_a_steady_judge_shares_the_first_vote(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """`steady` takes the scores that `llm` was given and pays for its second votes, and for the titles of its picks."""
    place.llm.verdict = lambda paper: (7, "缓存", REASON) if place.truth[paper] else (6.5, "缓存", None)
    assert place.run("--judge", "llm", "--judge", "steady", *LAST) == 0
    titles = sum(len(asked.papers) for asked in place.llm.requests if asked.titles_only)
    assert 60 < len(place.llm.papers_asked) - titles <= 60 + AGAIN and 0 < titles < 30
    assert place.figures()["llm"]["f1"] == 1.0
    told = capsys.readouterr().out
    assert "llm: 60 verdicts to be paid for" in told
    assert f"steady: {AGAIN + 15} verdicts to be paid for" in told, "a quarter of the papers are taken for picks"
    assert place.run("--judge", "steady", "--date", DAYS[-1]) == 0, "nothing more is to be paid, so nobody is asked"
    assert "steady: all verdicts are paid for already" in capsys.readouterr().out


def test_second_votes_are_not_paid_for_unasked(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The first votes are there from `llm`: `steady` says how many further ones it wants, and waits for the yes."""
    place.llm.verdict = lambda paper: (7, "缓存", REASON) if place.truth[paper] else (6.5, "缓存", None)
    assert place.run("--judge", "llm", *LAST) == 0
    asked = len(place.llm.papers_asked)
    capsys.readouterr()
    assert place.run("--judge", "steady", "--date", DAYS[-1]) == 1
    titles = sum(place.truth[paper] is not None for paper in place.llm.papers_asked)
    assert f"steady: {AGAIN + titles} verdicts to be paid for" in capsys.readouterr().out
    assert len(place.llm.papers_asked) == asked
    assert place.run("--judge", "steady", *LAST) == 0
    assert len(place.llm.papers_asked) == asked + AGAIN + titles


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--judge", "oracle"], "unknown judge 'oracle'"),
        (["--judge", "ofline"], "did you mean 'offline'"),
        (["--judge", "offline,model=x"], "offline has no option 'model'"),
        (["--judge", "llm,modle=x"], "did you mean 'model'"),
        (["--judge", "llm,model="], "model is empty"),
        (["--judge", "llm,url=ftp://x"], "is not a URL"),
        (["--judge", "llm,key=NOT_SET"], "needs NOT_SET"),
        (["--judge", "llm,config=nowhere.toml"], "nowhere.toml not found"),
        (["--judge", "llm", "--judge", "llm"], "one judge with the same settings"),
        (["--judge", "llm", "--against", "llm,model=fake-1"], "one judge with the same settings"),
        (["--against", "self"], "--repeat 2"),
        (["--against", "self", "--judge", "offline", "--repeat", "2"], "a judge that asks a model"),
        (["--repeat", "0"], "from 1 to 5"),
        (["--sample", "0"], "1 or more"),
        (["--top", "0"], "1 or more"),
        (["--date", "2025-01-06"], "none of the days asked for"),
        (["--date", DAYS[0], "--since", DAYS[0]], "--date cannot be combined"),
        (["--json", "no/such/folder/x.json"], "--json no/such/folder/x.json: the folder of the file does not exist"),
    ],
)
def test_what_cannot_be_compared_is_said_before_anything_is_paid(
    place: Place, capsys: pytest.CaptureFixture[str], args: list[str], said: str
) -> None:
    """One line with what to do, exit code 1, no call."""
    assert place.run(*args, "--yes") == 1
    assert said in capsys.readouterr().err
    assert place.llm.requests == []


def test_without_a_key_only_what_needs_none_is_compared(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The default judge is then the offline one; a model that is asked for by name is an error."""
    monkeypatch.delenv("OPENAI_API_KEY")
    assert place.run("--date", DAYS[-1]) == 0
    assert list(place.figures()) == ["offline"]
    assert place.run("--judge", "llm", *LAST) == 1
    assert "needs OPENAI_API_KEY" in capsys.readouterr().err


def test_one_sided_labels_and_short_days_leave_figures_out(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """All picked: no AUC; a day of six papers has no top ten; both are "-" and null, and nothing crashes."""
    place.write(DAYS[-1], [{**row, "recommended": True, "field": "caches"} for row in place.read(DAYS[-1])[:6]])
    assert place.run("--judge", "llm", "--judge", "offline", *LAST) == 0
    found = place.figures()["llm"]
    assert found["auc"] is None and found["recall"] is None and found["papers"] == 6
    assert " - " in capsys.readouterr().out and "nan" not in place.page().lower()
    place.write(DAYS[-1], [{**row, "recommended": None, "score": None} for row in place.read(DAYS[-1])])
    assert place.run("--judge", "llm", *LAST) == 1
    assert "has both a recorded verdict" in capsys.readouterr().err
    assert place.run("--judge", "llm", "--against", "offline", *LAST) == 0
    assert place.found()["papers"] == 6


def test_a_model_that_says_nothing_stops_it(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """No verdict at all: exit code 3 and the reason, no empty table."""
    place.llm.fault = lambda _asked: error(404, "not_found", "no such model")
    assert place.run(*LAST) == 3
    told = capsys.readouterr()
    assert "no model 'fake-1'" in told.err and "F1" not in told.out


def test_judges_without_a_common_paper_are_not_compared(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Each model's filter refuses what the other one judges: an error that says so, no page of nothing."""
    ids = [row["id"] for row in place.read(DAYS[-1])]
    refused = {"fake-1": set(ids[:30]), "fake-2": set(ids[30:])}
    place.llm.fault = lambda asked: (
        error(400, "content_filter", "no") if refused[asked.body["model"]] & set(asked.papers) else None
    )
    assert place.run("--judge", "llm", "--judge", "llm,model=fake-2", *LAST) == 3
    said = capsys.readouterr().err
    assert "no paper has a verdict of every judge" in said and "30 papers without a verdict (content filter)" in said


def test_the_page_is_whole_by_itself_and_holds_no_ones_markup(place: Place) -> None:
    """No script, nothing to fetch, a strict policy; a hostile title is text; every plot has its numbers."""
    rows = place.read(DAYS[-1])
    changed = next(
        number for number, row in enumerate(rows) if place.verdict(row["id"])[0] != (8 if row["field"] else 3)
    )
    rows[changed]["title"] = archive.HOSTILE
    place.write(DAYS[-1], rows)
    assert place.run(*LAST) == 0
    page = place.page()
    tree = LexborHTMLParser(page)
    names = {name for node in tree.css("*") for name in node.attributes}
    assert tree.css("script, style ~ style, base, form") == [] and not any(name.startswith("on") for name in names)
    assert "<script>alert(1)" in (tree.css(".titles th a")[0].text() + tree.css(".titles table")[0].text())
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    loaded = re.findall(r"<(?:img|link|iframe|object|embed|source)\b|(?:src|srcset|action|poster)=|url\(|@import", page)
    assert loaded == []
    assert set(re.findall(r'href="(https?://[^/"]+)', page)) == {"https://arxiv.org"}
    assert page.count('<svg class="plot"') == 2 and page.count("<circle") == len(
        place.found()["against"][0]["reliability"]
    )
    assert "prefers-color-scheme: dark" in page and 'name="viewport"' in page
    for share in place.found()["against"][0]["reliability"]:
        assert f"{share['share']:.1%}" in page


def test_the_archive_is_the_reference(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Without files: the site's records, the learned judge taught by the days before; nothing of them is changed."""
    place.archive(5)
    before = _files(place.root / "docs")
    assert place.run("--judge", "llm", "--judge", "learned", "--yes", files=False) == 0
    found = place.found()
    assert found["days"] == DAYS[3:5] and found["papers"] == 120
    assert place.figures()["learned"]["auc"] > 0.9
    assert "recorded: some-model, profile p" in capsys.readouterr().out
    assert _files(place.root / "docs") == before


def _files(folder: Path) -> Mapping[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_archive_without_verdicts_says_what_to_do(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """No day at all: let `run` make some, or name a file."""
    assert place.run("--yes", files=False) == 1
    assert "--file" in capsys.readouterr().err and place.llm.requests == []


def test_a_run_at_work_is_not_disturbed(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Budgets are one: while a run spends, an evaluation waits."""
    with locked(place.root / ".arxiv-daily"):
        assert place.run(*LAST) == 3
    assert "another run" in capsys.readouterr().err and place.llm.requests == []
