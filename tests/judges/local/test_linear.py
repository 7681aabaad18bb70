"""What is learned of verdicts: order, fields, probabilities; sensible whatever the archive holds."""

import pytest
from support import learned_days as made

from generator.judges.local.features import DENSE, Features, day_features
from generator.judges.local.learned import judge_learned
from generator.judges.local.linear import Example, Learned, is_enough, train
from generator.settings.config import ResearchField

SETTINGS = made.config()
SLUGS = [field.slug for field in SETTINGS.fields]


def model(days: int = 4) -> Learned:
    return train([made.taught(seed, SETTINGS) for seed in range(days)], SLUGS)


def test_what_was_picked_before_comes_first() -> None:
    """A day of the same kind is ordered and assigned as the days before were, though the fields' words say little."""
    learned = model()
    papers, fields = made.a_day(9)
    features = day_features(papers, SETTINGS)
    scores = {paper.id: learned.score(features[paper.id]) for paper in papers}
    picks = [paper_id for paper_id in scores if fields[paper_id]]
    assert min(scores[paper_id] for paper_id in picks) > max(
        scores[paper_id] for paper_id in scores if not fields[paper_id]
    )
    assert all(learned.field(features[paper_id]) == fields[paper_id] for paper_id in picks)


def test_a_word_of_three_papers_and_a_pair_of_five_are_learned() -> None:
    """What fewer papers hold is left to chance, and to no weight."""
    held = {"three": 3, "two": 2, "five papers": 5, "four papers": 4}

    def example(number: int, picked: bool) -> Example:
        terms = sorted([f"{picked}".lower(), *(term for term, papers in held.items() if picked and number < papers)])
        dense = (0.0,) * (len(DENSE) + len(SLUGS))
        return Example(Features(tuple(terms), bytes([1] * len(terms)), dense, None), picked)

    learned = train([[example(number, picked) for number in range(10) for picked in (True, False)]], SLUGS)
    assert set(learned.terms) == {"true", "false", "three", "five papers"}


def test_probabilities_add_up_to_the_picks() -> None:
    """The sum of a day's probabilities is about the number of its picks: the prefilter adds them up."""
    learned = model(6)
    papers, fields = made.a_day(11, 200)
    features = day_features(papers, SETTINGS)
    expected = sum(learned.probability(features[paper.id]) for paper in papers)
    assert expected == pytest.approx(sum(field is not None for field in fields.values()), rel=0.15)


def test_the_same_days_give_the_same_model() -> None:
    """No chance but a fixed one: the weights can be made again."""
    assert model() == model()


@pytest.mark.parametrize("picked", [True, False])
def test_one_kind_of_verdict_teaches_nothing(picked: bool) -> None:
    """All picked or none picked is not enough, nor are two papers."""
    one_sided = [
        [Example(example.features, picked, "caches" if picked else None) for example in made.taught(seed, SETTINGS)]
        for seed in range(3)
    ]
    assert not is_enough(one_sided)
    assert not is_enough([made.taught(1, SETTINGS, papers=2)])
    assert is_enough([made.taught(seed, SETTINGS) for seed in range(2)])


def test_a_field_without_a_single_pick_stands_by_its_words() -> None:
    """A new field has taught nothing; a paper that holds its keyword is still assigned to it."""
    robots = ResearchField(slug="robots", name="机器人", description="Robots.", keywords=("legged robot",))
    settings = made.config(made.CACHES, made.AGENTS, robots)
    learned = train([made.taught(seed, settings) for seed in range(3)], ["caches", "agents", "robots"])
    papers = [made.paper(1, "A legged robot", "The legged robot walks."), made.paper(2, "Planning tool", "A browser.")]
    features = day_features(papers, settings)
    assert [learned.field(features[paper.id]) for paper in papers] == ["robots", "agents"]


def test_a_field_in_chinese_only_and_odd_papers_are_judged() -> None:
    """No Latin word in a description, an abstract of three words, of 20 KB, of nothing: a verdict each."""
    chinese = ResearchField(slug="caches", name="缓存", description="更快的推理与缓存。")
    settings = made.config(chinese, made.AGENTS)
    learned = train([made.taught(seed, settings) for seed in range(3)], SLUGS)
    papers = [
        made.paper(1, "Three words", "Quantization speculative decoding"),
        made.paper(2, "Long", "quantization of the cache " * 800),
        made.paper(3, "空", ""),
        made.paper(4, "\u200b\\textbf{$x$}", "$" * 50),
    ]
    verdicts = judge_learned(papers, settings, learned, day_features(papers, settings))
    assert verdicts.keys() == {paper.id for paper in papers}
    assert all(verdict.estimate and verdict.field in SLUGS for verdict in verdicts.values())
    assert judge_learned([], settings, learned, {}) == {}


def test_the_share_of_the_configuration_is_picked_with_a_reason() -> None:
    """A quarter of the day; the reason of each names words that stand in the paper."""
    learned = model()
    papers, _ = made.a_day(9)
    verdicts = judge_learned(papers, SETTINGS, learned, day_features(papers, SETTINGS))
    picks = {paper_id: verdict for paper_id, verdict in verdicts.items() if verdict.score >= SETTINGS.judge.threshold}
    assert len(picks) == 15 and list(verdicts)[:15] == list(picks)
    assert all(verdict.reason for verdict in picks.values())
    assert any(word in verdict.reason.lower() for verdict in picks.values() for word in made.LIKED["caches"].split())  # type: ignore[union-attr]


def test_a_reason_names_no_empty_word() -> None:
    """What any paper says of itself may weigh in the model, and tells a reader nothing; names do."""
    weighty = dict.fromkeys(["find", "various order", "model s", "harvest", "crop", "lora", "soil"], (1.0, 5.0))
    learned = model()._replace(terms=weighty)
    paper = made.paper(1, "Harvest at scale", "We find the model's crop in various order of soil with LoRA.")
    day = [paper, *made.a_day(9)[0]]
    verdicts = judge_learned(day, SETTINGS, learned, day_features(day, SETTINGS))
    assert verdicts[paper.id].reason == "Abstract: “We find the model's crop in various order of soil with LoRA.”"
    assert verdicts[paper.id].terms == ("LoRA",)
