"""Effects of events on a lead that stays where it is: attempts, appointments, clocks that struck, its end."""

from __future__ import annotations

from datetime import datetime

from leadrouter.domain import calendar, deadlines
from leadrouter.domain.desk import Desk
from leadrouter.domain.effects.moves import break_promise, count, gain, lead_of, move, new_journey, schedule
from leadrouter.domain.events import Event, moment
from leadrouter.domain.state import CLOSED, CONTACTS_KEPT, LeadState, is_past


def past(desk: Desk, event: Event) -> None:
    """A lead of earlier times comes with its owner and what became of it; whoever has it open starts from now."""
    lead, data = lead_of(desk, event), event.data
    lead.quality, lead.reason, lead.resting = data["quality"], "past", event.agent is None
    move(desk, lead, data["state"], event.agent, event)
    meets = data["state"] == "appointment" or (data["state"] == "qualifying" and "appointment" in data)
    lead.appointment_by = event.agent if meets else None
    lead.closed_at = moment(data["closed"]) if "closed" in data else None
    lead.value = data.get("value")
    if "contacted" in data:
        lead.contacted_at = lead.attempted_at = lead.reached_at = moment(data["contacted"])
        lead.attempts, lead.conversion_at = 1, event.at
    if event.agent is not None:
        gain(desk, event.agent)
    if lead.state in CLOSED:
        _no_clocks(lead)
        return
    if event.agent is not None and not desk.agents[event.agent].active:
        lead.holder_left_at = event.at
    schedule(desk, lead)


def _no_clocks(lead: LeadState) -> None:
    """A past lead that has ended was never assigned here: its clocks would tell of the day it was imported. No
    appointment is ahead, in whatever order files tell of it."""
    lead.assigned_at = lead.clock_at = lead.hold_at = lead.conversion_at = lead.appointment_by = None


def inquired(desk: Desk, event: Event) -> None:
    """Counted on the lead; neither owner nor clocks change."""
    lead_of(desk, event).inquiries += 1


def contacted(desk: Desk, event: Event) -> None:
    """One more attempt by whoever has the lead; once the person was reached it is contacted."""
    lead = lead_of(desk, event)
    _attempt(desk, lead, event.when, reached=event.data["outcome"] == "reached")
    if lead.reached_at is not None and lead.state == "assigned":
        move(desk, lead, "contacted", lead.agent, event)
    schedule(desk, lead)


def _attempt(desk: Desk, lead: LeadState, at: datetime, *, reached: bool) -> None:
    """One attempt to reach the person: the first meets the promise, or shows that it was broken."""
    since = lead.assigned_at
    if lead.attempts == 0 and lead.agent is not None and since is not None and since <= at:
        state = desk.touch(lead.agent)
        state.contacts = (*state.contacts, int((at - since).total_seconds()))[-CONTACTS_KEPT:]
        desk.lineups.clear()
        break_promise(desk, lead, at)
    lead.attempts += 1
    if lead.attempted_at is None or at < lead.attempted_at:
        lead.attempted_at = at
    if lead.contacted_at is None or at < lead.contacted_at:
        lead.contacted_at = at
    if reached and lead.reached_at is None:
        lead.reached_at = at
        lead.conversion_at = (max(at, since) if since is not None else at) if lead.state not in CLOSED else None
    elif reached and is_past(lead):
        lead.reached_at = min(at, lead.reached_at or at)  # files tell it in their own order


def touched(desk: Desk, event: Event) -> None:
    """The cadence starts again; where the person showed intent, the decision that follows says who gets the lead."""
    lead, data = lead_of(desk, event), event.data
    lead.clock_at, lead.told_at = event.when, None
    lead.touch_at = moment(data["next"]) if "next" in data else None
    lead.showed_intent = data["intent"] == "yes"
    if lead.showed_intent:
        new_journey(lead, event)
    schedule(desk, lead)


def appointment(desk: Desk, event: Event) -> None:
    """Who has an appointment was reached. An isa arranges it for the field agent, and goes on qualifying."""
    lead = lead_of(desk, event)
    if lead.reached_at is None:
        _attempt(desk, lead, event.when, reached=True)
    if lead.state not in CLOSED:
        lead.appointment_by = lead.agent
    if lead.agent is not None and lead.state not in CLOSED and lead.state != "qualifying":
        move(desk, lead, "appointment", lead.agent, event)
    schedule(desk, lead)


