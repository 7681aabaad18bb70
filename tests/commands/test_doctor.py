"""`doctor`: each thing that can be wrong is found, named, and told with what to do."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes.arxiv import FakeArxiv, papers_of_day
from fakes.github import FakeGithub
from fakes.llm import Answer, FakeLlm, error

from generator import cli

NOW = "2026-01-08T06:00:00+00:00"


class Patient:
    def __init__(
        self, root: Path, arxiv: FakeArxiv, llm: FakeLlm, github: FakeGithub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.root, self.arxiv, self.llm, self.github, self.monkeypatch = root, arxiv, llm, github, monkeypatch
        config = root / "config.toml"
        config.write_text(config.read_text().replace("[arxiv]", "[arxiv]\ndelay_seconds = 0", 1))
        self.set(**arxiv.env(), **github.env(), ARXIV_DAILY_NOW=NOW)
        self.set(OPENAI_BASE_URL=llm.url, OPENAI_API_KEY="test-key-1234567890")

    def set(self, **env: str) -> None:
        for name, value in env.items():
            self.monkeypatch.setenv(name, value)

    def ask(self, capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[str]]:
        code = cli.main(["doctor", "--root", str(self.root), *args])
        return code, capsys.readouterr().out.splitlines()


@pytest.fixture
def patient(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    monkeypatch.setenv("PATH", "")  # no crontab, no git of the machine
    with (
        FakeArxiv(papers_of_day("2026-01-08", "cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO"), now=NOW) as arxiv,
        FakeLlm() as llm,
        FakeGithub() as github,
    ):
        yield Patient(root, arxiv, llm, github, monkeypatch)


def found(lines: list[str], level: str, part: str) -> bool:
    return any(line.startswith(level) and part in line for line in lines)


def test_a_healthy_site_is_all_well(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """Every part has its line; the tiny call says its format, tokens and cost."""
    config = patient.root / "config.toml"
    text = config.read_text().replace('authority = ""', 'authority = "ada.github.io,2026"')
    config.write_text(text + '[[prices]]\nmodel = "gpt-5.6-luna"\ninput = 0.25\noutput = 2.0\n')
    workflow = patient.root / ".github" / "workflows" / "daily.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text('on:\n  schedule:\n    - cron: "17 5 * * *"\n    - cron: "43 6 * * *"\n')
    code, lines = patient.ask(capsys)
    assert code == 0 and all(line.startswith("ok") for line in lines), lines
    assert found(lines, "ok", "answers as json_schema; this call: ") and found(lines, "ok", "USD 0.000")
    assert found(lines, "ok", "2 scheduled runs a day") and found(lines, "ok", "arXiv's API answers")
    assert len(patient.llm.requests) == 1


def test_what_is_merely_odd_is_a_warning(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """No key, no authority, a second configuration, a field of few words, issues off: it works, and could be better."""
    patient.monkeypatch.delenv("OPENAI_API_KEY")
    patient.github.about["has_issues"] = False
    (patient.root / "config.yaml").write_text("a: 1\n")
    config = patient.root / "config.toml"
    config.write_text(config.read_text() + '[[fields]]\nslug = "x"\nname = "X"\ndescription = "机器人"\n')
    code, lines = patient.ask(capsys)
    assert code == 0
    for part in (
        "offline judge is used",
        "run `arxiv-daily init`",
        "config.yaml is ignored",
        "field x: ",
        "issues off",
    ):
        assert found(lines, "warning", part), part


def test_another_configuration_is_the_one_that_is_read(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """With --config the file that it names is read, and config.toml is not."""
    mine = patient.root / "my-config.toml"
    mine.write_bytes((patient.root / "config.toml").read_bytes())
    _, lines = patient.ask(capsys, "--config", str(mine))
    assert found(lines, "warning", "config.toml is ignored, my-config.toml is used")
    (patient.root / "config.toml").unlink()
    code, lines = patient.ask(capsys, "--config", str(mine))
    assert code == 0 and not any("is ignored" in line for line in lines)


def test_a_field_that_is_described_too_thinly_is_named(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """Three words or Chinese alone are too few for the offline judge; one English line, or keywords, are enough."""
    config = patient.root / "config.toml"
    fields = {
        "thin": 'description = "Robots that walk."',
        "chinese": 'description = "会走路的机器人，以及它们怎样学会走路。"',
        "one-line": 'description = "Legged robots that learn to walk, run and climb by reinforcement learning."',
        "keyed": 'description = "机器人。"\nkeywords = ["leg", "gait", "biped", "walk", "run", "jump", "leap", "hop"]',
    }
    names = zip("甲乙丙丁", fields.items(), strict=True)
    made = [f'[[fields]]\nslug = "{slug}"\nname = "{name}"\n{text}\n' for name, (slug, text) in names]
    config.write_text(config.read_text() + "".join(made))
    with config.open("a") as opened:
        opened.write('[[low_interest]]\nname = "医疗"\ndescription = "医学影像"\n')
    code, lines = patient.ask(capsys)
    assert any("'robot' is of low interest and a word of field thin, one-line" in line for line in lines)
    assert [line.partition(" for ")[0] for line in lines if "low interest 医疗" in line] == [
        "warning low interest 医疗: no English word"
    ]
    told = [line.split("field ")[1].split(":")[0] for line in lines if " English words for" in line]
    assert code == 0 and told == ["thin", "chinese"], lines
    assert found(lines, "warning", "field chinese: 0 English words for the offline judge; describe it in two or three")


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ("money_per_month = 10.0", "no price of 'gpt-5.6-luna'; add a [[prices]] table"),
        ("tokens_per_run = 1000", "budget.tokens_per_run = 1,000 is less than one call may take"),
    ],
)
def test_a_budget_that_lets_no_call_through_is_an_error(
    patient: Patient, capsys: pytest.CaptureFixture[str], limit: str, says: str
) -> None:
    """A run would refuse it, or judge nothing for ever; `doctor` says so before, and once."""
    config = patient.root / "config.toml"
    option = limit.partition(" ")[0]
    kept = [line for line in config.read_text().splitlines() if not line.startswith(option)]
    priced = "" if "money" in limit else '[[prices]]\nmodel = "gpt-5.6-luna"\ninput = 0.25\noutput = 2.0\n'
    config.write_text("\n".join(kept).replace("[budget]\n", f"[budget]\n{limit}\n") + "\n" + priced)
    code, lines = patient.ask(capsys)
    assert code == 1 and found(lines, "error", says), lines
    assert found(lines, "ok", "answers as json_schema") and not found(lines, "warning", "no price")


@pytest.mark.parametrize(
    ("added", "warned"),
    [
        ("", True),
        ('[[prices]]\nmodel = "another"\ninput = 1.0\noutput = 2.0\n', True),
        ('[[prices]]\nmodel = "gpt-5.6-luna"\ninput = 0\noutput = 0\n', False),
        ('[[prices]]\nmodel = "fake-1"\ninput = 1.0\noutput = 2.0\n', False),
    ],
)
def test_a_price_that_is_unknown_is_a_warning(
    patient: Patient, capsys: pytest.CaptureFixture[str], added: str, warned: bool
) -> None:
    """Neither the model that is configured nor the one that answers has a price; where one has, nothing is said."""
    config = patient.root / "config.toml"
    config.write_text(config.read_text() + added)
    code, lines = patient.ask(capsys)
    assert code == 0 and found(lines, "ok", "cost unknown" if warned else "USD 0.0"), lines
    assert found(lines, "warning", "no price of gpt-5.6-luna: costs are unknown; add it as [[prices]]") == warned


@pytest.mark.parametrize("status", [401, 402, 404])
def test_a_model_that_cannot_answer_is_an_error(
    patient: Patient, capsys: pytest.CaptureFixture[str], status: int
) -> None:
    """Wrong key, no credit, unknown model: said with what to do; the key is not repeated."""
    patient.llm.fault = lambda _asked: error(status, "no", "test-key-1234567890 is wrong")
    code, lines = patient.ask(capsys)
    assert code == 1 and found(lines, "error", f"({status}") and "test-key-1234567890" not in "".join(lines)


def test_a_model_that_babbles_is_an_error(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """An endpoint that answers without a verdict is of no use, and so is one that is down."""
    patient.llm.fault = lambda asked: Answer(body=patient.llm.completion(asked, "I cannot say."))
    code, lines = patient.ask(capsys)
    assert code == 1 and found(lines, "error", "no usable answer")
    patient.llm.fault = lambda _asked: error(500, "x", "down")
    code, lines = patient.ask(capsys)
    assert code == 1 and found(lines, "error", "500 down")


def test_an_arxiv_that_is_down_is_an_error(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """Each channel for itself."""
    patient.arxiv.fail("503")
    patient.arxiv.fail("503", channel="rss")
    code, lines = patient.ask(capsys)
    assert code == 1 and sum(found([line], "error", "503") for line in lines) == 2


@pytest.mark.parametrize(
    ("machine", "feed", "says"),
    [
        ("2026-01-12T06:00Z", "2026-01-08", "clock: it is 2026-01-12 in New York by this machine, and 2026-01-08 by"),
        ("2026-01-08T15:00Z", "2026-01-07", "the clock is ahead (set it; ARXIV_DAILY_NOW overrides it), or arXiv"),
        ("2026-01-08T06:00Z", "2026-01-07", "the clock is ahead ("),
        ("2026-01-07T15:00Z", "2026-01-08", "the clock is behind: set it"),
        ("2026-01-10T15:00Z", "2026-01-09", "the clock is ahead ("),
        ("2026-01-08T05:59Z", "2026-01-07", None),
        ("2026-01-08T04:00Z", "2026-01-08", None),
        ("2026-01-08T03:59Z", "2026-01-08", "the clock is behind"),
        ("2026-01-09T04:30Z", "2026-01-08", None),
        ("2026-01-10T15:00Z", "2026-01-10", None),
        ("2026-07-08T04:00Z", "2026-07-08", None),
        ("2026-07-08T04:59Z", "2026-07-07", None),
        ("2026-07-08T05:00Z", "2026-07-07", "the clock is ahead ("),
        ("2026-11-01T06:30Z", "2026-10-31", "the clock is ahead ("),
    ],
)
def test_a_clock_that_is_a_day_wrong_is_seen(
    patient: Patient, capsys: pytest.CaptureFixture[str], machine: str, feed: str, says: str | None
) -> None:
    """The feed's date is the second clock, at weekends too; only around midnight in New York it may be another one."""
    patient.set(ARXIV_DAILY_NOW=machine)
    patient.arxiv.rss_date = date.fromisoformat(feed)
    _, lines = patient.ask(capsys)
    assert found(lines, "warning" if says else "ok", says or "clock: "), lines
    assert sum("clock: " in line for line in lines) == 1


