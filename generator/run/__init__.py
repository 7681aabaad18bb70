"""`run` and `backfill`: an announcement from gathering to its record, and what a run reports.

In: dates.
Out: records, pages, a receipt.
"""
