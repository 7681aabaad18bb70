"""The offline judge: a rank within the day from the fields' words, honest about what it is."""

import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.model import Paper, Verdict
from generator.judges.local.keywords import (
    PaperWords,
    _day_words,
    _scaled,
    field_terms,
    judge_offline,
    rank_day,
    scores_by_rank,
)
from generator.settings.config import Config, Judging, LowInterest, ResearchField, Site

EFFICIENT = ResearchField(
    slug="efficient",
    name="高效推理",
    name_en="Efficient inference",
    description="Faster inference of language models. 更快的推理。",
    keywords=("KV cache", "speculative decoding", "quantization"),
    hints=("latency", "speedup"),
)
AGENTS = ResearchField(
    slug="agents",
    name="智能体",
    description="Agents that use graphical interfaces.",
    keywords=("GUI agent", "computer use"),
    hints=("tool",),
)
MEDICAL = LowInterest(name="医疗", description="clinical and medical applications", keywords=("medical", "patient"))


def config(
    *fields: ResearchField, share: float = 0.25, threshold: float = 7.0, low: tuple[LowInterest, ...] = (MEDICAL,)
) -> Config:
    return Config(
        site=Site(language="en"),
        judge=Judging(threshold=threshold, offline_share=share),
        fields=fields or (EFFICIENT, AGENTS),
        low_interest=low,
    )


def paper(number: int, title: str, abstract: str = "") -> Paper:
    return Paper(
        id=f"2601.{number:05}",
        title=title,
        authors=("A. Author",),
        abstract=abstract,
        categories=("cs.LG",),
        submitted=None,
    )


TOPICS = (
    ("Quantization of caches", "We propose quantization of the KV cache. It lowers latency by 2.5x."),
    ("A GUI agent that plans", "This paper introduces a GUI agent for computer use. It calls tools."),
    ("Segmenting organs", "Medical images of a patient are segmented. We report Dice scores."),
    ("Roads from above", "We map roads. The roads are long. Weather matters."),
    ("Bird songs", "We record birds in a forest and count their songs."),
)


def day(papers: int = 20) -> list[Paper]:
    return [paper(number, *TOPICS[number % len(TOPICS)]) for number in range(papers)]


def picks(verdicts: dict[str, Verdict], threshold: float = 7.0) -> dict[str, Verdict]:
    return {name: verdict for name, verdict in verdicts.items() if verdict.score >= threshold}


def test_every_paper_gets_a_verdict_and_the_best_share_is_picked() -> None:
    """Best first; the score is marked as an estimate and is no model's."""
    verdicts = judge_offline(day(20), config())
    assert set(verdicts) == {made.id for made in day(20)}
    assert len(picks(verdicts)) == 5
    scores = [verdict.score for verdict in verdicts.values()]
    assert scores == sorted(scores, reverse=True)
    assert all(verdict.estimate and verdict.raw is None for verdict in verdicts.values())


def test_each_pick_lies_in_the_field_whose_words_it_holds() -> None:
    """And off-topic papers are not picked."""
    verdicts = judge_offline(day(20), config(share=0.4))
    assert {verdicts[made.id].field for made in day(20)[0::5]} == {"efficient"}
    assert {verdicts[made.id].field for made in day(20)[1::5]} == {"agents"}
    assert set(picks(verdicts)) == {made.id for number in (0, 1) for made in day(20)[number::5]}


def test_only_a_pick_has_a_reason_and_it_is_made_of_the_papers_words() -> None:
    """Terms and a sentence of the abstract; the others have none."""
    verdicts = judge_offline(day(5), config())
    best = [verdict for verdict in verdicts.values() if verdict.reason]
    assert [verdict.score >= 7 for verdict in verdicts.values()] == [bool(v.reason) for v in verdicts.values()]
    assert best[0].reason == "Abstract: “This paper introduces a GUI agent for computer use.”"
    assert best[0].terms == ("computer use", "GUI agent")


def test_the_order_of_the_papers_changes_nothing() -> None:
    """Nor does a paper that is given twice."""
    papers = day(30)
    shuffled = random.Random(7).sample(papers, len(papers)) + papers[:3]
    assert list(judge_offline(papers, config()).items()) == list(judge_offline(shuffled, config()).items())


