"""The rejects file: rows that made no lead, with the reason before them, to be mended and imported again.

Holds personal data in the clear, so it is its owner's only, and it comes into being with the first rejected row.
Nothing is decided here; the reasons come from `table`.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any, Protocol, Self, TextIO

from leadrouter.errors import LeadrouterError, WrongUsage
from leadrouter.hostile import HIDDEN, as_cell
from leadrouter.intake.json_rows import FAULTS
from leadrouter.intake.sheet import REJECTS_COLUMNS
from leadrouter.private import owner_only


class Table(Protocol):
    """The file that the rows come from."""

    name: str

    @property
    def header(self) -> tuple[str, ...]: ...
    @property
    def is_json(self) -> bool: ...


class Row(Protocol):
    """A rejected row."""

    @property
    def line(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def cells(self) -> tuple[str, ...]: ...


def default_path(source: str, *, is_json: bool) -> str:
    """Where the rejected rows of a file go, in the form the file has."""
    return ("rejects" if source == "-" else f"{source}.rejects") + (".jsonl" if is_json else ".csv")


class RejectsWriter:
    """Writes rejected rows to `path`, replacing what an earlier import left there. `written` counts them.

    `about_to_write` is called before the file comes into being: somebody has to know that people lie there.
    """

    def __init__(self, path: str, leads: Table, about_to_write: Callable[[Path], None] = lambda path: None) -> None:
        self.path = path
        self._about_to_write = about_to_write
        self.written = 0
        self._table = leads
        self._file: TextIO | None = None
        self._csv: Any = None
        target, source = Path(path), Path(leads.name)
        if target.is_dir() or not os.access(target if target.exists() else target.parent, os.W_OK):
            raise WrongUsage(
                f"{path}: rejected rows cannot be written there", "Name a file in a folder of yours (--rejects FILE)."
            )
        if target.exists() and source.exists() and target.samefile(source):
            raise WrongUsage(f"{path}: this is the file being imported", "Give the rejects file another name.")

    def write(self, rejected: Row) -> None:
        try:
            if self._file is None:
                self._about_to_write(Path(self.path))
                self._file = self._create()
            if self._table.is_json:
                self._file.write(self._as_json(rejected))
            else:
                self._csv.writerow([rejected.line, rejected.reason, *map(_harmless, rejected.cells)])
        except OSError as error:
            raise self._failed(error) from None
        self.written += 1

    def close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            try:
                file.close()
            except OSError as error:
                raise self._failed(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        with suppress(LeadrouterError) if error is not None else nullcontext():  # what broke it off is told, not this
            self.close()

    def _create(self) -> TextIO:
        if self._table.is_json:
            return open(self.path, "w", encoding="utf-8", errors="surrogatepass", opener=owner_only)
        # The mark at the front makes spreadsheets, and our own reader, take it for UTF-8 whatever bytes follow.
        file = open(  # noqa: SIM115 - closed by `close`
            self.path, "w", encoding="utf-8-sig", errors="surrogateescape", newline="", opener=owner_only
        )
        # Quoted throughout: a header with semicolons in it must not pass for the separator when it is read again.
        self._csv = csv.writer(file, quoting=csv.QUOTE_ALL)
        self._csv.writerow([*REJECTS_COLUMNS, *map(_harmless, self._table.header)])
        return file

    def _as_json(self, rejected: Row) -> str:
        """The object with line and reason before it; what was none stands under `text`."""
        names = ("text",) if rejected.reason in FAULTS else self._table.header
        values = {name: cell for name, cell in zip(names, rejected.cells, strict=False) if cell}
        whole = dict(zip(REJECTS_COLUMNS, (rejected.line, rejected.reason), strict=True)) | values
        return json.dumps(whole, ensure_ascii=False) + "\n"

    def _failed(self, error: OSError) -> LeadrouterError:
        return LeadrouterError(
            f"{self.path}: a rejected row cannot be written: {error.strerror}",
            "Make room or name another file, and import again.",
        )


def _harmless(cell: str) -> str:
    """Without what reading would take out anyway, so that looking at the file is safe; and no formula."""
    return as_cell(cell.translate(HIDDEN))
