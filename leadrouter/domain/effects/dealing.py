"""Effects of events that bring a lead to somebody, or take it away: decisions, offers, the pool, moves by hand."""

from __future__ import annotations

from leadrouter.domain.decision import RESTING, lineup_from
from leadrouter.domain.desk import Desk
from leadrouter.domain.effects.moves import arrive, count, gain, lead_of, lose, move, new_journey, schedule
from leadrouter.domain.events import REVISED, Event, moment

BACKLOG = frozenset({"retry", "opening", "unclaimed"})
"""Occasions on which a lead that had waited is dealt out."""

KEPT = frozenset({"opening", "unclaimed", "reassigned", "handoff", "touch"})
"""Occasions that say which rules may not or must take the lead: until somebody can, it is tried again on them."""


def panel(desk: Desk, event: Event) -> None:
    desk.know_panel(event.seq, lineup_from(event.data))


def routed(desk: Desk, event: Event) -> None:
    """assigned, offered, qualifying, unassigned, pooled, held, incubating: where one decision put the lead."""
    lead = lead_of(desk, event)
    data = event.data
    lead.quality = data.get("quality", lead.quality)
    lead.reason = data["reason"]
    panel, turned = data.get("panel", 0), data.get("turn", event.agent is not None)
    lead.rule = desk.panels[panel].rule if panel else lead.rule
    lead.turn_panel, lead.turn_payer, lead.turn_tier = 0, None, None
    lead.resting = data["reason"] in RESTING
    if data.get("occasion") in BACKLOG and event.agent is not None:
        _drain(desk, event)
    if lead.waits_for:
        count(desk, event, lead.waits_for, "", "waiting", -1)
    lead.waits_for = panel if event.kind == "unassigned" else 0
    lead.waits_as = data.get("occasion", "") if event.kind == "unassigned" and data.get("occasion") in KEPT else ""
    lead.offers += event.kind == "offered"
    move(desk, lead, event.kind, event.agent, event)
    if event.kind == "incubating":
        lead.incubated_at, lead.showed_intent = event.at, False
    if lead.waits_for:
        count(desk, event, panel, "", "waiting")
    if event.agent is None:
        count(desk, event, panel, "", event.kind)
    else:
        if panel and turned:
            lead.turn_panel, lead.turn_payer, lead.turn_tier = panel, event.agent, data.get("tier")
        what = "rested" if not panel else "received" if turned else data["reason"]
        count(desk, event, panel, event.agent, what)
        arrive(desk, event.agent, event)
        if event.kind != "offered":
            gain(desk, event.agent)
        desk.last_there.update(dict.fromkeys(data.get("territories", ()), event.agent))
    schedule(desk, lead)


def _drain(desk: Desk, event: Event) -> None:
    """A lead of the backlog was dealt: counted by the hour."""
    hour = event.at.strftime("%Y-%m-%dT%H")
    desk.drained = (hour, desk.drained[1] + 1 if desk.drained[0] == hour else 1)


def accepted(desk: Desk, event: Event) -> None:
    """The lead is theirs from now on: every clock starts, and it counts as one they had."""
    lead = lead_of(desk, event)
    assert lead.agent is not None
    move(desk, lead, "assigned", lead.agent, event)
    lead.start_anew(event.when, event.at)
    gain(desk, lead.agent)
    schedule(desk, lead)


def not_accepted(desk: Desk, event: Event) -> None:
    """declined, expired: the decision that follows in the same transaction says where it goes."""
    lead = lead_of(desk, event)
    assert lead.agent is not None
    lead.declined = tuple(dict.fromkeys((*lead.declined, lead.agent)))
    what = "returned" if event.data.get("panel") else event.kind
    count(desk, event, lead.turn_panel, lead.agent, what)
    move(desk, lead, "received", None, event)


def reclaimed(desk: Desk, event: Event) -> None:
    """Takes the lead from its holder; the decision that follows in the same transaction says where it goes."""
    lead = lead_of(desk, event)
    assert lead.agent is not None
    lose(lead, event)
    if event.data.get("hop", True):
        lead.excluded = tuple(dict.fromkeys((*lead.excluded, lead.agent)))
        lead.hops += 1
    lead.offers = 0
    count(desk, event, lead.turn_panel, lead.agent, "reclaimed")
    move(desk, lead, "received", None, event)


