"""The days on disk: docs/data/YYYY/DATE.json. Everything that is published is made of them.

In: a `Day`.
Out: the same, years later; a summary of each, the terms of its titles, related papers, what changed after publication.
"""
