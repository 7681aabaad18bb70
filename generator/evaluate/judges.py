"""The judges that `eval` compares, by the words of the command line, and one run of each over some days.

    recorded | offline | learned | llm | steady     then, after commas, options such as model=NAME,config=FILE

What the model is asked here is booked in a ledger of its own, under keys that tell runs and settings apart: a second
run is asked again, one that was interrupted goes on, and none of it is taken for a verdict of the site.
"""

import datetime as dt
import hashlib
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args
from urllib.parse import urlsplit

from pydantic import SecretStr

from generator.core import escape
from generator.core.console import Talk
from generator.core.errors import ConfigError
from generator.core.model import Paper, Spending, Verdict
from generator.evaluate.compare import Run
from generator.evaluate.days import JudgedDay
from generator.evaluate.metrics import Label
from generator.judges import title_ceiling
from generator.judges.judged import Forecast
from generator.judges.llm.budget import Budget
from generator.judges.llm.calls import Scored, forecast, score_papers
from generator.judges.llm.client import Model
from generator.judges.llm.grouping import day_seed
from generator.judges.llm.ledger import Ledger
from generator.judges.llm.prompt import ledger_key, profile_digest
from generator.judges.llm.provider_errors import Failure
from generator.judges.llm.reply import Tokens
from generator.judges.local.features import day_features
from generator.judges.local.linear import Example, Learned, is_enough, train
from generator.judges.local.training_data import LEAST_DAYS
from generator.judges.pipeline import (
    FIRST,
    SECOND,
    TITLE,
    VOTES,
    Local,
    Score,
    judge_steadily,
    local_view,
    offline_verdicts,
)
from generator.settings.config import LOOPBACK, Config, load, nearest
from generator.settings.config import BudgetLimits as Limits

JudgeKind = Literal["recorded", "offline", "learned", "llm", "steady"]
JUDGE_KINDS: tuple[JudgeKind, ...] = get_args(JudgeKind)
PAID = ("llm", "steady")
TAUGHT = ("learned", "steady")
_OPTIONS = {"recorded": (), "offline": ("config",), "learned": ("config",)}
_OPTIONS_PAID = ("model", "url", "config", "key")
_KEY = "OPENAI_API_KEY"


class JudgeSpec(NamedTuple):
    """A judge. name: as it was asked for."""

    name: str
    kind: JudgeKind
    config: Config
    key: SecretStr | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """What tells it from another: model, prompt, settings."""
        if self.kind == "recorded":
            return ()
        config, llm = self.config, self.config.llm
        threshold = f"threshold {config.judge.threshold:g}"
        if self.kind not in PAID:
            return (f"fields {local_digest(config)}", threshold)
        prompt = (f"profile {profile_digest(config)[:12]}", threshold)
        temperature = () if llm.temperature is None else (f"temperature {llm.temperature:g}",)
        return (llm.model, *prompt, f"{llm.papers_per_call} papers a call", *temperature)

    @property
    def settings(self) -> str:
        """All that decides what it says: two judges with the same are one."""
        if self.kind == "recorded":
            return self.kind
        paid = f"{profile_digest(self.config)} {self.config.llm.model_dump_json()}" if self.kind in PAID else ""
        return f"{self.kind} {local_digest(self.config)} {paid}"


def local_digest(config: Config) -> str:
    """A digest of all that the local judge goes by: the fields with their phrases, low interest, `[judge]`."""
    told = config.model_dump_json(include={"fields", "low_interest", "judge"})
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def judge_spec(text: str, config: Config, env: Mapping[str, str]) -> JudgeSpec:
    """The judge that TEXT names; CONFIG: the site's, whose budget and currency count in any case.

    Raises ConfigError for one that is not known, or whose key is not there.
    """
    kind, *parts = text.split(",")
    if kind not in JUDGE_KINDS:
        raise ConfigError(f"--judge {text}: unknown judge {kind!r}; {nearest(kind, JUDGE_KINDS)}")
    wanted = dict(part.partition("=")[::2] for part in parts)
    known = _OPTIONS.get(kind, _OPTIONS_PAID)
    for name, value in wanted.items():
        if name not in known:
            hint = nearest(name, known) if known else "it takes none"
            raise ConfigError(f"--judge {text}: {kind} has no option {name!r}; {hint}")
        if not value:
            raise ConfigError(f"--judge {text}: {name} is empty; write {name}=...")
    own = _settings(config, wanted, env)
    return JudgeSpec(text, kind, own, _key(text, config, own, wanted, env) if kind in PAID else None)


