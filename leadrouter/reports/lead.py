"""One lead as `show` and the steps by hand tell it, without a word of what the person said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.deadlines import next_touch
from leadrouter.domain.events import iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted, money
from leadrouter.domain.state import CLOSED
from leadrouter.reports.wording import age, ago, first_contact_due, shown_due
from leadrouter.store.queries import LeadRow


def lead_view(row: LeadRow, policy: Policy) -> dict[str, Any]:
    """One lead, without a word of what the person said."""
    state = row.state
    return {
        "lead": state.lead,
        "external_id": row.external_id,
        "state": state.state,
        "agent": state.agent,
        "quality": state.quality,
        "rule": state.rule,
        "reason": state.reason,
        "received_at": row.received_at,
        "assigned_at": iso_or_none(state.assigned_at),
        "attempts": state.attempts,
        "contacted_at": iso_or_none(state.contacted_at),
        "reached_at": iso_or_none(state.reached_at),
        "closed_at": iso_or_none(state.closed_at),
        "value": state.value,
        "due": iso_or_none(shown_due(state, policy)),
        "hops": state.hops,
        "offers": state.offers,
        "declined": list(state.declined),
        "past_holders": list(state.past_holders),
        "requested_by": state.requested_by,
        "isa": state.isa,
        "handed_off_at": iso_or_none(state.handed_off_at),
        "appointment_by": state.appointment_by if state.state not in CLOSED else None,
        "incubated_at": iso_or_none(state.incubated_at),
        "next_touch": iso_or_none(next_touch(state, policy)),
        "inquiries": state.inquiries,
        "forgotten_at": iso_or_none(state.forgotten_at),
    }


def lead_lines(row: LeadRow, policy: Policy, now: datetime) -> list[tuple[str, str]]:
    """One lead as label and text, ages instead of timestamps."""
    state, zone = row.state, policy.team.timezone
    promised = first_contact_due(state, policy)
    lines = [
        ("lead", f"{state.lead}" + (f" (external id {row.external_id})" if row.external_id else "")),
        ("state", f"{state.state}, {state.quality}"),
        ("agent", named(policy, state.agent)),
        *([("isa", named(policy, state.isa))] if state.isa else []),
        ("rule", state.rule or "none"),
    ]
    for label, moment in (
        ("received", datetime.fromisoformat(row.received_at)),
        ("assigned", state.assigned_at),
        ("first attempt", state.attempted_at),
        ("reached", state.reached_at),
        ("handed off", state.handed_off_at),
        ("into nurture", state.incubated_at),
        ("closed", state.closed_at),
        ("forgotten", state.forgotten_at),
    ):
        if moment is not None:
            lines.append((label, f"{ago(moment, now)}, {wall_clock(moment, zone)}"))
    if state.value is not None:
        lines.append(("value", money(policy.team.currency, state.value)))
    due = shown_due(state, policy)
    if due is not None:
        what = "first contact due" if promised else CLOCKS.get(state.state, "next clock")
        late = f"! overdue by {age(due, now)}" if due < now else age(due, now)
        lines.append((what, f"{late}, {wall_clock(due, zone)}"))
    if state.declined:
        lines.append(("not accepted by", ", ".join(named(policy, agent) for agent in state.declined)))
    if state.requested_by:
        lines.append(("asked for by", named(policy, state.requested_by)))
    if state.past_holders:
        lines.append(("held before by", ", ".join(named(policy, agent) for agent in state.past_holders)))
    if state.hops:
        lines.append(("reclaimed", counted(state.hops, "time")))
    if state.inquiries:
        lines.append(("asked again", counted(state.inquiries, "time")))
    return lines


CLOCKS = {"offered": "offer lapses", "incubating": "touch due"}
"""State -> what its clock is about, where that is always one thing."""


def iso_or_none(moment: datetime | None) -> str | None:
    """A moment as JSON shows it; an absent value is null."""
    return None if moment is None else iso(moment)
