"""What a report looks like, said once: sentences, tables, and marks that are drawn where they say more than digits.

A page is plain data. `on_screen` shows it in a terminal, `html` as a page for a browser, `csv_files` as files; each of
them shows every section there is, so a section is written once. No figure is reckoned here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

Entry = Mapping[str, Any]
"""One line of a table as the report's data have it."""


class Bar(NamedTuple):
    """A length, as a share of the longest one; `tick` is a place to compare it with. `words` say what is drawn."""

    length: float
    tick: float | None
    words: str


class Interval(NamedTuple):
    """A point with its uncertainty, on a scale from 0 to 1; `tick` is what it is compared with."""

    low: float
    middle: float
    high: float
    tick: float | None
    words: str


class Spark(NamedTuple):
    """A small line over time; None where there is nothing to show."""

    values: tuple[float | None, ...]
    words: str


Mark = Bar | Interval | Spark


class Cell(NamedTuple):
    """One cell as people read it: its text, whether it should alarm them, or a mark instead of text."""

    text: str = ""
    alarm: bool = False
    mark: Mark | None = None


NOTHING = Cell()


class Column(NamedTuple):
    """A column: its title, how an entry is shown in it, and whether it is lined up on the right."""

    title: str
    show: Callable[[Entry], Cell]
    right: bool = False


class Table(NamedTuple):
    """A table: `key` names it in a file, `entries` are its data in full, `columns` what people see of them."""

    key: str
    title: str
    entries: Sequence[Entry]
    columns: Sequence[Column]
    note: str = ""

    def filled(self) -> list[Column]:
        """The columns in which something stands."""
        return [column for column in self.columns if any(column.show(entry) != NOTHING for entry in self.entries)]


class Section(NamedTuple):
    """A part of a page: a title, sentences, tables. One without entries is left out by `part`."""

    title: str
    sentences: Sequence[str]
    tables: Sequence[Table]


class Page(NamedTuple):
    """A whole report: whose and of when, the verdict in sentences, what should alarm, then the sections."""

    title: str
    verdict: Sequence[str]
    alarms: Sequence[str]
    sections: Sequence[Section]
    footer: str = ""


def section(title: str, *tables: Table, sentences: Sequence[str] = ()) -> list[Section]:
    """A section of the tables that hold something; none at all if nothing is left."""
    full = [table for table in tables if table.entries]
    return [Section(title, sentences, full)] if full or sentences else []
