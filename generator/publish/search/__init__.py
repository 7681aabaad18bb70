"""The search index, in shards that a browser reads (overrides/assets/js/search).

In: records.
Out: an index for each year, in the site's folder.
"""
