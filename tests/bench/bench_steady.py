"""How steady independent runs of a day are, ours and the plain one-pass design, and what a paper costs.

    python tests/bench/bench_steady.py --data DIR [--tests 9] [--window 14] [--seeds 4] [--shift 0.7] [--noise 0.5]

The model is simulated as the recorded one disagrees with itself: every call is lenient or strict by a shift (normal,
standard deviation SHIFT), every score noisy (NOISE), around the recorded verdict; a paper that was not picked has a
hidden score of its own from 2.4 to 6.9; scores in half points. Tokens are counted as four characters each (0.7 for a
Chinese one), the part of a prompt that an earlier one began with at a tenth.

What that can show: what the arithmetic does to noise of this kind. What it cannot: whether a real model's noise is of
this kind in short calls, or how judgement changes with the length of a call. Ours is what config.toml
switches on: all of it. Exits with 1 where a target is missed.
"""

import argparse
import hashlib
import itertools
import json
import random
import re
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from verdicts import Day, examples, read_days

from generator.core.model import Paper, Verdict
from generator.judges.llm.calls import Call, Scored
from generator.judges.llm.grouping import plan
from generator.judges.llm.prompt import answer_schema, system_message, user_message
from generator.judges.local.linear import train
from generator.judges.pipeline import Local, judge_steadily, local_view, plan_day
from generator.settings.config import Config, load

AGREEMENT, TRUTH, TOKENS = 1.15, 1.1, 1.25
LIMITS = {"without prefilter": 420.0, "with prefilter": 330.0}
PLAIN_BATCH = 50


def tokens(text: str) -> float:
    wide = len(re.findall(r"[\u3000-\u9fff\uff00-\uffef]", text))
    return wide * 0.7 + (len(text) - wide) / 4


class Simulated:
    """The model. seed: of its noise and of the batches; `spent` in tokens, cached input at a tenth."""

    def __init__(self, day: Day, config: Config, seed: int, size: int, leniency: tuple[float, float]) -> None:
        self._day, self._config, self._size = day, config, size
        self._dice = random.Random(f"{seed} {day.date}")
        self._seed, (self._shift, self._noise) = seed, leniency
        self._numbers = itertools.count(1)
        self._static = tokens(system_message(config))
        self._schema = tokens(json.dumps(answer_schema(config)))
        self._names = {field.slug: field.name for field in config.fields}
        self.spent = 0.0

    def _score(self, paper: Paper, shift: float) -> float:
        share = int(hashlib.sha256(paper.id.encode()).hexdigest()[:8], 16) / 2**32
        hidden = self._day.scores[paper.id] if self._day.picked[paper.id] else 6.9 - 4.5 * share
        return min(10.0, max(0.0, round(2 * (hidden + shift + self._dice.gauss(0, self._noise))) / 2))

    def __call__(self, papers: Sequence[Paper], vote: int) -> Scored:
        calls, verdicts = [], {}
        for batch in plan(papers, (), self._size, self._seed * 10 + vote):
            number, shift = next(self._numbers), self._dice.gauss(0, self._shift)
            scores = {paper.id: self._score(paper, shift) for paper in batch}
            calls.append(Call(number, scores))
            answer = []
            for paper in batch:
                picked = scores[paper.id] >= self._config.judge.threshold
                field = self._day.fields.get(paper.id, self._config.fields[0].slug)
                reason = "理由" * 25 if picked else None  # the recorded reasons have 50 characters
                verdicts[paper.id] = Verdict(score=scores[paper.id], raw=scores[paper.id], field=field, reason=reason)
                answer.append(
                    {"id": paper.id, "score": scores[paper.id], "field": self._names[field], "reason": reason}
                )
            cached = 0.0 if number == 1 else self._static // 128 * 128
            whole = self._static + self._schema + tokens(user_message(batch))
            self.spent += whole - 0.9 * cached + tokens(json.dumps({"papers": answer}, ensure_ascii=False))
        return Scored(verdicts, {}, "simulated", self._seed, tuple(calls), None)


