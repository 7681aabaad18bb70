"""offline.json: what readers' browsers keep of the site."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from support import archive

from generator.publish import render
from generator.publish.site import build as site
from generator.publish.site import offline
from generator.records.store import Store

URL = "https://reader.example/daily/"


@pytest.fixture
def project(root: Path) -> Path:
    """Nine days over the turn of a month, built."""
    store = Store(root / "docs" / "data")
    for number in range(9):
        day = dt.date(2026, 1, 26) + dt.timedelta(days=number)
        if day.weekday() < 5:
            add(store, day)
    build(root)
    return root


def add(store: Store, day: dt.date) -> None:
    """A day with one pick."""
    number = day.toordinal() % 1000
    pick = archive.pick(number, 9, "agents", "理由")
    store.write(archive.day(day, picks=(pick,)), {pick.paper.id: "An abstract."})


def build(root: Path, **settings: Any) -> None:
    config = archive.config(url=URL, **settings)
    render.render(root, config)
    site.build_site(root, config)


def listed(root: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / "site" / "offline.json").read_bytes())
    return found


def test_the_frame_the_last_days_and_the_search_of_the_newest_month_are_kept(project: Path) -> None:
    """Each with the digest of its content; nothing of before."""
    found = listed(project)
    newest = ["2026-02-03", "2026-02-02", "2026-01-30", "2026-01-29", "2026-01-28", "2026-01-27", "2026-01-26"]
    assert found["days"] == newest
    files = found["files"]
    assert {"", "saved/", "search/", "503.html", "days/2026/2026-02-03/", "assets/js/site.js"} <= files.keys()
    assert {
        "data/2026/2026-02-03.abstracts.json.gz",
        "interests/index.json",
        "search-index/search.json",
    } <= files.keys()
    segments = {name.split("/")[1][:7] for name in files if name.startswith("search-index/2")}
    assert segments == {"2026-02"}
    assert not any(name.startswith(("archive", "fields", "ops", "assets/js/setup")) for name in files)
    for name, digest in files.items():
        path = project / "site" / (name + "index.html" if name == "" or name.endswith("/") else name)
        assert hashlib.sha256(path.read_bytes()).hexdigest()[:16] == digest


def test_what_has_not_changed_has_the_same_version(project: Path) -> None:
    """Bytes of a second build are those of the first; a new day changes them."""
    before = (project / "site" / "offline.json").read_bytes()
    build(project)
    assert (project / "site" / "offline.json").read_bytes() == before
    add(Store(project / "docs" / "data"), dt.date(2026, 2, 4))
    build(project)
    assert listed(project)["days"][0] == "2026-02-04"
    assert listed(project)["version"] != json.loads(before)["version"]


def test_what_is_kept_is_bounded(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is left out, from the end of the order of need."""
    whole = listed(project)["files"]
    (project / "site" / "offline.json").unlink()
    monkeypatch.setattr(offline, "MOST_BYTES", 400_000)
    add(Store(project / "docs" / "data"), dt.date(2026, 2, 4))
    build(project)
    names = [name + "index.html" if name == "" or name.endswith("/") else name for name in listed(project)["files"]]
    assert sum((project / "site" / name).stat().st_size for name in names) <= 400_000
    assert "" in listed(project)["files"]
    assert len(names) < len(whole)


def test_it_can_be_switched_off(project: Path) -> None:
    """No list, no script that asks for it; the worker stays, to take itself away where it is."""
    build(project, offline=False)
    assert not (project / "site" / "offline.json").exists()
    assert "offline.js" not in (project / "site" / "index.html").read_text()
    assert '"false" === "true"' in (project / "site" / "sw.js").read_text()
