"""Which files are ours, and what is said about those that are not: exit code 5 and a way out, never a traceback."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter

import pytest

from .program import Program, dump, wait_until

COMMANDS = (("rotation",), ("route", "--email", "new@example.com"), ("load", "team.yaml"))
"""A view, a step, and the one that makes a file."""


def foreign(version: int, application: int) -> Callable[[Path], None]:
    """Somebody else's database, as other programs leave theirs."""

    def make(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE recipes (name TEXT)")
            connection.execute("INSERT INTO recipes VALUES ('laksa')")
            connection.execute(f"PRAGMA user_version = {version}")
            connection.execute(f"PRAGMA application_id = {application}")
            connection.commit()

    return make


NOT_OURS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "a text": (lambda path: path.write_text("Dear diary,\n" * 500), "nor any other", "leadrouter load CONFIG"),
    "one line": (lambda path: path.write_text("Dear diary\n"), "nor any other", "leadrouter load CONFIG"),
    "a folder": (lambda path: path.mkdir(), "but a folder", "--db leadrouter.db/leadrouter.db"),
    "another program's database": (foreign(0, 0), "another program's", "name ours"),
    "another program's database of version 1": (foreign(1, 0), "another program's", "name ours"),
    "another program's database of version 5": (foreign(5, 0), "another program's", "name ours"),
    "another program's database that says whose it is": (foreign(0, 0x0F055112), "another program's", "name ours"),
}
"""What stands there -> how it is made, what is said it is, and what to do."""


@pytest.mark.parametrize("name", NOT_OURS)
def test_a_file_that_is_not_ours_is_refused_and_left_alone(name: str, program: Program) -> None:
    make, words, hint = NOT_OURS[name]
    make(program.database)
    before = program.database.read_bytes() if program.database.is_file() else None
    for refused in program.together(*COMMANDS, ("verify",), ("reclaim",), ()):
        assert (refused.code, refused.out) == (5, "")
        what, way_out = refused.err.splitlines()
        assert "leadrouter.db is not a leadrouter database" in what
        assert words in what
        assert hint in way_out
    assert (program.database.read_bytes() if before is not None else None) == before


def test_a_file_that_is_not_there_is_refused_with_the_way_to_make_one(program: Program) -> None:
    for refused in program.together(*COMMANDS[:2], ("verify",), ("reclaim",), ("import", "team.yaml")):
        assert (refused.code, refused.out) == (5, "")
        assert refused.err == (
            "error: no database at leadrouter.db\n  make one with: leadrouter load CONFIG (or name it with --db)\n"
        )
    assert not program.database.exists()


def test_a_file_from_a_newer_leadrouter_is_refused_and_left_alone(loaded: Program) -> None:
    with closing(sqlite3.connect(loaded.database)) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = dump(loaded.database)
    for refused in loaded.together(*COMMANDS, ("verify",)):
        assert (refused.code, refused.out) == (5, "")
        assert "newer leadrouter" in refused.err
        assert "update leadrouter" in refused.err
    assert dump(loaded.database) == before


def test_looking_into_an_empty_file_leaves_it_empty(program: Program) -> None:
    program.database.touch()
    for refused in program.together(*COMMANDS[:2]):
        assert (refused.code, refused.out) == (5, "")
        assert "leadrouter load" in refused.err
    assert program.database.stat().st_size == 0


def test_an_empty_file_can_be_loaded_into(program: Program) -> None:
    program.database.touch()
    program.well("load", "team.yaml")
    program.well("route", "--email", "ann@example.com")
    assert program.problems() == []


@pytest.mark.parametrize("place", ["nowhere/leadrouter.db", "team.yaml/leadrouter.db", "."])
def test_a_place_where_no_file_can_be_is_refused(place: str, program: Program) -> None:
    for refused in program.together(*((*command, "--db", place) for command in COMMANDS)):
        assert (refused.code, refused.out) == (5, "")
        assert len(refused.err.splitlines()) == 2


@pytest.mark.parametrize("table", ["events", "policies", "leads", "head"])
def test_a_damaged_page_is_an_error_of_two_lines(table: str, lived_in: Program) -> None:
    ((page,),) = lived_in.rows("SELECT rootpage FROM sqlite_schema WHERE name = ?", table)
    ((size,),) = lived_in.rows("PRAGMA page_size")
    content = bytearray(lived_in.database.read_bytes())
    content[(page - 1) * size : page * size] = bytes(byte ^ 0x5A for byte in content[(page - 1) * size : page * size])
    lived_in.database.write_bytes(content)
    *others, verdict = lived_in.together(COMMANDS[1], ("rotation",), ("open",), ("log",), ("verify",))
    for done in (*others, verdict):
        assert done.code in (0, 1)
        assert len(done.err.splitlines()) in (0, 2), done.err
    assert verdict.code == 1


# --- the lock -------------------------------------------------------------------------------------------------


def test_who_waits_beyond_the_timeout_is_told_that_the_file_is_busy(loaded: Program) -> None:
    with closing(sqlite3.connect(loaded.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for command in (COMMANDS[1], ("away", "aina")):
            started = perf_counter()
            busy = loaded.run(*command, env={"LEADROUTER_TIMEOUT": "0.3"})
            assert (busy.code, busy.out) == (6, ""), command
            assert "try again" in busy.err
            assert 0.3 < perf_counter() - started < 10  # far from the 30 s it waits without being told
        other.execute("ROLLBACK")
    assert loaded.count("events") == 4, "the policy and three agents; nothing came of the two above"


def test_who_only_looks_waits_for_nobody(lived_in: Program) -> None:
    with closing(sqlite3.connect(lived_in.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        views = (("rotation",), ("open",), ("show", "id:1"), ("explain", "id:1"), ("log",), ("verify",))
        looked = lived_in.together(*views, env={"LEADROUTER_TIMEOUT": "0"})
        assert {(done.code, done.err) for done in looked} == {(0, "")}
        other.execute("ROLLBACK")


def test_who_waits_goes_on_as_soon_as_the_lock_is_free(loaded: Program) -> None:
    with closing(sqlite3.connect(loaded.database, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        with loaded.running("route", "--email", "ann@example.com") as waiting:
            wait_until(lambda: (loaded.folder / "leadrouter.db-shm").exists(), "the connection")
            release = threading.Timer(0.3, other.execute, ("ROLLBACK",))
            release.start()
            out, err = waiting.communicate(timeout=20)
            release.join()
    assert (waiting.returncode, err) == (0, b"")
    assert out.startswith(b"lead 1 -> ")
