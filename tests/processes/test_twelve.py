"""Twelve writers of mixed commands on one file, and backups meanwhile: a few seconds, and with `--long` a minute.

Nobody meets a lock error, nobody waits long behind an import, and what each process reported is in the file.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import pytest

from leadrouter.store import database, transactions
from leadrouter.store.at_rest import at_rest
from leadrouter.usecases.verify import verify

from .program import NOW, Program, Result

TEAM = """\
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina, capacity: 100000}
agents: [Aina, Bala, Chong, Devi, %s]
rules:
  - {name: leftovers, when: {source: old}, then: pool}
  - {name: everyone, to: all}
pool: {per_agent_per_day: off}
"""

SECONDS, LONG_SECONDS = 5.0, 60.0

LONGEST_WAIT = 2.0
"""Seconds that anybody may wait for the lock while imports run, where the twelve have the machine for themselves."""

A_PIECE_OF_WORK = 0.002
"""Seconds of a processor's time."""


class Span(NamedTuple):
    """From when to when, on the test's own stopwatch."""

    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


class Told(NamedTuple):
    """A command that ended, what it printed, and when it ran."""

    command: tuple[str, ...]
    result: Result
    span: Span


class Office:
    """Lanes that all work until the time is over. Each takes one command after the other."""

    def __init__(self, program: Program, seconds: float) -> None:
        self.program = program
        self.seconds = seconds
        self.told: list[Told] = []
        self.waits: list[Span] = []
        self.crowds: list[float] = []
        self._start = threading.Barrier(12)
        self._ends = 0.0

    def lane(self, number: int) -> None:
        kind = LANES[number]
        chance = random.Random(number)
        self._start.wait()
        self._ends = self._ends or time.monotonic() + self.seconds
        turn = 0
        while time.monotonic() < self._ends:
            turn += 1
            kind(self, number, turn, chance)

    def run(self, *command: str, now: str = NOW) -> None:
        began = time.perf_counter()
        result = self.program.run(*command, now=now)
        self.told.append(Told(command, result, Span(began, time.perf_counter())))

    @property
    def longest_wait(self) -> float:
        """The longest that anybody may wait here: a machine that does other work as well is that much slower."""
        ours = 12 / (os.cpu_count() or 1)
        return LONGEST_WAIT * max(1.0, mean(self.crowds) / ours)

    def waits_behind(self, command: str, *others: str) -> list[float]:
        """How long it took to get the lock while such a command ran and none of the others did."""

        def meets(wait: Span, *commands: str) -> bool:
            spans = (entry.span for entry in self.told if entry.command[0] in commands)
            return any(span.began < wait.ended and wait.began < span.ended for span in spans)

        return [wait.seconds for wait in self.waits if meets(wait, command) and not meets(wait, *others)]

    def some_lead(self, chance: random.Random) -> str:
        return f"id:{chance.randint(1, max(1, self.program.count('leads')))}"


def importing(office: Office, lane: int, turn: int, chance: random.Random) -> None:
    """A file of 1,500 new persons, and the same twice more."""
    part = turn // 3
    name = f"leads-{lane}-{part}.csv"
    rows = "".join(
        f"I-{lane}-{part}-{row},person{row}-{part}@{lane}.example.com,{('web', 'old')[row % 20 == 0]}\n"
        for row in range(1500)
    )
    office.program.file(name, "external_id,email,source\n" + rows)
    office.run("import", name, "--json")


def routing(office: Office, lane: int, turn: int, chance: random.Random) -> None:
    office.run("route", "--email", f"{turn}@{lane}.example.org", "--json")


def working(office: Office, lane: int, turn: int, chance: random.Random) -> None:
    """A step of a lead that anybody may be at as well; what its state does not allow is refused."""
    lead = office.some_lead(chance)
    step = chance.choice([
        ("contact", lead), ("appointment", lead), ("won", lead, "--value", "5"), ("lost", lead), ("void", lead),
        ("transfer", lead, "--to", "bala", "--reason", "asked"), ("reopen", lead, "--reason", "slip"),
        ("edit", lead, "--name", f"Name {turn}"), ("claim", lead, "--agent", "chong"), ("release", lead),
    ])  # fmt: skip
    office.run(*step, "--json")


def leading(office: Office, lane: int, turn: int, chance: random.Random) -> None:
    """What a broker does: another policy, time off, a correction."""
    office.program.file(f"team-{lane}.yaml", TEAM % ("Eva", "Farid")[turn % 2])
    office.run(*chance.choice([
        ("load", f"team-{lane}.yaml", "--json"), ("away", "devi", "--json"), ("back", "devi", "--json"),
        ("credit", "bala", "1/2", "--rotation", "everyone", "--reason", "owed", "--json"),
    ]))  # fmt: skip


