"""`apply`: the only code that changes a desk, one function per kind of event.

Route, import, sweep, verify and simulate all fold events through here, so there is no second copy of any
projection. No decision is taken and no clock is read: every moment comes with an event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from leadrouter.domain import deadlines
from leadrouter.domain.decision import LineUp, lineup_from
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import Event, moment
from leadrouter.domain.ledger import TIERS, Renaming, Round, present_name, reverse, turn
from leadrouter.domain.state import CLOSED, CONTACTS_KEPT, OPEN, AgentState, LeadState

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
        if event.kind == "voided":
            return [(reverse(round_), -1) for round_ in rounds]
        return [(round_, 1) for round_ in rounds]
    if event.kind in ("agent_left", "credited"):
        assert event.agent is not None
        return [(Round(r, tuple(map(tuple, panel)), q, event.agent), 0) for r, panel, q in data["rounds"]]
    return []


TURNS = frozenset({"assigned", "qualifying", "voided", "reopened"})
"""Kinds of events that may take a turn or give one back."""


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
    desk.forget_plan()


def _came_back(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.absences = tuple(absence for absence in state.absences if list(absence) not in event.data["ended"])
    desk.forget_plan()


def _rotation_renamed(desk: Desk, event: Event) -> None:
    desk.ledger.rename(event.data["from"], event.data["to"])
    desk.renamings.append(Renaming(event.seq, event.data["from"], event.data["to"]))


def _nothing_more(desk: Desk, event: Event) -> None:
    """credited, balance, edited: posting the rounds was all, or nothing on the desk changes."""


# --- the leads ------------------------------------------------------------------------------------------------


def _panel(desk: Desk, event: Event) -> None:
    desk.know_panel(event.seq, lineup_from(event.data))


def _routed(desk: Desk, event: Event) -> None:
    """assigned, qualifying, unassigned, pooled, held, incubating: where one decision put the lead."""
    lead = _lead(desk, event)
    data = event.data
    lead.quality = data.get("quality", lead.quality)
    lead.reason = data["reason"]
    panel, turned = data.get("panel", 0), data.get("turn", event.agent is not None)
    lead.rule = desk.panels[panel].rule if panel else lead.rule
    lead.turn_panel, lead.turn_payer, lead.turn_tier = 0, None, None
    lead.resting = not panel
    if data.get("occasion") in BACKLOG:
        _drain(desk, event)
    if lead.waits_for:
        _count(desk, event, lead.waits_for, "", "waiting", -1)
    lead.waits_for = panel if event.kind == "unassigned" else 0
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
        desk.last_there.update(dict.fromkeys(data.get("territories", ()), event.agent))
    _schedule(desk, lead)


def _drain(desk: Desk, event: Event) -> None:
    """A lead of the backlog was dealt: counted by the hour."""
    hour = event.at.strftime("%Y-%m-%dT%H")
    desk.drained = (hour, desk.drained[1] + 1 if desk.drained[0] == hour else 1)


def _inquired(desk: Desk, event: Event) -> None:
    _lead(desk, event).inquiries += 1


def _contacted(desk: Desk, event: Event) -> None:
    lead = _lead(desk, event)
    at = moment(event.data["at"]) if "at" in event.data else event.at
    lead.attempts += 1
    if lead.attempts == 1 and lead.agent is not None and lead.assigned_at is not None:
        state = desk.touch(lead.agent)
        state.contacts = (*state.contacts, int((at - lead.assigned_at).total_seconds()))[-CONTACTS_KEPT:]
        desk.lineups.clear()
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
    lead.closed_at, lead.value, lead.clock_at = None, None, event.at
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
    lead.resting = False
    _arrive(desk, event.agent, event)
    _schedule(desk, lead)


def _reclaimed(desk: Desk, event: Event) -> None:
    """Takes the lead from its holder; the decision that follows in the same transaction says where it goes."""
    lead = _lead(desk, event)
    assert lead.agent is not None
    lead.held_by(lead.agent)
    lead.excluded = tuple(dict.fromkeys((*lead.excluded, lead.agent)))
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
    if agent != lead.agent or (agent is None and state not in CLOSED):
        lead.start_anew(event.at)
    lead.state, lead.agent = state, agent
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
    state.leads += 1
    if state.leads == desk.policy.policy.probation.leads:
        desk.lineups.clear()
    desk.restand(agent)


def _schedule(desk: Desk, lead: LeadState) -> None:
    lead.due_at = deadlines.next_due(lead, desk.policy.policy)
    desk.changes.leads.add(lead.lead)


def _count(desk: Desk, event: Event, panel: int, agent: str, what: str, times: int = 1) -> None:
    desk.changes.tallies[desk.plan(event.at).month, panel, agent, what] += times


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
