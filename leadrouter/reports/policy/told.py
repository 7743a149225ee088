"""What sections are made of, and what a section may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.naming import named
from leadrouter.domain.policy import Agent, Condition, Policy, Rule
from leadrouter.domain.routing import named_by
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.shares import everybody_present
from leadrouter.domain.speech import condition, listed
from leadrouter.domain.state import AgentState


class Sentence(NamedTuple):
    """One thing the policy says; two versions that say it otherwise do so under the same key."""

    key: str
    text: str


class Table(NamedTuple):
    """A table with a heading for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Section(NamedTuple):
    """A part of the policy as it is told."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]
    table: Table | None = None


class Told(NamedTuple):
    """What is told of: a policy, who is at a desk, and the moment for which shares and dates are meant."""

    rulebook: Rulebook
    agents: Mapping[str, AgentState]
    now: datetime

    @property
    def policy(self) -> Policy:
        return self.rulebook.policy

    def name(self, agent: str) -> str:
        """An agent as people know them."""
        return named(self.policy, agent)

    def names(self, agents: Sequence[Agent]) -> str:
        """Several, in the order of turns."""
        return listed(self.name(agent.id) for agent in agents) if agents else "nobody"

    def named(self, rule: Rule) -> str:
        """Whom a rule names; where it names tiers, those who have them by now."""
        if rule.to.kind != "tier":
            return self.names(self.rulebook.named[rule.name])
        return self.names(named_by(rule, everybody_present(self.rulebook, self.agents, self.now), self.rulebook))

    def condition(self, when: Condition) -> str:
        """A `when` in words."""
        return condition(when, self.policy.team.currency)

    def leader(self) -> str:
        """Who hears of what goes wrong."""
        return self.name(self.policy.team.leader) if self.policy.team.leader else "nobody (no leader is named)"


Say = Callable[[Told], Iterator[Sentence]]