def test_the_seed_of_the_hashes_changes_nothing() -> None:
    """Sets are walked in another order in every process; the verdicts stay the same."""
    code = (
        "import tests.judges.local.test_keywords as t; v = t.judge_offline(t.day(40), t.config());"
        "print([(k, x.model_dump_json()) for k, x in v.items()], t.rank_day(t.day(40), t.config()))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(printed) == 1


def test_identical_papers_are_ordered_by_id() -> None:
    """Their relevance is the same, whatever it is."""
    papers = [paper(number, *TOPICS[0]) for number in (3, 1, 2, 4)]
    assert list(judge_offline(papers, config())) == [f"2601.{number:05}" for number in (1, 2, 3, 4)]
    assert len({found.relevance for found in rank_day(papers, config()).values()}) == 1


@pytest.mark.parametrize(("papers", "expected"), [(0, 0), (1, 1), (2, 1), (5, 1), (6, 2), (10, 3), (100, 25)])
def test_the_share_of_a_small_day_is_rounded_and_at_least_one(papers: int, expected: int) -> None:
    """Halves are rounded up."""
    similar = [paper(number, "Quantization", f"A cache of {number} bits") for number in range(papers)]
    assert len(picks(judge_offline(similar, config()))) == expected


def test_a_paper_that_matches_no_field_has_none_and_comes_last() -> None:
    """It is a pick only where nothing else could be."""
    verdicts = judge_offline(day(5), config(share=1.0, low=()))
    unmatched = {name: verdict for name, verdict in verdicts.items() if verdict.field is None}
    assert unmatched and not set(unmatched) & set(picks(verdicts))
    alone = judge_offline([paper(1, "Birds")], config())["2601.00001"]
    assert (alone.field, alone.reason) == (None, "Shares no term with any field; listed by its rank of the day.")


def test_what_is_of_low_interest_comes_last_even_within_a_field() -> None:
    """The two papers differ by that alone."""
    papers = [paper(1, "Quantization", "for a medical patient"), paper(2, "Quantization", "for a mobile phone")]
    assert next(iter(judge_offline(papers, config()))) == "2601.00002"
    assert next(iter(judge_offline(papers, config(low=())))) == "2601.00001"


def test_a_word_of_the_title_counts_more() -> None:
    """The same words in the other place."""
    papers = [paper(101, "Birds", "quantization here"), paper(102, "Quantization", "birds here"), *day(5)]
    found = rank_day(papers, config())
    assert found["2601.00102"].relevance > found["2601.00101"].relevance


def test_a_field_of_one_line_without_keywords_works() -> None:
    """Its description is read run by run; the items of its list and the runs are its keywords."""
    line = ResearchField(slug="birds", name="鸟", description="songs of birds in forests, and bird counts")
    assert field_terms(line).keywords == (("song", "of", "bird", "in", "forest"), ("bird", "count"))
    assert field_terms(line).hints == (("song",), ("bird",), ("forest",))
    verdicts = judge_offline(day(20), config(EFFICIENT, AGENTS, line, share=0.6))
    assert {verdicts[made.id].field for made in day(20)[4::5]} == {"birds"}
    assert {made.id for made in day(20)[4::5]} <= set(picks(verdicts))


def test_a_field_in_chinese_alone_is_matched_by_its_english_name() -> None:
    """Without one it matches nothing, takes no paper, and disturbs no other field."""
    named = ResearchField(slug="songs", name="鸟鸣", name_en="Bird songs", description="鸟类的鸣声。")
    assert judge_offline(day(5), config(EFFICIENT, named))["2601.00004"].field == "songs"
    unnamed = ResearchField(slug="songs", name="鸟鸣", description="鸟类的鸣声。", keywords=("鸟",))
    assert not any(field_terms(unnamed))
    verdicts = judge_offline(day(5), config(EFFICIENT, unnamed))
    assert {verdict.field for verdict in verdicts.values()} <= {"efficient", None}
    nothing = judge_offline(day(5), config(unnamed))
    assert len(nothing) == 5 and len(picks(nothing)) == 1


@pytest.mark.parametrize(
    "abstract",
    [
        "",
        "Quantization is good",
        "Quantization of models. " * 900,
        "量化。",
        "\\" * 50,
        "$" * 51,
        '" OR NEAR( * ) AND "',
    ],
    ids=["empty", "three words", "20 KB", "Chinese", "backslashes", "dollars", "query syntax"],
)
def test_an_odd_abstract_is_judged_like_any_other(abstract: str) -> None:
    """Beside usual ones and alone, with a bounded reason."""
    odd = paper(999, "Quantization", abstract)
    verdicts = judge_offline([*day(20), odd], config(share=1.0))
    assert len(verdicts) == 21 and verdicts[odd.id].field == "efficient"
    assert len(judge_offline([odd], config())[odd.id].reason or "") < 500


def test_syntax_of_queries_in_a_keyword_is_text() -> None:
    """Operators cannot write anything that breaks the search, and may write very many terms."""
    many = tuple(f"term{number} of kind {number}" for number in range(3000))
    field = ResearchField(
        slug="odd", name="x", description='"quoted" AND (NEAR/2 title:a* ^b', keywords=('"; DROP', "NOT", "a*b", *many)
    )
    assert judge_offline([paper(1, "term7 of kind 7")], config(field))["2601.00001"].field == "odd"


@given(
    papers=st.integers(0, 400),
    share=st.floats(0, 1),
    threshold=st.floats(0.01, 10),
)
def test_scores_fall_with_the_rank_and_meet_the_threshold(papers: int, share: float, threshold: float) -> None:
    """Picks from the threshold to 10, the others below it, one decimal each."""
    count = min(papers, max(1, round(papers * share)))
    scores = scores_by_rank(papers, count, threshold)
    assert len(scores) == papers and scores == sorted(scores, reverse=True)
    assert all(threshold <= score <= 10 for score in scores[:count])
    assert all(0 <= score < threshold for score in scores[count:])
    assert all(score == round(score, 1) for score in scores)


def test_a_letter_of_a_fields_name_is_no_term_of_its_own() -> None:
    """M-theory is matched as a whole: neither the letter M nor any theory stands for it."""
    strings = ResearchField(slug="strings", name="弦论", name_en="M-theory", description="M-theory, D-branes.")
    assert field_terms(strings).keywords == (("m-theory",), ("d-brane",))
    papers = [
        paper(201, "The M dwarf in a triple system", "A theory of M dwarfs."),
        paper(202, "On M-theory", "Branes."),
    ]
    found = rank_day(papers, config(strings))
    assert found["2601.00201"].field is None
    assert found["2601.00202"].field == "strings"


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        ([("Birds", "We count songs."), ("Rocks", "We weigh stones.")], 0),
        ([TOPICS[0], TOPICS[1]], 2),
    ],
)
def test_a_small_day_is_measured_by_the_weeks_before(titles: list[tuple[str, str]], expected: int) -> None:
    """Of a day of two papers none or both may be picks; without the weeks before it, its best one is."""
    papers = [paper(500 + number, *text) for number, text in enumerate(titles)]
    assert len(picks(judge_offline(papers, config(share=0.45), day(60)))) == expected
    assert len(picks(judge_offline(papers, config(share=0.45)))) == 1
    assert len(picks(judge_offline(papers, config(share=0.45), day(10)))) == 1


