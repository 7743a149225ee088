"""What each step by hand records: its event, what goes into it, and whether the lead is dealt anew afterwards.

One small function per step and one table; the lead's state was checked before (`domain.lifecycle`). What a step
changes is said by `apply`, who gets the lead next by `decide`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.calendar import local_date, start_of
from leadrouter.domain.classify import classify
from leadrouter.domain.events import iso
from leadrouter.domain.journal import Journal
from leadrouter.domain.lead import Lead
from leadrouter.domain.lifecycle import state_before_closing
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.promises import DAY, plain
from leadrouter.domain.routing import above_floor, line_up
from leadrouter.domain.skips import REASONS as SKIPS
from leadrouter.domain.speech import counted
from leadrouter.domain.state import LeadState
from leadrouter.errors import Refused, WrongUsage
from leadrouter.usecases.session import roster_agent

CHANNELS = ("call", "sms", "email", "chat", "visit")
OUTCOMES = ("reached", "no_answer", "voicemail", "busy", "wrong_number")
"""What an attempt may end in. The first, `reached`, is the default and makes the lead contacted."""

DECLINE_REASONS = ("busy", "too_far", "not_my_field", "conflict", "other")
"""Why an offer was declined, as codes that can be counted; other words are kept as a note beside `other`."""


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


def _as_said(request: Request) -> Draft:
    """The holder, and what the caller said."""
    return Draft(request.lead.agent, {key: value for key, value in request.details.items() if value is not None})


def _accept(request: Request) -> Draft:
    lead = request.lead
    if lead.holder_left_at is not None:
        raise Refused(f"{request.name(lead.agent)} has left", "the next sweep offers the lead to somebody else")
    return _as_said(request)


def _decline(request: Request) -> Draft:
    reason = request.details["reason"]
    return Draft(request.lead.agent, {"reason": reason, **unless_it_costs(request.journal, request.lead)})


def unless_it_costs(journal: Journal, lead: LeadState) -> dict[str, Any]:
    """The turn to be given back for an offer that was not accepted; nothing where the policy lets it cost the turn."""
    return {} if journal.desk.policy.policy.acceptance.declined_costs_turn else _turn(lead)


def _turn(lead: LeadState) -> dict[str, Any]:
    """The turn the lead took: to be given back, or taken again."""
    if lead.turn_payer is None:
        return {}
    turn = {"panel": lead.turn_panel, "payer": lead.turn_payer}
    return turn | {"tier": lead.turn_tier} if lead.turn_tier else turn


def _void(request: Request) -> Draft:
    return Draft(request.lead.agent, {**_as_said(request).data, **_turn(request.lead)})


def _reopen(request: Request) -> Draft:
    lead = request.lead
    return Draft(lead.agent, {"state": state_before_closing(lead), **(_turn(lead) if lead.state == "void" else {})})


def _transfer(request: Request) -> Draft:
    return _hand_over(request, roster_agent(request.policy, request.details["to"]), {})


def _approve(request: Request) -> Draft:
    agent = _asker(request)
    if not request.journal.desk.agents[agent].active:
        raise Refused(f"{request.name(agent)} has left", "answer with --refuse")
    return _hand_over(request, agent, {"reason": "requested"})


def _hand_over(request: Request, agent: str, data: dict[str, Any]) -> Draft:
    lead = request.lead
    if agent == lead.agent:
        raise Refused(f"lead {request.called} is already with {request.name(agent)}", "name another agent")
    if not request.journal.desk.agents[agent].active:
        raise Refused(f"{request.name(agent)} has left", "name another agent")
    return Draft(agent, {"from": lead.agent, **data, **to_qualify(request.journal, agent)})


def to_qualify(journal: Journal, agent: str) -> dict[str, str]:
    """What a move by hand says of the state: whatever reaches an isa is to be qualified."""
    return {"state": "qualifying"} if journal.desk.policy.roster[agent].role == "isa" else {}


def _extend(request: Request) -> Draft:
    lead, longest = request.lead, request.policy.reclaim.hold.longest(request.lead.quality)
    if longest is None or lead.resting:
        raise Refused(f"lead {request.called} may be held without end", "nothing has to be extended")
    if lead.extended:
        longer = counted(lead.extended // DAY, "day")
        raise Refused(f"lead {request.called} was extended before, by {longer}", "once for each holder")
    seconds = request.details["days"] * DAY
    if seconds > longest:
        raise WrongUsage(f"--days {request.details['days']} is too long", f"at most {counted(longest // DAY, 'day')}")
    return Draft(lead.agent, {"seconds": seconds})


# --- the pool -------------------------------------------------------------------------------------------------


def _claim(request: Request) -> Draft:
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


def _ask(request: Request) -> Draft:
    lead, agent = request.lead, roster_agent(request.policy, request.details["agent"])
    if lead.requested_by is not None and request.journal.desk.agents[lead.requested_by].active:
        asked = f"{request.name(lead.requested_by)} has asked for lead {request.called} before"
        raise Refused(asked, "answer with --approve or --refuse")
    if agent == lead.agent:
        raise Refused(f"lead {request.called} is already with {request.name(agent)}", "nothing has to be asked for")
    if not request.journal.desk.agents[agent].active:
        raise Refused(f"{request.name(agent)} has left", "name another agent")
    return Draft(agent, {})


def _refuse(request: Request) -> Draft:
    return Draft(_asker(request), {})


def _asker(request: Request) -> str:
    if request.lead.requested_by is None:
        hint = "an agent asks with: leadrouter request LEAD --agent AGENT"
        raise Refused(f"nobody has asked for lead {request.called}", hint)
    return request.lead.requested_by


# --- inside sales ---------------------------------------------------------------------------------------------


def _handoff(request: Request) -> Draft:
    """What is met of the policy's checklist. What is missing refuses the step, unless a person overrides it by name."""
    lead, needed = request.lead, request.policy.handoff.needed(request.facts.intent)
    known = {plain(criterion): criterion for criterion in needed}
    said = {plain(word): word for word in request.details.get("met", ())}
    unknown = [word for name, word in said.items() if name not in known]
    if unknown:
        listed = f"known: {', '.join(needed)}" if needed else "the policy asks for nothing with this intent"
        raise WrongUsage(f"{', '.join(unknown)}: no criterion of this hand-off", listed)
    missing = [criterion for name, criterion in known.items() if name not in said]
    if missing and not request.details.get("override"):
        hint = 'say what is met with --met, or hand it off all the same with --by NAME --reason "..."'
        raise Refused(f"lead {request.called} cannot be handed off; missing: {', '.join(missing)}", hint)
    met = [criterion for name, criterion in known.items() if name in said]
    return Draft(lead.agent, {"met": met, **({"missing": missing} if missing else {})})


