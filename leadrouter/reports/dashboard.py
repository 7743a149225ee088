"""The dashboard: who has what, what is due next, which promises are at risk, today's turns, the pool. One screenful.

`view` gathers it as data, `screen` lays it out for the size of a terminal. Neither reads a clock nor a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from leadrouter.domain.calendar import wall_clock
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.naming import named
from leadrouter.domain.policy import Policy
from leadrouter.reports.on_screen import drawn
from leadrouter.reports.page import Bar
from leadrouter.reports.sweeps import is_late, ran
from leadrouter.reports.tables import warning
from leadrouter.reports.turns import next_words, rotations
from leadrouter.reports.wording import first_contact_due, shown_due, span
from leadrouter.store.queries import LeadRow

AT_RISK = 3
"""A promise is at risk in the last third of its time."""

LISTED = 50
"""Leads due next that the data hold."""

AROUND = 9
"""Lines of a screen that are not rows of the two tables: title, heads, what waits, who is next."""


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
        "due": [_due(*entry, policy) for entry in coming[:LISTED]],
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


def _due(due: datetime, row: LeadRow, risky: bool, policy: Policy) -> dict[str, Any]:
    state = row.state
    first = first_contact_due(state, policy) is not None
    return {
        "lead": state.lead,
        "agent": state.agent,
        "state": state.state,
        "quality": state.quality,
        "due": iso(due),
        "what": "offer" if state.state == "offered" else "contact" if first else "clock",
        "at_risk": risky,
    }


# --- the screen -----------------------------------------------------------------------------------------------

ROOMY = 104
"""Columns of a terminal from which loads are drawn and more of a name is seen."""

SHORT = {"time_off": "away", "capacity": "full", "hours": "closed", "daily_limit": "limit", "hourly_limit": "limit"}
"""Skips in one short word, where there is one."""


def screen(found: dict[str, Any], policy: Policy, now: datetime, width: int, height: int | None) -> RenderableType:
    """The whole of it for a terminal of this size; `height` None where everything may be printed."""
    roomy, named_rotations = width >= ROOMY, min(3, len(found["rotations"]))
    rows = max(len(found["agents"]), 10) if height is None else max(3, height - AROUND - named_rotations)
    title = Text(f"{found['team']}, {wall_clock(now, policy.team.timezone)}", style="bold")
    agents, due = _agents(found["agents"], policy, rows, roomy), _coming(found["due"], policy, now, rows)
    tables: list[RenderableType]
    if height is None:
        tables = [_table(_left(roomy), agents, cut=False), Text(), _table(RIGHT, due, cut=False)]
    else:
        beside = [
            [*(left or [""] * len(_left(roomy))), "", *(right or [""] * len(RIGHT))]
            for left, right in zip_longest(agents, due)
        ]
        tables = [_table([*_left(roomy), ("", 1), *RIGHT], beside, cut=True)]
    foot = _foot(found, policy, now, None if height is None else named_rotations)
    return Group(title, Text(), *tables, Text(), *foot)


RIGHT = [("due", 9), ("lead", 5), ("with", 10), ("for", 7)]
"""What is due next: the columns and their widths."""


def _left(roomy: bool) -> list[tuple[str, int]]:
    """Who has how many: the columns and their widths."""
    load = [("", 10)] if roomy else []
    return [("agent", 24 if roomy else 13), ("open", 5), *load, ("late", 4), ("soon", 4), ("today", 5), ("", 6)]


def _table(columns: list[tuple[str, int]], rows: list[list[str | Text]], *, cut: bool) -> Table:
    """A table for a screen that cannot grow, or one in which nothing is cut; figures are lined up on the right."""
    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=0)
    for title, width in columns:
        figures = title in ("open", "late", "soon", "today", "due", "lead")
        made.add_column(
            title, justify="right" if figures else "left", no_wrap=True, overflow="ellipsis", min_width=width,
            max_width=width if cut else None,
        )  # fmt: skip
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
                str(entry["today"] or ""),
                Text(SHORT.get(entry["skipped"] or "", entry["skipped"] or ""), style="dim"),
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
        left = Text(f"! -{span(now - moment)}" if late else span(moment - now), style=style)
        found.append([left, str(entry["lead"]), Text(named(policy, entry["agent"])), entry["what"]])
    return found or [["nothing", "", "", ""]]


def _foot(found: dict[str, Any], policy: Policy, now: datetime, most: int | None) -> list[Text]:
    """Who is next in the rotations, what waits, when the last sweep ran."""
    waiting = {state: count for state, count in found["waiting"].items() if count and state != "resting"}
    lines = [
        Text(f"{rotation['rotation']}: {next_words(rotation, policy)}", no_wrap=True, overflow="ellipsis")
        for rotation in found["rotations"][:most]
    ]
    if waiting:
        lines.append(Text("waiting: " + ", ".join(f"{count} {state}" for state, count in waiting.items())))
    last = datetime.fromisoformat(found["last_sweep"]) if found["last_sweep"] else None
    late = found["sweep_late"]
    lines.append(warning(f"{ran(last, now)}: cron should run `leadrouter reclaim`") if late else Text(ran(last, now)))
    return [*lines, Text("late: overdue; soon: promise in its last third; q quits", style="dim")]
