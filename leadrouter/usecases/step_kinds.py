"""What a step by hand is asked for with, and what it will record: the shapes that all steps share, and what several of
them say. Each step is in `drafts`, `pool_steps` or `isa_steps`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.journal import Journal
from leadrouter.domain.lead import Lead
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import LeadState
from leadrouter.errors import Refused


class Request(NamedTuple):
    """One step asked for: the journal, the lead, what it is called, its facts, the moment, and what the caller said."""

    journal: Journal
    lead: LeadState
    called: str
    facts: Lead
    now: datetime
    details: dict[str, Any]

    @property
    def policy(self) -> Policy:
        return self.journal.desk.policy.policy

    def name(self, agent: str | None) -> str:
        """What a refusal calls an agent."""
        return named(self.policy, agent)


class Draft(NamedTuple):
    """What a step will record: the agent it concerns and the event's data. `occasion` where only these words of it deal
    the lead anew.
    """

    agent: str | None
    data: dict[str, Any]
    occasion: str | None = None


class StepKind(NamedTuple):
    """The event a step records, what goes into it, and on which occasion the lead is then dealt anew, if it is."""

    kind: str
    draft: Callable[[Request], Draft]
    occasion: str | None = None


def unless_it_costs(journal: Journal, lead: LeadState) -> dict[str, Any]:
    """The turn to be given back for an offer that was not accepted; nothing where the policy lets it cost the turn."""
    return {} if journal.desk.policy.policy.acceptance.declined_costs_turn else turn_of(lead)


def turn_of(lead: LeadState) -> dict[str, Any]:
    """The turn the lead took: to be given back, or taken again."""
    if lead.turn_payer is None:
        return {}
    turn = {"panel": lead.turn_panel, "payer": lead.turn_payer}
    return turn | {"tier": lead.turn_tier} if lead.turn_tier else turn


def hand_over(request: Request, agent: str, data: dict[str, Any]) -> Draft:
    """Moves the lead to this agent. Raises Refused where that changes nothing, or the agent has left."""
    lead = request.lead
    if agent == lead.agent:
        raise Refused(f"lead {request.called} is already with {request.name(agent)}", "name another agent")
    if not request.journal.desk.agents[agent].active:
        raise Refused(f"{request.name(agent)} has left", "name another agent")
    return Draft(agent, {"from": lead.agent, **data, **to_qualify(request.journal, agent)})


def to_qualify(journal: Journal, agent: str) -> dict[str, str]:
    """What a move by hand says of the state: whatever reaches an isa is to be qualified."""
    return {"state": "qualifying"} if journal.desk.policy.roster[agent].role == "isa" else {}
