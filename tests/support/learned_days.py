"""Made-up days with verdicts, for the tests of what is learned: what is picked shows in the words."""

import random

from generator.core.model import Paper
from generator.judges.local.features import day_features
from generator.judges.local.linear import Example
from generator.settings.config import Config, Judging, ResearchField, Site

CACHES = ResearchField(slug="caches", name="缓存", description="Faster inference.", keywords=("KV cache",))
AGENTS = ResearchField(slug="agents", name="智能体", description="Agents at work.", keywords=("GUI agent",))
LIKED = {
    "caches": "quantization speculative decoding throughput memory",
    "agents": "planning tool browser desktop task",
}
DULL = "leaf bird river soil cloud harvest insect forest rainfall crop"
FILLER = "we study a method that shows results on data with care and report numbers across settings"


def config(*fields: ResearchField, **judge: object) -> Config:
    return Config(site=Site(language="en"), judge=Judging.model_validate(judge), fields=fields or (CACHES, AGENTS))


def paper(number: int, title: str, abstract: str) -> Paper:
    return Paper(
        id=f"2601.{number:05}", title=title, authors=(), abstract=abstract, categories=("cs.LG",), submitted=None
    )


def a_day(seed: int, papers: int = 60) -> tuple[list[Paper], dict[str, str | None]]:
    """Papers, and the field of each that is picked (None: not picked): about every third."""
    chance = random.Random(seed)
    made, fields = [], {}
    for number in range(papers):
        field = chance.choice([None, None, None, None, "caches", "agents"])
        own = (LIKED[field] if field else DULL).split()
        chosen = chance.sample(own, 3) + chance.sample(FILLER.split(), 6)
        chance.shuffle(chosen)
        new = paper(1 + 1000 * seed + number, " ".join(chosen[:4]).title(), " ".join(chosen) + ".")
        made.append(new)
        fields[new.id] = field
    return made, fields


def taught(seed: int, settings: Config, papers: int = 60) -> list[Example]:
    """The examples of day SEED."""
    made, fields = a_day(seed, papers)
    found = day_features(made, settings)
    return [Example(found[paper_id.id], fields[paper_id.id] is not None, fields[paper_id.id]) for paper_id in made]
