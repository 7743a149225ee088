"""Taking a step by hand: one lead, one step, one event, and where it says so the lead is dealt anew.

Whether a step is allowed is said by `domain.lifecycle`, what it records by `drafts`, what it changes by `apply`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.events import Event, iso
from leadrouter.domain.journal import Journal
from leadrouter.domain.lead import Lead, commitment, facts_text
from leadrouter.domain.lifecycle import allowed, is_allowed, refusal
from leadrouter.domain.naming import as_typed, named
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import LeadState, is_past
from leadrouter.errors import Refused, WrongUsage
from leadrouter.store import desks
from leadrouter.store import leads as store
from leadrouter.usecases.drafts import STEPS
from leadrouter.usecases.receive import suppressed
from leadrouter.usecases.session import Session
from leadrouter.usecases.settle import deal_again
from leadrouter.usecases.step_kinds import Request

COMMANDS = {"approve": "request --approve", "refuse": "request --refuse"}
"""Steps that are not commands of their own."""


def take_step(
    session: Session,
    step: str,
    name: str,
    now: datetime,
    *,
    at: datetime | None = None,
    note: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> LeadState:
    """Takes one step of one lead. `at` records a past moment, `note` is the reason in free text.

    Raises Refused (exit 7) when the lead's state does not allow it, WrongUsage for a moment that cannot be.
    """
    with session.writing() as journal:
        number = store.find_lead(session.connection, name)
        return step_on(session, journal, number, step, now, called=as_typed(name), at=at, note=note, details=details)[0]


def step_on(
    session: Session,
    journal: Journal,
    number: int,
    step: str,
    now: datetime,
    *,
    called: str,
    at: datetime | None = None,
    note: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> tuple[LeadState, Event]:
    """The same inside a transaction that is already open, for many steps at once. Returns the event too. `called` is
    what a refusal calls the lead.
    """
    kind, draft, occasion = STEPS[step]
    desks.load_leads(session.connection, journal.desk, [number])
    lead = journal.desk.leads[number]
    _check(lead, step, called, journal.desk.policy.policy, now, at)
    facts = store.read_facts(session.connection, number).facts
    agent, data, said = draft(Request(journal, lead, called, facts, now, dict(details or {})))
    if at is not None and at != now:
        data["at"] = iso(at)
    if details and "row" in details:
        data["row"] = details["row"]  # of `record`: what `verify` finds the row again by
    event = journal.record(kind, now, lead=number, agent=agent, data=data, note=note)
    if again := said or occasion:
        deal_again(session.connection, journal, lead, again, now)
    return lead, event


def edit(session: Session, name: str, corrected: Mapping[str, Any], now: datetime) -> LeadState:
    """Corrects facts of a lead. The event names the fields and commits to the new facts; it holds no value."""
    with session.writing() as journal:
        number = store.find_lead(session.connection, name)
        desks.load_leads(session.connection, journal.desk, [number])
        kept = store.read_facts(session.connection, number)
        facts, salt, identity = kept
        changed: Lead = facts._replace(**corrected)
        fields = [field for field in Lead._fields if getattr(facts, field) != getattr(changed, field)]
        if kept.forgotten:
            why = refusal(journal.desk.leads[number], "edit", as_typed(name), None)
            raise Refused(why, "there is nothing to correct")
        if suppressed(session, [changed])(changed):
            raise Refused("this person asked to be forgotten", "if they came back: leadrouter forget --allow WHO")
        if not (changed.email or changed.phone or changed.external_id):
            raise WrongUsage("a lead needs an e-mail, a phone or an external id", "give another one first")
        if "external_id" in fields and changed.external_id:
            taken = store.recorded_ids(session.connection, [changed.external_id]).get(changed.external_id)
            if taken not in (None, number):
                raise Refused(f"external id {changed.external_id} belongs to lead {taken}", "give another one")
        if fields:
            assert salt is not None
            store.update_facts(session.connection, number, changed)
            committed = commitment(facts_text(changed), salt, identity)
            journal.record("edited", now, lead=number, data={"fields": fields}, facts=committed)
        return journal.desk.leads[number]


def _check(lead: LeadState, step: str, called: str, policy: Policy, now: datetime, at: datetime | None) -> None:
    holder, zone = named(policy, lead.agent) if lead.agent else None, policy.team.timezone
    if not is_allowed(lead, step):
        steps = ", ".join(COMMANDS.get(step, step) for step in allowed(lead))
        hint = f"allowed now: {steps or 'nothing; if they came back, route them as a new lead'}"
        raise Refused(refusal(lead, step, called, holder), hint)
    if at is not None and at > now:
        ahead = f"{wall_clock(at, zone, now)} is still to come: now is {wall_clock(now, zone)}"
        raise WrongUsage(ahead, "give a past moment")
    if at is None or is_past(lead):
        return
    came = f"came to {holder}" if holder else f"became {lead.state}"
    before = [(lead.assigned_at, came), (lead.closed_at, f"became {lead.state}")]
    if step not in ("contact", "appointment"):  # those may be told late
        before.append((lead.reached_at, "reached the person"))
    for moment, what in before:
        if moment is not None and at < moment:
            when = wall_clock(moment, zone, now)
            raise Refused(f"lead {called} {what} only on {when}", "give a moment after that with --at")
