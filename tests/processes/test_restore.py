"""The restore that the README describes, word for word, after a disk was lost and after a power cut."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from .program import NOW, Program, dump, wait_until
from .test_kills import mixed_rows

README = Path(__file__).parents[2] / "README.md"


def restore(program: Program, head: str) -> subprocess.CompletedProcess[str]:
    """The block of the README, in the folder of the database."""
    block = README.read_text(encoding="utf-8").split("<!-- restore -->\n```bash\n")[1].split("```")[0]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HEAD": head, "LEADROUTER_NOW": NOW}
    script = ["bash", "-e", "-c", block]
    return subprocess.run(script, cwd=program.folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def backed_up(loaded: Program) -> tuple[Program, str]:
    """A file with a lead, a backup of it, and the head of that."""
    loaded.well("route", "--email", "ann@example.com")
    return loaded, loaded.well("backup", "monday.db", "--json").data["head"]


def test_a_lost_file_is_restored_and_the_work_goes_on(backed_up: tuple[Program, str]) -> None:
    program, head = backed_up
    before = dump(program.database)
    program.well("route", "--email", "ben@example.com")
    later = program.well("verify", "--json").data["head"]
    assert restore(program, head).returncode == 0
    assert dump(program.database) == before
    assert program.database.stat().st_mode & 0o777 == 0o600
    for _ in range(2):
        assert program.run("verify", "--expect", head, "--quiet").code == 0
        found = program.run("verify", "--expect", later)
        assert found.code == 1
        assert "restored from a backup" in found.out
        program.well("route", "--email", "cleo@example.com")
    assert program.problems() == []


def test_what_a_killed_process_left_beside_the_file_is_not_played_into_the_backup(
    backed_up: tuple[Program, str],
) -> None:
    program, head = backed_up
    before = dump(program.database)
    program.file("leads.csv", mixed_rows(random.Random(3), 3000))
    with program.running("import", "leads.csv") as importing:
        wait_until(lambda: program.count("leads") > 1, "the first batch")
        importing.kill()
        importing.communicate()
    assert Path(f"{program.database}-wal").stat().st_size > 0
    assert restore(program, head).returncode == 0
    assert dump(program.database) == before
    assert program.run("import", "leads.csv", "--json").data["unchanged"] == 0
    assert program.problems() == []


def test_somebody_who_keeps_reading_is_in_nobodys_way(loaded: Program) -> None:
    """As a replicator does: a view held open and a connection that never ends."""
    with closing(sqlite3.connect(loaded.database, isolation_level=None)) as replicator:
        replicator.execute("BEGIN")
        replicator.execute("SELECT count(*) FROM leads").fetchone()
        loaded.file("leads.csv", mixed_rows(random.Random(3), 500))
        assert loaded.run("import", "leads.csv", "--quiet").code == 3
        loaded.well("route", "--email", "ben@example.com")
        assert loaded.well("backup", "monday.db", "--json").data["ok"]
        loaded.well("verify", "--quiet")
        assert replicator.execute("SELECT count(*) FROM leads").fetchone() == (0,)
