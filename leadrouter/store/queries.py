"""What the everyday views read: plain SELECTs with bound values, every one through an index. Decides nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from leadrouter.domain.decision import LineUp, lineup_from
from leadrouter.domain.events import Event, moment
from leadrouter.domain.lead import Lead
from leadrouter.domain.state import WAITING_STATES, LeadState
from leadrouter.errors import LeadrouterError
from leadrouter.store.leads import read_facts
from leadrouter.store.partial_indexes import OPEN, WAITING
from leadrouter.store.rows import STATE_COLUMNS, lead_state

_EVENT = "seq, at, kind, lead, agent, by, policy, engine, data, facts"


class Panels(dict[int, LineUp]):
    """Line-ups by number, read from the file when first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, number: int) -> LineUp:
        found = event(self._connection, number)
        assert found is not None
        self[number] = lineup_from(found.data)
        return self[number]


class LeadRow(NamedTuple):
    """One lead as the views show it: its external id, when it came in, its state."""

    external_id: str | None
    received_at: str
    state: LeadState


class PooledRow(NamedTuple):
    """A lead in the pool, and what is known of it."""

    row: LeadRow
    facts: Lead


NEWEST = 100
"""So many leads that wait are asked why."""

LATEST = 100
"""Events looked back at for the newest moment: one written under a clock that was set back does not hide the others."""


def newest_moment(connection: sqlite3.Connection) -> datetime | None:
    """The newest moment that the last events know of."""
    latest = f"SELECT at FROM events ORDER BY seq DESC LIMIT {LATEST}"
    found = connection.execute(f"SELECT max(at) FROM ({latest})").fetchone()[0]
    return moment(found) if found else None


def open_leads(connection: sqlite3.Connection, agent: str | None = None) -> list[LeadRow]:
    """Open leads, of everybody or of one agent, oldest assignment first."""
    where = OPEN + (" AND agent = ?" if agent else "")
    return list(_leads(connection, where + " ORDER BY assigned_at, lead", [agent] if agent else []))


def waiting_leads(connection: sqlite3.Connection) -> dict[str, int]:
    """How many leads nobody holds, by state, and how many of those in the pool rest there."""
    counts = {
        state: connection.execute(
            f"SELECT count(*) FROM leads INDEXED BY leads_waiting WHERE {WAITING} AND state = ?", (state,)
        ).fetchone()[0]
        for state in WAITING_STATES
    }
    resting = connection.execute(
        f"SELECT count(*) FROM leads INDEXED BY leads_waiting WHERE {WAITING} AND state = 'pooled' AND resting = 1"
    )
    return {**counts, "resting": resting.fetchone()[0]}


def unassigned_lately(connection: sqlite3.Connection) -> Iterator[tuple[str, LineUp]]:
    """Why the newest leads that nobody could take wait: the reason of their last decision, and its line-up."""
    panels = Panels(connection)
    newest = connection.execute(
        f"SELECT reason, waits_for FROM leads INDEXED BY leads_waiting WHERE {WAITING} AND state = 'unassigned' "
        f"AND waits_for > 0 ORDER BY lead DESC LIMIT {NEWEST}"
    )
    return ((reason, panels[panel]) for reason, panel in newest.fetchall())


def has_leads(connection: sqlite3.Connection) -> bool:
    """Whether a lead was ever recorded."""
    return connection.execute("SELECT 1 FROM leads LIMIT 1").fetchone() is not None


