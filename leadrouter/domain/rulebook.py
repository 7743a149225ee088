"""A policy made ready for routing: conditions compiled, names resolved, who each rule names.

Built once per policy version; holds nothing that changes while leads are routed.
"""

from __future__ import annotations

from leadrouter.domain.matching import Test, compile_condition, names
from leadrouter.domain.policy import Agent, Policy, Rule


class Rulebook:
    """`roster` in the documented order, `tests` one per rule (None: the rule matches every lead)."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.roster: dict[str, Agent] = {agent.id: agent for agent in policy.agents}
        self.rank: dict[str, int] = {agent: position for position, agent in enumerate(self.roster)}
        self.rules: dict[str, Rule] = {rule.name: rule for rule in policy.rules}
        self.tests: tuple[Test | None, ...] = tuple(
            compile_condition(rule.when) if rule.when else None for rule in policy.rules
        )
        self.named: dict[str, tuple[Agent, ...]] = {
            rule.name: tuple(agent for agent in policy.agents if names(rule.to, agent)) for rule in policy.rules
        }

    @property
    def catch_all(self) -> Rule:
        """The last rule, which every lead meets."""
        return self.policy.rules[-1]

    def rotations(self) -> dict[str, list[Rule]]:
        """The rotation names of the policy and the rules that deal from each."""
        found: dict[str, list[Rule]] = {}
        for rule in self.policy.rules:
            found.setdefault(rotation_name(rule), []).append(rule)
        return found


def rotation_name(rule: Rule, quality: str = "warm") -> str:
    """A rotation's key: its explicit name, else the rule's; hot leads turn separately inside it."""
    name = rule.rotation or rule.name
    return f"{name}/hot" if quality == "hot" else name
