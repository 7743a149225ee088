"""A person's data is theirs: given out on request, and erased down to the bytes of the file."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from .program import Program

MARKED = rb"zq(?!ualifying)[a-z]{4,}|zq-\w|\+601273100\d\d|731024|731055|9310077"
"""The marks of the story and of the tests below, long enough that no hash has one by chance."""

NOT_OF_PERSONS = ("zqcredit", "zqtier", "zqcomplaint")
"""What was written beside steps that are of no lead."""

CARELESS = """\
import sqlite3
connect = sqlite3.connect
def careless(*arguments, **options):
    connection = connect(*arguments, **options)
    connection.execute("PRAGMA secure_delete = OFF")
    return connection
sqlite3.connect = careless
"""
"""Read by the interpreter at its start: SQLite as it is where nobody built it to overwrite what is deleted."""

ANN = ("--name", "Zqanna Lee", "--email", "zqann@example.com", "--phone", "+60127310001", "--set", "pet=zqcat")


def careless_sqlite(folder: Path) -> dict[str, str]:
    """The environment of a program with such a SQLite."""
    path = folder / "careless"
    path.mkdir()
    (path / "sitecustomize.py").write_text(CARELESS)
    return {"PYTHONPATH": str(path)}


def left_in(program: Program) -> list[str]:
    """Marks of persons in the bytes of the file and of what SQLite keeps beside it."""
    found: set[str] = set()
    for path in program.folder.glob("leadrouter.db*"):
        found |= {mark.decode() for mark in re.findall(MARKED, path.read_bytes().lower())}
    return sorted(mark for mark in found if not mark.startswith(("zqsource", "zqportal", *NOT_OF_PERSONS)))


# --- erased -------------------------------------------------------------------------------------------------------


def test_when_everybody_is_forgotten_no_byte_of_them_is_left(
    lived_in: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = careless_sqlite(tmp_path_factory.mktemp("site"))
    assert left_in(lived_in) != []
    for lead in range(1, lived_in.count("leads") + 1):
        forgotten = lived_in.run("forget", f"id:{lead}", "--quiet", now="2026-11-08T10:00+08:00", env=env)
        assert (forgotten.code, forgotten.err) == (0, ""), forgotten
    assert left_in(lived_in) == []
    assert lived_in.problems() == []
    for view in ("log --all --limit 1000", "open", "pool", "report monthly", "dashboard", "due", "rotation", "verify"):
        shown = lived_in.run(*view.split(), now="2026-11-09T10:00+08:00")
        assert (shown.code, shown.err) == (0, ""), shown
    for lead in (1, 4, 8):
        for view in ("show", "explain", "export"):
            assert lived_in.run(view, f"id:{lead}").code == 0


def test_a_corrected_value_is_gone_with_such_a_sqlite_too(
    loaded: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    env = careless_sqlite(tmp_path_factory.mktemp("site"))
    loaded.run("route", "--name", "zqold " * 40, "--email", "zqold@example.com", env=env)
    assert b"zqold@" in loaded.database.read_bytes()
    loaded.run("edit", "1", "--name", "New", "--email", "new@example.com", env=env)
    assert b"zqold" not in loaded.database.read_bytes()


def test_the_figures_of_a_month_are_the_same_when_closed_leads_are_forgotten(lived_in: Program) -> None:
    reports = [("monthly", "--month", "2026-11"), *(("source",), ("territory",), ("method",), ("quality",))]

    def figures() -> list[str]:
        texts = [lived_in.run("report", *report, "--json", now="2026-11-30T10:00+08:00").out for report in reports]
        return [re.sub(r'"(events|hash)": [^,}]+', "", text) for text in texts]

    before = figures()
    for lead in (1, 5, 6):  # won, lost, void
        assert lived_in.run("forget", f"id:{lead}").code == 0
    assert figures() == before


def test_while_somebody_reads_the_file_it_says_so_and_the_same_command_ends_it(loaded: Program) -> None:
    loaded.well("route", *ANN, "--external-id", "zq-1")
    with closing(sqlite3.connect(loaded.database)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT name FROM leads").fetchall() == [("Zqanna Lee",)]
        busy = loaded.run("forget", "zq-1", env={"LEADROUTER_TIMEOUT": "0.2"})
        assert busy.code == 6
        assert "erased, but another process reads the file" in busy.err
        assert "leadrouter forget id:1" in busy.err
        assert loaded.run("reclaim", "--quiet").code == 0  # it cannot either, and waits for the next one
        assert left_in(loaded) != []
    assert loaded.rows("SELECT name FROM leads") == [(None,)]
    assert loaded.run("forget", "id:1").code == 0
    assert left_in(loaded) == []


def test_a_sweep_sees_to_the_bytes_that_an_interrupted_forget_left(loaded: Program) -> None:
    loaded.well("route", *ANN)
    with closing(sqlite3.connect(loaded.database)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM leads").fetchall()
        assert loaded.run("forget", "1", "--json", env={"LEADROUTER_TIMEOUT": "0"}).data["bytes_gone"] is False
    loaded.well("reclaim")
    assert left_in(loaded) == []
    assert loaded.count("unscrubbed") == 0


def test_a_dry_run_erases_nothing(loaded: Program) -> None:
    loaded.well("route", *ANN)
    before = loaded.database.read_bytes()
    told = loaded.well("forget", "1", "--dry-run")
    assert told.out.startswith("dry run, nothing was written; this would happen:\nerased: lead 1;")
    assert loaded.database.read_bytes() == before


def test_files_outside_are_named(loaded: Program) -> None:
    loaded.file("leads.csv", "email,name\nzqann@example.com,Zq Ann\nnobody,Zq Nobody\n")
    loaded.file("outcomes.csv", "lead,what\n1,dreamt\n")
    assert loaded.run("import", "leads.csv").code == 3
    assert loaded.run("record", "outcomes.csv").code == 3
    assert loaded.run("import", "leads.csv", "--dry-run", "--rejects", "never.csv").code == 3
    (loaded.folder / "outcomes.csv.rejects.csv").unlink()
    loaded.well("backup", "monday.db", "--quiet")
    assert loaded.run("backup", "leads.csv").code == 4, "what is no backup is not named as one"
    told = loaded.run("forget", "1", "--json").data
    folder = loaded.folder
    assert [(copy["kind"], copy["path"], copy["there"]) for copy in told["copies"]] == [
        ("rejects", str(folder / "leads.csv.rejects.csv"), True),
        ("rejects", str(folder / "outcomes.csv.rejects.csv"), False),
        ("backup", str(folder / "monday.db"), True),
    ]
    again = loaded.well("forget", "1", "--quiet").out
    assert "leads.csv.rejects.csv (rejected rows, Fri 20 Nov 10:00)" in again
    assert "outcomes.csv.rejects.csv (rejected rows, Fri 20 Nov 10:00; not there now)" in again


# --- not recorded again -------------------------------------------------------------------------------------------


def test_a_file_that_still_knows_them_is_counted_apart(loaded: Program) -> None:
    text = (
        "external_id,email,name,agent,state\nE-1,zqann@example.com,Zq Ann,aina,won\nE-2,bob@example.com,Bob,bala,lost\n"
    )
    loaded.file("leads.csv", text)
    loaded.well("import", "leads.csv", "--history")
    loaded.well("forget", "E-1", "--quiet")
    for how in ("--history", "--reassign"):
        again = loaded.well("import", "leads.csv", how, "--json").data
        assert (again["rows"], again["new"], again["unchanged"], again["suppressed"]) == (2, 0, 1, 1)
        said = loaded.well("import", "leads.csv", how).out
        assert "2 rows = 0 new + 0 inquiries + 1 unchanged + 1 suppressed + 0 rejected" in said
        assert "suppressed: they asked to be forgotten; if one comes back: leadrouter forget --allow WHO" in said
    assert left_in(loaded) == []
    refused = loaded.run("route", "-", "--json", stdin='{"email": "zqann@example.com"}')
    assert (refused.code, refused.out) == (7, "")
    assert (refused.error["code"], refused.error["message"]) == (
        "refused", "this person asked to be forgotten; nothing was kept",
    )  # fmt: skip
    assert left_in(loaded) == []


def test_who_comes_back_can_be_taken_off_the_list(loaded: Program) -> None:
    loaded.well("route", *ANN)
    loaded.well("forget", "1", "--quiet")
    assert loaded.run("forget", "--allow", "nobody@example.com").code == 2
    assert loaded.well("forget", "--allow", "-", stdin="ZQann@example.com\n").out == (
        "the person of 1 erased lead is off the list, and may come again\n"
    )
    assert loaded.well("route", *ANN, "--json").data["lead"] == 2
    assert loaded.problems() == []


def test_who_is_to_be_forgotten_must_be_said(loaded: Program) -> None:
    assert loaded.run("forget").code == 2
    assert loaded.run("forget", "99").code == 2
    assert loaded.run("forget", "zqann@example.com").code == 2
    assert "zqann" not in loaded.run("forget", "zqann@example.com").err


def test_retention_is_carried_out_by_the_sweep_with_the_bytes(loaded: Program) -> None:
    loaded.file("keep.yaml", "retention: {closed: 1y}\n" + (loaded.folder / "team.yaml").read_text())
    loaded.well("route", *ANN)
    loaded.well("lost", "1")
    assert "retention: closed off -> 1y" in loaded.run("load", "keep.yaml").out
    year = "2027-11-22T10:00+08:00"
    told = loaded.well("reclaim", now=year).out
    assert told.startswith("lead 1: what the person said is erased")
    assert left_in(loaded) == []
    assert loaded.problems() == []
    assert loaded.well("route", *ANN, now=year).code == 0


# --- given out ----------------------------------------------------------------------------------------------------


def test_everything_held_of_a_person_is_given_out(lived_in: Program) -> None:
    """What the file knows of lead 2 and of its inquiry, and of nobody else."""
    given = lived_in.well("export", "id:2").out
    for word in ("zqsecond Example", "zqsecond@example.com", "+60127310002", "zqportal", "zqdog", "zqagain", "E-5"):
        assert word in given
    assert "zqthird" not in given
    lead = json.loads(given)["leads"][0]
    assert lead["facts"]["custom"] == {"pets": "zqdog"} or lead["facts"]["custom"] == {"Pets": "zqdog"}
    assert [entry["kind"] for entry in lead["history"]][:1] == ["assigned"]
    assert "zqtransfer" in lived_in.well("export", "id:4").out
    assert json.loads(lived_in.well("export", "zqsecond@example.com").out) == json.loads(given)


def test_all_leads_as_a_table_come_in_again_elsewhere(lived_in: Program, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = Program(tmp_path / "elsewhere")
    lived_in.well("forget", "id:3", "--quiet")
    lived_in.well("export", "--out", str(other.folder / "all.csv"), "--quiet")
    assert stat.S_IMODE((other.folder / "all.csv").stat().st_mode) == 0o600
    other.file("team.yaml", "agents: [Aina, Bala, Chong, Devi, Ida]")
    assert other.run("load", "team.yaml").code == 0
    taken = other.run("import", "all.csv", "--history", "--json").data
    assert (taken["rejected"], taken["new"]) == (0, lived_in.count("leads WHERE forgotten_at IS NULL"))
    query = (
        "SELECT external_id, name, email, phone, source, price, message FROM leads WHERE email IS NOT NULL ORDER BY 3"
    )
    assert other.rows(query) == lived_in.rows(query)
    lines = lived_in.well("export", "--json").out.splitlines()
    emails = lived_in.rows("SELECT email FROM leads WHERE forgotten_at IS NULL ORDER BY lead")
    assert [(json.loads(line).get("email"),) for line in lines] == emails


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_no_cell_of_the_table_can_become_a_formula(start: str, loaded: Program) -> None:
    loaded.file("leads.csv", f'email,name,message,"{start}own"\na@example.com,"{start}cmd","{start}2+3","{start}x"\n')
    assert loaded.run("import", "leads.csv").code == 0
    for row in csv.reader(io.StringIO(loaded.well("export").out)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row), row


# --- nothing in tracebacks ----------------------------------------------------------------------------------------


def test_a_bug_is_told_by_its_places_and_never_by_words_of_a_person(loaded: Program) -> None:
    """Python says what could not be read, and that is a person's word: here a file that somebody wrote into by hand."""
    loaded.well("route", *ANN)
    with closing(sqlite3.connect(loaded.database, isolation_level=None)) as connection:
        connection.execute("UPDATE leads SET received_at = 'zqyesterday', closed_at = 'zqtoday'")
    crashed = loaded.run("show", "1")
    assert crashed.code == 1
    assert crashed.err.startswith("Traceback (most recent call last):\n")
    assert "ValueError" in crashed.err
    assert "zq" not in crashed.err
