"""What a person said stays in the rows that can be erased, and in a file that only its owner can read."""

from __future__ import annotations

import csv
import json
import os
import stat
from pathlib import Path

import pytest

from .history import FIRST, MARKS, History
from .program import Program, wait_until


def marks_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text.casefold()]


def test_every_field_of_the_story_can_be_found_again_where_it_belongs(history: History) -> None:
    """The search below means something: the marks are in the file, field by field."""
    facts = [cell for row in history.program.rows("SELECT * FROM leads") for cell in row]
    facts += [cell for row in history.program.rows("SELECT facts FROM inquiries") for cell in row]
    reasons = [text for (text,) in history.program.rows("SELECT text FROM notes")]
    kept = "\n".join(map(str, facts + reasons))
    assert set(marks_in(kept)) == set(MARKS)
    assert sorted(reasons) == [
        "zqasked", "zqcomplaint", "zqcredit", "zqdecline", "zqextend", "zqjunk", "zqlater", "zqlost", "zqmoved",
        "zqpleased", "zqready", "zqrefused", "zqrelease", "zqreopen", "zqtier", "zqtouched", "zqtransfer", "zqvoid",
    ]  # fmt: skip
    for field, value in FIRST.items():
        assert marks_in(str(value)) or field in ("quality",), field


def test_events_hold_no_word_of_a_person(history: History) -> None:
    for table in ("events", "panels", "rotations", "tallies", "agents", "head", "policies"):
        for row in history.program.rows(f"SELECT * FROM {table}"):
            shown = " ".join(cell.hex() if isinstance(cell, bytes) else str(cell) for cell in row)
            assert marks_in(shown) == [], (table, row)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("log", "--all", "--limit", "1000", "--json"), id="log"),
        pytest.param(("log", "--all", "--limit", "1000"), id="log as a table"),
        *(pytest.param(("explain", f"id:{lead}", "--json"), id=f"explain {lead}") for lead in (1, 2, 3, 4, 5)),
        pytest.param(("rotation", "--json"), id="rotation"),
        pytest.param(("rotation",), id="rotation as a table"),
        pytest.param(("open", "--json"), id="open"),
        pytest.param(("reclaim", "--dry-run", "--json"), id="reclaim"),
        pytest.param(("verify", "--json"), id="verify"),
        pytest.param(("report", "isa", "--from", "2026-11-01", "--json"), id="report isa"),
    ],
)
def test_no_view_shows_a_word_of_a_person(arguments: tuple[str, ...], history: History) -> None:
    shown = history.program.run(*arguments, now="2026-11-30T10:00+08:00")
    assert (shown.code, shown.err) == (0, "")
    assert marks_in(shown.out) == []


SOURCES = {"(none)", "left", "raw", "web", "zqportal", "zqsource"}
"""The source is the one word of a lead that CONTRACT puts into reports: conversion and cost are told by it."""

PAID = "7310.25"
"""What the broker paid for the one lead of its source, so also what a lead of that source cost."""


@pytest.mark.parametrize(
    "report", ["monthly", "source", "territory", "quality", "method", "trend", "isa", "agent bala"]
)
def test_a_report_names_sources_and_nothing_else_of_a_lead(report: str, lived_in: Program) -> None:
    """In JSON, on the screen, in the page and in every file."""
    month = ("--month", "2026-11") if report in ("monthly", "trend") else ("--to", "2026-11-30")
    lived_in.well("report", *report.split(), *month, "--html", "report.html", "--csv", "report")
    shown = [lived_in.well("report", *report.split(), *month, *form).out for form in ((), ("--json",))]
    files = [path.read_text(encoding="utf-8") for path in (lived_in.folder / "report").iterdir()]
    for text in (*shown, (lived_in.folder / "report.html").read_text(encoding="utf-8"), *files):
        left = text.replace(PAID, "")
        for source in SOURCES:
            left = left.replace(source, "")
        assert marks_in(left) == []
    if report in ("monthly", "source"):
        entries = json.loads(shown[1])
        found = {entry["name"] for entry in (entries.get("conversion") or entries)["source"]}
        assert found == SOURCES


