"""Where nothing may be written, a file can be looked at, nothing is made beside it, and whoever writes is refused."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from leadrouter.store import schema

from .program import Program, Result, dump
from .test_disks import STEPS, on_a_disk

LOOKS: tuple[tuple[str, ...], ...] = (
    ("open",),
    ("rotation",),
    ("explain", "id:4"),
    ("report", "monthly"),
    ("report", "agent", "aina"),
    ("verify",),
    ("log",),
    ("export",),
    ("simulate", "later.yaml"),
    ("route", "--email", "new@example.com", "--dry-run"),
)
"""What only shows, one command of each kind."""

LATER = "agents: [Aina, Bala]\n"


# --- a read-only disk -----------------------------------------------------------------------------------------

READ_ONLY = "mount -o remount,ro disk"


@pytest.mark.parametrize("command", LOOKS, ids=" ".join)
def test_a_file_on_a_read_only_disk_can_be_looked_at(command: tuple[str, ...], lived_in: Program) -> None:
    lived_in.file("later.yaml", LATER)
    shown = lived_in.run(*command)
    seen = on_a_disk(lived_in, *command, size="4m", more=READ_ONLY)
    assert (seen.returncode, seen.stdout, seen.stderr) == (shown.code, shown.out, shown.err)
    assert {path.name for path in (lived_in.folder / "kept").iterdir()} == {"leadrouter.db"}


@pytest.mark.parametrize("name", ["route", "load", "reclaim"])
def test_a_step_on_a_read_only_disk_is_refused_with_5(name: str, loaded: Program) -> None:
    before = dump(loaded.database)
    loaded.file("later.yaml", LATER)
    done = on_a_disk(loaded, *STEPS[name], size="2m", more=READ_ONLY)
    assert (done.returncode, done.stdout) == (5, "")
    assert "read-only" in done.stderr.casefold()
    assert dump(loaded.folder / "kept" / "leadrouter.db") == before


# --- without the permission to write --------------------------------------------------------------------------


def without_the_rights_of_root() -> None:
    """From here on permissions count for root too: prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE)."""
    if os.geteuid() == 0 and ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) != 0:
        os._exit(99)


@contextmanager
def write_protected(program: Program, file: int = 0o400) -> Iterator[None]:
    """A folder in which nothing may be written, with files of that mode."""
    for path in program.folder.glob("leadrouter.db*"):
        path.chmod(file)
    program.folder.chmod(0o500)
    try:
        if run(program, "check", "team.yaml").code == 99:
            pytest.skip("root keeps its rights here")
        yield
    finally:
        program.folder.chmod(0o700)
        for path in program.folder.glob("leadrouter.db*"):
            path.chmod(0o600)


def run(program: Program, *arguments: str) -> Result:
    return program.run(*arguments, before=without_the_rights_of_root)


@pytest.mark.parametrize("mode", [0o400, 0o600])
def test_what_may_not_be_written_can_be_looked_at_and_steps_are_refused_with_5(mode: int, lived_in: Program) -> None:
    """Whether that is the file too, or the folder alone, where the log would have to be."""
    lived_in.file("later.yaml", LATER)
    shown, before = lived_in.together(*LOOKS), dump(lived_in.database)
    beside = {path.name for path in lived_in.folder.iterdir()}
    with write_protected(lived_in, mode):
        assert [run(lived_in, *command) for command in LOOKS] == shown
        for name in STEPS.keys() - {"notify", "record"}:  # nothing is to be told; bad rows have no place to go to
            refused = run(lived_in, *STEPS[name])
            assert (refused.code, refused.out) == (5, ""), name
            assert len(refused.err.splitlines()) == 2
    assert {path.name for path in lived_in.folder.iterdir()} == beside
    assert dump(lived_in.database) == before


def test_no_file_is_made_where_nothing_may_be_written(loaded: Program) -> None:
    with write_protected(loaded):
        for command in (("load", "team.yaml", "--db", "another.db"), ("backup", "backup.db", "--db", "x.db")):
            refused = run(loaded, *command)
            assert (refused.code, refused.out) == (5, "")
        assert "Permission denied" in run(loaded, "load", "team.yaml", "--db", "another.db").err


@contextmanager
def cut_short(program: Program, *ending: str) -> Iterator[None]:
    """The file as a writer leaves it that was killed: its latest lead is in the log alone. Of the files beside it those
    with these endings are there."""
    (program.folder / "other").mkdir()
    with closing(sqlite3.connect(program.database, isolation_level=None)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("UPDATE sweeps SET at = '2026-11-20T01:59:00Z'")
        for name in ("", *ending):
            shutil.copy(f"{program.database}{name}", program.folder / "other")
    for path in (program.folder / "other").iterdir():
        path.replace(program.folder / path.name)
    yield


def test_what_is_in_the_log_alone_is_not_passed_over(lived_in: Program) -> None:
    with cut_short(lived_in, "-wal"), write_protected(lived_in):
        for command in LOOKS:
            refused = run(lived_in, *command)
            assert (refused.code, refused.out) == (5, ""), command
            assert "leadrouter.db-wal" in refused.err
        copy = Program(lived_in.folder.parent / "own")
        copy.folder.mkdir()
        for name in ("leadrouter.db", "leadrouter.db-wal"):
            shutil.copyfile(lived_in.folder / name, copy.folder / name)
    assert "last sweep 1m ago" in copy.well("open").out, "as the hint says"


def test_the_log_is_read_where_its_index_is_there_too(lived_in: Program) -> None:
    with cut_short(lived_in, "-wal", "-shm"), write_protected(lived_in):
        seen = run(lived_in, "open")
        assert (seen.code, seen.err) == (0, "")
        assert "last sweep 1m ago" in seen.out
        assert run(lived_in, "verify").code == 0
        assert run(lived_in, *STEPS["route"]).code == 5


def test_an_earlier_programs_file_is_refused_with_the_way_out(loaded: Program) -> None:
    with closing(sqlite3.connect(loaded.database)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION - 1}")
    with write_protected(loaded):
        refused = run(loaded, "open")
        assert (refused.code, refused.out) == (5, "")
        assert "earlier leadrouter" in refused.err
        assert "copy" in refused.err


def test_what_is_none_of_ours_is_refused_there_too(program: Program) -> None:
    with closing(sqlite3.connect(program.database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with write_protected(program):
        refused = run(program, "open")
        assert (refused.code, refused.out) == (5, "")
        assert "not a leadrouter database" in refused.err
