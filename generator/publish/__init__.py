"""From records to the site: pages, feeds, search, open data. No network, no key, no clock.

In: docs/data.
Out: docs/ (`render`) and site/ (`build`).
"""
