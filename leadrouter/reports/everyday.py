"""The everyday views: who is next and why, who holds what, the latest events. Each as JSON and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.text import Text

from leadrouter.domain.decision import Case, LineUp, Seat, shares_of
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import Event, iso
from leadrouter.domain.ledger import leads as in_leads
from leadrouter.domain.policy import WEIGHT_UNIT, Policy, Rule
from leadrouter.domain.routing import named_by, tier_next_up, tiers_of
from leadrouter.domain.strategies import STRATEGIES, Candidate, Contest
from leadrouter.reports.lead import iso_or_none
from leadrouter.reports.sweeps import is_late, ran
from leadrouter.reports.tables import warning
from leadrouter.reports.wording import age, named, shown_due, skip_words
from leadrouter.store.queries import LeadRow

Cell = str | Text


def rotations(desk: Desk, now: datetime) -> dict[str, Any]:
    """Every rotation of the policy with its agents in the documented order; hot ones once they have dealt."""
    policy = desk.policy
    found = []
    for base, rules in policy.rotations().items():
        named_agents = {agent.id for rule in rules for agent in named_by(rule, desk, policy)}
        for rotation in (base, f"{base}/hot"):
            if rotation == base or rotation in desk.ledger.credit:
                found.append(_rotation(rotation, rules[0], named_agents, desk, now))
    return {"rotations": found}


def _rotation(rotation: str, rule: Rule, agents: set[str], desk: Desk, now: datetime) -> dict[str, Any]:
    strategy = STRATEGIES[rule.strategy]
    order = [agent for agent in desk.policy.roster.values() if agent.id in agents]
    weights = strategy.weigh([Candidate(agent, desk.slot(agent.id, now).weight) for agent in order], desk)
    seats = tuple(
        Seat(agent.id, weight, desk.standing(agent.id, now)) for agent, weight in zip(order, weights, strict=True)
    )
    tiers = tiers_of(rule, desk, desk.policy, now)
    next_up = _next_up(LineUp(rule.name, rotation, rule.strategy, seats, (), (), tiers, shares_of(seats)), desk)
    tier_of = {agent: tier.tier for tier in tiers for agent in tier.agents}
    entries = []
    for seat in seats:
        account = desk.ledger.account(rotation, seat.agent)
        entries.append(
            {
                "agent": seat.agent,
                "tier": tier_of.get(seat.agent),
                "weight": round(seat.weight / WEIGHT_UNIT, 4),
                "credit": round(in_leads(account.credit), 4),
                "due": round(in_leads(account.due), 4),
                "received": account.received,
                "next_up": seat.agent == next_up,
                "skipped": seat.skip,
            }
        )
    return {"rotation": rotation, "strategy": rule.strategy, "agents": entries}


def _next_up(lineup: LineUp, desk: Desk) -> str | None:
    """Whose turn it is for a lead that everyone may take; None where nobody can or where the lot decides."""
    strategy = STRATEGIES[lineup.strategy]
    if not lineup.panel or strategy.reason == "drawn" or lineup.rotation is None:
        return None
    panel = lineup.members(tier_next_up(lineup, desk))
    return strategy.pick(Contest(Case(0, "new", "warm", "default", ()), lineup.rotation, panel), desk)


def rotation_rows(rotation: dict[str, Any], policy: Policy) -> list[list[str]]:
    """One rotation as rows: sign, agent, weight, due, received, owed, why skipped."""
    return [
        [
            ">" if entry["next_up"] else "",
            named(policy, entry["agent"]),
            f"{entry['weight']:g}",
            f"{entry['due']:.2f}",
            str(entry["received"]),
            f"{entry['credit']:+.2f}",
            "next up" if entry["next_up"] else skip_words(entry["skipped"]) if entry["skipped"] else "",
        ]
        for entry in rotation["agents"]
    ]


def open_by_agent(
    leads: Sequence[LeadRow],
    waiting: dict[str, int],
    asked: Sequence[LeadRow],
    last_sweep: datetime | None,
    policy: Policy,
    now: datetime,
) -> dict[str, Any]:
    """Open leads per agent: how many, against which capacity, how many overdue, how old the oldest."""
    agents: dict[str, dict[str, Any]] = {
        agent.id: {"agent": agent.id, "open": 0, "capacity": agent.capacity, "overdue": 0, "oldest": None}
        for agent in policy.agents
    }
    for row in leads:
        holder = row.state.agent or ""
        entry = agents.setdefault(holder, {"agent": holder, "open": 0, "capacity": None, "overdue": 0, "oldest": None})
        entry["open"] += 1
        due = shown_due(row.state, policy)
        entry["overdue"] += due is not None and due < now
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
        overdue: Cell = warning(str(entry["overdue"])) if entry["overdue"] else ""
        capacity = "" if entry["capacity"] is None else str(entry["capacity"])
        rows.append([named(policy, entry["agent"]), str(entry["open"]), capacity, overdue, oldest])
    return ("agent", "open", "capacity", "overdue", "oldest"), rows


def last_sweep_line(last: datetime | None, now: datetime) -> Text:
    """When `reclaim` last ran; a warning where the clocks stand still."""
    if is_late(last, now):
        return warning(f"{ran(last, now)}; cron should run `leadrouter reclaim` each minute")
    return Text(ran(last, now))


WAITING_WORDS = {
    "unassigned": "unassigned: nobody can take them so far, each sweep tries again",
    "held": "held until the team opens",
    "pooled": "in the pool: leadrouter pool",
    "resting": "of those rest there: no leader is named whom they could go to",
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
        ahead = "" if due is None else age(due, now) if due > now else warning(f"overdue {age(due, now)}")
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


UNSPOKEN = frozenset(
    {"rounds", "panel", "sha256", "seats", "credit", "note", "benches", "unmet", "tiers", "after", "hop", "row"}
)
"""Data of events that `explain` tells, or that people cannot read."""


def event_words(event: Event) -> str:
    """What an event's data says, in a few words."""
    shown = {key: value for key, value in event.data.items() if key not in UNSPOKEN and value not in (None, [])}
    return ", ".join(f"{key} {_listed(value)}" for key, value in shown.items())


def _listed(value: object) -> object:
    return " + ".join(map(str, value)) if isinstance(value, list) else value
