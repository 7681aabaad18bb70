"""Forms of one term that the search takes for each other: the project's table (synonyms.toml) and the operator's.

The index holds a token for each group, wherever one of its forms stands: the browser asks for one shard, not for those
of all words of all forms.
"""

import json
import tomllib
from collections.abc import Iterator, Sequence
from importlib import resources

from generator.publish.search.tokens import concept_token, inner_tokens
from generator.settings.config import Config

Groups = Sequence[Sequence[str]]


def synonym_groups(config: Config) -> list[list[str]]:
    """The groups of forms, those of config.toml last."""
    table = tomllib.loads(resources.files(__package__).joinpath("synonyms.toml").read_text(encoding="utf-8"))
    return [*(group for groups in table.values() for group in groups), *map(list, config.search.synonyms)]


def dump_groups(groups: Groups) -> bytes:
    """GROUPS as the browser reads them."""
    return json.dumps(groups, ensure_ascii=False, separators=(",", ":")).encode()


def _singular(token: str) -> str:
    return token[:-1] if len(token) > 3 and token.endswith("s") and token[-2] not in "sui" else token


class Concepts:
    """Finds the forms of GROUPS in the tokens of a text."""

    def __init__(self, groups: Groups) -> None:
        self._single: dict[str, list[str]] = {}
        self._longer: dict[str, dict[str, list[tuple[list[str], str]]]] = {}
        for number, group in enumerate(groups):
            for form in group:
                first, *rest = map(_singular, inner_tokens(form))
                if rest:
                    by_second = self._longer.setdefault(first, {})
                    by_second.setdefault(rest[0], []).append((rest[1:], concept_token(number)))
                else:
                    self._single.setdefault(first, []).append(concept_token(number))
        firsts = {*self._single, *self._longer}
        self._singulars = {first: first for first in firsts} | {first + "s": first for first in firsts}

    def found(self, tokens: Sequence[str]) -> Iterator[tuple[str, int]]:
        """The token of each group that has a form in TOKENS, with the place at which the form begins."""
        singulars = self._singulars
        for at, token in enumerate(tokens):
            if token in singulars:
                yield from ((concept, at) for concept in dict.fromkeys(self._beginning(singulars[token], tokens, at)))

    def _beginning(self, first: str, tokens: Sequence[str], at: int) -> Iterator[str]:
        """The token of each group with a form that begins with FIRST and stands in TOKENS from AT on."""
        yield from self._single.get(first, ())
        by_second = self._longer.get(first)
        if by_second and at + 1 < len(tokens):
            for rest, concept in by_second.get(_singular(tokens[at + 1]), ()):
                if [_singular(token) for token in tokens[at + 2 : at + 2 + len(rest)]] == rest:
                    yield concept