def _settings(config: Config, wanted: Mapping[str, str], env: Mapping[str, str]) -> Config:
    """CONFIG, or that of the file WANTED, with the model and the address that are WANTED.

    The environment stands in where a file of its own says nothing: else two files with two models would be one.
    """
    own = config
    if "config" in wanted:
        own = load(Path(wanted["config"]), {})
        for key, variable in (("model", "OPENAI_MODEL"), ("base_url", "OPENAI_BASE_URL")):
            if key not in own.llm.model_fields_set and (value := env.get(variable, "").strip()):
                own = own.model_copy(update={"llm": own.llm.model_copy(update={key: value})})
        same_money = own.budget.currency == config.budget.currency
        named = {price.model for price in own.prices} if same_money else set()
        prices = (*(own.prices if same_money else ()), *(price for price in config.prices if price.model not in named))
        own = own.model_copy(update={"budget": config.budget, "prices": prices, "arxiv": config.arxiv})
    for option, key in (("model", "model"), ("url", "base_url")):
        if option in wanted:
            own = own.model_copy(update={"llm": own.llm.model_copy(update={key: wanted[option]})})
    if urlsplit(own.llm.base_url).scheme not in ("http", "https") and own.llm.base_url:
        raise ConfigError(f"url={escape.address(own.llm.base_url)} is not a URL such as https://api.example.com/v1")
    return own


def _key(text: str, config: Config, own: Config, wanted: Mapping[str, str], env: Mapping[str, str]) -> SecretStr:
    """The key of the endpoint, from the variable that is WANTED; the site's own goes to the site's endpoint only."""
    name = wanted.get("key", _KEY)
    value = env.get(name, "").strip()
    host = urlsplit(own.llm.base_url).hostname
    elsewhere = own.llm.base_url != config.llm.base_url and host not in LOOPBACK
    if elsewhere and "key" not in wanted:
        raise ConfigError(
            f"--judge {text}: {host or 'OpenAI'} is another endpoint than the site's; name the environment variable"
            " that holds its key with key=NAME"
        )
    if not value:
        raise ConfigError(f"--judge {text} needs {name} (any word will do for a local endpoint that takes no key)")
    return SecretStr(value)


Teacher = Callable[[dt.date, Config], Learned | None]
"""The model learned from the days before a date, None where they teach too little."""


def teacher_of(days: Sequence[JudgedDay], talk: Talk) -> Teacher:
    """A teacher that learns from the recorded verdicts of DAYS: of those before the date, the newest learning_days."""
    examples: dict[tuple[dt.date, str], list[Example]] = {}
    known: dict[tuple[dt.date, str], Learned | None] = {}

    def teach(date: dt.date, config: Config) -> Learned | None:
        fields = local_digest(config)
        if (date, fields) not in known:
            before = [day for day in days if day.date < date and day.recorded][-config.judge.learning_days :]
            for day in before:
                if (day.date, fields) not in examples:
                    examples[day.date, fields] = _examples(day, config)
            taught = [examples[day.date, fields] for day in before]
            enough = len(taught) >= LEAST_DAYS and is_enough(taught)
            if enough:
                talk.say(f"{date}: the local judge learns from the {len(taught)} days before")
            known[date, fields] = train(taught, [field.slug for field in config.fields]) if enough else None
        return known[date, fields]

    return teach


def _examples(day: JudgedDay, config: Config) -> list[Example]:
    """What DAY teaches; a pick of a field that CONFIG does not have is a pick without one."""
    found = []
    for paper, features in sorted(day_features(day.papers, config).items()):
        if (opinion := day.recorded.get(paper)) is not None:
            known = opinion.picked and config.field(opinion.field) is not None
            found.append(Example(features, opinion.picked, opinion.field if known else None))
    return found


