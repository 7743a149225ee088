"""Tiers on the desk: which one an agent turns in, how long probation lasts, and when the shares are capped."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadrouter.domain.policy import WEIGHT_UNIT, Shares
from leadrouter.domain.state import AgentState
from leadrouter.domain.strategies import SKILL_UNIT, Candidate, room_and_skill
from leadrouter.domain.tiers import caps_bite, probation_left, standing_tier, tier_of, tier_weights
from tests.factories import Branch, make_agent, make_policy

DAY = "2026-10-01"


@pytest.mark.parametrize(
    ("written", "applied", "tier"),
    [("A", "B", "B"), ("A", None, "A"), (None, "A", "A"), (None, None, "C")],
)
def test_the_applied_tier_goes_before_the_written_one_and_without_either_it_is_c(
    written: str | None, applied: str | None, tier: str
) -> None:
    agent, state = make_agent("aina", tier=written), AgentState("aina", tier=applied)
    assert standing_tier(agent, state) == tier_of(agent, state, make_policy(), DAY) == tier


@pytest.mark.parametrize(
    ("joined", "leads", "left"),
    [
        pytest.param(None, 0, (0, 0), id="there from the first"),
        pytest.param("2026-10-01", 0, (60, 50), id="the first day"),
        pytest.param("2026-08-03", 50, (1, 0), id="a day to go"),
        pytest.param("2026-08-02", 49, (0, 1), id="a lead to go"),
        pytest.param("2026-08-02", 50, (0, 0), id="both are over"),
        pytest.param("2026-01-01", 900, (0, 0), id="long over"),
    ],
)
def test_probation_lasts_for_sixty_days_and_fifty_leads(joined: str | None, leads: int, left: tuple[int, int]) -> None:
    agent, state = make_agent("aina", tier="A"), AgentState("aina", joined=joined, leads=leads)
    assert probation_left(agent, state, make_policy(), DAY) == left
    assert (tier_of(agent, state, make_policy(), DAY) == "probation") == any(left)


heads = st.fixed_dictionaries({}, optional={tier: st.integers(1, 9) for tier in ("A", "B", "C")})


@given(heads, st.sampled_from([Shares(), Shares(40, 40, 20), Shares(20, 30, 50)]))
def test_nobody_in_a_lower_tier_is_due_more_and_the_caps_bite_exactly_where_they_would_be(
    heads: dict[str, int], shares: Shares
) -> None:
    policy = make_policy(shares=shares)
    weights = tier_weights(heads, policy)
    per_head = [weights[tier] / heads[tier] for tier in ("A", "B", "C") if tier in heads]
    assert all(high >= low - 1 for high, low in pairwise(per_head))  # 1: whole 2520ths
    written = {tier: getattr(shares, tier) for tier in heads}
    uncapped = {tier: share / sum(written.values()) * WEIGHT_UNIT for tier, share in written.items()}
    moved = any(abs(uncapped[tier] - weights[tier]) > 1 for tier in heads)
    assert moved <= caps_bite(heads, policy)


def test_hunt_group_takes_skill_1_where_it_is_unknown() -> None:
    branch = Branch(make_policy([make_agent("aina", capacity=10), make_agent("bala", capacity=10)]))
    candidates = [Candidate(agent, WEIGHT_UNIT) for agent in branch.policy.agents]
    assert room_and_skill(candidates, branch.desk) == [200, 200]
    figures: dict[str, Any] = {"tier": "C", "finding": "stay", "verdict": "within"}
    branch.record("reviewed", agent="aina", skill=SKILL_UNIT * 3 // 2, **figures)
    assert room_and_skill(candidates, branch.desk) == [300, 200]
    branch.record("reviewed", agent="aina", **figures)  # too few this time: what was known stays
    assert room_and_skill(candidates, branch.desk) == [300, 200]


def test_skill_multiplies_the_weight_of_the_policy() -> None:
    branch = Branch(make_policy([make_agent("aina", capacity=10)]))
    branch.record("reviewed", agent="aina", tier="C", finding="stay", verdict="within", skill=1500)
    assert room_and_skill([Candidate(branch.policy.agents[0], 2 * WEIGHT_UNIT)], branch.desk) == [600]
