"""RSS, Atom, JSON Feed and OPML.

In: the newest records.
Out: an `Output` for each feed.
"""