class EvalTask(NamedTuple):
    """What every run is asked: about ASKED of the papers of DAYS. pooled: they are a sample, too few of any day."""

    days: Sequence[JudgedDay]
    asked: frozenset[str]
    pooled: bool
    teach: Teacher

    def groups(self, kind: JudgeKind) -> list[tuple[JudgedDay, list[Paper]]]:
        """The papers that are put into calls together, with the day that is told of them."""
        each = [(day, [paper for paper in day.papers if paper.id in self.asked]) for day in self.days]
        if self.pooled and kind == "llm":
            return [(self.days[-1], [paper for _, papers in each for paper in papers])]
        return [(day, papers) for day, papers in each if papers]


def expected(spec: JudgeSpec, number: int, question: EvalTask, ledger: Ledger, *, first: bool = True) -> Forecast:
    """What run NUMBER would take beyond what is paid for, on the high side; FIRST: are first votes its own to pay?"""
    looks: list[Forecast] = []
    for day, papers in question.groups(spec.kind):
        look = forecast(papers, day.date, spec.config, ledger, vote=_series(spec.config, number, 1))
        looks += [look] if first else []
        if spec.kind == "steady":
            further = _estimated(papers, spec.config) if look.papers else _wanted(spec, number, question, ledger, day)
            for vote, share, asked in further:
                told = forecast(asked, day.date, spec.config, ledger, vote=_series(spec.config, number, vote))
                looks.append(_part(told, share))
    costs = [look.cost for look in looks]
    return Forecast(
        sum(look.papers for look in looks),
        sum(look.calls for look in looks),
        Tokens(sum(look.tokens.input for look in looks), output=sum(look.tokens.output for look in looks)),
        None if None in costs else sum(cost for cost in costs if cost is not None),
    )


def _part(whole: Forecast, share: float) -> Forecast:
    """SHARE of WHOLE, rounded up."""
    papers, calls, tokens, cost = whole
    part = Tokens(math.ceil(share * tokens.input), output=math.ceil(share * tokens.output))
    return Forecast(math.ceil(share * papers), math.ceil(share * calls), part, None if cost is None else share * cost)


_Further = list[tuple[int, float, list[Paper]]]
"""Votes beyond the first: which, of what share of which papers."""


def _estimated(papers: Sequence[Paper], config: Config) -> _Further:
    """How many second votes and titles PAPERS will take, before they have first votes."""
    share = config.judge.second_vote_share if config.judge.second_vote else 0.0
    picks = config.judge.offline_share if config.judge.title_allowance < title_ceiling.OFF else 0.0
    return [(SECOND, share, list(papers)), (TITLE, picks, title_ceiling.titles(papers))]


def _wanted(spec: JudgeSpec, number: int, question: EvalTask, ledger: Ledger, day: JudgedDay) -> _Further:
    """The papers of DAY that get a second vote or one by title, where first votes are paid for; nothing is asked."""
    asked: dict[int, list[Paper]] = {}
    nothing, never = Budget(Limits(tokens_per_run=0), None, "", Spending()), dt.datetime.min.replace(tzinfo=dt.UTC)

    def ask(_papers: Sequence[Paper], _again: bool = False) -> Failure:
        raise ValueError("there is no budget for a call")

    def score(papers: Sequence[Paper], vote: int) -> Scored:
        if vote != FIRST:
            asked.setdefault(vote, []).extend(papers)
        return score_papers(
            papers, day.date, spec.config, ask=ask, ledger=ledger, budget=nothing, now=never,
            vote=_series(spec.config, number, vote),
        )  # fmt: skip

    local = local_view(day.papers, spec.config, question.teach(day.date, spec.config))
    judge_steadily([paper for paper in day.papers if paper.id in question.asked], local, spec.config, score)
    return [(vote, 1.0, papers) for vote, papers in asked.items()]


def free_run(spec: JudgeSpec, question: EvalTask) -> Run:
    """The one run of a judge that costs nothing: it ranks whole days, of which those asked for are told."""
    opinions: dict[str, Label] = {}
    begin = time.monotonic()
    for day in question.days:
        if spec.kind == "recorded":
            found = day.recorded
        else:
            learned = question.teach(day.date, spec.config) if spec.kind == "learned" else None
            found = _opinions(offline_verdicts(day.papers, spec.config, learned), spec.config)
        opinions |= {paper: opinion for paper, opinion in found.items() if paper in question.asked}
    seconds = None if spec.kind == "recorded" else time.monotonic() - begin
    told = _recorded_by(question) if spec.kind == "recorded" else spec.told
    return Run(spec.name, told, 1, opinions, seconds=seconds)


