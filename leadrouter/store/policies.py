"""Policy versions in and out of the file."""

from __future__ import annotations

import sqlite3


def insert_policy(connection: sqlite3.Connection, version: int, at: str, sha256: str, policy: str, text: str) -> None:
    """Keeps a new version: the JSON that routes, and the text as the broker wrote it."""
    connection.execute("INSERT INTO policies VALUES (?, ?, ?, ?, ?)", (version, at, sha256, policy, text))