def test_settings_of_github_are_read(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """Pages off or a schedule that a fork begins without are errors; a repository that cannot be read is a warning."""
    patient.github.about["has_pages"] = False
    patient.github.workflow["state"] = "disabled_fork"
    code, lines = patient.ask(capsys)
    assert code == 1 and found(lines, "error", "Pages off; Settings") and found(lines, "error", "the workflow off")
    patient.github.status = 404
    code, lines = patient.ask(capsys)
    assert code == 0 and found(lines, "warning", "set GITHUB_TOKEN")


def test_pages_that_show_a_branch_are_named(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """What the workflow deploys is not shown then; where GitHub does not tell the source, that Pages is on is all."""
    patient.github.pages = {"build_type": "legacy", "source": {"branch": "gh-pages", "path": "/"}}
    code, lines = patient.ask(capsys)
    assert code == 0 and found(lines, "warning", "Pages shows the branch gh-pages, not what the workflow deploys; Set")
    patient.github.pages = None
    code, lines = patient.ask(capsys)
    assert code == 0 and found(lines, "ok", "Pages on")


def test_a_damaged_record_is_an_error(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """It would stop every run; file and remedy are named."""
    path = patient.root / "docs" / "data" / "2026" / "2026-01-07.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    code, lines = patient.ask(capsys)
    assert code == 1 and found(lines, "error", "2026-01-07.json")


def test_a_damaged_state_of_a_batch_is_named(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    """A run would set it aside: that is a warning, and nothing is renamed; one that cannot be read stops every run."""
    folder = patient.root / ".arxiv-daily" / "batches"
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef.json").write_text("{")
    (folder / "old.json.bad").write_text("{")
    code, lines = patient.ask(capsys)
    assert code == 0 and found(lines, "warning", "0123456789abcdef.json is damaged, the state of a batch; restore it")
    assert not any("old.json" in line for line in lines) and (folder / "0123456789abcdef.json").exists()
    (folder / "1.json").mkdir()
    code, lines = patient.ask(capsys)
    assert code == 1 and found(lines, "error", "1.json cannot be read: "), lines


@pytest.mark.parametrize(
    ("runs", "level", "says"),
    [
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": "failure"}], "error", "05:20 UTC: failure; its summary"),
        ([{"created_at": "2026-01-08T05:50:00Z", "conclusion": None, "status": "in_progress"}], "ok", "in_progress"),
        ([{"created_at": "2026-01-02T05:20:00Z", "conclusion": "success"}], "warning", "6 days ago"),
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": "skipped"}], "ok", "skipped"),
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": "neutral"}], "ok", "neutral"),
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": "timed_out"}], "error", "timed_out; its log"),
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": "startup_failure"}], "error", "restore .github/work"),
        ([{"created_at": "2026-01-02T05:20:00Z", "conclusion": "startup_failure"}], "error", "restore .github/work"),
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": "action_required"}], "warning", "approval"),
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": "cancelled"}], "warning", "cancelled; by hand or"),
        ([{"created_at": "2026-01-02T05:20:00Z", "conclusion": "cancelled"}], "warning", "cancelled; 6 days ago"),
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": "stale"}], "warning", "stale; Actions -> daily"),
        ([{"created_at": "2026-01-08T05:20:00Z", "conclusion": ["odd"]}], "warning", "Actions -> daily"),
        ([{"created_at": "yesterday"}], "warning", "does not say when"),
        ([], "warning", "has never run; Actions"),
    ],
)
def test_the_last_run_is_looked_at(
    patient: Patient, capsys: pytest.CaptureFixture[str], runs: list[dict[str, Any]], level: str, says: str
) -> None:
    """A schedule that GitHub has ended and a run that did not end well are what nobody else tells."""
    patient.github.runs = runs
    _, lines = patient.ask(capsys)
    assert found(lines, level, says), lines


def test_without_github_the_machines_own_timetable_is_looked_at(
    patient: Patient, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """No crontab, one that does not know us, one that does."""
    for name in patient.github.env():
        patient.monkeypatch.delenv(name)
    _, lines = patient.ask(capsys)
    assert found(lines, "warning", "no crontab; see docs/ops/publish.md")
    for line, level in (("0 6 * * * backup", "warning"), ("17 5 * * * /home/me/arxiv-daily/run.sh", "ok")):
        table = tmp_path / "crontab"
        table.write_text(f"#!/bin/sh\necho '{line}'\n")
        table.chmod(0o755)
        patient.set(PATH=str(tmp_path))
        _, lines = patient.ask(capsys)
        assert any(line.startswith(level) and "cron: " in line for line in lines), lines
