"""Venue and pages of comments as authors write them; what is only submitted has no venue."""

import pytest

from generator.core.venue import pages_of, venue_of


@pytest.mark.parametrize(
    ("comment", "venue"),
    [
        ("ICML 2026. Project page: https://a.github.io/b/", "ICML 2026"),
        ("Accepted by ICML2026", "ICML 2026"),
        ("Findings of ACL 2026", "ACL 2026 Findings"),
        ("17 pages, 4 figures. Accepted at SPIGM Workshop, ICML 2026", "ICML 2026 Workshop"),
        ("[CVPR 2026 Findings] Our data and code are at https://github.com/a/b", "CVPR 2026 Findings"),
        ("Accepted at the 2026 ACM Conference on Fairness (FAccT '26)", "FAccT 2026"),
        ("6 pages, accepted to IEEE ISIT 2026", "IEEE ISIT 2026"),
        ("Accepted for publication in IEEE Transactions on Robotics, 9 pages", "IEEE Transactions on Robotics"),
        ("Accepted by Neural Computing and Applications", "Neural Computing and Applications"),
        ("Submitted to ACL 2026", None),
        ("Under review at ICLR 2026; published versions will follow", None),
        ("Extended version of our ICML 2024 paper", None),
        ("CVPR 2026 Novel View Synthesis Challenge, Rank 1", None),
        ("10 pages, 3 figures", None),
        ("Accepted, camera-ready", None),
        ("", None),
    ],
)
def test_the_venue_is_what_has_accepted_the_paper(comment: str, venue: str | None) -> None:
    """By short name and year where there are such, otherwise as it is written."""
    assert venue_of(comment) == venue


@pytest.mark.parametrize(
    ("comment", "pages"),
    [("12 pages, 3 figures", 12), ("3 figures, 9pp.", 9), ("1 page", 1), ("Project page", None), ("0 pages", None)],
)
def test_pages_are_counted_as_authors_say(comment: str, pages: int | None) -> None:
    """Where they say it."""
    assert pages_of(comment) == pages