def sweeping(office: Office, lane: int, turn: int, chance: random.Random) -> None:
    office.run("reclaim", "--json")


def backing_up(office: Office, lane: int, turn: int, chance: random.Random) -> None:
    office.run("backup", f"backup-{turn}.db", "--json")


def waiting(office: Office, lane: int, turn: int, chance: random.Random) -> None:
    """Takes the lock as the program does, and measures nothing but how long that takes, and how crowded it is."""
    office.crowds.append(crowd())
    with closing(database.connect(office.program.database)) as connection:
        began = time.perf_counter()
        with transactions.writing(connection):
            office.waits.append(Span(began, time.perf_counter()))
    time.sleep(0.01)  # only to leave the others their turns


def crowd() -> float:
    """How many times as long as alone a piece of work takes at this moment."""
    began, used = time.perf_counter(), time.thread_time()
    while time.thread_time() - used < A_PIECE_OF_WORK:
        pass
    return (time.perf_counter() - began) / A_PIECE_OF_WORK


Lane = Callable[[Office, int, int, random.Random], None]

LANES: tuple[Lane, ...] = (
    importing, importing, routing, routing, routing, working, working, working, leading, sweeping, backing_up, waiting,
)  # fmt: skip


@pytest.fixture
def office(program: Program, long: bool) -> Office:
    """Twelve lanes that have done their work."""
    program.file("team.yaml", TEAM % "Eva")
    program.well("load", "team.yaml")
    office = Office(program, LONG_SECONDS if long else SECONDS)
    office.run("route", "--email", "first@example.org", "--json")
    with ThreadPoolExecutor(12) as lanes:
        list(lanes.map(office.lane, range(12)))
    return office


def test_twelve_writers_of_mixed_commands_are_in_nobodys_way(office: Office) -> None:
    program, told = office.program, office.told
    assert {kind.command[0] for kind in told} >= {"import", "route", "reclaim", "backup"}

    # no lock error reaches the user; what the state of a lead does not allow is refused, and nothing else goes wrong
    codes = Counter(entry.result.code for entry in told)
    assert codes.keys() <= {0, 3, 7}, [entry for entry in told if entry.result.code not in (0, 3, 7)]
    assert not [entry for entry in told if "Traceback" in entry.result.err or "busy" in entry.result.err]

    # nobody waits over two seconds behind an import (a load is one step, which reckons every open lead's clocks anew)
    waits = office.waits_behind("import", "load")
    assert len(waits) >= 5
    assert max(waits) < office.longest_wait, (office.longest_wait, sorted(waits)[-5:])

    # invariants
    assert program.problems() == []
    check_what_was_told(program, told)
    check_backups(program, told)


def check_what_was_told(program: Program, told: list[Told]) -> None:
    """Every lead that a process reported is there, once; every step that was not refused happened."""
    routed = [entry.result.data["lead"] for entry in told if entry.command[0] == "route"]
    imports = [entry for entry in told if entry.command[0] == "import"]
    assert len(routed) == len(set(routed))
    assert program.count("leads") == len(routed) + sum(entry.result.data["new"] for entry in imports)
    for entry in imports:
        parts = ("new", "inquiries", "unchanged", "rejected")
        assert sum(entry.result.data[part] for part in parts) == entry.result.data["rows"] == 1500
    assert program.rows("SELECT count(*), count(DISTINCT email) FROM leads") == [(program.count("leads"),) * 2]
    happened = Counter(kind for (kind,) in program.rows("SELECT kind FROM events"))
    done = Counter(entry.command[0] for entry in told if entry.result.code == 0)
    for command, kind in {"won": "won", "lost": "lost", "void": "voided", "claim": "claimed"}.items():
        assert happened[kind] == done[command], command


def check_backups(program: Program, told: list[Told]) -> None:
    """Each is a moment of the file: it proves itself, and its head is in the chain that went on."""
    chain = {bytes(link).hex(): seq for seq, link in program.rows("SELECT seq, hash FROM events")}
    made = [entry.result.data for entry in told if entry.command[0] == "backup"]
    assert made
    for backup in made:
        assert backup["problems"] == []
        assert chain[backup["head"]] == backup["events"]
        path = program.folder / backup["file"]
        assert path.stat().st_mode & 0o777 == 0o600
    with closing(at_rest(Path(path))) as copied:
        assert verify(copied, expect=backup["head"]).ok
    with closing(database.connect(program.database)) as connection:
        assert verify(connection, expect=backup["head"]).ok
