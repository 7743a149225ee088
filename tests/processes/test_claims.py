"""Two processes that want the same lead: one gets it, a thousand times over, and the other is told who did."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from .program import PATIENCE, Program

LEADS = 1000

POOLED = """
team: {timezone: Asia/Kuala_Lumpur, region: MY, leader: aina}
agents: [{name: Aina, capacity: 5000}, {name: Bala, capacity: 5000}]
rules:
  - {name: leftovers, when: {source: old}, then: pool}
  - {name: everyone, to: all}
pool: {per_agent_per_day: off}
"""

CLAIMING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from leadrouter.errors import Refused
from leadrouter.store.database import connect
from leadrouter.usecases.session import Session
from leadrouter.usecases.steps import take_step

agent = sys.argv[1]
session = Session(connect(Path("leadrouter.db")), agent)
print("ready", flush=True)
for lead in map(int, sys.stdin):
    try:
        take_step(session, "claim", f"id:{lead}", datetime(2026, 11, 20, 4, tzinfo=UTC), details={"agent": agent})
        print(lead, "mine", flush=True)
    except Refused as refused:
        print(lead, refused.message, flush=True)
"""


@pytest.fixture
def pool(program: Program) -> Program:
    """A file with a thousand leads in the pool."""
    program.file("team.yaml", POOLED)
    program.well("load", "team.yaml")
    lines = "".join(f"X-{number},person{number}@example.com,old\n" for number in range(LEADS))
    program.file("leads.csv", "external_id,email,source\n" + lines)
    assert program.well("import", "leads.csv", "--json").data["by_state"] == {"pooled": LEADS}
    return program


def test_of_two_processes_that_claim_a_thousand_leads_one_wins_each(pool: Program) -> None:
    runners = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMING, agent],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=pool.folder,
            text=True,
        )
        for agent in ("aina", "bala")
    ]
    told: list[dict[str, str]] = [{}, {}]
    for runner in runners:
        assert _answer(runner) == "ready"
    for lead in range(1, LEADS + 1):
        for runner in runners if lead % 2 else reversed(runners):
            assert runner.stdin is not None
            runner.stdin.write(f"{lead}\n")
            runner.stdin.flush()
        for said, runner in zip(told, runners, strict=True):
            number, word = _answer(runner).split(" ", 1)
            said[number] = word
    assert [runner.communicate(timeout=PATIENCE) for runner in runners] == [("", ""), ("", "")]

    winners = dict(pool.rows("SELECT lead, agent FROM leads"))
    for lead in range(1, LEADS + 1):
        mine = {agent for agent, said in zip(("aina", "bala"), told, strict=True) if said[str(lead)] == "mine"}
        assert mine == {winners[lead]}
    for agent, said in zip(("aina", "bala"), told, strict=True):
        for number, word in said.items():
            winner = winners[int(number)].title()
            assert word == "mine" or word.endswith(f"is assigned with {winner}"), (agent, number, word)
    assert pool.rows("SELECT count(*), count(DISTINCT lead) FROM events WHERE kind = 'claimed'") == [(LEADS, LEADS)]
    assert len(Counter(winners.values())) == 2, "they never met"
    assert pool.problems() == []


def _answer(runner: subprocess.Popen[str]) -> str:
    assert runner.stdout is not None
    return runner.stdout.readline().rstrip("\n")


def test_whoever_comes_second_is_refused_and_told_what_is_allowed(pool: Program) -> None:
    pool.well("claim", "X-1", "--agent", "Aina")
    refused = pool.run("claim", "X-1", "--agent", "bala")
    assert refused.code == 7
    assert "assigned with Aina" in refused.err
    assert "allowed now: contact" in refused.err
