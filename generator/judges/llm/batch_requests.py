"""What a batch asks: the requests for the papers without a verdict, within the budget and the provider's limits."""

import datetime as dt
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Literal

from generator.core.model import Paper
from generator.judges.injection import is_flagged
from generator.judges.llm.batch_answers import Collector, Dependencies
from generator.judges.llm.batch_states import BatchGroup, BatchState, Measure
from generator.judges.llm.budget import Estimator
from generator.judges.llm.grouping import day_seed, plan
from generator.judges.llm.misplaced import marks
from generator.judges.llm.prompt import ledger_key, profile_digest
from generator.judges.llm.reply import Reply

MOST_REQUESTS = 20_000  # OpenAI allows 50,000
MOST_BYTES_OF_A_BATCH = 90_000_000  # OpenAI allows 200 MB, others 100
ENDPOINT: Literal["/v1/chat/completions"] = "/v1/chat/completions"

Todo = Mapping[dt.date, Sequence[Paper]]
"""Papers to ask about, by the announcement that they belong to."""


class Requests:
    """The requests of one run."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._with = dependencies
        self._profile = profile_digest(dependencies.config)
        self._estimator = Estimator(dependencies.config)

    def files(self, todo: Todo, in_flight: Set[str]) -> Iterator[tuple[BatchState, bytes]]:
        """States with the file of their requests, for what is open of TODO and not IN_FLIGHT in another batch."""
        self._probe(todo, in_flight)
        groups = self._groups(todo, in_flight)
        return self._chunks(groups) if groups else iter(())

    def _open(self, papers: Sequence[Paper], in_flight: Set[str]) -> list[Paper]:
        """Those of PAPERS without a verdict that are not IN_FLIGHT and were not asked about alone in vain today."""
        ledger, today = self._with.ledger, self._with.now.date()
        keys = {paper.id: self._key(paper.id) for paper in papers if paper.id not in in_flight}
        wanted = {
            paper_id
            for paper_id, key in keys.items()
            if not ledger.lookup(key) and ledger.why_unanswered(key, today) is None
        }
        return [paper for paper in papers if paper.id in wanted]

    def _key(self, paper: str) -> str:
        return ledger_key(paper, self._profile, self._with.config.llm.model)

    def _groups(self, todo: Todo, in_flight: Set[str]) -> list[tuple[BatchGroup, tuple[Paper, ...]]]:
        """The requests for all papers of TODO that are open, while the budget lasts."""
        found: list[tuple[BatchGroup, tuple[Paper, ...]]] = []
        for day, papers in todo.items():
            settled = {paper.id for paper in papers} - {paper.id for paper in self._open(papers, in_flight)}
            seed = day_seed(day, self._profile)
            alone = {paper.id for paper in papers if is_flagged(paper)}
            for batch in plan(papers, settled, self._with.config.llm.papers_per_call, seed, alone):
                expected = self._estimator.expect(batch)
                hold = self._with.budget.reserve(expected)
                if hold is None:
                    self._with.say("the budget is used up; the papers that are left wait for a later run")
                    return found
                self._with.budget.settle(hold, None)  # spent as far as this run is concerned; the ledger counts
                tokens = expected.input + expected.output
                known = marks(batch)
                group = BatchGroup(day=day, papers=tuple(known), expected=tokens, marks=tuple(known.values()))
                found.append((group, batch))
        return found

    def _chunks(self, groups: Sequence[tuple[BatchGroup, tuple[Paper, ...]]]) -> Iterator[tuple[BatchState, bytes]]:
        """States with the file of their requests, each within the provider's limits."""
        lines: list[bytes] = []
        named: dict[str, BatchGroup] = {}
        size = 0
        for number, (group, papers) in enumerate(groups):
            name = f"{group.day}-{number}"
            body = self._with.model.request_body(papers)
            line = json.dumps({"custom_id": name, "method": "POST", "url": ENDPOINT, "body": body}, ensure_ascii=False)
            data = line.encode() + b"\n"
            if lines and (len(lines) >= MOST_REQUESTS or size + len(data) > MOST_BYTES_OF_A_BATCH):
                yield self._state(named), b"".join(lines)
                lines, named, size = [], {}, 0
            lines.append(data)
            named[name] = group
            size += len(data)
        yield self._state(named), b"".join(lines)

    def _probe(self, todo: Todo, in_flight: Set[str]) -> None:
        """Ask about one paper directly: which form of answer the endpoint takes, a batch would tell too late."""
        if self._with.model.tried:
            return
        open_papers = ((day, paper) for day, papers in todo.items() for paper in self._open(papers, in_flight))
        day, paper = next(open_papers, (None, None))
        if day is None or paper is None:
            return
        hold = self._with.budget.reserve(self._estimator.expect([paper]))
        if hold is None:
            return
        reply = self._with.model.ask([paper])
        self._with.budget.settle(hold, reply.tokens if isinstance(reply, Reply) else None)
        if isinstance(reply, Reply):
            group = BatchGroup(day=day, papers=(paper.id,), expected=0)
            Collector(self._with).book(self._state({}), group, reply, share=1.0)

    def _state(self, groups: dict[str, BatchGroup]) -> BatchState:
        config = self._with.config
        measure = Measure(threshold=config.judge.threshold, fields=config.fields)
        mark = secrets.token_hex(8)
        return BatchState(mark=mark, profile=self._profile, model=config.llm.model, measure=measure, groups=groups)
