"""Who is next in each rotation, and why: what everybody was due and received, and who is skipped at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain.decision import Case, LineUp, Seat, shares_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.naming import named
from leadrouter.domain.policy import WEIGHT_UNIT, Policy, Rule
from leadrouter.domain.rounds import NOBODY, Panel
from leadrouter.domain.rounds import leads as in_leads
from leadrouter.domain.routing import named_by, tier_next_up, tiers_of
from leadrouter.domain.strategies import STRATEGIES, Candidate, Contest, Strategy
from leadrouter.reports.standing import level_with, standings
from leadrouter.reports.wording import skip_words


def rotations(desk: Desk, now: datetime) -> dict[str, Any]:
    """Every rotation of the policy with its agents in the documented order; hot ones once they have dealt."""
    policy = desk.policy
    found = []
    for base, rules in policy.rotations().items():
        named_agents = {agent.id for rule in rules for agent in named_by(rule, desk, policy)}
        for rotation in (base, f"{base}/hot"):
            if rotation == base or rotation in desk.ledger.credit:
                found.append(_rotation(rotation, rules[0], named_agents, desk, now))
    return {"rotations": found}


def _rotation(rotation: str, rule: Rule, agents: set[str], desk: Desk, now: datetime) -> dict[str, Any]:
    strategy = STRATEGIES[rule.strategy]
    order = [agent for agent in desk.policy.roster.values() if agent.id in agents]
    weights = strategy.weigh([Candidate(agent, desk.slot(agent.id, now).weight) for agent in order], desk)
    seats = tuple(
        Seat(agent.id, weight, desk.standing(agent.id, now)) for agent, weight in zip(order, weights, strict=True)
    )
    tiers = tiers_of(rule, desk, desk.policy, now)
    lineup = LineUp(rule.name, rotation, rule.strategy, seats, (), (), tiers, shares_of(seats))
    panel = lineup.members(tier_next_up(lineup, desk)) if lineup.panel else NOBODY
    next_up = _next_up(lineup, panel, desk)
    tier_of = {agent: tier.tier for tier in tiers for agent in tier.agents}
    entries = []
    for seat in seats:
        account = desk.ledger.account(rotation, seat.agent)
        entries.append(
            {
                "agent": seat.agent,
                "tier": tier_of.get(seat.agent),
                "weight": round(seat.weight / WEIGHT_UNIT, 4),
                "credit": round(in_leads(account.credit), 4),
                "credit_everywhere": round(in_leads(desk.ledger.total.get(seat.agent, 0)), 4),
                "due": round(in_leads(account.due), 4),
                "received": account.received,
                "next_up": seat.agent == next_up,
                "skipped": seat.skip,
            }
        )
    why = None if next_up is None else _why(next_up, panel, rotation, strategy, desk)
    return {"rotation": rotation, "strategy": rule.strategy, "next_up": next_up, "why": why, "agents": entries}


def _next_up(lineup: LineUp, panel: Panel, desk: Desk) -> str | None:
    """Whose turn it is for a lead that everyone may take; None where nobody can or where the lot decides."""
    strategy = STRATEGIES[lineup.strategy]
    if not panel or strategy.reason == "drawn" or lineup.rotation is None:
        return None
    return strategy.pick(Contest(Case(0, "new", "warm", "default", ()), lineup.rotation, panel), desk)


def _why(agent: str, panel: Panel, rotation: str, strategy: Strategy, desk: Desk) -> str:
    """Why this agent and no other: a code of WHY_NEXT."""
    if len(panel) == 1:
        return "only_one"
    if strategy.reason != "most_owed":
        return strategy.reason
    return "waited_longest" if level_with(standings(desk.ledger, rotation, panel), agent) else "most_owed"


WHY_NEXT = {
    "only_one": "the only one able to take a lead now",
    "most_owed": "owed most: {credit:+.2f} here, counting twice, {credit_everywhere:+.2f} over all rotations",
    "waited_longest": "owed as much as another, and first in turn (waited longer for a lead, or stands earlier)",
    "least_busy": "has the most room",
}
"""Why somebody is next up, in words that take the figures of their entry."""


def next_words(rotation: Mapping[str, Any], policy: Policy) -> str:
    """Who is next in a rotation, and why."""
    if rotation["next_up"] is None:
        drawn = STRATEGIES[rotation["strategy"]].reason == "drawn"
        return "the lot decides" if drawn else "nobody can take a lead now"
    entry = next(entry for entry in rotation["agents"] if entry["agent"] == rotation["next_up"])
    return f"{named(policy, rotation['next_up'])} is next: {WHY_NEXT[rotation['why']].format(**entry)}"


def rotation_rows(rotation: dict[str, Any], policy: Policy) -> list[list[str]]:
    """One rotation as rows: sign, agent, weight, due, received, owed, why skipped."""
    return [
        [
            ">" if entry["next_up"] else "",
            named(policy, entry["agent"]),
            f"{entry['weight']:g}",
            f"{entry['due']:.2f}",
            str(entry["received"]),
            f"{entry['credit']:+.2f}",
            "next up" if entry["next_up"] else skip_words(entry["skipped"]) if entry["skipped"] else "",
        ]
        for entry in rotation["agents"]
    ]
