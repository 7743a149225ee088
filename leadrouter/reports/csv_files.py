"""A page as CSV files, one for each table: every figure in full, under the names that JSON gives it.

A spreadsheet runs what looks like a formula, so a text that begins like one gets an apostrophe in front.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from leadrouter.errors import WrongUsage
from leadrouter.hostile import as_cell, visible
from leadrouter.reports.page import Entry, Page, Table


def write_csv(page: Page, folder: Path, period: Mapping[str, str]) -> list[Path]:
    """Writes every table of a page into a folder, which is made if need be. `period` goes into the first columns.

    Raises WrongUsage where nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(table, folder, period) for section in page.sections for table in section.tables]
    except OSError as error:
        raise WrongUsage(f"{folder}: nothing can be written there: {error.strerror}", "name another folder") from None


def _write(table: Table, folder: Path, period: Mapping[str, str]) -> Path:
    rows = [dict(flat(entry)) for entry in table.entries]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    path = folder / f"{re.sub(r'[^A-Za-z0-9]+', '_', table.key).strip('_')}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*period, *columns])
        writer.writerows([*period.values(), *(harmless(row.get(column)) for column in columns)] for row in rows)
    return path


def flat(entry: Entry, before: str = "") -> Iterator[tuple[str, Any]]:
    """An entry without anything inside anything: `lost_to_capacity`, lists in one cell."""
    for key, value in entry.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{before}{key}_")
        else:
            yield before + key, " ".join(map(str, value)) if isinstance(value, list) else value


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula, and in which nothing hides."""
    return as_cell(visible(value)) if isinstance(value, str) else value
