"""Forms of one term that the search takes for each other: the project's table (synonyms.toml) and the operator's.

The index holds a token for each group, wherever one of its forms stands: the browser asks for one shard, not for those
of all words of all forms.
"""

import json
import tomllib
from collections.abc import Sequence
from importlib import resources
from typing import NamedTuple

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


def _numbers(token: str) -> tuple[str, str]:
    """TOKEN, a singular, and its plural."""
    return token, token + "s"


class _Beginning(NamedTuple):
    """The groups with a form that is this word; by the second word of longer ones, the rest and the group."""

    whole: list[str]
    longer: dict[str, list[tuple[list[str], str]]]


class Concepts:
    """Finds the forms of GROUPS in the tokens of a text; each word of a form may stand in the plural."""

    def __init__(self, groups: Groups) -> None:
        self._beginnings: dict[str, _Beginning] = {}
        for number, group in enumerate(groups):
            concept = concept_token(number)
            for form in group:
                first, *rest = map(_singular, inner_tokens(form))
                for word in _numbers(first):
                    beginning = self._beginnings.setdefault(word, _Beginning([], {}))
                    if not rest:
                        beginning.whole.append(concept)
                    for second in _numbers(rest[0]) if rest else ():
                        beginning.longer.setdefault(second, []).append((rest[1:], concept))

    def found(self, tokens: Sequence[str]) -> list[tuple[str, int]]:
        """The token of each group that has a form in TOKENS, with the place at which the form begins."""
        beginnings = self._beginnings
        found: list[tuple[str, int]] = []
        for at in [at for at, token in enumerate(tokens) if token in beginnings]:
            concepts, longer = beginnings[tokens[at]]
            if longer and at + 1 < len(tokens) and tokens[at + 1] in longer:
                concepts = [*concepts]
                for rest, concept in longer[tokens[at + 1]]:
                    if not rest or [_singular(word) for word in tokens[at + 2 : at + 2 + len(rest)]] == rest:
                        concepts.append(concept)
            if concepts:
                found += [(concept, at) for concept in dict.fromkeys(concepts)]
        return found
