"""The estimate of wins: who keeps a lead keeps its outcome, chance is not taken for skill, and the interval holds."""

from __future__ import annotations

from random import Random

import pytest

from leadrouter.domain.estimate import Outcome, estimate, shrunk_indices

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
    assert 0 < found.won < 1 < found.high


def test_agents_who_differ_by_chance_alone_have_the_same_index() -> None:
    chance = Random(5)
    results = [(agent, 0.2, won) for agent, won in drawn(chance, dict.fromkeys("abcdef", 0.2), 600)]
    indices = shrunk_indices(results)
    assert all(index.mean == pytest.approx(1, abs=0.2) for index in indices.values())


def test_real_skill_is_seen_and_drawn_towards_the_team() -> None:
    chance = Random(5)
    rates = {"a": 0.08, "b": 0.2, "c": 0.32}
    leads = drawn(chance, rates, 900)
    indices = shrunk_indices([(agent, 0.2, won) for agent, won in leads])
    assert indices["a"].mean < indices["b"].mean < indices["c"].mean
    for agent, index in indices.items():
        raw = sum(won for who, won in leads if who == agent) / sum(0.2 for who, _ in leads if who == agent)
        assert abs(index.mean - 1) < abs(raw - 1) + 1e-9


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
