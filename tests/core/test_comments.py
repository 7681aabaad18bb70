"""Comments, made up and labelled: those that call their paper withdrawn, and those that say it of something else."""

from pathlib import Path

from generator.core.comments import abstract_tells_withdrawal, tells_withdrawal

LABELLED = [
    line.split("\t") for line in Path(__file__).with_name("comments.tsv").read_text(encoding="utf-8").splitlines()
]
GONE = [comment for truth, comment in LABELLED if truth == "gone"]
ALIVE = [comment for truth, comment in LABELLED if truth == "alive"]


def test_no_living_paper_is_called_withdrawn() -> None:
    assert not [comment for comment in ["", *ALIVE] if tells_withdrawal(comment)]


def test_withdrawals_are_found() -> None:
    """At least 95 of a hundred."""
    missed = [comment for comment in GONE if not tells_withdrawal(comment)]
    assert len(missed) <= 0.05 * len(GONE), missed


def test_an_abstract_begins_with_it() -> None:
    assert abstract_tells_withdrawal("This paper has been withdrawn by the author.")
    assert not abstract_tells_withdrawal("We study withdrawn papers. This paper has been withdrawn from nothing.")
