"""The pledge: a group whose members promised fast first contact, and what leaving it would change for one of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from leadrouter.domain.matching import names
from leadrouter.domain.policy import Agent, Policy


class Leaving(NamedTuple):
    """A rule that would name an agent no more. `share` is their part of the weights of those it names now, `others` how
    many would be left.
    """

    rule: str
    share: float
    others: int


def members(policy: Policy) -> list[Agent]:
    """Who is in the pledge, in the order of the roster."""
    return [agent for agent in policy.agents if policy.pledge.group in agent.groups]


def leaving(agent: Agent, policy: Policy, active: Collection[str]) -> list[Leaving]:
    """The rules that would name this agent no more without the pledge, among those who are `active`."""
    without = agent._replace(groups=tuple(group for group in agent.groups if group != policy.pledge.group))
    found = []
    for rule in policy.rules:
        if names(rule.to, agent) and not names(rule.to, without):
            named = [other for other in policy.agents if names(rule.to, other) and other.id in active]
            weights = sum(other.weight for other in named)
            share = agent.weight / weights if agent in named else 0.0
            found.append(Leaving(rule.name, share, len([other for other in named if other.id != agent.id])))
    return found
