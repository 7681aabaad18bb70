"""The language model: the prompt, the calls, the replies, the money.

In: papers.
Out: verdicts, booked in the ledger before they are used, within the budget.
"""
