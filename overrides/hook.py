"""Lets a plain `mkdocs build` or `mkdocs serve` know config.toml, as `arxiv-daily build` does."""

import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from generator.config import load
from generator.site import configure


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Title, address, language and words of the site, unless `arxiv-daily build` has set them."""
    if "words" not in config.extra:
        root = Path(config.config_file_path).parent
        configure(config, load(root / "config.toml", os.environ), root)
    return config
