"""A terminal of 80 columns and people with long names: nothing is cut off, and what goes into a pipe stays whole."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from .program import Program, a_copy
from .terminal import terminal

TEAM = """\
team: {name: Harbour Realty, timezone: Asia/Kuala_Lumpur, region: MY, leader: siti, currency: MYR}
agents:
  - {id: siti, name: Siti Nurhaliza binti Abdullah, role: leader}
  - {id: hafiz, name: Muhammad Hafizuddin bin Ismail, specialties: [luxury]}
  - {id: thiru, name: Thiruvenkadam Subramaniam}
  - {id: chong, name: Chong Wei Liang Alexander}
  - {id: ida, name: Nur Aisyah Humaira binti Zainal, role: isa}
rules:
  - {name: luxury homes of the west side, when: {price: ">= 2000000"}, to: {specialty: luxury}, else: everyone}
  - {name: raw, when: {source: raw}, then: qualify}
  - {name: shelf, when: {source: shelf}, then: pool}
  - {name: everyone, to: all}
handoff: {buyer: [income verified, pre-approved, timeline, neighbourhoods]}
"""
FIRST, LATER = "2026-10-26T09:00+08:00", "2026-10-29T18:00+08:00"
LEADS = "lead_id,email,source,price,intent\n" + "".join(
    f"HARBOUR-2026-{number:06},p{number}@example.com,{source},{400_000 + 90_000 * number},buyer\n"
    for number, source in enumerate(("portal", "referral", "shelf", "raw") * 6)
)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Program:
    program = Program(tmp_path_factory.mktemp("narrow"))
    program.file("team.yaml", TEAM)
    program.file("other.yaml", TEAM.replace("strategy: round_robin", "strategy: weighted").replace("buyer", "seller"))
    program.file("leads.csv", LEADS)
    program.well("load", "team.yaml", now=FIRST)
    program.well("import", "leads.csv", now=FIRST)
    program.well("won", WON, "--value", "480000", now=FIRST)
    program.well("request", "HARBOUR-2026-000004", "--agent", "siti", now=FIRST)
    return program


@pytest.fixture
def desk(once: Program, tmp_path: Path) -> Program:
    """A file in which all of that has happened."""
    return a_copy(once, tmp_path)


LEAD, WON = "HARBOUR-2026-000000", "HARBOUR-2026-000001"
COMMANDS: tuple[tuple[str, ...], ...] = (
    (), ("load", "other.yaml"), ("check", "team.yaml", "--advise"), ("policy",), ("policy", "--history"),
    ("route", "--email", "new@example.com", "--price", "2500000"), ("import", "leads.csv", "--dry-run"),
    ("explain", LEAD), ("explain", LEAD, "--agent", "siti"), ("show", LEAD), ("open",), ("open", "--agent", "hafiz"),
    ("rotation",), ("pool",), ("claim", "HARBOUR-2026-000002", "--agent", "hafiz"), ("claim", LEAD, "--agent", "hafiz"),
    ("request", LEAD, "--agent", "chong"), ("won", LEAD), ("won", WON), ("lost", LEAD), ("void", LEAD),
    ("transfer", LEAD, "--to", "chong", "--reason", "x"), ("contact", LEAD, "--at", "2026-10-01T10:00"),
    ("handoff", "HARBOUR-2026-000003"), ("reclaim",), ("log",), ("forget", LEAD), ("verify",), ("tiers",),
    ("report", "monthly"), ("report", "agent", "thiru"), ("simulate", "other.yaml"),
    ("away", "hafiz", "--until", "2026-12-31"), ("credit", "siti", "1", "--rotation", "everyone", "--reason", "x"),
)  # fmt: skip
REFUSED = frozenset({"claim", "won", "contact", "handoff", "credit"})
"""Commands above that may be: what they say then is looked at too."""


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_nothing_is_wider_than_a_terminal_of_80_columns(arguments: tuple[str, ...], desk: Program) -> None:
    with terminal(desk, *arguments, env={"LEADROUTER_NOW": LATER, "PAGER": "cat", "NO_COLOR": "1"}) as opened:
        code = opened.ended()
    assert code == 0 or arguments[0] in REFUSED, opened.seen
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", opened.seen.replace("\r\n", "\n"))
    lines = [line.rpartition("\r")[2] for line in shown.split("\n")]  # a progress bar is drawn over
    assert [line for line in lines if columns(line) > 80] == []
    assert "Traceback" not in shown


def columns(line: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in line)


@pytest.mark.parametrize("arguments", [("reclaim",), ("policy", "--history"), ("won", WON)])
def test_in_a_pipe_a_line_is_a_line_however_long_it_is(arguments: tuple[str, ...], desk: Program) -> None:
    piped = desk.run(*arguments, now=LATER)
    folded = desk.run(*arguments, now=LATER, env={"COLUMNS": "80"})
    assert max(map(len, (piped.out + piped.err).splitlines())) > 80
    assert max(map(len, (folded.out + folded.err).splitlines()), default=0) <= 80


def test_what_programs_read_is_whole_also_in_a_terminal(desk: Program) -> None:
    """JSON, Markdown, CSV: a line end inside would make something else of it."""
    with terminal(desk, "show", "nothing of this name " * 9, "--json", env={"LEADROUTER_NOW": LATER}) as opened:
        assert opened.ended() == 2
    assert len(opened.seen.strip().splitlines()) == 1
    with terminal(desk, "policy", "--markdown", env={"LEADROUTER_NOW": LATER, "PAGER": "cat"}) as opened:
        assert opened.ended() == 0
    assert max(map(len, opened.seen.splitlines())) > 80


def test_a_pretended_moment_is_told_in_a_terminal_where_something_is_written(desk: Program) -> None:
    """A variable set for the examples is easily forgotten; what goes into a pipe is left alone."""
    with terminal(desk, "lost", LEAD, env={"LEADROUTER_NOW": LATER}) as opened:
        assert opened.ended() == 0
    assert "pretending that it is Thu 29 Oct 18:00" in opened.seen
    with terminal(desk, "reopen", LEAD, "--reason", "x", "--now", "2026-10-29T18:01+08:00") as opened:
        assert opened.ended() == 0
    assert "pretending" not in opened.seen


def test_ids_that_people_need_are_whole_in_tables(desk: Program) -> None:
    with terminal(desk, "open", "--agent", "hafiz", env={"LEADROUTER_NOW": LATER, "PAGER": "cat"}) as opened:
        assert opened.ended() == 0
    held = [
        external for (external,) in desk.rows("SELECT external_id FROM leads WHERE agent = 'hafiz' AND state <> 'won'")
    ]
    assert [external for external in held if external not in opened.seen] == []