@pytest.mark.parametrize(
    "stdin",
    [
        pytest.param('{"name": "zqname", "email": "zqemail@example.com"', id="cut off"),
        pytest.param('{"name": "zqname" "email": "zqemail@example.com"}', id="a comma missing"),
        pytest.param('["zqname", "zqemail@example.com"]', id="a list"),
        pytest.param('"zqname"', id="a text"),
        pytest.param("zqname,zqemail@example.com", id="no JSON"),
        pytest.param('{"name": ["zqname"], "email": "zqemail@example.com"}', id="more than one value"),
        pytest.param('{"name": "zqname"}', id="nobody who can be reached"),
        pytest.param('{"name": "zqname", "email": "zqemail at example.com"}', id="an e-mail that is none"),
        pytest.param('{"name": "zqname", "phone": "zq12"}', id="a phone that is none"),
        pytest.param('{"email": "zqemail@example.com", "received_at": "zqyesterday"}', id="a date that is none"),
        pytest.param('{"Name": "zqname", "name": "zqother", "email": "zqemail@example.com"}', id="a name twice"),
        pytest.param('{"email": "zqemail@example.com", "name": "zq\\ud800"}', id="half a character"),
        pytest.param('{"email": "zqemail@example.com", "message": "' + "zq" * 40_000 + '"}', id="too long"),
        pytest.param("[" * 100_000 + '"zqname"', id="too deep"),
        pytest.param('{"name": "zqname", "email": "zqa@example.com", "email": "zqb@example.com"}', id="a key twice"),
        pytest.param('{"email": "zqemail@example.com", "message": ' + "7" * 70_000 + "}", id="a number too long"),
        pytest.param(b'{"email": "zqemail@example.com", "name": "zq\xff"}', id="no UTF-8"),
    ],
)
def test_no_error_repeats_what_came_on_stdin(stdin: str | bytes, loaded: Program) -> None:
    refused = loaded.run("route", "-", stdin=stdin, env={"PYTHONIOENCODING": "utf-8:strict"})
    assert (refused.code, refused.out) == (2, ""), refused.err
    assert refused.err.startswith("error: ")
    assert marks_in(refused.err) == []
    assert loaded.count("leads") == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('external_id,email,message\nE-1,zqemail@example.com,"zqmessage\n', id="a quote that never closes"),
        pytest.param("zqname,zqemail@example.com,zqmessage\nzq,zq@example.com,zq\n", id="no names of columns"),
        pytest.param("zqname,zqmessage\nzq,zq\n", id="no column that tells who it is"),
        pytest.param("email,name\nzq,zqname\nzq zq@example.com,zqname\n", id="no row that can be used"),
        pytest.param("email,received_at\nzq@example.com,zqyesterday\n", id="a date that is none"),
    ],
)
def test_no_error_repeats_a_row_of_a_file(text: str, loaded: Program) -> None:
    """Headers are not people; only the names of columns may come back, so that --map can be told about them."""
    loaded.file("leads.csv", text)
    refused = loaded.run("import", "leads.csv")
    assert refused.code in (3, 4)
    assert "Traceback" not in refused.err
    assert "zqemail" not in refused.err + refused.out
    assert "zq@example.com" not in refused.err + refused.out
    assert "zqyesterday" not in refused.err + refused.out


HOSTILE_ROWS = [
    ["zqemail1@example.com", "\x1b[31mzqname", "+60123456781", "=zqformula", "2026-11-01", "hot"],
    ["zqemail3 at example.com", "zqname", "zqphone", "zqmessage", "2026-11-01", ""],
    ["zqemail4@example.com", "zqname", "+60123456784", "zq" * 40_000, "2026-11-01", ""],
    ["zqemail5@example.com", "zqname", "+60123456785", "zqmessage", "zqyesterday", ""],
    ["zqemail6@example.com", "zq\udcff", "+60123456786", "zqmessage", "2026-11-01", ""],
    ["zqemail7@example.com", "'); DROP TABLE events; -- zqname", "@zqphone", "{zqmessage} %s", "2026-11-01", ""],
    ["zqemail8@example.com", "zqname", "+60123456788", "zqmessage", "2026-11-01", "", "zqone cell too many"],
    ["zqemail9@example.com", "zq" + "\u0301" * 300, "+60123456789", "\u200fzq\u2066", "9999-99-99", ""],
    ["zqemail2@example.com", "zq\x00name\u202e", "zqphone", "zq\nmessage\r\n\x9b", "2026-11-01", "zqquality"],
]


def test_hostile_rows_leave_no_word_in_what_is_printed_nor_in_events(loaded: Program) -> None:
    """Read or rejected: the words are in the leads and in the rejects file, and nowhere else."""
    with (loaded.folder / "leads.csv").open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(
            [["email", "name", "phone", "message", "date", "quality"], *HOSTILE_ROWS]
        )
        file.write('"zqemail10@example.com","zqname never closed\n')
    shown = ""
    for form in (("--dry-run",), (), ("--json",)):
        done = loaded.run("import", "leads.csv", *form)
        assert done.code == 3
        shown += done.out + done.err
    shown += "".join(loaded.run(*view).out for view in (("log", "--all"), ("explain", "1"), ("open",)))
    assert marks_in(shown) == []
    assert "zq" not in shown
    assert loaded.count("leads") >= 3
    for table in ("events", "panels", "rotations", "tallies", "agents", "notices", "policies"):
        assert "zq" not in repr(loaded.rows(f"SELECT * FROM {table}")).casefold(), table
    assert b"zq" in (loaded.folder / "leads.csv.rejects.csv").read_bytes()
    assert loaded.problems() == []


