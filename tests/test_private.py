"""Files of the owner alone: made so, also out of an older file; what is no file is left alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from leadrouter.private import owner_only


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    with open(path, "w", encoding="utf-8", opener=owner_only) as file:
        file.write("Ann\n")
    assert (mode(path), path.read_text(encoding="utf-8")) == (0o600, "Ann\n")


def test_an_older_file_that_was_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("before\n", encoding="utf-8")
    path.chmod(0o644)
    with open(path, "w", encoding="utf-8", opener=owner_only):
        assert (mode(path), path.stat().st_size) == (0o600, 0)


def test_a_pipe_keeps_its_permissions(tmp_path: Path) -> None:
    """So does /dev/null, which is everybody's: root once closed it to all others by writing there."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    path.chmod(0o644)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with open(path, "w", encoding="utf-8", opener=owner_only):
            assert mode(path) == 0o644
    finally:
        os.close(reader)
