"""Desks in and out of the file: loads what deciding needs, writes back what `apply` changed.

The size of a desk follows the team, not the history: the leads at hand are loaded by number.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import Any

from leadrouter.domain.decision import lineup_from
from leadrouter.domain.desk import Desk
from leadrouter.domain.events import iso
from leadrouter.domain.journal import Head, Journal
from leadrouter.domain.ledger import Account, Renaming
from leadrouter.domain.notices import Notice
from leadrouter.domain.rulebook import Rulebook
from leadrouter.domain.stored_policy import rebuild
from leadrouter.store.partial_indexes import OPEN, WAITING
from leadrouter.store.rows import AGENT_COLUMNS, STATE_COLUMNS, agent_row, agent_state, lead_state, state_row

_SAVE_AGENT = (
    f"INSERT INTO agents ({', '.join(AGENT_COLUMNS)}) VALUES ({', '.join('?' * len(AGENT_COLUMNS))}) "
    "ON CONFLICT (agent) DO UPDATE SET " + ", ".join(f"{column} = excluded.{column}" for column in AGENT_COLUMNS[1:])
)
# An upsert, since REPLACE would delete the row first and search every child table for it.

_IN_BATCHES = 500


def read_head(connection: sqlite3.Connection) -> Head:
    """The end of the chain."""
    row = connection.execute("SELECT seq, hash FROM head").fetchone()
    return Head(*row) if row else Head()


def read_rulebook(connection: sqlite3.Connection, version: int) -> Rulebook:
    """A policy version, compiled."""
    row = connection.execute("SELECT policy FROM policies WHERE version = ?", (version,)).fetchone()
    return Rulebook(rebuild(json.loads(row[0])))


def load_desk(connection: sqlite3.Connection) -> Desk:
    """The desk as it stands: policy in force, agents, accounts. No leads yet: see `load_leads`."""
    desk = Desk(lambda version: read_rulebook(connection, version))
    row = connection.execute("SELECT max(version) FROM policies").fetchone()
    if row[0] is not None:
        desk.adopt(row[0])
    for row in connection.execute(f"SELECT {', '.join(AGENT_COLUMNS)} FROM agents"):
        state = agent_state(row)
        desk.agents[state.agent] = state
    desk.last_there.update(connection.execute("SELECT territory, agent FROM last_there").fetchall())
    desk.renamings += renamings(connection)
    drained = connection.execute("SELECT hour, dealt FROM backlog").fetchone()
    desk.drained = drained or desk.drained
    for rotation, agent, *account in connection.execute("SELECT rotation, agent, credit, due, received FROM rotations"):
        desk.ledger.open_account(rotation, agent, Account(*account))
    return desk


def renamings(connection: sqlite3.Connection) -> list[Renaming]:
    """Every rotation that goes on under another name, in the order in which they were renamed."""
    rows = connection.execute("SELECT event, before, after FROM renamings ORDER BY event")
    return [Renaming(*row) for row in rows]


def load_leads(connection: sqlite3.Connection, desk: Desk, numbers: Iterable[int]) -> None:
    """Puts these leads on the desk, and the panels of their turns."""
    wanted = [number for number in numbers if number not in desk.leads]
    for start in range(0, len(wanted), _IN_BATCHES):
        marks = ", ".join("?" * len(wanted[start : start + _IN_BATCHES]))
        _place(connection, desk, f"lead IN ({marks})", wanted[start : start + _IN_BATCHES])


def load_live_leads(connection: sqlite3.Connection, desk: Desk, agent: str | None = None) -> None:
    """Puts every lead that is not closed, or one agent's open ones, on the desk: their deadlines may move."""
    if agent is None:
        _place(connection, desk, OPEN, [])
        _place(connection, desk, WAITING, [])
    else:
        _place(connection, desk, f"agent = ? AND {OPEN}", [agent])


def find_panel(connection: sqlite3.Connection, key: bytes) -> int | None:
    """The number of a line-up recorded earlier."""
    row = connection.execute("SELECT panel FROM panels WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def load_panel(connection: sqlite3.Connection, desk: Desk, number: int) -> None:
    """Puts a recorded line-up on the desk."""
    if number and number not in desk.panels:
        row = connection.execute("SELECT data FROM events WHERE seq = ?", (number,)).fetchone()
        desk.know_panel(number, lineup_from(json.loads(row[0])))


def save(connection: sqlite3.Connection, journal: Journal) -> None:
    """Writes what happened: events with their hashes, and the rows of the desk that they changed.

    New leads were inserted before with their facts; here every touched lead gets its present state.
    """
    desk, changes = journal.desk, journal.desk.changes
    sets = ", ".join(f"{column} = ?" for column in STATE_COLUMNS)
    accounts = [
        (rotation, agent, *account)
        for rotation in sorted(desk.ledger.changed)
        for agent, account in desk.ledger.accounts(rotation).items()
    ]
    renamed = [(rotation,) for rotation in desk.ledger.changed if rotation not in desk.ledger.credit]
    tables: tuple[tuple[str, Collection[Any]], ...] = (
        (_SAVE_AGENT, [agent_row(desk.agents[agent]) for agent in sorted(changes.agents)]),
        (
            f"UPDATE leads SET {sets} WHERE lead = ?",
            [(*state_row(desk.leads[lead]), lead) for lead in sorted(changes.leads)],
        ),
        (
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(*columns, link) for columns, link in journal.pending],
        ),
        ("INSERT INTO notes VALUES (?, ?, ?, ?)", journal.notes),
        ("INSERT OR REPLACE INTO panels VALUES (?, ?)", journal.new_panels.items()),
        ("DELETE FROM rotations WHERE rotation = ?", renamed),
        ("INSERT OR REPLACE INTO rotations VALUES (?, ?, ?, ?, ?)", accounts),
        (
            "INSERT INTO tallies VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (month, panel, agent, what) DO UPDATE SET count = count + excluded.count",
            [(*key, count) for key, count in changes.tallies.items()],
        ),
        ("INSERT OR REPLACE INTO last_there VALUES (?, ?)", desk.last_there.items()),
        ("INSERT OR IGNORE INTO renamings VALUES (?, ?, ?)", desk.renamings),
    )
    for sql, rows in tables:
        if rows:
            connection.executemany(sql, rows)
    if journal.notices:
        post(connection, journal.notices)
    if desk.drained[0]:
        connection.execute("INSERT OR REPLACE INTO backlog VALUES (1, ?, ?)", desk.drained)
    if journal.pending:
        connection.execute("INSERT OR REPLACE INTO head VALUES (1, ?, ?)", journal.head)
    journal.settle()


def post(connection: sqlite3.Connection, notices: Iterable[Notice]) -> None:
    """Puts notices into the outbox, each once: what is there already stays as it is."""
    connection.executemany(
        "INSERT OR IGNORE INTO notices (about, person, channel, kind, made_at, event, lead, try_at) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?5)",
        [
            (about, person, channel, kind, iso(at), event, lead)
            for about, person, channel, kind, at, event, lead in notices
        ],
    )


def _place(connection: sqlite3.Connection, desk: Desk, where: str, values: list[Any]) -> None:
    rows = connection.execute(
        f"SELECT lead, {', '.join(STATE_COLUMNS)} FROM leads WHERE {where}",
        values,
    ).fetchall()
    for number, *columns in rows:
        if number not in desk.leads:
            desk.leads[number] = lead = lead_state(number, tuple(columns))
            load_panel(connection, desk, lead.turn_panel)
