"""What each step by hand records: its event, what goes into it, and whether the lead is dealt anew afterwards.

One small function per step and one table; the lead's state was checked before (`domain.lifecycle`). What a step
changes is said by `apply`, who gets the lead next by `decide`.
"""

from __future__ import annotations

from leadrouter.domain.lifecycle import state_before_closing
from leadrouter.domain.promises import DAY
from leadrouter.domain.speech import counted
from leadrouter.errors import Refused, WrongUsage
from leadrouter.usecases import isa_steps, pool_steps
from leadrouter.usecases.session import roster_agent
from leadrouter.usecases.step_kinds import Draft, Request, StepKind, hand_over, turn_of, unless_it_costs

CHANNELS = ("call", "sms", "email", "chat", "visit")
OUTCOMES = ("reached", "no_answer", "voicemail", "busy", "wrong_number")
"""What an attempt may end in. The first, `reached`, is the default and makes the lead contacted."""

DECLINE_REASONS = ("busy", "too_far", "not_my_field", "conflict", "other")
"""Why an offer was declined, as codes that can be counted; other words are kept as a note beside `other`."""


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


def _void(request: Request) -> Draft:
    return Draft(request.lead.agent, {**_as_said(request).data, **turn_of(request.lead)})


def _reopen(request: Request) -> Draft:
    """A void gave a turn back, and the lead takes it again; one that waits to be dealt anew takes another then."""
    lead, state = request.lead, state_before_closing(request.lead)
    taken = turn_of(lead) if lead.state == "void" and state != "unassigned" else {}
    return Draft(lead.agent, {"state": state, **taken})


def _transfer(request: Request) -> Draft:
    return hand_over(request, roster_agent(request.policy, request.details["to"]), {})


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


STEPS = {
    "accept": StepKind("accepted", _accept),
    "decline": StepKind("declined", _decline, "expired"),
    "contact": StepKind("contacted", _as_said),
    "appointment": StepKind("appointment", _as_said),
    "no-show": StepKind("no_show", _as_said),
    "extend": StepKind("extended", _extend),
    "claim": StepKind("claimed", pool_steps.claim),
    "release": StepKind("released", _as_said, "posted"),
    "handoff": StepKind("handed_off", isa_steps.handoff, "handoff"),
    "incubate": StepKind("incubated", isa_steps.incubate),
    "touch": StepKind("touched", isa_steps.touch),
    "request": StepKind("requested", pool_steps.ask),
    "approve": StepKind("transferred", pool_steps.approve),
    "refuse": StepKind("request_refused", pool_steps.refuse),
    "won": StepKind("won", _as_said),
    "lost": StepKind("lost", _as_said),
    "void": StepKind("voided", _void),
    "rate": StepKind("rated", _as_said),
    "reopen": StepKind("reopened", _reopen),
    "transfer": StepKind("transferred", _transfer),
}
