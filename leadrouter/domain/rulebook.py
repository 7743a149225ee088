"""A policy made ready for routing: conditions compiled, names resolved, the order of turns settled.

Built once per policy version; holds nothing that changes while leads are routed.
"""

from __future__ import annotations

import hashlib

from leadrouter.domain.matching import Test, compile_condition, first_field, names
from leadrouter.domain.policy import Agent, Policy, Rule
from leadrouter.domain.telling import LAST_RESORT, LEADER, TEAM, Channel, named


class Rulebook:
    """`roster` is in the order of turns, `tests` has one per rule (None: the rule matches every lead), `vocabulary`
    holds the words that agents are chosen by, `choosy` those with a price band, `qualities` the quality rules as
    (quality, field, test), `reached` the channels by name of whoever has any,
    `deals_by_the_last` whether some rule asks who had the last lead of a territory.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        order = order_of_turns(policy)
        self.roster: dict[str, Agent] = {agent.id: agent for agent in order}
        self.rules: dict[str, Rule] = {rule.name: rule for rule in policy.rules}
        self.tests: tuple[Test | None, ...] = tuple(
            compile_condition(rule.when) if rule.when else None for rule in policy.rules
        )
        self.qualities = tuple(
            (quality, first_field(condition), compile_condition(condition)) for quality, condition in policy.quality
        )
        self.named: dict[str, tuple[Agent, ...]] = {
            rule.name: tuple(agent for agent in order if names(rule.to, agent)) for rule in policy.rules
        }
        self.vocabulary: dict[str, tuple[str, ...]] = {
            "specialty": _words(agent.specialties for agent in policy.agents),
            "source": _words(agent.sources for agent in policy.agents),
            "language": _words(agent.languages for agent in policy.agents),
            "channel": _words(agent.channels for agent in policy.agents),
        }
        self.choosy = tuple(agent for agent in policy.agents if agent.price is not None)
        self.reached: dict[str, dict[str, Channel]] = reached_by(policy)
        self.deals_by_the_last = any(rule.overlap == "last" for rule in policy.rules)
        self._by_name: dict[str, str | None] = {}
        for agent in policy.agents:
            name = agent.name.casefold()
            self._by_name[name] = agent.id if name not in self._by_name else None
        self.chooses = (
            bool(policy.territories)
            or any(
                agent.specialties or agent.sources or agent.languages or agent.channels or agent.price
                for agent in policy.agents
            )
            or any(set(rule.prefer) - {"relationship"} for rule in policy.rules)
        )

    @property
    def catch_all(self) -> Rule:
        """The last rule, which every lead meets."""
        return self.policy.rules[-1]

    def prefers(self, preference: str) -> bool:
        """Whether any rule has this preference."""
        return any(preference in rule.prefer for rule in self.policy.rules)

    def agent_named(self, text: str | None) -> str | None:
        """The agent a person asked for, by id or by a name that only one has."""
        if text is None:
            return None
        return text if text in self.roster else self._by_name.get(text.casefold())

    def rotations(self) -> dict[str, list[Rule]]:
        """The rotation names of the policy and the rules that deal from each."""
        found: dict[str, list[Rule]] = {}
        for rule in self.policy.rules:
            if rule.then in ("assign", "qualify"):
                found.setdefault(rotation_name(rule), []).append(rule)
        return found


def rotation_name(rule: Rule, quality: str = "warm") -> str:
    """A rotation's key: its explicit name, else the rule's; hot leads turn separately inside it."""
    name = rule.rotation or rule.name
    return f"{name}/hot" if quality == "hot" else name


def order_of_turns(policy: Policy) -> tuple[Agent, ...]:
    """The documented order: the roster's, the most experienced first, or drawn once from the policy's seed."""
    agents, team = policy.agents, policy.team
    if team.order == "experience":
        return tuple(sorted(agents, key=lambda agent: -(agent.experience or 0.0)))
    if team.order == "random":
        return tuple(sorted(agents, key=lambda agent: hashlib.sha256(f"{team.seed}/{agent.id}".encode()).digest()))
    return agents


def reached_by(policy: Policy) -> dict[str, dict[str, Channel]]:
    """Everyone who can be told anything, and over which channels by name. The leader has the agent's own channels
    unless there are others, the last resort those of the leader.
    """
    notify = policy.notify
    channels = {agent.id: agent.notify for agent in policy.agents}
    channels[TEAM] = notify.team
    channels[LEADER] = notify.leader or channels.get(policy.team.leader or "", ())
    channels[LAST_RESORT] = () if notify.last_resort is None else notify.last_resort or channels[LEADER]
    return {person: named(own) for person, own in channels.items() if own}


def _words(groups: object) -> tuple[str, ...]:
    return tuple(sorted({word for group in groups for word in group}))  # type: ignore[attr-defined]
