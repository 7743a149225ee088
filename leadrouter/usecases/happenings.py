"""Each kind of event that comes from outside, and how it happens once more on a copy: a function and a row each.

What follows of others (decisions, sweeps, books) has no row: on the copy it follows anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from leadrouter.domain.calendar import local_date
from leadrouter.domain.events import Event, moment
from leadrouter.domain.lead import Lead
from leadrouter.domain.policy import Policy
from leadrouter.domain.promises import DAY
from leadrouter.domain.state import CLOSED, LeadState
from leadrouter.store import desks, evidence, policies
from leadrouter.store import leads as store
from leadrouter.usecases.receive import inquiry, wake
from leadrouter.usecases.roster import load_policy
from leadrouter.usecases.session import Session


class World(Protocol):
    """What a happening needs of the copy it happens on: see `reenact`. `policy` None: the policies of their time."""

    source: sqlite3.Connection
    session: Session
    policy: Policy | None

    def holder(self, lead: int) -> str | None:
        """Who has a lead, or is asked to take it."""

    def step(self, step: str, lead: int | None, now: datetime, **details: Any) -> bool:
        """One step by hand; false if the lead is not there. Raises Refused where its state does not allow it."""


Happening = Callable[[World, Event, datetime], bool]
"""Makes one recorded event happen on the copy; false where it does not fit there."""

SAID = ("channel", "outcome", "value", "undated", "score", "reason", "at")
"""Data of a step that people gave; the rest is what followed of it."""


def _said(event: Event) -> dict[str, Any]:
    return {key: event.data[key] for key in SAID if key in event.data}


def _step(step: str) -> Happening:
    """A step that is taken whoever has the lead."""
    return lambda world, event, now: world.step(step, event.lead, now, **_said(event))


def _by_holder(step: str) -> Happening:
    """A step that only the one who took it then can take."""

    def happen(world: World, event: Event, now: datetime) -> bool:
        if event.lead is None or world.holder(event.lead) != event.agent:
            return False
        return world.step(step, event.lead, now, **_said(event))

    return happen


def _by_agent(step: str) -> Happening:
    return lambda world, event, now: world.step(step, event.lead, now, agent=event.agent, **_said(event))


def _extended(world: World, event: Event, now: datetime) -> bool:
    if event.lead is None or world.holder(event.lead) != event.agent:
        return False
    return world.step("extend", event.lead, now, days=event.data["seconds"] // DAY, **_said(event))


def _transferred(world: World, event: Event, now: datetime) -> bool:
    """A move by hand is made again where the lead is with the one it was taken from."""
    if event.lead is None or world.holder(event.lead) != event.data["from"]:
        return False
    if event.data.get("reason") == "requested":
        return world.step("approve", event.lead, now, **_said(event))
    return world.step("transfer", event.lead, now, to=event.agent, **_said(event))


def _handed_off(world: World, event: Event, now: datetime) -> bool:
    """Another policy may ask for other things: who was ready then is ready now."""
    if event.lead is None or world.holder(event.lead) != event.agent:
        return False
    asked = {"met": event.data["met"]} if world.policy is None else {}
    override = world.policy is not None or "missing" in event.data
    return world.step("handoff", event.lead, now, override=override, **asked, **_said(event))


def _nurtured(step: str) -> Happening:
    """incubate, touch: with the day that was chosen for the next touch."""

    def happen(world: World, event: Event, now: datetime) -> bool:
        details = {"intent": event.data["intent"]} if "intent" in event.data else {}
        if "next" in event.data:
            zone = world.session.policy.policy.team.timezone
            details["next"] = local_date(moment(event.data["next"]), zone)
        return world.step(step, event.lead, now, **details, **_said(event))

    return happen


def _inquired(world: World, event: Event, now: datetime) -> bool:
    text, digest = evidence.inquiry_of(world.source, event.seq)
    copy = world.session.connection
    if event.lead is None or text is None or not store.is_lead(copy, event.lead):
        return False
    with world.session.writing() as journal:
        desks.load_leads(copy, journal.desk, [event.lead])
        if journal.desk.leads[event.lead].state in CLOSED:
            return False
        store.insert_inquiries(copy, [inquiry(journal, event.lead, Lead(*json.loads(text)), digest, now)])
        wake(world.session, journal, journal.desk.leads[event.lead], None, now)
    return True


def _past(world: World, event: Event, now: datetime) -> bool:
    """A lead of earlier times that is not to come in anew: with its owner, if the copy knows them."""
    copy, lead = world.session.connection, event.lead
    assert lead is not None
    facts, salt, digest = store.read_facts(world.source, lead)
    with world.session.writing() as journal:
        if event.agent is not None and event.agent not in journal.desk.agents:
            return False
        state = journal.desk.leads[lead] = LeadState(lead)
        data = {key: value for key, value in event.data.items() if key != "note"}
        journal.record("past", now, lead=lead, agent=event.agent, data=data)
        store.insert_leads(copy, [store.NewLead(facts, salt or b"", digest, state)])
        journal.desk.changes.leads.discard(lead)
    return True


def _as_recorded(world: World, event: Event, now: datetime) -> bool:
    """Time off, pauses, tiers: about an agent, if the copy knows them."""
    with world.session.writing() as journal:
        if event.agent not in journal.desk.agents:
            return False
        desks.load_live_leads(world.session.connection, journal.desk, event.agent)
        data = {key: value for key, value in event.data.items() if key != "note"}
        journal.record(event.kind, now, agent=event.agent, data=data)
    return True


def _of_its_policy(world: World, event: Event, now: datetime) -> bool:
    """Corrections of credit speak of the accounts of a policy: under another one they mean nothing."""
    return world.policy is None and _as_recorded(world, event, now)


def _policy_loaded(world: World, event: Event, now: datetime) -> bool:
    """The policies of the time come into force as they did; another policy stays in force throughout."""
    if world.policy is None:
        policy, text = policies.version(world.source, event.data["version"])
        load_policy(world.session, policy, text, now)
    return True


def _facts_are_the_latest(world: World, event: Event, now: datetime) -> bool:
    """A correction of facts: the lead came in with them as they are now. One without any did not come in at all."""
    return True


HAPPENINGS: dict[str, Happening] = {
    "policy_loaded": _policy_loaded,
    "past": _past,
    "inquired": _inquired,
    "edited": _facts_are_the_latest,
    "forgotten": _facts_are_the_latest,
    "allowed": _facts_are_the_latest,
    "went_away": _as_recorded,
    "came_back": _as_recorded,
    "reviewed": _as_recorded,
    "tier_moved": _as_recorded,
    "tier_set": _as_recorded,
    "complained": _of_its_policy,
    "complaint_answered": _of_its_policy,
    "credited": _of_its_policy,
    "contacted": _step("contact"),
    "appointment": _step("appointment"),
    "no_show": _step("no-show"),
    "won": _step("won"),
    "lost": _step("lost"),
    "voided": _step("void"),
    "reopened": _step("reopen"),
    "rated": _step("rate"),
    "accepted": _by_holder("accept"),
    "declined": _by_holder("decline"),
    "released": _by_holder("release"),
    "extended": _extended,
    "handed_off": _handed_off,
    "incubated": _nurtured("incubate"),
    "touched": _nurtured("touch"),
    "claimed": _by_agent("claim"),
    "requested": _by_agent("request"),
    "request_refused": _step("refuse"),
    "transferred": _transferred,
}
"""Kind -> how it happens again. What follows of others (decisions, sweeps, books) is not in it."""
