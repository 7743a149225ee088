"""What every effect shares: the one place where a lead changes state or holder, its clocks, and the monthly counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadrouter.domain import deadlines
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import REVISED, Event, iso
from leadrouter.domain.state import CLOSED, OPEN, LeadState


def lead_of(desk: Desk, event: Event) -> LeadState:
    """The lead an event is about, known from its first event on; it counts as changed."""
    assert event.lead is not None
    lead = desk.leads.get(event.lead)
    if lead is None:
        lead = desk.leads[event.lead] = LeadState(event.lead)
    desk.changes.leads.add(event.lead)
    return lead


def move(desk: Desk, lead: LeadState, state: str, agent: str | None, event: Event) -> None:
    """The one place where a lead changes state or holder, so that the open counts cannot drift.

    Whoever gets a lead with an appointment that an isa has arranged starts there; whoever qualifies one is its isa.
    """
    if state == "assigned" and lead.appointment_by is not None:
        state = "appointment"
    if state == "qualifying":
        lead.isa, lead.handed_off_at = agent, None
    if agent != lead.agent and event.data.get("reason") != "time_off":
        break_promise(desk, lead, event.at)
    if lead.agent is not None and lead.state in OPEN:
        desk.touch(lead.agent).open -= 1
        desk.restand(lead.agent)
    if agent is not None and state in OPEN:
        desk.touch(agent).open += 1
        desk.restand(agent)
    if agent != lead.agent or (agent is None and state not in CLOSED):
        lead.start_anew(event.when, event.at)
    lead.state, lead.agent = state, agent
    if state in CLOSED or (agent is not None and agent == lead.requested_by):
        lead.requested_by = None
    if state in CLOSED:
        lead.due_at = lead.holder_left_at = None
    if state in CLOSED and event.engine < REVISED:
        lead.appointment_by = lead.touch_at = None


def lose(lead: LeadState, event: Event) -> None:
    """What ends when the holder loses the lead: an appointment of their own, and an isa's part in it.

    Who was only asked never had it.
    """
    assert lead.agent is not None
    if lead.state != "offered" or event.engine < REVISED:
        lead.held_by(lead.agent)
    if lead.appointment_by == lead.agent:
        lead.appointment_by = None
    if lead.state == "qualifying":
        lead.isa = None


def new_journey(lead: LeadState, event: Event) -> None:
    """The rules choose for another reason than that somebody lost the lead: how often that was counts no more."""
    if event.engine >= REVISED:
        lead.hops = 0


def arrive(desk: Desk, agent: str, event: Event) -> None:
    """A lead reached an agent: their daily and hourly counts, and whose turn was last."""
    state = desk.touch(agent)
    slot = desk.slot(agent, event.at) if agent in desk.policy.roster else None
    if slot is not None:
        state.day_count = state.day_count + 1 if state.day == slot.day else 1
        state.hour_count = state.hour_count + 1 if state.hour == slot.hour else 1
        state.day, state.hour = slot.day, slot.hour
    state.last_lead = event.seq
    desk.restand(agent)


def gain(desk: Desk, agent: str) -> None:
    """One more lead that was theirs: what probation counts."""
    state = desk.touch(agent)
    state.leads += 1
    if state.leads == desk.policy.policy.probation.leads:
        desk.lineups.clear()


def schedule(desk: Desk, lead: LeadState) -> None:
    """The lead falls due when its clocks now say; where that is when it did, nothing about it changes by this."""
    due_at = desk.due_at(lead)
    if due_at != lead.due_at:
        lead.due_at = due_at
        desk.changes.leads.add(lead.lead)


def count(desk: Desk, event: Event, panel: int, agent: str, what: str, times: int = 1) -> None:
    """One more in the team's month for what happened to a panel's lead, and to whom; `times` -1 takes one back."""
    desk.changes.tallies[desk.plan(event.at).month, panel, agent, what] += times


def break_promise(desk: Desk, lead: LeadState, at: datetime) -> None:
    """Counts a promise that was not kept by `at`, once for each holder, where the policy asks for it."""
    offline = desk.policy.policy.sla.offline
    if offline is None or lead.agent is None or lead.promise_missed or lead.attempts or lead.resting:
        return
    promised = deadlines.promised_at(lead, desk.policy.policy)
    if promised is not None and promised <= at:
        lead.promise_missed = True
        state = desk.touch(lead.agent)
        recent = iso(at - timedelta(seconds=offline.within))
        state.misses = (*(miss for miss in state.misses if miss > recent), iso(at))
