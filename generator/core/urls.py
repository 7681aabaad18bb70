"""The addresses of pages, as paths from the site's root. What is published once keeps its address for good."""

import datetime as dt
import posixpath


def day_path(date: dt.date) -> str:
    """The address of DATE's page; it never changes its meaning."""
    return f"days/{date.year:04}/{date}/"


def month_path(month: str) -> str:
    """The address of the page of MONTH (YYYY-MM)."""
    return f"archive/{month}/"


def field_path(slug: str) -> str:
    """The address of the page of a field; it never changes its meaning."""
    return f"fields/{slug}/"


def source_of(url: str) -> str:
    """The Markdown file of the page at URL, below docs/."""
    return f"{url}index.md" if url in ("", "archive/", "fields/") else f"{url.rstrip('/')}.md"


def relative(url: str, here: str) -> str:
    """URL as a link from the page at HERE, both from the site's root."""
    found = posixpath.relpath(url or ".", here or ".")
    return found + "/" if not url or url.endswith("/") else found
