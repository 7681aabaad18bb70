"""What a paper's own words show: tokens, the phrases that occur in it, its sentences, and a reason made of them.

The offline judge ranks by these and says why in nothing but them: the terms as the paper writes them and one of its
sentences, word for word. No word of a reason about the paper is ours.
"""

import bisect
import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.core.model import Paper

Phrase = tuple[str, ...]
"""Normalised words in their order: `("vision", "language", "model")`."""

SENTENCE_CHARACTERS = 300
TERMS_SHOWN = 4
LEAST_SHARE = 0.2  # a term that counts less than this share of the heaviest decided nothing and is not named

# A word of letters or digits; TeX commands are consumed so that \textbf is not taken for a word.
_WORD = re.compile(r"\\[A-Za-z]+|[A-Za-z0-9\u00c0-\u024f]+")
_STOP_WORDS = """
a about above across after all also among an and any are as at be because been before being between both but
by can could did do does each either et etc for from further had has have having how however if in into is it
its itself may might more most much must no nor not of on only onto or other our out over per same should
since so some such than that the their them then there these they this those through thus to under up upon
using via was we were what when where which while who whose why will with within without would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# What any paper may say of itself, normalised: verdicts teach something by it, readers learn nothing.
_EMPTY_WORDS = """
abstract achieve acquire additional address aim allow analogous analyze application approach available back based
best better bring build challenge code combine compare complete complex comprehensive conduct consider consistently
contribution current currently demonstrate demonstrated design despite detail develop different directly discover
due effective effectively empirical empirically enable end entire especially evaluate even evidence exhibit existing
expensive experiment explain explore extend extensive extensively extra facilitate find finding first follow
following framework full fully fundamental further future gain general generally github give given good great high
highlight however identified identify important improve improved improvement include including increase increasing
increasingly indeed induce induced insight intensive introduce investigate io issue key known large largely latter
lead least like line little main mainly make many match matche maximum meanwhile method minimal moreover motivate
motivated multi necessary need new next notable notably novel obtain offer often open order original overall page
paper particular particularly pass perform perspective phenomenon popular possible potential present preserve
preserving prevent previous previously prior problem procedure produce project promising propose proposed provide
publicly question range rapid rather reach real recent recently release remain remarkable report require
respectively result reveal rich rigorous robust role second seen set setting several show significant significantly
similar simple simplify simply single small specifically standard state strength strong stronger strongly study
substantial successfully suggest support surpass systematic systematically take taking technical technique term
therefore thorough thoroughly today together toward towards typical typically underlying unlike use used useful
usually utilize valuable variant various vary well whether wide widely work world yet yield zero
"""
EMPTY_WORDS = frozenset(_EMPTY_WORDS.split())


class Token(NamedTuple):
    """A word and where it stands in its text."""

    word: str
    start: int
    end: int


class Hit(NamedTuple):
    """A phrase and where it stands, in characters."""

    phrase: Phrase
    start: int
    end: int


class Sentence(NamedTuple):
    start: int
    end: int


@functools.lru_cache(maxsize=1 << 16)
def normalised(word: str) -> str:
    """WORD in lower-case ASCII and in the singular; empty where nothing of it is Latin.

    Only plurals are folded: Porter's stems tell generation, generalization and general no longer apart, and judged
    worse (AUC 0.823 against 0.828 on the 54 days that the bench reads).
    """
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
    if word.endswith("s") and word[:-1].isupper() and len(word) > 2:
        return plain[:-1]  # GPUs
    if len(plain) < 4 or not plain.endswith("s") or plain[-2] in "siu":
        return plain
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    return plain[:-2] if plain.endswith(("sses", "xes", "ches", "shes")) else plain[:-1]


def tokens(text: str) -> list[Token]:
    """The words of TEXT in order; hyphens, punctuation and TeX commands part them."""
    found = ((normalised(match[0]), match) for match in _WORD.finditer(text) if not match[0].startswith("\\"))
    return [Token(word, match.start(), match.end()) for word, match in found if word]


def plain_words(text: str) -> list[str]:
    """The words of `tokens` without where they stand, in half the time."""
    return [word for found in _WORD.findall(text) if found[0] != "\\" and (word := normalised(found))]


def phrase(text: str) -> Phrase:
    """TEXT as a phrase; empty where it has no Latin word."""
    return tuple(token.word for token in tokens(text))


def content_words(text: str) -> list[str]:
    """The words of TEXT that carry meaning, each once, in order."""
    return list(dict.fromkeys(token.word for token in tokens(text) if token.word not in STOP_WORDS))


def content_runs(text: str) -> list[Phrase]:
    """The runs of content words between punctuation and stop words: what a list or a sentence names, in order.

    >>> content_runs("graph neural networks, such as message passing, and molecules")
    [('graph', 'neural', 'network'), ('message', 'passing'), ('molecule',)]
    """
    runs: list[Phrase] = []
    for part in re.split(r"[^A-Za-z0-9\u00c0-\u024f\s-]+|\s-+\s", text):
        run: list[str] = []
        for token in [*tokens(part), Token("the", 0, 0)]:
            if token.word not in STOP_WORDS:
                run.append(token.word)
            elif run:
                runs.append(tuple(run))
                run = []
    return list(dict.fromkeys(runs))


Index = Mapping[str, Sequence[Phrase]]


def index_of(phrases: Iterable[Phrase]) -> Index:
    """PHRASES by their first word, longest first."""
    index: dict[str, list[Phrase]] = {}
    for entry in sorted(set(phrases), key=lambda entry: (-len(entry), entry)):
        if entry:
            index.setdefault(entry[0], []).append(entry)
    return index


def hits(text: Sequence[Token], index: Index) -> Iterator[Hit]:
    """Every place where a phrase of INDEX stands in TEXT, overlaps included; at one place the longest comes first."""
    for place, token in enumerate(text):
        for entry in index.get(token.word, ()):
            end = place + len(entry)
            if tuple(other.word for other in text[place:end]) == entry:
                yield Hit(entry, token.start, text[end - 1].end)


def held(words: Sequence[str], index: Index) -> frozenset[Phrase]:
    """The phrases of INDEX that stand in a text of WORDS."""
    return frozenset(
        entry
        for place, word in enumerate(words)
        if word in index
        for entry in index[word]
        if len(entry) == 1 or tuple(words[place : place + len(entry)]) == entry
    )


# The full stop of these never ends a sentence; a single capital is an initial ("J. Smith").
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[{~])(?:e\.g|i\.e|al|figs?|eqs?|eqn|secs?|sect|tabs?|refs?|algs?|thm|lem|prop|def|app|ch|vol|nos?|pp|"
    r"vs|v\.s|cf|resp|approx|ca|viz|w\.r\.t|a\.k\.a|s\.t|dr|prof|mr|mrs|ms|st|inc|[a-z])\.$",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"(?<![.!?])[.!?]++['\"”’)\]}]*+(?=\s+[\"“‘'(\[{$\\]*[A-Z0-9\\$])|[。！？]+[”’）]*")


def sentences(text: str) -> list[Sentence]:
    """Where the sentences of TEXT stand; never parted within $mathematics$, at an abbreviation or in a number."""
    found: list[Sentence] = []
    start = 0
    dollars = [match.start() for match in re.finditer(r"(?<!\\)\$", text)]
    if len(dollars) % 2:  # a price, or a slip: no telling where mathematics stands
        dollars = []
    for match in _BOUNDARY.finditer(text):
        end = match.end()
        stopped = text[max(start, match.start() - 12) : match.start() + 1]
        within_mathematics = bisect.bisect(dollars, match.start()) % 2 == 1
        if within_mathematics or (match[0].startswith(".") and _ABBREVIATION.search(stopped)):
            continue
        found.append(_trimmed(text, start, end))
        start = end
    found.append(_trimmed(text, start, len(text)))
    return [sentence for sentence in found if sentence.start < sentence.end]


def _trimmed(text: str, start: int, end: int) -> Sentence:
    stripped = text[start:end]
    return Sentence(start + len(stripped) - len(stripped.lstrip()), start + len(stripped.rstrip()))


def excerpt(text: str, limit: int = SENTENCE_CHARACTERS) -> str:
    """TEXT on one line, cut between words with an ellipsis where it is longer than LIMIT; no formula is cut in two."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    kept = line[: limit - 1]
    if line[limit - 1] != " ":
        kept = kept.rpartition(" ")[0] or kept
    if kept.count("$") % 2:
        kept = kept[: kept.rindex("$")]
    return kept.rstrip(" ,;:(") + "…"


