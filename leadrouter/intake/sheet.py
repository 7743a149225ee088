"""An open file as a table: one header, and rows of cells, whether it holds CSV or JSON lines.

What the columns mean is not known here. A rejects file is the same table with two columns before it, which are
passed over. Files are read while they are iterated, so memory does not grow with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import BinaryIO, Self

from leadrouter.errors import UnusableFile
from leadrouter.intake.json_rows import JsonRows
from leadrouter.intake.rows import Cells, Lines, first_line, read_header, read_rows
from leadrouter.intake.source import Source, as_text, open_source

REJECTS_COLUMNS = ("line", "reason")
"""What a rejects file has before the original columns: passed over when it is imported again."""

COLUMNS_LIMIT = 2000

PEEKED = 1000
"""Rows looked at for dates before the first is handed on."""

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


class Sheet:
    """The table in a source. Iterate over it once. Raises UnusableFile for what is no table."""

    def __init__(self, name: str, source: Source) -> None:
        self.name = name
        self._source = source
        self._text = as_text(source)
        lines = Lines(self._text)
        start = first_line(lines).lstrip()
        lines.put_back(kept=0)
        lines.start_row()
        self.is_json = start.startswith("{")
        if start.startswith("[{") or start.strip() == "[":
            raise UnusableFile("this is one JSON array", "One object a line: jq -c '.[]' FILE | leadrouter import -")
        self._json: JsonRows | None = None
        if self.is_json:
            self._json = JsonRows(lines)
            names, how, rows = self._json.header, "JSON lines", iter(self._json)
        else:
            names, separator = read_header(lines)
            how, rows = f"{SEPARATORS.get(separator, separator)}-separated", read_rows(lines, separator, len(names))
        self._before = len(REJECTS_COLUMNS) if tuple(names[:2]) == REJECTS_COLUMNS else 0
        if len(names) > COLUMNS_LIMIT:
            raise UnusableFile(f"the first line has more than {COLUMNS_LIMIT:,} cells", "Is this a file of leads?")
        self.form = f"{self._text.encoding.upper()}, {how}"
        self._names = tuple(names[self._before :])
        first = next(rows, None)
        if first is None:
            raise UnusableFile("there is a header and no row under it", "Nothing to import; export the leads again.")
        self._rows = chain((first,), rows)

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns; of JSON lines, those met so far."""
        return self._names if self._json is None else tuple(self._json.header[self._before :])

    @property
    def size(self) -> int | None:
        """Bytes of the file; None where that cannot be known, as for standard input."""
        return self._source.size

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def __iter__(self) -> Iterator[Cells]:
        if not self._before:
            return self._rows
        return (Cells(line, cells[self._before :], fault) for line, cells, fault in self._rows)

    def close(self) -> None:
        self._text.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()


class SheetReader:
    """An open sheet with somebody's reading of it on top: what a file of leads and one of outcomes have in common.

    Iterate over it once; it closes at the end of that, or as a context manager.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.name = sheet.name
        self._sheet = sheet
        self._rows: Iterator[Cells] = iter(sheet)

    @property
    def header(self) -> tuple[str, ...]:
        return self._sheet.header

    @property
    def is_json(self) -> bool:
        return self._sheet.is_json

    @property
    def size(self) -> int | None:
        """Bytes of the file; None where that cannot be known, as for standard input."""
        return self._sheet.size

    @property
    def bytes_read(self) -> int:
        return self._sheet.bytes_read

    def peek(self) -> list[Cells]:
        """The first rows, which are handed on all the same."""
        peeked = list(islice(self._rows, PEEKED))
        self._rows = chain(peeked, self._rows)
        return peeked

    def close(self) -> None:
        self._sheet.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()


def open_sheet(name: str, stdin: BinaryIO | None = None) -> Sheet:
    """The table in a file, or in standard input for `-`. Raises UnusableFile."""
    source = open_source(name, stdin)
    try:
        return Sheet(name, source)
    except BaseException:
        source.close()
        raise


@contextmanager
def naming(source: str) -> Iterator[None]:
    """Whatever makes the file unusable is said with its name."""
    try:
        yield
    except UnusableFile as error:
        name = "standard input" if source == "-" else source
        raise UnusableFile(f"{name}: {error.message}", error.hint) from None


@contextmanager
def reading(source: str, stdin: BinaryIO | None) -> Iterator[Sheet]:
    """An open sheet for a reader to take over; closed again where the reader cannot use it, and that said by name."""
    with naming(source):
        sheet = open_sheet(source, stdin)
        try:
            yield sheet
        except BaseException:
            sheet.close()
            raise
