"""arXiv Daily: a daily page of the arXiv papers that matter to you."""

__version__ = "0.1.0"
