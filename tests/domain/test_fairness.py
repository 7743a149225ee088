"""The distribution audit: made from counts alone, it says what the ledger says, and explains the rest."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from leadrouter.domain.fairness import OUTSIDE, Distribution, Tally, distribution
from leadrouter.domain.policy import Team
from leadrouter.domain.rounds import UNIT
from tests.domain.drawn import Move, drawn_branch, live, moves, seeds
from tests.factories import Branch, make_agent, make_policy


def audit(branch: Branch) -> Distribution:
    """The audit of everything that ever happened at a branch."""
    counts = Counter[tuple[int, str, str]]()
    for (_, panel, agent, what), times in branch.desk.changes.tallies.items():
        counts[panel, agent, what] += times
    return distribution([Tally(*key, times) for key, times in counts.items()], branch.desk.panels)


@settings(max_examples=60)
@given(seeds, moves)
def test_due_and_received_are_those_of_the_ledger(seed: int, history: list[Move]) -> None:
    branch = live(drawn_branch(seed, 1 + seed % 9), history)
    lines = audit(branch).lines
    for rotation in branch.desk.ledger.credit:
        for agent, account in branch.desk.ledger.accounts(rotation).items():
            line = lines.get(rotation, {}).get(agent)
            if line is None:
                assert (account.due, account.received) == (0, 0)
                continue
            by_turns = line.received - sum(line.explained.values())
            assert (line.due, by_turns) == (account.due, account.received)


@settings(max_examples=60)
@given(seeds, moves)
def test_what_was_not_due_of_the_full_share_has_a_name_or_went_to_others(seed: int, history: list[Move]) -> None:
    found = audit(live(drawn_branch(seed, 1 + seed % 9), history)).lines
    every = [line for lines in found.values() for line in lines.values()]
    turns = sum(abs(line.received) for line in every) + len(history)
    whole = sum(line.full_share for line in every)
    assert whole >= sum(line.due for line in every) - 20 * len(every) * turns  # more, while leads wait for somebody
    for lines in found.values():
        for line in lines.values():
            assert 0 <= sum(line.lost_to.values()) <= line.full_share + len(line.lost_to)
            assert line.full_share <= line.due + sum(line.lost_to.values()) + 100_000 * turns


def test_an_agent_stuck_at_capacity_does_not_look_fine() -> None:
    branch = Branch(make_policy([make_agent("aina", capacity=2), make_agent("bala", capacity=99)]))
    branch.deal(12)
    lines = audit(branch).lines["everyone"]
    assert (lines["aina"].due / UNIT, lines["aina"].received, lines["aina"].full_share / UNIT) == (1.5, 2, 6.0)
    assert {name: share / UNIT for name, share in lines["aina"].lost_to.items()} == {"capacity": 4.5}
    assert lines["bala"].due / UNIT == 10.5


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        pytest.param({"time_off": (("2026-03-01", "2026-03-09"),)}, "time_off", id="time off"),
        pytest.param({"hours": ()}, "hours", id="hours"),
        pytest.param({"capacity": 0}, "capacity", id="capacity"),
        pytest.param({"left": "2026-03-01"}, None, id="who has left had no share to lose"),
        pytest.param({"joined": "2026-04-01"}, None, id="nor who has not joined"),
    ],
)
def test_what_took_a_share_is_named(fields: dict[str, object], word: str | None) -> None:
    branch = Branch(make_policy([make_agent("aina", **fields), make_agent("bala")]))
    branch.deal(10)
    found = audit(branch)
    lines = found.lines["everyone"]
    assert ("aina" in lines) is (word is not None)
    if word is not None:
        assert lines["aina"].lost_to == {word: 5 * UNIT}
    assert sum(found.skips["aina"].values()) == 10


@pytest.mark.parametrize("limit", ["per_day", "per_hour"])
def test_limits_take_a_share_too(limit: str) -> None:
    branch = Branch(make_policy([make_agent("aina", **{limit: 1}), make_agent("bala")]))
    branch.deal(5)
    assert audit(branch).lines["everyone"]["aina"].lost_to == {"limits": 2 * UNIT}


def test_transfers_are_explained_and_no_deviation_of_the_turns() -> None:
    branch = Branch(make_policy(2))
    branch.deal(4)
    branch.transfer(1, "a02")
    found = audit(branch)
    lines = found.lines["everyone"]
    assert [(lines[agent].received, lines[agent].difference) for agent in ("a01", "a02")] == [(1, -1.0), (3, 1.0)]
    assert [dict(lines[agent].explained) for agent in ("a01", "a02")] == [{"transferred": -1}, {"transferred": 1}]
    assert [lines[agent].off_turn for agent in ("a01", "a02")] == [0.0, 0.0]


def test_a_void_is_as_if_it_had_never_been_dealt() -> None:
    branch = Branch(make_policy(2))
    branch.deal(3)
    branch.close(3, "voided")
    lines = audit(branch).lines["everyone"]
    assert {agent: (line.due / UNIT, line.received) for agent, line in lines.items()} == {"a01": (1, 1), "a02": (1, 1)}
    branch.reopen(3)
    assert audit(branch).lines["everyone"]["a01"].received == 2


def test_a_lead_that_came_to_rest_with_the_leader_stands_outside_the_rotations() -> None:
    team = [make_agent("aina"), make_agent("lena", role="leader")]
    branch = Branch(make_policy(team, team=Team(leader="lena")))
    branch.route()
    branch.reclaim(1)
    found = audit(branch)
    assert found.lines[OUTSIDE]["lena"].explained == {"rested": 1}
    assert found.lines["everyone"]["aina"].received == 1
    assert (found.lines[OUTSIDE]["lena"].off_turn, found.lines["everyone"]["aina"].off_turn) == (0.0, 0.0)


def test_a_skip_is_counted_for_each_lead_it_kept_from_an_agent() -> None:
    branch = Branch(make_policy([make_agent("aina", capacity=1), make_agent("bala", capacity=1)]))
    branch.deal(4)
    assert audit(branch).skips == {"aina": {"capacity": 3}, "bala": {"capacity": 2}}
