"""docs/ to site/ with MkDocs, then the checks of every finished file, and a small server to look at it.

In: docs/ and overrides/.
Out: site/, or an error that says what may not be published.
"""
