"""Sets of research fields by discipline, for `init`: categories, fields, low interests, examples of the rubric.

Each is a file NAME.toml beside this one, written as config.toml is.
"""

import tomllib
from importlib import resources
from typing import Annotated

from pydantic import Field

from generator.core.errors import ConfigError
from generator.settings.config import LowInterest, Options, ResearchField, RubricExample, nearest


class Preset(Options):
    """The fields of one discipline."""

    name: str
    name_en: str
    categories: Annotated[tuple[str, ...], Field(strict=False)]
    fields: Annotated[tuple[ResearchField, ...], Field(strict=False)]
    low_interest: Annotated[tuple[LowInterest, ...], Field(strict=False)]
    examples: Annotated[tuple[RubricExample, ...], Field(strict=False)]


def preset_names() -> list[str]:
    """The names of all presets, in the order of the alphabet."""
    files = (file.name for file in resources.files(__name__).iterdir())
    return sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))


def preset_text(name: str) -> str:
    """The file of the preset called NAME. Raises ConfigError, which names the nearest, if there is none."""
    known = preset_names()
    if name not in known:
        raise ConfigError(f"{name!r} is not a preset; {nearest(name, known)}")
    return (resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8")


def load_preset(name: str) -> Preset:
    """The preset called NAME. Raises ConfigError if there is none."""
    return Preset.model_validate(tomllib.loads(preset_text(name)))
