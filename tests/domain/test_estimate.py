"""The estimate of wins: who keeps a lead keeps its outcome, chance is not taken for skill, and the interval holds."""

from __future__ import annotations

from random import Random
from statistics import fmean

import pytest

from leadrouter.domain.estimate import Outcome, estimate

KIND = ("portal", "warm")


def drawn(chance: Random, rates: dict[str, float], count: int) -> list[tuple[str, bool]]:
    """So many leads over these agents, each won at its agent's own rate."""
    agents = sorted(rates)
    return [(agent, chance.random() < rates[agent]) for agent in (chance.choice(agents) for _ in range(count))]


def test_without_a_change_the_estimate_is_what_happened() -> None:
    leads = [Outcome(KIND, "a", "a", won) for won in (True, False, True)]
    assert estimate(leads) == (2, 2, 2, 2)


def test_a_lead_that_would_reach_nobody_is_not_won() -> None:
    leads = [Outcome(KIND, "a", None, True), Outcome(KIND, "a", "a", True)]
    assert estimate(leads)[1:] == (1, 1, 1)


def test_where_nothing_was_won_so_far_something_may_be() -> None:
    found = estimate([Outcome(KIND, "a", "b", False) for _ in range(20)])
    assert found.low == 0
    assert found.won == 0 < found.high


def test_who_wins_more_is_expected_to_win_more_but_less_than_it_looks() -> None:
    chance = Random(5)
    rates = {"a": 0.08, "b": 0.2, "c": 0.32}
    then = drawn(chance, rates, 900)
    found = {}
    for agent in rates:
        leads = [Outcome(KIND, who, agent, won) for who, won in then]
        theirs = [won for who, won in then if who == agent]
        found[agent] = (estimate(leads).won - sum(theirs)) / (len(then) - len(theirs))
    assert found["a"] < found["b"] < found["c"]
    raw = {agent: fmean(won for who, won in then if who == agent) for agent in rates}
    assert raw["a"] < found["a"]
    assert found["c"] < raw["c"]


def test_somebody_who_never_had_a_lead_is_taken_to_be_like_the_team_with_more_doubt() -> None:
    then = drawn(Random(5), dict.fromkeys("abcd", 0.25), 400)
    new = estimate([Outcome(KIND, who, "new", won) for who, won in then])
    known = estimate([Outcome(KIND, who, "a", won) for who, won in then])
    assert new.won == pytest.approx(sum(won for _, won in then), rel=0.1)
    assert new.high - new.low > known.high - known.low


@pytest.mark.parametrize("skilled", [False, True])
def test_the_interval_holds_what_really_happens_as_often_as_it_says(skilled: bool) -> None:
    """Outcomes drawn anew for the leads that move: in at least 90 of 100 worlds they lie inside."""
    inside = 0
    for world in range(100):
        chance = Random(world)
        rates = {agent: chance.uniform(0.1, 0.4) if skilled else 0.25 for agent in "abcdefgh"}
        then = drawn(chance, rates, 400)
        moved = [chance.choice(sorted(rates)) for _ in then]
        leads = [Outcome(KIND, agent, other, won) for (agent, won), other in zip(then, moved, strict=True)]
        truth = sum(
            won if agent == other else chance.random() < rates[other]
            for (agent, won), other in zip(then, moved, strict=True)
        )
        found = estimate(leads)
        inside += found.low <= truth <= found.high
    assert inside >= 90
