"""Everything `verify` reads: the chain, the stored projections and the facts behind the commitments. Judges nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from leadrouter.domain.events import Event, moment
from leadrouter.domain.lead import Lead, commitment, facts_text
from leadrouter.store.desks import STATE_COLUMNS
from leadrouter.store.leads import FACT_COLUMNS


def events(connection: sqlite3.Connection, first: int = 1) -> sqlite3.Cursor:
    """The rows of the chain in order: the columns as they are hashed, then the hash."""
    return connection.execute(
        "SELECT seq, at, kind, lead, agent, by, policy, engine, data, facts, hash FROM events "
        "WHERE seq >= ? ORDER BY seq",
        (first,),
    )


def event_of(columns: Sequence[Any]) -> Event:
    """A stored row as an event. Raises ValueError if it cannot be read."""
    seq, at, kind, lead, agent, by, policy, engine, data, facts = columns[:10]
    return Event(seq, moment(at), kind, lead, agent, by, policy, json.loads(data), facts, engine)


def policies(connection: sqlite3.Connection) -> sqlite3.Cursor:
    """(version, sha256, policy) of every version."""
    return connection.execute("SELECT version, sha256, policy FROM policies ORDER BY version")


def policy_hashes(connection: sqlite3.Connection) -> dict[int, str]:
    """Version -> the hash that the chain holds for it."""
    rows = connection.execute("SELECT data FROM events WHERE kind = 'policy_loaded'")
    found = [json.loads(data) for (data,) in rows]
    return {data["version"]: data["sha256"] for data in found}


def agent_rows(connection: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    """The stored agents by id."""
    return {row[0]: row for row in connection.execute("SELECT * FROM agents")}


def account_rows(connection: sqlite3.Connection) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The stored accounts by rotation and agent."""
    rows = connection.execute("SELECT rotation, agent, credit, due, received FROM rotations")
    return {(rotation, agent): tuple(account) for rotation, agent, *account in rows}


def tally_rows(connection: sqlite3.Connection) -> dict[tuple[Any, ...], int]:
    """The stored monthly counts."""
    rows = connection.execute("SELECT month, panel, agent, what, count FROM tallies")
    return {tuple(key): count for *key, count in rows}


def panel_rows(connection: sqlite3.Connection) -> dict[bytes, int]:
    """The stored keys of panels."""
    return dict(connection.execute("SELECT key, panel FROM panels").fetchall())


def panel_texts(connection: sqlite3.Connection) -> sqlite3.Cursor:
    """(event, data) of every panel."""
    return connection.execute("SELECT seq, data FROM events WHERE kind = 'panel'")


def lead_rows(connection: sqlite3.Connection) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Every lead's number and the columns that are a projection."""
    for number, *columns in connection.execute(f"SELECT lead, {', '.join(STATE_COLUMNS)} FROM leads"):
        yield number, tuple(columns)


class Facts:
    """The facts behind the commitments: which leads' facts are still those that were decided on."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._committed: dict[int, tuple[int, bytes]] = {}
        self._inquiries: dict[int, bytes] = {}

    def commit(self, lead: int, event: int, kind: str, commitment: bytes) -> None:
        """An event committed to the facts of a lead, or of an inquiry on it."""
        if kind == "inquired":
            self._inquiries[event] = commitment
        else:
            self._committed[lead] = (event, commitment)

    def intact(self, lead: int) -> Lead | None:
        """The facts of a lead, if they are still those of the latest commitment; None if erased or edited since."""
        row = self._connection.execute(
            f"SELECT {', '.join(FACT_COLUMNS)}, salt FROM leads WHERE lead = ?",
            (lead,),
        ).fetchone()
        if row is None or row[-1] is None or lead not in self._committed:
            return None
        facts = Lead(*row[:-1])
        return facts if commitment(facts_text(facts), row[-1]) == self._committed[lead][1] else None

    def edited(self) -> Iterator[tuple[int, int]]:
        """(lead, last event that committed) for leads whose facts are there and differ."""
        for number, *facts, salt in self._connection.execute(
            f"SELECT lead, {', '.join(FACT_COLUMNS)}, salt FROM leads ORDER BY lead"
        ):
            event, committed = self._committed.get(number, (0, b""))
            if salt is not None and commitment(facts_text(Lead(*facts)), salt) != committed:
                yield number, event

    def edited_inquiries(self) -> Iterator[tuple[int, int]]:
        """(inquiry, lead) for inquiries whose facts are there and differ."""
        for inquiry, lead, event, facts, salt in self._connection.execute(
            "SELECT inquiry, lead, event, facts, salt FROM inquiries ORDER BY inquiry"
        ):
            if salt is not None and commitment(facts, salt) != self._inquiries.get(event):
                yield inquiry, lead
