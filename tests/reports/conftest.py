"""The story, told once, and the report of October on its last evening."""

from __future__ import annotations

from typing import Any

import pytest

from leadrouter.reports.monthly import monthly_report
from tests.reports.story import POLICY, Story
from tests.usecases.house import House


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The brokerage at the end of October. For looking at."""
    return Story(tmp_path_factory.mktemp("story") / "story.db").tell()


@pytest.fixture(scope="session")
def october(house: House) -> dict[str, Any]:
    return monthly_report(house.connection, POLICY, "2026-10", house.now)
