"""Policy versions in and out of the file."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from leadrouter.domain.events import moment
from leadrouter.domain.policy import Policy
from leadrouter.domain.stored_policy import rebuild


def insert_policy(connection: sqlite3.Connection, version: int, at: str, sha256: str, policy: str, text: str) -> None:
    """Keeps a new version: the JSON that routes, and the text as the broker wrote it."""
    connection.execute("INSERT INTO policies VALUES (?, ?, ?, ?, ?)", (version, at, sha256, policy, text))


def policy_in_force(connection: sqlite3.Connection) -> Policy:
    """The latest version."""
    row = connection.execute("SELECT policy FROM policies ORDER BY version DESC LIMIT 1").fetchone()
    return rebuild(json.loads(row[0]))


def first_loaded(connection: sqlite3.Connection) -> datetime:
    """When the first version came into force."""
    return moment(connection.execute("SELECT loaded_at FROM policies WHERE version = 1").fetchone()[0])
