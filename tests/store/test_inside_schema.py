"""A file from before there was inside sales: everything in it is kept, and what its events make is told anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from leadrouter.domain.policy import Rule, Target
from leadrouter.store import database, schema
from leadrouter.store.first_schema import FIRST
from leadrouter.usecases.verify import verify
from tests.factories import make_agent, make_policy
from tests.usecases.house import House

BEFORE = (FIRST, schema.CLOCKS, schema.OUTCOMES)
APPLIED = ("m001_first", "m002_clocks", "m003_outcomes")
RULES = (Rule("first", ("source", "in", ("web",)), Target("role", ("isa",)), then="qualify"), Rule("everyone"))


def as_before(new: Path, old: Path) -> None:
    """The same file as the program wrote it that had three migrations."""
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        for statement in (statement for script in BEFORE for statement in schema.statements(script)):
            connection.execute(statement)
        connection.execute("ATTACH ? AS new", (str(new),))
        connection.execute("CREATE TABLE _sqlite_migrations AS SELECT * FROM new._sqlite_migrations")
        connection.execute(f"DELETE FROM _sqlite_migrations WHERE name NOT IN {APPLIED}")
        tables = connection.execute(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE '%sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        connection.execute("UPDATE leads SET state = 'appointment' WHERE lead = 1")  # what it made of an isa's one
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 3")


def test_an_older_file_learns_of_its_isas_and_keeps_all_that_was_in_it(tmp_path: Path) -> None:
    house = House(make_policy([make_agent("ida", role="isa"), make_agent("aina")], rules=RULES), tmp_path / "new.db")
    for source in ("web", "web", "portal"):
        house.route(source=source)
    house.step("appointment", 1)
    house.step("appointment", 3)
    head = house.events()[-1]
    house.connection.close()
    as_before(tmp_path / "new.db", tmp_path / "old.db")

    with closing(database.connect(tmp_path / "old.db")) as connection:
        rows = connection.execute(
            "SELECT state, isa, handed_off_at, appointment_by FROM leads ORDER BY lead"
        ).fetchall()
        assert rows == [
            ("qualifying", "ida", None, "ida"), ("qualifying", "ida", None, None), ("appointment", None, None, "aina"),
        ]  # fmt: skip
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert connection.execute("SELECT max(seq) FROM events").fetchone() == (head.seq,)
        assert verify(connection).problems == []
