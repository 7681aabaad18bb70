"""Verdicts: score, field and reason for each paper of a day.

In: papers, the configuration, what earlier days taught.
Out: `Judged`. `pipeline` decides what is asked and corrects the answers; `llm` asks a language model; `local` ranks
without one; `injection` finds text that gives orders to a judge.
"""
