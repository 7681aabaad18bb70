"""`build`: docs/ rendered, the site built and scanned; a paper whose text became more than text is withheld."""

import contextlib
import fcntl
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from generator.core.console import Talk
from generator.core.errors import BuildError, HostileTextError
from generator.publish.manifest import Changes
from generator.publish.render import render
from generator.publish.site.build import SiteBuilt, build_site
from generator.publish.site.check import RepeatedPick
from generator.records.summaries import summaries_of
from generator.settings.config import Config

MOST_REPEATED = 10
"""Picks that stand twice, of which a build tells by name."""


SOME, MANY = 5, 20
"""Papers in which the same thing is refused, so that a template makes it: of few picks, of any number."""


class Published(NamedTuple):
    """A site that can be published. withheld: papers with a hostile text, of which it tells nothing but the id."""

    built: SiteBuilt
    withheld: frozenset[str]
    rendered: Changes


def publish(root: Path, config: Config, talk: Talk, this_month: str) -> Published:
    """Make docs/ and site/ of the records in ROOT. Raises BuildError for what may not be published.

    THIS_MONTH: YYYY-MM; the months before it get a file of their own.
    """
    with _alone(root, talk):
        return _publish(root, config, talk, this_month)


@contextlib.contextmanager
def _alone(root: Path, talk: Talk) -> Iterator[None]:
    """One build of ROOT at a time: two would write the same files; the second waits for the first."""
    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            talk.say("another build of this site is under way; this one begins when it ends")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _publish(root: Path, config: Config, talk: Talk, this_month: str) -> Published:
    withheld: frozenset[str] = frozenset()
    while True:
        changes = render(root, config, withheld)
        try:
            built = build_site(root, config, withheld, this_month)
            for line in _repeated(built.repeated):
                talk.warn(line)
            return Published(built, withheld, changes)
        except HostileTextError as error:  # names papers that are not withheld yet: this ends
            if fault := template_fault(error.kinds, sum(summary.picks for summary in summaries_of(root))):
                raise BuildError(fault) from None
            withheld |= error.papers
            for line in str(error).splitlines():
                talk.warn(line)
            talk.warn(f"withheld (only the id is shown): {' '.join(sorted(error.papers))}")


def template_fault(kinds: Mapping[str, Collection[str]], picks: int) -> str:
    """What to say where one thing is refused in so many papers, of all PICKS, that a template must make it; else "".

    KINDS: what is refused, and in which papers.
    """
    for kind, papers in kinds.items():
        if len(papers) >= MANY or (len(papers) >= SOME and 4 * len(papers) >= picks):
            return (
                f"the same thing is refused in {len(papers)} papers ({', '.join(sorted(papers)[:3])} ...): {kind}. A"
                " template of this program makes it, not these papers. If it is meant, allow it in"
                " generator/publish/site/allowlist.py (elements, attributes, hosts) and build again; docs/ is unchanged"
            )
    return ""


def _repeated(papers: Sequence[RepeatedPick]) -> Iterator[str]:
    """What to say of picks that stand twice; no run makes such, but who edits records by hand may."""
    for repeated in papers[:MOST_REPEATED]:
        places = sorted({f"docs/data/{day[:4]}/{day}.json" for day in (repeated.first, repeated.second)})
        where = f"twice in {places[0]}" if len(places) == 1 else f"in {places[0]} and in {places[1]}"
        yield f"{repeated.paper} is a pick {where}; it is shown and counted twice until you take one out"
    if more := len(papers[MOST_REPEATED:]):
        yield f"{more} more picks are listed twice"
