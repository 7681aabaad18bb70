"""The local judge: no key, no network, no cost.

In: papers, and the words of the fields or the verdicts of earlier days.
Out: a ranking with fields and reasons.
"""
