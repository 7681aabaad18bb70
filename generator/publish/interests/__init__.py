"""What a reader's own ranking is made of: the telling terms of every pick, a file a month.

In come records with their abstracts, out go `site/interests/index.json` and one `YYYY-MM.DIGEST.json.gz` a month.
A browser loads them when its reader uses "for you"; overrides/assets/js/reader/model.js learns from them.
Public: `build`.
"""
