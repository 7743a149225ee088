"""What the monthly audit reads: the month's tallies, and the leads received or closed in it. Decides nothing."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from typing import NamedTuple

from leadrouter.domain.fairness import Tally
from leadrouter.domain.ledger import Round


class CohortLead(NamedTuple):
    """One lead that came in during the month, without the person: what it was and what became of it so far.

    `past`: it was recorded later, as one of earlier times; who had it since when is not known.
    """

    lead: int
    received_at: datetime
    source: str | None
    quality: str
    state: str
    agent: str | None
    past_holders: tuple[str, ...]
    panel: int
    past: bool
    isa: str | None
    assigned_at: datetime | None
    attempted_at: datetime | None
    contacted_at: datetime | None
    closed_at: datetime | None


def tallies(connection: sqlite3.Connection, month: str) -> list[Tally]:
    """How often each panel dealt in a month, and to whom."""
    rows = connection.execute(
        "SELECT panel, agent, what, count FROM tallies WHERE month = ? ORDER BY panel, agent, what", (month,)
    )
    return [Tally(*row) for row in rows]


def cohort(connection: sqlite3.Connection, start: str, end: str) -> list[CohortLead]:
    """The leads that came in between two UTC moments."""
    rows = connection.execute(
        "SELECT lead, received_at, source, quality, state, agent, past_holders, turn_panel, reason IS 'past', isa, "
        "assigned_at, attempted_at, contacted_at, closed_at "
        "FROM leads WHERE received_at >= ? AND received_at < ? ORDER BY lead",
        (start, end),
    )
    return [
        CohortLead(
            lead, datetime.fromisoformat(received), source, quality, state, agent,
            tuple(json.loads(holders)) if holders else (), panel, bool(past), isa, *map(_moment, moments),
        )
        for lead, received, source, quality, state, agent, holders, panel, past, isa, *moments in rows
    ]  # fmt: skip


class Closed(NamedTuple):
    """What was closed in a month, whenever it came in."""

    won: int
    lost: int
    void: int
    value: float


def closed(connection: sqlite3.Connection, start: str, end: str) -> Closed:
    """Counts by final state of the leads closed between two UTC moments, and the value of those won."""
    row = connection.execute(
        "SELECT coalesce(sum(state = 'won'), 0), coalesce(sum(state = 'lost'), 0), coalesce(sum(state = 'void'), 0), "
        "coalesce(sum(value) FILTER (WHERE state = 'won'), 0.0) FROM leads WHERE closed_at >= ? AND closed_at < ?",
        (start, end),
    ).fetchone()
    return Closed(*row)


def reclaimed(connection: sqlite3.Connection, start: str, end: str) -> dict[str, dict[str, int]]:
    """Agent -> reason -> leads taken back between two UTC moments."""
    found: dict[str, dict[str, int]] = {}
    for _, _, agent, _, data in _events(connection, ("reclaimed",), start, end):
        reasons = found.setdefault(agent or "", {})
        reason = json.loads(data)["reason"]
        reasons[reason] = reasons.get(reason, 0) + 1
    return found


_OVERRIDES = ("transferred", "credited", "reopened", "tier_set", "handed_off")


def overrides(connection: sqlite3.Connection, start: str, end: str) -> list[dict[str, object]]:
    """What people decided against the turns or the checklist between two UTC moments: who did it, and for whom."""
    return [
        {"event": seq, "what": kind, "agent": agent, "by": by}
        for seq, kind, agent, by, data in _events(connection, _OVERRIDES, start, end)
        if _by_a_person(kind, json.loads(data))
    ]


def _by_a_person(kind: str, data: dict[str, object]) -> bool:
    """Whether an event was an override: a complete hand-off is none, nor what the sweep does for time off."""
    return "missing" in data if kind == "handed_off" else data.get("reason") != "time_off"


def corrections(connection: sqlite3.Connection, start: str, end: str) -> list[tuple[str, Round]]:
    """The rounds of credits by hand and of leavers' write-offs between two UTC moments, with what they are called."""
    found = []
    for _, kind, agent, _, data in _events(connection, ("credited", "agent_left"), start, end):
        word = "credited" if kind == "credited" else "written off"
        for rotation, panel, quantum in json.loads(data)["rounds"]:
            shares = tuple((name, weight) for name, weight in panel)
            found.append((word, Round(rotation, shares, quantum, agent or "")))
    return found


def told(connection: sqlite3.Connection, start: str, end: str) -> dict[str, list[float]]:
    """Agent -> minutes from each offer, assignment or hand-off between two UTC moments until they were told of it,
    over the channel that was first.
    """
    found: dict[str, list[float]] = {}
    rows = connection.execute(
        "SELECT person, made_at, min(delivered_at) FROM notices INDEXED BY notices_delivered WHERE state = 'delivered' "
        "AND made_at >= ? AND made_at < ? AND kind IN ('offer', 'assignment', 'handoff') GROUP BY about, person "
        "ORDER BY person, event",
        (start, end),
    )
    for person, made_at, delivered_at in rows:
        wait = datetime.fromisoformat(delivered_at) - datetime.fromisoformat(made_at)
        found.setdefault(person, []).append(wait.total_seconds() / 60)
    return found


def _events(
    connection: sqlite3.Connection, kinds: tuple[str, ...], start: str, end: str
) -> list[tuple[int, str, str | None, str, str]]:
    """The events of some rarer kinds between two UTC moments, through their own index."""
    marks = ", ".join("?" * len(kinds))
    return connection.execute(
        "SELECT seq, kind, agent, by, data FROM events INDEXED BY events_by_time "
        f"WHERE kind NOT IN ('assigned', 'panel', 'balance') AND kind IN ({marks}) AND at >= ? AND at < ? ORDER BY seq",
        (*kinds, start, end),
    ).fetchall()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
