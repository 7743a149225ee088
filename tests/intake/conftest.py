"""Lead files out of a few lines of text. All persons are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from leadrouter.intake.table import LeadFile, Rejected, Row, open_leads

Opener = Callable[..., LeadFile]


@pytest.fixture
def open_text(tmp_path: Path) -> Iterator[Opener]:
    """`open_text("email,name\\n...")` -> the open lead file; text or bytes."""
    opened: list[LeadFile] = []

    def open_it(
        content: str | bytes,
        mapping: Mapping[str, str] | None = None,
        region: str | None = "MY",
        timezone: str = "Asia/Kuala_Lumpur",
        **more: Any,
    ) -> LeadFile:
        path = tmp_path / "leads.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        leads = open_leads(str(path), region=region, timezone=timezone, mapping=mapping or {}, **more)
        opened.append(leads)
        return leads

    yield open_it
    for leads in opened:
        leads.close()


def rows_of(leads: LeadFile) -> list[Row]:
    """All rows of a file in which none is rejected."""
    rows = []
    for row in leads:
        assert isinstance(row, Row), row
        rows.append(row)
    return rows


def rejected_of(leads: LeadFile) -> list[Rejected]:
    return [row for row in leads if isinstance(row, Rejected)]
