"""The rejects file: rows that made no lead, with the reason before them, to be mended and imported again.

Holds personal data in the clear, so it is its owner's only. It comes into being when the last row is read: not before
is it known whether a file of that name may give way, or has rows that somebody mended. The reasons come from `table`.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from contextlib import nullcontext, suppress
from io import TextIOWrapper
from itertools import chain, count
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, Any, Protocol, Self

from leadrouter.errors import LeadrouterError, WrongUsage
from leadrouter.hostile import HIDDEN, as_cell
from leadrouter.intake.json_rows import FAULTS
from leadrouter.intake.sheet import REJECTS_COLUMNS
from leadrouter.private import owner_only

_AT_ONCE = 1 << 16
"""Bytes compared at a time."""


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
    """Writes rejected rows to the file `wanted`, or beside it where that holds anything but the first of them: the same
    leads imported again give the same rejects, after an interruption more of them. `path` is where they went in the
    end; `written` counts them.

    `about_to_write` is called before the file comes into being: somebody has to know that people lie there.
    """

    def __init__(self, path: str, leads: Table, about_to_write: Callable[[Path], None] = lambda path: None) -> None:
        self.path = self.wanted = path
        self._about_to_write = about_to_write
        self.written = 0
        self._table = leads
        self._file: TextIOWrapper | None = None
        self._rows: IO[bytes]
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
                self._file = self._begun()
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
                with file:
                    file.flush()
                    self._keep(self._rows)
            except OSError as error:
                raise self._failed(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        with suppress(LeadrouterError) if error is not None else nullcontext():  # what broke it off is told, not this
            self.close()

    def _begun(self) -> TextIOWrapper:
        """A file without a name in the same folder, so that people lie nowhere else."""
        wanted = Path(self.wanted).absolute()
        here = os.access(wanted.parent, os.W_OK) and not _is_stream(wanted)
        self._rows = rows = TemporaryFile(dir=wanted.parent if here else None)  # noqa: SIM115 - closed by `close`
        if self._table.is_json:
            return TextIOWrapper(rows, encoding="utf-8", errors="surrogatepass")
        # The mark at the front makes spreadsheets, and our own reader, take it for UTF-8 whatever bytes follow.
        file = TextIOWrapper(rows, encoding="utf-8-sig", errors="surrogateescape", newline="")
        # Quoted throughout: a header with semicolons in it must not pass for the separator when it is read again.
        self._csv = csv.writer(file, quoting=csv.QUOTE_ALL)
        self._csv.writerow([*REJECTS_COLUMNS, *map(_harmless, self._table.header)])
        return file

    def _keep(self, rows: IO[bytes]) -> None:
        """Puts the rows where nothing else is lost by it."""
        wanted = Path(self.wanted)
        if _is_stream(wanted):
            self._about_to_write(wanted)
            rows.seek(0)
            with wanted.open("ab") as stream:
                copyfileobj(rows, stream)
            return
        others = (wanted.with_stem(f"{wanted.stem}-{number}") for number in count(2))
        target = next(path for path in chain((wanted,), others) if not path.is_file() or _begins(path, rows))
        self.path = self.wanted if target == wanted else str(target)
        self._about_to_write(target)
        rows.seek(0)
        with open(target, "wb", opener=owner_only) as file:
            copyfileobj(rows, file)

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


def _is_stream(path: Path) -> bool:
    """A pipe, a device, or the name of something open such as /dev/stdout: rows are handed on there, and kept by
    whoever reads them.
    """
    return path.exists() and (not path.is_file() or path.absolute().parts[1:2] in (("dev",), ("proc",)))


def _begins(path: Path, rows: IO[bytes]) -> bool:
    """Whether the rows begin with all that is in a file."""
    rows.seek(0)
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            if rows.read(len(part)) != part:
                return False
    return True


def _harmless(cell: str) -> str:
    """Without what reading would take out anyway, so that looking at the file is safe; and no formula."""
    return as_cell(cell.translate(HIDDEN))
