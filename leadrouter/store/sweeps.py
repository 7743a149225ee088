"""What a sweep asks of the file: what is due, what waits to be dealt, when to look again; and when the last one ran.

It reads the indexes of deadlines, never the history. Loads nothing onto a desk (`desks`) and decides nothing.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from leadrouter.domain.events import iso, moment
from leadrouter.domain.state import WAITING_STATES
from leadrouter.store.partial_indexes import OPEN, WAITING

_BACKLOG_ORDER = {
    "fifo": "received_at, lead",
    "lifo": "received_at DESC, lead DESC",
    "hottest_first": "CASE quality WHEN 'hot' THEN 0 WHEN 'warm' THEN 1 ELSE 2 END, received_at, lead",
}


def due_leads(
    connection: sqlite3.Connection, now: datetime, limit: int, after: tuple[str, int]
) -> list[tuple[str, int]]:
    """The next open leads with something due by `now`, as (due_at, lead), by the index of deadlines."""
    return connection.execute(
        f"SELECT due_at, lead FROM leads INDEXED BY leads_due WHERE {OPEN} AND due_at <= ? "
        "AND (due_at, lead) > (?, ?) ORDER BY due_at, lead LIMIT ?",
        (iso(now), *after, limit),
    ).fetchall()


def backlog(connection: sqlite3.Connection, now: datetime, order: str) -> list[int]:
    """The leads that wait and may be dealt now, in the policy's order: by when they came in, hot ones first if so."""
    rows = connection.execute(
        f"SELECT lead FROM leads INDEXED BY leads_waiting WHERE {WAITING} AND due_at <= ? "
        f"ORDER BY {_BACKLOG_ORDER[order]}",
        (iso(now),),
    )
    return [row[0] for row in rows]


def unassigned_leads(connection: sqlite3.Connection) -> int:
    """How many leads nobody could take so far. Only these: the pool may be large."""
    count: int = connection.execute(
        f"SELECT count(*) FROM leads INDEXED BY leads_waiting WHERE {WAITING} AND state = 'unassigned'"
    ).fetchone()[0]
    return count


def next_due(connection: sqlite3.Connection, now: datetime) -> str | None:
    """When the next clock strikes after `now`."""
    states = [f"INDEXED BY leads_due WHERE {OPEN}"]
    states += [f"INDEXED BY leads_waiting WHERE {WAITING} AND state = '{state}'" for state in WAITING_STATES]
    found = [
        connection.execute(f"SELECT min(due_at) FROM leads {where} AND due_at > ?", (iso(now),)).fetchone()[0]
        for where in states
    ]
    return min(filter(None, found), default=None)


def note_sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Remembers that a sweep ran."""
    connection.execute("INSERT OR REPLACE INTO sweeps VALUES (1, ?)", (iso(now),))


def last_sweep(connection: sqlite3.Connection) -> datetime | None:
    """When `reclaim` last ran."""
    row = connection.execute("SELECT at FROM sweeps").fetchone()
    return moment(row[0]) if row else None
