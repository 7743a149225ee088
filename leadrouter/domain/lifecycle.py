"""State x step -> allowed or refused, and what would be allowed instead. One table for every step by hand."""

from __future__ import annotations

from leadrouter.domain.state import CLOSED, HELD, STATES, LeadState, is_past

NOT_CLOSED = frozenset(STATES) - CLOSED

STEPS: dict[str, tuple[frozenset[str], str]] = {
    "accept": (frozenset({"offered"}), "a lead that is on offer"),
    "decline": (frozenset({"offered"}), "a lead that is on offer"),
    "contact": (HELD, "a lead that an agent holds"),
    "appointment": (HELD, "a lead that an agent holds"),
    "no-show": (frozenset({"appointment"}), "a lead with an appointment"),
    "extend": (HELD, "a lead that an agent holds"),
    "release": (HELD, "a lead that an agent holds"),
    "handoff": (frozenset({"qualifying"}), "a lead that an isa qualifies"),
    "incubate": (HELD | {"unassigned", "held", "pooled"}, "a lead that an agent holds or that waits for one"),
    "touch": (frozenset({"incubating"}), "a lead in nurture"),
    "claim": (frozenset({"pooled"}), "a lead in the pool"),
    "request": (NOT_CLOSED, "a lead that is not closed"),
    "approve": (NOT_CLOSED, "a lead that is not closed"),
    "refuse": (NOT_CLOSED, "a lead that is not closed"),
    "won": (HELD, "a lead that an agent holds"),
    "lost": (NOT_CLOSED, "a lead that is not closed"),
    "void": (NOT_CLOSED, "a lead that is not closed"),
    "transfer": (NOT_CLOSED, "a lead that is not closed"),
    "reopen": (CLOSED, "a lead that is won, lost or void"),
    "rate": (frozenset(STATES), "any lead"),
    "edit": (frozenset(STATES), "any lead"),
}
"""Step -> the states it may start from, and the same in words."""


OF_THE_PAST = frozenset({"contact", "appointment", "no-show", "won", "lost", "void"})
"""What may be recorded of a past lead whatever it waits in: it happened, whoever had the lead then.

In any order, too, since files have their own. What came before the end may still be told after it, and the end once
more while its date is not known: a status says that a lead was won, a list of sales when and for how much.
"""


def is_allowed(lead: LeadState, step: str) -> bool:
    """Whether this step may be taken now."""
    if lead.forgotten_at is not None:
        return False
    if is_past(lead) and step in OF_THE_PAST and (lead.state not in CLOSED or _completes(lead, step)):
        return True
    return lead.state in STEPS[step][0] or (
        step == "no-show" and lead.state == "qualifying" and lead.appointment_by is not None
    )


def refusal(lead: LeadState, step: str, called: str, holder: str | None) -> str:
    """Why it may not. `called` is what people call the lead, `holder` the agent who has it, by name."""
    if lead.forgotten_at is not None:
        return f"the person of lead {called} was forgotten; nothing more can be recorded of it"
    whose = f" with {holder}" if holder else ""
    return f"{step} needs {STEPS[step][1]}; lead {called} is {lead.state}{whose}"


def _completes(lead: LeadState, step: str) -> bool:
    """Whether a step adds to what is known of a past lead that has ended."""
    return step not in CLOSED or (step == lead.state and lead.closed_at is None)


def allowed(lead: LeadState) -> list[str]:
    """The steps that could be taken now."""
    answers = ("approve", "refuse") if lead.requested_by is None else ("request",)
    return [step for step in STEPS if step not in answers and is_allowed(lead, step)]


def state_before_closing(lead: LeadState) -> str:
    """The state a reopened lead returns to."""
    if lead.agent is None:
        return "incubating" if lead.reason in ("incubating", "incubated") else "unassigned"
    if lead.agent == lead.isa and lead.handed_off_at is None:
        return "qualifying"
    if lead.appointment_by is not None:
        return "appointment"
    return "contacted" if lead.reached_at is not None else "assigned"
