"""What CHANGELOG.md says of a version, for its release: tests/tools/release_notes.py vX.Y.Z."""

import re
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def notes(tag: str, changelog: str, version: str) -> str:
    """The section of CHANGELOG on the version that TAG names.

    Raises ValueError if TAG is not VERSION, or if there is no such section or nothing in it.
    """
    if tag != f"v{version}":
        raise ValueError(f"the tag {tag} does not match __version__ = {version!r} in generator/__init__.py")
    sections = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]
    for section in sections:
        title, _, text = section.partition("\n")
        if title.startswith(f"[{version}]") and text.strip():
            return text.strip() + "\n"
    raise ValueError(f"CHANGELOG.md has no section '## [{version}] - YYYY-MM-DD' with text")


def main() -> int:
    """Print the notes of the tag that the command line names; 1 and a reason where there are none."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: tests/tools/release_notes.py vX.Y.Z\n")
        return 1
    source = (PROJECT / "generator" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)
    version = found[1] if found else ""
    try:
        text = notes(sys.argv[1], (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
