"""What the set-up page of the docs knows: `make docs` writes docs/ops/setup.json, a test holds it to the code.

The texts are those that `init` writes, with slots (`"@title@"`) where answers go; overrides/assets/js/setup/ fills
them in and checks answers by the JSON Schema of config.py's own options.
"""

import json
import sys
from typing import Any

import tomlkit

from generator.commands.init import FRESH, InitOptions, apply_wishes
from generator.core.taxonomy import taxonomy
from generator.settings.config import (
    RESERVED_SLUGS,
    WINDOWS_NAMES,
    Arxiv,
    Judging,
    Llm,
    Options,
    ResearchField,
    Site,
    parse,
)
from generator.settings.presets import load_preset, preset_names
from generator.settings.providers import SNAPSHOT, WARNED_DAYS, end_of, ends

FIELDS = "[[fields]]"
SITE_SLOTS = InitOptions(
    title="@title@", url="@url@", language="@language@", categories=["@categories@"], model="@model@"
)


def form_data() -> dict[str, Any]:
    """All of setup.json: the `text` before the fields, what follows it for each preset or own fields, and the rules."""
    presets = {name: _with_slots(SITE_SLOTS._replace(preset=name)) for name in preset_names()}
    slots = ("@slug@", "@name@", "@description@")
    alone, twice = (_with_slots(SITE_SLOTS._replace(fields=[slots] * count)) for count in (1, 2))
    start = alone.index(f"\n{FIELDS}\n") + 1
    fresh = parse(FRESH.read_text(encoding="utf-8"), FRESH, {})
    return {
        "text": alone[:start],
        "further_field": twice[start : start + len(twice) - len(alone)],
        "last_field": alone[start:],
        "presets": {name: {**_labels(name), "text": text[start:]} for name, text in presets.items()},
        "categories": {name: list(labels) for name, labels in sorted(taxonomy().items())},
        "taken_slugs": sorted({*RESERVED_SLUGS, *WINDOWS_NAMES}),
        "known": {
            "categories": list(fresh.arxiv.categories),
            "threshold": fresh.judge.threshold,
            "model": fresh.llm.model,
        },
        "ends": {
            "warned_days": WARNED_DAYS,
            "snapshot": SNAPSHOT.pattern,
            "models": {row.model: [str(row.end), row.successor] for row in ends() if end_of(row.model) == row},
        },
        "rules": {
            "title": _rule(Site, "title"),
            "categories": _rule(Arxiv, "categories"),
            "threshold": _rule(Judging, "threshold"),
            "model": _rule(Llm, "model"),
            "name": _rule(ResearchField, "name"),
            "description": _rule(ResearchField, "description"),
        },
    }


def _with_slots(wishes: InitOptions) -> str:
    """config.toml as `init` writes it for WISHES into a new site, with slots for what it makes of them."""
    document = tomlkit.parse(FRESH.read_text(encoding="utf-8"))
    apply_wishes(document, wishes)
    for table, key in (("site", "authority"), ("judge", "threshold")):
        document[table][key] = f"@{key}@"
    return tomlkit.dumps(document)


def _labels(name: str) -> dict[str, Any]:
    preset = load_preset(name)
    return {"zh": preset.name, "en": preset.name_en, "categories": list(preset.categories)}


def _rule(table: type[Options], key: str) -> dict[str, Any]:
    """The JSON Schema of one option, without what is prose."""
    schema = table.model_json_schema()["properties"][key]
    return {word: value for word, value in schema.items() if word not in ("default", "description", "title")}


def text() -> str:
    """The file setup.json."""
    return json.dumps(form_data(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
