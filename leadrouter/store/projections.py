"""Making every projection anew from the events: what a migration needs when leads or agents have learned new fields,
and what going back to an earlier moment is.

The same fold as everywhere, through `apply`; the chain itself is only read.
"""

from __future__ import annotations

import sqlite3

from leadrouter.domain.apply import apply
from leadrouter.domain.desk import Desk
from leadrouter.domain.journal import Journal
from leadrouter.errors import LeadrouterError
from leadrouter.store import desks, queries, transactions

UNREADABLE = (AssertionError, AttributeError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError)
"""What nonsense in a row may raise while it is read or applied."""


def make_anew(connection: sqlite3.Connection) -> None:
    """Folds all events and writes the states of leads and agents. The caller holds the write lock.

    Raises LeadrouterError if an event cannot be read; nothing is changed then.
    """
    desk = _fold(connection, "the file cannot be brought up to date")
    connection.execute("DELETE FROM tallies")  # `save` adds to them
    desks.save(connection, Journal(desk, desks.read_head(connection), "", lambda key: None, lambda: b""))


def rewind(copy: sqlite3.Connection, seq: int) -> None:
    """Brings a copy back to what it was right after event `seq` (0: empty); the file itself is never rewound.

    Leads keep the facts they have now: what was corrected or forgotten since stays so.
    """
    copy.execute("PRAGMA foreign_keys = OFF")
    with transactions.writing(copy):
        for trigger in ("events_are_never_deleted", "events_are_never_changed"):
            copy.execute(f"DROP TRIGGER {trigger}")
        copy.execute(
            "DELETE FROM leads WHERE lead NOT IN (SELECT lead FROM events WHERE seq <= ? AND lead IS NOT NULL)", (seq,)
        )
        for table, column in (("inquiries", "event"), ("notes", "event"), ("recorded", "event"), ("panels", "panel")):
            copy.execute(f"DELETE FROM {table} WHERE {column} > ?", (seq,))
        copy.execute("DELETE FROM events WHERE seq > ?", (seq,))
        copy.execute("DELETE FROM policies WHERE version > (SELECT coalesce(max(policy), 0) FROM events)")
        for table in _PROJECTED:
            copy.execute(f"DELETE FROM {table}")
        copy.execute("INSERT INTO head SELECT 1, seq, hash FROM events WHERE seq = ?", (seq,))
        desk = _fold(copy, "the past cannot be gone back to")
        desk.ledger.changed.update(desk.ledger.credit)
        desks.save(copy, Journal(desk, desks.read_head(copy), "", lambda key: None, lambda: b""))
    copy.execute("PRAGMA foreign_keys = ON")


_PROJECTED = (
    "agents",
    "rotations",
    "tallies",
    "last_there",
    "backlog",
    "renamings",
    "head",
    "sweeps",
    "notices",
    "deliveries",
)
"""Tables that hold nothing but what the events made of them, besides `leads`; and what waits to be told, which a copy
must not tell.
"""


def _fold(connection: sqlite3.Connection, trouble: str) -> Desk:
    """Every event applied to a fresh desk; all its agents and leads count as changed."""
    desk = Desk(lambda version: desks.read_rulebook(connection, version))
    for event in queries.all_events(connection):
        try:
            apply(desk, event)
        except UNREADABLE:
            raise LeadrouterError(
                f"{trouble}: event {event.seq} does not fit what happened before it",
                "see what was changed with: leadrouter verify, of the program that wrote the file",
            ) from None
    desk.changes.agents.update(desk.agents)
    desk.changes.leads.update(desk.leads)
    return desk
