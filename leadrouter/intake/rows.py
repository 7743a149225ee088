"""Text -> rows of cells, each with the line it starts on. CSV as it is found, mended where a quote runs away.

Knows separators, quotes and line ends; has no idea what a column means. A row's cells are what stands in the
file, untrimmed.

A quote that is never closed swallows the rows behind it, up to the next quote or the end of the file. Reading
leniently, such a row comes back looking whole, with other people inside its message. So csv reads strictly, and
when it complains, or when one row passes ROW_LIMIT, only the line on which the row began is reported as faulty;
the lines behind it are read again as rows of their own. Among those, a line with another number of cells than
the header may be the rest of the torn row rather than a lead, and is reported too. Nothing is lost (every line
is a row or a report) and nothing is invented.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from leadrouter.errors import UnusableFile

ROW_LIMIT = 1024 * 1024
"""Characters of one row, quoted line ends included."""

ENDLESS = 64 * ROW_LIMIT
"""Characters of one line after which nobody waits for its end."""

_REREAD_LIMIT = 32 * ROW_LIMIT
"""Characters read a second time before the file is given up: keeps the time linear whatever the file holds."""

SEPARATORS = ",;\t|"

csv.field_size_limit(max(csv.field_size_limit(), 4 * ROW_LIMIT))  # ROW_LIMIT strikes first, with a better message

_OPEN_QUOTE = "a quotation mark opens a cell here and is not closed, or one inside the cell is not doubled"
_TORN = "this line may belong to the row before it, in which a quotation mark is not closed"
_TOO_LONG = "more cells than the header has columns"
_ROW_TOO_LONG = "the row is longer than 1 MiB; only its beginning is kept here"
_CUT_OFF = "the file ends in the middle of this row"

_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
"""What some spreadsheets write before the header, to tell the separator."""


class Cells(NamedTuple):
    """One row as it stands in the file. `fault` says why it cannot be used."""

    line: int
    cells: list[str]
    fault: str | None = None


class RowTooLong(Exception):
    """One row went past ROW_LIMIT."""


class Lines:
    """The physical lines of a text; those of the row being read are kept until the next one, to read them again."""

    def __init__(self, text: TextIO) -> None:
        self.number = 0
        self.row: list[str] = []
        self._text = text
        self._again: deque[str] = deque()
        self._size = 0
        self._reread = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._next_line()
        if not line:
            raise StopIteration
        self.number += 1
        self.row.append(line)
        self._size += len(line)
        if self._size > ROW_LIMIT:
            raise RowTooLong
        return line

    def start_row(self) -> None:
        self.row.clear()
        self._size = 0

    def put_back(self, kept: int) -> None:
        """Hand out again all lines of the row but the first `kept`."""
        lines = self.row[kept:]
        self._again.extendleft(reversed(lines))
        self.number -= len(lines)
        self._reread += sum(map(len, lines))
        if self._reread > _REREAD_LIMIT:
            raise UnusableFile(
                f"line {self.number}: too many cells open with a quotation mark and do not close",
                "Export it again with quotation marks doubled inside cells, as CSV asks.",
            )

    def _next_line(self) -> str:
        try:
            line = self._text.readline(ROW_LIMIT)
        except OSError as error:
            raise UnusableFile(f"line {self.number + 1}: cannot be read further ({error.strerror})") from None
        if len(line) == ROW_LIMIT and line[-1] not in "\r\n":
            self._skip_line()
            line += "\n"  # one character more than a row may have
        return line

    def _skip_line(self) -> None:
        """Passes over the rest of a line that is too long to keep."""
        passed = ROW_LIMIT
        while (rest := self._text.readline(ROW_LIMIT)) and rest[-1] not in "\r\n":
            passed += len(rest)
            if passed > ENDLESS:
                raise UnusableFile(f"line {self.number + 1} has no end within 64 MiB", "Is this a file of leads?")


def read_header(lines: Lines) -> tuple[list[str], str]:
    """The names of the columns, and the separator that follows from them."""
    first = first_line(lines)
    said = _SEPARATOR_LINE.fullmatch(first.strip())
    if said:
        lines.start_row()
        first = first_line(lines)
    separator = said[1] if said else separator_of(first)
    lines.put_back(kept=0)
    lines.start_row()
    try:
        header = next(csv.reader(lines, delimiter=separator, strict=True))
    except (csv.Error, StopIteration, RowTooLong):
        raise UnusableFile(
            "the quotation marks of the first line do not match", "Put the names of the columns there."
        ) from None
    if any(mark < " " and mark not in "\t\r\n" for name in header for mark in name):
        raise UnusableFile("this is not a text file", "Open it and save it as CSV (UTF-8).")
    return header, separator


def first_line(lines: Lines) -> str:
    """The first line with something on it, which can be put back."""
    try:
        for line in lines:
            if line.strip():
                return line
            lines.start_row()
    except RowTooLong:
        raise UnusableFile("the first line is longer than 1 MiB", "Is this a file of leads?") from None
    raise UnusableFile("the file is empty", "Export the leads again.")


def separator_of(header: str) -> str:
    """The separator that stands most often outside quotes; a comma when there is none."""
    bare = re.sub(r'"[^"]*("|$)', "", header)
    return max(SEPARATORS, key=bare.count)


def read_rows(lines: Lines, separator: str, width: int) -> Iterator[Cells]:
    """Every row that is not blank. A row without a fault has exactly `width` cells, short ones filled up.

    A short last row without a line end, in a file whose other rows are whole, was cut off with the file.
    """
    reader = csv.reader(lines, delimiter=separator, strict=True)
    torn_until, ragged = 0, False
    while True:
        lines.start_row()
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, RowTooLong) as error:
            first, alone = lines.row[0], len(lines.row) == 1
            torn_until = max(torn_until, lines.number)
            lines.put_back(kept=1)
            fault = _ROW_TOO_LONG if alone and isinstance(error, RowTooLong) else _OPEN_QUOTE
            yield Cells(start, first.rstrip("\r\n").split(separator), fault)
            continue
        if len(cells) == width:
            yield Cells(start, cells)
        elif not any(cells):
            continue
        elif start <= torn_until:
            yield Cells(start, cells, _TORN)
        elif len(cells) < width:
            cut_off = not ragged and lines.row[-1][-1] not in "\r\n"
            ragged = True
            yield Cells(start, cells if cut_off else cells + [""] * (width - len(cells)), _CUT_OFF if cut_off else None)
        elif any(map(str.strip, cells[width:])):
            yield Cells(start, cells, _TOO_LONG)
        else:
            yield Cells(start, cells[:width])