def open_counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Agent -> open leads, as they are kept."""
    return dict(connection.execute("SELECT agent, open FROM agents").fetchall())


def cold_untried(connection: sqlite3.Connection) -> list[LeadRow]:
    """The cold leads that an agent holds and has not tried to reach, agent by agent."""
    return list(_leads(connection, f"{OPEN} AND quality = 'cold' AND attempts = 0 ORDER BY agent", []))


def cold_waiting(connection: sqlite3.Connection, since: str) -> int:
    """How many cold leads nobody has and nobody tried to reach wait since before a moment; nurture is no waiting."""
    return sum(
        connection.execute(
            f"SELECT count(*) FROM leads INDEXED BY leads_waiting WHERE {WAITING} AND state = ? AND quality = 'cold' "
            "AND contacted_at IS NULL AND coalesce(clock_at, assigned_at) <= ?",
            (state, since),
        ).fetchone()[0]
        for state in ("pooled", "unassigned")
    )


def pooled_leads(connection: sqlite3.Connection) -> list[PooledRow]:
    """The leads anyone may claim, oldest first."""
    rows = _leads(connection, f"{WAITING} AND state = 'pooled' ORDER BY received_at, lead", [])
    return [PooledRow(row, read_facts(connection, row.state.lead).facts) for row in rows]


class Arrival(NamedTuple):
    """One lead without the person: when it came in (UTC text), what it was, and what became of it so far."""

    lead: int
    received_at: str
    source: str | None
    quality: str
    state: str


def arrivals(connection: sqlite3.Connection) -> list[Arrival]:
    """Every lead."""
    rows = connection.execute("SELECT lead, received_at, source, quality, state FROM leads ORDER BY lead")
    return [Arrival(*row) for row in rows]


def requested_leads(connection: sqlite3.Connection) -> list[LeadRow]:
    """The leads that agents ask for and the broker has not answered yet."""
    return list(_leads(connection, "requested_by IS NOT NULL ORDER BY lead", [], "INDEXED BY leads_requested"))


def lead(connection: sqlite3.Connection, number: int) -> LeadRow:
    """One lead by its number."""
    return next(_leads(connection, "lead = ?", [number]))


def history(connection: sqlite3.Connection, number: int) -> list[Event]:
    """Everything that happened to one lead, oldest first."""
    rows = connection.execute(f"SELECT {_EVENT} FROM events WHERE lead = ? ORDER BY seq", (number,))
    return [_event_of(row) for row in rows]


def notes(connection: sqlite3.Connection, number: int) -> dict[int, str]:
    """Event -> what a person wrote beside it, for one lead."""
    return dict(connection.execute("SELECT event, text FROM notes WHERE lead = ?", (number,)).fetchall())


def log(
    connection: sqlite3.Connection,
    limit: int,
    *,
    agent: str | None = None,
    kind: str | None = None,
    every: bool = False,
) -> list[Event]:
    """The latest events, newest first; `every` includes the bookkeeping ones (panel, balance)."""
    conditions, values = ["1 = 1"] if every else ["kind NOT IN ('panel', 'balance')"], []
    for column, value in (("agent", agent), ("kind", kind)):
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    rows = connection.execute(
        f"SELECT {_EVENT} FROM events WHERE {' AND '.join(conditions)} ORDER BY seq DESC LIMIT ?",
        [*values, limit],
    )
    return [_event_of(row) for row in rows]


def event(connection: sqlite3.Connection, seq: int) -> Event | None:
    """One event by its number."""
    row = connection.execute(f"SELECT {_EVENT} FROM events WHERE seq = ?", (seq,)).fetchone()
    return _event_of(row) if row else None


def all_events(connection: sqlite3.Connection) -> Iterator[Event]:
    """The whole chain in order."""
    for row in connection.execute(f"SELECT {_EVENT} FROM events ORDER BY seq"):
        yield _event_of(row)


def ledger_events(connection: sqlite3.Connection, first: int, last: int) -> list[Event]:
    """The events from `first` to just before `last`, for folding the accounts forward."""
    rows = connection.execute(
        f"SELECT {_EVENT} FROM events WHERE seq >= ? AND seq < ? ORDER BY seq",
        (first, last),
    )
    return [_event_of(row) for row in rows]


class TeamRow(NamedTuple):
    """What reading a moment or a phone needs to know of the team."""

    timezone: str
    region: str | None


def team(connection: sqlite3.Connection) -> TeamRow | None:
    """The team's zone and region under the policy in force; None before the first load."""
    row = connection.execute("SELECT policy FROM policies ORDER BY version DESC LIMIT 1").fetchone()
    if row is None:
        return None
    try:
        team = json.loads(row[0])["team"]
        return TeamRow(team["timezone"], team["region"])
    except (ValueError, LookupError, TypeError):
        raise LeadrouterError(
            "the policy in force cannot be read", "see what was changed with: leadrouter verify"
        ) from None


def _leads(connection: sqlite3.Connection, where: str, values: list[Any], by: str = "") -> Iterator[LeadRow]:
    rows = connection.execute(
        f"SELECT lead, external_id, received_at, {', '.join(STATE_COLUMNS)} FROM leads {by} WHERE {where}",
        values,
    )
    for number, external_id, received_at, *columns in rows:
        yield LeadRow(external_id, received_at, lead_state(number, tuple(columns)))


def _event_of(columns: tuple[Any, ...]) -> Event:
    seq, at, kind, lead, agent, by, policy, engine, data, facts = columns
    return Event(seq, moment(at), kind, lead, agent, by, policy, json.loads(data), facts, engine)
