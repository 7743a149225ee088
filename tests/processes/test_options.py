"""The options every command shares: where the file is, what time it is, trying without writing, and silence."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from .program import TEAM, Program, Result, dump

SOMEWHERE = "elsewhere.db"


# --- where ----------------------------------------------------------------------------------------------------


def test_the_file_is_leadrouter_db_in_the_folder_unless_said_otherwise(program: Program) -> None:
    program.well("load", "team.yaml")
    program.well("load", "team.yaml", "--db", SOMEWHERE)
    named = program.run("load", "team.yaml", env={"LEADROUTER_DB": "by-environment.db"})
    assert named.code == 0
    assert {path.name for path in program.folder.glob("*.db")} == {
        "leadrouter.db",
        SOMEWHERE,
        "by-environment.db",
    }


def test_the_option_says_where_before_the_environment_does(loaded: Program) -> None:
    loaded.well("load", "team.yaml", "--db", SOMEWHERE)
    routed = loaded.run("route", "--email", "a@example.com", "--db", SOMEWHERE, env={"LEADROUTER_DB": "nowhere.db"})
    assert routed.code == 0
    assert loaded.count("leads") == 0
    assert loaded.run("show", "1", env={"LEADROUTER_DB": SOMEWHERE}).code == 0


# --- when -----------------------------------------------------------------------------------------------------


def test_now_is_what_is_said_and_local_to_the_team_without_an_offset(loaded: Program) -> None:
    moments = {
        "one@example.com": ("2026-11-20T12:00Z", "2026-11-20T12:00:00Z"),
        "two@example.com": ("2026-11-20T22:00", "2026-11-20T14:00:00Z"),
        "three@example.com": ("2026-11-21T01:00+03:00", "2026-11-20T22:00:00Z"),
    }
    for email, (said, _) in moments.items():
        loaded.well("route", "--email", email, "--now", said)
    received = dict(loaded.rows("SELECT email, received_at FROM leads"))
    assert received == {email: utc for email, (_, utc) in moments.items()}


def test_the_option_says_when_before_the_environment_does(loaded: Program) -> None:
    loaded.well("route", "--email", "one@example.com", "--now", "2026-11-21T00:00Z", now="2026-11-20T00:00Z")
    loaded.well("route", "--email", "two@example.com", now="2026-11-22T00:00Z")
    assert loaded.rows("SELECT assigned_at FROM leads ORDER BY lead") == [
        ("2026-11-21T00:00:00Z",),
        ("2026-11-22T00:00:00Z",),
    ]


def test_a_moment_nobody_can_read_is_refused_before_anything_is_written(loaded: Program) -> None:
    before = dump(loaded.database)
    for arguments in (("--now", "soon"), ("--now", "2026-13-01")):
        refused = loaded.run("route", "--email", "a@example.com", *arguments)
        assert (refused.code, refused.out) == (2, "")
        assert arguments[1] in refused.err
    assert dump(loaded.database) == before


def test_a_load_at_a_moment_nobody_can_read_makes_no_database(program: Program) -> None:
    assert program.run("load", "team.yaml", "--now", "soon").code == 2
    assert not program.database.exists()


# --- a dry run ------------------------------------------------------------------------------------------------

LEADS = "email,name\nann@example.com,Ann Example\n,Nobody\nben@example.com,Ben Example\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("route", "--email", "new@example.com"), 0, id="route"),
        pytest.param(("import", "leads.csv"), 3, id="import"),
        pytest.param(("import", "leads.csv", "--rejects", "mine.csv"), 3, id="import with rejects"),
        pytest.param(("import", "past.csv", "--history"), 3, id="import --history"),
        pytest.param(("record", "told.csv"), 3, id="record"),
        pytest.param(("reclaim", "--now", "2027-02-01T10:00+08:00"), 0, id="reclaim"),
        pytest.param(("load", "other.yaml"), 0, id="load"),
    ],
)
def test_a_dry_run_says_the_same_and_writes_nothing(arguments: tuple[str, ...], code: int, lived_in: Program) -> None:
    lived_in.file("leads.csv", LEADS)
    lived_in.file("other.yaml", TEAM)
    lived_in.file("past.csv", "email,agent,status\nold@example.com,bala,Sold\nodd@example.com,zoe,Sold\n")
    lived_in.file("told.csv", "lead,what,value\nid:4,rate,5\nid:4,rate,9\n")
    (lived_in.folder / "leads.csv.rejects.csv").unlink()
    files = {path.name for path in lived_in.folder.iterdir()}
    before = dump(lived_in.database)
    tried = lived_in.run(*arguments, "--dry-run", "--json")
    assert (tried.code, tried.err) == (code, "")
    assert dump(lived_in.database) == before
    assert {path.name for path in lived_in.folder.iterdir()} == files
    done = lived_in.run(*arguments, "--json")
    assert done.code == code
    assert dump(lived_in.database) != before
    assert tried.data == done.data | ({"rejects_file": None} if "rejects_file" in done.data else {})


def test_a_dry_run_of_the_first_load_makes_no_database(program: Program) -> None:
    tried = program.run("load", "team.yaml", "--dry-run")
    assert (tried.code, tried.err) == (0, "")
    assert "would become" in tried.out
    assert [path.name for path in program.folder.iterdir()] == ["team.yaml"]


def test_a_dry_run_needs_no_lock(loaded: Program) -> None:
    with closing(sqlite3.connect(loaded.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        tried = loaded.run("route", "--email", "a@example.com", "--dry-run", env={"LEADROUTER_TIMEOUT": "0.3"})
        assert (tried.code, tried.err) == (0, "")
        other.execute("ROLLBACK")


# --- silence --------------------------------------------------------------------------------------------------


def test_quiet_prints_nothing_when_all_is_well(program: Program) -> None:
    program.file("leads.csv", "email,name\nann@example.com,Ann Example\n")
    program.file("past.csv", "id,agent,status\nP-1,bala,Sold\n")
    program.file("told.csv", "id,what,at\nP-1,won,2026-01-01\n")
    for arguments in (
        ("init", "new.yaml"),
        ("check", "team.yaml"),
        ("load", "team.yaml"),
        ("load", "team.yaml"),
        ("route", "--email", "ben@example.com"),
        ("route", "--email", "ben@example.com", "--message", "again"),
        ("import", "leads.csv"),
        ("import", "past.csv", "--history"),
        ("record", "told.csv"),
        ("contact", "1"),
        ("won", "1", "--value", "1"),
        ("reopen", "1", "--reason", "slip"),
        ("transfer", "1", "--to", "chong", "--reason", "asked"),
        ("void", "1"),
        ("lost", "2"),
        ("edit", "1", "--name", "Ben Example"),
        ("away", "bala"),
        ("back", "bala"),
        ("credit", "bala", "1", "--rotation", "everyone", "--reason", "twice"),
        ("reclaim",),
        ("verify",),
    ):
        assert program.run(*arguments, "--quiet") == Result(0, "", ""), arguments


def test_quiet_still_tells_what_is_not_well(loaded: Program) -> None:
    loaded.file("leads.csv", LEADS)
    assert "1 rejected" in loaded.run("import", "leads.csv", "--quiet").out
    for agent in ("aina", "bala", "chong"):
        loaded.well("away", agent, "--quiet")
    assert "unassigned" in loaded.run("route", "--email", "new@example.com", "--quiet").out
    assert loaded.run("show", "99", "--quiet").err != ""


def test_piped_tables_are_plain_and_uncut(program: Program) -> None:
    long = "Nur Aisyah binti Abdul Rahman of the long name that no eighty columns can hold, second of her name"
    program.file(
        "team.yaml", f"agents: [{{id: nur, name: '{long}'}}, Bala]\nteam: {{leader: nur, timezone: UTC, region: MY}}\n"
    )
    program.well("load", "team.yaml")
    program.well("route", "--email", "a@example.com")
    for arguments in (("rotation",), ("open",), ("explain", "1"), ("report", "monthly"), ("dashboard",), ("log",)):
        shown = program.run(*arguments, env={"TERM": "xterm-256color"})
        assert long in shown.out, arguments
        assert "\x1b" not in shown.out
        assert "…" not in shown.out


def test_no_command_writes_anything_but_its_file(lived_in: Program) -> None:
    files = {path.name for path in lived_in.folder.iterdir()}
    for arguments in (
        ("rotation",), ("open",), ("show", "id:1"), ("explain", "id:1"), ("log",), ("report", "monthly"), ("policy",),
        ("policy", "--history"), ("check", "team.yaml"), ("simulate", "team.yaml"), ("pool",), ("dashboard",),
        ("explain", "id:1", "--agent", "bala"), ("report", "source"), ("report", "trend"), ("report", "method"),
    ):  # fmt: skip
        before = lived_in.database.read_bytes()
        lived_in.well(*arguments)
        assert lived_in.database.read_bytes() == before, arguments
    assert {path.name for path in lived_in.folder.iterdir()} == files
