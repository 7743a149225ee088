"""The story, told once, and the report of October on its last evening."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from copy import copy
from pathlib import Path
from typing import Any

import pytest

from leadrouter.reports.monthly import monthly_report
from leadrouter.store.database import connect
from leadrouter.usecases.session import Session
from tests.reports.story import POLICY, Story
from tests.usecases.house import House


@pytest.fixture(scope="session")
def house() -> House:
    """The brokerage at the end of October. For looking at."""
    return Story().tell()


@pytest.fixture(scope="session")
def by_hours(house: House) -> House:
    """The same, as if promises had run in the team's hours all the time. For looking at."""
    other = copy(house)
    other.session = Session(sqlite3.connect(":memory:", isolation_level=None), "tester")
    house.connection.backup(other.connection)
    other.connection.execute("UPDATE policies SET policy = json_set(policy, '$.sla.clock', 'team_hours')")
    return other


@pytest.fixture(scope="session")
def database(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in a file."""
    path = tmp_path_factory.mktemp("story") / "story.db"
    with closing(connect(path, create=True)) as file:
        house.connection.backup(file)
    return path


@pytest.fixture(scope="session")
def october(house: House) -> dict[str, Any]:
    return monthly_report(house.connection, POLICY, "2026-10", house.now)
