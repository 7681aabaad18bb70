"""arXiv: which papers belong to an announcement.

In: a date.
Out: its papers and how much of it was read, from the API and the RSS over one polite connection.
"""
