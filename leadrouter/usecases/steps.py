"""Steps by hand: one lead, one step, one event. A table says what each step records; one function takes them all.

Whether a step is allowed is said by `domain.lifecycle`, what it changes by `apply`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.events import iso
from leadrouter.domain.journal import Journal
from leadrouter.domain.lead import Lead, commitment, facts_text
from leadrouter.domain.lifecycle import allowed, refusal, state_before_closing
from leadrouter.domain.state import LeadState
from leadrouter.errors import Refused, WrongUsage
from leadrouter.store import desks
from leadrouter.store import leads as store
from leadrouter.usecases.session import Session, roster_agent

CHANNELS = ("call", "sms", "email", "chat", "visit")
OUTCOMES = ("reached", "no_answer", "voicemail", "busy", "wrong_number")
"""What an attempt may end in. The first, `reached`, is the default and makes the lead contacted."""


class Draft(NamedTuple):
    """What a step will record: the agent it concerns and the event's data."""

    agent: str | None
    data: dict[str, Any]


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
        desks.load_leads(session.connection, journal.desk, [number])
        lead = journal.desk.leads[number]
        _check(lead, step, name, now, at)
        draft = STEPS[step].draft(journal, lead, dict(details or {}))
        if at is not None and at != now:
            draft.data["at"] = iso(at)
        journal.record(STEPS[step].kind, now, lead=number, agent=draft.agent, data=draft.data, note=note)
        return lead


def edit(session: Session, name: str, corrected: Mapping[str, Any], now: datetime) -> LeadState:
    """Corrects facts of a lead. The event names the fields and commits to the new facts; it holds no value."""
    with session.writing() as journal:
        number = store.find_lead(session.connection, name)
        desks.load_leads(session.connection, journal.desk, [number])
        facts, salt, identity = store.read_facts(session.connection, number)
        changed: Lead = facts._replace(**corrected)
        fields = [field for field in Lead._fields if getattr(facts, field) != getattr(changed, field)]
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


def _check(lead: LeadState, step: str, name: str, now: datetime, at: datetime | None) -> None:
    refused = refusal(lead, step)
    if refused:
        raise Refused(refused, f"allowed now: {', '.join(allowed(lead))}")
    if at is not None and at > now:
        raise WrongUsage(f"--at {iso(at)} is in the future", f"now is {iso(now)}")
    if at is not None and lead.assigned_at is not None and at < lead.assigned_at:
        raise Refused(
            f"lead {name} came to {lead.agent} only at {iso(lead.assigned_at)}", "give a moment after that with --at"
        )


def _contact(journal: Journal, lead: LeadState, details: dict[str, Any]) -> Draft:
    return Draft(lead.agent, details)


def _close(journal: Journal, lead: LeadState, details: dict[str, Any]) -> Draft:
    return Draft(lead.agent, {key: value for key, value in details.items() if value is not None})


def _void(journal: Journal, lead: LeadState, details: dict[str, Any]) -> Draft:
    return Draft(lead.agent, _turn(lead))


def _turn(lead: LeadState) -> dict[str, Any]:
    """The turn the lead took: to be given back, or taken again."""
    if lead.turn_payer is None:
        return {}
    turn = {"panel": lead.turn_panel, "payer": lead.turn_payer}
    return turn | {"tier": lead.turn_tier} if lead.turn_tier else turn


def _reopen(journal: Journal, lead: LeadState, details: dict[str, Any]) -> Draft:
    turn = _turn(lead) if lead.state == "void" else {}
    return Draft(lead.agent, {"state": state_before_closing(lead), **turn})


def _transfer(journal: Journal, lead: LeadState, details: dict[str, Any]) -> Draft:
    agent = roster_agent(journal.desk.policy.policy, details["to"])
    if agent == lead.agent:
        raise Refused(f"lead {lead.lead} is already with {agent}", "name another agent with --to")
    if not journal.desk.agents[agent].active:
        raise Refused(f"{agent} has left", "name another agent with --to")
    return Draft(agent, {"from": lead.agent})


class StepKind(NamedTuple):
    """The event a step records, and what goes into it."""

    kind: str
    draft: Callable[[Journal, LeadState, dict[str, Any]], Draft]


STEPS = {
    "contact": StepKind("contacted", _contact),
    "won": StepKind("won", _close),
    "lost": StepKind("lost", _close),
    "void": StepKind("voided", _void),
    "reopen": StepKind("reopened", _reopen),
    "transfer": StepKind("transferred", _transfer),
}
