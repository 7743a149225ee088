"""What results are judged by: leads counted by agent, kind and outcome, straight from SQL. Decides nothing.

A lead counts for everyone who held it, its win for the last; void leads and offers that nobody accepted yet count
for nobody. What an isa holds or closed is no part of what tiers are judged by: inside sales have a report of their
own. Leads of earlier times count like others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from math import ceil
from typing import NamedTuple

from leadrouter.domain.lead import Lead
from leadrouter.domain.response import Stint, only_stint, stints
from leadrouter.store import queries
from leadrouter.store.policies import DEALT_UNDER

_HELD = """
held AS (
  SELECT lead, agent AS holder, received_at, state = 'won' AS won, agent IS isa AND handed_off_at IS NULL AS as_isa
  FROM leads
  WHERE agent IS NOT NULL AND state NOT IN ('void', 'offered') AND received_at >= :since AND received_at < :until
  UNION ALL
  SELECT leads.lead, past.value, received_at, 0, 0 FROM leads, json_each(leads.past_holders) AS past
  WHERE past_holders IS NOT NULL AND state <> 'void' AND (past.value IS NOT agent OR state = 'offered')
    AND received_at >= :since AND received_at < :until
)"""
# (holder, lead) once each: who lost a lead and has it again holds it.

_REVIEWED = f"""
WITH {_HELD},
ranked AS (SELECT *, row_number() OVER (PARTITION BY holder ORDER BY received_at DESC, lead DESC) AS place FROM held
  WHERE NOT as_isa),
chosen AS (SELECT * FROM ranked WHERE received_at >= :recent OR place <= :least)
"""


class Window(NamedTuple):
    """Leads received from `since` until before `until`, as UTC ISO texts. Of each agent those since `recent`, and the
    latest `least` at any rate.
    """

    since: str
    until: str
    recent: str
    least: int = 0


EVER = "0001"
"""Earlier than every moment in the file."""


class Count(NamedTuple):
    """So many leads of one kind that an agent held, and how many of them they won. `place` says where they are."""

    agent: str
    source: str
    quality: str
    place: Lead
    leads: int
    won: int


def held(connection: sqlite3.Connection, window: Window, *, by_place: bool = False) -> Iterator[Count]:
    """Leads of the window by agent and kind; `by_place` tells them apart by postcode, area and coordinates too."""
    place = "postcode, area, lat, lon" if by_place else "NULL, NULL, NULL, NULL"
    grouped = "1, 2, 3, 4, 5, 6, 7" if by_place else "1, 2, 3"
    rows = connection.execute(
        f"{_REVIEWED} SELECT holder, coalesce(source, '(none)'), quality, {place}, count(*), sum(won) "
        f"FROM chosen JOIN leads USING (lead) GROUP BY {grouped} ORDER BY {grouped}",
        window._asdict(),
    )
    for agent, source, quality, postcode, area, lat, lon, leads, won in rows:
        yield Count(agent, source, quality, Lead(postcode=postcode, area=area, lat=lat, lon=lon), leads, won)


def totals(connection: sqlite3.Connection, window: Window) -> tuple[int, int]:
    """(leads, won) of the same, each lead once."""
    row = connection.execute(
        f"{_REVIEWED} SELECT count(DISTINCT lead), count(DISTINCT lead) FILTER (WHERE won) FROM chosen",
        window._asdict(),
    ).fetchone()
    return row[0], row[1]


def days_to_close(connection: sqlite3.Connection, share: float) -> tuple[int, float | None]:
    """How many wins have a date, and the days from receipt to win within which this share of them came."""
    where = "FROM leads WHERE state = 'won' AND closed_at IS NOT NULL"
    wins = connection.execute(f"SELECT count(*) {where}").fetchone()[0]
    if not wins:
        return 0, None
    row = connection.execute(
        f"SELECT max(0.0, julianday(closed_at) - julianday(received_at)) AS days {where} ORDER BY 1 LIMIT 1 OFFSET ?",
        (max(0, ceil(share * wins) - 1),),
    ).fetchone()
    return wins, row[0]


# --- what else is measured ------------------------------------------------------------------------------------


class Work(NamedTuple):
    """One agent's leads of a window so far, mature or not: how many, won, and the mean value of those with one."""

    leads: int
    won: int
    deal: float | None
    appointments: int


