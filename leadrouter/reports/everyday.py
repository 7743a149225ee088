"""The everyday views of leads: who holds what, what waits, the latest events. Each as JSON and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.text import Text

from leadrouter.domain.events import Event, iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.reports.lead import iso_or_none
from leadrouter.reports.on_screen import drawn
from leadrouter.reports.page import Bar
from leadrouter.reports.sweeps import is_late, ran
from leadrouter.reports.tables import ALARM, warning
from leadrouter.reports.wording import age, due_words, shown_due
from leadrouter.store.queries import LeadRow

Cell = str | Text


def open_by_agent(
    leads: Sequence[LeadRow],
    waiting: dict[str, int],
    asked: Sequence[LeadRow],
    last_sweep: datetime | None,
    policy: Policy,
    now: datetime,
) -> dict[str, Any]:
    """Open leads per agent: how many, against which capacity, how many overdue, how old the oldest."""
    agents = {agent.id: _nothing_open(agent.id, agent.capacity) for agent in policy.agents}
    for row in leads:
        holder = row.state.agent or ""
        entry = agents.setdefault(holder, _nothing_open(holder, None))
        entry["open"] += 1
        due = shown_due(row.state, policy)
        entry["overdue"] += due is not None and due < now
        if due is not None:
            entry["next_due"] = min(iso(due), entry["next_due"] or iso(due))
        if entry["oldest"] is None and row.state.assigned_at is not None:
            entry["oldest"] = iso(row.state.assigned_at)
    requests = [{"lead": row.state.lead, "agent": row.state.requested_by} for row in asked]
    return {
        "agents": list(agents.values()),
        "waiting": waiting,
        "requests": requests,
        "last_sweep": iso_or_none(last_sweep),
        "sweep_late": is_late(last_sweep, now),
    }


def _nothing_open(agent: str, capacity: int | None) -> dict[str, Any]:
    return {"agent": agent, "open": 0, "capacity": capacity, "overdue": 0, "oldest": None, "next_due": None}


def open_of_agent(leads: Sequence[LeadRow], policy: Policy) -> dict[str, Any]:
    """One agent's open leads, what is due next on each."""
    entries = []
    for row in leads:
        due = shown_due(row.state, policy)
        entries.append(
            {
                "lead": row.state.lead,
                "external_id": row.external_id,
                "state": row.state.state,
                "quality": row.state.quality,
                "assigned_at": iso_or_none(row.state.assigned_at),
                "due": iso_or_none(due),
            }
        )
    return {"leads": entries}


def open_agent_rows(view: dict[str, Any], policy: Policy, now: datetime) -> tuple[Sequence[str], list[list[Cell]]]:
    """Open leads per agent as columns and rows."""
    rows: list[list[Cell]] = []
    for entry in view["agents"]:
        oldest = age(datetime.fromisoformat(entry["oldest"]), now) if entry["oldest"] else ""
        following = due_words(datetime.fromisoformat(entry["next_due"]), now) if entry["next_due"] else ""
        overdue: Cell = warning(str(entry["overdue"])) if entry["overdue"] else ""
        capacity = entry["capacity"]
        room = "" if capacity is None else drawn(Bar(min(1.0, entry["open"] / max(1, capacity)), None, ""), ROOM)
        soonest: Cell = warning(following) if entry["overdue"] else following
        rows.append(
            [named(policy, entry["agent"]), str(entry["open"]), "" if capacity is None else str(capacity), room,
             overdue, oldest, soonest]
        )  # fmt: skip
    return ("agent", "open", "capacity", "", "overdue", "oldest", "next due"), rows


ROOM = 10
"""How wide the bar of open leads is drawn."""


def last_sweep_line(last: datetime | None, now: datetime) -> tuple[str, str]:
    """When `reclaim` last ran, as style and line; a warning where the clocks stand still."""
    if is_late(last, now):
        return ALARM, f"! {ran(last, now)}; cron should run `leadrouter reclaim` each minute"
    return "", ran(last, now)


WAITING_WORDS = {
    "unassigned": "unassigned: nobody is free so far, each sweep tries again",
    "held": "held until the team opens",
    "pooled": "in the pool: leadrouter pool",
    "resting": "of these at rest there: no leader is named to take them on",
    "incubating": "in nurture; those to be touched: leadrouter due",
}


def waiting_lines(view: dict[str, Any], policy: Policy) -> list[str]:
    """The leads nobody holds, and the requests nobody has answered, a line for each kind."""
    waiting = {**view["waiting"], "resting": view["waiting"]["resting"] if policy.team.leader is None else 0}
    lines = [f"{count:,} {WAITING_WORDS[state]}" for state, count in waiting.items() if count]
    return lines + [
        f"{named(policy, entry['agent'])} asks for lead {entry['lead']}: leadrouter request {entry['lead']} --approve"
        for entry in view["requests"]
    ]


def open_lead_rows(leads: Sequence[LeadRow], policy: Policy, now: datetime) -> tuple[Sequence[str], list[list[Cell]]]:
    """One agent's open leads as columns and rows."""
    rows: list[list[Cell]] = []
    for row in leads:
        state, due = row.state, shown_due(row.state, policy)
        told = "" if due is None else due_words(due, now)
        ahead = warning(told) if due is not None and due < now else told
        held = age(state.assigned_at, now) if state.assigned_at else ""
        rows.append([str(state.lead), row.external_id or "", state.state, state.quality, held, ahead])
    return ("lead", "external id", "state", "quality", "held", "due"), rows


def event_view(event: Event) -> dict[str, Any]:
    """One event as JSON shows it."""
    return {
        "seq": event.seq,
        "at": iso(event.at),
        "kind": event.kind,
        "lead": event.lead,
        "agent": event.agent,
        "by": event.by,
        "data": event.data,
    }
