"""Everything that is held of people, to be given out: of one, with what was said and done, or every lead as a row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from leadrouter.domain.events import Event
from leadrouter.domain.lead import Lead
from leadrouter.domain.state import LeadState
from leadrouter.store import queries
from leadrouter.store.erasing import inquiries_of
from leadrouter.store.leads import FACT_COLUMNS, read_facts
from leadrouter.store.rows import STATE_COLUMNS, lead_state


class Told(NamedTuple):
    """A notice about a lead: when it was made, what kind, to whom over which channel, and what became of it."""

    made_at: str
    kind: str
    person: str
    channel: str
    state: str
    delivered_at: str | None


class Held(NamedTuple):
    """One lead with all that is kept of it. `inquiries` and `notes` are by the number of their event."""

    row: queries.LeadRow
    facts: Lead
    inquiries: list[tuple[int, Lead]]
    notes: dict[int, str]
    history: list[Event]
    told: list[Told]


def held(connection: sqlite3.Connection, lead: int) -> Held:
    """All that is kept of one lead."""
    told = connection.execute(
        "SELECT made_at, kind, person, channel, state, delivered_at FROM notices WHERE lead = ? ORDER BY notice",
        (lead,),
    )
    return Held(
        queries.lead(connection, lead),
        read_facts(connection, lead).facts,
        inquiries_of(connection, lead),
        {event: text for event, text in queries.notes(connection, lead).items() if text is not None},
        queries.history(connection, lead),
        [Told(*row) for row in told],
    )


def custom_names(connection: sqlite3.Connection) -> list[str]:
    """The names of all custom fields."""
    rows = connection.execute(
        "SELECT DISTINCT entry.key FROM leads, json_each(leads.custom) AS entry WHERE custom IS NOT NULL ORDER BY 1"
    )
    return [name for (name,) in rows]


def every_lead(connection: sqlite3.Connection) -> Iterator[tuple[Lead, LeadState]]:
    """Every lead whose person was not forgotten, in the order in which they came."""
    rows = connection.execute(
        f"SELECT lead, {', '.join((*FACT_COLUMNS, *STATE_COLUMNS))} FROM leads WHERE forgotten_at IS NULL ORDER BY lead"
    )
    width = len(FACT_COLUMNS)
    for number, *columns in rows:
        yield Lead(*columns[:width]), lead_state(number, tuple(columns[width:]))
