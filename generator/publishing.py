"""`build`: docs/ rendered, the site built and scanned; a paper whose text became more than text is withheld."""

from pathlib import Path
from typing import NamedTuple

from generator import scan
from generator.config import Config
from generator.errors import BuildError, HostileTextError
from generator.open_data import month_name, write_months
from generator.render import render, store_of, summaries_of
from generator.site import Built, build
from generator.stats import shown
from generator.talk import Talk


class Published(NamedTuple):
    """A site that can be published. withheld: papers with a hostile text, of which it tells nothing but the id."""

    built: Built
    withheld: frozenset[str]


def publish(root: Path, config: Config, talk: Talk, kept: Path, this_month: str) -> Published:
    """Make docs/ and site/ of the records in ROOT. Raises BuildError for what may not be published.

    KEPT: the folder of months (YYYY-MM, before THIS_MONTH) that were written before.
    """
    withheld: frozenset[str] = frozenset()
    while True:
        render(root, config, withheld)
        try:
            built = build(root, config, withheld)
            _add_months(root, config, withheld, kept, this_month)
            return Published(built, withheld)
        except HostileTextError as error:  # names papers that are not withheld yet: this ends
            withheld |= error.papers
            for line in str(error).splitlines():
                talk.warn(line)
            talk.warn(f"withheld, that is shown by its id alone: {' '.join(sorted(error.papers))}")


def _add_months(root: Path, config: Config, withheld: frozenset[str], kept: Path, this_month: str) -> None:
    """Write the months into site/. Those that were not written before are scanned as the rest is."""
    store, known = store_of(root, withheld), {path.name for path in kept.glob("*.gz")}
    write_months(store, shown(summaries_of(root), store), root / "site", kept, this_month)
    new = {path.name[: len("YYYY-MM")] for path in kept.glob("*.gz") if path.name not in known}
    names = [month_name(month) for month in sorted(new)]
    if found := scan.check(root / "site", config.site.url, root / "docs", withheld, names):
        raise BuildError("\n".join(found))
