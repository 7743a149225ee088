"""Power cuts: a process that dies leaves whole steps behind, and the same command again finishes the work.

`kill -9` at random moments. The normal run kills a dozen times; `pytest --long tests/processes/test_kills.py` hundreds
of times, and every figure of LONG is counted: a process that was over before it could be killed is not.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from leadrouter.store import schema
from tests.servers import a_webhook
from tests.store.test_migrations import back_to_3

from .program import NOW, TEAM, Program, Result, a_copy, dump, wait_until

SHORT = {"import": 3, "reclaim": 2, "load": 1, "first load": 1, "migration": 2, "route": 2, "notify": 1}
LONG = {"import": 50, "reclaim": 40, "load": 30, "first load": 30, "migration": 40, "route": 50, "notify": 20}
"""Command -> how often it is killed."""

IN_A_ROW = 3
"""How often one file is struck before the work is finished and compared."""

EVERYTHING = {
    "events": "seq, at, kind, lead, agent, by, policy, engine",
    "leads": "lead, external_id, name, email, phone, state, agent, quality, rule, reason, assigned_at, due_at",
    "agents": "*",
    "rotations": "*",
    "tallies": "*",
    "inquiries": "inquiry, lead, event, external_id, digest, facts",
    "panels": "*",
    "policies": "*",
    "sweeps": "*",
}
"""Table -> its columns, but for what begins with chance: salts, and the hashes over them."""

ONE_WEEK_ON = "2026-11-27T10:00+08:00"


def test_the_long_run_kills_two_hundred_times_and_the_normal_one_a_dozen() -> None:
    assert sum(LONG.values()) >= 200
    assert sum(SHORT.values()) >= 12
    assert LONG.keys() == SHORT.keys()


@pytest.fixture
def kills(long: bool) -> dict[str, int]:
    return LONG if long else SHORT


class Struck(NamedTuple):
    """A process that was killed: what it had said by then."""

    out: bytes
    err: bytes


class Killer:
    """Kills a command at moments drawn from all of its life, most of them while it has the file open."""

    def __init__(self, program: Program, *command: str, now: str = NOW) -> None:
        """Measures on a run that is left alone, in a copy of the folder; `quiet` is what came of it."""
        self.command, self.now = command, now
        self.quiet = program
        self.chance = random.Random(20261120)
        started = time.perf_counter()
        with program.running(*command, now=now) as process:
            wait_until(lambda: Path(f"{program.database}-shm").exists() or process.poll() is not None, "the file")
            self.opened = time.perf_counter() - started
            out, err = process.communicate()
            self.lasts = time.perf_counter() - started
        self.result = Result(process.returncode, out.decode(), err.decode())

    def strike(self, program: Program) -> Struck | None:
        """One kill; None if the process was over before."""
        with program.running(*self.command, now=self.now) as process:
            time.sleep(self.chance.uniform(0.7 * self.opened, self.lasts))  # only to strike anywhere; nothing waits
            process.kill()
            out, err = process.communicate()
        assert process.returncode in (-signal.SIGKILL, self.result.code), err
        return Struck(out, err) if process.returncode == -signal.SIGKILL else None

    def again(self, program: Program) -> Result:
        """The same command once more, to its end."""
        return program.run(*self.command, now=self.now)


def check_all_rounds(base: Program, killer: Killer, kills: int, folder: Path) -> None:
    """Strikes copies of `base` until there were so many kills. After each the file proves itself; what was reported is
    there; and finished, it is what it is where nothing was killed.
    """
    done = 0
    while done < kills:
        program = a_copy(base, folder / "struck")
        for _ in range(min(IN_A_ROW, kills - done)):
            struck = killer.strike(program)
            if struck is None:
                break
            done += 1
            check_whole(program, base)
            if struck.out:
                check_same(program, killer.quiet)
        assert killer.again(program).code == killer.result.code
        check_same(program, killer.quiet)
        shutil.rmtree(program.folder)


def check_whole(program: Program, base: Program) -> None:
    """The file proves itself; one that has not been brought up to date yet is what it was before."""
    version = program.rows("PRAGMA user_version") if program.database.exists() else []
    if version == [(schema.VERSION,)]:
        assert program.problems() == []
    elif version:
        assert not base.database.exists() or version == base.rows("PRAGMA user_version")
        assert dump(program.database) == (dump(base.database) if base.database.exists() else NOTHING)


NOTHING = ["BEGIN TRANSACTION;", "COMMIT;"]
"""An empty file, as SQL."""


def check_same(program: Program, quiet: Program) -> None:
    """Everything but chance is what it is in the file that was left alone."""
    for table, columns in EVERYTHING.items():
        sql = f"SELECT {columns} FROM {table}"
        assert sorted(program.rows(sql), key=repr) == sorted(quiet.rows(sql), key=repr), table
    assert event_data(program) == event_data(quiet)
    assert program.problems() == []


def event_data(program: Program) -> list[Any]:
    return [json.loads(data) for (data,) in program.rows("SELECT data FROM events ORDER BY seq")]


def quietly(base: Program, folder: Path, *command: str, now: str = NOW) -> Killer:
    """The command left alone, in a copy."""
    return Killer(a_copy(base, folder / "quiet"), *command, now=now)


# --- commands whose end is known ------------------------------------------------------------------------------


def mixed_rows(chance: random.Random, rows: int) -> str:
    """Leads with and without external ids, people who ask again, and rows that nobody can use."""
    lines = ["external_id,name,email,phone,quality,Pets"]
    for number in range(rows):
        person = chance.randrange(number + 1) if chance.random() < 0.05 else number
        external_id = f"X-{number}" if chance.random() < 0.7 else ""
        contact = f"person{person}@example.com,+6012{person:07}" if chance.random() < 0.99 else ","
        lines.append(f"{external_id},Person {person},{contact},{chance.choice(('hot', 'warm', ''))},cat {number}")
    return "\n".join(lines) + "\n"


def test_an_import_that_is_killed_ends_like_one_that_was_left_alone(
    loaded: Program, kills: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("import")
    loaded.file("leads.csv", mixed_rows(random.Random(7), 2000))
    killer = quietly(loaded, folder, "import", "leads.csv", "--quiet")
    assert killer.result == Result(3, killer.result.out, ""), "some rows are rejected"
    check_all_rounds(loaded, killer, kills["import"], folder)


def test_a_sweep_that_is_killed_ends_like_one_that_was_left_alone(
    loaded: Program, kills: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """All leads are due: the sweep takes several transactions."""
    folder = tmp_path_factory.mktemp("reclaim")
    loaded.file("leads.csv", mixed_rows(random.Random(8), 700))
    loaded.run("import", "leads.csv")
    killer = quietly(loaded, folder, "reclaim", now=ONE_WEEK_ON)
    assert killer.result.code == 0
    assert len(killer.quiet.rows("SELECT seq FROM events WHERE kind = 'reclaimed'")) > 400
    check_all_rounds(loaded, killer, kills["reclaim"], folder)


def test_a_load_that_is_killed_ends_like_one_that_was_left_alone(
    loaded: Program, kills: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One who leaves, one who joins, shorter clocks: the deadlines of all leads are reckoned anew."""
    folder = tmp_path_factory.mktemp("load")
    loaded.file("leads.csv", mixed_rows(random.Random(9), 700))
    loaded.run("import", "leads.csv")
    loaded.file("team.yaml", TEAM.replace("Chong", "Devi") + "reclaim: {no_contact: 24h}\n")
    killer = quietly(loaded, folder, "load", "team.yaml", "--quiet")
    assert killer.result == Result(0, "", "")
    assert killer.quiet.count("policies") == 2
    check_all_rounds(loaded, killer, kills["load"], folder)


