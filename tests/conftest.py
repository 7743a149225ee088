"""What all tests share: the flags, and one hypothesis profile without chance."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("same every time", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("same every time")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write golden outputs anew; read them before committing")
    parser.addoption("--long", action="store_true", help="kill hundreds of times, write side by side for a minute")


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether the long run was asked for, of the tests that look for rare moments."""
    return bool(request.config.getoption("--long"))
