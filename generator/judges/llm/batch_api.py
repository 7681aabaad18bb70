"""Papers through a provider's Batch API: half the price, an answer within a day.

The answers go into the ledger like any others; what judges then finds them there. What is under way is kept on disk, so
that whichever run comes next, with batches or without, pays for none of it again. Limits and states are those of
OpenAI's Batch API, which others copy.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import httpx2
import openai

from generator.core.errors import JudgeError
from generator.core.escape import log
from generator.judges.llm.batch_answers import Collector, Dependencies, problem_in_words, read_why, reasons
from generator.judges.llm.batch_requests import ENDPOINT, Requests, Todo
from generator.judges.llm.batch_states import BatchState, drop, keep, papers_of, read_states, set_aside
from generator.judges.llm.client import Model
from generator.judges.llm.prompt import profile_digest

MARK = "arxiv-daily"
ERRORS_READ = 16  # pieces of 64 KB of the file of errors, of which only some are told
ENDED = ("completed", "failed", "expired", "cancelled")
ROUNDS = 2
"""How often a paper is put into a batch in one run: what fails once may have been bad luck."""

_NO_BATCHES = (404, 405, 501)
_LATER = (408, 409, 425, 429)


def judge(todo: Todo, dependencies: Dependencies) -> None:
    """Let the ledger hold verdicts on the papers of TODO, as far as batches give them in time.

    A state that is damaged is set aside. Raises JudgeError where no batch can succeed, RecordError for a state that
    cannot be read.
    """
    _Batches(dependencies).run(todo)


def collect(dependencies: Dependencies) -> None:
    """Let the ledger hold what batches of earlier runs have answered by now, and wait for none. Raises as JUDGE."""
    _Batches(dependencies).collect()


class _Batches:
    """The batches of one run and of those before it: submitted, looked at, collected."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._with = dependencies
        self._asked = (profile_digest(dependencies.config), dependencies.config.llm.model)
        self._requests = Requests(dependencies)
        self._collector = Collector(dependencies)

    def run(self, todo: Todo) -> None:
        """Hand in what is not under way, then wait for everything; once more for what came to nothing."""
        waiting = list(self._adopt())
        for _ in range(ROUNDS):
            in_flight = papers_of(self._mine(waiting))
            waiting += [self._submit(*made) for made in self._requests.files(todo, in_flight)]
            if not self._mine(waiting):
                return
            waiting = self._wait(waiting)
            if self._mine(waiting):
                return

    def collect(self) -> None:
        for state in list(self._adopt()):
            self._look(state)

    def _mine(self, states: Iterable[BatchState]) -> list[BatchState]:
        """Those of STATES that ask what is now configured; the answers of others are of use only if that comes back."""
        return [state for state in states if (state.profile, state.model) == self._asked]

    def _submit(self, state: BatchState, data: bytes) -> BatchState:
        """Hand a file of requests in. The state is on disk before: a batch whose id was lost can be found again."""
        keep(self._with.folder, state)
        client = self._with.model.client
        try:
            file = client.files.create(file=(f"{state.mark}.jsonl", data), purpose="batch")
            batch = client.batches.create(
                input_file_id=file.id, endpoint=ENDPOINT, completion_window="24h", metadata={MARK: state.mark}
            )
        except openai.APIStatusError as error:
            drop(self._with.folder, state)
            if error.status_code in _NO_BATCHES:
                raise JudgeError("the model's provider has no Batch API at this address; run without --batch") from None
            raise JudgeError(f"the provider rejected the batch: {error.status_code} {self._said(error)}") from None
        except (openai.APIConnectionError, httpx2.RequestError) as error:
            raise JudgeError(f"the batch could not be submitted: {self._said(error)}; run again") from None
        if self._with.model.redacted(batch.id) != batch.id:
            drop(self._with.folder, state)
            raise JudgeError("the provider's batch id cannot be stored; run without --batch")
        named = state.model_copy(update={"id": batch.id})
        keep(self._with.folder, named)
        self._with.say(f"batch {log(batch.id, 80)}: {len(state.groups)} requests submitted")
        return named

    def _adopt(self) -> Iterator[BatchState]:
        """The batches that earlier runs have submitted and not collected."""
        states = list(_whole_states(self._with))
        if not states:
            return
        known = {} if all(state.id for state in states) else _by_mark(self._with.model)
        for state in states:
            found = state if state.id else state.model_copy(update={"id": known.get(state.mark)})
            if found.id is None:
                drop(self._with.folder, state)  # killed before the provider had it
                continue
            keep(self._with.folder, found)
            yield found

    def _wait(self, states: Sequence[BatchState]) -> list[BatchState]:
        """Collect STATES as they end, while those that matter have not and the patience lasts; return what is left."""
        waiting = list(states)
        while True:
            waiting = [state for state in waiting if not self._look(state)]
            if (
                not self._mine(waiting)
                or self._with.clock() + self._with.patience.pause_seconds > self._with.patience.until
            ):
                return waiting
            self._with.sleep(self._with.patience.pause_seconds)

    def _look(self, state: BatchState) -> bool:
        """Whether STATE has ended, and was collected then. An endpoint that is away is asked again later."""
        client = self._with.model.client
        try:
            batch = client.batches.retrieve(str(state.id))
            if batch.status not in ENDED:
                return False
            data = client.files.content(batch.output_file_id).read() if batch.output_file_id else b""
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise JudgeError(f"the model's provider refuses the key ({self._said(error)}); check it") from None
        except openai.APIStatusError as error:
            if error.status_code in _LATER or (error.status_code >= 500 and error.status_code not in _NO_BATCHES):
                return False
            self._with.warn(
                f"batch {log(str(state.id), 80)} is not known to the provider any more; {self._said(error)}"
            )
            drop(self._with.folder, state)
            return True
        except (openai.OpenAIError, httpx2.RequestError):
            return False
        whys = Counter(map(self._with.model.redacted, reasons(batch.errors)))
        booked = self._collector.collect(state, data, whys)
        if batch.error_file_id:
            errors = _first_of(self._with.model, batch.error_file_id)
            whys.update(self._with.model.redacted(why) for line in errors.splitlines() if (why := read_why(line)))
        ended = f"batch {log(batch.id, 80)}: {log(batch.status, 40)}, {booked} of {len(state.groups)} requests answered"
        if booked < len(state.groups):
            self._with.warn(ended + problem_in_words(whys))
        else:
            self._with.say(ended)
        drop(self._with.folder, state)
        return True

    def _said(self, error: Exception) -> str:
        return self._with.model.redacted(str(error))


