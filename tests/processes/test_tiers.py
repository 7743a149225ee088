"""`tiers` and `report agent` as a shell sees them: what is written, what is not, exit codes and JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadrouter.usecases.session import Session
from tests.usecases.results_house import ResultsHouse, differing, team, tiered_policy

from .program import Program, dump

NOW = "2026-03-02T09:00Z"
NEXT_QUARTER = "2026-06-02T09:00Z"


@pytest.fixture
def office(tmp_path: Path) -> Program:
    """Five agents who differ: Ann in C belongs into B, Dan in B into C."""
    program = Program(tmp_path)
    house = ResultsHouse(tiered_policy(*team(ann="C", ben="C", cat="C", dan="B", eve="B")), program.database)
    differing(house, (150, 60, 50, 20, 66))
    house.connection.close()
    return program


def test_nothing_moves_unless_it_is_applied(office: Program) -> None:
    before = dump(office.database)
    shown = office.run("tiers", "--json", now=NOW)
    rehearsed = office.run("tiers", "--apply", "--dry-run", now=NOW)
    assert (shown.code, rehearsed.code) == (0, 0)
    assert rehearsed.out == "5 agents reviewed, 0 moves\n"
    assert dump(office.database) == before
    assert {entry["agent"]: entry["proposed"] for entry in shown.data["agents"]} == {
        "ann": "B", "ben": "C", "cat": "C", "dan": "C", "eve": "B",
    }  # fmt: skip


def test_two_reviews_move_and_a_third_too_early_is_refused(office: Program) -> None:
    assert office.run("tiers", "--apply", "--quiet", now=NOW).out == ""
    early = office.run("tiers", "--apply", now="2026-04-02T09:00Z")
    assert (early.code, early.out) == (7, "")
    assert "2026-06-02" in early.err
    applied = office.run("tiers", "--apply", "--json", "--by", "mei", now=NEXT_QUARTER)
    assert applied.data["applied"] == [
        {"agent": "ann", "from": "C", "to": "B"},
        {"agent": "dan", "from": "B", "to": "C"},
    ]
    shown = office.run("tiers", "--json", now=NEXT_QUARTER)
    assert {entry["agent"]: entry["tier"] for entry in shown.data["agents"]}["ann"] == "B"
    log = office.run("log", "--kind", "tier_moved", "--json", now=NEXT_QUARTER)
    assert {event["by"] for event in log.data["events"]} == {"mei"}
    assert office.problems() == []


def test_a_tier_by_hand_needs_a_name_and_a_reason(office: Program) -> None:
    assert office.run("tiers", "--set", "ben=A", now=NOW).code == 2
    assert office.run("tiers", "--reason", "none", now=NOW).code == 2
    assert office.run("tiers", "--set", "ben=D", "--reason", "best", now=NOW).code == 2
    assert office.run("tiers", "--set", "nobody=A", "--reason", "best", now=NOW).code == 2
    done = office.run("tiers", "--set", "ben=a", "--reason", "covers for all", now=NOW)
    assert (done.code, done.out) == (0, "Ben goes from tier C to tier A\n")
    assert office.run("tiers", "--set", "ben=A", "--reason", "again", now=NOW).code == 7


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--apply", "--from", "2026-01-01"), id="a review of chosen leads"),
        pytest.param(("--apply", "--set", "ben=A", "--reason", "x"), id="two steps at once"),
        pytest.param(("--from", "2026-02-01", "--to", "2026-01-01"), id="dates in the wrong order"),
        pytest.param(("--from", "May"), id="no date"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], office: Program) -> None:
    done = office.run("tiers", *arguments, now=NOW)
    assert (done.code, done.out) == (2, "")


def test_a_window_and_a_report_for_one_agent(office: Program) -> None:
    window = ("--from", "2025-11-01", "--to", "2025-11-30")
    shown = office.run("tiers", *window, "--json", now=NOW)
    assert shown.data["figures"] == {"from": "2025-11-01", "to": "2025-11-30"}
    assert sum(entry["leads"] for entry in shown.data["agents"]) == 1500
    page = office.run("report", "agent", "Ann", now=NOW)
    assert page.code == 0
    assert "your results on 2 March 2026" in page.out
    data = office.run("report", "agent", "ann", "--json", now=NOW).data
    assert data["result"]["won"] == 150


def test_reading_commands_need_no_lock(office: Program) -> None:
    from leadrouter.store.database import connect

    connection = connect(office.database)
    with Session(connection, "other").writing():
        assert office.run("tiers", "--json", now=NOW).code == 0
    connection.close()
