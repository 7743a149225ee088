"""What all tests share: the flag that rewrites golden outputs, and one hypothesis profile without chance."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("same every time", derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("same every time")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write golden outputs anew; read them before committing")
