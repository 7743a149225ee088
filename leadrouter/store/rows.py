"""States of leads and agents as rows, and rows as states: which columns, in which order, in which form.

No SQL is run here. What is read and written is in `desks` and the other modules of this package.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from leadrouter.domain.events import iso, moment
from leadrouter.domain.state import AgentState, LeadState

STATE_COLUMNS = (
    "state", "agent", "quality", "rule", "reason", "assigned_at", "clock_at", "attempts", "attempted_at", "reached_at",
    "contacted_at", "closed_at", "value", "hops", "past_holders", "excluded", "inquiries", "turn_panel", "turn_payer",
    "turn_tier", "waits_for", "resting", "holder_left_at", "due_at", "conversion_at", "hold_at", "offers", "declined",
    "escalated", "extended", "promise_missed", "requested_by", "told_at", "waits_as", "isa", "handed_off_at",
    "appointment_by", "incubated_at", "touch_at", "showed_intent", "forgotten_at",
)  # fmt: skip
"""The columns of `leads` that are a projection of the events, in the order of LeadState's fields."""

AGENT_COLUMNS = (
    "agent", "active", "joined", "open", "day", "day_count", "hour", "hour_count", "last_lead", "leads", "contacts",
    "absences", "misses", "offline_since", "claim_day", "claims", "complaints",
    "tier", "skill", "reviewed_at", "findings",
)  # fmt: skip
"""The columns of `agents`, in the order of AgentState's fields."""


def agent_row(state: AgentState) -> tuple[Any, ...]:
    """An agent's state as the columns of `agents`."""
    return (
        state.agent, int(state.active), state.joined, state.open, state.day, state.day_count, state.hour,
        state.hour_count, state.last_lead, state.leads, json.dumps(state.contacts), json.dumps(state.absences),
        json.dumps(state.misses), state.offline_since, state.claim_day, state.claims, json.dumps(state.complaints),
        state.tier, state.skill, state.reviewed_at, json.dumps(state.findings),
    )  # fmt: skip


def agent_state(row: tuple[Any, ...]) -> AgentState:
    """The columns AGENT_COLUMNS as an agent's state."""
    (agent, active, joined, held, day, in_day, hour, in_hour, last, leads, contacts, absences, misses, offline,
     claim_day, claims, complaints, tier, skill, reviewed_at, findings) = row  # fmt: skip
    away = tuple((since, until) for since, until in json.loads(absences))
    return AgentState(
        agent, bool(active), joined, held, day, in_day, hour, in_hour, last, leads, tuple(json.loads(contacts)), away,
        tuple(json.loads(misses)), offline, claim_day, claims, tuple(json.loads(complaints)),
        tier, skill, reviewed_at, tuple((tier, found, verdict) for tier, found, verdict in json.loads(findings)),
    )  # fmt: skip


def state_row(lead: LeadState) -> tuple[Any, ...]:
    """A lead's state as the columns STATE_COLUMNS. Clocks that start together are written once."""
    clock = None if lead.clock_at == lead.assigned_at else _text(lead.clock_at)
    hold = None if lead.hold_at == lead.clock_at else _text(lead.hold_at)
    return (
        lead.state, lead.agent, lead.quality, lead.rule, lead.reason, _text(lead.assigned_at), clock,
        lead.attempts, _text(lead.attempted_at), _text(lead.reached_at), _text(lead.contacted_at),
        _text(lead.closed_at), lead.value, lead.hops, _list(lead.past_holders), _list(lead.excluded),
        lead.inquiries, lead.turn_panel, lead.turn_payer, lead.turn_tier, lead.waits_for, int(lead.resting),
        _text(lead.holder_left_at), _text(lead.due_at), _text(lead.conversion_at), hold, lead.offers,
        _list(lead.declined), lead.escalated, lead.extended, int(lead.promise_missed), lead.requested_by,
        _text(lead.told_at), lead.waits_as, lead.isa, _text(lead.handed_off_at), lead.appointment_by,
        _text(lead.incubated_at), _text(lead.touch_at), int(lead.showed_intent),
        _text(lead.forgotten_at),
    )  # fmt: skip


def lead_state(number: int, row: tuple[Any, ...]) -> LeadState:
    """The columns STATE_COLUMNS as a lead's state."""
    (state, agent, quality, rule, reason, assigned, clock, attempts, attempted, reached, contacted, closed, value,
     hops, holders, excluded, inquiries, panel, payer, tier, waits, resting, left, due, converting, holding, offers,
     declined, escalated, extended, missed, requested, told, waits_as, isa, handed_off, appointment_by, incubated,
     touch, intent, forgotten) = row  # fmt: skip
    clock = clock or assigned
    return LeadState(
        number, state, agent, quality, rule, reason, _moment(assigned), _moment(clock), attempts, _moment(attempted),
        _moment(reached), _moment(contacted), _moment(closed), value, hops, _agents(holders), _agents(excluded),
        inquiries, panel, payer, tier, waits, bool(resting), _moment(left), _moment(due), _moment(converting),
        _moment(holding or clock), offers, _agents(declined), escalated, extended, bool(missed), requested,
        _moment(told), waits_as, isa, _moment(handed_off), appointment_by, _moment(incubated), _moment(touch),
        bool(intent), _moment(forgotten),
    )  # fmt: skip


def _list(agents: tuple[str, ...]) -> str | None:
    return json.dumps(agents) if agents else None


def _text(at: datetime | None) -> str | None:
    return None if at is None else iso(at)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else moment(text)


def _agents(text: str | None) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()