def no_show(desk: Desk, event: Event) -> None:
    """The clock of conversion starts again, unless the appointment was an isa's and the holder has yet to reach the
    person."""
    lead = lead_of(desk, event)
    if lead.state in CLOSED:
        return
    theirs = lead.appointment_by == lead.agent or lead.reached_at is not None
    lead.appointment_by = None
    if lead.agent is not None and lead.state != "qualifying":
        move(desk, lead, "contacted" if theirs else "assigned", lead.agent, event)
    if theirs:
        lead.conversion_at = max(event.when, lead.assigned_at or event.at)
    schedule(desk, lead)


def rated(desk: Desk, event: Event) -> None:
    """Counted for the agent in the month in which the person said so."""
    month = calendar.month_of(event.when, desk.policy.policy.team.timezone)
    desk.changes.tallies[month, 0, event.agent or "", f"rated {event.data['score']}"] += 1


def extended(desk: Desk, event: Event) -> None:
    """The clock of holding runs for longer, until somebody else gets the lead; no other clock does."""
    lead = lead_of(desk, event)
    lead.extended += event.data["seconds"]
    schedule(desk, lead)


def escalated(desk: Desk, event: Event) -> None:
    """The leader was told; a reminder starts again from here."""
    lead = lead_of(desk, event)
    lead.told_at = event.at
    if "after" in event.data:
        lead.escalated = event.data["after"]
    break_promise(desk, lead, event.at)
    _nothing_to_warn_of(desk, lead, event.at)
    schedule(desk, lead)


def _nothing_to_warn_of(desk: Desk, lead: LeadState, at: datetime) -> None:
    """Once a promise is over, whatever comes before it counts as done."""
    promised = deadlines.promised_at(lead, desk.policy.policy)
    if promised is not None and promised <= at:
        lead.escalated = max(lead.escalated, deadlines.promise(lead, desk.policy.policy))


def warned(desk: Desk, event: Event) -> None:
    """A step of the clock of first contact like those of the escalation, though the holder alone hears of it."""
    lead = lead_of(desk, event)
    lead.escalated = event.data["after"]
    schedule(desk, lead)


def promise_missed(desk: Desk, event: Event) -> None:
    lead = lead_of(desk, event)
    break_promise(desk, lead, event.at)
    _nothing_to_warn_of(desk, lead, event.at)
    schedule(desk, lead)


def closed(desk: Desk, event: Event) -> None:
    """won, lost, voided: clocks and requests end; who has the lead, the appointment and the next touch stay on it, in
    case it is reopened.
    """
    lead = lead_of(desk, event)
    lead.closed_at = None if event.data.get("undated") else event.when
    if lead.waits_for:
        count(desk, event, lead.waits_for, "", "waiting", -1)
        lead.waits_for = 0
    if event.kind == "won":
        lead.value = event.data.get("value", lead.value)
    if event.kind == "voided" and lead.turn_payer:
        count(desk, event, lead.turn_panel, lead.turn_payer, "voided")
    holder = None if lead.state == "offered" else lead.agent  # who was only asked never had it
    move(desk, lead, "void" if event.kind == "voided" else event.kind, holder, event)
    if is_past(lead):
        _no_clocks(lead)


def reopened(desk: Desk, event: Event) -> None:
    """Back to where it was, with what was done so far; only the running clock starts again."""
    lead = lead_of(desk, event)
    if event.data.get("panel"):
        count(desk, event, lead.turn_panel, event.data["payer"], "reopened")
    lead.closed_at, lead.value, lead.escalated = None, None, 0
    lead.clock_at = lead.hold_at = event.at
    lead.conversion_at = event.at if lead.reached_at is not None else None
    chosen = lead.touch_at
    if lead.agent is not None and not desk.agents[lead.agent].active:
        lead.holder_left_at = event.at
    move(desk, lead, event.data["state"], lead.agent, event)
    lead.touch_at = chosen
    schedule(desk, lead)


def forgotten(desk: Desk, event: Event) -> None:
    """The person is erased; what the lead came to stays, as reports have counted it."""
    lead_of(desk, event).forgotten_at = event.at
