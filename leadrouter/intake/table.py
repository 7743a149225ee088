"""A lead file as a stream of leads and rejected rows, in file order. Puts together what its neighbours know.

Opening reads the header and refuses a file that cannot be used; every later problem is one rejected row. A row
is held only while it is handed on, so memory does not grow with the file. Nothing is written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple

from leadrouter.domain.history import PastLead
from leadrouter.domain.lead import Lead
from leadrouter.domain.preset import Preset
from leadrouter.errors import UnusableFile
from leadrouter.intake.cells import BadValue
from leadrouter.intake.columns import Column, check_identifying
from leadrouter.intake.orders import settle_order
from leadrouter.intake.presets import choose
from leadrouter.intake.reading import MOMENTS, RowReader, UnknownStatus
from leadrouter.intake.sheet import COLUMNS_LIMIT, REJECTS_COLUMNS, Sheet, SheetReader, naming, reading

__all__ = ["COLUMNS_LIMIT", "REJECTS_COLUMNS", "FormTest", "LeadFile", "PastRow", "Rejected", "Row", "open_leads"]


class Row(NamedTuple):
    """One usable row. `owner` is what the owner column says, as written; `ended` how the lead ended, if a status says
    so. Such a row may yet be rejected, so it has its cells.
    """

    line: int
    lead: Lead
    owner: str | None
    ended: str | None = None
    cells: tuple[str, ...] = ()


class PastRow(NamedTuple):
    """One usable row of past leads, with its cells: it may yet be rejected for an owner whom nobody knows."""

    line: int
    past: PastLead
    cells: tuple[str, ...]


class FormTest(NamedTuple):
    """Somebody's test of a form, which makes no lead."""

    line: int


class Rejected(NamedTuple):
    """One row that makes no lead, its cells as they stand in the file. `reason` holds no personal data."""

    line: int
    reason: str
    cells: tuple[str, ...]


class LeadFile(SheetReader):
    """An open lead file. Iterate over it once; it closes at the end of that, or as a context manager."""

    def __init__(
        self,
        sheet: Sheet,
        *,
        region: str | None,
        timezone: str,
        mapping: Mapping[str, str],
        preset: str | None = None,
        own: Sequence[Preset] = (),
        dates: str | None = None,
        now: datetime | None = None,
        history: bool = False,
    ) -> None:
        super().__init__(sheet)
        self.history = history
        self.unknown_statuses: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self._now = now
        self.preset = choose(self.header, preset, own)
        self._mapping, self._region, self._timezone = mapping, region, timezone
        self.dates = dates
        self._reader = self._reader_of(sheet.header)
        check_identifying(self._reader.columns)
        if dates is None and (dated := [self.header[index] for index in self._dated()]):
            self.dates = settle_order(sheet, dated, self.peek(), self.preset.dates if self.preset else None)
            self._reader = self._reader_of(sheet.header)

    @property
    def columns(self) -> tuple[Column, ...]:
        """What each column is."""
        return self._reader.columns

    @property
    def owner_column(self) -> str | None:
        """The header of the column that says whose leads these already are."""
        return None if self._reader.owner is None else self.columns[self._reader.owner].header

    @property
    def ids_of(self) -> str:
        """What an id of this file numbers: an enquiry, unless its preset says a person."""
        return self.preset.ids if self.preset else "enquiry"

    @property
    def form(self) -> str:
        """How the file is written: encoding and separator."""
        return self._sheet.form

    def __iter__(self) -> Iterator[Row | PastRow | FormTest | Rejected]:
        with self, naming(self.name):
            reader, width = self._reader, len(self.columns)
            lead_of, owner_of, past, history = reader.lead, reader.owner_of, reader.past, self.history
            for line, cells, fault in self._rows:
                if fault:
                    yield Rejected(line, fault, tuple(cells))
                    continue
                if len(cells) > width:  # JSON lines may bring further keys
                    reader = self._reader = self._reader_of(self.header)
                    width, lead_of, owner_of, past = len(cells), reader.lead, reader.owner_of, reader.past
                if reader.tests and reader.is_test(cells):
                    yield FormTest(line)
                    continue
                texts = reader.edited(cells) if reader.edits else cells
                try:
                    lead, owner = lead_of(texts), owner_of(texts)
                    if history:
                        yield PastRow(line, past.read(lead, owner, texts), tuple(cells))
                    elif past.states and (ended := past.ended(texts)):
                        yield Row(line, lead, owner, ended, tuple(cells))
                    else:
                        yield Row(line, lead, owner)
                except UnknownStatus as error:
                    self.unknown_statuses[error.word] += 1
                    yield Rejected(line, error.message, tuple(cells))
                except BadValue as error:
                    if any(map(str.strip, cells)):  # a row of empty cells is a blank line
                        yield Rejected(line, error.message, tuple(cells))

    def _reader_of(self, header: Sequence[str]) -> RowReader:
        if len(header) > COLUMNS_LIMIT:
            raise UnusableFile(f"its lines have more than {COLUMNS_LIMIT:,} keys", "Is this a file of leads?")
        try:
            return RowReader(
                header, self._mapping, self.preset, region=self._region, timezone=self._timezone, dates=self.dates,
                now=self._now, unread=self.unread, history=self.history,
            )  # fmt: skip
        except BadValue as error:
            raise UnusableFile(f"the first line cannot be read: {error.message}", "Is this a file of leads?") from None

    def _dated(self) -> list[int]:
        """The columns of dates."""
        return [index for index, column in enumerate(self.columns) if column.key in ("received_at", *MOMENTS)]


def open_leads(
    source: str,
    *,
    region: str | None,
    timezone: str,
    mapping: Mapping[str, str],
    stdin: BinaryIO | None = None,
    preset: str | None = None,
    own: Sequence[Preset] = (),
    dates: str | None = None,
    now: datetime | None = None,
    history: bool = False,
) -> LeadFile:
    """The leads of a file, or of standard input for `-`.

    `mapping` says what a header means: {header: field}; `preset` names one, `own` are the broker's; `dates` is the
    order of day, month and year; `now` is when it is read; with `history` the rows are past leads.
    """
    with reading(source, stdin) as sheet:
        return LeadFile(
            sheet, region=region, timezone=timezone, mapping=mapping, preset=preset, own=own, dates=dates, now=now,
            history=history,
        )  # fmt: skip
