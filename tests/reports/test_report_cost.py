"""A report costs what its period holds: no statement walks through all leads or all events."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from leadrouter.reports.cuts import cut_report, method_report, trend_report
from leadrouter.reports.monthly import monthly_report
from leadrouter.store import queries, sweeps
from tests.reports.story import POLICY
from tests.usecases.house import House

DATES = ("2026-09-01", "2026-10-31")
Report = Callable[[House], Any]

REPORTS: dict[str, Report] = {
    "monthly": lambda house: monthly_report(house.connection, POLICY, "2026-10", house.now),
    "source": lambda house: cut_report(house.connection, POLICY, "source", DATES, house.now),
    "territory": lambda house: cut_report(house.connection, POLICY, "territory", DATES, house.now),
    "method": lambda house: method_report(house.connection, POLICY, (), DATES, house.now),
    "trend": lambda house: trend_report(house.connection, POLICY, "2026-10", house.now),
}

VIEWS: dict[str, Report] = {
    "open": lambda house: queries.open_leads(house.connection),
    "open, of one agent": lambda house: queries.open_leads(house.connection, "aina"),
    "waiting": lambda house: queries.waiting_leads(house.connection),
    "cold and untried": lambda house: queries.cold_untried(house.connection),
    "cold and waiting": lambda house: queries.cold_waiting(house.connection, "2026-10-01T00:00:00Z"),
    "unassigned": lambda house: sweeps.unassigned_leads(house.connection),
    "pool": lambda house: queries.pooled_leads(house.connection),
    "requested": lambda house: queries.requested_leads(house.connection),
    "sweep": lambda house: house.sweep(),
}
"""What is asked every minute, and by everyday commands."""


def plans(house: House, report: Report) -> dict[str, list[str]]:
    """Every statement of a report, and how SQLite goes about it."""
    statements: list[str] = []
    house.connection.set_trace_callback(statements.append)
    try:
        report(house)
    finally:
        house.connection.set_trace_callback(None)
    return {sql: _plan(house.connection, sql) for sql in dict.fromkeys(statements)}


def _plan(connection: sqlite3.Connection, sql: str) -> list[str]:
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]


OF_THIS_MOMENT = ("leads_open", "leads_waiting")
"""Indexes that hold only what is open or waits now: walking through them costs no history."""


def walks(found: dict[str, list[str]]) -> dict[str, str]:
    """The statements that walk through a table that grows, and the step that does."""
    return {
        sql: step
        for sql, plan in found.items()
        for step in plan
        if step.startswith("SCAN")
        and any(table in step for table in ("leads", "events", "tallies", "notes"))
        and not any(index in step for index in OF_THIS_MOMENT)
    }


@pytest.mark.parametrize("name", REPORTS)
def test_every_statement_finds_its_leads_and_events_by_an_index(name: str, house: House) -> None:
    found = plans(house, REPORTS[name])
    assert len(found) > 3
    assert walks(found) == {}


def test_so_does_every_statement_where_promises_run_in_hours(by_hours: House) -> None:
    found = plans(by_hours, REPORTS["monthly"])
    assert len(found) > 3
    assert walks(found) == {}


@pytest.mark.parametrize("name", VIEWS)
def test_so_does_every_statement_of_the_everyday_views(name: str, house: House) -> None:
    found = plans(house, VIEWS[name])
    assert found
    assert walks(found) == {}


@pytest.mark.parametrize("table", ["leads", "events", "tallies"])
def test_a_walk_is_seen(table: str, house: House) -> None:
    assert walks(plans(house, lambda house: house.connection.execute(f"SELECT * FROM {table}").fetchall())) != {}


def test_a_file_full_of_other_months_adds_no_statement_and_no_row(house: House) -> None:
    """The report of October asks as often, and reads as many rows, when there are ten times as many leads in May."""
    few, many = _rows_read(house, crowd=0), _rows_read(house, crowd=2000)
    assert many == few


def _rows_read(house: House, crowd: int) -> list[int]:
    """How many rows each statement of the report gives in a copy of the story with a crowd of leads in May."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    house.connection.backup(copy)
    columns = [row[1] for row in copy.execute("PRAGMA table_info(leads)")]
    others = ", ".join(column for column in columns if column not in ("lead", "received_at", "external_id", "digest"))
    copy.execute(
        f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {crowd}) "
        f"INSERT INTO leads (lead, received_at, {others}) SELECT 100000 + i, '2026-05-05T05:00:00Z', {others} "
        f"FROM n, leads WHERE {crowd} > 0 AND lead = (SELECT min(lead) FROM leads WHERE state = 'lost')"
    )
    statements: list[str] = []
    copy.set_trace_callback(statements.append)
    monthly_report(copy, POLICY, "2026-10", house.now)
    copy.set_trace_callback(None)
    return [len(copy.execute(sql).fetchall()) for sql in statements if sql.lstrip().startswith("SELECT")]
