"""One lead as `show` and the steps by hand tell it. Only `show` says who the person is and what they and others wrote.

`show` is a screen for whoever has the file, as `pool` and `export` are; a blind pool stays blind here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.deadlines import next_touch
from leadrouter.domain.events import Event, iso
from leadrouter.domain.lead import Lead
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.speech import counted, money
from leadrouter.domain.state import CLOSED, LeadState
from leadrouter.reports.happened import reason_words
from leadrouter.reports.wording import due_words, first_contact_due, shown_due, when_words
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


class Said(NamedTuple):
    """What is known of the person and of the end of the lead: in words that are erased with the person."""

    facts: Lead
    reason: str | None = None


PERSON = ("name", "phone", "email", "message")
"""What only those may see to whom the lead is not hidden."""


def person_of(row: LeadRow, said: Said, policy: Policy) -> dict[str, str | None]:
    """Whom to call and what they said; nothing of it while the lead lies in a blind pool."""
    hidden = policy.pool.blind and row.state.state == "pooled"
    return {key: None if hidden else getattr(said.facts, key) for key in PERSON}


def closing_reason(history: Sequence[Event], notes: Mapping[int, str | None], state: LeadState) -> str | None:
    """Why a closed lead was closed, in the words of whoever closed it; in ours where the person was forgotten."""
    last = next((event for event in reversed(history) if event.kind in ("won", "lost", "voided", "past")), None)
    if state.state not in CLOSED or last is None:
        return None
    return notes.get(last.seq) or (reason_words(last.data["reason"]) if "reason" in last.data else None)


def lead_lines(row: LeadRow, said: Said, policy: Policy, now: datetime) -> list[tuple[str, str]]:
    """One lead as label and text, ages instead of timestamps."""
    state, zone = row.state, policy.team.timezone
    promised = first_contact_due(state, policy)
    lines = [
        ("lead", f"{state.lead}" + (f" (external id {row.external_id})" if row.external_id else "")),
        *((key.replace("email", "e-mail"), _line(text)) for key, text in person_of(row, said, policy).items() if text),
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
            lines.append((label, when_words(moment, now, zone)))
    if said.reason:
        lines.append(("reason", _line(said.reason)))
    if state.value is not None:
        lines.append(("value", money(policy.team.currency, state.value)))
    due = shown_due(state, policy)
    if due is not None:
        what = "first contact due" if promised else CLOCKS.get(state.state, "next clock")
        sign = "! " if due < now else ""
        lines.append((what, f"{sign}{due_words(due, now)}, {wall_clock(due, zone, now)}"))
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


def _line(text: str) -> str:
    """What a person wrote, in one line."""
    return " ".join(text.split())


CLOCKS = {"offered": "offer lapses", "incubating": "touch due"}
"""State -> what its clock is about, where that is always one thing."""


def iso_or_none(moment: datetime | None) -> str | None:
    """A moment as JSON shows it; an absent value is null."""
    return None if moment is None else iso(moment)
