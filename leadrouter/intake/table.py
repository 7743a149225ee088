"""A lead file as a stream of leads and rejected rows, in file order. Puts together what its neighbours know.

Opening reads the header and refuses a file that cannot be used; every later problem is one rejected row. A row
is held only while it is handed on, so memory does not grow with the file. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import BinaryIO, NamedTuple, Self

from leadrouter.domain.lead import Lead
from leadrouter.errors import UnusableFile
from leadrouter.intake.cells import BadValue, one_line
from leadrouter.intake.columns import Column, check_identifying, match_columns
from leadrouter.intake.rows import Lines, read_header, read_rows
from leadrouter.intake.source import Source, as_text, open_source
from leadrouter.intake.values import LeadMaker

REJECTS_COLUMNS = ("line", "reason")
"""What a rejects file has before the original columns: passed over when it is imported again."""

COLUMNS_LIMIT = 2000


class Row(NamedTuple):
    """One usable row. `owner` is what the owner column says, as written."""

    line: int
    lead: Lead
    owner: str | None


class Rejected(NamedTuple):
    """One row that makes no lead, its cells as they stand in the file. `reason` holds no personal data."""

    line: int
    reason: str
    cells: tuple[str, ...]


class LeadFile:
    """An open lead file. Iterate over it once; it closes at the end of that, or as a context manager."""

    def __init__(
        self, name: str, source: Source, *, region: str | None, timezone: str, mapping: Mapping[str, str]
    ) -> None:
        self.name = name
        self._source = source
        self._text = as_text(source)
        lines = Lines(self._text)
        header, separator = read_header(lines)
        self._before = len(REJECTS_COLUMNS) if tuple(header[:2]) == REJECTS_COLUMNS else 0
        self.header = tuple(header[self._before :])
        self.columns = _columns(self.header, mapping)
        self._owner = next((index for index, column in enumerate(self.columns) if column.role == "owner"), None)
        self._maker = LeadMaker(
            [column.key if column.role in ("field", "custom") else None for column in self.columns],
            region=region,
            timezone=timezone,
            stand_ins={column.key: column.stands_in_for for column in self.columns if column.stands_in_for},
        )
        rows = read_rows(lines, separator, len(header))
        first = next(rows, None)
        if first is None:
            raise UnusableFile("there is a header and no row under it", "Nothing to import; export the leads again.")
        self._rows = chain((first,), rows)

    @property
    def owner_column(self) -> str | None:
        """The header of the column that says whose leads these already are."""
        return None if self._owner is None else self.columns[self._owner].header

    @property
    def size(self) -> int | None:
        """Bytes of the file; None where that cannot be known, as for standard input."""
        return self._source.size

    @property
    def bytes_read(self) -> int:
        return self._source.bytes_read

    def __iter__(self) -> Iterator[Row | Rejected]:
        lead_of, owner = self._maker.lead, self._owner
        with self, _naming(self.name):
            for line, cells, fault in self._rows:
                if self._before:
                    del cells[: self._before]
                if fault:
                    yield Rejected(line, fault, tuple(cells))
                    continue
                try:
                    lead = lead_of(cells)
                    held_by = one_line(cells[owner]) or None if owner is not None else None
                except BadValue as error:
                    if any(map(str.strip, cells)):  # a row of empty cells is a blank line
                        yield Rejected(line, error.message, tuple(cells))
                else:
                    yield Row(line, lead, held_by)

    def close(self) -> None:
        self._text.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()


def open_leads(
    source: str,
    *,
    region: str | None,
    timezone: str,
    mapping: Mapping[str, str],
    stdin: BinaryIO | None = None,
) -> LeadFile:
    """The leads of a CSV file, or of standard input for `-`. `mapping` says what a header means: {header: field}."""
    with _naming(source):
        opened = open_source(source, stdin)
        try:
            return LeadFile(source, opened, region=region, timezone=timezone, mapping=mapping)
        except BaseException:
            opened.close()
            raise


def _columns(header: Sequence[str], mapping: Mapping[str, str]) -> tuple[Column, ...]:
    if len(header) > COLUMNS_LIMIT:
        raise UnusableFile(f"the first line has more than {COLUMNS_LIMIT:,} cells", "Is this a file of leads?")
    try:
        columns = match_columns(header, mapping)
    except BadValue as error:
        raise UnusableFile(f"the first line cannot be read: {error.message}", "Is this a file of leads?") from None
    check_identifying(columns)
    return columns


@contextmanager
def _naming(source: str) -> Iterator[None]:
    """Whatever makes the file unusable is said with its name."""
    try:
        yield
    except UnusableFile as error:
        name = "standard input" if source == "-" else source
        raise UnusableFile(f"{name}: {error.message}", error.hint) from None
