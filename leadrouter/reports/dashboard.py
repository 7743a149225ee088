"""The dashboard: who has what, what is due next, which promises are at risk, today's turns, the pool. One screenful.

`view` gathers it as data, `screen` lays it out for the size of a terminal. Neither reads a clock nor a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.deadlines import clocks
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.domain.state import AgentState
from leadrouter.reports.lines import folded
from leadrouter.reports.on_screen import drawn
from leadrouter.reports.page import Bar
from leadrouter.reports.sweeps import is_late, ran
from leadrouter.reports.tables import console, warning
from leadrouter.reports.turns import next_words, rotations
from leadrouter.reports.wording import first_contact_due, shown_due, span
from leadrouter.store.queries import LeadRow

AT_RISK = 3
"""A promise is at risk in the last third of its time."""

LISTED = 50
"""Leads due next that the data hold."""

AROUND = 6
"""Lines of a screen that are neither rows of the two tables nor its foot: title, heads, empty ones."""


def view(
    desk: Desk, leads: Sequence[LeadRow], waiting: dict[str, int], last_sweep: datetime | None, now: datetime
) -> dict[str, Any]:
    """Everything the dashboard shows."""
    policy = desk.policy.policy
    agents = {agent.id: _agent(desk, agent.id, now) for agent in policy.agents}
    coming = []
    for row in leads:
        due, risky = shown_due(row.state, policy), _at_risk(row, policy, now)
        holder = agents.get(row.state.agent or "")
        if holder is not None:
            holder["overdue"] += due is not None and due <= now
            holder["at_risk"] += risky
        if due is not None:
            coming.append((due, row, risky))
    coming.sort(key=lambda entry: (entry[0], entry[1].state.lead))
    return {
        "team": policy.team.name,
        "at": iso(now),
        "agents": list(agents.values()),
        "due": [_due(*entry, policy, desk.agents) for entry in coming[:LISTED]],
        "waiting": waiting,
        "rotations": rotations(desk, now)["rotations"],
        "last_sweep": iso(last_sweep) if last_sweep else None,
        "sweep_late": is_late(last_sweep, now),
    }


def _agent(desk: Desk, agent: str, now: datetime) -> dict[str, Any]:
    state, slot = desk.agents[agent], desk.slot(agent, now)
    return {
        "agent": agent,
        "open": state.open,
        "capacity": desk.policy.roster[agent].capacity,
        "overdue": 0,
        "at_risk": 0,
        "today": state.day_count if state.day == slot.day else 0,
        "skipped": desk.standing(agent, now),
    }


def _at_risk(row: LeadRow, policy: Policy, now: datetime) -> bool:
    """Whether the promised first contact is still ahead, in the last part of its time."""
    promised, since = first_contact_due(row.state, policy), row.state.clock_at
    return (
        promised is not None and since is not None and now < promised and promised - now <= (promised - since) / AT_RISK
    )


def _due(due: datetime, row: LeadRow, risky: bool, policy: Policy, agents: Mapping[str, AgentState]) -> dict[str, Any]:
    state = row.state
    first = first_contact_due(state, policy) is not None
    return {
        "lead": state.lead,
        "agent": state.agent,
        "state": state.state,
        "quality": state.quality,
        "due": iso(due),
        "what": "offer" if state.state == "offered" else "contact" if first else "clock",
        "clock": next((step.reason for step in clocks(state, policy, agents) if step.at == state.due_at), None),
        "at_risk": risky,
    }


# --- the screen -----------------------------------------------------------------------------------------------

ROOMY = 104
"""Columns of a terminal from which loads are drawn and more of a name is seen."""

SHORT = {"time_off": "away", "capacity": "full", "hours": "closed", "daily_limit": "limit", "hourly_limit": "limit"}
"""Skips in one short word, where there is one."""


def screen(found: dict[str, Any], policy: Policy, now: datetime, width: int, height: int | None) -> RenderableType:
    """The whole of it for a terminal of this size; `height` None where everything may be printed."""
    roomy, all_of_it = width >= ROOMY, height is None
    title = Text(f"{found['team']}, {wall_clock(now, policy.team.timezone)}", style="bold")
    foot = _foot(found, policy, now, None if all_of_it else NEXT, width)
    tables: list[RenderableType]
    if height is None:
        rows = max(len(found["agents"]), 10)
        agents, due = _agents(found["agents"], policy, rows, roomy), _coming(found["due"], policy, now, rows)
        tables = [_table(_left(roomy), agents), Text(), _table(RIGHT, due)]
        return Group(title, Text(), *tables, Text(), *foot)
    room = max(3, height - AROUND - len(foot))
    beside = _beside(found, policy, now, room, roomy)
    for rows in range(room, 2, -1):  # names that do not fit in a line take two
        beside = _beside(found, policy, now, rows, roomy)
        if len(console().render_lines(beside, console().options.update(width=width))) <= room + HEADS:
            break
    return Group(title, Text(), beside, Text(), *foot)


RIGHT = ("due", "lead", "with", "for")
"""What is due next."""

FIGURES = ("open", "late", "soon", "today", "due", "lead")
"""Columns that are lined up on the right."""

GAP = ""
"""The column between the two tables."""


def _left(roomy: bool) -> tuple[str, ...]:
    """Who has how many."""
    return ("agent", "open", *(("load",) if roomy else ()), "late", "soon", "today")


def _beside(found: dict[str, Any], policy: Policy, now: datetime, rows: int, roomy: bool) -> Table:
    """Both tables side by side, as one."""
    agents, due = _agents(found["agents"], policy, rows, roomy), _coming(found["due"], policy, now, rows)
    left = _left(roomy)
    lines = zip_longest(agents, due)
    return _table(
        (*left, GAP, *RIGHT), [[*(one or [""] * len(left)), "", *(two or [""] * len(RIGHT))] for one, two in lines]
    )


def _table(titles: Sequence[str], rows: list[list[str | Text]]) -> Table:
    """A table in which names are folded where there is no room for them, and nothing is cut."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=0)
    for title in titles:
        figures, name = title in FIGURES, title in ("agent", "with")
        made.add_column(title, justify="right" if figures else "left", no_wrap=not name, overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def _agents(agents: list[dict[str, Any]], policy: Policy, rows: int, roomy: bool) -> list[list[str | Text]]:
    """Who has how many; where not all fit, those with something overdue."""
    shown = agents if len(agents) <= rows else _pressing(agents, rows - 1)
    found: list[list[str | Text]] = []
    for entry in shown:
        load = Bar(min(1.0, entry["open"] / max(1, entry["capacity"])), None, "")
        found.append(
            [
                Text(named(policy, entry["agent"])),
                f"{entry['open']}/{entry['capacity']}",
                *([drawn(load, 10)] if roomy else []),
                warning(str(entry["overdue"])) if entry["overdue"] else "",
                Text(str(entry["at_risk"] or ""), style="yellow"),
                Text(f"{entry['today'] or ''} {SHORT.get(entry['skipped'] or '', entry['skipped'] or '')}".strip()),
            ]
        )
    if len(shown) < len(agents):
        found.append([Text(f"and {len(agents) - len(shown)} more", style="dim"), *[""] * (len(found[0]) - 1)])
    return found


def _pressing(agents: list[dict[str, Any]], rows: int) -> list[dict[str, Any]]:
    """The agents one should look at, in the order of the roster."""
    order = sorted(range(len(agents)), key=lambda place: (-agents[place]["overdue"], -agents[place]["at_risk"], place))
    return [agents[place] for place in sorted(order[:rows])]


def _coming(due: list[dict[str, Any]], policy: Policy, now: datetime, rows: int) -> list[list[str | Text]]:
    """What falls due next: overdue in red and with a sign, promises at risk in yellow."""
    found: list[list[str | Text]] = []
    for entry in due[:rows]:
        moment = datetime.fromisoformat(entry["due"])
        late, style = moment <= now, "red" if moment <= now else "yellow" if entry["at_risk"] else ""
        left = Text(f"! {span(now - moment)} late" if late else span(moment - now), style=style)
        what = CLOCKS.get(entry["clock"], entry["what"]) if entry["what"] == "clock" else entry["what"]
        found.append([left, str(entry["lead"]), Text(named(policy, entry["agent"])), what])
    return found or [["nothing", "", "", ""]]


CLOCKS = {
    "no_contact": "contact", "few_attempts": "attempts", "no_conversion": "result", "held_too_long": "holding",
    "unanswered": "contact", "near": "contact", "expired": "answer", "agent_left": "leaver", "time_off": "time off",
    "resting": "reminder",
}  # fmt: skip
"""What a clock asks for, in one short word."""


NEXT = 3
"""Rotations of which a screen says who is next."""

HEADS = 2
"""Lines of a table above its rows."""


def _foot(found: dict[str, Any], policy: Policy, now: datetime, most: int | None, width: int) -> list[Text]:
    """Who is next in the rotations, what waits, when the last sweep ran."""
    waiting = {state: count for state, count in found["waiting"].items() if count and state != "resting"}
    told = [f"{rotation['rotation']}: {_next(rotation, policy)}" for rotation in found["rotations"][:most]]
    if waiting:
        told.append("waiting: " + ", ".join(f"{count} {state}" for state, count in waiting.items()))
    lines = [Text(line) for text in told for line in folded(text, width)]
    last = datetime.fromisoformat(found["last_sweep"]) if found["last_sweep"] else None
    late = found["sweep_late"]
    lines.append(warning(f"{ran(last, now)}: cron should run `leadrouter reclaim`") if late else Text(ran(last, now)))
    return [*lines, Text("late: overdue; soon: promise in its last third; q quits", style="dim")]


def _next(rotation: Mapping[str, Any], policy: Policy) -> str:
    """Whose turn it is; why is told by `rotation`."""
    who = rotation["next_up"]
    return f"{named(policy, who)} is next" if who is not None else next_words(rotation, policy)