def test_a_first_load_that_is_killed_leaves_a_file_that_loads(
    program: Program, kills: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The file, its schema and the first policy: whatever is missing after a kill, the next load adds it."""
    folder = tmp_path_factory.mktemp("first")
    killer = quietly(program, folder, "load", "team.yaml", "--quiet")
    check_all_rounds(program, killer, kills["first load"], folder)


def test_a_migration_that_is_killed_ends_like_one_that_was_left_alone(
    loaded: Program, kills: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any command brings an older file up to date before it does anything else."""
    folder = tmp_path_factory.mktemp("migration")
    loaded.file("leads.csv", mixed_rows(random.Random(10), 1500))
    loaded.run("import", "leads.csv")
    back_to_3(loaded.database)
    killer = quietly(loaded, folder, "rotation", "--json")
    assert killer.result.code == 0
    assert killer.quiet.rows("PRAGMA user_version") == [(schema.VERSION,)]
    check_all_rounds(loaded, killer, kills["migration"], folder)


# --- one lead, one message ------------------------------------------------------------------------------------


def test_a_route_that_is_killed_has_routed_the_lead_or_nothing(
    loaded: Program, kills: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What was said before the end is there; and routed again, it is there once."""
    killer = Killer(loaded, "route", "--email", "quiet@example.com", "--json")
    done = number = 0
    while done < kills["route"]:
        number += 1
        person = f"person{number}@example.com"
        killer.command = ("route", "--email", person, "--json")
        struck = killer.strike(loaded)
        done += struck is not None
        kept = loaded.rows("SELECT lead, agent FROM leads WHERE email = ?", person)
        if struck is None or struck.out:
            assert len(kept) == 1
        if struck is not None and struck.out.endswith(b"}\n"):
            told = json.loads(struck.out)
            assert kept == [(told["lead"], told["agent"])]
        assert loaded.problems() == []
        again = killer.again(loaded).data
        assert again["duplicate_of"] == (kept[0][0] if kept else None)
        assert loaded.rows("SELECT lead, agent FROM leads WHERE email = ?", person) == [(again["lead"], again["agent"])]
    assert loaded.count("leads") == number + 1


TOLD = """\
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina, capacity: 1000}
agents: [{id: aina, notify: "%s"}, {id: bala, notify: "%s"}]
"""


def test_a_delivery_that_is_killed_loses_nothing_and_repeats_only_what_was_not_marked(
    program: Program, kills: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """At least once: what has no mark is sent again, under the same key, when the lease is over."""
    folder = tmp_path_factory.mktemp("notify")
    with a_webhook() as hook:
        program.file("told.yaml", TOLD % (hook.url("aina"), hook.url("bala")))
        program.file("leads.csv", "email\n" + "".join(f"person{number}@example.com\n" for number in range(60)))
        program.well("load", "told.yaml")
        program.well("import", "leads.csv", "--no-notify")
        killer = quietly(program, folder, "notify", "--quiet")
        sent = [request.key for request in hook.received]
        assert len(sent) == len(set(sent)) == 60
        done = 0
        while done < kills["notify"]:
            hook.received.clear()
            struck_at = a_copy(program, folder / "struck")
            done += killer.strike(struck_at) is not None
            assert struck_at.problems() == []
            marked = {about for (about,) in struck_at.rows("SELECT about FROM notices WHERE state = 'delivered'")}
            struck_at.well("notify", now="2026-11-20T10:10+08:00")
            assert struck_at.rows("SELECT DISTINCT state FROM notices") == [("delivered",)]
            copies = Counter(request.key for request in hook.received)
            assert set(copies) == set(sent)
            assert {key for key, count in copies.items() if count > 1} & {
                key for key in copies if key is not None and key.split("-")[0] in marked
            } == set()
            assert struck_at.problems() == []
            shutil.rmtree(struck_at.folder)
