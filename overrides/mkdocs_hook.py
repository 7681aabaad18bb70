"""Lets a plain `mkdocs build` or `mkdocs serve` know config.toml, as `arxiv-daily build` does."""

import os
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from generator.core.errors import ArxivDailyError
from generator.publish.render import render
from generator.publish.site.mkdocs import configure
from generator.settings.config import load


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Title, address, language and words of the site, unless `arxiv-daily build` has set them."""
    if "words" not in config.extra:
        root = Path(config.config_file_path).parent
        try:
            settings = load(root / "config.toml", os.environ)
            if not (root / "docs" / "feed.xml").exists():  # a fresh clone: git holds no feeds
                render(root, settings)
            configure(config, settings, root)
        except ArxivDailyError as error:
            raise Abort(str(error)) from None
    return config
