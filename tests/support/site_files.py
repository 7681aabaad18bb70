"""Files of a site without the rest of a build."""

from collections.abc import Iterable
from pathlib import Path

from generator.publish.manifest import Output
from generator.publish.site.folder import SiteFolder


def site_folder(site: Path) -> SiteFolder:
    """The folder SITE; what was built is kept beside it."""
    return SiteFolder(site, site.parent / f"{site.name}-cache")


def put_all(site: Path, outputs: Iterable[Output]) -> list[str]:
    """Have OUTPUTS in SITE and nothing else; the names of those that had to be made."""
    folder = site_folder(site)
    made = [output.path for output in outputs if folder.put(output)]
    folder.remove_others()
    folder.save()
    return made
