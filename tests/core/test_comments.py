"""Comments, made up and labelled: those that call their paper withdrawn, and those that say it of something else."""

import pytest

from generator.core.comments import abstract_tells_withdrawal, tells_withdrawal

GONE = [
    "I withdraw this paper, since its main theorem is wrong",
    "This paper has been withdrawn by the author due to a crucial sign error",
    "Withdrawal reason: the data were wrong",
    "The author requests to withdraw the submission",
    "Withdrawn",
    "withdrawn.",
    "Paper withdrawn due to an error in Lemma 3",
    "We withdraw this submission because of a licensing issue",
    "12 pages, 3 figures. This paper has been withdrawn",
    "The paper has been withdrawn because of errors in the proof of Theorem 2",
    "This version withdrawn by arXiv administrators due to text overlap",
    "Withdrawn by the authors; a corrected version will be submitted",
    "This article has been temporarily withdrawn",
    "arXiv admin note: This version has been removed by arXiv administrators as the submitter did not have the rights",
    "This submission has been withdrawn by arXiv administrators due to text overlap with external sources",
    "arXiv admin note: submission has been withdrawn by arXiv administrators due to disputed authorship",
    "The authors have decided to withdraw this manuscript pending further analysis",
    "We would like to withdraw this article because the experiments need to be redone",
    "Withdrawal requested by the institution",
    "This manuscript is being withdrawn for major revision",
    "Withdrawn for further revision",
    "the authors wish to withdraw the paper",
    "Retracted by the authors because of a bug in the code",
    "We have withdrawn this paper since the results are subsumed by arXiv:1234.56789",
    "This paper has been withdrawn; it is superseded by arXiv:2101.00001",
    "Withdrawn due to a copyright issue with the publisher",
    "This preprint was withdrawn at the request of the funding agency",
    "Paper is withdrawn, error in equation (3)",
    "The manuscript is withdrawn until the errors are corrected",
    "This paper is withdrawn by the author, because it contains an error in section 4",
    "I have retracted this paper because of an incorrect claim",
    "Withdrawn. Experimental results could not be reproduced",
    "This work is now withdrawn due to errors",
    "Reason for withdrawal: duplicate submission",
    "Request to withdraw: authors disagree on the content",
    "Author requests withdrawal of this paper",
    "Submission withdrawn because the co-authors did not consent",
    "This draft is withdrawn, a new version will be posted later",
    "Temporarily withdrawn",
    "v2: withdrawn because of a mistake in the main proof",
    "Please withdraw this paper, our data set contained an error",
    "Article withdrawn by author request",
    "The current version has been withdrawn by the author due to conflict of interest",
    "The article was withdrawn by the authors in order to be rewritten",
    "This submission is withdrawn as its results are included in a later paper",
    "Unfortunately there is an error in Theorem 1 and the paper has been withdrawn",
    "There is a gap in the proof; the paper is withdrawn",
    "Due to an error in the proof this paper has been withdrawn",
    "This paper has been withdrawn by the author because the main result was already known; see arXiv:1001.1234",
    "Withdrawing due to an error",
    "Withdrawn at the request of the authors",
    "This paper contains errors and is withdrawn",
    "Found a bug, so withdrawing this",
    "10 pages (withdrawn)",
    "Authors withdrew the paper because of an error",
    "Found to be wrong; we retract this work",
    "To be withdrawn",
]
ALIVE = [
    "10 pages. arXiv admin note: substantial text overlap with arXiv:2511.01234v1 (withdrawn)",
    "12 pages (previously submitted to a made-up venue but withdrawn before review)",
    "withdrawn by mistake in v2, restored in v3",
    "This paper was withdrawn by mistake; this is the full version",
    "Submitted, then withdrawn; now 19 pages",
    "Withdrawn from ICLR 2026",
    "Two author names withdrawn",
    "Version 1 was withdrawn; this version is correct",
    "An earlier version was withdrawn due to an error that is fixed here",
    "A dataset of withdrawn drugs, 12 pages",
    "Supersedes the withdrawn arXiv:2401.01234",
    "arXiv:2401.01234 has been withdrawn and merged into this paper",
    "This paper replaces arXiv:2401.01234, which was withdrawn",
    "Accepted at ICML but withdrawn due to travel costs",
    "The submission was withdrawn from NeurIPS 2025 and is now under review at TMLR",
    "10 pages; submission to CVPR withdrawn",
    "A study of retracted papers in PubMed",
    "v1 had an error and was withdrawn; the error is corrected in this version",
    "The claim in Section 5 is withdrawn",
    "The second author has withdrawn",
    "One author withdrew from the paper",
    "This paper was accidentally withdrawn and has been reinstated",
    "Not withdrawn: v2 only fixes typos",
    "This paper had been withdrawn due to a gap in the proof. The gap has been filled. Now 25 pages",
    "Code withdrawn for licensing reasons",
    "Conjecture 2 of the previous version has been withdrawn",
    "Withdrawn at ACL ARR, revised version",
    "Resubmitted after being erroneously withdrawn by the system",
    "Social withdrawal in games, 8 pages",
    "Comment on the withdrawn paper of Smith et al",
    "We show that withdrawal rates fall",
    "Companion paper arXiv:2501.00001 withdrawn",
    "A previous paper by the same authors was withdrawn",
    "Paper withdrawn from the workshop proceedings, 5 pages",
    "12 pages, to appear. The withdrawn version contained a wrong figure",
    "Originally withdrawn in 2024, now published in JMLR",
    "Section 4 of v1 has been retracted",
    "Analysis of groundwater withdrawal, 14 pages",
    "The appendix was withdrawn at the request of the referee",
    "Withdrawn ICLR submission, 20 pages",
    "ICLR 2026 withdrawn submission",
    "Withdrawn from submission to AAAI; extended version",
    "Table 3 withdrawn, see v4",
    "After having been withdrawn, the paper is now corrected",
    "Withdrawn from the special issue; 8 pages",
    "Formerly withdrawn; this is a new proof",
    "Author names withdrawn on request",
    "3 pages. The first version, withdrawn by the authors, had a bug",
    "v3: reinstated after withdrawal",
    "12 pages, 3 figures",
    "",
]


@pytest.mark.parametrize("comment", ALIVE)
def test_no_living_paper_is_called_withdrawn(comment: str) -> None:
    assert not tells_withdrawal(comment)


def test_withdrawals_are_found() -> None:
    """At least 95 of a hundred."""
    missed = [comment for comment in GONE if not tells_withdrawal(comment)]
    assert len(missed) <= 0.05 * len(GONE), missed


def test_an_abstract_begins_with_it() -> None:
    assert abstract_tells_withdrawal("This paper has been withdrawn by the author.")
    assert not abstract_tells_withdrawal("We study withdrawn papers. This paper has been withdrawn from nothing.")
