"""Policy versions in and out of the file, and which of them leads were dealt under."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from leadrouter.domain.events import moment
from leadrouter.domain.policy import Policy
from leadrouter.domain.response import BEGINS
from leadrouter.domain.stored_policy import rebuild
from leadrouter.errors import WrongUsage


def insert_policy(connection: sqlite3.Connection, version: int, at: str, sha256: str, policy: str, text: str) -> None:
    """Keeps a new version: the JSON that routes, and the text as the broker wrote it."""
    connection.execute("INSERT INTO policies VALUES (?, ?, ?, ?, ?)", (version, at, sha256, policy, text))


DEALT_UNDER = (
    "(SELECT max(policy) FROM events WHERE events.lead = leads.lead "
    f"AND kind IN ({', '.join(repr(kind) for kind in BEGINS)}))"
)
"""In a statement about `leads`: the version under which the present holder, or the last, got the lead."""


class Policies(dict[int, Policy]):
    """Versions by number, read from the file when first asked for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__()
        self._connection = connection

    def __missing__(self, number: int) -> Policy:
        self[number] = version(self._connection, number)[0]
        return self[number]


def policy_in_force(connection: sqlite3.Connection) -> Policy:
    """The latest version."""
    row = connection.execute("SELECT policy FROM policies ORDER BY version DESC LIMIT 1").fetchone()
    return rebuild(json.loads(row[0]))


def version(connection: sqlite3.Connection, number: int) -> tuple[Policy, str]:
    """One version, and its text as the broker wrote it. Raises WrongUsage where there is none of this number."""
    row = connection.execute("SELECT policy, text FROM policies WHERE version = ?", (number,)).fetchone()
    if row is None:
        raise WrongUsage(f"there is no policy version {number}", "see them with: leadrouter policy --history")
    return rebuild(json.loads(row[0])), row[1]


def versions(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """Every version and when it was loaded (UTC), oldest first."""
    return connection.execute("SELECT version, loaded_at FROM policies ORDER BY version").fetchall()


def first_loaded(connection: sqlite3.Connection) -> datetime:
    """When the first version came into force."""
    return moment(connection.execute("SELECT loaded_at FROM policies WHERE version = 1").fetchone()[0])