# Where authors say what they did; such a sentence wins over one that names as many terms in passing.
_CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|study|article)|our (?:work|approach|method|key|main))\b[^.]{0,60}?"
    r"\b(?:propos|introduc|present|develop|show|prov|find|demonstrat|design|establish|stud|investigat|reveal|analy|deriv|identif|release|address)",
    re.IGNORECASE,
)

# Where authors begin to speak of what they did.
OWN_WORK = re.compile(
    r"\b(?:we|our|ours|here)\b|\b(?:propose|introduce|present)s?\b"
    r"|\bthis (?:paper|work|study|article|survey|report|thesis|letter|dataset|benchmark|tutorial|review)\b",
    re.IGNORECASE,
)
BACKGROUND = 0.3  # what a sentence that stands before these counts as a reason


def decisive_sentence(abstract: str, found: Sequence[Hit], weights: Mapping[Phrase, float]) -> str | None:
    """The sentence of ABSTRACT that holds the most weight of FOUND, as an excerpt; None where none holds any."""
    best: tuple[float, Sentence] | None = None
    own = OWN_WORK.search(abstract)
    heaviest = max((weights[hit.phrase] for hit in found), default=0.0)
    for sentence in sentences(abstract):
        shown = min(sentence.end, sentence.start + SENTENCE_CHARACTERS)
        held = {hit.phrase for hit in found if sentence.start <= hit.start and hit.end <= shown}
        weight = sum(weights[entry] for entry in sorted(held))
        if weight and _CONTRIBUTION.search(abstract, sentence.start, shown):
            weight += heaviest
        if own and sentence.end < own.start():
            weight *= BACKGROUND
        weight = round(weight, 6)
        if weight and (best is None or weight > best[0]):
            best = weight, sentence
    return excerpt(abstract[best[1].start : best[1].end]) if best else None


