"""Effects of events on the team: policies, who joins, leaves, is away and comes back, tiers, complaints, rotations."""

from __future__ import annotations

from leadrouter.domain import deadlines
from leadrouter.domain.desk import Desk
from leadrouter.domain.effects.moves import schedule
from leadrouter.domain.events import REVISED, Event, iso
from leadrouter.domain.ledger import Renaming
from leadrouter.domain.policy import FINDINGS_KEPT
from leadrouter.domain.state import CLOSED, HELD, OPEN, AgentState


def policy_loaded(desk: Desk, event: Event) -> None:
    """Leads fall due by the new policy's clocks; those that would be past by it start again at this moment. An opening
    that is past is simply due: the next one would be a day away.
    """
    before = desk.policy if desk.version else None
    desk.adopt(event.data["version"])
    for lead in desk.leads.values():
        if lead.state not in CLOSED and before is not None:
            restarts = lead.state != "held" or event.engine < REVISED
            if restarts and deadlines.restart_if_past(lead, before.policy, desk.policy.policy, desk.agents, event.at):
                desk.changes.leads.add(lead.lead)
            schedule(desk, lead)


def agent_joined(desk: Desk, event: Event) -> None:
    """They take turns from now on, and keep what they still have from before they left."""
    assert event.agent is not None
    state = desk.agents.setdefault(event.agent, AgentState(event.agent))
    state.active, state.joined = True, event.data["joined"]
    desk.changes.agents.add(event.agent)
    desk.forget_plan()
    for lead in desk.leads.values():
        if lead.agent == event.agent and lead.holder_left_at is not None:
            lead.holder_left_at = None
            desk.changes.leads.add(lead.lead)
            schedule(desk, lead)


def agent_left(desk: Desk, event: Event) -> None:
    """They get nothing more; every open lead of theirs is due at once, its other clocks go on."""
    assert event.agent is not None
    desk.touch(event.agent).active = False
    desk.forget_plan()
    for lead in desk.leads.values():
        if lead.agent == event.agent and lead.state in OPEN:
            lead.holder_left_at = event.at
            desk.changes.leads.add(lead.lead)
            schedule(desk, lead)


def went_away(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.absences = (*state.absences, (event.data["from"], event.data["until"]))
    desk.forget_plan()
    _reschedule(desk, event.agent)


def came_back(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.absences = tuple(absence for absence in state.absences if list(absence) not in event.data["ended"])
    state.offline_since, state.misses = None, ()
    desk.forget_plan()
    _reschedule(desk, event.agent)


def taken_offline(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    desk.touch(event.agent).offline_since = iso(event.at)
    desk.forget_plan()


def _reschedule(desk: Desk, agent: str) -> None:
    """Where time off moves leads, its dates are deadlines of those the agent holds."""
    if desk.policy.policy.time_off.open_leads != "keep":
        for lead in desk.leads.values():
            if lead.agent == agent and lead.state in HELD:
                schedule(desk, lead)


def reviewed(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state, data = desk.touch(event.agent), event.data
    state.reviewed_at = iso(event.at)
    state.findings = (*state.findings, (data["tier"], data["finding"], data["verdict"]))[-FINDINGS_KEPT:]
    if "skill" in data:
        state.skill = data["skill"]
        desk.lineups.clear()


def tier_changed(desk: Desk, event: Event) -> None:
    """tier_moved, tier_set: after a decision by hand, what reviews found before counts no more."""
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.tier = event.data["to"]
    if event.kind == "tier_set":
        state.findings = ()
    desk.lineups.clear()


def complained(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.complaints = (*state.complaints, event.seq)


def complaint_answered(desk: Desk, event: Event) -> None:
    assert event.agent is not None
    state = desk.touch(event.agent)
    state.complaints = tuple(number for number in state.complaints if number != event.data["complaint"])


def rotation_renamed(desk: Desk, event: Event) -> None:
    desk.ledger.rename(event.data["from"], event.data["to"])
    desk.renamings.append(Renaming(event.seq, event.data["from"], event.data["to"]))