def _incubate(request: Request) -> Draft:
    return Draft(request.lead.agent, _next_touch(request))


def _touch(request: Request) -> Draft:
    intent = request.details["intent"]
    data = {"intent": intent, **_next_touch(request)}
    return Draft(request.lead.isa, data, "touch" if intent == "yes" else None)


def _next_touch(request: Request) -> dict[str, Any]:
    """The day that was chosen for the next touch, as the moment at which it begins for the team."""
    date, zone = request.details.get("next"), request.policy.team.timezone
    if date is None:
        return {}
    if date <= (today := local_date(request.now, zone)):
        raise WrongUsage(f"--next {date} is not ahead", f"today is {today}; give a later day")
    return {"next": iso(start_of(date, zone))}


STEPS = {
    "accept": StepKind("accepted", _accept),
    "decline": StepKind("declined", _decline, "expired"),
    "contact": StepKind("contacted", _as_said),
    "appointment": StepKind("appointment", _as_said),
    "no-show": StepKind("no_show", _as_said),
    "extend": StepKind("extended", _extend),
    "claim": StepKind("claimed", _claim),
    "release": StepKind("released", _as_said, "posted"),
    "handoff": StepKind("handed_off", _handoff, "handoff"),
    "incubate": StepKind("incubated", _incubate),
    "touch": StepKind("touched", _touch),
    "request": StepKind("requested", _ask),
    "approve": StepKind("transferred", _approve),
    "refuse": StepKind("request_refused", _refuse),
    "won": StepKind("won", _as_said),
    "lost": StepKind("lost", _as_said),
    "void": StepKind("voided", _void),
    "rate": StepKind("rated", _as_said),
    "reopen": StepKind("reopened", _reopen),
    "transfer": StepKind("transferred", _transfer),
}
