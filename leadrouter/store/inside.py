"""What inside sales reads: leads to be touched, fees of a month, histories of a period. Decides nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.events import Event, iso
from leadrouter.domain.lead import Lead
from leadrouter.domain.promises import Incubation
from leadrouter.store.leads import read_facts
from leadrouter.store.partial_indexes import INSIDE_SALES, WAITING
from leadrouter.store.policies import Policies
from leadrouter.store.queries import LeadRow, history, lead

_NURTURED = f"{WAITING} AND state = 'incubating'"
_WHEN = "coalesce(CASE WHEN json_valid(data) THEN json_extract(data, '$.at') END, at)"


class Nurtured(NamedTuple):
    """A lead in nurture, and what is known of it."""

    row: LeadRow
    facts: Lead


def leads_to_touch(connection: sqlite3.Connection, until: datetime) -> list[Nurtured]:
    """The leads in nurture whose next touch is due by then, or of whom the leader was told and nobody touched them."""
    rows = connection.execute(
        f"SELECT lead FROM leads INDEXED BY leads_waiting WHERE {_NURTURED} AND (due_at <= ? OR told_at IS NOT NULL) "
        "ORDER BY lead",
        (iso(until),),
    ).fetchall()
    return [Nurtured(lead(connection, number), read_facts(connection, number).facts) for (number,) in rows]


class Owed(NamedTuple):
    """A lead that was in nurture and won: by whom, for how much, and the terms in force when the sale was recorded."""

    lead: int
    agent: str | None
    value: float | None
    terms: Incubation


def won_after_nurture(connection: sqlite3.Connection, start: str, end: str) -> list[Owed]:
    """The leads won between two UTC moments that had been in nurture."""
    rows = connection.execute(
        "SELECT lead, agent, value, (SELECT max(policy) FROM events WHERE events.lead = leads.lead AND kind = 'won') "
        "FROM leads INDEXED BY leads_closed WHERE closed_at IS NOT NULL AND closed_at >= ? AND closed_at < ? "
        "AND state = 'won' AND incubated_at IS NOT NULL ORDER BY lead",
        (start, end),
    ).fetchall()
    policies = Policies(connection)
    return [Owed(number, agent, value, policies[version].incubation) for number, agent, value, version in rows]


def histories(connection: sqlite3.Connection, start: datetime, end: datetime) -> Iterator[list[Event]]:
    """Everything that happened to each lead that inside sales had to do with between two moments."""
    rows = connection.execute(
        f"SELECT DISTINCT lead FROM events INDEXED BY events_of_inside_sales WHERE {INSIDE_SALES} "
        f"AND {_WHEN} >= ? AND {_WHEN} < ? ORDER BY lead",
        (iso(start), iso(end)),
    ).fetchall()
    for (number,) in rows:
        yield history(connection, number)
