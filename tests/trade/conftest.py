from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trade.office import Office, an_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An empty office at noon on a Monday, proven clean at the end of every test."""
    with an_office(tmp_path) as opened:
        yield opened
        if opened.connection.execute("SELECT 1 FROM policies").fetchone():
            assert opened.verify().problems == []