def _whole_states(dependencies: Dependencies) -> Iterator[BatchState]:
    """The states on disk; one that is damaged is set aside, with a warning."""
    for path, state in read_states(dependencies.folder):
        if state is not None:
            yield state
            continue
        dependencies.warn(
            f"{path} is damaged, and set aside as {set_aside(path).name}: the answers of its batch cannot be read, and"
            " its papers may be asked about, and paid for, again"
        )


def _by_mark(model: Model) -> dict[str, str]:
    """The provider's names of batches, by the marks that we gave them."""
    try:
        page = model.client.batches.list(limit=100)
    except openai.APIStatusError as error:
        if error.status_code in _NO_BATCHES:
            return {}
        raise JudgeError(f"the provider could not list its batches: {model.redacted(str(error))}; run again") from None
    except (openai.APIConnectionError, httpx2.RequestError) as error:
        raise JudgeError(f"the provider could not list its batches: {model.redacted(str(error))}; run again") from None
    return {batch.metadata[MARK]: batch.id for batch in page.data if batch.metadata and MARK in batch.metadata}


def _first_of(model: Model, file: str) -> bytes:
    """The beginning of FILE, which only says why; nothing where it cannot be read."""
    try:
        with model.client.files.with_streaming_response.content(file) as answer:
            return b"".join(itertools.islice(answer.iter_bytes(65536), ERRORS_READ))
    except (openai.OpenAIError, httpx2.RequestError):
        return b""
