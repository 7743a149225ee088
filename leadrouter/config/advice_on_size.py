"""Advice by the size of the team (DOMAIN section 12): start simple, and add what the size asks for.

Said only when it is asked for (`check --advise`), since a team may know better. Leaders and inside sales agents do not
count: they take no turns among the agents.
"""

from __future__ import annotations

from collections.abc import Iterator

from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted
from leadrouter.domain.strategies import STRATEGIES

WITH_TIERS, WITH_PLACES = 10, 20
"""From ten agents on tiers, above twenty specialties and territories."""


def by_size(policy: Policy) -> Iterator[str]:
    """What fits a team of this size, and what of it is there or missing."""
    size = sum(agent.role == "agent" and agent.left is None for agent in policy.agents)
    strategies = {rule.strategy for rule in policy.rules if rule.then == "assign"}
    tiered = any(STRATEGIES[name].tiered for name in strategies)
    placed = _has(policy, "specialty"), _has(policy, "territory")
    if size < WITH_TIERS:
        team = counted(size, "agent")
        yield f"{team}: below {WITH_TIERS}, turns with skips (strategy: round_robin) are all a team needs"
        if tiered:
            yield "tiers are hardly more than single people in a team of this size; think of strategy: round_robin"
        if any(placed):
            yield "specialties and territories are for larger teams: each leaves fewer who may take a lead"
        return
    yield f"{size} agents: from {WITH_TIERS} on, tiers reward results (strategy: performance, tier: A, B or C)"
    if not tiered:
        yield "no rule shares by tier yet"
    if size <= WITH_PLACES:
        if all(placed):
            yield f"specialties and territories together pay above {WITH_PLACES} agents; one of them may do"
        return
    yield f"above {WITH_PLACES}, who knows the field and the place counts: specialties and territories"
    for name, there in zip(("specialty", "territory"), placed, strict=True):
        if not there:
            yield f"no rule deals or prefers by {name} yet"


def _has(policy: Policy, what: str) -> bool:
    """Whether any rule deals to, serves or prefers by this."""
    return any(
        rule.to.kind == what or STRATEGIES[rule.strategy].serving == what or what in rule.prefer
        for rule in policy.rules
    )