def _recorded_by(question: EvalTask) -> tuple[str, ...]:
    """Whose verdicts are recorded, and what they were told."""
    models = sorted({model for day in question.days for model in day.models})
    profiles = sorted({profile for day in question.days for profile in day.profiles})
    return (*models, *(f"profile {profile[:12]}" for profile in profiles))


def _opinions(verdicts: Mapping[str, Verdict], config: Config) -> dict[str, Label]:
    threshold = config.judge.threshold
    return {paper_id: Label(found.score >= threshold, found.score, found.field) for paper_id, found in verdicts.items()}


class RunResources(NamedTuple):
    """What a paid run works with: where it is booked, what is left to it, the time of now, its voice."""

    ledger: Ledger
    budget: Budget
    now: dt.datetime
    talk: Talk


def paid_run(spec: JudgeSpec, number: int, question: EvalTask, means: RunResources) -> Run:
    """Run NUMBER of a judge that asks a model: what the ledger does not hold yet is asked for within the budget.

    Raises RecordError if the ledger cannot be written.
    """
    if spec.key is None:
        raise ValueError(f"{spec.name} has no key")
    start = means.ledger.last
    verdicts: dict[str, Verdict] = {}
    unscored: dict[str, str] = {}
    model = error = None
    begin = time.monotonic()
    with Model(spec.config, spec.key) as endpoint:
        for day, papers in question.groups(spec.kind):
            local = None
            if spec.kind == "steady":
                local = local_view(day.papers, spec.config, question.teach(day.date, spec.config))
            found, first = _judged(papers, spec.config, local, _scorer(spec, number, day.date, endpoint, means))
            verdicts |= found
            unscored |= first.unscored
            model = model or first.model
            if (error := first.error) is not None:
                break
    seconds = time.monotonic() - begin
    keys = {key for vote in VOTES for key in _keys(spec.config, number, vote, question.asked)}
    usage = means.ledger.account.replies(keys, start, spec.config.budget.currency)
    taken = any(kept.call <= start for key in keys if (kept := means.ledger.lookup(key)) is not None)
    opinions = _opinions(verdicts, spec.config)
    return Run(spec.name, spec.told, number, opinions, unscored, model, usage, None if taken else seconds, error)


def _scorer(spec: JudgeSpec, number: int, day: dt.date, endpoint: Model, means: RunResources) -> Score:
    """Asks ENDPOINT about papers in run NUMBER."""
    label = f"{spec.name}, run {number}, {day}"

    def score(papers: Sequence[Paper], vote: int) -> Scored:
        series = _series(spec.config, number, vote)
        return score_papers(
            papers, day, spec.config, ask=endpoint.ask, ledger=means.ledger, budget=means.budget, now=means.now,
            progress=lambda done, total: means.talk.progress(label, done, total),
            seed=day_seed(day, str(series)), vote=series,
        )  # fmt: skip

    return score


def _judged(
    papers: Sequence[Paper], config: Config, local: Local | None, score: Score
) -> tuple[dict[str, Verdict], Scored]:
    """The verdicts on PAPERS, made steady where there is a LOCAL view, and what the first vote says beside them."""
    if local is None:
        scored = score(papers, 1)
        return scored.verdicts, scored
    outcome = judge_steadily(papers, local, config, score)
    return outcome.verdicts, outcome.first


def _keys(config: Config, number: int, vote: int, papers: Iterable[str]) -> Iterator[str]:
    """The ledger's keys of one vote on PAPERS in run NUMBER."""
    profile, series = profile_digest(config), _series(config, number, vote)
    return (ledger_key(paper, profile, config.llm.model, series) for paper in papers)


def _series(config: Config, number: int, vote: int) -> int:
    """What tells in the ledger's key runs, votes and the settings that the profile does not hold; never 1 or 2."""
    settings = config.llm.model_dump(include={"base_url", "temperature", "extra_body", "papers_per_call"})
    told = json.dumps([settings, number, vote], sort_keys=True)
    return 10 + int(hashlib.sha256(told.encode()).hexdigest()[:12], 16)
