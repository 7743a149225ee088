"""Steps around the pool, and around leads that somebody else has: claims, requests and their answers."""

from __future__ import annotations

from typing import Any

from leadrouter.domain.classify import classify
from leadrouter.domain.routing import above_floor, line_up
from leadrouter.domain.skips import REASONS as SKIPS
from leadrouter.domain.speech import counted
from leadrouter.errors import Refused
from leadrouter.usecases.session import roster_agent
from leadrouter.usecases.step_kinds import Draft, Request, hand_over, to_qualify


def claim(request: Request) -> Draft:
    """Whether this agent may take the lead now; where claims take a turn, the panel it would have been dealt by."""
    journal, lead = request.journal, request.lead
    desk, policy = journal.desk, request.policy
    agent = roster_agent(policy, request.details["agent"])
    who = request.name(agent)
    if not lead.resting and (agent in lead.excluded or agent in lead.declined):
        raise Refused(f"{who} gave lead {request.called} up or lost it before", "somebody else may claim it")
    state, barred = desk.agents[agent], desk.barred(agent, request.now)
    if barred == "capacity":
        raise Refused(f"{who} {SKIPS[barred]} ({counted(state.open, 'open lead')})", "close or release one first")
    if barred is not None:
        raise Refused(f"{who} {SKIPS[barred]}", "somebody else may claim it")
    limit = policy.pool.per_agent_per_day
    if limit is not None and state.claim_day == desk.slot(agent, request.now).day and state.claims >= limit:
        claimed = counted(state.claims, "lead")
        raise Refused(f"{who} has claimed {claimed} today", "the policy allows no more; try again tomorrow")
    turn = _claimed_turn(request, agent) if policy.pool.counts_as_turn else {}
    return Draft(agent, {**turn, **to_qualify(journal, agent)})


def _claimed_turn(request: Request, agent: str) -> dict[str, Any]:
    """The turn a claim costs: of the rule that would have dealt the lead, if the agent sits there above the floor."""
    desk = request.journal.desk
    case = classify(request.facts, request.lead, desk.policy, request.now, "unclaimed")
    lineup = line_up(case, desk, desk.policy, request.now, narrow=False)
    if lineup.rotation is None or agent not in dict(lineup.panel) or not above_floor(agent, lineup.rotation, desk):
        return {}
    turn = {"panel": request.journal.panel(lineup, request.now), "turn": True}
    tier = lineup.tier_of(agent)
    return turn | {"tier": tier} if tier else turn


def ask(request: Request) -> Draft:
    """Whether this agent may ask for the lead. Raises Refused while another asks, and for whoever has it."""
    lead, agent = request.lead, roster_agent(request.policy, request.details["agent"])
    if lead.requested_by is not None and request.journal.desk.agents[lead.requested_by].active:
        asked = f"{request.name(lead.requested_by)} has asked for lead {request.called} before"
        raise Refused(asked, "answer with --approve or --refuse")
    if agent == lead.agent:
        raise Refused(f"lead {request.called} is already with {request.name(agent)}", "nothing has to be asked for")
    if not request.journal.desk.agents[agent].active:
        raise Refused(f"{request.name(agent)} has left", "name another agent")
    return Draft(agent, {})


def refuse(request: Request) -> Draft:
    """Says no to whoever asked for the lead."""
    return Draft(_asker(request), {})


def _asker(request: Request) -> str:
    if request.lead.requested_by is None:
        hint = "an agent asks with: leadrouter request LEAD --agent AGENT"
        raise Refused(f"nobody has asked for lead {request.called}", hint)
    return request.lead.requested_by


def approve(request: Request) -> Draft:
    """Moves the lead to whoever asked for it."""
    agent = _asker(request)
    if not request.journal.desk.agents[agent].active:
        raise Refused(f"{request.name(agent)} has left", "answer with --refuse")
    return hand_over(request, agent, {"reason": "requested"})
