"""Steps of inside sales: hand-off, and nurture with its touches."""

from __future__ import annotations

from typing import Any

from leadrouter.domain.calendar import local_date, start_of
from leadrouter.domain.events import iso
from leadrouter.domain.promises import plain
from leadrouter.errors import Refused, WrongUsage
from leadrouter.usecases.step_kinds import Draft, Request


def handoff(request: Request) -> Draft:
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


def incubate(request: Request) -> Draft:
    """Into nurture, with the day of the next touch if one was chosen."""
    return Draft(request.lead.agent, _next_touch(request))


def touch(request: Request) -> Draft:
    """A lead in nurture was touched; one that shows intent is dealt anew."""
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
