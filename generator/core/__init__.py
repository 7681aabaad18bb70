"""The ground: types and text, which import nothing else of ours.

In: plain values.
Out: the model (Paper, Verdict, Day), arXiv's calendar and taxonomy, text escaped for each target, TeX as MathML and as
Unicode, the site's words, whole files, digests of our own code.
"""
