"""Advice about the clocks: promises nobody hears of, covers nobody uses, hours that never open."""

from __future__ import annotations

from collections import Counter

from leadrouter.config.problems import Hints, shown
from leadrouter.config.schema import Document
from leadrouter.domain.policy import QUALITIES, Policy

BURDENED = 3
"""So many agents, and more than a third of the team, behind one cover are too many."""


def covers(policy: Policy, document: Document) -> Hints:
    """Covers that are missing, unused, or one for too many."""
    used = policy.time_off.open_leads == "cover"
    for number, agent in enumerate(policy.agents):
        if used and agent.cover is None and agent.role != "leader":
            yield ("agents", number), f"nobody covers for {shown(agent.name)}: their leads are dealt anew; write cover"
        if not used and agent.cover is not None:
            yield ("agents", number, "cover"), "is not used; write time_off: {open_leads: cover}"
    burdens = Counter(agent.cover for agent in policy.agents if agent.cover is not None)
    for cover, count in burdens.items():
        if used and count >= BURDENED and count * 3 > len(policy.agents):
            yield ("time_off",), f"{cover} covers for {count} agents; share it out, or write open_leads: rotate"


def early_reassigning(policy: Policy, document: Document) -> Hints:
    """A lead that is taken away before the promise is over."""
    for quality in QUALITIES:
        promise = max(policy.sla.promised(quality), getattr(policy.isa, quality) or 0)
        for step in policy.escalation.steps(quality):
            if step.do != "notify_leader" and (step.after or promise) <= promise:
                place = ("escalation", quality)
                yield place, f"{quality} leads are taken away before the promise of the sla is over"


def without_leader(policy: Policy, document: Document) -> Hints:
    """Offers that nobody accepts end in the pool."""
    if policy.team.leader is None and any(policy.acceptance.window(quality) for quality in QUALITIES):
        yield ("acceptance",), "without team.leader, a lead that nobody accepts rests in the pool"


def hours_of_clocks(policy: Policy, document: Document) -> Hints:
    """Working hours that nobody has."""
    place, clock = ("sla", "clock"), policy.sla.clock
    if clock == "team_hours" and policy.team.hours is None:
        yield place, "the team is always open, so the clock always runs; set team.hours"
    idle = [agent.name for agent in policy.agents if agent.hours is None]
    if clock == "agent_hours" and policy.team.hours is None and idle:
        yield place, f"{idle[0]} has no hours, nor has the team: the clock always runs for them; set team.hours"
