"""Files are written whole or not at all, and what a kill leaves is swept."""

import os
import subprocess
import sys
from pathlib import Path

from generator.core.files import sweep


def test_what_killed_writes_have_left_is_swept(tmp_path: Path) -> None:
    """Unfinished files of processes that are no more, not what is being written, nor anything else."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    (tmp_path / "data").mkdir()
    left = [tmp_path / "data" / f".a day.json.{gone.pid}.x1_y2.tmp", tmp_path / ".old.json.abcd1234.tmp"]
    others = [tmp_path / f".b.json.{os.getpid()}.x1_y2.tmp", tmp_path / "notes.tmp", tmp_path / ".hidden"]
    for path in (*left, *others):
        path.write_bytes(b"half")
    assert sorted(sweep(tmp_path)) == sorted(left)
    assert not any(path.exists() for path in left) and all(path.exists() for path in others)
