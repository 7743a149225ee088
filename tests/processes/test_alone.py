"""`leadrouter` alone: the first steps in a new folder, and where things stand afterwards."""

from __future__ import annotations

import re
import shlex

import pytest

from .history import MARKS, History
from .program import Program, dump

LATER = "2026-11-20T19:00+08:00"


def steps(shown: str) -> list[str]:
    """The commands that are proposed."""
    return re.findall(r"^  (leadrouter \S.*?)(?:  +\S.*)?$", shown, flags=re.MULTILINE)


def test_in_an_empty_folder_it_says_what_to_do_first_and_makes_nothing(program: Program) -> None:
    (program.folder / "team.yaml").unlink()
    shown = program.well().out
    assert "no database" in shown
    assert [step.split()[1] for step in steps(shown)] == ["init", "init", "check", "load", "import", "import"]
    assert list(program.folder.iterdir()) == []


def test_the_first_steps_work_one_after_the_other(program: Program) -> None:
    """Somebody who does what it says arrives at dealt leads."""
    program.file("agents.csv", "Name,Weight\nAina Yusof,1.5\nBala Krishnan,1\n")
    program.file("leads.csv", "email\nann@example.com\nben@example.com\n")
    first = steps(program.well().out)
    for step in first[1:]:  # the list of agents, rather than the small file to fill in
        done = program.run(*shlex.split(step)[1:])
        assert done.code == 0, (step, done)
    assert program.count("leads") == 2


def test_with_a_configuration_in_the_folder_the_next_step_is_to_check_and_load_it(program: Program) -> None:
    program.well("init")
    shown = program.well().out
    assert "leadrouter.yaml is here" in shown
    assert [step.split()[1] for step in steps(shown)] == ["check", "load", "import", "import"]


def test_a_new_database_wants_leads(loaded: Program) -> None:
    assert [step.split()[1] for step in steps(loaded.well().out)] == ["import", "route"]


def test_it_tells_what_is_overdue_where_it_lies_and_that_no_sweep_ran(loaded: Program) -> None:
    loaded.well("route", "--email", "ann@example.com", "--quality", "hot")
    shown = loaded.well(now=LATER).out
    assert "this moment is pretended" in shown
    assert "1 open lead with 1 agent, 1 of them overdue" in shown
    assert "no sweep has run yet" in shown
    proposed = steps(shown)
    assert proposed == ["leadrouter reclaim", "leadrouter open --agent aina", "leadrouter report monthly"]
    for step in proposed:
        assert loaded.run(*shlex.split(step)[1:], now=LATER).code == 0
    assert "leadrouter reclaim" not in steps(loaded.well(now=LATER).out), "a sweep has just run"


def test_it_writes_nothing_and_tells_nothing_of_persons(history: History) -> None:
    before = dump(history.program.database)
    shown = history.program.well(now="2026-11-07T10:00+08:00").out
    assert [mark for mark in MARKS if mark in shown] == []
    assert dump(history.program.database) == before
    assert {"pool", "due", "open"} <= {step.split()[1] for step in steps(shown)}


def test_the_database_is_the_one_of_the_environment(loaded: Program) -> None:
    loaded.database.rename(loaded.folder / "other.db")
    assert "no database" in loaded.well().out
    assert "no database" not in loaded.run(env={"LEADROUTER_DB": "other.db"}).out


@pytest.mark.parametrize("content", [b"", b"this is no database" * 50])
def test_what_is_no_database_of_ours_is_an_error_as_for_every_command(content: bytes, program: Program) -> None:
    program.database.write_bytes(content)
    done = program.run()
    assert (done.code, done.out) == (5, "")