def decisive_terms(paper: Paper, weights: Mapping[Phrase, float]) -> list[str]:
    """The heaviest phrases that PAPER holds, as it writes them; none that overlaps with a heavier one in words."""
    index = index_of(weights)
    written: dict[Phrase, str] = {}
    for text in (paper.abstract, paper.title):
        for hit in hits(tokens(text), index):
            written.setdefault(hit.phrase, _as_written(text, hit))
    least = LEAST_SHARE * max((weights[entry] for entry in written), default=0.0)
    chosen: list[Phrase] = []
    for entry in sorted(written, key=lambda entry: (-round(weights[entry], 6), entry)):
        if weights[entry] < least or len(chosen) == TERMS_SHOWN:
            break
        if not any(_within(entry, other) or _within(other, entry) for other in chosen):
            chosen.append(entry)
    return [written[entry] for entry in chosen]


def _as_written(text: str, hit: Hit) -> str:
    """The hit as TEXT has it; its words alone where TeX or punctuation stands between them."""
    written = text[hit.start : hit.end]
    if not re.fullmatch(r"[\w\s-]+", written):
        return " ".join(written[token.start : token.end] for token in tokens(written))
    return " ".join(written.split())


def _within(inner: Phrase, outer: Phrase) -> bool:
    width = len(inner)
    return any(outer[place : place + width] == inner for place in range(len(outer) - width + 1))


def reason(paper: Paper, weights: Mapping[Phrase, float], words: Mapping[str, str]) -> str:
    """Why PAPER was picked: its decisive terms and sentence, with the site's WORDS around them and nothing else."""
    terms = decisive_terms(paper, weights)
    if not terms:
        return words["reason_nothing"]
    shown = words["reason_between_terms"].join(words["reason_term"].format(term=term) for term in terms)
    found = list(hits(tokens(paper.abstract), index_of(weights)))
    sentence = decisive_sentence(paper.abstract, found, weights)
    rest = words["reason_sentence"].format(sentence=sentence) if sentence else ""
    return words["reason_match"].format(terms=shown) + rest