def work(connection: sqlite3.Connection, since: str, until: str) -> dict[str, Work]:
    """By agent. An appointment counts for whoever made it, once for each lead."""
    window = {"since": since, "until": until}
    made = dict(
        connection.execute(
            "SELECT events.agent, count(DISTINCT events.lead) FROM leads JOIN events USING (lead) "
            "WHERE received_at >= :since AND received_at < :until AND state <> 'void' AND (events.kind = 'appointment' "
            "OR (events.kind = 'past' AND json_extract(events.data, '$.appointment') IS NOT NULL)) GROUP BY 1",
            window,
        ).fetchall()
    )
    rows = connection.execute(
        f"WITH {_HELD} SELECT holder, count(*), sum(won), avg(CASE WHEN won THEN value END) "
        "FROM held JOIN leads USING (lead) GROUP BY holder",
        window,
    )
    return {agent: Work(leads, won, deal, made.get(agent, 0)) for agent, leads, won, deal in rows}


def contacts(
    connection: sqlite3.Connection, since: str, until: str, agent: str | None = None
) -> Iterator[tuple[str, Stint]]:
    """Every stint with a lead of the window, of everybody or of one agent, and the lead's quality."""
    rows = connection.execute(
        "SELECT lead, quality, agent, assigned_at, attempted_at, closed_at, coalesce(past_holders, isa) IS NOT NULL, "
        f"reason IS 'past', {DEALT_UNDER} FROM leads "
        "WHERE received_at >= ? AND received_at < ? AND state NOT IN ('void', 'offered') "
        "AND (?3 IS NULL OR agent = ?3 OR isa = ?3 OR EXISTS (SELECT 1 FROM json_each(past_holders) WHERE value = ?3)) "
        "AND coalesce(agent, past_holders, isa) IS NOT NULL ORDER BY lead",
        (since, until, agent),
    ).fetchall()
    for lead, quality, holder, assigned, attempted, closed, moved, past, policy in rows:
        if moved:
            found = stints(queries.history(connection, lead))
        elif past or assigned is None:  # who had it since when is not known
            found = []
        else:
            found = [only_stint(holder, assigned, attempted, closed, policy)]
        yield from ((quality, stint) for stint in found if agent in (None, stint.agent))


class Share(NamedTuple):
    """So many leads of one source and quality that an agent got, and the tier whose turn they took, if any."""

    agent: str
    tier: str | None
    quality: str
    source: str
    leads: int


def dealt(connection: sqlite3.Connection, since: str, until: str) -> list[Share]:
    """Who has the leads received between two UTC moments, by tier, quality and source."""
    rows = connection.execute(
        "SELECT agent, turn_tier, quality, coalesce(source, '(none)'), count(*) FROM leads "
        "WHERE received_at >= ? AND received_at < ? AND agent IS NOT NULL AND state NOT IN ('void', 'offered') "
        "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
        (since, until),
    )
    return [Share(*row) for row in rows]


def by_rule(connection: sqlite3.Connection, since: str, until: str) -> dict[tuple[str, str], int]:
    """(rule, agent) -> leads received between two UTC moments that this rule dealt and the agent has."""
    rows = connection.execute(
        "SELECT rule, agent, count(*) FROM leads WHERE received_at >= ? AND received_at < ? AND rule IS NOT NULL "
        "AND agent IS NOT NULL AND state NOT IN ('void', 'offered') GROUP BY 1, 2",
        (since, until),
    )
    return {(rule, agent): leads for rule, agent, leads in rows}
