"""Who did it stands on every event by hand: whoever --by names, else the system's user; overrides are in the audit."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from leadrouter.cli.app import COMMANDS, build

from .program import Program, a_copy

READING = frozenset(
    {"init", "check", "policy", "simulate", "open", "dashboard", "show", "explain", "due", "rotation", "report", "pool",
     "verify", "log", "notify", "export", "backup"}
)  # fmt: skip
"""Commands that make no event: what `notify` delivers was decided by others."""

TEAM = """\
team: {timezone: Asia/Kuala_Lumpur, leader: aina, capacity: 100}
agents: [Aina, Bala, {name: Ida, role: isa}]
rules:
  - {name: first, when: {source: raw}, then: qualify}
  - {name: left, when: {source: left}, then: pool}
  - {name: everyone, to: all}
acceptance: {hot: off, warm: off, cold: 8h}
"""
ROUTE = ("route", "--email", "kim@example.com")
OFFERED = ((*ROUTE, "--quality", "cold"),)
POOLED, RAW = ((*ROUTE, "--source", "left"),), ((*ROUTE, "--source", "raw"),)
Command = tuple[str, ...]

STEPS: dict[str, tuple[tuple[Command, ...], Command, str]] = {
    "load": ((), ("load", "other.yaml"), "policy_loaded"),
    "route": ((), ROUTE, "assigned"),
    "import": ((), ("import", "leads.csv"), "assigned"),
    "import --history": ((), ("import", "past.csv", "--history"), "past"),
    "record": ((ROUTE,), ("record", "outcomes.csv"), "won"),
    "accept": (OFFERED, ("accept", "1"), "accepted"),
    "decline": (OFFERED, ("decline", "1", "--reason", "busy"), "declined"),
    "contact": ((ROUTE,), ("contact", "1"), "contacted"),
    "appointment": ((ROUTE,), ("appointment", "1"), "appointment"),
    "no-show": ((ROUTE, ("appointment", "1")), ("no-show", "1"), "no_show"),
    "extend": ((ROUTE,), ("extend", "1", "--days", "2", "--reason", "x"), "extended"),
    "won": ((ROUTE,), ("won", "1"), "won"),
    "lost": ((ROUTE,), ("lost", "1"), "lost"),
    "void": ((ROUTE,), ("void", "1"), "voided"),
    "rate": ((ROUTE,), ("rate", "1", "5"), "rated"),
    "transfer": ((ROUTE,), ("transfer", "1", "--to", "bala", "--reason", "x"), "transferred"),
    "reopen": ((ROUTE, ("lost", "1")), ("reopen", "1", "--reason", "x"), "reopened"),
    "edit": ((ROUTE,), ("edit", "1", "--name", "Kim"), "edited"),
    "claim": (POOLED, ("claim", "1", "--agent", "bala"), "claimed"),
    "release": ((ROUTE,), ("release", "1"), "released"),
    "request": ((ROUTE,), ("request", "1", "--agent", "bala"), "requested"),
    "request --approve": ((ROUTE, ("request", "1", "--agent", "bala")), ("request", "1", "--approve"), "transferred"),
    "request --refuse": ((ROUTE, ("request", "1", "--agent", "bala")), ("request", "1", "--refuse"), "request_refused"),
    "handoff": (RAW, ("handoff", "1"), "handed_off"),
    "incubate": ((ROUTE,), ("incubate", "1"), "incubated"),
    "touch": ((ROUTE, ("incubate", "1")), ("touch", "1", "--intent", "no"), "touched"),
    "away": ((), ("away", "bala"), "went_away"),
    "back": ((("away", "bala"),), ("back", "bala"), "came_back"),
    "credit": ((ROUTE,), ("credit", "bala", "1", "--rotation", "everyone", "--reason", "x"), "credited"),
    "complaint": ((), ("complaint", "bala", "--about", "x"), "complained"),
    "complaint --answer": (
        (("complaint", "bala", "--about", "x"),), ("complaint", "bala", "--answer", "y"), "complaint_answered",
    ),
    "tiers": ((), ("tiers", "--set", "bala=A", "--reason", "x"), "tier_set"),
    "reclaim": ((ROUTE,), ("reclaim", "--now", "2026-11-20T13:00+08:00"), "escalated"),
    "forget": ((ROUTE,), ("forget", "1"), "forgotten"),
    "forget --allow": ((ROUTE, ("forget", "1")), ("forget", "--allow", "kim@example.com"), "allowed"),
}  # fmt: skip
"""What was done before, the command itself, and the event it makes."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = Program(tmp_path_factory.mktemp("by"))
    program.file("team.yaml", TEAM)
    program.file("other.yaml", TEAM.replace("Bala,", "Bala, Chong,"))
    program.file("leads.csv", "email\nann@example.com\n")
    program.file("past.csv", "email,agent,state\nann@example.com,aina,lost\n")
    program.file("outcomes.csv", "lead,what\n1,won\n")
    assert program.run("load", "team.yaml").code == 0
    return program


@pytest.mark.parametrize(
    ("step", "named"),
    [*((step, True) for step in STEPS), *((step, False) for step in ("load", "route", "won", "forget"))],
)
def test_the_event_says_who_did_it(step: str, named: bool, office: Program, tmp_path: Path) -> None:
    program = a_copy(office, tmp_path)
    before, command, kind = STEPS[step]
    for earlier in before:
        assert program.run(*earlier, "--by", "somebody").code in (0, 3)
    done = program.run(*command, *(("--by", "Mei Tan") if named else ()))
    assert done.code == 0, done.err
    ((by,),) = program.rows("SELECT by FROM events WHERE kind = ? ORDER BY seq DESC LIMIT 1", kind)
    assert by == ("Mei Tan" if named else getpass.getuser())


def test_every_command_that_makes_events_takes_by_and_is_above() -> None:
    group = build()
    for name in COMMANDS.keys() - READING:
        assert any("--by" in option.opts for option in group.commands[name].params), name
    assert {step.split()[0] for step in STEPS} == COMMANDS.keys() - READING


OVERRIDES = ("transferred", "reopened", "credited", "tier_set", "handed_off")


def test_what_was_decided_by_hand_is_named_in_the_audit_with_who_did_it(office: Program, tmp_path: Path) -> None:
    program = a_copy(office, tmp_path)
    raw = ("--source", "raw", "--intent", "buyer")
    for command in (
        ROUTE, ("transfer", "1", "--to", "bala", "--reason", "x"), ("lost", "1"), ("reopen", "1", "--reason", "x"),
        ("credit", "bala", "1", "--rotation", "everyone", "--reason", "x"),
        ("tiers", "--set", "bala=A", "--reason", "x"),
        ("route", "--email", "eve@example.com", *raw), ("handoff", "2", "--reason", "x"),
    ):  # fmt: skip
        done = program.run(*command, *(("--by", "Mei Tan") if command[0] != "route" else ()))
        assert done.code == 0, done.err
    audit = json.loads(program.well("report", "monthly", "--json").out)
    assert sorted((entry["what"], entry["by"]) for entry in audit["overrides"]) == [
        (what, "Mei Tan") for what in sorted(OVERRIDES)
    ]
    assert program.well("report", "monthly").out.count("Mei Tan") == len(OVERRIDES)