def f1(mine: set[str], other: set[str]) -> float:
    return 2 * len(mine & other) / (len(mine) + len(other))


class Design:
    """Picks of several runs over all days, and tokens a paper."""

    def __init__(self, name: str, seeds: int) -> None:
        self.name = name
        self.runs: list[set[str]] = [set() for _ in range(seeds)]
        self.spent = 0.0
        self.papers = 0

    def figures(self, truth: set[str]) -> tuple[float, float, float]:
        against = statistics.fmean(f1(run, truth) for run in self.runs)
        agreed = statistics.fmean(itertools.starmap(f1, itertools.combinations(self.runs, 2)))
        found = agreed, against, self.spent / self.papers
        print(
            f"{self.name:28} F1 of two runs {found[0]:.3f}, against the noiseless {found[1]:.3f}, tokens {found[2]:.0f}"
        )
        return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of DATE.jsonl.gz")
    parser.add_argument("--config", type=Path, default=Path("config.toml"))
    parser.add_argument("--tests", type=int, default=9)
    parser.add_argument("--window", type=int, default=14)
    parser.add_argument("--seeds", type=int, default=4, help="independent runs; every two of them are compared")
    parser.add_argument("--shift", type=float, default=0.7)
    parser.add_argument("--noise", type=float, default=0.5)
    options = parser.parse_args()
    config = load(options.config, {})
    ours = config.llm.papers_per_call
    switches = {
        "plain, calls of 50": ("off", PLAIN_BATCH),
        "plain": ("off", ours),
        "corrected": ("correct", ours),
        "second vote": ("vote", ours),
        "both": ("both", ours),
        "both, with prefilter": ("prefilter", ours),
    }
    designs = {name: Design(name, options.seeds) for name in switches}
    slugs = [field.slug for field in config.fields]
    truth: set[str] = set()
    days = read_days(options.data, config)[-options.tests - options.window :]
    for number in range(options.window, len(days)):
        day = days[number]
        truth |= {paper_id for paper_id, picked in day.picked.items() if picked}
        learned = train([examples(other) for other in days[number - options.window : number]], slugs)
        local = local_view(day.papers, config, learned)
        for name, (mode, size) in switches.items():
            design = designs[name]
            for seed, run in enumerate(design.runs, 1):
                model = Simulated(day, config, seed, size, (options.shift, options.noise))
                run.update(_picks(day, local, _settings(config, mode), model))
                design.spent += model.spent
                design.papers += len(day.papers)
    found = {name: design.figures(truth) for name, design in designs.items()}
    plain, best = found["plain, calls of 50"], found["both, with prefilter"]
    missed = [
        what
        for what, good in {
            f"F1 of two runs >= {AGREEMENT} x plain": best[0] >= AGREEMENT * plain[0],
            f"F1 against the noiseless >= {TRUTH} x plain": best[1] >= TRUTH * plain[1],
            f"tokens <= {TOKENS} x plain": best[2] <= TOKENS * plain[2],
            "tokens <= 420 without prefilter": found["both"][2] <= LIMITS["without prefilter"],
            "tokens <= 330": best[2] <= LIMITS["with prefilter"],
        }.items()
        if not good
    ]
    print("missed: " + "; ".join(missed) if missed else "all targets reached")
    return 1 if missed else 0


def _settings(config: Config, mode: str) -> Config:
    judge = config.judge.model_copy(
        update={
            "correct_leniency": mode in ("correct", "both", "prefilter"),
            "second_vote": mode in ("vote", "both", "prefilter"),
            "prefilter": mode == "prefilter",
        }
    )
    return config.model_copy(update={"judge": judge})


def _picks(day: Day, local: Local, config: Config, model: Simulated) -> set[str]:
    outcome = judge_steadily(plan_day(day.papers, local, config, 1).sent, local, config, model)
    return {paper_id for paper_id, verdict in outcome.verdicts.items() if verdict.score >= config.judge.threshold}


if __name__ == "__main__":
    sys.exit(main())
