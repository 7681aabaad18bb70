"""`eval`: judges against each other on days whose verdicts are known.

In: recorded days, or files of labels.
Out: a table, JSON, a page with plots.
"""
