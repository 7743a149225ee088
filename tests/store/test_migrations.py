"""An older file is brought up to date: what it holds stays, what is new is made from its events."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from leadrouter.store import database, schema
from leadrouter.usecases.verify import verify
from tests.factories import make_policy
from tests.usecases.house import House

TIER_COLUMNS = {"tier", "skill", "reviewed_at", "findings"}


def columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def back_to_3(path: Path) -> None:
    """The file as version 3 left it: without what the fourth migration made."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for column in sorted(TIER_COLUMNS):
            connection.execute(f"ALTER TABLE agents DROP COLUMN {column}")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_tiers'")
        connection.execute("PRAGMA user_version = 3")


@pytest.mark.parametrize(("back", "table", "new"), [(back_to_3, "agents", TIER_COLUMNS)])
def test_an_older_file_gets_what_is_new_and_proves_itself(
    back: Callable[[Path], None], table: str, new: set[str], tmp_path: Path
) -> None:
    path = tmp_path / "leadrouter.db"
    house = House(make_policy(3), path)
    house.deal(5)
    house.connection.close()
    back(path)
    with closing(sqlite3.connect(path)) as older:
        assert columns(older, table).isdisjoint(new)
    with closing(database.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert new <= columns(connection, table)
        assert verify(connection).problems == []
        assert connection.execute("SELECT DISTINCT tier, skill, reviewed_at, findings FROM agents").fetchall() == [
            (None, None, None, "[]")
        ]
        assert ("m004_tiers",) in connection.execute("SELECT name FROM _sqlite_migrations").fetchall()
