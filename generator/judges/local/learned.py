"""The offline judge that has learned: a share of the day in the order and the fields of what was trained on its site.

It reads no paper as a language model does: all that it gives is marked as an estimate.
"""

import math
from collections.abc import Mapping, Sequence

from generator.core.i18n import words as site_words
from generator.core.model import Paper, Verdict
from generator.core.words import EMPTY_WORDS, Phrase, plain_words, word_tokens
from generator.judges.local.features import Features
from generator.judges.local.keywords import LEAST_WINDOW, field_weights, ranked_verdicts
from generator.judges.local.linear import Learned
from generator.judges.local.reasons import Reason, reason
from generator.settings.config import Config

_LEARNED_SHARE = 0.3  # of a reason's weight for what was learned: the field's own words say more to a reader
_PLAIN_SHARE = 0.15  # of that, for a plain word of the abstract: it is named where nothing better stands


def judge_learned(
    papers: Sequence[Paper],
    config: Config,
    learned: Learned,
    features: Mapping[str, Features],
    window: Mapping[str, Features] | None = None,
) -> dict[str, Verdict]:
    """A verdict on every paper of a day, by id, best first; FEATURES are theirs.

    It is the rank among them and the papers of the last weeks, whose features are in WINDOW; see `judge_offline`.
    """
    by_id = {paper.id: paper for paper in papers}
    if not by_id:
        return {}
    earlier = {paper_id: found for paper_id, found in (window or {}).items() if paper_id not in by_id}
    if len(earlier) < LEAST_WINDOW:
        earlier = {}
    known = {**{paper_id: features[paper_id] for paper_id in by_id}, **earlier}
    scores = {paper_id: learned.score(found) for paper_id, found in known.items()}
    ranked = sorted(scores, key=lambda paper_id: (-scores[paper_id], paper_id))
    picks = max(1, math.floor(round(len(ranked) * config.judge.offline_share, 9) + 0.5))
    fields = {paper_id: learned.field(known[paper_id]) for paper_id in by_id}

    def why(paper_id: str) -> Reason:
        return learned_reasons({paper_id: fields[paper_id]}, papers, config, learned, features, weights=weights)[
            paper_id
        ]

    weights = field_weights(by_id.values(), config)
    return ranked_verdicts(ranked, picks, config, fields.get, why, own=by_id)


def learned_reasons(
    fields: Mapping[str, str | None],
    papers: Sequence[Paper],
    config: Config,
    learned: Learned,
    features: Mapping[str, Features],
    *,
    weights: Mapping[str, Mapping[Phrase, float]] | None = None,
) -> dict[str, Reason]:
    """Why the ids in FIELDS were picked, each for its field, in the words of the papers; PAPERS are the whole day's.

    WEIGHTS: the fields' among them, if they are known already.
    """
    by_id = {paper.id: paper for paper in papers}
    if weights is None:
        weights = field_weights(by_id.values(), config) if fields else {}
    language = site_words(config.site.language)
    return {
        paper_id: reason(
            by_id[paper_id],
            _told(weights.get(slug or "", {}), _positive_terms(by_id[paper_id], learned, features[paper_id])),
            language,
        )
        for paper_id, slug in fields.items()
    }


def _positive_terms(paper: Paper, learned: Learned, features: Features) -> dict[str, float]:
    """What LEARNED went by in PAPER and tells a reader most: pairs of words, words of the title, names (GRPO, LoRA)."""
    abstract = paper.abstract
    written = ((token.word, abstract[token.start : token.end]) for token in word_tokens(abstract))
    speaking = {word for word, name in written if sum(map(str.isupper, name)) > 1} | set(plain_words(paper.title))
    return {
        term: weight if " " in term or term in speaking else _PLAIN_SHARE * weight
        for term, weight in learned.positive_terms(features).items()
        if not any(len(word) == 1 or word in EMPTY_WORDS for word in term.split(" "))
    }


def _told(of_field: Mapping[Phrase, float], learned: Mapping[str, float]) -> dict[Phrase, float]:
    """The terms of the field, and the words that the model went by where those leave room."""
    highest = max(of_field.values(), default=1.0) or 1.0
    told = {phrase: weight / highest for phrase, weight in of_field.items()}
    most = max(learned.values(), default=0.0)
    for term, weight in learned.items():
        phrase = tuple(term.split(" "))
        told[phrase] = max(told.get(phrase, 0.0), _LEARNED_SHARE * weight / most)
    return told
