"""Power cuts: a process that dies leaves whole steps behind, and the same command again finishes the work."""

from __future__ import annotations

import json
import random
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .program import TEAM, Program, Result, wait_until

ROWS = 3000
KILLS = 12

EVERYTHING = {
    "events": "seq, at, kind, lead, agent, by, policy, engine",
    "leads": "lead, external_id, name, email, phone, state, agent, quality, rule, reason, assigned_at, due_at",
    "agents": "*",
    "rotations": "*",
    "tallies": "*",
    "inquiries": "inquiry, lead, event, external_id, digest, facts",
    "panels": "*",
}
"""Table -> its columns, but for what begins with chance: salts, and the hashes over them."""


def test_an_import_killed_a_dozen_times_ends_like_one_that_was_left_alone(tmp_path: Path) -> None:
    killed, quiet = (program_in(tmp_path / name) for name in ("killed", "quiet"))
    quiet_result = quiet.run("import", "leads.csv", "--json")
    assert quiet_result.code == 3
    assert quiet_result.err == ""

    chance = random.Random(20261120)
    for threshold in sorted(chance.sample(range(1, ROWS * 8 // 10), KILLS)):
        kill_an_import(killed, threshold, pause=chance.uniform(0, 0.06))
        assert killed.problems() == []

    last = killed.run("import", "leads.csv", "--json")
    assert (last.code, last.err) == (3, "")
    assert last.data["unchanged"] > 0
    assert last.data["rejected"] == quiet_result.data["rejected"] > 0
    assert same_text(killed, quiet, "leads.csv.rejects.csv")
    for table, columns in EVERYTHING.items():
        sql = f"SELECT {columns} FROM {table}"
        assert sorted(killed.rows(sql), key=repr) == sorted(quiet.rows(sql), key=repr), table
    assert event_data(killed) == event_data(quiet)
    assert killed.run("verify", "--quiet") == Result(0, "", "")


def kill_an_import(program: Program, threshold: int, pause: float) -> None:
    with program.running("import", "leads.csv", "--quiet") as importing:
        wait_until(lambda: program.count("leads") >= threshold, f"lead {threshold}")
        time.sleep(pause)  # only to strike at any point of a batch; nothing waits for it
        importing.kill()
        importing.communicate()
    assert importing.returncode == -signal.SIGKILL, "the import was over before it could be killed"


def program_in(folder: Path) -> Program:
    folder.mkdir()
    program = Program(folder)
    program.file("team.yaml", TEAM)
    program.file("leads.csv", mixed_rows(random.Random(7)))
    program.well("load", "team.yaml")
    return program


def mixed_rows(chance: random.Random, rows: int = ROWS) -> str:
    """Leads with and without external ids, people who ask again, and rows that nobody can use."""
    lines = ["external_id,name,email,phone,quality,Pets"]
    for number in range(rows):
        person = chance.randrange(number + 1) if chance.random() < 0.05 else number
        external_id = f"X-{number}" if chance.random() < 0.7 else ""
        contact = f"person{person}@example.com,+6012{person:07}" if chance.random() < 0.99 else ","
        lines.append(f"{external_id},Person {person},{contact},{chance.choice(('hot', 'warm', ''))},cat {number}")
    return "\n".join(lines) + "\n"


def event_data(program: Program) -> list[Any]:
    return [json.loads(data) for (data,) in program.rows("SELECT data FROM events ORDER BY seq")]


def same_text(one: Program, other: Program, name: str) -> bool:
    return (one.folder / name).read_bytes() == (other.folder / name).read_bytes()


@pytest.mark.parametrize("seed", range(4))
def test_a_first_load_that_is_killed_leaves_a_file_that_loads(program: Program, seed: int) -> None:
    """The file, its schema and the first policy: whatever is missing after a kill, the next load adds it."""
    chance = random.Random(seed)
    with program.running("load", "team.yaml") as loading:
        wait_until(program.database.exists, "the database")
        time.sleep(chance.uniform(0, 0.15))  # only to strike anywhere between the first byte and the end
        loading.kill()
        loading.communicate()
    assert program.count("policies") in (0, 1)
    program.well("load", "team.yaml")
    program.well("route", "--email", "ann@example.com")
    assert program.count("policies") == 1
    assert program.problems() == []


def no_file_larger_than(size: int) -> Callable[[], None]:
    """A disk that is full: writing beyond `size` bytes of a file fails."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return limit


def test_an_import_onto_a_full_disk_says_so_and_finishes_on_the_next_one(loaded: Program) -> None:
    loaded.file("leads.csv", mixed_rows(random.Random(3)))
    full = loaded.run("import", "leads.csv", before=no_file_larger_than(500_000))
    assert full.code == 3
    assert full.err.startswith("error: ")
    assert "the same import again continues" in full.err
    assert 0 < loaded.count("leads") < ROWS
    assert loaded.problems() == []
    again = loaded.run("import", "leads.csv", "--json")
    assert again.code == 3
    assert sum(again.data[part] for part in ("new", "inquiries", "unchanged", "rejected")) == ROWS
    assert loaded.problems() == []


@pytest.mark.parametrize(
    "size",
    [
        0,
        4096,
        pytest.param(50_000),
    ],
)
def test_a_first_load_onto_a_full_disk_leaves_nothing_half_made(program: Program, size: int) -> None:
    full = program.run("load", "team.yaml", before=no_file_larger_than(size))
    assert full.code == 1
    assert full.err.startswith("error: ")
    assert "Traceback" not in full.err
    assert program.rows("SELECT name FROM sqlite_schema") == []
    program.well("load", "team.yaml")
    assert program.problems() == []


def test_an_import_that_is_interrupted_from_the_keyboard_stops_between_two_leads(loaded: Program) -> None:
    loaded.file("leads.csv", mixed_rows(random.Random(5), 10 * ROWS))
    with loaded.running("import", "leads.csv") as importing:
        wait_until(lambda: loaded.count("leads") > 0, "the first batch")
        importing.send_signal(signal.SIGINT)
        _, err = importing.communicate()
    assert importing.returncode == 130
    assert b"Traceback" not in err
    assert 0 < loaded.count("leads") < 9 * ROWS
    assert loaded.problems() == []