PLANTED = """
import leadrouter.intake.cells
def email(text):
    try:
        return float(text)
    except ValueError as error:
        raise KeyError(text) from error
leadrouter.intake.cells.email = email
"""
"""A bug of the usual kind: Python puts the value at fault into the words of both errors."""


@pytest.mark.parametrize("command", ["route", "import"])
def test_the_traceback_of_a_bug_holds_no_word_of_a_person(command: str, loaded: Program) -> None:
    loaded.file("sitecustomize.py", PLANTED)
    loaded.file("leads.csv", "email,name\nzqemail@example.com,zqname\n")
    arguments = ("import", "leads.csv") if command == "import" else ("route", "-")
    lead = '{"email": "zqemail@example.com", "name": "zqname"}'
    broken = loaded.run(*arguments, stdin=lead, env={"PYTHONPATH": str(loaded.folder)})
    assert broken.code == 1
    assert broken.err.count("Traceback (most recent call last):") == 2
    assert "raise KeyError(text) from error" in broken.err
    assert "\nKeyError (its words are left out)\n" in broken.err
    assert "zqemail" not in broken.err + broken.out
    assert "zqname" not in broken.err + broken.out


# --- what is corrected is gone --------------------------------------------------------------------------------


def test_a_corrected_value_leaves_no_trace_in_the_file(loaded: Program) -> None:
    """Shorter values in the middle of a page: without secure_delete the old ones would stay behind them."""
    for number in range(1, 6):
        old = ("--name", f"zqoldname{number} of many words " * 3, "--email", f"zqoldemail{number}@example.com")
        loaded.well("route", *old, "--message", f"zqoldmessage{number}", "--external-id", f"zqoldid{number}")
    assert b"zqoldname3" in loaded.database.read_bytes()
    new = ("--name", "New", "--email", "new@example.com", "--set", "message=", "--set", "external_id=E-3")
    loaded.well("edit", "zqoldid3", *new)
    for path in loaded.folder.glob("leadrouter.db*"):
        left = [
            mark
            for mark in ("zqoldname3", "zqoldemail3", "zqoldmessage3", "zqoldid3")
            if mark.encode() in path.read_bytes()
        ]
        assert left == [], path.name
    assert b"zqoldname4" in loaded.database.read_bytes()
    assert loaded.problems() == []


# --- the owner's only -----------------------------------------------------------------------------------------


def modes(folder: Path, pattern: str) -> dict[str, int]:
    found = {}
    for path in folder.glob(pattern):
        try:
            found[path.name] = stat.S_IMODE(path.stat().st_mode)
        except FileNotFoundError:  # gone since the folder was listed
            continue
    return found


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_file_belongs_to_its_owner_from_the_first_moment(program: Program, umask: int) -> None:
    """Looked at as fast as can be while it comes into being: at no moment may others read it."""
    seen: set[tuple[str, int]] = set()
    with program.running("load", "team.yaml", before=lambda: os.umask(umask)) as loading:
        while loading.poll() is None:
            seen |= set(modes(program.folder, "leadrouter.db*").items())
        assert loading.returncode == 0
    assert {"leadrouter.db", "leadrouter.db-wal", "leadrouter.db-shm"} <= {name for name, _ in seen}
    assert {mode for _, mode in seen} == {0o600}
    assert modes(program.folder, "leadrouter.db*") == {"leadrouter.db": 0o600}


def test_the_files_beside_it_are_the_owners_only_while_it_is_in_use(loaded: Program) -> None:
    beside = {"leadrouter.db", "leadrouter.db-wal", "leadrouter.db-shm"}
    with loaded.running("import", "-", "--rejects", "rejects.csv", before=lambda: os.umask(0)) as importing:
        assert importing.stdin is not None
        importing.stdin.write(b"email,name\n" + b"nobody,Nobody Example\n" * 2)
        importing.stdin.flush()
        wait_until(lambda: modes(loaded.folder, "leadrouter.db*").keys() == beside, "the files that SQLite adds")
        assert set(modes(loaded.folder, "leadrouter.db*").values()) == {0o600}
        out, err = importing.communicate()
    assert importing.returncode == 3, err
    assert b"2 rejected" in out
    assert modes(loaded.folder, "rejects.csv") == {"rejects.csv": 0o600}
