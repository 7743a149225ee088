"""`apply`: the only code that changes a desk, one function per kind of event.

Route, import, sweep, verify and simulate all fold events through here, so there is no second copy of any
projection. No decision is taken and no clock is read: every moment comes with an event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from leadrouter.domain import deadlines
from leadrouter.domain.decision import RESTING, LineUp, lineup_from
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import Event, iso, moment
from leadrouter.domain.ledger import TIERS, Renaming, Round, present_name, reverse, turn
from leadrouter.domain.state import CLOSED, CONTACTS_KEPT, HELD, OPEN, AgentState, LeadState

BACKLOG = frozenset({"retry", "opening", "unclaimed"})
"""Occasions on which a lead that had waited is dealt out."""


def apply(desk: Desk, event: Event) -> None:
    """Changes the desk by one event."""
    for round_, turns in rounds_in(event, desk.panels, desk.renamings):
        desk.ledger.post(round_, turns)
    APPLY[event.kind](desk, event)


def rounds_in(
    event: Event, panels: Mapping[int, LineUp], renamings: Sequence[Renaming] = ()
) -> list[tuple[Round, int]]:
    """The ledger movements an event stands for, each with the turns it counts (see `Ledger.post`)."""
    data = event.data
    if event.kind in TURNS and data.get("panel") and data.get("turn", True):
        lineup, payer, tier = panels[data["panel"]], data.get("payer") or event.agent, data.get("tier")
        assert lineup.rotation is not None
        assert payer is not None
        rotation = present_name(lineup.rotation, data["panel"], renamings)
        rounds = [turn(rotation, lineup.members(tier), payer)]
        if tier is not None:
            rounds.append(turn(rotation + TIERS, lineup.tier_panel(), tier))
        if event.kind in GIVES_BACK:
            return [(reverse(round_), -1) for round_ in rounds]
        return [(round_, 1) for round_ in rounds]
    if event.kind in ("agent_left", "credited"):
        assert event.agent is not None
        return [(Round(r, tuple(map(tuple, panel)), q, event.agent), 0) for r, panel, q in data["rounds"]]
    return []


GIVES_BACK = frozenset({"voided", "declined", "expired"})
TURNS = GIVES_BACK | {"assigned", "offered", "qualifying", "claimed", "reopened"}
"""Kinds of events that may take a turn, among them those that give one back."""


# --- the team -------------------------------------------------------------------------------------------------


def _policy_loaded(desk: Desk, event: Event) -> None:
    before = desk.rulebook
    desk.adopt(event.data["version"])
    for lead in desk.leads.values():
        if lead.state not in CLOSED and before is not None:
            deadlines.restart_if_past(lead, before.policy, desk.policy.policy, desk.agents, event.at)
            _schedule(desk, lead)


def _agent_joined(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.agents.setdefault(event.agent, AgentState(event.agent))
    state.active, state.joined = True, event.data["joined"]
    desk.changes.agents.add(event.agent)
    for lead in desk.leads.values():
        if lead.agent == event.agent and lead.holder_left_at is not None:
            lead.holder_left_at = None
            _schedule(desk, lead)
    desk.forget_plan()


def _agent_left(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    desk.touch(event.agent).active = False
    for lead in desk.leads.values():
        if lead.agent == event.agent and lead.state in OPEN:
            lead.holder_left_at = event.at
            _schedule(desk, lead)
    desk.forget_plan()


def _went_away(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.absences = (*state.absences, (event.data["from"], event.data["until"]))
    _reschedule(desk, event.agent)
    desk.forget_plan()


def _came_back(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.absences = tuple(absence for absence in state.absences if list(absence) not in event.data["ended"])
    state.offline_since, state.misses = None, ()
    _reschedule(desk, event.agent)
    desk.forget_plan()


def _taken_offline(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    desk.touch(event.agent).offline_since = iso(event.at)
    desk.forget_plan()


def _reschedule(desk: Desk, agent: str) -> None:
    """Where time off moves leads, its dates are deadlines of those the agent holds."""
    if desk.policy.policy.time_off.open_leads != "keep":
        for lead in desk.leads.values():
            if lead.agent == agent and lead.state in HELD:
                _schedule(desk, lead)


def _complained(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.complaints = (*state.complaints, event.seq)


def _complaint_answered(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.complaints = tuple(number for number in state.complaints if number != event.data["complaint"])


def _rotation_renamed(desk: Desk, event: Event) -> None:
    desk.ledger.rename(event.data["from"], event.data["to"])
    desk.renamings.append(Renaming(event.seq, event.data["from"], event.data["to"]))


def _nothing_more(desk: Desk, event: Event) -> None:
    """credited, balance, edited: posting the rounds was all, or nothing on the desk changes."""


# --- the leads ------------------------------------------------------------------------------------------------


def _panel(desk: Desk, event: Event) -> None:
    desk.know_panel(event.seq, lineup_from(event.data))


def _routed(desk: Desk, event: Event) -> None:
    """assigned, offered, qualifying, unassigned, pooled, held, incubating: where one decision put the lead."""
    lead = _lead(desk, event)
    data = event.data
    lead.quality = data.get("quality", lead.quality)
    lead.reason = data["reason"]
    panel, turned = data.get("panel", 0), data.get("turn", event.agent is not None)
    lead.rule = desk.panels[panel].rule if panel else lead.rule
    lead.turn_panel, lead.turn_payer, lead.turn_tier = 0, None, None
    lead.resting = data["reason"] in RESTING
    if data.get("occasion") in BACKLOG:
        _drain(desk, event)
    if lead.waits_for:
        _count(desk, event, lead.waits_for, "", "waiting", -1)
    lead.waits_for = panel if event.kind == "unassigned" else 0
    lead.offers += event.kind == "offered"
    _move(desk, lead, event.kind, event.agent, event)
    if lead.waits_for:
        _count(desk, event, panel, "", "waiting")
    if event.agent is None:
        _count(desk, event, panel, "", event.kind)
    else:
        if panel and turned:
            lead.turn_panel, lead.turn_payer, lead.turn_tier = panel, event.agent, data.get("tier")
        what = "rested" if not panel else "received" if turned else data["reason"]
        _count(desk, event, panel, event.agent, what)
        _arrive(desk, event.agent, event)
        if event.kind != "offered":
            _gain(desk, event.agent)
        desk.last_there.update(dict.fromkeys(data.get("territories", ()), event.agent))
    _schedule(desk, lead)


def _drain(desk: Desk, event: Event) -> None:
    """A lead of the backlog was dealt: counted by the hour."""
    hour = event.at.strftime("%Y-%m-%dT%H")
    desk.drained = (hour, desk.drained[1] + 1 if desk.drained[0] == hour else 1)


def _accepted(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    assert lead.agent is not None
    _move(desk, lead, "assigned", lead.agent, event)
    lead.start_anew(_when(event))
    _gain(desk, lead.agent)
    _schedule(desk, lead)


def _not_accepted(desk: Desk, event: Event) -> None:
    """declined, expired: the decision that follows in the same transaction says where it goes."""
    lead = _lead(desk, event)
    assert lead.agent is not None
    lead.declined = tuple(dict.fromkeys((*lead.declined, lead.agent)))
    what = "returned" if event.data.get("panel") else event.kind
    _count(desk, event, lead.turn_panel, lead.agent, what)
    _move(desk, lead, "received", None, event)


def _claimed(desk: Desk, event: Event) -> None:
    lead, data = _lead(desk, event), event.data
    assert event.agent is not None
    panel, turned = data.get("panel", 0), data.get("turn", False)
    if turned:
        lead.turn_panel, lead.turn_payer, lead.turn_tier = panel, event.agent, data.get("tier")
    else:
        lead.turn_panel, lead.turn_payer, lead.turn_tier = 0, None, None
    lead.reason, lead.resting, lead.offers = "claimed", False, 0
    _count(desk, event, panel, event.agent, "received" if turned else "claimed")
    _move(desk, lead, "assigned", event.agent, event)
    _arrive(desk, event.agent, event)
    _gain(desk, event.agent)
    state = desk.touch(event.agent)
    state.claims = state.claims + 1 if state.claim_day == state.day else 1
    state.claim_day = state.day
    _schedule(desk, lead)


def _released(desk: Desk, event: Event) -> None:
    """Gives the lead up; the event that follows puts it into the pool."""
    lead = _lead(desk, event)
    assert lead.agent is not None
    lead.held_by(lead.agent)
    lead.excluded = tuple(dict.fromkeys((*lead.excluded, lead.agent)))
    _count(desk, event, lead.turn_panel, lead.agent, "released")
    _move(desk, lead, "received", None, event)


def _requested(desk: Desk, event: Event) -> None:
    _lead(desk, event).requested_by = event.agent


def _request_refused(desk: Desk, event: Event) -> None:
    _lead(desk, event).requested_by = None


def _inquired(desk: Desk, event: Event) -> None:
    _lead(desk, event).inquiries += 1


def _contacted(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    _attempt(desk, lead, _when(event), reached=event.data["outcome"] == "reached")
    if lead.reached_at is not None and lead.state == "assigned":
        _move(desk, lead, "contacted", lead.agent, event)
    _schedule(desk, lead)


def _attempt(desk: Desk, lead: LeadState, at: datetime, *, reached: bool) -> None:
    """One attempt to reach the person: the first meets the promise, or shows that it was broken."""
    lead.attempts += 1
    if lead.attempts == 1 and lead.agent is not None and lead.assigned_at is not None:
        state = desk.touch(lead.agent)
        state.contacts = (*state.contacts, int((at - lead.assigned_at).total_seconds()))[-CONTACTS_KEPT:]
        desk.lineups.clear()
        _break_promise(desk, lead, at)
    if lead.attempted_at is None or at < lead.attempted_at:
        lead.attempted_at = at
    if lead.contacted_at is None or at < lead.contacted_at:
        lead.contacted_at = at
    if reached and lead.reached_at is None:
        lead.reached_at = lead.conversion_at = at


def _break_promise(desk: Desk, lead: LeadState, at: datetime) -> None:
    """Counts a promise that was not kept by `at`, once for each holder, where the policy asks for it."""
    offline = desk.policy.policy.sla.offline
    if offline is None or lead.promise_missed or lead.agent is None:
        return
    promised = deadlines.promised_at(lead, desk.policy.policy)
    if promised is not None and promised <= at:
        lead.promise_missed = True
        state = desk.touch(lead.agent)
        recent = iso(at - timedelta(seconds=offline.within))
        state.misses = (*(miss for miss in state.misses if miss > recent), iso(at))


def _appointment(desk: Desk, event: Event) -> None:
    """Who has an appointment was reached."""
    lead = _lead(desk, event)
    if lead.reached_at is None:
        _attempt(desk, lead, _when(event), reached=True)
    _move(desk, lead, "appointment", lead.agent, event)
    _schedule(desk, lead)


def _no_show(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    _move(desk, lead, "contacted", lead.agent, event)
    lead.conversion_at = _when(event)
    _schedule(desk, lead)


def _extended(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    lead.extended += event.data["seconds"]
    _schedule(desk, lead)


def _escalated(desk: Desk, event: Event) -> None:
    """The leader was told; a reminder starts again from here."""
    lead = _lead(desk, event)
    if "after" in event.data:
        lead.escalated = event.data["after"]
        _break_promise(desk, lead, event.at)
    else:
        lead.clock_at = event.at
    _schedule(desk, lead)


def _promise_missed(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    _break_promise(desk, lead, event.at)
    _schedule(desk, lead)


def _closed(desk: Desk, event: Event) -> None:
    """won, lost, voided."""
    lead = _lead(desk, event)
    lead.closed_at = _when(event)
    if lead.waits_for:
        _count(desk, event, lead.waits_for, "", "waiting", -1)
        lead.waits_for = 0
    if event.kind == "won":
        lead.value = event.data.get("value")
    if event.kind == "voided" and lead.turn_payer:
        _count(desk, event, lead.turn_panel, lead.turn_payer, "voided")
    _move(desk, lead, "void" if event.kind == "voided" else event.kind, lead.agent, event)


def _reopened(desk: Desk, event: Event) -> None:
    """Back to where it was, with what was done so far; only the running clock starts again."""
    lead = _lead(desk, event)
    if event.data.get("panel"):
        _count(desk, event, lead.turn_panel, event.data["payer"], "reopened")
    lead.closed_at, lead.value, lead.escalated = None, None, 0
    lead.clock_at = lead.hold_at = event.at
    lead.conversion_at = event.at if lead.reached_at is not None else None
    if lead.agent is not None and not desk.agents[lead.agent].active:
        lead.holder_left_at = event.at
    _move(desk, lead, event.data["state"], lead.agent, event)
    _schedule(desk, lead)


def _transferred(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    assert event.agent is not None
    panel = lead.turn_panel
    if lead.waits_for:
        _count(desk, event, lead.waits_for, "", "waiting", -1)
        lead.waits_for = 0
    if lead.agent is not None:
        lead.held_by(lead.agent)
        _count(desk, event, panel, lead.agent, "transferred_out")
    _count(desk, event, panel, event.agent, "transferred_in")
    _move(desk, lead, "assigned", event.agent, event)
    lead.resting, lead.offers = False, 0
    _arrive(desk, event.agent, event)
    _gain(desk, event.agent)
    _schedule(desk, lead)


def _reclaimed(desk: Desk, event: Event) -> None:
    """Takes the lead from its holder; the decision that follows in the same transaction says where it goes."""
    lead = _lead(desk, event)
    assert lead.agent is not None
    lead.held_by(lead.agent)
    if event.data.get("hop", True):
        lead.excluded = tuple(dict.fromkeys((*lead.excluded, lead.agent)))
        lead.hops += 1
    lead.offers = 0
    _count(desk, event, lead.turn_panel, lead.agent, "reclaimed")
    _move(desk, lead, "received", None, event)


# --- what they share ------------------------------------------------------------------------------------------


def _when(event: Event) -> datetime:
    """When it really happened: a step by hand may record a past moment."""
    return moment(event.data["at"]) if "at" in event.data else event.at


def _lead(desk: Desk, event: Event) -> LeadState:
    assert event.lead is not None
    lead = desk.leads.get(event.lead)
    if lead is None:
        lead = desk.leads[event.lead] = LeadState(event.lead)
    desk.changes.leads.add(event.lead)
    return lead


def _move(desk: Desk, lead: LeadState, state: str, agent: str | None, event: Event) -> None:
    """The one place where a lead changes state or holder, so that the open counts cannot drift."""
    if lead.agent is not None and agent != lead.agent and lead.attempts == 0:
        _break_promise(desk, lead, event.at)
    if lead.agent is not None and lead.state in OPEN:
        desk.touch(lead.agent).open -= 1
        desk.restand(lead.agent)
    if agent is not None and state in OPEN:
        desk.touch(agent).open += 1
        desk.restand(agent)
    if agent != lead.agent or (agent is None and state not in CLOSED):
        lead.start_anew(_when(event))
    lead.state, lead.agent = state, agent
    if state in CLOSED or (agent is not None and agent == lead.requested_by):
        lead.requested_by = None
    if state in CLOSED:
        lead.due_at = None


def _arrive(desk: Desk, agent: str, event: Event) -> None:
    """A lead reached an agent: their daily and hourly counts, and whose turn was last."""
    state = desk.touch(agent)
    slot = desk.slot(agent, event.at) if agent in desk.policy.roster else None
    if slot is not None:
        state.day_count = state.day_count + 1 if state.day == slot.day else 1
        state.hour_count = state.hour_count + 1 if state.hour == slot.hour else 1
        state.day, state.hour = slot.day, slot.hour
    state.last_lead = event.seq
    desk.restand(agent)


def _gain(desk: Desk, agent: str) -> None:
    """One more lead that was theirs: what probation counts."""
    state = desk.touch(agent)
    state.leads += 1
    if state.leads == desk.policy.policy.probation.leads:
        desk.lineups.clear()


def _schedule(desk: Desk, lead: LeadState) -> None:
    lead.due_at = deadlines.next_due(lead, desk.policy.policy, desk.agents)
    desk.changes.leads.add(lead.lead)


def _count(desk: Desk, event: Event, panel: int, agent: str, what: str, times: int = 1) -> None:
    desk.changes.tallies[desk.plan(event.at).month, panel, agent, what] += times


APPLY: dict[str, Callable[[Desk, Event], None]] = {
    "policy_loaded": _policy_loaded,
    "agent_joined": _agent_joined,
    "agent_left": _agent_left,
    "went_away": _went_away,
    "came_back": _came_back,
    "taken_offline": _taken_offline,
    "complained": _complained,
    "complaint_answered": _complaint_answered,
    "credited": _nothing_more,
    "balance": _nothing_more,
    "panel": _panel,
    "assigned": _routed,
    "offered": _routed,
    "accepted": _accepted,
    "declined": _not_accepted,
    "expired": _not_accepted,
    "claimed": _claimed,
    "released": _released,
    "requested": _requested,
    "request_refused": _request_refused,
    "appointment": _appointment,
    "no_show": _no_show,
    "extended": _extended,
    "escalated": _escalated,
    "promise_missed": _promise_missed,
    "qualifying": _routed,
    "unassigned": _routed,
    "pooled": _routed,
    "held": _routed,
    "incubating": _routed,
    "rotation_renamed": _rotation_renamed,
    "rotation_removed": _nothing_more,
    "inquired": _inquired,
    "contacted": _contacted,
    "won": _closed,
    "lost": _closed,
    "voided": _closed,
    "reopened": _reopened,
    "transferred": _transferred,
    "reclaimed": _reclaimed,
    "edited": _nothing_more,
}
