"""Tiers: which one an agent turns in, and how the tiers share the leads under `performance`.

Shares are capped on the roster, so that nobody in a lower tier is due more than someone in a higher one; new agents
turn in a tier of their own between B and C. How results move an agent between tiers is decided in `reviews`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from leadrouter.domain import calendar
from leadrouter.domain.policy import TIERS, WEIGHT_UNIT, Agent, Policy
from leadrouter.domain.state import AgentState

if TYPE_CHECKING:
    from fractions import Fraction

PROBATION = "probation"


def tier_of(agent: Agent, state: AgentState, policy: Policy, date: str) -> str:
    """The tier an agent turns in on a date: probation until both its days and its leads are over (DOMAIN section 6).

    The tier that was applied counts, else the one written in the policy; who has neither turns in the lowest.
    """
    return PROBATION if any(probation_left(agent, state, policy, date)) else standing_tier(agent, state)


def probation_left(agent: Agent, state: AgentState, policy: Policy, date: str) -> tuple[int, int]:
    """The days and the leads still to go until probation is over; none for those who were there from the first."""
    joined = agent.joined or state.joined
    if joined is None:
        return 0, 0
    days = policy.probation.days - calendar.days_between(joined, date)
    return max(0, days), max(0, policy.probation.leads - state.leads)


def standing_tier(agent: Agent, state: AgentState) -> str:
    """The tier an agent has, or will turn in once probation is over."""
    return state.tier or agent.tier or TIERS[-1]


def tier_weights(heads: Mapping[str, int], policy: Policy) -> dict[str, int]:
    """Tier -> weight in 2520ths for the number of heads in each: the shares of the policy, capped per head.

    A tier whose heads would each be due more than those of the tier above is pooled with it (isotonic regression
    by pooling adjacent violators; Ayer et al. 1955). Probation gets the mean of B's and C's share per head.
    """
    from fractions import Fraction  # 3 ms at the start of each command, and few policies have tiers

    ranked = [tier for tier in TIERS if heads.get(tier)]
    blocks: list[tuple[Fraction, list[str]]] = []
    for tier in ranked:
        share, members = Fraction(getattr(policy.shares, tier)), [tier]
        while blocks and share / _heads(members, heads) > blocks[-1][0] / _heads(blocks[-1][1], heads):
            above, others = blocks.pop()
            share, members = share + above, [*others, *members]
        blocks.append((share, members))
    per_head = {tier: share / _heads(members, heads) for share, members in blocks for tier in members}
    found = {tier: per_head[tier] * heads[tier] for tier in ranked}
    if heads.get(PROBATION):
        beside = [per_head[tier] for tier in ("B", "C") if tier in per_head] or list(per_head.values()) or [Fraction(1)]
        found[PROBATION] = sum(beside, Fraction(0)) / len(beside) * heads[PROBATION]
    whole = sum(found.values(), Fraction(0))
    return {tier: max(1, round(share / whole * WEIGHT_UNIT)) for tier, share in found.items()}


def caps_bite(heads: Mapping[str, int], policy: Policy) -> bool:
    """Whether the shares as written would give more per head in a lower tier, so that they are capped."""
    ranked = [tier for tier in TIERS if heads.get(tier)]
    shares = policy.shares._asdict()
    return any(shares[low] * heads[high] > shares[high] * heads[low] for high, low in pairwise(ranked))


def _heads(tiers: list[str], heads: Mapping[str, int]) -> int:
    return sum(heads[tier] for tier in tiers)
