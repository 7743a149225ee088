"""What disks and people do to a file while it is worked on: full, gone, replaced, cut off.

A clear error with its exit code, and nothing lost: what was reported is there, and the same command again does the
rest.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress

import pytest

from .program import NOW, Program, dump, environment, wait_until
from .test_kills import mixed_rows

ROWS = 2000
LATER = "2026-11-27T10:00+08:00"

STEPS: dict[str, tuple[str, ...]] = {
    "route": ("route", "--email", "new@example.com"),
    "contact": ("contact", "id:4"),
    "won": ("won", "id:4", "--value", "1"),
    "edit": ("edit", "id:4", "--name", "Dan Example"),
    "away": ("away", "chong"),
    "reclaim": ("reclaim",),
    "load": ("load", "later.yaml"),
    "record": ("record", "told.csv"),
    "notify": ("notify",),
}
"""What writes, one command of each kind."""


# --- full -----------------------------------------------------------------------------------------------------


def no_file_larger_than(size: int) -> Callable[[], None]:
    """A disk that is full: writing beyond `size` bytes of a file fails."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return limit


@pytest.mark.parametrize("name", STEPS)
def test_a_step_onto_a_full_disk_leaves_nothing_and_can_be_taken_again(name: str, lived_in: Program) -> None:
    lived_in.file("told.csv", "lead,what,value\nid:4,rate,5\n")
    before = dump(lived_in.database)
    full = lived_in.run(*STEPS[name], now=LATER, before=no_file_larger_than(0))
    if name == "notify":  # nothing is written where nothing is to be told
        assert full.code in (0, 1)
    else:
        assert (full.code, full.out) == (1, "")
        assert "disk" in full.err
        assert len(full.err.splitlines()) == 2
    assert dump(lived_in.database) == before
    assert lived_in.run(*STEPS[name], now=LATER).code == 0
    assert lived_in.problems() == []


def test_an_import_onto_a_full_disk_says_so_and_finishes_on_the_next_one(loaded: Program) -> None:
    loaded.file("leads.csv", mixed_rows(random.Random(3), ROWS))
    full = loaded.run("import", "leads.csv", "--json", before=no_file_larger_than(500_000))
    assert full.code == 3
    kept = loaded.count("leads") + loaded.count("inquiries")
    assert 0 < kept < ROWS
    assert full.data["new"] + full.data["inquiries"] == kept, "what was reported is there"
    assert "disk" in full.error["message"]
    assert full.error["hint"] == f"{kept:,} rows recorded; the same import again continues"
    assert loaded.problems() == []
    again = loaded.run("import", "leads.csv", "--json")
    assert again.code == 3
    assert again.data["unchanged"] == kept
    assert sum(again.data[part] for part in ("new", "inquiries", "unchanged", "rejected")) == ROWS
    assert loaded.problems() == []


@pytest.mark.parametrize("size", [0, 4096, 50_000])
def test_a_first_load_onto_a_full_disk_leaves_nothing_half_made(size: int, program: Program) -> None:
    full = program.run("load", "team.yaml", before=no_file_larger_than(size))
    assert full.code == 1
    assert "disk" in full.err
    assert program.rows("SELECT name FROM sqlite_schema") == []
    program.well("load", "team.yaml")
    assert program.problems() == []


def test_a_backup_onto_a_full_disk_leaves_the_earlier_one(lived_in: Program) -> None:
    lived_in.well("backup", "backup.db")
    before = (lived_in.folder / "backup.db").read_bytes()
    size = len(before) // 2
    full = lived_in.run("backup", "backup.db", "--force", before=no_file_larger_than(size))
    assert (full.code, full.out) == (1, "")
    assert "backup.db" in full.err
    assert (lived_in.folder / "backup.db").read_bytes() == before
    assert {path.name for path in lived_in.folder.glob("backup*")} == {"backup.db"}


