"""The world as it was, met once more: recorded leads, absences and steps on a copy, under these or other policies.

What people and clients did comes from the events at its own time; what router and clocks do about it is decided anew by
the same use cases as ever. Without another policy every decision comes out as it did (a law in the tests). With one,
what no longer fits, such as a release by somebody who does not have the lead, is left out and counted.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from leadrouter.domain.events import Event, moment
from leadrouter.domain.lead import Lead
from leadrouter.domain.policy import Policy
from leadrouter.domain.promises import DAY
from leadrouter.domain.state import CLOSED, LeadState
from leadrouter.errors import Refused, WrongUsage
from leadrouter.store import desks, evidence, policies
from leadrouter.store import leads as store
from leadrouter.usecases.receive import inquiry, new_lead
from leadrouter.usecases.recorded import DECISIONS, Recorded
from leadrouter.usecases.roster import load_policy
from leadrouter.usecases.session import Session
from leadrouter.usecases.steps import step_on
from leadrouter.usecases.sweep import sweep

PATIENCE = timedelta(minutes=5)
"""A clock that strikes is carried out at the first recorded sweep within this time; without one, at the full minute."""

MINUTE = timedelta(minutes=1)


class Reenactment:
    """A session on a copy that lives through what was recorded in `source`. `policy` None: the policies of their time;
    otherwise one that the copy has in force already.

    `arrived` are the leads that came in and were routed, `forgotten` those whose facts are erased, `left_out` how many
    events of each kind no longer fitted.
    """

    def __init__(self, source: sqlite3.Connection, session: Session, start: datetime, policy: Policy | None) -> None:
        self.source, self.session, self.policy = source, session, policy
        self.arrived: list[int] = []
        self.forgotten: set[int] = set()
        self.left_out: Counter[str] = Counter()
        self._offers: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
        self._sweeps: list[datetime] = []
        self._swept, self._sweeping = start, False
        self._waiting, self._changed = False, start
        self._position = 0

    def live(self, recorded: Sequence[Recorded], until: datetime) -> None:
        """Carries out everything up to a moment."""
        self._sweeps = sorted({entry.at for entry in recorded if entry.origin == "sweep"})
        for event, _, _ in recorded:
            if event.kind == "offered" and event.lead is not None:
                self._offers[event.lead].append((event.seq, event.agent))
        for event, origin, at in recorded:
            if at > until:
                break
            if self.policy is not None:
                self._sweep_up_to(at)
            self._position = event.seq
            if origin == "sweep" and not (self._sweeping and self._swept == at):
                self._sweep(at)
            elif origin == "world":
                self._happen(event, at)
            self._sweeping = origin == "sweep" or (self._sweeping and origin == "router")
            self._position = event.seq + 1
        if self.policy is not None:
            self._sweep_up_to(until)

    # --- what the clocks do ---------------------------------------------------------------------------------------

    def _sweep(self, now: datetime) -> None:
        """One sweep; a row of recorded events stands for a single one."""
        swept = sweep(self.session, now)
        self._swept, self._waiting = now, bool(desks.backlog(self.session.connection, now, "fifo"))
        for change in swept.changes:
            if change.what == "offered" and change.lead is not None:
                self._answer(change.lead, now)

    def _sweep_up_to(self, until: datetime) -> None:
        """Under another policy clocks strike at other times: each is carried out as if cron ran every minute."""
        after = self._swept
        while (due := self._next_due(after)) is not None and (at := _full_minute(due)) < until:
            place = bisect_left(self._sweeps, due)
            if place < len(self._sweeps) and self._sweeps[place] - due <= PATIENCE:
                after = due
            else:
                self._sweep(at)
                after = at

    def _next_due(self, after: datetime) -> datetime | None:
        """When something falls due; while leads wait for somebody, also when hours, limits or anything else change."""
        text = desks.next_due(self.session.connection, after)
        found = [moment(text)] if text else []
        if self._waiting:
            found += [self._changed] if self._changed > after else []
            with self.session.writing() as journal:
                found.append(journal.desk.plan(after).until)
        return min(found, default=None)

    # --- what people and clients do -------------------------------------------------------------------------------

    def _happen(self, event: Event, at: datetime) -> None:
        if event.kind in DECISIONS or event.kind == "arrived":
            self._arrive(event, at)
        elif event.lead not in self.forgotten:
            try:
                fits = HAPPENINGS[event.kind](self, event, at)
            except (Refused, WrongUsage):
                fits = False
            self.left_out[event.kind] += not fits
        self._changed = at

    def _arrive(self, event: Event, at: datetime) -> None:
        lead, copy = event.lead, self.session.connection
        assert lead is not None
        facts, salt, digest = store.read_facts(self.source, lead)
        if salt is None:
            self.forgotten.add(lead)
            return
        with self.session.writing() as journal:
            known = store.agent_who_knows(facts, store.known_persons(copy, *store.identity_of(facts)))
            new, decision = new_lead(journal, lead, facts, digest, at, known)
            store.insert_leads(copy, [new])
            journal.desk.changes.leads.discard(lead)
        self.arrived.append(lead)
        self._waiting = self._waiting or decision.outcome == "unassigned"
        if decision.outcome == "offered":
            self._answer(lead, at)

    def _answer(self, lead: int, now: datetime) -> None:
        """An offer that was made then, too, is answered as it was; any other is accepted at once."""
        if self.policy is None:
            return
        asked = next((agent for number, agent in self._offers[lead] if number >= self._position), None)
        if self.holder(lead) != asked:
            self.step("accept", lead, now)

    def holder(self, lead: int) -> str | None:
        """Who has a lead, or is asked to take it, on the copy."""
        with self.session.writing() as journal:
            desks.load_leads(self.session.connection, journal.desk, [lead])
            state = journal.desk.leads.get(lead)
            return state.agent if state else None

    def step(self, step: str, lead: int | None, now: datetime, **details: Any) -> bool:
        """One step by hand; false if the lead is not there. `at` is the moment it was recorded for.

        Raises Refused where the state on the copy does not allow it.
        """
        said = details.pop("at", None)
        if lead is None or not store.is_lead(self.session.connection, lead):
            return False
        with self.session.writing() as journal:
            past = moment(said) if said else None
            state, _ = step_on(self.session, journal, lead, step, now, at=past, details=details)
            offered = state.state == "offered"
        if offered:
            self._answer(lead, now)
        return True


def _full_minute(at: datetime) -> datetime:
    return at if at.second == 0 else at.replace(second=0) + MINUTE


# --- each kind of event that comes from outside ---------------------------------------------------------------

Happening = Callable[[Reenactment, Event, datetime], bool]
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

    def happen(world: Reenactment, event: Event, now: datetime) -> bool:
        if event.lead is None or world.holder(event.lead) != event.agent:
            return False
        return world.step(step, event.lead, now, **_said(event))

    return happen


def _by_agent(step: str) -> Happening:
    return lambda world, event, now: world.step(step, event.lead, now, agent=event.agent)


def _extended(world: Reenactment, event: Event, now: datetime) -> bool:
    if event.lead is None or world.holder(event.lead) != event.agent:
        return False
    return world.step("extend", event.lead, now, days=event.data["seconds"] // DAY)


def _transferred(world: Reenactment, event: Event, now: datetime) -> bool:
    """A move by hand is made again where the lead is with the one it was taken from."""
    if event.lead is None or world.holder(event.lead) != event.data["from"]:
        return False
    if event.data.get("reason") == "requested":
        return world.step("approve", event.lead, now)
    return world.step("transfer", event.lead, now, to=event.agent, **_said(event))


def _inquired(world: Reenactment, event: Event, now: datetime) -> bool:
    text, digest = evidence.inquiry_of(world.source, event.seq)
    copy = world.session.connection
    if event.lead is None or text is None or not store.is_lead(copy, event.lead):
        return False
    with world.session.writing() as journal:
        desks.load_leads(copy, journal.desk, [event.lead])
        if journal.desk.leads[event.lead].state in CLOSED:
            return False
        store.insert_inquiries(copy, [inquiry(journal, event.lead, Lead(*json.loads(text)), digest, now)])
    return True


def _past(world: Reenactment, event: Event, now: datetime) -> bool:
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


def _as_recorded(world: Reenactment, event: Event, now: datetime) -> bool:
    """Time off, pauses and complaints: about an agent, if the copy knows them."""
    with world.session.writing() as journal:
        if event.agent not in journal.desk.agents:
            return False
        desks.load_live_leads(world.session.connection, journal.desk, event.agent)
        data = {key: value for key, value in event.data.items() if key != "note"}
        journal.record(event.kind, now, agent=event.agent, data=data)
    return True


def _of_its_policy(world: Reenactment, event: Event, now: datetime) -> bool:
    """Corrections of credit speak of the accounts of a policy: under another one they mean nothing."""
    return world.policy is None and _as_recorded(world, event, now)


def _policy_loaded(world: Reenactment, event: Event, now: datetime) -> bool:
    """The policies of the time come into force as they did; another policy stays in force throughout."""
    if world.policy is None:
        policy, text = policies.version(world.source, event.data["version"])
        load_policy(world.session, policy, text, now)
    return True


def _facts_are_the_latest(world: Reenactment, event: Event, now: datetime) -> bool:
    """A correction of facts: the lead came in with them as they are now."""
    return True


HAPPENINGS: dict[str, Happening] = {
    "policy_loaded": _policy_loaded,
    "past": _past,
    "inquired": _inquired,
    "edited": _facts_are_the_latest,
    "went_away": _as_recorded,
    "came_back": _as_recorded,
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
    "claimed": _by_agent("claim"),
    "requested": _by_agent("request"),
    "request_refused": _step("refuse"),
    "transferred": _transferred,
}
"""Kind -> how it happens again. What follows of others (decisions, sweeps, books) is not in it."""
