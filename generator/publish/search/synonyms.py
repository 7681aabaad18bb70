"""Forms of one term that the search takes for each other: the project's table (synonyms.toml) and the operator's.

The index holds a token for each group, wherever one of its forms stands: the browser asks for one shard, not for those
of all words of all forms.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Sequence
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
        self._by_first: dict[str, list[tuple[list[str], str]]] = {}
        for number, group in enumerate(groups):
            for form in group:
                first, *rest = map(_singular, inner_tokens(form))
                self._by_first.setdefault(first, []).append((rest, concept_token(number)))
        self._plurals = {first + "s" for first in self._by_first}

    def found(self, tokens: Sequence[str]) -> Iterator[tuple[str, int]]:
        """The token of each group that has a form in TOKENS, with the place at which the form begins."""
        for at, token in enumerate(tokens):
            forms = self._by_first.get(token)
            if forms is None and token in self._plurals:
                forms = self._by_first[token[:-1]]
            if forms:
                yield from ((concept, at) for concept in dict.fromkeys(_fitting(forms, tokens, at + 1)))


def _fitting(forms: Iterable[tuple[list[str], str]], tokens: Sequence[str], at: int) -> Iterator[str]:
    """The token of each of FORMS whose words stand in TOKENS from AT on."""
    for words, concept in forms:
        if not words or [_singular(token) for token in tokens[at : at + len(words)]] == words:
            yield concept
