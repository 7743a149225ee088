"""Making every projection anew from the events: what a migration needs when leads or agents have learned new fields.

The same fold as everywhere, through `apply`; the chain itself is only read.
"""

from __future__ import annotations

import sqlite3

from leadrouter.domain.apply import apply
from leadrouter.domain.desk import Desk
from leadrouter.domain.journal import Journal
from leadrouter.errors import LeadrouterError
from leadrouter.store import desks, queries

UNREADABLE = (AssertionError, AttributeError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError)
"""What nonsense in a row may raise while it is read or applied."""


def make_anew(connection: sqlite3.Connection) -> None:
    """Folds all events and writes the states of leads and agents. The caller holds the write lock.

    Raises LeadrouterError if an event cannot be read; nothing is changed then.
    """
    desk = Desk(lambda version: desks.read_rulebook(connection, version))
    for event in queries.all_events(connection):
        try:
            apply(desk, event)
        except UNREADABLE:
            raise LeadrouterError(
                f"the file cannot be brought up to date: event {event.seq} does not fit what happened before it",
                "see what was changed with the earlier program: leadrouter verify",
            ) from None
    desk.changes.agents.update(desk.agents)
    desk.changes.leads.update(desk.leads)
    connection.execute("DELETE FROM tallies")  # `save` adds to them
    desks.save(connection, Journal(desk, desks.read_head(connection), "", lambda key: None, lambda: b""))
