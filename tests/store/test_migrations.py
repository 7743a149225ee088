"""An older file is brought up to date: what it holds stays, what is new is made from its events."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from leadrouter.domain.promises import Acceptance
from leadrouter.domain.state import LeadState
from leadrouter.store import database, schema
from leadrouter.store.first_schema import FIRST
from leadrouter.store.inside_schema import INSIDE
from leadrouter.store.report_schema import REPORTS
from leadrouter.store.rows import STATE_COLUMNS, state_row
from leadrouter.store.schema import CLOCKS, NOTICES, OUTCOMES, TIERS
from leadrouter.usecases.verify import verify
from tests.factories import make_policy
from tests.usecases.house import House

UP_TO_7 = (
    "m001_first", "m002_clocks", "m003_outcomes", "m004_tiers", "m005_inside_sales", "m006_notices", "m007_reports",
)  # fmt: skip

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


def back_to_9(path: Path) -> None:
    """The file as version 9 left it: with the two views that counted otherwise than the reports."""
    made = [statement for statement in schema.statements(REPORTS) if "CREATE VIEW" in statement]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for view in ("conversion_by_agent", "first_contacts"):
            connection.execute(f"DROP VIEW {view}")
            connection.execute(next(sql for sql in made if f"CREATE VIEW {view} " in sql))
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm010_figures'")
        connection.execute("PRAGMA user_version = 9")


def test_a_file_with_views_that_counted_otherwise_gets_the_right_ones(tmp_path: Path) -> None:
    path = tmp_path / "leadrouter.db"
    house = House(make_policy(2)._replace(acceptance=Acceptance(warm=300)), path)
    house.deal(3)  # all on offer: nobody has a lead
    seen = house.connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY 1").fetchall()
    house.connection.close()
    back_to_9(path)
    had = "SELECT coalesce(sum(leads), 0) FROM conversion_by_agent"
    with closing(sqlite3.connect(path)) as older:
        assert older.execute(had).fetchone() == (3,)
    with closing(database.connect(path)) as connection:
        assert connection.execute(had).fetchone() == (0,)
        assert (
            connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY 1").fetchall() == seen
        )
        assert verify(connection).problems == []


def test_a_table_of_leads_laid_out_anew_holds_what_it_held(tmp_path: Path) -> None:
    path, older = tmp_path / "leadrouter.db", tmp_path / "older.db"
    house = House(make_policy(3), path)
    house.deal(5)
    house.contact(2)
    house.connection.close()
    with closing(sqlite3.connect(older, isolation_level=None)) as connection:
        for script in (FIRST, CLOCKS, OUTCOMES, TIERS, INSIDE, NOTICES, REPORTS):
            connection.executescript(script)
        Database(connection)["_sqlite_migrations"].insert_all(  # type: ignore[union-attr]
            {"migration_set": "leadrouter", "name": name, "applied_at": "2026-01-01"} for name in UP_TO_7
        )
        connection.execute("ATTACH ? AS newer", (str(path),))
        for table in ("policies", "agents", "leads", "events", "head", "panels", "rotations", "tallies"):
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            given = ["coalesce(clock_at, assigned_at)" if name == "clock_at" else name for name in names]
            given = ["coalesce(hold_at, clock_at, assigned_at)" if name == "hold_at" else name for name in given]
            connection.execute(f"INSERT INTO {table} SELECT {', '.join(given)} FROM newer.{table}")
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 7")
    with closing(database.connect(older)) as connection, closing(database.connect(path)) as newer:
        rows = "SELECT * FROM leads ORDER BY lead"
        assert connection.execute(rows).fetchall() == newer.execute(rows).fetchall()
        assert verify(connection).problems == []
        assert connection.execute("SELECT count(*) FROM open_leads").fetchone() == (5,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_what_a_lead_is_by_default_is_what_the_schema_says(tmp_path: Path) -> None:
    with closing(database.connect(tmp_path / "leadrouter.db", create=True)) as connection:
        connection.execute("INSERT INTO leads (lead, received_at) VALUES (1, '2026-01-01T00:00:00Z')")
        row = connection.execute(f"SELECT {', '.join(STATE_COLUMNS)} FROM leads").fetchone()
    assert row == state_row(LeadState(1))


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
