"""`apply`: the only code that changes a desk, one function per kind of event.

Route, import, sweep, verify and simulate all fold events through here, so there is no second copy of any
projection. No decision is taken and no clock is read: every moment comes with an event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from leadrouter.domain import deadlines
from leadrouter.domain.decision import LineUp, lineup_from
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import Event, moment
from leadrouter.domain.ledger import Round, reverse, turn
from leadrouter.domain.state import OPEN, AgentState, LeadState


def apply(desk: Desk, event: Event) -> None:
    """Changes the desk by one event."""
    for round_, turns in rounds_in(event, desk.panels):
        desk.ledger.post(round_, turns)
    APPLY[event.kind](desk, event)


def rounds_in(event: Event, panels: Mapping[int, LineUp]) -> list[tuple[Round, int]]:
    """The ledger movements an event stands for, each with the turns it counts (see `Ledger.post`)."""
    data = event.data
    if event.kind in ("assigned", "voided", "reopened") and data.get("panel"):
        lineup, payer = panels[data["panel"]], data.get("payer") or event.agent
        assert lineup.rotation is not None
        assert payer is not None
        round_ = turn(lineup.rotation, lineup.panel, payer)
        return [(reverse(round_), -1)] if event.kind == "voided" else [(round_, 1)]
    if event.kind in ("agent_left", "credited"):
        assert event.agent is not None
        return [(Round(r, tuple(map(tuple, panel)), q, event.agent), 0) for r, panel, q in data["rounds"]]
    return []


# --- the team -------------------------------------------------------------------------------------------------


def _policy_loaded(desk: Desk, event: Event) -> None:
    before = desk.rulebook
    desk.adopt(event.data["version"])
    for lead in desk.leads.values():
        if lead.state in OPEN and before is not None:
            deadlines.restart_if_past(lead, before.policy, desk.policy.policy, event.at)
            _schedule(desk, lead)


def _agent_joined(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.agents.setdefault(event.agent, AgentState(event.agent))
    state.active, state.joined = True, event.data["joined"]
    desk.changes.agents.add(event.agent)
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
    desk.forget_plan()


def _came_back(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.absences = tuple(absence for absence in state.absences if list(absence) not in event.data["ended"])
    desk.forget_plan()


def _nothing_more(desk: Desk, event: Event) -> None:
    """credited, balance, edited: posting the rounds was all, or nothing on the desk changes."""


# --- the leads ------------------------------------------------------------------------------------------------


def _panel(desk: Desk, event: Event) -> None:
    desk.know_panel(event.seq, lineup_from(event.data))


def _routed(desk: Desk, event: Event) -> None:
    """assigned, unassigned, pooled: where one decision put the lead."""
    lead = _lead(desk, event)
    data = event.data
    lead.quality = data.get("quality", lead.quality)
    lead.reason = data["reason"]
    panel = data.get("panel", 0)
    lead.rule = desk.panels[panel].rule if panel else lead.rule
    lead.turn_panel, lead.turn_payer = 0, None
    if event.kind != "assigned":
        _move(desk, lead, event.kind, None, event)
        _count(desk, event, panel, "", event.kind)
        return
    assert event.agent is not None
    _move(desk, lead, "assigned", event.agent, event)
    if panel:
        lead.turn_panel, lead.turn_payer = panel, event.agent
    lead.resting = not panel
    _count(desk, event, panel, event.agent, "received" if panel else "rested")
    _arrive(desk, event.agent, event)
    _schedule(desk, lead)


def _inquired(desk: Desk, event: Event) -> None:
    _lead(desk, event).inquiries += 1


def _contacted(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    at = moment(event.data["at"]) if "at" in event.data else event.at
    lead.attempts += 1
    if lead.attempted_at is None or at < lead.attempted_at:
        lead.attempted_at = at
    if lead.contacted_at is None or at < lead.contacted_at:
        lead.contacted_at = at
    if event.data["outcome"] == "reached" and lead.reached_at is None:
        lead.reached_at = lead.clock_at = at
        if lead.state == "assigned":
            _move(desk, lead, "contacted", lead.agent, event)
    _schedule(desk, lead)


def _closed(desk: Desk, event: Event) -> None:
    """won, lost, voided."""
    lead = _lead(desk, event)
    lead.closed_at = moment(event.data["at"]) if "at" in event.data else event.at
    if event.kind == "won":
        lead.value = event.data.get("value")
    if event.kind == "voided" and lead.turn_payer:
        _count(desk, event, lead.turn_panel, lead.turn_payer, "voided")
    _move(desk, lead, "void" if event.kind == "voided" else event.kind, lead.agent, event)


def _reopened(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    was_void = lead.state == "void"
    lead.closed_at, lead.value, lead.clock_at = None, None, event.at
    if was_void and lead.turn_payer:
        _count(desk, event, lead.turn_panel, lead.turn_payer, "reopened")
    _move(desk, lead, event.data["state"], lead.agent, event)
    _schedule(desk, lead)


def _transferred(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    assert event.agent is not None
    panel = lead.turn_panel
    if lead.agent is not None:
        lead.held_by(lead.agent)
        _count(desk, event, panel, lead.agent, "transferred_out")
    _count(desk, event, panel, event.agent, "transferred_in")
    _move(desk, lead, "assigned", event.agent, event)
    lead.resting = False
    _arrive(desk, event.agent, event)
    _schedule(desk, lead)


def _reclaimed(desk: Desk, event: Event) -> None:
    """Takes the lead from its holder; the decision that follows in the same transaction says where it goes."""
    lead = _lead(desk, event)
    assert lead.agent is not None
    lead.held_by(lead.agent)
    lead.hops += 1
    _count(desk, event, lead.turn_panel, lead.agent, "reclaimed")
    _move(desk, lead, "received", None, event)


# --- what they share ------------------------------------------------------------------------------------------


def _lead(desk: Desk, event: Event) -> LeadState:
    assert event.lead is not None
    lead = desk.leads.get(event.lead)
    if lead is None:
        lead = desk.leads[event.lead] = LeadState(event.lead)
    desk.changes.leads.add(event.lead)
    return lead


def _move(desk: Desk, lead: LeadState, state: str, agent: str | None, event: Event) -> None:
    """The one place where a lead changes state or holder, so that the open counts cannot drift."""
    if lead.agent is not None and lead.state in OPEN:
        desk.touch(lead.agent).open -= 1
        desk.restand(lead.agent)
    if agent is not None and state in OPEN:
        desk.touch(agent).open += 1
        desk.restand(agent)
    if agent != lead.agent or state in ("assigned", "unassigned", "pooled"):
        lead.start_anew(event.at if agent is not None else None)
    lead.state, lead.agent = state, agent
    if state not in OPEN:
        lead.due_at = event.at if state == "unassigned" else None


def _arrive(desk: Desk, agent: str, event: Event) -> None:
    """A lead reached an agent: their daily and hourly counts, and whose turn was last."""
    state = desk.touch(agent)
    slot = desk.slot(agent, event.at) if agent in desk.policy.roster else None
    if slot is not None:
        state.day_count = state.day_count + 1 if state.day == slot.day else 1
        state.hour_count = state.hour_count + 1 if state.hour == slot.hour else 1
        state.day, state.hour = slot.day, slot.hour
    state.last_lead = event.seq
    state.leads += 1
    desk.restand(agent)


def _schedule(desk: Desk, lead: LeadState) -> None:
    lead.due_at = deadlines.next_due(lead, desk.policy.policy)
    desk.changes.leads.add(lead.lead)


def _count(desk: Desk, event: Event, panel: int, agent: str, what: str) -> None:
    desk.changes.tallies[desk.plan(event.at).month, panel, agent, what] += 1


APPLY: dict[str, Callable[[Desk, Event], None]] = {
    "policy_loaded": _policy_loaded,
    "agent_joined": _agent_joined,
    "agent_left": _agent_left,
    "went_away": _went_away,
    "came_back": _came_back,
    "credited": _nothing_more,
    "balance": _nothing_more,
    "panel": _panel,
    "assigned": _routed,
    "unassigned": _routed,
    "pooled": _routed,
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
