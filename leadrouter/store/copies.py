"""Where files lie that hold people in the clear and cannot be erased from here: rejected rows, backups.

A note about this machine, no event: paths are nobody's business but the owner's.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from leadrouter.domain.events import iso
from leadrouter.store import transactions


class Copy(NamedTuple):
    """One such file: what it is, where, and when it was last written (UTC ISO text)."""

    kind: str
    path: str
    at: str


def note_copy(connection: sqlite3.Connection, kind: Literal["rejects", "backup"], path: Path, now: datetime) -> None:
    """Remembers a file that is about to be written. In a transaction of its own."""
    with transactions.writing(connection):
        connection.execute(
            "INSERT INTO copies (path, kind, at) VALUES (?, ?, ?) "
            "ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, at = excluded.at",
            (str(path.absolute()).encode(errors="replace").decode(), kind, iso(now)),
        )


def copies(connection: sqlite3.Connection) -> list[Copy]:
    """Every file that was written, rejects first, the latest first."""
    rows = connection.execute("SELECT kind, path, at FROM copies ORDER BY kind DESC, at DESC, path")
    return [Copy(*row) for row in rows]