def transferred(desk: Desk, event: Event) -> None:
    """The lead changes hands by no rule: all clocks start, it rests no longer and may be offered as often as any lead.
    Nobody is shut out and no turn moves; it is counted as gone for the one and come for the other.
    """
    lead = lead_of(desk, event)
    assert event.agent is not None
    panel = lead.turn_panel
    if lead.waits_for:
        count(desk, event, lead.waits_for, "", "waiting", -1)
        lead.waits_for = 0
    if lead.agent is not None:
        lose(lead, event)
        count(desk, event, panel, lead.agent, "transferred_out")
    count(desk, event, panel, event.agent, "transferred_in")
    move(desk, lead, event.data.get("state", "assigned"), event.agent, event)
    lead.resting, lead.offers = False, 0
    if event.engine >= REVISED:
        lead.reason = "transferred"
    arrive(desk, event.agent, event)
    gain(desk, event.agent)
    schedule(desk, lead)


def claimed(desk: Desk, event: Event) -> None:
    """The lead is theirs as if it were dealt, also where it had come to rest; it counts as a turn where they paid one,
    as a claim otherwise, and among the claims of their day in either case.
    """
    lead, data = lead_of(desk, event), event.data
    assert event.agent is not None
    panel, turned = data.get("panel", 0), data.get("turn", False)
    if turned:
        lead.turn_panel, lead.turn_payer, lead.turn_tier = panel, event.agent, data.get("tier")
    else:
        lead.turn_panel, lead.turn_payer, lead.turn_tier = 0, None, None
    lead.reason, lead.resting, lead.offers = "claimed", False, 0
    count(desk, event, panel, event.agent, "received" if turned else "claimed")
    move(desk, lead, event.data.get("state", "assigned"), event.agent, event)
    arrive(desk, event.agent, event)
    gain(desk, event.agent)
    state = desk.touch(event.agent)
    state.claims = state.claims + 1 if state.claim_day == state.day else 1
    state.claim_day = state.day
    schedule(desk, lead)


def released(desk: Desk, event: Event) -> None:
    """Gives the lead up; the event that follows puts it into the pool."""
    lead = lead_of(desk, event)
    assert lead.agent is not None
    lose(lead, event)
    lead.excluded = tuple(dict.fromkeys((*lead.excluded, lead.agent)))
    count(desk, event, lead.turn_panel, lead.agent, "released")
    move(desk, lead, "received", None, event)


def handed_off(desk: Desk, event: Event) -> None:
    """An isa is done with the lead and stays on it; the decision that follows says which field agent gets it."""
    lead = lead_of(desk, event)
    lead.handed_off_at, lead.offers = event.when, 0
    new_journey(lead, event)
    move(desk, lead, "received", None, event)


def incubated(desk: Desk, event: Event) -> None:
    """A person put the lead into nurture. A field agent gives it up with that; an isa stays on it."""
    lead = lead_of(desk, event)
    if lead.waits_for:
        count(desk, event, lead.waits_for, "", "waiting", -1)
    lead.waits_for, lead.waits_as = 0, ""
    if lead.agent is not None and lead.state != "qualifying":
        lose(lead, event)
    lead.reason, lead.resting, lead.offers, lead.showed_intent = "incubated", False, 0, False
    lead.appointment_by = None
    new_journey(lead, event)
    move(desk, lead, "incubating", None, event)
    lead.incubated_at = event.when
    lead.touch_at = moment(event.data["next"]) if "next" in event.data else None
    schedule(desk, lead)


def requested(desk: Desk, event: Event) -> None:
    """An agent asks for the lead; nothing moves or is counted until the broker answers."""
    lead_of(desk, event).requested_by = event.agent


def request_refused(desk: Desk, event: Event) -> None:
    """The lead stays where it is, and somebody else may ask for it."""
    lead_of(desk, event).requested_by = None
