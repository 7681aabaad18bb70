"""Markdown pages: days, home, archive, fields, trends, status.

In: summaries and records.
Out: an `Output` for each page.
"""