def test_the_papers_of_the_weeks_before_have_no_verdict_of_this_day() -> None:
    """They are its measure; one that is announced again is of this day."""
    papers = [*day(3), paper(700, "KV cache", "Quantization.")]
    assert judge_offline(papers, config(), day(60)).keys() == {found.id for found in papers}


def test_matches_are_measured_in_what_is_usual_for_a_field_and_for_all_fields() -> None:
    """A field that matches much is toned down, one that matches little is not blown up to the same."""
    assert _scaled([[2.0, 2.0], [2.0, -2.0]]) == [[1.0, 1.0], [1.0, -1.0]]
    (loud,), (quiet,) = _scaled([[9.0], [1.0]])
    assert 1 < loud < 9 and 0 < quiet < 1
    assert _scaled([[0.0, 0.0]]) == [[0.0, 0.0]]


def test_words_shared_with_the_best_papers_lift_a_paper_even_on_a_small_day() -> None:
    """It matches no field by itself."""
    best = [paper(number, f"Quantization {number}", "Tensors of transformers.") for number in (1, 2, 3)]
    others = [paper(number, f"Birds {number}", "Songs in forests.") for number in (4, 5, 6)]
    lone = [paper(7, "Untitled", "Forests."), paper(8, "Untitled", "Tensors.")]
    found = rank_day([*best, *others, *lone], config(low=()))
    assert found["2601.00008"].relevance > found["2601.00007"].relevance


def test_a_days_words_speak_for_the_papers_like_its_best_quarter() -> None:
    """A word of that quarter speaks for a paper, one of the others against it, and one of all papers says nothing."""
    words = [{"all", "best"}] * 10 + [{"all", "other"}] * 30 + [{"all"}, {"rare"}]
    readings = [PaperWords("", "", frozenset(held), frozenset(), frozenset()) for held in words]
    row = _day_words(readings, [float(len(words) - rank) for rank in range(len(words))])
    assert 0.5 < row[0] < 1 and -0.5 < row[10] < -0.1
    assert abs(row[-2]) < 0.1 and row[-1] == 0
