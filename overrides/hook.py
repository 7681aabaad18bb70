"""Lets a plain `mkdocs build` or `mkdocs serve` know config.toml, and render, as `arxiv-daily build` does."""

import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from generator.config import load
from generator.render import render
from generator.site import configure


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Title, address, language and words of the site, and the feeds, unless `arxiv-daily build` has seen to them."""
    if "words" not in config.extra:
        root = Path(config.config_file_path).parent
        settings = load(root / "config.toml", os.environ)
        render(root, settings)  # git holds no feeds
        configure(config, settings, root)
    return config