def test_a_screen_that_cannot_be_written_to_loses_nothing(loaded: Program) -> None:
    """Stdout on a full disk: the lead was recorded before, and the error says that this is so."""
    line = f"{sys.executable} -m leadrouter route --email ann@example.com > /dev/full"
    environment = {**os.environ, "LEADROUTER_NOW": NOW}
    done = subprocess.run(
        ["bash", "-c", line], cwd=loaded.folder, env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == 1
    assert done.stderr == "error: could not write: No space left on device\n  what was recorded before is kept\n"
    assert loaded.rows("SELECT email FROM leads") == [("ann@example.com",)]


# --- a small disk ------------------------------------------------------------------------------------------------

ON_A_DISK = """\
mount -t tmpfs -o size={size} none disk && cp leadrouter.db leads.csv later.yaml disk || exit 99
{more}
(cd disk && "$@")
code=$?
cp disk/leadrouter.db* kept
exit $code
"""
"""A shell in a name space of its own, where it may mount: runs a command on a disk of that size, keeps the database."""


def on_a_disk(program: Program, *arguments: str, size: str, more: str = "") -> subprocess.CompletedProcess[str]:
    """A command whose database is on a disk of its own; skips where nobody may make one."""
    for name in ("disk", "kept"):
        (program.folder / name).mkdir(exist_ok=True)
    for name in ("leads.csv", "later.yaml"):
        (program.folder / name).touch()
    script = ON_A_DISK.format(size=size, more=more)
    if shutil.which("unshare") is None:
        pytest.skip("no name spaces here")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", sys.executable, "-m", "leadrouter", *arguments],
        cwd=program.folder,
        env=environment(NOW),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode in (1, 99) and ("unshare" in done.stderr or "mount" in done.stderr):
        pytest.skip(f"nothing can be mounted here: {done.stderr}")
    return done


def test_an_import_that_fills_a_small_disk_says_so_and_keeps_what_it_reported(loaded: Program) -> None:
    loaded.file("leads.csv", mixed_rows(random.Random(3), ROWS))
    done = on_a_disk(loaded, "import", "leads.csv", "--quiet", size="900k")
    assert done.returncode == 3
    assert "disk is full" in done.stderr
    kept = Program(loaded.folder / "kept")
    assert 0 < kept.count("leads") < ROWS
    assert f"{kept.count('leads') + kept.count('inquiries'):,} rows recorded" in done.stderr
    assert kept.problems() == []


# --- gone, replaced, cut off ----------------------------------------------------------------------------------


def remove(program: Program) -> None:
    for path in program.folder.glob("leadrouter.db*"):
        path.unlink()


def replace(program: Program) -> None:
    """By a backup, as one should not while others are at work."""
    remove(program)
    (program.folder / "backup.db").replace(program.database)


@pytest.mark.parametrize("strike", [remove, replace])
def test_an_import_into_a_file_that_goes_away_says_so_with_5_and_writes_into_no_other(
    strike: Callable[[Program], None], loaded: Program
) -> None:
    loaded.well("backup", "backup.db")
    content = (loaded.folder / "backup.db").read_bytes()
    loaded.file("leads.csv", mixed_rows(random.Random(3), 5 * ROWS))
    with loaded.running("import", "leads.csv") as importing:
        wait_until(lambda: loaded.count("leads") > 0, "the first batch")
        strike(loaded)
        out, err = importing.communicate()
    assert (importing.returncode, out) == (5, b"")
    assert b"leadrouter.db was removed or replaced while this ran" in err
    if strike is replace:
        assert loaded.database.read_bytes() == content
        assert loaded.run("import", "leads.csv", "--json").data["unchanged"] == 0
        assert loaded.problems() == []
    else:
        assert not loaded.database.exists()


@pytest.mark.parametrize("left", [0.0, 0.001, 0.02, 0.5, 0.9])
def test_a_file_that_is_cut_off_is_told_and_left_as_it_is(left: float, lived_in: Program) -> None:
    whole = lived_in.database.read_bytes()
    lived_in.database.write_bytes(whole[: int(len(whole) * left)])
    before = lived_in.database.read_bytes()
    for refused in lived_in.together(("rotation",), STEPS["route"], ("verify",), ("backup", "backup.db")):
        assert refused.code in (1, 5)
        assert refused.out == ""
        assert len(refused.err.splitlines()) == 2, refused.err
    assert lived_in.database.read_bytes() == before
    assert not (lived_in.folder / "backup.db").exists()


def is_locked_by(connection: sqlite3.Connection) -> bool:
    """Tries for the lock once. SQLite's own waiting is longer each time, and may outlast a short import."""
    with suppress(sqlite3.OperationalError):
        connection.execute("BEGIN IMMEDIATE")
    return connection.in_transaction


def test_an_import_that_is_kept_waiting_too_long_says_what_is_recorded_and_goes_on_later(loaded: Program) -> None:
    """Somebody locks the file in the middle of it, and keeps it."""
    loaded.file("leads.csv", mixed_rows(random.Random(3), 5 * ROWS))
    with (
        closing(sqlite3.connect(loaded.database, timeout=0, isolation_level=None)) as other,
        loaded.running("import", "leads.csv", env={"LEADROUTER_TIMEOUT": "0.3"}) as importing,
    ):
        wait_until(lambda: loaded.count("leads") > 0, "the first batch")
        wait_until(lambda: is_locked_by(other), "the lock")
        out, err = importing.communicate()
        kept = loaded.count("leads") + loaded.count("inquiries")
        other.execute("ROLLBACK")
    assert importing.returncode == 3
    assert b"the database is busy" in err
    assert f"{kept:,} rows recorded; the same import again continues" in err.decode()
    assert f"{loaded.count('leads'):,} new" in out.decode()
    assert loaded.problems() == []
