"""The errors that a user can cause or must hear of; cli.py turns each into one message and an exit code."""

from collections.abc import Mapping


class ArxivDailyError(Exception):
    """Something that the operator can act on; the message says what happened and what to do next."""

    exit_code = 1


class ConfigError(ArxivDailyError):
    """config.toml, an option or an environment variable is wrong."""


class RecordError(ArxivDailyError):
    """A file that we wrote earlier cannot be read back."""


class BuildError(ArxivDailyError):
    """The site could not be built or did not pass its checks."""


class HostileTextError(BuildError):
    """Texts of PAPERS have become something in the site that may not be there; without them it can be published.

    kinds: what was refused, without what differs from paper to paper, and the papers in which it was.
    """

    def __init__(self, message: str, papers: frozenset[str], kinds: Mapping[str, frozenset[str]]) -> None:
        super().__init__(message)
        self.papers = papers
        self.kinds = kinds


class SourceError(ArxivDailyError):
    """arXiv did not answer, or answered something that is not what was asked."""

    exit_code = 3


class ServerFaultError(SourceError):
    """arXiv answers one query with 5xx, again and again: it is down, or a record of that query cannot be served."""


class JudgeError(ArxivDailyError):
    """No call to the model can succeed: wrong key, no credit, unknown model."""

    exit_code = 3


class RefusedError(JudgeError):
    """Nothing but the operator can help: the key, the model or the account is refused. `why` stands in records."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class BusyError(ArxivDailyError):
    """Another run is at work in the same folder."""

    exit_code = 3
