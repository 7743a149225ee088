"""The dialect cases of csv-spectrum, each with the rows it must give. Third-party data that lies beside the project."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from leadrouter.intake.sheet import open_sheet

DATA = Path(__file__).parents[3] / "shared" / "data" / "csv-spectrum"
FILES = sorted((DATA / "csvs").glob("*.csv"))

pytestmark = pytest.mark.skipif(not FILES, reason="the third-party csv-spectrum is not beside the project")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_dialect_gives_exactly_its_rows(path: Path) -> None:
    content = path.read_bytes()
    if (
        path.stem.endswith("_crlf") and b"\r" not in content
    ):  # a copy that went through a checkout lost what it is about
        content = content.replace(b"\n", b"\r\n")
    with open_sheet("-", io.BytesIO(content)) as sheet:
        found = [dict(zip(sheet.header, cells, strict=True)) for _, cells, fault in sheet if not fault]
    assert found == json.loads((DATA / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
